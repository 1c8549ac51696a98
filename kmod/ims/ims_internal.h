/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of ims.ko share. The locks, outermost first:
 *
 *	store->teardown	(mutex) serialises the store's end with the end of its
 *			clients, so that a client is there as long as its
 *			gone() or error() runs. Never taken by a request for
 *			interrupts.
 *	store->power	(rw_semaphore) read: callbacks that may sleep, lock to
 *			unlock included, are under way; write: the store is
 *			being suspended or restored. Taken by the interrupt
 *			core in irq_bus_lock() of a store that has a lock.
 *	store->lock	(mutex) slots, quotas and the list of clients. Held for
 *			bookkeeping only: the interrupt core's domain mutex and
 *			a client's own locks are not taken below it.
 *	slot->lock	(raw spinlock, interrupts off) keeps the driver's
 *			callbacks for one slot apart, and guards what the slot
 *			has. The interrupt core calls them with its descriptor
 *			lock held; the locks of the parent's chips are inside.
 */
#ifndef _IMS_INTERNAL_H
#define _IMS_INTERNAL_H

#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <linux/ims.h>

struct ims_run;

/**
 * enum ims_slot_state - who has a slot
 * @IMS_SLOT_FREE: nobody; in store->free
 * @IMS_SLOT_USED: a client
 * @IMS_SLOT_DYING: nobody, but its Linux IRQ is still there: see dispose.c
 */
enum ims_slot_state {
	IMS_SLOT_FREE,
	IMS_SLOT_USED,
	IMS_SLOT_DYING,
};

/**
 * struct ims_slot - one slot of a store
 * @node: in store->free, or in a list of slots that are dying; store->lock
 * @freed: value of store->clock when it became free; store->lock
 * @client: who uses it, or did while it is dying; store->lock
 * @run: whose remapping entries the interrupt has one of, or NULL; set while the
 *	slot is not free, and its user's
 * @virq: Linux IRQ; likewise
 * @generation: how often handed out; store->lock
 * @handle: what descriptors name it by; store->lock
 * @state: store->lock
 * @lock: one driver callback at a time for this slot; guards all that follows
 * @asleep: the store is suspended: what follows is not in the hardware
 * @owed: the hardware has not been told that it is free; store->power
 * @masked: by the interrupt core
 * @quiet: masked by ims_mask_irq(), to the end of its use
 * @ended: a use ended while it was asleep, which the hardware does not know
 * @resend: an interrupt is to be raised when it is unmasked
 * @left: one may have been kept when the slot's last use ended
 * @address: of the message, 0 when the interrupt is not active
 * @data: of the message
 * @cookie: in the slot
 * @irq_data: of @virq; valid as long as @address is not 0
 */
struct ims_slot {
	struct list_head node;
	u64 freed;
	struct ims_client *client;
	struct ims_run *run;
	unsigned int virq;
	u32 generation;
	u32 handle;
	u8 state;

	raw_spinlock_t lock;
	bool asleep;
	bool owed;
	bool masked;
	bool quiet;
	bool ended;
	bool resend;
	bool left;
	u32 data;
	u64 address;
	u64 cookie;
	struct irq_data *irq_data;
};

/**
 * struct ims_store - one device's interrupt store
 * @ref: the creator and each client hold one, and who found it
 * @id: constant from registration on
 * @pdev: the device, referenced
 * @ops: the driver's callbacks; not called once @gone and all slots are free
 * @data: their first argument
 * @managed: ends with the binding of the device to its driver
 * @domain: NULL once destroyed
 * @fwnode: the domain's name tag
 * @chip: copy of the IMS irq chip under the store's own name
 * @name: of @chip and @domain
 * @parent: name of the domain below
 * @runs: runs of remapping entries are of use there, see irqs.c
 * @runs_again: jiffies before which none is asked for
 * @driver: name of @pdev's driver, which may be gone when it is asked for
 * @dispose: gets rid of the Linux IRQs of slots that are dying
 * @teardown: see above
 * @power: see above; guards @suspended
 * @suspended: ims_store_suspend() has been called
 * @lock: see above; guards all that follows
 * @gone: ims_store_destroy() has begun
 * @abandoned: the driver did not call it, and is not called any more either
 * @clients: list of struct ims_client
 * @nr_clients: how many
 * @free: free slots, the one that has been free for longest first, so that a
 *	stale handle of one client does not soon fire another client's interrupt
 * @dying: slots whose Linux IRQs @dispose has not taken up yet
 * @nr_dying: slots that are dying, also those that it has
 * @clock: counts slots that became free
 * @slots: @hwsize of them
 * @hwsize: slots there are
 * @limit: slots that may be in use
 * @used: slots in use, at most @limit
 * @unmet: slots promised to clients and not in use by them yet; @used and
 *	@unmet together are never above @limit
 * @reserved: sum of all reservations
 * @peak: largest @used ever
 * @failures: failed requests
 * @entries: remapping entries that the interrupts of all clients hold, idle ones
 *	included
 * @capacity: most remapping entries that the parent can give to the device; 0:
 *	not known
 */
