/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vfio: a handle on an open virtual device
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_VFIO_H
#define LIBIMS_API_VFIO_H

#include <stddef.h>
#include <stdint.h>

#include <libims/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_vfio;

/**
 * ims_vfio_open() - open a virtual device as its VFIO user
 * @ctx: context; the handle's errors are found in it, too
 * @name: which device:
 *
 *	a name		of a mediated device, its UUID, or of a function of the
 *			bus ims_vfunc, such as "0000:00:04.0-3"
 *	a path		with a slash: a device's directory in sysfs, such as
 *			QEMU's sysfsdev= takes; or a VFIO device's own file,
 *			/dev/vfio/devices/vfioN
 *
 * @vfio: where to put the handle
 *
 * If @name is a name or a directory, and /dev/vfio/vfio and the group's /dev/vfio/N
 * exist, the device is opened through its group, in a container of its own that is
 * set up as type 1 IOMMU. Else, and if @name is the device's own file, it is opened
 * through its own file, bound to an iommufd of its own and attached to an address
 * space there. The caller needs access to the group's files, or to the device's own
 * file and /dev/iommu; the netlink family is not needed.
 *
 * @return 0 and a handle to be closed with ims_vfio_close(), or
 *	-EINVAL		an argument is NULL, or @name cannot be a device's name or
 *			is the path of something else; the kernel also returns
 *			this for a device's own file when the device is open already
 *	-ENODEV		no such device, or it has no MSI-X vectors
 *	-EACCES, -EPERM	the files' permissions forbid it
 *	-EBUSY		the group is in use, or the device is open already
 *	-EOPNOTSUPP	the kernel lacks VFIO, or vfio_iommu_type1 or iommufd is
 *			not loaded
 *	-ENOTTY		the file is not a VFIO device
 *	-ENXIO		no VFIO driver is bound to the device, or the group is
 *			not viable: some device in it has a foreign driver
 *	-ENOMEM		out of memory
 *	other		the errno of open(2) or ioctl(2); the error's text names
 *			the file and the step
 */
int ims_vfio_open(struct ims_ctx *ctx, const char *name,
		  struct ims_vfio **vfio);

/**
 * ims_vfio_open_group() - open a device of a group that the caller has found
 * @ctx: context; the handle's errors are found in it, too
 * @group_path: the group's file, such as "/dev/vfio/12"
 * @name: the device's name, as VFIO knows it in the group
 * @vfio: where to put the handle
 *
 * As ims_vfio_open() through a group, but without reading sysfs: for programs that
 * cannot see sysfs, or where the group's file is elsewhere.
 *
 * @return 0 and a handle to be closed with ims_vfio_close(), or what
 *	ims_vfio_open() returns; -ENODEV also when the group has no such device
 */
int ims_vfio_open_group(struct ims_ctx *ctx, const char *group_path,
			const char *name, struct ims_vfio **vfio);

/**
 * ims_vfio_open_fd() - use a VFIO device that the caller has opened
 * @ctx: context; the handle's errors are found in it, too
 * @fd: the VFIO device's file descriptor, however it was obtained. It is
 *	duplicated: @fd remains the caller's, and may be closed.
 * @name: for messages; NULL: messages have the number @fd instead
 * @vfio: where to put the handle
 *
 * @return 0 and a handle to be closed with ims_vfio_close(), or
 *	-EINVAL	@ctx or @vfio is NULL; or ioctl(2)'s, see below
 *	-EBADF	@fd is not a file descriptor
 *	-ENODEV	the device has no MSI-X vectors
 *	-EMFILE	the process has too many files open
 *	-ENOMEM	out of memory
 *	other	the errno of ioctl(2); -ENOTTY or -EINVAL when @fd is not a VFIO
 *		device
 */
int ims_vfio_open_fd(struct ims_ctx *ctx, int fd, const char *name,
		     struct ims_vfio **vfio);

/**
 * ims_vfio_close() - close a virtual device
 * @vfio: handle or NULL
 *
 * Every vector loses its trigger, slot and context. With a handle from
 * ims_vfio_open_fd() this happens when the caller's file descriptor is closed, too.
 */
void ims_vfio_close(struct ims_vfio *vfio);

