// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rate limits: how many interrupts a second a vector may have.
 *
 * Each interrupt costs its share of a second, and time is what it is paid with: some
 * that was not used is saved. When there is none left the vector is throttled: its slot
 * is masked and one interrupt is kept back, by us or at the slot, until there is time
 * enough for some of them.
 *
 * What comes faster than the limit comes in bursts, then, of which one more or less
 * falls into a second. In each second a vector gets its limit at least, so that is
 * reckoned as a twenty-fifth higher; and with what is saved it never gets more than a
 * tenth above it. A pause that ends late, within what can be saved, takes nothing from
 * a vector.
 *
 * A vector with a limit has no trigger for the fast paths, so that each interrupt comes
 * here by ims_vector_defer(). One without costs nothing.
 *
 * vector->lock guards all of it.
 */
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "engine.h"

/* What the interrupts of a second cost that are as many as the limit says */
#define IMS_LIMIT_SECOND	(NSEC_PER_SEC / 26 * 25)

/* Most time that is saved, unless one interrupt costs more */
#define IMS_LIMIT_SAVED		(NSEC_PER_SEC / 20)

/* Time that a vector has when a pause ends, likewise */
#define IMS_LIMIT_PAUSE		(NSEC_PER_SEC / 100)

/* Has @vector a limit? Then each of its interrupts is counted. */
bool ims_vector_limited(const struct ims_vector *vector)
{
	return vector->limit && vector->limit->cost;
}

/* Are interrupts kept back for it now? */
bool ims_vector_throttled(const struct ims_vector *vector)
{
	return vector->limit && vector->limit->throttled;
}

/*
 * A pause is over. Without vdev->lock, which a SET_IRQS holds for as long as the
 * hardware takes: the eventfd is kept as for vfio_pci_ims_send_signal().
 */
static void ims_limit_end(struct work_struct *work)
{
	struct ims_limit *limit = container_of(to_delayed_work(work),
					       struct ims_limit, end);
	struct ims_vector *vector = limit->vector;
	struct eventfd_ctx *eventfd;
	unsigned long flags;

	rcu_read_lock();
	atomic_inc(&vector->senders);
	/* Pairs with the barrier in ims_vector_quiesce(). */
	smp_mb__after_atomic();
	raw_spin_lock_irqsave(&vector->lock, flags);
	limit->throttled = false;
	eventfd = ims_vector_update(vector);
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	ims_vector_pass(vector, eventfd);
	(void)atomic_fetch_dec_release(&vector->senders);
	rcu_read_unlock();
}

/* Give @vector what a limit needs, the device's to begin with: 0 or -ENOMEM. */
int ims_limit_alloc(struct ims_vector *vector)
{
	struct ims_limit *limit;
	unsigned long flags;

	if (vector->limit)
		return 0;
	limit = kzalloc(sizeof(*limit), GFP_KERNEL_ACCOUNT);
	if (!limit)
		return -ENOMEM;
	limit->vector = vector;
	INIT_DELAYED_WORK(&limit->end, ims_limit_end);
	raw_spin_lock_irqsave(&vector->lock, flags);
	vector->limit = limit;
	ims_limit_set(vector, 0);
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	return 0;
}

/* No pause of @vector is going to end. */
void ims_limit_stop(struct ims_vector *vector)
{
	if (vector->limit)
		cancel_delayed_work_sync(&vector->limit->end);
}

/*
 * @own is to be the vector's own limit, or with 0 that of its device; it has what that
 * needs. ims_vector_update() follows. Has anything changed?
 */
bool ims_limit_set(struct ims_vector *vector, u32 own)
{
	u32 rate = own ?: vector->vdev->rate_limit;
	struct ims_limit *limit = vector->limit;

	if (limit->own == own && limit->rate == rate)
		return false;
	limit->own = own;
	if (limit->rate == rate)
		return true;
	limit->rate = rate;
	limit->cost = rate ? DIV_ROUND_UP(IMS_LIMIT_SECOND, rate) : 0;
	limit->spent = 0;
	limit->throttled = false;
	return true;
}

/* There is no time left: keep interrupts back until there is. */
static void ims_limit_throttle(struct ims_vector *vector, u64 now)
{
	struct ims_limit *limit = vector->limit;
	u64 until = limit->spent + max_t(u64, limit->cost, IMS_LIMIT_PAUSE);

	limit->throttled = true;
	limit->throttles++;
	ims_vector_pause(vector);
	/* Not earlier: the tick that has begun does not count. */
	queue_delayed_work(system_highpri_wq, &limit->end,
			   nsecs_to_jiffies(until - now) + 2);
}

/*
 * May an interrupt pass that nothing else keeps back? One that may is paid for. One
 * that may not begins a pause, and the caller keeps it.
 */
bool ims_limit_pass(struct ims_vector *vector)
{
	struct ims_limit *limit = vector->limit;
	u64 now, saved;

	lockdep_assert_held(&vector->lock);

	if (!limit || !limit->cost)
		return true;
	if (limit->throttled)
		return false;

	now = ktime_get_ns();
	saved = max_t(u64, limit->cost, IMS_LIMIT_SAVED);
	if (limit->spent + saved < now)
		limit->spent = now - saved;
	if (limit->spent + limit->cost <= now) {
		limit->spent += limit->cost;
		return true;
	}
	ims_limit_throttle(vector, now);
	return false;
}
