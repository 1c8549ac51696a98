// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Swept: open and close of the work queue, and the open of a function of
 * ims_siov.ko.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sweep.h"

static void closed_one(struct wq *wq, const char *name)
{
	assert_null(wq->vfio);
	if (wq->ctx)
		return;
	assert_int_equal(ims_ctx_new(&wq->ctx), 0);
	wq->name = name;
	memset(wq->fds, -1, sizeof(wq->fds));
}

static void closed(struct wq *wq)
{
	closed_one(wq, getenv("IMS_WQ0"));
}

static void closed_function(struct wq *wq)
{
	closed_one(wq, getenv("IMS_FN0"));
}

static int open_it(struct wq *wq)
{
	return ims_vfio_open(wq->ctx, wq->name, &wq->vfio);
}

static void is_open(struct wq *wq, const struct picture *before)
{
	(void)before;
	assert_int_equal(wq_number32(wq, 0, ims_vector_get_backing),
			 IMS_VECTOR_BACKING_EMULATED);
	ims_vfio_close(wq->vfio);
	wq->vfio = NULL;
}

static void is_not_open(struct wq *wq, const struct picture *before)
{
	struct ims_device *device;

	(void)before;
	assert_null(wq->vfio);
	assert_int_equal(ims_device_get(wq->ctx, wq->name, &device), -ENODEV);
}

/* Not wq_close(): an operation is one call, and this is a free one. */
static int close_it(struct wq *wq)
{
	ims_vfio_close(wq->vfio);
	wq->vfio = NULL;
	return 0;
}

static void is_closed(struct wq *wq, const struct picture *before)
{
	uint32_t i;

	is_not_open(wq, before);
	for (i = 0; i < 2 * NR; i++)
		close(wq->fds[i]);
	ims_ctx_free(wq->ctx);
	memset(wq, 0, sizeof(*wq));
}

SWEEP(open_device, .scope = EDU, .prepare = closed, .call = open_it,
      .worked = is_open, .refused = is_not_open, .closed = true)
SWEEP(open_function, .scope = VFUNC, .prepare = closed_function,
      .call = open_it, .worked = is_open, .refused = is_not_open,
      .closed = true)
SWEEP(close_device, .scope = EDU, .prepare = cookie_waits, .call = close_it,
      .worked = is_closed, .cannot_fail = true)
