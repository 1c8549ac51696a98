// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Captures: what a context tells that has read one is what the kernel told that
 * wrote it.
 */
#include "capture_fixture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "attr.h"
#include "fake_kernel.h"

static void null_arguments(void **state)
{
	uint64_t ns = 5;

	(void)state;
	assert_int_equal(ims_capture_write(NULL, stdout), -EINVAL);
	assert_int_equal(ims_capture_write(f.ctx, NULL), -EINVAL);
	assert_int_equal(ims_capture_read(NULL, stdin), -EINVAL);
	assert_int_equal(ims_capture_read(f.ctx, NULL), -EINVAL);
	assert_int_equal(ims_capture_get_time(NULL, &ns), -EINVAL);
	assert_int_equal(ims_capture_get_time(f.ctx, NULL), -EINVAL);
	assert_int_equal(ims_capture_get_time(f.ctx, &ns), -ENODATA);
	assert_int_equal(ns, 5);
}

/* Two snapshots are the same, attribute by attribute. */
static void assert_same_snapshot(const struct ims_attr_set *set, const void *a,
				 const void *b)
{
	uint16_t type;

	for (type = 1; type <= set->max; type++) {
		const struct ims_attr *attr = &set->attrs[type];

		if (!ims_attr_is_kept(attr))
			continue;
		assert_int_equal(ims_attr_flag(type, a), ims_attr_flag(type, b));
		if (!ims_attr_flag(type, a) || !attr->size)
			continue;
		if (attr->type == IMS_ATTR_STRING)
			assert_string_equal(ims_attr_string(set, type, a),
					    ims_attr_string(set, type, b));
		else
			assert_memory_equal((const char *)a + attr->offset,
					    (const char *)b + attr->offset,
					    attr->size);
	}
}

static void assert_same_vectors(struct ims_vector_list *a,
				struct ims_vector_list *b, size_t least)
{
	size_t i;

	assert_int_equal(ims_vector_list_count(a), ims_vector_list_count(b));
	assert_true(ims_vector_list_count(a) >= least);
	for (i = 0; i < ims_vector_list_count(a); i++)
		assert_same_snapshot(&ims_vector_attrs,
				     ims_vector_list_at(a, i),
				     ims_vector_list_at(b, i));
	ims_vector_list_free(a);
	ims_vector_list_free(b);
}

/* Under all conditions that a filter can have. */
static void compare_filtered(const struct ims_device *device)
{
	struct ims_vector_filter *filter;
	struct ims_vector_list *a, *b;
	uint32_t state, backing;
	bool nonzero;

	for (state = 0; state < 5; state++) {
		for (backing = 0; backing < 3; backing++) {
			for (nonzero = false;; nonzero = true) {
				assert_int_equal(ims_vector_filter_new(&filter),
						 0);
				ims_vector_filter_set_device(filter, device);
				ims_vector_filter_set_nonzero(filter, nonzero);
				if (state < 4)
					ims_vector_filter_set_state(filter,
								    state);
				if (backing < 2)
					ims_vector_filter_set_backing(filter,
								      backing);
				assert_int_equal(ims_vector_list_get_by_filter(
					f.ctx, filter, &a), 0);
				assert_int_equal(ims_vector_list_get_by_filter(
					f.captured, filter, &b), 0);
				assert_same_vectors(a, b, 0);
				ims_vector_filter_free(filter);
				if (nonzero)
					break;
			}
		}
	}
}

static void compare_stores(void)
{
	struct ims_store_list *a, *b;
	struct ims_store *one;
	size_t i;

	assert_int_equal(ims_store_list_get(f.ctx, &a), 0);
	assert_int_equal(ims_store_list_get(f.captured, &b), 0);
	assert_int_equal(ims_store_list_count(a), ims_store_list_count(b));
	assert_true(ims_store_list_count(a) >= 2);
	for (i = 0; i < ims_store_list_count(a); i++) {
		const struct ims_store *s = ims_store_list_at(a, i);

		assert_same_snapshot(&ims_store_attrs, s,
				     ims_store_list_at(b, i));
		assert_int_equal(ims_store_get(f.captured, s->name, &one), 0);
		assert_same_snapshot(&ims_store_attrs, s, one);
		ims_store_free(one);
		assert_int_equal(ims_store_get_by_id(f.captured, s->id, &one),
				 0);
		assert_same_snapshot(&ims_store_attrs, s, one);
		ims_store_free(one);
	}
	ims_store_list_free(a);
	ims_store_list_free(b);
}

