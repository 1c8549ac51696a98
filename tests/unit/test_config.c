// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changing devices and vectors: what is sent and what it does. What is refused
 * is in test_values.c.
 */
#include "test.h"

#include "fake_kernel.h"

struct fixture {
	struct ims_ctx *ctx;
	struct ims_device *a;
	struct ims_device_config *device;
	struct ims_vector_config *vector;
};

static struct fixture f;

static int setup(void **state)
{
	(void)state;
	fake_kernel_reset();
	fake_kernel_populate();
	return ims_ctx_new(&f.ctx) || ims_device_get(f.ctx, NAME_A, &f.a) ||
	       ims_device_config_new(&f.device) ||
	       ims_vector_config_new(&f.vector);
}

static int teardown(void **state)
{
	(void)state;
	ims_vector_config_free(f.vector);
	ims_device_config_free(f.device);
	ims_device_free(f.a);
	ims_ctx_free(f.ctx);
	return 0;
}

static struct fake_device *fake(void)
{
	return &fake_kernel.devices[0];
}

static struct fake_vector *fake_vector(uint32_t index)
{
	return fake_kernel_vector(fake(), index);
}

static int configure_device(unsigned int flags)
{
	return ims_device_configure(f.ctx, f.a, f.device, flags);
}

static int configure_vector(uint32_t index, unsigned int flags)
{
	return ims_vector_configure_range(f.ctx, f.a, index, 1, f.vector,
					  flags);
}

static void null_arguments(void **state)
{
	(void)state;
	assert_int_equal(ims_device_config_new(NULL), -EINVAL);
	ims_device_config_free(NULL);
	assert_int_equal(ims_device_config_set_limit(NULL, 1), -EINVAL);
	assert_int_equal(ims_device_config_set_reservation(NULL, 1), -EINVAL);
	assert_int_equal(ims_device_config_set_default_cookie(NULL, 1),
			 -EINVAL);
	assert_int_equal(ims_device_config_set_bypass(NULL, 1), -EINVAL);
	assert_int_equal(ims_device_config_set_rate_limit(NULL, 1), -EINVAL);
	assert_int_equal(ims_vector_config_new(NULL), -EINVAL);
	ims_vector_config_free(NULL);
	assert_int_equal(ims_vector_config_set_cookie(NULL, 1), -EINVAL);
	assert_int_equal(ims_vector_config_clear_cookie(NULL), -EINVAL);
	assert_int_equal(ims_vector_config_set_cookie_mode(NULL, 0), -EINVAL);
	assert_int_equal(ims_vector_config_set_affinity(NULL, "0"), -EINVAL);
	assert_int_equal(ims_vector_config_set_affinity(f.vector, NULL),
			 -EINVAL);
}

static void device_all_at_once(void **state)
{
	(void)state;
	ims_device_config_set_limit(f.device, 100);
	ims_device_config_set_reservation(f.device, 10);
	ims_device_config_set_default_cookie(f.device, UINT64_MAX);
	ims_device_config_set_bypass(f.device, IMS_BYPASS_MODE_OFF);
	ims_device_config_set_rate_limit(f.device, 700);

	fake_kernel.requests = 0;
	assert_int_equal(configure_device(IMS_VALIDATE_ONLY), 0);
	assert_int_equal(fake()->limit, 64);
	assert_int_equal(fake()->reservation, 4);
	assert_int_equal(fake()->default_cookie, 0x1001);
	assert_int_equal(fake()->bypass, IMS_BYPASS_MODE_AUTO);
	assert_int_equal(configure_device(0), 0);
	assert_int_equal(fake()->bypass, IMS_BYPASS_MODE_OFF);
	assert_int_equal(fake()->rate_limit, 700);
	assert_int_equal(fake()->limit, 100);
	assert_int_equal(fake()->reservation, 10);
	assert_true(fake()->default_cookie == UINT64_MAX);
	assert_int_equal(fake_kernel.requests, 2);
}

static void device_one_by_one(void **state)
{
	(void)state;
	ims_device_config_set_bypass(f.device, IMS_BYPASS_MODE_ON);
	assert_int_equal(configure_device(0), 0);
	assert_int_equal(fake()->bypass, IMS_BYPASS_MODE_ON);
	assert_int_equal(fake()->default_cookie, 0x1001);
	ims_device_config_free(f.device);
	assert_int_equal(ims_device_config_new(&f.device), 0);
	ims_device_config_set_rate_limit(f.device, 5);
	assert_int_equal(configure_device(0), 0);
	assert_int_equal(fake()->rate_limit, 5);
	assert_int_equal(fake()->bypass, IMS_BYPASS_MODE_ON);
	ims_device_config_set_default_cookie(f.device, 0);
	assert_int_equal(configure_device(0), 0);
	assert_int_equal(fake()->default_cookie, 0);
	assert_int_equal(fake()->limit, 64);
	assert_int_equal(fake()->reservation, 4);

	/* The same request, now with more in it; 0 is the store's size. */
	ims_device_config_set_limit(f.device, 0);
	assert_int_equal(configure_device(0), 0);
	assert_int_equal(fake()->limit, 2048);
	ims_device_config_set_limit(f.device, 5);
	ims_device_config_set_reservation(f.device, 0);
	assert_int_equal(configure_device(0), 0);
	assert_int_equal(fake()->limit, 5);
	assert_int_equal(fake()->reservation, 0);
}

