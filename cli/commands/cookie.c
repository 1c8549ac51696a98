// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl cookie: cookies of vectors, and the default one of a device.
 */
#include "commands/commands.h"
#include "commands/vector_action.h"
#include "objects/objects.h"
#include "shared/parse.h"

/* What was asked for, beside the options. */
struct request {
	enum action action;
	struct vector_name vector;
	/* If it is to be set. */
	uint64_t cookie;
	const struct table *table;
	struct selection selection;
};

static enum exit_code get(const struct call *call, struct ims_ctx *ctx,
			  const struct ims_device *device,
			  const struct vector_name *vector,
			  const struct selection *selection)
{
	uint64_t cookie;

	if (ims_device_get_default_cookie(device, &cookie))
		return problem(EXIT_NOT_PERMITTED,
			       "device %s: seeing cookies needs CAP_SYS_ADMIN",
			       ims_device_get_name(device));
	if (!vector->is_default)
		return print_vectors(call, ctx, device, vector, selection);

	return print_device(call, ctx, selection, device);
}

static enum exit_code set_default(const struct call *call, struct ims_ctx *ctx,
				  const struct ims_device *device,
				  uint64_t cookie)
{
	struct ims_device_config *config;
	int err = ims_device_config_new(&config);

	if (err)
		return out_of_memory();

	ims_device_config_set_default_cookie(config, cookie);
	err = ims_device_configure(ctx, device, config, dry_run(call));
	ims_device_config_free(config);
	return err ? failure(ctx, err) : EXIT_DONE;
}

static enum exit_code set(const struct call *call, struct ims_ctx *ctx,
			  const struct ims_device *device, uint32_t index,
			  bool clear, uint64_t cookie)
{
	struct ims_vector_config *config;
	int err = ims_vector_config_new(&config);

	if (err)
		return out_of_memory();

	if (clear)
		ims_vector_config_clear_cookie(config);
	else
		ims_vector_config_set_cookie(config, cookie);
	if (has(call, OPTION_NOW))
		ims_vector_config_set_cookie_mode(config, IMS_COOKIE_MODE_NOW);
	err = ims_vector_configure_range(ctx, device, index, 1, config,
					 dry_run(call));
	ims_vector_config_free(config);
	return err ? failure(ctx, err) : EXIT_DONE;
}

static enum exit_code check_vector(const struct call *call,
				   const struct request *request)
{
	if (!request->vector.is_default)
		return EXIT_DONE;
	if (request->action == ACTION_CLEAR)
		return usage_error(call->command,
				   "the default cookie cannot be cleared, only set");
	if (has(call, OPTION_NOW))
		return usage_error(call->command,
				   "the default cookie takes effect at the next allocations, not --now");
	return EXIT_DONE;
}

static enum exit_code parse(const struct call *call, struct request *request)
{
	enum exit_code code;

	*request = (struct request) { 0 };
	code = parse_action(call, &request->action, &request->vector);
	if (code)
		return code;
	request->table = request->vector.is_default ? &device_table :
						      &vector_table;
	if (wants_column_help(call))
		return EXIT_DONE;

	if (request->action == ACTION_SET &&
	    !parse_u64(call->arguments[3], &request->cookie))
		return usage_error(call->command,
				   "'%s' is no number such as 0x1001",
				   call->arguments[3]);
	code = check_vector(call, request);
	if (!code)
		code = select_columns(call, request->table, IN_COOKIE,
				      &request->selection);
	return code;
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
		return get(call, ctx, device, &request->vector,
			   &request->selection);
	if (request->vector.is_default)
		return set_default(call, ctx, device, request->cookie);
	return set(call, ctx, device, request->vector.index,
		   request->action == ACTION_CLEAR, request->cookie);
}

static enum exit_code run(const struct call *call)
{
	struct request request;
	enum exit_code code = parse(call, &request);

	if (code)
		return code;
	if (wants_column_help(call)) {
		print_column_help(request.table, IN_COOKIE);
		return EXIT_DONE;
	}
	return on_device(call, call->arguments[1], act, &request);
}

const struct command command_cookie = {
	.name = "cookie",
	.arguments = "get|set|clear DEVICE [VECTOR [COOKIE]]",
	.summary = "get, set or clear the cookies of vectors",
	.help =
"get shows the cookies of a device's vectors, or of one. set gives a vector a\n"
"cookie of its own, and clear makes it use the device's default again, from the\n"
"next allocation of a slot on. With \"default\" as VECTOR, get and set are about\n"
"the device's default cookie. Needs CAP_SYS_ADMIN.",
	.options = LOOK_OPTIONS | BIT(OPTION_NOW) | BIT(OPTION_DRY_RUN),
	.min = 1,
	.max = 4,
	.tables = { &vector_table, &device_table },
	.effect = action_effect,
	.check = check,
	.run = run,
};
