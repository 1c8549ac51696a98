/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files, such as those in sysfs.
 */
#ifndef TESTS_VM_FILES_H
#define TESTS_VM_FILES_H

/* Write to a file that is open, at its beginning: 0 or a negative errno. */
int put(int fd, const char *text);
/* Write to a file: 0 or a negative errno. */
int write_file(const char *path, const char *text);

/* These end the program when they fail. */
int open_or_die(const char *path, int flags);
void put_file(const char *path, const char *text);
long get_file(const char *path);

#endif /* TESTS_VM_FILES_H */
