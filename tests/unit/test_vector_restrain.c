// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Holding vectors and limiting their rate. What is refused is in test_values.c.
 */
#include "test.h"

#include <stdlib.h>

#include "fake_kernel.h"

struct fixture {
	struct ims_ctx *ctx;
	struct ims_device *a;
};

static struct fixture f;

static int setup(void **state)
{
	(void)state;
	fake_kernel_reset();
	fake_kernel_populate();
	return ims_ctx_new(&f.ctx) || ims_device_get(f.ctx, NAME_A, &f.a);
}

static int teardown(void **state)
{
	(void)state;
	ims_device_free(f.a);
	ims_ctx_free(f.ctx);
	return 0;
}

static struct fake_vector *fake_vector(uint32_t index)
{
	return fake_kernel_vector(&fake_kernel.devices[0], index);
}

/* What the library says of a vector */
static void assert_vector(uint32_t index, uint32_t state, bool quiet,
			  uint32_t rate, bool own)
{
	struct ims_vector *v;
	uint32_t value = 0;

	assert_int_equal(ims_vector_get(f.ctx, f.a, index, &v), 0);
	assert_int_equal(ims_vector_get_state(v, &value), 0);
	assert_int_equal(value, state);
	assert_int_equal(ims_vector_is_quiet(v), quiet);
	value = 0;
	assert_int_equal(ims_vector_get_rate_limit(v, &value),
			 rate ? 0 : -ENODATA);
	assert_int_equal(value, rate);
	assert_int_equal(ims_vector_is_rate_limit_own(v), own);
	ims_vector_free(v);
}

static void quiet_range(void **state)
{
	struct ims_device *device;
	uint32_t count;

	(void)state;
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_quiet_range(f.ctx, f.a, 0, 4, true, 0), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_vector(0, IMS_VECTOR_STATE_HELD, true, 0, false);
	assert_vector(1, IMS_VECTOR_STATE_HELD, true, 0, false);
	/* One without a trigger */
	assert_vector(3, IMS_VECTOR_STATE_IDLE, true, 0, false);
	assert_vector(4, IMS_VECTOR_STATE_LIVE, false, 0, false);
	assert_int_equal(ims_device_get(f.ctx, NAME_A, &device), 0);
	assert_int_equal(ims_device_get_quiet(device, &count), 0);
	assert_int_equal(count, 4);
	assert_int_equal(ims_device_get_held(device, &count), 0);
	assert_int_equal(count, 3);
	ims_device_free(device);

	assert_int_equal(ims_vector_quiet_range(f.ctx, f.a, 0, 1, false, 0), 0);
	assert_vector(0, IMS_VECTOR_STATE_LIVE, false, 0, false);
	assert_vector(1, IMS_VECTOR_STATE_HELD, true, 0, false);
}

static void quiet_list(void **state)
{
	static const uint32_t indexes[] = { 2, 0, 31, 2 };

	(void)state;
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_quiet_list(f.ctx, f.a, indexes, 4, true, 0),
			 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_vector(0, IMS_VECTOR_STATE_HELD, true, 0, false);
	assert_vector(1, IMS_VECTOR_STATE_LIVE, false, 0, false);
	assert_vector(2, IMS_VECTOR_STATE_HELD, true, 0, false);
	assert_vector(31, IMS_VECTOR_STATE_IDLE, true, 0, false);
	assert_int_equal(ims_vector_quiet_list(f.ctx, f.a, indexes, 1, false, 0),
			 0);
	assert_vector(2, IMS_VECTOR_STATE_LIVE, false, 0, false);
	assert_vector(0, IMS_VECTOR_STATE_HELD, true, 0, false);
}

static void rate_limits(void **state)
{
	static const uint32_t indexes[] = { 4, 1 };

	(void)state;
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_rate_limit_list(f.ctx, f.a, indexes, 2, 500,
						    0), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_vector(1, IMS_VECTOR_STATE_LIVE, false, 500, true);
	assert_vector(2, IMS_VECTOR_STATE_LIVE, false, 0, false);
	assert_vector(4, IMS_VECTOR_STATE_LIVE, false, 500, true);
	fake_kernel.devices[0].rate_limit = 900;
	assert_vector(1, IMS_VECTOR_STATE_LIVE, false, 500, true);
	assert_vector(2, IMS_VECTOR_STATE_LIVE, false, 900, false);
	assert_int_equal(ims_vector_rate_limit_range(f.ctx, f.a, 1, 1, 0, 0), 0);
	assert_vector(1, IMS_VECTOR_STATE_LIVE, false, 900, false);
	assert_vector(4, IMS_VECTOR_STATE_LIVE, false, 500, true);
	assert_int_equal(ims_vector_rate_limit_range(f.ctx, f.a, 0, 2,
						     IMS_RATE_LIMIT_MAX, 0), 0);
	assert_vector(0, IMS_VECTOR_STATE_LIVE, false, IMS_RATE_LIMIT_MAX, true);
	assert_vector(1, IMS_VECTOR_STATE_LIVE, false, IMS_RATE_LIMIT_MAX, true);
}

