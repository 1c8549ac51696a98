/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of columns: the one source of text output, JSON, -o and its help.
 */
#ifndef IMSCTL_TABLE_H
#define IMSCTL_TABLE_H

#include <uchar.h>

#include "shared/call.h"
#include "shared/names.h"

/* Version of the JSON objects: see "JSON" in imsctl(8) for when it rises. */
#define JSON_SCHEMA	1

/* Longest cell in bytes: a list of CPUs, and whose it is. */
#define CELL_SIZE	(IMS_CPULIST_MAX + sizeof("/default"))

enum column_type {
	/* Text: to the left. JSON: string. */
	COLUMN_STRING,
	/* The same, and the name of a device: on terminals a short one. */
	COLUMN_DEVICE,
	/* The same, and a PCI address: on terminals without the domain 0000. */
	COLUMN_ADDRESS,
	/* Text: decimal, to the right. JSON: number. */
	COLUMN_NUMBER,
	/*
	 * Text: hexadecimal. JSON: string, as numbers beyond 2^53 do not
	 * survive most readers.
	 */
	COLUMN_COOKIE,
	/* Text: yes or no. JSON: true or false. */
	COLUMN_BOOL,
	/*
	 * CLOCK_MONOTONIC in nanoseconds. Text: how long ago, to the right.
	 * JSON: number.
	 */
	COLUMN_TIME,
	/*
	 * Thousandths a second. Text: with one decimal place, to the right.
	 * JSON: number, with three.
	 */
	COLUMN_RATE,
};

/* What a cell looks like on a terminal with colours. */
enum style {
	STYLE_PLAIN,
	STYLE_HEADING,
	STYLE_FAINT,
	STYLE_GOOD,
	STYLE_WARNING,
	STYLE_BAD,
};

/* Where a column is shown without -o: in text by one of the views, in JSON. */
#define IN_TEXT		(1 << 0)	/* list */
#define IN_ALL		(1 << 1)	/* list --vectors */
#define IN_COOKIE	(1 << 2)	/* cookie get */
#define IN_STATS	(1 << 3)	/* stats */
#define IN_LIMIT	(1 << 4)	/* limit */
#define IN_AFFINITY	(1 << 5)	/* affinity get */
#define IN_EVENT	(1 << 6)	/* monitor */
#define IN_BYPASS	(1 << 7)	/* bypass */
#define IN_JSON		(1 << 8)	/* everywhere */
#define IN_GAUGE	(1 << 9)	/* metrics: what goes up and down */
#define IN_COUNTER	(1 << 10)	/* metrics: what only goes up */
#define IN_SHOW		(1 << 11)	/* show, in text, beside those in JSON */
#define IN_SILENT	(1 << 12)	/* list --silent, beside the usual ones */
#define IN_STUCK	(1 << 13)	/* list --stuck, likewise */
#define IN_QUIET	(1 << 14)	/* quiet */
#define IN_RATE		(1 << 15)	/* rate */
/* monitor: also when it has changed */
#define IN_CHANGE	(1 << 16)
/* No place: there is always a value. */
#define ALWAYS		(1 << 17)
/* No place: where all are 0, or no, a terminal does not show it. */
#define NONZERO		(1 << 18)

/* Of a column that says which object it is: a terminal always shows it. */
#define WEIGHT_KEY	255

/* A value. Which member counts is said by the column's type. */
struct cell {
	char string[CELL_SIZE];
	uint64_t number;
	bool yes;
};

/**
 * struct column - a column
 * @heading: above it in text; also understood by -o
 * @key: its name in JSON and for -o
 * @type: what it holds
 * @where: IN_*: shown there by default
 * @help: what it means, in half a line
 * @get: fill in what the type says; false when the value is absent
 * @text: fill in .string with a text that tells more than the value alone;
 *	NULL when it does not
 * @style: what it looks like; NULL for plain
 * @weight: how important it is: of those for which there is no room on a terminal, the
 *	ones with the most are shown
 * @least: of a column that can be cut on terminals, the width that must be left
 */
struct column {
	const char *heading;
	const char *key;
	enum column_type type;
	unsigned int where;
	const char *help;
	bool (*get)(const void *object, struct cell *cell);
	bool (*text)(const void *object, struct cell *cell);
	enum style (*style)(const struct column *column, const void *object);
	unsigned char weight;
	unsigned char least;
};

