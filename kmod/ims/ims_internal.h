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
 *	store->lock	(mutex) slots, entries, quotas and the list of clients.
 *			Held for bookkeeping, and while CPUs answer an interrupt
 *			(ims_entries_barrier()), which takes microseconds. The
 *			interrupt core's descriptor locks are taken below it; its
 *			domain mutex and a client's own locks are not.
 *	slot->lock	(raw spinlock, interrupts off) keeps the driver's
 *			callbacks for one slot apart, and guards what the slot
 *			has. The interrupt core calls them with its descriptor
 *			lock held; the locks of the parent's chips are inside.
 */
#ifndef _IMS_INTERNAL_H
#define _IMS_INTERNAL_H

#include <linux/cpumask.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <linux/ims.h>

struct ims_row;

/**
 * struct ims_entry - a Linux IRQ of the domain with its remapping entry, and the
 * data of its chip
 * @row: the row that it is one of
 * @store: the store
 * @slot: whose interrupt it raises, NULL while it is idle; changes with store->lock
 *	held and while it is not requested
 * @data: what the interrupt core has of it
 * @hidden: /proc/interrupts does not show it; store->lock
 * @cpu: where it goes, -1 when it has not been requested; the core's descriptor
 *	lock, like all that follows
 * @last_cpu: where it went before, or -1
 */
struct ims_entry {
	struct ims_row *row;
	struct ims_store *store;
	struct ims_slot *slot;
	struct irq_data *data;
	bool hidden;
	int cpu;
	int last_cpu;
};

/**
 * struct ims_row - entries that are allocated and released together, see entries.c
 * @node: in client->partial, or in client->spare when nothing of it is in use, or
 *	nowhere when all is; store->lock, like all that follows
 * @idle_since: jiffies when it came to client->spare
 * @used: entries that have a slot
 * @size: entries
 * @entries: @size of them
 */
struct ims_row {
	struct list_head node;
	unsigned long idle_since;
	unsigned int used;
	unsigned int size;
	struct ims_entry entries[];
};

/**
 * struct ims_slot - one slot of a store
 * @node: in store->free, when it is not in use; store->lock
 * @freed: value of store->clock when it became free; store->lock
 * @entry: its Linux IRQ; set while the slot is in use, and its user's
 * @generation: how often handed out; store->lock
 * @handle: what descriptors name it by; store->lock
 * @used: a client has it; store->lock
 * @lock: one driver callback at a time for this slot; guards all that follows
 * @asleep: the store is suspended: what follows is not in the hardware
 * @owed: the hardware has not been told that it is free; store->power
 * @masked: by the interrupt core
 * @quiet: masked by ims_mask_irq(), to the end of its use
 * @paused: masked by ims_pause_irq()
 * @ended: a use ended while it was asleep, which the hardware does not know
 * @resend: an interrupt is to be raised when it is unmasked
 * @left: one may have been kept when the slot's last use ended
 * @address: of the message, 0 when the interrupt is not active
 * @data: of the message
 * @cookie: in the slot
 */
struct ims_slot {
	struct list_head node;
	u64 freed;
	struct ims_entry *entry;
	u32 generation;
	u32 handle;
	bool used;

	raw_spinlock_t lock;
	bool asleep;
	bool owed;
	bool masked;
	bool quiet;
	bool paused;
	bool ended;
	bool resend;
	bool left;
	u32 data;
	u64 address;
	u64 cookie;
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
 * @pairs: rows of two remapping entries are of use there, see entries.c
 * @pairs_again: jiffies before which none is asked for
 * @capacity: remapping entries that the device can have; 0: not known
 * @entries_again: jiffies before which the parent is not asked for entries
 * @vectors_again: jiffies before which it is not asked for CPU vectors
 * @crowded_until: jiffies before which interrupts are requested for any CPU first,
 *	see request.c
 * @driver: name of @pdev's driver, which may be gone when it is asked for
 * @expire: gives up Linux IRQs that have been idle for long
 * @tell: tells listeners that figures have changed
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
 * @clock: counts slots that became free
 * @slots: @hwsize of them
 * @hwsize: slots there are
 * @limit: slots that may be in use
 * @used: slots in use, at most @limit
 * @unmet: slots promised to clients and not in use by them yet; @used and
 *	@unmet together are never above @limit
 * @reserved: sum of all reservations
 * @entries: remapping entries that clients hold
 * @peak: largest @used ever
 * @failures: failed requests
 * @cpus: of ims_entries_barrier()
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
	bool pairs;
	unsigned long pairs_again;
	u32 capacity;
	unsigned long entries_again;
	unsigned long vectors_again;
	unsigned long crowded_until;
	struct delayed_work expire;
	struct delayed_work tell;

