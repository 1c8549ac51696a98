/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words that an unknown one may have been meant for.
 */
#ifndef IMSCTL_GUESS_H
#define IMSCTL_GUESS_H

#include <stddef.h>

/* "; did you mean '...'?" of a name of any object. */
#define GUESS_SIZE	160

struct guess {
	const char *word;
	size_t len;
	/* The nearest so far, and by how many letters it differs. */
	const char *best;
	unsigned int distance;
};

void begin_guess(struct guess *guess, const char *word, size_t len);
/* @candidate must stay until guess_text(). */
void try_guess(struct guess *guess, const char *candidate);
/*
 * @text: "; did you mean 'list'?" with @prefix before the word, or empty when nothing
 * is near enough.
 */
const char *guess_text(const struct guess *guess, const char *prefix,
		       char text[GUESS_SIZE]);

#endif /* IMSCTL_GUESS_H */