static void compare_devices_of_store(const char *name)
{
	struct ims_device_list *a, *b;
	struct ims_store *store;

	assert_int_equal(ims_store_get(f.captured, name, &store), 0);
	assert_int_equal(ims_device_list_get_by_store(f.ctx, store, &a), 0);
	assert_int_equal(ims_device_list_get_by_store(f.captured, store, &b),
			 0);
	assert_int_equal(ims_device_list_count(a), ims_device_list_count(b));
	ims_device_list_free(a);
	ims_device_list_free(b);
	ims_store_free(store);
}

static void compare_device(const struct ims_device *d)
{
	struct ims_vector_list *a, *b;
	struct ims_vector *x, *y;
	struct ims_device *one;
	uint32_t i;

	assert_int_equal(ims_device_get(f.captured, d->name, &one), 0);
	assert_same_snapshot(&ims_device_attrs, d, one);
	ims_device_free(one);
	assert_int_equal(ims_device_get_by_id(f.captured, d->id, &one), 0);
	assert_same_snapshot(&ims_device_attrs, d, one);
	ims_device_free(one);
	compare_devices_of_store(d->parent);

	assert_int_equal(ims_vector_list_get_by_device(f.ctx, d, &a), 0);
	assert_int_equal(ims_vector_list_get_by_device(f.captured, d, &b), 0);
	assert_same_vectors(a, b, 0);
	compare_filtered(d);
	for (i = 0; i < d->vectors; i++) {
		assert_int_equal(ims_vector_get(f.ctx, d, i, &x), 0);
		assert_int_equal(ims_vector_get(f.captured, d, i, &y), 0);
		assert_same_snapshot(&ims_vector_attrs, x, y);
		ims_vector_free(x);
		ims_vector_free(y);
	}
}

static void compare_all(void)
{
	struct ims_device_list *a, *b;
	struct ims_vector_list *x, *y;
	size_t i;

	compare_stores();
	assert_int_equal(ims_device_list_get(f.ctx, &a), 0);
	assert_int_equal(ims_device_list_get(f.captured, &b), 0);
	assert_int_equal(ims_device_list_count(a), ims_device_list_count(b));
	assert_int_equal(ims_device_list_count(a), 3);
	for (i = 0; i < ims_device_list_count(a); i++) {
		assert_same_snapshot(&ims_device_attrs,
				     ims_device_list_at(a, i),
				     ims_device_list_at(b, i));
		compare_device(ims_device_list_at(a, i));
	}
	ims_device_list_free(a);
	ims_device_list_free(b);

	assert_int_equal(ims_vector_list_get(f.ctx, &x), 0);
	assert_int_equal(ims_vector_list_get(f.captured, &y), 0);
	assert_same_vectors(x, y, 5);
	compare_filtered(NULL);
}

static void tells_the_same(void **state)
{
	struct ims_device_list *list;
	uint64_t ns = 0, then = fake_kernel.now;

	(void)state;
	write_capture();
	assert_int_equal(read_text(f.captured, f.text, f.size), 0);
	compare_all();
	assert_int_equal(ims_capture_get_time(f.captured, &ns), 0);
	assert_true(ns == then);
	/* Lists are as old as the capture is. */
	fake_kernel.now += 1000;
	assert_int_equal(ims_device_list_get(f.captured, &list), 0);
	assert_int_equal(ims_device_list_get_time(list, &ns), 0);
	assert_true(ns == then);
	ims_device_list_free(list);
}

/* With all that there is only at times. */
static void tells_of_held_vectors(void **state)
{
	(void)state;
	fake_kernel_hold();
	write_capture();
	assert_contains(f.text, "\"suspended\": true");
	assert_contains(f.text, "\"on-hold\": true");
	assert_contains(f.text, "\"refused-kind\": \"store-full\"");
	assert_contains(f.text, "\"state\": \"held\"");
	assert_contains(f.text, "\"handle\": 521");
	assert_contains(f.text, "\"prepared\": true");
	assert_contains(f.text, "\"revoked\": true");
	assert_contains(f.text, "\"revocations\": 3");
	assert_int_equal(read_text(f.captured, f.text, f.size), 0);
	compare_all();
}

/* Without CAP_SYS_ADMIN the kernel shows no cookies, so there are none in it. */
static void has_no_secrets(void **state)
{
	(void)state;
	fake_kernel.privileged = false;
	write_capture();
	assert_null(strstr(f.text, "cookie\""));
	assert_int_equal(read_text(f.captured, f.text, f.size), 0);
	compare_all();
}

