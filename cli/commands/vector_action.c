// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verbs that get, set or clear something of a vector: "get DEVICE [VECTOR]",
 * "set DEVICE VECTOR VALUE", "clear DEVICE VECTOR".
 */
#include <string.h>

#include "commands/vector_action.h"
#include "shared/parse.h"

static const struct {
	const char *name;
	int min;
	int max;
} actions[] = {
	[ACTION_GET] = { "get", 2, 3 },
	[ACTION_SET] = { "set", 4, 4 },
	[ACTION_CLEAR] = { "clear", 3, 3 },
};

#define NUM_ACTIONS	(sizeof(actions) / sizeof(actions[0]))

enum effect action_effect(const struct call *call)
{
	return strcmp(call->arguments[0], actions[ACTION_GET].name) ?
	       EFFECT_CHANGE : EFFECT_NONE;
}

static enum exit_code parse_name(const struct call *call, enum action *action)
{
	const char *name = call->arguments[0];
	size_t i;

	for (i = 0; i < NUM_ACTIONS; i++) {
		if (strcmp(actions[i].name, name))
			continue;
		*action = i;
		return EXIT_DONE;
	}
	return usage_error(call->command, "'%s' is none of get, set and clear",
			   name);
}

enum exit_code parse_action(const struct call *call, enum action *action,
			    struct vector_name *vector)
{
	uint64_t foreign = LOOK_OPTIONS;
	enum exit_code code;

	code = parse_name(call, action);
	if (code)
		return code;

	if (call->count < actions[*action].min)
		return missing_argument(call);
	if (call->count > actions[*action].max)
		return usage_error(call->command, "unexpected argument '%s'",
				   call->arguments[actions[*action].max]);

	/* What get has, the others have not. */
	if (*action == ACTION_GET)
		foreign = ~LOOK_OPTIONS;
	foreign &= call->given & ~COMMON_OPTIONS;
	if (foreign)
		return usage_error(call->command, "%s goes without --%s",
				   actions[*action].name,
				   options[__builtin_ctzll(foreign)].name);

	*vector = (struct vector_name) { 0 };
	if (call->count < 3)
		return EXIT_DONE;
	vector->given = true;
	vector->is_default = !strcmp(call->arguments[2], "default");
	if (vector->is_default ||
	    parse_vector(call->arguments[2], &vector->index))
		return EXIT_DONE;
	return usage_error(call->command, "'%s' is no vector's number",
			   call->arguments[2]);
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

static enum exit_code print_all(const struct call *call, struct ims_ctx *ctx,
				const struct ims_device *device,
				const struct selection *selection)
{
	struct filter everything = { 0 };
	struct vector_rows vectors;
	enum exit_code code;

	code = get_vector_rows(ctx, device, &everything, &vectors);
	code = print_vector_rows(call, selection, &vectors, code);
	free_vector_rows(&vectors);
	return code;
}

enum exit_code print_vectors(const struct call *call, struct ims_ctx *ctx,
			     const struct ims_device *device,
			     const struct vector_name *vector,
			     const struct selection *selection)
{
	if (vector->given)
		return print_one(call, ctx, device, vector->index, selection);
	return print_all(call, ctx, device, selection);
}
