// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A vector's life through VFIO_DEVICE_SET_IRQS: the table of semantics.md, one
 * work queue, IMS vector 1 and its neighbours, emulated vector 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "case.h"

static int setup(void **state)
{
	static struct wq wq;

	case_open(&wq, 0);
	*state = &wq;
	return 0;
}

static int teardown(void **state)
{
	wq_close(*state);
	return 0;
}

static uint32_t state_of(struct wq *wq, uint32_t vector)
{
	return wq_number32(wq, vector, ims_vector_get_state);
}

static uint32_t slot_of(struct wq *wq, uint32_t vector)
{
	return wq_number32(wq, vector, ims_vector_get_slot);
}

static uint32_t irq_of(struct wq *wq, uint32_t vector)
{
	return wq_number32(wq, vector, ims_vector_get_irq);
}

/* One work item through @vector: its eventfd counts one. */
static void assert_fires(struct wq *wq, uint32_t vector)
{
	assert_int_equal(wq_submit(wq, 5, vector), IMS_EDU_ERR_NONE);
	assert_int_equal(wq_wait(wq, vector), 1);
	assert_int_equal(wq_drain(wq), 0);
}

static void info_tells_what_it_can_do(void **state)
{
	struct wq *wq = *state;
	uint32_t count, flags;

	assert_int_equal(ims_vfio_get_vectors(wq->vfio, &count), 0);
	assert_int_equal(count, wq_read(wq, IMS_EDU_REG_VECTORS));
	assert_int_equal(ims_vfio_get_irq_flags(wq->vfio, &flags), 0);
	assert_true(flags & VFIO_IRQ_INFO_EVENTFD);
	assert_true(flags & VFIO_IRQ_INFO_MASKABLE);
	assert_false(flags & VFIO_IRQ_INFO_NORESIZE);
}

static void first_use_makes_a_context(void **state)
{
	struct wq *wq = *state;

	assert_int_equal(state_of(wq, 1), IMS_VECTOR_STATE_ABSENT);
	assert_int_equal(slot_of(wq, 1), UINT32_MAX);
	assert_int_equal(wq_vector_read(wq, 1, IMS_EDU_VECTOR_HANDLE),
			 IMS_EDU_NO_HANDLE);

	/* fd -1 on an absent vector: nothing, and no context. */
	assert_int_equal(ims_vfio_unbind(wq->vfio, 0, 4), 0);
	assert_int_equal(state_of(wq, 1), IMS_VECTOR_STATE_ABSENT);

	assert_int_equal(wq_bind(wq, 1, 1), 0);
	assert_int_equal(state_of(wq, 1), IMS_VECTOR_STATE_LIVE);
	assert_int_not_equal(slot_of(wq, 1), UINT32_MAX);
	assert_fires(wq, 1);

	assert_int_equal(ims_vfio_unbind(wq->vfio, 1, 1), 0);
	assert_int_equal(state_of(wq, 1), IMS_VECTOR_STATE_IDLE);
	assert_int_equal(slot_of(wq, 1), UINT32_MAX);
	assert_int_equal(irq_of(wq, 1), UINT32_MAX);
	/* The context and its counts are kept. */
	assert_int_equal(wq_number(wq, 1, ims_vector_get_delivered), 1);
}

/* As with vfio-pci: those without are passed over, if there is one at all. */
static void signals_need_a_trigger(void **state)
{
	const uint8_t none[3] = { 0, 0, 0 }, second[3] = { 0, 1, 0 };
	struct wq *wq = *state;

	assert_int_equal(ims_vfio_trigger(wq->vfio, 2, 1), -EINVAL);

	/* 1 live, 2 absent, 3 idle. */
	assert_int_equal(wq_bind(wq, 1, 1), 0);
	assert_int_equal(wq_bind(wq, 3, 1), 0);
	assert_int_equal(ims_vfio_unbind(wq->vfio, 3, 1), 0);

	assert_int_equal(ims_vfio_trigger(wq->vfio, 2, 1), 0);
	assert_int_equal(ims_vfio_trigger(wq->vfio, 3, 1), 0);
	assert_int_equal(ims_vfio_trigger_some(wq->vfio, 1, second, 3), 0);
	assert_int_equal(wq_take(wq, 1), 0);
	assert_int_equal(ims_vfio_trigger(wq->vfio, 1, 3), 0);
	assert_int_equal(wq_take(wq, 1), 1);

	assert_int_equal(ims_vfio_trigger_some(wq->vfio, 1, none, 3), 0);
	assert_int_equal(wq_take(wq, 1), 0);
	assert_int_equal(ims_vfio_trigger_some(wq->vfio, 0, second, 3), 0);
	assert_int_equal(wq_take(wq, 1), 1);
	assert_int_equal(ims_vfio_trigger(wq->vfio, 1, 1), 0);
	assert_int_equal(wq_take(wq, 1), 1);

	/* Loopback is not through hardware. */
	assert_int_equal(wq_number(wq, 1, ims_vector_get_loopback), 3);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_delivered), 0);
}

