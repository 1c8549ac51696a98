// SPDX-License-Identifier: GPL-2.0-only
/*
 * A work queue's registers, BAR 0 without MSI-X table and PBA, and the portal for
 * users who do not map it. What they mean is in <uapi/linux/ims_siov.h>.
 */
#include <linux/io.h>

#include "siov.h"

static u32 ims_siov_state(const struct ims_siov_fn *sfn)
{
	if (sfn->queue->thread)
		return IMS_SIOV_STATE_ENABLED;
	return sfn->attached ? IMS_SIOV_STATE_DISABLED : IMS_SIOV_STATE_DETACHED;
}

static u32 ims_siov_reg_read(struct ims_siov_fn *sfn, u32 offset)
{
	void __iomem *hw = sfn->queue->registers;

	switch (offset) {
	case IMS_SIOV_REG_ID:
		return IMS_SIOV_ID;
	case IMS_SIOV_REG_VECTORS:
		return sfn->fn.driver->num_vectors;
	case IMS_SIOV_REG_PASID:
		return sfn->fn.cookie;
	case IMS_SIOV_REG_STATE:
		return ims_siov_state(sfn);
	case IMS_SIOV_REG_ARGUMENT:
		return sfn->argument;
	case IMS_SIOV_REG_COMMAND_STATUS:
		return sfn->command_status;
	case IMS_SIOV_REG_COMMAND_RESULT:
		return sfn->command_result;
	case IMS_SIOV_REG_INTCAUSE:
		return atomic_read(&sfn->intcause);
	case IMS_SIOV_REG_ERRORS:
		return readl(hw + SIOV_HW_QUEUE_ERRORS);
	case IMS_SIOV_REG_LAST_ERROR:
		return readl(hw + SIOV_HW_QUEUE_LAST_ERROR);
	case IMS_SIOV_REG_DONE:
		return readl(hw + SIOV_HW_QUEUE_DONE);
	case IMS_SIOV_REG_INTERRUPTS:
		return readl(hw + SIOV_HW_QUEUE_RAISED);
	case IMS_SIOV_REG_REVOCATIONS:
		return atomic_read(&sfn->revocations);
	default:
		return 0;
	}
}

static u32 ims_siov_error(int ret)
{
	switch (ret) {
	case 0:
		return IMS_SIOV_ERR_NONE;
	case -ENOENT:
		return IMS_SIOV_ERR_HANDLE;
	case -ENOSPC:
		return IMS_SIOV_ERR_NO_SPACE;
	case -ENODEV:
		return IMS_SIOV_ERR_GONE;
	default:
		return IMS_SIOV_ERR_HOST;
	}
}

static u32 ims_siov_enable(struct ims_siov_fn *sfn)
{
	if (READ_ONCE(sfn->queue->hw->gone))
		return IMS_SIOV_ERR_GONE;
	if (!sfn->attached)
		return IMS_SIOV_ERR_DETACHED;
	if (sfn->queue->thread)
		return IMS_SIOV_ERR_NONE;
	return ims_siov_error(siov_hw_enable(sfn->queue, sfn->fn.cookie));
}

/* How often a handle is asked for that the host revokes at the same time */
#define IMS_SIOV_REQUESTS	16

/*
 * The guest may ask before it enables the vector: a slot is prepared. One that was
 * revoked is armed, by which the vector gets a new slot.
 */
static int ims_siov_get_slot(struct ims_siov_fn *sfn, u32 vector,
			     struct vfio_pci_ims_slot *slot)
{
	struct vfio_pci_ims *ims = &sfn->fn.ims;
	int ret, i;

	ret = vfio_pci_ims_prepare(ims, vector);
	if (ret)
		return ret;
	for (i = 0; i < IMS_SIOV_REQUESTS; i++) {
		ret = vfio_pci_ims_arm_range(ims, vector, 1);
		if (!ret)
			ret = vfio_pci_ims_hwirq(ims, vector, slot);
		if (ret != -ENOENT)
			break;
	}
	return ret;
}

