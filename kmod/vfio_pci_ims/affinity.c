// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which CPUs a vector's interrupts may go to. Part of the context: it outlives
 * the slot and is given to the next one, before the interrupt is requested.
 */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "engine.h"

/* Of vectors without one of their own; NULL: the kernel's default. */
const struct cpumask *ims_vdev_affinity(const struct ims_vdev *vdev)
{
	return vdev->affinity ? to_cpumask(vdev->affinity->mask) : NULL;
}

/*
 * Its own or the device's; NULL: the kernel's default, or it is emulated. With
 * vdev->lock held or under RCU, and valid so long.
 */
const struct cpumask *ims_vector_affinity(const struct ims_vector *vector)
{
	const struct ims_affinity *affinity;

	affinity = rcu_dereference_check(vector->affinity,
				lockdep_is_held(&vector->vdev->lock));
	if (affinity)
		return to_cpumask(affinity->mask);
	return ims_vector_emulated(vector) ? NULL :
					     ims_vdev_affinity(vector->vdev);
}

struct ims_affinity *ims_affinity_alloc(const struct cpumask *mask)
{
	struct ims_affinity *affinity;

	affinity = kmalloc(sizeof(*affinity) + cpumask_size(),
			   GFP_KERNEL_ACCOUNT);
	if (affinity)
		memcpy(affinity->mask, mask, cpumask_size());
	return affinity;
}

/* Put in force, for the next slot; NULL: the device's. */
void ims_affinity_replace(struct ims_vector *vector,
			  struct ims_affinity *affinity)
{
	struct ims_affinity *old;

	old = rcu_replace_pointer(vector->affinity, affinity,
				  lockdep_is_held(&vector->vdev->lock));
	if (old)
		kfree_rcu(old, rcu);
}

/*
 * Could vector @index be restricted to @mask? -EINVAL when it is emulated or none
 * of the CPUs is online. NULL, the device's, is always fine but for emulated ones.
 */
int ims_affinity_check(struct ims_vdev *vdev, u32 index,
		       const struct cpumask *mask)
{
	const struct ims_vector *vector = ims_vector_get(vdev, index);

	if (vector && ims_vector_emulated(vector))
		return -EINVAL;
	return mask && !cpumask_intersects(mask, cpu_online_mask) ? -EINVAL : 0;
}

/* A vector that is emulated from now on has no interrupt that could go anywhere. */
void ims_affinity_forget(struct ims_vector *vector)
{
	ims_affinity_replace(vector, NULL);
}

/* Does the interrupt of @vector go to a CPU that it was not to go to? For show. */
bool ims_affinity_broken(const struct ims_vector *vector)
{
	const struct ims_line *line = ims_vector_line(vector);

	return line && ims_irq_affinity_broken(&line->irq,
					       ims_vector_affinity(vector));
}
