// SPDX-License-Identifier: GPL-2.0-only
/*
 * The user's memory: when the device can reach it, and access to it.
 *
 * A container has an address space when the device is opened. With iommufd the user
 * attaches one later, and can detach it. Before and afterwards the vectors of a
 * function that uses memory are on hold: what its slots carry (a PASID) names no
 * address space, or somebody else's by then.
 */
#include <linux/export.h>

#include "vfunc.h"

/* The hold of open or reset, or of a detachment, ends. */
static int ims_vfunc_memory_attach(struct ims_vfunc *fn)
{
	const struct ims_vfunc_driver *driver = fn->driver;
	int ret;

	lockdep_assert_held(&fn->lock);

	if (!driver->uses_memory)
		return 0;
	ret = driver->attach ? driver->attach(fn) : 0;
	if (ret)
		return ret;
	ret = vfio_pci_ims_arm(&fn->ims);
	if (ret && driver->detach)
		driver->detach(fn);
	return ret;
}

/* The device is open. */
int ims_vfunc_memory_open(struct ims_vfunc *fn)
{
	int ret = 0;

	mutex_lock(&fn->lock);
	if (!fn->iommufd) {
		ret = ims_vfunc_memory_attach(fn);
		fn->attached = !ret;
	}
	mutex_unlock(&fn->lock);
	return ret;
}

static void ims_vfunc_memory_detach(struct ims_vfunc *fn)
{
	lockdep_assert_held(&fn->lock);

	if (fn->attached && fn->driver->uses_memory && fn->driver->detach)
		fn->driver->detach(fn);
	fn->attached = false;
}

/* The device is closed, and its vectors have ended. */
void ims_vfunc_memory_close(struct ims_vfunc *fn)
{
	mutex_lock(&fn->lock);
	ims_vfunc_memory_detach(fn);
	mutex_unlock(&fn->lock);
}

/* vfio_pci_ims_reset() has the vectors on hold again. */
int ims_vfunc_memory_reset(struct ims_vfunc *fn)
{
	lockdep_assert_held(&fn->lock);

	if (!fn->driver->uses_memory || !fn->attached)
		return 0;
	return vfio_pci_ims_arm(&fn->ims);
}

int ims_vfunc_bind_iommufd(struct vfio_device *vdev, struct iommufd_ctx *ictx,
			   u32 *out_device_id)
{
	int ret = ims_compat_iommufd_bind(vdev, ictx, out_device_id);

	if (!ret)
		ims_vfunc_from_vdev(vdev)->iommufd = true;
	return ret;
}

void ims_vfunc_unbind_iommufd(struct vfio_device *vdev)
{
	ims_vfunc_from_vdev(vdev)->iommufd = false;
	ims_compat_iommufd_unbind(vdev);
}

/* Replaces what is attached, too: then nothing changes here. */
int ims_vfunc_attach_ioas(struct vfio_device *vdev, u32 *pt_id)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);
	int ret;

	ret = ims_compat_iommufd_attach(vdev, pt_id);
	if (ret)
		return ret;

	mutex_lock(&fn->lock);
	if (!fn->attached)
		ret = ims_vfunc_memory_attach(fn);
	fn->attached = !ret;
	mutex_unlock(&fn->lock);
	if (ret)
		ims_compat_iommufd_detach(vdev);
	return ret;
}

void ims_vfunc_detach_ioas(struct vfio_device *vdev)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);

	mutex_lock(&fn->lock);
	if (fn->attached && fn->driver->uses_memory) {
		if (fn->driver->stop)
			fn->driver->stop(fn);
		/* Fails when the PCI device is gone, which has taken all slots. */
		if (vfio_pci_ims_hold(&fn->ims))
			dev_dbg(fn->vdev.dev, "detached from a device that is gone\n");
	}
	ims_vfunc_memory_detach(fn);
	mutex_unlock(&fn->lock);
	ims_compat_iommufd_detach(vdev);
}

/* VFIO has no memory pinned for a driver without the callback. */
void ims_vfunc_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);

	if (fn->driver->dma_unmap)
		fn->driver->dma_unmap(fn, iova, length);
}

/**
 * ims_vfunc_read_memory - read the user's memory
 * @fn: the function
 * @iova: I/O virtual address
 * @buf: where to put what is there
 * @count: bytes
 *
 * Context: process context, kernel threads included; may sleep for as long as the
 * user lets a page fault take. From attach() until detach() returns, or for drivers
 * without @uses_memory from open() until close() returns. Not with a lock that
 * attach(), detach(), dma_unmap() or window() take.
 *
 * Return: 0; -EFAULT or -EINVAL when not all of it is mapped, or not for reading;
 * -ENOENT when no address space is attached; -ENOMEM.
 */
int ims_vfunc_read_memory(struct ims_vfunc *fn, u64 iova, void *buf,
			  size_t count)
{
	return vfio_dma_rw(&fn->vdev, iova, buf, count, false);
}
EXPORT_SYMBOL_GPL(ims_vfunc_read_memory);

/**
 * ims_vfunc_write_memory - write the user's memory
 * @fn: the function
 * @iova: I/O virtual address
 * @buf: what to write there
 * @count: bytes
 *
 * Context: as ims_vfunc_read_memory()
 *
 * Return: as ims_vfunc_read_memory(), with "writing" for "reading"; a part may have
 * been written
 */
int ims_vfunc_write_memory(struct ims_vfunc *fn, u64 iova, const void *buf,
			   size_t count)
{
	return vfio_dma_rw(&fn->vdev, iova, (void *)buf, count, true);
}
EXPORT_SYMBOL_GPL(ims_vfunc_write_memory);

/**
 * ims_vfunc_pin - keep pages of the user's memory where they are
 * @fn: the function; its driver has dma_unmap()
 * @iova: I/O virtual address, a multiple of PAGE_SIZE
 * @npages: how many, at most %VFIO_PIN_PAGES_MAX_ENTRIES
 * @prot: %IOMMU_READ, %IOMMU_WRITE or both
 * @pages: where to put them
 *
 * Context: as ims_vfunc_read_memory()
 *
 * Return: how many were pinned, which is @npages, or a negative errno
 */
int ims_vfunc_pin(struct ims_vfunc *fn, u64 iova, int npages, int prot,
		  struct page **pages)
{
	return vfio_pin_pages(&fn->vdev, iova, npages, prot, pages);
}
EXPORT_SYMBOL_GPL(ims_vfunc_pin);

/**
 * ims_vfunc_unpin - counterpart of ims_vfunc_pin()
 * @fn: the function
 * @iova: I/O virtual address of the first page
 * @npages: how many
 *
 * Context: as ims_vfunc_read_memory(), and from dma_unmap()
 */
void ims_vfunc_unpin(struct ims_vfunc *fn, u64 iova, int npages)
{
	vfio_unpin_pages(&fn->vdev, iova, npages);
}
EXPORT_SYMBOL_GPL(ims_vfunc_unpin);
