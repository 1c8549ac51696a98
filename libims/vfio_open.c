// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Opening a mediated device as its VFIO user: container, group, device. Much
 * can be wrong on the way, and none of it shows in an errno alone, so every
 * step says which file it was about and what helps.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys.h"
#include "vfio.h"

#define CONTAINER	"/dev/vfio/vfio"
#define DEVICES		"/sys/bus/mdev/devices"

/* Who asks, where it goes wrong. */
struct step {
	struct ims_vfio *vfio;
	char object[IMS_OBJECT_SIZE];
	/* Path of the group: the caller's, or @found. */
	const char *group;
	char found[32];
};

#define FAIL(s, err, ...) \
	ims_fail((s)->vfio->ctx, err, (s)->object, NULL, __VA_ARGS__)

/* Finds out the group's path. */
static int find_group(struct step *s)
{
	char path[sizeof(DEVICES) + IMS_NAME_MAX + sizeof("/iommu_group")];
	unsigned long number;
	const char *base;
	char link[256];
	char buf[128];
	ssize_t len;
	char *end;

	snprintf(path, sizeof(path), DEVICES "/%s", s->vfio->name);
	if (ims_sys_exists(path))
		return FAIL(s, -ENODEV, "no such mediated device: there is no %s",
			    path);

	strcat(path, "/iommu_group");
	len = ims_sys_readlink(path, link, sizeof(link) - 1);
	if (len == -ENOENT)
		return FAIL(s, -ENXIO,
			    "it has no IOMMU group, so no VFIO driver is bound to it: there is no %s",
			    path);
	if (len < 0)
		return FAIL(s, len, "%s: %s", path,
			    ims_strerror(len, buf, sizeof(buf)));

	link[len] = '\0';
	base = strrchr(link, '/');
	base = base ? base + 1 : link;
	errno = 0;
	number = strtoul(base, &end, 10);
	if (!isdigit((unsigned char)base[0]) || *end || errno)
		return FAIL(s, -ENXIO, "%s: not a link to an IOMMU group: %s",
			    path, link);

	snprintf(s->found, sizeof(s->found), "/dev/vfio/%lu", number);
	s->group = s->found;
	return 0;
}

static int open_container(struct step *s)
{
	struct ims_vfio *vfio = s->vfio;
	char buf[128];
	int ret;

	ret = ims_sys_open(CONTAINER);
	if (ret == -ENOENT || ret == -ENODEV || ret == -ENXIO)
		return FAIL(s, -EOPNOTSUPP,
			    CONTAINER ": %s; is the kernel module vfio loaded? Try \"modprobe vfio\"",
			    ims_strerror(ret, buf, sizeof(buf)));
	if (ret < 0)
		return FAIL(s, ret, CONTAINER ": %s",
			    ims_strerror(ret, buf, sizeof(buf)));
	vfio->container = ret;

	ret = ims_sys_ioctl(vfio->container, VFIO_GET_API_VERSION, NULL);
	if (ret < 0)
		return FAIL(s, ret, CONTAINER ": asking for the API version: %s",
			    ims_strerror(ret, buf, sizeof(buf)));
	if (ret != VFIO_API_VERSION)
		return FAIL(s, -EOPNOTSUPP,
			    CONTAINER ": the kernel speaks version %d of the API, not %d",
			    ret, VFIO_API_VERSION);
	return 0;
}

static int open_group(struct step *s)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	struct ims_vfio *vfio = s->vfio;
	char buf[128];
	int ret;

	ret = ims_sys_open(s->group);
	if (ret == -EBUSY)
		return FAIL(s, ret,
			    "%s: the group is in use, by another process or through another handle",
			    s->group);
	if (ret < 0)
		return FAIL(s, ret, "%s: %s", s->group,
			    ims_strerror(ret, buf, sizeof(buf)));
	vfio->group = ret;

	ret = ims_sys_ioctl(vfio->group, VFIO_GROUP_GET_STATUS, &status);
	if (ret < 0)
		return FAIL(s, ret, "%s: asking for the group's status: %s",
			    s->group, ims_strerror(ret, buf, sizeof(buf)));
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return FAIL(s, -ENXIO,
			    "%s: the group is not viable: some device in it has a driver that is not VFIO's",
			    s->group);
	return 0;
}

