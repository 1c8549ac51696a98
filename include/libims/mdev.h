/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mdev: snapshots of mediated devices, open or not
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_MDEV_H
#define LIBIMS_API_MDEV_H

#include <stddef.h>
#include <stdint.h>

#include <libims/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_mdev;
struct ims_mdev_list;

/**
 * ims_mdev_list_get() - all mediated devices of the host
 * @ctx: context
 * @list: where to put the list, ordered by parent, then by name
 *
 * From sysfs, so neither kernel module nor privilege is needed. A mediated
 * device that is open, and whose driver uses vfio_pci_ims, has a
 * struct ims_device of the same name.
 *
 * @return 0 and a list to be freed with ims_mdev_list_free(), or
 *	-EINVAL	@ctx or @list is NULL
 *	-ENOMEM	out of memory
 *	other	sysfs could not be read
 */
int ims_mdev_list_get(struct ims_ctx *ctx, struct ims_mdev_list **list);

/**
 * ims_mdev_list_free() - free a list and the devices in it
 * @list: list or NULL
 */
void ims_mdev_list_free(struct ims_mdev_list *list);

/**
 * ims_mdev_list_count() - number of devices in a list
 * @list: list
 *
 * @return The number; 0 if @list is NULL.
 */
size_t ims_mdev_list_count(const struct ims_mdev_list *list);

/**
 * ims_mdev_list_at() - one device of a list
 * @list: list
 * @position: 0 to ims_mdev_list_count() less 1
 *
 * @return Borrowed from the list; NULL beyond its end.
 */
const struct ims_mdev *ims_mdev_list_at(const struct ims_mdev_list *list,
					size_t position);

/*
 * Names that belong to a mediated device. All of them:
 *
 * @return Borrowed; NULL if there is none or @mdev is NULL.
 *
 * _name	its UUID
 * _parent	device that it is made on, such as "0000:00:04.0"
 * _type	its type, such as "ims_edu-wq"
 * _driver	its driver; none while it is not bound to one
 */
const char *ims_mdev_get_name(const struct ims_mdev *mdev);
const char *ims_mdev_get_parent(const struct ims_mdev *mdev);
const char *ims_mdev_get_type(const struct ims_mdev *mdev);
const char *ims_mdev_get_driver(const struct ims_mdev *mdev);

/**
 * ims_mdev_get_group() - number of its IOMMU group, as in /dev/vfio/N
 * @mdev: mediated device
 * @group: where to put it
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	it has none, because no VFIO driver is bound to it
 */
int ims_mdev_get_group(const struct ims_mdev *mdev, uint32_t *group);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_MDEV_H */
