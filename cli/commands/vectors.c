// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looking at, and changing, vectors of a device that were named.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/vectors.h"

enum exit_code parse_second(const struct call *call, struct vector_set *set)
{
	const char *text = call->arguments[1];
	char what[256];

	if (call->action_said || !strcmp(text, "all") ||
	    !text[strspn(text, "0123456789,-")])
		return parse_vectors(call->command, text, set);
	*set = (struct vector_set) { 0 };
	snprintf(what, sizeof(what),
		 "'%.127s' is no list of vectors such as 0,3,7-9, and ", text);
	return unknown_action(call, what);
}

static enum exit_code print_one(const struct call *call, struct ims_ctx *ctx,
				const struct ims_device *device, uint32_t index,
				const struct selection *selection)
{
	struct vector_row row = { .device = device };
	struct rows rows = rows_of_one(&row);
	struct ims_vector *vector;
	enum exit_code code;
	int err;

	err = ims_vector_get(ctx, device, index, &vector);
	if (err)
		return failure(ctx, err);

	row.vector = vector;
	code = print_rows(call, selection, &rows);
	ims_vector_free(vector);
	return code;
}

/* Only those that were named. */
static void choose(struct vector_rows *rows, const struct vector_set *set)
{
	size_t i, kept = 0;
	uint32_t index;

	for (i = 0; i < rows->count; i++)
		if (!ims_vector_get_index(rows->rows[i].vector, &index) &&
		    has_vector(set, index))
			rows->rows[kept++] = rows->rows[i];
	rows->count = kept;
}

enum exit_code print_vectors(const struct call *call, struct ims_ctx *ctx,
			     const struct ims_device *device,
			     const struct vector_set *set,
			     const struct selection *selection)
{
	struct filter filter = { .nonzero = has(call, OPTION_NONZERO) };
	bool named = set->all || set->num_ranges;
	enum exit_code code = check_vectors(device, set);
	struct vector_rows vectors;

	if (code)
		return code;
	if (!filter.nonzero && count_vectors(set) == 1)
		return print_one(call, ctx, device, set->ranges[0].first,
				 selection);

	/* Absent ones have counted nothing. */
	if (named && !filter.nonzero)
		filter.states = ~0u;
	code = get_vector_rows(ctx, device, &filter, &vectors);
	if (named)
		choose(&vectors, set);
	code = print_vector_rows(call, selection, &vectors, code);
	free_vector_rows(&vectors);
	return code;
}

int configure_vectors(struct ims_ctx *ctx, const struct ims_device *device,
		      const struct vector_set *set,
		      const struct ims_vector_config *config,
		      unsigned int flags)
{
	uint32_t *list;
	int err;

	if (!set->num_ranges)
		return 0;
	if (set->num_ranges == 1)
		return ims_vector_configure_range(ctx, device,
						  set->ranges[0].first,
						  count_vectors(set), config,
						  flags);
	list = list_vectors(set);
	if (!list)
		return -ENOMEM;
	err = ims_vector_configure_list(ctx, device, list, count_vectors(set),
					config, flags);
	free(list);
	return err;
}
