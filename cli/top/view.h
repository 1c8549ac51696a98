/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * imsctl top: how the rows are looked at on a terminal.
 */
#ifndef IMSCTL_TOP_VIEW_H
#define IMSCTL_TOP_VIEW_H

#include "top/top.h"

/* Longest text that is searched for, and longest label of a group. */
#define VIEW_TEXT	64

/* From stores to their devices to these' vectors, and no farther. */
#define VIEW_LEVELS	4

/**
 * struct view_level - where Enter was pressed
 * @by: what the rows were
 * @key: of the row
 * @label: of the row
 * @sort: the column that they were sorted by
 * @reverse: in the other direction
 */
struct view_level {
	enum top_by by;
	uint64_t key;
	char label[VIEW_TEXT];
	const struct column *sort;
	bool reverse;
};

/**
 * struct view - what is on the terminal
 * @interval: as it was given
 * @top: the rows
 * @stale: they have to be made anew
 * @cursor: one of them
 * @first: the one that stands highest
 * @room: how many there was room for
 * @follows: the cursor stays on the row with the key @key
 * @key: the key
 * @levels: the way here
 * @depth: how many
 * @typing: what is searched for is being typed
 * @origin: where the cursor was before
 * @pattern: what is searched for
 * @notice: to be told once
 * @width: of the columns, which do not become narrower from frame to frame
 * @seen: columns in which something else than zero was seen
 */
struct view {
	const char *interval;
	struct top *top;
	bool stale;
	size_t cursor;
	size_t first;
	size_t room;
	bool follows;
	uint64_t key;
	struct view_level levels[VIEW_LEVELS];
	unsigned int depth;
	bool typing;
	size_t origin;
	char pattern[VIEW_TEXT];
	char notice[2 * VIEW_TEXT];
	size_t width[SELECTION_MAX];
	bool seen[SELECTION_MAX];
};

/* keys.c: 1 to go on, 0 for the end, or a negative errno. */
int view_press(struct view *view, int key);
/* Makes the rows, and keeps the cursor in them; false when memory ran out. */
bool view_refresh(struct view *view);

/* screen.c: a frame that fits the terminal. */
void view_draw(struct view *view);
/* What column @column has in row @row on a terminal: names are short there. */
void view_cell(const struct view *view, const struct column *column,
	       const struct top_row *row, struct cell *cell);

/* A terminal that is ours. */
struct terminal;

/* What can happen beside a key, which is not negative. */
enum terminal_event {
	/* The size has changed, or it is ours again. */
	TERMINAL_REDRAW = -1,
	/* The interval is over. */
	TERMINAL_TIME = -2,
	/* A signal that ends programs, or nobody is there any more. */
	TERMINAL_END = -3,
};

/*
 * terminal.c: can it show frames? Open it, with TERMINAL_TIME every @interval_ns;
 * NULL and errno.
 */
bool terminal_is_able(void);
struct terminal *terminal_open(const struct call *call, int64_t interval_ns);
/* A key, or an event. */
int terminal_wait(struct terminal *terminal);
/* Another key has been pressed already. */
bool terminal_is_pending(void);
/* As it was; then dies by the signal, if there was one. */
void terminal_close(struct terminal *terminal);

#endif /* IMSCTL_TOP_VIEW_H */
