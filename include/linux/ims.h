/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims.ko: interrupt domains for device-specific interrupt stores.
 *
 * An Interrupt Message Store (IMS) is where a PCI device keeps interrupt
 * messages beside its MSI-X table: in registers, or in memory that it reads.
 * The device's driver provides callbacks that write, mask and unmask a message;
 * ims.ko makes a Linux interrupt of each slot on request. The mainline kernel
 * had such domains in 6.2 to 6.9 (drivers/pci/msi/api.c there) and removed
 * them because nothing used them. How its calls map to these:
 *
 *	pci_create_ims_domain()		ims_store_create()
 *	pci_ims_alloc_irq()		ims_alloc_irqs(), ims_request_irq()
 *	pci_ims_free_irq()		ims_free_irqs()
 *	union msi_instance_cookie	u64, by value
 *	struct msi_map			struct ims_irq
 *
 * The client is new: interrupts are allocated for a client, a virtual device
 * for example. Each client has a limit and a reservation, so that none of them
 * can take the whole store.
 */
#ifndef _LINUX_IMS_H
#define _LINUX_IMS_H

#include <linux/compiler_attributes.h>
#include <linux/interrupt.h>
#include <linux/types.h>

struct cpumask;
struct irq_data;
struct notifier_block;
struct pci_dev;
struct ims_client;
struct ims_store;

/* Any slot will do: see ims_alloc_irqs(). No slot has this number. */
#define IMS_SLOT_ANY	U32_MAX

/* Most slots a store can have. */
#define IMS_STORE_MAX	(1U << 20)

/**
 * struct ims_message - what goes into a slot
 * @address: where the device writes to raise the interrupt (a DMA address
 *	that interrupt remapping intercepts); 0 for a slot that is not in use
 * @data: the data that it writes there
 * @cookie: the allocation's cookie; its meaning is up to the device. Where the
 *	hardware can check cookies (a PASID, a queue id) the driver must make it
 *	do so
 */
struct ims_message {
	u64 address;
	u32 data;
	u64 cookie;
};

/**
 * struct ims_slot_choice - a slot that the hardware chooses
 * @cookie: in: the allocation's cookie, which check_cookie() has accepted
 * @first: in: the slot must be in [@first, @first + @count)
 * @count: in: see @first
 * @slot: in: the slot wanted, or %IMS_SLOT_ANY; out: a slot that is not in use
 * @handle: in: %IMS_SLOT_ANY; out: what descriptors name the slot by. If the
 *	callback does not change it, the handle is @slot
 */
struct ims_slot_choice {
	u64 cookie;
	u32 first;
	u32 count;
	u32 slot;
	u32 handle;
};

/**
 * struct ims_store_ops - how a driver's store is written
 *
 * @write: put @msg into a slot. The slot is masked: of @mask and @unmask, @mask
 *	was called last for it. An address of 0 (data and cookie are 0, too)
 *	means that the slot is no longer in use: the device must not fire it any
 *	more. An interrupt that it has pending then must be forgotten when the
 *	slot comes into use again.
 * @mask: keep a slot from firing. An interrupt that the device would raise
 *	from now on must be remembered and raised after @unmask. Repeated calls
 *	change nothing.
 * @unmask: let a slot fire.
 * @set_cookie: optional. Change the cookie of a slot that is in use, in place,
 *	without losing an interrupt. The slot may be unmasked. Cannot fail:
 *	@cookie is one that @check_cookie accepts. In a store without this
 *	callback, a vector gets another slot when its cookie changes.
 * @check_cookie: optional. Return 0 if the hardware can hold @cookie, else
 *	-ERANGE; always the same for the same cookie. Called for each cookie
 *	before anything is done with it, also for one that may never get into a
 *	slot. Called in process context with a mutex held; must not touch the
 *	hardware or call functions of this header.
 * @pending: optional. Return whether the hardware keeps an interrupt of a masked
 *	slot. Also called right after @write has taken a slot out of use: then
 *	return whether the hardware kept an interrupt until then. If the slot
 *	was revoked, that interrupt is delivered. A store without this callback
 *	is assumed to have kept one.
 * @alloc_slot: optional, for hardware that chooses the slot: fill in @choice
 *	and return 0, or return a negative errno: the allocation then fails with
 *	that errno. Without this callback, ims.ko chooses the slot that has been
 *	free for the longest time. May sleep.
 * @free_slot: counterpart of @alloc_slot; a store has both or neither. The slot
 *	was written with address 0 before, and does not fire. May sleep.
 * @lock: optional. Called before ims_request_irq(), free_irq(), disable_irq() and
 *	the like, a change of the cookie and ims_store_restore() touch @slot;
 *	@unlock is called after the last touch. Here a driver can wait until the
 *	device no longer uses the slot, or flush several writes at once. @lock is
 *	not called around @mask and @unmask from the interrupt's flow handler or
 *	ims_pause_irq(), nor around @write for a change of affinity: these must
 *	take effect by themselves. May sleep.
 * @unlock: counterpart of @lock; a store has both or neither. May sleep.
 * @release: optional. The store has ended: no callback of it runs or will run,
 *	and @data can be freed. Called at the end of ims_store_destroy(). May
 *	sleep.
 *
 * @write, @mask, @unmask, @set_cookie and @pending run with interrupts off and
 * a raw spinlock held and must not sleep. Calls for one slot never overlap;
 * calls for different slots may. From ims_store_suspend() until
 * ims_store_restore() only @check_cookie and @release are called.
 */
