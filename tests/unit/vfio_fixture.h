/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of VFIO handles start from.
 */
#ifndef VFIO_FIXTURE_H
#define VFIO_FIXTURE_H

#include "test.h"

#include <sys/mman.h>

#include "fake_vfio.h"

/*
 * @ctx: context
 * @vfio: the handle, closed at the end; NULL: there is none
 */
struct vfio_fixture {
	struct ims_ctx *ctx;
	struct ims_vfio *vfio;
};

extern struct vfio_fixture f;

int vfio_setup_closed(void **state);
int vfio_setup(void **state);
int vfio_teardown(void **state);

/* A test that opens the device itself, and one that finds it open */
#define CLOSED(f)	cmocka_unit_test_setup_teardown(f, vfio_setup_closed, vfio_teardown)
#define OPEN(f)		cmocka_unit_test_setup_teardown(f, vfio_setup, vfio_teardown)

#endif
