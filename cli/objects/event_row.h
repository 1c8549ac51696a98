/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events as they are printed: what happened, and the object that it is about.
 */
#ifndef IMSCTL_EVENT_ROW_H
#define IMSCTL_EVENT_ROW_H

#include "objects/objects.h"

/**
 * struct event_row - an event
 * @event: it; NULL: the monitor listens from now on
 * @before: what was told of its object before; NULL if nothing was
 * @time: when it was read
 */
struct event_row {
	const struct ims_event *event;
	const struct ims_event *before;
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

/**
 * struct event_changes - what a change has changed
 * @old: the object before
 * @new: and now
 * @columns: those whose text is another one
 */
struct event_changes {
	struct event_object old;
	struct event_object new;
	struct selection columns;
};

/*
 * event_changes.c: false when the event is about no change, or nothing is known
 * of what was before.
 */
bool get_event_changes(const struct event_row *row,
		       struct event_changes *changes);
/* What a column of @object shows there: "none" where it has no value. */
void format_change(const struct column *column, const void *object,
		   struct cell *cell);
/* Of a change: is it that counts of its object began anew, and nothing else? */
bool is_event_reset(const struct event_row *row);

/* What --event, --vm and a device's name let pass. */
struct event_filter {
	/* As they were given; NULL: all. */
	const char *events;
	const char *vms;
	const char *device;
};

struct event_model;

/* event_filter.c */
enum exit_code parse_event_filter(const struct call *call,
				  struct event_filter *filter);
bool event_passes(const struct event_filter *filter,
		  const struct event_row *row, const struct event_model *model);
/* The words of --event: those of events, and what begins several of them. */
const char *event_word(uint32_t number);

#endif /* IMSCTL_EVENT_ROW_H */
