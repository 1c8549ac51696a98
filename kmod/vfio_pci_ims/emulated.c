// SPDX-License-Identifier: GPL-2.0-only
/*
 * Emulated vectors: declared as such by the virtual device's driver, which
 * signals them itself. A vector changes its backing only while it has no trigger and
 * is not prepared.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "engine.h"

const struct ims_backing ims_backing_emulated = {
	.id = IMS_VECTOR_BACKING_EMULATED,
};

/* -EBUSY when a vector of the range is bound or prepared with another backing. */
static int ims_backing_check(struct ims_vdev *vdev, u32 start, u32 count,
			     const struct ims_backing *backing)
{
	struct ims_vector *vector;
	u32 i;

	for (i = start; i < start + count; i++) {
		vector = ims_vector_get(vdev, i);
		if (vector && vector->backing != backing &&
		    (vector->eventfd || vector->prepared))
			return -EBUSY;
	}
	return 0;
}

/*
 * Declare a range emulated. A vector that is emulated has no cookie and no
 * affinity: those of its own are forgotten. On error nothing has changed.
 */
int ims_emulated_set(struct ims_vdev *vdev, u32 start, u32 count)
{
	struct ims_vector **fresh;
	struct ims_vector *vector;
	unsigned long flags;
	int ret;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	ret = ims_backing_check(vdev, start, count, &ims_backing_emulated);
	if (ret || !count)
		return ret;

	fresh = kvcalloc(count, sizeof(*fresh), GFP_KERNEL);
	if (!fresh)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		if (ims_vector_get(vdev, start + i))
			continue;
		fresh[i] = ims_vector_alloc(vdev, start + i);
		if (!fresh[i])
			goto err_free;
	}

	for (i = 0; i < count; i++) {
		if (fresh[i])
			ims_vector_publish(fresh[i]);
		vector = ims_vector_get(vdev, start + i);
		if (ims_vector_emulated(vector))
			continue;
		WRITE_ONCE(vdev->emulated, vdev->emulated + 1);
		ims_vdev_tell_later(vdev);
		raw_spin_lock_irqsave(&vector->lock, flags);
		vector->cookie_own = false;
		vector->cookie = 0;
		raw_spin_unlock_irqrestore(&vector->lock, flags);
		WRITE_ONCE(vector->revoked, false);
		ims_affinity_forget(vector);
		WRITE_ONCE(vector->backing, &ims_backing_emulated);
		ims_event_vector(vector, fresh[i] ? IMS_EVENT_CREATE :
						    IMS_EVENT_CHANGE);
	}
	kvfree(fresh);
	return 0;

err_free:
	while (i--)
		ims_vector_free(fresh[i]);
	kvfree(fresh);
	return -ENOMEM;
}

/* Take the declaration back where there is one. On error nothing has changed. */
int ims_emulated_clear(struct ims_vdev *vdev, u32 start, u32 count)
{
	struct ims_vector *vector;
	int ret;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	ret = ims_backing_check(vdev, start, count, &ims_backing_slot);
	if (ret)
		return ret;

	for (i = start; i < start + count; i++) {
		vector = ims_vector_get(vdev, i);
		if (!vector || !ims_vector_emulated(vector))
			continue;
		WRITE_ONCE(vector->backing, &ims_backing_slot);
		WRITE_ONCE(vdev->emulated, vdev->emulated - 1);
		ims_vdev_tell_later(vdev);
		ims_event_vector(vector, IMS_EVENT_CHANGE);
	}
	return 0;
}

static int ims_emulated_call(struct vfio_pci_ims *ims, u32 start, u32 count,
			     int (*change)(struct ims_vdev *, u32, u32))
{
	struct ims_vdev *vdev = ims_vdev_enter_range(ims, start, count);
	int ret;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	ret = change(vdev, start, count);
	ims_vdev_leave(vdev);
	return ret;
}

/**
 * vfio_pci_ims_set_emulated - declare vectors emulated
 * @ims: the virtual device's interrupts
 * @start: first vector
 * @count: how many
 *
 * Repeating a declaration is fine. An emulated vector has no cookie: one of its
 * own is forgotten.
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EINVAL when the range is not within the declared vectors; -EBUSY
 * when one that is backed by slots is bound or prepared; -ENOMEM; -ENODEV when
 * the device is not open or its parent is gone. On error nothing has changed.
 */
int vfio_pci_ims_set_emulated(struct vfio_pci_ims *ims, u32 start, u32 count)
{
	return ims_emulated_call(ims, start, count, ims_emulated_set);
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_set_emulated);

/**
 * vfio_pci_ims_clear_emulated - back vectors by slots again
 * @ims: the virtual device's interrupts
 * @start: first vector
 * @count: how many; those that are not emulated stay as they are
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EINVAL and -ENODEV as vfio_pci_ims_set_emulated(); -EBUSY when
 * one is live and emulated. On error nothing has changed.
 */
int vfio_pci_ims_clear_emulated(struct vfio_pci_ims *ims, u32 start, u32 count)
{
	return ims_emulated_call(ims, start, count, ims_emulated_clear);
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_clear_emulated);