	struct mutex teardown;
	struct rw_semaphore power;
	bool suspended;
	struct mutex lock;
	bool gone;
	bool abandoned;
	struct list_head clients;
	u32 nr_clients;
	struct list_head free;
	u64 clock;
	struct ims_slot *slots;
	u32 hwsize;
	u32 limit;
	u32 used;
	u32 unmet;
	u32 reserved;
	u32 entries;
	u32 peak;
	u64 failures;
	cpumask_var_t cpus;
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
 * @limit: most it may use
 * @reservation: what it is promised
 * @entries: remapping entries that it holds, idle ones included
 * @partial: rows of them that are in use in part
 * @spare: rows of which nothing is in use, the one last used first
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
	u32 limit;
	u32 reservation;
	u32 entries;
	struct list_head partial;
	struct list_head spare;
};

/*
 * How long the parent is not asked again for what it had none of. The kernel says
 * in the log that it had none, in one or two lines, and guests choose how often they
 * ask.
 */
#define IMS_PAUSE	(HZ / 4)

/* Is it too early for what may be done @again at that time, in jiffies? */
static inline bool ims_is_paused(const unsigned long *again)
{
	return time_before(jiffies, READ_ONCE(*again));
}

/* The store of an allocated interrupt */
static inline struct ims_store *ims_irq_store(const struct ims_irq *irq)
{
	const struct ims_entry *entry = irq_data_get_irq_chip_data(irq->data);

	return entry->store;
}

static inline bool ims_client_has(const struct ims_client *client, u32 slot)
{
	return slot >= client->first && slot - client->first < client->count;
}

/* registry.c; without store->lock. They tell those who listen. */
int ims_store_register(struct ims_store *store);
void ims_store_unregister(struct ims_store *store);
void ims_store_changed(struct ims_store *store);
void ims_store_tell(struct work_struct *work);

/* registry.c; with store->lock held */
void ims_store_tell_later(struct ims_store *store);

/* client.c; all with store->lock held */
void ims_client_tell_later(struct ims_client *client);
int ims_quota_take(struct ims_client *client, u32 nr);
void ims_quota_give(struct ims_client *client, u32 nr);

/* slot.c; all but init and choose with store->lock held */
int ims_slots_init(struct ims_store *store);
int ims_slots_choose(struct ims_client *client, struct ims_irq *irqs,
		     unsigned int nr);
void ims_slots_unchoose(struct ims_store *store, const struct ims_irq *irqs,
			unsigned int nr);
int ims_slot_take(struct ims_client *client, struct ims_irq *irq);
void ims_slots_give(struct ims_store *store, const struct ims_irq *irqs,
		    unsigned int nr);
void ims_slots_untake(struct ims_store *store, const struct ims_irq *irqs,
		      unsigned int nr);

/* hardware.c; without slot->lock. From write to pending in any context. */
void ims_slot_write(struct ims_store *store, u32 index, u64 address, u32 data);
void ims_slot_mask(struct ims_store *store, u32 index);
void ims_slot_quiet(struct ims_store *store, u32 index);
void ims_slot_pause(struct ims_store *store, u32 index, bool pause);
void ims_slot_unmask(struct ims_store *store, u32 index);
bool ims_slot_pending(struct ims_store *store, u32 index);
void ims_slot_set_cookie(struct ims_store *store, u32 index, u64 cookie);
void ims_slot_bus_lock(struct ims_store *store, u32 index);
void ims_slot_bus_unlock(struct ims_store *store, u32 index);
void ims_store_sleep(struct ims_store *store);

/* domain.c */
int ims_domain_create(struct ims_store *store);
void ims_domain_remove(struct ims_store *store);

/* entries.c: for the interrupt core */
int ims_irqs_alloc(struct irq_domain *domain, unsigned int virq,
		   unsigned int nr_irqs, void *arg);
void ims_irqs_free(struct irq_domain *domain, unsigned int virq,
		   unsigned int nr_irqs);

/* entries.c: without store->lock */
void ims_entries_init(struct ims_store *store);
void ims_entries_end(struct ims_store *store);
int ims_entries_take(struct ims_client *client, struct ims_irq *irqs,
		     unsigned int nr);
void ims_rows_dispose(struct list_head *rows);
void ims_cpus_interrupt(const struct cpumask *cpus);

/* entries.c: with store->lock held; what is put on @rows is to be disposed of */
void ims_entries_barrier(struct ims_store *store, const struct ims_irq *irqs,
			 unsigned int nr);
void ims_entries_give(struct ims_client *client, const struct ims_irq *irqs,
		      unsigned int nr);
void ims_entries_trim(struct ims_client *client, struct list_head *rows);
void ims_entries_drain(struct ims_client *client, struct list_head *rows);

#endif /* _IMS_INTERNAL_H */
