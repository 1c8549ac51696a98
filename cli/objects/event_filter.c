// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options that choose among events. That some were lost, and that all has been
 * told, is about every object and passes always.
 */
#include <string.h>

#include "objects/event_model.h"
#include "objects/event_row.h"
#include "shared/names.h"

const char *event_word(uint32_t number)
{
	static const char *const others[] = {
		"store", "device", "vector", "alert", "store-reset",
		"vector-reset",
	};
	const size_t count = sizeof(others) / sizeof(others[0]);
	const char *word = NULL;
	uint32_t type;

	if (number < count)
		return others[number];
	for (type = 0, number -= count; ims_event_type_name(type); type++) {
		word = ims_event_type_name(type);
		/* That one is a kind of its own. */
		if (strchr(word, '-') && !number--)
			return word;
	}
	return NULL;
}

enum exit_code parse_event_filter(const struct call *call,
				  struct event_filter *filter)
{
	*filter = (struct event_filter) {
		.events = call->values[OPTION_EVENT],
		.vms = call->values[OPTION_VM],
		.device = call->count ? call->arguments[0] : NULL,
	};
	if (filter->device && !filter->device[0])
		return usage_error(call->command,
				   "the device's name is empty");
	return check_list(call, OPTION_VM) ?:
	       check_words(call, OPTION_EVENT, event_word);
}

/* The word "vector-change" passes for itself and for "vector". */
static bool type_passes(const struct event_filter *filter,
			const struct event_row *row)
{
	struct event_object about;
	struct cell word;

	if (!filter->events)
		return true;
	event_table.columns[1].get(row, &word);
	return list_has(filter->events, word.string) ||
	       (get_event_object(row, &about) &&
		list_has(filter->events, about.table->object));
}

static bool name_passes(const char *name, const char *wanted)
{
	return name && (!strncmp(name, wanted, strlen(wanted)) ||
			abbreviates(wanted, name));
}

/* Devices whose name begins so, and all that is on that parent. */
static bool device_passes(const struct event_filter *filter,
			  const struct event_object *about,
			  const struct ims_device *device, const char *parent)
{
	char name[IMS_NAME_MAX + 1];

	if (!filter->device)
		return true;
	if (about->table == &store_table)
		parent = about->name;
	else if (device)
		parent = ims_device_get_parent(device);
	snprintf(name, sizeof(name), "%s%s",
		 lacks_domain(filter->device) ? "0000:" : "", filter->device);
	return (parent && !strcmp(parent, name)) ||
	       (about->table != &store_table && name_passes(about->name, name));
}

bool event_passes(const struct event_filter *filter,
		  const struct event_row *row, const struct event_model *model)
{
	const struct ims_device *device = ims_event_get_device(row->event);
	const struct ims_vector *vector = ims_event_get_vector(row->event);
	struct event_object about;
	uint32_t id;
	bool has_id;

	if (!get_event_object(row, &about))
		return true;

	has_id = device ? !ims_device_get_id(device, &id) :
		 vector ? !ims_vector_get_device_id(vector, &id) :
		 !ims_event_get_alert_device_id(row->event, &id);
	if (has_id && !device)
		device = model_device(model, id);
	if (filter->vms && (!has_id || !model_vm(model, id) ||
			    !list_has(filter->vms, model_vm(model, id))))
		return false;
	return type_passes(filter, row) &&
	       device_passes(filter, &about, device,
			     ims_event_get_alert_parent(row->event));
}
