/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vfio_pci_ims.ko: MSI-X vectors of virtual devices, backed by IMS slots of
 * the parent PCI device or emulated by the virtual device's driver.
 *
 * A driver embeds a struct vfio_pci_ims in its virtual device, calls
 * vfio_pci_ims_init() from .open_device and vfio_pci_ims_free() from
 * .close_device, and hands VFIO_DEVICE_GET_IRQ_INFO and VFIO_DEVICE_SET_IRQS
 * to the shells below. The functions have the names of the "vfio/ims" RFC of
 * August 2023 and differ from it in this:
 *
 *	struct vfio_device *		struct vfio_pci_ims *: a module cannot
 *					extend struct vfio_device
 *	vfio_pci_ims_init()		takes the parent's store, the number of
 *					vectors, a limit and a reservation
 *	union msi_instance_cookie *	u64, by value
 *	vfio_pci_ims_hwirq()		-ENOENT when the vector has no slot (the
 *					RFC said 0, which is a slot)
 *	vfio_pci_ims_send_signal()	tells the outcome
 *	vfio_pci_set_ims_trigger()	a block fails as a whole, and leaves
 *					every vector as it was
 *
 * New: clearing a cookie, changing it on a live vector, changing the default,
 * withdrawing an emulated declaration, masking, counters, netlink.
 */
#ifndef _LINUX_VFIO_PCI_IMS_H
#define _LINUX_VFIO_PCI_IMS_H

#include <linux/compiler_types.h>
#include <linux/types.h>

struct device;
struct ims_store;
struct ims_vdev;

/**
 * struct vfio_pci_ims - the interrupts of one virtual device
 *
 * Embedded in the driver's device and zeroed with it (vfio_alloc_device()
 * does). Must stay valid until after vfio_pci_ims_free(). Private inside.
 */
struct vfio_pci_ims {
	/* private: */
	struct ims_vdev __rcu *vdev;
};

/**
 * struct vfio_pci_ims_params - what vfio_pci_ims_init() has to know
 * @dev: the virtual device; its name is what operators see. A reference is
 *	held until vfio_pci_ims_free().
 * @store: the parent's store. A reference is held until vfio_pci_ims_free().
 * @num_vectors: vectors that the virtual device declares, 1 to
 *	%VFIO_PCI_IMS_MAX_VECTORS
 * @default_cookie: cookie of a vector for which none was set
 * @limit: most slots it may use at a time; 0 for no limit but the store's size
 * @reservation: slots to be guaranteed to it, at most @limit
 */
struct vfio_pci_ims_params {
	struct device *dev;
	struct ims_store *store;
	u32 num_vectors;
	u64 default_cookie;
	u32 limit;
	u32 reservation;
};

#define VFIO_PCI_IMS_MAX_VECTORS	65536

/**
 * enum vfio_pci_ims_cookie_mode - when a cookie takes effect on a live vector
 * @VFIO_PCI_IMS_COOKIE_NEXT: at the next allocation of a slot
 * @VFIO_PCI_IMS_COOKIE_NOW: before the call returns: in place if the store
 *	can, else in a new slot, with the old one in force until then
 */
enum vfio_pci_ims_cookie_mode {
	VFIO_PCI_IMS_COOKIE_NEXT,
	VFIO_PCI_IMS_COOKIE_NOW,
};

/**
 * enum vfio_pci_ims_signal - what became of a signal
 * @VFIO_PCI_IMS_SIGNAL_DELIVERED: the trigger was signalled
 * @VFIO_PCI_IMS_SIGNAL_PENDING: the vector is masked and will deliver at unmask
 * @VFIO_PCI_IMS_SIGNAL_NO_TRIGGER: nobody listens; counted as dropped
 * @VFIO_PCI_IMS_SIGNAL_NOT_EMULATED: no such vector, or not declared emulated
 */
enum vfio_pci_ims_signal {
	VFIO_PCI_IMS_SIGNAL_DELIVERED,
	VFIO_PCI_IMS_SIGNAL_PENDING,
	VFIO_PCI_IMS_SIGNAL_NO_TRIGGER,
	VFIO_PCI_IMS_SIGNAL_NOT_EMULATED,
};

/* Life. May sleep. */
int vfio_pci_ims_init(struct vfio_pci_ims *ims,
		      const struct vfio_pci_ims_params *params);
void vfio_pci_ims_free(struct vfio_pci_ims *ims);

/* Configuration of vectors. May sleep. */
int vfio_pci_ims_set_cookie(struct vfio_pci_ims *ims, u32 vector, u64 cookie,
			    enum vfio_pci_ims_cookie_mode mode);
int vfio_pci_ims_clear_cookie(struct vfio_pci_ims *ims, u32 vector,
			      enum vfio_pci_ims_cookie_mode mode);
int vfio_pci_ims_set_default_cookie(struct vfio_pci_ims *ims, u64 cookie);
int vfio_pci_ims_set_emulated(struct vfio_pci_ims *ims, u32 start, u32 count);
int vfio_pci_ims_clear_emulated(struct vfio_pci_ims *ims, u32 start, u32 count);

/* Any context, interrupt context included. */
enum vfio_pci_ims_signal vfio_pci_ims_send_signal(struct vfio_pci_ims *ims,
						  u32 vector);
int vfio_pci_ims_hwirq(struct vfio_pci_ims *ims, u32 vector);
bool vfio_pci_ims_pending(struct vfio_pci_ims *ims, u32 vector);

/* VFIO. May sleep. */
int vfio_pci_set_ims_trigger(struct vfio_pci_ims *ims, unsigned int index,
			     u32 start, u32 count, u32 flags, const void *data);
int vfio_pci_ims_set_irqs(struct vfio_pci_ims *ims, unsigned long arg);
int vfio_pci_ims_get_irq_info(struct vfio_pci_ims *ims, unsigned long arg);
void vfio_pci_ims_request(struct vfio_pci_ims *ims, unsigned int count);

#endif /* _LINUX_VFIO_PCI_IMS_H */
