// SPDX-License-Identifier: GPL-2.0-only
/*
 * One vector: its context, and the eventfd and line that it is joined to.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "trace.h"
#include "vector.h"

/* The context of vector @index, which must be declared; NULL when absent. */
struct ims_vector *ims_vector_get(struct ims_vdev *vdev, u32 index)
{
	return rcu_dereference_protected(vdev->vectors[index],
					 lockdep_is_held(&vdev->lock));
}

/* The first vector from @index on that has a context, or NULL. */
struct ims_vector *ims_vector_next(struct ims_vdev *vdev, u32 index)
{
	struct ims_vector *vector;

	for (; index < vdev->num_vectors; index++) {
		vector = ims_vector_get(vdev, index);
		if (vector)
			return vector;
	}
	return NULL;
}

/* A context for vector @index, not visible to anybody yet; NULL: no memory. */
struct ims_vector *ims_vector_alloc(struct ims_vdev *vdev, u32 index)
{
	struct ims_vector *vector;
	/* Room for any index: counting its digits would cost more. */
	size_t len = strlen(vdev->name), at;
	size_t room = len + sizeof("vfio-ims[4294967295]()");

	vector = kzalloc(struct_size(vector, name, room), GFP_KERNEL_ACCOUNT);
	if (!vector)
		return NULL;

	spin_lock_init(&vector->lock);
	vector->vdev = vdev;
	vector->backing = &ims_backing_slot;
	vector->index = index;
	vector->since = ktime_get_ns();
	at = snprintf(vector->name, room, "vfio-ims[%u](", index);
	memcpy(vector->name + at, vdev->name, len);
	vector->name[at + len] = ')';
	return vector;
}

/* NULL is fine. */
void ims_vector_free(struct ims_vector *vector)
{
	if (!vector)
		return;
	kfree(vector->affinity);
	kfree(vector);
}

/* From absent to idle: it stays until close. */
void ims_vector_publish(struct ims_vector *vector)
{
	struct ims_vdev *vdev = vector->vdev;

	lockdep_assert_held(&vdev->lock);

	rcu_assign_pointer(vdev->vectors[vector->index], vector);
	vdev->generation = vdev->generation + 1 ?: 1;
	ims_vdevs_changed();
}

struct ims_line *ims_vector_line(const struct ims_vector *vector)
{
	return rcu_dereference_protected(vector->line,
				lockdep_is_held(&vector->vdev->lock));
}

/* The cookie that the vector's next allocation gets. */
u64 ims_vector_cookie(const struct ims_vector *vector)
{
	return vector->cookie_own ? vector->cookie :
				    vector->vdev->default_cookie;
}

bool ims_vector_emulated(const struct ims_vector *vector)
{
	return READ_ONCE(vector->backing) == &ims_backing_emulated;
}

/*
 * Bind @vector to an eventfd, whose reference it takes over, to another one, or
 * with NULL to none. An interrupt that arrives meanwhile goes to the old or to
 * the new one. A mask and what it keeps back belong to the vector and pass on to
 * the new eventfd; they end when there is none.
 *
 * The caller goes on with ims_vector_quiesce() and ims_vector_put_old().
 */
void ims_vector_bind(struct ims_vector *vector, struct eventfd_ctx *eventfd)
{
	struct ims_vdev *vdev = vector->vdev;
	struct eventfd_ctx *old = vector->eventfd;
	unsigned long flags;

	lockdep_assert_held(&vdev->lock);

	spin_lock_irqsave(&vector->lock, flags);
	vector->eventfd = eventfd;
	if (!eventfd) {
		WRITE_ONCE(vector->masked, false);
		WRITE_ONCE(vector->pending, false);
	}
	rcu_assign_pointer(vector->trigger, vector->masked ? NULL : eventfd);
	spin_unlock_irqrestore(&vector->lock, flags);

	vdev->live += !!eventfd - !!old;
	if (eventfd && old) {
		vector->replaced++;
		trace_ims_trigger_replaced(vector);
	}
	vector->old = old;
}

/*
 * Wait until no interrupt or signal is on its way to an eventfd that @vector
 * does not have any more, or that it keeps back: who replaced or masked a
 * trigger may rely on it when the call is over. Without such a one this costs
 * no grace period. A line that was taken off is waited for by free_irq().
 */
void ims_vector_quiesce(struct ims_vector *vector)
{
	const struct ims_line *line = ims_vector_line(vector);

	if (line)
		synchronize_irq(line->irq.virq);
	/* Pairs with the barrier in vfio_pci_ims_send_signal(). */
	smp_mb();
	if (atomic_read_acquire(&vector->senders))
		synchronize_rcu_expedited();
}

/*
 * Drop the eventfd that @vector had before ims_vector_bind(), if any: after
 * ims_vector_quiesce(), and after ims_lines_free() of a line that was taken off.
 */
void ims_vector_put_old(struct ims_vector *vector)
{
	if (vector->old)
		eventfd_ctx_put(vector->old);
	vector->old = NULL;
}

/*
 * Make @line (or none) the vector's. Returns the old one, whose interrupt is
 * still requested: a new line is in force before the old one is freed.
 */
struct ims_line *ims_vector_swap_line(struct ims_vector *vector,
				      struct ims_line *line)
{
	return rcu_replace_pointer(vector->line, line,
				   lockdep_is_held(&vector->vdev->lock));
}
