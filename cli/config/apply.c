// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Making a device's configuration that of a file: all of it or nothing. The
 * limits and the default cookie are one request, and so are consecutive vectors
 * that a line gives the same.
 */
#include <inttypes.h>
#include <string.h>

#include "config/config.h"

struct plan {
	struct ims_ctx *ctx;
	const struct ims_device *device;
	const struct config *file;
	const struct config *before;
};

static bool changes_device(const struct plan *plan)
{
	int id;

	for (id = 0; id < NUM_SETTINGS; id++)
		if (setting_differs(plan->file, plan->before, id))
			return true;
	return false;
}

/* Give the device what @values has of that which is to change. */
static int set_device(const struct plan *plan, const struct config *values,
		      unsigned int flags)
{
	const struct setting *s = values->settings;
	struct ims_device_config *config;
	int err = ims_device_config_new(&config);

	if (err)
		return err;

	if (setting_differs(plan->file, plan->before, SETTING_LIMIT))
		ims_device_config_set_limit(config, s[SETTING_LIMIT].value);
	if (setting_differs(plan->file, plan->before, SETTING_RESERVATION))
		ims_device_config_set_reservation(config,
						  s[SETTING_RESERVATION].value);
	if (setting_differs(plan->file, plan->before, SETTING_BYPASS))
		ims_device_config_set_bypass(config, s[SETTING_BYPASS].value);
	if (setting_differs(plan->file, plan->before, SETTING_RATE_LIMIT))
		ims_device_config_set_rate_limit(config,
						 s[SETTING_RATE_LIMIT].value);
	if (setting_differs(plan->file, plan->before, SETTING_DEFAULT_COOKIE))
		ims_device_config_set_default_cookie(config,
				s[SETTING_DEFAULT_COOKIE].value);
	err = ims_device_configure(plan->ctx, plan->device, config, flags);
	ims_device_config_free(config);
	return err;
}

static bool changes_vector(const struct plan *plan, uint32_t index)
{
	return vector_differs(plan->file, plan->before, index, PART_COOKIE) ||
	       vector_differs(plan->file, plan->before, index, PART_AFFINITY);
}

/* Do the two change likewise, and for the same line? */
static bool change_alike(const struct plan *plan, const struct config *values,
			 uint32_t a, uint32_t b)
{
	const struct vector_setting *f = plan->file->vectors;
	int part;

	if (f[a].line != f[b].line || f[a].affinity_line != f[b].affinity_line)
		return false;
	for (part = 0; part < NUM_PARTS; part++) {
		bool differs = vector_differs(plan->file, plan->before, a, part);

		if (differs != vector_differs(plan->file, plan->before, b,
					      part) ||
		    (differs && !same_part(&values->vectors[a],
					   &values->vectors[b], part)))
			return false;
	}
	return true;
}

/* Vectors from @first on, and before @end, that one request changes to @values. */
static uint32_t count_alike(const struct plan *plan,
			    const struct config *values, uint32_t first,
			    uint32_t end)
{
	uint32_t next = first + 1;

	while (next < end && change_alike(plan, values, first, next))
		next++;
	return next - first;
}

/*
 * A cookie always from the next allocation on: that leaves the slot alone, so that the
 * same request with the old cookie brings back exactly what was.
 */
static int set_vectors(const struct plan *plan, const struct config *values,
		       uint32_t first, uint32_t count, unsigned int flags)
{
	const struct vector_setting *v = &values->vectors[first];
	struct ims_vector_config *config;
	int err = ims_vector_config_new(&config);
	bool cookie;

	if (err)
		return err;

	cookie = vector_differs(plan->file, plan->before, first, PART_COOKIE);
	if (cookie && v->kind == VECTOR_COOKIE)
		ims_vector_config_set_cookie(config, v->cookie);
	else if (cookie)
		ims_vector_config_clear_cookie(config);
	if (vector_differs(plan->file, plan->before, first, PART_AFFINITY))
		err = ims_vector_config_set_affinity(config, v->affinity ?
						     v->affinity : "");
	if (!err)
		err = ims_vector_configure_range(plan->ctx, plan->device, first,
						 count, config, flags);
	ims_vector_config_free(config);
	return err;
}

static const char *reason(const struct plan *plan, int err)
{
	const struct ims_error *error = ims_ctx_get_error(plan->ctx);

	return error ? ims_error_get_message(error) : strerror(-err);
}

