// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "fake_kernel.h"

struct capture_fixture f;

void write_capture(void)
{
	FILE *out = open_memstream(&f.text, &f.size);

	assert_non_null(out);
	assert_int_equal(ims_capture_write(f.ctx, out), 0);
	assert_int_equal(fclose(out), 0);
}

int read_text(struct ims_ctx *ctx, const char *text, size_t size)
{
	FILE *in = fmemopen((char *)text, size, "r");
	int err;

	assert_non_null(in);
	err = ims_capture_read(ctx, in);
	fclose(in);
	return err;
}

int capture_setup(void **state)
{
	(void)state;
	memset(&f, 0, sizeof(f));
	fake_kernel_reset();
	fake_kernel_populate();
	/* Its own has bytes that are no text: see strange_names(). */
	fake_kernel.devices[1].comm = "vmm";
	return ims_ctx_new(&f.ctx) || ims_ctx_new(&f.captured);
}

int capture_teardown(void **state)
{
	(void)state;
	ims_ctx_free(f.ctx);
	ims_ctx_free(f.captured);
	free(f.text);
	return 0;
}
