// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl list: virtual devices, their vectors, or stores.
 */
#include <errno.h>
#include <stdlib.h>

#include "commands/commands.h"
#include "objects/objects.h"

static const void *store_at(const void *list, size_t position)
{
	return ims_store_list_at(list, position);
}

/*
 * -EINTR, the list changed all the time while it was read, comes with a list
 * that may be incomplete: better than nothing, but not a success.
 */
static enum exit_code list_stores(const struct call *call, struct ims_ctx *ctx,
				  const struct selection *selection)
{
	enum exit_code code = EXIT_DONE;
	struct ims_store_list *list;
	struct rows rows;
	int err;

	err = ims_store_list_get(ctx, &list);
	if (!err || err == -EINTR) {
		rows.list = list;
		rows.count = ims_store_list_count(list);
		rows.at = store_at;
		code = print_rows(call, selection, &rows);
		ims_store_list_free(list);
	}
	return err && !code ? failure(ctx, err) : code;
}

static const void *chosen_at(const void *list, size_t position)
{
	const struct ims_device *const *chosen = list;

	return chosen[position];
}

static enum exit_code print_devices(const struct call *call,
				    const struct selection *selection,
				    const struct filter *filter,
				    const struct ims_device_list *list)
{
	size_t i, count = ims_device_list_count(list);
	const struct ims_device **chosen;
	struct rows rows = { .at = chosen_at };
	enum exit_code code;

	chosen = calloc(count + 1, sizeof(*chosen));
	if (!chosen)
		return out_of_memory();

	code = check_owners(filter, NULL, list);
	for (i = 0; i < count && !code; i++) {
		const struct ims_device *d = ims_device_list_at(list, i);
		uint64_t cookie = 0;

		if (filter->num_cookies &&
		    ims_device_get_default_cookie(d, &cookie))
			code = problem(EXIT_NOT_PERMITTED,
				       "seeing cookies needs CAP_SYS_ADMIN");
		if (filter_cookie(filter, cookie) && filter_owner(filter, d))
			chosen[rows.count++] = d;
	}
	if (!code) {
		rows.list = chosen;
		rows.names = names_of_devices(call, list);
		code = print_rows(call, selection, &rows);
	}
	free(chosen);
	return code;
}

static enum exit_code list_devices(const struct call *call, struct ims_ctx *ctx,
				   const struct selection *selection,
				   const struct filter *filter)
{
	enum exit_code code = EXIT_DONE;
	struct ims_device_list *list;
	int err;

	err = ims_device_list_get(ctx, &list);
	if (!err || err == -EINTR) {
		code = print_devices(call, selection, filter, list);
		ims_device_list_free(list);
	}
	return err && !code ? failure(ctx, err) : code;
}

static enum exit_code list_vectors(const struct call *call, struct ims_ctx *ctx,
				   const struct selection *selection,
				   const struct filter *filter)
{
	struct ims_device *device = NULL;
	struct vector_rows vectors;
	enum exit_code code;

	if (call->count) {
		code = find_device(ctx, call->command, call->arguments[0],
				   &device);
		if (code)
			return code;
	}

	code = get_vector_rows(ctx, device, filter, &vectors);
	code = print_vector_rows(call, selection, &vectors, code);
	free_vector_rows(&vectors);
	ims_device_free(device);
	return code;
}

static enum exit_code check(const struct call *call)
{
	const uint64_t of_vectors = BIT(OPTION_STATE) | BIT(OPTION_BACKING) |
				    BIT(OPTION_NONZERO);
	uint64_t excess = 0;

	if (has(call, OPTION_STORES)) {
		if (call->count)
			return usage_error(call->command,
					   "--stores goes without DEVICE");
		excess = call->given & (FILTER_OPTIONS | BIT(OPTION_VECTORS));
		if (excess)
			return usage_error(call->command,
					   "--stores goes without --%s",
					   options[__builtin_ctzll(excess)].name);
	}
	if (has(call, OPTION_VECTORS) && call->count)
		return usage_error(call->command,
				   "--vectors are those of all devices: leave out DEVICE");
	if (!call->count && !has(call, OPTION_VECTORS))
		excess = call->given & of_vectors;
	if (excess)
		return usage_error(call->command,
				   "--%s is about vectors: add DEVICE or --vectors",
				   options[__builtin_ctzll(excess)].name);
	return EXIT_DONE;
}

static enum exit_code run(const struct call *call)
{
	bool stores = has(call, OPTION_STORES);
	bool all = has(call, OPTION_VECTORS);
	bool vectors = call->count || all;
	const struct table *table = stores ? &store_table :
				    vectors ? &vector_table : &device_table;
	unsigned int view = all ? IN_ALL : IN_TEXT;
	struct selection selection;
	enum exit_code code;
	struct filter filter;
	struct ims_ctx *ctx;

	if (wants_column_help(call)) {
		print_column_help(table, view);
		return EXIT_DONE;
	}

	code = check(call);
	if (!code)
		code = parse_filter(call, &filter);
	if (!code)
		code = select_columns(call, table, view, &selection);
	if (!code)
		code = open_source(call, &ctx);
	if (code)
		return code;

	if (stores)
		code = list_stores(call, ctx, &selection);
	else if (vectors)
		code = list_vectors(call, ctx, &selection, &filter);
	else
		code = list_devices(call, ctx, &selection, &filter);
	ims_ctx_free(ctx);
	return code;
}

const struct command command_list = {
	.name = "list",
	.arguments = "[DEVICE]",
	.summary = "list virtual devices, their vectors, or stores",
	.help =
"Lists the virtual devices that are open, or the vectors of DEVICE that were\n"
"used. DEVICE is a device's name, the beginning of one, or its parent's address,\n"
"as long as it fits one device only. A LIST has values separated by commas.",
	.options = TABLE_OPTIONS | FILTER_OPTIONS | BIT(OPTION_STORES) |
		   BIT(OPTION_VECTORS) | BIT(OPTION_INPUT),
	.max = 1,
	.tables = { &device_table, &vector_table, &store_table },
	.run = run,
};
