/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_vfunc.ko: virtual PCI functions, <linux/ims_vfunc.h>.
 *
 *	module.c	a driver's module comes and goes
 *	parent.c	struct ims_vfunc_parent: a PCI device that has functions
 *	mdev.c		functions that are born as mediated devices
 *	plain.c		functions that are born on a bus of ours
 *	function.c	struct ims_vfunc: from its making to its end, open to close
 *	settings.c	what an administrator chooses for its opens, by sysfs
 *	ioctl.c		what its user asks for by ioctl(2)
 *	region.c	what its user reads and writes
 *	window.c	what its user maps
 *	config.c	its PCI configuration space
 *	memory.c	its user's memory: containers, iommufd
 *
 * Locks, beside those of <linux/ims_vfunc.h>; outermost first:
 *
 *	parent->lock	(mutex) parent->store, parent->fns and fn->settings: a
 *			function that opens uses the store under the lock, removal
 *			takes it away under the lock. Inside VFIO's lock of a
 *			device, outside fn->lock. Readers and writers of sysfs files
 *			take it, so nobody may wait for them under it, as the
 *			removal of a device does
 *	fn->window_lock	(mutex) whether pages of the function's windows may be
 *			mapped now. Inside all others, and inside the mmap_lock of
 *			a process: nothing is waited for under it
 */
#ifndef _IMS_VFUNC_INTERNAL_H
#define _IMS_VFUNC_INTERNAL_H

#include <linux/device.h>
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/math.h>
#include <linux/wait.h>

#include <linux/ims.h>
#include <linux/ims_vfunc.h>

/* Of a PCI device whose functions are plain */
#define IMS_VFUNC_ATTRS	4

/**
 * struct ims_vfunc_parent - a PCI device that has functions
 * @pdev: the device
 * @driver: their kind
 * @data: the driver's
 * @lock: guards the block that follows
 * @store: the device's interrupt store; NULL once removed
 * @fns: functions, by their node
 * @asleep: between suspend and resume: who writes to a window waits
 * @failed: between error and recovered: who writes to a window gets SIGBUS
 *
 * @awake: woken when who waits is to look again
 * @ids: numbers of its functions
 * @mdev: of its mediated devices
 * @types: the one type of them, in the form that mdev wants
 * @type: that type
 * @group: of its plain devices, what sysfs shows for them
 * @attrs: its members, in the form that sysfs wants
 * @ext_attrs: its members
 */
struct ims_vfunc_parent {
	struct pci_dev *pdev;
	struct ims_vfunc_driver *driver;
	void *data;

	struct mutex lock;
	struct ims_store *store;
	struct list_head fns;
	bool asleep;
	bool failed;

	wait_queue_head_t awake;
	struct ida ids;
	struct mdev_parent mdev;
	struct mdev_type *types[1];
	struct mdev_type type;
	struct attribute_group group;
	struct attribute *attrs[IMS_VFUNC_ATTRS + 1];
	struct dev_ext_attribute ext_attrs[IMS_VFUNC_ATTRS];
};

/**
 * struct ims_vfunc_settings - what an administrator chooses for a function's opens
 * @set: which of them are set, BIT() of enum ims_vfunc_setting
 * @limit: most slots at a time
 * @reservation: slots guaranteed to it, from open to close
 * @cookie: default cookie
 * @affinity: CPUs of vectors without an affinity of their own
 *
 * The last four are valid when they are set.
 */
struct ims_vfunc_settings {
	unsigned long set;
	u32 limit;
	u32 reservation;
	u64 cookie;
	struct cpumask *affinity;
};

/* Vectors that the function's MSI-X capability and table tell of. */
static inline u32 ims_vfunc_nr_msix(const struct ims_vfunc *fn)
{
	return min(fn->driver->num_vectors, IMS_VFUNC_MSIX_MAX);
}

/* Bytes of the pending bits: read by 8 */
static inline u32 ims_vfunc_pba_size(const struct ims_vfunc_driver *driver)
{
	return DIV_ROUND_UP(driver->num_vectors, 64) * sizeof(u64);
}

static inline struct ims_vfunc *ims_vfunc_from_vdev(struct vfio_device *vdev)
{
	return container_of(vdev, struct ims_vfunc, vdev);
}

