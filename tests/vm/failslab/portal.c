// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Swept: interrupt handles of a function of ims_siov.ko, and functions that come
 * and go.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/ims_siov.h>

#include "sweep.h"

#define EXTRA	"5"	/* a number that no function has */

static char siov[64];	/* address of ims_siov's device */
static int file = -1;

void portal_init(const char *address)
{
	snprintf(siov, sizeof(siov), "%s", address);
}

int portal_teardown(void **state)
{
	sweep_teardown(state);
	if (file >= 0)
		close(file);
	file = -1;
	return 0;
}

/* ---- handles ---------------------------------------------------------------- */

static void will_request(struct wq *wq)
{
	two_live_of_portal(wq);
	wq_write(wq, IMS_SIOV_REG_ARGUMENT, 3);
}

static void will_request_again(struct wq *wq)
{
	char path[256];

	two_live_of_portal(wq);
	snprintf(path, sizeof(path), "/sys/kernel/debug/ims_siov/%s/revoke",
		 siov);
	put_file(path, strrchr(wq->name, '-') + 1);
	assert_int_equal(wq_take(wq, 0), 1);
	assert_int_equal(wq_number32(wq, 1, ims_vector_get_state),
			 IMS_VECTOR_STATE_HELD);
	wq_write(wq, IMS_SIOV_REG_ARGUMENT, 1);
}

/* COMMAND_STATUS as errno. */
static int request(struct wq *wq)
{
	int ret = write_reg(wq, IMS_SIOV_REG_COMMAND,
			    IMS_SIOV_COMMAND_REQUEST_INT_HANDLE);

	if (ret)
		return ret;
	switch (wq_read(wq, IMS_SIOV_REG_COMMAND_STATUS)) {
	case IMS_SIOV_ERR_NONE:
		return 0;
	case IMS_SIOV_ERR_HOST:
		return -ENOMEM;
	case IMS_SIOV_ERR_NO_SPACE:
		return -ENOSPC;
	default:
		return -EPROTO;
	}
}

/* The command is over, well or not, which vector 0 has told. */
static void take_told(struct wq *wq, const struct picture *before,
		      struct picture *want, struct picture *now)
{
	assert_int_equal(wq_take(wq, 0), 1);
	take_picture(wq, now);
	*want = *before;
	want->v[0].signalled++;
	want->v[0].last = now->v[0].last;
}

static void is_refused(struct wq *wq, const struct picture *before)
{
	struct picture want, now;

	take_told(wq, before, &want, &now);
	assert_same(&now, &want);
	assert_one_failed(&now, &want);
	assert_live_ones_work(wq, &now);
	assert_int_equal(wq_read(wq, IMS_SIOV_REG_COMMAND_RESULT), 0);
}

static void has_slot(struct wq *wq, const struct picture *before, uint32_t v,
		     uint32_t state)
{
	struct picture want, now;

	take_told(wq, before, &want, &now);
	assert_int_equal(now.v[v].state, state);
	assert_int_not_equal(now.v[v].slot, UINT32_MAX);
	assert_int_equal(now.slots, before->slots + 1);
	assert_memory_equal(&now.v[0], &want.v[0], sizeof(now.v[0]));
	assert_live_ones_work(wq, &now);
}

static void three_is_prepared(struct wq *wq, const struct picture *before)
{
	has_slot(wq, before, 3, IMS_VECTOR_STATE_IDLE);
	assert_int_equal(wq_bind(wq, 3, 1), 0);
	assert_int_equal(wq_number32(wq, 3, ims_vector_get_state),
			 IMS_VECTOR_STATE_LIVE);
}

static void one_is_live(struct wq *wq, const struct picture *before)
{
	has_slot(wq, before, 1, IMS_VECTOR_STATE_LIVE);
}

SWEEP(request_handle, .scope = SIOV, .prepare = will_request, .call = request,
      .worked = three_is_prepared, .refused = is_refused, .spare = SPARE_IRQ)
SWEEP(request_handle_after_revocation, .scope = SIOV,
      .prepare = will_request_again, .call = request, .worked = one_is_live,
      .refused = is_refused, .spare = SPARE_IRQ)

/* ---- functions -------------------------------------------------------------- */

static bool there_is(void)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/bus/ims_vfunc/devices/%s-" EXTRA,
		 siov);
	return !access(path, F_OK);
}

static void put_number(const char *what)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/ims_vfunc/%s",
		 siov, what);
	put_file(path, EXTRA);
}

static void open_file(const char *what)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/ims_vfunc/%s",
		 siov, what);
	if (file < 0)
		file = open_or_die(path, O_WRONLY);
}

static void will_create(struct wq *wq)
{
	(void)wq;
	open_file("new_device");
	assert_false(there_is());
}

static void will_remove(struct wq *wq)
{
	(void)wq;
	open_file("delete_device");
	if (!there_is())
		put_number("new_device");
}

static int put_extra(struct wq *wq)
{
	(void)wq;
	return put(file, EXTRA);
}

static void is_created(struct wq *wq, const struct picture *before)
{
	(void)wq;
	(void)before;
	assert_true(there_is());
	put_number("delete_device");
	assert_false(there_is());
}

static void is_not_there(struct wq *wq, const struct picture *before)
{
	(void)wq;
	(void)before;
	assert_false(there_is());
}

/* A group that VFIO cannot register is released with a WARN_ON(). */
SWEEP(create_function, .scope = VFUNC, .prepare = will_create,
      .call = put_extra, .worked = is_created, .refused = is_not_there,
      .closed = true, .spare = "vfio_create_group")
SWEEP(remove_function, .scope = VFUNC, .prepare = will_remove,
      .call = put_extra, .worked = is_not_there, .closed = true,
      .cannot_fail = true)
