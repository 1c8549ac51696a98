/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls of verbs: the command line, its options, and the table of verbs.
 */
#ifndef IMSCTL_CALL_H
#define IMSCTL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <libims.h>

#include "shared/guess.h"
#include "shared/report.h"

/* Options, in the order of help. */
enum option_id {
	OPTION_JSON,
	OPTION_OUTPUT,
	OPTION_NOHEADINGS,
	OPTION_FULL,
	OPTION_STORE,
	OPTION_STORES,
	OPTION_CLOSED,
	OPTION_VECTORS,
	OPTION_STATE,
	OPTION_BACKING,
	OPTION_COOKIE,
	OPTION_OWNER,
	OPTION_VM,
	OPTION_EVENT,
	OPTION_NONZERO,
	OPTION_SILENT,
	OPTION_STUCK,
	OPTION_PARENT,
	OPTION_TOTAL,
	OPTION_INTERRUPT,
	OPTION_NOW,
	OPTION_RESERVATION,
	OPTION_CPUS,
	OPTION_NODE,
	OPTION_DRY_RUN,
	OPTION_COUNT,
	OPTION_IDLE_TIMEOUT,
	OPTION_BANNER,
	OPTION_SYNC,
	OPTION_BY,
	OPTION_INTERVAL,
	OPTION_SORT,
	OPTION_PLAIN,
	OPTION_INPUT,
	OPTION_VERBOSE,
	OPTION_WATCH,
	OPTION_COLOR,
	OPTION_BATCH,
	OPTION_HELP,
	OPTION_VERSION,
	NUM_OPTIONS
};

#define BIT(option)	(UINT64_C(1) << (option))

/* These need no verb's consent. */
#define COMMON_OPTIONS							\
	(BIT(OPTION_COLOR) | BIT(OPTION_HELP) | BIT(OPTION_VERSION))

/*
 * These may stand before --batch, and hold for its lines: they say how things are
 * shown, and whether anything is changed, but not what.
 */
#define BATCH_OPTIONS							\
	(BIT(OPTION_JSON) | BIT(OPTION_NOHEADINGS) | BIT(OPTION_FULL) |	\
	 BIT(OPTION_DRY_RUN) | BIT(OPTION_COLOR))

/* What a verb has that prints a table, and what chooses among its rows. */
#define TABLE_OPTIONS							\
	(BIT(OPTION_JSON) | BIT(OPTION_OUTPUT) |			\
	 BIT(OPTION_NOHEADINGS) | BIT(OPTION_FULL))
#define FILTER_OPTIONS							\
	(BIT(OPTION_STATE) | BIT(OPTION_BACKING) | BIT(OPTION_COOKIE) |	\
	 BIT(OPTION_OWNER) | BIT(OPTION_VM) | BIT(OPTION_NONZERO) |	\
	 BIT(OPTION_PARENT) | BIT(OPTION_SILENT) | BIT(OPTION_STUCK))
/* Of verbs that look at something or change it: these are for looking. */
#define LOOK_OPTIONS	(TABLE_OPTIONS | BIT(OPTION_INPUT))

/**
 * struct option_info - an option
 * @letter: short form, 0 for none
 * @name: long form
 * @argument: what its argument is called, NULL for none
 * @help: what it does
 */
struct option_info {
	char letter;
	const char *name;
	const char *argument;
	const char *help;
};

/* Indexed by enum option_id. */
extern const struct option_info options[NUM_OPTIONS];

/* What a call does to the system. */
enum effect {
	/* Looks at it. */
	EFFECT_NONE,
	/* Changes it, prints no table, and can be tried with --dry-run. */
	EFFECT_CHANGE,
	/* Changes it, and cannot be tried. */
	EFFECT_UNTRIED,
};

/**
 * struct action - one of the things that a verb can do
 * @name: the word behind the verb that asks for it
 * @arguments: synopsis of what follows, a word for each argument
 * @options: bits of those that it has beside the verb's
 * @min: fewest arguments
 * @max: most arguments
 * @effect: what it does to the system
 */
struct action {
	const char *name;
	const char *arguments;
	uint64_t options;
	int min;
	int max;
	enum effect effect;
};

/**
 * struct call - what was asked for on the command line
 * @command: the verb
 * @action: which of the verb's actions; NULL when it has none
 * @action_said: its word was given
 * @given: bits of the options that were given
 * @values: the options' arguments, NULL for none; of several the last one
 * @count: number of @arguments
 * @arguments: what follows the verb and the action, and is no option
 * @color: text may have colours
 * @width: columns that a table may take on the terminal; 0: as many as it needs
 */
