/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of devices, shortened as far as they can be told apart.
 */
#ifndef IMSCTL_NAMES_H
#define IMSCTL_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct short_names - how UUIDs are shortened; all 0: not at all
 * @head: characters of their beginning
 * @tail: characters of their end, behind ".."; 0: nothing behind the beginning
 */
struct short_names {
	size_t head;
	size_t tail;
};

/* For a table of devices, of which these are all names that there are. */
struct short_names choose_short_names(const char *const *names, size_t count);

/*
 * In place: a UUID as @how says, and the address of a PCI device, or what begins with
 * one, without the domain 0000.
 */
void shorten_name(const struct short_names *how, char *name);

/* An address that has lost its domain so, or what begins with one? */
bool lacks_domain(const char *name);

/* Is @text, with ".." in it, beginning and end of @name? */
bool abbreviates(const char *text, const char *name);

#endif /* IMSCTL_NAMES_H */
