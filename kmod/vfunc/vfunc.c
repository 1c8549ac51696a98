// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual function as VFIO sees it. This is where the helper (vfio_pci_ims)
 * is used: its handle lives from open to close, and it is given everything that
 * has to do with interrupts.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "vfunc.h"

/* Cookie of function 0 */
#define IMS_VFUNC_COOKIE_BASE	0x100

static struct ims_vfunc *ims_vfunc_from_vdev(struct vfio_device *vdev)
{
	return container_of(vdev, struct ims_vfunc, vdev);
}

static int ims_vfunc_init(struct vfio_device *vdev)
{
	struct mdev_device *mdev = to_mdev_device(vdev->dev);
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);
	int ret;

	fn->parent = container_of(mdev->type, struct ims_vfunc_parent, type);
	fn->release = fn->parent->ops->release;
	fn->nr_vectors = fn->parent->nr_vectors;
	fn->msix = kvcalloc(ims_vfunc_nr_msix(fn), sizeof(*fn->msix),
			    GFP_KERNEL_ACCOUNT);
	if (!fn->msix)
		return -ENOMEM;
	mutex_init(&fn->lock);

	ret = fn->parent->ops->init ? fn->parent->ops->init(fn) : 0;
	if (ret) {
		mutex_destroy(&fn->lock);
		kvfree(fn->msix);
	}
	return ret;
}

static void ims_vfunc_release(struct vfio_device *vdev)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);

	if (fn->release)
		fn->release(fn);
	mutex_destroy(&fn->lock);
	kvfree(fn->msix);
	vfio_free_device(vdev);
}

static void ims_vfunc_stop(struct ims_vfunc *fn)
{
	if (fn->parent->ops->stop)
		fn->parent->ops->stop(fn);
}

/* Everything but the helper's, which is as after open, and what is stopped. */
static void ims_vfunc_clear(struct ims_vfunc *fn)
{
	u32 i;

	lockdep_assert_held(&fn->lock);

	ims_vfunc_config_reset(fn);
	for (i = 0; i < ims_vfunc_nr_msix(fn); i++) {
		memset(fn->msix[i], 0, sizeof(fn->msix[i]));
		fn->msix[i][3] = PCI_MSIX_ENTRY_CTRL_MASKBIT;
	}
	fn->parent->ops->reset(fn);
}

static int ims_vfunc_ims_init(struct ims_vfunc *fn, struct ims_store *store)
{
	const struct ims_vfunc_ops *ops = fn->parent->ops;
	struct vfio_pci_ims_params params = {
		.dev = fn->vdev.dev,
		.store = store,
		.ops = ops->ims_ops,
		.num_vectors = fn->nr_vectors,
	};

	if (!store)
		return -ENODEV;

	/* Cookies are not to look like ids, unless the hardware's are so small. */
	fn->default_cookie = IMS_VFUNC_COOKIE_BASE + fn->id;
	if (ims_store_check_cookie(store, IMS_VFUNC_COOKIE_BASE))
		fn->default_cookie = 1 + fn->id;
	params.default_cookie = fn->default_cookie;
	if (ops->quota)
		ops->quota(fn, &params.limit, &params.reservation);
	return vfio_pci_ims_init(&fn->ims, &params);
}

static int ims_vfunc_open(struct vfio_device *vdev)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);
	struct ims_vfunc_parent *parent = fn->parent;
	int ret;

	mutex_lock(&parent->lock);
	ret = ims_vfunc_ims_init(fn, parent->store);
	mutex_unlock(&parent->lock);
	if (ret < 0)
		return ret;
	fn->ims_id = ret;

	ret = parent->ops->open ? parent->ops->open(fn) : 0;
	if (ret) {
		vfio_pci_ims_free(&fn->ims, fn->ims_id);
		return ret;
	}

	mutex_lock(&fn->lock);
	ims_vfunc_clear(fn);
	mutex_unlock(&fn->lock);
	return 0;
}

