// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The direct path: edu's hardware fires slots, and each interrupt reaches the
 * eventfd that it is meant for and no other.
 */
#include "case.h"

#define VECTORS 8	/* 1 to 8: vector 0 is emulated */

/* Two devices, each with eight vectors backed by slots. */
static int setup(void **state)
{
	static struct wq wq[2];
	int i;

	for (i = 0; i < 2; i++) {
		case_open(&wq[i], i);
		assert_int_equal(wq_bind(&wq[i], 1, VECTORS), 0);
	}
	*state = wq;
	return 0;
}

static int teardown(void **state)
{
	struct wq *wq = *state;

	wq_close(&wq[0]);
	wq_close(&wq[1]);
	return 0;
}

/* Every eventfd of both devices is silent but, if not NULL, that of one. */
static void assert_silent(struct wq *wq, struct wq *but, uint32_t vector)
{
	uint32_t v;
	int i;

	for (i = 0; i < 2; i++)
		for (v = 0; v <= VECTORS; v++)
			if (&wq[i] != but || v != vector)
				assert_int_equal(wq_take(&wq[i], v), 0);
}

static void each_fires_its_own(void **state)
{
	struct wq *wq = *state;
	uint32_t v;
	int i;

	for (v = 1; v <= VECTORS; v++) {
		for (i = 0; i < 2; i++) {
			assert_int_equal(wq_submit(&wq[i], v, v),
					 IMS_EDU_ERR_NONE);
			assert_int_equal(wq_wait(&wq[i], v), 1);
			assert_int_equal(wq_drain(&wq[i]), 0);
			assert_silent(wq, &wq[i], v);
			assert_int_equal(wq_number(&wq[i], v,
					 ims_vector_get_delivered), 1);
		}
	}
	for (i = 0; i < 2; i++) {
		assert_int_equal(wq_read(&wq[i], IMS_EDU_REG_ERRORS), 0);
		assert_int_equal(wq_read(&wq[i], IMS_EDU_REG_COMPLETED),
				 VECTORS);
	}
}

static void counts_equal_work(void **state)
{
	struct wq *wq = *state;
	uint64_t before, seen = 0;
	int i;

	before = wq_number(wq, 3, ims_vector_get_delivered);
	for (i = 0; i < 5; i++)
		assert_int_equal(wq_submit(wq, 10, 3), IMS_EDU_ERR_NONE);
	assert_int_equal(wq_drain(wq), 0);
	while (seen < 5) {
		uint64_t n = wq_wait(wq, 3);

		assert_int_not_equal(n, 0);
		seen += n;
	}
	assert_int_equal(seen, 5);
	assert_int_equal(wq_number(wq, 3, ims_vector_get_delivered),
			 before + 5);
	assert_silent(wq, NULL, 0);
}

static void results_are_factorials(void **state)
{
	struct wq *wq = *state;
	uint32_t n, factorial = 1;

	for (n = 1; n <= IMS_EDU_WORK_N_MAX; n += 11) {
		uint32_t i;

		for (i = 2, factorial = 1; i <= n; i++)
			factorial *= i;
		assert_int_equal(wq_submit(wq, n, 2), IMS_EDU_ERR_NONE);
		assert_int_equal(wq_wait(wq, 2), 1);
		assert_int_equal(wq_vector_read(wq, 2, IMS_EDU_VECTOR_RESULT),
				 factorial);
	}
}

/* No two vectors share a slot or a Linux IRQ, and handles are slots. */
static void slots_and_irqs_are_distinct(void **state)
{
	uint32_t slots[2 * VECTORS], irqs[2 * VECTORS];
	struct wq *wq = *state;
	uint32_t v, handle;
	int i, j, nr = 0;

	for (i = 0; i < 2; i++) {
		for (v = 1; v <= VECTORS; v++, nr++) {
			slots[nr] = wq_number32(&wq[i], v, ims_vector_get_slot);
			irqs[nr] = wq_number32(&wq[i], v, ims_vector_get_irq);
			assert_int_not_equal(slots[nr], UINT32_MAX);
			assert_int_not_equal(irqs[nr], UINT32_MAX);
			assert_int_equal(wq_vector_read(&wq[i], v,
					 IMS_EDU_VECTOR_HANDLE), slots[nr]);
			assert_int_equal(wq_command(&wq[i],
					 IMS_EDU_COMMAND_QUERY_HANDLE, v,
					 &handle), IMS_EDU_ERR_NONE);
			assert_int_equal(handle, slots[nr]);
			for (j = 0; j < nr; j++) {
				assert_int_not_equal(slots[j], slots[nr]);
				assert_int_not_equal(irqs[j], irqs[nr]);
			}
		}
	}
}

static void devices_have_their_own_default_cookie(void **state)
{
	struct wq *wq = *state;
	uint64_t cookie[2];
	int i;

	for (i = 0; i < 2; i++) {
		cookie[i] = wq_number(&wq[i], 1, ims_vector_get_cookie);
		assert_int_not_equal(cookie[i], UINT64_MAX);
		assert_int_equal(cookie[i],
				 wq_read(&wq[i], IMS_EDU_REG_COOKIE_LO) |
				 (uint64_t)wq_read(&wq[i],
						   IMS_EDU_REG_COOKIE_HI) << 32);
	}
	assert_int_not_equal(cookie[0], cookie[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fires_its_own),
		cmocka_unit_test(counts_equal_work),
		cmocka_unit_test(results_are_factorials),
		cmocka_unit_test(slots_and_irqs_are_distinct),
		cmocka_unit_test(devices_have_their_own_default_cookie),
	};

	return cmocka_run_group_tests_name("direct", tests, setup, teardown);
}
