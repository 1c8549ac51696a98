// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts for a client: slots, quota and the interrupt core's part brought
 * together.
 */
#include <linux/export.h>
#include <linux/interrupt.h>

#include "ims_internal.h"

/*
 * Book slots for @irqs, or unbook them when the second half fails. @runs: may
 * they have remapping entries in runs? See irqs.c.
 */
static int ims_book(struct ims_client *client, struct ims_irq *irqs,
		    unsigned int nr, bool *runs)
{
	struct ims_store *store = client->store;
	int ret;

	mutex_lock(&store->lock);
	ret = store->gone ? -ENODEV : ims_quota_take(client, nr);
	if (!ret) {
		ret = ims_slots_take(store, irqs, nr);
		if (ret)
			ims_quota_give(client, nr);
	}
	if (ret == -ENOSPC) {
		store->failures++;
		pci_dbg(store->pdev, "%u more slots refused: client has %u of %u, store %u of %u, %u of them promised\n",
			nr, client->used, client->limit, store->used,
			store->limit, store->unmet);
	}
	*runs = ims_irqs_runs(client);
	mutex_unlock(&store->lock);
	return ret;
}

static void ims_unbook(struct ims_client *client, const struct ims_irq *irqs,
		       unsigned int nr)
{
	struct ims_store *store = client->store;

	mutex_lock(&store->lock);
	ims_slots_untake(store, irqs, nr);
	ims_quota_give(client, nr);
	store->failures++;
	mutex_unlock(&store->lock);
}

static int ims_set_affinity(const struct ims_irq *irqs, unsigned int nr,
			    const struct cpumask *affinity)
{
	unsigned int i;
	int ret;

	for (i = 0; i < nr; i++) {
		ret = irq_set_affinity(irqs[i].virq, affinity);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * ims_alloc_irqs - allocate interrupts, all or none
 * @client: for whom
 * @irqs: one for each interrupt: in the slot wanted (or %IMS_SLOT_ANY) and the
 *	cookie, out slot, generation and Linux IRQ. Undefined but for the
 *	cookies when the call fails.
 * @nr: number of @irqs, at least 1
 * @affinity: CPUs that may handle them, or NULL for the default
 *
 * The message is written when the interrupt is requested (request_irq()), which
 * is also when the CPU vector is taken and -ENOSPC is possible once more.
 * However many there are, the locks are taken once. Many have Linux IRQs and
 * messages in rows, which are not whole: see irqs.c.
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EINVAL for @nr 0 or a slot beyond the store's size; -EBUSY for a
 * wanted slot in use; -ENOSPC when the client's limit, the store's limit or the
 * slots not promised to others are exhausted; when the remapping table is full,
 * -ENOMEM with Intel's and -ENOSPC with AMD's; -ENOMEM; -ENODEV when the device
 * is gone; else what irq_set_affinity() returns.
 */
int ims_alloc_irqs(struct ims_client *client, struct ims_irq *irqs,
		   unsigned int nr, const struct cpumask *affinity)
{
	struct ims_store *store = client->store;
	unsigned int i;
	bool runs;
	int ret;

	if (!nr)
		return -EINVAL;

	ret = ims_book(client, irqs, nr, &runs);
	if (ret)
		return ret;

	ret = ims_irqs_create(store, irqs, nr, runs);
	if (ret)
		goto err_unbook;

	if (affinity) {
		ret = ims_set_affinity(irqs, nr, affinity);
		if (ret)
			goto err_dispose;
	}

	mutex_lock(&store->lock);
	for (i = 0; i < nr; i++) {
		struct ims_slot *slot = &store->slots[irqs[i].slot];

		/* 0 is for "never": skip it when the counter comes round. */
		slot->generation = slot->generation + 1 ?: 1;
		irqs[i].generation = slot->generation;
	}
	mutex_unlock(&store->lock);
	return 0;

err_dispose:
	/* Of whole runs, of which nothing is left. */
	ims_irqs_dispose(store, irqs, nr);
err_unbook:
	ims_unbook(client, irqs, nr);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_alloc_irqs);

/**
 * ims_free_irqs - free interrupts
 * @client: for whom they were allocated
 * @irqs: the interrupts, not requested any more (free_irq())
 * @nr: number of @irqs
 *
 * Their slots are handed out again after all that have been free for longer.
 *
 * Context: process context, may sleep.
 */
void ims_free_irqs(struct ims_client *client, const struct ims_irq *irqs,
		   unsigned int nr)
{
	struct ims_store *store = client->store;
	int idle;

	idle = ims_irqs_dispose(store, irqs, nr);

	mutex_lock(&store->lock);
	ims_slots_give(store, irqs, nr);
	ims_quota_give(client, nr);
	client->idle += idle;
	mutex_unlock(&store->lock);
}
EXPORT_SYMBOL_GPL(ims_free_irqs);

/**
 * ims_set_cookie - change the cookie of an allocated interrupt in place
 * @client: for whom it was allocated
 * @irq: the interrupt; its cookie is updated
 * @cookie: the new cookie
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EOPNOTSUPP when the store cannot do that; else the error of the
 * driver's set_cookie(). On error the old cookie is in force.
 */
int ims_set_cookie(struct ims_client *client, struct ims_irq *irq, u64 cookie)
{
	struct ims_store *store = client->store;
	struct ims_slot *slot = &store->slots[irq->slot];
	unsigned long flags;
	int ret;

	/* @irq is allocated, so gone() has not returned: store->ops is there. */
	if (!store->ops->set_cookie)
		return -EOPNOTSUPP;

	if (store->ops->lock)
		store->ops->lock(store->data);

	raw_spin_lock_irqsave(&slot->lock, flags);
	ret = store->ops->set_cookie(store->data, irq->slot, cookie);
	if (!ret)
		slot->cookie = cookie;
	raw_spin_unlock_irqrestore(&slot->lock, flags);

	if (store->ops->unlock)
		store->ops->unlock(store->data);
	if (!ret)
		irq->cookie = cookie;
	return ret;
}
EXPORT_SYMBOL_GPL(ims_set_cookie);
