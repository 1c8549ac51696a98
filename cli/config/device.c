// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The configuration that a device has.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

/* False when there is no memory. */
static bool get_vector(const struct ims_vector *vector,
		       struct vector_setting *setting)
{
	const char *affinity = ims_vector_get_affinity(vector);
	uint32_t backing;

	if (ims_vector_is_rate_limit_own(vector))
		ims_vector_get_rate_limit(vector, &setting->rate);
	if (!ims_vector_get_backing(vector, &backing) &&
	    backing == IMS_VECTOR_BACKING_EMULATED) {
		setting->kind = VECTOR_EMULATED;
		setting->has_affinity = false;
		return true;
	}
	if (ims_vector_is_cookie_own(vector)) {
		setting->kind = VECTOR_COOKIE;
		/* The one that it is to have, if its slot has another. */
		if (ims_vector_get_pending_cookie(vector, &setting->cookie))
			ims_vector_get_cookie(vector, &setting->cookie);
	}
	if (!affinity || !ims_vector_is_affinity_own(vector))
		return true;
	setting->affinity = strdup(affinity);
	if (setting->affinity)
		text_clean(setting->affinity);
	return setting->affinity;
}

static enum exit_code get_vectors(struct ims_ctx *ctx,
				  const struct ims_device *device,
				  struct config *config)
{
	struct ims_vector_list *list;
	uint32_t index, i;
	size_t n;
	int err;

	/* One more, as there may be none. */
	config->vectors = calloc((size_t)config->num_vectors + 1,
				 sizeof(*config->vectors));
	if (!config->vectors)
		return out_of_memory();
	/* What was not used yet will use the defaults. */
	for (i = 0; i < config->num_vectors; i++) {
		config->vectors[i].kind = VECTOR_DEFAULT;
		config->vectors[i].has_affinity = true;
		config->vectors[i].has_rate = true;
	}

	err = ims_vector_list_get_by_device(ctx, device, &list);
	for (n = 0; !err && n < ims_vector_list_count(list); n++) {
		const struct ims_vector *v = ims_vector_list_at(list, n);

		if (!ims_vector_get_index(v, &index) &&
		    index < config->num_vectors &&
		    !get_vector(v, &config->vectors[index]))
			err = -ENOMEM;
	}
	ims_vector_list_free(list);
	if (err == -ENOMEM)
		return out_of_memory();
	return err ? failure(ctx, err) : EXIT_DONE;
}

static void get_number(int err, uint32_t number, struct setting *setting)
{
	setting->said = !err;
	setting->value = number;
}

enum exit_code config_get(struct ims_ctx *ctx, const struct ims_device *device,
			  struct config *config)
{
	struct setting *settings = config->settings;
	const char *uuid = ims_device_get_uuid(device);
	uint32_t number = 0;
	enum exit_code code;
	int err;

	*config = (struct config) { 0 };
	snprintf(config->device, sizeof(config->device), "%s",
		 ims_device_get_name(device));
	snprintf(config->uuid, sizeof(config->uuid), "%s", uuid ? uuid : "");
	/* Whoever edits a capture cannot put another line into the file so. */
	text_clean(config->device);
	text_clean(config->uuid);

	err = ims_device_get_limit(device, &number);
	get_number(err, number, &settings[SETTING_LIMIT]);
	err = ims_device_get_reservation(device, &number);
	get_number(err, number, &settings[SETTING_RESERVATION]);
	err = ims_device_get_bypass(device, &number);
	get_number(err, number, &settings[SETTING_BYPASS]);
	/* There is none, which is 0 in a request. */
	if (ims_device_get_rate_limit(device, &number))
		number = 0;
	get_number(0, number, &settings[SETTING_RATE_LIMIT]);
	if (ims_device_get_default_cookie(device,
			&settings[SETTING_DEFAULT_COOKIE].value))
		return problem(EXIT_NOT_PERMITTED,
			       "device %s: seeing cookies needs CAP_SYS_ADMIN",
			       config->device);
	settings[SETTING_DEFAULT_COOKIE].said = true;

	ims_device_get_vectors(device, &config->num_vectors);
	if (config->num_vectors > CONFIG_VECTORS_MAX)
		return problem(EXIT_FAILED,
			       "device %s: no device has %" PRIu32 " vectors",
			       config->device, config->num_vectors);
	code = get_vectors(ctx, device, config);
	if (code)
		config_free(config);
	return code;
}

static enum exit_code get_store_size(struct ims_ctx *ctx,
				     const struct ims_device *device,
				     uint64_t *slots)
{
	struct ims_store *store;
	uint32_t id, size = 0;
	int err;

	err = ims_device_get_store_id(device, &id);
	if (!err)
		err = ims_store_get_by_id(ctx, id, &store);
	if (err)
		return failure(ctx, err);

	ims_store_get_size(store, &size);
	ims_store_free(store);
	*slots = size;
	return EXIT_DONE;
}

enum exit_code config_fit(struct ims_ctx *ctx, const struct ims_device *device,
			  struct config *file)
{
	struct setting *limit = &file->settings[SETTING_LIMIT];
	uint32_t declared = 0, i;
	int part;

	ims_device_get_vectors(device, &declared);
	for (i = declared; i < file->num_vectors; i++) {
		const struct vector_setting *v = &file->vectors[i];

		for (part = 0; part < NUM_PARTS; part++)
			if (has_part(v, part))
				return problem(EXIT_NO_OBJECT,
					       "%s:%u: device %s: vector %" PRIu32 " is beyond the %" PRIu32 " declared",
					       file->file, v->lines[part],
					       ims_device_get_name(device), i,
					       declared);
	}

	if (limit->said && !limit->value)
		return get_store_size(ctx, device, &limit->value);
	return EXIT_DONE;
}
