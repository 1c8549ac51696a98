// SPDX-License-Identifier: GPL-2.0-only
/*
 * Masking, as the function of an MSI-X vector has it: a masked vector keeps
 * one interrupt back, however many arrive, and passes it on when unmasked.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/sched.h>

#include "vector.h"

static void ims_vector_mask(struct ims_vector *vector)
{
	unsigned long flags;

	spin_lock_irqsave(&vector->lock, flags);
	WRITE_ONCE(vector->masked, true);
	RCU_INIT_POINTER(vector->trigger, NULL);
	spin_unlock_irqrestore(&vector->lock, flags);
}

static void ims_vector_unmask(struct ims_vector *vector)
{
	unsigned long flags;
	bool pending;

	spin_lock_irqsave(&vector->lock, flags);
	WRITE_ONCE(vector->masked, false);
	pending = vector->pending;
	WRITE_ONCE(vector->pending, false);
	rcu_assign_pointer(vector->trigger, vector->eventfd);
	spin_unlock_irqrestore(&vector->lock, flags);

	/* vdev->lock keeps the eventfd. */
	if (pending) {
		WRITE_ONCE(vector->last, jiffies);
		eventfd_signal(vector->eventfd);
	}
}

/*
 * Mask or unmask the vectors of a range for which @bools is set, or with NULL
 * all. All of them must be live, else -EINVAL, nothing changed, and *@culprit
 * is the first that is not.
 */
int ims_block_mask(struct ims_vdev *vdev, u32 start, u32 count,
		   const u8 *bools, bool mask, u32 *culprit)
{
	struct ims_vector *vector;
	int ret;
	u32 i;

	ret = ims_block_check_live(vdev, start, count, bools, culprit);
	if (ret)
		return ret;

	for (i = 0; i < count; i++) {
		if (bools && !bools[i])
			continue;
		vector = ims_vector_get(vdev, start + i);
		if (mask) {
			ims_vector_mask(vector);
			ims_vector_quiesce(vector);
		} else {
			ims_vector_unmask(vector);
		}
		cond_resched();
	}
	return 0;
}

/**
 * vfio_pci_ims_pending - does a masked vector keep an interrupt back?
 * @ims: the virtual device's interrupts; may be closed
 * @vector: number of the vector
 *
 * What a virtual function's pending bit array shows.
 *
 * Context: any, interrupt context included.
 *
 * Return: whether it does; false for a vector that is not live.
 */
bool vfio_pci_ims_pending(struct vfio_pci_ims *ims, u32 vector)
{
	struct ims_vdev *vdev;
	struct ims_vector *v;
	bool pending = false;

	rcu_read_lock();
	vdev = rcu_dereference(ims->vdev);
	if (vdev && vector < vdev->num_vectors) {
		v = rcu_dereference(vdev->vectors[vector]);
		pending = v && READ_ONCE(v->pending);
	}
	rcu_read_unlock();
	return pending;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_pending);
