// SPDX-License-Identifier: GPL-2.0-only
/*
 * One vector: its context, and the eventfd and line that it is bound to.
 */
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/processor.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "engine.h"
#include "trace.h"

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
	char *name;

	vector = kzalloc(sizeof(*vector), GFP_KERNEL_ACCOUNT);
	/* Not in one with it: 256 bytes and 64 are less than the next size, 512. */
	name = kmalloc(room, GFP_KERNEL_ACCOUNT);
	if (!vector || !name) {
		kfree(vector);
		kfree(name);
		return NULL;
	}

	raw_spin_lock_init(&vector->lock);
	vector->vdev = vdev;
	vector->backing = &ims_backing_slot;
	vector->index = index;
	vector->name = name;
	if (vdev->rate_limit && ims_limit_alloc(vector)) {
		ims_vector_free(vector);
		return NULL;
	}
	vector->since = ktime_get_ns();
	at = snprintf(name, room, "vfio-ims[%u](", index);
	memcpy(name + at, vdev->name, len);
	name[at + len] = ')';
	name[at + len + 1] = '\0';
	return vector;
}

/*
 * NULL is fine. Only the any-context calls through the handle may still look at it,
 * not at its affinity, and not at its limit, because it has no eventfd.
 */
void ims_vector_free(struct ims_vector *vector)
{
	if (!vector)
		return;
	kfree(rcu_dereference_protected(vector->affinity, true));
	kfree(vector->limit);
	kfree(vector->name);
	kfree_rcu(vector, rcu);
}

/* From absent to idle: it stays until close. */
void ims_vector_publish(struct ims_vector *vector)
{
	struct ims_vdev *vdev = vector->vdev;
	u32 generation;

	lockdep_assert_held(&vdev->lock);

	rcu_assign_pointer(vdev->vectors[vector->index], vector);
	/* 0 is for "not known": skip it when the counter comes round. */
	generation = vdev->generation + 1;
	if (!generation)
		generation = 1;
	smp_store_release(&vdev->generation, generation);
	ims_vdevs_changed();
}

/*
 * vdev->generation for who looks at vectors without vdev->lock: when it is the
 * same before and after, the same vectors had a context all the time. Pairs with
 * ims_vector_publish(): who has seen a vector sees that those before it were
 * counted, and who sees one counted sees it.
 */
u32 ims_vdev_generation(const struct ims_vdev *vdev)
{
	smp_rmb();
	return smp_load_acquire(&vdev->generation);
}

