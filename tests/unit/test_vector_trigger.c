// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Triggering vectors, and beginning anew with their counts. What is refused is
 * in test_values.c.
 */
#include "test.h"

#include <stdlib.h>

#include "fake_kernel.h"

#define EVENTFD		IMS_TRIGGER_PATH_EVENTFD
#define INTERRUPT	IMS_TRIGGER_PATH_INTERRUPT

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

/* Signals and interrupts that the first three vectors have seen. */
static void assert_seen(unsigned int a, unsigned int b, unsigned int c)
{
	const unsigned int expected[] = { a, b, c };
	uint32_t i;

	for (i = 0; i < 3; i++)
		assert_int_equal(fake_vector(i)->loopback, expected[i]);
}

static void words(void **state)
{
	(void)state;
	assert_string_equal(ims_trigger_path_name(EVENTFD), "eventfd");
	assert_string_equal(ims_trigger_path_name(INTERRUPT), "interrupt");
	assert_null(ims_trigger_path_name(2));
}

static void range(void **state)
{
	(void)state;
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_trigger_range(f.ctx, f.a, 0, 3, EVENTFD, 0), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_seen(1, 2, 1);
	assert_int_equal(ims_vector_trigger_range(f.ctx, f.a, 1, 1, EVENTFD, 0), 0);
	assert_seen(1, 3, 1);
}

static void list(void **state)
{
	static const uint32_t indexes[] = { 2, 0, 4 };

	(void)state;
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_trigger_list(f.ctx, f.a, indexes, 3, EVENTFD, 0),
			 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_seen(1, 1, 1);
	assert_int_equal(fake_vector(4)->loopback, 1);
	assert_int_equal(ims_vector_trigger_list(f.ctx, f.a, indexes, 1, EVENTFD, 0),
			 0);
	assert_seen(1, 1, 2);
}

/* One that is given twice counts once. */
static void list_with_repetition(void **state)
{
	static const uint32_t indexes[] = { 2, 0, 2, 2 };

	(void)state;
	assert_int_equal(ims_vector_trigger_list(f.ctx, f.a, indexes, 4, EVENTFD, 0),
			 0);
	assert_seen(1, 1, 1);
}

/* What a list gave names the vector, without another request. */
static void by_snapshot(void **state)
{
	const struct ims_vector *vector;
	struct ims_vector_list *list;

	(void)state;
	assert_int_equal(ims_vector_list_get_by_device(f.ctx, f.a, &list), 0);
	vector = ims_vector_list_at(list, 1);
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_trigger(f.ctx, vector, EVENTFD, 0), 0);
	assert_int_equal(fake_vector(1)->loopback, 2);
	assert_int_equal(ims_vector_reset_stats(f.ctx, vector, 0), 0);
	assert_int_equal(fake_vector(1)->loopback, 0);
	assert_int_equal(fake_kernel.requests, 2);
	assert_int_equal(ims_vector_trigger(f.ctx, ims_vector_list_at(list, 3),
					    EVENTFD, 0), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " NAME_A ": vector 3", "index",
		      "vector 3 has no trigger");
	assert_int_equal(ims_vector_trigger(f.ctx, vector, EVENTFD, 2), -EINVAL);
	assert_int_equal(ims_vector_trigger(NULL, vector, EVENTFD, 0), -EINVAL);
	assert_int_equal(ims_vector_trigger(f.ctx, NULL, EVENTFD, 0), -EINVAL);
	assert_int_equal(ims_vector_reset_stats(NULL, vector, 0), -EINVAL);
	assert_int_equal(ims_vector_reset_stats(f.ctx, NULL, 0), -EINVAL);
	ims_vector_list_free(list);
}

static void interrupt_path(void **state)
{
	static const uint32_t indexes[] = { 4, 1 };

	(void)state;
	assert_int_equal(ims_vector_trigger_range(f.ctx, f.a, 1, 1, INTERRUPT, 0), 0);
	assert_int_equal(fake_vector(1)->delivered, 1001);
	assert_int_equal(ims_vector_trigger_list(f.ctx, f.a, indexes, 2, INTERRUPT, 0),
			 0);
	assert_int_equal(fake_vector(1)->delivered, 1002);
	assert_int_equal(fake_vector(4)->delivered, 1);
	assert_seen(0, 1, 0);
}

static void validate_only(void **state)
{
	static const uint32_t indexes[] = { 2, 0 };

	(void)state;
	assert_int_equal(ims_vector_trigger_range(f.ctx, f.a, 0, 3, EVENTFD,
						  IMS_VALIDATE_ONLY), 0);
	assert_int_equal(ims_vector_trigger_list(f.ctx, f.a, indexes, 2, EVENTFD,
						 IMS_VALIDATE_ONLY), 0);
	assert_int_equal(ims_vector_trigger_range(f.ctx, f.a, 1, 1, INTERRUPT,
						  IMS_VALIDATE_ONLY), 0);
	assert_seen(0, 1, 0);
	assert_int_equal(fake_vector(1)->delivered, 1000);
}

