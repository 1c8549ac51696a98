// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * PCI devices that virtual devices can be made on, from sysfs, and making and
 * deleting them there.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "sys.h"

#define NAME_SIZE	256
#define PCI_DEVICES	"/sys/bus/pci/devices"
#define MDEVS		"/sys/bus/mdev/devices"
#define FUNCTIONS	"/sys/bus/ims_vfunc/devices"

struct ims_parent {
	char name[NAME_SIZE];
	/* Empty: it has functions, not types of mediated devices. */
	char type[NAME_SIZE];
	/* Empty when there is none. */
	char description[NAME_SIZE];
	bool has_available;
	uint32_t available;
};

struct ims_parent_list {
	struct ims_parent *items;
	size_t count;
	size_t room;
};

struct scan {
	struct ims_ctx *ctx;
	struct ims_parent_list *list;
	/* The PCI device that is looked at. */
	const char *device;
	/* What add() failed with, and has given the reason of. */
	int err;
};

static int out_of_memory(struct ims_ctx *ctx)
{
	return ims_fail_errno(ctx, -ENOMEM, NULL, "listing parents");
}

/* The directory in which a parent tells what it offers. */
static void offer_path(char *path, size_t size, const char *device,
		       const char *type)
{
	if (type[0])
		snprintf(path, size,
			 PCI_DEVICES "/%s/mdev_supported_types/%s", device,
			 type);
	else
		snprintf(path, size, PCI_DEVICES "/%s/ims_vfunc", device);
}

/* What cannot be read is left out: the parent may be going. */
static void read_parent(struct ims_parent *p, const char *device,
			const char *type)
{
	char dir[3 * NAME_SIZE], path[4 * NAME_SIZE], number[32];

	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "%s", device);
	snprintf(p->type, sizeof(p->type), "%s", type);
	offer_path(dir, sizeof(dir), device, type);
	snprintf(path, sizeof(path), "%s/description", dir);
	if (ims_sys_read_line(path, p->description, sizeof(p->description)))
		p->description[0] = '\0';
	snprintf(path, sizeof(path), "%s/%s", dir,
		 type[0] ? "available_instances" : "available");
	p->has_available = !ims_sys_read_line(path, number, sizeof(number)) &&
			   isdigit((unsigned char)number[0]);
	if (p->has_available)
		p->available = strtoul(number, NULL, 10);
}

static int append(struct scan *scan, const char *type)
{
	struct ims_parent_list *list = scan->list;

	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 8;
		struct ims_parent *items = reallocarray(list->items, room,
							sizeof(*items));

		if (!items)
			return out_of_memory(scan->ctx);
		list->items = items;
		list->room = room;
	}
	read_parent(&list->items[list->count++], scan->device, type);
	return 0;
}

static int add_type(void *data, const char *type)
{
	struct scan *scan = data;

	scan->err = append(scan, type);
	return scan->err;
}

/* @device is a PCI device; few of them are parents. */
static int add_device(void *data, const char *device)
{
	struct scan *scan = data;
	char path[2 * NAME_SIZE];
	int err;

	scan->device = device;
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/mdev_supported_types",
		 device);
	err = ims_sys_list(path, add_type, scan);
	if (err && err != -ENOENT)
		return err;

	offer_path(path, sizeof(path), device, "");
	return ims_sys_exists(path) ? 0 : add_type(scan, "");
}

static int compare(const void *a, const void *b)
{
	const struct ims_parent *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->type, y->type);
}

IMS_PUBLIC int ims_parent_list_get(struct ims_ctx *ctx,
				   struct ims_parent_list **list)
{
	struct scan scan = { .ctx = ctx };
	int err;

	if (list)
		*list = NULL;
	if (!ctx || !list)
		return -EINVAL;

	scan.list = calloc(1, sizeof(*scan.list));
	if (!scan.list)
		return out_of_memory(ctx);

	/* Without PCI there are none. */
	err = ims_sys_list(PCI_DEVICES, add_device, &scan);
	if (err && err != -ENOENT) {
		if (!scan.err)
			ims_fail_errno(ctx, err, NULL, "listing parents");
		ims_parent_list_free(scan.list);
		return err;
	}
	if (scan.list->count)
		qsort(scan.list->items, scan.list->count,
		      sizeof(*scan.list->items), compare);
	*list = scan.list;
	return 0;
}

IMS_PUBLIC void ims_parent_list_free(struct ims_parent_list *list)
{
	if (!list)
		return;

	free(list->items);
	free(list);
}

IMS_PUBLIC size_t ims_parent_list_count(const struct ims_parent_list *list)
{
	return list ? list->count : 0;
}

