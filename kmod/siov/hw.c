// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device: power, reset, rest.
 */
#include <linux/bitmap.h>
#include <linux/io.h>

#include "hw.h"

/**
 * siov_hw_lock - keep a slot from being used while its registers change
 * @hw: the device
 * @slot: the slot
 *
 * A real device looks a slot up and raises it in one step, and keeps PENDING when the
 * control word is written; what is read back after a write tells that earlier steps are
 * over. This one does neither by itself. See struct ims_array, lock.
 *
 * Context: process context. Sleeps, for a millisecond or two.
 */
void siov_hw_lock(struct siov_hw *hw, u32 slot)
{
	if (READ_ONCE(hw->stall)) {
		atomic_inc(&hw->waiting);
		wait_event(hw->moved, !READ_ONCE(hw->stall));
		atomic_dec(&hw->waiting);
	}
	mutex_lock(&hw->lock);
	siov_hw_restore_pending(hw, slot);
}

/**
 * siov_hw_unlock - counterpart of siov_hw_lock()
 * @hw: the device
 * @slot: the slot
 *
 * Context: process context
 */
void siov_hw_unlock(struct siov_hw *hw, u32 slot)
{
	siov_hw_forget(hw, slot);
	mutex_unlock(&hw->lock);
}

/**
 * siov_hw_set_stall - a device that takes its time, for tests
 * @hw: the device
 * @stall: whoever waits for it waits
 *
 * Context: process context
 */
void siov_hw_set_stall(struct siov_hw *hw, bool stall)
{
	WRITE_ONCE(hw->stall, stall);
	wake_up_all(&hw->moved);
}

/**
 * siov_hw_off - the device loses power, is reset or goes away
 * @hw: the device; a queue is idle when siov_hw_rest() has returned, too
 *
 * Context: process context, sleeps
 */
void siov_hw_off(struct siov_hw *hw)
{
	WRITE_ONCE(hw->off, true);
	cancel_delayed_work_sync(&hw->replay);
}

/**
 * siov_hw_start - the device has power again, or its reset is over
 * @hw: the device; its slots can be written, its queues are still off
 *
 * Context: process context, sleeps
 *
 * Return: 0; -EIO or -ETIMEDOUT when the controller does not start
 */
int siov_hw_start(struct siov_hw *hw)
{
	int ret;

	mutex_lock(&hw->lock);
	ret = siov_nvme_start(&hw->nvme);
	mutex_unlock(&hw->lock);
	return ret;
}

/**
 * siov_hw_on - counterpart of siov_hw_off(): queues that were enabled go on
 * @hw: the device, started; its slots are what they were
 *
 * Context: process context
 */
void siov_hw_on(struct siov_hw *hw)
{
	WRITE_ONCE(hw->off, false);
	schedule_delayed_work(&hw->replay, 0);
}

/**
 * siov_hw_init - the device is powered on
 * @hw: zeroed
 * @pdev: the controller; enabled, its regions requested
 * @nr_slots: of the array of messages, at most %SIOV_HW_SLOTS_MAX
 * @error: called when descriptors of a queue have failed; process context, may
 *	sleep
 * @data: argument of @error
 *
 * Context: probe. Sleeps.
 *
 * Return: 0; -ENODEV when BAR 2 is too small; or a negative errno
 */
int siov_hw_init(struct siov_hw *hw, struct pci_dev *pdev, u32 nr_slots,
		 void (*error)(void *data, unsigned int n), void *data)
{
	int ret;

	if (pci_resource_len(pdev, SIOV_HW_BAR) < SIOV_HW_SIZE) {
		pci_err(pdev, "no controller memory buffer of 8 MB or more: start QEMU with -device nvme,cmb_size_mb=16,legacy-cmb=on\n");
		return -ENODEV;
	}
	hw->pdev = pdev;
	hw->nr_slots = nr_slots;
	hw->error = error;
	hw->data = data;
	xa_init(&hw->pasids);
	mutex_init(&hw->lock);
	init_waitqueue_head(&hw->moved);
	INIT_DELAYED_WORK(&hw->replay, siov_hw_replay);

	hw->bar = pci_iomap(pdev, SIOV_HW_BAR, SIOV_HW_SIZE);
	if (!hw->bar)
		return -ENOMEM;
	ret = siov_nvme_init(&hw->nvme, pdev);
	if (ret)
		pci_iounmap(pdev, hw->bar);
	return ret;
}

/**
 * siov_hw_exit - counterpart of siov_hw_init()
 * @hw: the device; its queues have ended
 *
 * Context: probe's failure path or remove. Sleeps.
 */
void siov_hw_exit(struct siov_hw *hw)
{
	cancel_delayed_work_sync(&hw->replay);
	siov_nvme_exit(&hw->nvme, hw->pdev);
	pci_iounmap(hw->pdev, hw->bar);
	mutex_destroy(&hw->lock);
	xa_destroy(&hw->pasids);
}
