// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl rate: how many interrupts a second vectors may have.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/vectors.h"
#include "shared/parse.h"

/* What was asked for, beside the options. */
struct request {
	/* It is about the device's limit, not about vectors. */
	bool is_default;
	struct vector_set vectors;
	/* 0: none is to be had. */
	uint32_t rate;
	const struct table *table;
	struct selection selection;
};

static bool was_used(const struct ims_vector *vector)
{
	return vector;
}

static int limit_device(struct ims_ctx *ctx, const struct ims_device *device,
			uint32_t rate, unsigned int flags)
{
	struct ims_device_config *config;
	int err = ims_device_config_new(&config);

	if (err)
		return err;
	ims_device_config_set_rate_limit(config, rate);
	err = ims_device_configure(ctx, device, config, flags);
	ims_device_config_free(config);
	return err;
}

static int limit_vectors(struct ims_ctx *ctx, const struct ims_device *device,
			 const struct vector_set *vectors, uint32_t rate,
			 unsigned int flags)
{
	uint32_t *list;
	int err;

	if (!vectors->num_ranges)
		return 0;
	if (vectors->num_ranges == 1)
		return ims_vector_rate_limit_range(ctx, device,
						   vectors->ranges[0].first,
						   count_vectors(vectors), rate,
						   flags);
	list = list_vectors(vectors);
	if (!list)
		return -ENOMEM;
	err = ims_vector_rate_limit_list(ctx, device, list,
					 count_vectors(vectors), rate, flags);
	free(list);
	return err;
}

static enum exit_code change(const struct call *call, struct ims_ctx *ctx,
			     const struct ims_device *device,
			     struct request *request)
{
	bool clear = is_action(call, "clear");
	enum exit_code code;
	int err;

	if (request->is_default) {
		err = limit_device(ctx, device, request->rate, dry_run(call));
		return err ? failure(ctx, err) : EXIT_DONE;
	}
	code = resolve_vectors(ctx, device, &request->vectors,
			       clear ? ims_vector_is_rate_limit_own : was_used,
			       clear ? NULL : "no vector was used yet");
	if (code)
		return code;
	err = limit_vectors(ctx, device, &request->vectors, request->rate,
			    dry_run(call));
	return err ? failure(ctx, err) : EXIT_DONE;
}

static enum exit_code act(const struct call *call, struct ims_ctx *ctx,
			  const struct ims_device *device, void *of)
{
	struct request *request = of;

	if (!is_action(call, "get"))
		return change(call, ctx, device, request);
	if (request->is_default)
		return print_device(call, ctx, &request->selection, device);
	return print_vectors(call, ctx, device, &request->vectors,
			     &request->selection);
}

/* Its vectors are to be freed, whatever it returns. */
static enum exit_code parse(const struct call *call, struct request *request)
{
	enum exit_code code = EXIT_DONE;

	*request = (struct request) { .table = &vector_table };
	if (call->count > 1) {
		request->is_default = !strcmp(call->arguments[1], "default");
		if (request->is_default)
			request->table = &device_table;
		else
			code = parse_second(call, &request->vectors);
	}
	if (code || wants_column_help(call))
		return code;

	if (is_action(call, "set") &&
	    (!parse_u32(call->arguments[2], &request->rate) || !request->rate ||
	     request->rate > IMS_RATE_LIMIT_MAX))
		return usage_error(call->command,
				   "'%s' is no number of interrupts a second from 1 to %d",
				   call->arguments[2], IMS_RATE_LIMIT_MAX);
	return select_columns(call, request->table, IN_RATE,
			      &request->selection);
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
		print_column_help(request.table, IN_RATE);
	else if (!code)
		code = on_device(call, call->arguments[0], act, &request);
	free_vectors(&request.vectors);
	return code;
}

const struct command command_rate = {
	.name = "rate",
	.summary = "show or limit how many interrupts a second are delivered",
	.help =
"set lets vectors have RATE interrupts a second: what comes faster is delivered\n"
"as one, some milliseconds later. clear ends that. default is the limit of the\n"
"device, for vectors that have none of their own. get shows limits, and who was\n"
"above it. VECTORS is a list such as 0,3,7-9, or all that were used. Changes\n"
"need CAP_SYS_ADMIN.",
	.actions = {
		{ "get", "DEVICE [VECTORS|default]", LOOK_OPTIONS, 1, 2 },
		{ "set", "DEVICE VECTORS|default RATE", BIT(OPTION_DRY_RUN), 3, 3,
		  EFFECT_CHANGE },
		{ "clear", "DEVICE VECTORS|default", BIT(OPTION_DRY_RUN), 2, 2,
		  EFFECT_CHANGE },
	},
	.tables = { &vector_table, &device_table },
	.check = check,
	.run = run,
};
