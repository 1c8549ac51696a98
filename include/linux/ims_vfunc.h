/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_vfunc.ko: virtual PCI functions of a device with an interrupt message
 * store. A driver describes its kind of functions once and has callbacks for
 * what is specific to it; configuration space, BARs, MSI-X table, mappings, VFIO
 * and the vectors' interrupts are done here. See ims_vfunc(9), and ims_driver(7),
 * which builds a driver step by step.
 *
 * A function is made in one of two ways, which users see in sysfs:
 *
 *	mdev		write a UUID to mdev_supported_types/<module>-<name>/create
 *			of the PCI device
 *	plain		write a number to ims_vfunc/new_device of the PCI device; the
 *			function is /sys/bus/ims_vfunc/devices/<PCI address>-<number>
 *
 * Locks, outermost first; a driver's own are inside:
 *
 *	VFIO's lock of the device: open, close, attach, detach
 *	fn->lock	(mutex) guards what the user reads and writes through the
 *			VFIO device. Held while vfio_pci_ims.ko is called, whose
 *			locks are inside: its callbacks must not take fn->lock.
 */
#ifndef _LINUX_IMS_VFUNC_H
#define _LINUX_IMS_VFUNC_H

#include <linux/compiler_attributes.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/vfio.h>

#include <linux/vfio_pci_ims.h>

struct ims_store;
struct ims_vfunc;
struct ims_vfunc_parent;
struct ims_vfunc_settings;

/* VFIO region offset in bits: region index i starts at (u64)i << this. */
#define IMS_VFUNC_REGION_SHIFT	40

/* Most entries that an MSI-X capability can describe */
#define IMS_VFUNC_MSIX_MAX	2048

/**
 * struct ims_vfunc_bar - a base address register of a function
 * @size: bytes, a power of two, at least 16; 0: there is no such BAR. More than 2 GB
 *	needs %PCI_BASE_ADDRESS_MEM_TYPE_64, which takes the next BAR, too
 * @flags: %PCI_BASE_ADDRESS_MEM_TYPE_64, %PCI_BASE_ADDRESS_MEM_PREFETCH
 * @window: offset of the part that users can map, a multiple of PAGE_SIZE
 * @window_size: bytes of it, a multiple of PAGE_SIZE; 0: there is none
 */
struct ims_vfunc_bar {
	u64 size;
	u32 flags;
	u64 window;
	u64 window_size;
};

