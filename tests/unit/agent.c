// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

enum kind { U32, U64, FLAG, STRING };

/*
 * A getter of an object: all of them are here (tests/unit/lint-spec). @lost: its
 * header says that events do not keep it current. @cookie: only with CAP_SYS_ADMIN.
 * @fixed: does not change while the object lives.
 */
struct getter {
	const char *name;
	enum kind kind;
	bool lost;
	bool cookie;
	bool fixed;
	union {
		int (*u32)(const void *object, uint32_t *value);
		int (*u64)(const void *object, uint64_t *value);
		bool (*flag)(const void *object);
		const char *(*string)(const void *object);
	};
};

/* The functions take a pointer to a struct instead, which is called the same way. */
#define G32(fn, ...)	{ #fn, U32, .u32 = (void *)(fn), __VA_ARGS__ }
#define G64(fn, ...)	{ #fn, U64, .u64 = (void *)(fn), __VA_ARGS__ }
#define IS(fn, ...)	{ #fn, FLAG, .flag = (void *)(fn), __VA_ARGS__ }
#define TEXT(fn, ...)	{ #fn, STRING, .string = (void *)(fn), __VA_ARGS__ }
#define LOST		.lost = true
#define COOKIE		.cookie = true
#define FIXED		.fixed = true

static const struct getter store_getters[] = {
	TEXT(ims_store_get_name, FIXED),
	TEXT(ims_store_get_driver, FIXED),
	TEXT(ims_store_get_domain, FIXED),
	G32(ims_store_get_id, FIXED),
	G32(ims_store_get_size, FIXED),
	G32(ims_store_get_limit,),
	G32(ims_store_get_used,),
	G32(ims_store_get_peak,),
	G32(ims_store_get_reserved,),
	G32(ims_store_get_available,),
	G32(ims_store_get_entries,),
	G32(ims_store_get_capacity, FIXED),
	G32(ims_store_get_devices,),
	G64(ims_store_get_failures,),
	IS(ims_store_is_suspended,),
	{ 0 },
};

static const struct getter device_getters[] = {
	TEXT(ims_device_get_name, FIXED),
	TEXT(ims_device_get_uuid, FIXED),
	TEXT(ims_device_get_parent, FIXED),
	TEXT(ims_device_get_owner_comm, FIXED),
	G32(ims_device_get_id, FIXED),
	G32(ims_device_get_store_id, FIXED),
	G32(ims_device_get_vectors, FIXED),
	G32(ims_device_get_live,),
	G32(ims_device_get_held,),
	G32(ims_device_get_emulated,),
	G32(ims_device_get_slots,),
	G32(ims_device_get_limit,),
	G32(ims_device_get_reservation,),
	G32(ims_device_get_entries,),
	G64(ims_device_get_default_cookie, COOKIE),
	G32(ims_device_get_owner_pid, FIXED),
	G32(ims_device_get_bypass,),
	G32(ims_device_get_quiet,),
	G32(ims_device_get_rate_limit,),
	G64(ims_device_get_refused,),
	G32(ims_device_get_refused_vector,),
	G32(ims_device_get_refused_error,),
	G32(ims_device_get_refused_kind,),
	G64(ims_device_get_refused_last,),
	IS(ims_device_is_on_hold,),
	IS(ims_device_is_gone,),
	{ 0 },
};

