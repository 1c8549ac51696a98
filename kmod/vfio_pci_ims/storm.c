// SPDX-License-Identifier: GPL-2.0-only
/*
 * Storms: vectors with more interrupts than is good. Looked for once a second
 * from outside, so that an interrupt's way is not longer for it.
 */
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "engine.h"
#include "storm.h"

static uint storm_rate = 100000;
module_param(storm_rate, uint, 0644);
MODULE_PARM_DESC(storm_rate,
		 "Interrupts a second of one vector that make a storm, which is told to listeners; 0: none do (default: 100000)");

/* A look that comes later than this, in ms, only sees where counters stand. */
#define IMS_STORMS_STALE	10000

/* Only the work touches it. */
static u64 ims_storms_last;

static void ims_storms_look(struct work_struct *work);
/* Deferrable: where no CPU is awake there is no storm. */
static DECLARE_DEFERRABLE_WORK(ims_storms_work, ims_storms_look);

static void ims_storms_look(struct work_struct *work)
{
	u64 now = ktime_get_ns();
	u64 ms = div_u64(now - ims_storms_last, NSEC_PER_MSEC);
	u64 limit = ms < IMS_STORMS_STALE ? READ_ONCE(storm_rate) : 0;
	struct ims_vdev *vdev;
	u32 id = 0;

	while ((vdev = ims_vdev_get_next(id + 1))) {
		id = vdev->id;
		ims_vdev_lock(vdev);
		if (!vdev->closed)
			ims_storms_judge(vdev, limit, ms);
		ims_vdev_unlock(vdev);
		ims_vdev_put(vdev);
	}
	ims_storms_last = now;
	if (id)
		ims_storms_watch();
}

/* There is a device to be looked at. Ends by itself when there is none. */
void ims_storms_watch(void)
{
	queue_delayed_work(system_power_efficient_wq, &ims_storms_work, HZ);
}

/* When no device can be opened any more. */
void ims_storms_end(void)
{
	cancel_delayed_work_sync(&ims_storms_work);
}
