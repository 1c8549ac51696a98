// SPDX-License-Identifier: GPL-2.0-or-later
#include "vfio_fixture.h"

struct vfio_fixture f;

int vfio_setup_closed(void **state)
{
	(void)state;
	fake_vfio_reset();
	f.vfio = NULL;
	return ims_ctx_new(&f.ctx);
}

int vfio_setup(void **state)
{
	return vfio_setup_closed(state) ||
	       ims_vfio_open(f.ctx, FAKE_NAME, &f.vfio);
}

int vfio_teardown(void **state)
{
	(void)state;
	ims_vfio_close(f.vfio);
	ims_ctx_free(f.ctx);
	assert_int_equal(fake_vfio.open_files, 0);
	return 0;
}
