// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A model of what there is, kept up by events as <libims/event.h> says.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "objects/event_model.h"

enum kind {
	KIND_STORE,
	KIND_DEVICE,
	KIND_VECTOR,
};

struct known {
	enum kind kind;
	/* Of the store or device; of a vector its device's. */
	uint32_t id;
	uint32_t index;
	struct ims_event *event;
	/* Of a device, whose process may be gone when it is closed. */
	char *vm;
};

static int compare(const void *a, const void *b)
{
	const struct known *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static void free_entry(void *item)
{
	struct known *entry = item;

	ims_event_free(entry->event);
	free(entry->vm);
	free(entry);
}

static struct known *find(const struct event_model *model, enum kind kind,
			  uint32_t id, uint32_t index)
{
	struct known wanted = { .kind = kind, .id = id, .index = index };
	struct known **found = tfind(&wanted, &model->root, compare);

	return found ? *found : NULL;
}

/* False when the event is about no object, or that has no number. */
static bool get_key(const struct ims_event *event, struct known *key)
{
	const struct ims_vector *vector = ims_event_get_vector(event);

	*key = (struct known) { .kind = KIND_VECTOR };
	if (vector)
		return !ims_vector_get_device_id(vector, &key->id) &&
		       !ims_vector_get_index(vector, &key->index);
	if (ims_event_get_device(event)) {
		key->kind = KIND_DEVICE;
		return !ims_device_get_id(ims_event_get_device(event),
					  &key->id);
	}
	key->kind = KIND_STORE;
	return ims_event_get_store(event) &&
	       !ims_store_get_id(ims_event_get_store(event), &key->id);
}

static bool is_end(const struct ims_event *event)
{
	uint32_t type;

	return !ims_event_get_type(event, &type) &&
	       (type == IMS_EVENT_STORE_DELETE ||
		type == IMS_EVENT_DEVICE_DELETE);
}

bool model_keeps(const struct ims_event *event)
{
	struct known key;

	return get_key(event, &key) && !is_end(event);
}

static void drop(struct event_model *model, struct known *entry)
{
	if (!entry)
		return;
	tdelete(entry, &model->root, compare);
	free_entry(entry);
}

/* With a device its vectors go, too. */
static void drop_object(struct event_model *model, const struct known *key,
			struct ims_event **before)
{
	struct known *entry = find(model, key->kind, key->id, key->index);
	uint32_t i, vectors;

	if (!entry)
		return;

	if (key->kind == KIND_DEVICE &&
	    !ims_device_get_vectors(ims_event_get_device(entry->event),
					&vectors))
		for (i = 0; i < vectors; i++)
			drop(model, find(model, KIND_VECTOR, key->id, i));
	*before = entry->event;
	entry->event = NULL;
	drop(model, entry);
}

static struct known *add(struct event_model *model, const struct known *key,
			 const struct ims_event *event)
{
	struct known *entry = malloc(sizeof(*entry));
	struct cell vm;

	if (!entry)
		return NULL;

	*entry = *key;
	if (key->kind == KIND_DEVICE &&
	    cell_vm(ims_event_get_device(event), &vm)) {
		entry->vm = strdup(vm.string);
		if (!entry->vm)
			goto fail;
	}
	if (tsearch(entry, &model->root, compare))
		return entry;
fail:
	free_entry(entry);
	return NULL;
}

bool model_take(struct event_model *model, struct ims_event *event,
		struct ims_event **before)
{
	struct known key, *entry;
	uint32_t type;

	*before = NULL;
	if (!get_key(event, &key)) {
		if (!ims_event_get_type(event, &type) &&
		    (type == IMS_EVENT_OVERRUN || type == IMS_EVENT_GONE))
			model_end(model);
		return true;
	}
	if (is_end(event)) {
		drop_object(model, &key, before);
		return true;
	}

	entry = find(model, key.kind, key.id, key.index);
	if (!entry)
		entry = add(model, &key, event);
	if (!entry)
		return false;
	*before = entry->event;
	entry->event = event;
	return true;
}

void model_end(struct event_model *model)
{
	tdestroy(model->root, free_entry);
	model->root = NULL;
}

const struct ims_device *model_device(const struct event_model *model,
				      uint32_t id)
{
	const struct known *entry = find(model, KIND_DEVICE, id, 0);

	return entry ? ims_event_get_device(entry->event) : NULL;
}

const char *model_vm(const struct event_model *model, uint32_t id)
{
	const struct known *entry = find(model, KIND_DEVICE, id, 0);

	return entry ? entry->vm : NULL;
}