/* All that a store may have, in one request of many pages. */
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
	assert_int_equal(ims_vector_trigger_list(f.ctx, large, indexes, 5000, EVENTFD,
						 0), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_true(fake_kernel.request_size > 40000);
	for (i = 0; i < 5000; i++)
		assert_int_equal(fake->vectors[i].loopback, 1);
	ims_device_free(large);
	free(indexes);
}

/* More than the socket takes, and more than a length of 32 bits can tell. */
static void list_that_does_not_fit(void **state)
{
	uint32_t *indexes = calloc(30000, sizeof(*indexes));
	struct ims_device *device;

	(void)state;
	assert_int_equal(ims_vector_trigger_list(f.ctx, f.a, indexes, 30000, EVENTFD,
						 0), -EMSGSIZE);
	assert_reason(f.ctx, -EMSGSIZE, "device " NAME_A ": 30000 vectors",
		      NULL, "sending to the kernel: Message too long");
	assert_int_equal(ims_vector_trigger_list(f.ctx, f.a, indexes, SIZE_MAX,
						 EVENTFD, 0), -EMSGSIZE);
	assert_reason(f.ctx, -EMSGSIZE,
		      "device " NAME_A ": 18446744073709551615 vectors", "list",
		      "more vectors than fit into one request");
	assert_seen(0, 1, 0);
	free(indexes);

	/* The context is good for another call. */
	assert_int_equal(ims_device_get(f.ctx, NAME_A, &device), 0);
	ims_device_free(device);
}

static void assert_reset(uint32_t index, bool reset)
{
	const struct fake_vector *v = fake_vector(index);

	assert_int_equal(v->since == fake_kernel.now, reset);
	if (reset)
		assert_int_equal(v->delivered + v->loopback + v->signalled +
				 v->dropped + v->pended + v->replaced +
				 v->revocations + v->failed, 0);
}

static void reset_range(void **state)
{
	uint32_t i;

	(void)state;
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_reset_stats_range(f.ctx, f.a, 1, 2, 0), 0);
	assert_int_equal(fake_kernel.requests, 1);
	for (i = 0; i < 5; i++)
		assert_reset(i, i == 1 || i == 2);
	assert_int_equal(ims_vector_reset_stats_range(f.ctx, f.a, 0, 1, 0), 0);
	assert_reset(0, true);
	assert_reset(3, false);
	/* Absent ones stay absent. */
	assert_int_equal(ims_vector_reset_stats_range(f.ctx, f.a, 31, 1, 0), 0);
	assert_null(fake_vector(31));
}

static void reset_list(void **state)
{
	static const uint32_t indexes[] = { 4, 1, 31, 1 };
	uint32_t i;

	(void)state;
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_reset_stats_list(f.ctx, f.a, indexes, 4,
						     IMS_VALIDATE_ONLY), 0);
	assert_reset(1, false);
	assert_int_equal(ims_vector_reset_stats_list(f.ctx, f.a, indexes, 4, 0), 0);
	assert_int_equal(fake_kernel.requests, 2);
	for (i = 0; i < 5; i++)
		assert_reset(i, i == 1 || i == 4);
	assert_null(fake_vector(31));
	assert_int_equal(ims_vector_reset_stats_list(f.ctx, f.a, indexes, 0, 0),
			 -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " NAME_A, "count",
		      "no vectors to reset");
	assert_int_equal(ims_vector_reset_stats_list(f.ctx, f.a, NULL, 1, 0),
			 -EINVAL);
	assert_int_equal(ims_vector_reset_stats_list(f.ctx, NULL, indexes, 1, 0),
			 -EINVAL);
}

static void reset_all(void **state)
{
	(void)state;
	assert_int_equal(ims_device_reset_stats(f.ctx, f.a, IMS_VALIDATE_ONLY), 0);
	assert_int_equal(ims_vector_reset_stats_range(f.ctx, f.a, 0, 5, IMS_VALIDATE_ONLY),
			 0);
	assert_reset(1, false);
	fake_kernel.requests = 0;
	assert_int_equal(ims_device_reset_stats(f.ctx, f.a, 0), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_reset(0, true);
	assert_reset(4, true);
	assert_reset(10, true);
	assert_true(fake_kernel.devices[2].vectors[0].since !=
		    fake_kernel.now);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words),
		TEST(range),
		TEST(list),
		TEST(list_with_repetition),
		TEST(by_snapshot),
		TEST(interrupt_path),
		TEST(validate_only),
		TEST(list_of_thousands),
		TEST(list_that_does_not_fit),
		TEST(reset_range),
		TEST(reset_list),
		TEST(reset_all),
	};

	return cmocka_run_group_tests_name("trigger", tests, NULL, NULL);
}
