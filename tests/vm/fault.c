// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "files.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"

static _Thread_local int fail_nth = -1;

/*
 * Call @look with each function that the kernel and its modules have; @name ends
 * with a module's name in brackets, if it is a module's.
 */
static void each_function(void (*look)(unsigned long address, const char *name,
				       void *arg), void *arg)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long address;
	char line[512], type;
	int at;

	if (!file)
		err(1, "kallsyms");
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%lx %c %n", &address, &type, &at) == 2 &&
		    (type == 't' || type == 'T'))
			look(address, line + at, arg);
	}
	fclose(file);
}

struct modules {
	const char *const *names;
	struct fault_text *texts;
	size_t count;
};

static void look_for_modules(unsigned long address, const char *name, void *arg)
{
	const struct modules *modules = arg;
	const char *module = strchr(name, '[');
	struct fault_text *text;
	size_t i;

	for (i = 0; module && i < modules->count; i++) {
		if (strcmp(module, modules->names[i]))
			continue;
		text = &modules->texts[i];
		if (!text->start || address < text->start)
			text->start = address;
		/* Where the last function ends is not told. */
		if (address + 4096 > text->end)
			text->end = address + 4096;
	}
}

void fault_modules(const char *const names[], struct fault_text texts[], size_t count)
{
	struct modules modules = { names, texts, count };

	memset(texts, 0, count * sizeof(*texts));
	each_function(look_for_modules, &modules);
}

struct function {
	const char *name;
	struct fault_text text;
};

static void look_for_start(unsigned long address, const char *name, void *arg)
{
	struct function *function = arg;
	size_t len = strcspn(name, "\t ");

	if (len == strlen(function->name) &&
	    !strncmp(name, function->name, len))
		function->text.start = address;
}

static void look_for_end(unsigned long address, const char *name, void *arg)
{
	struct fault_text *text = &((struct function *)arg)->text;

	(void)name;
	if (address > text->start && (!text->end || address < text->end))
		text->end = address;
}

struct fault_text fault_function(const char *name)
{
	struct function function = { .name = name };

	each_function(look_for_start, &function);
	if (!function.text.start)
		errx(1, "the kernel has no function %s", name);
	each_function(look_for_end, &function);
	return function.text;
}

static void put_range(const char *what, struct fault_text range)
{
	char path[64], number[32];

	snprintf(path, sizeof(path), FAILSLAB "%s-start", what);
	snprintf(number, sizeof(number), "%#lx", range.start);
	put_file(path, number);
	snprintf(path, sizeof(path), FAILSLAB "%s-end", what);
	snprintf(number, sizeof(number), "%#lx", range.end);
	put_file(path, number);
}

void fault_scope(struct fault_text require, struct fault_text reject)
{
	put_file(FAILSLAB "stacktrace-depth", "32");
	put_range("require", require);
	put_range("reject", reject);
}

void fault_open(void)
{
	fail_nth = open_or_die("/proc/thread-self/fail-nth", O_RDWR);
}

void fault_arm(unsigned int n)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", n);
	if (put(fail_nth, number))
		err(1, "fail-nth");
}

bool fault_disarm(void)
{
	char left[16] = "";

	if (pread(fail_nth, left, sizeof(left) - 1, 0) < 0 || put(fail_nth, "0"))
		err(1, "fail-nth");
	return !atoi(left);
}