/**
 * ims_vfio_get_name() - the device's name
 * @vfio: handle
 *
 * The name is that of the netlink family, see ims_device_get(), however the device
 * was opened. If the device was opened by its own file, and sysfs does not show that
 * file's device, it is the name of the file.
 *
 * @return Borrowed; NULL if @vfio is NULL or was made without a name.
 */
const char *ims_vfio_get_name(const struct ims_vfio *vfio);

/**
 * ims_vfio_get_fd() - the VFIO device's file descriptor
 * @vfio: handle
 *
 * For ioctls that the library does not wrap.
 *
 * @return Borrowed file descriptor; -EINVAL if @vfio is NULL.
 */
int ims_vfio_get_fd(const struct ims_vfio *vfio);

/**
 * ims_vfio_get_vectors() - number of MSI-X vectors
 * @vfio: handle
 * @count: where to put it
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 */
int ims_vfio_get_vectors(const struct ims_vfio *vfio, uint32_t *count);

/**
 * ims_vfio_get_irq_flags() - properties of the MSI-X index
 * @vfio: handle
 * @flags: where to put VFIO_IRQ_INFO_* of <linux/vfio.h>
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 */
int ims_vfio_get_irq_flags(const struct ims_vfio *vfio, uint32_t *flags);

/*
 * The device's address space: the memory that it reaches by DMA, at I/O virtual
 * addresses (IOVAs). It belongs to the container or the iommufd that
 * ims_vfio_open() has made; it is empty at first, and ends with the handle.
 */

/**
 * enum ims_vfio_dma_flags - what a device may do with mapped memory
 * @IMS_VFIO_DMA_READ: read it
 * @IMS_VFIO_DMA_WRITE: write it
 */
enum ims_vfio_dma_flags {
	IMS_VFIO_DMA_READ = 1 << 0,
	IMS_VFIO_DMA_WRITE = 1 << 1,
};

/**
 * ims_vfio_map_dma() - let the device reach memory of the process
 * @vfio: handle
 * @iova: address of the memory for the device
 * @addr: the memory. It must stay mapped in the process until it is unmapped here.
 * @size: number of bytes
 * @flags: enum ims_vfio_dma_flags, one or both
 *
 * @iova, @addr and @size are multiples of the page size.
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL, @size is 0, these are not multiples
 *			of the page size, the range goes beyond the last address,
 *			the IOMMU does not have such addresses, or @flags has
 *			neither flag or an unknown one
 *	-EEXIST		something is mapped within the range
 *	-EOPNOTSUPP	the caller has opened the device (ims_vfio_open_fd()),
 *			and manages its address space
 *	-EFAULT		@addr is not memory of the process
 *	-ENOMEM		out of memory, or the process may not lock that much
 *	-ENOSPC		too many mappings
 *	other		the errno of ioctl(2)
 */
int ims_vfio_map_dma(struct ims_vfio *vfio, uint64_t iova, void *addr,
		     uint64_t size, unsigned int flags);

/**
 * ims_vfio_unmap_dma() - end the device's access to memory
 * @vfio: handle
 * @iova: first address of the range
 * @size: number of bytes
 *
 * Removes all mappings in the range, each of which must lie in the range as a whole.
 * When this returns, the device no longer uses the memory.
 *
 * @return 0, or
 *	-EINVAL		@vfio is NULL, @size is 0, these are not multiples of the
 *			page size, or the range goes beyond the last address
 *	-ENOENT		nothing is mapped there, or only a part of a mapping is
 *			in the range
 *	-EOPNOTSUPP	as ims_vfio_map_dma()
 *	other		the errno of ioctl(2)
 */
int ims_vfio_unmap_dma(struct ims_vfio *vfio, uint64_t iova, uint64_t size);

/**
 * ims_vfio_detach() - take the device's address space away
 * @vfio: handle
 *
 * The device no longer reaches memory of the process, until ims_vfio_attach() gives
 * it the same address space back. Mappings stay in the address space, and can be
 * changed meanwhile. Possible only with a device that was opened through its own
 * file. Succeeds also when the device has no address space.
 *
 * @return 0, or
 *	-EINVAL		@vfio is NULL
 *	-EOPNOTSUPP	the device is in a container, or the caller has opened it
 *	other		the errno of ioctl(2)
 */
int ims_vfio_detach(struct ims_vfio *vfio);

