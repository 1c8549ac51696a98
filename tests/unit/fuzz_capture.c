// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer's way into captures, which come from other machines. What is read is
 * written and read again: the second capture is the first one, byte by byte.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libims.h>

#include "sys.h"
#include "transport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A context with a capture has no business with the kernel. */
int ims_transport_open(struct ims_transport **transport, const char **step)
{
	(void)transport;
	(void)step;
	abort();
}

void ims_transport_close(struct ims_transport *transport)
{
	if (transport)
		abort();
}

int ims_transport_send(struct ims_transport *transport, const void *data,
		       size_t size)
{
	(void)transport;
	(void)data;
	(void)size;
	abort();
}

ssize_t ims_transport_recv(struct ims_transport *transport, void **data)
{
	(void)transport;
	(void)data;
	abort();
}

bool ims_sys_has_module(void)
{
	return false;
}

uint64_t ims_sys_now(void)
{
	return 1;
}

void ims_sys_host(struct ims_sys_host *host)
{
	memset(host, 0, sizeof(*host));
}

/* What is in a capture does not depend on this host's processes. */
ssize_t ims_sys_read_file(const char *path, char *data, size_t size)
{
	(void)path;
	(void)data;
	(void)size;
	abort();
}

/* NULL if it is refused, and then there must be a reason. */
static struct ims_ctx *read_capture(const void *data, size_t size)
{
	FILE *in = fmemopen((void *)data, size, "r");
	struct ims_ctx *ctx;
	int err;

	if (!in || ims_ctx_new(&ctx))
		abort();
	err = ims_capture_read(ctx, in);
	fclose(in);
	if (!err)
		return ctx;

	if (!ims_error_get_message(ims_ctx_get_error(ctx)) ||
	    ims_error_get_errno(ims_ctx_get_error(ctx)) != err)
		abort();
	ims_ctx_free(ctx);
	return NULL;
}

static char *write_capture(struct ims_ctx *ctx, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out || ims_capture_write(ctx, out) || fclose(out))
		abort();
	ims_ctx_free(ctx);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t once_size, twice_size;
	char *once, *twice;
	struct ims_ctx *ctx;

	/* fmemopen() takes no empty ones. */
	ctx = size ? read_capture(data, size) : NULL;
	if (!ctx)
		return 0;

	once = write_capture(ctx, &once_size);
	ctx = read_capture(once, once_size);
	if (!ctx)
		abort();
	twice = write_capture(ctx, &twice_size);
	if (once_size != twice_size || memcmp(once, twice, once_size))
		abort();
	free(once);
	free(twice);
	return 0;
}
