// SPDX-License-Identifier: GPL-2.0-only
/*
 * A work queue: mediated device and VFIO device. This is where the helper
 * (vfio_pci_ims) is used: its handle lives from open to close, and it is given
 * everything that has to do with interrupts.
 *
 * The module stays while a queue is open: VFIO holds a reference to the module
 * of the mediated device's driver, this one.
 */
#include <linux/module.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "edu.h"

/* Cookie of work queue 0: cookies are not to be 0, and not to look like ids. */
#define IMS_EDU_COOKIE_BASE	0x100

static struct ims_edu_wq *ims_edu_wq_from_vdev(struct vfio_device *vdev)
{
	return container_of(vdev, struct ims_edu_wq, vdev);
}

static int ims_edu_wq_init(struct vfio_device *vdev)
{
	struct ims_edu_wq *wq = ims_edu_wq_from_vdev(vdev);

	wq->nr_vectors = ims_edu_param_vectors();
	wq->vectors = kvcalloc(wq->nr_vectors, sizeof(*wq->vectors),
			       GFP_KERNEL_ACCOUNT);
	if (!wq->vectors)
		return -ENOMEM;
	wq->msix = kvcalloc(wq->nr_vectors, sizeof(*wq->msix),
			    GFP_KERNEL_ACCOUNT);
	if (!wq->msix) {
		kvfree(wq->vectors);
		return -ENOMEM;
	}
	mutex_init(&wq->lock);
	ims_edu_work_init(wq);
	return 0;
}

static void ims_edu_wq_release(struct vfio_device *vdev)
{
	struct ims_edu_wq *wq = ims_edu_wq_from_vdev(vdev);

	mutex_destroy(&wq->lock);
	kvfree(wq->msix);
	kvfree(wq->vectors);
}

/* Everything but the interrupts, which are disabled, and the worker's end. */
static void ims_edu_wq_clear(struct ims_edu_wq *wq)
{
	ims_edu_config_reset(wq);
	ims_edu_regs_reset(wq);
}

static int ims_edu_wq_open(struct vfio_device *vdev)
{
	struct ims_edu_wq *wq = ims_edu_wq_from_vdev(vdev);
	struct ims_edu *edu = wq->edu;
	struct vfio_pci_ims_params params = {
		.dev = vdev->dev,
		.num_vectors = wq->nr_vectors,
		.default_cookie = wq->default_cookie,
	};
	int ret;

	ims_edu_param_quota(&params.limit, &params.reservation);

	mutex_lock(&edu->lock);
	params.store = edu->ims;
	ret = params.store ? vfio_pci_ims_init(&wq->ims, &params) : -ENODEV;
	mutex_unlock(&edu->lock);
	if (ret)
		return ret;

	ret = vfio_pci_ims_set_emulated(&wq->ims, IMS_EDU_COMMAND_VECTOR, 1);
	if (ret) {
		vfio_pci_ims_free(&wq->ims);
		return ret;
	}

	mutex_lock(&wq->lock);
	ims_edu_wq_clear(wq);
	mutex_unlock(&wq->lock);
	return 0;
}

static void ims_edu_wq_close(struct vfio_device *vdev)
{
	struct ims_edu_wq *wq = ims_edu_wq_from_vdev(vdev);

	/* The worker uses the handle: it goes first. */
	ims_edu_work_stop(wq);
	vfio_pci_ims_free(&wq->ims);

	/* The helper's cookies have gone with it. */
	ims_edu_work_reset(wq);
}

static int ims_edu_wq_reset(struct ims_edu_wq *wq)
{
	int ret;

	mutex_lock(&wq->lock);
	ims_edu_work_stop(wq);
	ret = vfio_pci_set_ims_trigger(&wq->ims, VFIO_PCI_MSIX_IRQ_INDEX, 0, 0,
				       VFIO_IRQ_SET_DATA_NONE |
				       VFIO_IRQ_SET_ACTION_TRIGGER, NULL);
	ims_edu_wq_clear(wq);
	mutex_unlock(&wq->lock);
	return ret;
}

