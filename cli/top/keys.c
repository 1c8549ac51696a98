// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl top: what keys do.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "top/view.h"

/* It makes macros of many short words. */
#include <curses.h>

#define ESCAPE	27
#define DELETE	127
#define CTRL(c)	((c) & 0x1f)

/* What Enter leads to from a row. */
static const enum top_by inside[NUM_TOP_BY] = {
	[TOP_VECTORS] = TOP_VECTORS,
	[TOP_DEVICES] = TOP_VECTORS,
	[TOP_VMS] = TOP_DEVICES,
	[TOP_CPUS] = TOP_VECTORS,
	[TOP_NODES] = TOP_CPUS,
	[TOP_STORES] = TOP_DEVICES,
};

/* The row with the key, or where the cursor is when it is not there. */
static size_t find_key(const struct view *view)
{
	const struct top *top = view->top;
	size_t i;

	for (i = 0; i < top->count; i++)
		if (top->rows[i].keys[top->by] == view->key)
			return i;
	return view->cursor;
}

bool view_refresh(struct view *view)
{
	view->stale = false;
	if (!top_make_rows(view->top))
		return false;
	if (view->follows)
		view->cursor = find_key(view);
	if (view->cursor >= view->top->count)
		view->cursor = view->top->count ? view->top->count - 1 : 0;
	return true;
}

static const struct top_row *current(const struct view *view)
{
	return view->cursor < view->top->count ?
	       &view->top->rows[view->cursor] : NULL;
}

/* From now on the cursor stays with what it is on, wherever that goes. */
static void follow(struct view *view)
{
	const struct top_row *row = current(view);

	view->follows = row;
	if (row)
		view->key = row->keys[view->top->by];
}

static void move_cursor(struct view *view, long rows)
{
	long last = (long)view->top->count - 1;
	long to = (long)view->cursor + rows;

	if (to > last)
		to = last;
	view->cursor = to < 0 ? 0 : to;
	view->follows = false;
}

/* The next column, or the one before, of those that are shown. */
static void move_sort(struct view *view, bool right)
{
	struct top *top = view->top;
	struct selection selection;
	size_t i;

	top_columns(top, IN_TEXT, &selection);
	for (i = 0; i < selection.count && selection.columns[i] != top->sort;)
		i++;
	if (i == selection.count)
		top->sort = selection.columns[0];
	else if (right && i + 1 < selection.count)
		top->sort = selection.columns[i + 1];
	else if (!right && i)
		top->sort = selection.columns[i - 1];
	view->stale = true;
}

/* Sorted as before, if rows of that kind have such a column. */
static void show(struct view *view, enum top_by by)
{
	const char *key = view->top->sort->key;

	view->top->by = by;
	view->top->sort = top_sort_column(view->top, key);
	view->cursor = view->first = 0;
	view->follows = false;
	view->stale = true;
	memset(view->width, 0, sizeof(view->width));
	memset(view->seen, 0, sizeof(view->seen));
}

static void go_in(struct view *view)
{
	const struct top_row *row = current(view);
	struct top *top = view->top;
	struct view_level *level = &view->levels[view->depth];
	struct cell cell;

	if (!row || top->by == TOP_VECTORS || view->depth == VIEW_LEVELS)
		return;

	*level = (struct view_level) {
		.by = top->by,
		.key = row->keys[top->by],
		.sort = top->sort,
		.reverse = top->reverse,
	};
	view_cell(view, top_table(top)->columns, row, &cell);
	snprintf(level->label, sizeof(level->label), "%.*s",
		 (int)sizeof(level->label) - 1, cell.string);
	view->depth++;
	top->restricted[top->by] = true;
	top->only[top->by] = level->key;
	show(view, inside[top->by]);
}

static void go_back(struct view *view)
{
	const struct view_level *level;
	struct top *top = view->top;

	if (!view->depth)
		return;
	level = &view->levels[--view->depth];
	top->restricted[level->by] = false;
	show(view, level->by);
	top->sort = level->sort;
	top->reverse = level->reverse;
	view->key = level->key;
	view->follows = true;
}

/* All kinds of groups one after the other, but for those that are one row. */
static void next_group(struct view *view)
{
	const struct top *top = view->top;
	enum top_by by = top->by;

	do
		by = (by + 1) % NUM_TOP_BY;
	while (top->restricted[by]);
	show(view, by);
}

