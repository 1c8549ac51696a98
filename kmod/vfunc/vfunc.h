/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What drivers of virtual devices have in common: a virtual PCI function that
 * is a mediated device and a VFIO device. Sources, not a module: they are built
 * into each driver (see the Kbuild of ims_edu), and a driver for real hardware
 * may take them along.
 *
 *	vfunc.c		struct ims_vfunc: a function, as VFIO sees it. This is
 *			where the helper (vfio_pci_ims) is used
 *	vfunc_config.c	its PCI configuration space
 *	vfunc_parent.c	struct ims_vfunc_parent: whose functions they are, mdev
 *
 * Locks, outermost first; a driver's own are inside:
 *
 *	parent->lock	(mutex) parent->store: a function that opens uses it
 *			under the lock, the parent's removal takes it away
 *			under the lock.
 *	fn->lock	(mutex) what the guest reads and writes through the
 *			VFIO device. Held while the helper is called, whose
 *			locks are inside: its callbacks must not take it.
 */
#ifndef _IMS_VFUNC_H
#define _IMS_VFUNC_H

#include <linux/idr.h>
#include <linux/mdev.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

#include <linux/ims.h>
#include <linux/vfio_pci_ims.h>

/* VFIO region offset in bits: region index i starts at (u64)i << this. */
#define IMS_VFUNC_REGION_SHIFT	40

#define IMS_VFUNC_CONFIG_SIZE	256

/* Entries that an MSI-X capability can tell of. */
#define IMS_VFUNC_MSIX_MAX	2048

struct ims_vfunc;
struct ims_vfunc_parent;

/**
 * struct ims_vfunc_ops - a driver's kind of functions
 * @size: of the driver's structure, whose first member is struct ims_vfunc
 * @description: what mdev says about the type
 * @vendor: PCI ids; of the subsystem, too
 * @device: the same
 * @class: PCI class code of 16 bits
 * @bar_size: size of BAR 0, a power of two above 4096
 * @pba: offset of the MSI-X pending bits in BAR 0
 * @pba_size: bytes of it
 * @table: offset of the MSI-X table, %IMS_VFUNC_MSIX_MAX entries, in BAR 0
 * @ims_ops: optional: what the helper tells the driver
 * @init: optional: a new function; 0 or a negative errno
 * @release: optional: counterpart
 * @quota: optional: fill in limit and reservation
 * @open: optional: the helper is open; 0 or a negative errno
 * @stop: optional: finish what uses the helper, before close and reset. Sleeps.
 * @reset: initial state of what is the driver's: stopped, the helper's as after
 *	open, with fn->lock held. At open and reset.
 * @close: optional: the helper is closed
 * @read: a register of BAR 0, outside of MSI-X table and PBA, with fn->lock
 *	held; the offset is a multiple of 4
 * @write: the same
 */
struct ims_vfunc_ops {
	size_t size;
	const char *description;
	u16 vendor;
	u16 device;
	u16 class;
	u32 bar_size;
	u32 pba;
	u32 pba_size;
	u32 table;
	const struct vfio_pci_ims_ops *ims_ops;
	int (*init)(struct ims_vfunc *fn);
	void (*release)(struct ims_vfunc *fn);
	void (*quota)(struct ims_vfunc *fn, u32 *limit, u32 *reservation);
	int (*open)(struct ims_vfunc *fn);
	void (*stop)(struct ims_vfunc *fn);
	void (*reset)(struct ims_vfunc *fn);
	void (*close)(struct ims_vfunc *fn);
	u32 (*read)(struct ims_vfunc *fn, u32 offset);
	void (*write)(struct ims_vfunc *fn, u32 offset, u32 val);
};

/**
 * struct ims_vfunc_parent - a PCI device that lends functions
 * @ops: their kind
 * @nr_vectors: MSI-X vectors of each
 * @lock: guards @store
 * @store: the device's interrupt store; NULL once removed
 * @ids: numbers of its functions
 * @mdev: of its mediated devices
 * @types: the one type of them, in the form that mdev wants
 * @type: that type
 */
struct ims_vfunc_parent {
	const struct ims_vfunc_ops *ops;
	u32 nr_vectors;
	struct mutex lock;
	struct ims_store *store;
	struct ida ids;
	struct mdev_parent mdev;
	struct mdev_type *types[1];
	struct mdev_type type;
};

/**
 * struct ims_vfunc - a virtual PCI function
 * @vdev: VFIO's part; first, as vfio_alloc_device() demands
 * @parent: stays until the function is removed
 * @release: the driver's; VFIO may release the function when @parent is no more
 * @id: number among its parent's functions
 * @nr_vectors: MSI-X vectors
 * @default_cookie: of an open; no other function of the parent has it
 * @ims: the vectors' interrupts; in use from open to close
 * @ims_id: the helper's number of the open
 *
 * @lock: guards the block that follows
 * @config: PCI configuration space
 * @msix: MSI-X table, 4 words per vector, for as many as it can have
 */
struct ims_vfunc {
	struct vfio_device vdev;
	struct ims_vfunc_parent *parent;
	void (*release)(struct ims_vfunc *fn);
	unsigned int id;
	u32 nr_vectors;
	u64 default_cookie;
	struct vfio_pci_ims ims;
	int ims_id;

	struct mutex lock;
	u8 config[IMS_VFUNC_CONFIG_SIZE];
	u32 (*msix)[4];
};

/* Vectors that the function's MSI-X capability and table tell of. */
static inline u32 ims_vfunc_nr_msix(const struct ims_vfunc *fn)
{
	return min(fn->nr_vectors, IMS_VFUNC_MSIX_MAX);
}

/* vfunc.c */
extern const struct vfio_device_ops ims_vfunc_vfio_ops;

/* vfunc_config.c; with fn->lock held */
void ims_vfunc_config_reset(struct ims_vfunc *fn);
void ims_vfunc_config_read(struct ims_vfunc *fn, u32 offset, void *buf,
			   size_t count);
void ims_vfunc_config_write(struct ims_vfunc *fn, u32 offset, const void *buf,
			    size_t count);

/* vfunc_parent.c */
int ims_vfunc_parent_add(struct ims_vfunc_parent *parent, struct pci_dev *pdev,
			 const struct ims_vfunc_ops *ops, u32 nr_vectors);
void ims_vfunc_parent_del(struct ims_vfunc_parent *parent);
int ims_vfunc_register(struct pci_driver *driver, unsigned int max_functions);
void ims_vfunc_unregister(struct pci_driver *driver);

/**
 * struct ims_vfunc_param - a module parameter and what it may be
 * @value: first, for param_set_uint_minmax() and param_get_uint()
 * @min: smallest value
 * @max: largest value
 */
struct ims_vfunc_param {
	unsigned int value;
	unsigned int min;
	unsigned int max;
};

extern const struct kernel_param_ops ims_vfunc_param_ops;

#endif /* _IMS_VFUNC_H */
