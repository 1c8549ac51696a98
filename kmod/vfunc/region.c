// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the user of a function reads and writes: BARs and configuration space. The
 * MSI-X table and the pending bits are done here, other registers by the driver.
 */
#include <linux/uaccess.h>

#include "vfunc.h"

/* The MSI-X table: storage, interrupts are set up by VFIO_DEVICE_SET_IRQS. */
static u32 ims_vfunc_msix_read(const struct ims_vfunc *fn, u32 offset)
{
	return fn->msix[offset / PCI_MSIX_ENTRY_SIZE]
		       [offset % PCI_MSIX_ENTRY_SIZE / sizeof(u32)];
}

static void ims_vfunc_msix_write(struct ims_vfunc *fn, u32 offset, u32 val)
{
	static const u32 writable[] = {
		~0x3U, ~0U, ~0U, PCI_MSIX_ENTRY_CTRL_MASKBIT,
	};
	u32 word = offset % PCI_MSIX_ENTRY_SIZE / sizeof(u32);

	fn->msix[offset / PCI_MSIX_ENTRY_SIZE][word] = val & writable[word];
}

static u32 ims_vfunc_pba_read(struct ims_vfunc *fn, u32 first)
{
	u32 i, bits = 0;

	for (i = 0; i < 32 && first + i < fn->driver->num_vectors; i++)
		if (vfio_pci_ims_pending(&fn->ims, first + i))
			bits |= BIT(i);
	return bits;
}

static bool ims_vfunc_in_pba(const struct ims_vfunc_driver *driver,
			     unsigned int bar, u64 offset)
{
	return bar == driver->msix_bar && offset >= driver->msix_pba &&
	       offset - driver->msix_pba < ims_vfunc_pba_size(driver);
}

static bool ims_vfunc_in_table(const struct ims_vfunc *fn, unsigned int bar,
			       u64 offset)
{
	const struct ims_vfunc_driver *driver = fn->driver;

	return bar == driver->msix_bar && offset >= driver->msix_table &&
	       offset - driver->msix_table <
			ims_vfunc_nr_msix(fn) * PCI_MSIX_ENTRY_SIZE;
}

static u32 ims_vfunc_bar_read(struct ims_vfunc *fn, unsigned int bar, u64 offset)
{
	const struct ims_vfunc_driver *driver = fn->driver;

	lockdep_assert_held(&fn->lock);

	if (ims_vfunc_in_pba(driver, bar, offset))
		return ims_vfunc_pba_read(fn, (offset - driver->msix_pba) * 8);
	if (ims_vfunc_in_table(fn, bar, offset))
		return ims_vfunc_msix_read(fn, offset - driver->msix_table);
	return driver->read(fn, bar, offset);
}

static void ims_vfunc_bar_write(struct ims_vfunc *fn, unsigned int bar,
				u64 offset, u32 val)
{
	const struct ims_vfunc_driver *driver = fn->driver;

	lockdep_assert_held(&fn->lock);

	if (ims_vfunc_in_table(fn, bar, offset))
		ims_vfunc_msix_write(fn, offset - driver->msix_table, val);
	else if (!ims_vfunc_in_pba(driver, bar, offset))
		driver->write(fn, bar, offset, val);
}

/**
 * ims_vfunc_region_size - size of a region
 * @fn: the function
 * @index: VFIO_PCI_*_REGION_INDEX, or beyond
 *
 * Return: bytes; 0 for what the function does not have
 */
u64 ims_vfunc_region_size(const struct ims_vfunc *fn, unsigned int index)
{
	if (index < PCI_STD_NUM_BARS)
		return fn->driver->bars[index].size;
	return index == VFIO_PCI_CONFIG_REGION_INDEX ? ims_vfunc_config_size(fn) : 0;
}

/**
 * struct ims_vfunc_access - a user's read or write, checked
 * @index: region: configuration space or a BAR
 * @offset: in the region
 */
struct ims_vfunc_access {
	unsigned int index;
	u64 offset;
};

static bool ims_vfunc_access_config(const struct ims_vfunc_access *access)
{
	return access->index == VFIO_PCI_CONFIG_REGION_INDEX;
}

static int ims_vfunc_access_check(const struct ims_vfunc *fn,
				  struct ims_vfunc_access *access, loff_t pos,
				  size_t count)
{
	u64 index = (u64)pos >> IMS_VFUNC_REGION_SHIFT;
	u64 size;

	access->index = min_t(u64, index, VFIO_PCI_NUM_REGIONS);
	access->offset = pos & (BIT_ULL(IMS_VFUNC_REGION_SHIFT) - 1);
	size = ims_vfunc_region_size(fn, access->index);
	if (access->offset > size || count > size - access->offset)
		return -EINVAL;
	if (!ims_vfunc_access_config(access) &&
	    !IS_ALIGNED(access->offset | count, sizeof(u32)))
		return -EINVAL;
	return 0;
}

/*
 * Both go word by word. Memory that faults in the middle makes a short read or
 * write, as it does with a pipe: what the return value says is done.
 */
ssize_t ims_vfunc_read(struct vfio_device *vdev, char __user *buf, size_t count,
		       loff_t *ppos)
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
		if (ims_vfunc_access_config(&access))
			ims_vfunc_config_read(fn, access.offset + done, &val, n);
		else
			val = cpu_to_le32(ims_vfunc_bar_read(fn, access.index,
						access.offset + done));
		mutex_unlock(&fn->lock);

		if (copy_to_user(buf + done, &val, n))
			break;
	}
	if (count && !done)
		return -EFAULT;
	*ppos += done;
	return done;
}

ssize_t ims_vfunc_write(struct vfio_device *vdev, const char __user *buf,
			size_t count, loff_t *ppos)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);
	struct ims_vfunc_access access;
	bool reset = false;
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
		if (ims_vfunc_access_config(&access))
			reset |= ims_vfunc_config_write(fn, access.offset + done,
							&val, n);
		else
			ims_vfunc_bar_write(fn, access.index,
					    access.offset + done,
					    le32_to_cpu(val));
		mutex_unlock(&fn->lock);
	}
	if (count && !done)
		return -EFAULT;
	/* Fails when the PCI device is gone: nothing is left to be reset. */
	if (reset && ims_vfunc_reset(fn))
		dev_dbg(fn->vdev.dev, "function level reset of a device that is gone\n");
	*ppos += done;
	return done;
}
