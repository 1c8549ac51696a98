// SPDX-License-Identifier: GPL-2.0-only
/*
 * A store's messages in the driver's memory, for devices that have no store of
 * their own but can be made to write a word anywhere.
 *
 * As in real hardware, a slot that is masked keeps one interrupt back.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "vfunc.h"

/**
 * ims_table_write - write callback of a store
 * @data: the table
 * @index: the slot
 * @msg: the message, without address when the slot is no longer in use
 *
 * Context: interrupts off.
 */
void ims_table_write(void *data, u32 index, const struct ims_message *msg)
{
	struct ims_table *table = data;
	struct ims_table_slot *slot = &table->slots[index];

	raw_spin_lock(&table->lock);
	slot->address = msg->address;
	slot->data = msg->data;
	slot->cookie = msg->cookie;
	if (!slot->address) {
		slot->masked = true;
		__clear_bit(index, table->pending);
	}
	raw_spin_unlock(&table->lock);
}

/**
 * ims_table_mask - mask callback of a store
 * @data: the table
 * @index: the slot
 *
 * Context: interrupts off.
 */
void ims_table_mask(void *data, u32 index)
{
	struct ims_table *table = data;

	raw_spin_lock(&table->lock);
	table->slots[index].masked = true;
	raw_spin_unlock(&table->lock);
}

/**
 * ims_table_unmask - unmask callback of a store
 * @data: the table
 * @index: the slot
 *
 * Context: interrupts off.
 */
void ims_table_unmask(void *data, u32 index)
{
	struct ims_table *table = data;
	bool replay;

	raw_spin_lock(&table->lock);
	table->slots[index].masked = false;
	replay = test_bit(index, table->pending);
	raw_spin_unlock(&table->lock);

	/* Fine here, PREEMPT_RT included: a workqueue's locks are raw. */
	if (replay)
		queue_work(table->queue, &table->replay);
}

/**
 * ims_table_set_cookie - set_cookie callback of a store
 * @data: the table
 * @index: the slot
 * @cookie: the new cookie
 *
 * Context: interrupts off.
 *
 * Return: 0
 */
int ims_table_set_cookie(void *data, u32 index, u64 cookie)
{
	struct ims_table *table = data;

	raw_spin_lock(&table->lock);
	table->slots[index].cookie = cookie;
	raw_spin_unlock(&table->lock);
	return 0;
}

/**
 * ims_table_raise - what is to be written to raise a slot's interrupt
 * @table: the table
 * @index: the slot
 * @cookie: what the descriptor presents; NULL when the device cannot check
 * @slot: copy of the slot
 *
 * Context: process context; the caller keeps the slot from being freed until
 * the message is written.
 *
 * Return: 1 when @slot's message is to be written; 0 when the slot is masked
 * and now keeps the interrupt back; -ENOENT when it is not in use; -EACCES when
 * it has another cookie.
 */
int ims_table_raise(struct ims_table *table, u32 index, const u64 *cookie,
		    struct ims_table_slot *slot)
{
	unsigned long flags;
	int ret = 1;

	raw_spin_lock_irqsave(&table->lock, flags);
	*slot = table->slots[index];
	if (!slot->address) {
		ret = -ENOENT;
	} else if (cookie && slot->cookie != *cookie) {
		ret = -EACCES;
	} else if (slot->masked) {
		__set_bit(index, table->pending);
		ret = 0;
	}
	raw_spin_unlock_irqrestore(&table->lock, flags);
	return ret;
}

/**
 * ims_table_first_pending - a slot that was unmasked with an interrupt pending
 * @table: the table
 * @index: the slot
 *
 * Context: process context.
 *
 * Return: false when there is none
 */
bool ims_table_first_pending(struct ims_table *table, u32 *index)
{
	unsigned long flags;
	bool found = false;

	raw_spin_lock_irqsave(&table->lock, flags);
	for_each_set_bit(*index, table->pending, table->nr_slots) {
		found = !table->slots[*index].masked;
		if (found)
			break;
	}
	raw_spin_unlock_irqrestore(&table->lock, flags);
	return found;
}

/**
 * ims_table_take_pending - take the interrupt that a slot has kept back
 * @table: the table
 * @index: the slot
 * @slot: copy of the slot
 *
 * Its cookie was checked when the interrupt was raised.
 *
 * Context: as ims_table_raise().
 *
 * Return: true when @slot's message is to be written; false when there is no
 * interrupt, any more, or the slot is masked again
 */
bool ims_table_take_pending(struct ims_table *table, u32 index,
			    struct ims_table_slot *slot)
{
	unsigned long flags;
	bool taken = false;

	raw_spin_lock_irqsave(&table->lock, flags);
	*slot = table->slots[index];
	if (!slot->masked)
		taken = __test_and_clear_bit(index, table->pending);
	raw_spin_unlock_irqrestore(&table->lock, flags);
	return taken;
}

/**
 * ims_table_quiet - must a slot not be fired?
 * @table: the table
 * @index: the slot
 *
 * Context: any.
 *
 * Return: whether it is masked or not in use
 */
bool ims_table_quiet(struct ims_table *table, u32 index)
{
	unsigned long flags;
	bool quiet;

	raw_spin_lock_irqsave(&table->lock, flags);
	quiet = table->slots[index].masked || !table->slots[index].address;
	raw_spin_unlock_irqrestore(&table->lock, flags);
	return quiet;
}

/**
 * ims_table_init - make a table
 * @table: the table
 * @nr_slots: how many
 * @queue: where @replay runs
 * @replay: called when a slot was unmasked with an interrupt pending
 *
 * Context: process context, may sleep.
 *
 * Return: 0 or -ENOMEM
 */
int ims_table_init(struct ims_table *table, u32 nr_slots,
		   struct workqueue_struct *queue, work_func_t replay)
{
	u32 i;

	raw_spin_lock_init(&table->lock);
	table->nr_slots = nr_slots;
	table->queue = queue;
	INIT_WORK(&table->replay, replay);

	table->slots = kvcalloc(nr_slots, sizeof(*table->slots), GFP_KERNEL);
	if (!table->slots)
		return -ENOMEM;
	table->pending = bitmap_zalloc(nr_slots, GFP_KERNEL);
	if (!table->pending) {
		kvfree(table->slots);
		return -ENOMEM;
	}
	for (i = 0; i < nr_slots; i++)
		table->slots[i].masked = true;
	return 0;
}

/**
 * ims_table_exit - counterpart of ims_table_init()
 * @table: the table; its callbacks are not called any more, its queue is empty
 *
 * Context: process context.
 */
void ims_table_exit(struct ims_table *table)
{
	bitmap_free(table->pending);
	kvfree(table->slots);
}