static void ims_vfunc_close(struct vfio_device *vdev)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);

	/* Who uses the handle goes first. */
	ims_vfunc_stop(fn);
	vfio_pci_ims_free(&fn->ims, fn->ims_id);
	if (fn->parent->ops->close)
		fn->parent->ops->close(fn);
}

static int ims_vfunc_reset(struct ims_vfunc *fn)
{
	int ret;

	mutex_lock(&fn->lock);
	ims_vfunc_stop(fn);
	ret = vfio_pci_ims_reset(&fn->ims);
	ims_vfunc_clear(fn);
	mutex_unlock(&fn->lock);
	return ret;
}

/* The MSI-X table: storage, interrupts are set up by VFIO_DEVICE_SET_IRQS. */
static u32 *ims_vfunc_msix_word(struct ims_vfunc *fn, u32 offset)
{
	u32 entry = offset / PCI_MSIX_ENTRY_SIZE;
	u32 word = offset % PCI_MSIX_ENTRY_SIZE / sizeof(u32);

	return entry < ims_vfunc_nr_msix(fn) ? &fn->msix[entry][word] : NULL;
}

static u32 ims_vfunc_msix_read(struct ims_vfunc *fn, u32 offset)
{
	const u32 *word = ims_vfunc_msix_word(fn, offset);

	return word ? *word : 0;
}

static void ims_vfunc_msix_write(struct ims_vfunc *fn, u32 offset, u32 val)
{
	static const u32 writable[] = {
		~0x3U, ~0U, ~0U, PCI_MSIX_ENTRY_CTRL_MASKBIT,
	};
	u32 *word = ims_vfunc_msix_word(fn, offset);

	if (word)
		*word = val & writable[offset % PCI_MSIX_ENTRY_SIZE /
				       sizeof(u32)];
}

static u32 ims_vfunc_pba_read(struct ims_vfunc *fn, u32 first)
{
	u32 i, bits = 0;

	for (i = 0; i < 32 && first + i < fn->nr_vectors; i++)
		if (vfio_pci_ims_pending(&fn->ims, first + i))
			bits |= BIT(i);
	return bits;
}

static bool ims_vfunc_in_pba(const struct ims_vfunc_ops *ops, u32 offset)
{
	return offset >= ops->pba && offset - ops->pba < ops->pba_size;
}

static bool ims_vfunc_in_table(const struct ims_vfunc_ops *ops, u32 offset)
{
	return offset >= ops->table &&
	       offset - ops->table < IMS_VFUNC_MSIX_MAX * PCI_MSIX_ENTRY_SIZE;
}

static u32 ims_vfunc_bar_read(struct ims_vfunc *fn, u32 offset)
{
	const struct ims_vfunc_ops *ops = fn->parent->ops;

	lockdep_assert_held(&fn->lock);

	if (ims_vfunc_in_pba(ops, offset))
		return ims_vfunc_pba_read(fn, (offset - ops->pba) * 8);
	if (ims_vfunc_in_table(ops, offset))
		return ims_vfunc_msix_read(fn, offset - ops->table);
	return ops->read(fn, offset);
}

static void ims_vfunc_bar_write(struct ims_vfunc *fn, u32 offset, u32 val)
{
	const struct ims_vfunc_ops *ops = fn->parent->ops;

	lockdep_assert_held(&fn->lock);

	if (ims_vfunc_in_table(ops, offset))
		ims_vfunc_msix_write(fn, offset - ops->table, val);
	else if (!ims_vfunc_in_pba(ops, offset))
		ops->write(fn, offset, val);
}

static u64 ims_vfunc_region_size(const struct ims_vfunc *fn, unsigned int index)
{
	switch (index) {
	case VFIO_PCI_BAR0_REGION_INDEX:
		return fn->parent->ops->bar_size;
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return IMS_VFUNC_CONFIG_SIZE;
	default:
		return 0;
	}
}

/**
 * struct ims_vfunc_access - a user's read or write, checked
 * @offset: in the region
 * @config: the region is configuration space, else BAR 0
 */
