// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vectors: lists, look-ups, getters.
 */
#include "test.h"

#include "fake_kernel.h"

struct fixture {
	struct ims_ctx *ctx;
	struct ims_device *a;
	struct ims_device *wq;
};

static struct fixture f;

static int setup(void **state)
{
	(void)state;
	fake_kernel_reset();
	fake_kernel_populate();
	return ims_ctx_new(&f.ctx) || ims_device_get(f.ctx, NAME_A, &f.a) ||
	       ims_device_get(f.ctx, "wq0", &f.wq);
}

static int teardown(void **state)
{
	(void)state;
	ims_device_free(f.a);
	ims_device_free(f.wq);
	ims_ctx_free(f.ctx);
	return 0;
}

static void null_lists(void **state)
{
	struct ims_vector_list *list = (void *)1;
	struct ims_vector *vector = (void *)1;

	(void)state;
	assert_int_equal(ims_vector_list_get_by_device(NULL, f.a, &list), -EINVAL);
	assert_null(list);
	assert_int_equal(ims_vector_list_get_by_device(f.ctx, NULL, &list), -EINVAL);
	assert_int_equal(ims_vector_list_get_by_device(f.ctx, f.a, NULL), -EINVAL);
	assert_int_equal(ims_vector_list_get(NULL, &list), -EINVAL);
	assert_int_equal(ims_vector_list_get(f.ctx, NULL), -EINVAL);
	ims_vector_list_free(NULL);
	assert_int_equal(ims_vector_list_count(NULL), 0);
	assert_null(ims_vector_list_at(NULL, 0));
	assert_int_equal(ims_vector_get(NULL, f.a, 0, &vector), -EINVAL);
	assert_null(vector);
	assert_int_equal(ims_vector_get(f.ctx, NULL, 0, &vector), -EINVAL);
	assert_int_equal(ims_vector_get(f.ctx, f.a, 0, NULL), -EINVAL);
	ims_vector_free(NULL);
}

/* Every getter of a number, for tests that hold for all of them. */
typedef int (*getter32)(const struct ims_vector *vector, uint32_t *value);
typedef int (*getter64)(const struct ims_vector *vector, uint64_t *value);

static const getter32 getters32[] = {
	ims_vector_get_device_id, ims_vector_get_index, ims_vector_get_state,
	ims_vector_get_backing, ims_vector_get_slot, ims_vector_get_generation,
	ims_vector_get_irq, ims_vector_get_cpu, ims_vector_get_handle,
};

