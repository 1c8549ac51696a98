// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices and stores by what people call them: name, id, or a short form of a name
 * as tables have it on terminals.
 */
#include <errno.h>
#include <string.h>

#include "objects/objects.h"
#include "shared/guess.h"
#include "shared/parse.h"

/* How many devices an error lists. */
#define CANDIDATES_MAX	8

/* What makes a device the one that is meant. */
struct relation {
	bool (*holds)(const struct ims_device *device, const char *name);
	const char *several;
};

static bool is_child(const struct ims_device *device, const char *parent)
{
	const char *its = ims_device_get_parent(device);

	return its && !strcmp(its, parent);
}

static bool is_abbreviated(const struct ims_device *device, const char *text)
{
	return abbreviates(text, ims_device_get_name(device));
}

static const struct relation child = {
	is_child, "it is the parent of several"
};
static const struct relation abbreviation = {
	is_abbreviated, "it fits several"
};

static enum exit_code too_many(const struct ims_device_list *list,
			       const char *name,
			       const struct relation *relation, size_t found)
{
	char text[CANDIDATES_MAX * (IMS_NAME_MAX + 3) + 32] = "";
	size_t i, len = 0, shown = 0;

	for (i = 0; shown < found && shown < CANDIDATES_MAX; i++) {
		const struct ims_device *d = ims_device_list_at(list, i);

		if (!relation->holds(d, name))
			continue;
		len += snprintf(text + len, sizeof(text) - len, "%s%s",
				shown++ ? ", " : "", ims_device_get_name(d));
	}
	if (found > shown)
		snprintf(text + len, sizeof(text) - len, " and %zu more",
			 found - shown);
	return problem(EXIT_NO_OBJECT, "device %s: %s: %s", name,
		       relation->several, text);
}

/* Says so, as in @said, and which of @list, or which action, may have been meant. */
static enum exit_code not_found(const struct call *call,
				const struct ims_device_list *list,
				const char *name, const char *said)
{
	char text[GUESS_SIZE];
	struct guess guess;
	size_t i;

	begin_guess(&guess, name, strlen(name));
	if (!call->action_said)
		guess_action(call->command, &guess);
	for (i = 0; i < ims_device_list_count(list); i++)
		try_guess(&guess, ims_device_get_name(
					ims_device_list_at(list, i)));
	return problem(EXIT_NO_OBJECT, "%s%s", said,
		       guess_text(&guess, "", text));
}

/* The only device that @relation with @name holds for. */
static enum exit_code find_only(struct ims_ctx *ctx, const struct call *call,
				const char *name,
				const struct relation *relation,
				struct ims_device **device)
{
	const struct ims_device *match = NULL;
	struct ims_device_list *list;
	enum exit_code code;
	size_t i, found = 0;
	char said[512];
	uint32_t id;
	int err;

	err = ims_device_list_get(ctx, &list);
	if (err) {
		ims_device_list_free(list);
		return failure(ctx, err);
	}
	for (i = 0; i < ims_device_list_count(list); i++) {
		const struct ims_device *d = ims_device_list_at(list, i);

		if (!relation->holds(d, name))
			continue;
		match = d;
		found++;
	}

	if (!found) {
		snprintf(said, sizeof(said),
			 "device %s: no such virtual device is open", name);
		code = not_found(call, list, name, said);
	} else if (found > 1) {
		code = too_many(list, name, relation, found);
	} else {
		err = ims_device_get_id(match, &id);
		if (!err)
			err = ims_device_get_by_id(ctx, id, device);
		code = err ? failure(ctx, err) : EXIT_DONE;
	}
	ims_device_list_free(list);
	return code;
}

/*
 * @name, or if that is an address without its domain, the whole in @full, which has
 * room for IMS_NAME_MAX bytes and their end.
 */
static const char *complete_name(const char *name, char *full)
{
	if (!lacks_domain(name) ||
	    snprintf(full, IMS_NAME_MAX + 1, "0000:%s", name) > IMS_NAME_MAX)
		return name;
	return full;
}

enum exit_code find_store(struct ims_ctx *ctx, const struct command *command,
			  const char *name, struct ims_store **store)
{
	char full[IMS_NAME_MAX + 1];
	uint32_t id;
	int err;

	if (!name[0])
		return usage_error(command, "the store's name is empty");

	name = complete_name(name, full);
	err = ims_store_get(ctx, name, store);
	if (err == -ENODEV && parse_vector(name, &id))
		err = ims_store_get_by_id(ctx, id, store);
	return err ? failure(ctx, err) : EXIT_DONE;
}

/* A name is a name first, then an id, then the beginning of a name. */
static int find_named(struct ims_ctx *ctx, const char *name,
		      struct ims_device **device)
{
	uint32_t id;
	int err = -ENODEV;

	if (parse_vector(name, &id)) {
		err = ims_device_get(ctx, name, device);
		if (err == -ENODEV)
			err = ims_device_get_by_id(ctx, id, device);
	}
	return err == -ENODEV ? ims_device_find(ctx, name, device) : err;
}

/* No device's name begins like @name; @err has been the answer to that. */
static enum exit_code not_begun(struct ims_ctx *ctx, const struct call *call,
				const char *name, int err)
{
	const char *reason = ims_error_get_message(ims_ctx_get_error(ctx));
	struct ims_device_list *list = NULL;
	enum exit_code code;
	char said[512];

	snprintf(said, sizeof(said), "%s", reason ? reason : strerror(-err));
	if (ims_device_list_get(ctx, &list))
		code = problem(EXIT_NO_OBJECT, "%s", said);
	else
		code = not_found(call, list, name, said);
	ims_device_list_free(list);
	return code;
}

enum exit_code find_device(struct ims_ctx *ctx, const struct call *call,
			   const char *name, struct ims_device **device)
{
	char full[IMS_NAME_MAX + 1];
	int err;

	if (!name[0])
		return usage_error(call->command, "the device's name is empty");

	name = complete_name(name, full);
	err = find_named(ctx, name, device);
	if (err == -ENODEV && strstr(name, ".."))
		return find_only(ctx, call, name, &abbreviation, device);
	/* It may be the address of a parent, which has colons. */
	if (err == -ENODEV && strchr(name, ':'))
		return find_only(ctx, call, name, &child, device);
	if (err == -ENODEV)
		return not_begun(ctx, call, name, err);
	return err ? failure(ctx, err) : EXIT_DONE;
}

enum exit_code on_device(const struct call *call, const char *name,
			 enum exit_code (*act)(const struct call *call,
					       struct ims_ctx *ctx,
					       const struct ims_device *device,
					       void *request),
			 void *request)
{
	struct ims_device *device;
	struct ims_ctx *ctx;
	enum exit_code code = open_source(call, &ctx);

	if (code)
		return code;

	code = find_device(ctx, call, name, &device);
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
