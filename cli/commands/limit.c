// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl limit: how many slots a device or a store may use.
 */
#include "commands/commands.h"
#include "objects/objects.h"
#include "shared/parse.h"

/* What was asked for, beside the options. */
struct request {
	struct selection selection;
	bool has_limit;
	uint32_t limit;
	bool has_reservation;
	uint32_t reservation;
};

static enum exit_code change_store(const struct call *call, struct ims_ctx *ctx,
				   const struct ims_store *store,
				   const struct request *request)
{
	struct ims_store_config *config;
	uint32_t limit = request->limit;
	int err = ims_store_config_new(&config);

	if (err)
		return out_of_memory();

	/* The kernel has no word for all of them. */
	if (is_action(call, "clear"))
		ims_store_get_size(store, &limit);
	ims_store_config_set_limit(config, limit);
	err = ims_store_configure(ctx, store, config, dry_run(call));
	ims_store_config_free(config);
	return err ? failure(ctx, err) : EXIT_DONE;
}

static enum exit_code of_store(const struct call *call,
			       const struct request *request)
{
	struct ims_store *store;
	struct ims_ctx *ctx;
	enum exit_code code = open_source(call, &ctx);
	struct rows rows;

	if (code)
		return code;

	code = find_store(ctx, call->command, call->arguments[0], &store);
	if (!code) {
		rows = rows_of_one(store);
		code = is_action(call, "get") ?
		       print_rows(call, &request->selection, &rows) :
		       change_store(call, ctx, store, request);
		ims_store_free(store);
	}
	ims_ctx_free(ctx);
	return code;
}

/* To the kernel, a limit of 0 is as many slots as the device can use. */
static enum exit_code of_device(const struct call *call, struct ims_ctx *ctx,
				const struct ims_device *device, void *of)
{
	const struct request *request = of;
	bool clear = is_action(call, "clear");
	struct ims_device_config *config;
	int err;

	if (is_action(call, "get"))
		return print_device(call, ctx, &request->selection, device);
	err = ims_device_config_new(&config);
	if (err)
		return out_of_memory();

	if (request->has_limit || clear)
		ims_device_config_set_limit(config, request->limit);
	if (request->has_reservation || clear)
		ims_device_config_set_reservation(config,
						  request->reservation);
	err = ims_device_configure(ctx, device, config, dry_run(call));
	ims_device_config_free(config);
	return err ? failure(ctx, err) : EXIT_DONE;
}

static const struct table *table_of(const struct call *call)
{
	return has(call, OPTION_STORE) ? &store_table : &device_table;
}

static enum exit_code parse_change(const struct call *call,
				   struct request *request)
{
	const char *reservation = call->values[OPTION_RESERVATION];

	request->has_limit = call->count > 1;
	request->has_reservation = reservation;
	if (request->has_limit &&
	    !parse_u32(call->arguments[1], &request->limit))
		return usage_error(call->command, "'%s' is no number of slots",
				   call->arguments[1]);
	if (reservation && has(call, OPTION_STORE))
		return usage_error(call->command,
				   "a store has no --reservation");
	if (reservation && !parse_u32(reservation, &request->reservation))
		return usage_error(call->command,
				   "--reservation: '%s' is no number of slots",
				   reservation);
	if (!request->has_limit && !reservation)
		return missing_argument(call);
	return EXIT_DONE;
}

static enum exit_code parse(const struct call *call, struct request *request)
{
	enum exit_code code;

	*request = (struct request) { 0 };
	if (wants_column_help(call))
		return EXIT_DONE;

	if (is_action(call, "set")) {
		code = parse_change(call, request);
		if (code)
			return code;
	}
	return select_columns(call, table_of(call), IN_LIMIT,
			      &request->selection);
}

static enum exit_code check(const struct call *call)
{
	struct request request;

	return parse(call, &request);
}

static enum exit_code run(const struct call *call)
{
	struct request request;
	enum exit_code code = parse(call, &request);

	if (code)
		return code;
	if (wants_column_help(call)) {
		print_column_help(table_of(call), IN_LIMIT);
		return EXIT_DONE;
	}
	if (has(call, OPTION_STORE))
		return of_store(call, &request);
	return on_device(call, call->arguments[0], of_device, &request);
}

const struct command command_limit = {
	.name = "limit",
	.summary = "show or change how many slots may be used",
	.help =
"get shows how many slots a device may use and has reserved, or with --store\n"
"how many of a store may be in use. set changes that, and clear takes limit and\n"
"reservation away; both need CAP_SYS_ADMIN. NAME is a device's name, the\n"
"beginning of one, or its parent's address.",
	.options = BIT(OPTION_STORE),
	.actions = {
		{ "get", "NAME", LOOK_OPTIONS, 1, 1 },
		{ "set", "NAME [LIMIT]",
		  BIT(OPTION_RESERVATION) | BIT(OPTION_DRY_RUN), 1, 2,
		  EFFECT_CHANGE },
		{ "clear", "NAME", BIT(OPTION_DRY_RUN), 1, 1, EFFECT_CHANGE },
	},
	.tables = { &device_table, &store_table },
	.check = check,
	.run = run,
};
