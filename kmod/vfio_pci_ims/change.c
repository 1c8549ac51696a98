// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of vectors that may need slots: a transaction. All that can fail is
 * done by ims_changes_prepare() and seen by nobody; ims_changes_commit() cannot
 * fail: it makes all vectors what they are to be, and then frees what they do not
 * need any more.
 */
#include <linux/interrupt.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "engine.h"

/* Have @change be about vector @index, and make its context: 0 or -ENOMEM. */
int ims_change_context(struct ims_vdev *vdev, struct ims_change *change,
		       u32 index)
{
	change->vector = ims_vector_get(vdev, index);
	if (!change->vector) {
		change->vector = ims_vector_alloc(vdev, index);
		if (!change->vector)
			return -ENOMEM;
		change->fresh = true;
	}
	change->cookie = ims_vector_cookie(change->vector);
	return 0;
}

/* Is the vector to have a slot after the change? */
static bool ims_change_wants_line(const struct ims_change *change, bool on_hold)
{
	const struct ims_vector *vector = change->vector;
	bool bound = change->rebind ? change->eventfd : vector->eventfd;
	bool prepared = vector->prepared || change->prepare;
	bool revoked = vector->revoked && !change->arm;

	return vector->backing->alloc && (bound || prepared) && !on_hold &&
	       !revoked;
}

/* Choose between a new line, the one that is there, and its cookie in place. */
static int ims_change_prepare(struct ims_change *change, bool on_hold)
{
	struct ims_vector *vector = change->vector;
	const struct ims_line *line = ims_vector_line(vector);

	if (!ims_change_wants_line(change, on_hold))
		return 0;
	if (line && (!change->renew || line->irq.cookie == change->cookie))
		return 0;
	if (line && ims_store_sets_cookies(vector->vdev->store)) {
		change->in_place = true;
		return 0;
	}
	change->line = ims_line_alloc(vector, change->cookie);
	return change->line ? 0 : -ENOMEM;
}

/* Allocate slots for the lines of all changes, in one go. */
static int ims_changes_alloc(struct ims_vdev *vdev, struct ims_change *changes,
			     u32 nr, struct ims_failure *failure)
{
	const struct ims_backing *backing = NULL;
	struct ims_line *one, **lines = &one;
	u32 i, nr_lines = 0;
	int ret;

	for (i = 0; i < nr; i++)
		if (changes[i].line)
			nr_lines++;
	if (!nr_lines)
		return 0;

	/* QEMU enables one vector at a time. */
	if (nr_lines > 1)
		lines = kvmalloc_array(nr_lines, sizeof(*lines), GFP_KERNEL);
	if (!lines)
		return -ENOMEM;
	for (i = 0, nr_lines = 0; i < nr; i++) {
		if (!changes[i].line)
			continue;
		/* One backing has lines so far: one call does for all. */
		backing = changes[i].vector->backing;
		lines[nr_lines++] = changes[i].line;
	}
	ret = backing->alloc(vdev, lines, nr_lines, failure);
	if (lines != &one)
		kvfree(lines);
	return ret;
}

/**
 * ims_changes_prepare - take all that @changes need
 * @vdev: the device
 * @changes: what is to become of vectors; no two for the same one
 * @nr: number of @changes
 * @on_hold: is the device to be on hold afterwards?
 * @failure: out: why it failed
 *
 * Return: 0, then ims_changes_commit() or ims_changes_abort() follows; -ENOMEM;
 * else what ims_alloc_irqs() or ims_request_irq() return. Then
 * ims_changes_abort() follows.
 */
int ims_changes_prepare(struct ims_vdev *vdev, struct ims_change *changes,
			u32 nr, bool on_hold, struct ims_failure *failure)
{
	u32 i;
	int ret;

	lockdep_assert_held(&vdev->lock);

	for (i = 0; i < nr; i++) {
		if (!changes[i].vector)
			continue;
		failure->vector = changes[i].vector->index;
		failure->kind = IMS_ALERT_KIND_NO_MEMORY;
		ret = ims_change_prepare(&changes[i], on_hold);
		if (ret)
			goto err_lines;
	}
	ret = ims_changes_alloc(vdev, changes, nr, failure);
	if (!ret)
		return 0;

err_lines:
	/* They have no slots: not for ims_changes_abort(). */
	for (i = 0; i < nr; i++) {
		kfree(changes[i].line);
		changes[i].line = NULL;
	}
	return ret;
}