/* In a name that is shortened, or in what is left of it. */
static bool row_has(const struct view *view, const struct top_row *row)
{
	struct selection selection;
	struct cell full, shown;
	size_t i;

	top_columns(view->top, IN_TEXT, &selection);
	for (i = 0; i < selection.count; i++) {
		format_cell(selection.columns[i], row, &full);
		view_cell(view, selection.columns[i], row, &shown);
		if (strcasestr(full.string, view->pattern) ||
		    strcasestr(shown.string, view->pattern))
			return true;
	}
	return false;
}

/* From row @from on, around the end, forwards or backwards. */
static void search(struct view *view, size_t from, int step)
{
	const struct top *top = view->top;
	size_t i, row = from;

	if (!view->pattern[0])
		return;
	for (i = 0; i < top->count; i++) {
		row %= top->count;
		if (row_has(view, &top->rows[row])) {
			view->cursor = row;
			follow(view);
			return;
		}
		row += top->count + step;
	}
	snprintf(view->notice, sizeof(view->notice), "%s: not found",
		 view->pattern);
}

static void type(struct view *view, int key)
{
	size_t len = strlen(view->pattern);

	switch (key) {
	case ESCAPE:
		view->pattern[0] = '\0';
		view->cursor = view->origin;
		/* fallthrough */
	case '\n':
	case '\r':
	case KEY_ENTER:
		view->typing = false;
		/* Once more, to tell if there is none. */
		search(view, view->cursor, 1);
		return;
	case KEY_BACKSPACE:
	case DELETE:
	case CTRL('h'):
		/* All bytes of a character; the text may be empty then. */
		while (len && ((unsigned char)view->pattern[--len] & 0xc0) ==
			      0x80)
			;
		view->pattern[len] = '\0';
		break;
	default:
		if (key < ' ' || key > UCHAR_MAX ||
		    len + 1 == sizeof(view->pattern))
			return;
		view->pattern[len] = key;
		view->pattern[len + 1] = '\0';
	}
	view->cursor = view->origin;
	view->follows = false;
	search(view, view->origin, 1);
}

static void begin_search(struct view *view)
{
	view->typing = true;
	view->origin = view->cursor;
	view->pattern[0] = '\0';
}

static void act(struct view *view, int key)
{
	struct top *top = view->top;
	long page = view->room > 1 ? (long)view->room - 1 : 1;

	switch (key) {
	case KEY_UP:
		move_cursor(view, -1);
		break;
	case KEY_DOWN:
		move_cursor(view, 1);
		break;
	case KEY_PPAGE:
		move_cursor(view, -page);
		break;
	case KEY_NPAGE:
		move_cursor(view, page);
		break;
	case KEY_HOME:
		move_cursor(view, -(long)top->count);
		break;
	case KEY_END:
		move_cursor(view, top->count);
		break;
	case '<':
	case KEY_LEFT:
		move_sort(view, false);
		break;
	case '>':
	case KEY_RIGHT:
		move_sort(view, true);
		break;
	case 'r':
		top->reverse = !top->reverse;
		view->stale = true;
		break;
	case 'i':
		top->nonzero = !top->nonzero;
		view->stale = true;
		break;
	case 'g':
		next_group(view);
		break;
	case '\n':
	case '\r':
	case KEY_ENTER:
		go_in(view);
		break;
	case ESCAPE:
	case KEY_BACKSPACE:
	case DELETE:
	case CTRL('h'):
		go_back(view);
		break;
	case '/':
		begin_search(view);
		break;
	case 'n':
		search(view, view->cursor + 1, 1);
		break;
	case 'N':
		search(view, view->cursor + top->count - 1, -1);
		break;
	}
}

int view_press(struct view *view, int key)
{
	int err;

	/* What keys are about is what would be shown. */
	if (view->stale && !view_refresh(view))
		return -ENOMEM;
	view->notice[0] = '\0';

	if (key == TERMINAL_END)
		return 0;
	if (key == TERMINAL_TIME || (key == ' ' && !view->typing)) {
		err = top_sample(view->top);
		if (err)
			return err;
		view->stale = true;
	} else if (view->typing && key >= 0) {
		type(view, key);
	} else if (key == 'q') {
		return 0;
	} else if (key >= 0) {
		act(view, key);
	}
	return 1;
}
