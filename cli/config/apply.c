// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Making a device's configuration that of a file: all of it or nothing. The
 * limits and the default cookie are one request, each vector's cookie is one.
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
	if (setting_differs(plan->file, plan->before, SETTING_DEFAULT_COOKIE))
		ims_device_config_set_default_cookie(config,
				s[SETTING_DEFAULT_COOKIE].value);
	err = ims_device_configure(plan->ctx, plan->device, config, flags);
	ims_device_config_free(config);
	return err;
}

/*
 * Always from the next allocation on: that leaves the slot alone, so that the
 * same request with the old cookie brings back exactly what was.
 */
static int set_vector(const struct plan *plan, const struct config *values,
		      uint32_t index, unsigned int flags)
{
	const struct vector_setting *v = &values->vectors[index];
	struct ims_vector_config *config;
	int err = ims_vector_config_new(&config);

	if (err)
		return err;

	if (v->kind == VECTOR_COOKIE)
		ims_vector_config_set_cookie(config, v->cookie);
	else
		ims_vector_config_clear_cookie(config);
	err = ims_vector_configure_range(plan->ctx, plan->device, index, 1,
					 config, flags);
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

static enum exit_code refused(const struct plan *plan, unsigned int line,
			      int err)
{
	return problem(exit_code_of(err), "%s:%u: %s", plan->file->file, line,
		       reason(plan, err));
}

/* Vectors 0 to @end less 1, and the device. Goes on when one fails. */
static void set_back(const struct plan *plan, uint32_t end, bool device)
{
	uint32_t i;
	int err;

	for (i = end; i-- > 0; ) {
		if (!vector_differs(plan->file, plan->before, i))
			continue;
		err = set_vector(plan, plan->before, i, 0);
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
	enum exit_code code;
	uint32_t i;
	int err;

	if (device) {
		err = set_device(plan, plan->file, flags);
		if (err)
			return refused(plan, blamed_line(plan), err);
	}
	for (i = 0; i < plan->before->num_vectors; i++) {
		if (!vector_differs(plan->file, plan->before, i))
			continue;
		err = set_vector(plan, plan->file, i, flags);
		if (!err)
			continue;
		code = refused(plan, plan->file->vectors[i].line, err);
		if (!(flags & IMS_VALIDATE_ONLY))
			set_back(plan, i, device);
		return code;
	}
	return EXIT_DONE;
}

/* The kernel has no request that changes a vector's backing. */
static enum exit_code check_backings(const struct plan *plan)
{
	uint32_t i;

	for (i = 0; i < plan->before->num_vectors; i++) {
		const struct vector_setting *v = &plan->file->vectors[i];
		bool is = plan->before->vectors[i].kind == VECTOR_EMULATED;

		if (!vector_differs(plan->file, plan->before, i) ||
		    is == (v->kind == VECTOR_EMULATED))
			continue;
		return problem(EXIT_FAILED,
			       "%s:%u: device %s: vector %" PRIu32 " is %s; that is said by the device's driver and cannot be changed here",
			       plan->file->file, v->line, plan->before->device,
			       i, is ? "emulated and has no cookie" :
			       "not emulated");
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
