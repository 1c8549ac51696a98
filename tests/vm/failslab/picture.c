// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a work queue is like before and after an operation, and states for it to
 * be in before.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sweep.h"

uint32_t event_of[NR];

static void take_picture_of_store(struct wq *wq, const char *name,
				  struct picture *p)
{
	struct ims_store *store;
	uint32_t peak;

	assert_int_equal(ims_store_get(wq->ctx, name, &store), 0);
	ims_store_get_limit(store, &p->store.limit);
	ims_store_get_used(store, &p->store.used);
	ims_store_get_reserved(store, &p->store.reserved);
	ims_store_get_available(store, &p->store.available);
	ims_store_get_devices(store, &p->store.devices);
	ims_store_get_failures(store, &p->counts.failures);
	assert_int_equal(ims_store_get_peak(store, &peak), 0);
	p->counts.peak = peak;
	ims_store_free(store);
}

void take_picture(struct wq *wq, struct picture *p)
{
	struct ims_device *device;
	uint64_t failed;
	uint32_t i;

	memset(p, 0xff, sizeof(*p));
	p->counts.failed = 0;
	assert_int_equal(ims_device_get(wq->ctx, wq->name, &device), 0);
	ims_device_get_live(device, &p->live);
	ims_device_get_slots(device, &p->slots);
	ims_device_get_emulated(device, &p->emulated);
	ims_device_get_limit(device, &p->limit);
	ims_device_get_reservation(device, &p->reservation);
	ims_device_get_default_cookie(device, &p->default_cookie);
	take_picture_of_store(wq, ims_device_get_parent(device), p);
	for (i = 0; i < NR; i++) {
		const char *affinity;
		struct ims_vector *v;

		assert_int_equal(ims_vector_get(wq->ctx, device, i, &v), 0);
		ims_vector_get_state(v, &p->v[i].state);
		ims_vector_get_backing(v, &p->v[i].backing);
		ims_vector_get_slot(v, &p->v[i].slot);
		ims_vector_get_generation(v, &p->v[i].generation);
		ims_vector_get_irq(v, &p->v[i].irq);
		ims_vector_get_cpu(v, &p->v[i].cpu);
		ims_vector_get_cookie(v, &p->v[i].cookie);
		ims_vector_get_pending_cookie(v, &p->v[i].pending_cookie);
		ims_vector_get_delivered(v, &p->v[i].delivered);
		ims_vector_get_loopback(v, &p->v[i].loopback);
		ims_vector_get_signalled(v, &p->v[i].signalled);
		ims_vector_get_replaced(v, &p->v[i].replaced);
		ims_vector_get_dropped(v, &p->v[i].dropped);
		ims_vector_get_pended(v, &p->v[i].pended);
		ims_vector_get_since(v, &p->v[i].since);
		ims_vector_get_last(v, &p->v[i].last);
		if (!ims_vector_get_failed(v, &failed))
			p->counts.failed += failed;
		affinity = ims_vector_get_affinity(v);
		strncpy(p->v[i].affinity, affinity ? affinity : "",
			sizeof(p->v[i].affinity));
		p->v[i].own = ims_vector_is_cookie_own(v);
		p->v[i].masked = ims_vector_is_masked(v);
		p->v[i].pending = ims_vector_is_pending(v);
		p->v[i].bypassed = ims_vector_is_bypassed(v);
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

void assert_same(const struct picture *a, const struct picture *b)
{
	uint32_t i;

	assert_int_equal(a->live, b->live);
	assert_int_equal(a->slots, b->slots);
	assert_int_equal(a->emulated, b->emulated);
	assert_int_equal(a->limit, b->limit);
	assert_int_equal(a->reservation, b->reservation);
	assert_int_equal(a->default_cookie, b->default_cookie);
	assert_memory_equal(&a->store, &b->store, sizeof(a->store));
	for (i = 0; i < NR; i++)
		assert_memory_equal(&a->v[i], &b->v[i], sizeof(*a->v));
}

void assert_one_failed(const struct picture *p, const struct picture *before)
{
	assert_in_range(p->counts.failed - before->counts.failed, 0, 1);
	assert_in_range(p->counts.failures - before->counts.failures, 0, 1);
	/* Slots that were taken for a moment are in the peak. */
	assert_true(p->counts.peak >= before->counts.peak);
}

void assert_as_before(struct wq *wq, const struct picture *before)
{
	struct picture after;

	take_picture(wq, &after);
	assert_same(&after, before);
	assert_one_failed(&after, before);
	assert_live_ones_work(wq, &after);
}

static void reopen_as(struct wq *wq, const char *name)
{
	uint32_t i;

	if (wq->vfio)
		wq_close(wq);
	if (wq_open(wq, name))
		errx(1, "%s: %s", name, wq->ctx ? ims_error_get_message(
				ims_ctx_get_error(wq->ctx)) : "no memory");
	for (i = 0; i < 2 * NR; i++)
		assert_true(wq_fd(wq, i) >= 0);
	for (i = 0; i < NR; i++)
		event_of[i] = i;
}

void reopen(struct wq *wq)
{
	reopen_as(wq, getenv("IMS_WQ0"));
}

/*
 * A try for which the store's parent had no memory is taken for one that met a
 * full table: the parent is not asked again for a quarter of a second.
 */
static void bind_two(struct wq *wq, uint32_t first)
{
	int patience = 100;
	int ret;

	while ((ret = wq_bind(wq, first, 2)) == -ENOSPC && patience--)
		usleep(20000);
	assert_int_equal(ret, 0);
}

void two_live(struct wq *wq)
{
	reopen(wq);
	bind_two(wq, 0);
}

void two_own(struct wq *wq)
{
	if (!wq->vfio)
		reopen(wq);
	event_of[0] = 0;
	event_of[1] = 1;
	bind_two(wq, 0);
}

void two_live_of_portal(struct wq *wq)
{
	reopen_as(wq, getenv("IMS_FN0"));
	bind_two(wq, 0);
}

void cookie_waits(struct wq *wq)
{
	static uint64_t cookie = 0x1000;

	reopen(wq);
	bind_two(wq, 1);
	wq_set_cookie(wq, 1, ++cookie);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_pending_cookie),
			 cookie);
}
