// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How wide the terminal is, and what of a table is worth its room there.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "shared/fit.h"
#include "shared/parse.h"

/* What terminals have that do not say. */
#define USUAL_WIDTH	80

void choose_width(struct call *call)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint32_t number;

	call->width = 0;
	if (has(call, OPTION_FULL) || !isatty(STDOUT_FILENO))
		return;

	call->width = USUAL_WIDTH;
	if (columns && parse_u32(columns, &number) && number)
		call->width = number;
	else if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		call->width = size.ws_col;
}

/* Named by --output, rather than there because it usually is. */
static bool is_asked(const struct selection *selection, size_t i)
{
	return i >= selection->usual;
}

/* What the rows are of, or why they are in that order. */
static bool is_key(const struct selection *selection, size_t i)
{
	return selection->columns[i]->weight == WEIGHT_KEY ||
	       selection->columns[i] == selection->order.column;
}

/* The least that the column can do with. */
static size_t least(const struct selection *selection,
		    const struct column_fit *columns, size_t i)
{
	const struct column *c = selection->columns[i];
	size_t floor = c->least > strlen(c->heading) ? c->least :
						       strlen(c->heading);

	return c->least && floor < columns[i].width ? floor : columns[i].width;
}

/* The room that is needed if all are as small as can be. */
static size_t room(const struct selection *selection,
		   const struct column_fit *columns, size_t gap)
{
	size_t i, sum = 0;

	for (i = 0; i < selection->count; i++)
		if (columns[i].shown)
			sum += least(selection, columns, i) + (sum ? gap : 0);
	return sum;
}

/* The most important one that is left, of several the first; -1 when none is. */
static int most_important(const struct selection *selection, const bool *left)
{
	int found = -1;
	size_t i;

	for (i = 0; i < selection->count; i++)
		if (left[i] && (found < 0 ||
				selection->columns[i]->weight >
				selection->columns[found]->weight))
			found = i;
	return found;
}

/* Takes @excess from the columns that can be cut, the widest first. */
static void cut(const struct selection *selection, struct column_fit *columns,
		size_t excess)
{
	for (; excess; excess--) {
		int widest = -1;
		size_t i;

		for (i = 0; i < selection->count; i++)
			if (columns[i].shown &&
			    columns[i].width > least(selection, columns, i) &&
			    (widest < 0 ||
			     columns[i].width >= columns[widest].width))
				widest = i;
		if (widest < 0)
			return;
		columns[widest].width--;
	}
}

void fit_columns(const struct selection *selection, struct column_fit *columns,
		 size_t width, size_t gap)
{
	bool left[SELECTION_MAX];
	size_t i, sum = 0;
	int next;

	for (i = 0; i < selection->count; i++) {
		columns[i].shown = is_asked(selection, i) ||
				   is_key(selection, i);
		left[i] = !columns[i].shown && !columns[i].blank;
	}
	while ((next = most_important(selection, left)) >= 0) {
		left[next] = false;
		columns[next].shown = true;
		columns[next].shown = room(selection, columns, gap) <= width;
	}

	for (i = 0; i < selection->count; i++)
		if (columns[i].shown)
			sum += columns[i].width + (sum ? gap : 0);
	if (sum > width)
		cut(selection, columns, sum - width);
}
