// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl top: rows of vectors made into those of groups, chosen and sorted.
 */
#include <stdlib.h>
#include <string.h>

#include "top/top.h"

static void add_rates(struct top_rates *sum, const struct top_rates *rates)
{
	int i;

	if (!rates->known)
		return;
	sum->known = true;
	sum->remote += rates->remote;
	for (i = 0; i < NUM_TOP_COUNTS; i++)
		sum->rates[i] += rates->rates[i];
	for (i = 0; i < NUM_TOP_AVERAGES; i++)
		sum->averages[i] += rates->averages[i];
	for (i = 0; i < TOP_TREND; i++)
		sum->trend[i] += rates->trend[i];
}

/* Rows come device by device. */
static void add(struct top_row *sum, const struct top_row *row)
{
	if (!sum->used || sum->last_device != row->keys[TOP_DEVICES])
		sum->devices++;
	sum->last_device = row->keys[TOP_DEVICES];
	sum->used += row->used;
	sum->live += row->live;
	sum->held += row->held;
	sum->slots += row->slots;
	sum->busy |= row->busy;
	if (sum->steps < row->steps)
		sum->steps = row->steps;
	add_rates(&sum->r, &row->r);
}

static bool passes(const struct top *top, const struct top_row *row)
{
	int by;

	/* Whose a device was that is closed by now, nobody knows. */
	if (row->device ? !row->device->passes : !!top->filter.vms)
		return false;
	for (by = 0; by < NUM_TOP_BY; by++)
		if (top->restricted[by] && row->keys[by] != top->only[by])
			return false;
	return true;
}

/* The group of @row, which is made if there is none yet. */
static struct top_row *group_of(struct top *top, const struct top_row *row,
				struct top_row *last)
{
	uint64_t key = row->keys[top->by];
	struct top_row *group;

	/* Vectors of a device stand together. */
	if (last && last->keys[top->by] == key)
		return last;
	for (group = top->rows; group < top->rows + top->count; group++)
		if (group->keys[top->by] == key)
			return group;

	top->count++;
	*group = (struct top_row) {
		.device = row->device,
		.name = row->name,
		.cpu_node = row->cpu_node,
	};
	memcpy(group->keys, row->keys, sizeof(group->keys));
	return group;
}

static void add_vectors(struct top *top, size_t count)
{
	struct top_row *group = NULL, *row;

	for (row = top->vectors; row < top->vectors + count; row++) {
		if (!passes(top, row))
			continue;
		add(&top->total, row);
		if (top->by == TOP_VECTORS) {
			top->rows[top->count++] = *row;
			continue;
		}
		group = group_of(top, row, group);
		add(group, row);
	}
}

static void drop_idle(struct top *top)
{
	size_t i, kept = 0;

	for (i = 0; i < top->count; i++)
		if (top->rows[i].busy)
			top->rows[kept++] = top->rows[i];
	top->hidden = top->count - kept;
	top->count = kept;
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
	if (has_x && !column_is_right(column))
		order = strcmp(cell_x.string, cell_y.string);
	else if (has_x)
		order = cell_x.number > cell_y.number ? -1 :
			cell_x.number < cell_y.number;
	if (order)
		return top->reverse ? -order : order;
	/* Numbers, so that equal rows have an order of their own. */
	if (x->keys[top->by] == y->keys[top->by])
		return 0;
	return x->keys[top->by] < y->keys[top->by] ? -1 : 1;
}

bool top_make_rows(struct top *top)
{
	size_t count = ims_vector_list_count(top->sample);

	free(top->rows);
	top->count = top->hidden = 0;
	top->total = (struct top_row) { 0 };
	top->rows = malloc((count + 1) * sizeof(*top->rows));
	if (!top->rows)
		return false;

	add_vectors(top, count);
	if (top->nonzero)
		drop_idle(top);
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
		.names = top->names,
	};
}
