// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The last error of a context.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

const char *ims_strerror(int err, char *buf, size_t size)
{
	return strerror_r(-err, buf, size);
}

/* By hand, for each request has such a text and few are ever shown. */
static char *append(char *at, const char *end, const char *text)
{
	while (*text && at < end)
		*at++ = *text++;
	*at = '\0';
	return at;
}

static char *append_number(char *at, const char *end, uint64_t number)
{
	char digits[21], *digit = digits + sizeof(digits) - 1;

	*digit = '\0';
	do {
		*--digit = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	return append(at, end, digit);
}

void ims_object_text(char text[IMS_OBJECT_SIZE], const char *device,
		     uint32_t first, uint64_t count)
{
	const char *end = text + IMS_OBJECT_SIZE - 1;
	char *at = append(text, end, "device ");

	at = append(at, end, device);
	if (!count)
		return;
	at = append(at, end, count == 1 ? ": vector " : ": vectors ");
	at = append_number(at, end, first);
	if (count == 1)
		return;
	at = append(at, end, "-");
	append_number(at, end, first + count - 1);
}

void ims_store_text(char text[IMS_OBJECT_SIZE], const char *store)
{
	snprintf(text, IMS_OBJECT_SIZE, "store %s", store);
}

int ims_check_flags(struct ims_ctx *ctx, const char *object,
		    unsigned int flags)
{
	unsigned int unknown = flags & ~(unsigned int)IMS_VALIDATE_ONLY;

	if (!unknown)
		return 0;
	return ims_fail(ctx, -EINVAL, object, NULL,
			"the flags %#x are unknown", unknown);
}

/*
 * How much of the object a message begins with. The kernel names the vector that it
 * blames, and then the request's vectors are not named before it.
 */
static int object_length(const struct ims_error *error)
{
	const char *object = error->object, *colon, *last = NULL;

	for (colon = object; (colon = strstr(colon, ": ")); colon++)
		last = colon;
	if (last && strstr(last, "vector") &&
	    !strncmp(error->text, "vector ", strlen("vector ")))
		return last - object;
	return strlen(object);
}

int ims_fail(struct ims_ctx *ctx, int err, const char *object,
	     const char *attribute, const char *fmt, ...)
{
	struct ims_error *error = &ctx->error;
	va_list args;

	error->err = err;
	snprintf(error->object, sizeof(error->object), "%s",
		 object ? object : "");
	snprintf(error->attribute, sizeof(error->attribute), "%s",
		 attribute ? attribute : "");
	va_start(args, fmt);
	vsnprintf(error->text, sizeof(error->text), fmt, args);
	va_end(args);
	snprintf(error->message, sizeof(error->message), "%.*s%s%s",
		 object_length(error), error->object,
		 error->object[0] ? ": " : "", error->text);
	ctx->has_error = true;

	ims_log(ctx, LOG_INFO, "%s", error->message);
	return err;
}

int ims_fail_errno(struct ims_ctx *ctx, int err, const char *object,
		   const char *what)
{
	char buf[128];

	return ims_fail(ctx, err, object, NULL, "%s: %s", what,
			ims_strerror(err, buf, sizeof(buf)));
}

IMS_PUBLIC const struct ims_error *ims_ctx_get_error(const struct ims_ctx *ctx)
{
	return ctx && ctx->has_error ? &ctx->error : NULL;
}

IMS_PUBLIC int ims_error_get_errno(const struct ims_error *error)
{
	return error ? error->err : -EINVAL;
}

IMS_PUBLIC const char *ims_error_get_text(const struct ims_error *error)
{
	return error ? error->text : NULL;
}

IMS_PUBLIC const char *ims_error_get_attribute(const struct ims_error *error)
{
	return error && error->attribute[0] ? error->attribute : NULL;
}

IMS_PUBLIC const char *ims_error_get_object(const struct ims_error *error)
{
	return error && error->object[0] ? error->object : NULL;
}

IMS_PUBLIC const char *ims_error_get_message(const struct ims_error *error)
{
	return error ? error->message : NULL;
}