static void swap_keeps_slot_and_irq(void **state)
{
	struct wq *wq = *state;
	uint32_t slot, irq;
	uint64_t count;
	int i, other;

	assert_int_equal(wq_bind(wq, 1, 1), 0);
	slot = slot_of(wq, 1);
	irq = irq_of(wq, 1);

	for (i = 0; i < 1000; i++) {
		other = eventfd(0, EFD_NONBLOCK);
		assert_true(other >= 0);
		assert_int_equal(ims_vfio_bind(wq->vfio, 1, &other, 1), 0);
		assert_int_equal(ims_vfio_trigger(wq->vfio, 1, 1), 0);
		assert_int_equal(read(other, &count, 8), 8);
		assert_int_equal(count, 1);
		close(other);
	}
	assert_int_equal(wq_bind(wq, 1, 1), 0);
	assert_int_equal(wq_take(wq, 1), 0);
	assert_int_equal(slot_of(wq, 1), slot);
	assert_int_equal(irq_of(wq, 1), irq);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_replaced), 1001);
	assert_fires(wq, 1);
}

/* Interrupts under way while the eventfd is replaced: none is lost. */
static void swap_loses_nothing(void **state)
{
	struct wq *wq = *state;
	int fds[2] = { wq_fd(wq, 1), wq_fd(wq, 2) };
	unsigned int swaps = 0, fired = 0;
	int i;

	assert_int_equal(wq_bind(wq, 1, 1), 0);
	/* On a slow machine the work is done before there were many. */
	while (swaps <= 8 && fired < 8000) {
		for (i = 0; i < 8; i++)
			assert_int_equal(wq_submit(wq, 3, 1),
					 IMS_EDU_ERR_NONE);
		fired += 8;
		while (wq_read(wq, IMS_EDU_REG_WORK_PENDING))
			assert_int_equal(ims_vfio_bind(wq->vfio, 1,
						       &fds[swaps++ & 1], 1),
					 0);
	}

	assert_true(swaps > 8);
	assert_int_equal(wq_take(wq, 1) + wq_take(wq, 2), fired);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_delivered), fired);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_dropped), 0);
}

static void failed_block_changes_nothing(void **state)
{
	struct wq *wq = *state;
	int notevent = open("/dev/null", 0);
	int fds[4], ret[2] = { -EBADF, -EINVAL };
	uint32_t slot[2], i;

	assert_int_equal(wq_bind(wq, 1, 2), 0);
	slot[0] = slot_of(wq, 1);
	slot[1] = slot_of(wq, 2);

	for (i = 0; i < 2; i++) {
		/* 1 replaced, 2 unbound, 3 bound, 4 cannot be. */
		fds[0] = wq_fd(wq, 5);
		fds[1] = -1;
		fds[2] = wq_fd(wq, 3);
		fds[3] = i ? notevent : 9999;
		assert_int_equal(ims_vfio_bind(wq->vfio, 1, fds, 4), ret[i]);

		assert_int_equal(state_of(wq, 3), IMS_VECTOR_STATE_ABSENT);
		assert_int_equal(state_of(wq, 4), IMS_VECTOR_STATE_ABSENT);
		assert_int_equal(slot_of(wq, 1), slot[0]);
		assert_int_equal(slot_of(wq, 2), slot[1]);
		assert_fires(wq, 1);
		assert_fires(wq, 2);
		assert_int_equal(wq_take(wq, 5), 0);
	}
	/* Vector 4 has no context that could count the failures; 1 and 2 are
	 * not to blame.
	 */
	assert_int_equal(wq_number(wq, 1, ims_vector_get_failed), 0);
	close(notevent);
}

