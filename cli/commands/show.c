// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl show: all there is to know about one store, device or vector.
 */
#include "commands/commands.h"
#include "objects/objects.h"
#include "shared/parse.h"

/* Below the values, in text without -o. */
static void print_sentence(const struct call *call, const struct cell *cell)
{
	if (has(call, OPTION_JSON) || has(call, OPTION_OUTPUT))
		return;
	print_styled(call, STYLE_BAD, cell->string);
	putchar('\n');
}

static enum exit_code show_store(const struct call *call, struct ims_ctx *ctx,
				 const struct selection *selection)
{
	struct ims_store *store;
	enum exit_code code;

	code = find_store(ctx, call->command, call->arguments[0], &store);
	if (code)
		return code;

	code = print_object(call, selection, store);
	ims_store_free(store);
	return code;
}

static enum exit_code show_vector(const struct call *call, struct ims_ctx *ctx,
				  const struct selection *selection,
				  const struct ims_device *device,
				  uint32_t index)
{
	struct vector_row row = { .device = device };
	struct ims_vector *vector;
	enum exit_code code;
	struct cell cell;
	int err;

	err = ims_vector_get(ctx, device, index, &vector);
	if (err)
		return failure(ctx, err);

	row.vector = vector;
	code = print_object(call, selection, &row);
	if (!code && cell_failures(vector, &cell))
		print_sentence(call, &cell);
	ims_vector_free(vector);
	return code;
}

static enum exit_code show_device(const struct call *call, struct ims_ctx *ctx,
				  const struct selection *selection,
				  const struct ims_device *device)
{
	struct ims_vector *vector = NULL;
	enum exit_code code;
	struct cell cell;
	uint32_t index;

	code = print_object(call, selection, device);
	if (code)
		return code;

	/* One that is not there any more is no reason to say less. */
	if (!ims_device_get_refused_vector(device, &index) &&
	    ims_vector_get(ctx, device, index, &vector))
		vector = NULL;
	if (cell_refusal(device, vector, &cell))
		print_sentence(call, &cell);
	ims_vector_free(vector);
	return EXIT_DONE;
}

static enum exit_code show(const struct call *call, struct ims_ctx *ctx,
			   const struct selection *selection, uint32_t index)
{
	struct ims_device *device;
	enum exit_code code;

	if (has(call, OPTION_STORE))
		return show_store(call, ctx, selection);

	code = find_device(ctx, call, call->arguments[0], &device);
	if (code)
		return code;
	if (call->count > 1)
		code = show_vector(call, ctx, selection, device, index);
	else
		code = show_device(call, ctx, selection, device);
	ims_device_free(device);
	return code;
}

static enum exit_code run(const struct call *call)
{
	bool vector = call->count > 1;
	const struct table *table = has(call, OPTION_STORE) ? &store_table :
				    vector ? &vector_table : &device_table;
	struct selection selection;
	struct ims_ctx *ctx;
	enum exit_code code;
	uint32_t index = 0;

	if (wants_column_help(call)) {
		print_column_help(table, IN_JSON | IN_SHOW);
		return EXIT_DONE;
	}
	if (vector && has(call, OPTION_STORE))
		return usage_error(call->command,
				   "a store has no vectors: leave out '%s'",
				   call->arguments[1]);
	if (vector && !parse_vector(call->arguments[1], &index))
		return usage_error(call->command, "'%s' is no vector's number",
				   call->arguments[1]);

	code = select_columns(call, table, IN_JSON | IN_SHOW, &selection);
	if (!code)
		code = open_source(call, &ctx);
	if (code)
		return code;

	code = show(call, ctx, &selection, index);
	ims_ctx_free(ctx);
	return code;
}

const struct command command_show = {
	.name = "show",
	.arguments = "NAME [VECTOR]",
	.summary = "show all about one device, vector or store",
	.help =
"Shows a virtual device, one of its vectors in whatever state, or with --store\n"
"the interrupt message store of a PCI device. NAME is a device's name, the\n"
"beginning of one, or its parent's address; of a store, its address.",
	.options = BIT(OPTION_JSON) | BIT(OPTION_OUTPUT) | BIT(OPTION_STORE) |
		   BIT(OPTION_INPUT),
	.min = 1,
	.max = 2,
	.tables = { &device_table, &vector_table, &store_table },
	.run = run,
};
