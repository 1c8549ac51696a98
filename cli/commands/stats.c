// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl stats: what vectors and stores have counted.
 */
#include "commands/commands.h"
#include "objects/objects.h"

/* What was asked for, beside the options. */
struct request {
	const struct call *call;
	struct ims_ctx *ctx;
	struct selection selection;
	bool some;
	/* If @some. */
	struct vector_set vectors;
};

static enum exit_code of_store(const struct request *request)
{
	const struct call *call = request->call;
	struct ims_store *store;
	enum exit_code code;
	struct rows rows;
	int err;

	code = find_store(request->ctx, call->command, call->arguments[0],
			  &store);
	if (code)
		return code;

	if (has(call, OPTION_RESET)) {
		err = ims_store_reset_stats(request->ctx, store, dry_run(call));
		if (err)
			code = failure(request->ctx, err);
	} else {
		rows = rows_of_one(store);
		code = print_rows(call, &request->selection, &rows);
	}
	ims_store_free(store);
	return code;
}

static enum exit_code reset(const struct request *request,
			    const struct ims_device *device)
{
	unsigned int flags = dry_run(request->call);
	int err;

	if (request->some)
		err = ims_vector_reset_stats_range(request->ctx, device,
						   request->vectors.first,
						   request->vectors.count, flags);
	else
		err = ims_device_reset_stats(request->ctx, device, flags);
	return err ? failure(request->ctx, err) : EXIT_DONE;
}

/* Only those that were named. */
static void choose(struct vector_rows *rows, const struct vector_set *vectors)
{
	size_t i, kept = 0;
	uint32_t index;

	for (i = 0; i < rows->count; i++)
		if (!ims_vector_get_index(rows->rows[i].vector, &index) &&
		    has_vector(vectors, index))
			rows->rows[kept++] = rows->rows[i];
	rows->count = kept;
}

static enum exit_code print(const struct request *request,
			    const struct ims_device *device)
{
	struct filter filter = { .nonzero = has(request->call, OPTION_NONZERO) };
	struct vector_rows vectors;
	enum exit_code code;

	if (request->some) {
		code = check_vectors(device, &request->vectors);
		if (code)
			return code;
	}
	code = get_vector_rows(request->ctx, device, &filter, &vectors);
	if (request->some)
		choose(&vectors, &request->vectors);
	code = print_vector_rows(request->call, &request->selection, &vectors,
				 code);
	free_vector_rows(&vectors);
	return code;
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

	if (has(call, OPTION_RESET))
		code = reset(request, device);
	else
		code = print(request, device);
	ims_device_free(device);
	return code;
}

static enum exit_code check_options(const struct call *call)
{
	uint64_t excess = 0;

	if (has(call, OPTION_STORE) && call->count > 1)
		return usage_error(call->command,
				   "a store has no vectors: leave out '%s'",
				   call->arguments[1]);
	if (has(call, OPTION_STORE) && has(call, OPTION_NONZERO))
		return usage_error(call->command,
				   "--store goes without --nonzero");
	if (has(call, OPTION_RESET))
		excess = call->given & (LOOK_OPTIONS | BIT(OPTION_NONZERO));
	if (excess)
		return usage_error(call->command, "--reset goes without --%s",
				   options[__builtin_ctzll(excess)].name);
	if (has(call, OPTION_DRY_RUN) && !has(call, OPTION_RESET))
		return usage_error(call->command,
				   "--dry-run is for --reset");
	return EXIT_DONE;
}

static const struct table *table_of(const struct call *call)
{
	return has(call, OPTION_STORE) ? &store_table : &vector_table;
}

/* Its vectors are to be freed, whatever it returns. */
static enum exit_code parse(const struct call *call, struct request *request)
{
	enum exit_code code;

	*request = (struct request) { .call = call, .some = call->count > 1 };
	if (wants_column_help(call))
		return EXIT_DONE;

	code = check_options(call);
	if (!code && request->some)
		code = parse_vectors(call->command, call->arguments[1],
				     &request->vectors);
	if (code)
		return code;

	if (has(call, OPTION_RESET) && request->vectors.list)
		return usage_error(call->command,
				   "--reset takes one range of vectors, not '%s'",
				   call->arguments[1]);
	return select_columns(call, table_of(call), IN_STATS,
			      &request->selection);
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
	enum exit_code code;

	code = parse(call, &request);
	if (!code && wants_column_help(call)) {
		print_column_help(table_of(call), IN_STATS);
		return EXIT_DONE;
	}
	if (!code)
		code = open_source(call, &request.ctx);
	if (!code) {
		code = has(call, OPTION_STORE) ? of_store(&request) :
						 of_device(&request);
		ims_ctx_free(request.ctx);
	}
	free_vectors(&request.vectors);
	return code;
}

static enum effect effect(const struct call *call)
{
	return has(call, OPTION_RESET) ? EFFECT_CHANGE : EFFECT_NONE;
}

const struct command command_stats = {
	.name = "stats",
	.arguments = "NAME [VECTORS]",
	.summary = "show or reset the counts of vectors or of a store",
	.help =
"Shows what the vectors of a device have counted, or some of them: VECTORS is\n"
"a list such as 0,3,7-9. With --store, what a store has. With --reset, the\n"
"counts of all vectors, of a range, or of the store begin anew; prints nothing\n"
"then, and needs CAP_SYS_ADMIN. NAME is a device's name, the beginning of one,\n"
"or its parent's address.",
	.options = LOOK_OPTIONS | BIT(OPTION_STORE) | BIT(OPTION_NONZERO) |
		   BIT(OPTION_RESET) | BIT(OPTION_DRY_RUN),
	.min = 1,
	.max = 2,
	.tables = { &vector_table, &store_table },
	.effect = effect,
	.check = check,
	.run = run,
};