static u64 ims_edu_region_size(unsigned int index)
{
	switch (index) {
	case VFIO_PCI_BAR0_REGION_INDEX:
		return IMS_EDU_BAR_SIZE;
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return IMS_EDU_CONFIG_SIZE;
	default:
		return 0;
	}
}

/**
 * struct ims_edu_access - a user's read or write, checked
 * @offset: in the region
 * @config: the region is configuration space, else BAR 0
 */
struct ims_edu_access {
	u32 offset;
	bool config;
};

static int ims_edu_access_check(struct ims_edu_access *access, loff_t pos,
				size_t count)
{
	unsigned int index = (u64)pos >> IMS_EDU_REGION_SHIFT;
	u64 offset = pos & (BIT_ULL(IMS_EDU_REGION_SHIFT) - 1);
	u64 size = ims_edu_region_size(index);

	if (offset > size || count > size - offset)
		return -EINVAL;

	access->offset = offset;
	access->config = index == VFIO_PCI_CONFIG_REGION_INDEX;
	if (!access->config && !IS_ALIGNED(offset | count, sizeof(u32)))
		return -EINVAL;
	return 0;
}

/*
 * Both go word by word. Memory that faults in the middle makes a short read or
 * write, as it does with a pipe: what the return value says is done.
 */
static ssize_t ims_edu_wq_read(struct vfio_device *vdev, char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct ims_edu_wq *wq = ims_edu_wq_from_vdev(vdev);
	struct ims_edu_access access;
	size_t n, done;
	__le32 val = 0;
	int ret;

	ret = ims_edu_access_check(&access, *ppos, count);
	if (ret)
		return ret;

	for (done = 0; done < count; done += n) {
		n = min(count - done, sizeof(val));

		mutex_lock(&wq->lock);
		if (access.config)
			ims_edu_config_read(wq, access.offset + done, &val, n);
		else
			val = cpu_to_le32(ims_edu_regs_read(wq, access.offset +
								done));
		mutex_unlock(&wq->lock);

		if (copy_to_user(buf + done, &val, n))
			break;
	}
	if (count && !done)
		return -EFAULT;
	*ppos += done;
	return done;
}

static ssize_t ims_edu_wq_write(struct vfio_device *vdev,
				const char __user *buf, size_t count,
				loff_t *ppos)
{
	struct ims_edu_wq *wq = ims_edu_wq_from_vdev(vdev);
	struct ims_edu_access access;
	size_t n, done;
	__le32 val;
	int ret;

	ret = ims_edu_access_check(&access, *ppos, count);
	if (ret)
		return ret;

	for (done = 0; done < count; done += n) {
		n = min(count - done, sizeof(val));
		if (copy_from_user(&val, buf + done, n))
			break;

		mutex_lock(&wq->lock);
		if (access.config)
			ims_edu_config_write(wq, access.offset + done, &val, n);
		else
			ims_edu_regs_write(wq, access.offset + done,
					   le32_to_cpu(val));
		mutex_unlock(&wq->lock);
	}
	if (count && !done)
		return -EFAULT;
	*ppos += done;
	return done;
}

static long ims_edu_wq_get_info(unsigned long arg)
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

