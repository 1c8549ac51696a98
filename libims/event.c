// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Events: what a monitor tells.
 */
#include <errno.h>
#include <stdlib.h>

#include "event.h"

/* @cmd is 0 for what the library makes by itself. */
static const struct {
	const char *name;
	const struct ims_attr_set *set;
	uint8_t cmd;
} kinds[] = {
	[IMS_EVENT_STORE_CREATE] = { "store-create", &ims_store_attrs,
				     IMS_CMD_STORE_CREATE_NTF },
	[IMS_EVENT_STORE_DELETE] = { "store-delete", &ims_store_attrs,
				     IMS_CMD_STORE_DELETE_NTF },
	[IMS_EVENT_STORE_CHANGE] = { "store-change", &ims_store_attrs,
				     IMS_CMD_STORE_CHANGE_NTF },
	[IMS_EVENT_STORE_SYNC] = { "store-sync", &ims_store_attrs, 0 },
	[IMS_EVENT_DEVICE_CREATE] = { "device-create", &ims_device_attrs,
				      IMS_CMD_DEVICE_CREATE_NTF },
	[IMS_EVENT_DEVICE_DELETE] = { "device-delete", &ims_device_attrs,
				      IMS_CMD_DEVICE_DELETE_NTF },
	[IMS_EVENT_DEVICE_CHANGE] = { "device-change", &ims_device_attrs,
				      IMS_CMD_DEVICE_CHANGE_NTF },
	[IMS_EVENT_DEVICE_SYNC] = { "device-sync", &ims_device_attrs, 0 },
	[IMS_EVENT_VECTOR_CREATE] = { "vector-create", &ims_vector_attrs,
				      IMS_CMD_VECTOR_CREATE_NTF },
	[IMS_EVENT_VECTOR_CHANGE] = { "vector-change", &ims_vector_attrs,
				      IMS_CMD_VECTOR_CHANGE_NTF },
	[IMS_EVENT_VECTOR_SYNC] = { "vector-sync", &ims_vector_attrs, 0 },
	[IMS_EVENT_ALERT] = { "alert", &ims_alert_attrs, IMS_CMD_ALERT_NTF },
	[IMS_EVENT_OVERRUN] = { "overrun", NULL, 0 },
	[IMS_EVENT_SYNCED] = { "synced", NULL, 0 },
	[IMS_EVENT_GONE] = { "gone", NULL, 0 },
	[IMS_EVENT_BACK] = { "back", NULL, 0 },
};

#define NUM_KINDS	(sizeof(kinds) / sizeof(kinds[0]))

int ims_event_new(struct ims_ctx *ctx, uint32_t type, struct ims_event **event)
{
	*event = calloc(1, sizeof(**event));
	if (!*event)
		return ims_fail_errno(ctx, -ENOMEM, NULL, "reading events");

	(*event)->type = type;
	(*event)->set = kinds[type].set;
	return 0;
}

int ims_event_type_of(uint8_t cmd, uint32_t *type)
{
	uint32_t i;

	for (i = 0; i < NUM_KINDS; i++) {
		if (cmd && kinds[i].cmd == cmd) {
			*type = i;
			return 0;
		}
	}
	return -ENOENT;
}

IMS_PUBLIC int ims_event_copy(const struct ims_event *event,
			      struct ims_event **copy)
{
	if (copy)
		*copy = NULL;
	if (!event || !copy)
		return -EINVAL;

	*copy = malloc(sizeof(**copy));
	if (!*copy)
		return -ENOMEM;
	**copy = *event;
	return 0;
}

IMS_PUBLIC void ims_event_free(struct ims_event *event)
{
	free(event);
}

IMS_PUBLIC int ims_event_get_type(const struct ims_event *event, uint32_t *type)
{
	if (!event || !type)
		return -EINVAL;

	*type = event->type;
	return 0;
}

IMS_PUBLIC int ims_event_get_time(const struct ims_event *event, uint64_t *ns)
{
	if (!event || !ns)
		return -EINVAL;
	if (!event->time)
		return event->set ? ims_attr_u64(event->set, event->set->time,
						 &event->snapshot, ns) :
				    -ENODATA;
	*ns = event->time;
	return 0;
}

IMS_PUBLIC const char *ims_event_type_name(uint32_t type)
{
	return type < NUM_KINDS ? kinds[type].name : NULL;
}

IMS_PUBLIC const struct ims_store *
ims_event_get_store(const struct ims_event *event)
{
	return event && event->set == &ims_store_attrs ? &event->store : NULL;
}

IMS_PUBLIC const struct ims_device *
ims_event_get_device(const struct ims_event *event)
{
	return event && event->set == &ims_device_attrs ? &event->device : NULL;
}

IMS_PUBLIC const struct ims_vector *
ims_event_get_vector(const struct ims_event *event)
{
	return event && event->set == &ims_vector_attrs ? &event->vector : NULL;
}

static int alert_u32(const struct ims_event *event, uint16_t type,
		     uint32_t *value)
{
	if (!event || !value)
		return -EINVAL;
	if (event->set != &ims_alert_attrs)
		return -ENODATA;
	return ims_attr_u32(&ims_alert_attrs, type, &event->alert, value);
}

IMS_PUBLIC int ims_event_get_alert_kind(const struct ims_event *event,
					uint32_t *kind)
{
	return alert_u32(event, IMS_A_ALERT_KIND, kind);
}

IMS_PUBLIC int ims_event_get_alert_device_id(const struct ims_event *event,
					     uint32_t *id)
{
	return alert_u32(event, IMS_A_ALERT_DEVICE_ID, id);
}

IMS_PUBLIC int ims_event_get_alert_index(const struct ims_event *event,
					 uint32_t *index)
{
	return alert_u32(event, IMS_A_ALERT_INDEX, index);
}

IMS_PUBLIC int ims_event_get_alert_error(const struct ims_event *event,
					 uint32_t *error)
{
	return alert_u32(event, IMS_A_ALERT_ERROR, error);
}

IMS_PUBLIC int ims_event_get_alert_rate(const struct ims_event *event,
					uint64_t *rate)
{
	if (!event || !rate)
		return -EINVAL;
	if (event->set != &ims_alert_attrs)
		return -ENODATA;
	return ims_attr_u64(&ims_alert_attrs, IMS_A_ALERT_RATE, &event->alert,
			    rate);
}

static const char *alert_string(const struct ims_event *event, uint16_t type)
{
	if (!event || event->set != &ims_alert_attrs)
		return NULL;
	return ims_attr_string(&ims_alert_attrs, type, &event->alert);
}

IMS_PUBLIC const char *
ims_event_get_alert_device_name(const struct ims_event *event)
{
	return alert_string(event, IMS_A_ALERT_DEVICE_NAME);
}

IMS_PUBLIC const char *ims_event_get_alert_parent(const struct ims_event *event)
{
	return alert_string(event, IMS_A_ALERT_PARENT);
}

IMS_PUBLIC const char *ims_alert_kind_name(uint32_t kind)
{
	switch (kind) {
	case IMS_ALERT_KIND_DEVICE_LIMIT:
		return "device-limit";
	case IMS_ALERT_KIND_STORE_FULL:
		return "store-full";
	case IMS_ALERT_KIND_ENTRIES:
		return "entries";
	case IMS_ALERT_KIND_CPU_VECTORS:
		return "cpu-vectors";
	case IMS_ALERT_KIND_AFFINITY:
		return "affinity";
	case IMS_ALERT_KIND_NO_MEMORY:
		return "no-memory";
	case IMS_ALERT_KIND_STORM:
		return "storm";
	default:
		return NULL;
	}
}
