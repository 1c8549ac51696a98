// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Swept: writes to registers of the work queue that make its driver call the
 * helper, and the submission of work.
 */
#include <errno.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "sweep.h"

int write_reg(struct wq *wq, uint32_t reg, uint32_t value)
{
	uint64_t base = (uint64_t)VFIO_PCI_BAR0_REGION_INDEX <<
			IMS_EDU_REGION_SHIFT;

	return pwrite(ims_vfio_get_fd(wq->vfio), &value, 4, base + reg) == 4 ?
	       0 : -errno;
}

/* LAST_ERROR as errno. */
static int last_error(struct wq *wq)
{
	uint32_t error = wq_read(wq, IMS_EDU_REG_LAST_ERROR);

	wq_write(wq, IMS_EDU_REG_LAST_ERROR, 0);
	return error == IMS_EDU_ERR_NONE ? 0 :
	       error == IMS_EDU_ERR_HOST ? -ENOMEM : -EPROTO;
}

#define COOKIE_REG(v, r) \
	(IMS_EDU_REG_VECTOR + (v) * IMS_EDU_VECTOR_SIZE + IMS_EDU_VECTOR_##r)

static void cookie_halfway(struct wq *wq)
{
	two_live(wq);
	wq_write(wq, COOKIE_REG(3, COOKIE_LO), 0x1234);
}

static int write_cookie(struct wq *wq)
{
	int ret = write_reg(wq, COOKIE_REG(3, COOKIE_HI), 0x1);

	return ret ? ret : last_error(wq);
}

static void cookie_is_there(struct wq *wq, const struct picture *before)
{
	(void)before;
	assert_int_equal(wq_number(wq, 3, ims_vector_get_cookie),
			 0x100001234);
	assert_int_equal(wq_number32(wq, 3, ims_vector_get_state),
			 IMS_VECTOR_STATE_IDLE);
	assert_int_equal(wq_bind(wq, 3, 1), 0);
	assert_int_equal(wq_submit(wq, 3, 3), IMS_EDU_ERR_NONE);
	assert_int_equal(wq_wait(wq, 3), 1);
	assert_int_equal(wq_drain(wq), 0);
}

static int apply_cookie(struct wq *wq)
{
	int ret = write_reg(wq, IMS_EDU_REG_ARGUMENT, 1);

	if (!ret)
		ret = write_reg(wq, IMS_EDU_REG_COMMAND,
				IMS_EDU_COMMAND_APPLY_COOKIE);
	return ret ? ret : last_error(wq);
}

static void cookie_is_applied(struct wq *wq, const struct picture *before)
{
	struct picture p;

	take_picture(wq, &p);
	assert_int_equal(p.v[1].cookie, before->v[1].pending_cookie);
	assert_int_equal(p.v[1].slot, before->v[1].slot);
	assert_live_ones_work(wq, &p);
}

static int submit(struct wq *wq)
{
	int ret = write_reg(wq, IMS_EDU_REG_WORK_N, 3);

	return ret ? ret : write_reg(wq, IMS_EDU_REG_WORK_SUBMIT, 1);
}

static void is_submitted(struct wq *wq, const struct picture *before)
{
	(void)before;
	assert_int_equal(wq_read(wq, IMS_EDU_REG_WORK_STATUS),
			 IMS_EDU_ERR_NONE);
	assert_int_equal(wq_wait(wq, 1), 1);
	assert_int_equal(wq_drain(wq), 0);
}

SWEEP(write_cookie_register, .scope = EDU, .prepare = cookie_halfway,
      .call = write_cookie, .worked = cookie_is_there)
SWEEP(apply_cookie_now, .scope = EDU, .prepare = cookie_waits,
      .call = apply_cookie, .worked = cookie_is_applied, .cannot_fail = true)
SWEEP(submit_work, .scope = EDU, .prepare = two_own, .call = submit,
      .worked = is_submitted, .cannot_fail = true)
