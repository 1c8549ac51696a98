// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How a sweep is done: the kernel's fault injection, told by files which
 * allocation is to fail, and an operation that is repeated until none does.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sweep.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"

#define TRIES_MAX	5000	/* no operation allocates so often */

struct wq swept;

/* ---- files ----------------------------------------------------------------- */

int put(int fd, const char *text)
{
	return pwrite(fd, text, strlen(text), 0) < 0 ? -errno : 0;
}

int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

void put_file(const char *path, const char *text)
{
	int fd = open_or_die(path, O_WRONLY);

	/* Not put(): debugfs knows no positions. */
	if (write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

long get_file(const char *path)
{
	int fd = open_or_die(path, O_RDONLY);
	char text[32] = "";

	if (read(fd, text, sizeof(text) - 1) < 0)
		err(1, "%s", path);
	close(fd);
	return strtol(text, NULL, 10);
}

/* ---- injection ------------------------------------------------------------- */

static struct { unsigned long start, end; } text[NR_SCOPES] = {
	[EVERYWHERE] = { 0, ULONG_MAX },
};
static int fail_nth = -1;

static void find_text(void)
{
	static const char * const modules[NR_SCOPES] = {
		[HELPER] = "[vfio_pci_ims]\n", [EDU] = "[ims_edu]\n",
	};
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long address;
	char line[512], type;
	int i, at;

	if (!file)
		err(1, "kallsyms");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%lx %c %*s %n", &address, &type, &at) < 2 ||
		    (type != 't' && type != 'T'))
			continue;
		for (i = HELPER; i < NR_SCOPES; i++) {
			if (strcmp(line + at, modules[i]))
				continue;
			if (!text[i].start || address < text[i].start)
				text[i].start = address;
			/* Where the last function ends is not told. */
			if (address + 4096 > text[i].end)
				text[i].end = address + 4096;
		}
	}
	fclose(file);
	if (!text[HELPER].start || !text[EDU].start)
		errx(1, "the modules are not loaded");
}

static void set_scope(enum scope scope)
{
	char number[32];

	snprintf(number, sizeof(number), "%#lx", text[scope].start);
	put_file(FAILSLAB "require-start", number);
	snprintf(number, sizeof(number), "%#lx", text[scope].end);
	put_file(FAILSLAB "require-end", number);
}

int sweep_setup(void **state)
{
	(void)state;
	find_text();
	put_file(FAILSLAB "stacktrace-depth", "32");
	fail_nth = open_or_die("/proc/thread-self/fail-nth", O_RDWR);
	return 0;
}

/* From now on this thread's @n-th allocation fails. */
static void arm(unsigned int n)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", n);
	if (put(fail_nth, number))
		err(1, "fail-nth");
}

/* Did one fail? */
static bool disarm(void)
{
	char left[16] = "";

	if (pread(fail_nth, left, sizeof(left) - 1, 0) < 0 || put(fail_nth, "0"))
		err(1, "fail-nth");
	return !atoi(left);
}

/* ---- the sweep ------------------------------------------------------------- */

void sweep(const struct op *op)
{
	struct wq *wq = &swept;
	unsigned int n, refused = 0, absorbed = 0;
	struct picture before;
	bool hit;
	int ret;

	set_scope(op->scope);
	for (n = 1; n < TRIES_MAX; n++) {
		if (op->prepare)
			op->prepare(wq);
		if (!op->closed)
			take_picture(wq, &before);

		arm(n);
		ret = op->call(wq);
		hit = disarm();

		if (!ret) {
			op->worked(wq, &before);
			absorbed += hit;
		} else {
			if (!hit || op->cannot_fail ||
			    (ret != -ENOMEM && ret != -ENOBUFS &&
			     ret != -ENOSPC))
				fail_msg("%s: allocation %u%s: %s", op->name, n,
					 hit ? "" : " (not reached)",
					 strerror(-ret));
			if (op->refused)
				op->refused(wq, &before);
			else
				assert_as_before(wq, &before);
			refused++;
		}
		if (!hit)
			break;
	}
	assert_in_range(n, 1, TRIES_MAX - 1);
	printf("# %s: %u allocations failed: %u times refused, %u absorbed\n",
	       op->name, n - 1, refused, absorbed);
	fflush(stdout);
}

int sweep_teardown(void **state)
{
	(void)state;
	if (disarm() || true)
		set_scope(EVERYWHERE);
	if (swept.ctx)
		wq_close(&swept);
	return 0;
}