static void cookie_next(void **state)
{
	(void)state;
	ims_vector_config_set_cookie(f.vector, 0x77);
	assert_int_equal(configure_vector(1, IMS_VALIDATE_ONLY), 0);
	assert_false(fake_vector(1)->cookie_own);
	assert_int_equal(configure_vector(1, 0), 0);
	assert_true(fake_vector(1)->cookie_own);
	assert_int_equal(fake_vector(1)->cookie, 0x1001);
	assert_int_equal(fake_vector(1)->pending_cookie, 0x77);

	/* Without a slot there is nothing to wait for. */
	assert_int_equal(configure_vector(3, 0), 0);
	assert_int_equal(fake_vector(3)->cookie, 0x77);
	assert_int_equal(fake_vector(3)->pending_cookie, 0);
}

static void cookie_now(void **state)
{
	(void)state;
	ims_vector_config_set_cookie(f.vector, UINT64_MAX);
	ims_vector_config_set_cookie_mode(f.vector, IMS_COOKIE_MODE_NOW);
	assert_int_equal(configure_vector(2, 0), 0);
	assert_true(fake_vector(2)->cookie == UINT64_MAX);
	assert_int_equal(fake_vector(2)->pending_cookie, 0);
}

/* Whichever was called last counts. */
static void cookie_cleared(void **state)
{
	(void)state;
	ims_vector_config_set_cookie(f.vector, 5);
	ims_vector_config_clear_cookie(f.vector);
	ims_vector_config_set_cookie_mode(f.vector, IMS_COOKIE_MODE_NOW);
	assert_int_equal(configure_vector(2, 0), 0);
	assert_false(fake_vector(2)->cookie_own);
	assert_int_equal(fake_vector(2)->cookie, 0x1001);

	ims_vector_config_set_cookie(f.vector, 6);
	assert_int_equal(configure_vector(2, 0), 0);
	assert_true(fake_vector(2)->cookie_own);
	assert_int_equal(fake_vector(2)->cookie, 6);
}

static void absent_vector_gets_a_context(void **state)
{
	(void)state;
	assert_null(fake_vector(20));
	ims_vector_config_set_cookie(f.vector, 9);
	assert_int_equal(configure_vector(20, IMS_VALIDATE_ONLY), 0);
	assert_null(fake_vector(20));
	assert_int_equal(configure_vector(20, 0), 0);
	assert_int_equal(fake_vector(20)->state, IMS_VECTOR_STATE_IDLE);
	assert_int_equal(fake_vector(20)->cookie, 9);
}

static void affinity(void **state)
{
	char cpus[] = "0-1,3";

	(void)state;
	ims_vector_config_set_affinity(f.vector, cpus);
	/* It was copied. */
	memset(cpus, 'x', sizeof(cpus) - 1);
	assert_int_equal(configure_vector(2, IMS_VALIDATE_ONLY), 0);
	assert_string_equal(fake_vector(2)->affinity, "");
	assert_int_equal(configure_vector(2, 0), 0);
	assert_string_equal(fake_vector(2)->affinity, "0-1,3");
	assert_int_equal(fake_vector(2)->cookie, 0x2002);

	ims_vector_config_set_affinity(f.vector, "");
	assert_int_equal(configure_vector(2, 0), 0);
	assert_string_equal(fake_vector(2)->affinity, "");
}

/* As long as can be: "0,0,...,0". */
static void longest_affinity(void **state)
{
	char cpus[IMS_CPULIST_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < IMS_CPULIST_MAX; i++)
		cpus[i] = i % 2 ? ',' : '0';
	cpus[i] = '\0';
	ims_vector_config_set_affinity(f.vector, cpus);
	assert_int_equal(configure_vector(1, 0), 0);
	assert_string_equal(fake_vector(1)->affinity, cpus);
}

