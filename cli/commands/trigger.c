// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl trigger: signal vectors through their triggers.
 */
#include "commands/commands.h"
#include "objects/objects.h"

static int trigger(const struct call *call, struct ims_ctx *ctx,
		   const struct ims_device *device,
		   const struct vector_set *vectors)
{
	uint32_t path = has(call, OPTION_INTERRUPT) ?
			IMS_TRIGGER_PATH_INTERRUPT : IMS_TRIGGER_PATH_EVENTFD;

	if (vectors->list)
		return ims_vector_trigger_list(ctx, device, vectors->list,
					       vectors->count, path, dry_run(call));
	return ims_vector_trigger_range(ctx, device, vectors->first, vectors->count,
					path, dry_run(call));
}

static enum exit_code check(const struct call *call)
{
	struct vector_set vectors;
	enum exit_code code;

	code = parse_vectors(call->command, call->arguments[1], &vectors);
	free_vectors(&vectors);
	return code;
}

static enum exit_code run(const struct call *call)
{
	struct vector_set vectors;
	struct ims_device *device;
	struct ims_ctx *ctx;
	enum exit_code code;
	int err;

	code = parse_vectors(call->command, call->arguments[1], &vectors);
	if (code)
		return code;
	code = open_context(&ctx);
	if (code)
		goto free_vectors;

	code = find_device(ctx, call->command, call->arguments[0], &device);
	if (!code) {
		err = trigger(call, ctx, device, &vectors);
		if (err)
			code = failure(ctx, err);
		ims_device_free(device);
	}
	ims_ctx_free(ctx);
free_vectors:
	free_vectors(&vectors);
	return code;
}

static enum effect effect(const struct call *call)
{
	(void)call;
	return EFFECT_CHANGE;
}

const struct command command_trigger = {
	.name = "trigger",
	.arguments = "DEVICE VECTORS",
	.summary = "signal vectors as if they had fired",
	.help =
"Signals all of the vectors, or none, through the eventfds that are bound to\n"
"them: the device's user sees an interrupt that did not come from hardware.\n"
"VECTORS is a list such as 0,3,7-9. DEVICE is a device's name, the beginning of\n"
"one, or its parent's address. Prints nothing. Needs CAP_SYS_ADMIN.",
	.options = BIT(OPTION_INTERRUPT) | BIT(OPTION_DRY_RUN),
	.min = 2,
	.max = 2,
	.effect = effect,
	.check = check,
	.run = run,
};
