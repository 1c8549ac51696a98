// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The library as it is installed, against the kernel that runs: nothing of it
 * is simulated, so all that can be expected is sense.
 */
#include "test.h"

static void list(void **state)
{
	struct ims_device_list *list;
	struct ims_ctx *ctx;
	int err;

	(void)state;
	assert_int_equal(ims_ctx_new(&ctx), 0);
	err = ims_device_list_get(ctx, &list);
	if (err) {
		assert_int_equal(err, -EOPNOTSUPP);
		assert_null(list);
		assert_contains(ims_error_get_text(ims_ctx_last_error(ctx)),
				"modprobe vfio_pci_ims");
	}

	/* The socket is still good. */
	assert_int_equal(ims_device_list_get(ctx, &list), err);
	ims_device_list_free(list);
	ims_ctx_free(ctx);
}

static void open_nothing(void **state)
{
	struct ims_vfio *vfio;
	struct ims_ctx *ctx;

	(void)state;
	assert_int_equal(ims_ctx_new(&ctx), 0);
	assert_int_equal(ims_vfio_open(ctx, "no-such-device", &vfio), -ENODEV);
	assert_contains(ims_error_get_text(ims_ctx_last_error(ctx)),
			"/sys/bus/mdev/devices/no-such-device");
	ims_ctx_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list),
		cmocka_unit_test(open_nothing),
	};

	return cmocka_run_group_tests_name("system", tests, NULL, NULL);
}
