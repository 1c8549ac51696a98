// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Contexts: what calls have in common, and the log.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "capture.h"
#include "internal.h"
#include "netlink.h"

IMS_PUBLIC const char *ims_version(void)
{
	return IMS_VERSION;
}

IMS_PUBLIC int ims_ctx_new(struct ims_ctx **ctx)
{
	if (!ctx)
		return -EINVAL;

	*ctx = calloc(1, sizeof(**ctx));
	if (!*ctx)
		return -ENOMEM;

	(*ctx)->refs = 1;
	return 0;
}

struct ims_ctx *ims_ctx_ref(struct ims_ctx *ctx)
{
	ctx->refs++;
	return ctx;
}

IMS_PUBLIC void ims_ctx_free(struct ims_ctx *ctx)
{
	if (!ctx || --ctx->refs)
		return;

	ims_nl_close(ctx);
	if (ctx->capture)
		ims_capture_end(ctx->capture);
	free(ctx->capture);
	free(ctx);
}

IMS_PUBLIC int ims_ctx_set_log(struct ims_ctx *ctx, ims_log_fn fn, void *data,
			       int priority)
{
	if (!ctx || priority < LOG_EMERG || priority > LOG_DEBUG)
		return -EINVAL;

	ctx->log_fn = fn;
	ctx->log_data = data;
	ctx->log_priority = priority;
	return 0;
}

void ims_log(struct ims_ctx *ctx, int priority, const char *fmt, ...)
{
	char text[IMS_TEXT_SIZE];
	va_list args;

	if (!ctx->log_fn || priority > ctx->log_priority)
		return;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	ctx->log_fn(ctx->log_data, priority, text);
}
