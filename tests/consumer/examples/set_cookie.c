// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * set_cookie DEVICE VECTOR COOKIE|default - give a vector a cookie of its own,
 * in force at once, or the device's default again. The kernel is asked first
 * whether it would. Needs CAP_SYS_ADMIN.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libims.h>

static int fill(struct ims_vector_config *config, const char *cookie)
{
	int err;

	if (!strcmp(cookie, "default"))
		err = ims_vector_config_clear_cookie(config);
	else
		err = ims_vector_config_set_cookie(config,
						   strtoull(cookie, NULL, 0));
	if (!err)
		err = ims_vector_config_set_cookie_mode(config,
							IMS_COOKIE_MODE_NOW);
	return err;
}

int main(int argc, char **argv)
{
	struct ims_vector_config *config = NULL;
	struct ims_device *device = NULL;
	struct ims_ctx *ctx;
	uint32_t vector;
	int err;

	if (argc != 4) {
		fputs("usage: set_cookie DEVICE VECTOR COOKIE|default\n",
		      stderr);
		return 2;
	}
	vector = strtoul(argv[2], NULL, 0);

	if (ims_ctx_new(&ctx) || ims_vector_config_new(&config) ||
	    fill(config, argv[3])) {
		fputs("set_cookie: out of memory\n", stderr);
		return 1;
	}

	err = ims_device_find(ctx, argv[1], &device);
	if (!err)
		err = ims_vector_configure_range(ctx, device, vector, 1, config,
						 IMS_VALIDATE_ONLY);
	if (!err)
		err = ims_vector_configure_range(ctx, device, vector, 1, config,
						 0);
	if (err)
		fprintf(stderr, "set_cookie: %s\n",
			ims_error_get_message(ims_ctx_get_error(ctx)));

	ims_device_free(device);
	ims_vector_config_free(config);
	ims_ctx_free(ctx);
	return err != 0;
}
