// SPDX-License-Identifier: GPL-2.0-only
/*
 * A work queue's registers, BAR 0 without MSI-X table and PBA. What they mean is
 * in <uapi/linux/ims_edu.h>.
 *
 * A register write cannot fail: errors go to COMMAND_STATUS, WORK_STATUS and
 * LAST_ERROR.
 */
#include "edu.h"

static u32 ims_edu_vector_handle(struct ims_edu_wq *wq, u32 vector)
{
	struct vfio_pci_ims_slot slot;

	if (vfio_pci_ims_hwirq(&wq->fn.ims, vector, &slot))
		return IMS_EDU_NO_HANDLE;
	return slot.handle;
}

/* A vector's permission entry; 0 for one that has none. */
static u64 ims_edu_vector_cookie(struct ims_edu_wq *wq, u32 vector)
{
	u64 cookie;

	if (vfio_pci_ims_cookie(&wq->fn.ims, vector, &cookie))
		return 0;
	return cookie;
}

static u64 ims_edu_default_cookie(struct ims_edu_wq *wq)
{
	u64 cookie;

	/* An administrator may have changed it. */
	if (vfio_pci_ims_cookie(&wq->fn.ims, VFIO_PCI_IMS_DEFAULT_COOKIE,
				&cookie))
		return wq->fn.cookie;
	return cookie;
}

/* The guest writes a permission entry. */
static int ims_edu_vector_set_cookie(struct ims_edu_wq *wq, u32 vector,
				     u64 cookie)
{
	int ret;

	/* First: an administrator who is faster with another makes this void. */
	ims_edu_work_present(wq, vector, &cookie);
	ret = vfio_pci_ims_set_cookie(&wq->fn.ims, vector, cookie,
				      VFIO_PCI_IMS_COOKIE_NEXT);
	if (ret)
		ims_edu_work_present(wq, vector, NULL);
	return ret;
}

static int ims_edu_vector_clear_cookie(struct ims_edu_wq *wq, u32 vector)
{
	int ret = vfio_pci_ims_clear_cookie(&wq->fn.ims, vector,
					    VFIO_PCI_IMS_COOKIE_NEXT);

	if (!ret)
		ims_edu_work_present(wq, vector, NULL);
	return ret;
}

static u32 ims_edu_vector_read(struct ims_edu_wq *wq, u32 index, u32 reg)
{
	struct ims_edu_vector vector;

	if (index >= wq->fn.driver->num_vectors)
		return 0;

	spin_lock(&wq->work_lock);
	vector = wq->vectors[index];
	spin_unlock(&wq->work_lock);

	switch (reg) {
	case IMS_EDU_VECTOR_COOKIE_LO:
		return lower_32_bits(ims_edu_vector_cookie(wq, index));
	case IMS_EDU_VECTOR_COOKIE_HI:
		return upper_32_bits(ims_edu_vector_cookie(wq, index));
	case IMS_EDU_VECTOR_HANDLE:
		return ims_edu_vector_handle(wq, index);
	case IMS_EDU_VECTOR_RESULT:
		return vector.result;
	case IMS_EDU_VECTOR_STATUS:
		return vector.status;
	case IMS_EDU_VECTOR_COMPLETED:
		return vector.completed;
	case IMS_EDU_VECTOR_ERRORS:
		return vector.errors;
	default:
		return 0;
	}
}

static void ims_edu_vector_write(struct ims_edu_wq *wq, u32 index, u32 reg,
				 u32 val)
{
	u64 cookie;
	int ret;

	if (index >= wq->fn.driver->num_vectors)
		return;

	switch (reg) {
	case IMS_EDU_VECTOR_COOKIE_LO:
		wq->vectors[index].cookie_lo = val;
		break;
	case IMS_EDU_VECTOR_COOKIE_HI:
		cookie = (u64)val << 32 | wq->vectors[index].cookie_lo;
		ret = ims_edu_vector_set_cookie(wq, index, cookie);
		ims_edu_wq_error(wq, ret, index);
		break;
	case IMS_EDU_VECTOR_CONTROL:
		if (!(val & IMS_EDU_CONTROL_CLEAR_COOKIE))
			break;
		ret = ims_edu_vector_clear_cookie(wq, index);
		ims_edu_wq_error(wq, ret, index);
		break;
	default:
		break;
	}
}

static int ims_edu_command_execute(struct ims_edu_wq *wq, u32 command,
				   u32 vector)
{
	if (command == IMS_EDU_COMMAND_NOP)
		return 0;
	if (command > IMS_EDU_COMMAND_APPLY_COOKIE)
		return -EINVAL;
	if (vector >= wq->fn.driver->num_vectors)
		return -ENXIO;

	if (command == IMS_EDU_COMMAND_CLEAR_COOKIE)
		return ims_edu_vector_clear_cookie(wq, vector);
	if (command == IMS_EDU_COMMAND_APPLY_COOKIE)
		return vfio_pci_ims_apply_cookie(&wq->fn.ims, vector);

	/* IMS_EDU_COMMAND_QUERY_HANDLE */
	wq->command_result = ims_edu_vector_handle(wq, vector);
	if (wq->command_result != IMS_EDU_NO_HANDLE)
		return 0;
	wq->command_result = 0;
	return -ENOENT;
}

