/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of ims.ko share. Two locks:
 *
 *	store->teardown	(mutex, outer) serialises the store's end with the end
 *			of its clients, so that a client is there as long as
 *			its gone() runs. Never taken by a request for
 *			interrupts.
 *	store->lock	(mutex, inner) slots, quotas and the list of clients.
 *			Held for bookkeeping only: the interrupt core's domain
 *			mutex and a client's own locks are not taken below it.
 *
 * slot->lock (raw spinlock) keeps the driver's callbacks for one slot apart;
 * the interrupt core calls them with its descriptor lock held.
 */
#ifndef _IMS_INTERNAL_H
#define _IMS_INTERNAL_H

#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#include <linux/ims.h>

struct ims_run;

/**
 * struct ims_slot - one slot of a store
 * @free: in store->free, empty list head while in use; store->lock
 * @lock: one driver callback at a time for this slot; guards @cookie while the
 *	slot is in use
 * @generation: how often handed out; store->lock
 * @cookie: cookie in the slot
 * @run: whose remapping entries the interrupt has one of, or NULL; set while the
 *	slot is in use, and its user's
 */
struct ims_slot {
	struct list_head free;
	raw_spinlock_t lock;
	u32 generation;
	u64 cookie;
	struct ims_run *run;
};

/**
 * struct ims_store - one device's interrupt store
 * @ref: the creator and each client hold one, and who found it
 * @id: constant from registration on
 * @pdev: the device, referenced
 * @ops: the driver's callbacks; not called once @gone and all slots are free
 * @data: their first argument
 * @domain: NULL once destroyed
 * @fwnode: the domain's name tag
 * @chip: copy of the IMS irq chip under the store's own name
 * @name: of @chip and @domain
 * @parent: name of the domain below
 * @runs: runs of remapping entries are of use there, see irqs.c
 * @runs_again: jiffies before which none is asked for
 * @driver: name of @pdev's driver, which may be gone when it is asked for
 * @teardown: see above
 * @lock: see above; guards all that follows
 * @gone: ims_store_destroy() has begun
 * @clients: list of struct ims_client
 * @nr_clients: how many
 * @free: free slots, the one that has been free for longest first, so that a
 *	stale handle of one client does not soon fire another client's interrupt
 * @slots: @hwsize of them
 * @hwsize: slots there are
 * @limit: slots that may be in use
 * @used: slots in use, at most @limit
 * @unmet: slots promised to clients and not in use by them yet; @used and
 *	@unmet together are never above @limit
 * @reserved: sum of all reservations
 * @peak: largest @used ever
 * @failures: failed requests
 */
struct ims_store {
	struct kref ref;
	u32 id;
	struct pci_dev *pdev;
	const struct ims_store_ops *ops;
	void *data;
	struct irq_domain *domain;
	struct fwnode_handle *fwnode;
	struct irq_chip chip;
	char name[32];
	char parent[64];
	char driver[64];
	bool runs;
	unsigned long runs_again;

	struct mutex teardown;
	struct mutex lock;
	bool gone;
	struct list_head clients;
	u32 nr_clients;
	struct list_head free;
	struct ims_slot *slots;
	u32 hwsize;
	u32 limit;
	u32 used;
	u32 unmet;
	u32 reserved;
	u32 peak;
	u64 failures;
};

/**
 * struct ims_client - somebody for whom interrupts are allocated
 * @store: referenced
 * @ops: may be NULL
 * @priv: argument of @ops
 * @node: in store->clients; written under store->teardown and store->lock
 * @used: slots in use; store->lock, like all that follows
 * @limit: most it may use
 * @reservation: what it is promised
 * @idle: remapping entries without an interrupt in its runs, see irqs.c; may be
 *	below 0 while two interrupts of a run are freed
 */
struct ims_client {
	struct ims_store *store;
	const struct ims_client_ops *ops;
	void *priv;
	struct list_head node;
	u32 used;
	u32 limit;
	u32 reservation;
	int idle;
};

/* registry.c; without store->lock. They tell those who listen. */
int ims_store_register(struct ims_store *store);
void ims_store_unregister(struct ims_store *store);
void ims_store_changed(struct ims_store *store);

/* client.c; all with store->lock held */
int ims_quota_take(struct ims_client *client, u32 nr);
void ims_quota_give(struct ims_client *client, u32 nr);

/* slot.c; all but init with store->lock held */
int ims_slots_init(struct ims_store *store);
int ims_slots_take(struct ims_store *store, struct ims_irq *irqs,
		   unsigned int nr);
void ims_slots_untake(struct ims_store *store, const struct ims_irq *irqs,
		      unsigned int nr);
void ims_slots_give(struct ims_store *store, const struct ims_irq *irqs,
		    unsigned int nr);

/* domain.c */
int ims_domain_create(struct ims_store *store);
void ims_domain_remove(struct ims_store *store);

/* irqs.c; the first two for the interrupt core. ims_irqs_runs() with store->lock
 * held, all others without.
 */
int ims_irqs_alloc(struct irq_domain *domain, unsigned int virq,
		   unsigned int nr_irqs, void *arg);
void ims_irqs_free(struct irq_domain *domain, unsigned int virq,
		   unsigned int nr_irqs);
bool ims_irqs_runs(const struct ims_client *client);
int ims_irqs_create(struct ims_store *store, struct ims_irq *irqs,
		    unsigned int nr, bool runs);
int ims_irqs_dispose(struct ims_store *store, const struct ims_irq *irqs,
		     unsigned int nr);

#endif /* _IMS_INTERNAL_H */
