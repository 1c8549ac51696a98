// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shells of VFIO_DEVICE_SET_IRQS and VFIO_DEVICE_GET_IRQ_INFO: requests are
 * validated here and carried out by the vector engine.
 */
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "engine.h"

/* How many interrupts an index has: 0 for those that these devices have not. */
static u32 ims_index_size(const struct ims_vdev *vdev, u32 index)
{
	switch (index) {
	case VFIO_PCI_MSIX_IRQ_INDEX:
		return vdev->num_vectors;
	case VFIO_PCI_ERR_IRQ_INDEX:
	case VFIO_PCI_REQ_IRQ_INDEX:
		return 1;
	default:
		return 0;
	}
}

/*
 * Everything about a request that can be told without looking at a vector.
 * @size: out: bytes of payload.
 */
static int ims_set_irqs_check(const struct ims_vdev *vdev, u32 index, u32 flags,
			      u32 start, u32 count, size_t *size)
{
	u32 data = flags & VFIO_IRQ_SET_DATA_TYPE_MASK;
	u32 action = flags & VFIO_IRQ_SET_ACTION_TYPE_MASK;
	u32 nr;

	if (flags & ~(VFIO_IRQ_SET_DATA_TYPE_MASK |
		      VFIO_IRQ_SET_ACTION_TYPE_MASK))
		return -EINVAL;
	if (hweight32(data) != 1 || hweight32(action) != 1)
		return -EINVAL;
	if (index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;

	nr = ims_index_size(vdev, index);
	if (!nr)
		return -ENOTTY;
	if (start >= nr || (u64)start + count > nr)
		return -EINVAL;

	/* Only MSI-X vectors have a mask, and no eventfd drives it. */
	if (action != VFIO_IRQ_SET_ACTION_TRIGGER &&
	    (index != VFIO_PCI_MSIX_IRQ_INDEX ||
	     data == VFIO_IRQ_SET_DATA_EVENTFD))
		return -ENOTTY;

	*size = 0;
	if (data == VFIO_IRQ_SET_DATA_BOOL)
		*size = (size_t)count * sizeof(u8);
	else if (data == VFIO_IRQ_SET_DATA_EVENTFD)
		*size = (size_t)count * sizeof(s32);
	return 0;
}

static int ims_set_vectors(struct ims_vdev *vdev, u32 flags, u32 start,
			   u32 count, const void *data)
{
	u32 action = flags & VFIO_IRQ_SET_ACTION_TYPE_MASK;
	const u8 *bools = flags & VFIO_IRQ_SET_DATA_BOOL ? data : NULL;
	u32 failed;
	int ret;

	if (!count) {
		if (action == VFIO_IRQ_SET_ACTION_TRIGGER &&
		    flags & VFIO_IRQ_SET_DATA_NONE)
			ims_vectors_disable(vdev, false, VFIO_PCI_IMS_UNBOUND);
		return 0;
	}
	if (action != VFIO_IRQ_SET_ACTION_TRIGGER) {
		ret = ims_block_mask(vdev, start, count, bools,
				     action == VFIO_IRQ_SET_ACTION_MASK,
				     &failed);
		if (ret)
			dev_dbg(vdev->dev, "vector %u: has no trigger and no mask\n",
				failed);
		return ret;
	}
	if (flags & VFIO_IRQ_SET_DATA_EVENTFD)
		return ims_block_bind(vdev, start, count, data);

	/* As vfio-pci: only where nothing is bound at all there is no MSI-X. */
	if (!vdev->triggers)
		return -EINVAL;
	ims_block_signal(vdev, start, count, bools);
	return 0;
}

static int ims_set_channel(struct eventfd_ctx **channel, u32 flags, u32 count,
			   const void *data)
{
	if (flags & VFIO_IRQ_SET_DATA_EVENTFD)
		return count ? ims_channel_set(channel, *(const s32 *)data) : 0;

	if (flags & VFIO_IRQ_SET_DATA_NONE && !count)
		return ims_channel_set(channel, -1);
	/* As vfio_pci_set_ctx_trigger_single(): only NONE wants to have one. */
	if (flags & VFIO_IRQ_SET_DATA_BOOL) {
		if (count && *(const u8 *)data)
			ims_channel_signal(*channel);
		return 0;
	}
	return ims_channel_signal(*channel) ? 0 : -EINVAL;
}

static int ims_set_irqs(struct ims_vdev *vdev, u32 index, u32 flags, u32 start,
			u32 count, const void *data)
{
	int ret;

	ims_vdev_lock(vdev);
	ret = ims_vdev_usable(vdev);
	if (ret)
		goto out;

	switch (index) {
	case VFIO_PCI_ERR_IRQ_INDEX:
		ret = ims_set_channel(&vdev->error, flags, count, data);
		break;
	case VFIO_PCI_REQ_IRQ_INDEX:
		ret = ims_set_channel(&vdev->request, flags, count, data);
		break;
	default:
		ret = ims_set_vectors(vdev, flags, start, count, data);
	}
out:
	ims_vdev_unlock(vdev);
	return ret;
}

/**
 * vfio_pci_set_ims_trigger - VFIO_DEVICE_SET_IRQS with its payload in memory
 * @ims: the virtual device's interrupts
 * @index: %VFIO_PCI_MSIX_IRQ_INDEX, %VFIO_PCI_ERR_IRQ_INDEX or
 *	%VFIO_PCI_REQ_IRQ_INDEX
 * @start: first vector
 * @count: how many
 * @flags: VFIO_IRQ_SET_*
 * @data: @count u8 or s32, as @flags say; eventfds of the calling process
 *
 * For drivers that have read the request themselves.
 *
 * Context: process context, may sleep.
 *
 * Return: as vfio_pci_ims_set_irqs(), without -EFAULT.
 */
int vfio_pci_set_ims_trigger(struct vfio_pci_ims *ims, unsigned int index,
			     u32 start, u32 count, u32 flags, const void *data)
{
	struct ims_vdev *vdev = ims_vdev_get(ims);
	size_t size;
	int ret;

	if (!vdev)
		return -ENODEV;

	ret = ims_set_irqs_check(vdev, index, flags, start, count, &size);
	if (!ret && size && !data)
		ret = -EINVAL;
	if (!ret)
		ret = ims_set_irqs(vdev, index, flags, start, count, data);

	ims_vdev_put(vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_set_ims_trigger);

static int ims_set_irqs_user(struct ims_vdev *vdev,
			     struct vfio_irq_set __user *arg)
{
	const size_t minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;
	void *data = NULL;
	s32 word;
	size_t size;
	int ret;

	if (copy_from_user(&hdr, arg, minsz))
		return -EFAULT;
	if (hdr.argsz < minsz)
		return -EINVAL;

	ret = ims_set_irqs_check(vdev, hdr.index, hdr.flags, hdr.start,
				 hdr.count, &size);
	if (ret)
		return ret;
	if (hdr.argsz - minsz < size)
		return -EINVAL;

	/* A guest's mask or unmask: one eventfd. (Four bools fit, too.) */
	if (size == sizeof(word)) {
		if (get_user(word, (s32 __user *)arg->data))
			return -EFAULT;
		data = &word;
	} else if (size) {
		data = vmemdup_user(arg->data, size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	ret = ims_set_irqs(vdev, hdr.index, hdr.flags, hdr.start, hdr.count,
			   data);
	if (data && data != &word)
		kvfree(data);
	return ret;
}

/**
 * vfio_pci_ims_set_irqs - the whole of VFIO_DEVICE_SET_IRQS
 * @ims: the virtual device's interrupts
 * @arg: the ioctl's argument, a struct vfio_irq_set in user memory
 *
 * Serves the MSI-X index, the unplug request and errors
 * (include/uapi/linux/vfio.h). A request is carried out as a whole, or it fails
 * and has changed nothing. Signals pass over vectors without a trigger.
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EINVAL for a malformed request, a range not within the declared
 * vectors, signals while nothing is bound, a mask of a vector without trigger, or
 * a file descriptor that is no eventfd; -EBADF for a bad one; -ENOTTY for another
 * index or an action it does not have; -ENOSPC when the store, a limit or the
 * CPUs' vectors are exhausted; -ENOMEM; -EFAULT; -ENODEV when the device is not
 * open or its parent is gone.
 */
int vfio_pci_ims_set_irqs(struct vfio_pci_ims *ims, unsigned long arg)
{
	struct ims_vdev *vdev = ims_vdev_get(ims);
	int ret;

	if (!vdev)
		return -ENODEV;
	ret = ims_set_irqs_user(vdev, (struct vfio_irq_set __user *)arg);
	ims_vdev_put(vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_set_irqs);

/**
 * vfio_pci_ims_get_irq_info - the whole of VFIO_DEVICE_GET_IRQ_INFO
 * @ims: the virtual device's interrupts
 * @arg: the ioctl's argument, a struct vfio_irq_info in user memory
 *
 * An index that the device does not have is reported with count 0. ERR and REQ
 * have one eventfd each.
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EINVAL for a malformed request or no such index; -EFAULT; -ENODEV
 * when the device is not open.
 */
int vfio_pci_ims_get_irq_info(struct vfio_pci_ims *ims, unsigned long arg)
{
	const size_t minsz = offsetofend(struct vfio_irq_info, count);
	void __user *user = (void __user *)arg;
	struct vfio_irq_info info;
	struct ims_vdev *vdev;

	if (copy_from_user(&info, user, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;

	vdev = ims_vdev_get(ims);
	if (!vdev)
		return -ENODEV;
	info.count = ims_index_size(vdev, info.index);
	ims_vdev_put(vdev);

	/* As vfio_pci_ioctl_get_irq_info(), but for indexes that are not there. */
	info.flags = 0;
	if (info.index == VFIO_PCI_MSIX_IRQ_INDEX)
		info.flags = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE;
	else if (info.count)
		info.flags = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE;

	return copy_to_user(user, &info, minsz) ? -EFAULT : 0;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_get_irq_info);