/**
 * ims_vfio_attach() - give the device its address space back
 * @vfio: handle
 *
 * Undoes ims_vfio_detach(). Succeeds also when the device has its address space.
 *
 * @return As ims_vfio_detach().
 */
int ims_vfio_attach(struct ims_vfio *vfio);

/*
 * Vectors. A range is @count vectors from @first on. All of these functions:
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, @count is 0, a vector is beyond those that
 *		the device has, or its state does not allow it
 *	-ENODEV	the parent device is gone
 *	-ENOTTY	the device does not support the action
 *	-ENOMEM	out of memory
 *	other	the errno of ioctl(2)
 */

/**
 * ims_vfio_bind() - bind eventfds to vectors
 * @vfio: handle
 * @first: first vector
 * @fds: @count eventfds; -1 unbinds the vector's trigger. They remain the
 *	caller's, and may be closed after the call.
 * @count: number of vectors
 *
 * All vectors change or none does. A vector that is live keeps its slot and
 * Linux IRQ and loses no interrupt.
 *
 * @return 0; see above, and
 *	-EBADF	a number in @fds is not a file descriptor
 *	-EINVAL	also: a file in @fds is not an eventfd
 *	-ENOSPC	the store, the device's limit or the CPUs' vectors are exhausted
 */
int ims_vfio_bind(struct ims_vfio *vfio, uint32_t first, const int *fds,
		  uint32_t count);

/**
 * ims_vfio_unbind() - unbind triggers from vectors
 * @vfio: handle
 * @first: first vector
 * @count: number of vectors
 *
 * The vectors become idle: they give back slot and Linux IRQ and keep cookie,
 * backing and counts. Vectors without a trigger do not change.
 *
 * @return See above.
 */
int ims_vfio_unbind(struct ims_vfio *vfio, uint32_t first, uint32_t count);

/**
 * ims_vfio_mask() - mask vectors
 * @vfio: handle
 * @first: first vector
 * @count: number of vectors
 *
 * Each vector remembers one interrupt and delivers it when unmasked. -EINVAL
 * when a vector has no trigger.
 *
 * @return See above.
 */
int ims_vfio_mask(struct ims_vfio *vfio, uint32_t first, uint32_t count);

/**
 * ims_vfio_unmask() - unmask vectors
 * @vfio: handle
 * @first: first vector
 * @count: number of vectors
 *
 * -EINVAL when a vector has no trigger.
 *
 * @return See above.
 */
int ims_vfio_unmask(struct ims_vfio *vfio, uint32_t first, uint32_t count);

/**
 * ims_vfio_trigger() - signal vectors through their triggers
 * @vfio: handle
 * @first: first vector
 * @count: number of vectors
 *
 * Loopback: the eventfds are signalled without hardware. Vectors without a trigger
 * are passed over; -EINVAL when no vector of the device has a trigger.
 *
 * @return See above.
 */
int ims_vfio_trigger(struct ims_vfio *vfio, uint32_t first, uint32_t count);

/**
 * ims_vfio_trigger_some() - signal chosen vectors through their triggers
 * @vfio: handle
 * @first: first vector
 * @wanted: @count bytes; vectors with a byte that is not 0 are signalled
 * @count: number of vectors
 *
 * As ims_vfio_trigger() for the chosen vectors.
 *
 * @return See above.
 */
int ims_vfio_trigger_some(struct ims_vfio *vfio, uint32_t first,
			  const uint8_t *wanted, uint32_t count);

/**
 * ims_vfio_disable() - unbind all triggers
 * @vfio: handle
 *
 * Disables the MSI-X index. Succeeds also when nothing was bound.
 *
 * @return See above.
 */
int ims_vfio_disable(struct ims_vfio *vfio);

/**
 * ims_vfio_bind_request() - bind an eventfd to requests to release the device
 * @vfio: handle
 * @fd: eventfd, signalled when the host wants to remove the device; -1 for
 *	none. It remains the caller's.
 *
 * @return 0; see above, and
 *	-EBADF	@fd is not a file descriptor
 *	-ENOTTY	the device has no such event
 */
int ims_vfio_bind_request(struct ims_vfio *vfio, int fd);

/**
 * ims_vfio_reset() - reset the virtual device
 * @vfio: handle
 *
 * @return 0, or
 *	-EINVAL	@vfio is NULL
 *	-ENOTTY	the device has no reset
 *	other	the errno of ioctl(2)
 */
