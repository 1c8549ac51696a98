// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows as text, which libsmartcols aligns and colours, or as JSON.
 */
#include <inttypes.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "shared/fit.h"

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
	/* text_clean() has done it. */
	scols_table_enable_noencoding(table, true);
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

/* Takes @text over, also if it fails. */
static bool fill_cell(struct libscols_line *line, size_t position, char *text,
		      enum style style)
{
	const char *escape = style_escape(style);

	if (!text || scols_line_refer_data(line, position, text)) {
		free(text);
		return false;
	}
	return !escape ||
	       !scols_cell_set_color(scols_line_get_cell(line, position),
				     escape);
}

static bool is_blank(const struct column *column, const char *text)
{
	return !strcmp(text, "-") ||
	       (column->where & NONZERO &&
		(!strcmp(text, "0") || !strcmp(text, "0.0") ||
		 !strcmp(text, "no")));
}

/* For a terminal: the text as it is there, and what that means for its column. */
static void prepare_cell(const struct rows *rows, const struct column *column,
			 char *text, struct column_fit *fit)
{
	size_t width;

	if (column->type == COLUMN_DEVICE || column->type == COLUMN_ADDRESS)
		shorten_name(&rows->names, text);
	width = text_width(text);
	if (width > fit->width)
		fit->width = width;
	fit->blank = fit->blank && is_blank(column, text);
}

/* How much of something there is, or how often it happened. */
static bool can_be_summed(const struct column *column)
{
	return column->type == COLUMN_NUMBER &&
	       column->where & (IN_GAUGE | IN_COUNTER);
}

static void sum_up(const struct column *column, const struct rows *rows,
		   bool first, struct cell *cell)
{
	bool present = false;
	uint64_t sum = 0;
	size_t row;

	for (row = 0; can_be_summed(column) && row < rows->count; row++) {
		if (!column->get(rows->at(rows->list, row), cell))
			continue;
		present = true;
		if (__builtin_add_overflow(sum, cell->number, &sum))
			sum = UINT64_MAX;
	}
	if (present)
		snprintf(cell->string, CELL_SIZE, "%" PRIu64, sum);
	else
		strcpy(cell->string, first ? "total" : "-");
}

/* Rows of text: those of objects, and one of sums. */
static size_t num_lines(const struct selection *selection,
			const struct rows *rows)
{
	return rows->count + selection->total;
}

/* The texts of all cells, row by row, and how the columns fit; NULL: no memory. */
static char **format_cells(const struct call *call,
			   const struct selection *selection,
			   const struct rows *rows, struct column_fit *fit)
{
	char **texts = calloc(num_lines(selection, rows) * selection->count + 1,
			      sizeof(*texts));
	struct cell cell;
	size_t row, i, n = 0;

	for (i = 0; i < selection->count; i++) {
		const char *heading = selection->columns[i]->heading;

		fit[i].shown = true;
		fit[i].blank = rows->count > 0;
		fit[i].width = has(call, OPTION_NOHEADINGS) ? 0 :
							      strlen(heading);
	}
	for (row = 0; texts && row < num_lines(selection, rows); row++) {
		for (i = 0; i < selection->count; i++) {
			const struct column *c = selection->columns[i];

			if (row < rows->count)
				format_cell(c, rows->at(rows->list, row),
					    &cell);
			else
				sum_up(c, rows, !i, &cell);
			if (call->width)
				prepare_cell(rows, c, cell.string, &fit[i]);
			texts[n++] = strdup(cell.string);
		}
	}
	if (texts && call->width)
		fit_columns(selection, fit, call->width, strlen(GAP));
	return texts;
}

/*
 * Takes over those of @texts, of a row, that are shown, and frees the others. @object is
 * NULL in the row of sums.
 */
static bool fill_row(const struct call *call, struct libscols_line *line,
		     const struct selection *selection,
		     const struct column_fit *fit, char **texts,
		     const void *object)
{
	size_t i, position = 0;
	bool good = line;

	for (i = 0; i < selection->count; i++) {
		if (!good || !fit[i].shown) {
			free(texts[i]);
			continue;
		}
		if (call->width && texts[i])
			text_cut(texts[i], fit[i].width);
		good = fill_cell(line, position++, texts[i], object ?
				 column_style(call, selection->columns[i],
					      object) : STYLE_HEADING);
	}
	return good;
}

static bool add_columns(const struct call *call, struct libscols_table *table,
			const struct selection *selection,
			const struct column_fit *fit)
{
	size_t i;

	for (i = 0; i < selection->count; i++) {
		const struct column *c = selection->columns[i];

		if (fit[i].shown &&
		    !add_column(table, has(call, OPTION_NOHEADINGS) ? NULL :
				c->heading, column_is_right(c)))
			return false;
	}
	return true;
}

/* libsmartcols prints nothing at all when there are no rows. */
static void print_headings(const struct call *call,
			   const struct selection *selection,
			   const struct column_fit *fit)
{
	const char *gap = "";
	size_t i;

	for (i = 0; i < selection->count; i++) {
		if (!fit[i].shown)
			continue;
		fputs(gap, stdout);
		print_styled(call, STYLE_HEADING,
			     selection->columns[i]->heading);
		gap = GAP;
	}
	putchar('\n');
}

static enum exit_code print_text(const struct call *call,
				 const struct selection *selection,
				 const struct rows *rows)
{
	bool headings = !has(call, OPTION_NOHEADINGS);
	struct libscols_table *table = new_table(call, headings);
	struct column_fit fit[SELECTION_MAX] = { 0 };
	char **texts = format_cells(call, selection, rows, fit);
	bool good = table && texts && add_columns(call, table, selection, fit);
	size_t row;

	if (headings && !num_lines(selection, rows))
		print_headings(call, selection, fit);
	for (row = 0; texts && row < num_lines(selection, rows); row++) {
		struct libscols_line *line;

		line = good ? scols_table_new_line(table, NULL) : NULL;
		good = fill_row(call, line, selection, fit,
				&texts[row * selection->count],
				row < rows->count ?
				rows->at(rows->list, row) : NULL);
	}
	free(texts);
	good = good && !scols_print_table(table);
	scols_unref_table(table);
	return good ? EXIT_DONE : out_of_memory();
}

static enum exit_code print_ordered(const struct call *call,
				    const struct selection *selection,
				    const struct rows *rows)
{
	if (!has(call, OPTION_JSON))
		return print_text(call, selection, rows);

	print_json(selection, rows);
	return EXIT_DONE;
}

enum exit_code print_rows(const struct call *call,
			  const struct selection *selection,
			  const struct rows *rows)
{
	enum exit_code code;
	struct rows sorted;

	if (!selection->order.column)
		return print_ordered(call, selection, rows);
	if (!sort_rows(&selection->order, rows, &sorted))
		return out_of_memory();

	code = print_ordered(call, selection, &sorted);
	free((void *)sorted.list);
	return code;
}

static bool fill_pair(const struct call *call, struct libscols_line *line,
		      const struct column *column, const void *object)
{
	/* What the text adds has lines of its own here. */
	struct column plain = *column;
	struct cell cell;

	plain.text = NULL;
	if (!fill_cell(line, 0, strndup(column->key, column_key_width(column)),
		       STYLE_HEADING))
		return false;
	format_cell(&plain, object, &cell);
	/* Beside a name, and not in a column of ages. */
	if (column->type == COLUMN_TIME && strcmp(cell.string, "-"))
		strcat(cell.string, " ago");
	return fill_cell(line, 1, strdup(cell.string),
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
