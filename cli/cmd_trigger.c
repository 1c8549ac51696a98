// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl trigger: signal vectors through their triggers.
 */
#include "imsctl.h"

static bool parse_range(const char *text, uint32_t *first, uint32_t *last)
{
	text = parse_number(text, first);
	if (!text)
		return false;

	*last = *first;
	if (*text == '-')
		text = parse_number(text + 1, last);
	return text && !*text;
}

static enum exit_code run(const struct call *call)
{
	const char *range = call->arguments[1];
	struct ims_device *device;
	uint32_t first, last;
	struct ims_ctx *ctx;
	enum exit_code code;
	int err;

	if (!parse_range(range, &first, &last))
		return usage_error(call->command,
				   "'%s' is neither a vector nor a range of vectors such as 0-3",
				   range);
	if (last < first || last - first == UINT32_MAX)
		return usage_error(call->command, "'%s' is no possible range",
				   range);

	code = open_context(&ctx);
	if (code)
		return code;

	code = find_device(ctx, call->command, call->arguments[0], &device);
	if (!code) {
		err = ims_trigger_range(ctx, device, first, last - first + 1,
					IMS_TRIGGER_PATH_EVENTFD, 0);
		if (err)
			code = failure(ctx, err);
		ims_device_free(device);
	}
	ims_ctx_free(ctx);
	return code;
}

const struct command command_trigger = {
	.name = "trigger",
	.arguments = "DEVICE VECTOR[-VECTOR]",
	.summary = "signal vectors as if they had fired",
	.help =
"Signals a vector, or all vectors of a range or none, through the eventfds that\n"
"are bound to them: the device's user sees an interrupt that did not come from\n"
"hardware. Prints nothing. Needs CAP_SYS_ADMIN. DEVICE is a device's name or the\n"
"beginning of one, as long as it fits one device only.",
	.min = 2,
	.max = 2,
	.run = run,
};
