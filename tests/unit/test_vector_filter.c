// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists of chosen vectors: the kernel filters, in one dump.
 */
#include "test.h"

#include "fake_kernel.h"

struct fixture {
	struct ims_ctx *ctx;
	struct ims_device *a;
	struct ims_vector_filter *filter;
};

static struct fixture f;

static int setup(void **state)
{
	(void)state;
	fake_kernel_reset();
	fake_kernel_populate();
	return ims_ctx_new(&f.ctx) || ims_device_get(f.ctx, NAME_A, &f.a) ||
	       ims_vector_filter_new(&f.filter);
}

static int teardown(void **state)
{
	(void)state;
	ims_vector_filter_free(f.filter);
	ims_device_free(f.a);
	ims_ctx_free(f.ctx);
	return 0;
}

/* The filter lets pass, in this order, vectors with these numbers. */
#define assert_passes(...)						\
	_assert_passes((const uint32_t[]){ __VA_ARGS__ },		\
		       sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4,	\
		       __LINE__)

static void _assert_passes(const uint32_t *expected, size_t count, int line)
{
	struct ims_vector_list *list;
	uint32_t index;
	size_t i;

	fake_kernel.requests = 0;
	_assert_int_equal(ims_vector_list_get_by_filter(f.ctx, f.filter, &list),
			  0, __FILE__, line);
	_assert_int_equal(fake_kernel.requests, 1, __FILE__, line);
	_assert_int_equal(ims_vector_list_count(list), count, __FILE__, line);
	for (i = 0; i < count; i++) {
		ims_vector_get_index(ims_vector_list_at(list, i), &index);
		_assert_int_equal(index, expected[i], __FILE__, line);
	}
	ims_vector_list_free(list);
}

static void null_arguments(void **state)
{
	struct ims_vector_list *list = (void *)1;

	(void)state;
	assert_int_equal(ims_vector_filter_new(NULL), -EINVAL);
	assert_int_equal(ims_vector_filter_set_device(NULL, f.a), -EINVAL);
	assert_int_equal(ims_vector_filter_set_state(NULL, 0), -EINVAL);
	assert_int_equal(ims_vector_filter_set_backing(NULL, 0), -EINVAL);
	assert_int_equal(ims_vector_filter_set_nonzero(NULL, true), -EINVAL);
	ims_vector_filter_free(NULL);
	assert_int_equal(ims_vector_list_get_by_filter(NULL, f.filter, &list),
			 -EINVAL);
	assert_null(list);
	assert_int_equal(ims_vector_list_get_by_filter(f.ctx, NULL, &list),
			 -EINVAL);
	assert_int_equal(ims_vector_list_get_by_filter(f.ctx, f.filter, NULL),
			 -EINVAL);
}

static void nothing_set(void **state)
{
	(void)state;
	assert_passes(0, 1, 2, 3, 4, 10, 0);
}

static void by_device(void **state)
{
	(void)state;
	assert_int_equal(ims_vector_filter_set_device(f.filter, f.a), 0);
	assert_passes(0, 1, 2, 3, 4, 10);
	assert_int_equal(ims_vector_filter_set_device(f.filter, NULL), 0);
	assert_passes(0, 1, 2, 3, 4, 10, 0);
}

static void by_state(void **state)
{
	(void)state;
	ims_vector_filter_set_state(f.filter, IMS_VECTOR_STATE_IDLE);
	assert_passes(3, 10);
	ims_vector_filter_set_state(f.filter, IMS_VECTOR_STATE_LIVE);
	assert_passes(0, 1, 2, 4, 0);
	ims_vector_filter_set_state(f.filter, IMS_VECTOR_STATE_HELD);
	assert_passes();
	fake_kernel_hold();
	assert_passes(0, 1);
}

/* 26 of the 32 of device A, 8 of B, none of wq0. */
static void absent_ones(void **state)
{
	struct ims_vector_list *list;

	(void)state;
	ims_vector_filter_set_state(f.filter, IMS_VECTOR_STATE_ABSENT);
	assert_int_equal(ims_vector_list_get_by_filter(f.ctx, f.filter, &list),
			 0);
	assert_int_equal(ims_vector_list_count(list), 26 + 8);
	ims_vector_list_free(list);

	/* An absent vector has no backing and counts nothing. */
	ims_vector_filter_set_backing(f.filter, IMS_VECTOR_BACKING_IMS);
	assert_int_equal(ims_vector_list_get_by_filter(f.ctx, f.filter, &list),
			 0);
	assert_int_equal(ims_vector_list_count(list), 0);
	ims_vector_list_free(list);
}

static void by_backing(void **state)
{
	(void)state;
	ims_vector_filter_set_backing(f.filter, IMS_VECTOR_BACKING_EMULATED);
	assert_passes(0, 0);
	ims_vector_filter_set_backing(f.filter, IMS_VECTOR_BACKING_IMS);
	assert_passes(1, 2, 3, 4, 10);
}

static void nonzero(void **state)
{
	(void)state;
	ims_vector_filter_set_nonzero(f.filter, true);
	assert_passes(0, 1, 2);
	ims_vector_filter_set_nonzero(f.filter, false);
	assert_passes(0, 1, 2, 3, 4, 10, 0);
}

static void all_conditions(void **state)
{
	(void)state;
	ims_vector_filter_set_device(f.filter, f.a);
	ims_vector_filter_set_state(f.filter, IMS_VECTOR_STATE_LIVE);
	ims_vector_filter_set_backing(f.filter, IMS_VECTOR_BACKING_IMS);
	ims_vector_filter_set_nonzero(f.filter, true);
	assert_passes(1, 2);
}

/* It refers to nothing, and is good for any context. */
static void outlives_everything(void **state)
{
	(void)state;
	ims_vector_filter_set_device(f.filter, f.a);
	ims_device_free(f.a);
	f.a = NULL;
	ims_ctx_free(f.ctx);
	assert_int_equal(ims_ctx_new(&f.ctx), 0);
	assert_passes(0, 1, 2, 3, 4, 10);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(null_arguments),
		TEST(nothing_set),
		TEST(by_device),
		TEST(by_state),
		TEST(absent_ones),
		TEST(by_backing),
		TEST(nonzero),
		TEST(all_conditions),
		TEST(outlives_everything),
	};

	return cmocka_run_group_tests_name("vector filter", tests, NULL, NULL);
}
