// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A reader that applies events by the rules of <libims/event.h> ends with what
 * the kernel has, after any changes, overruns at any time, and dumps in the
 * middle of it all. Random sequences; a failure names its seed, to be given in
 * MONITOR_SEED.
 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

#include "fake_events.h"
#include "fake_kernel.h"
#include "fake_world.h"

#define SEEDS		400
#define STEPS		150
#define OBJECTS_MAX	4096

struct object {
	uint32_t kind;
	uint32_t id;
	uint32_t index;
	uint64_t value;
};

enum { STORE, DEVICE, VECTOR };

/* What the reader believes. */
static struct object known[OBJECTS_MAX];
static size_t num_known;
static bool in_sync;
static unsigned int overruns, disturbed;

static void take_away(uint32_t kind, uint32_t id, uint32_t index, bool any)
{
	size_t i = 0;

	while (i < num_known) {
		struct object *o = &known[i];

		if (o->kind == kind && o->id == id &&
		    (any || o->index == index))
			*o = known[--num_known];
		else
			i++;
	}
}

static void put(uint32_t kind, uint32_t id, uint32_t index, uint64_t value)
{
	take_away(kind, id, index, false);
	assert_true(num_known < OBJECTS_MAX);
	known[num_known++] = (struct object) { kind, id, index, value };
}

static uint32_t id_of(const struct ims_event *event, uint64_t *value)
{
	const struct ims_store *store = ims_event_get_store(event);
	const struct ims_device *device = ims_event_get_device(event);
	uint32_t id, limit;

	if (store) {
		assert_int_equal(ims_store_get_id(store, &id), 0);
		assert_int_equal(ims_store_get_limit(store, &limit), 0);
	} else {
		assert_int_equal(ims_device_get_id(device, &id), 0);
		assert_int_equal(ims_device_get_limit(device, &limit), 0);
	}
	*value = limit;
	return id;
}

static void apply_vector(const struct ims_vector *v)
{
	uint32_t id, index, state;
	uint64_t cookie;

	assert_int_equal(ims_vector_get_device_id(v, &id), 0);
	assert_int_equal(ims_vector_get_index(v, &index), 0);
	assert_int_equal(ims_vector_get_state(v, &state), 0);
	assert_int_equal(ims_vector_get_cookie(v, &cookie), 0);
	put(VECTOR, id, index, cookie * 4 + state);
}

static void apply(const struct ims_event *event)
{
	uint32_t type, id;
	uint64_t value;

	assert_int_equal(ims_event_get_type(event, &type), 0);

	/* Between OVERRUN and SYNCED there is nothing but the state. */
	assert_true(in_sync || type == IMS_EVENT_SYNCED ||
		    type == IMS_EVENT_STORE_SYNC ||
		    type == IMS_EVENT_DEVICE_SYNC ||
		    type == IMS_EVENT_VECTOR_SYNC);

	switch (type) {
	case IMS_EVENT_STORE_SYNC:
	case IMS_EVENT_STORE_CREATE:
	case IMS_EVENT_STORE_CHANGE:
		id = id_of(event, &value);
		put(STORE, id, 0, value);
		break;
	case IMS_EVENT_STORE_DELETE:
		take_away(STORE, id_of(event, &value), 0, true);
		break;
	case IMS_EVENT_DEVICE_SYNC:
	case IMS_EVENT_DEVICE_CREATE:
	case IMS_EVENT_DEVICE_CHANGE:
		id = id_of(event, &value);
		put(DEVICE, id, 0, value);
		break;
	case IMS_EVENT_DEVICE_DELETE:
		id = id_of(event, &value);
		take_away(DEVICE, id, 0, true);
		take_away(VECTOR, id, 0, true);
		break;
	case IMS_EVENT_VECTOR_SYNC:
	case IMS_EVENT_VECTOR_CREATE:
	case IMS_EVENT_VECTOR_CHANGE:
		apply_vector(ims_event_get_vector(event));
		break;
	case IMS_EVENT_OVERRUN:
		num_known = 0;
		in_sync = false;
		overruns++;
		break;
	case IMS_EVENT_SYNCED:
		in_sync = true;
		break;
	}
}

/* Read one event, if there is one. */
static bool read_one(struct ims_monitor *monitor)
{
	struct ims_event *event;
	int err = ims_monitor_read(monitor, &event);

	if (err == -EAGAIN)
		return false;
	assert_int_equal(err, 0);
	apply(event);
	ims_event_free(event);
	return true;
}