struct call {
	const struct command *command;
	const struct action *action;
	bool action_said;
	uint64_t given;
	const char *values[NUM_OPTIONS];
	int count;
	char **arguments;
	bool color;
	unsigned int width;
};

static inline bool has(const struct call *call, enum option_id option)
{
	return call->given & BIT(option);
}

/* For libims' flags. */
static inline unsigned int dry_run(const struct call *call)
{
	return has(call, OPTION_DRY_RUN) ? IMS_VALIDATE_ONLY : 0;
}

struct table;

/* What --json prints. */
enum json_shape {
	/* One array of rows. */
	JSON_ARRAY,
	/* JSON Lines: an event with its object. */
	JSON_EVENTS,
	/* JSON Lines: the time, and an array of rows called by their kind. */
	JSON_FRAMES,
};

/* How many kinds of rows a verb may have, and how many actions. */
#define TABLES_MAX	6
#define ACTIONS_MAX	4

/**
 * struct command - a verb
 * @name: the verb
 * @arguments: synopsis of what follows it, a word for each argument
 * @summary: what it does, in half a line
 * @help: what it does, in lines
 * @options: bits of those it has beside COMMON_OPTIONS
 * @min: fewest arguments
 * @max: most arguments
 * @tables: whose rows --json prints, one of them at a time; none: no JSON
 * @total: of JSON_FRAMES, what is once in each beside the rows
 * @shape: how it prints them
 * @effect: what a call whose arguments have been counted does; NULL: nothing
 * @actions: of a verb that looks and changes, the first one looks; they stand
 *	for @arguments, @min, @max and @effect
 * @check: reports what is wrong with the arguments whatever there is, as @run
 *         does, too; NULL: only @run can tell
 * @run: do it; returns the exit code
 */
struct command {
	const char *name;
	const char *arguments;
	const char *summary;
	const char *help;
	uint64_t options;
	int min;
	int max;
	const struct table *tables[TABLES_MAX + 1];
	const struct table *total;
	enum json_shape shape;
	enum effect (*effect)(const struct call *call);
	struct action actions[ACTIONS_MAX + 1];
	enum exit_code (*check)(const struct call *call);
	enum exit_code (*run)(const struct call *call);
};

/* commands/commands.c; ends with NULL. */
extern const struct command *const commands[];

/* NULL when there is none of that name. */
const struct command *find_command(const char *name);

/* What is asked for: is it the action of that name? */
bool is_action(const struct call *call, const char *name);

/* call.c; @command is the one that was asked about another, or NULL. */
enum exit_code unknown_command(const struct command *command, const char *name);
enum exit_code missing_argument(const struct call *call);
/*
 * The first argument is no action, though that or a name was expected. @what: said
 * ahead of that, unless it is so much like an action that it was meant for it.
 */
enum exit_code unknown_action(const struct call *call, const char *what);
/* Which of the verb's actions, if it has any, may have been meant. */
void guess_action(const struct command *command, struct guess *guess);
/*
 * A command line with the program's name: options, the verb unless --help,
 * --version or --batch stand for it, and what follows.
 */
enum exit_code parse_call(struct call *call, int argc, char **argv);
/* Has the verb these options, and so many arguments? */
enum exit_code check_call(const struct call *call);
/* Of the verb with all its actions, and of the one action; COMMON_OPTIONS, too. */
uint64_t command_options(const struct command *command);
uint64_t call_options(const struct call *call);
enum effect effect_of(const struct call *call);

/* batch.c: the commands of --batch FILE. */
enum exit_code run_batch(struct call *call);

/*
 * words.c: splits @text, in place, into words as batches have them. @words has
 * room for one more than every second byte. False when a quote is not closed.
 */
bool split_words(char *text, char **words, int *count);

/* options.c */
enum exit_code take_options(struct call *call, int argc, char **argv,
			    bool in_order);

/* help.c */
void help_global(FILE *out);
void help_command(FILE *out, const struct command *command);

/* color.c */
enum exit_code choose_color(struct call *call);

/* fit.c: from the terminal or COLUMNS; none with --full, and where there is none. */
void choose_width(struct call *call);

#endif /* IMSCTL_CALL_H */
