// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl limit: how many slots a device or a store may use.
 */
#include "commands/commands.h"
#include "objects/objects.h"
#include "shared/parse.h"

/* What was asked for. */
struct request {
	const struct call *call;
	struct ims_ctx *ctx;
	struct selection selection;
	/* A limit or reservation was given. */
	bool changes;
	uint32_t limit;
	uint32_t reservation;
};

static enum exit_code parse_slots(const struct call *call, enum option_id id,
				  uint32_t *slots)
{
	if (!has(call, id) || parse_u32(call->values[id], slots))
		return EXIT_DONE;
	return usage_error(call->command, "--%s: '%s' is no number of slots",
			   options[id].name, call->values[id]);
}

static enum exit_code change_store(const struct request *request,
				   const struct ims_store *store)
{
	struct ims_store_config *config;
	int err = ims_store_config_new(&config);

	if (err)
		return out_of_memory();

	ims_store_config_set_limit(config, request->limit);
	err = ims_store_configure(request->ctx, store, config,
				  dry_run(request->call));
	ims_store_config_free(config);
	return err ? failure(request->ctx, err) : EXIT_DONE;
}

static enum exit_code of_store(const struct request *request)
{
	const struct call *call = request->call;
	struct ims_store *store;
	enum exit_code code;
	struct rows rows;

	code = find_store(request->ctx, call->command, call->arguments[0],
			  &store);
	if (code)
		return code;

	if (request->changes) {
		code = change_store(request, store);
	} else {
		rows = rows_of_one(store);
		code = print_rows(call, &request->selection, &rows);
	}
	ims_store_free(store);
	return code;
}

static enum exit_code change_device(const struct request *request,
				    const struct ims_device *device)
{
	struct ims_device_config *config;
	int err = ims_device_config_new(&config);

	if (err)
		return out_of_memory();

	if (has(request->call, OPTION_LIMIT))
		ims_device_config_set_limit(config, request->limit);
	if (has(request->call, OPTION_RESERVATION))
		ims_device_config_set_reservation(config,
						  request->reservation);
	err = ims_device_configure(request->ctx, device, config,
				   dry_run(request->call));
	ims_device_config_free(config);
	return err ? failure(request->ctx, err) : EXIT_DONE;
}

static enum exit_code of_device(const struct request *request)
{
	const struct call *call = request->call;
	struct ims_device *device;
	enum exit_code code;

	code = find_device(request->ctx, call->command, call->arguments[0],
			   &device);
	if (code)
		return code;

	if (request->changes)
		code = change_device(request, device);
	else
		code = print_device(call, request->ctx, &request->selection,
				    device);
	ims_device_free(device);
	return code;
}

static enum exit_code check_options(const struct request *request)
{
	const struct call *call = request->call;
	uint64_t excess = 0;

	if (has(call, OPTION_STORE) && has(call, OPTION_RESERVATION))
		return usage_error(call->command,
				   "a store has no --reservation");
	if (!request->changes && has(call, OPTION_DRY_RUN))
		return usage_error(call->command,
				   "--dry-run is for --limit and --reservation");
	if (request->changes)
		excess = call->given & LOOK_OPTIONS;
	if (excess)
		return usage_error(call->command, "a change goes without --%s",
				   options[__builtin_ctzll(excess)].name);
	return EXIT_DONE;
}

static enum effect effect(const struct call *call)
{
	return has(call, OPTION_LIMIT) || has(call, OPTION_RESERVATION) ?
	       EFFECT_CHANGE : EFFECT_NONE;
}

static const struct table *table_of(const struct call *call)
{
	return has(call, OPTION_STORE) ? &store_table : &device_table;
}

static enum exit_code parse(const struct call *call, struct request *request)
{
	enum exit_code code;

	*request = (struct request) {
		.call = call,
		.changes = effect(call) == EFFECT_CHANGE,
	};
	if (wants_column_help(call))
		return EXIT_DONE;

	code = check_options(request);
	if (!code)
		code = parse_slots(call, OPTION_LIMIT, &request->limit);
	if (!code)
		code = parse_slots(call, OPTION_RESERVATION,
				   &request->reservation);
	if (!code)
		code = select_columns(call, table_of(call), IN_LIMIT,
				      &request->selection);
	return code;
}

static enum exit_code check(const struct call *call)
{
	struct request request;

	return parse(call, &request);
}

static enum exit_code run(const struct call *call)
{
	struct request request;
	enum exit_code code;

	code = parse(call, &request);
	if (!code && wants_column_help(call)) {
		print_column_help(table_of(call), IN_LIMIT);
		return EXIT_DONE;
	}
	if (!code)
		code = open_source(call, &request.ctx);
	if (code)
		return code;

	code = has(call, OPTION_STORE) ? of_store(&request) :
					 of_device(&request);
	ims_ctx_free(request.ctx);
	return code;
}

const struct command command_limit = {
	.name = "limit",
	.arguments = "NAME",
	.summary = "show or change how many slots may be used",
	.help =
"Shows how many slots a device may use and has reserved, or with --store how\n"
"many of a store may be in use. With --limit or --reservation, changes that;\n"
"prints nothing then, and needs CAP_SYS_ADMIN. NAME is a device's name, the\n"
"beginning of one, or its parent's address.",
	.options = LOOK_OPTIONS | BIT(OPTION_STORE) | BIT(OPTION_LIMIT) |
		   BIT(OPTION_RESERVATION) | BIT(OPTION_DRY_RUN),
	.min = 1,
	.max = 1,
	.tables = { &device_table, &store_table },
	.effect = effect,
	.check = check,
	.run = run,
};
