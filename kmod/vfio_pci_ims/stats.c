// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is counted of vectors. Some counters are written by the fast paths without
 * our lock, so a reset does not touch these: it remembers where they stood.
 */
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>

#include "engine.h"

/*
 * The counters as they stand: those of the fast paths since first use. Called with
 * vector->lock held, and with vdev->lock or under RCU.
 */
void ims_vector_raw_counts(const struct ims_vector *vector,
			   struct ims_counts *counts)
{
	const struct ims_line *line = ims_vector_line(vector);

	lockdep_assert_held(&vector->lock);

	counts->delivered = READ_ONCE(vector->delivered);
	if (line)
		counts->delivered += local64_read(&line->delivered);
	counts->loopback = READ_ONCE(vector->loopback);
	counts->signalled = atomic64_read(&vector->signalled);
	counts->dropped = vector->dropped;
	counts->pended = vector->pended;
	counts->throttles = vector->limit ? vector->limit->throttles : 0;
	counts->replaced = READ_ONCE(vector->replaced);
	counts->revocations = READ_ONCE(vector->revocations);
	counts->failed = READ_ONCE(vector->failed);
}

/* The counts since the last reset; as ims_vector_raw_counts(). */
void ims_vector_counts(const struct ims_vector *vector,
		       struct ims_counts *counts)
{
	ims_vector_raw_counts(vector, counts);
	counts->delivered -= vector->base.delivered;
	counts->signalled -= vector->base.signalled;
	counts->dropped -= vector->base.dropped;
	counts->pended -= vector->base.pended;
}

/* The later of two jiffies, of which 0 is never. */
static unsigned long ims_later(unsigned long a, unsigned long b)
{
	if (!a || (b && time_after(b, a)))
		return b;
	return a;
}

/*
 * jiffies of the last delivery or signal, 0 for never. Resets do not change it. As
 * ims_vector_raw_counts().
 */
unsigned long ims_vector_last(const struct ims_vector *vector)
{
	const struct ims_line *line = ims_vector_line(vector);
	unsigned long last = ims_later(READ_ONCE(vector->last),
				       READ_ONCE(vector->signalled_last));

	return line ? ims_later(last, READ_ONCE(line->last)) : last;
}

static void ims_vector_reset_counts(struct ims_vector *vector)
{
	struct ims_counts counts;
	unsigned long flags;

	raw_spin_lock_irqsave(&vector->lock, flags);
	ims_vector_raw_counts(vector, &counts);
	vector->base.delivered = counts.delivered;
	vector->base.signalled = counts.signalled;
	vector->base.dropped = counts.dropped;
	vector->base.pended = counts.pended;
	if (vector->limit)
		vector->limit->throttles = 0;
	WRITE_ONCE(vector->loopback, 0);
	WRITE_ONCE(vector->replaced, 0);
	WRITE_ONCE(vector->revocations, 0);
	WRITE_ONCE(vector->failed, 0);
	vector->since = ktime_get_ns();
	raw_spin_unlock_irqrestore(&vector->lock, flags);
}

/* Begin anew with the counts of those vectors of a range that are not absent. */
void ims_stats_reset(struct ims_vdev *vdev, u32 start, u32 count)
{
	struct ims_vector *vector;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	for (i = start; i < start + count; i = vector->index + 1) {
		vector = ims_vector_next(vdev, i);
		if (!vector || vector->index >= start + count)
			return;
		ims_vector_reset_counts(vector);
		ims_event_vector(vector, IMS_EVENT_CHANGE);
		cond_resched();
	}
}
