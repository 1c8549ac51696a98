// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl list: virtual devices, or the vectors of one.
 */
#include <errno.h>

#include "table.h"

const struct table *const list_tables[] = { &device_table, &vector_table, NULL };

static const void *device_at(const void *list, size_t position)
{
	return ims_device_list_at(list, position);
}

static const void *vector_at(const void *list, size_t position)
{
	return ims_vector_list_at(list, position);
}

/*
 * -EINTR, the list changed all the time while it was read, comes with a list
 * that may be incomplete: better than nothing, but not a success.
 */
static enum exit_code list_devices(const struct call *call, struct ims_ctx *ctx,
				   const struct selection *selection)
{
	struct ims_device_list *list;
	struct rows rows;
	int err;

	err = ims_device_list_get(ctx, &list);
	if (!err || err == -EINTR) {
		rows.list = list;
		rows.count = ims_device_list_count(list);
		rows.at = device_at;
		print_rows(call, selection, &rows);
		ims_device_list_free(list);
	}
	return err ? failure(ctx, err) : EXIT_DONE;
}

static enum exit_code list_vectors(const struct call *call, struct ims_ctx *ctx,
				   const struct selection *selection)
{
	struct ims_vector_list *list;
	struct ims_device *device;
	enum exit_code code;
	struct rows rows;
	int err;

	code = find_device(ctx, call->command, call->arguments[0], &device);
	if (code)
		return code;

	err = ims_vector_list_get(ctx, device, &list);
	ims_device_free(device);
	if (!err || err == -EINTR) {
		rows.list = list;
		rows.count = ims_vector_list_count(list);
		rows.at = vector_at;
		print_rows(call, selection, &rows);
		ims_vector_list_free(list);
	}
	return err ? failure(ctx, err) : EXIT_DONE;
}

enum exit_code cmd_list(const struct call *call)
{
	const struct table *table = call->count ? &vector_table : &device_table;
	struct selection selection;
	struct ims_ctx *ctx;
	enum exit_code code;

	if (wants_column_help(call)) {
		print_column_help(table);
		return EXIT_DONE;
	}

	code = select_columns(call, table, &selection);
	if (code)
		return code;

	code = open_context(&ctx);
	if (code)
		return code;

	if (call->count)
		code = list_vectors(call, ctx, &selection);
	else
		code = list_devices(call, ctx, &selection);
	ims_ctx_free(ctx);
	return code;
}
