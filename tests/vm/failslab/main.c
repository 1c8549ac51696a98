// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * No memory: every operation, with its first slab allocation failing, then its
 * second, and so on until it has so many that none fails. What is refused must
 * be refused cleanly and have changed nothing; what works nevertheless (the
 * interrupt core can live without a file in /proc, say) must work.
 *
 * Runs on the debug kernel only: see failslab.sh, which prepares it.
 */
#include <stdio.h>

#include "sweep.h"

/* After all of it: a work queue is opened, and the hardware fires its vectors. */
static void everything_works(void **state)
{
	uint32_t v;

	(void)state;
	reopen(&swept);
	assert_int_equal(wq_bind(&swept, 0, NR), 0);
	for (v = 1; v < NR; v++) {
		assert_int_equal(wq_submit(&swept, 3, v), IMS_EDU_ERR_NONE);
		assert_int_equal(wq_wait(&swept, v), 1);
	}
	assert_int_equal(wq_drain(&swept), 0);
	assert_int_equal(wq_read(&swept, IMS_EDU_REG_ERRORS), 0);
}

#define test(f, file) cmocka_unit_test_teardown(f, file##_teardown)
#define change(f) test(f, netlink), test(f##_heard, netlink)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(bind_absent, sweep),
		test(bind_a_row, sweep),
		test(bind_idle, sweep),
		test(replace_live, sweep),
		test(replace_with_cookie_pending, sweep),
		test(disable_index, sweep),
		test(reset_device, sweep),
		test(bind_request_eventfd, sweep),
		test(write_cookie_register, sweep),
		test(apply_cookie_now, sweep),
		test(submit_work, sweep),
		test(open_device, sweep),
		test(close_device, sweep),
		test(open_function, sweep),
		test(request_handle, portal),
		test(request_handle_after_revocation, portal),
		test(create_function, portal),
		test(remove_function, portal),
		test(netlink_store_get, netlink),
		test(netlink_store_dump, netlink),
		test(netlink_device_get, netlink),
		test(netlink_device_dump, netlink),
		test(netlink_vector_get, netlink),
		test(netlink_vector_dump, netlink),
		change(netlink_store_set),
		change(netlink_store_set_refused),
		change(netlink_store_reset),
		change(netlink_device_set),
		change(netlink_device_set_refused),
		change(netlink_cookie_first_use),
		change(netlink_cookie_next),
		change(netlink_cookie_now),
		change(netlink_cookie_clear),
		change(netlink_affinity_first_use),
		change(netlink_affinity_set),
		change(netlink_affinity_clear),
		change(netlink_cookie_and_affinity),
		change(netlink_both_first_use),
		change(netlink_vector_set_refused),
		change(netlink_trigger),
		change(netlink_trigger_list),
		change(netlink_trigger_interrupt),
		change(netlink_stats_reset),
		test(create_mdev, mdev),
		test(remove_mdev, mdev),
		test(probe_driver, mdev),
		test(everything_works, sweep),
	};
	const char *edu = getenv("IMS_EDU"), *siov = getenv("IMS_SIOV");

	if (!edu || !siov || !getenv("IMS_WQ0") || !getenv("IMS_FN0"))
		errx(1, "run this by tests/vm/debug");
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	mdev_init(edu);
	portal_init(siov);
	return cmocka_run_group_tests_name("failslab", tests, sweep_setup, NULL);
}
