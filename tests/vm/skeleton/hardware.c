// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an accelerator with an array of messages does with them, see hardware.h.
 */
#include <linux/bitmap.h>
#include <linux/io.h>
#include <linux/log2.h>

#include <linux/ims.h>

#include "hardware.h"

static void __iomem *hardware_control(struct hardware *hw, u32 slot)
{
	return hw->entries + slot * HW_STRIDE + HW_CONTROL;
}

/*
 * Memory does not notice that a slot is unmasked: look at the mask again at each
 * tick while an interrupt is pending. (Nor does it keep PENDING when the control
 * word is written, as a device would.)
 */
static void hardware_replay(struct work_struct *work)
{
	struct hardware *hw = container_of(to_delayed_work(work),
					   struct hardware, replay);
	u32 slot, control;

	for_each_set_bit(slot, hw->pending, HW_SLOTS) {
		control = readl(hardware_control(hw, slot));
		if (control & HW_CONTROL_IGNORE) {
			clear_bit(slot, hw->pending);
		} else if (!(control & HW_CONTROL_MASK)) {
			clear_bit(slot, hw->pending);
			if (ims_store_inject(hw->store, slot))
				pr_debug("slot %u: pending interrupt lost\n", slot);
		}
	}
	if (!bitmap_empty(hw->pending, HW_SLOTS))
		schedule_delayed_work(&hw->replay, 1);
}

/**
 * hardware_fire - raise the interrupt of a slot, as for a descriptor that names it
 * @hw: the device
 * @slot: what the descriptor names, whatever that is
 * @pasid: of the function that has submitted it
 *
 * A device checks and raises in one step. This does not: a slot that is revoked
 * in between is raised all the same, unless ims_store_inject() finds it unused.
 *
 * Return: 0 when it was raised or is pending; -ENOENT when there is no such slot
 * or it is not in use; -EACCES when it is somebody else's; or the error of
 * ims_store_inject().
 */
int hardware_fire(struct hardware *hw, u32 slot, u32 pasid)
{
	u32 control;

	if (slot >= HW_SLOTS)
		return -ENOENT;
	control = readl(hardware_control(hw, slot));
	if (control & HW_CONTROL_IGNORE)
		return -ENOENT;
	if (control & HW_CONTROL_CHECK && control >> HW_PASID_SHIFT != pasid)
		return -EACCES;
	if (!(control & HW_CONTROL_MASK))
		return ims_store_inject(hw->store, slot);

	/* Atomic: the mask in the same word may be changed at this moment. */
	set_bit(ilog2(HW_CONTROL_PENDING),
		(unsigned long __force *)hardware_control(hw, slot));
	set_bit(slot, hw->pending);
	schedule_delayed_work(&hw->replay, 1);
	return 0;
}

/**
 * hardware_init - the device is there
 * @hw: the device
 * @entries: its array of messages
 * @store: made of it
 */
void hardware_init(struct hardware *hw, void __iomem *entries,
		   struct ims_store *store)
{
	hw->entries = entries;
	hw->store = store;
	INIT_DELAYED_WORK(&hw->replay, hardware_replay);
}

/**
 * hardware_exit - nobody uses it any more
 * @hw: the device
 */
void hardware_exit(struct hardware *hw)
{
	cancel_delayed_work_sync(&hw->replay);
}
