/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Simulated files of sysfs: those that the library reads and writes.
 */
#ifndef FAKE_FILES_H
#define FAKE_FILES_H

#include <stdbool.h>

struct fake_files {
	int list_error;
	int read_error;
	int write_error;
	/* What was written last, and where. */
	char path[256];
	char text[64];
};

extern struct fake_files fake_files;

void fake_files_reset(void);
/* A file, with its directories; both strings are static. */
void fake_files_add(const char *path, const char *line);
/* Whether there is such a file or directory. */
bool fake_files_has(const char *path);
/* As ims_sys_list(). */
int fake_files_list(const char *path,
		    int (*found)(void *data, const char *name), void *data);

#endif /* FAKE_FILES_H */
