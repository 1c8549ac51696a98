// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Columns of events and of alerts.
 */
#include <string.h>

#include "objects/event_row.h"

static const struct ims_event *event_of(const void *object)
{
	const struct event_row *row = object;

	return row->event;
}

static bool get_time(const void *object, struct cell *cell)
{
	const struct event_row *row = object;

	cell->number = row->time;
	return true;
}

static bool get_event(const void *object, struct cell *cell)
{
	uint32_t type;

	/* That it listens is no event of the library. */
	if (!event_of(object))
		return cell_string("listening", cell);
	if (ims_event_get_type(event_of(object), &type))
		return false;
	if (is_event_reset(object))
		return cell_string(type == IMS_EVENT_STORE_CHANGE ?
				   "store-reset" : "vector-reset", cell);
	return cell_string(ims_event_type_name(type), cell);
}

/* What somebody should look at. */
static enum style style_event(const struct column *column, const void *object)
{
	uint32_t type;

	(void)column;
	if (!event_of(object) || ims_event_get_type(event_of(object), &type))
		return STYLE_PLAIN;
	return type == IMS_EVENT_ALERT || type == IMS_EVENT_OVERRUN ||
	       type == IMS_EVENT_GONE ? STYLE_BAD : STYLE_PLAIN;
}

/* What does not fit is left out, which is said. */
static bool get_changes(const void *object, struct cell *cell)
{
	static const char more[] = "...";
	struct event_changes changes;
	struct cell old, new;
	size_t i, len = 0;

	if (!get_event_changes(object, &changes) || !changes.columns.count)
		return false;
	for (i = 0; i < changes.columns.count; i++) {
		const struct column *c = changes.columns.columns[i];
		size_t room = CELL_SIZE - sizeof(more) - len;
		size_t size;

		format_change(c, changes.old.object, &old);
		format_change(c, changes.new.object, &new);
		size = snprintf(cell->string + len, room, "%s%s=%s->%s",
				i ? " " : "", c->key, old.string, new.string);
		if (size >= room) {
			strcpy(cell->string + len, more);
			break;
		}
		len += size;
	}
	return true;
}

static bool get_object(const void *object, struct cell *cell)
{
	struct event_object about;

	if (!get_event_object(object, &about))
		return false;
	return cell_string(about.table->object, cell);
}

static const struct column event_columns[] = {
	{ "TIME", "time_ns", COLUMN_TIME, IN_JSON | ALWAYS,
	  "when it was told: CLOCK_MONOTONIC in nanoseconds", get_time },
	{ "EVENT", "event", COLUMN_STRING, IN_TEXT | IN_JSON | ALWAYS,
	  "what happened, such as vector-change", get_event,
	  .style = style_event },
	{ "CHANGES", "changes", COLUMN_STRING, IN_JSON,
	  "of a change: key=old->new of what is not as it was", get_changes },
	{ "OBJECT", "object", COLUMN_STRING, IN_JSON,
	  "store, device, vector or alert: whose values follow", get_object },
	{ 0 },
};

const struct table event_table = {
	.object = "event",
	.objects = "events",
	.columns = event_columns,
};

static bool get_alert_device(const void *event, struct cell *cell)
{
	return cell_string(ims_event_get_alert_device_name(event), cell);
}

static bool get_alert_parent(const void *event, struct cell *cell)
{
	return cell_string(ims_event_get_alert_parent(event), cell);
}

static bool get_alert_kind(const void *event, struct cell *cell)
{
	uint32_t kind;

	return !ims_event_get_alert_kind(event, &kind) &&
	       cell_word(ims_alert_kind_name(kind), kind, cell);
}

static bool get_alert_error(const void *event, struct cell *cell)
{
	uint32_t error;

	return !ims_event_get_alert_error(event, &error) &&
	       cell_word(strerrorname_np(error), error, cell);
}

static bool get_alert_rate(const void *event, struct cell *cell)
{
	return !ims_event_get_alert_rate(event, &cell->number);
}

static bool get_alert_device_id(const void *event, struct cell *cell)
{
	uint32_t id;

	if (ims_event_get_alert_device_id(event, &id))
		return false;
	cell->number = id;
	return true;
}

static bool get_alert_vector(const void *event, struct cell *cell)
{
	uint32_t index;

	if (ims_event_get_alert_index(event, &index))
		return false;
	cell->number = index;
	return true;
}

static const struct column alert_columns[] = {
	{ "DEVICE", "device", COLUMN_DEVICE, IN_JSON,
	  "name of the device", get_alert_device },
	{ "DEVICE-ID", "device_id", COLUMN_NUMBER, IN_JSON,
	  "number of the device", get_alert_device_id },
	{ "PARENT", "parent", COLUMN_ADDRESS, IN_JSON,
	  "PCI address of the device that has the store", get_alert_parent },
	{ "VECTOR", "vector", COLUMN_NUMBER, IN_JSON,
	  "number of the vector", get_alert_vector },
	{ "ALERT", "alert", COLUMN_STRING, IN_EVENT | IN_JSON | ALWAYS,
	  "what ran out, affinity or storm", get_alert_kind },
	{ "ERROR", "error", COLUMN_STRING, IN_EVENT | IN_JSON,
	  "errno that the device's owner got, such as ENOSPC",
	  get_alert_error },
	{ "RATE", "rate", COLUMN_NUMBER, IN_EVENT | IN_JSON,
	  "interrupts a second, of a storm", get_alert_rate },
	{ 0 },
};

const struct table alert_table = {
	.object = "alert",
	.objects = "alerts",
	.columns = alert_columns,
};

/* What the event is about; false when it is about nothing in particular. */
bool get_event_object(const struct event_row *row, struct event_object *about)
{
	uint32_t type;

	memset(about, 0, sizeof(*about));
	about->row.vector = ims_event_get_vector(row->event);
	if (ims_event_get_store(row->event)) {
		about->table = &store_table;
		about->object = ims_event_get_store(row->event);
		about->name = ims_store_get_name(about->object);
	} else if (ims_event_get_device(row->event)) {
		about->table = &device_table;
		about->object = ims_event_get_device(row->event);
		about->name = ims_device_get_name(about->object);
	} else if (about->row.vector) {
		about->table = &vector_table;
		about->object = &about->row;
		about->name = ims_vector_get_device_name(about->row.vector);
		about->has_index = !ims_vector_get_index(about->row.vector,
							 &about->index);
	} else if (!ims_event_get_type(row->event, &type) &&
		   type == IMS_EVENT_ALERT) {
		about->table = &alert_table;
		about->object = row->event;
		about->name = ims_event_get_alert_device_name(row->event);
		about->has_index = !ims_event_get_alert_index(row->event,
							      &about->index);
	}
	return about->table;
}
