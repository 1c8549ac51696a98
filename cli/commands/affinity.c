// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl affinity: which CPUs may get a vector's interrupts.
 */
#include "commands/commands.h"
#include "commands/vector_action.h"
#include "objects/objects.h"

/* What was asked for, beside the options. */
struct request {
	enum action action;
	struct vector_name vector;
	struct selection selection;
};

static enum exit_code set(const struct call *call, struct ims_ctx *ctx,
			  const struct ims_device *device, uint32_t index,
			  const char *cpus)
{
	struct ims_vector_config *config;
	int err = ims_vector_config_new(&config);

	if (err)
		return out_of_memory();

	err = ims_vector_config_set_affinity(config, cpus);
	if (!err)
		err = ims_vector_configure_range(ctx, device, index, 1, config,
						 dry_run(call));
	ims_vector_config_free(config);
	return err ? failure(ctx, err) : EXIT_DONE;
}

static enum exit_code parse(const struct call *call, struct request *request)
{
	enum exit_code code;

	*request = (struct request) { 0 };
	code = parse_action(call, &request->action, &request->vector);
	if (code || wants_column_help(call))
		return code;

	if (request->vector.is_default)
		return usage_error(call->command,
				   "'default' is no vector's number");
	/* It would mean the default to the kernel. */
	if (request->action == ACTION_SET && !call->arguments[3][0])
		return usage_error(call->command, "CPUS is empty");
	return select_columns(call, &vector_table, IN_AFFINITY,
			      &request->selection);
}

static enum exit_code check(const struct call *call)
{
	struct request request;

	return parse(call, &request);
}

static enum exit_code act(const struct call *call, struct ims_ctx *ctx,
			  const struct ims_device *device, const void *of)
{
	const struct request *request = of;

	if (request->action == ACTION_GET)
		return print_vectors(call, ctx, device, &request->vector,
				     &request->selection);
	return set(call, ctx, device, request->vector.index,
		   request->action == ACTION_SET ? call->arguments[3] : "");
}

static enum exit_code run(const struct call *call)
{
	struct request request;
	enum exit_code code = parse(call, &request);

	if (code)
		return code;
	if (wants_column_help(call)) {
		print_column_help(&vector_table, IN_AFFINITY);
		return EXIT_DONE;
	}
	return on_device(call, call->arguments[1], act, &request);
}

const struct command command_affinity = {
	.name = "affinity",
	.arguments = "get|set|clear DEVICE [VECTOR [CPUS]]",
	.summary = "get, set or clear which CPUs get interrupts",
	.help =
"get shows which CPU gets the interrupts of a device's vectors, or of one, and\n"
"which CPUs may. set says which may: CPUS is a list such as 0-3,8. clear puts it\n"
"back to the kernel's default affinity. set and clear need CAP_SYS_ADMIN, and\n"
"CPUs that the caller may run on.",
	.options = LOOK_OPTIONS | BIT(OPTION_DRY_RUN),
	.min = 1,
	.max = 4,
	.tables = { &vector_table },
	.effect = action_effect,
	.check = check,
	.run = run,
};