/* The intercepted path: the driver executes, and signals an emulated vector. */
static void ims_edu_command(struct ims_edu_wq *wq, u32 command)
{
	u32 vector = wq->argument;
	int ret;

	wq->command_result = 0;
	ret = ims_edu_command_execute(wq, command, vector);
	wq->command_status = ims_edu_wq_error(wq, ret, vector);
	vfio_pci_ims_send_signal(&wq->fn.ims, IMS_EDU_COMMAND_VECTOR);
}

static u32 ims_edu_work_reg_read(struct ims_edu_wq *wq, u32 offset)
{
	u32 val = 0;

	spin_lock(&wq->work_lock);
	switch (offset) {
	case IMS_EDU_REG_COMPLETED:
		val = wq->completed;
		break;
	case IMS_EDU_REG_ERRORS:
		val = wq->errors;
		break;
	case IMS_EDU_REG_LAST_ERROR:
		val = wq->last_error;
		break;
	case IMS_EDU_REG_LAST_ERROR_VECTOR:
		val = wq->last_error_vector;
		break;
	}
	spin_unlock(&wq->work_lock);
	return val;
}

static u32 ims_edu_reg_read(struct ims_edu_wq *wq, u32 offset)
{
	switch (offset) {
	case IMS_EDU_REG_ID:
		return IMS_EDU_ID;
	case IMS_EDU_REG_VECTORS:
		return wq->fn.driver->num_vectors;
	case IMS_EDU_REG_COOKIE_LO:
		return lower_32_bits(ims_edu_default_cookie(wq));
	case IMS_EDU_REG_COOKIE_HI:
		return upper_32_bits(ims_edu_default_cookie(wq));
	case IMS_EDU_REG_ARGUMENT:
		return wq->argument;
	case IMS_EDU_REG_COMMAND_STATUS:
		return wq->command_status;
	case IMS_EDU_REG_COMMAND_RESULT:
		return wq->command_result;
	case IMS_EDU_REG_WORK_N:
		return wq->work_n;
	case IMS_EDU_REG_WORK_STATUS:
		return wq->work_status;
	case IMS_EDU_REG_WORK_PENDING:
		return ims_edu_work_pending(wq);
	default:
		return ims_edu_work_reg_read(wq, offset);
	}
}

static void ims_edu_reg_write(struct ims_edu_wq *wq, u32 offset, u32 val)
{
	switch (offset) {
	case IMS_EDU_REG_COMMAND:
		ims_edu_command(wq, val);
		break;
	case IMS_EDU_REG_ARGUMENT:
		wq->argument = val;
		break;
	case IMS_EDU_REG_WORK_N:
		wq->work_n = val;
		break;
	case IMS_EDU_REG_WORK_SUBMIT:
		wq->work_status = ims_edu_work_submit(wq, wq->work_n, val);
		break;
	case IMS_EDU_REG_LAST_ERROR:
		spin_lock(&wq->work_lock);
		wq->last_error = IMS_EDU_ERR_NONE;
		wq->last_error_vector = 0;
		spin_unlock(&wq->work_lock);
		break;
	default:
		break;
	}
}

/**
 * ims_edu_regs_read - read a register
 * @fn: the work queue
 * @bar: 0, the only one
 * @offset: of the register, a multiple of 4
 *
 * Context: process context, with fn->lock held.
 *
 * Return: its value, 0 for what is not there
 */
u32 ims_edu_regs_read(struct ims_vfunc *fn, unsigned int bar, u64 offset)
{
	struct ims_edu_wq *wq = ims_edu_wq_from_fn(fn);

	if (offset < IMS_EDU_REG_VECTOR)
		return ims_edu_reg_read(wq, offset);

	offset -= IMS_EDU_REG_VECTOR;
	return ims_edu_vector_read(wq, offset / IMS_EDU_VECTOR_SIZE,
				   offset % IMS_EDU_VECTOR_SIZE);
}

/**
 * ims_edu_regs_write - write a register
 * @fn: the work queue
 * @bar: 0, the only one
 * @offset: of the register, a multiple of 4
 * @val: what to write
 *
 * Context: process context, with fn->lock held. May sleep.
 */
void ims_edu_regs_write(struct ims_vfunc *fn, unsigned int bar, u64 offset,
			u32 val)
{
	struct ims_edu_wq *wq = ims_edu_wq_from_fn(fn);

	if (offset < IMS_EDU_REG_VECTOR) {
		ims_edu_reg_write(wq, offset, val);
		return;
	}
	offset -= IMS_EDU_REG_VECTOR;
	ims_edu_vector_write(wq, offset / IMS_EDU_VECTOR_SIZE,
			     offset % IMS_EDU_VECTOR_SIZE, val);
}

/**
 * ims_edu_regs_reset - initial state of the registers
 * @wq: the work queue; stopped, its interrupts as after open
 *
 * Context: process context, with fn->lock held.
 */
void ims_edu_regs_reset(struct ims_edu_wq *wq)
{
	lockdep_assert_held(&wq->fn.lock);

	wq->argument = 0;
	wq->command_status = IMS_EDU_ERR_NONE;
	wq->command_result = 0;
	wq->work_n = 0;
	wq->work_status = IMS_EDU_ERR_NONE;
	ims_edu_work_reset(wq);
}