static void cookie_and_affinity(void **state)
{
	(void)state;
	ims_vector_config_set_cookie(f.vector, 8);
	ims_vector_config_set_cookie_mode(f.vector, IMS_COOKIE_MODE_NEXT);
	ims_vector_config_set_affinity(f.vector, "2");
	fake_kernel.requests = 0;
	assert_int_equal(configure_vector(3, 0), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_int_equal(fake_vector(3)->cookie, 8);
	assert_string_equal(fake_vector(3)->affinity, "2");
}

/* Opened anew under the same name: not the device that was meant. */
static void the_very_device(void **state)
{
	(void)state;
	fake()->id = 8;
	ims_device_config_set_limit(f.device, 100);
	assert_int_equal(configure_device(0), -ENODEV);
	ims_vector_config_set_cookie(f.vector, 8);
	assert_int_equal(configure_vector(3, 0), -ENODEV);
	assert_int_equal(fake()->limit, 64);
	assert_int_equal(fake_vector(3)->cookie, 0x3003);
}

/* Many vectors in one request: all, or none. */
static void many_vectors(void **state)
{
	static const uint32_t indexes[] = { 4, 1, 20, 4 };

	(void)state;
	ims_vector_config_set_cookie(f.vector, 0x77);
	ims_vector_config_set_affinity(f.vector, "0");
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_configure_list(f.ctx, f.a, indexes, 4,
						   f.vector, IMS_VALIDATE_ONLY),
			 0);
	assert_null(fake_vector(20));
	assert_int_equal(ims_vector_configure_list(f.ctx, f.a, indexes, 4,
						   f.vector, 0), 0);
	assert_int_equal(fake_kernel.requests, 2);
	assert_int_equal(fake_vector(1)->pending_cookie, 0x77);
	assert_int_equal(fake_vector(4)->pending_cookie, 0x77);
	assert_string_equal(fake_vector(4)->affinity, "0");
	assert_int_equal(fake_vector(20)->cookie, 0x77);
	assert_true(fake_vector(2)->pending_cookie != 0x77);

	ims_vector_config_set_cookie(f.vector, 0x88);
	assert_int_equal(ims_vector_configure_range(f.ctx, f.a, 20, 3, f.vector,
						    0), 0);
	assert_int_equal(fake_vector(22)->cookie, 0x88);
	/* Vector 0 is emulated: the others are as before. */
	ims_vector_config_set_cookie(f.vector, 0x99);
	assert_int_equal(ims_vector_configure_range(f.ctx, f.a, 0, 3, f.vector,
						    0), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " NAME_A ": vectors 0-2", "cookie",
		      "vector 0 is emulated and has no cookie");
	assert_int_equal(fake_vector(1)->pending_cookie, 0x77);
	/* A vector that would be made stays away, too. */
	assert_int_equal(ims_vector_configure_range(f.ctx, f.a, 30, 3, f.vector,
						    0), -ENOENT);
	assert_null(fake_vector(30));
}

static void many_vectors_refused(void **state)
{
	static const uint32_t indexes[] = { 1 };

	(void)state;
	assert_int_equal(ims_vector_configure_list(f.ctx, f.a, indexes, 1,
						   f.vector, 0), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " NAME_A ": vector 1", NULL,
		      "nothing to change");
	ims_vector_config_set_cookie(f.vector, 7);
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_configure_list(f.ctx, f.a, indexes, 0,
						   f.vector, 0), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " NAME_A, "count",
		      "no vectors to configure");
	assert_int_equal(ims_vector_configure_range(f.ctx, f.a, 1, 0, f.vector,
						    0), -EINVAL);
	assert_int_equal(ims_vector_configure_range(f.ctx, f.a, 1, 1, f.vector,
						    2), -EINVAL);
	assert_int_equal(ims_vector_configure_list(f.ctx, f.a, NULL, 1,
						   f.vector, 0), -EINVAL);
	assert_int_equal(ims_vector_configure_list(f.ctx, f.a, indexes, 1, NULL,
						   0), -EINVAL);
	assert_int_equal(ims_vector_configure_list(f.ctx, NULL, indexes, 1,
						   f.vector, 0), -EINVAL);
	assert_int_equal(fake_kernel.requests, 0);
}

/* What a look-up, a list or an event gave names the vector. */
static void by_snapshot(void **state)
{
	struct ims_vector *vector;

	(void)state;
	assert_int_equal(ims_vector_get(f.ctx, f.a, 2, &vector), 0);
	ims_vector_config_clear_cookie(f.vector);
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_configure(f.ctx, vector, f.vector, 0), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_false(fake_vector(2)->cookie_own);
	assert_true(fake_vector(3)->cookie_own);
	assert_int_equal(ims_vector_configure(NULL, vector, f.vector, 0),
			 -EINVAL);
	assert_int_equal(ims_vector_configure(f.ctx, NULL, f.vector, 0),
			 -EINVAL);
	assert_int_equal(ims_vector_configure(f.ctx, vector, NULL, 0), -EINVAL);
	ims_vector_free(vector);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(null_arguments),
		TEST(many_vectors),
		TEST(many_vectors_refused),
		TEST(by_snapshot),
		TEST(device_all_at_once),
		TEST(device_one_by_one),
		TEST(cookie_next),
		TEST(cookie_now),
		TEST(cookie_cleared),
		TEST(absent_vector_gets_a_context),
		TEST(affinity),
		TEST(longest_affinity),
		TEST(cookie_and_affinity),
		TEST(the_very_device),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
