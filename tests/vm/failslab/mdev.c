// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Swept: a mediated device comes and goes, and so does edu's driver.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sweep.h"

#define MDEVS	"/sys/bus/mdev/devices/"
#define DRIVER	"/sys/bus/pci/drivers/ims_edu/"
#define EXTRA	"badc0de0-0000-4000-8000-000000000003"

static char parent[256];	/* edu, below /sys */
static int file = -1;
static long instances;

/* ---- the mediated device --------------------------------------------------- */

static long count_instances(void)
{
	char path[512];

	snprintf(path, sizeof(path),
		 "%s/mdev_supported_types/ims_edu-wq/available_instances",
		 parent);
	return get_file(path);
}

static void will_create(struct wq *wq)
{
	char path[512];

	(void)wq;
	instances = count_instances();
	snprintf(path, sizeof(path), "%s/mdev_supported_types/ims_edu-wq/create",
		 parent);
	if (file < 0)
		file = open_or_die(path, O_WRONLY);
}

static int create(struct wq *wq)
{
	(void)wq;
	return put(file, EXTRA);
}

static void is_created(struct wq *wq, const struct picture *before)
{
	(void)wq;
	(void)before;
	assert_int_equal(count_instances(), instances - 1);
	assert_int_equal(access(MDEVS EXTRA "/iommu_group", F_OK), 0);
	put_file(MDEVS EXTRA "/remove", "1");
	assert_int_equal(count_instances(), instances);
}

static void is_not_created(struct wq *wq, const struct picture *before)
{
	(void)wq;
	(void)before;
	assert_int_equal(access(MDEVS EXTRA, F_OK), -1);
	assert_int_equal(count_instances(), instances);
}

static void will_remove(struct wq *wq)
{
	will_create(wq);
	assert_int_equal(put(file, EXTRA), 0);
}

static int remove_it(struct wq *wq)
{
	int fd = open(MDEVS EXTRA "/remove", O_WRONLY);
	int ret;

	(void)wq;
	if (fd < 0)
		return -errno;
	ret = put(fd, "1");
	close(fd);
	return ret;
}

static void is_removed(struct wq *wq, const struct picture *before)
{
	(void)wq;
	(void)before;
	assert_int_equal(access(MDEVS EXTRA, F_OK), -1);
	assert_int_equal(count_instances(), instances);
}

/* ---- edu's driver ---------------------------------------------------------- */

static const char *address(void)
{
	return strrchr(parent, '/') + 1;
}

static bool has_driver(void)
{
	char path[512];

	snprintf(path, sizeof(path), DRIVER "%s", address());
	return !access(path, F_OK);
}

static void will_probe(struct wq *wq)
{
	(void)wq;
	if (has_driver())
		put_file(DRIVER "unbind", address());
	assert_false(has_driver());
}

static int probe(struct wq *wq)
{
	(void)wq;
	return put(file, address());
}

static void is_probed(struct wq *wq, const struct picture *before)
{
	(void)wq;
	(void)before;
	assert_true(has_driver());
	assert_int_equal(count_instances(), instances);
}

static void is_not_probed(struct wq *wq, const struct picture *before)
{
	(void)wq;
	(void)before;
	assert_false(has_driver());
}

/* ---- the sweeps ------------------------------------------------------------ */

void mdev_init(const char *edu)
{
	snprintf(parent, sizeof(parent), "/sys/bus/pci/devices/%s", edu);
}

int mdev_teardown(void **state)
{
	sweep_teardown(state);
	if (file >= 0)
		close(file);
	file = -1;
	return 0;
}

/* A group that VFIO cannot register is released with a WARN_ON(). */
SWEEP(create_mdev, .scope = EDU, .prepare = will_create, .call = create,
      .worked = is_created, .refused = is_not_created, .closed = true,
      .spare = "vfio_create_group")
SWEEP(remove_mdev, .scope = EDU, .prepare = will_remove, .call = remove_it,
      .worked = is_removed, .closed = true, .cannot_fail = true)

void probe_driver(void **state)
{
	static const struct op op = {
		.name = "probe_driver", .scope = EDU, .prepare = will_probe,
		.call = probe, .worked = is_probed, .refused = is_not_probed,
		.closed = true,
		.spare = SPARE_IRQ,
		/* pci_request_regions(), pci_alloc_irq_vectors() */
		.also = { -EBUSY, -ENODEV },
	};
	char path[512];

	(void)state;
	/* Without driver there is no work queue. */
	snprintf(path, sizeof(path), MDEVS "%s/remove", getenv("IMS_WQ0"));
	put_file(path, "1");
	instances = count_instances();
	/*
	 * Enabled once for all, or pci_enable_device() would have ACPI interpret
	 * methods, which loses count of its references for want of memory.
	 */
	put_file(DRIVER "unbind", address());
	snprintf(path, sizeof(path), "%s/enable", parent);
	put_file(path, "1");
	file = open_or_die(DRIVER "bind", O_WRONLY);
	sweep(&op);
	assert_true(has_driver());
	close(file);
	file = -1;
	will_create(&swept);
	assert_int_equal(put(file, getenv("IMS_WQ0")), 0);
}
