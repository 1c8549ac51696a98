// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ready-made store: the messages are in the driver's memory, for devices that
 * have no store of their own but can be made to write a word anywhere. The
 * driver plays the device: it asks what is to be written, and has it written.
 *
 * As in real hardware, a slot that is masked keeps one interrupt back.
 */
#include <linux/bitmap.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <linux/ims_array.h>

/**
 * ims_table_write - write callback of a store
 * @data: the table
 * @index: the slot, which is masked
 * @msg: the message, without address when the slot is no longer in use. An
 *	interrupt that it has kept back is forgotten when it comes into use again
 *
 * Context: interrupts off.
 */
void ims_table_write(void *data, u32 index, const struct ims_message *msg)
{
	struct ims_table *table = data;
	struct ims_table_slot *slot = &table->slots[index];

	raw_spin_lock(&table->lock);
	if (!slot->address)
		__clear_bit(index, table->pending);
	slot->address = msg->address;
	slot->data = msg->data;
	slot->cookie = msg->cookie;
	if (!slot->address)
		slot->masked = true;
	raw_spin_unlock(&table->lock);
}
EXPORT_SYMBOL_GPL(ims_table_write);

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
EXPORT_SYMBOL_GPL(ims_table_mask);

/**
 * ims_table_unmask - unmask callback of a store
 * @data: the table
 * @index: the slot. When it has kept an interrupt back, the table's replay is
 *	queued
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
EXPORT_SYMBOL_GPL(ims_table_unmask);

/**
 * ims_table_set_cookie - set_cookie callback of a store
 * @data: the table
 * @index: the slot
 * @cookie: the new cookie. An interrupt that is kept back had the old one, and
 *	is not checked again
 *
 * Context: interrupts off.
 */
void ims_table_set_cookie(void *data, u32 index, u64 cookie)
{
	struct ims_table *table = data;

	raw_spin_lock(&table->lock);
	table->slots[index].cookie = cookie;
	raw_spin_unlock(&table->lock);
}
EXPORT_SYMBOL_GPL(ims_table_set_cookie);

/**
 * ims_table_pending - pending callback of a store
 * @data: the table
 * @index: the slot
 *
 * Context: interrupts off.
 *
 * Return: whether the slot keeps an interrupt back, or has kept one back that is
 * not fired yet
 */
bool ims_table_pending(void *data, u32 index)
{
	struct ims_table *table = data;
	bool pending;

	raw_spin_lock(&table->lock);
	pending = test_bit(index, table->pending);
	raw_spin_unlock(&table->lock);
	return pending;
}
EXPORT_SYMBOL_GPL(ims_table_pending);

/**
 * ims_table_raise - what is to be written to raise a slot's interrupt
 * @table: the table
 * @index: the slot
 * @cookie: what the descriptor presents; NULL when the device cannot check
 * @slot: out: copy of the slot
 *
 * Context: any. The caller keeps the slot from being freed until the message is
 * written: by the lock and unlock callbacks of its store.
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
EXPORT_SYMBOL_GPL(ims_table_raise);

/**
 * ims_table_first_pending - a slot that was unmasked with an interrupt pending
 * @table: the table
 * @index: out: the slot
 *
 * For the replay, which takes each with ims_table_take_pending().
 *
 * Context: any.
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
EXPORT_SYMBOL_GPL(ims_table_first_pending);

/**
 * ims_table_take_pending - take the interrupt that a slot has kept back
 * @table: the table
 * @index: the slot
 * @slot: out: copy of the slot
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
EXPORT_SYMBOL_GPL(ims_table_take_pending);

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
EXPORT_SYMBOL_GPL(ims_table_quiet);

/**
 * ims_table_init - make a table, every slot masked and not in use
 * @table: the table
 * @nr_slots: how many slots, the size of the store
 * @queue: where @replay runs
 * @replay: work function, run when slots were unmasked with an interrupt pending.
 *	It has table->replay as its argument, and fires what
 *	ims_table_first_pending() and ims_table_take_pending() tell
 *
 * Call it before ims_store_create().
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
EXPORT_SYMBOL_GPL(ims_table_init);

/**
 * ims_table_exit - counterpart of ims_table_init()
 * @table: the table; its store has ended, and its replay neither runs nor is
 *	queued
 *
 * Context: process context, may sleep.
 */
void ims_table_exit(struct ims_table *table)
{
	bitmap_free(table->pending);
	kvfree(table->slots);
}
EXPORT_SYMBOL_GPL(ims_table_exit);
