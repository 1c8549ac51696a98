// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every call, with each of its allocations failing in turn: -ENOMEM with a
 * reason, no object, nothing leaked (which the address sanitizer and valgrind
 * see), and the next call works.
 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "fake_events.h"
#include "fake_files.h"
#include "fake_kernel.h"
#include "fake_uevents.h"
#include "fake_vfio.h"
#include "fake_world.h"

struct nl_msg;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
char *__real_strdup(const char *text);
struct nl_msg *__real_nlmsg_alloc(void);
struct nl_msg *__real_nlmsg_alloc_size(size_t size);

/* Visible, because the linker thinks that libnl might call them, too. */
#pragma GCC visibility push(default)
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
char *__wrap_strdup(const char *text);
struct nl_msg *__wrap_nlmsg_alloc(void);
struct nl_msg *__wrap_nlmsg_alloc_size(size_t size);
#pragma GCC visibility pop

/*
 * The library's allocation that fails: 1 is the next one, 0 for none. Volatile
 * for the same reason as fake_kernel.inside.
 */
static volatile unsigned int countdown;

static bool fails(void)
{
	if (!countdown || fake_kernel.inside)
		return false;
	countdown--;
	return !countdown;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return fails() ? NULL : __real_reallocarray(old, count, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

struct nl_msg *__wrap_nlmsg_alloc(void)
{
	return fails() ? NULL : __real_nlmsg_alloc();
}

struct nl_msg *__wrap_nlmsg_alloc_size(size_t size)
{
	return fails() ? NULL : __real_nlmsg_alloc_size(size);
}

static int setup(void **state)
{
	countdown = 0;
	fake_vfio_reset();
	fake_kernel_reset();
	fake_kernel_populate();
	return ims_ctx_new((struct ims_ctx **)state);
}

static int teardown(void **state)
{
	ims_ctx_free(*state);
	assert_int_equal(fake_vfio.open_files, 0);
	return 0;
}

/*
 * Call @call with its first allocation failing, then with its second one, until
 * it has no more. @least: how many there must have been.
 */
static void exhaust(struct ims_ctx *ctx, int (*call)(struct ims_ctx *ctx),
		    unsigned int least)
{
	unsigned int failures = 0;
	int err;

	for (;;) {
		countdown = failures + 1;
		err = call(ctx);
		if (countdown)
			break;
		assert_int_equal(err, -ENOMEM);
		if (ims_ctx_get_error(ctx))
			assert_contains(ims_error_get_message(
						ims_ctx_get_error(ctx)),
					"Cannot allocate memory");
		failures++;
	}
	countdown = 0;
	assert_int_equal(err, 0);
	assert_true(failures >= least);
}

static int new_context(struct ims_ctx *unused)
{
	struct ims_ctx *ctx;
	int err;

	(void)unused;
	err = ims_ctx_new(&ctx);
	assert_int_equal(!ctx, !!err);
	ims_ctx_free(ctx);
	return err;
}

static int list_devices(struct ims_ctx *ctx)
{
	struct ims_device_list *list;
	int err;

	err = ims_device_list_get(ctx, &list);
	assert_int_equal(!list, !!err);
	ims_device_list_free(list);
	return err;
}

/* Of the C library's own memory and json-c's, nothing is known here. */
static char capture[65536];

static int write_capture(struct ims_ctx *ctx)
{
	FILE *out = fmemopen(capture, sizeof(capture), "w");
	int err = ims_capture_write(ctx, out);

	fclose(out);
	return err;
}

static int read_capture(struct ims_ctx *unused)
{
	FILE *in = fmemopen(capture, strlen(capture), "r");
	unsigned int rest = countdown;
	struct ims_ctx *ctx;
	int err;

	(void)unused;
	countdown = 0;
	assert_int_equal(ims_ctx_new(&ctx), 0);
	countdown = rest;
	err = ims_capture_read(ctx, in);
	fclose(in);
	if (!err)
		err = list_devices(ctx);
	ims_ctx_free(ctx);
	return err;
}

static int get_device(struct ims_ctx *ctx)
{
	struct ims_device *device;
	int err;

	err = ims_device_get(ctx, "wq0", &device);
	assert_int_equal(!device, !!err);
	ims_device_free(device);
	return err;
}

static int find_device(struct ims_ctx *ctx)
{
	struct ims_device *device;
	int err;

	err = ims_device_find(ctx, "w", &device);
	assert_int_equal(!device, !!err);
	ims_device_free(device);
	return err;
}

static struct ims_device *large;

static int list_vectors(struct ims_ctx *ctx)
{
	struct ims_vector_list *list;
	int err;

	err = ims_vector_list_get_by_device(ctx, large, &list);
	assert_int_equal(!list, !!err);
	ims_vector_list_free(list);
	return err;
}

static int get_vector(struct ims_ctx *ctx)
{
	struct ims_vector *vector;
	int err;

	err = ims_vector_get(ctx, large, 7, &vector);
	assert_int_equal(!vector, !!err);
	ims_vector_free(vector);
	return err;
}

static int copy_device(struct ims_ctx *ctx)
{
	struct ims_device *copy;
	int err;

	(void)ctx;
	err = ims_device_copy(large, &copy);
	assert_int_equal(!copy, !!err);
	ims_device_free(copy);
	return err;
}

static int configure_many(struct ims_ctx *ctx)
{
	static const uint32_t indexes[] = { 2, 1, 2 };
	struct ims_vector_config *config;
	int err;

	err = ims_vector_config_new(&config);
	if (err)
		return err;
	ims_vector_config_set_cookie(config, 7);
	err = ims_vector_configure_list(ctx, large, indexes, 3, config, 0);
	ims_vector_config_free(config);
	return err;
}

static int trigger(struct ims_ctx *ctx)
{
	return ims_vector_trigger_range(ctx, large, 0, 3, IMS_TRIGGER_PATH_EVENTFD,
					0);
}

static int vector_trigger_list(struct ims_ctx *ctx)
{
	static const uint32_t indexes[] = { 2, 1, 2 };

	return ims_vector_trigger_list(ctx, large, indexes, 3,
				       IMS_TRIGGER_PATH_EVENTFD, 0);
}

static int reset(struct ims_ctx *ctx)
{
	return ims_vector_reset_stats_range(ctx, large, 1, 2, 0);
}

static int reset_all(struct ims_ctx *ctx)
{
	return ims_device_reset_stats(ctx, large, 0);
}

static int list_filtered(struct ims_ctx *ctx)
{
	struct ims_vector_filter *filter;
	struct ims_vector_list *list;
	int err;

	err = ims_vector_filter_new(&filter);
	assert_int_equal(!filter, !!err);
	if (err)
		return err;
	ims_vector_filter_set_device(filter, large);
	ims_vector_filter_set_state(filter, IMS_VECTOR_STATE_LIVE);
	ims_vector_filter_set_backing(filter, IMS_VECTOR_BACKING_IMS);
	ims_vector_filter_set_nonzero(filter, true);
	err = ims_vector_list_get_by_filter(ctx, filter, &list);
	assert_int_equal(!list, !!err);
	ims_vector_list_free(list);
	ims_vector_filter_free(filter);
	return err;
}

static int configure_vector(struct ims_ctx *ctx)
{
	struct ims_vector_config *config;
	int err;

	err = ims_vector_config_new(&config);
	assert_int_equal(!config, !!err);
	if (err)
		return err;
	ims_vector_config_set_cookie(config, 1);
	ims_vector_config_set_cookie_mode(config, IMS_COOKIE_MODE_NEXT);
	ims_vector_config_set_affinity(config, "0-1");
	err = ims_vector_configure_range(ctx, large, 7, 1, config, 0);
	ims_vector_config_free(config);
	return err;
}

static int configure_device(struct ims_ctx *ctx)
{
	struct ims_device_config *config;
	int err;

	err = ims_device_config_new(&config);
	assert_int_equal(!config, !!err);
	if (err)
		return err;
	ims_device_config_set_limit(config, 500);
	ims_device_config_set_reservation(config, 1);
	ims_device_config_set_default_cookie(config, 2);
	err = ims_device_configure(ctx, large, config, 0);
	ims_device_config_free(config);
	return err;
}

static int list_stores(struct ims_ctx *ctx)
{
	struct ims_store_list *list;
	int err;

	err = ims_store_list_get(ctx, &list);
	assert_int_equal(!list, !!err);
	ims_store_list_free(list);
	return err;
}

static struct ims_store *store;

static int copy_store(struct ims_ctx *ctx)
{
	struct ims_store *copy;
	int err;

	(void)ctx;
	err = ims_store_copy(store, &copy);
	assert_int_equal(!copy, !!err);
	ims_store_free(copy);
	return err;
}

static int get_store(struct ims_ctx *ctx)
{
	struct ims_store *s;
	int err;

	err = ims_store_get(ctx, "0000:00:04.0", &s);
	assert_int_equal(!s, !!err);
	ims_store_free(s);
	return err;
}

static int get_store_by_id(struct ims_ctx *ctx)
{
	struct ims_store *s;
	int err;

	err = ims_store_get_by_id(ctx, 1, &s);
	assert_int_equal(!s, !!err);
	ims_store_free(s);
	return err;
}

static int limit_the_store(struct ims_ctx *ctx)
{
	return limit_store(ctx, store, 100, 0);
}

static int reset_store(struct ims_ctx *ctx)
{
	return ims_store_reset_stats(ctx, store, IMS_VALIDATE_ONLY);
}

static int list_devices_of_store(struct ims_ctx *ctx)
{
	struct ims_device_list *list;
	int err;

	err = ims_device_list_get_by_store(ctx, store, &list);
	assert_int_equal(!list, !!err);
	ims_device_list_free(list);
	return err;
}

static int new_monitor(struct ims_ctx *ctx)
{
	struct ims_monitor *monitor;
	int err;

	err = ims_monitor_new(ctx, 0, &monitor);
	assert_int_equal(!monitor, !!err);
	ims_monitor_free(monitor);
	return err;
}

static struct ims_monitor *monitor;

/* Nothing is lost by a failure: the next read tells it. */
static int read_event(struct ims_ctx *ctx)
{
	struct ims_event *event;
	int err;

	(void)ctx;
	err = ims_monitor_read(monitor, &event);
	assert_int_equal(!event, !!err);
	ims_event_free(event);
	return err;
}

static struct ims_vfio *vfio;

static int open_vfio(struct ims_ctx *ctx)
{
	struct ims_vfio *v;
	int err;

	err = ims_vfio_open(ctx, FAKE_NAME, &v);
	assert_int_equal(!v, !!err);
	ims_vfio_close(v);
	return err;
}

static int vfio_from_fd(struct ims_ctx *ctx)
{
	struct ims_vfio *v;
	int err;

	err = ims_vfio_open_fd(ctx, FAKE_FD, NULL, &v);
	assert_int_equal(!v, !!err);
	ims_vfio_close(v);
	return err;
}

static int mask(struct ims_ctx *ctx)
{
	(void)ctx;
	return ims_vfio_mask(vfio, 0, 1);
}

static int unbind(struct ims_ctx *ctx)
{
	(void)ctx;
	return ims_vfio_unbind(vfio, 0, 1);
}

static void context(void **state)
{
	(void)state;
	exhaust(NULL, new_context, 1);
}

static void devices(void **state)
{
	/* The first time, the request for the family is one more. */
	exhaust(*state, list_devices, 3);
	exhaust(*state, get_device, 2);
	exhaust(*state, write_capture, 12);
	exhaust(*state, read_capture, 8);
	exhaust(*state, find_device, 5);
}

static void vectors(void **state)
{
	fake_kernel_add_large(500);
	assert_int_equal(ims_device_get(*state, "large", &large), 0);
	exhaust(*state, list_vectors, 4);
	exhaust(*state, get_vector, 2);
	exhaust(*state, list_filtered, 5);
	exhaust(*state, copy_device, 1);
	exhaust(*state, configure_many, 2);
	exhaust(*state, trigger, 1);
	exhaust(*state, vector_trigger_list, 1);
	exhaust(*state, reset, 1);
	exhaust(*state, reset_all, 1);
	ims_device_free(large);
}

static void stores(void **state)
{
	exhaust(*state, list_stores, 4);
	exhaust(*state, get_store, 2);
	exhaust(*state, get_store_by_id, 2);
	assert_int_equal(ims_store_get_by_id(*state, 1, &store), 0);
	exhaust(*state, copy_store, 1);
	exhaust(*state, limit_the_store, 2);
	exhaust(*state, reset_store, 1);
	exhaust(*state, list_devices_of_store, 3);
	ims_store_free(store);
}

/* Making the request fails without a reason, as there is no context. */
static void configuration(void **state)
{
	fake_kernel_add_large(500);
	assert_int_equal(ims_device_get(*state, "large", &large), 0);
	exhaust(*state, configure_device, 2);
	exhaust(*state, configure_vector, 2);
	ims_device_free(large);
}

static void monitors(void **state)
{
	unsigned int i;

	world_reset(1);
	world_add_device();
	exhaust(*state, new_monitor, 2);
	assert_int_equal(ims_monitor_new(*state, IMS_MONITOR_SYNC, &monitor),
			 0);
	/* Three requests, a list, and the event itself. */
	exhaust(*state, read_event, 5);
	ims_monitor_free(monitor);

	assert_int_equal(ims_monitor_new(*state, 0, &monitor), 0);
	fake_events_tell(IMS_CMD_DEVICE_CHANGE_NTF, &fake_kernel.devices[0],
			 NULL);
	exhaust(*state, read_event, 1);
	fake_events.room = 1;
	for (i = 0; i < 2; i++)
		fake_events_tell(IMS_CMD_DEVICE_CHANGE_NTF,
				 &fake_kernel.devices[0], NULL);
	exhaust(*state, read_event, 1);
	exhaust(*state, read_event, 5);
	ims_monitor_free(monitor);
}

static int new_hotplug(struct ims_ctx *ctx)
{
	struct ims_hotplug *hotplug;
	int err;

	err = ims_hotplug_new(ctx, &hotplug);
	assert_int_equal(!hotplug, !!err);
	ims_hotplug_free(hotplug);
	return err;
}

static struct ims_hotplug *hotplug;

static int read_hotplug(struct ims_ctx *ctx)
{
	struct ims_hotplug_event *event;
	int err;

	(void)ctx;
	err = ims_hotplug_read(hotplug, &event);
	assert_int_equal(!event, !!err);
	ims_hotplug_event_free(event);
	return err;
}

static int list_vdevs(struct ims_ctx *ctx)
{
	struct ims_vdev_list *list;
	int err;

	err = ims_vdev_list_get(ctx, &list);
	assert_int_equal(!list, !!err);
	ims_vdev_list_free(list);
	return err;
}

static int list_parents(struct ims_ctx *ctx)
{
	struct ims_parent_list *list;
	int err;

	err = ims_parent_list_get(ctx, &list);
	assert_int_equal(!list, !!err);
	ims_parent_list_free(list);
	return err;
}

static void hotplugs(void **state)
{
	fake_uevents_reset();
	exhaust(*state, new_hotplug, 1);
	assert_int_equal(ims_hotplug_new(*state, &hotplug), 0);
	fake_uevents_tell("add", "mdev", "/devices/p/m", NULL);
	exhaust(*state, read_hotplug, 1);
	ims_hotplug_free(hotplug);

	fake_uevents_add("/sys/devices/p/m", "t", NULL, NULL);
	exhaust(*state, list_vdevs, 2);
	fake_files_reset();
	fake_files_add("/sys/bus/pci/devices/p/ims_vfunc/available", "1");
	exhaust(*state, list_parents, 2);
}

static int count_areas(struct ims_ctx *ctx)
{
	uint32_t count;

	(void)ctx;
	return ims_vfio_get_region_areas(vfio, 2, &count);
}

static void vfio_handles(void **state)
{
	exhaust(*state, open_vfio, 2);
	exhaust(*state, vfio_from_fd, 2);
	assert_int_equal(ims_vfio_open(*state, FAKE_NAME, &vfio), 0);
	exhaust(*state, mask, 1);
	exhaust(*state, unbind, 2);
	exhaust(*state, count_areas, 1);
	ims_vfio_close(vfio);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(context),
		TEST(devices),
		TEST(vectors),
		TEST(stores),
		TEST(configuration),
		TEST(monitors),
		TEST(hotplugs),
		TEST(vfio_handles),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
