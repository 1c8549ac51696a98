/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vfio_pci_ims.ko: MSI-X vectors of virtual devices, backed by IMS slots of
 * the parent PCI device or emulated by the virtual device's driver.
 *
 * A driver embeds a struct vfio_pci_ims in its virtual device, calls
 * vfio_pci_ims_init() from .open_device and vfio_pci_ims_free() from
 * .close_device, and passes VFIO_DEVICE_GET_IRQ_INFO and VFIO_DEVICE_SET_IRQS
 * to vfio_pci_ims_get_irq_info() and vfio_pci_ims_set_irqs(). The functions
 * have the names of the "vfio/ims" RFC of August 2023 and differ from the RFC
 * as follows:
 *
 *	struct vfio_device *		struct vfio_pci_ims *: a module cannot
 *					extend struct vfio_device
 *	vfio_pci_ims_init()		takes the parent's store, the number of
 *					vectors, limits, a window of slots and
 *					callbacks; returns an id, which
 *					vfio_pci_ims_free() takes
 *	union msi_instance_cookie *	u64, by value
 *	vfio_pci_ims_hwirq()		fills in slot, generation and handle;
 *					-ENOENT when the vector has no slot (the
 *					RFC returned 0, which is a slot)
 *	vfio_pci_ims_send_signal()	returns the outcome
 *	vfio_pci_set_ims_trigger()	a block fails as a whole, and leaves
 *					every vector as it was
 *
 * New: clearing a cookie, changing it on a live vector, changing the default,
 * withdrawing an emulated declaration, masking, preparing a slot before there
 * is a trigger, holding, revoking and arming, reset, counters, netlink.
 *
 * Locks, outermost first. The functions below that may sleep take the lock of
 * the device's vectors, and the callbacks of struct vfio_pci_ims_ops run with
 * it held:
 *
 *	1. locks that the driver holds when it calls such a function
 *	2. the lock of the device's vectors
 *	3. locks that the driver's callbacks take, and those of its store
 *
 * So no lock of the driver can be in both 1 and 3: a callback must not take a
 * lock that the driver holds over such a call. ims_store_destroy() and
 * ims_store_error() are such calls, too; they take the store's own lock between
 * 1 and 2. vfio_pci_ims_init() and vfio_pci_ims_free() take that lock as well.
 */
#ifndef _LINUX_VFIO_PCI_IMS_H
#define _LINUX_VFIO_PCI_IMS_H

#include <linux/compiler_attributes.h>
#include <linux/compiler_types.h>
#include <linux/types.h>

struct cpumask;
struct device;
struct ims_store;
struct ims_vdev;
struct module;

/**
 * struct vfio_pci_ims - the interrupts of one virtual device
 *
 * Embedded in the driver's device and zeroed with it, as vfio_alloc_device()
 * does. Must stay valid until vfio_pci_ims_free() has returned, and as long as
 * the driver calls any function with it. Its members are private.
 */
struct vfio_pci_ims {
	/* private: */
	struct ims_vdev __rcu *vdev;
};

/**
 * struct vfio_pci_ims_slot - the slot behind a vector
 * @slot: its number in the store
 * @handle: what descriptors name it by: @slot, unless the store's hardware
 *	hands out handles of its own (alloc_slot() of struct ims_store_ops)
 * @generation: how often the slot has been handed out; never 0. The pair {slot,
 *	generation} does not come again before the slot has been handed out some
 *	2^32 times
 */
struct vfio_pci_ims_slot {
	u32 slot;
	u32 handle;
	u32 generation;
};

/**
 * enum vfio_pci_ims_cookie_mode - when a vector's cookie takes effect
 * @VFIO_PCI_IMS_COOKIE_NEXT: at the next allocation of a slot, or when the
 *	trigger is replaced
 * @VFIO_PCI_IMS_COOKIE_NOW: before the call returns: in place if the store
 *	can, else in a new slot, with the old one in force until then
 */
