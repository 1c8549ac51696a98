// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the host does: handles revoked, hardware that stalls, drivers unbound,
 * devices reset, files of sysfs.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../files.h"
#include "fuzz.h"

#define PCI	"/sys/bus/pci/"

/* edu, siov */
static struct parent {
	const char *address, *driver;
} parents[2];

void host_init(void)
{
	parents[0] = (struct parent) { getenv("IMS_EDU"), "ims_edu" };
	parents[1] = (struct parent) { getenv("IMS_SIOV"), "ims_siov" };
}

static struct parent *any_parent(struct fuzzer *f)
{
	struct parent *parent = &parents[random_below(&f->random, 2)];

	ring_note("%s", parent->driver);
	return parent;
}

int call_revoke(struct fuzzer *f)
{
	char path[128], number[16];

	snprintf(path, sizeof(path), "/sys/kernel/debug/ims_siov/%s/revoke",
		 parents[1].address);
	snprintf(number, sizeof(number), "%u",
		 random_below(&f->random, NR_DEVICES - NR_MDEVS));
	ring_note("%s", number);
	return write_file(path, number);
}

/* For a moment: who binds meanwhile waits. */
int call_stall(struct fuzzer *f)
{
	unsigned int us = random_below(&f->random, 5000);
	char path[128];
	int ret;

	snprintf(path, sizeof(path), "/sys/kernel/debug/ims_siov/%s/stall",
		 parents[1].address);
	ring_note("%u us", us);
	ret = write_file(path, "1");
	usleep(us);
	/* Another process may have removed the file: then nothing is stalled. */
	if (!ret)
		write_file(path, "0");
	return ret;
}

/* The driver goes and comes, or the device itself does. */
int call_unbind(struct fuzzer *f)
{
	struct parent *parent = any_parent(f);
	bool device = random_one_in(&f->random, 3);
	const char *text = device ? "1" : parent->address;
	char path[128];
	int ret;

	ring_note("%s", device ? "and its device" : "");
	if (device)
		snprintf(path, sizeof(path), PCI "devices/%s/remove",
			 parent->address);
	else
		snprintf(path, sizeof(path), PCI "drivers/%s/unbind",
			 parent->driver);
	if (parent == &parents[1])
		ret = devices_take(f, NR_MDEVS, NR_DEVICES, path, text);
	else
		ret = devices_take(f, 0, NR_MDEVS, path, text);
	usleep(random_below(&f->random, 2000));
	if (device) {
		write_file(PCI "rescan", "1");
		snprintf(path, sizeof(path), PCI "devices/%s/driver_override",
			 parent->address);
		if (parent == &parents[1])
			write_file(path, parent->driver);
	}
	write_file(PCI "drivers_probe", parent->address);
	return ret;
}

int call_pci_reset(struct fuzzer *f)
{
	/* edu on the root bus cannot be reset. */
	const char *address = parents[!random_one_in(&f->random, 16)].address;
	char path[128];

	ring_note("%s", address);
	devices_close_all(f);
	snprintf(path, sizeof(path), PCI "devices/%s/reset", address);
	return write_file(path, "1");
}

static int read_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char buf[512];
	int ret;

	if (fd < 0)
		return -errno;
	ret = read(fd, buf, sizeof(buf)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

/* Writes of module parameters: they take effect at the next open, mostly none. */
int call_sysfs(struct fuzzer *f)
{
	static const struct { unsigned int parent; const char *path; } files[] = {
		{ 0, PCI "devices/%s/mdev_supported_types/ims_edu-wq/available_instances" },
		{ 0, PCI "devices/%s/mdev_supported_types/ims_edu-wq/description" },
		{ 1, PCI "devices/%s/ims_vfunc/available" },
		{ 1, PCI "devices/%s/ims_vfunc/description" },
		{ 1, "/sys/kernel/debug/ims_siov/%s/waiting" },
		{ 1, "/sys/kernel/debug/ims_siov/%s/stall" },
	};
	static const char *const parameters[] = {
		"ims_edu/parameters/slots_per_queue", "ims_edu/parameters/reserve",
	};
	unsigned int i = random_below(&f->random, 8);
	char path[128], number[16];

	if (i < 6) {
		snprintf(path, sizeof(path), files[i].path,
			 parents[files[i].parent].address);
		ring_note("%s", path);
		return read_file(path);
	}
	snprintf(path, sizeof(path), "/sys/module/%s", parameters[i - 6]);
	snprintf(number, sizeof(number), "%u", random_one_in(&f->random, 3) ?
		 random_below(&f->random, 40) : 0);
	ring_note("%s %s", path, number);
	return write_file(path, number);
}
