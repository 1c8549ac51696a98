/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vdev: snapshots of virtual devices, open or not; making and deleting them
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_VDEV_H
#define LIBIMS_API_VDEV_H

#include <stddef.h>
#include <stdint.h>

#include <libims/ctx.h>
#include <libims/parent.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_vdev;
struct ims_vdev_list;

/**
 * ims_vdev_list_get() - all virtual devices of the host
 * @ctx: context
 * @list: where to put the list, ordered by parent, then by name
 *
 * These are mediated devices, and functions of the bus ims_vfunc. The list is read
 * from sysfs, so neither kernel module nor privilege is needed. A device that is open,
 * and whose driver uses vfio_pci_ims, has a struct ims_device of the same name.
 *
 * @return 0 and a list to be freed with ims_vdev_list_free(), or
 *	-EINVAL	@ctx or @list is NULL
 *	-ENOMEM	out of memory
 *	other	sysfs could not be read
 */
int ims_vdev_list_get(struct ims_ctx *ctx, struct ims_vdev_list **list);

/**
 * ims_vdev_list_free() - free a list and the devices in it
 * @list: list or NULL
 */
void ims_vdev_list_free(struct ims_vdev_list *list);

/**
 * ims_vdev_list_count() - number of devices in a list
 * @list: list
 *
 * @return The number; 0 if @list is NULL.
 */
size_t ims_vdev_list_count(const struct ims_vdev_list *list);

/**
 * ims_vdev_list_at() - one device of a list
 * @list: list
 * @position: 0 to ims_vdev_list_count() less 1
 *
 * @return Borrowed from the list; NULL beyond its end.
 */
const struct ims_vdev *ims_vdev_list_at(const struct ims_vdev_list *list,
					size_t position);

/*
 * Names that belong to a virtual device. All of these functions:
 *
 * @return Borrowed; NULL if there is none or @vdev is NULL.
 *
 * _name	a mediated device's UUID; a function's name, such as
 *		"0000:00:04.0-3"
 * _parent	device on which it was made, such as "0000:00:04.0"
 * _type	type of a mediated device, such as "ims_edu-wq"; NULL: it is a
 *		function
 * _driver	its driver; NULL while it is not bound to one
 * _path	its directory in sysfs, as ims_vfio_open() and QEMU's sysfsdev=
 *		take it
 */
const char *ims_vdev_get_name(const struct ims_vdev *vdev);
const char *ims_vdev_get_parent(const struct ims_vdev *vdev);
const char *ims_vdev_get_type(const struct ims_vdev *vdev);
const char *ims_vdev_get_driver(const struct ims_vdev *vdev);
const char *ims_vdev_get_path(const struct ims_vdev *vdev);

/**
 * ims_vdev_get_group() - number of its IOMMU group, as in /dev/vfio/N
 * @vdev: virtual device
 * @group: where to put it
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	it has none, because no VFIO driver is bound to it
 */
int ims_vdev_get_group(const struct ims_vdev *vdev, uint32_t *group);

/**
 * ims_vdev_create() - make a virtual device
 * @ctx: context
 * @parent: the parent to make it on, with the type
 * @id: for a mediated device its UUID, for a function its number, such as "3",
 *	which becomes the end of its name
 *
 * Needs the privilege to write to sysfs. The device exists when this returns; its
 * files in /dev appear later, when udev is done, see ims_hotplug_new().
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL, or @id is not a valid UUID or number
 *	-EEXIST		such a device exists already
 *	-ERANGE		the parent's functions cannot have that number
 *	-EUSERS, -ENOSPC the parent can have no more of them
 *	-ENOENT		the parent has gone, or does not offer them any more
 *	-EACCES, -EPERM	the caller may not write to sysfs
 *	other		the errno from the parent's driver
 */
int ims_vdev_create(struct ims_ctx *ctx, const struct ims_parent *parent,
		    const char *id);

/**
 * ims_vdev_delete() - delete a virtual device
 * @ctx: context
 * @name: its name
 *
 * Needs the privilege to write to sysfs. If a process has the device open, it is
 * asked to close it, see ims_vfio_bind_request(), and the call waits for that.
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL, or @name cannot be a device's name
 *	-ENODEV		there is no such device
 *	-EACCES, -EPERM	the caller may not write to sysfs
 *	other		the errno of writing to sysfs
 */
int ims_vdev_delete(struct ims_ctx *ctx, const char *name);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_VDEV_H */
