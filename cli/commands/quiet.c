// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl quiet: vectors that are held, against storms.
 */
#include <errno.h>
#include <stdlib.h>

#include "commands/commands.h"
#include "commands/vectors.h"

/* What was asked for, beside the options. */
struct request {
	struct selection selection;
	struct vector_set vectors;
};

/* Those that the hardware or the driver can signal */
static bool was_used(const struct ims_vector *vector)
{
	return vector;
}

static bool is_quiet(const struct ims_vector *vector)
{
	return ims_vector_is_quiet(vector);
}

static int hold(struct ims_ctx *ctx, const struct ims_device *device,
		const struct vector_set *vectors, bool on, unsigned int flags)
{
	uint32_t *list;
	int err;

	if (!vectors->num_ranges)
		return 0;
	if (vectors->num_ranges == 1)
		return ims_vector_quiet_range(ctx, device,
					      vectors->ranges[0].first,
					      count_vectors(vectors), on, flags);
	list = list_vectors(vectors);
	if (!list)
		return -ENOMEM;
	err = ims_vector_quiet_list(ctx, device, list, count_vectors(vectors),
				    on, flags);
	free(list);
	return err;
}

static enum exit_code act(const struct call *call, struct ims_ctx *ctx,
			  const struct ims_device *device, void *of)
{
	struct request *request = of;
	bool on = is_action(call, "set");
	enum exit_code code;
	int err;

	if (is_action(call, "get"))
		return print_vectors(call, ctx, device, &request->vectors,
				     &request->selection);
	code = resolve_vectors(ctx, device, &request->vectors,
			       on ? was_used : is_quiet,
			       on ? "no vector was used yet" : NULL);
	if (code)
		return code;
	err = hold(ctx, device, &request->vectors, on, dry_run(call));
	return err ? failure(ctx, err) : EXIT_DONE;
}

/* Its vectors are to be freed, whatever it returns. */
static enum exit_code parse(const struct call *call, struct request *request)
{
	enum exit_code code = EXIT_DONE;

	*request = (struct request) { 0 };
	if (wants_column_help(call))
		return EXIT_DONE;

	if (call->count > 1)
		code = parse_second(call, &request->vectors);
	if (!code)
		code = select_columns(call, &vector_table, IN_QUIET,
				      &request->selection);
	return code;
}

static enum exit_code check(const struct call *call)
{
	struct request request;
	enum exit_code code = parse(call, &request);

	free_vectors(&request.vectors);
	return code;
}

static enum exit_code run(const struct call *call)
{
	struct request request;
	enum exit_code code = parse(call, &request);

	if (!code && wants_column_help(call))
		print_column_help(&vector_table, IN_QUIET);
	else if (!code)
		code = on_device(call, call->arguments[0], act, &request);
	free_vectors(&request.vectors);
	return code;
}

const struct command command_quiet = {
	.name = "quiet",
	.summary = "hold vectors against storms, or show which are",
	.help =
"set holds vectors of a device: their slots are masked, one interrupt is kept\n"
"back, and delivered when clear ends that or the device is closed. get shows\n"
"which are held. VECTORS is a list such as 0,3,7-9, or all that were used.\n"
"Changes need CAP_SYS_ADMIN.",
	.actions = {
		{ "get", "DEVICE [VECTORS]", LOOK_OPTIONS, 1, 2 },
		{ "set", "DEVICE VECTORS", BIT(OPTION_DRY_RUN), 2, 2,
		  EFFECT_CHANGE },
		{ "clear", "DEVICE VECTORS", BIT(OPTION_DRY_RUN), 2, 2,
		  EFFECT_CHANGE },
	},
	.tables = { &vector_table },
	.check = check,
	.run = run,
};
