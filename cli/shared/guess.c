// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How far words are from each other: letters that are missing, too many, wrong,
 * or exchanged with their neighbour.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "shared/guess.h"

/* Names of objects are no longer. */
#define WORD_MAX	128
/* More is another word. */
#define DISTANCE_MAX	2

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Another number makes another name, as of devices, and is no mistake in writing. */
static bool same_digits(const char *a, size_t a_len, const char *b,
			size_t b_len)
{
	size_t i, j = 0;

	for (i = 0; i < a_len; i++) {
		if (!isdigit((unsigned char)a[i]))
			continue;
		while (j < b_len && !isdigit((unsigned char)b[j]))
			j++;
		if (j == b_len || a[i] != b[j++])
			return false;
	}
	while (j < b_len && !isdigit((unsigned char)b[j]))
		j++;
	return j == b_len;
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static unsigned int distance_of(const char *a, size_t a_len, const char *b,
				size_t b_len)
{
	/* Of beginnings of @a, which have one letter more in each row. */
	unsigned int rows[3][WORD_MAX + 1];
	unsigned int *before = rows[0], *above = rows[1], *row = rows[2], *old;
	size_t i, j;

	for (j = 0; j <= b_len; j++)
		above[j] = j;
	for (i = 1; i <= a_len; i++) {
		row[0] = i;
		for (j = 1; j <= b_len; j++) {
			row[j] = least(above[j], row[j - 1]) + 1;
			row[j] = least(row[j], above[j - 1] +
				       !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
			    same(a[i - 2], b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		old = before;
		before = above;
		above = row;
		row = old;
	}
	return above[b_len];
}

void begin_guess(struct guess *guess, const char *word, size_t len)
{
	*guess = (struct guess) {
		.word = word,
		.len = len,
		/* Of short words, most letters have to be right. */
		.distance = least(len / 3, DISTANCE_MAX) + 1,
	};
}

void try_guess(struct guess *guess, const char *candidate)
{
	size_t len = strlen(candidate);
	unsigned int distance;

	if (len > WORD_MAX || guess->len > WORD_MAX ||
	    !same_digits(guess->word, guess->len, candidate, len))
		return;
	distance = distance_of(guess->word, guess->len, candidate, len);
	if (distance >= guess->distance)
		return;
	guess->best = candidate;
	guess->distance = distance;
}

const char *guess_text(const struct guess *guess, const char *prefix,
		       char text[GUESS_SIZE])
{
	text[0] = '\0';
	if (guess->best)
		snprintf(text, GUESS_SIZE, "; did you mean '%s%s'?",
			 prefix, guess->best);
	return text;
}
