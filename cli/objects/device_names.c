// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How names of devices are shortened on a terminal: so that each of those that are
 * open is still known by them.
 */
#include <errno.h>
#include <stdlib.h>

#include "objects/objects.h"

struct short_names names_of_devices(const struct call *call,
				    const struct ims_device_list *list)
{
	size_t i, count = ims_device_list_count(list);
	struct short_names how = { 0 };
	const char **names;

	if (!call->width || has(call, OPTION_JSON))
		return how;
	names = calloc(count + 1, sizeof(*names));
	/* Long names are no reason to print nothing. */
	if (!names)
		return how;

	for (i = 0; i < count; i++)
		names[i] = ims_device_get_name(ims_device_list_at(list, i));
	how = choose_short_names(names, count);
	free(names);
	return how;
}

enum exit_code print_device(const struct call *call, struct ims_ctx *ctx,
			    const struct selection *selection,
			    const struct ims_device *device)
{
	struct rows rows = rows_of_one(device);
	struct ims_device_list *list = NULL;

	/* Only a terminal needs to know what others are called. */
	if (call->width && !has(call, OPTION_JSON) &&
	    !ims_device_list_get(ctx, &list))
		rows.names = names_of_devices(call, list);
	ims_device_list_free(list);
	return print_rows(call, selection, &rows);
}
