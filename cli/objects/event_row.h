/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events as they are printed: what happened, and the object that it is about.
 */
#ifndef IMSCTL_EVENT_ROW_H
#define IMSCTL_EVENT_ROW_H

#include "objects/objects.h"

/* @event is NULL: the monitor listens from now on. */
struct event_row {
	const struct ims_event *event;
	uint64_t time;
};

extern const struct table event_table;
/* Of struct ims_event. */
extern const struct table alert_table;

/**
 * struct event_object - an event's object; must stay where it is
 * @table: its columns
 * @object: what they are of
 * @name: the store, or the device
 * @has_index: it is about a vector
 * @index: which one
 * @row: for @object
 */
struct event_object {
	const struct table *table;
	const void *object;
	const char *name;
	bool has_index;
	uint32_t index;
	struct vector_row row;
};

bool get_event_object(const struct event_row *row, struct event_object *about);

#endif /* IMSCTL_EVENT_ROW_H */
