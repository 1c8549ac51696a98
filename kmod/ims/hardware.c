// SPDX-License-Identifier: GPL-2.0-only
/*
 * A store's hardware: every call of the driver's callbacks that write a slot,
 * and its sleep. What a slot has is kept here as well, so that it can be written
 * again: while the store is suspended nothing else is done.
 */
#include <linux/export.h>

#include "ims_internal.h"

/* Is a slot in use to be masked? With slot->lock held */
static bool ims_slot_kept(const struct ims_slot *slot)
{
	return slot->masked || slot->quiet || slot->paused;
}

/**
 * ims_slot_write - put a message into a slot
 * @store: the store
 * @index: the slot
 * @address: of the message; 0: the slot's interrupt is not active any more
 * @data: of the message
 *
 * The driver's write() finds the slot masked. One that comes into use stays so
 * until the interrupt core unmasks it; one that moves to another CPU (without
 * interrupt remapping its message changes) is masked for the moment.
 */
void ims_slot_write(struct ims_store *store, u32 index, u64 address, u32 data)
{
	const struct ims_store_ops *ops = store->ops;
	struct ims_slot *slot = &store->slots[index];
	struct ims_message msg = { .address = address, .data = data };
	unsigned long flags;
	bool moves;

	raw_spin_lock_irqsave(&slot->lock, flags);
	moves = slot->address && !ims_slot_kept(slot);
	if (!slot->address)
		slot->masked = true;
	slot->address = address;
	slot->data = data;
	/* A PASID that is detached must not be in a slot that nobody has. */
	if (address)
		msg.cookie = slot->cookie;
	if (!slot->asleep) {
		ops->mask(store->data, index);
		ops->write(store->data, index, &msg);
		if (moves && address)
			ops->unmask(store->data, index);
	}
	if (!address) {
		/* A slot that is asleep may have kept one before. */
		slot->left = slot->resend || slot->asleep || !ops->pending ||
			     ops->pending(store->data, index);
		slot->ended = slot->asleep;
		slot->resend = false;
		slot->quiet = false;
		slot->paused = false;
	}
	raw_spin_unlock_irqrestore(&slot->lock, flags);
}

void ims_slot_mask(struct ims_store *store, u32 index)
{
	struct ims_slot *slot = &store->slots[index];
	unsigned long flags;

	raw_spin_lock_irqsave(&slot->lock, flags);
	slot->masked = true;
	if (!slot->asleep)
		store->ops->mask(store->data, index);
	raw_spin_unlock_irqrestore(&slot->lock, flags);
}

/* The same to the end of the slot's use: the interrupt core does not unmask it. */
void ims_slot_quiet(struct ims_store *store, u32 index)
{
	struct ims_slot *slot = &store->slots[index];
	unsigned long flags;

	raw_spin_lock_irqsave(&slot->lock, flags);
	slot->quiet = true;
	if (!slot->asleep)
		store->ops->mask(store->data, index);
	raw_spin_unlock_irqrestore(&slot->lock, flags);
}

/* A mask of the slot has ended, perhaps not the last. With slot->lock held */
static void ims_slot_open(struct ims_store *store, u32 index)
{
	struct ims_slot *slot = &store->slots[index];

	if (ims_slot_kept(slot))
		return;
	if (!slot->asleep)
		store->ops->unmask(store->data, index);
	if (slot->resend && slot->address) {
		slot->resend = false;
		irq_chip_retrigger_hierarchy(slot->entry->data);
	}
}

void ims_slot_unmask(struct ims_store *store, u32 index)
{
	struct ims_slot *slot = &store->slots[index];
	unsigned long flags;

	raw_spin_lock_irqsave(&slot->lock, flags);
	slot->masked = false;
	ims_slot_open(store, index);
	raw_spin_unlock_irqrestore(&slot->lock, flags);
}

/* A mask beside that of the interrupt core, until it is taken back. */
void ims_slot_pause(struct ims_store *store, u32 index, bool pause)
{
	struct ims_slot *slot = &store->slots[index];
	unsigned long flags;

	raw_spin_lock_irqsave(&slot->lock, flags);
	if (slot->paused != pause) {
		slot->paused = pause;
		if (!pause)
			ims_slot_open(store, index);
		else if (!slot->asleep)
			store->ops->mask(store->data, index);
	}
	raw_spin_unlock_irqrestore(&slot->lock, flags);
}

/* Is an interrupt kept back at the slot, by the hardware or by us? */
bool ims_slot_pending(struct ims_store *store, u32 index)
{
	struct ims_slot *slot = &store->slots[index];
	unsigned long flags;
	bool pending;

	raw_spin_lock_irqsave(&slot->lock, flags);
	pending = slot->resend;
	if (!pending && slot->address && !slot->asleep && store->ops->pending)
		pending = store->ops->pending(store->data, index);
	raw_spin_unlock_irqrestore(&slot->lock, flags);
	return pending;
}

/* Change the cookie of a slot in use in place; the store must be able to. */
void ims_slot_set_cookie(struct ims_store *store, u32 index, u64 cookie)
{
	struct ims_slot *slot = &store->slots[index];
	unsigned long flags;

	ims_slot_bus_lock(store, index);
	raw_spin_lock_irqsave(&slot->lock, flags);
	slot->cookie = cookie;
	if (!slot->asleep && slot->address)
		store->ops->set_cookie(store->data, index, cookie);
	raw_spin_unlock_irqrestore(&slot->lock, flags);
	ims_slot_bus_unlock(store, index);
}

