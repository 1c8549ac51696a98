// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an administrator does against storms: he holds vectors (quiet), or limits
 * their rate (limit.c).
 *
 * A vector that is quiet keeps its slot, and with it the handle that the guest has: the
 * slot is masked. One interrupt is kept back, at the slot or by us, and passed on when
 * the hold ends. Nothing that a guest or a driver does ends it: it stays while the
 * vector is unbound, bound, masked, revoked, armed or reset, and goes with the context
 * when the device is closed.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "engine.h"

/* Does @restraint make a context of a vector that has none? */
static bool ims_restraint_holds(const struct ims_restraint *restraint)
{
	return (restraint->set_quiet && restraint->quiet) ||
	       (restraint->set_rate && restraint->rate);
}

/* With vector->lock held. Has anything changed? */
static bool ims_restraint_apply(struct ims_vector *vector,
				const struct ims_restraint *restraint)
{
	struct ims_vdev *vdev = vector->vdev;
	bool changed = false;

	if (restraint->set_quiet && vector->quiet != restraint->quiet) {
		vector->quiet = restraint->quiet;
		WRITE_ONCE(vdev->quiet, restraint->quiet ? vdev->quiet + 1 :
							   vdev->quiet - 1);
		changed = true;
	}
	if (restraint->set_rate && vector->limit)
		changed |= ims_limit_set(vector, restraint->rate);
	return changed;
}

/*
 * When it returns no interrupt is on its way to the trigger of a vector that is quiet.
 * @fresh: it has just been published.
 */
static void ims_vector_restrain(struct ims_vector *vector, bool fresh,
				const struct ims_restraint *restraint)
{
	enum ims_vector_state was = ims_vector_state(vector);
	struct eventfd_ctx *eventfd;
	unsigned long flags;
	bool changed;

	ims_bypass_end(vector);
	raw_spin_lock_irqsave(&vector->lock, flags);
	changed = ims_restraint_apply(vector, restraint);
	eventfd = ims_vector_update(vector);
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	ims_vector_count_state(vector, was);
	if (changed)
		ims_vdev_tell_later(vector->vdev);

	/* vdev->lock keeps the eventfd. */
	ims_vector_pass(vector, eventfd);
	if (changed && vector->quiet)
		ims_vector_quiesce(vector);
	ims_bypass_begin(vector);
	if (fresh)
		ims_event_vector(vector, IMS_EVENT_CREATE);
	else if (changed)
		ims_event_vector(vector, IMS_EVENT_CHANGE);
}

/* What a vector of the range needs: a context in @fresh, and room for a limit. */
static int ims_restraint_prepare(struct ims_vdev *vdev, u32 index,
				 const struct ims_restraint *restraint,
				 struct ims_vector **fresh)
{
	struct ims_vector *vector = ims_vector_get(vdev, index);

	if (!vector && ims_restraint_holds(restraint)) {
		vector = ims_vector_alloc(vdev, index);
		if (!vector)
			return -ENOMEM;
		*fresh = vector;
	}
	/* One that is not used is not seen. */
	return vector && restraint->set_rate && restraint->rate ?
	       ims_limit_alloc(vector) : 0;
}

/**
 * ims_block_restrain - hold vectors, or limit their rate, or end that
 * @vdev: the device
 * @start: first vector; the range must be within those declared
 * @count: how many
 * @bools: those of them that are meant; NULL: all
 * @restraint: what is to change
 *
 * A vector that is absent gets a context, unless there is nothing that it would keep.
 *
 * Return: 0; -ENOMEM, and nothing has changed.
 */
int ims_block_restrain(struct ims_vdev *vdev, u32 start, u32 count,
		       const u8 *bools, const struct ims_restraint *restraint)
{
	struct ims_vector **fresh;
	struct ims_vector *vector;
	int ret = 0;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	fresh = kvcalloc(count, sizeof(*fresh), GFP_KERNEL);
	if (!fresh)
		return -ENOMEM;
	for (i = 0; !ret && i < count; i++)
		if (!bools || bools[i])
			ret = ims_restraint_prepare(vdev, start + i, restraint,
						    &fresh[i]);
	for (i = 0; i < count; i++) {
		if (ret) {
			ims_vector_free(fresh[i]);
			continue;
		}
		if (bools && !bools[i])
			continue;
		if (fresh[i])
			ims_vector_publish(fresh[i]);
		vector = ims_vector_get(vdev, start + i);
		if (vector)
			ims_vector_restrain(vector, fresh[i], restraint);
		cond_resched();
	}
	kvfree(fresh);
	return ret;
}

/* What a limit of the device needs: 0 or -ENOMEM. ims_rate_set() may follow. */
int ims_rate_prepare(struct ims_vdev *vdev, u32 rate)
{
	struct ims_vector *vector;
	int ret = 0;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	if (!rate)
		return 0;
	for (i = 0; !ret && (vector = ims_vector_next(vdev, i));
	     i = vector->index + 1)
		ret = ims_limit_alloc(vector);
	return ret;
}

/* The limit of vectors without one of their own is @rate; 0: none. Cannot fail. */
void ims_rate_set(struct ims_vdev *vdev, u32 rate)
{
	struct ims_restraint restraint = { .set_rate = true };
	struct ims_vector *vector;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	if (vdev->rate_limit == rate)
		return;
	WRITE_ONCE(vdev->rate_limit, rate);
	ims_event_device(vdev, IMS_EVENT_CHANGE);
	for (i = 0; (vector = ims_vector_next(vdev, i)); i = vector->index + 1) {
		if (vector->limit && !vector->limit->own)
			ims_vector_restrain(vector, false, &restraint);
		cond_resched();
	}
}
