/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A simulated VFIO behind libims' system calls.
 */
#ifndef FAKE_VFIO_H
#define FAKE_VFIO_H

#include <linux/vfio.h>
#include <stdbool.h>
#include <stdint.h>

#define FAKE_NAME	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
/* A VFIO device's that a caller has. */
#define FAKE_FD		77
#define FAKE_VECTORS	32
#define FAKE_REGION	256

struct fake_vfio {
	/* Results of the steps of opening; 0 for success. */
	int exists_error;
	int readlink_error;
	int dup_error;
	const char *link;
	int container_error;
	int group_error;
	int api_error;
	int api_version;
	int status_error;
	uint32_t status_flags;
	int join_error;
	bool no_type1;
	bool only_type1v1;
	int iommu_error;
	int device_error;
	int info_error;
	int irq_info_error;
	uint32_t num_irqs;
	uint32_t num_regions;
	uint32_t num_vectors;
	uint32_t region_flags;

	/* Results of calls on the open device. */
	int set_irqs_error;
	int reset_error;
	int region_error;
	int access_error;
	bool short_access;

	/* What has been asked for. */
	char group_path[64];
	char device_name[256];
	long iommu_type;
	unsigned int open_files;
	/* Looks at sysfs for a device. */
	unsigned int looks;
	unsigned int set_irqs_calls;
	unsigned int resets;
	/* The last struct vfio_irq_set, and what was behind it. */
	struct {
		uint32_t argsz, flags, index, start, count;
	} last;
	uint8_t last_data[4096];
	uint8_t memory[FAKE_REGION];
};

extern struct fake_vfio fake_vfio;

void fake_vfio_reset(void);

#endif /* FAKE_VFIO_H */
