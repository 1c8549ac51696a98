// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Short names: the beginning of a UUID, as git has it, or where many begin alike
 * its beginning and its end; addresses without the domain that hosts mostly have
 * no other than. All of them are accepted as names, see objects/find.c.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/names.h"

#define UUID_LENGTH	36
#define DOMAIN		"0000:"
#define GAP		".."

/* Fewer characters might soon name another device as well. */
#define HEAD_MIN	8
#define TAIL_MIN	4
/* A longer beginning is no shorter than one with an end. */
#define HEAD_MAX	(HEAD_MIN + strlen(GAP) + TAIL_MIN)
#define TAIL_MAX	(UUID_LENGTH - HEAD_MIN - strlen(GAP) - 1)

static bool is_uuid(const char *name)
{
	size_t i;

	for (i = 0; i < UUID_LENGTH; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? name[i] != '-' : !isxdigit((unsigned char)name[i]))
			return false;
	}
	return !name[i];
}

static const char *end_of(const char *name, size_t tail)
{
	size_t length = strlen(name);

	return name + (length > tail ? length - tail : 0);
}

/* By what is left of them, if they were all shortened. */
static int compare(const void *a, const void *b, void *how)
{
	const struct short_names *scheme = how;
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	int order = strncmp(x, y, scheme->head);

	return order ? order : strcmp(end_of(x, scheme->tail),
				      end_of(y, scheme->tail));
}

static bool tells_apart(const char **names, size_t count,
			struct short_names *how)
{
	size_t i;

	qsort_r(names, count, sizeof(*names), compare, how);
	for (i = 1; i < count; i++)
		if (!compare(&names[i - 1], &names[i], how))
			return false;
	return true;
}

struct short_names choose_short_names(const char *const *names, size_t count)
{
	struct short_names how = { 0 };
	const char **sorted = calloc(count + 1, sizeof(*sorted));

	/* Long names are no reason to print nothing. */
	if (!sorted)
		return how;

	memcpy(sorted, names, count * sizeof(*sorted));
	for (how.head = HEAD_MIN; how.head <= HEAD_MAX; how.head++)
		if (tells_apart(sorted, count, &how))
			goto found;
	how.head = HEAD_MIN;
	for (how.tail = TAIL_MIN; how.tail <= TAIL_MAX; how.tail++)
		if (tells_apart(sorted, count, &how))
			goto found;
	how = (struct short_names) { 0 };
found:
	free(sorted);
	return how;
}

void shorten_name(const struct short_names *how, char *name)
{
	if (how->head && is_uuid(name)) {
		if (!how->tail) {
			name[how->head] = '\0';
			return;
		}
		memcpy(name + how->head, GAP, strlen(GAP));
		memmove(name + how->head + strlen(GAP),
			end_of(name, how->tail), how->tail + 1);
	} else if (!strncmp(name, DOMAIN, strlen(DOMAIN)) &&
		   lacks_domain(name + strlen(DOMAIN))) {
		memmove(name, name + strlen(DOMAIN),
			strlen(name + strlen(DOMAIN)) + 1);
	}
}

/* "00:04.0" */
bool lacks_domain(const char *name)
{
	static const char form[] = "xx:xx.x";
	size_t i;

	for (i = 0; form[i]; i++)
		if (form[i] == 'x' ? !isxdigit((unsigned char)name[i]) :
				     name[i] != form[i])
			return false;
	return true;
}

bool abbreviates(const char *text, const char *name)
{
	const char *gap = strstr(text, GAP);
	size_t head, tail;

	if (!gap)
		return false;
	head = gap - text;
	tail = strlen(gap + strlen(GAP));
	return strlen(name) >= head + tail && !strncmp(text, name, head) &&
	       !strcmp(gap + strlen(GAP), end_of(name, tail));
}