/* The IOMMU of a container can be chosen once there is a group in it. */
static int join(struct step *s)
{
	struct ims_vfio *vfio = s->vfio;
	long type = VFIO_TYPE1v2_IOMMU;
	char buf[128];
	int ret;

	ret = ims_sys_ioctl(vfio->group, VFIO_GROUP_SET_CONTAINER,
			    &vfio->container);
	if (ret < 0)
		return FAIL(s, ret, "%s: adding the group to a container: %s",
			    s->group, ims_strerror(ret, buf, sizeof(buf)));

	ret = ims_sys_ioctl(vfio->container, VFIO_CHECK_EXTENSION,
			    (void *)type);
	if (ret <= 0) {
		type = VFIO_TYPE1_IOMMU;
		ret = ims_sys_ioctl(vfio->container, VFIO_CHECK_EXTENSION,
				    (void *)type);
	}
	if (ret <= 0)
		return FAIL(s, -EOPNOTSUPP,
			    CONTAINER ": no type 1 IOMMU; is the kernel module vfio_iommu_type1 loaded? Try \"modprobe vfio_iommu_type1\"");

	ret = ims_sys_ioctl(vfio->container, VFIO_SET_IOMMU, (void *)type);
	if (ret == -ENODEV)
		return FAIL(s, -EOPNOTSUPP,
			    CONTAINER ": setting up the type 1 IOMMU: %s; is the kernel module vfio_iommu_type1 loaded?",
			    ims_strerror(ret, buf, sizeof(buf)));
	if (ret < 0)
		return FAIL(s, ret, CONTAINER ": setting up the type 1 IOMMU: %s",
			    ims_strerror(ret, buf, sizeof(buf)));
	return 0;
}

/* What the device has. */
static int query_device(struct step *s)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_irq_info irqs = {
		.argsz = sizeof(irqs),
		.index = VFIO_PCI_MSIX_IRQ_INDEX,
	};
	struct ims_vfio *vfio = s->vfio;
	char buf[128];
	int ret;

	ret = ims_sys_ioctl(vfio->device, VFIO_DEVICE_GET_INFO, &info);
	if (ret == -ENOTTY)
		return FAIL(s, ret, "the file is not a VFIO device");
	if (ret < 0)
		return FAIL(s, ret, "asking what the device has: %s",
			    ims_strerror(ret, buf, sizeof(buf)));
	vfio->num_regions = info.num_regions;
	vfio->num_irqs = info.num_irqs;

	if (info.num_irqs > VFIO_PCI_MSIX_IRQ_INDEX) {
		ret = ims_sys_ioctl(vfio->device, VFIO_DEVICE_GET_IRQ_INFO,
				    &irqs);
		if (ret < 0)
			return FAIL(s, ret, "asking for its MSI-X vectors: %s",
				    ims_strerror(ret, buf, sizeof(buf)));
	}
	if (!irqs.count)
		return FAIL(s, -ENODEV, "the device has no MSI-X vectors");
	vfio->num_vectors = irqs.count;
	vfio->irq_flags = irqs.flags;
	return 0;
}

static int open_device(struct step *s)
{
	struct ims_vfio *vfio = s->vfio;
	char buf[128];
	int ret;

	ret = ims_sys_ioctl(vfio->group, VFIO_GROUP_GET_DEVICE_FD, vfio->name);
	if (ret == -EBUSY)
		return FAIL(s, ret, "%s: the device is open already", s->group);
	if (ret < 0)
		return FAIL(s, ret, "%s: opening the device: %s", s->group,
			    ims_strerror(ret, buf, sizeof(buf)));
	vfio->device = ret;
	return query_device(s);
}

