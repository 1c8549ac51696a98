// SPDX-License-Identifier: GPL-2.0-only
/*
 * edu's interrupt message store. edu has none of its own: the slots are here,
 * and a slot is fired by letting edu's DMA write its message.
 *
 * As in real hardware, firing is a security check (the cookie presented must
 * be the slot's), and a slot that is masked keeps one interrupt back.
 *
 * A DMA takes edu 100 ms. If its slot is freed meanwhile, a message arrives for
 * an interrupt that does not exist any more, or that is somebody else's by
 * now. Therefore:
 *
 *  - The engine holds a slot (store.held) from before it looks at it until
 *    its DMA is over. There is one engine, so one slot at most is held.
 *  - The interrupt core masks a slot, and later has it written with address 0,
 *    before it is free. These callbacks cannot wait: they run under raw
 *    spinlocks. But free_irq() has both between ops->lock and ops->unlock
 *    (irq_bus_lock), and the latter may sleep: it waits while the slot that is
 *    held is one that must not be fired. What follows it, the wait for running
 *    handlers and the release of the slot and its remapping entry, then meets
 *    no message on its way.
 *  - ops->unlock does not know for which slot it was called. It therefore may
 *    wait for one that another CPU has masked. That is rare and, like every
 *    wait for the engine, over after twice EDU_TIMEOUT (engine.c) at worst. It
 *    does not wait for a slot that may be fired: enabling and disabling of
 *    vectors do not queue up behind the work of others.
 *  - ops->lock has nothing to do. The slots need no more than store.lock.
 *
 * A slot's mask and unmask by the interrupt's flow handler have no ops->unlock,
 * and need none: a message on its way finds its interrupt.
 *
 * A message that is rewritten in use (another CPU, on a host without interrupt
 * remapping) is not waited for either: the x86 code keeps the old CPU vector
 * until an interrupt has arrived at the new one.
 *
 * A DMA that timed out may still be under way when its slot is released: edu
 * cannot abort one. The engine begins no other until it is over, and remove
 * ends it by taking away bus mastership.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "edu.h"

static void ims_edu_store_write(void *data, u32 index,
				const struct ims_message *msg)
{
	struct ims_edu *edu = data;
	struct ims_edu_store *store = &edu->store;
	struct ims_edu_slot *slot = &store->slots[index];

	raw_spin_lock(&store->lock);
	slot->address = msg->address;
	slot->data = msg->data;
	slot->cookie = msg->cookie;
	if (!slot->address) {
		slot->masked = true;
		__clear_bit(index, store->pending);
	}
	raw_spin_unlock(&store->lock);
}

static void ims_edu_store_mask(void *data, u32 index)
{
	struct ims_edu *edu = data;
	struct ims_edu_store *store = &edu->store;

	raw_spin_lock(&store->lock);
	store->slots[index].masked = true;
	raw_spin_unlock(&store->lock);
}

static void ims_edu_store_unmask(void *data, u32 index)
{
	struct ims_edu *edu = data;
	struct ims_edu_store *store = &edu->store;
	bool replay;

	raw_spin_lock(&store->lock);
	store->slots[index].masked = false;
	replay = test_bit(index, store->pending);
	raw_spin_unlock(&store->lock);

	/* Fine here, PREEMPT_RT included: a workqueue's locks are raw. */
	if (replay)
		queue_work(edu->engine.queue, &store->replay);
}

static int ims_edu_store_set_cookie(void *data, u32 index, u64 cookie)
{
	struct ims_edu *edu = data;
	struct ims_edu_store *store = &edu->store;

	raw_spin_lock(&store->lock);
	store->slots[index].cookie = cookie;
	raw_spin_unlock(&store->lock);
	return 0;
}

static void ims_edu_store_bus_lock(void *data)
{
}

/* Is the slot that is held one that must not be fired (any more)? */
static bool ims_edu_store_draining(struct ims_edu_store *store)
{
	const struct ims_edu_slot *slot;
	unsigned long flags;
	bool draining = false;

	raw_spin_lock_irqsave(&store->lock, flags);
	if (store->held != IMS_SLOT_ANY) {
		slot = &store->slots[store->held];
		draining = slot->masked || !slot->address;
	}
	raw_spin_unlock_irqrestore(&store->lock, flags);
	return draining;
}

static void ims_edu_store_bus_unlock(void *data)
{
	struct ims_edu *edu = data;
	struct ims_edu_store *store = &edu->store;

	wait_event(store->released, !ims_edu_store_draining(store));
}

const struct ims_store_ops ims_edu_store_ops = {
	.write		= ims_edu_store_write,
	.mask		= ims_edu_store_mask,
	.unmask		= ims_edu_store_unmask,
	.set_cookie	= ims_edu_store_set_cookie,
	.lock		= ims_edu_store_bus_lock,
	.unlock		= ims_edu_store_bus_unlock,
};

