// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl list: virtual devices, their vectors, groups of these, or stores.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "objects/groups.h"
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
				  const struct selection *selection,
				  const struct filter *filter)
{
	enum exit_code code = EXIT_DONE;
	struct ims_store_list *list;
	struct rows rows = { 0 };
	int err;

	(void)filter;
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
		if (filter_cookie(filter, cookie) && filter_owner(filter, d) &&
		    filter_parent(filter, ims_device_get_parent(d)))
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

static bool is_open(const char *name, const struct ims_device_list *devices)
{
	size_t i;

	for (i = 0; i < ims_device_list_count(devices); i++)
		if (!strcmp(ims_device_get_name(ims_device_list_at(devices, i)),
			    name))
			return true;
	return false;
}

static enum exit_code print_closed(const struct call *call,
				   const struct selection *selection,
				   const struct filter *filter,
				   const struct ims_vdev_list *all,
				   const struct ims_device_list *open)
{
	size_t i, count = ims_vdev_list_count(all);
	struct rows rows = { .at = chosen_at };
	const struct ims_vdev **chosen;
	enum exit_code code;

	chosen = calloc(count + 1, sizeof(*chosen));
	if (!chosen)
		return out_of_memory();

	for (i = 0; i < count; i++) {
		const struct ims_vdev *v = ims_vdev_list_at(all, i);

		if (!is_open(ims_vdev_get_name(v), open) &&
		    filter_parent(filter, ims_vdev_get_parent(v)))
			chosen[rows.count++] = v;
	}
	rows.list = chosen;
	code = print_rows(call, selection, &rows);
	free(chosen);
	return code;
}

/* Nothing can be done with these by their names, which stay whole. */
static enum exit_code list_closed(const struct call *call, struct ims_ctx *ctx,
				  const struct selection *selection,
				  const struct filter *filter)
{
	enum exit_code code = EXIT_DONE;
	struct ims_device_list *open;
	struct ims_vdev_list *all;
	int err;

	/* First those of the host: what was opened meanwhile is not closed. */
	err = ims_vdev_list_get(ctx, &all);
	if (err)
		return failure(ctx, err);
	err = ims_device_list_get(ctx, &open);
	if (!err || err == -EINTR) {
		code = print_closed(call, selection, filter, all, open);
		ims_device_list_free(open);
	}
	ims_vdev_list_free(all);
	return err && !code ? failure(ctx, err) : code;
}

static enum exit_code print_groups(const struct call *call,
				   const struct selection *selection,
				   const struct vector_rows *vectors,
				   enum exit_code before)
{
	enum exit_code code = EXIT_DONE;
	enum group_kind kind;
	struct groups groups;
	struct rows rows;

	if (before && !vectors->count)
		return before;
	if (parse_group_kind(call, &kind))
		return EXIT_USAGE;
	code = make_groups(vectors, kind, &groups);
	if (!code) {
		rows = rows_of_groups(&groups);
		if (kind == GROUP_DEVICE)
			rows.names = names_of_devices(call, vectors->devices);
		code = print_rows(call, selection, &rows);
	}
	free_groups(&groups);
	return before ? before : code;
}

static enum exit_code list_vectors(const struct call *call, struct ims_ctx *ctx,
				   const struct selection *selection,
				   const struct filter *filter)
{
	struct ims_device *device = NULL;
	struct vector_rows vectors;
	enum exit_code code;

	if (call->count) {
		code = find_device(ctx, call, call->arguments[0],
				   &device);
		if (code)
			return code;
	}

	code = get_vector_rows(ctx, device, filter, &vectors);
	if (has(call, OPTION_BY))
		code = print_groups(call, selection, &vectors, code);
	else
		code = print_vector_rows(call, selection, &vectors, code);
	free_vector_rows(&vectors);
	ims_device_free(device);
	return code;
}

/* A kind of list: by an option, by DEVICE, or without any. */
struct kind {
	/* BIT(NUM_OPTIONS): DEVICE; 0: none of all this. */
	uint64_t by;
	const char *name;
	const struct table *table;
	unsigned int view;
	/* Filters that it has no use for. */
	uint64_t foreign;
	enum exit_code (*list)(const struct call *call, struct ims_ctx *ctx,
			       const struct selection *selection,
			       const struct filter *filter);
};

#define OF_VECTORS							\
	(BIT(OPTION_STATE) | BIT(OPTION_BACKING) | BIT(OPTION_NONZERO) |	\
	 BIT(OPTION_SILENT) | BIT(OPTION_STUCK))

/* The first one that fits. */
static const struct kind kinds[] = {
	{ BIT(OPTION_STORES), "--stores", &store_table, IN_TEXT,
	  FILTER_OPTIONS, list_stores },
	{ BIT(OPTION_CLOSED), "--closed", &vdev_table, IN_TEXT,
	  (FILTER_OPTIONS & ~BIT(OPTION_PARENT)) | BIT(OPTION_INPUT),
	  list_closed },
	{ BIT(OPTION_BY), "--by", &group_table, IN_TEXT, 0, list_vectors },
	{ BIT(OPTION_VECTORS), "--vectors", &vector_table, IN_ALL, 0,
	  list_vectors },
	{ BIT(NUM_OPTIONS), "DEVICE", &vector_table, IN_TEXT, 0,
	  list_vectors },
	{ 0, NULL, &device_table, IN_TEXT, OF_VECTORS, list_devices },
};

static const struct kind *kind_of(const struct call *call)
{
	uint64_t given = call->given | (call->count ? BIT(NUM_OPTIONS) : 0);
	const struct kind *kind = kinds;

	while (kind->by && !(kind->by & given))
		kind++;
	return kind;
}

static unsigned int view_of(const struct call *call, const struct kind *kind)
{
	return kind->view | (has(call, OPTION_SILENT) ? IN_SILENT : 0) |
	       (has(call, OPTION_STUCK) ? IN_STUCK : 0);
}

static enum exit_code check(const struct call *call, const struct kind *kind)
{
	const uint64_t others = (BIT(OPTION_STORES) | BIT(OPTION_CLOSED) |
				 BIT(OPTION_BY) | BIT(OPTION_VECTORS)) &
				~kind->by;
	uint64_t excess = call->given & (kind->foreign | others);

	if (excess && !kind->by)
		return usage_error(call->command,
				   "--%s is about vectors: add DEVICE or --vectors",
				   options[__builtin_ctzll(excess)].name);
	if (excess)
		return usage_error(call->command, "%s goes without --%s",
				   kind->name,
				   options[__builtin_ctzll(excess)].name);
	if (call->count && kind->list != list_vectors)
		return usage_error(call->command, "%s goes without DEVICE",
				   kind->name);
	if (call->count && has(call, OPTION_VECTORS))
		return usage_error(call->command,
				   "--vectors are those of all devices: leave out DEVICE");
	if (has(call, OPTION_TOTAL) && has(call, OPTION_JSON))
		return usage_error(call->command,
				   "--total goes without --json");
	return EXIT_DONE;
}

static enum exit_code parse(const struct call *call, const struct kind *kind,
			    struct selection *selection, struct filter *filter)
{
	enum exit_code code = check(call, kind);
	enum group_kind by;

	if (!code && has(call, OPTION_BY))
		code = parse_group_kind(call, &by);
	if (!code)
		code = parse_filter(call, filter);
	if (!code)
		code = select_columns(call, kind->table, view_of(call, kind),
				      selection);
	if (!code)
		code = parse_order(call, kind->table, &selection->order);
	selection->total = has(call, OPTION_TOTAL);
	/* Groups come as their vectors do, which is no order of theirs. */
	if (has(call, OPTION_BY) && !selection->order.column)
		selection->order.column = group_table.columns;
	return code;
}

static enum exit_code run(const struct call *call)
{
	const struct kind *kind = kind_of(call);
	struct selection selection;
	enum exit_code code;
	struct filter filter;
	struct ims_ctx *ctx;

	if (wants_column_help(call) || wants_sort_help(call)) {
		print_column_help(kind->table, view_of(call, kind));
		return EXIT_DONE;
	}

	code = parse(call, kind, &selection, &filter);
	if (!code)
		code = open_source(call, &ctx);
	if (code)
		return code;

	code = kind->list(call, ctx, &selection, &filter);
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
"as long as it fits one device only. A LIST has values separated by commas.\n"
"With --by, adds up what the vectors of all devices, or of DEVICE, have counted.",
	.options = TABLE_OPTIONS | FILTER_OPTIONS | BIT(OPTION_STORES) |
		   BIT(OPTION_CLOSED) | BIT(OPTION_VECTORS) | BIT(OPTION_BY) |
		   BIT(OPTION_TOTAL) | BIT(OPTION_SORT) | BIT(OPTION_INPUT),
	.max = 1,
	.tables = { &device_table, &vector_table, &store_table, &group_table,
		    &vdev_table },
	.run = run,
};
