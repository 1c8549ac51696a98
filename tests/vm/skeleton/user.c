// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * user NAME - open a function of ims_skeleton.ko, have its vector 0 raised, and wait
 * for the interrupt.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <linux/vfio.h>

#include <libims.h>

#include "registers.h"

int main(int argc, char **argv)
{
	int fd = eventfd(0, EFD_CLOEXEC), err;
	struct ims_vfio *vfio = NULL;
	struct ims_ctx *ctx;
	uint32_t handle;
	uint64_t count;

	if (argc != 2 || fd < 0 || ims_ctx_new(&ctx))
		return 2;
	err = ims_vfio_open(ctx, argv[1], &vfio);
	/* Vector 0 gets a slot. Which one, the function's registers tell. */
	if (!err)
		err = ims_vfio_bind(vfio, 0, &fd, 1);
	if (!err)
		err = ims_vfio_read32(vfio, VFIO_PCI_BAR0_REGION_INDEX,
				      SKEL_REG_HANDLE, &handle);
	if (!err)
		err = ims_vfio_write32(vfio, VFIO_PCI_BAR0_REGION_INDEX,
				       SKEL_REG_FIRE, handle);
	if (err)
		fprintf(stderr, "user: %s\n",
			ims_error_get_message(ims_ctx_get_error(ctx)));
	else if (read(fd, &count, sizeof(count)) == sizeof(count))
		printf("handle %" PRIu32 ": interrupts: %" PRIu64 "\n", handle, count);
	ims_vfio_close(vfio);
	ims_ctx_free(ctx);
	return err ? 1 : 0;
}
