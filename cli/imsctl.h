/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * imsctl: what its verbs share.
 */
#ifndef IMSCTL_H
#define IMSCTL_H

#include <stdbool.h>
#include <stddef.h>
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
};

/* Options that verbs may have; --help and --version need no verb's consent. */
enum option_bit {
	OPTION_HELP = 1 << 0,
	OPTION_VERSION = 1 << 1,
	OPTION_JSON = 1 << 2,
	OPTION_OUTPUT = 1 << 3,
	OPTION_NOHEADINGS = 1 << 4,
};

/**
 * struct option_info - an option
 * @bit: which one
 * @letter: short form, 0 for none
 * @name: long form
 * @argument: what its argument is called, NULL for none
 * @help: what it does
 */
struct option_info {
	enum option_bit bit;
	char letter;
	const char *name;
	const char *argument;
	const char *help;
};

/* Ends with an entry without name. */
extern const struct option_info options[];

/**
 * struct call - what was asked for on the command line
 * @command: the verb
 * @given: options that were given
 * @columns: argument of -o, NULL for none
 * @count: number of @arguments
 * @arguments: what follows the verb and is no option
 */
struct call {
	const struct command *command;
	unsigned int given;
	const char *columns;
	int count;
	char **arguments;
};

/**
 * struct command - a verb
 * @name: the verb
 * @arguments: synopsis of what follows it
 * @summary: what it does, in half a line
 * @help: what it does, in lines
 * @options: those it has beside --help and --version
 * @min: fewest arguments
 * @max: most arguments
 * @tables: column tables that it may print, for its help
 * @run: do it; returns the exit code
 */
struct command {
	const char *name;
	const char *arguments;
	const char *summary;
	const char *help;
	unsigned int options;
	int min;
	int max;
	const struct table *const *tables;
	enum exit_code (*run)(const struct call *call);
};

/* Ends with an entry without name. */
extern const struct command commands[];

/* cmd_*.c */
extern const struct table *const list_tables[];
enum exit_code cmd_list(const struct call *call);
enum exit_code cmd_trigger(const struct call *call);

/* help.c */
void help_global(FILE *out);
void help_command(FILE *out, const struct command *command);

/* report.c */
enum exit_code usage_error(const struct command *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
enum exit_code failure(const struct ims_ctx *ctx, int err);
enum exit_code open_context(struct ims_ctx **ctx);
enum exit_code finish_output(enum exit_code code);

/*
 * The device that the user calls @name. EXIT_DONE, or what is wrong has been
 * reported.
 */
enum exit_code find_device(struct ims_ctx *ctx, const struct command *command,
			   const char *name, struct ims_device **device);

#endif /* IMSCTL_H */
