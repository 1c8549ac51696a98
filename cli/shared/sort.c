// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sorting rows by a column.
 */
#include <stdlib.h>
#include <string.h>

#include "shared/table.h"

/* A row, with what its cell has: to find that out once may take long enough. */
struct key {
	const void *object;
	size_t position;
	bool present;
	uint64_t number;
	/* NULL when it is a number. */
	char *text;
};

bool wants_sort_help(const struct call *call)
{
	const char *sort = call->values[OPTION_SORT];

	return sort && !strcmp(sort, "help");
}

enum exit_code parse_order(const struct call *call, const struct table *table,
			   struct order *order)
{
	const char *name = call->values[OPTION_SORT];

	*order = (struct order) { 0 };
	if (!name)
		return EXIT_DONE;

	order->reverse = *name == '-';
	name += order->reverse;
	order->column = find_column(table, name, strlen(name));
	if (order->column)
		return EXIT_DONE;
	return unknown_column(call, table, OPTION_SORT, name, strlen(name));
}

static int compare_values(const struct column *column, const struct key *x,
			  const struct key *y)
{
	/* Hexadecimal, always of as many digits. */
	if (column->type == COLUMN_ADDRESS)
		return strcmp(x->text, y->text);
	if (x->text)
		return strverscmp(x->text, y->text);
	return x->number > y->number ? -1 : x->number < y->number;
}

static int compare(const void *a, const void *b, void *data)
{
	const struct order *order = data;
	const struct key *x = a, *y = b;
	int result = 0;

	if (x->present != y->present)
		return x->present ? -1 : 1;
	if (x->present)
		result = compare_values(order->column, x, y);
	if (result)
		return order->reverse ? -result : result;
	return x->position < y->position ? -1 : 1;
}

/* False when memory ran out. */
static bool make_key(const struct column *column, const void *object,
		     struct key *key)
{
	struct cell cell;

	key->object = object;
	key->present = column->get(object, &cell);
	if (!key->present)
		return true;

	switch (column->type) {
	case COLUMN_STRING:
	case COLUMN_DEVICE:
	case COLUMN_ADDRESS:
		key->text = strdup(cell.string);
		return key->text;
	case COLUMN_BOOL:
		key->number = cell.yes;
		return true;
	default:
		key->number = cell.number;
		return true;
	}
}

static const void *sorted_at(const void *list, size_t position)
{
	const void *const *objects = list;

	return objects[position];
}

bool sort_rows(const struct order *order, const struct rows *rows,
	       struct rows *sorted)
{
	const void **objects = calloc(rows->count + 1, sizeof(*objects));
	struct key *keys = calloc(rows->count + 1, sizeof(*keys));
	bool good = objects && keys;
	size_t i;

	for (i = 0; good && i < rows->count; i++) {
		keys[i].position = i;
		good = make_key(order->column, rows->at(rows->list, i),
				&keys[i]);
	}
	if (good) {
		qsort_r(keys, rows->count, sizeof(*keys), compare,
			(void *)order);
		for (i = 0; i < rows->count; i++)
			objects[i] = keys[i].object;
		*sorted = *rows;
		sorted->list = objects;
		sorted->at = sorted_at;
	} else {
		free(objects);
	}
	for (i = 0; keys && i < rows->count; i++)
		free(keys[i].text);
	free(keys);
	return good;
}
