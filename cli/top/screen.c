// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl top: a frame on a terminal, cut to its size.
 */
#include <string.h>

#include "shared/clock.h"
#include "top/top.h"

/* Ends a line that may be shorter than the one that was there before. */
#define END_LINE	"\x1b[K"

/* As much of @text as there is room for; @left is what remains of that. */
static void print_cut(const struct call *call, enum style style,
		      const char *text, int *left)
{
	const char *end = text;
	char cut[CELL_SIZE];
	char32_t c;

	while (*end && *left > 0) {
		end = text_next(end, &c);
		(*left)--;
	}
	snprintf(cut, sizeof(cut), "%.*s", (int)(end - text), text);
	if (cut[0])
		print_styled(call, style, cut);
}

static void print_blanks(int count, int *left)
{
	if (count > *left)
		count = *left;
	printf("%*s", count, "");
	*left -= count;
}

static void draw_cell(const struct call *call, const struct column *column,
		      enum style style, const char *text, int width, int *left)
{
	int padding = width - (int)text_width(text);
	bool right = column_is_right(column);

	print_blanks(right ? padding : 0, left);
	print_cut(call, style, text, left);
	print_blanks(right ? 2 : padding + 2, left);
}

/* Where the sorted column is found by everybody. */
static enum style heading_style(const struct top *top,
				const struct column *column)
{
	return column == top->sort ? STYLE_MARKED : STYLE_HEADING;
}

static void draw_table(const struct call *call, const struct top *top,
		       size_t lines, int columns)
{
	int width[SELECTION_MAX], left;
	struct selection selection;
	struct cell cell;
	size_t row, i;

	top_columns(top, IN_TEXT, &selection);
	for (i = 0; i < selection.count; i++) {
		width[i] = strlen(selection.columns[i]->heading);
		for (row = 0; row < lines; row++) {
			format_cell(selection.columns[i], &top->rows[row],
				    &cell);
			if ((int)text_width(cell.string) > width[i])
				width[i] = text_width(cell.string);
		}
	}

	left = columns;
	for (i = 0; i < selection.count; i++) {
		const struct column *c = selection.columns[i];

		draw_cell(call, c, heading_style(top, c), c->heading, width[i],
			  &left);
	}
	fputs(END_LINE, stdout);
	for (row = 0; row < lines; row++) {
		const struct top_row *object = &top->rows[row];

		left = columns;
		fputs("\r\n", stdout);
		for (i = 0; i < selection.count; i++) {
			const struct column *c = selection.columns[i];

			format_cell(c, object, &cell);
			draw_cell(call, c, column_style(call, c, object),
				  cell.string, width[i], &left);
		}
		fputs(END_LINE, stdout);
	}
}

/* Two lines, headings, and as many rows as there is room for. */
void top_draw(const struct call *call, const struct top *top,
	      const char *interval)
{
	int columns, lines, left;
	char text[CELL_SIZE];
	char time[32];
	size_t room;

	terminal_size(&columns, &lines);
	clock_text(time, sizeof(time));
	time[strcspn(time, ".")] = '\0';
	room = lines > 3 ? lines - 3 : 0;
	if (room > top->count)
		room = top->count;

	fputs("\x1b[H", stdout);
	snprintf(text, sizeof(text),
		 "%s  %s: %zu of %zu  every %s s  by %s%s", time,
		 top_table(top)->objects, room, top->count, interval,
		 top->sort->key, top->reverse ? ", reversed" : "");
	left = columns;
	print_cut(call, STYLE_PLAIN, text, &left);
	fputs(END_LINE, stdout);
	if (lines > 1) {
		left = columns;
		fputs("\r\n", stdout);
		print_cut(call, STYLE_FAINT,
			  "q quit  v vectors  d devices  < > sort  r reverse  space refresh",
			  &left);
		fputs(END_LINE, stdout);
	}
	if (lines > 2) {
		fputs("\r\n", stdout);
		draw_table(call, top, room, columns);
	}
	fputs("\x1b[J", stdout);
}