/**
 * struct ims_vfunc_driver - a driver's kind of functions
 * @name: name of the kind, one word ("wq"). The name of the mdev type is the module's
 *	name and this
 * @title: the kind in a few words ("edu work queue")
 * @description: what a function does
 * @mdev: true: functions are mediated devices; false: they are plain devices
 * @uses_memory: the device reads or writes the user's memory. No vector gets a
 *	slot before the user's address space is attached (VFIO: by opening the
 *	device in a container; iommufd: by VFIO_DEVICE_ATTACH_IOMMUFD_PT), nor
 *	after it is detached: the function is on hold then (vfio_pci_ims_hold())
 * @max_functions: most functions that one PCI device can have at a time
 * @num_vectors: MSI-X vectors of each function, 1 to %VFIO_PCI_IMS_MAX_VECTORS; the
 *	capability and the table describe %IMS_VFUNC_MSIX_MAX of them at most
 * @size: size of the driver's structure, whose first member is struct ims_vfunc
 * @vendor: PCI vendor id, used for the subsystem, too
 * @device: PCI device id, used for the subsystem, too
 * @class: PCI class code of 16 bits: base class and subclass. For a constant with 24
 *	bits, such as PCI_CLASS_STORAGE_EXPRESS, use the upper 16 bits: >> 8
 * @bars: base address registers
 * @msix_bar: number of the BAR with MSI-X table and pending bits
 * @msix_table: offset of the table in it, 16 bytes for each vector
 * @msix_pba: offset of the pending bits in it, 8 bytes for 64 vectors
 * @ims_ops: optional: callbacks from vfio_pci_ims.ko
 *
 * All callbacks run in process context and may sleep, and all but @read and
 * @write are optional.
 *
 * @init: called for a new function; fn->data is set. Adds capabilities. Returns 0 or
 *	a negative errno
 * @release: counterpart of @init; the last use of the function. What fn->data points
 *	to may no longer exist
 * @params: change what vfio_pci_ims_init() is called with: limits, a window of
 *	slots, the default cookie, the affinity. What an administrator has written to
 *	the function's directory ims/ replaces these values. Also called, whether the
 *	function is open or not, when that directory is read or written, so it must
 *	change nothing but its argument
 * @open: called at open; here vectors can be declared emulated. Returns 0 or a
 *	negative errno
 * @close: counterpart of @open; the vectors have ended
 * @attach: for drivers with @uses_memory: the user's memory can be accessed from
 *	now on. Called before the first slot is allocated, with fn->lock held.
 *	Returns 0 or a negative errno
 * @detach: counterpart of @attach: the user's memory cannot be accessed after this
 *	has returned. No slot is in use. Called with fn->lock held
 * @stop: make the device finish or drop its work for the function, and begin no
 *	other. Called before close, reset and detach; at reset and detach with
 *	fn->lock held
 * @reset: bring the driver's own state to its initial values. Called at open and
 *	reset, with fn->lock held. The device is stopped, the vectors are as after open
 * @read: read a register, @offset a multiple of 4 in BAR @bar, outside of MSI-X table
 *	and pending bits. Windows are included, for users who do not map them, so
 *	a driver with several BARs checks @bar first. Called with fn->lock held
 * @write: write a register, otherwise as @read
 * @window: find the physical address of a page of a BAR's window, @offset a
 *	multiple of PAGE_SIZE in BAR @bar. Called in page faults, with the
 *	mapping process's mmap_lock held: must not take a lock under which user
 *	memory is accessed. Returns 0, or a negative errno: the access gets SIGBUS
 * @dma_unmap: memory that the driver has pinned (vfio_pin_pages() of fn->vdev) in
 *	[@iova, @iova + @length) must be unpinned before this returns
 */
struct ims_vfunc_driver {
	const char *name;
	const char *title;
	const char *description;
	bool mdev;
	bool uses_memory;
	unsigned int max_functions;
	u32 num_vectors;
	size_t size;
	u16 vendor;
	u16 device;
	u16 class;
	struct ims_vfunc_bar bars[PCI_STD_NUM_BARS];
	u8 msix_bar;
	u32 msix_table;
	u32 msix_pba;
	const struct vfio_pci_ims_ops *ims_ops;

	int (*init)(struct ims_vfunc *fn);
	void (*release)(struct ims_vfunc *fn);
	void (*params)(struct ims_vfunc *fn,
		       struct vfio_pci_ims_params *params);
	int (*open)(struct ims_vfunc *fn);
	void (*close)(struct ims_vfunc *fn);
	int (*attach)(struct ims_vfunc *fn);
	void (*detach)(struct ims_vfunc *fn);
	void (*stop)(struct ims_vfunc *fn);
	void (*reset)(struct ims_vfunc *fn);
	u32 (*read)(struct ims_vfunc *fn, unsigned int bar, u64 offset);
	void (*write)(struct ims_vfunc *fn, unsigned int bar, u64 offset,
		      u32 val);
	int (*window)(struct ims_vfunc *fn, unsigned int bar, u64 offset,
		      phys_addr_t *phys);
	void (*dma_unmap)(struct ims_vfunc *fn, u64 iova, u64 length);

	/* private: */
	struct module *owner;
	struct mdev_driver mdev_driver;
	struct device_driver plain_driver;
};

/**
 * struct ims_vfunc - a virtual PCI function
 * @vdev: VFIO's part; first, as VFIO demands. @vdev.dev is the function's device,
 *	for messages
 * @driver: the driver's description of its kind
 * @data: what the driver gave for the PCI device, see ims_vfunc_parent_add(). It
 *	stays valid until the function is removed, which is before release()
 * @id: number among the functions of its PCI device, below max_functions
 * @cookie: its default cookie, from open() on: 256 + @id, or 1 + @id on hardware with
 *	smaller ones, or what params() has chosen: no other function of the PCI device
 *	has it. With cookie_change() in @ims_ops an administrator can choose it, too,
 *	and open() can refuse that choice
 * @ims: the vectors' interrupts; in use from open to close
 * @lock: see the top of this file; for the driver's registers, too
 */