/**
 * ims_edu_store_hold - keep a slot from being freed
 * @edu: the device
 * @slot: the slot, in use or not
 *
 * A slot that is in use when this returns is not handed to anybody else before
 * ims_edu_store_release(): whether it is still the one that was meant can be
 * looked up now.
 *
 * Context: a work item on the engine's queue, with no slot held.
 */
void ims_edu_store_hold(struct ims_edu *edu, u32 slot)
{
	struct ims_edu_store *store = &edu->store;
	unsigned long flags;

	raw_spin_lock_irqsave(&store->lock, flags);
	store->held = slot;
	raw_spin_unlock_irqrestore(&store->lock, flags);
}

/**
 * ims_edu_store_release - counterpart of ims_edu_store_hold()
 * @edu: the device
 *
 * Context: a work item on the engine's queue.
 */
void ims_edu_store_release(struct ims_edu *edu)
{
	ims_edu_store_hold(edu, IMS_SLOT_ANY);
	wake_up_all(&edu->store.released);
}

/**
 * ims_edu_store_fire - raise the interrupt of the slot that is held
 * @edu: the device
 * @cookie: what the descriptor presents
 *
 * Context: a work item on the engine's queue. Sleeps, for seconds at most.
 *
 * Return: 0 when the message was written, or is pending because the slot is
 * masked; -ENOENT when the slot is not in use; -EACCES when it has another
 * cookie; else the error of ims_edu_engine_message().
 */
int ims_edu_store_fire(struct ims_edu *edu, u64 cookie)
{
	struct ims_edu_store *store = &edu->store;
	struct ims_edu_slot slot;
	unsigned long flags;
	bool accepted;

	raw_spin_lock_irqsave(&store->lock, flags);
	slot = store->slots[store->held];
	accepted = slot.address && slot.cookie == cookie;
	if (accepted && slot.masked)
		__set_bit(store->held, store->pending);
	raw_spin_unlock_irqrestore(&store->lock, flags);

	if (!accepted)
		return slot.address ? -EACCES : -ENOENT;
	if (slot.masked)
		return 0;
	return ims_edu_engine_message(edu, slot.address, slot.data);
}

/*
 * Hold a slot that was unmasked with an interrupt pending, take the interrupt
 * and copy the slot. False when there is none.
 */
static bool ims_edu_store_next(struct ims_edu_store *store,
			       struct ims_edu_slot *slot)
{
	unsigned long flags;
	u32 index;

	raw_spin_lock_irqsave(&store->lock, flags);
	for_each_set_bit(index, store->pending, store->nr_slots) {
		*slot = store->slots[index];
		if (slot->masked)
			continue;
		__clear_bit(index, store->pending);
		store->held = index;
		break;
	}
	raw_spin_unlock_irqrestore(&store->lock, flags);
	return index < store->nr_slots;
}

/*
 * Fire one slot and come back for the next, so that work queues have their
 * turn. The cookies were checked when the interrupts were raised.
 */
static void ims_edu_store_replay(struct work_struct *work)
{
	struct ims_edu *edu = container_of(work, struct ims_edu, store.replay);
	struct ims_edu_slot slot;
	int ret;

	if (!ims_edu_store_next(&edu->store, &slot))
		return;

	ret = ims_edu_engine_message(edu, slot.address, slot.data);
	if (ret)
		dev_dbg(&edu->pdev->dev, "pending interrupt lost: %d\n", ret);
	ims_edu_store_release(edu);
	queue_work(edu->engine.queue, &edu->store.replay);
}

/**
 * ims_edu_store_init - make the store's slots
 * @edu: the device; its engine works
 * @nr_slots: how many
 *
 * Context: probe. Sleeps.
 *
 * Return: 0 or -ENOMEM.
 */
int ims_edu_store_init(struct ims_edu *edu, u32 nr_slots)
{
	struct ims_edu_store *store = &edu->store;
	u32 i;

	raw_spin_lock_init(&store->lock);
	init_waitqueue_head(&store->released);
	INIT_WORK(&store->replay, ims_edu_store_replay);
	store->held = IMS_SLOT_ANY;
	store->nr_slots = nr_slots;

	store->slots = kvcalloc(nr_slots, sizeof(*store->slots), GFP_KERNEL);
	if (!store->slots)
		return -ENOMEM;
	store->pending = bitmap_zalloc(nr_slots, GFP_KERNEL);
	if (!store->pending) {
		kvfree(store->slots);
		return -ENOMEM;
	}
	for (i = 0; i < nr_slots; i++)
		store->slots[i].masked = true;
	return 0;
}

/**
 * ims_edu_store_exit - counterpart of ims_edu_store_init()
 * @edu: the device; its callbacks are not called any more, its engine's queue
 *	is empty
 *
 * Context: probe's failure path or remove.
 */
void ims_edu_store_exit(struct ims_edu *edu)
{
	bitmap_free(edu->store.pending);
	kvfree(edu->store.slots);
}
