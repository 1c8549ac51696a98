// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual function as mdev and VFIO see it. Nothing here is about interrupts.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/uaccess.h>
#include <linux/version.h>

#include "skeleton.h"

#define SKEL_FUNCTIONS	16

static struct skel_fn *skel_fn_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct skel_fn, vdev);
}

static int skel_vfio_open(struct vfio_device *vdev)
{
	return skel_open(skel_fn_of(vdev));
}

static void skel_vfio_close(struct vfio_device *vdev)
{
	skel_close(skel_fn_of(vdev));
}

/* BAR 0 is the only region, and begins at offset 0 of the file. */
static bool skel_access_ok(size_t count, loff_t pos)
{
	return count == sizeof(u32) && IS_ALIGNED(pos, sizeof(u32)) &&
	       pos >= 0 && pos < SKEL_BAR_SIZE;
}

static u32 skel_register(struct skel_fn *fn, u32 reg)
{
	switch (reg) {
	case SKEL_REG_STATUS:
		return -fn->status;
	case SKEL_REG_PASID:
		return fn->pasid;
	case SKEL_REG_CHANGES:
		return READ_ONCE(fn->changes);
	default:
		return reg < SKEL_REG_HANDLE ? 0 :
		       skel_handle(fn, (reg - SKEL_REG_HANDLE) / sizeof(u32));
	}
}

static ssize_t skel_vfio_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *pos)
{
	__le32 value;

	if (!skel_access_ok(count, *pos))
		return -EINVAL;
	value = cpu_to_le32(skel_register(skel_fn_of(vdev), *pos));
	return copy_to_user(buf, &value, sizeof(value)) ? -EFAULT : count;
}

static ssize_t skel_vfio_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *pos)
{
	struct skel_fn *fn = skel_fn_of(vdev);
	__le32 value;

	if (!skel_access_ok(count, *pos))
		return -EINVAL;
	if (copy_from_user(&value, buf, sizeof(value)))
		return -EFAULT;
	fn->status = skel_command(fn, *pos, le32_to_cpu(value));
	return count;
}

static long skel_get_info(unsigned long arg)
{
	const size_t size = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, (void __user *)arg, size))
		return -EFAULT;
	if (info.argsz < size)
		return -EINVAL;

	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = VFIO_PCI_NUM_REGIONS;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user((void __user *)arg, &info, size) ? -EFAULT : 0;
}

static long skel_get_region_info(unsigned long arg)
{
	const size_t size = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;

	if (copy_from_user(&info, (void __user *)arg, size))
		return -EFAULT;
	if (info.argsz < size || info.index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;

	info.flags = 0;
	info.cap_offset = 0;
	info.size = 0;
	info.offset = 0;
	if (info.index == VFIO_PCI_BAR0_REGION_INDEX) {
		info.flags = VFIO_REGION_INFO_FLAG_READ |
			     VFIO_REGION_INFO_FLAG_WRITE;
		info.size = SKEL_BAR_SIZE;
	}
	return copy_to_user((void __user *)arg, &info, size) ? -EFAULT : 0;
}

static long skel_vfio_ioctl(struct vfio_device *vdev, unsigned int cmd,
			    unsigned long arg)
{
	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return skel_get_info(arg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return skel_get_region_info(arg);
	default:
		return skel_ioctl(skel_fn_of(vdev), cmd, arg);
	}
}

static void skel_vfio_request(struct vfio_device *vdev, unsigned int count)
{
	skel_request(skel_fn_of(vdev), count);
}

static const struct vfio_device_ops skel_vfio_ops = {
	.name		= "ims_skeleton",
	.open_device	= skel_vfio_open,
	.close_device	= skel_vfio_close,
	.read		= skel_vfio_read,
	.write		= skel_vfio_write,
	.ioctl		= skel_vfio_ioctl,
	.request	= skel_vfio_request,
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	.release	= vfio_free_device,
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	.bind_iommufd	= vfio_iommufd_emulated_bind,
	.unbind_iommufd	= vfio_iommufd_emulated_unbind,
	.attach_ioas	= vfio_iommufd_emulated_attach_ioas,
	.detach_ioas	= vfio_iommufd_emulated_detach_ioas,
#endif
};

static int skel_fn_probe(struct mdev_device *mdev)
{
	struct skel_fn *fn;
	int ret;

	fn = vfio_alloc_device(skel_fn, vdev, mdev_dev(mdev), &skel_vfio_ops);
	if (IS_ERR(fn))
		return PTR_ERR(fn);
	fn->skel = container_of(mdev->type, struct skel, type);

	ret = ida_alloc_range(&fn->skel->pasids, 1, SKEL_FUNCTIONS, GFP_KERNEL);
	if (ret < 0)
		goto err_put;
	fn->pasid = ret;
	ret = vfio_register_emulated_iommu_dev(&fn->vdev);
	if (ret)
		goto err_free_pasid;
	dev_set_drvdata(mdev_dev(mdev), fn);
	return 0;

err_free_pasid:
	ida_free(&fn->skel->pasids, fn->pasid);
err_put:
	vfio_put_device(&fn->vdev);
	return ret;
}

static void skel_fn_remove(struct mdev_device *mdev)
{
	struct skel_fn *fn = dev_get_drvdata(mdev_dev(mdev));

	/* Waits until the user has closed it. */
	vfio_unregister_group_dev(&fn->vdev);
	ida_free(&fn->skel->pasids, fn->pasid);
	vfio_put_device(&fn->vdev);
}

static struct mdev_driver skel_mdev_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= SKEL_FUNCTIONS,
	.probe		= skel_fn_probe,
	.remove		= skel_fn_remove,
	.driver = {
		.name		= "ims_skeleton",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};

/* From here on users can make functions of @skel. */
int skel_functions_add(struct skel *skel, struct device *dev)
{
	ida_init(&skel->pasids);
	skel->type.sysfs_name = "fn";
	skel->type.pretty_name = "function of a skeleton";
	skel->types[0] = &skel->type;
	return mdev_register_parent(&skel->parent, dev, &skel_mdev_driver,
				    skel->types, ARRAY_SIZE(skel->types));
}

/* Asks the users to close, waits until they have, and removes the functions. */
void skel_functions_del(struct skel *skel)
{
	mdev_unregister_parent(&skel->parent);
	ida_destroy(&skel->pasids);
}

int skel_functions_register(void)
{
	return mdev_register_driver(&skel_mdev_driver);
}

void skel_functions_unregister(void)
{
	mdev_unregister_driver(&skel_mdev_driver);
}
