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

#include "../fault.h"
#include "sweep.h"

#define SLABS		"/sys/kernel/slab/"

#define TRIES_MAX	5000	/* no operation allocates so often */

struct wq swept;

/* ---- injection ------------------------------------------------------------- */

static struct fault_text scopes[NR_SCOPES];

/* Which allocations count: those below @scope, but for those below @spare. */
static void set_scope(enum scope scope, const char *spare)
{
	static const struct fault_text none, everywhere = { 0, ULONG_MAX };

	fault_scope(scope == EVERYWHERE ? everywhere : scopes[scope],
		    spare ? fault_function(spare) : none);
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
	static const char *const modules[NR_SCOPES] = {
		[EVERYWHERE] = "", [HELPER] = "[vfio_pci_ims]",
		[VFUNC] = "[ims_vfunc]", [EDU] = "[ims_edu]",
		[SIOV] = "[ims_siov]",
	};
	int i;

	(void)state;
	look_for_caches();
	fault_modules(modules, scopes, NR_SCOPES);
	for (i = HELPER; i < NR_SCOPES; i++)
		if (!scopes[i].start)
			errx(1, "the modules are not loaded");
	fault_open();
	return 0;
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

		fault_arm(n);
		ret = op->call(wq);
		hit = fault_disarm();

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
	if (fault_disarm() || true)
		set_scope(EVERYWHERE, NULL);
	if (swept.ctx)
		wq_close(&swept);
	return 0;
}
