// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slots of a store: which are free, and in which order they are handed
 * out. The one that has been free for longest goes first; a slot wanted by
 * number, or chosen by the hardware, is taken from wherever it stands in that
 * order.
 */
#include <linux/mm.h>

#include "ims_internal.h"

int ims_slots_init(struct ims_store *store)
{
	u32 i;

	store->slots = kvcalloc(store->hwsize, sizeof(*store->slots),
				GFP_KERNEL);
	if (!store->slots)
		return -ENOMEM;

	for (i = 0; i < store->hwsize; i++) {
		raw_spin_lock_init(&store->slots[i].lock);
		store->slots[i].handle = i;
		list_add_tail(&store->slots[i].node, &store->free);
	}
	return 0;
}

/* Let the hardware choose one slot. */
static int ims_slot_choose(struct ims_client *client, struct ims_irq *irq)
{
	struct ims_store *store = client->store;
	struct ims_slot_choice choice = {
		.cookie = irq->cookie,
		.first = client->first,
		.count = client->count,
		.slot = irq->slot,
		.handle = IMS_SLOT_ANY,
	};
	int ret = -EBUSY;

	down_read(&store->power);
	if (!store->suspended)
		ret = store->ops->alloc_slot(store->data, &choice);
	up_read(&store->power);
	if (ret)
		return ret;

	irq->slot = choice.slot;
	irq->handle = choice.handle == IMS_SLOT_ANY ? choice.slot :
						      choice.handle;
	return 0;
}

/* Tell the hardware that a slot is free, now or when it is awake again. */
static void ims_slot_unchoose(struct ims_store *store,
			      const struct ims_irq *irq)
{
	down_read(&store->power);
	if (!store->suspended) {
		store->ops->free_slot(store->data, irq->slot, irq->handle);
	} else if (irq->slot < store->hwsize) {
		store->slots[irq->slot].handle = irq->handle;
		store->slots[irq->slot].owed = true;
	}
	up_read(&store->power);
}

/*
 * Let the hardware choose a slot and a handle for each of @irqs, all or none, if
 * the store has such hardware.
 */
int ims_slots_choose(struct ims_client *client, struct ims_irq *irqs,
		     unsigned int nr)
{
	struct ims_store *store = client->store;
	unsigned int i;
	int ret;

	if (!store->ops->alloc_slot)
		return 0;

	for (i = 0; i < nr; i++) {
		ret = ims_slot_choose(client, &irqs[i]);
		if (ret) {
			ims_slots_unchoose(store, irqs, i);
			return ret;
		}
	}
	return 0;
}

/* The opposite, for those that have a slot. Their messages are gone. */
void ims_slots_unchoose(struct ims_store *store, const struct ims_irq *irqs,
			unsigned int nr)
{
	if (!store->ops->free_slot)
		return;
	while (nr--)
		if (irqs[nr].slot != IMS_SLOT_ANY)
			ims_slot_unchoose(store, &irqs[nr]);
}

/* The slot of a client's window that has been free for longest, or NULL. */
static struct ims_slot *ims_slot_oldest(const struct ims_client *client)
{
	struct ims_store *store = client->store;
	struct ims_slot *slot, *oldest = NULL;
	u32 i;

	if (client->count == store->hwsize)
		return list_first_entry_or_null(&store->free, struct ims_slot,
						node);
	for (i = client->first; ims_client_has(client, i); i++) {
		slot = &store->slots[i];
		if (!slot->used && (!oldest || slot->freed < oldest->freed))
			oldest = slot;
	}
	return oldest;
}

static struct ims_slot *ims_slot_pick(const struct ims_client *client,
				      u32 wanted)
{
	struct ims_store *store = client->store;
	struct ims_slot *slot;

	if (wanted == IMS_SLOT_ANY)
		return ims_slot_oldest(client) ?: ERR_PTR(-ENOSPC);
	if (wanted >= store->hwsize || !ims_client_has(client, wanted))
		return ERR_PTR(-EINVAL);

	slot = &store->slots[wanted];
	return slot->used ? ERR_PTR(-EBUSY) : slot;
}

/*
 * Take a slot for @irq, whose wish is replaced by the slot's number. The
 * generation counts only when the interrupt exists, see ims_alloc_irqs().
 *
 * Return: 0; -ENOSPC; of a slot by number -EINVAL or -EBUSY.
 */
int ims_slot_take(struct ims_client *client, struct ims_irq *irq)
{
	struct ims_store *store = client->store;
	struct ims_slot *slot;
	unsigned long flags;

	lockdep_assert_held(&store->lock);

	slot = ims_slot_pick(client, irq->slot);
	if (IS_ERR(slot))
		return PTR_ERR(slot);

	list_del_init(&slot->node);
	slot->used = true;
	irq->slot = slot - store->slots;
	if (!store->ops->alloc_slot)
		irq->handle = irq->slot;
	slot->handle = irq->handle;

	raw_spin_lock_irqsave(&slot->lock, flags);
	slot->cookie = irq->cookie;
	raw_spin_unlock_irqrestore(&slot->lock, flags);
	return 0;
}

/* Give back slots that were in use. */
void ims_slots_give(struct ims_store *store, const struct ims_irq *irqs,
		    unsigned int nr)
{
	struct ims_slot *slot;
	unsigned int i;

	lockdep_assert_held(&store->lock);

	for (i = 0; i < nr; i++) {
		slot = &store->slots[irqs[i].slot];
		slot->used = false;
		slot->freed = ++store->clock;
		list_add_tail(&slot->node, &store->free);
	}
}

/*
 * Give back slots that never came into use. They go to the front again, where
 * they came from: failed requests must not push others on in the line. (A slot
 * wanted by number had another place; only a driver does that, not a guest.)
 */
void ims_slots_untake(struct ims_store *store, const struct ims_irq *irqs,
		      unsigned int nr)
{
	struct ims_slot *slot;

	lockdep_assert_held(&store->lock);

	while (nr--) {
		slot = &store->slots[irqs[nr].slot];
		slot->used = false;
		list_add(&slot->node, &store->free);
	}
}
