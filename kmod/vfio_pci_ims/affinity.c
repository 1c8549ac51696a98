// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which CPUs a vector's interrupts may go to. Part of the context: it outlives
 * the slot and is given to the next one, before the interrupt is requested.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/slab.h>

#include "engine.h"

/*
 * Could vector @index be restricted to @mask? -EINVAL when it is emulated or none
 * of the CPUs is online. NULL, the default, is always fine but for emulated ones.
 */
int ims_affinity_check(struct ims_vdev *vdev, u32 index,
		       const struct cpumask *mask)
{
	const struct ims_vector *vector = ims_vector_get(vdev, index);

	if (vector && ims_vector_emulated(vector))
		return -EINVAL;
	return mask && !cpumask_intersects(mask, cpu_online_mask) ? -EINVAL : 0;
}

/*
 * Let the interrupts of vector @index go to @mask only, or with NULL to the
 * kernel's default affinity (irqaffinity=).
 * The vector gets a context if it has none. On error nothing has changed.
 *
 * Return: 0; as ims_affinity_check(); -ENOMEM; what ims_irq_set_affinity() returns,
 * -ENOSPC when the CPUs have no vector left.
 */
int ims_affinity_set(struct ims_vdev *vdev, u32 index,
		     const struct cpumask *mask)
{
	struct ims_vector *vector = ims_vector_get(vdev, index);
	struct ims_vector *fresh = NULL;
	struct cpumask *copy = NULL;
	struct ims_line *line;
	int ret;

	lockdep_assert_held(&vdev->lock);

	ret = ims_affinity_check(vdev, index, mask);
	if (ret || (!vector && !mask))
		return ret;

	if (mask) {
		copy = kmemdup(mask, cpumask_size(), GFP_KERNEL_ACCOUNT);
		if (!copy)
			return -ENOMEM;
	}
	if (!vector) {
		fresh = ims_vector_alloc(vdev, index);
		if (!fresh) {
			kfree(copy);
			return -ENOMEM;
		}
		vector = fresh;
		ims_vector_publish(vector);
	}

	line = ims_vector_line(vector);
	if (line) {
		ret = ims_irq_set_affinity(&line->irq, mask);
		if (ret) {
			kfree(copy);
			return ret;
		}
	}
	kfree(vector->affinity);
	vector->affinity = copy;
	ims_event_vector(vector, fresh ? IMS_EVENT_CREATE : IMS_EVENT_CHANGE);
	return 0;
}

/* A vector that is emulated from now on has no interrupt that could go anywhere. */
void ims_affinity_forget(struct ims_vector *vector)
{
	kfree(vector->affinity);
	vector->affinity = NULL;
}

/* Does the interrupt of @vector go to a CPU that it was not to go to? For show. */
bool ims_affinity_broken(const struct ims_vector *vector)
{
	const struct ims_line *line = ims_vector_line(vector);

	return line && ims_irq_affinity_broken(&line->irq, vector->affinity);
}
