// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts: a descriptor names a handle, which is an entry of the array of
 * messages. The entry is read in the device's registers, as the driver has written
 * it, and checked; what is not to be raised is an error of the descriptor.
 */
#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/io.h>
#include <linux/log2.h>

#include <linux/ims.h>

#include "hw.h"

/* A message's address: Intel VT-d, "Interrupt Requests in Remappable Format" */
#define SIOV_HW_ENTRY		GENMASK_ULL(19, 5)
#define SIOV_HW_REMAPPABLE	BIT_ULL(4)
#define SIOV_HW_SUBHANDLE	BIT_ULL(3)
#define SIOV_HW_ENTRY_15	BIT_ULL(2)

static void __iomem *siov_hw_slot(struct siov_hw *hw, u32 slot)
{
	return hw->bar + SIOV_HW_ARRAY + (size_t)slot * SIOV_HW_STRIDE;
}

/*
 * The controller writes zeros only, see hw_nvme.c. A message of Intel's with data is
 * one of a row of table entries: the address names the first, the data how far
 * on. The address alone may name that entry as well. False: not this message. In
 * AMD's the data names the entry, and 0 is one; but QEMU takes what this controller
 * writes for another device's.
 */
static bool siov_hw_without_data(u64 *address, u32 data)
{
	u64 entry;

	if (!(*address & SIOV_HW_REMAPPABLE))
		return false;
	if (!(*address & SIOV_HW_SUBHANDLE))
		return !data;
	entry = FIELD_GET(SIOV_HW_ENTRY, *address) |
		FIELD_GET(SIOV_HW_ENTRY_15, *address) << 15;
	entry += data;
	if (entry > U16_MAX)
		return false;
	*address &= ~(SIOV_HW_SUBHANDLE | SIOV_HW_ENTRY | SIOV_HW_ENTRY_15);
	*address |= FIELD_PREP(SIOV_HW_ENTRY, entry & 0x7fff) |
		    FIELD_PREP(SIOV_HW_ENTRY_15, entry >> 15);
	return true;
}

/*
 * Write the message of @slot. One that the controller cannot write (AMD's have
 * data) takes its way from the CPU's vector on.
 */
static void siov_hw_fire(struct siov_hw *hw, u32 slot)
{
	void __iomem *at = siov_hw_slot(hw, slot);
	u64 address = readl(at + SIOV_HW_ADDRESS) |
		      (u64)readl(at + SIOV_HW_ADDRESS + 4) << 32;
	int ret;

	lockdep_assert_held(&hw->lock);

	if (siov_hw_without_data(&address, readl(at + SIOV_HW_DATA)))
		ret = siov_nvme_write(&hw->nvme, address);
	else
		ret = ims_store_inject(hw->store, slot);
	if (ret)
		pci_dbg(hw->pdev, "message of slot %u lost: %d\n", slot, ret);
}

/* Atomic: the mask in the same word may be changed at this moment. */
static void siov_hw_set_pending(struct siov_hw *hw, u32 slot)
{
	void __iomem *control = siov_hw_slot(hw, slot) + SIOV_HW_CONTROL;

	lockdep_assert_held(&hw->lock);

	set_bit(ilog2(SIOV_HW_PENDING), (unsigned long __force *)control);
}

static void siov_hw_pend(struct siov_hw *hw, u32 slot)
{
	siov_hw_set_pending(hw, slot);
	__set_bit(slot, hw->pending);
	schedule_delayed_work(&hw->replay, 1);
}

/**
 * siov_hw_restore_pending - have PENDING in a control word that was written since
 * @hw: the device
 * @slot: the slot
 *
 * Context: process context, with hw->lock held
 */
void siov_hw_restore_pending(struct siov_hw *hw, u32 slot)
{
	if (test_bit(slot, hw->pending) && !READ_ONCE(hw->off))
		siov_hw_set_pending(hw, slot);
}

/**
 * siov_hw_forget - what is pending for a slot that is not in use will not be raised
 * @hw: the device
 * @slot: the slot
 *
 * Context: process context, with hw->lock held
 */