static bool knows(uint32_t kind, uint32_t id, uint32_t index, uint64_t value)
{
	size_t i;

	for (i = 0; i < num_known; i++)
		if (known[i].kind == kind && known[i].id == id &&
		    known[i].index == index)
			return known[i].value == value;
	return false;
}

/* Each object of the world is known as it is, and no other one is. */
static bool same(void)
{
	size_t i, j, count = 0;

	for (i = 0; i < WORLD_STORES; i++) {
		struct world_store *s = &world.stores[i];

		if (!s->present)
			continue;
		count++;
		if (!knows(STORE, s->id, 0, s->limit))
			return false;
	}
	for (i = 0; i < WORLD_DEVICES; i++) {
		struct world_device *d = &world.devices[i];

		if (!d->present)
			continue;
		count++;
		if (!knows(DEVICE, d->id, 0, d->limit))
			return false;
		for (j = 0; j < WORLD_VECTORS; j++) {
			struct world_vector *v = &d->vectors[j];

			if (!v->present)
				continue;
			count++;
			if (!knows(VECTOR, d->id, j, v->cookie * 4 + v->state))
				return false;
		}
	}
	return count == num_known;
}

static void log_disturbed(void *data, int priority, const char *text)
{
	(void)data;
	(void)priority;
	disturbed += !!strstr(text, "kept changing");
}

static bool run(uint64_t seed)
{
	struct ims_monitor *monitor;
	struct ims_ctx *ctx;
	unsigned int i, reads;

	fake_kernel_reset();
	world_reset(seed);
	num_known = 0;
	in_sync = false;

	/* A world before the monitor. */
	for (i = world_random(40); i; i--)
		world_change();

	assert_int_equal(ims_ctx_new(&ctx), 0);
	assert_int_equal(ims_ctx_set_log(ctx, log_disturbed, NULL, LOG_INFO),
			 0);
	assert_int_equal(ims_monitor_new(ctx, IMS_MONITOR_SYNC, &monitor), 0);
	world.turmoil = world_random(3) * world_random(30);
	fake_events.room = world_random(4) ? 1 + world_random(12) : 0;

	for (i = 0; i < STEPS; i++) {
		if (world_random(3))
			world_change();
		for (reads = world_random(6); reads; reads--)
			read_one(monitor);
	}

	/* Peace: what is left is told and read. */
	world.turmoil = 0;
	world_flush();
	while (read_one(monitor))
		;
	assert_true(in_sync);

	ims_monitor_free(monitor);
	ims_ctx_free(ctx);
	return same();
}

static void ends_with_what_there_is(void **state)
{
	const char *given = getenv("MONITOR_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 0) : 0;
	uint64_t last = given ? seed : SEEDS - 1;

	(void)state;
	overruns = 0;
	disturbed = 0;
	for (; seed <= last; seed++) {
		if (run(seed))
			continue;
		print_error("the reader is wrong; again by MONITOR_SEED=%llu\n",
			    (unsigned long long)seed);
		fail();
	}

	/* Else it was too easy. */
	if (!given) {
		assert_true(overruns > SEEDS);
		assert_true(disturbed > SEEDS / 10);
	}
}

/* The comparison would see it: a reader that missed one event is wrong. */
static void notices_a_lost_event(void **state)
{
	struct ims_monitor *monitor;
	struct world_device *d;
	struct ims_event *event;
	struct ims_ctx *ctx;

	(void)state;
	fake_kernel_reset();
	world_reset(1);
	num_known = 0;
	in_sync = false;
	assert_int_equal(ims_ctx_new(&ctx), 0);
	assert_int_equal(ims_monitor_new(ctx, IMS_MONITOR_SYNC, &monitor), 0);
	d = world_add_device();
	world_set_vector(d, 1, IMS_VECTOR_STATE_IDLE, 1);
	world_flush();
	while (read_one(monitor))
		;
	assert_true(same());
	world_set_vector(d, 1, IMS_VECTOR_STATE_LIVE, 1);
	world_flush();
	assert_false(same());
	assert_int_equal(ims_monitor_read(monitor, &event), 0);
	assert_false(same());
	apply(event);
	ims_event_free(event);
	assert_true(same());
	ims_monitor_free(monitor);
	ims_ctx_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notices_a_lost_event),
		cmocka_unit_test(ends_with_what_there_is),
	};

	return cmocka_run_group_tests_name("monitor_model", tests, NULL, NULL);
}