/* Give back what changes have that are not made; every vector is as it was. */
void ims_changes_abort(struct ims_change *changes, u32 nr)
{
	LIST_HEAD(lines);
	u32 i;

	for (i = 0; i < nr; i++)
		if (changes[i].line)
			list_add_tail(&changes[i].line->node, &lines);
	ims_lines_abort(&lines);
	for (i = 0; i < nr; i++) {
		if (changes[i].eventfd)
			eventfd_ctx_put(changes[i].eventfd);
		if (changes[i].fresh)
			ims_vector_free(changes[i].vector);
	}
}

/*
 * Make one vector what it is to be. A line that it does not need any more goes to
 * @lines; listeners are told of that when it is freed, of other changes at the end.
 * A trigger that replaces another is not told.
 */
static void ims_change_commit(struct ims_change *change, struct list_head *lines)
{
	struct ims_vector *vector = change->vector;
	enum ims_vector_state was = ims_vector_state(vector);
	bool was_revoked = vector->revoked;
	bool was_prepared = vector->prepared;
	struct ims_line *old = NULL;

	if (change->fresh)
		ims_vector_publish(vector);
	if (change->arm)
		WRITE_ONCE(vector->revoked, false);
	if (change->prepare)
		ims_vector_set_prepared(vector, true);
	/* Ahead of the trigger: with one and no line the vector would be HELD. */
	if (change->line)
		old = ims_vector_swap_line(vector, change->line);
	if (change->rebind)
		change->eventfd = ims_vector_bind(vector, change->eventfd);
	if (change->in_place)
		vector->backing->set_cookie(vector->vdev,
					    ims_vector_line(vector),
					    change->cookie);
	if (!vector->eventfd && !vector->prepared)
		old = ims_vector_swap_line(vector, NULL);

	if (change->line || change->in_place ||
	    was != ims_vector_state(vector) ||
	    was_revoked != vector->revoked || was_prepared != vector->prepared)
		change->tell = true;
	if (old) {
		list_add_tail(&old->node, lines);
		change->tell = false;
	}
}

/**
 * ims_changes_commit - carry out what ims_changes_prepare() has prepared
 * @vdev: the device
 * @changes: the same
 * @nr: number of @changes
 * @why: what the driver is told of slots that change
 *
 * Cannot fail. When it returns no interrupt is on its way to an eventfd or by a
 * slot that a vector does not have any more.
 */
void ims_changes_commit(struct ims_vdev *vdev, struct ims_change *changes,
			u32 nr, enum vfio_pci_ims_reason why)
{
	struct ims_change *change;
	LIST_HEAD(lines);
	u32 i;

	lockdep_assert_held(&vdev->lock);

	/* From here on change->eventfd is the trigger before. */
	for (i = 0; i < nr; i++) {
		if (changes[i].vector)
			ims_change_commit(&changes[i], &lines);
	}
	for (i = 0; i < nr; i++) {
		if (changes[i].eventfd)
			ims_vector_quiesce(changes[i].vector);
	}
	ims_lines_free(vdev, &lines, why);
	for (i = 0; i < nr; i++) {
		change = &changes[i];
		if (change->eventfd)
			eventfd_ctx_put(change->eventfd);
		if (change->vector)
			ims_bypass_begin(change->vector);
		if (change->line && ims_affinity_broken(change->vector))
			ims_event_alert(vdev, change->vector->index,
					IMS_ALERT_KIND_AFFINITY, 0, 0);
		if (!change->tell)
			continue;
		if (change->line)
			ims_vector_tell_slot(change->vector, NULL, why);
		ims_event_vector(change->vector, change->fresh ?
				 IMS_EVENT_CREATE : IMS_EVENT_CHANGE);
	}
}