/*
 * irq_bus_lock() and its counterpart. store->power keeps the store from falling
 * asleep, or from waking up, between the two.
 */
void ims_slot_bus_lock(struct ims_store *store, u32 index)
{
	down_read(&store->power);
	if (store->ops->lock && !store->suspended)
		store->ops->lock(store->data, index);
}

void ims_slot_bus_unlock(struct ims_store *store, u32 index)
{
	if (store->ops->unlock && !store->suspended)
		store->ops->unlock(store->data, index);
	up_read(&store->power);
}

/**
 * ims_store_sleep - let the hardware alone from now on
 * @store: the store
 *
 * Context: process context, with store->power held for writing
 */
void ims_store_sleep(struct ims_store *store)
{
	unsigned long flags;
	u32 i;

	lockdep_assert_held_write(&store->power);

	WRITE_ONCE(store->suspended, true);
	for (i = 0; i < store->hwsize; i++) {
		raw_spin_lock_irqsave(&store->slots[i].lock, flags);
		store->slots[i].asleep = true;
		raw_spin_unlock_irqrestore(&store->slots[i].lock, flags);
		cond_resched();
	}
}

/* Write one slot again; those that nobody uses, too: who knows what a reset left. */
static void ims_slot_wake(struct ims_store *store, u32 index)
{
	const struct ims_store_ops *ops = store->ops;
	struct ims_slot *slot = &store->slots[index];
	struct ims_message msg = { };
	unsigned long flags;

	if (ops->lock)
		ops->lock(store->data, index);
	raw_spin_lock_irqsave(&slot->lock, flags);
	slot->asleep = false;
	ops->mask(store->data, index);
	/* Whoever has it now does not get what it kept for the user before. */
	if (slot->ended)
		ops->write(store->data, index, &msg);
	slot->ended = false;
	if (slot->address) {
		msg.address = slot->address;
		msg.data = slot->data;
		msg.cookie = slot->cookie;
	}
	ops->write(store->data, index, &msg);
	if (slot->address && !ims_slot_kept(slot))
		ops->unmask(store->data, index);
	raw_spin_unlock_irqrestore(&slot->lock, flags);
	if (ops->unlock)
		ops->unlock(store->data, index);

	if (slot->owed) {
		slot->owed = false;
		ops->free_slot(store->data, index, slot->handle);
	}
}

/**
 * ims_store_suspend - the hardware falls asleep, or is about to be reset
 * @store: the store
 *
 * When this returns no callback that touches the hardware is under way or is
 * begun before ims_store_restore(). Vectors stay what they are; what changes
 * meanwhile (masks, cookies, messages, slots that come into use or go out of it)
 * is written by ims_store_restore(). A store with alloc_slot() hands out no slots
 * while it is suspended: -EBUSY. For system sleep, runtime PM, function level
 * reset and AER. Suspending a store that is suspended does nothing.
 *
 * Context: process context, may sleep. Not from a callback of the store.
 */
void ims_store_suspend(struct ims_store *store)
{
	bool changed;

	down_write(&store->power);
	changed = !store->suspended;
	if (changed)
		ims_store_sleep(store);
	up_write(&store->power);
	if (changed)
		ims_store_changed(store);
}
EXPORT_SYMBOL_GPL(ims_store_suspend);

/**
 * ims_store_restore - the hardware is back
 * @store: the store; ims_store_suspend() was called
 *
 * Every slot is written again: message and cookie, or address 0 when it is not in
 * use, then its mask. Interrupts arrive as before; one that the device would have
 * raised meanwhile is the device's to remember. A store with alloc_slot() must
 * find the hardware with the slots and handles that it had, or its vectors are
 * held ahead of the sleep (vfio_pci_ims_hold()). Restoring a store that is not
 * suspended does nothing.
 *
 * Context: process context, may sleep. Not from a callback of the store.
 */
void ims_store_restore(struct ims_store *store)
{
	bool changed;
	u32 i;

	down_write(&store->power);
	changed = store->suspended && !store->abandoned;
	if (changed) {
		for (i = 0; i < store->hwsize; i++) {
			ims_slot_wake(store, i);
			cond_resched();
		}
		WRITE_ONCE(store->suspended, false);
	}
	up_write(&store->power);
	if (changed)
		ims_store_changed(store);
}
EXPORT_SYMBOL_GPL(ims_store_restore);

/**
 * ims_store_inject - raise the interrupt of a slot as its hardware would
 * @store: the store
 * @slot: the slot
 *
 * For drivers whose hardware is software, and for tests: the interrupt takes the
 * way of the slot's message from the CPU's vector on. Of a slot that is masked it
 * is kept, once, until it is unmasked. No cookie is checked.
 *
 * Context: any, interrupt context included.
 *
 * Return: 0; -EINVAL for a slot beyond the store; -ENOENT when the slot is not in
 * use, or its interrupt is not requested.
 */
int ims_store_inject(struct ims_store *store, u32 slot)
{
	struct ims_slot *s;
	unsigned long flags;
	int ret = 0;

	if (slot >= store->hwsize)
		return -EINVAL;

	s = &store->slots[slot];
	raw_spin_lock_irqsave(&s->lock, flags);
	if (!s->address)
		ret = -ENOENT;
	else if (ims_slot_kept(s))
		s->resend = true;
	else
		irq_chip_retrigger_hierarchy(s->entry->data);
	raw_spin_unlock_irqrestore(&s->lock, flags);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_store_inject);