struct ims_store_ops {
	void (*write)(void *data, u32 slot, const struct ims_message *msg);
	void (*mask)(void *data, u32 slot);
	void (*unmask)(void *data, u32 slot);
	void (*set_cookie)(void *data, u32 slot, u64 cookie);
	int (*check_cookie)(void *data, u64 cookie);
	bool (*pending)(void *data, u32 slot);
	int (*alloc_slot)(void *data, struct ims_slot_choice *choice);
	void (*free_slot)(void *data, u32 slot, u32 handle);
	void (*lock)(void *data, u32 slot);
	void (*unlock)(void *data, u32 slot);
	void (*release)(void *data);
};

/**
 * struct ims_irq - one allocated interrupt
 * @slot: in: the slot wanted, or %IMS_SLOT_ANY. out: the slot.
 * @handle: out: what descriptors name the slot by: @slot, unless the store has
 *	alloc_slot()
 * @generation: out: how often the slot has been handed out, this time
 *	included; never 0
 * @virq: out: Linux IRQ, for free_irq(), disable_irq() and the like
 * @data: out: what the interrupt core keeps for @virq, as irq_get_irq_data()
 *	would look it up
 * @cookie: in: the allocation's cookie; kept up to date by ims_set_cookie()
 * @astray: kept by ims_request_irq() and ims_irq_set_affinity(): the interrupt goes
 *	to another CPU than by default
 */
struct ims_irq {
	u32 slot;
	u32 handle;
	u32 generation;
	unsigned int virq;
	struct irq_data *data;
	u64 cookie;
	bool astray;
};

/**
 * struct ims_client_ops - callbacks of a client
 * @gone: the store's device goes away. When this returns, the client must have
 *	released its interrupts (free_irq() and ims_free_irqs()), and no call by
 *	it to ims_alloc_irqs(), ims_free_irqs() or ims_set_cookie() may be in
 *	progress: the client takes a lock of its own around these calls and in gone().
 *	Called at most once, from ims_store_destroy(). May sleep.
 * @error: optional. The device has reported an error, see ims_store_error().
 *	May sleep.
 * @changed: optional. The number of slots or of entries that the client uses has
 *	changed, by its own calls, or because idle entries were given up. Called
 *	with a mutex of the store held: must not sleep, nor call functions of ims.ko
 */
struct ims_client_ops {
	void (*gone)(void *priv);
	void (*error)(void *priv);
	void (*changed)(void *priv);
};

/**
 * struct ims_client_params - parameters of ims_client_create()
 * @ops: callbacks; may be NULL for the store's own driver, which frees its
 *	interrupts before it calls ims_store_destroy()
 * @priv: argument of the callbacks
 * @limit: most slots that it may use at a time; 0: as many as @max allows
 * @max: highest value that its limit can ever have, at most the size of its
 *	window; 0: the size of its window
 * @reservation: slots guaranteed to it, at most the limit. They may be any slots
 *	of the store: a client with a window can still find its window full if
 *	other clients may use the same slots
 * @first_slot: first slot of its window, the range that its slots are taken from
 * @nr_slots: size of that window; 0, with @first_slot 0, for the whole store
 */
struct ims_client_params {
	const struct ims_client_ops *ops;
	void *priv;
	u32 limit;
	u32 max;
	u32 reservation;
	u32 first_slot;
	u32 nr_slots;
};

/**
 * struct ims_store_info - figures of a store
 * @id: its number, 1 or higher; not used again before all numbers have been used
 * @hwsize: slots it has
 * @used: slots in use
 * @peak: most slots ever in use at a time
 * @limit: most slots that may be in use at a time
 * @reserved: sum of the clients' reservations
 * @available: slots that are neither in use nor promised to a client
 * @entries: entries of the IOMMU's interrupt-remapping table that the store's
 *	interrupts hold, idle ones included
 * @capacity: most entries that the parent can give to the device; 0: not known
 * @clients: how many there are
 * @failures: calls to ims_alloc_irqs() that failed because there were no slots,
 *	no memory or no remapping entries, or the slot wanted was not available.
 *	(CPU vectors are taken later, by ims_request_irq().)
 * @suspended: between ims_store_suspend() and ims_store_restore()
 */
