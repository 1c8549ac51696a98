/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * parent: snapshots of PCI devices that virtual devices can be made on
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_PARENT_H
#define LIBIMS_API_PARENT_H

#include <stddef.h>
#include <stdint.h>

#include <libims/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_parent;
struct ims_parent_list;

/**
 * ims_parent_list_get() - all parents of the host, and what they offer
 * @ctx: context
 * @list: where to put the list, ordered by name, then by type
 *
 * The list is read from sysfs, so neither kernel module nor privilege is needed. A
 * PCI device that has several types of mediated devices is in the list once for each
 * type; one that has functions of the bus ims_vfunc is in it once, without a type.
 *
 * @return 0 and a list to be freed with ims_parent_list_free(), or
 *	-EINVAL	@ctx or @list is NULL
 *	-ENOMEM	out of memory
 *	other	sysfs could not be read
 */
int ims_parent_list_get(struct ims_ctx *ctx, struct ims_parent_list **list);

/**
 * ims_parent_list_free() - free a list and the parents in it
 * @list: list or NULL
 */
void ims_parent_list_free(struct ims_parent_list *list);

/**
 * ims_parent_list_count() - number of parents in a list
 * @list: list
 *
 * @return The number; 0 if @list is NULL.
 */
size_t ims_parent_list_count(const struct ims_parent_list *list);

/**
 * ims_parent_list_at() - one parent of a list
 * @list: list
 * @position: 0 to ims_parent_list_count() less 1
 *
 * @return Borrowed from the list; NULL beyond its end.
 */
const struct ims_parent *ims_parent_list_at(const struct ims_parent_list *list,
					    size_t position);

/*
 * Texts that belong to a parent. All of these functions:
 *
 * @return Borrowed; NULL if there is none or @parent is NULL.
 *
 * _name	its PCI address, such as "0000:00:04.0"
 * _type	type of the mediated devices, such as "ims_edu-wq"; none: it has
 *		functions of the bus ims_vfunc
 * _description	the driver's description of these devices
 */
const char *ims_parent_get_name(const struct ims_parent *parent);
const char *ims_parent_get_type(const struct ims_parent *parent);
const char *ims_parent_get_description(const struct ims_parent *parent);

/**
 * ims_parent_get_available() - how many more of these can be made
 * @parent: parent
 * @available: where to put it
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	the kernel did not report it
 */
int ims_parent_get_available(const struct ims_parent *parent,
			     uint32_t *available);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_PARENT_H */
