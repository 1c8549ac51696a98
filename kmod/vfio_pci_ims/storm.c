// SPDX-License-Identifier: GPL-2.0-only
/*
 * Storms: vectors with more interrupts than is good. Looked for once a second
 * from outside, so that an interrupt's way is not longer for it.
 */
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "engine.h"
#include "storm.h"

static uint storm_rate = 100000;
module_param(storm_rate, uint, 0644);
MODULE_PARM_DESC(storm_rate,
		 "Interrupts a second of one vector that make a storm, which is told to listeners; 0: none do (default: 100000)");

/* A poll that comes later than this, in ms, only records where counters stand. */
#define IMS_STORMS_STALE	10000

/* When it was last polled; 0: not since somebody listens. Only the work uses it. */
static u64 ims_storms_last;

static void ims_storms_poll(struct work_struct *work);
/* Deferrable: where no CPU is awake there is no storm. */
static DECLARE_DEFERRABLE_WORK(ims_storms_work, ims_storms_poll);

/*
 * Has @vector a storm: more than @limit interrupts and signals a second during the
 * last @ms milliseconds, those since the last poll? When it had none before,
 * vector->alert says so.
 */
static void ims_storm_poll(struct ims_vector *vector, u64 limit, u64 ms)
{
	struct ims_counts counts;
	unsigned long flags;
	u64 seen, rate;
	bool storm;

	rcu_read_lock();
	raw_spin_lock_irqsave(&vector->lock, flags);
	ims_vector_raw_counts(vector, &counts);
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	rcu_read_unlock();

	seen = counts.delivered + counts.signalled + counts.pended +
	       counts.dropped;
	rate = div64_u64((seen - vector->seen) * MSEC_PER_SEC,
			 max_t(u64, ms, 1));
	storm = limit && rate > limit;
	if (storm && !vector->storm)
		vector->alert = rate;
	vector->storm = storm;
	vector->seen = seen;
}

/* The context of vector @index; it stays as long as the device is referenced. */
static struct ims_vector *ims_storm_vector(struct ims_vdev *vdev, u32 index)
{
	struct ims_vector *vector;

	rcu_read_lock();
	vector = rcu_dereference(vdev->vectors[index]);
	rcu_read_unlock();
	return vector;
}

/*
 * Poll all vectors of a device, to which there is a reference, and tell of storms
 * that have begun. Without vdev->lock, which is held for as long as the hardware
 * takes: while somebody else holds it, what is to be told waits for the next poll.
 */
void ims_storms_poll_device(struct ims_vdev *vdev, u64 limit, u64 ms)
{
	struct ims_vector *vector;
	bool locked = false;
	u32 i;

	for (i = 0; i < vdev->num_vectors; i++) {
		cond_resched();
		vector = ims_storm_vector(vdev, i);
		if (!vector)
			continue;
		ims_storm_poll(vector, limit, ms);
		if (vector->alert && !locked)
			locked = ims_vdev_trylock(vdev);
		if (vector->alert && locked) {
			ims_event_alert(vdev, i, IMS_ALERT_KIND_STORM, 0,
					vector->alert);
			vector->alert = 0;
		}
	}
	if (locked)
		ims_vdev_unlock(vdev);
}

static void ims_storms_poll_all(void)
{
	u64 now = ktime_get_ns();
	u64 ms = div_u64(now - ims_storms_last, NSEC_PER_MSEC);
	u64 limit = READ_ONCE(storm_rate);
	struct ims_vdev *vdev;
	u32 id = 0;

	if (!ims_storms_last || ms >= IMS_STORMS_STALE)
		limit = 0;
	while ((vdev = ims_vdev_get_next(id + 1))) {
		id = vdev->id;
		ims_storms_poll_device(vdev, limit, ms);
		ims_vdev_put(vdev);
	}
	ims_storms_last = now;
}

/* While nobody listens no device is polled. */
static void ims_storms_poll(struct work_struct *work)
{
	if (!ims_vdevs_any())
		return;
	if (ims_events_wanted())
		ims_storms_poll_all();
	else
		ims_storms_last = 0;
	ims_storms_watch();
}

/* There is a device to be polled. Ends by itself when there is none. */
void ims_storms_watch(void)
{
	queue_delayed_work(system_power_efficient_wq, &ims_storms_work, HZ);
}

/* When no device can be opened any more. */
void ims_storms_end(void)
{
	cancel_delayed_work_sync(&ims_storms_work);
}
