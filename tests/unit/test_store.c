// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupt message stores: lists, look-ups, getters, limit and reset.
 */
#include "test.h"

#include "fake_kernel.h"

#define STORE	"0000:00:04.0"

typedef int (*getter32)(const struct ims_store *store, uint32_t *value);

static const getter32 getters32[] = {
	ims_store_get_id, ims_store_get_size, ims_store_get_limit,
	ims_store_get_used, ims_store_get_peak, ims_store_get_reserved,
	ims_store_get_available, ims_store_get_entries,
	ims_store_get_devices,
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static int setup(void **state)
{
	fake_kernel_reset();
	fake_kernel_populate();
	return ims_ctx_new((struct ims_ctx **)state);
}

static int teardown(void **state)
{
	ims_ctx_free(*state);
	return 0;
}

static struct fake_store *fake(void)
{
	return &fake_kernel.stores[1];
}

static void null_arguments(void **state)
{
	struct ims_store_list *list = (void *)1;
	struct ims_store *store = (void *)1;
	uint32_t number;
	uint64_t count;
	size_t i;

	assert_int_equal(ims_store_list_get(*state, NULL), -EINVAL);
	assert_int_equal(ims_store_list_get(NULL, &list), -EINVAL);
	assert_null(list);
	ims_store_list_free(NULL);
	assert_int_equal(ims_store_list_count(NULL), 0);
	assert_null(ims_store_list_at(NULL, 0));

	assert_int_equal(ims_store_get(NULL, "x", &store), -EINVAL);
	assert_null(store);
	assert_int_equal(ims_store_get(*state, NULL, &store), -EINVAL);
	assert_int_equal(ims_store_get(*state, "x", NULL), -EINVAL);
	store = (void *)1;
	assert_int_equal(ims_store_get_by_id(NULL, 1, &store), -EINVAL);
	assert_null(store);
	assert_int_equal(ims_store_get_by_id(*state, 1, NULL), -EINVAL);
	ims_store_free(NULL);

	assert_null(ims_store_get_name(NULL));
	assert_null(ims_store_get_driver(NULL));
	assert_null(ims_store_get_domain(NULL));
	assert_false(ims_store_is_suspended(NULL));
	assert_int_equal(ims_store_get_failures(NULL, &count), -EINVAL);
	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	for (i = 0; i < COUNT(getters32); i++) {
		assert_int_equal(getters32[i](NULL, &number), -EINVAL);
		assert_int_equal(getters32[i](store, NULL), -EINVAL);
	}
	assert_int_equal(ims_store_get_failures(store, NULL), -EINVAL);
	ims_store_free(store);
}

static void list_is_ordered_by_id(void **state)
{
	struct ims_store_list *list;
	uint64_t time;
	uint32_t id;

	assert_int_equal(ims_store_list_get(*state, &list), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_int_equal(ims_store_list_count(list), 2);
	assert_int_equal(ims_store_list_get_time(list, &time), 0);
	assert_int_equal(time, fake_kernel.now);
	assert_int_equal(ims_store_list_get_time(list, NULL), -EINVAL);
	assert_int_equal(ims_store_list_get_time(NULL, &time), -EINVAL);
	assert_int_equal(ims_store_get_id(ims_store_list_at(list, 0), &id), 0);
	assert_int_equal(id, 1);
	assert_int_equal(ims_store_get_id(ims_store_list_at(list, 1), &id), 0);
	assert_int_equal(id, 3);
	assert_null(ims_store_list_at(list, 2));
	assert_null(ims_store_list_at(list, SIZE_MAX));
	ims_store_list_free(list);
}

static void empty_list(void **state)
{
	struct ims_store_list *list;

	fake_kernel.num_stores = 0;
	assert_int_equal(ims_store_list_get(*state, &list), 0);
	assert_non_null(list);
	assert_int_equal(ims_store_list_count(list), 0);
	ims_store_list_free(list);
}

static void list_disturbed(void **state)
{
	struct ims_store_list *list;

	fake_kernel.interrupts = 7;
	assert_int_equal(ims_store_list_get(*state, &list), 0);
	assert_int_equal(ims_store_list_count(list), 2);
	ims_store_list_free(list);

	fake_kernel.interrupts = 1000;
	assert_int_equal(ims_store_list_get(*state, &list), -EINTR);
	assert_int_equal(ims_store_list_count(list), 2);
	ims_store_list_free(list);
}

static void assert_figures(struct ims_store *store)
{
	/*
	 * Device A uses 3 slots and has 4 reserved. It and device B hold 5 and 2
	 * entries that are idle.
	 */
	static const uint32_t expected[] = {
		1, 2048, 1024, 3, 17, 4, 1024 - 4, 3 + 5 + 2, 2,
	};
	uint32_t number;
	uint64_t count;
	size_t i;

	assert_non_null(store);
	for (i = 0; i < COUNT(getters32); i++) {
		assert_int_equal(getters32[i](store, &number), 0);
		assert_int_equal(number, expected[i]);
	}
	assert_int_equal(ims_store_get_failures(store, &count), 0);
	assert_true(count == UINT64_MAX);
	assert_string_equal(ims_store_get_name(store), STORE);
	assert_string_equal(ims_store_get_driver(store), "ims_edu");
	assert_string_equal(ims_store_get_domain(store), "INTEL-IR-0");
}

static void look_ups_and_getters(void **state)
{
	struct ims_store *store;

	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	assert_figures(store);
	ims_store_free(store);

	assert_int_equal(ims_store_get_by_id(*state, 1, &store), 0);
	assert_int_equal(fake_kernel.requests, 2);
	/* A snapshot does not know of the context's end, nor of changes. */
	fake_kernel_reset();
	assert_figures(store);
	ims_store_free(store);
}

static void names_of_all_lengths(void **state)
{
	char name[IMS_NAME_MAX + 2];
	struct ims_store *store;

	memset(name, 'x', sizeof(name));
	name[IMS_NAME_MAX + 1] = '\0';
	assert_int_equal(ims_store_get(*state, name, &store), -ENODEV);
	assert_contains(ims_error_get_text(ims_ctx_get_error(*state)),
			"at most 127 bytes");
	assert_int_equal(fake_kernel.requests, 0);

	name[IMS_NAME_MAX] = '\0';
	fake()->name = name;
	assert_int_equal(ims_store_get(*state, name, &store), 0);
	assert_string_equal(ims_store_get_name(store), name);
	ims_store_free(store);
}

static void absent_values(void **state)
{
	static const int attributes[] = {
		IMS_A_STORE_SIZE, IMS_A_STORE_LIMIT, IMS_A_STORE_USED,
		IMS_A_STORE_PEAK, IMS_A_STORE_RESERVED, IMS_A_STORE_AVAILABLE,
		IMS_A_STORE_ENTRIES, IMS_A_STORE_DEVICES,
	};
	struct ims_store *store;
	uint32_t number = 99;
	uint64_t count;
	size_t i;

	for (i = 0; i < COUNT(attributes); i++) {
		fake_kernel.omit = attributes[i];
		assert_int_equal(ims_store_get(*state, STORE, &store), 0);
		assert_int_equal(getters32[i + 1](store, &number), -ENODATA);
		assert_int_equal(number, 99);
		ims_store_free(store);
	}
	fake_kernel.omit = IMS_A_STORE_FAILURES;
	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	assert_int_equal(ims_store_get_failures(store, &count), -ENODATA);
	ims_store_free(store);
	fake_kernel.omit = IMS_A_STORE_DRIVER;
	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	assert_null(ims_store_get_driver(store));
	ims_store_free(store);
	fake_kernel.omit = IMS_A_STORE_DOMAIN;
	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	assert_null(ims_store_get_domain(store));
	ims_store_free(store);
}

static void capacity(void **state)
{
	struct ims_store *store;
	uint32_t number = 99;

	assert_int_equal(ims_store_get_capacity(NULL, &number), -EINVAL);
	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	assert_int_equal(ims_store_get_capacity(store, NULL), -EINVAL);
	assert_int_equal(ims_store_get_capacity(store, &number), -ENODATA);
	assert_int_equal(number, 99);
	ims_store_free(store);
	fake()->capacity = 512;
	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	assert_int_equal(ims_store_get_capacity(store, &number), 0);
	assert_int_equal(number, 512);
	ims_store_free(store);
}

static void suspended(void **state)
{
	struct ims_store *store;

	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	assert_false(ims_store_is_suspended(store));
	ims_store_free(store);
	fake()->suspended = true;
	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	assert_true(ims_store_is_suspended(store));
	ims_store_free(store);
}

static void limit(void **state)
{
	struct ims_store *store;
	uint32_t number;

	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	assert_int_equal(limit_store(*state, store, 2048,
				     IMS_VALIDATE_ONLY), 0);
	assert_int_equal(fake()->limit, 1024);
	assert_int_equal(limit_store(*state, store, 2048, 0), 0);
	assert_int_equal(fake()->limit, 2048);
	/* As little as is promised: used, and reserved but not used. */
	assert_int_equal(limit_store(*state, store, 4, 0), 0);
	assert_int_equal(fake()->limit, 4);
	/* The snapshot is of before. */
	assert_int_equal(ims_store_get_limit(store, &number), 0);
	assert_int_equal(number, 1024);
	ims_store_free(store);
}

static void reset_stats(void **state)
{
	struct ims_store *store;
	uint32_t number;
	uint64_t count;

	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	assert_int_equal(ims_store_reset_stats(*state, store,
					       IMS_VALIDATE_ONLY), 0);
	assert_int_equal(fake()->peak, 17);
	assert_int_equal(ims_store_reset_stats(*state, store, 0), 0);
	ims_store_free(store);

	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	assert_int_equal(ims_store_get_peak(store, &number), 0);
	assert_int_equal(number, 3);
	assert_int_equal(ims_store_get_failures(store, &count), 0);
	assert_int_equal(count, 0);
	ims_store_free(store);
}

/* Another store at the same address has another id, and is not meant. */
static void the_very_store(void **state)
{
	struct ims_store *store;

	assert_int_equal(ims_store_get(*state, STORE, &store), 0);
	fake()->id = 4;
	assert_int_equal(limit_store(*state, store, 1, 0), -ENODEV);
	assert_reason(*state, -ENODEV, "store " STORE, "id", "no such store");
	assert_int_equal(fake()->limit, 1024);
	ims_store_free(store);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(null_arguments),
		TEST(list_is_ordered_by_id),
		TEST(empty_list),
		TEST(list_disturbed),
		TEST(look_ups_and_getters),
		TEST(names_of_all_lengths),
		TEST(absent_values),
		TEST(capacity),
		TEST(suspended),
		TEST(limit),
		TEST(reset_stats),
		TEST(the_very_store),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
