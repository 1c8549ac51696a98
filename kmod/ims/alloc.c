// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts for a client: slots, quota and the interrupt core's part brought
 * together.
 */
#include <linux/export.h>

#include "ims_internal.h"

static int ims_check_cookies(struct ims_store *store,
			     const struct ims_irq *irqs, unsigned int nr)
{
	unsigned int i;
	int ret;

	lockdep_assert_held(&store->lock);

	if (!store->ops->check_cookie)
		return 0;
	for (i = 0; i < nr; i++) {
		ret = store->ops->check_cookie(store->data, irqs[i].cookie);
		if (ret)
			return ret;
	}
	return 0;
}

/* Account for slots for @irqs: 0, -ENODEV, -ERANGE or -ENOSPC. */
static int ims_book_quota(struct ims_client *client, const struct ims_irq *irqs,
			  unsigned int nr)
{
	struct ims_store *store = client->store;
	int ret;

	mutex_lock(&store->lock);
	ret = store->gone ? -ENODEV : ims_check_cookies(store, irqs, nr);
	if (!ret)
		ret = ims_quota_take(client, nr);
	if (ret == -ENOSPC) {
		store->failures++;
		ims_store_tell_later(store);
		pci_dbg(store->pdev, "%u more slots refused: client has %u of %u, store %u of %u, %u of them promised\n",
			nr, client->used, client->limit, store->used,
			store->limit, store->unmet);
	}
	mutex_unlock(&store->lock);
	return ret;
}

/* Take the slots, all or none. */
static int ims_book_slots(struct ims_client *client, struct ims_irq *irqs,
			  unsigned int nr)
{
	struct ims_store *store = client->store;
	unsigned int i;
	int ret = 0;

	mutex_lock(&store->lock);
	for (i = 0; i < nr; i++) {
		ret = ims_slot_take(client, &irqs[i]);
		if (ret) {
			ims_slots_untake(store, irqs, i);
			/* A slot that the hardware chose twice is in use. */
			if (ret == -EBUSY)
				irqs[i].slot = IMS_SLOT_ANY;
			break;
		}
	}
	mutex_unlock(&store->lock);
	return ret;
}

static void ims_unbook_slots(struct ims_store *store, const struct ims_irq *irqs,
			     unsigned int nr)
{
	mutex_lock(&store->lock);
	ims_slots_untake(store, irqs, nr);
	mutex_unlock(&store->lock);
}

/* Undo ims_book_quota(): the request has failed for other reasons. */
static void ims_unbook_quota(struct ims_client *client, unsigned int nr)
{
	struct ims_store *store = client->store;
	LIST_HEAD(rows);

	mutex_lock(&store->lock);
	ims_quota_give(client, nr);
	ims_entries_trim(client, &rows);
	store->failures++;
	mutex_unlock(&store->lock);
	ims_rows_dispose(&rows);
}

static void ims_count_generations(struct ims_store *store, struct ims_irq *irqs,
				  unsigned int nr)
{
	struct ims_slot *slot;
	unsigned int i;

	mutex_lock(&store->lock);
	for (i = 0; i < nr; i++) {
		slot = &store->slots[irqs[i].slot];
		/* 0 is for "never": skip it when the counter comes round. */
		slot->generation++;
		if (!slot->generation)
			slot->generation = 1;
		irqs[i].generation = slot->generation;
	}
	mutex_unlock(&store->lock);
}

/**
 * ims_alloc_irqs - allocate interrupts, all or none
 * @client: for whom
 * @irqs: one for each interrupt: in the slot wanted (or %IMS_SLOT_ANY) and the
 *	cookie, out slot, handle, generation and Linux IRQ. Undefined but for the
 *	cookies when the call fails.
 * @nr: number of @irqs, at least 1
 *
 * The message is written by ims_request_irq(), which is also when the CPU vector
 * is taken and -ENOSPC is possible once more. Linux IRQs that the client has given
 * back lately are used again, with their counts in /proc/interrupts.
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EINVAL for @nr 0 or a slot beyond the client's window; -EBUSY for a
 * wanted slot in use, and when a store with alloc_slot() is suspended; -ERANGE
 * for a cookie that the hardware cannot hold; -ENOSPC when the client's limit, its
 * window, the store's limit or the slots not promised to others are exhausted, and
 * when there is no entry left in the interrupt-remapping table or no vector of the
 * CPUs (or was none within the last quarter of a second, for which the parent is not
 * asked again: no_vectors of struct ims_client_info says which); -ENOMEM;
 * -ENODEV when the device is gone; -EIO, in place of -EBUSY and -EINVAL, when the
 * driver's alloc_slot() chose a slot that it must not; else what alloc_slot()
 * returns.
 */
int ims_alloc_irqs(struct ims_client *client, struct ims_irq *irqs,
		   unsigned int nr)
{
	struct ims_store *store = client->store;
	int ret;

	if (!nr)
		return -EINVAL;

	ret = ims_book_quota(client, irqs, nr);
	if (ret)
		return ret;
	ret = ims_slots_choose(client, irqs, nr);
	if (ret)
		goto err_quota;
	ret = ims_book_slots(client, irqs, nr);
	if (ret) {
		if (store->ops->alloc_slot)
			ret = -EIO;
		goto err_choice;
	}
	ret = ims_entries_take(client, irqs, nr);
	if (ret)
		goto err_slots;
	ims_count_generations(store, irqs, nr);
	return 0;

err_slots:
	ims_unbook_slots(store, irqs, nr);
err_choice:
	ims_slots_unchoose(store, irqs, nr);
err_quota:
	ims_unbook_quota(client, nr);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_alloc_irqs);

