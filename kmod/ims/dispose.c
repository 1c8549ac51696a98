// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of Linux IRQs. When free_irq() has returned, a CPU may still be on its
 * way to the handler: it has looked up the descriptor by its vector
 * (common_interrupt() in arch/x86/kernel/irq.c) and has not come to
 * handle_edge_irq() yet, so that free_irq() saw nobody to wait for. Were the
 * descriptor taken apart now, the CPU would find handle_bad_irq() there
 * ("unexpected IRQ trap"), and its chip touch a slot that is somebody else's.
 *
 * That CPU has interrupts off, which is a read section of RCU. So Linux IRQs are
 * disposed of by a work item after a grace period, many at a time, and their
 * slots are free from then on. Until then they are dying: no client's quota
 * counts them, and who finds no free slot waits for them.
 */
#include <linux/rcupdate.h>

#include "ims_internal.h"

/*
 * How many slots of a client may be dying, beside as many as it has in use. More
 * are waited for, lest a client holds any number of remapping entries.
 */
#define IMS_DYING_MAX	32

static void ims_dispose_work(struct work_struct *work)
{
	struct ims_store *store = container_of(work, struct ims_store, dispose);
	struct ims_slot *slot, *next;
	LIST_HEAD(dying);
	int idle;

	mutex_lock(&store->lock);
	list_splice_init(&store->dying, &dying);
	mutex_unlock(&store->lock);
	if (list_empty(&dying))
		return;

	synchronize_rcu();
	list_for_each_entry_safe(slot, next, &dying, node) {
		idle = ims_irq_dispose(slot);

		mutex_lock(&store->lock);
		slot->client->idle += idle;
		slot->client->dying--;
		slot->client = NULL;
		slot->state = IMS_SLOT_FREE;
		slot->freed = ++store->clock;
		list_move_tail(&slot->node, &store->free);
		store->nr_dying--;
		mutex_unlock(&store->lock);
		cond_resched();
	}
}

void ims_dispose_init(struct ims_store *store)
{
	INIT_LIST_HEAD(&store->dying);
	INIT_WORK(&store->dispose, ims_dispose_work);
}

/**
 * ims_dispose_bury - @irqs are not in use any more
 * @client: whose they were; ims_dispose_flush() comes before its end
 * @irqs: the interrupts, not requested any more
 * @nr: number of @irqs
 *
 * They are disposed of some time after a grace period.
 *
 * Context: with store->lock held
 */
void ims_dispose_bury(struct ims_client *client, const struct ims_irq *irqs,
		      unsigned int nr)
{
	struct ims_store *store = client->store;
	struct ims_slot *slot;
	unsigned int i;

	lockdep_assert_held(&store->lock);

	for (i = 0; i < nr; i++) {
		slot = &store->slots[irqs[i].slot];
		slot->state = IMS_SLOT_DYING;
		list_add_tail(&slot->node, &store->dying);
	}
	client->dying += nr;
	store->nr_dying += nr;
	/* Under the lock: who finds a slot dying can wait for the work. */
	queue_work(system_unbound_wq, &store->dispose);
}

/*
 * Dispose of what was buried before the call. Sleeps for a grace period; without
 * locks that request_irq() and the like take.
 */
void ims_dispose_flush(struct ims_store *store)
{
	flush_work(&store->dispose);
}

/* Has @client so many slots that are dying that they must be waited for? */
bool ims_dispose_due(const struct ims_client *client)
{
	lockdep_assert_held(&client->store->lock);

	return client->dying > client->used + IMS_DYING_MAX;
}