static void disable_takes_all(void **state)
{
	struct wq *wq = *state;
	uint32_t v;

	assert_int_equal(ims_vfio_disable(wq->vfio), 0);
	assert_int_equal(wq_bind(wq, 0, 6), 0);
	assert_int_equal(ims_vfio_disable(wq->vfio), 0);
	for (v = 0; v < 6; v++) {
		assert_int_equal(state_of(wq, v), IMS_VECTOR_STATE_IDLE);
		assert_int_equal(slot_of(wq, v), UINT32_MAX);
	}
	assert_int_equal(ims_vfio_disable(wq->vfio), 0);

	/* The backing is kept. */
	assert_int_equal(wq_number32(wq, 0, ims_vector_get_backing),
			 IMS_VECTOR_BACKING_EMULATED);
	assert_int_equal(wq_bind(wq, 0, 6), 0);
	assert_fires(wq, 5);
}

static void masked_vector_remembers_one(void **state)
{
	struct wq *wq = *state;

	/* Only live vectors have a mask. */
	assert_int_equal(ims_vfio_mask(wq->vfio, 1, 1), -EINVAL);
	assert_int_equal(wq_bind(wq, 1, 1), 0);
	assert_int_equal(ims_vfio_mask(wq->vfio, 1, 2), -EINVAL);

	assert_int_equal(ims_vfio_mask(wq->vfio, 1, 1), 0);
	assert_int_equal(wq_submit(wq, 3, 1), IMS_EDU_ERR_NONE);
	assert_int_equal(wq_submit(wq, 3, 1), IMS_EDU_ERR_NONE);
	assert_int_equal(wq_drain(wq), 0);
	assert_int_equal(wq_take(wq, 1), 0);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_pended), 2);
	assert_int_equal(wq_read(wq, IMS_EDU_REG_PBA), 1 << 1);

	/* The pending interrupt goes to the eventfd that is there at unmask. */
	assert_int_equal(ims_vfio_bind(wq->vfio, 1, &(int){ wq_fd(wq, 2) }, 1), 0);
	assert_int_equal(wq_take(wq, 2), 0);
	assert_int_equal(ims_vfio_unmask(wq->vfio, 1, 1), 0);
	assert_int_equal(wq_take(wq, 2), 1);
	assert_int_equal(wq_take(wq, 1), 0);
	assert_int_equal(wq_read(wq, IMS_EDU_REG_PBA), 0);

	assert_int_equal(ims_vfio_unmask(wq->vfio, 1, 1), 0);
	assert_int_equal(wq_take(wq, 2), 0);
	assert_int_equal(wq_bind(wq, 1, 1), 0);
	assert_fires(wq, 1);
}

static void emulated_vector_is_signalled_by_the_driver(void **state)
{
	struct wq *wq = *state;

	/* Without trigger: done all the same, and counted. */
	assert_int_equal(state_of(wq, 0), IMS_VECTOR_STATE_IDLE);
	assert_int_equal(wq_command(wq, IMS_EDU_COMMAND_NOP, 0, NULL),
			 IMS_EDU_ERR_NONE);
	assert_int_equal(wq_number(wq, 0, ims_vector_get_dropped), 1);

	assert_int_equal(wq_bind(wq, 0, 1), 0);
	assert_int_equal(slot_of(wq, 0), UINT32_MAX);
	assert_int_equal(irq_of(wq, 0), UINT32_MAX);
	assert_int_equal(wq_command(wq, IMS_EDU_COMMAND_NOP, 0, NULL),
			 IMS_EDU_ERR_NONE);
	assert_int_equal(wq_wait(wq, 0), 1);
	assert_int_equal(wq_number(wq, 0, ims_vector_get_signalled), 1);
	assert_int_equal(wq_number(wq, 0, ims_vector_get_delivered), 0);

	assert_int_equal(ims_vfio_mask(wq->vfio, 0, 1), 0);
	wq_command(wq, IMS_EDU_COMMAND_NOP, 0, NULL);
	assert_int_equal(wq_take(wq, 0), 0);
	assert_int_equal(wq_read(wq, IMS_EDU_REG_PBA), 1);
	assert_int_equal(ims_vfio_unmask(wq->vfio, 0, 1), 0);
	assert_int_equal(wq_take(wq, 0), 1);
}

