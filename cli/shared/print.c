// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows as text, which libsmartcols aligns and colours, or as JSON.
 */
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "shared/table.h"

#define GAP	"  "

static struct libscols_table *new_table(const struct call *call,
					bool headings)
{
	struct libscols_table *table = scols_new_table();

	if (!table)
		return NULL;
	if (scols_table_set_column_separator(table, GAP)) {
		scols_unref_table(table);
		return NULL;
	}
	scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	scols_table_enable_colors(table, call->color);
	scols_table_enable_noheadings(table, !headings);
	return table;
}

/* A heading takes its room also where it is not printed, hence NULL for none. */
static bool add_column(struct libscols_table *table, const char *heading,
		       bool right)
{
	struct libscols_column *column;

	column = scols_table_new_column(table, heading, 0,
					right ? SCOLS_FL_RIGHT : 0);
	return column &&
	       !scols_cell_set_color(scols_column_get_header(column),
				     style_escape(STYLE_HEADING));
}

static bool fill_cell(struct libscols_line *line, size_t position,
		      const char *text, enum style style)
{
	const char *escape = style_escape(style);

	return !scols_line_set_data(line, position, text) &&
	       (!escape ||
		!scols_cell_set_color(scols_line_get_cell(line, position),
				      escape));
}

static bool fill_row(const struct call *call, struct libscols_line *line,
		     const struct selection *selection, const void *object)
{
	struct cell cell;
	size_t i;

	for (i = 0; i < selection->count; i++) {
		const struct column *c = selection->columns[i];

		format_cell(c, object, &cell);
		if (!fill_cell(line, i, cell.string,
			       column_style(call, c, object)))
			return false;
	}
	return true;
}

/* libsmartcols prints nothing at all when there are no rows. */
static void print_headings(const struct call *call,
			   const struct selection *selection)
{
	size_t i;

	for (i = 0; i < selection->count; i++) {
		print_styled(call, STYLE_HEADING,
			     selection->columns[i]->heading);
		fputs(i + 1 < selection->count ? GAP : "\n", stdout);
	}
}

static enum exit_code print_text(const struct call *call,
				 const struct selection *selection,
				 const struct rows *rows)
{
	bool headings = !has(call, OPTION_NOHEADINGS);
	struct libscols_table *table = new_table(call, headings);
	bool good = table;
	size_t i, row;

	if (headings && !rows->count)
		print_headings(call, selection);
	for (i = 0; good && i < selection->count; i++)
		good = add_column(table, headings ?
				  selection->columns[i]->heading : NULL,
				  column_is_right(selection->columns[i]));
	for (row = 0; good && row < rows->count; row++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		good = line && fill_row(call, line, selection,
					rows->at(rows->list, row));
	}
	good = good && !scols_print_table(table);
	scols_unref_table(table);
	return good ? EXIT_DONE : out_of_memory();
}

enum exit_code print_rows(const struct call *call,
			  const struct selection *selection,
			  const struct rows *rows)
{
	if (!has(call, OPTION_JSON))
		return print_text(call, selection, rows);

	print_json(selection, rows);
	return EXIT_DONE;
}

static bool fill_pair(const struct call *call, struct libscols_line *line,
		      const struct column *column, const void *object)
{
	/* What the text adds has lines of its own here. */
	struct column plain = *column;
	struct cell cell;

	plain.text = NULL;
	snprintf(cell.string, CELL_SIZE, "%.*s", column_key_width(column),
		 column->key);
	if (!fill_cell(line, 0, cell.string, STYLE_HEADING))
		return false;
	format_cell(&plain, object, &cell);
	return fill_cell(line, 1, cell.string,
			 column_style(call, column, object));
}

enum exit_code print_object(const struct call *call,
			    const struct selection *selection,
			    const void *object)
{
	struct libscols_table *table;
	bool good;
	size_t i;

	if (has(call, OPTION_JSON)) {
		struct rows rows = rows_of_one(object);

		print_json(selection, &rows);
		return EXIT_DONE;
	}

	table = new_table(call, false);
	good = table && add_column(table, NULL, false) &&
	       add_column(table, NULL, false);
	for (i = 0; good && i < selection->count; i++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		good = line && fill_pair(call, line, selection->columns[i],
					 object);
	}
	good = good && !scols_print_table(table);
	scols_unref_table(table);
	return good ? EXIT_DONE : out_of_memory();
}