IMS_PUBLIC const struct ims_parent *
ims_parent_list_at(const struct ims_parent_list *list, size_t position)
{
	if (!list || position >= list->count)
		return NULL;
	return &list->items[position];
}

IMS_PUBLIC const char *ims_parent_get_name(const struct ims_parent *parent)
{
	return parent ? parent->name : NULL;
}

IMS_PUBLIC const char *ims_parent_get_type(const struct ims_parent *parent)
{
	return parent && parent->type[0] ? parent->type : NULL;
}

IMS_PUBLIC const char *
ims_parent_get_description(const struct ims_parent *parent)
{
	return parent && parent->description[0] ? parent->description : NULL;
}

IMS_PUBLIC int ims_parent_get_available(const struct ims_parent *parent,
					uint32_t *available)
{
	if (!parent || !available)
		return -EINVAL;
	if (!parent->has_available)
		return -ENODATA;

	*available = parent->available;
	return 0;
}

static int change_fail(struct ims_ctx *ctx, int err, const char *object,
		       const char *path, const char *id)
{
	char buf[128];

	switch (err) {
	case -EEXIST:
		return ims_fail(ctx, err, object, NULL,
				"%s: there is a device %s already", path, id);
	case -ERANGE:
		return ims_fail(ctx, err, object, NULL,
				"%s: %s is beyond the numbers that its functions can have",
				path, id);
	case -EUSERS:
	case -ENOSPC:
		return ims_fail(ctx, err, object, NULL,
				"%s: it can have no more of them", path);
	default:
		return ims_fail(ctx, err, object, NULL, "%s: \"%s\": %s", path,
				id, ims_strerror(err, buf, sizeof(buf)));
	}
}

IMS_PUBLIC int ims_vdev_create(struct ims_ctx *ctx,
			       const struct ims_parent *parent, const char *id)
{
	char dir[3 * NAME_SIZE], path[4 * NAME_SIZE], object[IMS_OBJECT_SIZE];
	int err;

	if (!ctx || !parent || !id)
		return -EINVAL;

	ims_object_text(object, parent->name, 0, 0);
	if (!parent->type[0] && (!id[0] || id[strspn(id, "0123456789")]))
		return ims_fail(ctx, -EINVAL, object, NULL,
				"\"%s\" is not the number of a function", id);

	offer_path(dir, sizeof(dir), parent->name, parent->type);
	snprintf(path, sizeof(path), "%s/%s", dir,
		 parent->type[0] ? "create" : "new_device");
	err = ims_sys_write_file(path, id);
	return err ? change_fail(ctx, err, object, path, id) : 0;
}

/* The directory of function @name is in that of its parent, which deletes it. */
static int function_path(const char *name, char path[PATH_MAX + 64],
			 const char **id)
{
	char link[sizeof(FUNCTIONS) + NAME_SIZE], dir[PATH_MAX];
	const char *dash = strrchr(name, '-');
	char *slash;
	int err;

	snprintf(link, sizeof(link), FUNCTIONS "/%s", name);
	err = ims_sys_realpath(link, dir);
	if (err)
		return err;
	slash = strrchr(dir, '/');
	if (!slash || !dash)
		return -EPROTO;
	*slash = '\0';
	snprintf(path, PATH_MAX + 64, "%s/ims_vfunc/delete_device", dir);
	*id = dash + 1;
	return 0;
}

IMS_PUBLIC int ims_vdev_delete(struct ims_ctx *ctx, const char *name)
{
	char path[PATH_MAX + 64], object[IMS_OBJECT_SIZE];
	const char *id = "1";
	int err;

	if (!ctx || !name)
		return -EINVAL;

	ims_object_text(object, name, 0, 0);
	if (!name[0] || name[0] == '.' || strchr(name, '/') ||
	    strlen(name) > IMS_NAME_MAX)
		return ims_fail(ctx, -EINVAL, object, NULL,
				"this cannot be the name of a device");

	snprintf(path, sizeof(path), MDEVS "/%s", name);
	if (!ims_sys_exists(path)) {
		strcat(path, "/remove");
	} else {
		err = function_path(name, path, &id);
		if (err == -ENOENT)
			return ims_fail(ctx, -ENODEV, object, NULL,
					"no such device: it is neither in "
					MDEVS " nor in " FUNCTIONS);
		if (err)
			return ims_fail_errno(ctx, err, object,
					      "looking for its parent");
	}
	err = ims_sys_write_file(path, id);
	return err ? change_fail(ctx, err, object, path, id) : 0;
}
