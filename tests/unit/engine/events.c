// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control plane's listener: what the engine tells listeners is written down, for
 * tests to read. It stands in for netlink/event.c.
 */
#include <stdatomic.h>

#include "env.h"

static pthread_mutex_t events_lock = PTHREAD_MUTEX_INITIALIZER;
static struct env_event events[ENV_EVENTS];
static unsigned int nr_events;

static void put(const struct env_event *event)
{
	pthread_mutex_lock(&events_lock);
	if (nr_events < ENV_EVENTS)
		events[nr_events] = *event;
	nr_events++;
	pthread_mutex_unlock(&events_lock);
}

bool env_events_unwanted;

static bool on_wanted(void)
{
	return !env_events_unwanted;
}

static atomic_uint nr_figures;

static void on_device(struct ims_vdev *vdev, enum ims_event event)
{
	lockdep_assert_held(&vdev->telling);
	env_table_device(vdev, event);
	/* Some time later, and not by who has changed them */
	if (!lockdep_is_held(&vdev->lock)) {
		nr_figures++;
		return;
	}
	put(&(struct env_event) {
		.kind = ENV_DEVICE, .event = event, .device = vdev->id,
	});
}

static void on_vector(struct ims_vector *vector, enum ims_event event)
{
	struct ims_vector_snapshot now;

	env_table_vector(vector);
	/* With vdev->lock held: it is open. */
	if (ims_vector_snapshot(vector->vdev, vector->index, &now))
		shim_die("an event of a vector whose device is closed");
	put(&(struct env_event) {
		.kind = ENV_VECTOR, .event = event,
		.device = vector->vdev->id, .vector = vector->index,
		.live = vector->eventfd,
		.slot = now.line ? (int)now.line->irq.slot : -1,
		.bypassed = now.bypassed,
		.delivered = now.counts.delivered,
	});
}

static void on_alert(struct ims_vdev *vdev, u32 index,
		     enum ims_alert_kind kind, int error, u64 rate)
{
	put(&(struct env_event) {
		.kind = ENV_ALERT, .device = vdev->id, .vector = index,
		.alert = kind, .error = error, .rate = rate,
	});
}

static void on_flush(struct ims_vdev *vdev)
{
	lockdep_assert_held(&vdev->lock);
}

const struct ims_listener env_listener = {
	.wanted = on_wanted, .device = on_device, .vector = on_vector, .alert = on_alert,
	.flush = on_flush,
};

void env_events_forget(void)
{
	pthread_mutex_lock(&events_lock);
	nr_events = 0;
	nr_figures = 0;
	pthread_mutex_unlock(&events_lock);
}

unsigned int env_events_count(void)
{
	return nr_events;
}

unsigned int env_events_of_figures(void)
{
	return nr_figures;
}

const struct env_event *env_event(unsigned int i)
{
	return i < nr_events && i < ENV_EVENTS ? &events[i] : NULL;
}
