// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an accelerator with an array of messages does with them, see hardware.h.
 */
#include <linux/bitmap.h>
#include <linux/io.h>
#include <linux/log2.h>
#include <linux/pci.h>

#include <linux/ims.h>

#include "hardware.h"

static void __iomem *hardware_control(struct hardware *hw, u32 slot)
{
	return hw->entries + slot * HW_STRIDE + HW_CONTROL;
}

/* A device would write the message of @slot. Memory cannot: raise its interrupt. */
static int hardware_raise(struct hardware *hw, u32 slot)
{
	struct ims_store *store = ims_store_get_name(pci_name(hw->pdev));
	int ret;

	if (!store)
		return -ENOENT;
	ret = ims_store_inject(store, slot);
	ims_store_put(store);
	return ret;
}

/* Atomic: the mask in the same word may be changed at this moment. */
static void hardware_set_pending(struct hardware *hw, u32 slot)
{
	set_bit(ilog2(HW_CONTROL_PENDING),
		(unsigned long __force *)hardware_control(hw, slot));
}

/*
 * Memory does not notice that a slot is unmasked, nor does it keep PENDING when the
 * control word is written, as a device would: look again at each tick while an
 * interrupt is pending. One whose slot is revoked within that tick is lost;
 * kmod/siov/hw_raise.c keeps it, by lock() of its array.
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
			if (hardware_raise(hw, slot))
				pr_debug("slot %u: pending interrupt lost\n", slot);
		} else {
			hardware_set_pending(hw, slot);
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
		return hardware_raise(hw, slot);

	hardware_set_pending(hw, slot);
	set_bit(slot, hw->pending);
	schedule_delayed_work(&hw->replay, 1);
	return 0;
}

/**
 * hardware_drain - have done with what a function has submitted
 * @hw: the device
 * @pasid: of the function
 *
 * Here that is what is pending. A device would finish its descriptors, or drop them.
 */
void hardware_drain(struct hardware *hw, u32 pasid)
{
	u32 slot;

	for_each_set_bit(slot, hw->pending, HW_SLOTS)
		if (readl(hardware_control(hw, slot)) >> HW_PASID_SHIFT == pasid)
			clear_bit(slot, hw->pending);
}

/**
 * hardware_off - the device comes to rest
 * @hw: the device
 *
 * It remembers what is pending, and raises nothing before hardware_on().
 */
void hardware_off(struct hardware *hw)
{
	cancel_delayed_work_sync(&hw->replay);
}

/**
 * hardware_on - counterpart of hardware_off()
 * @hw: the device; its array was written again
 */
void hardware_on(struct hardware *hw)
{
	if (!bitmap_empty(hw->pending, HW_SLOTS))
		schedule_delayed_work(&hw->replay, 1);
}

static void hardware_exit(void *hw)
{
	hardware_off(hw);
}

/**
 * hardware_init - the device is there
 * @hw: the device
 * @pdev: where it is; ends when its driver is unbound
 * @entries: its array of messages
 *
 * Return: 0 or a negative errno
 */
int hardware_init(struct hardware *hw, struct pci_dev *pdev,
		  void __iomem *entries)
{
	hw->pdev = pdev;
	hw->entries = entries;
	INIT_DELAYED_WORK(&hw->replay, hardware_replay);
	return devm_add_action_or_reset(&pdev->dev, hardware_exit, hw);
}