/**
 * struct table - the columns of a kind of object
 * @object: what one is called
 * @objects: what several are called
 * @columns: ends with an entry without key
 */
struct table {
	const char *object;
	const char *objects;
	const struct column *columns;
};

/**
 * struct rows - objects to print
 * @list: for @at
 * @count: how many
 * @at: one of them
 * @names: how terminals show names of devices
 */
struct rows {
	const void *list;
	size_t count;
	const void *(*at)(const void *list, size_t position);
	struct short_names names;
};

#define SELECTION_MAX	64

/* What rows are sorted by; without @column they stay as they are. */
struct order {
	const struct column *column;
	bool reverse;
};

/**
 * struct selection - what of objects is printed, and how
 * @columns: the columns
 * @count: how many
 * @usual: those from there on were asked for by name
 * @order: of the rows
 * @total: a last row has the sums of what can be summed up; not in JSON
 */
struct selection {
	const struct column *columns[SELECTION_MAX];
	size_t count;
	size_t usual;
	struct order order;
	bool total;
};

/* table.c */
const struct column *find_column(const struct table *table, const char *name,
				 size_t len);
/* Says that @table has none of that name, which --output or --sort has. */
enum exit_code unknown_column(const struct call *call,
			      const struct table *table, enum option_id id,
			      const char *name, size_t len);
bool column_is_right(const struct column *column);
bool wants_column_help(const struct call *call);
void print_column_help(const struct table *table, unsigned int view);
void select_view(const struct table *table, unsigned int view,
		 struct selection *selection);
enum exit_code select_columns(const struct call *call,
			      const struct table *table, unsigned int view,
			      struct selection *selection);
void format_cell(const struct column *column, const void *object,
		 struct cell *cell);
struct rows rows_of_one(const void *object);
/* The key without a unit that only JSON has. */
int column_key_width(const struct column *column);

/* sort.c: --sort. */
bool wants_sort_help(const struct call *call);
enum exit_code parse_order(const struct call *call, const struct table *table,
			   struct order *order);
/*
 * Numbers: the most first; texts: from a to z, numbers in them by their value; what is
 * absent last; alike ones as they were. Into @sorted, whose list the caller frees; false
 * when memory ran out.
 */
bool sort_rows(const struct order *order, const struct rows *rows,
	       struct rows *sorted);

/* print.c: EXIT_DONE, or that memory ran out has been reported. */
enum exit_code print_rows(const struct call *call,
			  const struct selection *selection,
			  const struct rows *rows);
/* One object: a key and its value on a line, or JSON. */
enum exit_code print_object(const struct call *call,
			    const struct selection *selection,
			    const void *object);

/*
 * For the columns' get functions: a string that may be NULL; a number's word,
 * or the number itself when a later kernel has one that we have no word for.
 */
bool cell_string(const char *string, struct cell *cell);
bool cell_word(const char *word, uint32_t number, struct cell *cell);

/* color.c: what begins a style on a terminal; NULL for plain. */
const char *style_escape(enum style style);
/* Those with "if" are for columns of numbers, and of yes and no. */
void print_styled(const struct call *call, enum style style, const char *text);
enum style column_style(const struct call *call, const struct column *column,
			const void *object);
enum style bad_if_counted(const struct column *column, const void *object);
enum style warning_if_counted(const struct column *column, const void *object);
enum style bad_if_none(const struct column *column, const void *object);
enum style bad_if_yes(const struct column *column, const void *object);
enum style warning_if_yes(const struct column *column, const void *object);
enum style vector_state_style(const struct ims_vector *vector);

/* json.c: a string with its quotes. */
void json_string(const char *text);
/* Begin an object, print its members; "}" ends it. */
void json_begin(void);
void json_members(const struct selection *selection, const void *object);
void print_json(const struct selection *selection, const struct rows *rows);

/* text.c: columns that it takes on the terminal. */
size_t text_width(const char *text);
/* Ends it where it would take more than @width of them. */
void text_cut(char *text, size_t width);
/*
 * Replaces what the terminal cannot show, or would obey, by '?': what the locale
 * says is no printable character, and what is none at all, byte by byte.
 */
void text_clean(char *text);
/*
 * The character of UTF-8 at @text, which must not be at its end, into @c, U+FFFD
 * if there is none; returns where the next one begins. Whatever the locale is.
 */
const char *text_next(const char *text, char32_t *c);

#endif /* IMSCTL_TABLE_H */