struct ims_store_info {
	u32 id;
	u32 hwsize;
	u32 used;
	u32 peak;
	u32 limit;
	u32 reserved;
	u32 available;
	u32 entries;
	u32 capacity;
	u32 clients;
	u64 failures;
	bool suspended;
};

/**
 * struct ims_client_info - figures of a client
 * @used: slots it uses
 * @limit: most slots it may use at a time
 * @reservation: slots guaranteed to it
 * @available: slots that it could have in addition now
 * @max: most that its limit can be
 * @entries: entries of the interrupt-remapping table that it holds, those of idle
 *	Linux IRQs included: at most twice @used plus 32
 * @no_vectors: the CPUs had no vector left for the store a moment ago
 */
struct ims_client_info {
	u32 used;
	u32 limit;
	u32 reservation;
	u32 available;
	u32 max;
	u32 entries;
	bool no_vectors;
};

/**
 * enum ims_store_event - events of a store, for notifiers
 * @IMS_STORE_CREATED: it can be found
 * @IMS_STORE_DESTROYED: it has ended. All its interrupts are freed; it can no
 *	longer be found
 * @IMS_STORE_CHANGED: its limit was changed, its statistics were reset, or it
 *	was suspended or restored. A change of any other figure of struct
 *	ims_store_info is reported a second later, all changes of that second as one
 */
enum ims_store_event {
	IMS_STORE_CREATED,
	IMS_STORE_DESTROYED,
	IMS_STORE_CHANGED,
};

struct ims_store * __must_check
ims_store_create(struct pci_dev *pdev, const struct ims_store_ops *ops,
		 u32 hwsize, void *data);
struct ims_store * __must_check
devm_ims_store_create(struct pci_dev *pdev, const struct ims_store_ops *ops,
		      u32 hwsize, void *data);
void ims_store_destroy(struct ims_store *store);
void ims_store_suspend(struct ims_store *store);
void ims_store_restore(struct ims_store *store);
void ims_store_error(struct ims_store *store);

/*
 * Any context. Raises the interrupt of a slot as its hardware would: for drivers whose
 * hardware is software and has a slot's number from a descriptor, and for tests. It
 * checks no cookie. A driver that has a vector's number instead calls
 * vfio_pci_ims_inject(). A virtual device that is open keeps the store's memory
 * allocated; for a store that has ended, this returns -ENOENT.
 */
int ims_store_inject(struct ims_store *store, u32 slot);

struct pci_dev *ims_store_pci_dev(const struct ims_store *store);
void ims_store_query(struct ims_store *store, struct ims_store_info *info);
int ims_store_check_limit(struct ims_store *store, u32 limit);
int __must_check ims_store_set_limit(struct ims_store *store, u32 limit);
int __must_check ims_store_check_cookie(struct ims_store *store, u64 cookie);
void ims_store_reset_stats(struct ims_store *store);
const char *ims_store_domain(const struct ims_store *store);
const char *ims_store_driver(const struct ims_store *store);
bool ims_store_sets_cookies(const struct ims_store *store);

/* For a control plane: a store that was found is released by ims_store_put(). */
struct ims_store *ims_store_get_id(u32 id);
struct ims_store *ims_store_get_name(const char *name);
struct ims_store *ims_store_get_next(u32 id);
void ims_store_put(struct ims_store *store);
u32 ims_store_id(const struct ims_store *store);
u32 ims_stores_generation(void);
int __must_check ims_store_register_notifier(struct notifier_block *nb);
void ims_store_unregister_notifier(struct notifier_block *nb);

struct ims_client * __must_check
ims_client_create(struct ims_store *store,
		  const struct ims_client_params *params);
void ims_client_destroy(struct ims_client *client);
void ims_client_query(struct ims_client *client, struct ims_client_info *info);
int ims_client_check_limits(struct ims_client *client, u32 limit,
			    u32 reservation);
int __must_check ims_client_set_limits(struct ims_client *client, u32 limit,
				       u32 reservation);

int __must_check ims_alloc_irqs(struct ims_client *client, struct ims_irq *irqs,
				unsigned int nr);
int __must_check ims_request_irq(struct ims_irq *irq, irq_handler_t handler,
				 const char *name, void *arg,
				 const struct cpumask *affinity);
int __must_check ims_irq_set_affinity(struct ims_irq *irq,
				      const struct cpumask *affinity);
bool ims_irq_affinity_broken(const struct ims_irq *irq,
		       const struct cpumask *affinity);
void ims_free_irqs(struct ims_client *client, const struct ims_irq *irqs,
		   unsigned int nr);
int __must_check ims_set_cookie(struct ims_client *client, struct ims_irq *irq,
				u64 cookie);
void ims_pause_irq(const struct ims_irq *irq, bool pause);
void ims_mask_irq(const struct ims_irq *irq);
bool ims_irq_pending(const struct ims_irq *irq);
bool ims_irq_left(const struct ims_irq *irq);

#endif /* _LINUX_IMS_H */
