/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the kernel's own tests, to find a device of ours (see tests/vm/ksft/patch): a
 * function of ims_siov.ko or a mediated device of ims_edu.ko, which are on buses of
 * their own.
 */
#ifndef TESTS_VM_KSFT_FIND_H
#define TESTS_VM_KSFT_FIND_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/ims_edu.h>
#include <linux/ims_siov.h>

/* The bus in sysfs that device @name is on. Any other name is a PCI address. */
static inline const char *ims_find_bus(const char *name)
{
	static const char * const buses[] = { "ims_vfunc", "mdev" };
	char path[512];
	size_t i;

	for (i = 0; *name && i < sizeof(buses) / sizeof(*buses); i++) {
		snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s", buses[i], name);
		if (!access(path, F_OK))
			return buses[i];
	}
	return "pci";
}

/* Its "vendor" or "device", as its header has it. 0: sysfs knows. */
static inline unsigned int ims_find_id(const char *name, const char *id)
{
	const char *bus = ims_find_bus(name);
	int vendor = !strcmp(id, "vendor");

	if (!strcmp(bus, "ims_vfunc"))
		return vendor ? IMS_SIOV_PCI_VENDOR_ID : IMS_SIOV_PCI_DEVICE_ID;
	if (!strcmp(bus, "mdev"))
		return vendor ? IMS_EDU_PCI_VENDOR_ID : IMS_EDU_PCI_DEVICE_ID;
	return 0;
}

#endif /* TESTS_VM_KSFT_FIND_H */
