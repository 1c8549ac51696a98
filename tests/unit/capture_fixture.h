/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of captures start from.
 */
#ifndef CAPTURE_FIXTURE_H
#define CAPTURE_FIXTURE_H

#include "test.h"

/*
 * @ctx: asks the kernel
 * @captured: is to read a capture
 * @text, @size: the capture that write_capture() has written
 */
struct capture_fixture {
	struct ims_ctx *ctx;
	struct ims_ctx *captured;
	char *text;
	size_t size;
};

extern struct capture_fixture f;

int capture_setup(void **state);
int capture_teardown(void **state);

/* What the kernel tells becomes f.text. */
void write_capture(void);

/* Returns what ims_capture_read() returns. */
int read_text(struct ims_ctx *ctx, const char *text, size_t size);

#define TEST(function)	\
	cmocka_unit_test_setup_teardown(function, capture_setup, capture_teardown)

#endif