static const getter64 getters64[] = {
	ims_vector_get_cookie, ims_vector_get_pending_cookie,
	ims_vector_get_delivered, ims_vector_get_loopback,
	ims_vector_get_signalled, ims_vector_get_dropped,
	ims_vector_get_pended, ims_vector_get_replaced, ims_vector_get_failed,
	ims_vector_get_since, ims_vector_get_last, ims_vector_get_revocations,
	ims_vector_get_masked_since,
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static void null_getters(void **state)
{
	struct ims_vector *vector;
	uint32_t v32;
	uint64_t v64;
	size_t i;

	(void)state;
	assert_int_equal(ims_vector_get(f.ctx, f.a, 2, &vector), 0);
	for (i = 0; i < COUNT(getters32); i++) {
		assert_int_equal(getters32[i](NULL, &v32), -EINVAL);
		assert_int_equal(getters32[i](vector, NULL), -EINVAL);
	}
	for (i = 0; i < COUNT(getters64); i++) {
		assert_int_equal(getters64[i](NULL, &v64), -EINVAL);
		assert_int_equal(getters64[i](vector, NULL), -EINVAL);
	}
	assert_null(ims_vector_get_device_name(NULL));
	assert_false(ims_vector_is_cookie_own(NULL));
	assert_null(ims_vector_get_affinity(NULL));
	assert_false(ims_vector_is_affinity_broken(NULL));
	assert_false(ims_vector_is_bypassed(NULL));
	assert_false(ims_vector_is_masked(NULL));
	assert_false(ims_vector_is_pending(NULL));
	assert_false(ims_vector_is_prepared(NULL));
	assert_false(ims_vector_is_revoked(NULL));
	ims_vector_free(vector);
}

static void all_values(void **state)
{
	static const uint32_t expected32[] = { 1, 2, IMS_VECTOR_STATE_LIVE,
		IMS_VECTOR_BACKING_IMS, 7, 4, 58, 3, 519 };
	static const uint64_t expected64[] = { 0x2002, UINT64_MAX, UINT64_MAX,
		11, 12, 2, 5, 13, 1, 15, 14, 16, 17 };
	struct fake_vector *fake = &fake_kernel.devices[0].vectors[3];
	struct ims_vector *vector;
	uint32_t v32;
	uint64_t v64;
	size_t i;

	(void)state;
	fake->loopback = 11;
	fake->signalled = 12;
	fake->replaced = 13;
	fake->last = 14;
	fake->since = 15;
	fake->revocations = 16;
	fake->masked_since = 17;
	fake->handle = 519;
	fake->prepared = true;
	fake->revoked = true;
	fake->cpu = 3;
	fake->bypassed = true;
	strcpy(fake->affinity, "0-3,8");
	fake->affinity_broken = true;
	assert_int_equal(ims_vector_get(f.ctx, f.a, 2, &vector), 0);

	for (i = 0; i < COUNT(getters32); i++) {
		assert_int_equal(getters32[i](vector, &v32), 0);
		assert_int_equal(v32, expected32[i]);
	}
	for (i = 0; i < COUNT(getters64); i++) {
		assert_int_equal(getters64[i](vector, &v64), 0);
		assert_true(v64 == expected64[i]);
	}
	assert_string_equal(ims_vector_get_device_name(vector), NAME_A);
	assert_string_equal(ims_vector_get_affinity(vector), "0-3,8");
	assert_true(ims_vector_is_affinity_broken(vector));
	assert_true(ims_vector_is_bypassed(vector));
	assert_true(ims_vector_is_cookie_own(vector));
	assert_true(ims_vector_is_masked(vector));
	assert_true(ims_vector_is_pending(vector));
	assert_true(ims_vector_is_prepared(vector));
	assert_true(ims_vector_is_revoked(vector));
	ims_vector_free(vector);
}

/* It has a trigger and a cookie, but no slot. */
static void held_vector(void **state)
{
	struct ims_vector *vector;
	struct ims_device *b;
	uint32_t value;
	uint64_t v64;

	(void)state;
	fake_kernel_hold();
	assert_int_equal(ims_device_get(f.ctx, NAME_B, &b), 0);
	assert_int_equal(ims_vector_get(f.ctx, b, 1, &vector), 0);
	assert_int_equal(ims_vector_get_state(vector, &value), 0);
	assert_int_equal(value, IMS_VECTOR_STATE_HELD);
	assert_int_equal(ims_vector_get_slot(vector, &value), -ENODATA);
	assert_int_equal(ims_vector_get_handle(vector, &value), -ENODATA);
	assert_int_equal(ims_vector_get_cookie(vector, &v64), 0);
	assert_int_equal(v64, 0x5005);
	assert_int_equal(ims_vector_get_revocations(vector, &v64), 0);
	assert_int_equal(v64, 3);
	assert_true(ims_vector_is_revoked(vector));
	assert_false(ims_vector_is_prepared(vector));
	ims_vector_free(vector);

	/* Only its eventfd can be signalled. */
	assert_int_equal(ims_vector_trigger_range(f.ctx, b, 0, 2,
						  IMS_TRIGGER_PATH_EVENTFD, 0), 0);
	assert_int_equal(ims_vector_trigger_range(f.ctx, b, 0, 2,
						  IMS_TRIGGER_PATH_INTERRUPT, 0),
				-EINVAL);
	ims_device_free(b);
}

/* A slot, but no trigger. Its handle is not the slot's number. */
static void prepared_vector(void **state)
{
	struct ims_vector *vector;
	uint32_t value;

	(void)state;
	fake_kernel_hold();
	assert_int_equal(ims_vector_get(f.ctx, f.a, 10, &vector), 0);
	assert_int_equal(ims_vector_get_state(vector, &value), 0);
	assert_int_equal(value, IMS_VECTOR_STATE_IDLE);
	assert_true(ims_vector_is_prepared(vector));
	assert_true(ims_vector_is_pending(vector));
	assert_false(ims_vector_is_revoked(vector));
	assert_int_equal(ims_vector_get_slot(vector, &value), 0);
	assert_int_equal(value, 9);
	assert_int_equal(ims_vector_get_handle(vector, &value), 0);
	assert_int_equal(value, 521);
	ims_vector_free(vector);
}

/* No slot is not slot 0. */
static void slot_zero_and_none(void **state)
{
	struct ims_vector *vector;
	uint32_t value = 99;

	(void)state;
	assert_int_equal(ims_vector_get(f.ctx, f.a, 1, &vector), 0);
	assert_int_equal(ims_vector_get_slot(vector, &value), 0);
	assert_int_equal(value, 0);
	value = 99;
	assert_int_equal(ims_vector_get_handle(vector, &value), 0);
	assert_int_equal(value, 0);
	ims_vector_free(vector);

	value = 99;
	assert_int_equal(ims_vector_get(f.ctx, f.a, 3, &vector), 0);
	assert_int_equal(ims_vector_get_slot(vector, &value), -ENODATA);
	assert_int_equal(ims_vector_get_handle(vector, &value), -ENODATA);
	assert_int_equal(ims_vector_get_irq(vector, &value), -ENODATA);
	assert_int_equal(ims_vector_get_cpu(vector, &value), -ENODATA);
	assert_null(ims_vector_get_affinity(vector));
	assert_false(ims_vector_is_affinity_broken(vector));
	assert_false(ims_vector_is_bypassed(vector));
	assert_int_equal(ims_vector_get_generation(vector, &value), -ENODATA);
	assert_int_equal(value, 99);
	ims_vector_free(vector);
}

static void absent_vector(void **state)
{
	struct ims_vector *vector;
	uint32_t value;
	uint64_t v64;
	size_t i;

	(void)state;
	assert_int_equal(ims_vector_get(f.ctx, f.a, 31, &vector), 0);
	assert_int_equal(ims_vector_get_state(vector, &value), 0);
	assert_int_equal(value, IMS_VECTOR_STATE_ABSENT);
	assert_int_equal(ims_vector_get_backing(vector, &value), -ENODATA);
	for (i = 0; i < COUNT(getters64); i++)
		assert_int_equal(getters64[i](vector, &v64), -ENODATA);
	assert_false(ims_vector_is_masked(vector));
	ims_vector_free(vector);
}

static void unprivileged(void **state)
{
	struct ims_vector *vector;
	uint64_t cookie;

	(void)state;
	fake_kernel.privileged = false;
	assert_int_equal(ims_vector_get(f.ctx, f.a, 2, &vector), 0);
	assert_int_equal(ims_vector_get_cookie(vector, &cookie), -ENODATA);
	assert_int_equal(ims_vector_get_pending_cookie(vector, &cookie),
			 -ENODATA);
	assert_false(ims_vector_is_cookie_own(vector));
	ims_vector_free(vector);
}

static void get_fails(void **state)
{
	struct ims_vector *vector;

	(void)state;
	assert_int_equal(ims_vector_get(f.ctx, f.a, 99, &vector), -ENOENT);
	assert_null(vector);
	assert_reason(f.ctx, -ENOENT, "device " NAME_A ": vector 99", "index",
		      "vector 99 is beyond the 32 declared");

	/* Opened anew, under the same name: not the device we meant. */
	fake_kernel.devices[0].id = 9;
	assert_int_equal(ims_vector_get(f.ctx, f.a, 0, &vector), -ENODEV);
	assert_reason(f.ctx, -ENODEV, "device " NAME_A ": vector 0",
		      "device-id", "no such virtual device is open");
}

static void list_of_one_device(void **state)
{
	static const uint32_t expected[] = { 0, 1, 2, 3, 4, 10 };
	struct ims_vector_list *list;
	uint64_t time;
	uint32_t value;
	size_t i;

	(void)state;
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_list_get_by_device(f.ctx, f.a, &list), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_int_equal(ims_vector_list_get_time(list, &time), 0);
	assert_int_equal(time, fake_kernel.now);
	assert_int_equal(ims_vector_list_get_time(list, NULL), -EINVAL);
	assert_int_equal(ims_vector_list_get_time(NULL, &time), -EINVAL);
	assert_int_equal(ims_vector_list_count(list), COUNT(expected));
	for (i = 0; i < COUNT(expected); i++) {
		assert_int_equal(ims_vector_get_index(
			ims_vector_list_at(list, i), &value), 0);
		assert_int_equal(value, expected[i]);
	}
	assert_null(ims_vector_list_at(list, i));
	ims_vector_list_free(list);
}

static void list_of_all_devices(void **state)
{
	struct ims_vector_list *list;
	const struct ims_vector *last;

	(void)state;
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_list_get(f.ctx, &list), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_int_equal(ims_vector_list_count(list), 7);
	last = ims_vector_list_at(list, 6);
	assert_string_equal(ims_vector_get_device_name(last), "wq0");
	ims_vector_list_free(list);
}

static void list_fails(void **state)
{
	struct ims_vector_list *list;

	(void)state;
	fake_kernel.devices[0].id = 9;
	assert_int_equal(ims_vector_list_get_by_device(f.ctx, f.a, &list), -ENODEV);
	assert_null(list);
	assert_reason(f.ctx, -ENODEV, "device " NAME_A, "device-id",
		      "no such virtual device is open");

	fake_kernel.omit = IMS_A_VECTOR_STATE;
	assert_int_equal(ims_vector_list_get(f.ctx, &list), -EPROTO);
	assert_null(list);
	assert_reason(f.ctx, -EPROTO, NULL, "state",
		      "lacks the attribute \"state\"");
}

static void list_disturbed(void **state)
{
	struct ims_vector_list *list;

	(void)state;
	fake_kernel.interrupts = 3;
	fake_kernel.dumps = 0;
	assert_int_equal(ims_vector_list_get_by_device(f.ctx, f.a, &list), 0);
	assert_int_equal(fake_kernel.dumps, 4);
	assert_int_equal(ims_vector_list_count(list), 6);
	ims_vector_list_free(list);

	fake_kernel.interrupts = 100;
	assert_int_equal(ims_vector_list_get_by_device(f.ctx, f.a, &list), -EINTR);
	assert_int_equal(ims_vector_list_count(list), 6);
	ims_vector_list_free(list);
}

static void list_of_thousands(void **state)
{
	struct ims_vector_list *list;
	struct ims_device *large;
	uint32_t value;
	uint64_t count;
	uint32_t i;

	(void)state;
	fake_kernel_add_large(5000);
	assert_int_equal(ims_device_get(f.ctx, "large", &large), 0);
	fake_kernel.requests = 0;
	assert_int_equal(ims_vector_list_get_by_device(f.ctx, large, &list), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_int_equal(ims_vector_list_count(list), 5000);
	for (i = 0; i < 5000; i++) {
		const struct ims_vector *v = ims_vector_list_at(list, i);

		assert_int_equal(ims_vector_get_index(v, &value), 0);
		assert_int_equal(value, i);
		assert_int_equal(ims_vector_get_delivered(v, &count), 0);
		assert_true(count == (uint64_t)i * i);
	}
	ims_vector_list_free(list);
	ims_device_free(large);
}

static void words(void **state)
{
	(void)state;
	assert_string_equal(ims_vector_state_name(IMS_VECTOR_STATE_ABSENT),
			    "absent");
	assert_string_equal(ims_vector_state_name(IMS_VECTOR_STATE_IDLE),
			    "idle");
	assert_string_equal(ims_vector_state_name(IMS_VECTOR_STATE_HELD),
			    "held");
	assert_string_equal(ims_vector_state_name(IMS_VECTOR_STATE_LIVE),
			    "live");
	assert_null(ims_vector_state_name(4));
	assert_string_equal(ims_vector_backing_name(IMS_VECTOR_BACKING_IMS),
			    "ims");
	assert_string_equal(
		ims_vector_backing_name(IMS_VECTOR_BACKING_EMULATED),
		"emulated");
	assert_null(ims_vector_backing_name(2));
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(null_lists),
		TEST(null_getters),
		TEST(all_values),
		TEST(slot_zero_and_none),
		TEST(held_vector),
		TEST(prepared_vector),
		TEST(absent_vector),
		TEST(unprivileged),
		TEST(get_fails),
		TEST(list_of_one_device),
		TEST(list_of_all_devices),
		TEST(list_fails),
		TEST(list_disturbed),
		TEST(list_of_thousands),
		TEST(words),
	};

	return cmocka_run_group_tests_name("vector", tests, NULL, NULL);
}
