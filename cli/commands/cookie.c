// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl cookie: cookies of vectors, and the default one of a device.
 */
#include <string.h>

#include "commands/commands.h"
#include "commands/vectors.h"
#include "shared/parse.h"

/* What was asked for, beside the options. */
struct request {
	/* It is about the device's default cookie, not about vectors. */
	bool is_default;
	struct vector_set vectors;
	/* If it is to be set. */
	uint64_t cookie;
	const struct table *table;
	struct selection selection;
};

static enum exit_code get(const struct call *call, struct ims_ctx *ctx,
			  const struct ims_device *device,
			  const struct request *request)
{
	uint64_t cookie;

	if (ims_device_get_default_cookie(device, &cookie))
		return problem(EXIT_NOT_PERMITTED,
			       "device %s: seeing cookies needs CAP_SYS_ADMIN",
			       ims_device_get_name(device));
	if (!request->is_default)
		return print_vectors(call, ctx, device, &request->vectors,
				     &request->selection);

	return print_device(call, ctx, &request->selection, device);
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

static enum exit_code change(const struct call *call, struct ims_ctx *ctx,
			     const struct ims_device *device,
			     struct request *request)
{
	bool clear = is_action(call, "clear");
	struct ims_vector_config *config;
	enum exit_code code;
	int err;

	if (clear)
		code = resolve_vectors(ctx, device, &request->vectors,
				       ims_vector_is_cookie_own, NULL);
	else
		code = resolve_vectors(ctx, device, &request->vectors,
				       is_not_emulated,
				       "all vectors are emulated and have no cookie");
	if (code)
		return code;
	if (ims_vector_config_new(&config))
		return out_of_memory();

	if (clear)
		ims_vector_config_clear_cookie(config);
	else
		ims_vector_config_set_cookie(config, request->cookie);
	if (has(call, OPTION_NOW))
		ims_vector_config_set_cookie_mode(config, IMS_COOKIE_MODE_NOW);
	err = configure_vectors(ctx, device, &request->vectors, config,
				dry_run(call));
	ims_vector_config_free(config);
	return err ? failure(ctx, err) : EXIT_DONE;
}

static enum exit_code parse_which(const struct call *call,
				  struct request *request)
{
	if (call->count < 2)
		return EXIT_DONE;
	request->is_default = !strcmp(call->arguments[1], "default");
	if (!request->is_default)
		return parse_second(call, &request->vectors);

	request->table = &device_table;
	if (is_action(call, "clear"))
		return usage_error(call->command,
				   "the default cookie cannot be cleared, only set");
	if (has(call, OPTION_NOW))
		return usage_error(call->command,
				   "the default cookie takes effect at the next allocations, not --now");
	return EXIT_DONE;
}

/* Its vectors are to be freed, whatever it returns. */
static enum exit_code parse(const struct call *call, struct request *request)
{
	enum exit_code code;

	*request = (struct request) { .table = &vector_table };
	code = parse_which(call, request);
	if (code || wants_column_help(call))
		return code;

	if (is_action(call, "set") &&
	    !parse_u64(call->arguments[2], &request->cookie))
		return usage_error(call->command,
				   "'%s' is no number such as 0x1001",
				   call->arguments[2]);
	return select_columns(call, request->table, IN_COOKIE,
			      &request->selection);
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
		return get(call, ctx, device, request);
	if (request->is_default)
		return set_default(call, ctx, device, request->cookie);
	return change(call, ctx, device, request);
}

static enum exit_code run(const struct call *call)
{
	struct request request;
	enum exit_code code = parse(call, &request);

	if (!code && wants_column_help(call))
		print_column_help(request.table, IN_COOKIE);
	else if (!code)
		code = on_device(call, call->arguments[0], act, &request);
	free_vectors(&request.vectors);
	return code;
}

const struct command command_cookie = {
	.name = "cookie",
	.summary = "show or change the cookies of vectors",
	.help =
"get shows the cookies of a device's vectors. set gives vectors a cookie of\n"
"their own, and clear makes them use the device's default again, from the next\n"
"allocation of a slot on. VECTORS is a list such as 0,3,7-9, or all; with\n"
"default, get and set are about the device's default cookie. Needs\n"
"CAP_SYS_ADMIN.",
	.actions = {
		{ "get", "DEVICE [VECTORS|default]", LOOK_OPTIONS, 1, 2 },
		{ "set", "DEVICE VECTORS|default COOKIE",
		  BIT(OPTION_NOW) | BIT(OPTION_DRY_RUN), 3, 3, EFFECT_CHANGE },
		{ "clear", "DEVICE VECTORS",
		  BIT(OPTION_NOW) | BIT(OPTION_DRY_RUN), 2, 2, EFFECT_CHANGE },
	},
	.tables = { &vector_table, &device_table },
	.check = check,
	.run = run,
};
