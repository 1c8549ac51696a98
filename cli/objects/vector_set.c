// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sets of vectors, named in any order.
 */
#include <stdlib.h>
#include <string.h>

#include "objects/objects.h"
#include "objects/vector_set.h"
#include "shared/parse.h"

/* More than fit into a request, and less than take long to expand. */
#define VECTORS_MAX	65536

static int compare(const void *a, const void *b)
{
	const struct vector_range *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

/* The range at @text; where it ends, or NULL if there is none. */
static const char *parse_range(const char *text, struct vector_range *range)
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
				   const char *text, struct vector_range *ranges,
				   size_t *count)
{
	const char *end = text, *begin;

	for (*count = 0; !*count || *end; (*count)++) {
		struct vector_range *range = &ranges[*count];

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
static size_t join_ranges(struct vector_range *ranges, size_t count)
{
	size_t i, kept = 1;

	qsort(ranges, count, sizeof(*ranges), compare);
	for (i = 1; i < count; i++) {
		struct vector_range *above = &ranges[kept - 1];

		if (ranges[i].first > (uint64_t)above->last + 1)
			ranges[kept++] = ranges[i];
		else if (ranges[i].last > above->last)
			above->last = ranges[i].last;
	}
	return kept;
}

enum exit_code parse_vectors(const struct command *command, const char *text,
			     struct vector_set *set)
{
	enum exit_code code;

	*set = (struct vector_set) { .all = !strcmp(text, "all") };
	if (set->all)
		return EXIT_DONE;
	/* At most one for each character, and one. */
	set->ranges = calloc(strlen(text) + 1, sizeof(*set->ranges));
	if (!set->ranges)
		return out_of_memory();

	code = parse_ranges(command, text, set->ranges, &set->num_ranges);
	if (!code)
		set->num_ranges = join_ranges(set->ranges, set->num_ranges);
	if (!code && set->num_ranges > 1 && count_vectors(set) > VECTORS_MAX)
		code = usage_error(command, "more than %d vectors",
				   VECTORS_MAX);
	if (code)
		free_vectors(set);
	return code;
}

void free_vectors(struct vector_set *set)
{
	free(set->ranges);
	*set = (struct vector_set) { 0 };
}

bool has_vector(const struct vector_set *set, uint32_t index)
{
	size_t low = 0, high = set->num_ranges;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct vector_range *range = &set->ranges[middle];

		if (index < range->first)
			high = middle;
		else if (index > range->last)
			low = middle + 1;
		else
			return true;
	}
	return set->all;
}

uint64_t count_vectors(const struct vector_set *set)
{
	uint64_t total = 0;
	size_t i;

	for (i = 0; i < set->num_ranges; i++)
		total += (uint64_t)set->ranges[i].last - set->ranges[i].first +
			 1;
	return total;
}

uint32_t *list_vectors(const struct vector_set *set)
{
	uint32_t *list = calloc(count_vectors(set) + 1, sizeof(*list));
	size_t i, count = 0;
	uint64_t index;

	for (i = 0; list && i < set->num_ranges; i++)
		for (index = set->ranges[i].first;
		     index <= set->ranges[i].last; index++)
			list[count++] = index;
	return list;
}

enum exit_code check_vectors(const struct ims_device *device,
			     const struct vector_set *set)
{
	uint32_t last, declared;

	if (!set->num_ranges)
		return EXIT_DONE;
	last = set->ranges[set->num_ranges - 1].last;
	if (ims_device_get_vectors(device, &declared) || last < declared)
		return EXIT_DONE;
	return problem(EXIT_NO_OBJECT,
		       "device %s: vector %u is beyond the %u declared",
		       ims_device_get_name(device), last, declared);
}

/* Of the vectors below @declared; @rows are in their order. */
static void add_those_that_fit(struct vector_set *set, uint32_t declared,
			       const struct vector_rows *rows,
			       bool (*fits)(const struct ims_vector *vector))
{
	struct vector_range *range = NULL;
	const struct ims_vector *vector;
	uint32_t index, next;
	size_t i = 0;

	for (index = 0; index < declared; index++) {
		vector = NULL;
		if (i < rows->count &&
		    !ims_vector_get_index(rows->rows[i].vector, &next) &&
		    next == index)
			vector = rows->rows[i++].vector;
		if (!fits(vector)) {
			range = NULL;
			continue;
		}
		if (!range) {
			range = &set->ranges[set->num_ranges++];
			range->first = index;
		}
		range->last = index;
	}
}

enum exit_code resolve_vectors(struct ims_ctx *ctx,
			       const struct ims_device *device,
			       struct vector_set *set,
			       bool (*fits)(const struct ims_vector *vector),
			       const char *none)
{
	struct filter everything = { 0 };
	struct vector_rows rows;
	uint32_t declared = 0;
	enum exit_code code;

	if (!set->all || set->ranges)
		return check_vectors(device, set);

	ims_device_get_vectors(device, &declared);
	code = get_vector_rows(ctx, device, &everything, &rows);
	if (!code) {
		/* Those in between may be a range, and so may each of these. */
		set->ranges = calloc(rows.count + 1, sizeof(*set->ranges));
		if (set->ranges)
			add_those_that_fit(set, declared, &rows, fits);
		else
			code = out_of_memory();
	}
	free_vector_rows(&rows);
	if (!code && !set->num_ranges && none)
		code = problem(EXIT_FAILED, "device %s: %s",
			       ims_device_get_name(device), none);
	return code;
}

bool is_not_emulated(const struct ims_vector *vector)
{
	uint32_t backing;

	return ims_vector_get_backing(vector, &backing) ||
	       backing != IMS_VECTOR_BACKING_EMULATED;
}
