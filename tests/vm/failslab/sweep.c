// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How a sweep is done: the kernel's fault injection, told by files which
 * allocation is to fail, and an operation that is repeated until none does.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sweep.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"

#define SLABS		"/sys/kernel/slab/"

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

struct text { unsigned long start, end; };

static struct text scopes[NR_SCOPES] = {
	[EVERYWHERE] = { 0, ULONG_MAX },
};
static int fail_nth = -1;

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

static void look_for_scopes(unsigned long address, const char *name, void *arg)
{
	static const char * const modules[NR_SCOPES] = {
		[HELPER] = "[vfio_pci_ims]", [VFUNC] = "[ims_vfunc]",
		[EDU] = "[ims_edu]", [SIOV] = "[ims_siov]",
	};
	const char *module = strchr(name, '[');
	int i;

	(void)arg;
	for (i = HELPER; i < NR_SCOPES; i++) {
		if (!module || strcmp(module, modules[i]))
			continue;
		if (!scopes[i].start || address < scopes[i].start)
			scopes[i].start = address;
		/* Where the last function ends is not told. */
		if (address + 4096 > scopes[i].end)
			scopes[i].end = address + 4096;
	}
}

struct function {
	const char *name;
	struct text text;
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
	struct text *text = &((struct function *)arg)->text;

	(void)name;
	if (address > text->start && (!text->end || address < text->end))
		text->end = address;
}

static struct text find_function(const char *name)
{
	struct function function = { .name = name };

	each_function(look_for_start, &function);
	if (!function.text.start)
		errx(1, "the kernel has no function %s", name);
	each_function(look_for_end, &function);
	return function.text;
}

static void put_range(const char *what, struct text range)
{
	char path[64], number[32];

	snprintf(path, sizeof(path), FAILSLAB "%s-start", what);
	snprintf(number, sizeof(number), "%#lx", range.start);
	put_file(path, number);
	snprintf(path, sizeof(path), FAILSLAB "%s-end", what);
	snprintf(number, sizeof(number), "%#lx", range.end);
	put_file(path, number);
}

/* Which allocations count: those below @scope, but for those below @spare. */
static void set_scope(enum scope scope, const char *spare)
{
	struct text none = { 0, 0 };

	put_range("require", scopes[scope]);
	put_range("reject", spare ? find_function(spare) : none);
}

/*
 * Files in sysfs and ids of the interrupt core are in trees that need another
 * node once in a while. An allocation more at one try, and the next try passes
 * over another one: therefore the trees' nodes fail on their own, afterwards.
 */
#define NODES		"radix_tree_node"

/* Caches that failslab.sh lets fail, NODES among them. */
static char **caches;
static unsigned int nr_caches;

static void set_cache(const char *name, bool fails)
{
	char path[512];

	snprintf(path, sizeof(path), SLABS "%s/failslab", name);
	put_file(path, fails ? "1" : "0");
}

static void look_for_caches(void)
{
	char path[512];
	struct dirent *entry;
	DIR *dir = opendir(SLABS);

	if (!dir)
		err(1, SLABS);
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), SLABS "%s/failslab", entry->d_name);
		if (entry->d_name[0] == '.' || !get_file(path))
			continue;
		caches = realloc(caches, (nr_caches + 1) * sizeof(*caches));
		if (!caches || !(caches[nr_caches++] = strdup(entry->d_name)))
			errx(1, "no memory");
	}
	closedir(dir);
	if (!get_file(SLABS NODES "/failslab"))
		errx(1, NODES " does not fail");
}

static void set_caches(bool nodes)
{
	unsigned int i;

	for (i = 0; i < nr_caches; i++)
		set_cache(caches[i], !strcmp(caches[i], NODES) == nodes);
}

int sweep_setup(void **state)
{
	int i;

	(void)state;
	look_for_caches();
	each_function(look_for_scopes, NULL);
	for (i = HELPER; i < NR_SCOPES; i++)
		if (!scopes[i].start)
			errx(1, "the modules are not loaded");
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

static bool says_no_memory(const struct op *op, int ret)
{
	return ret == -ENOMEM || ret == -ENOBUFS || ret == -ENOSPC ||
	       ret == op->also[0] || ret == op->also[1];
}

static void sweep_caches(const struct op *op, bool nodes)
{
	struct wq *wq = &swept;
	unsigned int n, refused = 0, absorbed = 0;
	struct picture before;
	bool hit;
	int ret;

	set_caches(nodes);
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
			if (!hit || op->cannot_fail || !says_no_memory(op, ret))
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
	if (n > 1 || !nodes)
		printf("# %s: %u %s failed: %u times refused, %u absorbed\n",
		       op->name, n - 1, nodes ? "nodes" : "allocations",
		       refused, absorbed);
	fflush(stdout);
	/* Then nothing was failed, by a fault of the sweep's own. */
	assert_true(nodes || refused || op->cannot_fail);
}

void sweep(const struct op *op)
{
	set_scope(op->scope, op->spare);
	sweep_caches(op, false);
	sweep_caches(op, true);
}

int sweep_teardown(void **state)
{
	(void)state;
	if (disarm() || true)
		set_scope(EVERYWHERE, NULL);
	if (swept.ctx)
		wq_close(&swept);
	return 0;
}