static void cookie_is_a_security_check(void **state)
{
	struct wq *wq = *state;
	uint64_t own = 0xfeed00000000beefULL;
	uint64_t dflt;
	uint32_t slot;

	/* Set before the first use: in the slot from the start. */
	wq_set_cookie(wq, 2, own);
	assert_int_equal(wq_bind(wq, 1, 2), 0);
	dflt = wq_number(wq, 1, ims_vector_get_cookie);
	assert_int_not_equal(dflt, own);
	assert_int_equal(wq_number(wq, 2, ims_vector_get_cookie), own);
	assert_fires(wq, 1);
	assert_fires(wq, 2);

	/* Changed while live: pending, and the hardware refuses the new one. */
	wq_set_cookie(wq, 1, own);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_cookie), dflt);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_pending_cookie), own);
	assert_int_equal(wq_submit(wq, 3, 1), IMS_EDU_ERR_NONE);
	assert_int_equal(wq_drain(wq), 0);
	assert_int_equal(wq_vector_read(wq, 1, IMS_EDU_VECTOR_STATUS),
			 IMS_EDU_ERR_COOKIE);
	assert_int_equal(wq_take(wq, 1), 0);

	/* Applied at once, in place: edu's store can. */
	slot = slot_of(wq, 1);
	assert_int_equal(wq_command(wq, IMS_EDU_COMMAND_APPLY_COOKIE, 1, NULL),
			 IMS_EDU_ERR_NONE);
	assert_int_equal(slot_of(wq, 1), slot);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_cookie), own);
	assert_fires(wq, 1);
	assert_int_equal(wq_command(wq, IMS_EDU_COMMAND_APPLY_COOKIE, 0, NULL),
			 IMS_EDU_ERR_INVALID);
	own++;
	wq_set_cookie(wq, 1, own);

	/* Replacing the trigger puts the new cookie into the slot. */
	assert_int_equal(wq_bind(wq, 1, 1), 0);
	assert_int_equal(slot_of(wq, 1), slot);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_cookie), own);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_pending_cookie),
			 UINT64_MAX);
	assert_int_equal(wq_take(wq, 1), 0);
	assert_fires(wq, 1);

	/* Cookies survive disable, and can be cleared, at once as well. */
	assert_int_equal(ims_vfio_disable(wq->vfio), 0);
	assert_int_equal(wq_command(wq, IMS_EDU_COMMAND_CLEAR_COOKIE, 2, NULL),
			 IMS_EDU_ERR_NONE);
	assert_int_equal(wq_bind(wq, 1, 2), 0);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_cookie), own);
	assert_int_equal(wq_number(wq, 2, ims_vector_get_cookie), dflt);
	assert_fires(wq, 2);
	assert_int_equal(wq_command(wq, IMS_EDU_COMMAND_CLEAR_COOKIE, 1, NULL),
			 IMS_EDU_ERR_NONE);
	assert_int_equal(wq_command(wq, IMS_EDU_COMMAND_APPLY_COOKIE, 1, NULL),
			 IMS_EDU_ERR_NONE);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_cookie), dflt);
	assert_fires(wq, 1);

	/* An emulated vector has none. */
	wq_set_cookie(wq, 0, own);
	assert_int_equal(wq_read(wq, IMS_EDU_REG_LAST_ERROR),
			 IMS_EDU_ERR_INVALID);
	assert_int_equal(wq_number(wq, 0, ims_vector_get_cookie), UINT64_MAX);
}

/*
 * A trigger that is replaced puts the cookie that waits into the slot, which stays
 * the vector's: no handle changes, and nothing is signalled.
 */
