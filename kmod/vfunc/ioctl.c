// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the user of a function asks for by ioctl(2).
 */
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "vfunc.h"

static long ims_vfunc_get_info(unsigned long arg)
{
	const unsigned long minsz = offsetofend(struct vfio_device_info,
						num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, (void __user *)arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;

	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = VFIO_PCI_NUM_REGIONS;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user((void __user *)arg, &info, minsz) ? -EFAULT : 0;
}

static int ims_vfunc_window_cap(const struct ims_vfunc_bar *bar,
				struct vfio_info_cap *caps)
{
	struct vfio_region_info_cap_sparse_mmap *cap;
	size_t size = struct_size(cap, areas, 1);
	int ret;

	cap = kzalloc(size, GFP_KERNEL);
	if (!cap)
		return -ENOMEM;
	cap->header.id = VFIO_REGION_INFO_CAP_SPARSE_MMAP;
	cap->header.version = 1;
	cap->nr_areas = 1;
	cap->areas[0].offset = bar->window;
	cap->areas[0].size = bar->window_size;
	ret = vfio_info_add_capability(caps, &cap->header, size);
	kfree(cap);
	return ret;
}

/**
 * ims_vfunc_region_info - describe a region
 * @vdev: the function's
 * @info: index is set; is filled in
 * @caps: gets the capabilities
 *
 * Return: 0, -EINVAL, -ENOMEM
 */
int ims_vfunc_region_info(struct vfio_device *vdev,
			  struct vfio_region_info *info,
			  struct vfio_info_cap *caps)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);

	if (info->index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;

	info->size = ims_vfunc_region_size(fn, info->index);
	info->flags = info->size ? VFIO_REGION_INFO_FLAG_READ |
				   VFIO_REGION_INFO_FLAG_WRITE : 0;
	info->offset = (u64)info->index << IMS_VFUNC_REGION_SHIFT;

	if (info->index >= PCI_STD_NUM_BARS ||
	    !fn->driver->bars[info->index].window_size)
		return 0;
	info->flags |= VFIO_REGION_INFO_FLAG_MMAP;
	return ims_vfunc_window_cap(&fn->driver->bars[info->index], caps);
}

/* Linux 7.0 and later do this themselves. */
static long ims_vfunc_get_region_info(struct vfio_device *vdev,
				      unsigned long arg)
{
	const unsigned long minsz = offsetofend(struct vfio_region_info,
						offset);
	struct vfio_info_cap caps = { };
	struct vfio_region_info info;
	long ret;

	if (copy_from_user(&info, (void __user *)arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.cap_offset = 0;
	ret = ims_vfunc_region_info(vdev, &info, &caps);
	if (ret)
		return ret;

	if (caps.size) {
		info.flags |= VFIO_REGION_INFO_FLAG_CAPS;
		if (info.argsz < sizeof(info) + caps.size) {
			info.argsz = sizeof(info) + caps.size;
		} else {
			vfio_info_cap_shift(&caps, sizeof(info));
			if (copy_to_user((void __user *)arg + sizeof(info),
					 caps.buf, caps.size)) {
				ret = -EFAULT;
				goto out;
			}
			info.cap_offset = sizeof(info);
		}
	}
	if (copy_to_user((void __user *)arg, &info, minsz))
		ret = -EFAULT;
out:
	kfree(caps.buf);
	return ret;
}

long ims_vfunc_ioctl(struct vfio_device *vdev, unsigned int cmd,
		     unsigned long arg)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return ims_vfunc_get_info(arg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return ims_vfunc_get_region_info(vdev, arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return vfio_pci_ims_get_irq_info(&fn->ims, arg);
	case VFIO_DEVICE_SET_IRQS:
		return vfio_pci_ims_set_irqs(&fn->ims, arg);
	case VFIO_DEVICE_RESET:
		return ims_vfunc_reset(fn);
	default:
		return -ENOTTY;
	}
}
