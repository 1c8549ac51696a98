// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Colours on terminals. What is coloured is said by the tables of columns.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shared/table.h"

#define ESCAPE(code)	"\x1b[" code "m"

static const char *const escapes[] = {
	[STYLE_HEADING] = ESCAPE("1"),
	[STYLE_FAINT] = ESCAPE("2"),
	[STYLE_GOOD] = ESCAPE("32"),
	[STYLE_WARNING] = ESCAPE("33"),
	[STYLE_BAD] = ESCAPE("31"),
};

/* --color, or without it: on a terminal that has colours, if they are liked. */
enum exit_code choose_color(struct call *call)
{
	const char *when = call->values[OPTION_COLOR] ?: "auto";
	const char *disliked = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (!strcmp(when, "always"))
		call->color = true;
	else if (!strcmp(when, "auto"))
		call->color = isatty(STDOUT_FILENO) && term &&
			      strcmp(term, "dumb") &&
			      !(disliked && disliked[0]);
	else if (strcmp(when, "never"))
		return usage_error(call->command,
				   "--color: '%s' is none of auto, always, never",
				   when);
	return EXIT_DONE;
}

const char *style_escape(enum style style)
{
	return escapes[style];
}

void print_styled(const struct call *call, enum style style, const char *text)
{
	const char *escape = call->color ? style_escape(style) : NULL;

	if (escape)
		printf("%s%s" ESCAPE("0"), escape, text);
	else
		fputs(text, stdout);
}

enum style column_style(const struct call *call, const struct column *column,
			const void *object)
{
	/* To find it out takes as long as to find out the text. */
	return call->color && column->style ? column->style(column, object) :
					      STYLE_PLAIN;
}

static bool is_counted(const struct column *column, const void *object)
{
	struct cell cell;

	return column->get(object, &cell) && cell.number;
}

static bool is_yes(const struct column *column, const void *object)
{
	struct cell cell;

	return column->get(object, &cell) && cell.yes;
}

enum style bad_if_counted(const struct column *column, const void *object)
{
	return is_counted(column, object) ? STYLE_BAD : STYLE_PLAIN;
}

enum style warning_if_counted(const struct column *column, const void *object)
{
	return is_counted(column, object) ? STYLE_WARNING : STYLE_PLAIN;
}

enum style bad_if_none(const struct column *column, const void *object)
{
	struct cell cell;

	return column->get(object, &cell) && !cell.number ? STYLE_BAD :
							    STYLE_PLAIN;
}

enum style bad_if_yes(const struct column *column, const void *object)
{
	return is_yes(column, object) ? STYLE_BAD : STYLE_PLAIN;
}

enum style warning_if_yes(const struct column *column, const void *object)
{
	return is_yes(column, object) ? STYLE_WARNING : STYLE_PLAIN;
}

enum style vector_state_style(const struct ims_vector *vector)
{
	uint32_t state;

	if (ims_vector_get_state(vector, &state))
		return STYLE_PLAIN;
	switch (state) {
	case IMS_VECTOR_STATE_LIVE:
		return STYLE_GOOD;
	case IMS_VECTOR_STATE_HELD:
		return STYLE_WARNING;
	case IMS_VECTOR_STATE_ABSENT:
		return STYLE_FAINT;
	default:
		return STYLE_PLAIN;
	}
}
