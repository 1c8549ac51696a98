// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bind_and_wait DEVICE VECTOR [MILLISECONDS] - open a virtual device as its VFIO
 * user, and wait for an interrupt of a vector. Needs access to /dev/vfio.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <libims.h>

/* 0, or 1 when there was none in time. */
static int wait_for(int fd, uint32_t vector, int patience)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	uint64_t count;

	printf("waiting for vector %" PRIu32 "\n", vector);
	fflush(stdout);
	if (poll(&poll_fd, 1, patience) != 1 ||
	    read(fd, &count, sizeof(count)) != sizeof(count)) {
		fputs("bind_and_wait: no interrupt\n", stderr);
		return 1;
	}
	printf("vector %" PRIu32 ": %" PRIu64 "\n", vector, count);
	return 0;
}

int main(int argc, char **argv)
{
	struct ims_vfio *vfio = NULL;
	struct ims_ctx *ctx;
	int fd, err, status = 1;
	uint32_t vector;

	if (argc != 3 && argc != 4) {
		fputs("usage: bind_and_wait DEVICE VECTOR [MILLISECONDS]\n",
		      stderr);
		return 2;
	}
	vector = strtoul(argv[2], NULL, 0);

	fd = eventfd(0, EFD_CLOEXEC);
	if (fd < 0) {
		fprintf(stderr, "bind_and_wait: eventfd: %s\n",
			strerror(errno));
		return 1;
	}
	if (ims_ctx_new(&ctx)) {
		fputs("bind_and_wait: out of memory\n", stderr);
		return 1;
	}

	err = ims_vfio_open(ctx, argv[1], &vfio);
	if (!err)
		err = ims_vfio_bind(vfio, vector, &fd, 1);
	if (err)
		fprintf(stderr, "bind_and_wait: %s\n",
			ims_error_get_message(ims_ctx_get_error(ctx)));
	else
		status = wait_for(fd, vector, argc > 3 ? atoi(argv[3]) : -1);

	/* Closing the device takes the trigger away, too. */
	ims_vfio_close(vfio);
	ims_ctx_free(ctx);
	close(fd);
	return status;
}
