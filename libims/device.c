// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Virtual devices.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"

/* Candidates that an ambiguous name's error lists. */
#define CANDIDATES_MAX	8

struct ims_device_list {
	struct ims_list list;
};

static int compare(const void *a, const void *b)
{
	const struct ims_device *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* On @store only, unless that is NULL. */
static int dump(struct ims_ctx *ctx, const struct ims_store *store,
		struct ims_device_list **list)
{
	char object[IMS_OBJECT_SIZE];
	struct ims_device_list *l;
	struct nl_msg *msg;
	int err;

	if (store)
		ims_store_text(object, store->name);
	l = calloc(1, sizeof(*l));
	if (!l)
		return ims_fail_errno(ctx, -ENOMEM, store ? object : NULL,
				      "listing devices");

	l->list.set = &ims_device_attrs;
	msg = ims_nl_msg(IMS_CMD_DEVICE_GET);
	if (store)
		msg = ims_nl_u32(msg, IMS_A_DEVICE_STORE_ID, store->id);
	err = ims_list_dump(ctx, &l->list, msg, store ? object : NULL, compare);
	if (err && err != -EINTR)
		ims_device_list_free(l);
	else
		*list = l;
	return err;
}

IMS_PUBLIC int ims_device_list_get(struct ims_ctx *ctx,
				   struct ims_device_list **list)
{
	if (list)
		*list = NULL;
	if (!ctx || !list)
		return -EINVAL;

	return dump(ctx, NULL, list);
}

IMS_PUBLIC int ims_device_list_get_by_store(struct ims_ctx *ctx,
					    const struct ims_store *store,
					    struct ims_device_list **list)
{
	if (list)
		*list = NULL;
	if (!ctx || !store || !list)
		return -EINVAL;

	return dump(ctx, store, list);
}

IMS_PUBLIC void ims_device_list_free(struct ims_device_list *list)
{
	if (!list)
		return;

	ims_list_end(&list->list);
	free(list);
}

IMS_PUBLIC int ims_device_list_get_time(const struct ims_device_list *list,
				    uint64_t *ns)
{
	return ims_list_time(list ? &list->list : NULL, ns);
}

IMS_PUBLIC size_t ims_device_list_count(const struct ims_device_list *list)
{
	return list ? list->list.count : 0;
}

IMS_PUBLIC const struct ims_device *
ims_device_list_at(const struct ims_device_list *list, size_t position)
{
	return list ? ims_list_at(&list->list, position) : NULL;
}

static int get(struct ims_ctx *ctx, struct nl_msg *msg, const char *object,
	       struct ims_device **device)
{
	void *snapshot;
	int err;

	err = ims_snapshot_get(ctx, &ims_device_attrs, msg, object, &snapshot);
	*device = snapshot;
	return err;
}

/* The checks that all look-ups by name share. */
static int check_name(struct ims_ctx *ctx, const char *name,
		      struct ims_device **device, char object[IMS_OBJECT_SIZE])
{
	if (device)
		*device = NULL;
	if (!ctx || !name || !device)
		return -EINVAL;

	ims_object_text(object, name, 0, 0);
	if (!name[0])
		return ims_fail(ctx, -EINVAL, NULL, "name",
				"a device's name cannot be empty");
	if (strlen(name) > IMS_NAME_MAX)
		return ims_fail(ctx, -ENODEV, object, "name",
				"no such virtual device is open: names have at most %d bytes",
				IMS_NAME_MAX);
	return 0;
}

IMS_PUBLIC int ims_device_get(struct ims_ctx *ctx, const char *name,
			      struct ims_device **device)
{
	char object[IMS_OBJECT_SIZE];
	int err;

	err = check_name(ctx, name, device, object);
	if (err)
		return err;

	return get(ctx, ims_nl_string(ims_nl_msg(IMS_CMD_DEVICE_GET),
				      IMS_A_DEVICE_NAME, name),
		   object, device);
}

IMS_PUBLIC int ims_device_get_by_id(struct ims_ctx *ctx, uint32_t id,
				    struct ims_device **device)
{
	char object[IMS_OBJECT_SIZE];

	if (device)
		*device = NULL;
	if (!ctx || !device)
		return -EINVAL;

	snprintf(object, sizeof(object), "device #%u", id);
	return get(ctx, ims_nl_u32(ims_nl_msg(IMS_CMD_DEVICE_GET),
				   IMS_A_DEVICE_ID, id),
		   object, device);
}

static int ambiguous(struct ims_ctx *ctx, const char *object, const char *name,
		     const struct ims_device_list *list)
{
	char text[CANDIDATES_MAX * (IMS_NAME_MAX + 2) + 1] = "";
	size_t i, found = 0, len = 0;
	char more[32] = "";

	for (i = 0; i < ims_device_list_count(list); i++) {
		const struct ims_device *d = ims_device_list_at(list, i);

		if (strncmp(d->name, name, strlen(name)))
			continue;
		if (found++ < CANDIDATES_MAX)
			len += snprintf(text + len, sizeof(text) - len, "%s%s",
					found > 1 ? ", " : "", d->name);
	}
	if (found > CANDIDATES_MAX)
		snprintf(more, sizeof(more), " and %zu more",
			 found - CANDIDATES_MAX);

	return ims_fail(ctx, -ENOTUNIQ, object, "name",
			"the name fits several: %s%s", text, more);
}

IMS_PUBLIC int ims_device_find(struct ims_ctx *ctx, const char *name,
			       struct ims_device **device)
{
	const struct ims_device *match = NULL;
	struct ims_device_list *list;
	char object[IMS_OBJECT_SIZE];
	size_t i, found = 0;
	int err;

	err = check_name(ctx, name, device, object);
	if (err)
		return err;

	/* Mostly it is a full name, and then there is no need to list all. */
	err = ims_device_get(ctx, name, device);
	if (err != -ENODEV)
		return err;

	err = ims_device_list_get(ctx, &list);
	if (err) {
		ims_device_list_free(list);
		return err;
	}

	for (i = 0; i < ims_device_list_count(list); i++) {
		const struct ims_device *d = ims_device_list_at(list, i);

		/* It may have been opened since the look-up. */
		if (!strcmp(d->name, name)) {
			match = d;
			found = 1;
			break;
		}
		if (!strncmp(d->name, name, strlen(name))) {
			match = d;
			found++;
		}
	}

	if (!found) {
		err = ims_fail(ctx, -ENODEV, object, "name",
			       "no such virtual device is open");
	} else if (found > 1) {
		err = ambiguous(ctx, object, name, list);
	} else {
		*device = malloc(sizeof(**device));
		if (*device)
			**device = *match;
		else
			err = ims_fail_errno(ctx, -ENOMEM, object, "copying");
	}
	ims_device_list_free(list);
	return err;
}

IMS_PUBLIC int ims_device_copy(const struct ims_device *device,
			       struct ims_device **copy)
{
	if (copy)
		*copy = NULL;
	if (!device || !copy)
		return -EINVAL;

	*copy = malloc(sizeof(**copy));
	if (!*copy)
		return -ENOMEM;
	**copy = *device;
	return 0;
}

IMS_PUBLIC void ims_device_free(struct ims_device *device)
{
	free(device);
}

static const char *string(const struct ims_device *device, uint16_t type)
{
	return ims_attr_string(&ims_device_attrs, type, device);
}

static int u32(const struct ims_device *device, uint16_t type, uint32_t *value)
{
	return ims_attr_u32(&ims_device_attrs, type, device, value);
}

static int u64(const struct ims_device *device, uint16_t type, uint64_t *value)
{
	return ims_attr_u64(&ims_device_attrs, type, device, value);
}

IMS_PUBLIC const char *ims_device_get_name(const struct ims_device *device)
{
	return string(device, IMS_A_DEVICE_NAME);
}

IMS_PUBLIC const char *ims_device_get_uuid(const struct ims_device *device)
{
	return string(device, IMS_A_DEVICE_UUID);
}

IMS_PUBLIC const char *ims_device_get_parent(const struct ims_device *device)
{
	return string(device, IMS_A_DEVICE_PARENT);
}

IMS_PUBLIC const char *
ims_device_get_owner_comm(const struct ims_device *device)
{
	return string(device, IMS_A_DEVICE_OWNER_COMM);
}

IMS_PUBLIC int ims_device_get_id(const struct ims_device *device, uint32_t *id)
{
	return u32(device, IMS_A_DEVICE_ID, id);
}

IMS_PUBLIC int ims_device_get_store_id(const struct ims_device *device,
				       uint32_t *id)
{
	return u32(device, IMS_A_DEVICE_STORE_ID, id);
}

IMS_PUBLIC int ims_device_get_vectors(const struct ims_device *device,
				      uint32_t *count)
{
	return u32(device, IMS_A_DEVICE_VECTORS, count);
}

IMS_PUBLIC int ims_device_get_live(const struct ims_device *device,
				   uint32_t *count)
{
	return u32(device, IMS_A_DEVICE_LIVE, count);
}

IMS_PUBLIC int ims_device_get_held(const struct ims_device *device,
				   uint32_t *count)
{
	return u32(device, IMS_A_DEVICE_HELD, count);
}

IMS_PUBLIC int ims_device_get_emulated(const struct ims_device *device,
				       uint32_t *count)
{
	return u32(device, IMS_A_DEVICE_EMULATED, count);
}

IMS_PUBLIC int ims_device_get_slots(const struct ims_device *device,
				    uint32_t *count)
{
	return u32(device, IMS_A_DEVICE_SLOTS, count);
}

IMS_PUBLIC int ims_device_get_limit(const struct ims_device *device,
				    uint32_t *limit)
{
	return u32(device, IMS_A_DEVICE_LIMIT, limit);
}

IMS_PUBLIC int ims_device_get_reservation(const struct ims_device *device,
					  uint32_t *reservation)
{
	return u32(device, IMS_A_DEVICE_RESERVATION, reservation);
}

IMS_PUBLIC int ims_device_get_entries(const struct ims_device *device,
				      uint32_t *count)
{
	return u32(device, IMS_A_DEVICE_ENTRIES, count);
}

IMS_PUBLIC int ims_device_get_default_cookie(const struct ims_device *device,
					     uint64_t *cookie)
{
	return u64(device, IMS_A_DEVICE_DEFAULT_COOKIE, cookie);
}

IMS_PUBLIC int ims_device_get_owner_pid(const struct ims_device *device,
					uint32_t *pid)
{
	return u32(device, IMS_A_DEVICE_OWNER_PID, pid);
}

IMS_PUBLIC int ims_device_get_bypass(const struct ims_device *device,
				     uint32_t *mode)
{
	return u32(device, IMS_A_DEVICE_BYPASS, mode);
}

IMS_PUBLIC int ims_device_get_quiet(const struct ims_device *device,
				    uint32_t *count)
{
	return u32(device, IMS_A_DEVICE_QUIET, count);
}

IMS_PUBLIC int ims_device_get_rate_limit(const struct ims_device *device,
					 uint32_t *rate)
{
	return u32(device, IMS_A_DEVICE_RATE_LIMIT, rate);
}

IMS_PUBLIC const char *ims_bypass_mode_name(uint32_t mode)
{
	switch (mode) {
	case IMS_BYPASS_MODE_AUTO:
		return "auto";
	case IMS_BYPASS_MODE_ON:
		return "on";
	case IMS_BYPASS_MODE_OFF:
		return "off";
	default:
		return NULL;
	}
}

IMS_PUBLIC int ims_device_get_refused(const struct ims_device *device,
				      uint64_t *count)
{
	return u64(device, IMS_A_DEVICE_REFUSED, count);
}

IMS_PUBLIC int ims_device_get_refused_vector(const struct ims_device *device,
					     uint32_t *index)
{
	return u32(device, IMS_A_DEVICE_REFUSED_VECTOR, index);
}

IMS_PUBLIC int ims_device_get_refused_error(const struct ims_device *device,
					    uint32_t *error)
{
	return u32(device, IMS_A_DEVICE_REFUSED_ERROR, error);
}

IMS_PUBLIC int ims_device_get_refused_kind(const struct ims_device *device,
					   uint32_t *kind)
{
	return u32(device, IMS_A_DEVICE_REFUSED_KIND, kind);
}

IMS_PUBLIC int ims_device_get_refused_last(const struct ims_device *device,
					   uint64_t *ns)
{
	return u64(device, IMS_A_DEVICE_REFUSED_LAST, ns);
}

IMS_PUBLIC bool ims_device_is_on_hold(const struct ims_device *device)
{
	return ims_attr_flag(IMS_A_DEVICE_ON_HOLD, device);
}

IMS_PUBLIC bool ims_device_is_gone(const struct ims_device *device)
{
	return ims_attr_flag(IMS_A_DEVICE_GONE, device);
}
