// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Making a device's configuration that of a file: all of it or nothing. The
 * limits and the default cookie are one request, and so are cookies and affinities of
 * consecutive vectors that a line gives the same, and their limits of the rate.
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

/* Is one of @parts of the vector to be changed? */
static bool changes_vector(const struct plan *plan, uint32_t index,
			   unsigned int parts)
{
	int part;

	for (part = 0; part < NUM_PARTS; part++)
		if (parts & BIT(part) &&
		    vector_differs(plan->file, plan->before, index, part))
			return true;
	return false;
}

/* Do the two change likewise in these parts, and for the same lines? */
static bool change_alike(const struct plan *plan, const struct config *values,
			 uint32_t a, uint32_t b, unsigned int parts)
{
	const struct vector_setting *f = plan->file->vectors;
	int part;

	for (part = 0; part < NUM_PARTS; part++) {
		bool differs = vector_differs(plan->file, plan->before, a, part);

		if (!(parts & BIT(part)))
			continue;
		if (f[a].lines[part] != f[b].lines[part] ||
		    differs != vector_differs(plan->file, plan->before, b,
					      part) ||
		    (differs && !same_part(&values->vectors[a],
					   &values->vectors[b], part)))
			return false;
	}
	return true;
}

/*
 * A cookie always from the next allocation on: that leaves the slot alone, so that the
 * same request with the old cookie brings back exactly what was.
 */
static int set_config(const struct plan *plan, const struct config *values,
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

static int set_rate(const struct plan *plan, const struct config *values,
		    uint32_t first, uint32_t count, unsigned int flags)
{
	return ims_vector_rate_limit_range(plan->ctx, plan->device, first, count,
					   values->vectors[first].rate, flags);
}

/* What there is a request for, in the order in which they are made. */
static const struct step {
	unsigned int parts;
	int (*set)(const struct plan *plan, const struct config *values,
		   uint32_t first, uint32_t count, unsigned int flags);
} steps[] = {
	{ BIT(PART_COOKIE) | BIT(PART_AFFINITY), set_config },
	{ BIT(PART_RATE), set_rate },
};

#define NUM_STEPS	(sizeof(steps) / sizeof(steps[0]))

/* Vectors from @first on, and before @end, that one request changes to @values. */
static uint32_t count_alike(const struct plan *plan, const struct step *step,
			    const struct config *values, uint32_t first,
			    uint32_t end)
{
	uint32_t next = first + 1;

	while (next < end &&
	       change_alike(plan, values, first, next, step->parts))
		next++;
	return next - first;
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
static unsigned int vector_line(const struct plan *plan, const struct step *step,
				uint32_t index)
{
	const struct vector_setting *v = &plan->file->vectors[index];
	const struct ims_error *error = ims_ctx_get_error(plan->ctx);
	const char *name = ims_error_get_attribute(error);

	if (step->parts == BIT(PART_RATE))
		return v->lines[PART_RATE];
	if (!vector_differs(plan->file, plan->before, index, PART_COOKIE) ||
	    (name && !strcmp(name, "affinity")))
		return v->lines[PART_AFFINITY];
	return v->lines[PART_COOKIE];
}

static enum exit_code refused(const struct plan *plan, unsigned int line,
			      int err)
{
	return problem(exit_code_of(err), "%s:%u: %s", plan->file->file, line,
		       reason(plan, err));
}

/*
 * Change vectors before @end to what @values has of one step. Returns the first that
 * could not be changed, with @err, or @end.
 */
static uint32_t set_vectors(const struct plan *plan, const struct step *step,
			    const struct config *values, uint32_t first,
			    uint32_t end, unsigned int flags, int *err)
{
	uint32_t i, count;

	for (i = first; i < end; i += count) {
		count = 1;
		if (!changes_vector(plan, i, step->parts))
			continue;
		count = count_alike(plan, step, values, i, end);
		*err = step->set(plan, values, i, count, flags);
		if (*err)
			return i;
	}
	return end;
}

static void not_set_back(const struct plan *plan, int err)
{
	problem(EXIT_FAILED, "could not be set back: %s", reason(plan, err));
}

/* What a step has changed of vectors before @end. Goes on when one fails. */
static void set_vectors_back(const struct plan *plan, const struct step *step,
			     uint32_t end)
{
	uint32_t i;
	int err = 0;

	for (i = 0; i < end; i++) {
		i = set_vectors(plan, step, plan->before, i, end, 0, &err);
		if (i == end)
			break;
		not_set_back(plan, err);
		i += count_alike(plan, step, plan->before, i, end) - 1;
	}
}

/*
 * Undo the steps before @step, of @step itself what was done to vectors before @end, and
 * the device's settings if @device says that they were changed.
 */
static void set_back(const struct plan *plan, size_t step, uint32_t end,
		     bool device)
{
	int err;

	set_vectors_back(plan, &steps[step], end);
	while (step--)
		set_vectors_back(plan, &steps[step], plan->file->num_vectors);
	err = device ? set_device(plan, plan->before, 0) : 0;
	if (err)
		not_set_back(plan, err);
}

static enum exit_code request(const struct plan *plan, unsigned int flags)
{
	/* config_fit() has seen that the device has them. */
	uint32_t failed, end = plan->file->num_vectors;
	bool device = changes_device(plan);
	enum exit_code code;
	size_t step;
	int err;

	if (device) {
		err = set_device(plan, plan->file, flags);
		if (err)
			return refused(plan, blamed_line(plan), err);
	}
	for (step = 0; step < NUM_STEPS; step++) {
		failed = set_vectors(plan, &steps[step], plan->file, 0, end,
				     flags, &err);
		if (failed == end)
			continue;
		code = refused(plan, vector_line(plan, &steps[step], failed),
			       err);
		if (!(flags & IMS_VALIDATE_ONLY))
			set_back(plan, step, failed, device);
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

		if (!changes_vector(plan, i, steps[0].parts))
			continue;
		v = &plan->file->vectors[i];
		line = v->lines[PART_COOKIE];
		what = NULL;
		if (vector_differs(plan->file, before, i, PART_COOKIE) &&
		    emulated != (v->kind == VECTOR_EMULATED)) {
			what = emulated ? "emulated and has no cookie" :
					  "not emulated";
		} else if (emulated && v->has_affinity) {
			what = "emulated and has no affinity";
			line = v->lines[PART_AFFINITY];
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
