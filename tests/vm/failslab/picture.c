// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a work queue is like before and after an operation, and states for it to
 * be in before.
 */
#include <string.h>

#include "sweep.h"

uint32_t event_of[NR];

void take_picture(struct wq *wq, struct picture *p)
{
	struct ims_device *device;
	uint32_t i;

	memset(p, 0xff, sizeof(*p));
	assert_int_equal(ims_device_get(wq->ctx, wq->name, &device), 0);
	ims_device_get_num_live(device, &p->live);
	ims_device_get_num_slots(device, &p->slots);
	ims_device_get_num_emulated(device, &p->emulated);
	for (i = 0; i < NR; i++) {
		struct ims_vector *v;

		assert_int_equal(ims_vector_get(wq->ctx, device, i, &v), 0);
		ims_vector_get_state(v, &p->v[i].state);
		ims_vector_get_backing(v, &p->v[i].backing);
		ims_vector_get_slot(v, &p->v[i].slot);
		ims_vector_get_generation(v, &p->v[i].generation);
		ims_vector_get_irq(v, &p->v[i].irq);
		ims_vector_get_cookie(v, &p->v[i].cookie);
		ims_vector_get_pending_cookie(v, &p->v[i].pending_cookie);
		ims_vector_get_delivered(v, &p->v[i].delivered);
		ims_vector_get_loopback(v, &p->v[i].loopback);
		ims_vector_get_replaced(v, &p->v[i].replaced);
		ims_vector_get_dropped(v, &p->v[i].dropped);
		p->v[i].own = ims_vector_has_own_cookie(v);
		p->v[i].masked = ims_vector_is_masked(v);
		p->v[i].pending = ims_vector_is_pending(v);
		ims_vector_free(v);
	}
	ims_device_free(device);
}

void assert_live_ones_work(struct wq *wq, const struct picture *p)
{
	uint32_t i, j;

	for (i = 0; i < NR; i++) {
		if (p->v[i].state != IMS_VECTOR_STATE_LIVE)
			continue;
		assert_int_equal(ims_vfio_trigger(wq->vfio, i, 1), 0);
		for (j = 0; j < 2 * NR; j++)
			assert_int_equal(wq_take(wq, j), j == event_of[i]);
	}
}

void assert_as_before(struct wq *wq, const struct picture *before)
{
	struct picture after;
	uint32_t i;

	take_picture(wq, &after);
	assert_int_equal(after.live, before->live);
	assert_int_equal(after.slots, before->slots);
	assert_int_equal(after.emulated, before->emulated);
	for (i = 0; i < NR; i++)
		assert_memory_equal(&after.v[i], &before->v[i],
				    sizeof(*after.v));
	assert_live_ones_work(wq, &after);
}

void reopen(struct wq *wq)
{
	uint32_t i;

	if (wq->vfio)
		wq_close(wq);
	case_open(wq, 0);
	for (i = 0; i < 2 * NR; i++)
		assert_true(wq_fd(wq, i) >= 0);
	for (i = 0; i < NR; i++)
		event_of[i] = i;
}

void two_live(struct wq *wq)
{
	reopen(wq);
	assert_int_equal(wq_bind(wq, 0, 2), 0);
}

void two_own(struct wq *wq)
{
	if (!wq->vfio)
		reopen(wq);
	event_of[0] = 0;
	event_of[1] = 1;
	assert_int_equal(wq_bind(wq, 0, 2), 0);
}

void cookie_waits(struct wq *wq)
{
	static uint64_t cookie = 0x1000;

	reopen(wq);
	assert_int_equal(wq_bind(wq, 1, 2), 0);
	wq_set_cookie(wq, 1, ++cookie);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_pending_cookie),
			 cookie);
}