/* With vdev->lock held or under RCU, and valid so long. */
struct ims_line *ims_vector_line(const struct ims_vector *vector)
{
	return rcu_dereference_check(vector->line,
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

/* With vdev->lock held, or with vector->lock and under RCU. */
enum ims_vector_state ims_vector_state(const struct ims_vector *vector)
{
	if (!vector)
		return IMS_VECTOR_STATE_ABSENT;
	if (!vector->eventfd)
		return IMS_VECTOR_STATE_IDLE;
	if (vector->quiet)
		return IMS_VECTOR_STATE_HELD;
	if (READ_ONCE(vector->backing)->alloc && !ims_vector_line(vector))
		return IMS_VECTOR_STATE_HELD;
	return IMS_VECTOR_STATE_LIVE;
}

/* Keep the device's counts after @vector was in state @was, and tell of them. */
void ims_vector_count_state(struct ims_vector *vector,
			    enum ims_vector_state was)
{
	struct ims_vdev *vdev = vector->vdev;

	if (was == IMS_VECTOR_STATE_HELD)
		WRITE_ONCE(vdev->held, vdev->held - 1);
	if (ims_vector_state(vector) == IMS_VECTOR_STATE_HELD)
		WRITE_ONCE(vdev->held, vdev->held + 1);
	if (was != ims_vector_state(vector))
		ims_vdev_tell_later(vdev);
}

/* Mask the vector's slot, if it has one, or unmask it. With vector->lock held */
void ims_vector_pause(struct ims_vector *vector)
{
	bool pause = vector->quiet || ims_vector_throttled(vector);
	struct ims_line *line = ims_vector_line(vector);

	lockdep_assert_held(&vector->lock);

	if (!line || line->paused == pause)
		return;
	line->paused = pause;
	ims_pause_irq(&line->irq, pause);
}

/*
 * Interrupts are to meet what @vector is now: called with vector->lock held when its
 * eventfd, its mask, whether it is quiet, or its limit has changed.
 *
 * Returns the eventfd to be signalled by ims_vector_pass() for an interrupt that was
 * kept back and is not any more, or NULL. What keeps the eventfd is up to the caller.
 */
struct eventfd_ctx *ims_vector_update(struct ims_vector *vector)
{
	bool kept = vector->masked || vector->quiet ||
		    ims_vector_throttled(vector);
	struct eventfd_ctx *eventfd = NULL;

	lockdep_assert_held(&vector->lock);

	if (!kept && vector->pending && vector->eventfd &&
	    ims_limit_pass(vector)) {
		WRITE_ONCE(vector->pending, false);
		eventfd = vector->eventfd;
	}
	/* With a limit each of them is counted: see ims_vector_defer(). */
	rcu_assign_pointer(vector->trigger,
			   kept || ims_vector_limited(vector) ? NULL :
			   vector->eventfd);
	ims_vector_pause(vector);
	return eventfd;
}

/* Signal what ims_vector_update() has returned. */
void ims_vector_pass(struct ims_vector *vector, struct eventfd_ctx *eventfd)
{
	if (!eventfd)
		return;
	WRITE_ONCE(vector->last, jiffies);
	trace_ims_passed(vector);
	ims_compat_eventfd_signal(eventfd);
}

/*
 * Make @eventfd the trigger of @vector, which takes over the reference; NULL for
 * none. An interrupt that arrives meanwhile goes to the old trigger or to the new
 * one. A mask, and an interrupt that it keeps back, belong to the vector and pass
 * on to the new trigger; they end when there is none. That it is quiet or limited
 * stays. What a prepared vector has kept back goes to its first trigger. Interrupts
 * are the host's from here on; with ims_bypass_begin() they may be posted again.
 *
 * Returns the old trigger or NULL. The caller puts it when ims_vector_quiesce()
 * has returned, and free_irq() of a line that was taken off.
 */
struct eventfd_ctx *ims_vector_bind(struct ims_vector *vector,
				    struct eventfd_ctx *eventfd)
{
	enum ims_vector_state was = ims_vector_state(vector);
	struct eventfd_ctx *old = vector->eventfd;
	struct ims_vdev *vdev = vector->vdev;
	struct eventfd_ctx *kept;
	unsigned long flags;

	lockdep_assert_held(&vdev->lock);

	ims_bypass_end(vector);
	raw_spin_lock_irqsave(&vector->lock, flags);
	vector->eventfd = eventfd;
	if (!eventfd) {
		WRITE_ONCE(vector->masked, false);
		if (!vector->prepared)
			WRITE_ONCE(vector->pending, false);
	}
	kept = ims_vector_update(vector);
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	ims_vector_pass(vector, kept);

	if (old)
		WRITE_ONCE(vdev->triggers, vdev->triggers - 1);
	if (eventfd)
		WRITE_ONCE(vdev->triggers, vdev->triggers + 1);
	ims_vector_count_state(vector, was);
	if (eventfd && old) {
		ims_count(&vector->replaced);
		trace_ims_trigger_replaced(vector);
	}
	return old;
}

/* Does the driver want a slot for @vector also while it has no trigger? */
void ims_vector_set_prepared(struct ims_vector *vector, bool prepared)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&vector->lock, flags);
	vector->prepared = prepared;
	if (!prepared && !vector->eventfd)
		WRITE_ONCE(vector->pending, false);
	raw_spin_unlock_irqrestore(&vector->lock, flags);
}

/* How often senders are looked at before a grace period is waited for. */
#define IMS_SENDERS_POLLS	100

/*
 * Wait until no interrupt or signal is on its way to an eventfd that @vector
 * does not have any more, or that it keeps back: who replaced or masked a
 * trigger may rely on it when the call is over. A line that was taken off is
 * waited for by free_irq().
 *
 * A signal by the driver is under way for a microsecond or so, and its end is
 * polled for. One whose sender was preempted, or that others follow without a gap,
 * is waited for by a grace period, of some 10 ms. That is paid by the guest whose
 * vector it is. synchronize_rcu_expedited() is quicker and interrupts all CPUs of
 * the host, whose guests would pay, as often as one of them masks a vector.
 */
void ims_vector_quiesce(struct ims_vector *vector)
{
	const struct ims_line *line = ims_vector_line(vector);
	int i;

	if (line)
		synchronize_irq(line->irq.virq);
	/* Pairs with the barrier in vfio_pci_ims_send_signal(). */
	smp_mb();
	for (i = 0; i < IMS_SENDERS_POLLS; i++) {
		if (!atomic_read_acquire(&vector->senders))
			return;
		cpu_relax();
	}
	synchronize_rcu();
}

