// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl diff: where a device's configuration is not that of a file.
 */
#include <string.h>

#include "commands/commands.h"
#include "config/config.h"
#include "objects/objects.h"

static enum exit_code print(const struct call *call, const struct config *file,
			    const struct config *device)
{
	size_t count = config_differences(file, device);
	enum exit_code code = EXIT_DONE;

	if (has(call, OPTION_JSON))
		code = config_print_json(file, device);
	else if (count)
		config_print_difference(file, device);
	return !code && count ? EXIT_DIFFERENT : code;
}

static enum exit_code compare(const struct call *call, struct ims_ctx *ctx,
			      struct config *file)
{
	struct ims_device *device;
	struct config is;
	enum exit_code code;

	code = find_device(ctx, call, call->arguments[0], &device);
	if (code)
		return code;

	code = config_fit(ctx, device, file);
	if (!code)
		code = config_get(ctx, device, &is);
	if (!code) {
		code = print(call, file, &is);
		config_free(&is);
	}
	ims_device_free(device);
	return code;
}

static enum exit_code run(const struct call *call)
{
	const char *input = call->values[OPTION_INPUT];
	struct config file;
	struct ims_ctx *ctx;
	enum exit_code code;

	if (input && !strcmp(input, "-") && !strcmp(call->arguments[1], "-"))
		return usage_error(call->command,
				   "FILE and --input cannot both be standard input");
	code = config_read(call->arguments[1], &file);
	if (code)
		return code;
	code = open_source(call, &ctx);
	if (!code) {
		code = compare(call, ctx, &file);
		ims_ctx_free(ctx);
	}
	config_free(&file);
	return code;
}

const struct command command_diff = {
	.name = "diff",
	.arguments = "DEVICE FILE",
	.summary = "compare a device with a configuration file",
	.help =
"Prints where a device is not as FILE says: \"-\" is the file's line, \"+\" what the\n"
"device has. What FILE does not mention is not compared. Exit status 0 if there\n"
"is no difference, 6 if there is one. DEVICE is a device's name, the beginning\n"
"of one, or its parent's address. Needs CAP_SYS_ADMIN.",
	.options = BIT(OPTION_JSON) | BIT(OPTION_INPUT),
	.min = 2,
	.max = 2,
	.tables = { &difference_table },
	.run = run,
};
