// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Captures by file descriptors and in memory, for those who have no stdio streams.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "internal.h"

/* A stream on a copy of @fd, which stays the caller's. NULL and errno. */
static FILE *open_copy(int fd, const char *mode)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE *stream;
	int err;

	if (copy < 0)
		return NULL;
	stream = fdopen(copy, mode);
	if (!stream) {
		err = errno;
		close(copy);
		errno = err;
	}
	return stream;
}

IMS_PUBLIC int ims_capture_write_fd(struct ims_ctx *ctx, int fd)
{
	FILE *stream;
	int err;

	if (!ctx)
		return -EINVAL;

	stream = open_copy(fd, "w");
	if (!stream)
		return ims_fail_errno(ctx, -errno, NULL, "writing a capture");
	/* Flushes, so that closing has nothing to write that could fail. */
	err = ims_capture_write(ctx, stream);
	fclose(stream);
	return err;
}

IMS_PUBLIC int ims_capture_read_fd(struct ims_ctx *ctx, int fd)
{
	FILE *stream;
	int err;

	if (!ctx)
		return -EINVAL;

	stream = open_copy(fd, "r");
	if (!stream)
		return ims_fail_errno(ctx, -errno, NULL, "reading a capture");
	err = ims_capture_read(ctx, stream);
	fclose(stream);
	return err;
}

IMS_PUBLIC int ims_capture_write_buffer(struct ims_ctx *ctx, char **text,
					size_t *size)
{
	char *buffer = NULL;
	size_t written = 0;
	FILE *stream;
	int err;

	if (text)
		*text = NULL;
	if (!ctx || !text || !size)
		return -EINVAL;

	stream = open_memstream(&buffer, &written);
	if (!stream)
		return ims_fail_errno(ctx, -errno, NULL, "writing a capture");
	err = ims_capture_write(ctx, stream);
	if (fclose(stream) && !err)
		err = ims_fail_errno(ctx, -errno, NULL, "writing a capture");
	if (err && err != -EINTR) {
		free(buffer);
		return err;
	}
	*text = buffer;
	*size = written;
	return err;
}

IMS_PUBLIC int ims_capture_read_buffer(struct ims_ctx *ctx, const void *text,
				       size_t size)
{
	FILE *stream;
	int err;

	if (!ctx || !text)
		return -EINVAL;

	/* A stream of no bytes cannot be had everywhere; a blank is no capture either. */
	stream = size ? fmemopen((void *)text, size, "r") :
			fmemopen(" ", 1, "r");
	if (!stream)
		return ims_fail_errno(ctx, -errno, NULL, "reading a capture");
	err = ims_capture_read(ctx, stream);
	fclose(stream);
	return err;
}
