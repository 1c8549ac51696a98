/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the VFIO handle share.
 */
#ifndef LIBIMS_VFIO_H
#define LIBIMS_VFIO_H

#include <limits.h>
#include <linux/vfio.h>

#include "internal.h"

struct ims_vfio {
	struct ims_ctx *ctx;
	char *name;
	/* The name is only for messages. */
	bool unnamed;
	/* "device NAME", for messages. */
	char object[IMS_OBJECT_SIZE];

	/*
	 * -1 while not open. Who has the device's address space: the container,
	 * or iommufd with the number @ioas, or when both are -1 the caller who
	 * has opened the device.
	 */
	int container;
	int group;
	int iommufd;
	int device;
	uint32_t ioas;

	uint32_t num_regions;
	uint32_t num_irqs;
	uint32_t num_vectors;
	uint32_t irq_flags;
};

/* Remember why it fails, with the device as the object, and return @err. */
#define FAIL(vfio, err, ...) \
	ims_fail((vfio)->ctx, err, (vfio)->object, NULL, __VA_ARGS__)

/*
 * "device X", or with count > 0 with vectors, failed at @what. For messages
 * about an open device.
 */
int ims_vfio_fail(struct ims_vfio *vfio, int err, uint32_t first,
		  uint32_t count, const char *what);

/*
 * VFIO_DEVICE_GET_REGION_INFO with @size bytes at @info, which the kernel fills
 * with the capabilities when there is room for all of them.
 */
int ims_vfio_query_region(struct ims_vfio *vfio, uint32_t region,
			  struct vfio_region_info *info, size_t size);

#define IMS_VFIO_CONTAINER	"/dev/vfio/vfio"

/* How a device is to be opened. */
struct ims_vfio_place {
	/* The device's name, as VFIO and the netlink family know it. */
	char name[IMS_NAME_MAX + 1];
	/* By its cdev, else by its group; the file's path. */
	bool by_cdev;
	char path[PATH_MAX];
};

/* @name is a name or a path, as ims_vfio_open() takes it. */
int ims_vfio_find(struct ims_ctx *ctx, const char *name,
		  struct ims_vfio_place *place);

/* 0, or -EINVAL when it is too long or empty. */
int ims_vfio_check_name(struct ims_ctx *ctx, const char *name);

/*
 * Open the device, which VFIO knows by the handle's name, through the file
 * @path of its group, or of its own. 0 or a negative errno, and then
 * ims_vfio_close() closes what was opened.
 */
int ims_vfio_use_group(struct ims_vfio *vfio, const char *path);
int ims_vfio_use_cdev(struct ims_vfio *vfio, const char *path);

#endif /* LIBIMS_VFIO_H */
