// SPDX-License-Identifier: GPL-2.0-only
/*
 * edu's interrupt message store. edu has none of its own: the slots are in a
 * table of ours, and a slot is fired by letting edu's DMA write its message.
 *
 * As in real hardware, firing is a security check (the cookie presented must
 * be the slot's).
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
 *    held is its own and must not be fired. What follows it, the wait for
 *    running handlers and the release of the slot and its remapping entry, then
 *    meets no message on its way. Like every wait for the engine this one is
 *    over after twice EDU_TIMEOUT (engine.c) at worst.
 *  - ops->lock has nothing to do. The slots need no more than the table's
 *    lock.
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
#include "edu.h"

static struct ims_edu_store *ims_edu_store_of(struct ims_table *table)
{
	return container_of(table, struct ims_edu_store, table);
}

static int ims_edu_store_check_cookie(void *data, u64 cookie)
{
	return ims_edu_param_cookie_fits(cookie) ? 0 : -ERANGE;
}

static void ims_edu_store_lock(void *data, u32 slot)
{
}

/* Wait while @slot is held, unless it may be fired. */
static void ims_edu_store_unlock(void *data, u32 slot)
{
	struct ims_edu_store *store = ims_edu_store_of(data);

	wait_event(store->released, READ_ONCE(store->held) != slot ||
		   !ims_table_quiet(&store->table, slot));
}

/* Their data is the table. */
const struct ims_store_ops ims_edu_store_ops = {
	.write		= ims_table_write,
	.mask		= ims_table_mask,
	.unmask		= ims_table_unmask,
	.set_cookie	= ims_table_set_cookie,
	.check_cookie	= ims_edu_store_check_cookie,
	.pending	= ims_table_pending,
	.lock		= ims_edu_store_lock,
	.unlock		= ims_edu_store_unlock,
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
 * Context: between ims_edu_engine_begin() and ims_edu_engine_end(), with no slot
 * held.
 */
void ims_edu_store_hold(struct ims_edu *edu, u32 slot)
{
	/*
	 * Ahead of the looks that follow, whose slot it is and what is in it:
	 * either they find it taken off or masked, or who did that finds it held.
	 * The table's lock orders the second look, the barrier the first.
	 */
	smp_store_mb(edu->store.held, slot);
}

/**
 * ims_edu_store_release - counterpart of ims_edu_store_hold()
 * @edu: the device
 *
 * Context: between ims_edu_engine_begin() and ims_edu_engine_end().
 */
void ims_edu_store_release(struct ims_edu *edu)
{
	ims_edu_store_hold(edu, IMS_SLOT_ANY);
	wake_up_all(&edu->store.released);
}

/**
 * ims_edu_store_fire - raise the interrupt of the slot that is held
 * @edu: the device
 * @cookie: what the descriptor presents; NULL: what the slot carries
 *
 * Context: between ims_edu_engine_begin() and ims_edu_engine_end(). Sleeps, for
 * seconds at most.
 *
 * Return: 0 when the message was written, or is pending because the slot is
 * masked; -ENOENT when the slot is not in use; -EACCES when it has another
 * cookie; else the error of ims_edu_engine_message().
 */
int ims_edu_store_fire(struct ims_edu *edu, const u64 *cookie)
{
	struct ims_edu_store *store = &edu->store;
	struct ims_table_slot slot;
	int ret;

	ret = ims_table_raise(&store->table, store->held, cookie, &slot);
	if (ret <= 0)
		return ret;
	return ims_edu_engine_message(edu, slot.address, slot.data);
}

/*
 * Fire one slot and come back for the next, so that work queues have their
 * turn.
 */
static void ims_edu_store_replay(struct work_struct *work)
{
	struct ims_edu *edu = container_of(work, struct ims_edu,
					   store.table.replay);
	struct ims_table *table = &edu->store.table;
	struct ims_table_slot slot;
	int ret = 0;
	u32 index;

	if (!ims_table_first_pending(table, &index))
		return;

	ims_edu_engine_begin(edu);
	ims_edu_store_hold(edu, index);
	if (ims_table_take_pending(table, index, &slot))
		ret = ims_edu_engine_message(edu, slot.address, slot.data);
	ims_edu_store_release(edu);
	ims_edu_engine_end(edu);
	if (ret)
		dev_dbg(&edu->pdev->dev, "pending interrupt lost: %d\n", ret);
	queue_work(edu->engine.queue, work);
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

	init_waitqueue_head(&store->released);
	store->held = IMS_SLOT_ANY;
	return ims_table_init(&store->table, nr_slots, edu->engine.queue,
			      ims_edu_store_replay);
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
	ims_table_exit(&edu->store.table);
}
