// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Virtual devices, open or not, from sysfs.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "sys.h"
#include "uevent.h"

#define NAME_SIZE	256
#define PATH_SIZE	4096

struct ims_vdev {
	char name[NAME_SIZE];
	char parent[NAME_SIZE];
	char path[PATH_SIZE];
	/* Empty when there is none: it is no mediated device. */
	char type[NAME_SIZE];
	/* Empty when there is none. */
	char driver[NAME_SIZE];
	bool has_group;
	uint32_t group;
};

struct ims_vdev_list {
	struct ims_vdev *items;
	size_t count;
	size_t room;
};

struct scan {
	struct ims_ctx *ctx;
	struct ims_vdev_list *list;
	/* Mediated devices have types. */
	bool mdevs;
	/* What add() failed with, and has given the reason of. */
	int err;
};

static int out_of_memory(struct ims_ctx *ctx)
{
	return ims_fail_errno(ctx, -ENOMEM, NULL, "listing virtual devices");
}

/* What is behind the last slash. */
static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Name of what the link @link in directory @path points at: 0 or an errno. */
static int read_link(struct scan *scan, const char *path, const char *link,
		     char name[NAME_SIZE])
{
	char file[PATH_SIZE];
	char target[PATH_SIZE];
	char object[IMS_OBJECT_SIZE];
	char buf[128];
	ssize_t len;
	int err;

	snprintf(file, sizeof(file), "%s/%s", path, link);
	len = ims_sys_readlink(file, target, sizeof(target) - 1);
	err = len < 0 ? len : 0;
	if (!err) {
		target[len] = '\0';
		if (strlen(base_name(target)) >= NAME_SIZE)
			err = -ENAMETOOLONG;
	}
	if (!err)
		strcpy(name, base_name(target));
	if (!err || err == -ENOENT)
		return err;

	ims_object_text(object, base_name(path), 0, 0);
	return ims_fail(scan->ctx, err, object, NULL, "%s: %s", file,
			ims_strerror(err, buf, sizeof(buf)));
}

static int read_group(struct scan *scan, const char *path, struct ims_vdev *v)
{
	char name[NAME_SIZE];
	unsigned long group;
	char *end;
	int err;

	err = read_link(scan, path, "iommu_group", name);
	if (err)
		return err == -ENOENT ? 0 : err;

	errno = 0;
	group = strtoul(name, &end, 10);
	v->has_group = isdigit((unsigned char)name[0]) && !*end && !errno &&
		       group <= UINT32_MAX;
	v->group = group;
	return 0;
}

/* -ENOENT when the device has gone meanwhile. */
static int read_vdev(struct scan *scan, const char *path, struct ims_vdev *v)
{
	const char *end = strrchr(path, '/');
	const char *parent = end ? memrchr(path, '/', end - path) : NULL;
	int err;

	memset(v, 0, sizeof(*v));
	if (!parent || end - parent > NAME_SIZE || strlen(end) > NAME_SIZE ||
	    strlen(path) >= sizeof(v->path))
		return ims_fail(scan->ctx, -EPROTO, NULL, NULL,
				"%s: this cannot be a virtual device", path);
	strcpy(v->path, path);
	strcpy(v->name, end + 1);
	memcpy(v->parent, parent + 1, end - parent - 1);

	if (scan->mdevs) {
		err = read_link(scan, path, "mdev_type", v->type);
		if (err)
			return err;
	}
	err = read_link(scan, path, "driver", v->driver);
	if (err && err != -ENOENT)
		return err;
	return read_group(scan, path, v);
}

static int append(struct scan *scan, const char *path)
{
	struct ims_vdev_list *list = scan->list;
	int err;

	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 8;
		struct ims_vdev *items = reallocarray(list->items, room,
						      sizeof(*items));

		if (!items)
			return out_of_memory(scan->ctx);
		list->items = items;
		list->room = room;
	}

	err = read_vdev(scan, path, &list->items[list->count]);
	if (!err)
		list->count++;
	return err == -ENOENT ? 0 : err;
}

static int add(void *data, const char *path)
{
	struct scan *scan = data;

	scan->err = append(scan, path);
	return scan->err;
}

static int compare(const void *a, const void *b)
{
	const struct ims_vdev *x = a, *y = b;
	int order = strcmp(x->parent, y->parent);

	return order ? order : strcmp(x->name, y->name);
}

IMS_PUBLIC int ims_vdev_list_get(struct ims_ctx *ctx,
				 struct ims_vdev_list **list)
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

	scan.mdevs = true;
	err = ims_uevent_scan("mdev", add, &scan);
	if (!err) {
		scan.mdevs = false;
		err = ims_uevent_scan("ims_vfunc", add, &scan);
	}
	if (err) {
		if (!scan.err)
			ims_fail_errno(ctx, err, NULL,
				       "listing virtual devices");
		ims_vdev_list_free(scan.list);
		return err;
	}
	if (scan.list->count)
		qsort(scan.list->items, scan.list->count,
		      sizeof(*scan.list->items), compare);
	*list = scan.list;
	return 0;
}

IMS_PUBLIC void ims_vdev_list_free(struct ims_vdev_list *list)
{
	if (!list)
		return;

	free(list->items);
	free(list);
}

IMS_PUBLIC size_t ims_vdev_list_count(const struct ims_vdev_list *list)
{
	return list ? list->count : 0;
}

IMS_PUBLIC const struct ims_vdev *
ims_vdev_list_at(const struct ims_vdev_list *list, size_t position)
{
	if (!list || position >= list->count)
		return NULL;
	return &list->items[position];
}

IMS_PUBLIC const char *ims_vdev_get_name(const struct ims_vdev *vdev)
{
	return vdev ? vdev->name : NULL;
}

IMS_PUBLIC const char *ims_vdev_get_parent(const struct ims_vdev *vdev)
{
	return vdev ? vdev->parent : NULL;
}

IMS_PUBLIC const char *ims_vdev_get_type(const struct ims_vdev *vdev)
{
	return vdev && vdev->type[0] ? vdev->type : NULL;
}

IMS_PUBLIC const char *ims_vdev_get_path(const struct ims_vdev *vdev)
{
	return vdev ? vdev->path : NULL;
}

IMS_PUBLIC const char *ims_vdev_get_driver(const struct ims_vdev *vdev)
{
	return vdev && vdev->driver[0] ? vdev->driver : NULL;
}

IMS_PUBLIC int ims_vdev_get_group(const struct ims_vdev *vdev, uint32_t *group)
{
	if (!vdev || !group)
		return -EINVAL;
	if (!vdev->has_group)
		return -ENODATA;

	*group = vdev->group;
	return 0;
}
