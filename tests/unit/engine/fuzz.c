// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer's way into the interpreter of the model test: any bytes are a
 * sequence of operations, see interp.h.
 */
#include <stdlib.h>
#include <stdio.h>

#include "interp.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const char *error;
	size_t step;

	step = interp_run(data, size, false, &error);
	if (error) {
		fprintf(stderr, "step %zu: %s\n", step, error);
		abort();
	}
	return 0;
}
