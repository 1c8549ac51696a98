// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl bypass: may hardware post a device's interrupts straight to vCPUs?
 */
#include "commands/commands.h"
#include "objects/objects.h"
#include "shared/parse.h"

/* What was asked for, beside the options. */
struct request {
	bool changes;
	uint32_t mode;
	struct selection selection;
};

static enum exit_code set(const struct call *call, struct ims_ctx *ctx,
			  const struct ims_device *device, uint32_t mode)
{
	struct ims_device_config *config;
	int err = ims_device_config_new(&config);

	if (err)
		return out_of_memory();

	ims_device_config_set_bypass(config, mode);
	err = ims_device_configure(ctx, device, config, dry_run(call));
	ims_device_config_free(config);
	return err ? failure(ctx, err) : EXIT_DONE;
}

static enum effect effect(const struct call *call)
{
	return call->count > 1 ? EFFECT_CHANGE : EFFECT_NONE;
}

static enum exit_code parse(const struct call *call, struct request *request)
{
	uint64_t excess = 0;

	*request = (struct request) {
		.changes = effect(call) == EFFECT_CHANGE,
	};
	if (wants_column_help(call))
		return EXIT_DONE;

	if (!request->changes && has(call, OPTION_DRY_RUN))
		return usage_error(call->command, "--dry-run is for a change");
	if (request->changes)
		excess = call->given & LOOK_OPTIONS;
	if (excess)
		return usage_error(call->command, "a change goes without --%s",
				   options[__builtin_ctzll(excess)].name);
	if (request->changes &&
	    !parse_bypass_mode(call->arguments[1], &request->mode))
		return usage_error(call->command,
				   "'%s' is neither auto, on nor off",
				   call->arguments[1]);
	return select_columns(call, &device_table, IN_BYPASS,
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

	if (request->changes)
		return set(call, ctx, device, request->mode);
	return print_device(call, ctx, &request->selection, device);
}

static enum exit_code run(const struct call *call)
{
	struct request request;
	enum exit_code code = parse(call, &request);

	if (code)
		return code;
	if (wants_column_help(call)) {
		print_column_help(&device_table, IN_BYPASS);
		return EXIT_DONE;
	}
	return on_device(call, call->arguments[0], act, &request);
}

const struct command command_bypass = {
	.name = "bypass",
	.arguments = "DEVICE [auto|on|off]",
	.summary = "show or change whether vCPUs get interrupts past the host",
	.help =
"Shows whether the interrupts of a device may be posted by hardware straight to\n"
"vCPUs, past the host, or changes that; prints nothing then, and needs\n"
"CAP_SYS_ADMIN. auto is on, but off for more than 256 vectors before Linux 6.17.\n"
"Which vectors are bypassed is shown by imsctl list.",
	.options = LOOK_OPTIONS | BIT(OPTION_DRY_RUN),
	.min = 1,
	.max = 2,
	.tables = { &device_table },
	.effect = effect,
	.check = check,
	.run = run,
};