struct ims_store {
	struct kref ref;
	u32 id;
	struct pci_dev *pdev;
	const struct ims_store_ops *ops;
	void *data;
	bool managed;
	struct irq_domain *domain;
	struct fwnode_handle *fwnode;
	struct irq_chip chip;
	char name[32];
	char parent[64];
	char driver[64];
	bool runs;
	unsigned long runs_again;
	struct work_struct dispose;

	struct mutex teardown;
	struct rw_semaphore power;
	bool suspended;
	struct mutex lock;
	bool gone;
	bool abandoned;
	struct list_head clients;
	u32 nr_clients;
	struct list_head free;
	struct list_head dying;
	u32 nr_dying;
	u64 clock;
	struct ims_slot *slots;
	u32 hwsize;
	u32 limit;
	u32 used;
	u32 unmet;
	u32 reserved;
	u32 peak;
	u64 failures;
	u32 entries;
	u32 capacity;
};

/**
 * struct ims_client - somebody for whom interrupts are allocated
 * @store: referenced
 * @ops: may be NULL
 * @priv: argument of @ops
 * @node: in store->clients; written under store->teardown and store->lock
 * @first: first slot of its window
 * @count: size of its window
 * @max: most that @limit may be
 * @used: slots in use; store->lock, like all that follows
 * @dying: slots that it gave back and that are dying
 * @limit: most it may use
 * @reservation: what it is promised
 * @idle: remapping entries without an interrupt in its runs, see irqs.c; may be
 *	below 0 while two interrupts of a run are freed
 * @entries: remapping entries that its interrupts hold, idle ones included
 */
struct ims_client {
	struct ims_store *store;
	const struct ims_client_ops *ops;
	void *priv;
	struct list_head node;
	u32 first;
	u32 count;
	u32 max;
	u32 used;
	u32 dying;
	u32 limit;
	u32 reservation;
	int idle;
	u32 entries;
};

static inline bool ims_client_has(const struct ims_client *client, u32 slot)
{
	return slot >= client->first && slot - client->first < client->count;
}

/* registry.c; without store->lock. They tell those who listen. */
int ims_store_register(struct ims_store *store);
void ims_store_unregister(struct ims_store *store);
void ims_store_changed(struct ims_store *store);

/* client.c; all with store->lock held */
int ims_quota_take(struct ims_client *client, u32 nr);
void ims_quota_give(struct ims_client *client, u32 nr);

/* slot.c; all but init and choose with store->lock held */
int ims_slots_init(struct ims_store *store);
int ims_slots_choose(struct ims_client *client, struct ims_irq *irqs,
		     unsigned int nr);
void ims_slots_unchoose(struct ims_store *store, const struct ims_irq *irqs,
			unsigned int nr);
int ims_slot_take(struct ims_client *client, struct ims_irq *irq);
void ims_slots_untake(struct ims_store *store, const struct ims_irq *irqs,
		      unsigned int nr);

/* dispose.c; bury and due with store->lock held */
void ims_dispose_init(struct ims_store *store);
void ims_dispose_bury(struct ims_client *client, const struct ims_irq *irqs,
		      unsigned int nr);
bool ims_dispose_due(const struct ims_client *client);
void ims_dispose_flush(struct ims_store *store);

/* hardware.c; without slot->lock. From write to pending in any context. */
void ims_slot_write(struct ims_store *store, u32 index, u64 address, u32 data);
void ims_slot_mask(struct ims_store *store, u32 index);
void ims_slot_quiet(struct ims_store *store, u32 index);
void ims_slot_unmask(struct ims_store *store, u32 index);
bool ims_slot_pending(struct ims_store *store, u32 index);
void ims_slot_set_cookie(struct ims_store *store, u32 index, u64 cookie);
void ims_slot_bus_lock(struct ims_store *store, u32 index);
void ims_slot_bus_unlock(struct ims_store *store, u32 index);
void ims_store_sleep(struct ims_store *store);

/* domain.c */
int ims_domain_create(struct ims_store *store);
void ims_domain_remove(struct ims_store *store);

/*
 * irqs.c; the first two for the interrupt core. ims_irqs_runs() with store->lock
 * held, all others without.
 */
int ims_irqs_alloc(struct irq_domain *domain, unsigned int virq,
		   unsigned int nr_irqs, void *arg);
void ims_irqs_free(struct irq_domain *domain, unsigned int virq,
		   unsigned int nr_irqs);
bool ims_irqs_runs(const struct ims_client *client);
int ims_irqs_create(struct ims_store *store, struct ims_irq *irqs,
		    unsigned int nr, bool runs);
int ims_irq_dispose(struct ims_slot *slot);

#endif /* _IMS_INTERNAL_H */