enum vfio_pci_ims_cookie_mode {
	VFIO_PCI_IMS_COOKIE_NEXT,
	VFIO_PCI_IMS_COOKIE_NOW,
};

/* In place of a vector's number: the default cookie, not a vector's own */
#define VFIO_PCI_IMS_DEFAULT_COOKIE	U32_MAX

/**
 * struct vfio_pci_ims_cookie - a cookie that an administrator changes
 * @vector: the vector; %VFIO_PCI_IMS_DEFAULT_COOKIE: the device's default
 * @own: true: @cookie becomes the cookie of the vector, or the default; false:
 *	the vector uses the default cookie again
 * @cookie: see @own
 * @mode: when it takes effect on a vector that has a slot
 */
struct vfio_pci_ims_cookie {
	u32 vector;
	bool own;
	u64 cookie;
	enum vfio_pci_ims_cookie_mode mode;
};

/**
 * enum vfio_pci_ims_reason - why the slot of a vector changed
 * @VFIO_PCI_IMS_BOUND: SET_IRQS made the vector live, or replaced its trigger
 *	while another cookie was pending
 * @VFIO_PCI_IMS_UNBOUND: SET_IRQS unbound its trigger
 * @VFIO_PCI_IMS_COOKIE: a cookie took effect by %VFIO_PCI_IMS_COOKIE_NOW
 * @VFIO_PCI_IMS_PREPARED: vfio_pci_ims_prepare()
 * @VFIO_PCI_IMS_RELEASED: vfio_pci_ims_release()
 * @VFIO_PCI_IMS_HELD: vfio_pci_ims_hold()
 * @VFIO_PCI_IMS_REVOKED: vfio_pci_ims_revoke(), vfio_pci_ims_revoke_cookie()
 * @VFIO_PCI_IMS_ARMED: vfio_pci_ims_arm(), vfio_pci_ims_arm_range()
 * @VFIO_PCI_IMS_RESET: vfio_pci_ims_reset()
 * @VFIO_PCI_IMS_GONE: the parent's store was destroyed
 * @VFIO_PCI_IMS_CLOSED: vfio_pci_ims_free()
 */
enum vfio_pci_ims_reason {
	VFIO_PCI_IMS_BOUND,
	VFIO_PCI_IMS_UNBOUND,
	VFIO_PCI_IMS_COOKIE,
	VFIO_PCI_IMS_PREPARED,
	VFIO_PCI_IMS_RELEASED,
	VFIO_PCI_IMS_HELD,
	VFIO_PCI_IMS_REVOKED,
	VFIO_PCI_IMS_ARMED,
	VFIO_PCI_IMS_RESET,
	VFIO_PCI_IMS_GONE,
	VFIO_PCI_IMS_CLOSED,
};

/**
 * struct vfio_pci_ims_ops - callbacks of the driver
 * @cookie_change: an administrator is about to change a cookie by netlink. Return
 *	0 to agree: the change is then made, and cannot fail any more. Return a
 *	negative errno to refuse: then nothing has changed. For a request about
 *	several vectors it is called for each of them; when it refuses one, it
 *	is called again for those that it has agreed to, with the cookies that
 *	they keep, and the return value is ignored. Without this callback all
 *	such changes are refused with -EOPNOTSUPP. Not called for changes by the
 *	driver itself, nor for requests that are only validated.
 * @slot_changed: the slot of @vector changed. @old: the previous slot, NULL if
 *	there was none; it does not fire any more. @new: the slot that is in use
 *	now, NULL if there is none. Not called when a cookie changes in place.
 *
 * Both are optional, run in process context with the lock of the device's
 * vectors held, and may sleep. Of the functions below they may call only those
 * that may be called from any context. Called from slot_changed(),
 * vfio_pci_ims_hwirq() already returns @new, and -ENODEV for
 * %VFIO_PCI_IMS_CLOSED. Use container_of() to find the driver's device from
 * @ims.
 */