/* The line that the kernel blames, or the first of the request. */
static unsigned int blamed_line(const struct plan *plan)
{
	const struct ims_error *error = ims_ctx_get_error(plan->ctx);
	const char *name = ims_error_get_attribute(error);
	unsigned int line = 0;
	int id;

	for (id = NUM_SETTINGS - 1; id >= 0; id--) {
		if (!setting_differs(plan->file, plan->before, id))
			continue;
		line = plan->file->settings[id].line;
		if (name && !strcmp(name, setting_names[id]))
			break;
	}
	return line;
}

/* The same, of a vector. */
static unsigned int vector_line(const struct plan *plan, uint32_t index)
{
	const struct vector_setting *v = &plan->file->vectors[index];
	const struct ims_error *error = ims_ctx_get_error(plan->ctx);
	const char *name = ims_error_get_attribute(error);

	if (!vector_differs(plan->file, plan->before, index, PART_COOKIE) ||
	    (name && !strcmp(name, "affinity")))
		return v->affinity_line;
	return v->line;
}

static enum exit_code refused(const struct plan *plan, unsigned int line,
			      int err)
{
	return problem(exit_code_of(err), "%s:%u: %s", plan->file->file, line,
		       reason(plan, err));
}

/* Vectors before @end, and the device. Goes on when one fails. */
static void set_back(const struct plan *plan, uint32_t end, bool device)
{
	uint32_t i, count;
	int err;

	for (i = 0; i < end; i += count) {
		count = 1;
		if (!changes_vector(plan, i))
			continue;
		count = count_alike(plan, plan->before, i, end);
		err = set_vectors(plan, plan->before, i, count, 0);
		if (err)
			problem(EXIT_FAILED, "could not be set back: %s",
				reason(plan, err));
	}
	if (!device)
		return;
	err = set_device(plan, plan->before, 0);
	if (err)
		problem(EXIT_FAILED, "could not be set back: %s",
			reason(plan, err));
}

static enum exit_code request(const struct plan *plan, unsigned int flags)
{
	bool device = changes_device(plan);
	/* config_fit() has seen that the device has them. */
	uint32_t i, count, end = plan->file->num_vectors;
	enum exit_code code;
	int err;

	if (device) {
		err = set_device(plan, plan->file, flags);
		if (err)
			return refused(plan, blamed_line(plan), err);
	}
	for (i = 0; i < end; i += count) {
		count = 1;
		if (!changes_vector(plan, i))
			continue;
		count = count_alike(plan, plan->file, i, end);
		err = set_vectors(plan, plan->file, i, count, flags);
		if (!err)
			continue;
		code = refused(plan, vector_line(plan, i), err);
		if (!(flags & IMS_VALIDATE_ONLY))
			set_back(plan, i, device);
		return code;
	}
	return EXIT_DONE;
}

/* The kernel has no request that changes a vector's backing. */
static enum exit_code check_backings(const struct plan *plan)
{
	const struct config *before = plan->before;
	const struct vector_setting *v;
	unsigned int line;
	const char *what;
	uint32_t i;

	for (i = 0; i < before->num_vectors; i++) {
		bool emulated = before->vectors[i].kind == VECTOR_EMULATED;

		if (!changes_vector(plan, i))
			continue;
		v = &plan->file->vectors[i];
		line = v->line;
		what = NULL;
		if (vector_differs(plan->file, before, i, PART_COOKIE) &&
		    emulated != (v->kind == VECTOR_EMULATED)) {
			what = emulated ? "emulated and has no cookie" :
					  "not emulated";
		} else if (emulated && v->has_affinity) {
			what = "emulated and has no affinity";
			line = v->affinity_line;
		}
		if (what)
			return problem(EXIT_FAILED,
				       "%s:%u: device %s: vector %" PRIu32 " is %s; that is said by the device's driver and cannot be changed here",
				       plan->file->file, line, before->device,
				       i, what);
	}
	return EXIT_DONE;
}

enum exit_code config_apply(struct ims_ctx *ctx,
			    const struct ims_device *device,
			    const struct config *file,
			    const struct config *before, bool dry)
{
	const struct plan plan = {
		.ctx = ctx,
		.device = device,
		.file = file,
		.before = before,
	};
	enum exit_code code;

	code = check_backings(&plan);
	if (!code)
		code = request(&plan, IMS_VALIDATE_ONLY);
	if (!code && !dry)
		code = request(&plan, 0);
	return code;
}
