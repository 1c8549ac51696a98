// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl top: a frame on a terminal, made to fit its size.
 */
#include <string.h>

#include "shared/clock.h"
#include "shared/fit.h"
#include "top/view.h"

/* It makes macros of many short words. */
#include <curses.h>

#define GAP	2

static const attr_t looks[] = {
	[STYLE_PLAIN] = A_NORMAL,
	[STYLE_HEADING] = A_BOLD,
	[STYLE_FAINT] = A_DIM,
	[STYLE_GOOD] = A_NORMAL,
	[STYLE_WARNING] = A_BOLD,
	[STYLE_BAD] = A_BOLD,
};

static attr_t look(const struct view *view, enum style style)
{
	bool colored = style >= STYLE_GOOD && view->top->call->color &&
		       has_colors();

	return colored ? COLOR_PAIR(style) : looks[style];
}

/* At the cursor, as much of @text as there is room for in @width columns. */
static void put(attr_t attributes, const char *text, size_t width)
{
	char cut[2 * CELL_SIZE];

	snprintf(cut, sizeof(cut), "%s", text);
	text_cut(cut, width);
	attrset(attributes);
	addstr(cut);
	attrset(A_NORMAL);
}

static void put_line(int line, attr_t attributes, const char *text)
{
	move(line, 0);
	put(attributes, text, COLS);
}

void view_cell(const struct view *view, const struct column *column,
	       const struct top_row *row, struct cell *cell)
{
	format_cell(column, row, cell);
	if (column->type == COLUMN_DEVICE || column->type == COLUMN_ADDRESS)
		shorten_name(&view->top->names, cell->string);
}

/* How wide column @i is; columns do not become narrower from frame to frame. */
static size_t measure(struct view *view, const struct column *column, size_t i)
{
	const struct top *top = view->top;
	size_t row, last = view->first + view->room;
	struct cell cell;

	if (view->width[i] < strlen(column->heading))
		view->width[i] = strlen(column->heading);
	for (row = view->first; row < last && row < top->count; row++) {
		view_cell(view, column, &top->rows[row], &cell);
		if (view->width[i] < text_width(cell.string))
			view->width[i] = text_width(cell.string);
		/* Of rates, the sum says it for all rows. */
		if (strcmp(cell.string, "-") && !(column->where & NONZERO))
			view->seen[i] = true;
	}
	if (column->where & NONZERO && column->get(&top->total, &cell) &&
	    cell.number)
		view->seen[i] = true;
	return view->width[i];
}

/* A name or a rate of which nothing was seen so far. */
static bool is_blank(const struct view *view, const struct column *column,
		     size_t i)
{
	return !view->seen[i] && (column->where & NONZERO ||
				  column->type == COLUMN_STRING);
}

/* The columns, which of them there is room for, and how wide they are. */
static void choose(struct view *view, struct selection *selection,
		   struct column_fit *fit)
{
	const struct top *top = view->top;
	struct column sort = *top->sort;
	struct selection important;
	size_t i;

	/* What rows are sorted by is always shown. */
	sort.weight = WEIGHT_KEY;
	top_columns(top, IN_TEXT, selection);
	important = *selection;
	for (i = 0; i < selection->count; i++) {
		const struct column *c = selection->columns[i];

		fit[i] = (struct column_fit) {
			.width = measure(view, c, i),
			.blank = is_blank(view, c, i),
			.shown = true,
		};
		if (c == top->sort)
			important.columns[i] = &sort;
	}
	if (!has(top->call, OPTION_FULL))
		fit_columns(&important, fit, COLS, GAP);
}

/* In its column from @x on, as much as there is of that on the terminal. */
static void put_cell(const struct column *column, attr_t attributes, int line,
		     int x, const char *text, int width)
{
	int indent = column_is_right(column) ? width - (int)text_width(text) :
					       0;

	if (indent > 0) {
		x += indent;
		width -= indent;
	}
	if (x >= COLS)
		return;
	move(line, x);
	put(attributes, text, width < COLS - x ? width : COLS - x);
}

static void draw_headings(const struct view *view,
			  const struct selection *selection,
			  const struct column_fit *fit, int line)
{
	size_t i;
	int x = 0;

	for (i = 0; i < selection->count; i++) {
		const struct column *c = selection->columns[i];

		if (!fit[i].shown)
			continue;
		put_cell(c, look(view, STYLE_HEADING), line, x, c->heading,
			 fit[i].width);
		/* Where the sorted column is found by everybody. */
		if (c == view->top->sort && x < COLS)
			mvchgat(line, x, fit[i].width, A_BOLD | A_REVERSE, 0,
				NULL);
		x += fit[i].width + GAP;
	}
}

