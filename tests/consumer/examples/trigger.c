// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trigger DEVICE VECTOR... - signal these vectors of a virtual device: all or
 * none. DEVICE is a name or its beginning. Needs CAP_SYS_ADMIN.
 */
#include <stdio.h>
#include <stdlib.h>

#include <libims.h>

int main(int argc, char **argv)
{
	struct ims_device *device = NULL;
	uint32_t vectors[64];
	struct ims_ctx *ctx;
	size_t count = 0;
	int err, i;

	if (argc < 3 || argc > 2 + 64) {
		fputs("usage: trigger DEVICE VECTOR...\n", stderr);
		return 2;
	}
	for (i = 2; i < argc; i++)
		vectors[count++] = strtoul(argv[i], NULL, 0);

	if (ims_ctx_new(&ctx)) {
		fputs("trigger: out of memory\n", stderr);
		return 1;
	}

	err = ims_device_find(ctx, argv[1], &device);
	if (!err)
		err = ims_vector_trigger_list(ctx, device, vectors, count,
					      IMS_TRIGGER_PATH_EVENTFD, 0);
	if (err)
		fprintf(stderr, "trigger: %s\n",
			ims_error_get_message(ims_ctx_get_error(ctx)));

	ims_device_free(device);
	ims_ctx_free(ctx);
	return err != 0;
}
