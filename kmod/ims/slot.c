// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slots of a store: which are free, and in which order they are handed
 * out. The one that has been free for longest goes first; a slot wanted by
 * number is taken from wherever it stands in that order.
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
		list_add_tail(&store->slots[i].free, &store->free);
	}
	return 0;
}

static struct ims_slot *ims_slot_pick(struct ims_store *store, u32 wanted)
{
	struct ims_slot *slot;

	if (wanted == IMS_SLOT_ANY) {
		slot = list_first_entry_or_null(&store->free, struct ims_slot,
						free);
		return slot ?: ERR_PTR(-ENOSPC);
	}
	if (wanted >= store->hwsize)
		return ERR_PTR(-EINVAL);

	slot = &store->slots[wanted];
	return list_empty(&slot->free) ? ERR_PTR(-EBUSY) : slot;
}

/*
 * Take a slot for each of @irqs, all or none; replaces the wish in their slot
 * by the number. Their generation counts only when the interrupts exist, see
 * ims_alloc_irqs().
 */
int ims_slots_take(struct ims_store *store, struct ims_irq *irqs,
		   unsigned int nr)
{
	struct ims_slot *slot;
	unsigned int i;

	lockdep_assert_held(&store->lock);

	for (i = 0; i < nr; i++) {
		slot = ims_slot_pick(store, irqs[i].slot);
		if (IS_ERR(slot)) {
			ims_slots_untake(store, irqs, i);
			return PTR_ERR(slot);
		}
		list_del_init(&slot->free);
		slot->cookie = irqs[i].cookie;
		irqs[i].slot = slot - store->slots;
	}
	return 0;
}

/*
 * Give back slots that never came into use. They go to the front again, where
 * they came from: failed requests must not push others on in the line. (A slot
 * wanted by number had another place; only a driver does that, not a guest.)
 */
void ims_slots_untake(struct ims_store *store, const struct ims_irq *irqs,
		      unsigned int nr)
{
	lockdep_assert_held(&store->lock);

	while (nr--)
		list_add(&store->slots[irqs[nr].slot].free, &store->free);
}

/* Give back slots that were in use: last in line for being handed out. */
void ims_slots_give(struct ims_store *store, const struct ims_irq *irqs,
		    unsigned int nr)
{
	unsigned int i;

	lockdep_assert_held(&store->lock);

	for (i = 0; i < nr; i++)
		list_add_tail(&store->slots[irqs[i].slot].free, &store->free);
}
