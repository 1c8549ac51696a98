/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Matrices of errors: one test of cmocka for each cell, and after each the
 * simulated kernel is as before.
 */
#ifndef MATRIX_H
#define MATRIX_H

#include "test.h"

#include <stdlib.h>

#include "fake_kernel.h"

#define STORE	"0000:00:04.0"

/* What calls in cells work with. */
struct matrix {
	struct ims_ctx *ctx;
	struct ims_store *store;
	struct ims_device *device;
	unsigned int flags;
};

extern struct matrix m;

/* A context, device A, its store; then the kernel's state is remembered. */
int matrix_setup(void **state);
int matrix_teardown(void **state);

/* Cells may change the simulated kernel, and then begin with it so. */
void matrix_remember(void);
/* Nothing that requests can change has changed since. */
void matrix_assert_unchanged(void);

/* A test with a name of its own, whose state is @cell. */
void matrix_add(const char *operation, const char *condition,
		CMUnitTestFunction test, const void *cell);
int matrix_run(const char *name);

#endif /* MATRIX_H */
