/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that verbs write.
 */
#ifndef IMSCTL_OUTPUT_FILE_H
#define IMSCTL_OUTPUT_FILE_H

#include <limits.h>

#include "shared/call.h"

struct output_file {
	FILE *stream;
	const char *name;
	/* What @name is, links followed. */
	char target[PATH_MAX];
	/* Becomes @target in the end. Empty: what is there is written to. */
	char temporary[PATH_MAX];
};

/* Is there such an argument, and is it a file's? Else it is standard output. */
bool names_file(const struct call *call, int argument);

/* EXIT_DONE, or what is wrong has been reported. @name is borrowed. */
enum exit_code open_output(struct output_file *file, const char *name);

/* Of these one ends it: with what was written, or as if nothing had been. */
enum exit_code close_output(struct output_file *file);
void drop_output(struct output_file *file);

#endif /* IMSCTL_OUTPUT_FILE_H */
