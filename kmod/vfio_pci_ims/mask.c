// SPDX-License-Identifier: GPL-2.0-only
/*
 * Masking, as the function of an MSI-X vector has it: a masked vector keeps
 * one interrupt back, however many arrive, and passes it on when unmasked.
 */
#include <linux/export.h>
#include <linux/sched.h>

#include "engine.h"

static void ims_vector_mask(struct ims_vector *vector)
{
	unsigned long flags;

	ims_bypass_end(vector);
	raw_spin_lock_irqsave(&vector->lock, flags);
	if (!vector->masked)
		vector->masked_at = jiffies;
	WRITE_ONCE(vector->masked, true);
	ims_vector_update(vector);
	raw_spin_unlock_irqrestore(&vector->lock, flags);
}

static void ims_vector_unmask(struct ims_vector *vector)
{
	struct eventfd_ctx *eventfd;
	unsigned long flags;

	raw_spin_lock_irqsave(&vector->lock, flags);
	WRITE_ONCE(vector->masked, false);
	eventfd = ims_vector_update(vector);
	raw_spin_unlock_irqrestore(&vector->lock, flags);

	/* vdev->lock keeps the eventfd. */
	ims_vector_pass(vector, eventfd);
	ims_bypass_begin(vector);
}

/*
 * Mask or unmask the vectors of a range for which @bools is set, or with NULL
 * all. All of them must have a trigger, else -EINVAL, nothing changed, and
 * *@failed is the first that has none.
 */
int ims_block_mask(struct ims_vdev *vdev, u32 start, u32 count,
		   const u8 *bools, bool mask, u32 *failed)
{
	struct ims_vector *vector;
	int ret;
	u32 i;

	ret = ims_block_check_triggers(vdev, start, count, bools, failed);
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
 * What a virtual function's pending bit array shows: the interrupt that is kept back
 * by a mask or by an administrator, one that waits for the trigger of a prepared
 * vector, and one that is kept at the vector's slot, as far as the store can tell.
 *
 * Context: any, interrupt context included; also from the driver's callbacks.
 *
 * Return: whether there is one.
 */
bool vfio_pci_ims_pending(struct vfio_pci_ims *ims, u32 vector)
{
	const struct ims_line *line;
	struct ims_vdev *vdev;
	struct ims_vector *v;
	bool pending = false;

	rcu_read_lock();
	vdev = rcu_dereference(ims->vdev);
	if (vdev && vector < vdev->num_vectors) {
		v = rcu_dereference(vdev->vectors[vector]);
		line = v ? rcu_dereference(v->line) : NULL;
		pending = (v && READ_ONCE(v->pending)) ||
			  (line && ims_irq_pending(&line->irq));
	}
	rcu_read_unlock();
	return pending;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_pending);
