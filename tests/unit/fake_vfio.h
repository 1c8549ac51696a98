/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A simulated VFIO behind libims' system calls.
 */
#ifndef FAKE_VFIO_H
#define FAKE_VFIO_H

#include <linux/vfio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define FAKE_NAME	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
/* A VFIO device's that a caller has. */
#define FAKE_FD		77
#define FAKE_FUNCTION	"0000:00:04.0-3"
#define FAKE_CDEV	"/dev/vfio/devices/vfio3"
#define FAKE_IOAS	5
#define FAKE_PAGE	4096
#define FAKE_MAPPINGS	2
#define FAKE_VECTORS	32
#define FAKE_REGION	256
/* Region 2, of which parts can be mapped. */
#define FAKE_BIG_REGION	0x8000
#define FAKE_BIG_OFFSET	(UINT64_C(2) << 40)

struct fake_vfio {
	/* Beginnings of paths at which there is nothing; all others exist. */
	const char *missing[3];
	/* What a path that is given is, S_IFDIR and so on. */
	mode_t mode;
	/* Entry of a device's vfio-dev/; NULL when it has none. */
	const char *cdev;
	/* Where links point: of the group, and of a cdev's number. */
	const char *link;
	const char *cdev_link;
	const char *realpath;

	/* Results of the steps of opening; 0 for success. */
	int readlink_error;
	int stat_error;
	int realpath_error;
	int list_error;
	int dup_error;
	int cdev_error;
	int iommufd_error;
	int bind_error;
	int ioas_error;
	int attach_error;
	int detach_error;
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
	/* Behind the struct vfio_region_info; NULL: no capabilities. */
	const void *caps;
	uint32_t caps_size;

	/* Results of calls on the open device. */
	int dma_error;
	int set_irqs_error;
	int reset_error;
	int region_error;
	int mmap_error;
	int munmap_error;
	int access_error;
	bool short_access;

	/* What has been asked for. */
	char group_path[64];
	char cdev_path[64];
	bool bound;
	bool attached;
	char device_name[256];
	long iommu_type;
	/* What is mapped: up to FAKE_MAPPINGS of size 0 for none. */
	struct fake_mapping {
		uint64_t iova, addr, size;
		bool readable, writable;
	} mappings[FAKE_MAPPINGS];
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
	/* The last window. */
	uint64_t window_offset;
	size_t window_size;
	int window_prot;
	unsigned int windows;
};

extern struct fake_vfio fake_vfio;

void fake_vfio_reset(void);

#endif /* FAKE_VFIO_H */