static long ims_edu_wq_get_region_info(unsigned long arg)
{
	const unsigned long minsz = offsetofend(struct vfio_region_info,
						offset);
	struct vfio_region_info info;

	if (copy_from_user(&info, (void __user *)arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;

	info.size = ims_edu_region_size(info.index);
	info.flags = info.size ? VFIO_REGION_INFO_FLAG_READ |
				 VFIO_REGION_INFO_FLAG_WRITE : 0;
	info.cap_offset = 0;
	info.offset = (u64)info.index << IMS_EDU_REGION_SHIFT;
	return copy_to_user((void __user *)arg, &info, minsz) ? -EFAULT : 0;
}

static long ims_edu_wq_ioctl(struct vfio_device *vdev, unsigned int cmd,
			     unsigned long arg)
{
	struct ims_edu_wq *wq = ims_edu_wq_from_vdev(vdev);

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return ims_edu_wq_get_info(arg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return ims_edu_wq_get_region_info(arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return vfio_pci_ims_get_irq_info(&wq->ims, arg);
	case VFIO_DEVICE_SET_IRQS:
		return vfio_pci_ims_set_irqs(&wq->ims, arg);
	case VFIO_DEVICE_RESET:
		return ims_edu_wq_reset(wq);
	default:
		return -ENOTTY;
	}
}

static void ims_edu_wq_request(struct vfio_device *vdev, unsigned int count)
{
	vfio_pci_ims_request(&ims_edu_wq_from_vdev(vdev)->ims, count);
}

/* No .dma_unmap: a queue has no access to its user's memory. */
static const struct vfio_device_ops ims_edu_wq_ops = {
	.name		= "ims_edu-wq",
	.init		= ims_edu_wq_init,
	.release	= ims_edu_wq_release,
	.open_device	= ims_edu_wq_open,
	.close_device	= ims_edu_wq_close,
	.read		= ims_edu_wq_read,
	.write		= ims_edu_wq_write,
	.ioctl		= ims_edu_wq_ioctl,
	.request	= ims_edu_wq_request,
	.bind_iommufd	= vfio_iommufd_emulated_bind,
	.unbind_iommufd	= vfio_iommufd_emulated_unbind,
	.attach_ioas	= vfio_iommufd_emulated_attach_ioas,
	.detach_ioas	= vfio_iommufd_emulated_detach_ioas,
};

static int ims_edu_wq_probe(struct mdev_device *mdev)
{
	struct ims_edu *edu = container_of(mdev->type, struct ims_edu, type);
	struct ims_edu_wq *wq;
	int ret;

	wq = vfio_alloc_device(ims_edu_wq, vdev, mdev_dev(mdev),
			       &ims_edu_wq_ops);
	if (IS_ERR(wq))
		return PTR_ERR(wq);
	wq->edu = edu;

	/* mdev lets in as many queues as the parameter says, no more. */
	ret = ida_alloc(&edu->wq_ids, GFP_KERNEL);
	if (ret < 0)
		goto err_put;
	wq->id = ret;
	wq->default_cookie = IMS_EDU_COOKIE_BASE + wq->id;

	ret = vfio_register_emulated_iommu_dev(&wq->vdev);
	if (ret)
		goto err_free_id;
	dev_set_drvdata(mdev_dev(mdev), wq);
	return 0;

err_free_id:
	ida_free(&edu->wq_ids, wq->id);
err_put:
	vfio_put_device(&wq->vdev);
	return ret;
}

static void ims_edu_wq_remove(struct mdev_device *mdev)
{
	struct ims_edu_wq *wq = dev_get_drvdata(mdev_dev(mdev));

	/* Asks the user to close the queue, and waits. */
	vfio_unregister_group_dev(&wq->vdev);
	ida_free(&wq->edu->wq_ids, wq->id);
	vfio_put_device(&wq->vdev);
}

static ssize_t ims_edu_wq_show_description(struct mdev_type *type, char *buf)
{
	return sysfs_emit(buf,
			  "factorials; %u MSI-X vectors backed by an interrupt message store\n",
			  ims_edu_param_vectors());
}

struct mdev_driver ims_edu_mdev_driver = {
	.device_api		= VFIO_DEVICE_API_PCI_STRING,
	.probe			= ims_edu_wq_probe,
	.remove			= ims_edu_wq_remove,
	.show_description	= ims_edu_wq_show_description,
	.driver = {
		.name		= "ims_edu-wq",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
