// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Choosing columns, and the text of their cells.
 */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "shared/clock.h"
#include "shared/guess.h"
#include "shared/table.h"

bool wants_column_help(const struct call *call)
{
	const char *columns = call->values[OPTION_OUTPUT];

	return columns && !strcmp(columns, "help");
}

void print_column_help(const struct table *table, unsigned int view)
{
	const struct column *c;
	int width = 0;

	for (c = table->columns; c->key; c++)
		if (width < (int)strlen(c->key))
			width = strlen(c->key);

	printf("Columns of %s (* by default):\n", table->objects);
	for (c = table->columns; c->key; c++)
		printf(" %c %-*s  %s\n", c->where & view ? '*' : ' ', width,
		       c->key, c->help);
}

const struct column *find_column(const struct table *table, const char *name,
				 size_t len)
{
	const struct column *c;

	for (c = table->columns; c->key; c++) {
		if (strlen(c->key) == len && !strncasecmp(c->key, name, len))
			return c;
		/* "last" for "last_ns" */
		if (column_key_width(c) == (int)len &&
		    !strncasecmp(c->key, name, len))
			return c;
		if (strlen(c->heading) == len &&
		    !strncasecmp(c->heading, name, len))
			return c;
	}
	return NULL;
}

void select_view(const struct table *table, unsigned int view,
		 struct selection *selection)
{
	const struct column *c;

	*selection = (struct selection) { 0 };
	for (c = table->columns; c->key; c++)
		if (c->where & view)
			selection->columns[selection->count++] = c;
	selection->usual = selection->count;
}

static bool is_selected(const struct selection *selection,
			const struct column *column)
{
	size_t i;

	for (i = 0; i < selection->count; i++)
		if (selection->columns[i] == column)
			return true;
	return false;
}

enum exit_code unknown_column(const struct call *call,
			      const struct table *table, enum option_id id,
			      const char *name, size_t len)
{
	bool output = id == OPTION_OUTPUT;
	const struct column *c;
	char text[GUESS_SIZE];
	struct guess guess;

	begin_guess(&guess, name, len);
	for (c = table->columns; c->key; c++)
		try_guess(&guess, c->key);
	return usage_error(call->command,
			   "%s%s have no column '%.*s'%s \"%s help\" describes those they have",
			   output ? "" : "--sort: ", table->objects, (int)len,
			   name,
			   guess.best ? guess_text(&guess, "", text) : ";",
			   output ? "-o" : "--sort");
}

enum exit_code select_columns(const struct call *call,
			      const struct table *table, unsigned int view,
			      struct selection *selection)
{
	unsigned int where = has(call, OPTION_JSON) ? IN_JSON : view;
	const char *name = call->values[OPTION_OUTPUT];
	const struct column *c;
	size_t len;

	*selection = (struct selection) { 0 };
	if (!name || *name == '+') {
		select_view(table, where, selection);
		if (!name)
			return EXIT_DONE;
		name++;
	}

	for (;; name += len + 1) {
		len = strcspn(name, ",");
		c = find_column(table, name, len);
		if (!c)
			return unknown_column(call, table, OPTION_OUTPUT, name,
					      len);
		if (selection->count == SELECTION_MAX)
			return usage_error(call->command, "too many columns");
		/* An object has a key once. */
		if (!has(call, OPTION_JSON) || !is_selected(selection, c))
			selection->columns[selection->count++] = c;
		if (!name[len])
			return EXIT_DONE;
	}
}

bool cell_string(const char *string, struct cell *cell)
{
	if (!string)
		return false;

	snprintf(cell->string, CELL_SIZE, "%s", string);
	return true;
}

bool cell_word(const char *word, uint32_t number, struct cell *cell)
{
	if (word)
		return cell_string(word, cell);

	snprintf(cell->string, CELL_SIZE, "%" PRIu32, number);
	return true;
}

/* How long ago: "8.8s", "5m03s", "2h05m", "3d04h" */
static void format_age(uint64_t time, char *text)
{
	uint64_t now = clock_now();
	/* The clock may have been read before the event. */
	uint64_t tenths = now > time ? (now - time) / 100000000 : 0;
	uint64_t seconds = tenths / 10;

	if (seconds < 60)
		snprintf(text, CELL_SIZE, "%" PRIu64 ".%" PRIu64 "s",
			 seconds, tenths % 10);
	else if (seconds < 3600)
		snprintf(text, CELL_SIZE, "%" PRIu64 "m%02" PRIu64 "s",
			 seconds / 60, seconds % 60);
	else if (seconds < 86400)
		snprintf(text, CELL_SIZE, "%" PRIu64 "h%02" PRIu64 "m",
			 seconds / 3600, seconds / 60 % 60);
	else
		snprintf(text, CELL_SIZE, "%" PRIu64 "d%02" PRIu64 "h",
			 seconds / 86400, seconds / 3600 % 24);
}

/* The cell's text into cell->string. */
void format_cell(const struct column *column, const void *object,
		 struct cell *cell)
{
	bool (*get)(const void *object, struct cell *cell) =
		column->text ? column->text : column->get;

	if (!get(object, cell)) {
		strcpy(cell->string, "-");
		return;
	}
	if (column->text) {
		text_clean(cell->string);
		return;
	}
	switch (column->type) {
	case COLUMN_STRING:
	case COLUMN_DEVICE:
	case COLUMN_ADDRESS:
		text_clean(cell->string);
		break;
	case COLUMN_NUMBER:
		snprintf(cell->string, CELL_SIZE, "%" PRIu64, cell->number);
		break;
	case COLUMN_COOKIE:
		snprintf(cell->string, CELL_SIZE, "0x%" PRIx64, cell->number);
		break;
	case COLUMN_BOOL:
		strcpy(cell->string, cell->yes ? "yes" : "no");
		break;
	case COLUMN_TIME:
		format_age(cell->number, cell->string);
		break;
	case COLUMN_RATE:
		snprintf(cell->string, CELL_SIZE, "%" PRIu64 ".%" PRIu64,
			 cell->number / 1000, cell->number / 100 % 10);
		break;
	}
}

static const void *only(const void *list, size_t position)
{
	(void)position;
	return list;
}

struct rows rows_of_one(const void *object)
{
	return (struct rows) { .list = object, .count = 1, .at = only };
}

int column_key_width(const struct column *column)
{
	size_t unit = column->type == COLUMN_TIME ? strlen("_ns") : 0;

	return strlen(column->key) - unit;
}

bool column_is_right(const struct column *column)
{
	return column->type == COLUMN_NUMBER || column->type == COLUMN_TIME ||
	       column->type == COLUMN_RATE;
}
