// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which file a virtual device is opened through: that of its group, or its own,
 * the cdev. Kernels have either or both.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "sys.h"
#include "vfio.h"

/* With room for the longest part that is appended to a path. */
#define PATH_SIZE	(PATH_MAX + 64)

/* Buses of virtual devices: mediated devices, and functions of ims_vfunc. */
static const char *const buses[] = {
	"/sys/bus/mdev/devices", "/sys/bus/ims_vfunc/devices",
};

/* What is looked for, and its place. */
struct search {
	struct ims_ctx *ctx;
	/* "device NAME", for messages. */
	char object[IMS_OBJECT_SIZE];
	struct ims_vfio_place *place;
	/* Number of its group and of its cdev, with true in front. */
	bool has_group, has_cdev;
	unsigned long group, cdev;
};

#define FAIL_SEARCH(s, err, ...) \
	ims_fail((s)->ctx, err, (s)->object, NULL, __VA_ARGS__)

int ims_vfio_check_name(struct ims_ctx *ctx, const char *name)
{
	char object[IMS_OBJECT_SIZE];

	if (name[0] && strlen(name) <= IMS_NAME_MAX)
		return 0;
	ims_object_text(object, name, 0, 0);
	return ims_fail(ctx, -EINVAL, object, NULL,
			"this cannot be the name of a device");
}

/* What is behind the last slash. */
static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Whether all of @text is a number. */
static bool is_number(const char *text, unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	return isdigit((unsigned char)text[0]) && !*end && !errno;
}

static int find_group(struct search *s, const char *dir)
{
	char path[PATH_SIZE];
	char link[256];
	char buf[128];
	ssize_t len;

	snprintf(path, sizeof(path), "%s/iommu_group", dir);
	len = ims_sys_readlink(path, link, sizeof(link) - 1);
	if (len == -ENOENT)
		return 0;
	if (len < 0)
		return FAIL_SEARCH(s, len, "%s: %s", path,
				   ims_strerror(len, buf, sizeof(buf)));

	link[len] = '\0';
	s->has_group = is_number(base_name(link), &s->group);
	if (!s->has_group)
		return FAIL_SEARCH(s, -ENXIO,
				   "%s: not a link to an IOMMU group: %s", path,
				   link);
	return 0;
}

/* The only entry of vfio-dev/ is called "vfioN". */
static int take_cdev(void *data, const char *name)
{
	struct search *s = data;

	s->has_cdev = !strncmp(name, "vfio", 4) &&
		      is_number(name + 4, &s->cdev);
	return s->has_cdev;
}

static int find_cdev(struct search *s, const char *dir)
{
	char path[PATH_SIZE];
	char buf[128];
	int ret;

	snprintf(path, sizeof(path), "%s/vfio-dev", dir);
	ret = ims_sys_list(path, take_cdev, s);
	if (ret < 0 && ret != -ENOENT)
		return FAIL_SEARCH(s, ret, "%s: %s", path,
				   ims_strerror(ret, buf, sizeof(buf)));
	if (!s->has_cdev)
		return 0;

	/* Kernels without cdevs have the entry, too, but no number in it. */
	snprintf(path, sizeof(path), "%s/vfio-dev/vfio%lu/dev", dir, s->cdev);
	s->has_cdev = !ims_sys_exists(path);
	return 0;
}

/*
 * By the group where that can be, for all kernels and VMMs know it, and one
 * device is not to be open in two ways.
 */
static int choose(struct search *s, const char *dir)
{
	struct ims_vfio_place *place = s->place;
	int err;

	err = find_group(s, dir);
	if (!err)
		err = find_cdev(s, dir);
	if (err)
		return err;
	if (!s->has_group && !s->has_cdev)
		return FAIL_SEARCH(s, -ENXIO,
				   "no VFIO driver is bound to it: there is neither %s/iommu_group nor %s/vfio-dev",
				   dir, dir);

	snprintf(place->path, sizeof(place->path), "/dev/vfio/%lu", s->group);
	place->by_cdev = s->has_cdev &&
			 (!s->has_group || ims_sys_exists(place->path) ||
			  ims_sys_exists(IMS_VFIO_CONTAINER));
	if (place->by_cdev)
		snprintf(place->path, sizeof(place->path),
			 "/dev/vfio/devices/vfio%lu", s->cdev);
	return 0;
}

