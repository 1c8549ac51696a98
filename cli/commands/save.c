// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl save: the configuration of a device as a file.
 */
#include <string.h>

#include "commands/commands.h"
#include "config/config.h"
#include "objects/objects.h"
#include "shared/output_file.h"

static enum exit_code save(const char *name, const struct config *config)
{
	struct output_file file;
	enum exit_code code;

	code = open_output(&file, name);
	if (code)
		return code;

	config_print(file.stream, config);
	return close_output(&file);
}

static enum exit_code print(const struct call *call,
			    const struct config *config)
{
	if (has(call, OPTION_JSON))
		return config_print_json(NULL, config);
	if (names_file(call, 1))
		return save(call->arguments[1], config);

	config_print(stdout, config);
	return EXIT_DONE;
}

static enum exit_code act(const struct call *call, struct ims_ctx *ctx,
			  const struct ims_device *device, void *unused)
{
	struct config config;
	enum exit_code code = config_get(ctx, device, &config);

	(void)unused;
	if (code)
		return code;

	code = print(call, &config);
	config_free(&config);
	return code;
}

static enum exit_code run(const struct call *call)
{
	if (has(call, OPTION_JSON) && call->count > 1)
		return usage_error(call->command,
				   "--json goes without FILE: it is not read back");
	return on_device(call, call->arguments[0], act, NULL);
}

static enum effect effect(const struct call *call)
{
	return names_file(call, 1) ? EFFECT_UNTRIED : EFFECT_NONE;
}

const struct command command_save = {
	.name = "save",
	.arguments = "DEVICE [FILE]",
	.summary = "print or save the configuration of a device",
	.help =
"Writes limit, reservation, bypass, rate limits, cookies and affinities of a\n"
"device, in a form to be edited and given to \"imsctl apply\" and \"imsctl diff\".\n"
"Without FILE, to standard output.\n"
"DEVICE is a device's name, the beginning of one, or its parent's address.\n"
"Needs CAP_SYS_ADMIN.",
	.options = BIT(OPTION_JSON) | BIT(OPTION_INPUT),
	.min = 1,
	.max = 2,
	.tables = { &setting_table },
	.effect = effect,
	.run = run,
};
