// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The calls whose replies are fuzzed. Whatever the kernel says, what they give
 * must make sense: what is not so ends the program.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../store_limit.h"
#include "attr.h"
#include "fuzz_reply.h"

#define MUST(condition)							\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, \
				__LINE__, #condition);			\
			abort();					\
		}							\
	} while (0)

/* Objects that requests are about: nothing but id and name counts. */
static const struct ims_store a_store = { .id = 1, .name = "0000:00:04.0" };
static const struct ims_device a_device = { .id = 1, .name = "wq0" };

/* Absent or a string that ends, and begins. */
static void check_string(const char *text, size_t max)
{
	if (text)
		MUST(strnlen(text, max + 1) <= max && text[0]);
}

static void check_u32(int err)
{
	MUST(err == 0 || err == -ENODATA);
}

static void check_store(const struct ims_store *s)
{
	uint64_t v64;
	uint32_t v;

	MUST(ims_store_get_id(s, &v) == 0);
	MUST(ims_store_get_name(s));
	check_string(ims_store_get_name(s), IMS_NAME_MAX);
	check_string(ims_store_get_driver(s), IMS_NAME_MAX);
	check_string(ims_store_get_domain(s), IMS_NAME_MAX);
	check_u32(ims_store_get_available(s, &v));
	check_u32(ims_store_get_entries(s, &v));
	check_u32(ims_store_get_capacity(s, &v));
	check_u32(ims_store_get_failures(s, &v64));
	ims_store_is_suspended(s);
}

static void check_device(const struct ims_device *d)
{
	uint64_t v64;
	uint32_t v;

	MUST(ims_device_get_id(d, &v) == 0);
	MUST(ims_device_get_name(d));
	check_string(ims_device_get_name(d), IMS_NAME_MAX);
	check_string(ims_device_get_uuid(d), 63);
	check_string(ims_device_get_parent(d), IMS_NAME_MAX);
	check_string(ims_device_get_owner_comm(d), 63);
	check_u32(ims_device_get_limit(d, &v));
	check_u32(ims_device_get_bypass(d, &v));
	check_u32(ims_device_get_rate_limit(d, &v));
	check_u32(ims_device_get_entries(d, &v));
	check_u32(ims_device_get_default_cookie(d, &v64));
	check_u32(ims_device_get_refused_kind(d, &v));
	check_u32(ims_device_get_refused_last(d, &v64));
	ims_device_is_on_hold(d);
	ims_device_is_gone(d);
}

static void check_vector(const struct ims_vector *v)
{
	uint64_t v64;
	uint32_t v32;

	MUST(ims_vector_get_device_id(v, &v32) == 0);
	MUST(ims_vector_get_index(v, &v32) == 0);
	MUST(ims_vector_get_state(v, &v32) == 0);
	check_string(ims_vector_get_device_name(v), IMS_NAME_MAX);
	check_string(ims_vector_get_affinity(v), IMS_CPULIST_MAX);
	check_u32(ims_vector_get_handle(v, &v32));
	check_u32(ims_vector_get_cpu(v, &v32));
	check_u32(ims_vector_get_rate_limit(v, &v32));
	check_u32(ims_vector_get_throttles(v, &v64));
	check_u32(ims_vector_get_cookie(v, &v64));
	check_u32(ims_vector_get_last(v, &v64));
	check_u32(ims_vector_get_masked_since(v, &v64));
}

/* A snapshot is given if and only if there is no error. */
#define GET(name, type, ...)						\
static int name(struct ims_ctx *ctx)					\
{									\
	struct ims_##type *object = (void *)1;				\
	int err = ims_##name(ctx, __VA_ARGS__, &object);		\
									\
	MUST(!object == !!err);						\
	if (object)							\
		check_##type(object);					\
	ims_##type##_free(object);					\
	return err;							\
}

