// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vectors as users name them: "3", "0-7", "0,3,7-9", in any order.
 */
#include <stdlib.h>
#include <string.h>

#include "objects/objects.h"
#include "shared/parse.h"

/* More than fit into a request, and less than take long to expand. */
#define VECTORS_MAX	65536

struct range {
	uint32_t first;
	uint32_t last;
};

static int compare(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

/* The range at @text; where it ends, or NULL if there is none. */
static const char *parse_range(const char *text, struct range *range)
{
	text = parse_number(text, &range->first);
	if (!text)
		return NULL;

	range->last = range->first;
	if (*text == '-')
		text = parse_number(text + 1, &range->last);
	return text && (!*text || *text == ',') ? text : NULL;
}

static enum exit_code parse_ranges(const struct command *command,
				   const char *text, struct range *ranges,
				   size_t *count)
{
	const char *end = text, *begin;

	for (*count = 0; !*count || *end; (*count)++) {
		struct range *range = &ranges[*count];

		begin = *count ? end + 1 : end;
		end = parse_range(begin, range);
		if (!end)
			return usage_error(command,
					   "'%s' is no list of vectors such as 0,3,7-9",
					   text);
		if (range->last < range->first ||
		    range->last - range->first == UINT32_MAX)
			return usage_error(command,
					   "'%.*s' is no possible range",
					   (int)(end - begin), begin);
	}
	return EXIT_DONE;
}

/* Joins those that overlap or touch; the number that is left. */
static size_t join_ranges(struct range *ranges, size_t count)
{
	size_t i, kept = 1;

	qsort(ranges, count, sizeof(*ranges), compare);
	for (i = 1; i < count; i++) {
		struct range *above = &ranges[kept - 1];

		if (ranges[i].first > (uint64_t)above->last + 1)
			ranges[kept++] = ranges[i];
		else if (ranges[i].last > above->last)
			above->last = ranges[i].last;
	}
	return kept;
}

static enum exit_code expand(const struct command *command,
			     const struct range *ranges, size_t count,
			     struct vector_set *set)
{
	uint64_t total = 0;
	uint32_t index;
	size_t i;

	for (i = 0; i < count; i++)
		total += (uint64_t)ranges[i].last - ranges[i].first + 1;
	if (total > VECTORS_MAX)
		return usage_error(command, "more than %d vectors",
				   VECTORS_MAX);

	set->list = calloc(total, sizeof(*set->list));
	if (!set->list)
		return out_of_memory();
	for (i = 0; i < count; i++)
		for (index = ranges[i].first; ; index++) {
			set->list[set->count++] = index;
			if (index == ranges[i].last)
				break;
		}
	return EXIT_DONE;
}

enum exit_code parse_vectors(const struct command *command, const char *text,
			     struct vector_set *set)
{
	struct range *ranges;
	enum exit_code code;
	size_t count;

	*set = (struct vector_set) { 0 };
	/* At most one for each character, and one. */
	ranges = calloc(strlen(text) + 1, sizeof(*ranges));
	if (!ranges)
		return out_of_memory();

	code = parse_ranges(command, text, ranges, &count);
	if (!code) {
		count = join_ranges(ranges, count);
		set->first = ranges[0].first;
		set->count = ranges[0].last - ranges[0].first + 1;
	}
	if (!code && count > 1) {
		set->count = 0;
		code = expand(command, ranges, count, set);
	}
	free(ranges);
	return code;
}

void free_vectors(struct vector_set *set)
{
	free(set->list);
}

bool has_vector(const struct vector_set *set, uint32_t index)
{
	size_t low = 0, high = set->count;

	if (!set->list)
		return index >= set->first && index - set->first < set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->list[middle] == index)
			return true;
		if (set->list[middle] < index)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

enum exit_code check_vectors(const struct ims_device *device,
			     const struct vector_set *set)
{
	uint32_t last, declared;

	last = set->list ? set->list[set->count - 1] :
			   set->first + (set->count - 1);
	if (ims_device_get_vectors(device, &declared) || last < declared)
		return EXIT_DONE;
	return problem(EXIT_NO_OBJECT,
		       "device %s: vector %u is beyond the %u declared",
		       ims_device_get_name(device), last, declared);
}
