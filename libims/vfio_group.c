// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A device by its group: a container of its own, the group, the device.
 */
#include <errno.h>

#include "sys.h"
#include "vfio.h"

#define CONTAINER	IMS_VFIO_CONTAINER

static int open_container(struct ims_vfio *vfio)
{
	char buf[128];
	int ret;

	ret = ims_sys_open(CONTAINER);
	if (ret == -ENOENT || ret == -ENODEV || ret == -ENXIO)
		return FAIL(vfio, -EOPNOTSUPP,
			    CONTAINER ": %s; is the kernel module vfio loaded? Try \"modprobe vfio\"",
			    ims_strerror(ret, buf, sizeof(buf)));
	if (ret < 0)
		return FAIL(vfio, ret, CONTAINER ": %s",
			    ims_strerror(ret, buf, sizeof(buf)));
	vfio->container = ret;

	ret = ims_sys_ioctl(vfio->container, VFIO_GET_API_VERSION, NULL);
	if (ret < 0)
		return FAIL(vfio, ret,
			    CONTAINER ": asking for the API version: %s",
			    ims_strerror(ret, buf, sizeof(buf)));
	if (ret != VFIO_API_VERSION)
		return FAIL(vfio, -EOPNOTSUPP,
			    CONTAINER ": the kernel speaks version %d of the API, not %d",
			    ret, VFIO_API_VERSION);
	return 0;
}

static int open_group(struct ims_vfio *vfio, const char *path)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char buf[128];
	int ret;

	ret = ims_sys_open(path);
	if (ret == -EBUSY)
		return FAIL(vfio, ret,
			    "%s: the group is in use, by another process or through another handle",
			    path);
	if (ret < 0)
		return FAIL(vfio, ret, "%s: %s", path,
			    ims_strerror(ret, buf, sizeof(buf)));
	vfio->group = ret;

	ret = ims_sys_ioctl(vfio->group, VFIO_GROUP_GET_STATUS, &status);
	if (ret < 0)
		return FAIL(vfio, ret, "%s: asking for the group's status: %s",
			    path, ims_strerror(ret, buf, sizeof(buf)));
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return FAIL(vfio, -ENXIO,
			    "%s: the group is not viable: some device in it has a driver that is not VFIO's",
			    path);
	return 0;
}

/* The IOMMU of a container can be chosen once there is a group in it. */
static int join(struct ims_vfio *vfio, const char *path)
{
	long type = VFIO_TYPE1v2_IOMMU;
	char buf[128];
	int ret;

	ret = ims_sys_ioctl(vfio->group, VFIO_GROUP_SET_CONTAINER,
			    &vfio->container);
	if (ret < 0)
		return FAIL(vfio, ret,
			    "%s: adding the group to a container: %s", path,
			    ims_strerror(ret, buf, sizeof(buf)));

	ret = ims_sys_ioctl(vfio->container, VFIO_CHECK_EXTENSION,
			    (void *)type);
	if (ret <= 0) {
		type = VFIO_TYPE1_IOMMU;
		ret = ims_sys_ioctl(vfio->container, VFIO_CHECK_EXTENSION,
				    (void *)type);
	}
	if (ret <= 0)
		return FAIL(vfio, -EOPNOTSUPP,
			    CONTAINER ": no type 1 IOMMU; is the kernel module vfio_iommu_type1 loaded? Try \"modprobe vfio_iommu_type1\"");

	ret = ims_sys_ioctl(vfio->container, VFIO_SET_IOMMU, (void *)type);
	if (ret == -ENODEV)
		return FAIL(vfio, -EOPNOTSUPP,
			    CONTAINER ": setting up the type 1 IOMMU: %s; is the kernel module vfio_iommu_type1 loaded?",
			    ims_strerror(ret, buf, sizeof(buf)));
	if (ret < 0)
		return FAIL(vfio, ret,
			    CONTAINER ": setting up the type 1 IOMMU: %s",
			    ims_strerror(ret, buf, sizeof(buf)));
	return 0;
}

static int open_device(struct ims_vfio *vfio, const char *path)
{
	char buf[128];
	int ret;

	ret = ims_sys_ioctl(vfio->group, VFIO_GROUP_GET_DEVICE_FD, vfio->name);
	if (ret == -EBUSY)
		return FAIL(vfio, ret, "%s: the device is open already", path);
	if (ret < 0)
		return FAIL(vfio, ret, "%s: opening the device: %s", path,
			    ims_strerror(ret, buf, sizeof(buf)));
	vfio->device = ret;
	return 0;
}

int ims_vfio_use_group(struct ims_vfio *vfio, const char *path)
{
	int err = open_container(vfio);

	if (!err)
		err = open_group(vfio, path);
	if (!err)
		err = join(vfio, path);
	if (!err)
		err = open_device(vfio, path);
	return err;
}
