// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Interrupt message stores.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"

struct ims_store_list {
	struct ims_list list;
};

static int compare(const void *a, const void *b)
{
	const struct ims_store *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

IMS_PUBLIC int ims_store_list_get(struct ims_ctx *ctx,
				  struct ims_store_list **list)
{
	struct ims_store_list *l;
	int err;

	if (list)
		*list = NULL;
	if (!ctx || !list)
		return -EINVAL;

	l = calloc(1, sizeof(*l));
	if (!l)
		return ims_fail_errno(ctx, -ENOMEM, NULL, "listing stores");

	l->list.set = &ims_store_attrs;
	err = ims_list_dump(ctx, &l->list, ims_nl_msg(IMS_CMD_STORE_GET), NULL,
			    compare);
	if (err && err != -EINTR)
		ims_store_list_free(l);
	else
		*list = l;
	return err;
}

IMS_PUBLIC void ims_store_list_free(struct ims_store_list *list)
{
	if (!list)
		return;

	ims_list_end(&list->list);
	free(list);
}

IMS_PUBLIC int ims_store_list_get_time(const struct ims_store_list *list,
				   uint64_t *ns)
{
	return ims_list_time(list ? &list->list : NULL, ns);
}

IMS_PUBLIC size_t ims_store_list_count(const struct ims_store_list *list)
{
	return list ? list->list.count : 0;
}

IMS_PUBLIC const struct ims_store *
ims_store_list_at(const struct ims_store_list *list, size_t position)
{
	return list ? ims_list_at(&list->list, position) : NULL;
}

static int get(struct ims_ctx *ctx, struct nl_msg *msg, const char *object,
	       struct ims_store **store)
{
	void *snapshot;
	int err;

	err = ims_snapshot_get(ctx, &ims_store_attrs, msg, object, &snapshot);
	*store = snapshot;
	return err;
}

IMS_PUBLIC int ims_store_get(struct ims_ctx *ctx, const char *name,
			     struct ims_store **store)
{
	char object[IMS_OBJECT_SIZE];

	if (store)
		*store = NULL;
	if (!ctx || !name || !store)
		return -EINVAL;

	if (!name[0])
		return ims_fail(ctx, -EINVAL, NULL, "name",
				"a store's name cannot be empty");
	ims_store_text(object, name);
	if (strlen(name) > IMS_NAME_MAX)
		return ims_fail(ctx, -ENODEV, object, "name",
				"no such store: names have at most %d bytes",
				IMS_NAME_MAX);

	return get(ctx, ims_nl_string(ims_nl_msg(IMS_CMD_STORE_GET),
				      IMS_A_STORE_NAME, name),
		   object, store);
}

IMS_PUBLIC int ims_store_get_by_id(struct ims_ctx *ctx, uint32_t id,
				   struct ims_store **store)
{
	char object[IMS_OBJECT_SIZE];

	if (store)
		*store = NULL;
	if (!ctx || !store)
		return -EINVAL;

	snprintf(object, sizeof(object), "store #%u", id);
	return get(ctx, ims_nl_u32(ims_nl_msg(IMS_CMD_STORE_GET),
				   IMS_A_STORE_ID, id),
		   object, store);
}

IMS_PUBLIC int ims_store_copy(const struct ims_store *store,
			      struct ims_store **copy)
{
	if (copy)
		*copy = NULL;
	if (!store || !copy)
		return -EINVAL;

	*copy = malloc(sizeof(**copy));
	if (!*copy)
		return -ENOMEM;
	**copy = *store;
	return 0;
}

IMS_PUBLIC void ims_store_free(struct ims_store *store)
{
	free(store);
}

IMS_PUBLIC int ims_store_reset_stats(struct ims_ctx *ctx,
				     const struct ims_store *store,
				     unsigned int flags)
{
	struct ims_nl_op op = { .attrs = &ims_store_attrs };
	char object[IMS_OBJECT_SIZE];
	struct nl_msg *msg;
	int err;

	if (!ctx || !store)
		return -EINVAL;

	ims_store_text(object, store->name);
	err = ims_check_flags(ctx, object, flags);
	if (err)
		return err;

	msg = ims_nl_u32(ims_nl_msg(IMS_CMD_STORE_STATS_RESET),
			 IMS_A_STORE_ID, store->id);
	op.object = object;
	op.msg = ims_nl_flags(msg, IMS_A_STORE_VALIDATE_ONLY, flags);
	return ims_nl_do(ctx, &op);
}

static const char *string(const struct ims_store *store, uint16_t type)
{
	return ims_attr_string(&ims_store_attrs, type, store);
}

static int u32(const struct ims_store *store, uint16_t type, uint32_t *value)
{
	return ims_attr_u32(&ims_store_attrs, type, store, value);
}

IMS_PUBLIC const char *ims_store_get_name(const struct ims_store *store)
{
	return string(store, IMS_A_STORE_NAME);
}

IMS_PUBLIC const char *ims_store_get_driver(const struct ims_store *store)
{
	return string(store, IMS_A_STORE_DRIVER);
}

IMS_PUBLIC const char *ims_store_get_domain(const struct ims_store *store)
{
	return string(store, IMS_A_STORE_DOMAIN);
}

IMS_PUBLIC int ims_store_get_id(const struct ims_store *store, uint32_t *id)
{
	return u32(store, IMS_A_STORE_ID, id);
}

IMS_PUBLIC int ims_store_get_size(const struct ims_store *store,
				  uint32_t *slots)
{
	return u32(store, IMS_A_STORE_SIZE, slots);
}

IMS_PUBLIC int ims_store_get_limit(const struct ims_store *store,
				   uint32_t *slots)
{
	return u32(store, IMS_A_STORE_LIMIT, slots);
}

IMS_PUBLIC int ims_store_get_used(const struct ims_store *store,
				  uint32_t *slots)
{
	return u32(store, IMS_A_STORE_USED, slots);
}

IMS_PUBLIC int ims_store_get_peak(const struct ims_store *store,
				  uint32_t *slots)
{
	return u32(store, IMS_A_STORE_PEAK, slots);
}

IMS_PUBLIC int ims_store_get_reserved(const struct ims_store *store,
				      uint32_t *slots)
{
	return u32(store, IMS_A_STORE_RESERVED, slots);
}

IMS_PUBLIC int ims_store_get_available(const struct ims_store *store,
				       uint32_t *slots)
{
	return u32(store, IMS_A_STORE_AVAILABLE, slots);
}

IMS_PUBLIC int ims_store_get_entries(const struct ims_store *store,
				     uint32_t *count)
{
	return u32(store, IMS_A_STORE_ENTRIES, count);
}

IMS_PUBLIC int ims_store_get_capacity(const struct ims_store *store,
				      uint32_t *count)
{
	return u32(store, IMS_A_STORE_CAPACITY, count);
}

IMS_PUBLIC int ims_store_get_devices(const struct ims_store *store,
				     uint32_t *count)
{
	return u32(store, IMS_A_STORE_DEVICES, count);
}

IMS_PUBLIC int ims_store_get_failures(const struct ims_store *store,
				      uint64_t *count)
{
	return ims_attr_u64(&ims_store_attrs, IMS_A_STORE_FAILURES, store,
			    count);
}

IMS_PUBLIC bool ims_store_is_suspended(const struct ims_store *store)
{
	return ims_attr_flag(IMS_A_STORE_SUSPENDED, store);
}