struct ims_vfunc_access {
	u32 offset;
	bool config;
};

static int ims_vfunc_access_check(const struct ims_vfunc *fn,
				  struct ims_vfunc_access *access, loff_t pos,
				  size_t count)
{
	unsigned int index = (u64)pos >> IMS_VFUNC_REGION_SHIFT;
	u64 offset = pos & (BIT_ULL(IMS_VFUNC_REGION_SHIFT) - 1);
	u64 size = ims_vfunc_region_size(fn, index);

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
static ssize_t ims_vfunc_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);
	struct ims_vfunc_access access;
	size_t n, done;
	__le32 val = 0;
	int ret;

	ret = ims_vfunc_access_check(fn, &access, *ppos, count);
	if (ret)
		return ret;

	for (done = 0; done < count; done += n) {
		n = min(count - done, sizeof(val));

		mutex_lock(&fn->lock);
		if (access.config)
			ims_vfunc_config_read(fn, access.offset + done, &val, n);
		else
			val = cpu_to_le32(ims_vfunc_bar_read(fn, access.offset +
								 done));
		mutex_unlock(&fn->lock);

		if (copy_to_user(buf + done, &val, n))
			break;
	}
	if (count && !done)
		return -EFAULT;
	*ppos += done;
	return done;
}

static ssize_t ims_vfunc_write(struct vfio_device *vdev,
			       const char __user *buf, size_t count,
			       loff_t *ppos)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);
	struct ims_vfunc_access access;
	size_t n, done;
	__le32 val;
	int ret;

	ret = ims_vfunc_access_check(fn, &access, *ppos, count);
	if (ret)
		return ret;

	for (done = 0; done < count; done += n) {
		n = min(count - done, sizeof(val));
		if (copy_from_user(&val, buf + done, n))
			break;

		mutex_lock(&fn->lock);
		if (access.config)
			ims_vfunc_config_write(fn, access.offset + done, &val, n);
		else
			ims_vfunc_bar_write(fn, access.offset + done,
					    le32_to_cpu(val));
		mutex_unlock(&fn->lock);
	}
	if (count && !done)
		return -EFAULT;
	*ppos += done;
	return done;
}

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

static long ims_vfunc_get_region_info(const struct ims_vfunc *fn,
				      unsigned long arg)
{
	const unsigned long minsz = offsetofend(struct vfio_region_info,
						offset);
	struct vfio_region_info info;

	if (copy_from_user(&info, (void __user *)arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;

	info.size = ims_vfunc_region_size(fn, info.index);
	info.flags = info.size ? VFIO_REGION_INFO_FLAG_READ |
				 VFIO_REGION_INFO_FLAG_WRITE : 0;
	info.cap_offset = 0;
	info.offset = (u64)info.index << IMS_VFUNC_REGION_SHIFT;
	return copy_to_user((void __user *)arg, &info, minsz) ? -EFAULT : 0;
}

static long ims_vfunc_ioctl(struct vfio_device *vdev, unsigned int cmd,
			    unsigned long arg)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return ims_vfunc_get_info(arg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return ims_vfunc_get_region_info(fn, arg);
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

static void ims_vfunc_request(struct vfio_device *vdev, unsigned int count)
{
	vfio_pci_ims_request(&ims_vfunc_from_vdev(vdev)->ims, count);
}

/* No .dma_unmap: a function has no access to its user's memory. */
const struct vfio_device_ops ims_vfunc_vfio_ops = {
	.name		= KBUILD_MODNAME,
	.init		= ims_vfunc_init,
	.release	= ims_vfunc_release,
	.open_device	= ims_vfunc_open,
	.close_device	= ims_vfunc_close,
	.read		= ims_vfunc_read,
	.write		= ims_vfunc_write,
	.ioctl		= ims_vfunc_ioctl,
	.request	= ims_vfunc_request,
	IMS_VFIO_IOMMUFD_OPS
};
