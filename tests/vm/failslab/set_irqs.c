// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Swept: VFIO_DEVICE_SET_IRQS and the reset.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/vfio.h>

#include "sweep.h"

/* So many at once have a row of remapping entries, and some of their own. */
#define ROW	18

static int set_irqs(struct wq *wq, uint32_t index, uint32_t flags,
		    uint32_t start, uint32_t count, const int32_t *fds)
{
	struct {
		struct vfio_irq_set set;
		int32_t fds[ROW];
	} arg = { {
		.argsz = sizeof(arg.set) + count * sizeof(*fds),
		.flags = flags, .index = index, .start = start, .count = count,
	}, { 0 } };

	if (count)
		memcpy(arg.fds, fds, count * sizeof(*fds));
	return ioctl(ims_vfio_get_fd(wq->vfio), VFIO_DEVICE_SET_IRQS, &arg) < 0 ?
	       -errno : 0;
}

/* Bind vectors from @start on to the eventfds of these vectors (-1: unbind). */
static int bind_to(struct wq *wq, uint32_t start, uint32_t count,
		   const int *events)
{
	int32_t fds[ROW];
	uint32_t i;

	for (i = 0; i < count; i++)
		fds[i] = events[i] < 0 ? -1 : wq->fds[events[i]];
	return set_irqs(wq, VFIO_PCI_MSIX_IRQ_INDEX,
			VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			start, count, fds);
}

static int disable(struct wq *wq)
{
	return set_irqs(wq, VFIO_PCI_MSIX_IRQ_INDEX,
			VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
			0, 0, NULL);
}

static int bind_six(struct wq *wq)
{
	static const int events[] = { 2, 3, 4, 5, 6, 7 };

	return bind_to(wq, 2, 6, events);
}

static void are_live(struct wq *wq, const struct picture *before, uint32_t count)
{
	struct picture p;
	uint32_t i;

	take_picture(wq, &p);
	assert_int_equal(p.live, before->live + count);
	assert_int_equal(p.slots, before->slots + count);
	for (i = 2; i < 2 + count && i < NR; i++) {
		assert_int_equal(p.v[i].state, IMS_VECTOR_STATE_LIVE);
		assert_int_not_equal(p.v[i].slot, UINT32_MAX);
	}
	assert_memory_equal(p.v, before->v, 2 * sizeof(*p.v));
	assert_live_ones_work(wq, &p);
}

static void six_are_live(struct wq *wq, const struct picture *before)
{
	are_live(wq, before, 6);
}

/* Those that nobody looks at share an eventfd. */
static int bind_row(struct wq *wq)
{
	int events[ROW];
	int i;

	for (i = 0; i < ROW; i++)
		events[i] = i + 2 < NR ? i + 2 : NR;
	return bind_to(wq, 2, ROW, events);
}

static void row_is_live(struct wq *wq, const struct picture *before)
{
	are_live(wq, before, ROW);
}

/* The contexts are there: what is allocated is what goes with a slot. */
static void two_live_six_idle(struct wq *wq)
{
	uint32_t i;

	if (!wq->vfio) {
		two_live(wq);
		assert_int_equal(bind_six(wq), 0);
	}
	for (i = 2; i < 8; i++)
		assert_int_equal(ims_vfio_unbind(wq->vfio, i, 1), 0);
}

static int replace_two(struct wq *wq)
{
	static const int events[] = { 10, 11 };

	return bind_to(wq, 0, 2, events);
}

static void two_are_replaced(struct wq *wq, const struct picture *before)
{
	struct picture p;
	uint32_t i;

	event_of[0] = 10;
	event_of[1] = 11;
	take_picture(wq, &p);
	assert_int_equal(p.live, 2);
	assert_int_equal(p.slots, 1);
	for (i = 0; i < 2; i++) {
		assert_int_equal(p.v[i].slot, before->v[i].slot);
		assert_int_equal(p.v[i].irq, before->v[i].irq);
		assert_int_equal(p.v[i].generation, before->v[i].generation);
		assert_int_equal(p.v[i].replaced, before->v[i].replaced + 1);
	}
	assert_live_ones_work(wq, &p);
}

static int replace_unbind_bind(struct wq *wq)
{
	static const int events[] = { 11, -1, 3 };

	return bind_to(wq, 1, 3, events);
}

static void replaced_unbound_bound(struct wq *wq, const struct picture *before)
{
	struct picture p;

	event_of[1] = 11;
	take_picture(wq, &p);
	assert_int_equal(p.v[1].state, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(p.v[1].cookie, before->v[1].pending_cookie);
	assert_int_equal(p.v[1].pending_cookie, UINT64_MAX);
	assert_int_not_equal(p.v[1].slot, before->v[1].slot);
	assert_int_equal(p.v[2].state, IMS_VECTOR_STATE_IDLE);
	assert_int_equal(p.v[3].state, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(p.slots, 2);
	/* Made up for what the old slot may have lost. */
	assert_int_equal(wq_take(wq, 11), 1);
	assert_live_ones_work(wq, &p);
}

static void all_are_idle(struct wq *wq, const struct picture *before)
{
	struct picture p;

	(void)before;
	take_picture(wq, &p);
	assert_int_equal(p.live, 0);
	assert_int_equal(p.slots, 0);
	assert_int_equal(p.v[1].state, IMS_VECTOR_STATE_IDLE);
}

static int bind_request(struct wq *wq)
{
	return set_irqs(wq, VFIO_PCI_REQ_IRQ_INDEX,
			VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			0, 1, &wq->fds[9]);
}

static void request_works(struct wq *wq, const struct picture *before)
{
	uint8_t yes = 1;
	int32_t data;

	assert_as_before(wq, before);
	memcpy(&data, &yes, 1);
	assert_int_equal(set_irqs(wq, VFIO_PCI_REQ_IRQ_INDEX,
				  VFIO_IRQ_SET_DATA_BOOL |
				  VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1, &data), 0);
	assert_int_equal(wq_take(wq, 9), 1);
}

static int reset(struct wq *wq)
{
	return ioctl(ims_vfio_get_fd(wq->vfio), VFIO_DEVICE_RESET) < 0 ?
	       -errno : 0;
}

SWEEP(bind_absent, .scope = HELPER, .prepare = two_live, .call = bind_six,
      .worked = six_are_live, .spare = SPARE_IRQ)
SWEEP(bind_a_row, .scope = HELPER, .prepare = two_live, .call = bind_row,
      .worked = row_is_live, .spare = SPARE_IRQ)
SWEEP(bind_idle, .scope = HELPER, .prepare = two_live_six_idle,
      .call = bind_six, .worked = six_are_live, .spare = SPARE_IRQ)
SWEEP(replace_live, .scope = HELPER, .prepare = two_own, .call = replace_two,
      .worked = two_are_replaced)
SWEEP(replace_with_cookie_pending, .scope = HELPER, .prepare = cookie_waits,
      .call = replace_unbind_bind, .worked = replaced_unbound_bound,
      .spare = SPARE_IRQ)
SWEEP(disable_index, .scope = HELPER, .prepare = cookie_waits, .call = disable,
      .worked = all_are_idle, .cannot_fail = true)
SWEEP(reset_device, .scope = EDU, .prepare = cookie_waits, .call = reset,
      .worked = all_are_idle, .cannot_fail = true)
SWEEP(bind_request_eventfd, .scope = HELPER, .prepare = two_live,
      .call = bind_request, .worked = request_works, .cannot_fail = true)