int ims_vfio_reset(struct ims_vfio *vfio);

/* Regions. @region is VFIO_PCI_BAR0_REGION_INDEX and so on, <linux/vfio.h>. */

/**
 * ims_vfio_get_region_size() - size of a region
 * @vfio: handle
 * @region: region index
 * @size: where to put the size in bytes; 0 when the device lacks the region
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, or no region has that index
 *	other	the errno of ioctl(2)
 */
int ims_vfio_get_region_size(struct ims_vfio *vfio, uint32_t region,
			     uint64_t *size);

/**
 * ims_vfio_get_region_areas() - areas of a region that can be mapped
 * @vfio: handle
 * @region: region index
 * @count: where to put their number; 0 when nothing of the region can be mapped
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, or no region has that index
 *	-ENOMEM	out of memory
 *	other	the errno of ioctl(2)
 */
int ims_vfio_get_region_areas(struct ims_vfio *vfio, uint32_t region,
			      uint32_t *count);

/**
 * ims_vfio_get_region_area() - where one of these areas is
 * @vfio: handle
 * @region: region index
 * @number: 0 to ims_vfio_get_region_areas() less 1
 * @offset: where to put its first byte in the region
 * @size: where to put its size in bytes
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, no region has that index, or it has no such
 *		area
 *	-ENOMEM	out of memory
 *	other	the errno of ioctl(2)
 */
int ims_vfio_get_region_area(struct ims_vfio *vfio, uint32_t region,
			     uint32_t number, uint64_t *offset, uint64_t *size);

/**
 * ims_vfio_map_region() - map a window on a region into the process
 * @vfio: handle
 * @region: region index
 * @offset: first byte in the region
 * @size: number of bytes
 * @window: where to put the address
 *
 * For example, a portal: a page through which work is submitted without a system
 * call. The range must be whole pages within one area, see
 * ims_vfio_get_region_area(). The window can be read and written if the region can.
 * It outlives the handle, and keeps the device open until it is unmapped.
 *
 * @return 0 and a window to be unmapped with ims_vfio_unmap_region(), or
 *	-EINVAL	an argument is NULL, @size is 0, @offset or @size is not a multiple
 *		of the page size, or no region has that index
 *	-EACCES	the range cannot be mapped
 *	-ENOMEM	out of memory
 *	other	the errno of ioctl(2) or mmap(2)
 */
int ims_vfio_map_region(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
			size_t size, void **window);

/**
 * ims_vfio_unmap_region() - unmap a window
 * @vfio: handle; only its context is used, for the error. Otherwise this is the same
 *	as munmap(2)
 * @window: window from ims_vfio_map_region()
 * @size: number of bytes
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, or munmap(2)'s
 */
int ims_vfio_unmap_region(struct ims_vfio *vfio, void *window, size_t size);

/**
 * ims_vfio_read() - read from a region
 * @vfio: handle
 * @region: region index
 * @offset: first byte in the region
 * @data: where to put the bytes
 * @size: number of bytes
 *
 * All of it or an error; one access, as far as the device's driver allows.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, the region does not exist, or the range is
 *		not within it
 *	-EACCES	the region cannot be read
 *	-EIO	the driver accepted only a part of the range
 *	other	the errno of pread(2)
 */
int ims_vfio_read(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		  void *data, size_t size);

/**
 * ims_vfio_write() - write to a region
 * @vfio: handle
 * @region: region index
 * @offset: first byte in the region
 * @data: the bytes
 * @size: number of bytes
 *
 * @return As ims_vfio_read(), with "written" for "read".
 */
int ims_vfio_write(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		   const void *data, size_t size);

/*
 * Registers: one access of 1, 2, 4 or 8 bytes, little-endian as everything on
 * PCI; the value is in host byte order.
 *
 * @return As ims_vfio_read() and ims_vfio_write().
 */
int ims_vfio_read8(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		   uint8_t *value);
int ims_vfio_read16(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		    uint16_t *value);
int ims_vfio_read32(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		    uint32_t *value);
int ims_vfio_read64(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		    uint64_t *value);
int ims_vfio_write8(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		    uint8_t value);
int ims_vfio_write16(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		     uint16_t value);
int ims_vfio_write32(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		     uint32_t value);
int ims_vfio_write64(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		     uint64_t value);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_VFIO_H */
