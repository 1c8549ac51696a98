/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * imsctl: what its verbs share.
 */
#ifndef IMSCTL_H
#define IMSCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <libims.h>

/* Part of the interface: documented in every page, never renumbered. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_OBJECT = 3,
	EXIT_NOT_PERMITTED = 4,
	EXIT_UNSUPPORTED = 5,
	/* Of diff: the two are not the same. */
	EXIT_DIFFERENT = 6,
};

/* Options, in the order of help. */
enum option_id {
	OPTION_JSON,
	OPTION_OUTPUT,
	OPTION_NOHEADINGS,
	OPTION_STORE,
	OPTION_STORES,
	OPTION_VECTORS,
	OPTION_STATE,
	OPTION_BACKING,
	OPTION_COOKIE,
	OPTION_OWNER,
	OPTION_NONZERO,
	OPTION_INTERRUPT,
	OPTION_NOW,
	OPTION_RESET,
	OPTION_LIMIT,
	OPTION_RESERVATION,
	OPTION_DRY_RUN,
	OPTION_COUNT,
	OPTION_IDLE_TIMEOUT,
	OPTION_BANNER,
	OPTION_SYNC,
	OPTION_DEVICES,
	OPTION_INTERVAL,
	OPTION_SORT,
	OPTION_PLAIN,
	OPTION_INPUT,
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
	(BIT(OPTION_JSON) | BIT(OPTION_NOHEADINGS) |			\
	 BIT(OPTION_DRY_RUN) | BIT(OPTION_COLOR))

/* What a verb has that prints a table, and what chooses among its rows. */
#define TABLE_OPTIONS							\
	(BIT(OPTION_JSON) | BIT(OPTION_OUTPUT) | BIT(OPTION_NOHEADINGS))
#define FILTER_OPTIONS							\
	(BIT(OPTION_STATE) | BIT(OPTION_BACKING) | BIT(OPTION_COOKIE) |	\
	 BIT(OPTION_OWNER) | BIT(OPTION_NONZERO))
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

/**
 * struct call - what was asked for on the command line
 * @command: the verb
 * @given: bits of the options that were given
 * @values: the options' arguments, NULL for none; of several the last one
 * @count: number of @arguments
 * @arguments: what follows the verb and is no option
 * @color: text may have colours
 */
struct call {
	const struct command *command;
	uint64_t given;
	const char *values[NUM_OPTIONS];
	int count;
	char **arguments;
	bool color;
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

/* What a call does to the system. */
enum effect {
	/* Looks at it. */
	EFFECT_NONE,
	/* Changes it, prints no table, and can be tried with --dry-run. */
	EFFECT_CHANGE,
	/* Changes it, and cannot be tried. */
	EFFECT_UNTRIED,
};

/* How many kinds of rows a verb may have. */
#define TABLES_MAX	4

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
 * @shape: how it prints them
 * @effect: what a call whose arguments have been counted does; NULL: nothing
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
	enum json_shape shape;
	enum effect (*effect)(const struct call *call);
	enum exit_code (*check)(const struct call *call);
	enum exit_code (*run)(const struct call *call);
};

/* Each in cmd_NAME.c. */
extern const struct command command_affinity;
extern const struct command command_apply;
extern const struct command command_bypass;
extern const struct command command_capture;
extern const struct command command_completion;
extern const struct command command_cookie;
extern const struct command command_doctor;
extern const struct command command_diff;
extern const struct command command_limit;
extern const struct command command_list;
extern const struct command command_metrics;
extern const struct command command_monitor;
extern const struct command command_save;
extern const struct command command_schema;
extern const struct command command_show;
extern const struct command command_stats;
extern const struct command command_top;
extern const struct command command_trigger;

/* main.c; ends with NULL. */
extern const struct command *const commands[];

/* NULL when there is none of that name. */
const struct command *find_command(const char *name);
enum exit_code missing_argument(const struct call *call);
/*
 * A command line with the program's name: options, the verb unless --help,
 * --version or --batch stand for it, and what follows.
 */
enum exit_code parse_call(struct call *call, int argc, char **argv);
/* Has the verb these options, and so many arguments? */
enum exit_code check_call(const struct call *call);

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

/*
 * clock.c: CLOCK_MONOTONIC in nanoseconds, or where it was stopped; the local
 * time of day.
 */
uint64_t clock_now(void);
void clock_stop(uint64_t ns);
void clock_text(char *text, size_t size);

/* vm.c: whether the devices' owners are processes of this host. */
void vm_look_here(bool here);

/*
 * report.c. Reports are about a line of a batch until the next call, and come
 * after what was printed before them; with NULL, about the command line.
 */
void report_about(const char *file, unsigned int line);
enum exit_code usage_error(const struct command *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
enum exit_code problem(enum exit_code code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
enum exit_code out_of_memory(void);
enum exit_code exit_code_of(int err);
enum exit_code failure(const struct ims_ctx *ctx, int err);
enum exit_code open_context(struct ims_ctx **ctx);
enum exit_code finish_output(enum exit_code code);

/* source.c: for verbs with OPTION_INPUT. */
enum exit_code open_source(const struct call *call, struct ims_ctx **ctx);

/*
 * find.c: the device or store that the user calls @name. EXIT_DONE, or what is
 * wrong has been reported.
 */
enum exit_code find_device(struct ims_ctx *ctx, const struct command *command,
			   const char *name, struct ims_device **device);
/* The same, on what open_source() opens: act(), with @request, on the device. */
enum exit_code on_device(const struct call *call, const char *name,
			 enum exit_code (*act)(const struct call *call,
					       struct ims_ctx *ctx,
					       const struct ims_device *device,
					       const void *request),
			 const void *request);
enum exit_code find_store(struct ims_ctx *ctx, const struct command *command,
			  const char *name, struct ims_store **store);
/* In @list; NULL when it is not there. */
const struct ims_device *device_of_id(uint32_t wanted,
				      const struct ims_device_list *list);
const struct ims_device *device_of_vector(const struct ims_vector *vector,
					  const struct ims_device_list *list);

/* parse.c: the number at @text; where it ends, or NULL if there is none. */
const char *parse_number(const char *text, uint32_t *number);
/* All of @text, in decimal. */
bool parse_vector(const char *text, uint32_t *number);
/* All of @text. Decimal, or with 0x hexadecimal. */
bool parse_u32(const char *text, uint32_t *number);
/* auto, on or off; @mode: enum ims_bypass_mode */
bool parse_bypass_mode(const char *text, uint32_t *mode);
bool parse_u64(const char *text, uint64_t *number);
/* All of @text: seconds such as "5" or "0.25", down to the millisecond. */
bool parse_seconds(const char *text, int64_t *ns);

/* Vectors that were named: those of @list, or if NULL a range from @first on. */
struct vector_set {
	uint32_t *list;
	uint32_t first;
	size_t count;
};

/* vector_set.c */
enum exit_code parse_vectors(const struct command *command, const char *text,
			     struct vector_set *set);
void free_vectors(struct vector_set *set);
bool has_vector(const struct vector_set *set, uint32_t index);
/* EXIT_DONE, or it has been reported that @device has not declared them all. */
enum exit_code check_vectors(const struct ims_device *device,
			     const struct vector_set *set);

#endif /* IMSCTL_H */
