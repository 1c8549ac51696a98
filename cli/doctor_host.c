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

#include "doctor.h"

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

/* The group of a mediated device, which its user opens. */
static bool check_node(struct findings *findings, const char *mdev)
{
	char path[PATH_MAX], group[64], remedy[CELL_SIZE];
	int err;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group",
		 mdev);
	if (!read_link(path, group, sizeof(group))) {
		found(findings, "vfio-groups", FINDING_FAILED,
		      "dmesg | grep -i vfio",
		      "device %s is in no IOMMU group", mdev);
		return false;
	}
	snprintf(path, sizeof(path), "/dev/vfio/%s", group);
	err = may_use(path);
	if (!err)
		return true;
	snprintf(remedy, sizeof(remedy), "chown USER /dev/vfio/%s", group);
	found(findings, "vfio-groups", FINDING_WARNING,
	      err == -ENOENT ? "modprobe vfio; udevadm trigger" : remedy,
	      "%s of device %s: %s", path, mdev, strerror(-err));
	return false;
}

void check_vfio_nodes(struct findings *findings)
{
	int err = may_use("/dev/vfio/vfio");
	int i, count, usable = 0;
	char **mdevs;

	if (!err)
		found(findings, "vfio-node", FINDING_OK, NULL,
		      "/dev/vfio/vfio can be opened");
	else
		found(findings, "vfio-node", FINDING_WARNING,
		      err == -ENOENT ? "modprobe vfio" :
		      "chmod 0666 /dev/vfio/vfio, which is safe",
		      "/dev/vfio/vfio: %s", strerror(-err));

	count = list_directory("/sys/bus/mdev/devices", &mdevs);
	for (i = 0; i < count; i++)
		usable += check_node(findings, mdevs[i]);
	if (count <= 0)
		found(findings, "vfio-groups", FINDING_OK, NULL,
		      "there is no mediated device");
	else if (usable == count)
		found(findings, "vfio-groups", FINDING_OK, NULL,
		      "mediated devices that can be opened: %d", usable);
	if (count >= 0)
		free_names(mdevs, count);
}