static const struct getter vector_getters[] = {
	TEXT(ims_vector_get_device_name, FIXED),
	TEXT(ims_vector_get_affinity,),
	G32(ims_vector_get_device_id, FIXED),
	G32(ims_vector_get_index, FIXED),
	G32(ims_vector_get_state,),
	G32(ims_vector_get_backing,),
	G32(ims_vector_get_slot,),
	G32(ims_vector_get_generation,),
	G32(ims_vector_get_handle,),
	G32(ims_vector_get_irq,),
	G32(ims_vector_get_cpu, LOST),
	G64(ims_vector_get_cookie, COOKIE),
	G64(ims_vector_get_pending_cookie, COOKIE),
	G64(ims_vector_get_delivered, LOST),
	G64(ims_vector_get_loopback, LOST),
	G64(ims_vector_get_signalled, LOST),
	G64(ims_vector_get_dropped, LOST),
	G64(ims_vector_get_pended, LOST),
	G64(ims_vector_get_throttles, LOST),
	G64(ims_vector_get_replaced, LOST),
	G64(ims_vector_get_revocations, LOST),
	G64(ims_vector_get_failed, LOST),
	G64(ims_vector_get_since,),
	G64(ims_vector_get_last, LOST),
	G64(ims_vector_get_masked_since, LOST),
	IS(ims_vector_is_cookie_own, COOKIE),
	IS(ims_vector_is_masked, LOST),
	IS(ims_vector_is_pending, LOST),
	IS(ims_vector_is_prepared,),
	IS(ims_vector_is_quiet,),
	G32(ims_vector_get_rate_limit,),
	IS(ims_vector_is_rate_limit_own,),
	IS(ims_vector_is_throttled, LOST),
	IS(ims_vector_is_revoked,),
	IS(ims_vector_is_affinity_own,),
	IS(ims_vector_is_affinity_broken, LOST),
	IS(ims_vector_is_bypassed,),
	{ 0 },
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static_assert(COUNT(store_getters) <= AGENT_GETTERS &&
	      COUNT(device_getters) <= AGENT_GETTERS &&
	      COUNT(vector_getters) <= AGENT_GETTERS, "there is a counter for each");

/* What the getter says of an object, in words. */
static void say(const struct getter *getter, const void *object, char *text,
		size_t size)
{
	const char *string;
	uint32_t u32 = 0;
	uint64_t u64 = 0;
	int err;

	switch (getter->kind) {
	case U32:
		err = getter->u32(object, &u32);
		if (err)
			snprintf(text, size, "error %d", err);
		else
			snprintf(text, size, "%" PRIu32, u32);
		break;
	case U64:
		err = getter->u64(object, &u64);
		if (err)
			snprintf(text, size, "error %d", err);
		else
			snprintf(text, size, "%" PRIu64, u64);
		break;
	case FLAG:
		snprintf(text, size, "%d", getter->flag(object));
		break;
	case STRING:
		string = getter->string(object);
		snprintf(text, size, "%s", string ? string : "(null)");
		break;
	}
}

static bool differ(struct agent *agent, const struct getter *getter,
		   const void *known, const void *is, bool cookies)
{
	char a[256], b[256];

	for (; getter->name; getter++) {
		if (getter->lost || (getter->cookie && !cookies))
			continue;
		say(getter, known, a, sizeof(a));
		say(getter, is, b, sizeof(b));
		if (!strcmp(a, b))
			continue;
		snprintf(agent->differs, sizeof(agent->differs),
			 "%s: the agent has %.80s, there is %.80s",
			 getter->name, a, b);
		return true;
	}
	return false;
}

/* ---- tables ------------------------------------------------------------- */

static uint64_t store_key(const void *store)
{
	uint32_t id = 0;

	ims_store_get_id(store, &id);
	return id;
}

static uint64_t device_key(const void *device)
{
	uint32_t id = 0;

	ims_device_get_id(device, &id);
	return id;
}

static uint64_t vector_key(const void *vector)
{
	uint32_t id = 0, index = 0;

	ims_vector_get_device_id(vector, &id);
	ims_vector_get_index(vector, &index);
	return (uint64_t)id << 32 | index;
}

/* -1: there is none */
static ssize_t find(const struct agent_table *table,
		    uint64_t (*key_of)(const void *), uint64_t key)
{
	size_t i;

	for (i = 0; i < table->num; i++)
		if (key_of(table->objects[i]) == key)
			return i;
	return -1;
}

static void drop(struct agent_table *table, size_t i, void (*free_one)(void *))
{
	free_one(table->objects[i]);
	table->objects[i] = table->objects[--table->num];
}

/* Count what an event changes. */
static void compare(struct agent_table *table, const struct getter *getters,
		    const void *old, const void *new)
{
	char a[256], b[256];
	size_t i;

	for (i = 0; getters[i].name; i++) {
		say(&getters[i], old, a, sizeof(a));
		say(&getters[i], new, b, sizeof(b));
		table->changed[i] += !!strcmp(a, b);
	}
}

static void put(struct agent_table *table, uint64_t (*key_of)(const void *),
		const struct getter *getters, void (*free_one)(void *),
		void *object)
{
	ssize_t i = find(table, key_of, key_of(object));

	if (i >= 0) {
		compare(table, getters, table->objects[i], object);
		drop(table, i, free_one);
	}
	if (table->num == AGENT_OBJECTS)
		abort();
	table->objects[table->num++] = object;
}

static void free_store(void *store)
{
	ims_store_free(store);
}

static void free_device(void *device)
{
	ims_device_free(device);
}

static void free_vector(void *vector)
{
	ims_vector_free(vector);
}

void agent_forget(struct agent *agent)
{
	while (agent->stores.num)
		drop(&agent->stores, 0, free_store);
	while (agent->devices.num)
		drop(&agent->devices, 0, free_device);
	while (agent->vectors.num)
		drop(&agent->vectors, 0, free_vector);
}

static void drop_store(struct agent *agent, const struct ims_store *store)
{
	ssize_t i = find(&agent->stores, store_key, store_key(store));

	if (i >= 0)
		drop(&agent->stores, i, free_store);
}

static void drop_device(struct agent *agent, const struct ims_device *device)
{
	uint64_t id = device_key(device);
	ssize_t i = find(&agent->devices, device_key, id);
	size_t v = 0;

	if (i >= 0)
		drop(&agent->devices, i, free_device);
	while (v < agent->vectors.num) {
		if (vector_key(agent->vectors.objects[v]) >> 32 == id)
			drop(&agent->vectors, v, free_vector);
		else
			v++;
	}
}

const char *agent_apply(struct agent *agent, const struct ims_event *event)
{
	const struct ims_device *device = ims_event_get_device(event);
	const struct ims_vector *vector = ims_event_get_vector(event);
	const struct ims_store *store = ims_event_get_store(event);
	struct ims_device *kept_device;
	struct ims_vector *kept_vector;
	struct ims_store *kept_store;
	uint32_t type;

	if (ims_event_get_type(event, &type))
		return "an event without a type";
	if (!agent->in_sync && type != IMS_EVENT_SYNCED &&
	    type != IMS_EVENT_GONE && type != IMS_EVENT_BACK &&
	    type != IMS_EVENT_STORE_SYNC && type != IMS_EVENT_DEVICE_SYNC &&
	    type != IMS_EVENT_VECTOR_SYNC)
		return "another event before the state is told completely";

	switch (type) {
	case IMS_EVENT_OVERRUN:
		agent_forget(agent);
		agent->in_sync = false;
		agent->overruns++;
		return NULL;
	case IMS_EVENT_SYNCED:
		agent->in_sync = true;
		return NULL;
	case IMS_EVENT_GONE:
		/* That is all: there is nothing. */
		agent_forget(agent);
		agent->in_sync = true;
		return NULL;
	case IMS_EVENT_BACK:
		agent->in_sync = false;
		agent->reloads++;
		return NULL;
	case IMS_EVENT_STORE_DELETE:
		drop_store(agent, store);
		return NULL;
	case IMS_EVENT_DEVICE_DELETE:
		drop_device(agent, device);
		return NULL;
	}
	if (store && !ims_store_copy(store, &kept_store))
		put(&agent->stores, store_key, store_getters, free_store,
		    kept_store);
	if (device && !ims_device_copy(device, &kept_device))
		put(&agent->devices, device_key, device_getters, free_device,
		    kept_device);
	if (vector && !ims_vector_copy(vector, &kept_vector))
		put(&agent->vectors, vector_key, vector_getters, free_vector,
		    kept_vector);
	return NULL;
}

/* ---- comparison --------------------------------------------------------- */

/* A list of one kind, as its functions hand it out. */
struct listed {
	const char *what;
	size_t count;
	const void *(*at)(const void *list, size_t position);
	const void *list;
	uint64_t (*key_of)(const void *object);
	const struct getter *getters;
};

static bool table_differs(struct agent *agent, const struct agent_table *table,
			  const struct listed *is, bool cookies)
{
	size_t i;

	for (i = 0; i < is->count; i++) {
		const void *object = is->at(is->list, i);
		ssize_t known = find(table, is->key_of, is->key_of(object));

		if (known < 0) {
			snprintf(agent->differs, sizeof(agent->differs),
				 "%s %#" PRIx64 " is not known", is->what,
				 is->key_of(object));
			return true;
		}
		if (differ(agent, is->getters, table->objects[known], object,
			   cookies))
			return true;
	}
	if (table->num == is->count)
		return false;
	snprintf(agent->differs, sizeof(agent->differs),
		 "%zu %ss are known, there are %zu", table->num, is->what,
		 is->count);
	return true;
}

const char *agent_differs(struct agent *agent, struct ims_ctx *ctx, bool cookies)
{
	struct ims_vector_list *vectors = NULL;
	struct ims_device_list *devices = NULL;
	struct ims_store_list *stores = NULL;
	bool is = true;

	if (ims_store_list_get(ctx, &stores) ||
	    ims_device_list_get(ctx, &devices) ||
	    ims_vector_list_get(ctx, &vectors)) {
		snprintf(agent->differs, sizeof(agent->differs),
			 "there is no list");
	} else {
		const struct listed s = {
			"store", ims_store_list_count(stores),
			(void *)ims_store_list_at, stores, store_key,
			store_getters
		};
		const struct listed d = {
			"device", ims_device_list_count(devices),
			(void *)ims_device_list_at, devices, device_key,
			device_getters
		};
		const struct listed v = {
			"vector", ims_vector_list_count(vectors),
			(void *)ims_vector_list_at, vectors, vector_key,
			vector_getters
		};

		is = table_differs(agent, &agent->stores, &s, cookies) ||
		     table_differs(agent, &agent->devices, &d, cookies) ||
		     table_differs(agent, &agent->vectors, &v, cookies);
	}
	ims_store_list_free(stores);
	ims_device_list_free(devices);
	ims_vector_list_free(vectors);
	return is ? agent->differs : NULL;
}

/* ---- what has been tried ------------------------------------------------ */

static const char *untested(const struct agent_table *table,
			    const struct getter *getters)
{
	size_t i;

	for (i = 0; getters[i].name; i++)
		if (!getters[i].lost && !table->changed[i] != getters[i].fixed)
			return getters[i].name;
	return NULL;
}

const char *agent_untested(const struct agent *agent)
{
	const char *name = untested(&agent->stores, store_getters);

	if (!name)
		name = untested(&agent->devices, device_getters);
	if (!name)
		name = untested(&agent->vectors, vector_getters);
	return name;
}
