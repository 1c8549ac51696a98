/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exit codes, and reports on standard error.
 */
#ifndef IMSCTL_REPORT_H
#define IMSCTL_REPORT_H

#include <libims.h>

struct command;

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

/*
 * Reports are about a line of a batch until the next call, and come
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
/* About something that was done all the same. */
void report_warning(const char *text);
enum exit_code finish_output(enum exit_code code);

#endif /* IMSCTL_REPORT_H */
