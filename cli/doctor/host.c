// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl doctor: the host's IOMMU, and what the caller may do.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"

void check_iommu(struct findings *findings)
{
	char **units, **groups;
	int num_units = list_directory("/sys/class/iommu", &units);
	int num_groups = list_directory("/sys/kernel/iommu_groups", &groups);

	if (num_units > 0 && num_groups > 0)
		found(findings, "iommu", FINDING_OK, NULL,
		      "%s%s, groups of devices: %d", units[0],
		      num_units > 1 ? " and others" : "", num_groups);
	else if (num_units > 0)
		found(findings, "iommu", FINDING_WARNING,
		      "boot with intel_iommu=on",
		      "it is there, but devices' DMA does not go through it");
	else
		found(findings, "iommu", FINDING_WARNING,
		      "enable VT-d or AMD-Vi in the firmware; boot with intel_iommu=on",
		      "none is in use");
	if (num_units >= 0)
		free_names(units, num_units);
	if (num_groups >= 0)
		free_names(groups, num_groups);
}

#define NO_REMAPPING							\
	"enable it with VT-d or AMD-Vi in the firmware; without: modprobe ims allow_unsafe_interrupts=1"

/*
 * The kernel's log, which has a line about it, is not for everybody. But where
 * interrupts are remapped their chips' names say so: IR-PCI-MSI, IR-IO-APIC.
 */
void check_remapping(struct findings *findings)
{
	char allowed[8] = "";

	read_line("/sys/module/ims/parameters/allow_unsafe_interrupts", allowed,
		  sizeof(allowed));
	if (file_has("/proc/interrupts", " IR-"))
		found(findings, "remapping", FINDING_OK, NULL,
		      "interrupts are remapped");
	else if (!file_has("/proc/interrupts", "PCI-MSI") &&
		 !file_has("/proc/interrupts", "IO-APIC"))
		found(findings, "remapping", FINDING_UNKNOWN,
		      "dmesg | grep -e DMAR-IR -e 'AMD-Vi: Interrupt remapping'",
		      "/proc/interrupts does not tell");
	else if (allowed[0] == 'Y')
		found(findings, "remapping", FINDING_WARNING,
		      "enable it with VT-d or AMD-Vi in the firmware",
		      "none: any DMA can forge interrupts, as allow_unsafe_interrupts admits");
	else
		found(findings, "remapping", FINDING_FAILED, NO_REMAPPING,
		      "none: any DMA could forge interrupts, so that stores are refused");
}

void check_privilege(struct findings *findings)
{
	FILE *file = open_file("/proc/self/status");
	const char *prefix = "CapEff:";
	uint64_t capabilities = 0;
	char line[256];
	bool known = false;

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, prefix, strlen(prefix)))
			continue;
		known = true;
		capabilities = strtoull(line + strlen(prefix), NULL, 16);
	}
	if (file)
		fclose(file);

	if (!known)
		found(findings, "privilege", FINDING_UNKNOWN,
		      "mount -t proc proc /proc",
		      "/proc does not tell what this process may do");
	else if (capabilities >> CAP_SYS_ADMIN & 1)
		found(findings, "privilege", FINDING_OK, NULL,
		      "CAP_SYS_ADMIN");
	else
		found(findings, "privilege", FINDING_WARNING,
		      "run imsctl as root, or with CAP_SYS_ADMIN",
		      "no CAP_SYS_ADMIN: nothing can be changed, and cookies are not shown");
}

/* The path of a device's own file; false if the kernel has none for it. */
static bool find_cdev(const char *dir, char *cdev, size_t size)
{
	char path[PATH_MAX], number[16];
	bool is_there = false;
	char **names;
	int count;

	snprintf(path, sizeof(path), "%s/vfio-dev", dir);
	count = list_directory(path, &names);
	if (count > 0) {
		snprintf(path, sizeof(path), "%s/vfio-dev/%s/dev", dir,
			 names[0]);
		is_there = read_line(path, number, sizeof(number));
		if (is_there)
			snprintf(cdev, size, "/dev/vfio/devices/%s", names[0]);
	}
	if (count >= 0)
		free_names(names, count);
	return is_there;
}

/* The file that a device's user opens: its group's, or as libims its own. */
static bool check_node(struct findings *findings, const char *bus,
		       const char *name)
{
	char dir[PATH_MAX / 2], path[PATH_MAX], group[64] = "";
	char node[128], remedy[CELL_SIZE];
	bool has_group;
	int err;

	snprintf(dir, sizeof(dir), "%s/%s", bus, name);
	snprintf(path, sizeof(path), "%s/iommu_group", dir);
	has_group = read_link(path, group, sizeof(group));
	snprintf(node, sizeof(node), "/dev/vfio/%s", group);
	err = has_group ? may_use(node) : -ENOENT;
	if (err == -ENOENT && find_cdev(dir, node, sizeof(node))) {
		err = may_use(node);
	} else if (!has_group) {
		found_of(findings, "vfio-groups", FINDING_FAILED, name,
			 "devices are in no IOMMU group", "dmesg | grep -i vfio",
			 "device %s is in no IOMMU group", name);
		return false;
	}
	if (!err)
		return true;
	snprintf(remedy, sizeof(remedy), "chown USER %s", node);
	found_of(findings, "vfio-groups", FINDING_WARNING, name,
		 err == -ENOENT ? "devices have no file to be opened by" :
		 "devices' files cannot be opened",
		 err == -ENOENT ? "modprobe vfio; udevadm trigger" : remedy,
		 "%s of device %s: %s", node, name, strerror(-err));
	return false;
}

/* How many devices of @bus there are and how many of them can be opened. */
static void check_nodes(struct findings *findings, const char *bus, int *all,
			int *usable)
{
	char **names;
	int i, count;

	count = list_directory(bus, &names);
	if (count < 0)
		return;
	for (i = 0; i < count; i++)
		*usable += check_node(findings, bus, names[i]);
	*all += count;
	free_names(names, count);
}

/* Of a kernel that has iommufd in the place of containers, its file. */
static void check_container(struct findings *findings)
{
	static const char container[] = "/dev/vfio/vfio", iommu[] = "/dev/iommu";
	const char *path = container;
	int err = may_use(container);

	if (err == -ENOENT && may_use(iommu) != -ENOENT) {
		path = iommu;
		err = may_use(iommu);
	}
	if (!err)
		found(findings, "vfio-node", FINDING_OK, NULL,
		      "%s can be opened", path);
	else if (path == iommu)
		found(findings, "vfio-node", FINDING_WARNING,
		      "chown USER /dev/iommu", "%s: %s", path, strerror(-err));
	else
		found(findings, "vfio-node", FINDING_WARNING,
		      err == -ENOENT ? "modprobe vfio" :
		      "chmod 0666 /dev/vfio/vfio, which is safe",
		      "%s: %s", path, strerror(-err));
}

void check_vfio_nodes(struct findings *findings)
{
	int all = 0, usable = 0;

	check_container(findings);
	check_nodes(findings, "/sys/bus/mdev/devices", &all, &usable);
	check_nodes(findings, "/sys/bus/ims_vfunc/devices", &all, &usable);
	if (!all)
		found(findings, "vfio-groups", FINDING_OK, NULL,
		      "there is no virtual device");
	else if (usable == all)
		found(findings, "vfio-groups", FINDING_OK, NULL,
		      "virtual devices that can be opened: %d", usable);
}
