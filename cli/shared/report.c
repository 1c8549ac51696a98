// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What goes wrong: one line on standard error, and an exit code.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include "shared/table.h"

/* Which line of a batch is at fault, if any is. */
static struct {
	const char *file;
	unsigned int line;
} place;

void report_about(const char *file, unsigned int line)
{
	place.file = file;
	place.line = line;
}

static void begin(void)
{
	if (place.file)
		/* If it fails, finish_output() says so. */
		fflush(stdout);
	fputs("imsctl: ", stderr);
	if (place.file)
		fprintf(stderr, "%s:%u: ", place.file, place.line);
}

/* What is quoted may come from anywhere: a name, a file. */
static void print_clean(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0) {
		fputs("out of memory", stderr);
		return;
	}
	text_clean(text);
	fputs(text, stderr);
	free(text);
}

enum exit_code usage_error(const struct command *command, const char *fmt, ...)
{
	va_list args;

	begin();
	if (command)
		fprintf(stderr, "%s: ", command->name);
	va_start(args, fmt);
	print_clean(fmt, args);
	va_end(args);
	fputs("\n", stderr);
	if (!place.file)
		fprintf(stderr, "Try \"imsctl %s%s--help\".\n",
			command ? command->name : "", command ? " " : "");
	return EXIT_USAGE;
}

/* What libims has no words for, because it was not what failed. */
enum exit_code problem(enum exit_code code, const char *fmt, ...)
{
	va_list args;

	begin();
	va_start(args, fmt);
	print_clean(fmt, args);
	va_end(args);
	fputs("\n", stderr);
	return code;
}

enum exit_code out_of_memory(void)
{
	return problem(EXIT_FAILED, "out of memory");
}

enum exit_code exit_code_of(int err)
{
	switch (err) {
	case -ENODEV:
	case -ENOENT:
	case -ENOTUNIQ:
		return EXIT_NO_OBJECT;
	case -EPERM:
	case -EACCES:
		return EXIT_NOT_PERMITTED;
	case -EOPNOTSUPP:
		return EXIT_UNSUPPORTED;
	default:
		return EXIT_FAILED;
	}
}

enum exit_code failure(const struct ims_ctx *ctx, int err)
{
	const struct ims_error *error = ims_ctx_get_error(ctx);

	return problem(exit_code_of(err), "%s",
		       error ? ims_error_get_message(error) : strerror(-err));
}

void report_warning(const char *text)
{
	begin();
	fprintf(stderr, "warning: %s\n", text);
}

enum exit_code finish_output(enum exit_code code)
{
	/* Set by a write before this one, whose errno is long gone. */
	bool bad = ferror(stdout);
	int err;

	if (!fflush(stdout) && !bad)
		return code;

	err = errno;
	/* Once: a batch asks after each line, and at its end. */
	__fpurge(stdout);
	clearerr(stdout);
	return problem(EXIT_FAILED, "standard output: %s",
		       bad ? "write error" : strerror(err));
}