static void nothing_there(void **state)
{
	struct ims_vector_list *list;

	(void)state;
	fake_kernel_reset();
	write_capture();
	assert_int_equal(read_text(f.captured, f.text, f.size), 0);
	assert_int_equal(ims_vector_list_get(f.captured, &list), 0);
	assert_int_equal(ims_vector_list_count(list), 0);
	ims_vector_list_free(list);
}

/* Written again, it is the same: of its host and its time, not of ours. */
static void captured_again(void **state)
{
	char *again = NULL;
	size_t size;
	FILE *out;

	(void)state;
	write_capture();
	assert_int_equal(read_text(f.captured, f.text, f.size), 0);
	fake_kernel.now += 1000;
	fake_kernel_drop_vectors();
	out = open_memstream(&again, &size);
	assert_int_equal(ims_capture_write(f.captured, out), 0);
	fclose(out);
	assert_string_equal(again, f.text);
	free(again);
}

/* A monitor would mix what the kernel tells with what the capture tells. */
static void not_with_handles(void **state)
{
	struct ims_monitor *monitor;

	(void)state;
	write_capture();
	assert_int_equal(ims_monitor_new(f.captured, 0, &monitor), 0);
	assert_int_equal(read_text(f.captured, f.text, f.size), -EBUSY);
	assert_reason(f.captured, -EBUSY, NULL, NULL,
		      "the context has handles");
	ims_monitor_free(monitor);
	assert_int_equal(read_text(f.captured, f.text, f.size), 0);
}

static void unknown_conditions(void **state)
{
	struct ims_vector_filter *filter;
	struct ims_vector_list *list;

	(void)state;
	write_capture();
	assert_int_equal(read_text(f.captured, f.text, f.size), 0);
	assert_int_equal(ims_vector_filter_new(&filter), 0);
	ims_vector_filter_set_state(filter, 77);
	assert_int_equal(ims_vector_list_get_by_filter(f.captured, filter,
						       &list), -ERANGE);
	assert_reason(f.captured, -ERANGE, NULL, "state", "there is no state 77");
	ims_vector_filter_set_state(filter, IMS_VECTOR_STATE_LIVE);
	ims_vector_filter_set_backing(filter, 2);
	assert_int_equal(ims_vector_list_get_by_filter(f.captured, filter,
						       &list), -ERANGE);
	ims_vector_filter_free(filter);
}

/* The values that JSON readers and writers get wrong. */
static void extremes(void **state)
{
	struct fake_vector *v = &fake_kernel.devices[0].vectors[1];

	(void)state;
	v->cookie = UINT64_MAX;
	v->delivered = UINT64_MAX;
	v->signalled = UINT64_C(1) << 53 | 1;
	v->generation = UINT32_MAX;
	/* A state that the library has no word for. */
	fake_kernel.devices[0].vectors[2].state = 77;
	fake_kernel.devices[1].comm = "a\"b\\c\x01\x7f\xc3\xa4";
	write_capture();
	assert_int_equal(read_text(f.captured, f.text, f.size), 0);
	compare_all();
}

/* A name of bytes that are no UTF-8 is read as it was, and is shown by U+FFFD. */
static void strange_names(void **state)
{
	static const char *const names[] = {
		"\xff" "a", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80",
		"\xe2\x82", "\x80", "\xc3\xa4\xf0\x9f\x98", "\xef\xbf\xbd\x01\xff",
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		fake_kernel.devices[0].comm = names[i];
		write_capture();
		assert_contains(f.text, "\\ufffd");
		assert_contains(f.text, "\"owner-comm-bytes\": \"");
		assert_null(strstr(f.text, "\"name-bytes\""));
		assert_int_equal(read_text(f.captured, f.text, f.size), 0);
		compare_all();
		ims_ctx_free(f.captured);
		free(f.text);
		assert_int_equal(ims_ctx_new(&f.captured), 0);
	}
	f.text = NULL;
}

/* What is UTF-8 is written as it is, and nothing beside it. */
static void unusual_names(void **state)
{
	static const char *const names[] = {
		"\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xef\xbf\xbd",
		"\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80", "\\\xc3\xa4",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		fake_kernel.devices[0].comm = names[i];
		write_capture();
		assert_contains(f.text, names[i]);
		assert_null(strstr(f.text, "-bytes\""));
		assert_int_equal(read_text(f.captured, f.text, f.size), 0);
		compare_all();
		ims_ctx_free(f.captured);
		free(f.text);
		assert_int_equal(ims_ctx_new(&f.captured), 0);
	}
	f.text = NULL;
}

