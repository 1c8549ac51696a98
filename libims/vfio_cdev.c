// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A device by its own file, /dev/vfio/devices/vfioN: bound to an iommufd of its
 * own, and attached to an address space there.
 */
#include <errno.h>

#include "iommufd.h"
#include "sys.h"
#include "vfio.h"

#define IOMMU	"/dev/iommu"

static int open_device(struct ims_vfio *vfio, const char *path)
{
	char buf[128];
	int ret;

	ret = ims_sys_open(path);
	if (ret < 0)
		return FAIL(vfio, ret, "%s: %s", path,
			    ims_strerror(ret, buf, sizeof(buf)));
	vfio->device = ret;
	return 0;
}

static int open_iommufd(struct ims_vfio *vfio)
{
	char buf[128];
	int ret;

	ret = ims_sys_open(IOMMU);
	if (ret == -ENOENT || ret == -ENODEV || ret == -ENXIO)
		return FAIL(vfio, -EOPNOTSUPP,
			    IOMMU ": %s; is the kernel module iommufd loaded? Try \"modprobe iommufd\"",
			    ims_strerror(ret, buf, sizeof(buf)));
	if (ret < 0)
		return FAIL(vfio, ret, IOMMU ": %s",
			    ims_strerror(ret, buf, sizeof(buf)));
	vfio->iommufd = ret;
	return 0;
}

/* Before that, the device's file can do nothing else. */
static int bind(struct ims_vfio *vfio, const char *path)
{
	struct vfio_device_bind_iommufd arg = {
		.argsz = sizeof(arg),
		.iommufd = vfio->iommufd,
	};
	char buf[128];
	int ret;

	ret = ims_sys_ioctl(vfio->device, VFIO_DEVICE_BIND_IOMMUFD, &arg);
	if (ret == -ENOTTY)
		return FAIL(vfio, ret, "%s: this is not a VFIO device's file",
			    path);
	if (ret == -EBUSY)
		return FAIL(vfio, ret,
			    "%s: the device is in use through its group", path);
	/* All that the kernel says about a device that is open already. */
	if (ret == -EINVAL)
		return FAIL(vfio, ret,
			    "%s: binding the device to iommufd: %s; is it in use, by another process or through another handle?",
			    path, ims_strerror(ret, buf, sizeof(buf)));
	if (ret < 0)
		return FAIL(vfio, ret, "%s: binding the device to iommufd: %s",
			    path, ims_strerror(ret, buf, sizeof(buf)));
	return 0;
}

static int make_address_space(struct ims_vfio *vfio)
{
	struct iommu_ioas_alloc arg = { .size = sizeof(arg) };
	char buf[128];
	int ret;

	ret = ims_sys_ioctl(vfio->iommufd, IOMMU_IOAS_ALLOC, &arg);
	if (ret < 0)
		return FAIL(vfio, ret, IOMMU ": making an address space: %s",
			    ims_strerror(ret, buf, sizeof(buf)));
	vfio->ioas = arg.out_ioas_id;
	return 0;
}

int ims_vfio_use_cdev(struct ims_vfio *vfio, const char *path)
{
	int err = open_device(vfio, path);

	if (!err)
		err = open_iommufd(vfio);
	if (!err)
		err = bind(vfio, path);
	if (!err)
		err = make_address_space(vfio);
	if (!err)
		err = ims_vfio_attach(vfio);
	return err;
}

/* Whether the library has the address space, and can take it away. */
static int check_iommufd(struct ims_vfio *vfio, const char *what)
{
	if (vfio->iommufd >= 0)
		return 0;
	if (vfio->container >= 0)
		return FAIL(vfio, -EOPNOTSUPP,
			    "%s: the device is in a container, not in an iommufd",
			    what);
	return FAIL(vfio, -EOPNOTSUPP,
		    "%s: its address space is that of the caller who has opened the device",
		    what);
}

IMS_PUBLIC int ims_vfio_attach(struct ims_vfio *vfio)
{
	static const char what[] = "attaching the device to its address space";
	struct vfio_device_attach_iommufd_pt arg = { .argsz = sizeof(arg) };
	int ret;

	if (!vfio)
		return -EINVAL;
	ret = check_iommufd(vfio, what);
	if (ret)
		return ret;

	arg.pt_id = vfio->ioas;
	ret = ims_sys_ioctl(vfio->device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &arg);
	return ret < 0 ? ims_vfio_fail(vfio, ret, 0, 0, what) : 0;
}

IMS_PUBLIC int ims_vfio_detach(struct ims_vfio *vfio)
{
	static const char what[] = "detaching the device from its address space";
	struct vfio_device_detach_iommufd_pt arg = { .argsz = sizeof(arg) };
	int ret;

	if (!vfio)
		return -EINVAL;
	ret = check_iommufd(vfio, what);
	if (ret)
		return ret;

	ret = ims_sys_ioctl(vfio->device, VFIO_DEVICE_DETACH_IOMMUFD_PT, &arg);
	return ret < 0 ? ims_vfio_fail(vfio, ret, 0, 0, what) : 0;
}