struct vfio_pci_ims_ops {
	int (*cookie_change)(struct vfio_pci_ims *ims,
			     const struct vfio_pci_ims_cookie *change);
	void (*slot_changed)(struct vfio_pci_ims *ims, u32 vector,
			     const struct vfio_pci_ims_slot *old,
			     const struct vfio_pci_ims_slot *new,
			     enum vfio_pci_ims_reason why);
};

/**
 * struct vfio_pci_ims_params - parameters of vfio_pci_ims_init()
 * @dev: the virtual device, the one that the driver is bound to (dev of struct
 *	vfio_device); operators see its name. A reference is held until
 *	vfio_pci_ims_free().
 * @store: the parent's store, which must not end during the call. A reference
 *	is held until vfio_pci_ims_free().
 * @ops: callbacks; NULL: none
 * @num_vectors: vectors that the virtual device declares, 1 to
 *	%VFIO_PCI_IMS_MAX_VECTORS
 * @default_cookie: cookie of a vector for which none was set. On hardware that
 *	checks cookies each function needs one of its own: a value that two
 *	functions of a store share, 0 included, lets each fire the other's slots
 * @limit: most slots that it may use at a time. A value above @num_vectors + 1
 *	is reduced to that: the replacement of a slot needs one more for a
 *	moment. 0: @num_vectors + 1, or the window's size if that is less. A
 *	limit that is then still above the window's size is refused (-EINVAL)
 * @reservation: slots to be guaranteed to it, at most the limit
 * @first_slot: first slot of its window, the range that its slots are taken from
 * @nr_slots: size of that window; 0, with @first_slot 0, for the whole store
 * @on_hold: begin in the state that vfio_pci_ims_hold() leaves: no vector gets a
 *	slot before vfio_pci_ims_arm()
 * @affinity: CPUs that may get the interrupts of vectors without an affinity of
 *	their own; at least one of them must be online. NULL: the kernel's default
 *	affinity. It is copied. Not shown to readers when it has more than
 *	%IMS_CPULIST_MAX bytes as a list
 */
struct vfio_pci_ims_params {
	struct device *dev;
	struct ims_store *store;
	const struct vfio_pci_ims_ops *ops;
	u32 num_vectors;
	u64 default_cookie;
	u32 limit;
	u32 reservation;
	u32 first_slot;
	u32 nr_slots;
	bool on_hold;
	const struct cpumask *affinity;
};

#define VFIO_PCI_IMS_MAX_VECTORS	65536

/**
 * enum vfio_pci_ims_signal - the outcome of a signal
 * @VFIO_PCI_IMS_SIGNAL_DELIVERED: the trigger was signalled
 * @VFIO_PCI_IMS_SIGNAL_PENDING: the vector is masked, or an administrator holds it or
 *	has limited its rate; the trigger is signalled when that ends
 * @VFIO_PCI_IMS_SIGNAL_NO_TRIGGER: no trigger is bound; counted as dropped
 * @VFIO_PCI_IMS_SIGNAL_NOT_EMULATED: no such vector, or not declared emulated
 */
enum vfio_pci_ims_signal {
	VFIO_PCI_IMS_SIGNAL_DELIVERED,
	VFIO_PCI_IMS_SIGNAL_PENDING,
	VFIO_PCI_IMS_SIGNAL_NO_TRIGGER,
	VFIO_PCI_IMS_SIGNAL_NOT_EMULATED,
};

/*
 * Open, reset and close. May sleep. The driver's module cannot be unloaded between
 * init and free.
 */
#define vfio_pci_ims_init(ims, params) \
	__vfio_pci_ims_init(ims, params, THIS_MODULE)
int __must_check __vfio_pci_ims_init(struct vfio_pci_ims *ims,
				     const struct vfio_pci_ims_params *params,
				     struct module *owner);