/**
 * ims_free_irqs - free interrupts
 * @client: for whom they were allocated
 * @irqs: the interrupts, not requested any more (free_irq())
 * @nr: number of @irqs
 *
 * Their slots are handed out again after all that have been free for longer. The
 * client keeps some of the Linux IRQs for what it allocates next: with those of its
 * other interrupts, no more than twice its slots and 32.
 *
 * Sends an interrupt to each CPU that handled one of @irqs, and waits for it: free
 * many with one call.
 *
 * Context: process context, may sleep.
 */
void ims_free_irqs(struct ims_client *client, const struct ims_irq *irqs,
		   unsigned int nr)
{
	struct ims_store *store = client->store;
	LIST_HEAD(rows);

	mutex_lock(&store->lock);
	ims_entries_barrier(store, irqs, nr);
	ims_entries_give(client, irqs, nr);
	ims_slots_give(store, irqs, nr);
	ims_quota_give(client, nr);
	ims_entries_trim(client, &rows);
	mutex_unlock(&store->lock);

	ims_rows_dispose(&rows);
	/* The hardware may hand them out again at once: they are free by now. */
	ims_slots_unchoose(store, irqs, nr);
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
 * Return: 0; -EOPNOTSUPP when the store cannot do that; -ERANGE for a cookie that
 * the hardware cannot hold. On error the old cookie is in force.
 */
int ims_set_cookie(struct ims_client *client, struct ims_irq *irq, u64 cookie)
{
	struct ims_store *store = client->store;
	int ret = 0;

	/* @irq is allocated, so gone() has not returned: store->ops is there. */
	if (!store->ops->set_cookie)
		return -EOPNOTSUPP;
	mutex_lock(&store->lock);
	if (store->ops->check_cookie && !store->abandoned)
		ret = store->ops->check_cookie(store->data, cookie);
	mutex_unlock(&store->lock);
	if (ret)
		return ret;

	ims_slot_set_cookie(store, irq->slot, cookie);
	irq->cookie = cookie;
	return 0;
}
EXPORT_SYMBOL_GPL(ims_set_cookie);

/**
 * ims_irq_pending - is an interrupt kept back at its slot?
 * @irq: an allocated interrupt
 *
 * Of a slot that the interrupt core has masked, and as far as the store can tell
 * (pending() of struct ims_store_ops).
 *
 * Context: any, as long as the interrupt is allocated.
 *
 * Return: whether there is one.
 */
bool ims_irq_pending(const struct ims_irq *irq)
{
	return ims_slot_pending(ims_irq_store(irq), irq->slot);
}
EXPORT_SYMBOL_GPL(ims_irq_pending);

/**
 * ims_pause_irq - keep a slot from firing, or let it fire again
 * @irq: an allocated interrupt, requested
 * @pause: which
 *
 * For who holds interrupts back, of his own or in their handler. What the slot would
 * have fired meanwhile is fired once when that ends, and when that is not before the
 * end of the slot's use it is told by ims_irq_left(). The interrupt core does not know
 * of this mask: disable_irq() and enable_irq() work as ever. Repeated calls change
 * nothing. One that a CPU has accepted before arrives.
 *
 * Context: any, interrupt context included.
 */
void ims_pause_irq(const struct ims_irq *irq, bool pause)
{
	ims_slot_pause(ims_irq_store(irq), irq->slot, pause);
}
EXPORT_SYMBOL_GPL(ims_pause_irq);

/**
 * ims_mask_irq - keep a slot from firing, ahead of its end
 * @irq: an allocated interrupt, requested
 *
 * For who takes an interrupt from somebody and wants to lose none: after this call
 * and synchronize_rcu() no CPU is on its way to the handler for what the slot has
 * fired, and what it would have fired since is told by ims_irq_left(). The
 * interrupt core does not know of the mask, and cannot end it; free_irq() follows.
 *
 * Context: process context, may sleep.
 */
void ims_mask_irq(const struct ims_irq *irq)
{
	struct ims_store *store = ims_irq_store(irq);

	ims_slot_bus_lock(store, irq->slot);
	ims_slot_quiet(store, irq->slot);
	ims_slot_bus_unlock(store, irq->slot);
	/*
	 * An interrupt that was fired before may wait at a CPU that is idle, for
	 * which a grace period does not wait: have the CPU take it.
	 */
	ims_cpus_interrupt(irq_data_get_effective_affinity_mask(irq->data));
}
EXPORT_SYMBOL_GPL(ims_mask_irq);

/**
 * ims_irq_left - may an interrupt have been kept at its slot to the end?
 * @irq: an allocated interrupt, between free_irq() and ims_free_irqs()
 *
 * Context: any.
 *
 * Return: whether one was kept there, by the hardware as far as the store can tell
 * (pending() of struct ims_store_ops), or by ims_store_inject(); true if the store
 * cannot tell.
 */
bool ims_irq_left(const struct ims_irq *irq)
{
	const struct ims_store *store = ims_irq_store(irq);

	return READ_ONCE(store->slots[irq->slot].left);
}
EXPORT_SYMBOL_GPL(ims_irq_left);
