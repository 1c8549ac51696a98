// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl affinity: which CPUs may get a vector's interrupts.
 */
#include "commands/commands.h"
#include "commands/spread.h"
#include "commands/vectors.h"

/* What was asked for, beside the options. */
struct request {
	struct vector_set vectors;
	/* Of "set": a list of CPUs. */
	const char *cpus;
	struct selection selection;
};

/* With @cpus empty, the default again. */
static enum exit_code set(const struct call *call, struct ims_ctx *ctx,
			  const struct ims_device *device,
			  struct request *request)
{
	struct ims_vector_config *config;
	enum exit_code code;
	int err;

	if (request->cpus[0])
		code = resolve_vectors(ctx, device, &request->vectors,
				       is_not_emulated,
				       "all vectors are emulated and have no affinity");
	else
		code = resolve_vectors(ctx, device, &request->vectors,
				       ims_vector_is_affinity_own, NULL);
	if (code)
		return code;
	err = ims_vector_config_new(&config);
	if (err)
		return out_of_memory();

	err = ims_vector_config_set_affinity(config, request->cpus);
	if (!err)
		err = configure_vectors(ctx, device, &request->vectors, config,
					dry_run(call));
	ims_vector_config_free(config);
	return err ? failure(ctx, err) : EXIT_DONE;
}

/* Its vectors are to be freed, whatever it returns. */
static enum exit_code parse(const struct call *call, struct request *request)
{
	enum exit_code code = EXIT_DONE;

	*request = (struct request) { .cpus = "" };
	if (wants_column_help(call))
		return EXIT_DONE;

	if (call->count > 1)
		code = parse_second(call, &request->vectors);
	if (!code && is_action(call, "set")) {
		request->cpus = call->arguments[2];
		/* It would mean the default to the kernel. */
		if (!request->cpus[0])
			return usage_error(call->command, "CPUS is empty");
	}
	if (!code && is_action(call, "spread"))
		code = check_spread(call);
	if (!code)
		code = select_columns(call, &vector_table, IN_AFFINITY,
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

static enum exit_code act(const struct call *call, struct ims_ctx *ctx,
			  const struct ims_device *device, void *of)
{
	struct request *request = of;

	if (is_action(call, "get"))
		return print_vectors(call, ctx, device, &request->vectors,
				     &request->selection);
	if (is_action(call, "spread"))
		return spread_vectors(call, ctx, device, &request->vectors);
	return set(call, ctx, device, request);
}

static enum exit_code run(const struct call *call)
{
	struct request request;
	enum exit_code code = parse(call, &request);

	if (!code && wants_column_help(call))
		print_column_help(&vector_table, IN_AFFINITY);
	else if (!code)
		code = on_device(call, call->arguments[0], act, &request);
	free_vectors(&request.vectors);
	return code;
}

const struct command command_affinity = {
	.name = "affinity",
	.summary = "show or change which CPUs get interrupts",
	.help =
"get shows which CPU gets the interrupts of a device's vectors, and which CPUs\n"
"may. set says which may: CPUS is a list such as 0-3,8. clear puts it back to\n"
"the default. spread gives each vector one CPU, in turn.\n"
"VECTORS is a list such as 0,3,7-9, or all. Changes need CAP_SYS_ADMIN, and\n"
"CPUs that the caller may run on.",
	.actions = {
		{ "get", "DEVICE [VECTORS]", LOOK_OPTIONS, 1, 2 },
		{ "set", "DEVICE VECTORS CPUS", BIT(OPTION_DRY_RUN), 3, 3,
		  EFFECT_CHANGE },
		{ "clear", "DEVICE VECTORS", BIT(OPTION_DRY_RUN), 2, 2,
		  EFFECT_CHANGE },
		{ "spread", "DEVICE [VECTORS]",
		  BIT(OPTION_CPUS) | BIT(OPTION_NODE) | BIT(OPTION_DRY_RUN),
		  1, 2, EFFECT_CHANGE },
	},
	.tables = { &vector_table },
	.check = check,
	.run = run,
};