struct ims_vfunc {
	struct vfio_device vdev;
	struct ims_vfunc_driver *driver;
	void *data;
	unsigned int id;
	u64 cookie;
	struct vfio_pci_ims ims;
	struct mutex lock;

	/* private: */
	struct ims_vfunc_parent *parent;
	struct list_head node;
	struct ims_vfunc_settings *settings;
	struct ims_vfunc_config *config;
	u32 (*msix)[4];
	int ims_id;
	bool ready;
	bool iommufd;
	bool attached;
	struct mutex window_lock;
	int window_id;
	bool resetting;
	bool ended;
	struct address_space *mapping;
};

/* When the driver's module is loaded and unloaded. */
#define ims_vfunc_register(driver, pci) \
	__ims_vfunc_register(driver, pci, THIS_MODULE, KBUILD_MODNAME)
int __must_check __ims_vfunc_register(struct ims_vfunc_driver *driver,
				      struct pci_driver *pci,
				      struct module *owner, const char *modname);
void ims_vfunc_unregister(struct ims_vfunc_driver *driver,
			  struct pci_driver *pci);

/**
 * module_ims_vfunc_driver() - for modules that do nothing else at load and unload
 * @vfunc: a struct ims_vfunc_driver
 * @pci: the struct pci_driver of the devices that have such functions
 */
#define module_ims_vfunc_driver(vfunc, pci)				\
	static int __init ims_vfunc_module_init(void)			\
	{								\
		return ims_vfunc_register(&(vfunc), &(pci));		\
	}								\
	module_init(ims_vfunc_module_init);				\
	static void __exit ims_vfunc_module_exit(void)			\
	{								\
		ims_vfunc_unregister(&(vfunc), &(pci));			\
	}								\
	module_exit(ims_vfunc_module_exit)

/*
 * The PCI device: probe, remove, sleep and reset. May sleep. ims_vfunc_parent_add()
 * takes over the store, also when it fails. The driver may still use the store, for
 * ims_store_inject(), from a function's open() until its stop() for the close returns.
 */
struct ims_vfunc_parent * __must_check
ims_vfunc_parent_add(struct pci_dev *pdev, struct ims_vfunc_driver *driver,
		     struct ims_store *store, void *data);
void ims_vfunc_parent_del(struct ims_vfunc_parent *parent);
struct ims_vfunc_parent * __must_check
devm_ims_vfunc_parent_add(struct pci_dev *pdev, struct ims_vfunc_driver *driver,
			  struct ims_store *store, void *data);
void ims_vfunc_parent_suspend(struct ims_vfunc_parent *parent);
void ims_vfunc_parent_resume(struct ims_vfunc_parent *parent);
void ims_vfunc_parent_error(struct ims_vfunc_parent *parent);
void ims_vfunc_parent_recovered(struct ims_vfunc_parent *parent);

/* Capabilities: call these from init(). */
int __must_check ims_vfunc_add_cap(struct ims_vfunc *fn, u8 id,
				   const void *body, size_t size,
				   const void *writable);
int __must_check ims_vfunc_add_ext_cap(struct ims_vfunc *fn, u16 id, u8 version,
				       const void *body, size_t size,
				       const void *writable);
int __must_check ims_vfunc_add_pcie(struct ims_vfunc *fn);
int __must_check ims_vfunc_add_pasid(struct ims_vfunc *fn, u8 width);

/* The user's memory, from attach() to detach(). May sleep. */
int __must_check ims_vfunc_read_memory(struct ims_vfunc *fn, u64 iova,
				       void *buf, size_t count);
int __must_check ims_vfunc_write_memory(struct ims_vfunc *fn, u64 iova,
					const void *buf, size_t count);
int __must_check ims_vfunc_pin(struct ims_vfunc *fn, u64 iova, int npages,
			       int prot, struct page **pages);
void ims_vfunc_unpin(struct ims_vfunc *fn, u64 iova, int npages);

#endif /* _LINUX_IMS_VFUNC_H */
