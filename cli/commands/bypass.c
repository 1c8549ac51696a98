// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl bypass: may hardware post a device's interrupts straight to vCPUs?
 */
#include "commands/commands.h"
#include "objects/objects.h"
#include "shared/parse.h"

/* What was asked for, beside the options. */
struct request {
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

static enum exit_code parse(const struct call *call, struct request *request)
{
	*request = (struct request) { 0 };
	if (wants_column_help(call))
		return EXIT_DONE;

	if (is_action(call, "set") &&
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
			  const struct ims_device *device, void *of)
{
	const struct request *request = of;

	if (is_action(call, "set"))
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
	.summary = "show or change whether vCPUs get interrupts past the host",
	.help =
"get shows whether the interrupts of a device may be posted by hardware\n"
"straight to vCPUs, past the host. set changes that, and needs CAP_SYS_ADMIN:\n"
"auto is on, but off for more than 256 vectors before Linux 6.17. Which vectors\n"
"are bypassed is shown by imsctl list.",
	.actions = {
		{ "get", "DEVICE", LOOK_OPTIONS, 1, 1 },
		{ "set", "DEVICE auto|on|off", BIT(OPTION_DRY_RUN), 2, 2,
		  EFFECT_CHANGE },
	},
	.tables = { &device_table },
	.check = check,
	.run = run,
};