static int open_all(struct step *s)
{
	int err = 0;

	if (!s->group)
		err = find_group(s);
	if (!err)
		err = open_container(s);
	if (!err)
		err = open_group(s);
	if (!err)
		err = join(s);
	if (!err)
		err = open_device(s);
	return err;
}

/* A handle with nothing open; @name is copied. */
static int new_handle(struct step *s, struct ims_ctx *ctx, const char *name)
{
	struct ims_vfio *vfio = calloc(1, sizeof(*vfio));

	ims_object_text(s->object, name, 0, 0);
	if (!vfio)
		return ims_fail_errno(ctx, -ENOMEM, s->object, "opening");

	vfio->ctx = ims_ctx_ref(ctx);
	vfio->container = -1;
	vfio->group = -1;
	vfio->device = -1;
	vfio->name = strdup(name);
	if (!vfio->name) {
		ims_fail_errno(ctx, -ENOMEM, s->object, "opening");
		ims_vfio_close(vfio);
		return -ENOMEM;
	}
	s->vfio = vfio;
	return 0;
}

static int finish(struct step *s, int err, struct ims_vfio **vfio)
{
	if (err)
		ims_vfio_close(s->vfio);
	else
		*vfio = s->vfio;
	return err;
}

static int open_group_device(struct ims_ctx *ctx, const char *group,
			     const char *name, bool in_sysfs,
			     struct ims_vfio **vfio)
{
	struct step s = { .group = group };
	int err;

	if (!name[0] || strlen(name) > IMS_NAME_MAX ||
	    (in_sysfs && (strchr(name, '/') || !strcmp(name, ".") ||
			  !strcmp(name, "..")))) {
		ims_object_text(s.object, name, 0, 0);
		return ims_fail(ctx, -EINVAL, s.object, NULL,
				"this cannot be the name of a device");
	}

	err = new_handle(&s, ctx, name);
	return err ? err : finish(&s, open_all(&s), vfio);
}

IMS_PUBLIC int ims_vfio_open(struct ims_ctx *ctx, const char *name,
			     struct ims_vfio **vfio)
{
	if (vfio)
		*vfio = NULL;
	if (!ctx || !name || !vfio)
		return -EINVAL;

	return open_group_device(ctx, NULL, name, true, vfio);
}

IMS_PUBLIC int ims_vfio_open_group(struct ims_ctx *ctx, const char *group_path,
				   const char *name, struct ims_vfio **vfio)
{
	if (vfio)
		*vfio = NULL;
	if (!ctx || !group_path || !name || !vfio)
		return -EINVAL;
	if (!group_path[0])
		return ims_fail(ctx, -EINVAL, NULL, NULL,
				"the path of a group cannot be empty");

	return open_group_device(ctx, group_path, name, false, vfio);
}

IMS_PUBLIC int ims_vfio_from_fd(struct ims_ctx *ctx, int fd, const char *name,
				struct ims_vfio **vfio)
{
	struct step s = { 0 };
	char number[32];
	char buf[128];
	int err;

	if (vfio)
		*vfio = NULL;
	if (!ctx || !vfio)
		return -EINVAL;

	snprintf(number, sizeof(number), "of file descriptor %d", fd);
	err = new_handle(&s, ctx, name ? name : number);
	if (err)
		return err;
	s.vfio->unnamed = !name;

	err = ims_sys_dup(fd);
	if (err < 0) {
		FAIL(&s, err, "file descriptor %d: %s", fd,
		     ims_strerror(err, buf, sizeof(buf)));
		return finish(&s, err, vfio);
	}
	s.vfio->device = err;
	return finish(&s, query_device(&s), vfio);
}

IMS_PUBLIC void ims_vfio_close(struct ims_vfio *vfio)
{
	if (!vfio)
		return;

	if (vfio->device >= 0)
		ims_sys_close(vfio->device);
	if (vfio->group >= 0)
		ims_sys_close(vfio->group);
	if (vfio->container >= 0)
		ims_sys_close(vfio->container);
	ims_ctx_free(vfio->ctx);
	free(vfio->name);
	free(vfio);
}