void siov_hw_forget(struct siov_hw *hw, u32 slot)
{
	lockdep_assert_held(&hw->lock);

	if (readl(siov_hw_slot(hw, slot) + SIOV_HW_CONTROL) & SIOV_HW_IGNORE)
		__clear_bit(slot, hw->pending);
}

/* IMS_SIOV_ERR_* */
static u32 siov_hw_raise_one(struct siov_hw_queue *queue, u32 handle)
{
	struct siov_hw *hw = queue->hw;
	u32 control;

	lockdep_assert_held(&hw->lock);

	if (handle >= hw->nr_slots)
		return IMS_SIOV_ERR_HANDLE;
	control = readl(siov_hw_slot(hw, handle) + SIOV_HW_CONTROL);
	if (control & SIOV_HW_IGNORE)
		return IMS_SIOV_ERR_HANDLE;
	if (control & SIOV_HW_PASID_ENABLE &&
	    control >> SIOV_HW_PASID_SHIFT != queue->pasid)
		return IMS_SIOV_ERR_HANDLE;

	queue->raised++;
	if (control & SIOV_HW_MASK)
		siov_hw_pend(hw, handle);
	else
		siov_hw_fire(hw, handle);
	return IMS_SIOV_ERR_NONE;
}

static void siov_hw_flush(struct siov_hw *hw)
{
	int ret = siov_nvme_flush(&hw->nvme);

	if (ret)
		pci_dbg(hw->pdev, "messages lost: %d\n", ret);
}

/**
 * siov_hw_raise - raise what siov_hw_want() has collected
 * @queue: the queue
 *
 * Context: process context, with queue->step held. May sleep.
 */
void siov_hw_raise(struct siov_hw_queue *queue)
{
	struct siov_hw *hw = queue->hw;
	u32 i;

	lockdep_assert_held(&queue->step);

	if (!queue->nr_handles)
		return;
	mutex_lock(&hw->lock);
	for (i = 0; i < queue->nr_handles; i++)
		siov_hw_fail(queue, siov_hw_raise_one(queue, queue->handles[i]));
	siov_hw_flush(hw);
	mutex_unlock(&hw->lock);
	queue->nr_handles = 0;
}

/**
 * siov_hw_want - raise a handle's interrupt with the next siov_hw_raise()
 * @queue: the queue
 * @handle: what the descriptor names, whatever that is
 *
 * Context: as siov_hw_raise(), which is called when there are many
 */
void siov_hw_want(struct siov_hw_queue *queue, u32 handle)
{
	lockdep_assert_held(&queue->step);

	if (queue->nr_handles == ARRAY_SIZE(queue->handles))
		siov_hw_raise(queue);
	queue->handles[queue->nr_handles++] = handle;
}

/**
 * siov_hw_replay - raise what is pending and not masked any more
 * @work: hw->replay
 *
 * Memory does not notice that a slot is unmasked: look again at each tick.
 */
void siov_hw_replay(struct work_struct *work)
{
	struct siov_hw *hw = container_of(to_delayed_work(work), struct siov_hw,
					  replay);
	u32 slot, control;

	mutex_lock(&hw->lock);
	for_each_set_bit(slot, hw->pending, hw->nr_slots) {
		if (READ_ONCE(hw->off))
			break;
		control = readl(siov_hw_slot(hw, slot) + SIOV_HW_CONTROL);
		if (!(control & (SIOV_HW_IGNORE | SIOV_HW_MASK)))
			siov_hw_fire(hw, slot);
		if (control & SIOV_HW_IGNORE || !(control & SIOV_HW_MASK))
			__clear_bit(slot, hw->pending);
		else
			siov_hw_set_pending(hw, slot);
	}
	siov_hw_flush(hw);
	if (!bitmap_empty(hw->pending, hw->nr_slots) && !READ_ONCE(hw->off))
		schedule_delayed_work(&hw->replay, 1);
	mutex_unlock(&hw->lock);
}