/*
 * Make @line (or none) the vector's. Returns the old one, whose interrupt is
 * still requested: a new line is in force before the old one is freed. Neither is
 * bypassed.
 */
struct ims_line *ims_vector_swap_line(struct ims_vector *vector,
				      struct ims_line *line)
{
	enum ims_vector_state was = ims_vector_state(vector);
	struct ims_line *old;
	unsigned long flags;

	ims_bypass_end(vector);
	raw_spin_lock_irqsave(&vector->lock, flags);
	old = rcu_replace_pointer(vector->line, line,
				  lockdep_is_held(&vector->vdev->lock));
	if (old)
		ims_line_merge_counts(old);
	ims_vector_pause(vector);
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	ims_vector_count_state(vector, was);
	return old;
}

static const struct vfio_pci_ims_slot *
ims_slot_of(const struct ims_irq *irq, struct vfio_pci_ims_slot *slot)
{
	if (!irq)
		return NULL;
	slot->slot = irq->slot;
	slot->handle = irq->handle;
	slot->generation = irq->generation;
	return slot;
}

/*
 * Tell the driver that @vector has another slot than the one of @old (NULL: than
 * none), which does not fire any more.
 */
void ims_vector_tell_slot(struct ims_vector *vector, const struct ims_irq *old,
			  enum vfio_pci_ims_reason why)
{
	const struct ims_line *line = ims_vector_line(vector);
	struct vfio_pci_ims_slot old_slot, new_slot;
	struct ims_vdev *vdev = vector->vdev;

	if (vdev->ops->slot_changed)
		vdev->ops->slot_changed(vdev->handle, vector->index,
					ims_slot_of(old, &old_slot),
					ims_slot_of(line ? &line->irq : NULL,
						    &new_slot), why);
}

/**
 * vfio_pci_ims_hwirq - the slot behind a vector
 * @ims: the virtual device's interrupts; may be closed
 * @vector: number of the vector
 * @slot: out: slot, handle and generation, when the function returns 0
 *
 * The guest uses the handle in its descriptors. slot_changed() of struct
 * vfio_pci_ims_ops tells when it changes.
 *
 * Context: any, interrupt context included; also from the driver's callbacks.
 *
 * Return: 0; -ENOENT when the vector has no slot now, as an emulated one, one that
 * is held, or one that has no trigger and is not prepared; -EINVAL beyond the
 * declared vectors; -ENODEV when the device is not open.
 */
int vfio_pci_ims_hwirq(struct vfio_pci_ims *ims, u32 vector,
		       struct vfio_pci_ims_slot *slot)
{
	const struct ims_line *line;
	struct ims_vector *v;
	struct ims_vdev *vdev;
	int ret = -ENOENT;

	rcu_read_lock();
	vdev = rcu_dereference(ims->vdev);
	if (!vdev) {
		ret = -ENODEV;
	} else if (vector >= vdev->num_vectors) {
		ret = -EINVAL;
	} else {
		v = rcu_dereference(vdev->vectors[vector]);
		line = v ? rcu_dereference(v->line) : NULL;
		if (line) {
			ims_slot_of(&line->irq, slot);
			ret = 0;
		}
	}
	rcu_read_unlock();
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_hwirq);

/**
 * vfio_pci_ims_vector - the vector that has a slot, by its handle
 * @ims: the virtual device's interrupts; may be closed
 * @handle: what descriptors name the slot by
 * @vector: out: number of the vector, when the function returns 0
 *
 * Guests release handles by number. Looks at all declared vectors.
 *
 * Context: any, interrupt context included; also from the driver's callbacks.
 *
 * Return: 0; -ENOENT when no vector of the device has such a handle; -ENODEV when
 * the device is not open.
 */
int vfio_pci_ims_vector(struct vfio_pci_ims *ims, u32 handle, u32 *vector)
{
	const struct ims_line *line;
	struct ims_vector *v;
	struct ims_vdev *vdev;
	int ret = -ENODEV;
	u32 i;

	rcu_read_lock();
	vdev = rcu_dereference(ims->vdev);
	if (vdev)
		ret = -ENOENT;
	for (i = 0; ret == -ENOENT && i < vdev->num_vectors; i++) {
		v = rcu_dereference(vdev->vectors[i]);
		line = v ? rcu_dereference(v->line) : NULL;
		if (line && line->irq.handle == handle) {
			*vector = i;
			ret = 0;
		}
	}
	rcu_read_unlock();
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_vector);
