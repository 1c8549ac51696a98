// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Linux IRQs and remapping entries (kmod/ims/entries.c) on the real kernel: how
 * many a device holds after any history, and that each interrupt is still the
 * hardware's to fire.
 */
#include <stdio.h>
#include <unistd.h>

#include "case.h"

#define VECTORS	800
#define SPARE	32

#define DEVICES		16
#define DEVICE_VECTORS	128

/* Idle ones go after ten seconds. */
#define EXPIRY_MS	60000

static int setup(void **state)
{
	static struct portal fn;

	case_open_portal(&fn, DEVICES);
	*state = &fn;
	return 0;
}

static int teardown(void **state)
{
	portal_close(*state);
	return 0;
}

/* Each Linux IRQ has an entry: none is held without, and none is shared. */
static unsigned int entries(void)
{
	return wq_count_irqs("IMS-");
}

static void assert_bounded(unsigned int slots)
{
	assert_in_range(entries(), slots, 2 * slots + SPARE);
}

/* The rest of a row of @step that begins with @v; the last one may be shorter. */
static uint32_t others(uint32_t v, uint32_t step)
{
	return v + step > VECTORS + 1 ? VECTORS - v : step - 1;
}

/* Vectors that are not kept: all but each @step-th */
static unsigned int unbind_others(struct portal *fn, uint32_t step)
{
	uint32_t v;

	for (v = 1; v <= VECTORS; v += step)
		assert_int_equal(portal_unbind(fn, v + 1, others(v, step)), 0);
	return (VECTORS + step - 1) / step;
}

static void bind_others(struct portal *fn, uint32_t step)
{
	uint32_t v;

	for (v = 1; v <= VECTORS; v += step)
		assert_int_equal(portal_bind(fn, v + 1, others(v, step)), 0);
}

/* Bind all, keep one of each row, of any length; bind and unbind the rest again. */
static void any_history(void **state)
{
	static const uint32_t steps[] = { 2, 16, 256 };
	struct portal *fn = *state;
	unsigned int i, round;
	uint32_t v;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		assert_int_equal(portal_bind(fn, 1, VECTORS), 0);
		assert_bounded(VECTORS);
		for (round = 0; round < 2; round++) {
			assert_bounded(unbind_others(fn, steps[i]));
			bind_others(fn, steps[i]);
			assert_bounded(VECTORS);
		}
		fire(fn, 1, VECTORS);
		for (v = 1; v <= VECTORS; v++)
			assert_int_equal(wq_wait(&fn->wq, v), 1);
		assert_int_equal(portal_unbind(fn, 1, VECTORS), 0);
		assert_bounded(0);
	}
}

/* One call for each, as QEMU 8 and later enable them */
static void one_by_one(void **state)
{
	struct portal *fn = *state;
	uint32_t v;

	for (v = 1; v <= 100; v++) {
		assert_int_equal(portal_bind(fn, v, 1), 0);
		fire(fn, v, 1);
		assert_int_equal(wq_wait(&fn->wq, v), 1);
	}
	assert_bounded(100);
	for (v = 1; v <= 100; v++)
		assert_int_equal(portal_unbind(fn, v, 1), 0);
	assert_bounded(0);
}

static void idle_ones_expire(void **state)
{
	struct portal *fn = *state;
	int patience = EXPIRY_MS / 100;

	assert_int_equal(portal_bind(fn, 1, 20), 0);
	assert_int_equal(portal_unbind(fn, 1, 20), 0);
	while (entries() && patience--)
		usleep(100 * 1000);
	assert_int_equal(entries(), 0);
	assert_int_equal(portal_bind(fn, 1, 1), 0);
	fire(fn, 1, 1);
	assert_int_equal(wq_wait(&fn->wq, 1), 1);
}

/*
 * Many devices with such a history, all open. Another device of the same IOMMU
 * gets its interrupts: IMS_OTHER is a command that sees to it.
 */
static void others_are_not_disturbed(void **state)
{
	static struct portal fns[DEVICES];
	const char *other = getenv("IMS_OTHER");
	uint32_t v;
	int i;

	(void)state;
	assert_non_null(other);
	for (i = 0; i < DEVICES; i++) {
		case_open_portal(&fns[i], i);
		assert_int_equal(portal_bind(&fns[i], 1, DEVICE_VECTORS), 0);
		for (v = 1; v <= DEVICE_VECTORS; v++)
			if (v % 16)
				assert_int_equal(portal_unbind(&fns[i], v, 1), 0);
	}
	/* Of each device one of 16 is live. */
	assert_in_range(entries(), 0,
			DEVICES * (2 * (DEVICE_VECTORS / 16) + SPARE));
	assert_int_equal(system(other), 0);
	for (i = 0; i < DEVICES; i++) {
		fire(&fns[i], DEVICE_VECTORS, 1);
		assert_int_equal(wq_wait(&fns[i].wq, DEVICE_VECTORS), 1);
		portal_close(&fns[i]);
	}
	assert_int_equal(entries(), 0);
}

#define entries_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		entries_test(any_history),
		entries_test(one_by_one),
		entries_test(idle_ones_expire),
		cmocka_unit_test(others_are_not_disturbed),
	};

	return cmocka_run_group_tests_name("entries", tests, NULL, NULL);
}