/* @name is one that ims_vfio_check_name() has let pass. */
static int find_by_name(struct search *s, const char *name)
{
	char dir[64 + IMS_NAME_MAX];
	size_t i;

	for (i = 0; i < sizeof(buses) / sizeof(buses[0]); i++) {
		snprintf(dir, sizeof(dir), "%s/%s", buses[i], name);
		if (!ims_sys_exists(dir)) {
			strcpy(s->place->name, name);
			return choose(s, dir);
		}
	}
	return FAIL_SEARCH(s, -ENODEV,
			   "no such device: it is neither in %s nor in %s",
			   buses[0], buses[1]);
}

/* Sysfs has links to devices' directories, whose own names are the devices'. */
static int find_by_directory(struct search *s, const char *path)
{
	char dir[PATH_MAX];
	char buf[128];
	int err;

	err = ims_sys_realpath(path, dir);
	if (err)
		return FAIL_SEARCH(s, err, "%s: %s", path,
				   ims_strerror(err, buf, sizeof(buf)));
	err = ims_vfio_check_name(s->ctx, base_name(dir));
	if (err)
		return err;
	strcpy(s->place->name, base_name(dir));
	return choose(s, dir);
}

/*
 * Where sysfs tells the device, by .../NAME/vfio-dev/vfioN, it has its name,
 * else that of the file.
 */
static int find_by_cdev(struct search *s, const char *path, dev_t number)
{
	static const char parent[] = "/vfio-dev/";
	struct ims_vfio_place *place = s->place;
	char link[PATH_MAX], file[64];
	const char *name = base_name(path);
	ssize_t len;
	char *end;

	snprintf(file, sizeof(file), "/sys/dev/char/%u:%u", major(number),
		 minor(number));
	len = ims_sys_readlink(file, link, sizeof(link) - 1);
	link[len > 0 ? len : 0] = '\0';
	end = strstr(link, parent);
	if (end) {
		*end = '\0';
		name = base_name(link);
	}

	if (ims_vfio_check_name(s->ctx, name))
		return -EINVAL;
	strcpy(place->name, name);
	/* stat() takes no path that is longer. */
	snprintf(place->path, sizeof(place->path), "%s", path);
	place->by_cdev = true;
	return 0;
}

static int find_by_path(struct search *s, const char *path)
{
	struct stat stat;
	char buf[128];
	int err;

	err = ims_sys_stat(path, &stat);
	if (err == -ENOENT || err == -ENOTDIR)
		return FAIL_SEARCH(s, -ENODEV,
				   "no such device: there is no %s", path);
	if (err)
		return FAIL_SEARCH(s, err, "%s: %s", path,
				   ims_strerror(err, buf, sizeof(buf)));
	if (S_ISDIR(stat.st_mode))
		return find_by_directory(s, path);
	if (S_ISCHR(stat.st_mode))
		return find_by_cdev(s, path, stat.st_rdev);
	return FAIL_SEARCH(s, -EINVAL,
			   "%s is neither a device's directory in sysfs nor a VFIO device's file",
			   path);
}

int ims_vfio_find(struct ims_ctx *ctx, const char *name,
		  struct ims_vfio_place *place)
{
	struct search s = { .ctx = ctx, .place = place };
	int err;

	ims_object_text(s.object, name, 0, 0);
	if (strchr(name, '/'))
		return find_by_path(&s, name);

	err = ims_vfio_check_name(ctx, name);
	if (!err && (!strcmp(name, ".") || !strcmp(name, "..")))
		err = FAIL_SEARCH(&s, -EINVAL,
				  "this cannot be the name of a device");
	return err ? err : find_by_name(&s, name);
}
