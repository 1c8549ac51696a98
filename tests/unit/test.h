/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the unit tests of libims share.
 */
#ifndef TEST_H
#define TEST_H

/* cmocka wants these first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include <libims.h>

#include "../store_limit.h"

#define NAME_A	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define NAME_B	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"

#define assert_contains(text, part)	\
	_assert_contains(text, part, __FILE__, __LINE__)

static inline void _assert_contains(const char *text, const char *part,
				    const char *file, int line)
{
	if (text && strstr(text, part))
		return;
	print_error("\"%s\" is not in \"%s\"\n", part, text ? text : "(null)");
	_fail(file, line);
}

/* The context's last error; @attribute and @object may be NULL for none. */
#define assert_reason(ctx, err, object, attribute, text)		\
	_assert_reason(ctx, err, object, attribute, text, __FILE__, __LINE__)

static inline void _assert_same(const char *a, const char *b, const char *file,
				int line)
{
	if (a == b || (a && b && !strcmp(a, b)))
		return;
	print_error("\"%s\" is not \"%s\"\n", a ? a : "(null)",
		    b ? b : "(null)");
	_fail(file, line);
}

static inline void _assert_reason(const struct ims_ctx *ctx, int err,
				  const char *object, const char *attribute,
				  const char *text, const char *file, int line)
{
	const struct ims_error *error = ims_ctx_get_error(ctx);

	if (!error) {
		print_error("there is no last error\n");
		_fail(file, line);
	}
	_assert_int_equal(ims_error_get_errno(error), err, file, line);
	_assert_same(ims_error_get_object(error), object, file, line);
	_assert_same(ims_error_get_attribute(error), attribute, file, line);
	_assert_contains(ims_error_get_text(error), text, file, line);
	_assert_contains(ims_error_get_message(error), text, file, line);
}

#endif /* TEST_H */
