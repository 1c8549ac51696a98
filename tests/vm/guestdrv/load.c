// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts raised by the device, a given number of them or until told to stop, with
 * at most one outstanding of each vector.
 */
#include <linux/kthread.h>

#include "guestdrv.h"

static bool gd_quiet(struct gd *gd, unsigned int first, unsigned int last)
{
	unsigned int i;

	for (i = first; i <= last; i++)
		if (atomic_read(&gd->vector[i].outstanding))
			return false;
	return true;
}

/* All that was raised has come: 0, or -ETIMEDOUT. With the lock. */
static int gd_wait(struct gd *gd, unsigned int first, unsigned int last)
{
	int ret;

	for (;;) {
		if (!wait_event_timeout(gd->wait, atomic_read(&gd->trouble) ||
					gd_quiet(gd, first, last), GD_PATIENCE))
			return -ETIMEDOUT;
		if (!atomic_xchg(&gd->trouble, 0))
			return 0;
		ret = gd->ops->recover ? gd->ops->recover(gd) : -EIO;
		if (ret)
			return ret;
	}
}

static int gd_raise(struct gd *gd, unsigned int vector)
{
	struct gd_vector *v = &gd->vector[vector];
	int ret;

	atomic_set(&v->outstanding, 1);
	ret = gd->ops->raise(gd, vector);
	if (ret)
		atomic_set(&v->outstanding, 0);
	else
		WRITE_ONCE(v->raised, v->raised + 1);
	return ret;
}

static int gd_round(struct gd *gd, unsigned int first, unsigned int last)
{
	unsigned int i;
	int ret;

	for (i = first; i <= last; i++) {
		ret = gd_raise(gd, i);
		if (ret)
			return ret;
	}
	return gd_wait(gd, first, last);
}

/* Raise each of some vectors @times, and see that each has come. */
int gd_fire(struct gd *gd, unsigned int first, unsigned int last, unsigned int times)
{
	int ret = 0;

	if (!first || first > last || last >= gd->vectors)
		return -EINVAL;
	mutex_lock(&gd->lock);
	while (!ret && times--)
		ret = gd_round(gd, first, last);
	mutex_unlock(&gd->lock);
	return ret;
}

static int gd_load(void *data)
{
	struct gd *gd = data;
	int ret = 0;

	while (!kthread_should_stop()) {
		if (ret) {
			/* gd_load_stop() wants to hear of it. */
			schedule_timeout_interruptible(HZ / 10);
			continue;
		}
		ret = gd_fire(gd, 1, gd->vectors - 1, 1);
		WRITE_ONCE(gd->rounds, gd->rounds + 1);
	}
	return ret;
}

/* The two are called under the lock of the device that sysfs and remove() share. */
int gd_load_start(struct gd *gd)
{
	struct task_struct *task;

	if (gd->load)
		return -EBUSY;
	gd->rounds = 0;
	task = kthread_run(gd_load, gd, "guestdrv/%s", pci_name(gd->pdev));
	if (IS_ERR(task))
		return PTR_ERR(task);
	gd->load = task;
	return 0;
}

/* 0 when all that was raised has come, and when there was no load */
int gd_load_stop(struct gd *gd)
{
	int ret;

	if (!gd->load)
		return 0;
	ret = kthread_stop(gd->load);
	gd->load = NULL;
	return ret;
}