static void swap_puts_cookies_in_place(void **state)
{
	struct wq *wq = *state;
	uint32_t slot[2], i;
	int fds[3];

	assert_int_equal(wq_bind(wq, 1, 3), 0);
	for (i = 0; i < 3; i++)
		fds[i] = wq_fd(wq, 9 + i);
	slot[0] = slot_of(wq, 2);
	slot[1] = slot_of(wq, 3);
	wq_set_cookie(wq, 2, 0x2000);
	wq_set_cookie(wq, 3, 0x3000);
	assert_int_equal(ims_vfio_mask(wq->vfio, 3, 1), 0);
	assert_int_equal(ims_vfio_bind(wq->vfio, 1, fds, 3), 0);
	assert_int_equal(slot_of(wq, 2), slot[0]);
	assert_int_equal(slot_of(wq, 3), slot[1]);
	assert_int_equal(wq_number(wq, 2, ims_vector_get_cookie), 0x2000);
	assert_int_equal(wq_number(wq, 3, ims_vector_get_cookie), 0x3000);

	for (i = 1; i <= 3; i++) {
		assert_int_equal(wq_take(wq, i), 0);
		assert_int_equal(wq_take(wq, 8 + i), 0);
		assert_int_equal(wq_number(wq, i, ims_vector_get_delivered), 0);
	}
	assert_int_equal(wq_read(wq, IMS_EDU_REG_PBA), 0);
	assert_int_equal(ims_vfio_unmask(wq->vfio, 3, 1), 0);

	/* None for slots that are given back. */
	wq_set_cookie(wq, 1, 0x1000);
	assert_int_equal(ims_vfio_unbind(wq->vfio, 1, 1), 0);
	wq_set_cookie(wq, 2, 0x2001);
	assert_int_equal(ims_vfio_disable(wq->vfio), 0);
	for (i = 9; i <= 11; i++)
		assert_int_equal(wq_take(wq, i), 0);
	assert_int_equal(wq_number(wq, 2, ims_vector_get_delivered), 0);
}

static void work_without_a_slot_is_refused(void **state)
{
	struct wq *wq = *state;

	assert_int_equal(wq_submit(wq, 3, 1), IMS_EDU_ERR_NONE);
	assert_int_equal(wq_drain(wq), 0);
	assert_int_equal(wq_vector_read(wq, 1, IMS_EDU_VECTOR_STATUS),
			 IMS_EDU_ERR_NO_HANDLE);
	assert_int_equal(wq_vector_read(wq, 1, IMS_EDU_VECTOR_RESULT), 6);
	assert_int_equal(wq_submit(wq, 3, 1000), IMS_EDU_ERR_BAD_VECTOR);
	assert_int_equal(wq_submit(wq, IMS_EDU_WORK_N_MAX + 1, 1),
			 IMS_EDU_ERR_INVALID);
}

static void close_with_live_vectors(void **state)
{
	struct wq *wq = *state;
	int i;

	for (i = 0; i < 20; i++) {
		assert_int_equal(wq_bind(wq, 0, 16), 0);
		if (i % 5 == 0)
			assert_int_equal(wq_submit(wq, 3, 1), IMS_EDU_ERR_NONE);
		wq_close(wq);
		case_open(wq, 0);
		assert_int_equal(state_of(wq, 1), IMS_VECTOR_STATE_ABSENT);
	}
	assert_int_equal(wq_bind(wq, 1, 1), 0);
	assert_fires(wq, 1);
}

static void reset_disables(void **state)
{
	struct wq *wq = *state;

	wq_set_cookie(wq, 3, 77);
	assert_int_equal(wq_bind(wq, 0, 4), 0);
	assert_int_equal(ims_vfio_reset(wq->vfio), 0);
	assert_int_equal(state_of(wq, 3), IMS_VECTOR_STATE_IDLE);
	assert_int_equal(wq_read(wq, IMS_EDU_REG_COMPLETED), 0);
	assert_int_equal(wq_bind(wq, 0, 4), 0);
	assert_int_equal(wq_number(wq, 3, ims_vector_get_cookie),
			 wq_number(wq, 1, ims_vector_get_cookie));
	assert_fires(wq, 3);
}

#define life_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		life_test(info_tells_what_it_can_do),
		life_test(first_use_makes_a_context),
		life_test(signals_need_a_trigger),
		life_test(swap_keeps_slot_and_irq),
		life_test(swap_loses_nothing),
		life_test(failed_block_changes_nothing),
		life_test(disable_takes_all),
		life_test(masked_vector_remembers_one),
		life_test(emulated_vector_is_signalled_by_the_driver),
		life_test(cookie_is_a_security_check),
		life_test(swap_puts_cookies_in_place),
		life_test(work_without_a_slot_is_refused),
		life_test(close_with_live_vectors),
		life_test(reset_disables),
	};

	return cmocka_run_group_tests_name("life", tests, NULL, NULL);
}