GET(store_get, store, "0000:00:04.0")
GET(store_get_by_id, store, 1)
GET(device_get, device, "wq0")
GET(device_find, device, "wq")
GET(vector_get, vector, &a_device, 3)

/* A list is given also with -EINTR, and is sorted. */
#define LIST(name, type, ...)						\
static int name(struct ims_ctx *ctx)					\
{									\
	struct ims_##type##_list *list = (void *)1;			\
	int err = ims_##name(__VA_ARGS__, &list);			\
	size_t i;							\
									\
	MUST(!list == (err && err != -EINTR));				\
	for (i = 0; i < ims_##type##_list_count(list); i++) {		\
		check_##type(ims_##type##_list_at(list, i));		\
		MUST(!i || type##_id(ims_##type##_list_at(list, i - 1)) \
		     <= type##_id(ims_##type##_list_at(list, i)));	\
	}								\
	ims_##type##_list_free(list);					\
	return err;							\
}

static uint64_t store_id(const struct ims_store *store)
{
	return store->id;
}

static uint64_t device_id(const struct ims_device *device)
{
	return device->id;
}

static uint64_t vector_id(const struct ims_vector *vector)
{
	return (uint64_t)vector->device_id << 32 | vector->index;
}

LIST(store_list_get, store, ctx)
LIST(device_list_get, device, ctx)
LIST(device_list_get_by_store, device, ctx, &a_store)
LIST(vector_list_get_by_device, vector, ctx, &a_device)
LIST(vector_list_get, vector, ctx)

static int store_configure(struct ims_ctx *ctx)
{
	return limit_store(ctx, &a_store, 7, IMS_VALIDATE_ONLY);
}

static int device_configure(struct ims_ctx *ctx)
{
	struct ims_device_config *config;
	int err;

	MUST(!ims_device_config_new(&config));
	ims_device_config_set_limit(config, 1);
	ims_device_config_set_reservation(config, 2);
	ims_device_config_set_bypass(config, 1);
	ims_device_config_set_default_cookie(config, 3);
	err = ims_device_configure(ctx, &a_device, config, 0);
	ims_device_config_free(config);
	return err;
}

static int vector_configure(struct ims_ctx *ctx)
{
	struct ims_vector_config *config;
	int err;

	MUST(!ims_vector_config_new(&config));
	ims_vector_config_set_cookie(config, 1);
	ims_vector_config_set_affinity(config, "0-3");
	err = ims_vector_configure_range(ctx, &a_device, 1, 1, config, 0);
	ims_vector_config_free(config);
	return err;
}

static int vector_trigger_list(struct ims_ctx *ctx)
{
	static const uint32_t indexes[] = { 1, 2, 3, 4 };

	return ims_vector_trigger_list(ctx, &a_device, indexes, 4,
				       IMS_TRIGGER_PATH_EVENTFD, 0);
}

static int device_reset_stats(struct ims_ctx *ctx)
{
	return ims_device_reset_stats(ctx, &a_device, 0);
}

static int vector_quiet_list(struct ims_ctx *ctx)
{
	static const uint32_t indexes[] = { 1, 2, 3, 4 };

	return ims_vector_quiet_list(ctx, &a_device, indexes, 4, true, 0);
}

#define CALL(function)	{ #function, function }

/* The corpus has their positions in it: new ones go to the end. */
const struct fuzz_call fuzz_calls[] = {
	CALL(store_get), CALL(store_get_by_id), CALL(device_get),
	CALL(device_find), CALL(vector_get), CALL(store_list_get),
	CALL(device_list_get), CALL(device_list_get_by_store),
	CALL(vector_list_get_by_device), CALL(vector_list_get),
	CALL(store_configure), CALL(device_configure), CALL(vector_configure),
	CALL(vector_trigger_list), CALL(device_reset_stats),
	CALL(vector_quiet_list),
};

const unsigned int fuzz_num_calls = sizeof(fuzz_calls) / sizeof(fuzz_calls[0]);
