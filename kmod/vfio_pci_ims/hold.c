// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots ahead of triggers, and triggers without slots: what the driver of a
 * device whose guests ask for interrupt handles by command does with vectors.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "engine.h"

static int ims_vector_prepare(struct ims_vdev *vdev, u32 index)
{
	struct ims_failure failure = { index, IMS_ALERT_KIND_NO_MEMORY };
	struct ims_change change = { .prepare = true };
	int ret;

	lockdep_assert_held(&vdev->lock);

	ret = ims_change_context(vdev, &change, index);
	if (ret)
		return ims_vdev_refuse(vdev, &failure, ret);
	if (ims_vector_emulated(change.vector))
		return -EINVAL;

	ret = ims_changes_prepare(vdev, &change, 1, vdev->on_hold, &failure);
	if (ret) {
		ims_changes_abort(&change, 1);
		return ims_vdev_refuse(vdev, &failure, ret);
	}
	ims_changes_commit(vdev, &change, 1, VFIO_PCI_IMS_PREPARED);
	return 0;
}

/**
 * vfio_pci_ims_prepare - give a vector a slot, also while it has no trigger
 * @ims: the virtual device's interrupts
 * @vector: number of the vector
 *
 * For guests that ask for a vector's interrupt handle before they unmask it. The
 * slot stays through binding and unbinding until vfio_pci_ims_release(),
 * vfio_pci_ims_reset() or close. An interrupt that arrives while there is no
 * trigger is kept, once, and delivered when there is one. On a device that is on
 * hold, or for a vector that is revoked, the wish is noted and the slot comes with
 * vfio_pci_ims_arm(): then vfio_pci_ims_hwirq() says -ENOENT until then.
 * Repeating the call is fine.
 *
 * Context: process context, may sleep. Not from the driver's callbacks.
 *
 * Return: 0; -EINVAL for an emulated vector or one beyond those declared; -ENODEV
 * when the device is not open or its parent is gone; else as ims_alloc_irqs() and
 * request_irq(). On error nothing has changed.
 */