/* mdev.c: the driver's module, its PCI device */
int ims_vfunc_mdev_register(struct ims_vfunc_driver *driver, const char *modname);
void ims_vfunc_mdev_unregister(struct ims_vfunc_driver *driver);
int ims_vfunc_mdev_add(struct ims_vfunc_parent *parent);
void ims_vfunc_mdev_del(struct ims_vfunc_parent *parent);

/* plain.c: our own module, the driver's, its PCI device */
int ims_vfunc_plain_init(void);
void ims_vfunc_plain_exit(void);
int ims_vfunc_plain_register(struct ims_vfunc_driver *driver,
			     const char *modname);
void ims_vfunc_plain_unregister(struct ims_vfunc_driver *driver);
int ims_vfunc_plain_add(struct ims_vfunc_parent *parent);
void ims_vfunc_plain_del(struct ims_vfunc_parent *parent);

/* parent.c */
ssize_t ims_vfunc_description(const struct ims_vfunc_parent *parent, char *buf);

/* function.c */
int ims_vfunc_create(struct ims_vfunc_parent *parent, struct device *dev,
		     unsigned int id);
unsigned int ims_vfunc_remove(struct device *dev);
int ims_vfunc_reset(struct ims_vfunc *fn);
u64 ims_vfunc_default_cookie(const struct ims_vfunc_driver *driver,
			     struct ims_store *store, unsigned int id);

/* with parent->lock held, and a store */
void ims_vfunc_params(struct ims_vfunc *fn,
		      const struct ims_vfunc_settings *settings,
		      struct vfio_pci_ims_params *params);

/* settings.c */
extern const struct attribute_group *ims_vfunc_groups[];
int ims_vfunc_settings_init(struct ims_vfunc *fn);
void ims_vfunc_settings_exit(struct ims_vfunc *fn);
void ims_vfunc_settings_apply(const struct ims_vfunc_settings *settings,
			      struct vfio_pci_ims_params *params);

/* ioctl.c */
long ims_vfunc_ioctl(struct vfio_device *vdev, unsigned int cmd,
		     unsigned long arg);
int ims_vfunc_region_info(struct vfio_device *vdev,
			  struct vfio_region_info *info,
			  struct vfio_info_cap *caps);

/* region.c */
u64 ims_vfunc_region_size(const struct ims_vfunc *fn, unsigned int index);
ssize_t ims_vfunc_read(struct vfio_device *vdev, char __user *buf, size_t count,
		       loff_t *ppos);
ssize_t ims_vfunc_write(struct vfio_device *vdev, const char __user *buf,
			size_t count, loff_t *ppos);

/* window.c */
int ims_vfunc_windows_init(struct ims_vfunc *fn);
void ims_vfunc_windows_exit(struct ims_vfunc *fn);
int ims_vfunc_mmap(struct vfio_device *vdev, struct vm_area_struct *vma);
void ims_vfunc_windows_pause(struct ims_vfunc *fn);
void ims_vfunc_windows_resume(struct ims_vfunc *fn);
void ims_vfunc_windows_update(struct ims_vfunc *fn);
void ims_vfunc_windows_end(struct ims_vfunc *fn);
void ims_vfunc_windows_close(struct ims_vfunc *fn);

/* config.c; read, write and reset with fn->lock held */
int ims_vfunc_config_init(struct ims_vfunc *fn);
void ims_vfunc_config_exit(struct ims_vfunc *fn);
u32 ims_vfunc_config_size(const struct ims_vfunc *fn);
void ims_vfunc_config_reset(struct ims_vfunc *fn);
void ims_vfunc_config_read(struct ims_vfunc *fn, u32 offset, void *buf,
			   size_t count);
bool ims_vfunc_config_write(struct ims_vfunc *fn, u32 offset, const void *buf,
			    size_t count);

/* memory.c; with VFIO's lock of the device held */
int ims_vfunc_memory_open(struct ims_vfunc *fn);
void ims_vfunc_memory_close(struct ims_vfunc *fn);
int ims_vfunc_memory_reset(struct ims_vfunc *fn);
int ims_vfunc_bind_iommufd(struct vfio_device *vdev, struct iommufd_ctx *ictx,
			   u32 *out_device_id);
void ims_vfunc_unbind_iommufd(struct vfio_device *vdev);
int ims_vfunc_attach_ioas(struct vfio_device *vdev, u32 *pt_id);
void ims_vfunc_detach_ioas(struct vfio_device *vdev);
void ims_vfunc_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length);

#endif /* _IMS_VFUNC_INTERNAL_H */
