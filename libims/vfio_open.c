// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Opening a virtual device as its VFIO user, and closing it. Much can be wrong
 * on the way, and none of it shows in an errno alone, so every step says which
 * file it was about and what helps.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys.h"
#include "vfio.h"

/* What the device has. */
static int query_device(struct ims_vfio *vfio)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_irq_info irqs = {
		.argsz = sizeof(irqs),
		.index = VFIO_PCI_MSIX_IRQ_INDEX,
	};
	char buf[128];
	int ret;

	ret = ims_sys_ioctl(vfio->device, VFIO_DEVICE_GET_INFO, &info);
	if (ret == -ENOTTY)
		return FAIL(vfio, ret, "the file is not a VFIO device");
	if (ret < 0)
		return FAIL(vfio, ret, "asking what the device has: %s",
			    ims_strerror(ret, buf, sizeof(buf)));
	vfio->num_regions = info.num_regions;
	vfio->num_irqs = info.num_irqs;

	if (info.num_irqs > VFIO_PCI_MSIX_IRQ_INDEX) {
		ret = ims_sys_ioctl(vfio->device, VFIO_DEVICE_GET_IRQ_INFO,
				    &irqs);
		if (ret < 0)
			return FAIL(vfio, ret, "asking for its MSI-X vectors: %s",
				    ims_strerror(ret, buf, sizeof(buf)));
	}
	if (!irqs.count)
		return FAIL(vfio, -ENODEV, "the device has no MSI-X vectors");
	vfio->num_vectors = irqs.count;
	vfio->irq_flags = irqs.flags;
	return 0;
}

/* A handle with nothing open; @name is copied. */
static int new_handle(struct ims_ctx *ctx, const char *name,
		      struct ims_vfio **vfio)
{
	struct ims_vfio *v = calloc(1, sizeof(*v));
	char object[IMS_OBJECT_SIZE];

	ims_object_text(object, name, 0, 0);
	if (!v)
		return ims_fail_errno(ctx, -ENOMEM, object, "opening");

	v->ctx = ims_ctx_ref(ctx);
	memcpy(v->object, object, sizeof(object));
	v->container = -1;
	v->group = -1;
	v->iommufd = -1;
	v->device = -1;
	v->name = strdup(name);
	if (!v->name) {
		ims_fail_errno(ctx, -ENOMEM, object, "opening");
		ims_vfio_close(v);
		return -ENOMEM;
	}
	*vfio = v;
	return 0;
}

/* Ask what the device has unless @err says that it could not be opened. */
static int finish(struct ims_vfio *v, int err, struct ims_vfio **vfio)
{
	if (!err)
		err = query_device(v);
	if (err)
		ims_vfio_close(v);
	else
		*vfio = v;
	return err;
}

IMS_PUBLIC int ims_vfio_open(struct ims_ctx *ctx, const char *name,
			     struct ims_vfio **vfio)
{
	struct ims_vfio_place place;
	struct ims_vfio *v;
	int err;

	if (vfio)
		*vfio = NULL;
	if (!ctx || !name || !vfio)
		return -EINVAL;

	err = ims_vfio_find(ctx, name, &place);
	if (!err)
		err = new_handle(ctx, place.name, &v);
	if (err)
		return err;
	err = place.by_cdev ? ims_vfio_use_cdev(v, place.path) :
			      ims_vfio_use_group(v, place.path);
	return finish(v, err, vfio);
}

IMS_PUBLIC int ims_vfio_open_group(struct ims_ctx *ctx, const char *group_path,
				   const char *name, struct ims_vfio **vfio)
{
	struct ims_vfio *v;
	int err;

	if (vfio)
		*vfio = NULL;
	if (!ctx || !group_path || !name || !vfio)
		return -EINVAL;
	if (!group_path[0])
		return ims_fail(ctx, -EINVAL, NULL, NULL,
				"the path of a group cannot be empty");

	err = ims_vfio_check_name(ctx, name);
	if (!err)
		err = new_handle(ctx, name, &v);
	if (err)
		return err;
	return finish(v, ims_vfio_use_group(v, group_path), vfio);
}

IMS_PUBLIC int ims_vfio_open_fd(struct ims_ctx *ctx, int fd, const char *name,
				struct ims_vfio **vfio)
{
	struct ims_vfio *v;
	char number[32];
	char buf[128];
	int copy, err;

	if (vfio)
		*vfio = NULL;
	if (!ctx || !vfio)
		return -EINVAL;

	snprintf(number, sizeof(number), "of file descriptor %d", fd);
	err = new_handle(ctx, name ? name : number, &v);
	if (err)
		return err;
	v->unnamed = !name;

	copy = ims_sys_dup(fd);
	if (copy < 0)
		err = FAIL(v, copy, "file descriptor %d: %s", fd,
			   ims_strerror(copy, buf, sizeof(buf)));
	else
		v->device = copy;
	return finish(v, err, vfio);
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
	if (vfio->iommufd >= 0)
		ims_sys_close(vfio->iommufd);
	ims_ctx_free(vfio->ctx);
	free(vfio->name);
	free(vfio);
}
