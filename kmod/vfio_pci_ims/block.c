// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding eventfds to a range of vectors: a transaction. All that can fail is
 * done first and seen by nobody; then all vectors change, which cannot fail;
 * then what they do not need any more is freed.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "trace.h"
#include "vector.h"

/**
 * struct ims_change - what is to become of one vector of the range
 * @vector: its context; NULL when it is absent and stays so
 * @fresh: @vector is new, not published yet
 * @eventfd: to bind, NULL to unbind
 * @line: new line to put in force, or NULL
 * @changed: listeners are to be told; a trigger that replaces another is not
 */
struct ims_change {
	struct ims_vector *vector;
	bool fresh;
	struct eventfd_ctx *eventfd;
	struct ims_line *line;
	bool changed;
};

/* Does a vector that is about to be live need a line other than it has? */
static bool ims_vector_needs_line(const struct ims_vector *vector)
{
	const struct ims_line *line = ims_vector_line(vector);

	if (!vector->backing->alloc)
		return false;
	return !line || line->irq.cookie != ims_vector_cookie(vector);
}

static int ims_change_prepare(struct ims_vdev *vdev, struct ims_change *change,
			      u32 index, s32 fd)
{
	struct eventfd_ctx *eventfd;

	change->vector = ims_vector_get(vdev, index);
	if (fd == -1)
		return 0;

	eventfd = eventfd_ctx_fdget(fd);
	if (IS_ERR(eventfd))
		return PTR_ERR(eventfd);
	change->eventfd = eventfd;

	if (!change->vector) {
		change->vector = ims_vector_alloc(vdev, index);
		if (!change->vector)
			return -ENOMEM;
		change->fresh = true;
	}
	if (ims_vector_needs_line(change->vector)) {
		change->line = ims_line_alloc(change->vector);
		if (!change->line)
			return -ENOMEM;
	}
	return 0;
}

/* Allocate the lines of all changes that need one, in one go. */
static int ims_changes_alloc_lines(struct ims_vdev *vdev,
				   struct ims_change *changes, u32 count,
				   u32 *culprit)
{
	const struct ims_backing *backing = NULL;
	struct ims_line **lines;
	u32 i, nr = 0;
	int ret;

	for (i = 0; i < count; i++)
		nr += !!changes[i].line;
	if (!nr)
		return 0;

	lines = kvmalloc_array(nr, sizeof(*lines), GFP_KERNEL);
	if (!lines)
		return -ENOMEM;
	for (i = 0, nr = 0; i < count; i++) {
		if (!changes[i].line)
			continue;
		/* One backing has lines so far: one call does for all. */
		backing = changes[i].vector->backing;
		lines[nr++] = changes[i].line;
	}

	ret = backing->alloc(vdev, lines, nr, culprit);
	if (ret)
		*culprit = lines[*culprit]->vector->index;
	kvfree(lines);
	return ret;
}

static void ims_changes_abort(struct ims_change *changes, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (changes[i].eventfd)
			eventfd_ctx_put(changes[i].eventfd);
		kfree(changes[i].line);
		if (changes[i].fresh)
			ims_vector_free(changes[i].vector);
	}
}

/* Cannot fail. Lines that are not needed any more go to @old. */
static void ims_change_commit(struct ims_change *change, struct list_head *old)
{
	struct ims_vector *vector = change->vector;
	struct ims_line *line = NULL;

	if (!vector)
		return;
	if (change->fresh)
		ims_vector_publish(vector);
	change->changed = change->line || !change->eventfd != !vector->eventfd;

	ims_vector_bind(vector, change->eventfd);
	if (change->line || !change->eventfd)
		line = ims_vector_swap_line(vector, change->line);
	if (line)
		list_add_tail(&line->node, old);
}

/*
 * Bind @fds[i] to vector @start + i, or unbind it where @fds[i] is -1. The
 * range must be within the declared vectors. On error every vector is as it
 * was and *@culprit is the one to blame.
 *
 * Return: 0; -EBADF or -EINVAL from the look-up of an eventfd; -ENOMEM; -ENOSPC
 * when the store, a limit or the CPUs' vectors are exhausted.
 */
int ims_block_bind(struct ims_vdev *vdev, u32 start, u32 count, const s32 *fds,
		   u32 *culprit)
{
	struct ims_change one = { };
	struct ims_change *changes = &one;
	struct ims_vector *vector;
	LIST_HEAD(old);
	u32 i;
	int ret = 0;

	lockdep_assert_held(&vdev->lock);

	*culprit = start;
	if (count > 1)
		changes = kvcalloc(count, sizeof(*changes), GFP_KERNEL);
	if (!changes)
		return -ENOMEM;

	for (i = 0; i < count; i++) {
		ret = ims_change_prepare(vdev, &changes[i], start + i, fds[i]);
		if (ret) {
			*culprit = start + i;
			goto abort;
		}
	}
	ret = ims_changes_alloc_lines(vdev, changes, count, culprit);
	if (ret)
		goto abort;

	for (i = 0; i < count; i++)
		ims_change_commit(&changes[i], &old);
	for (i = 0; i < count; i++)
		if (changes[i].vector && !changes[i].fresh)
			ims_vector_quiesce(changes[i].vector);
	ims_lines_free(vdev, &old);
	for (i = 0; i < count; i++) {
		if (!changes[i].vector)
			continue;
		ims_vector_put_old(changes[i].vector);
		if (changes[i].changed)
			ims_event_vector(changes[i].vector, changes[i].fresh ?
					 IMS_EVENT_CREATE : IMS_EVENT_CHANGE);
	}
	if (changes != &one)
		kvfree(changes);
	return 0;

abort:
	ims_changes_abort(changes, count);
	if (changes != &one)
		kvfree(changes);
	vector = ims_vector_get(vdev, *culprit);
	if (vector)
		vector->failed++;
	if (ret == -ENOMEM)
		ims_event_alert(vdev, *culprit, IMS_ALERT_KIND_NO_MEMORY, ret,
				0);
	trace_ims_block_failed(vdev, start, count, *culprit, ret);
	return ret;
}

/* Unbind every vector. Cannot fail. */
void ims_block_disable(struct ims_vdev *vdev)
{
	struct ims_change change;
	struct ims_vector *vector;
	LIST_HEAD(old);
	u32 i, end;

	lockdep_assert_held(&vdev->lock);

	for (end = 0; vdev->live; end = vector->index + 1) {
		vector = ims_vector_next(vdev, end);
		change = (struct ims_change) { .vector = vector };
		ims_change_commit(&change, &old);
	}
	for (i = 0; i < end; i = vector->index + 1) {
		vector = ims_vector_next(vdev, i);
		ims_vector_quiesce(vector);
	}
	ims_lines_free(vdev, &old);
	/* Told when the lines' counts are the vectors': see ims_lines_free(). */
	for (i = 0; i < end; i = vector->index + 1) {
		vector = ims_vector_next(vdev, i);
		if (!vector->old)
			continue;
		ims_vector_put_old(vector);
		ims_event_vector(vector, IMS_EVENT_CHANGE);
	}
}
