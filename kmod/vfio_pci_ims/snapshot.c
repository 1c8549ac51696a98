// SPDX-License-Identifier: GPL-2.0-only
/*
 * What readers see of devices and vectors. They take neither vdev->lock, which a
 * SET_IRQS holds for as long as the hardware takes, nor any other lock that is
 * held by who sleeps for long. So what they see may be in the midst of a change
 * of several vectors; each vector is seen as it was at one moment.
 */
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "engine.h"

/**
 * ims_vector_snapshot - a vector as it is
 * @vdev: the device
 * @index: number of the vector, which must be declared
 * @snapshot: out: what it is; not when the device is closed
 *
 * Context: any that is no interrupt, under RCU or with vdev->lock held: what
 * @snapshot points to is valid so long.
 *
 * Return: 0; -ENODEV when the device is closed.
 */
int ims_vector_snapshot(struct ims_vdev *vdev, u32 index,
			struct ims_vector_snapshot *snapshot)
{
	struct ims_vector *vector;
	const struct ims_line *line;
	unsigned long flags;
	u64 cookie;

	if (READ_ONCE(vdev->closed))
		return -ENODEV;

	*snapshot = (struct ims_vector_snapshot) {
		.state = IMS_VECTOR_STATE_ABSENT,
	};
	vector = rcu_dereference_check(vdev->vectors[index],
				       lockdep_is_held(&vdev->lock));
	if (!vector)
		return 0;
	snapshot->vector = vector;
	snapshot->affinity = ims_vector_affinity(vector);
	snapshot->affinity_own = snapshot->affinity &&
		snapshot->affinity != ims_vdev_affinity(vector->vdev);
	snapshot->revoked = READ_ONCE(vector->revoked);
	snapshot->bypassed = READ_ONCE(vector->bypassed);
	cookie = READ_ONCE(vdev->default_cookie);

	raw_spin_lock_irqsave(&vector->lock, flags);
	line = ims_vector_line(vector);
	snapshot->line = line;
	snapshot->state = ims_vector_state(vector);
	snapshot->backing = READ_ONCE(vector->backing)->id;
	snapshot->masked = vector->masked;
	snapshot->masked_at = vector->masked_at;
	snapshot->pending = vector->pending;
	snapshot->prepared = vector->prepared;
	snapshot->quiet = vector->quiet;
	if (vector->limit) {
		snapshot->rate = vector->limit->rate;
		snapshot->rate_own = vector->limit->own;
		snapshot->throttled = vector->limit->throttled;
	}
	/* What arrives then waits at the slot. */
	if (line && line->paused && ims_irq_pending(&line->irq))
		snapshot->pending = true;
	snapshot->cookie_own = vector->cookie_own;
	if (vector->cookie_own)
		cookie = vector->cookie;
	snapshot->since = vector->since;
	snapshot->last = ims_vector_last(vector);
	ims_vector_counts(vector, &snapshot->counts);
	raw_spin_unlock_irqrestore(&vector->lock, flags);

	snapshot->next_cookie = cookie;
	snapshot->cookie = line ? READ_ONCE(line->irq.cookie) : cookie;
	return 0;
}

/**
 * ims_vdev_snapshot - a device as it is
 * @vdev: the device
 * @snapshot: out: what it is, when the function returns 0
 *
 * Context: process context, may sleep; also with vdev->lock held.
 *
 * Return: 0; -ENODEV when the device is closed.
 */
int ims_vdev_snapshot(struct ims_vdev *vdev, struct ims_vdev_snapshot *snapshot)
{
	u32 triggers;

	mutex_lock(&vdev->figures);
	if (READ_ONCE(vdev->closed) || !vdev->client) {
		mutex_unlock(&vdev->figures);
		return -ENODEV;
	}
	ims_client_query(vdev->client, &snapshot->client);
	snapshot->refused = vdev->refused;
	mutex_unlock(&vdev->figures);

	triggers = READ_ONCE(vdev->triggers);
	/* A change that is under way may have counted one and not yet the other. */
	snapshot->held = min(READ_ONCE(vdev->held), triggers);
	snapshot->live = triggers - snapshot->held;
	snapshot->emulated = READ_ONCE(vdev->emulated);
	snapshot->quiet = READ_ONCE(vdev->quiet);
	snapshot->rate_limit = READ_ONCE(vdev->rate_limit);
	snapshot->bypass = READ_ONCE(vdev->bypass);
	snapshot->on_hold = READ_ONCE(vdev->on_hold);
	snapshot->gone = READ_ONCE(vdev->gone);
	snapshot->default_cookie = READ_ONCE(vdev->default_cookie);
	return 0;
}
