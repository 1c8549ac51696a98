/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A descriptor for poll loops that is readable when another one is, or while there
 * is something to do without that.
 */
#ifndef LIBIMS_POLLSET_H
#define LIBIMS_POLLSET_H

#include <stdbool.h>

/**
 * struct ims_pollset - such a descriptor
 * @fd: to be polled; -1: not open
 * @work: eventfd in it
 * @has_work: @work is readable
 */
struct ims_pollset {
	int fd;
	int work;
	bool has_work;
};

/* 0 or a negative errno; then it is as if it had not been opened. */
int ims_pollset_open(struct ims_pollset *set, int fd);
void ims_pollset_close(struct ims_pollset *set);
void ims_pollset_work(struct ims_pollset *set, bool there);

#endif /* LIBIMS_POLLSET_H */
