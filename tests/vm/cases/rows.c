// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows of remapping entries (kmod/ims/irqs.c) on the real kernel: they are taken,
 * each of their interrupts is the hardware's to fire, and they go with the last.
 */
#include <unistd.h>

#include "case.h"

#define FIRST	1	/* vector 0 is emulated */
#define COUNT	20	/* a row of 16, whose first is nobody's, and 5 by themselves */
#define ROW	15

static struct wq wq;

/* Linux IRQs that are the first of a row: their chip does nothing. */
static unsigned int leaders(void)
{
	return wq_count_irqs("dummy");
}

/* They go some time after their interrupts: see kmod/ims/dispose.c. */
static bool leaders_go(void)
{
	unsigned int tries;

	for (tries = 0; leaders() && tries < 1000; tries++)
		usleep(10000);
	return !leaders();
}

/* The hardware writes its message: its eventfd counts one, and no other. */
static void assert_fires(uint32_t vector)
{
	uint32_t v;

	assert_int_equal(wq_submit(&wq, 5, vector), IMS_EDU_ERR_NONE);
	assert_int_equal(wq_wait(&wq, vector), 1);
	assert_int_equal(wq_drain(&wq), 0);
	for (v = FIRST; v < FIRST + COUNT; v++)
		assert_int_equal(wq_take(&wq, v), 0);
}

static int setup(void **state)
{
	(void)state;
	case_open(&wq, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	wq_close(&wq);
	return 0;
}

static void few_take_none(void **state)
{
	(void)state;
	assert_true(leaders_go());
	assert_int_equal(wq_bind(&wq, FIRST, ROW - 1), 0);
	assert_int_equal(leaders(), 0);
}

static void many_take_one_and_fire(void **state)
{
	uint32_t v;

	(void)state;
	assert_int_equal(wq_bind(&wq, FIRST, COUNT), 0);
	assert_int_equal(leaders(), 1);
	for (v = FIRST; v < FIRST + COUNT; v++)
		assert_fires(v);
}

static void it_goes_with_the_last(void **state)
{
	const uint32_t last = FIRST + 7;

	(void)state;
	assert_int_equal(wq_bind(&wq, FIRST, COUNT), 0);
	assert_int_equal(ims_vfio_unbind(wq.vfio, FIRST, last - FIRST), 0);
	assert_int_equal(ims_vfio_unbind(wq.vfio, last + 1,
					 FIRST + COUNT - last - 1), 0);
	assert_int_equal(leaders(), 1);
	assert_fires(last);
	assert_int_equal(ims_vfio_unbind(wq.vfio, last, 1), 0);
	assert_true(leaders_go());
}

#define rows_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		rows_test(few_take_none),
		rows_test(many_take_one_and_fire),
		rows_test(it_goes_with_the_last),
	};

	return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