static void by_snapshot(void **state)
{
	struct ims_vector *v;

	(void)state;
	assert_int_equal(ims_vector_get(f.ctx, f.a, 2, &v), 0);
	assert_int_equal(ims_vector_quiet(f.ctx, v, true, 0), 0);
	assert_int_equal(ims_vector_rate_limit(f.ctx, v, 77, IMS_VALIDATE_ONLY), 0);
	assert_vector(2, IMS_VECTOR_STATE_HELD, true, 0, false);
	assert_int_equal(ims_vector_rate_limit(f.ctx, v, 77, 0), 0);
	assert_vector(2, IMS_VECTOR_STATE_HELD, true, 77, true);
	assert_int_equal(ims_vector_quiet(f.ctx, v, false, 0), 0);
	assert_vector(2, IMS_VECTOR_STATE_LIVE, false, 77, true);
	assert_vector(1, IMS_VECTOR_STATE_LIVE, false, 0, false);
	assert_int_equal(ims_vector_quiet(f.ctx, NULL, true, 0), -EINVAL);
	assert_int_equal(ims_vector_rate_limit(NULL, v, 1, 0), -EINVAL);
	ims_vector_free(v);
}

/* No context is made where there is nothing to be kept. */
static void absent(void **state)
{
	(void)state;
	assert_int_equal(ims_vector_quiet_range(f.ctx, f.a, 31, 1, false, 0), 0);
	assert_int_equal(ims_vector_rate_limit_range(f.ctx, f.a, 31, 1, 0, 0), 0);
	assert_null(fake_vector(31));
	assert_int_equal(ims_vector_rate_limit_range(f.ctx, f.a, 31, 1, 7, 0), 0);
	assert_vector(31, IMS_VECTOR_STATE_IDLE, false, 7, true);
}

static void validate_only(void **state)
{
	static const uint32_t indexes[] = { 2, 0 };

	(void)state;
	assert_int_equal(ims_vector_quiet_range(f.ctx, f.a, 0, 3, true,
						IMS_VALIDATE_ONLY), 0);
	assert_int_equal(ims_vector_quiet_list(f.ctx, f.a, indexes, 2, true,
					       IMS_VALIDATE_ONLY), 0);
	assert_int_equal(ims_vector_rate_limit_range(f.ctx, f.a, 0, 3, 5,
						     IMS_VALIDATE_ONLY), 0);
	assert_int_equal(ims_vector_rate_limit_list(f.ctx, f.a, indexes, 2, 5,
						    IMS_VALIDATE_ONLY), 0);
	assert_vector(0, IMS_VECTOR_STATE_LIVE, false, 0, false);
	assert_vector(2, IMS_VECTOR_STATE_LIVE, false, 0, false);
}

static void throttled(void **state)
{
	struct ims_vector *v;
	uint64_t count;

	(void)state;
	fake_vector(1)->throttled = true;
	fake_vector(1)->throttles = 12;
	assert_int_equal(ims_vector_get(f.ctx, f.a, 1, &v), 0);
	assert_true(ims_vector_is_throttled(v));
	assert_int_equal(ims_vector_get_throttles(v, &count), 0);
	assert_int_equal(count, 12);
	ims_vector_free(v);
	assert_int_equal(ims_vector_get(f.ctx, f.a, 2, &v), 0);
	assert_false(ims_vector_is_throttled(v));
	ims_vector_free(v);
	assert_int_equal(ims_vector_reset_stats_range(f.ctx, f.a, 1, 1, 0), 0);
	assert_int_equal(fake_vector(1)->throttles, 0);
}

static void null(void **state)
{
	uint32_t index = 0, number;
	uint64_t count;

	(void)state;
	assert_int_equal(ims_vector_quiet_list(f.ctx, f.a, NULL, 1, true, 0),
			 -EINVAL);
	assert_int_equal(ims_vector_quiet_list(f.ctx, NULL, &index, 1, true, 0),
			 -EINVAL);
	assert_int_equal(ims_vector_quiet_range(NULL, f.a, 0, 1, true, 0),
			 -EINVAL);
	assert_int_equal(ims_vector_rate_limit_list(f.ctx, f.a, NULL, 1, 1, 0),
			 -EINVAL);
	assert_int_equal(ims_vector_rate_limit_range(f.ctx, NULL, 0, 1, 1, 0),
			 -EINVAL);
	assert_false(ims_vector_is_quiet(NULL));
	assert_false(ims_vector_is_throttled(NULL));
	assert_false(ims_vector_is_rate_limit_own(NULL));
	assert_int_equal(ims_vector_get_rate_limit(NULL, &number), -EINVAL);
	assert_int_equal(ims_vector_get_throttles(NULL, &count), -EINVAL);
	assert_int_equal(ims_device_get_quiet(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_rate_limit(NULL, &number), -EINVAL);
}

static void list_of_thousands(void **state)
{
	uint32_t *indexes = malloc(5000 * sizeof(*indexes));
	struct fake_device *fake;
	struct ims_device *large;
	uint32_t i;

	(void)state;
	fake_kernel_add_large(5000);
	fake = &fake_kernel.devices[fake_kernel.num_devices - 1];
	assert_int_equal(ims_device_get(f.ctx, "large", &large), 0);
	for (i = 0; i < 5000; i++)
		indexes[i] = i;
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_quiet_list(f.ctx, large, indexes, 5000, true,
					       0), 0);
	assert_int_equal(fake_kernel.requests, 1);
	for (i = 0; i < 5000; i++)
		assert_true(fake->vectors[i].quiet);
	assert_int_equal(ims_vector_quiet_list(f.ctx, f.a, indexes, SIZE_MAX,
					       true, 0), -EMSGSIZE);
	ims_device_free(large);
	free(indexes);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(quiet_range),
		TEST(quiet_list),
		TEST(rate_limits),
		TEST(by_snapshot),
		TEST(absent),
		TEST(validate_only),
		TEST(throttled),
		TEST(null),
		TEST(list_of_thousands),
	};

	return cmocka_run_group_tests_name("vector_restrain", tests, NULL, NULL);
}
