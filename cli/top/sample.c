// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl top: rates, from two lists of vectors.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "objects/objects.h"
#include "shared/clock.h"
#include "top/top.h"

static int (*const getters[NUM_TOP_COUNTS])(const struct ims_vector *vector,
					    uint64_t *count) = {
	[TOP_DELIVERED] = ims_vector_get_delivered,
	[TOP_LOOPBACK] = ims_vector_get_loopback,
	[TOP_SIGNALLED] = ims_vector_get_signalled,
	[TOP_DROPPED] = ims_vector_get_dropped,
};

static bool knows_all(const struct ims_device_list *devices,
		      const struct ims_vector_list *vectors)
{
	uint32_t id, last = 0;
	bool first = true;
	size_t i;

	for (i = 0; i < ims_vector_list_count(vectors); i++) {
		if (ims_vector_get_device_id(ims_vector_list_at(vectors, i),
					     &id))
			continue;
		if ((first || id != last) && !device_of_id(id, devices))
			return false;
		first = false;
		last = id;
	}
	return true;
}

/*
 * One dump. Devices, of which the owners' names are, are only asked for when
 * there is a new one. -EINTR, an incomplete list, is good enough: what it lacks
 * has no rate next time.
 */
int top_sample(struct top *top)
{
	struct ims_vector_list *list = NULL;
	struct ims_device_list *devices = NULL;
	int err;

	if (top->device)
		err = ims_vector_list_get_by_device(top->ctx, top->device, &list);
	else
		err = ims_vector_list_get(top->ctx, &list);
	if (err && err != -EINTR)
		return err;

	ims_vector_list_free(top->before.list);
	top->before = top->now;
	top->now.list = list;
	top->now.time = clock_now();

	if (knows_all(top->devices, list))
		return 0;
	err = ims_device_list_get(top->ctx, &devices);
	if (err && err != -EINTR)
		return err;
	ims_device_list_free(top->devices);
	top->devices = devices;
	return 0;
}

uint64_t top_elapsed(const struct top *top)
{
	return top->before.list ? top->now.time - top->before.time : 0;
}

/* -1, 0, 1: by device, then by index, as lists are ordered. */
static int compare_vectors(const struct ims_vector *a,
			   const struct ims_vector *b)
{
	uint32_t device_a = 0, device_b = 0, index_a = 0, index_b = 0;

	ims_vector_get_device_id(a, &device_a);
	ims_vector_get_device_id(b, &device_b);
	ims_vector_get_index(a, &index_a);
	ims_vector_get_index(b, &index_b);
	if (device_a != device_b)
		return device_a < device_b ? -1 : 1;
	return index_a < index_b ? -1 : index_a > index_b;
}

/*
 * What was counted since the sample before: all of it when counting began
 * later than that, because the vector is new or its counts were reset. False
 * when that is not known.
 */
static bool count_between(const struct top *top, const struct ims_vector *now,
			  const struct ims_vector *before, uint64_t *counts)
{
	uint64_t since, old_since = 0, old;
	int i;

	if (!top_elapsed(top) || ims_vector_get_since(now, &since))
		return false;
	if (before && (ims_vector_get_since(before, &old_since) ||
		       since != old_since))
		before = NULL;
	if (!before && since < top->before.time)
		return false;

	for (i = 0; i < NUM_TOP_COUNTS; i++) {
		old = 0;
		if (getters[i](now, &counts[i]) ||
		    (before && getters[i](before, &old)) || counts[i] < old)
			return false;
		counts[i] -= old;
	}
	return true;
}

