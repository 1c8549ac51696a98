// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Virtual devices: lists, look-ups, getters.
 */
#include "test.h"

#include <stdio.h>

#include "fake_kernel.h"

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

static void null_arguments(void **state)
{
	struct ims_device_list *list = (void *)1;
	struct ims_device *device = (void *)1;
	uint32_t number;
	uint64_t cookie;

	assert_int_equal(ims_device_list_get(*state, NULL), -EINVAL);
	assert_int_equal(ims_device_list_get(NULL, &list), -EINVAL);
	assert_null(list);
	ims_device_list_free(NULL);
	assert_int_equal(ims_device_list_count(NULL), 0);
	assert_null(ims_device_list_at(NULL, 0));

	assert_int_equal(ims_device_get(NULL, "x", &device), -EINVAL);
	assert_null(device);
	assert_int_equal(ims_device_get(*state, NULL, &device), -EINVAL);
	assert_int_equal(ims_device_get(*state, "x", NULL), -EINVAL);
	device = (void *)1;
	assert_int_equal(ims_device_get_by_id(NULL, 1, &device), -EINVAL);
	assert_null(device);
	assert_int_equal(ims_device_get_by_id(*state, 1, NULL), -EINVAL);
	device = (void *)1;
	assert_int_equal(ims_device_find(NULL, "x", &device), -EINVAL);
	assert_null(device);
	assert_int_equal(ims_device_find(*state, NULL, &device), -EINVAL);
	assert_int_equal(ims_device_find(*state, "x", NULL), -EINVAL);
	ims_device_free(NULL);

	assert_null(ims_device_get_name(NULL));
	assert_null(ims_device_get_uuid(NULL));
	assert_false(ims_device_is_on_hold(NULL));
	assert_false(ims_device_is_gone(NULL));
	assert_int_equal(ims_device_get_store_id(NULL, &number), -EINVAL);
	assert_null(ims_device_get_parent(NULL));
	assert_null(ims_device_get_owner_comm(NULL));
	assert_int_equal(ims_device_get_id(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_vectors(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_live(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_held(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_emulated(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_slots(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_limit(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_reservation(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_entries(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_bypass(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_default_cookie(NULL, &cookie), -EINVAL);
	assert_int_equal(ims_device_get_owner_pid(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_refused(NULL, &cookie), -EINVAL);
	assert_int_equal(ims_device_get_refused_vector(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_refused_error(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_refused_kind(NULL, &number), -EINVAL);
	assert_int_equal(ims_device_get_refused_last(NULL, &cookie), -EINVAL);

	assert_int_equal(ims_device_get(*state, "wq0", &device), 0);
	assert_int_equal(ims_device_get_id(device, NULL), -EINVAL);
	assert_int_equal(ims_device_get_default_cookie(device, NULL), -EINVAL);
	ims_device_free(device);
}

static void list_is_ordered_by_id(void **state)
{
	struct ims_device_list *list;
	uint64_t time;
	uint32_t id;

	assert_int_equal(ims_device_list_get(*state, &list), 0);
	assert_int_equal(ims_device_list_count(list), 3);
	assert_int_equal(ims_device_list_get_time(list, &time), 0);
	assert_int_equal(time, fake_kernel.now);
	assert_int_equal(ims_device_list_get_time(list, NULL), -EINVAL);
	assert_int_equal(ims_device_list_get_time(NULL, &time), -EINVAL);
	assert_int_equal(ims_device_get_id(ims_device_list_at(list, 0), &id), 0);
	assert_int_equal(id, 1);
	assert_int_equal(ims_device_get_id(ims_device_list_at(list, 1), &id), 0);
	assert_int_equal(id, 3);
	assert_int_equal(ims_device_get_id(ims_device_list_at(list, 2), &id), 0);
	assert_int_equal(id, 5);
	assert_null(ims_device_list_at(list, 3));
	assert_null(ims_device_list_at(list, SIZE_MAX));
	ims_device_list_free(list);
	assert_int_equal(fake_kernel.requests, 1);
}

static void list_of_a_store(void **state)
{
	struct ims_device_list *list = (void *)1;
	struct ims_store *store;

	assert_int_equal(ims_store_get(*state, "0000:00:04.0", &store), 0);
	assert_int_equal(ims_device_list_get_by_store(NULL, store, &list),
			 -EINVAL);
	assert_null(list);
	assert_int_equal(ims_device_list_get_by_store(*state, NULL, &list),
			 -EINVAL);
	assert_int_equal(ims_device_list_get_by_store(*state, store, NULL),
			 -EINVAL);

	fake_kernel.requests = 0;
	assert_int_equal(ims_device_list_get_by_store(*state, store, &list), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_int_equal(ims_device_list_count(list), 2);
	assert_string_equal(ims_device_get_name(ims_device_list_at(list, 0)),
			    NAME_A);
	assert_string_equal(ims_device_get_name(ims_device_list_at(list, 1)),
			    NAME_B);
	ims_device_list_free(list);

	fake_kernel.num_stores = 0;
	assert_int_equal(ims_device_list_get_by_store(*state, store, &list),
			 -ENODEV);
	assert_null(list);
	assert_reason(*state, -ENODEV, "store 0000:00:04.0", "store-id",
		      "no such store");
	ims_store_free(store);
}

static void gone_and_not_mediated(void **state)
{
	struct ims_device *device;

	fake_kernel.devices[2].gone = true;
	assert_int_equal(ims_device_get(*state, "wq0", &device), 0);
	assert_true(ims_device_is_gone(device));
	assert_null(ims_device_get_uuid(device));
	ims_device_free(device);
}

static void empty_list(void **state)
{
	struct ims_device_list *list;

	fake_kernel.num_devices = 0;
	assert_int_equal(ims_device_list_get(*state, &list), 0);
	assert_non_null(list);
	assert_int_equal(ims_device_list_count(list), 0);
	assert_null(ims_device_list_at(list, 0));
	ims_device_list_free(list);
}

static void getters(void **state)
{
	struct ims_device *device;
	uint32_t number;
	uint64_t cookie;

	assert_int_equal(ims_device_get(*state, NAME_A, &device), 0);
	assert_int_equal(fake_kernel.requests, 1);
	assert_string_equal(ims_device_get_name(device), NAME_A);
	assert_string_equal(ims_device_get_uuid(device), NAME_A);
	assert_string_equal(ims_device_get_parent(device), "0000:00:04.0");
	assert_int_equal(ims_device_get_store_id(device, &number), 0);
	assert_int_equal(number, 1);
	assert_false(ims_device_is_gone(device));
	assert_string_equal(ims_device_get_owner_comm(device),
			    "qemu-system-x86");
	assert_int_equal(ims_device_get_id(device, &number), 0);
	assert_int_equal(number, 1);
	assert_int_equal(ims_device_get_vectors(device, &number), 0);
	assert_int_equal(number, 32);
	assert_int_equal(ims_device_get_live(device, &number), 0);
	assert_int_equal(number, 4);
	assert_int_equal(ims_device_get_held(device, &number), 0);
	assert_int_equal(number, 0);
	assert_false(ims_device_is_on_hold(device));
	assert_int_equal(ims_device_get_emulated(device, &number), 0);
	assert_int_equal(number, 1);
	assert_int_equal(ims_device_get_slots(device, &number), 0);
	assert_int_equal(number, 3);
	assert_int_equal(ims_device_get_limit(device, &number), 0);
	assert_int_equal(number, 64);
	assert_int_equal(ims_device_get_reservation(device, &number), 0);
	assert_int_equal(number, 4);
	assert_int_equal(ims_device_get_entries(device, &number), 0);
	assert_int_equal(number, 3 + 5);
	assert_int_equal(ims_device_get_bypass(device, &number), 0);
	assert_int_equal(number, IMS_BYPASS_MODE_AUTO);
	assert_string_equal(ims_bypass_mode_name(number), "auto");
	assert_string_equal(ims_bypass_mode_name(IMS_BYPASS_MODE_ON), "on");
	assert_string_equal(ims_bypass_mode_name(IMS_BYPASS_MODE_OFF), "off");
	assert_null(ims_bypass_mode_name(IMS_BYPASS_MODE_OFF + 1));
	assert_int_equal(ims_device_get_quiet(device, &number), 0);
	assert_int_equal(number, 0);
	assert_int_equal(ims_device_get_rate_limit(device, &number), -ENODATA);
	assert_int_equal(ims_device_get_default_cookie(device, &cookie), 0);
	assert_int_equal(cookie, 0x1001);
	assert_int_equal(ims_device_get_owner_pid(device, &number), 0);
	assert_int_equal(number, 4242);
	ims_device_free(device);
}

static void on_hold(void **state)
{
	struct ims_device *device;
	uint32_t number;

	fake_kernel_hold();
	assert_int_equal(ims_device_get(*state, NAME_B, &device), 0);
	assert_true(ims_device_is_on_hold(device));
	assert_int_equal(ims_device_get_held(device, &number), 0);
	assert_int_equal(number, 2);
	assert_int_equal(ims_device_get_live(device, &number), 0);
	assert_int_equal(number, 0);
	ims_device_free(device);

	assert_int_equal(ims_device_get(*state, NAME_A, &device), 0);
	assert_false(ims_device_is_on_hold(device));
	ims_device_free(device);
}

static void refused(void **state)
{
	struct ims_device *device;
	uint32_t number;
	uint64_t count;

	fake_kernel_hold();
	assert_int_equal(ims_device_get(*state, NAME_A, &device), 0);
	assert_int_equal(ims_device_get_refused(device, &count), 0);
	assert_int_equal(count, 3);
	assert_int_equal(ims_device_get_refused_vector(device, &number), 0);
	assert_int_equal(number, 7);
	assert_int_equal(ims_device_get_refused_error(device, &number), 0);
	assert_int_equal(number, ENOSPC);
	assert_int_equal(ims_device_get_refused_kind(device, &number), 0);
	assert_int_equal(number, IMS_ALERT_KIND_STORE_FULL);
	assert_int_equal(ims_device_get_refused_last(device, &count), 0);
	assert_true(count == 81235000000);
	ims_device_free(device);

	/* Nothing ran out. */
	assert_int_equal(ims_device_get(*state, NAME_B, &device), 0);
	assert_int_equal(ims_device_get_refused_error(device, &number), 0);
	assert_int_equal(number, EBADF);
	assert_int_equal(ims_device_get_refused_kind(device, &number),
			 -ENODATA);
	ims_device_free(device);
}

static void nothing_refused(void **state)
{
	struct ims_device *device;
	uint32_t number = 99;
	uint64_t count;

	assert_int_equal(ims_device_get(*state, NAME_A, &device), 0);
	assert_int_equal(ims_device_get_refused(device, &count), 0);
	assert_int_equal(count, 0);
	assert_int_equal(ims_device_get_refused_vector(device, &number),
			 -ENODATA);
	assert_int_equal(ims_device_get_refused_error(device, &number),
			 -ENODATA);
	assert_int_equal(ims_device_get_refused_kind(device, &number),
			 -ENODATA);
	assert_int_equal(ims_device_get_refused_last(device, &count), -ENODATA);
	assert_int_equal(number, 99);
	assert_int_equal(count, 0);
	ims_device_free(device);
}

static void absent_values(void **state)
{
	struct ims_device *device;
	uint32_t number = 99;
	uint64_t cookie = 99;

	fake_kernel.privileged = false;
	fake_kernel.omit = IMS_A_DEVICE_LIMIT;
	assert_int_equal(ims_device_get(*state, "wq0", &device), 0);
	assert_int_equal(ims_device_get_default_cookie(device, &cookie),
			 -ENODATA);
	assert_int_equal(cookie, 99);
	assert_int_equal(ims_device_get_limit(device, &number), -ENODATA);
	assert_int_equal(number, 99);
	/* A process may call itself nothing. */
	assert_null(ims_device_get_owner_comm(device));
	ims_device_free(device);
}

static void snapshot_outlives_context(void **state)
{
	struct ims_device *device;
	struct ims_ctx *ctx;

	(void)state;
	assert_int_equal(ims_ctx_new(&ctx), 0);
	assert_int_equal(ims_device_get_by_id(ctx, 3, &device), 0);
	ims_ctx_free(ctx);
	assert_string_equal(ims_device_get_name(device), "wq0");
	ims_device_free(device);
}

static void get_fails(void **state)
{
	struct ims_device *device;

	assert_int_equal(ims_device_get(*state, "nobody", &device), -ENODEV);
	assert_null(device);
	assert_reason(*state, -ENODEV, "device nobody", "name",
		      "no such virtual device is open");

	/* A beginning is not a name. */
	assert_int_equal(ims_device_get(*state, "wq", &device), -ENODEV);

	assert_int_equal(ims_device_get(*state, "", &device), -EINVAL);
	assert_reason(*state, -EINVAL, NULL, "name", "cannot be empty");

	assert_int_equal(ims_device_get_by_id(*state, 2, &device), -ENODEV);
	assert_reason(*state, -ENODEV, "device #2", "id",
		      "no such virtual device is open");
}

static void names_of_all_lengths(void **state)
{
	char name[IMS_NAME_MAX + 2];
	struct ims_device *device;

	memset(name, 'x', sizeof(name));
	name[IMS_NAME_MAX + 1] = '\0';
	assert_int_equal(ims_device_get(*state, name, &device), -ENODEV);
	assert_contains(ims_error_get_text(ims_ctx_get_error(*state)),
			"at most 127 bytes");
	assert_int_equal(fake_kernel.requests, 0);

	name[IMS_NAME_MAX] = '\0';
	fake_kernel.devices[0].name = name;
	assert_int_equal(ims_device_get(*state, name, &device), 0);
	assert_string_equal(ims_device_get_name(device), name);
	ims_device_free(device);
}

static void find_full_name(void **state)
{
	struct ims_device *device;

	assert_int_equal(ims_device_find(*state, "wq0", &device), 0);
	assert_int_equal(fake_kernel.requests, 1);
	ims_device_free(device);
}

static void find_beginning(void **state)
{
	struct ims_device *device;

	assert_int_equal(ims_device_find(*state, "w", &device), 0);
	assert_string_equal(ims_device_get_name(device), "wq0");
	ims_device_free(device);
}

static void full_name_wins(void **state)
{
	struct ims_device *device;

	fake_kernel.devices[0].name = "wq";
	assert_int_equal(ims_device_find(*state, "wq", &device), 0);
	assert_string_equal(ims_device_get_name(device), "wq");
	ims_device_free(device);
}

static void find_fails(void **state)
{
	struct ims_device *device;

	assert_int_equal(ims_device_find(*state, "wq00", &device), -ENODEV);
	assert_null(device);
	assert_reason(*state, -ENODEV, "device wq00", "name",
		      "no such virtual device is open");

	assert_int_equal(ims_device_find(*state, "", &device), -EINVAL);
	fake_kernel.absent = true;
	assert_int_equal(ims_device_find(*state, "wq", &device), -EOPNOTSUPP);
	fake_kernel.absent = false;

	fake_kernel.interrupts = 100;
	assert_int_equal(ims_device_find(*state, "w", &device), -EINTR);
	assert_null(device);
}

static void find_ambiguous(void **state)
{
	struct ims_device *device;

	assert_int_equal(ims_device_find(*state, "83b", &device), -ENOTUNIQ);
	assert_null(device);
	assert_reason(*state, -ENOTUNIQ, "device 83b", "name",
		      "the name fits several: " NAME_A ", " NAME_B);
}

static void find_very_ambiguous(void **state)
{
	static char names[16][IMS_NAME_MAX + 1];
	struct ims_device *device;
	size_t i;

	for (i = 0; i < 16; i++) {
		memset(names[i], 'x', IMS_NAME_MAX);
		snprintf(names[i] + 100, 4, "%03zu", i);
		names[i][103] = 'x';
		fake_kernel.devices[i] = (struct fake_device) {
			.id = i, .name = names[i],
		};
	}
	fake_kernel.num_devices = 16;
	assert_int_equal(ims_device_find(*state, "x", &device), -ENOTUNIQ);
	assert_contains(ims_error_get_message(ims_ctx_get_error(*state)),
			" and 8 more");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(null_arguments),
		TEST(list_is_ordered_by_id),
		TEST(list_of_a_store),
		TEST(gone_and_not_mediated),
		TEST(empty_list),
		TEST(getters),
		TEST(on_hold),
		TEST(refused),
		TEST(nothing_refused),
		TEST(absent_values),
		TEST(snapshot_outlives_context),
		TEST(get_fails),
		TEST(names_of_all_lengths),
		TEST(find_full_name),
		TEST(find_beginning),
		TEST(full_name_wins),
		TEST(find_fails),
		TEST(find_ambiguous),
		TEST(find_very_ambiguous),
	};

	return cmocka_run_group_tests_name("device", tests, NULL, NULL);
}