int vfio_pci_ims_prepare(struct vfio_pci_ims *ims, u32 vector)
{
	struct ims_vdev *vdev = ims_vdev_enter_range(ims, vector, 1);
	int ret;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	ret = ims_vector_prepare(vdev, vector);
	ims_vdev_leave(vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_prepare);

/**
 * vfio_pci_ims_release - end vfio_pci_ims_prepare()
 * @ims: the virtual device's interrupts
 * @vector: number of the vector; nothing happens if it is not prepared
 *
 * A vector without a trigger loses its slot, and an interrupt that was kept.
 *
 * Context: process context, may sleep. Not from the driver's callbacks.
 *
 * Return: 0; -EINVAL for a vector beyond those declared; -ENODEV when the device
 * is not open or its parent is gone, which has released everything.
 */
int vfio_pci_ims_release(struct vfio_pci_ims *ims, u32 vector)
{
	struct ims_vdev *vdev = ims_vdev_enter_range(ims, vector, 1);
	struct ims_vector *v;
	LIST_HEAD(lines);

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	v = ims_vector_get(vdev, vector);
	if (v && v->prepared) {
		ims_vector_set_prepared(v, false);
		if (!v->eventfd)
			ims_vector_take_line(v, &lines);
		/* Of a line that is taken listeners are told when it is freed. */
		if (list_empty(&lines))
			ims_event_vector(v, IMS_EVENT_CHANGE);
		ims_lines_free(vdev, &lines, VFIO_PCI_IMS_RELEASED);
	}
	ims_vdev_leave(vdev);
	return 0;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_release);

/**
 * vfio_pci_ims_hold - take all slots, and give none until the device is armed
 * @ims: the virtual device's interrupts
 *
 * Vectors keep triggers, masks, pending interrupts, cookies and affinities;
 * loopback and emulated vectors work. When the call returns no slot of the device
 * fires or is programmed, and what they have fired has arrived; see
 * vfio_pci_ims_revoke(). For a device whose PASID is not attached (any more), or
 * whose hardware cannot keep slots while it sleeps. Holding a device that is on
 * hold does nothing.
 *
 * Context: process context, may sleep. Not from the driver's callbacks.
 *
 * Return: 0; -ENODEV when the device is not open or its parent is gone.
 */
int vfio_pci_ims_hold(struct vfio_pci_ims *ims)
{
	struct ims_vdev *vdev = ims_vdev_enter(ims);
	struct ims_vector *vector;
	LIST_HEAD(lines);
	u32 i;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	if (!vdev->on_hold) {
		WRITE_ONCE(vdev->on_hold, true);
		for (i = 0; (vector = ims_vector_next(vdev, i));
		     i = vector->index + 1) {
			if (ims_vector_line(vector))
				ims_count(&vector->revocations);
			ims_vector_take_line(vector, &lines);
		}
		ims_lines_revoke(vdev, &lines, VFIO_PCI_IMS_HELD);
		ims_event_device(vdev, IMS_EVENT_CHANGE);
	}
	ims_vdev_leave(vdev);
	return 0;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_hold);

/* Revoke the slots of a range, or with @cookie those of them that carry it. */
static void ims_vectors_revoke(struct ims_vdev *vdev, u32 start, u32 count,
			       const u64 *cookie)
{
	struct ims_vector *vector;
	struct ims_line *line;
	LIST_HEAD(lines);
	u32 i;

	lockdep_assert_held(&vdev->lock);

	for (i = start; i < start + count; i++) {
		vector = ims_vector_get(vdev, i);
		line = vector ? ims_vector_line(vector) : NULL;
		if (!line || (cookie && line->irq.cookie != *cookie))
			continue;
		WRITE_ONCE(vector->revoked, true);
		ims_count(&vector->revocations);
		ims_vector_take_line(vector, &lines);
	}
	ims_lines_revoke(vdev, &lines, VFIO_PCI_IMS_REVOKED);
}

/**
 * vfio_pci_ims_revoke - take the slots of vectors
 * @ims: the virtual device's interrupts
 * @start: first vector
 * @count: how many
 *
 * Vectors of the range that have a slot lose it, and get no other one before
 * vfio_pci_ims_arm() or vfio_pci_ims_arm_range(), also when they are unbound and
 * bound again; reset and close end that, too. The others stay as they are. When
 * the call returns none of the old slots fires or is programmed, and what they
 * have fired has arrived. (A vector whose slot may have kept an interrupt to the
 * end, because the store has no pending() or says so, is signalled once in place of
 * it.) Waits for a grace period. The guest is told by the driver
 * (INT_HANDLE_REVOKED).
 *
 * Context: process context, may sleep. Not from the driver's callbacks.
 *
 * Return: 0; -EINVAL when the range is not within the declared vectors; -ENODEV
 * when the device is not open or its parent is gone.
 */
int vfio_pci_ims_revoke(struct vfio_pci_ims *ims, u32 start, u32 count)
{
	struct ims_vdev *vdev = ims_vdev_enter_range(ims, start, count);

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	ims_vectors_revoke(vdev, start, count, NULL);
	ims_vdev_leave(vdev);
	return 0;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_revoke);

/**
 * vfio_pci_ims_revoke_cookie - take the slots that carry a cookie
 * @ims: the virtual device's interrupts
 * @cookie: the cookie
 *
 * As vfio_pci_ims_revoke(), of all vectors whose slot carries @cookie. For the
 * detachment of a PASID, which may be used again when the call has returned.
 * Vectors without a slot keep their cookies: hold the device first, or change
 * these, lest the next binding programs @cookie again.
 *
 * Context: process context, may sleep. Not from the driver's callbacks.
 *
 * Return: 0; -ENODEV when the device is not open or its parent is gone.
 */
int vfio_pci_ims_revoke_cookie(struct vfio_pci_ims *ims, u64 cookie)
{
	struct ims_vdev *vdev = ims_vdev_enter(ims);

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	ims_vectors_revoke(vdev, 0, vdev->num_vectors, &cookie);
	ims_vdev_leave(vdev);
	return 0;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_revoke_cookie);

/* Arm the vectors of a range, and with @all end the hold: a transaction. */
static int ims_vectors_arm(struct ims_vdev *vdev, u32 start, u32 count,
			   bool all)
{
	struct ims_failure failure = { start, IMS_ALERT_KIND_NO_MEMORY };
	bool on_hold = vdev->on_hold && !all;
	struct ims_change *changes;
	u32 i, nr = 0;
	bool changed;
	int ret;

	lockdep_assert_held(&vdev->lock);

	changes = kvcalloc(max(count, 1U), sizeof(*changes), GFP_KERNEL);
	if (!changes)
		return ims_vdev_refuse(vdev, &failure, -ENOMEM);
	for (i = start; i < start + count; i++) {
		if (!ims_vector_get(vdev, i))
			continue;
		changes[nr].arm = true;
		/* Has a context: cannot fail. */
		ims_change_context(vdev, &changes[nr++], i);
	}

	ret = ims_changes_prepare(vdev, changes, nr, on_hold, &failure);
	if (ret) {
		ims_changes_abort(changes, nr);
		ims_vdev_refuse(vdev, &failure, ret);
		goto out;
	}
	changed = vdev->on_hold != on_hold;
	WRITE_ONCE(vdev->on_hold, on_hold);
	ims_changes_commit(vdev, changes, nr, VFIO_PCI_IMS_ARMED);
	if (changed)
		ims_event_device(vdev, IMS_EVENT_CHANGE);
out:
	kvfree(changes);
	return ret;
}

/**
 * vfio_pci_ims_arm - give slots to all vectors that are to have one
 * @ims: the virtual device's interrupts
 *
 * Ends vfio_pci_ims_hold() and all revocations. Vectors get their slots, with the
 * cookies that they have now, all or none. Handles are new: tell the guest, or let
 * it ask (slot_changed() of struct vfio_pci_ims_ops).
 *
 * Context: process context, may sleep. Not from the driver's callbacks.
 *
 * Return: 0; -ENOMEM; -ENODEV when the device is not open or its parent is gone;
 * else as ims_alloc_irqs() and request_irq(). On error nothing has changed.
 */
int vfio_pci_ims_arm(struct vfio_pci_ims *ims)
{
	struct ims_vdev *vdev = ims_vdev_enter(ims);
	int ret;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	ret = ims_vectors_arm(vdev, 0, vdev->num_vectors, true);
	ims_vdev_leave(vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_arm);

/**
 * vfio_pci_ims_arm_range - end the revocation of vectors
 * @ims: the virtual device's interrupts
 * @start: first vector
 * @count: how many
 *
 * As vfio_pci_ims_arm(), for a range: a guest asks for one new handle after the
 * other. On a device that is on hold the slots come when that is armed.
 *
 * Context: process context, may sleep. Not from the driver's callbacks.
 *
 * Return: as vfio_pci_ims_arm(); -EINVAL when the range is not within the declared
 * vectors.
 */
int vfio_pci_ims_arm_range(struct vfio_pci_ims *ims, u32 start, u32 count)
{
	struct ims_vdev *vdev = ims_vdev_enter_range(ims, start, count);
	int ret;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	ret = ims_vectors_arm(vdev, start, count, false);
	ims_vdev_leave(vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_arm_range);