static void fill(const struct top *top, const struct ims_vector *vector,
		 const struct ims_vector *before, struct top_row *row)
{
	uint64_t counts[NUM_TOP_COUNTS];
	uint64_t elapsed = top_elapsed(top);
	uint32_t state, slot;
	int i;

	*row = (struct top_row) {
		.vector = vector,
		.name = ims_vector_get_device_name(vector),
		.used = 1,
	};
	if (!ims_vector_get_device_id(vector, &row->device_id))
		row->device = device_of_id(row->device_id, top->devices);
	if (!ims_vector_get_state(vector, &state)) {
		row->live = state == IMS_VECTOR_STATE_LIVE;
		row->held = state == IMS_VECTOR_STATE_HELD;
	}
	row->slots = !ims_vector_get_slot(vector, &slot);
	row->known = count_between(top, vector, before, counts);
	for (i = 0; row->known && i < NUM_TOP_COUNTS; i++)
		row->rates[i] = (double)counts[i] * 1e12 / elapsed + 0.5;
}

/* Makes the rows of vectors into one for each device; they stand together. */
static void sum_up(struct top *top)
{
	size_t i, kept = 0;
	int c;

	for (i = 0; i < top->count; i++) {
		struct top_row *row = &top->rows[i];
		struct top_row *sum = &top->rows[kept ? kept - 1 : 0];

		if (!kept || sum->device_id != row->device_id) {
			top->rows[kept] = *row;
			top->rows[kept++].vector = NULL;
			continue;
		}
		sum->used += row->used;
		sum->live += row->live;
		sum->held += row->held;
		sum->slots += row->slots;
		sum->known |= row->known;
		for (c = 0; c < NUM_TOP_COUNTS; c++)
			sum->rates[c] += row->rates[c];
	}
	top->count = kept;
}

static bool is_text(const struct column *column)
{
	return column->type == COLUMN_STRING;
}

/* Most first, names from a to z; what is absent comes last in any case. */
static int compare_rows(const void *a, const void *b, void *data)
{
	const struct top *top = data;
	const struct column *column = top->sort;
	const struct top_row *x = a, *y = b;
	struct cell cell_x, cell_y;
	bool has_x = column->get(x, &cell_x), has_y = column->get(y, &cell_y);
	int order = 0;

	if (has_x != has_y)
		return has_x ? -1 : 1;
	if (has_x && is_text(column))
		order = strcmp(cell_x.string, cell_y.string);
	else if (has_x)
		order = cell_x.number > cell_y.number ? -1 :
			cell_x.number < cell_y.number;
	if (order)
		return top->reverse ? -order : order;
	if (x->device_id != y->device_id)
		return x->device_id < y->device_id ? -1 : 1;
	return x->vector && y->vector ? compare_vectors(x->vector, y->vector) :
					0;
}

bool top_make_rows(struct top *top)
{
	size_t count = ims_vector_list_count(top->now.list);
	size_t i, old = 0;

	free(top->rows);
	top->count = 0;
	top->rows = calloc(count + 1, sizeof(*top->rows));
	if (!top->rows)
		return false;

	for (i = 0; i < count; i++) {
		const struct ims_vector *v = ims_vector_list_at(top->now.list,
								i);
		const struct ims_vector *before = NULL;

		while (old < ims_vector_list_count(top->before.list) &&
		       compare_vectors(ims_vector_list_at(top->before.list,
							  old), v) < 0)
			old++;
		if (old < ims_vector_list_count(top->before.list))
			before = ims_vector_list_at(top->before.list, old);
		if (before && compare_vectors(before, v))
			before = NULL;
		fill(top, v, before, &top->rows[top->count++]);
	}
	if (top->by_device)
		sum_up(top);
	qsort_r(top->rows, top->count, sizeof(*top->rows), compare_rows, top);
	return true;
}

static const void *row_at(const void *list, size_t position)
{
	const struct top_row *rows = list;

	return &rows[position];
}

struct rows top_rows(const struct top *top)
{
	return (struct rows) {
		.list = top->rows,
		.count = top->count,
		.at = row_at,
	};
}

void top_free(struct top *top)
{
	free(top->rows);
	ims_vector_list_free(top->now.list);
	ims_vector_list_free(top->before.list);
	ims_device_list_free(top->devices);
	ims_device_free(top->device);
	ims_ctx_free(top->ctx);
}
