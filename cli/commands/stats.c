// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl stats: what vectors and stores have counted.
 */
#include <errno.h>
#include <stdlib.h>

#include "commands/commands.h"
#include "commands/vectors.h"

/* What was asked for, beside the options. */
struct request {
	struct selection selection;
	/* If none were named, all. */
	struct vector_set vectors;
};

static enum exit_code of_store(const struct call *call,
			       const struct request *request)
{
	struct ims_store *store;
	struct ims_ctx *ctx;
	enum exit_code code = open_source(call, &ctx);
	struct rows rows;
	int err = 0;

	if (code)
		return code;

	code = find_store(ctx, call->command, call->arguments[0], &store);
	if (!code) {
		rows = rows_of_one(store);
		if (is_action(call, "reset"))
			err = ims_store_reset_stats(ctx, store, dry_run(call));
		else
			code = print_rows(call, &request->selection, &rows);
		if (err)
			code = failure(ctx, err);
		ims_store_free(store);
	}
	ims_ctx_free(ctx);
	return code;
}

static int reset_vectors(struct ims_ctx *ctx, const struct ims_device *device,
			 const struct vector_set *vectors, unsigned int flags)
{
	uint32_t *list;
	int err;

	if (!vectors->num_ranges)
		return ims_device_reset_stats(ctx, device, flags);
	if (vectors->num_ranges == 1)
		return ims_vector_reset_stats_range(ctx, device,
						    vectors->ranges[0].first,
						    count_vectors(vectors),
						    flags);
	list = list_vectors(vectors);
	if (!list)
		return -ENOMEM;
	err = ims_vector_reset_stats_list(ctx, device, list,
					  count_vectors(vectors), flags);
	free(list);
	return err;
}

static enum exit_code of_device(const struct call *call, struct ims_ctx *ctx,
				const struct ims_device *device, void *of)
{
	const struct request *request = of;
	int err;

	if (is_action(call, "reset")) {
		err = reset_vectors(ctx, device, &request->vectors,
				    dry_run(call));
		return err ? failure(ctx, err) : EXIT_DONE;
	}
	return print_vectors(call, ctx, device, &request->vectors,
			     &request->selection);
}

static const struct table *table_of(const struct call *call)
{
	return has(call, OPTION_STORE) ? &store_table : &vector_table;
}

/* Its vectors are to be freed, whatever it returns. */
static enum exit_code parse(const struct call *call, struct request *request)
{
	enum exit_code code = EXIT_DONE;

	*request = (struct request) { 0 };
	if (wants_column_help(call))
		return EXIT_DONE;

	if (has(call, OPTION_STORE) && call->count > 1 && !call->action_said)
		return unknown_action(call, "a store has no vectors, and ");
	if (has(call, OPTION_STORE) && call->count > 1)
		return usage_error(call->command,
				   "a store has no vectors: leave out '%s'",
				   call->arguments[1]);
	if (has(call, OPTION_STORE) && has(call, OPTION_NONZERO))
		return usage_error(call->command,
				   "--store goes without --nonzero");
	if (call->count > 1)
		code = parse_second(call, &request->vectors);
	if (!code)
		code = select_columns(call, table_of(call), IN_STATS,
				      &request->selection);
	return code;
}

static enum exit_code check(const struct call *call)
{
	struct request request;
	enum exit_code code = parse(call, &request);

	free_vectors(&request.vectors);
	return code;
}

static enum exit_code run(const struct call *call)
{
	struct request request;
	enum exit_code code = parse(call, &request);

	if (!code && wants_column_help(call))
		print_column_help(table_of(call), IN_STATS);
	else if (!code && has(call, OPTION_STORE))
		code = of_store(call, &request);
	else if (!code)
		code = on_device(call, call->arguments[0], of_device,
				 &request);
	free_vectors(&request.vectors);
	return code;
}

const struct command command_stats = {
	.name = "stats",
	.summary = "show or reset the counts of vectors or of a store",
	.help =
"get shows what the vectors of a device have counted, or with --store what a\n"
"store has. reset lets the counts begin anew, and needs CAP_SYS_ADMIN. VECTORS\n"
"is a list such as 0,3,7-9, or all. NAME is a device's name, the beginning of\n"
"one, or its parent's address.",
	.options = BIT(OPTION_STORE),
	.actions = {
		{ "get", "NAME [VECTORS]", LOOK_OPTIONS | BIT(OPTION_NONZERO),
		  1, 2 },
		{ "reset", "NAME [VECTORS]", BIT(OPTION_DRY_RUN), 1, 2,
		  EFFECT_CHANGE },
	},
	.tables = { &vector_table, &store_table },
	.check = check,
	.run = run,
};