static u32 ims_siov_request_handle(struct ims_siov_fn *sfn, u32 vector)
{
	struct vfio_pci_ims_slot slot;
	int ret;

	if (vector == IMS_SIOV_COMMAND_VECTOR ||
	    vector >= sfn->fn.driver->num_vectors)
		return IMS_SIOV_ERR_VECTOR;
	if (!sfn->attached)
		return IMS_SIOV_ERR_DETACHED;

	ret = ims_siov_get_slot(sfn, vector, &slot);
	if (!ret)
		sfn->command_result = slot.handle;
	return ims_siov_error(ret);
}

static u32 ims_siov_release_handle(struct ims_siov_fn *sfn, u32 handle)
{
	u32 vector;

	if (vfio_pci_ims_vector(&sfn->fn.ims, handle, &vector))
		return IMS_SIOV_ERR_HANDLE;
	return ims_siov_error(vfio_pci_ims_release(&sfn->fn.ims, vector));
}

static u32 ims_siov_execute(struct ims_siov_fn *sfn, u32 command)
{
	switch (command) {
	case IMS_SIOV_COMMAND_NOP:
		return IMS_SIOV_ERR_NONE;
	case IMS_SIOV_COMMAND_ENABLE:
		return ims_siov_enable(sfn);
	case IMS_SIOV_COMMAND_DISABLE:
		siov_hw_disable(sfn->queue);
		return IMS_SIOV_ERR_NONE;
	case IMS_SIOV_COMMAND_DRAIN:
		return ims_siov_error(siov_hw_drain(sfn->queue));
	case IMS_SIOV_COMMAND_RESET:
		siov_hw_disable(sfn->queue);
		siov_hw_clear(sfn->queue);
		return IMS_SIOV_ERR_NONE;
	case IMS_SIOV_COMMAND_REQUEST_INT_HANDLE:
		return ims_siov_request_handle(sfn, sfn->argument);
	case IMS_SIOV_COMMAND_RELEASE_INT_HANDLE:
		return ims_siov_release_handle(sfn, sfn->argument);
	default:
		return IMS_SIOV_ERR_INVALID;
	}
}

static void ims_siov_reg_write(struct ims_siov_fn *sfn, u32 offset, u32 val)
{
	switch (offset) {
	case IMS_SIOV_REG_COMMAND:
		sfn->command_result = 0;
		sfn->command_status = ims_siov_execute(sfn, val);
		ims_siov_fn_cause(sfn, IMS_SIOV_INTCAUSE_COMMAND);
		break;
	case IMS_SIOV_REG_ARGUMENT:
		sfn->argument = val;
		break;
	case IMS_SIOV_REG_INTCAUSE:
		atomic_andnot(val, &sfn->intcause);
		break;
	}
}

u32 ims_siov_regs_read(struct ims_vfunc *fn, unsigned int bar, u64 offset)
{
	struct ims_siov_fn *sfn = ims_siov_fn_of(fn);

	return bar ? readl(sfn->queue->portal + offset) :
		     ims_siov_reg_read(sfn, offset);
}

void ims_siov_regs_write(struct ims_vfunc *fn, unsigned int bar, u64 offset,
			 u32 val)
{
	struct ims_siov_fn *sfn = ims_siov_fn_of(fn);

	if (bar)
		writel(val, sfn->queue->portal + offset);
	else
		ims_siov_reg_write(sfn, offset, val);
}

/**
 * ims_siov_regs_reset - initial state of the registers
 * @sfn: the work queue; its hardware is as after power-on
 *
 * Context: process context, with fn.lock held.
 */
void ims_siov_regs_reset(struct ims_siov_fn *sfn)
{
	lockdep_assert_held(&sfn->fn.lock);

	sfn->argument = 0;
	sfn->command_status = IMS_SIOV_ERR_NONE;
	sfn->command_result = 0;
	atomic_set(&sfn->intcause, 0);
	atomic_set(&sfn->revocations, 0);
}