static void draw_row(const struct view *view,
		     const struct selection *selection,
		     const struct column_fit *fit, size_t row, int line)
{
	const struct top_row *object = &view->top->rows[row];
	struct cell cell;
	size_t i;
	int x = 0;

	for (i = 0; i < selection->count; i++) {
		const struct column *c = selection->columns[i];
		enum style style = c->style ? c->style(c, object) : STYLE_PLAIN;

		if (!fit[i].shown)
			continue;
		view_cell(view, c, object, &cell);
		put_cell(c, look(view, style), line, x, cell.string,
			 fit[i].width);
		x += fit[i].width + GAP;
	}
	if (row == view->cursor)
		mvchgat(line, 0, -1, A_REVERSE, 0, NULL);
}

/* "vectors of device wq0 of vm web: 1-20 of 31 (3 idle hidden)  by ..." */
static void draw_title(const struct view *view, int line)
{
	const struct top *top = view->top;
	char text[2 * CELL_SIZE], time[32];
	size_t last = view->first + view->room, len;
	unsigned int i;

	if (last > top->count)
		last = top->count;
	clock_text(time, sizeof(time));
	time[strcspn(time, ".")] = '\0';
	len = snprintf(text, sizeof(text), "%s  %s", time,
		       top_table(top)->objects);
	for (i = view->depth; i-- > 0;)
		len += snprintf(text + len, sizeof(text) - len, " of %s %s",
				top_by_name(view->levels[i].by),
				view->levels[i].label);
	len += snprintf(text + len, sizeof(text) - len, ": %zu-%zu of %zu",
			top->count ? view->first + 1 : 0, last, top->count);
	if (top->nonzero)
		len += snprintf(text + len, sizeof(text) - len,
				" (%zu idle hidden)", top->hidden);
	snprintf(text + len, sizeof(text) - len, "  by %s%s  every %s s",
		 top->sort->key, top->reverse ? ", reversed" : "",
		 view->interval);
	put_line(line, A_NORMAL, text);
}

static void draw_sums(const struct view *view, int line)
{
	const struct column *trend = find_column(&top_total_table, "trend",
						 strlen("trend"));
	char text[2 * CELL_SIZE];
	struct cell cell;
	size_t len;

	top_summary(view->top, text, sizeof(text));
	len = strlen(text);
	format_cell(trend, &view->top->total, &cell);
	snprintf(text + len, sizeof(text) - len, "  %s", cell.string);
	put_line(line, look(view, STYLE_HEADING), text);
}

static void draw_bottom(const struct view *view, int line, int lines)
{
	static const char *const help[] = {
		"q quit  arrows, PgUp, PgDn, Home, End move  Enter into  Esc back  g group by",
		"/ search  n, N next  i idle rows  < > sort  r reverse  space refresh",
	};
	char text[4 + sizeof(view->notice)];
	int i;

	for (i = 0; i < lines; i++)
		put_line(line + i, look(view, STYLE_FAINT), help[i]);
	if (!view->typing && !view->notice[0])
		return;

	/* The last line, whatever was there. A notice repeats what was typed. */
	snprintf(text, sizeof(text), "%s%s", view->typing ? "/" : "",
		 view->notice[0] ? view->notice : view->pattern);
	/* Of a character only a part may have been typed. */
	text_clean(text);
	move(LINES - 1, 0);
	clrtoeol();
	put_line(LINES - 1, A_BOLD, text);
}

void view_draw(struct view *view)
{
	const struct top *top = view->top;
	/* What is left out where there are few lines. */
	int help = LINES >= 10 ? 2 : 0, sums = LINES >= 5, title = LINES >= 2;
	int line = 0, rows = LINES - help - sums - title - 1;
	struct selection selection;
	struct column_fit fit[SELECTION_MAX];
	size_t row;

	view->room = rows > 0 ? rows : 0;
	if (view->cursor >= view->first + view->room)
		view->first = view->cursor + 1 - view->room;
	if (view->first > view->cursor)
		view->first = view->cursor;
	/* Full as long as there are enough of them. */
	if (view->first + view->room > top->count)
		view->first = top->count > view->room ?
			      top->count - view->room : 0;

	erase();
	choose(view, &selection, fit);
	if (title)
		draw_title(view, line++);
	if (sums)
		draw_sums(view, line++);
	draw_headings(view, &selection, fit, line++);
	for (row = view->first; row < view->first + view->room &&
				row < top->count; row++)
		draw_row(view, &selection, fit, row, line++);
	draw_bottom(view, LINES - help, help);
	refresh();
}