/* The kernel is not asked any more, and nothing pretends to change. */
static void is_not_changed(void **state)
{
	struct ims_vector_config *vector_config;
	struct ims_device_config *config;
	struct ims_monitor *monitor;
	struct ims_device *device;
	struct ims_store *store;
	unsigned int requests;

	(void)state;
	write_capture();
	assert_int_equal(read_text(f.captured, f.text, f.size), 0);
	requests = fake_kernel.requests;
	assert_int_equal(ims_device_get(f.captured, NAME_A, &device), 0);
	assert_int_equal(ims_store_get(f.captured, "0000:00:04.0", &store), 0);
	assert_int_equal(ims_device_config_new(&config), 0);
	assert_int_equal(ims_vector_config_new(&vector_config), 0);
	ims_device_config_set_limit(config, 5);
	ims_vector_config_set_cookie(vector_config, 5);

	assert_int_equal(ims_device_configure(f.captured, device, config, 0),
			 -EROFS);
	assert_reason(f.captured, -EROFS, "device " NAME_A, NULL,
		      "this is a capture");
	assert_int_equal(ims_device_configure(f.captured, device, config,
					      IMS_VALIDATE_ONLY), -EROFS);
	assert_int_equal(ims_vector_configure_range(f.captured, device, 1, 1,
						    vector_config, 0), -EROFS);
	assert_int_equal(limit_store(f.captured, store, 1, 0), -EROFS);
	assert_int_equal(ims_device_reset_stats(f.captured, device, 0), -EROFS);
	assert_int_equal(ims_vector_trigger_range(f.captured, device, 1, 1,
						  IMS_TRIGGER_PATH_EVENTFD, 0),
				-EROFS);
	assert_int_equal(ims_monitor_new(f.captured, 0, &monitor), -EOPNOTSUPP);
	assert_reason(f.captured, -EOPNOTSUPP, NULL, NULL,
		      "a capture tells of no changes");
	assert_int_equal(fake_kernel.requests, requests);

	ims_vector_config_free(vector_config);
	ims_device_config_free(config);
	ims_store_free(store);
	ims_device_free(device);
}

static void not_there(void **state)
{
	struct ims_vector_list *list;
	struct ims_device_list *devices;
	struct ims_device *device, *gone;
	struct ims_vector *vector;
	struct ims_store *store;

	(void)state;
	write_capture();
	assert_int_equal(read_text(f.captured, f.text, f.size), 0);
	assert_int_equal(ims_device_get(f.captured, "nobody", &device),
			 -ENODEV);
	assert_reason(f.captured, -ENODEV, "device nobody", NULL,
		      "the capture has no such virtual device");
	assert_int_equal(ims_device_get_by_id(f.captured, 999, &device),
			 -ENODEV);
	assert_int_equal(ims_store_get(f.captured, "nobody", &store), -ENODEV);
	assert_reason(f.captured, -ENODEV, "store nobody", NULL,
		      "the capture has no such store");

	assert_int_equal(ims_device_find(f.captured, "83b8", &device),
			 -ENOTUNIQ);
	assert_int_equal(ims_device_find(f.captured, NAME_A, &device), 0);
	assert_int_equal(ims_vector_get(f.captured, device, 9999, &vector),
			 -ENOENT);
	assert_reason(f.captured, -ENOENT, "device " NAME_A ": vector 9999",
		      "index", "the capture has no such vector");
	ims_device_free(device);

	/* Of a device that the capture does not have. */
	fake_kernel.devices[0].id = 555;
	assert_int_equal(ims_device_get(f.ctx, NAME_A, &gone), 0);
	assert_int_equal(ims_vector_list_get_by_device(f.captured, gone, &list),
			 -ENODEV);
	assert_int_equal(ims_vector_get(f.captured, gone, 0, &vector), -ENODEV);
	ims_device_free(gone);

	/* No store of that id has devices: an empty list, as with the kernel. */
	fake_kernel.stores[0].id = 556;
	assert_int_equal(ims_store_get(f.ctx, fake_kernel.stores[0].name,
				       &store), 0);
	assert_int_equal(ims_device_list_get_by_store(f.captured, store,
						      &devices), 0);
	assert_int_equal(ims_device_list_count(devices), 0);
	ims_device_list_free(devices);
	ims_store_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(null_arguments),
		TEST(tells_the_same),
		TEST(tells_of_held_vectors),
		TEST(has_no_secrets),
		TEST(nothing_there),
		TEST(captured_again),
		TEST(not_with_handles),
		TEST(unknown_conditions),
		TEST(extremes),
		TEST(strange_names),
		TEST(unusual_names),
		TEST(is_not_changed),
		TEST(not_there),
	};

	return cmocka_run_group_tests_name("capture", tests, NULL, NULL);
}
