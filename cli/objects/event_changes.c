// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an event has changed, by what was told of its object before.
 */
#include <string.h>

#include "objects/event_row.h"

static bool is_change(const struct ims_event *event)
{
	uint32_t type;

	return !ims_event_get_type(event, &type) &&
	       (type == IMS_EVENT_STORE_CHANGE ||
		type == IMS_EVENT_DEVICE_CHANGE ||
		type == IMS_EVENT_VECTOR_CHANGE);
}

void format_change(const struct column *column, const void *object,
		   struct cell *cell)
{
	if (column->get(object, cell))
		format_cell(column, object, cell);
	else
		strcpy(cell->string, "none");
}

bool get_event_changes(const struct event_row *row,
		       struct event_changes *changes)
{
	struct event_row before = { .event = row->before };
	struct selection all;
	struct cell old, new;
	size_t i;

	if (!row->event || !row->before || !is_change(row->event) ||
	    !get_event_object(row, &changes->new) ||
	    !get_event_object(&before, &changes->old))
		return false;

	changes->columns.count = 0;
	select_view(changes->new.table, IN_EVENT | IN_CHANGE, &all);
	for (i = 0; i < all.count; i++) {
		const struct column *c = all.columns[i];

		format_change(c, changes->old.object, &old);
		format_change(c, changes->new.object, &new);
		if (strcmp(old.string, new.string))
			changes->columns.columns[changes->columns.count++] = c;
	}
	return true;
}

/* Vectors say since when they count. */
static bool vector_counts_anew(const struct ims_vector *old,
			       const struct ims_vector *new)
{
	uint64_t before, now;

	return !ims_vector_get_since(old, &before) &&
	       !ims_vector_get_since(new, &now) && now != before;
}

/* Of a store these go down by nothing else. */
static bool store_counts_anew(const struct ims_store *old,
			      const struct ims_store *new)
{
	uint64_t failures_before, failures;
	uint32_t peak_before, peak;

	return (!ims_store_get_failures(old, &failures_before) &&
		!ims_store_get_failures(new, &failures) &&
		failures < failures_before) ||
	       (!ims_store_get_peak(old, &peak_before) &&
		!ims_store_get_peak(new, &peak) && peak < peak_before);
}

bool is_event_reset(const struct event_row *row)
{
	struct event_changes changes;
	size_t i;

	if (!get_event_changes(row, &changes))
		return false;
	if (!vector_counts_anew(ims_event_get_vector(row->before),
				ims_event_get_vector(row->event)) &&
	    !store_counts_anew(ims_event_get_store(row->before),
			       ims_event_get_store(row->event)))
		return false;
	for (i = 0; i < changes.columns.count; i++)
		if (!(changes.columns.columns[i]->where & IN_COUNTER))
			return false;
	return true;
}
