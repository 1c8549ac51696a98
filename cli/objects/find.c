// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices and stores by what people call them, and devices by their id.
 */
#include <errno.h>
#include <string.h>

#include "objects/objects.h"

/* How many devices an error lists. */
#define CANDIDATES_MAX	8

static bool is_child(const struct ims_device *device, const char *parent)
{
	const char *its = ims_device_get_parent(device);

	return its && !strcmp(its, parent);
}

static enum exit_code too_many(const struct ims_device_list *list,
			       const char *parent, size_t found)
{
	char text[CANDIDATES_MAX * (IMS_NAME_MAX + 3) + 32] = "";
	size_t i, len = 0, shown = 0;

	for (i = 0; shown < found && shown < CANDIDATES_MAX; i++) {
		const struct ims_device *d = ims_device_list_at(list, i);

		if (!is_child(d, parent))
			continue;
		len += snprintf(text + len, sizeof(text) - len, "%s%s",
				shown++ ? ", " : "", ims_device_get_name(d));
	}
	if (found > shown)
		snprintf(text + len, sizeof(text) - len, " and %zu more",
			 found - shown);
	return problem(EXIT_NO_OBJECT,
		       "device %s: it is the parent of several: %s", parent,
		       text);
}

/* The only device on the store @parent. */
static enum exit_code find_child(struct ims_ctx *ctx, const char *parent,
				 struct ims_device **device)
{
	const struct ims_device *match = NULL;
	struct ims_device_list *list;
	enum exit_code code;
	size_t i, found = 0;
	uint32_t id;
	int err;

	err = ims_device_list_get(ctx, &list);
	if (err) {
		ims_device_list_free(list);
		return failure(ctx, err);
	}
	for (i = 0; i < ims_device_list_count(list); i++) {
		const struct ims_device *d = ims_device_list_at(list, i);

		if (!is_child(d, parent))
			continue;
		match = d;
		found++;
	}

	if (!found) {
		code = problem(EXIT_NO_OBJECT,
			       "device %s: no such virtual device is open",
			       parent);
	} else if (found > 1) {
		code = too_many(list, parent, found);
	} else {
		err = ims_device_get_id(match, &id);
		if (!err)
			err = ims_device_get_by_id(ctx, id, device);
		code = err ? failure(ctx, err) : EXIT_DONE;
	}
	ims_device_list_free(list);
	return code;
}

enum exit_code find_store(struct ims_ctx *ctx, const struct command *command,
			  const char *name, struct ims_store **store)
{
	int err;

	if (!name[0])
		return usage_error(command, "the store's name is empty");

	err = ims_store_get(ctx, name, store);
	return err ? failure(ctx, err) : EXIT_DONE;
}

/* It may be the address of a parent, which has colons. */
enum exit_code find_device(struct ims_ctx *ctx, const struct command *command,
			   const char *name, struct ims_device **device)
{
	int err;

	if (!name[0])
		return usage_error(command, "the device's name is empty");

	err = ims_device_find(ctx, name, device);
	if (err == -ENODEV && strchr(name, ':'))
		return find_child(ctx, name, device);
	return err ? failure(ctx, err) : EXIT_DONE;
}

enum exit_code on_device(const struct call *call, const char *name,
			 enum exit_code (*act)(const struct call *call,
					       struct ims_ctx *ctx,
					       const struct ims_device *device,
					       const void *request),
			 const void *request)
{
	struct ims_device *device;
	struct ims_ctx *ctx;
	enum exit_code code = open_source(call, &ctx);

	if (code)
		return code;

	code = find_device(ctx, call->command, name, &device);
	if (!code) {
		code = act(call, ctx, device, request);
		ims_device_free(device);
	}
	ims_ctx_free(ctx);
	return code;
}

const struct ims_device *device_of_id(uint32_t wanted,
				      const struct ims_device_list *list)
{
	size_t low = 0, high = ims_device_list_count(list);
	uint32_t id;

	/* The list is ordered by id. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ims_device *d = ims_device_list_at(list, middle);

		if (ims_device_get_id(d, &id))
			return NULL;
		if (id == wanted)
			return d;
		if (id < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct ims_device *device_of_vector(const struct ims_vector *vector,
					  const struct ims_device_list *list)
{
	uint32_t id;

	return ims_vector_get_device_id(vector, &id) ? NULL :
	       device_of_id(id, list);
}