void vfio_pci_ims_free(struct vfio_pci_ims *ims, int id);
int vfio_pci_ims_reset(struct vfio_pci_ims *ims);

/*
 * Configuration of vectors. May sleep. Like all functions here that may sleep, they
 * must not be called from the callbacks of struct vfio_pci_ims_ops and of the store.
 * They can be called from those of struct ims_vfunc_driver, such as read() and write().
 */
int __must_check
vfio_pci_ims_set_cookie(struct vfio_pci_ims *ims, u32 vector, u64 cookie,
			enum vfio_pci_ims_cookie_mode mode);
int __must_check
vfio_pci_ims_clear_cookie(struct vfio_pci_ims *ims, u32 vector,
			  enum vfio_pci_ims_cookie_mode mode);
int __must_check vfio_pci_ims_apply_cookie(struct vfio_pci_ims *ims,
					   u32 vector);
int __must_check vfio_pci_ims_set_default_cookie(struct vfio_pci_ims *ims,
						 u64 cookie);
int __must_check vfio_pci_ims_set_emulated(struct vfio_pci_ims *ims, u32 start,
					   u32 count);
int __must_check vfio_pci_ims_clear_emulated(struct vfio_pci_ims *ims,
					     u32 start, u32 count);

/* Give slots to vectors without triggers, and take them from vectors. May sleep. */
int __must_check vfio_pci_ims_prepare(struct vfio_pci_ims *ims, u32 vector);
int vfio_pci_ims_release(struct vfio_pci_ims *ims, u32 vector);
int __must_check vfio_pci_ims_hold(struct vfio_pci_ims *ims);
int __must_check vfio_pci_ims_revoke(struct vfio_pci_ims *ims, u32 start,
				     u32 count);
int __must_check vfio_pci_ims_revoke_cookie(struct vfio_pci_ims *ims,
					    u64 cookie);
int __must_check vfio_pci_ims_arm(struct vfio_pci_ims *ims);
int __must_check vfio_pci_ims_arm_range(struct vfio_pci_ims *ims, u32 start,
					u32 count);

/*
 * Any context, interrupt context included; from the callbacks of struct
 * vfio_pci_ims_ops, too.
 */
enum vfio_pci_ims_signal vfio_pci_ims_send_signal(struct vfio_pci_ims *ims,
						  u32 vector);
int __must_check vfio_pci_ims_hwirq(struct vfio_pci_ims *ims, u32 vector,
				    struct vfio_pci_ims_slot *slot);
int __must_check vfio_pci_ims_vector(struct vfio_pci_ims *ims, u32 handle,
				     u32 *vector);
int __must_check vfio_pci_ims_cookie(struct vfio_pci_ims *ims, u32 vector,
				     u64 *cookie);
bool vfio_pci_ims_pending(struct vfio_pci_ims *ims, u32 vector);

/* VFIO. May sleep. */
int vfio_pci_set_ims_trigger(struct vfio_pci_ims *ims, unsigned int index,
			     u32 start, u32 count, u32 flags, const void *data);
int vfio_pci_ims_set_irqs(struct vfio_pci_ims *ims, unsigned long arg);
int vfio_pci_ims_get_irq_info(struct vfio_pci_ims *ims, unsigned long arg);
void vfio_pci_ims_request(struct vfio_pci_ims *ims, unsigned int count);
void vfio_pci_ims_error(struct vfio_pci_ims *ims);

/*
 * May sleep. Raises the interrupt of a vector by its slot: for drivers that know the
 * vector, and for tests. A simulated device that has a slot's number from a descriptor,
 * or that cannot sleep, calls ims_store_inject() instead. For emulated vectors there is
 * vfio_pci_ims_send_signal().
 */
int vfio_pci_ims_inject(struct vfio_pci_ims *ims, u32 vector);

#endif /* _LINUX_VFIO_PCI_IMS_H */
