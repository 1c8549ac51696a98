// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding eventfds to a range of vectors.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "engine.h"

/* What is to become of vector @index: @fd as its trigger, or -1 for none. */
static int ims_bind_prepare(struct ims_vdev *vdev, struct ims_change *change,
			    u32 index, s32 fd)
{
	struct eventfd_ctx *eventfd;

	change->rebind = true;
	if (fd == -1) {
		/* Without a context it has no trigger, and gets none. */
		change->vector = ims_vector_get(vdev, index);
		return 0;
	}
	eventfd = eventfd_ctx_fdget(fd);
	if (IS_ERR(eventfd))
		return PTR_ERR(eventfd);
	change->eventfd = eventfd;
	change->renew = true;
	return ims_change_context(vdev, change, index);
}

/**
 * ims_block_bind - bind eventfds to vectors, all or none
 * @vdev: the device
 * @start: first vector; the range must be within those declared
 * @count: how many
 * @fds: one for each vector; -1: unbind it
 *
 * On error every vector is as it was, and the refusal is noted.
 *
 * Return: 0; -EBADF or -EINVAL from the look-up of an eventfd; -ENOMEM; -ENOSPC
 * when the store, a limit or the CPUs' vectors are exhausted; else as
 * ims_changes_prepare().
 */
int ims_block_bind(struct ims_vdev *vdev, u32 start, u32 count, const s32 *fds)
{
	struct ims_failure failure = { start, IMS_NOTHING_RAN_OUT };
	struct ims_change one = { };
	struct ims_change *changes = &one;
	int ret = 0;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	/* A guest masks and unmasks one vector at a time. */
	if (count > 1)
		changes = kvcalloc(count, sizeof(*changes), GFP_KERNEL);
	if (!changes) {
		failure.kind = IMS_ALERT_KIND_NO_MEMORY;
		return ims_vdev_refuse(vdev, &failure, -ENOMEM);
	}

	for (i = 0; !ret && i < count; i++) {
		ret = ims_bind_prepare(vdev, &changes[i], start + i, fds[i]);
		failure.vector = start + i;
	}
	if (ret == -ENOMEM)
		failure.kind = IMS_ALERT_KIND_NO_MEMORY;
	if (!ret)
		ret = ims_changes_prepare(vdev, changes, count, vdev->on_hold,
					  &failure);
	if (!ret) {
		ims_changes_commit(vdev, changes, count, VFIO_PCI_IMS_BOUND);
	} else {
		ims_changes_abort(changes, count);
		ims_vdev_refuse(vdev, &failure, ret);
	}
	if (changes != &one)
		kvfree(changes);
	return ret;
}
