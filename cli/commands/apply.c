// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl apply: make a device's configuration that of a file.
 */
#include <limits.h>

#include "commands/commands.h"
#include "config/config.h"
#include "objects/objects.h"
#include "shared/parse.h"

static enum exit_code apply(const struct call *call, struct ims_ctx *ctx,
			    const struct ims_device *device,
			    const struct config *file)
{
	bool dry = has(call, OPTION_DRY_RUN);
	struct config before;
	enum exit_code code;
	size_t count;

	code = config_get(ctx, device, &before);
	if (code)
		return code;

	count = config_differences(file, &before);
	code = config_apply(ctx, device, file, &before, dry);
	if (!code && !count)
		printf("device %s: nothing to change\n", before.device);
	else if (!code)
		printf("device %s: %zu setting%s %schanged\n", before.device,
		       count, count == 1 ? "" : "s", dry ? "would be " : "");
	config_free(&before);
	return code;
}

static enum exit_code apply_file(const struct call *call, struct ims_ctx *ctx,
				 const char *name, struct config *file)
{
	struct ims_device *device;
	enum exit_code code;

	code = find_device(ctx, call, name, &device);
	if (code)
		return code;

	code = config_fit(ctx, device, file);
	if (!code)
		code = apply(call, ctx, device, file);
	ims_device_free(device);
	return code;
}

static enum exit_code run_once(const struct call *call)
{
	const char *name = call->count > 1 ? call->arguments[0] : NULL;
	struct config file;
	struct ims_ctx *ctx;
	enum exit_code code;

	code = config_read(call->arguments[call->count - 1], &file);
	if (code)
		return code;
	if (!name)
		name = file.device;
	if (call->count < 2 && !*name)
		code = problem(EXIT_FAILED,
			       "%s: it names no device, and the command neither",
			       file.file);
	if (!code)
		code = open_context(&ctx);
	if (!code) {
		code = apply_file(call, ctx, name, &file);
		ims_ctx_free(ctx);
	}
	config_free(&file);
	return code;
}

static enum exit_code parse(const struct call *call, int64_t *timeout_ns)
{
	const char *timeout = call->values[OPTION_IDLE_TIMEOUT];

	*timeout_ns = -1;
	if (!has(call, OPTION_WATCH)) {
		if (timeout)
			return usage_error(call->command,
					   "--idle-timeout is for --watch");
		if (!call->count)
			return usage_error(call->command, "FILE is missing");
		return EXIT_DONE;
	}

	if (call->count)
		return usage_error(call->command,
				   "--watch takes the files of DIR: leave out '%s'",
				   call->arguments[0]);
	if (has(call, OPTION_DRY_RUN))
		return usage_error(call->command,
				   "--watch goes without --dry-run");
	if (timeout && !parse_seconds(timeout, timeout_ns))
		return usage_error(call->command,
				   "--idle-timeout: '%s' is no number of seconds",
				   timeout);
	return EXIT_DONE;
}

static enum exit_code check(const struct call *call)
{
	int64_t ns;

	return parse(call, &ns);
}

static enum exit_code run(const struct call *call)
{
	enum exit_code code;
	int64_t ns;

	code = parse(call, &ns);
	if (code)
		return code;
	if (!has(call, OPTION_WATCH))
		return run_once(call);
	return config_watch(call->values[OPTION_WATCH],
			    ns < 0 ? -1 : (int)((ns + 999999) / 1000000));
}

static enum effect effect(const struct call *call)
{
	return has(call, OPTION_WATCH) ? EFFECT_UNTRIED : EFFECT_CHANGE;
}

const struct command command_apply = {
	.name = "apply",
	.arguments = "[DEVICE] FILE",
	.summary = "configure a device as a file says",
	.help =
"Changes limit, reservation, bypass, rate limits, cookies and affinities of a\n"
"device to what FILE says, all of it or nothing; what it does not mention stays.\n"
"Cookies take effect at the next allocation of a slot. Without DEVICE, the file\n"
"says which one. With --watch, does so for each device as it is opened, if DIR\n"
"has NAME.conf, and ends by a signal or --idle-timeout. Needs CAP_SYS_ADMIN.",
	.options = BIT(OPTION_DRY_RUN) | BIT(OPTION_WATCH) |
		   BIT(OPTION_IDLE_TIMEOUT),
	.max = 2,
	.effect = effect,
	.check = check,
	.run = run,
};
