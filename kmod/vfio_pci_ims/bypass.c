// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that bypass the host: hardware may post the interrupt of a vector that
 * is live, unmasked and has a slot straight to a vCPU. Such a vector is registered
 * with the kernel's irqbypass manager as the producer of its eventfd's interrupts.
 * KVM's irqfd on the same eventfd is the consumer: when both are there the manager
 * connects them, and KVM changes the entry of the remapping table by
 * irq_set_vcpu_affinity().
 *
 * A posted interrupt meets neither the handler nor the mask. So the producer is gone,
 * and the entry what it was, before a vector is masked, quiet or limited, or loses its
 * eventfd or its slot: ims_vector_bind(), ims_vector_swap_line(), ims_vector_mask()
 * and ims_vector_restrain() begin with ims_bypass_end().
 *
 * Locks: the manager's mutex is inside of vdev->lock. It is held when the callbacks
 * below run, in a task of ours or of KVM's, so they take no lock of ours. What they
 * change is told to listeners later, by a work item.
 */
#include <linux/irqbypass.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "engine.h"
#include "trace.h"

/*
 * Before 6.17 each registration walks the producers and consumers of the host. Up to
 * so many vectors of a device that costs less than what else binding one does.
 */
#define IMS_BYPASS_AUTO_MAX	256U

/* A guest that masks and unmasks connects as often: listeners are not told of each. */
#define IMS_BYPASS_TELL_DELAY	(HZ / 10)

/* Mode of devices that are opened; module.c has the parameter. */
enum ims_bypass_mode ims_bypass_default = IMS_BYPASS_MODE_AUTO;

/**
 * struct ims_bypass - a vector as a producer
 * @producer: registered
 * @vector: which
 */
struct ims_bypass {
	struct irq_bypass_producer producer;
	struct ims_vector *vector;
};

/* Under the manager's mutex, and the vector stays until the producer is gone. */
static void ims_bypass_note(struct irq_bypass_producer *producer, bool connected)
{
	struct ims_vector *vector =
		container_of(producer, struct ims_bypass, producer)->vector;

	WRITE_ONCE(vector->bypassed, connected);
	if (!ims_events_wanted())
		return;
	WRITE_ONCE(vector->bypass_changed, true);
	queue_delayed_work(system_unbound_wq, &vector->vdev->bypass_tell,
			   IMS_BYPASS_TELL_DELAY);
}

static int ims_bypass_add_consumer(struct irq_bypass_producer *producer,
				   struct irq_bypass_consumer *consumer)
{
	ims_bypass_note(producer, true);
	return 0;
}

/* Also when the consumer has refused after add_consumer(). */
static void ims_bypass_del_consumer(struct irq_bypass_producer *producer,
				    struct irq_bypass_consumer *consumer)
{
	ims_bypass_note(producer, false);
}

/* Tell listeners what ims_bypass_note() has noted. */
void ims_bypass_tell(struct work_struct *work)
{
	struct ims_vdev *vdev = container_of(to_delayed_work(work),
					     struct ims_vdev, bypass_tell);
	struct ims_vector *vector;
	u32 i;

	ims_vdev_lock(vdev);
	for (i = 0; (vector = ims_vector_next(vdev, i)); i = vector->index + 1) {
		/* A change after this one queues the work again. */
		if (xchg(&vector->bypass_changed, false))
			ims_event_vector(vector, IMS_EVENT_CHANGE);
		cond_resched();
	}
	ims_vdev_unlock(vdev);
}

/* Are the vectors of @vdev to be producers? */
static bool ims_bypass_on(const struct ims_vdev *vdev)
{
	if (vdev->bypass != IMS_BYPASS_MODE_AUTO)
		return vdev->bypass == IMS_BYPASS_MODE_ON;
	return !IMS_COMPAT_BYPASS_WALKS ||
	       vdev->num_vectors <= IMS_BYPASS_AUTO_MAX;
}

/**
 * ims_bypass_begin - let hardware post the interrupts of a vector
 * @vector: in any state; nothing happens if it is a producer, or cannot be one
 *
 * The vector works without, so what fails is only traced: another vector has the same
 * eventfd (-EBUSY), the consumer refuses, there is no memory. It is tried again when
 * the vector is bound or unmasked the next time.
 */
void ims_bypass_begin(struct ims_vector *vector)
{
	const struct ims_line *line = ims_vector_line(vector);
	struct ims_bypass *bypass;
	int ret = -ENOMEM;

	lockdep_assert_held(&vector->vdev->lock);

	if (vector->bypass || !line || !vector->eventfd || vector->masked ||
	    vector->quiet || ims_vector_limited(vector) ||
	    !ims_bypass_on(vector->vdev))
		return;

	bypass = kzalloc(sizeof(*bypass), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (bypass) {
		bypass->vector = vector;
		bypass->producer.add_consumer = ims_bypass_add_consumer;
		bypass->producer.del_consumer = ims_bypass_del_consumer;
		ret = ims_compat_bypass_register(&bypass->producer,
						 vector->eventfd,
						 line->irq.virq);
	}
	trace_ims_bypass(vector, ret);
	if (ret)
		kfree(bypass);
	else
		vector->bypass = bypass;
}

/*
 * The counterpart: when it returns, interrupts of @vector are the host's, and go to
 * its handler. Nothing happens if it is no producer.
 */
void ims_bypass_end(struct ims_vector *vector)
{
	struct ims_bypass *bypass = vector->bypass;

	lockdep_assert_held(&vector->vdev->lock);

	if (!bypass)
		return;
	ims_compat_bypass_unregister(&bypass->producer);
	vector->bypass = NULL;
	kfree(bypass);
}

/* Change the mode of a device. Cannot fail. */
void ims_bypass_set(struct ims_vdev *vdev, enum ims_bypass_mode mode)
{
	struct ims_vector *vector;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	if (vdev->bypass == mode)
		return;
	WRITE_ONCE(vdev->bypass, mode);
	for (i = 0; (vector = ims_vector_next(vdev, i)); i = vector->index + 1) {
		if (ims_bypass_on(vdev))
			ims_bypass_begin(vector);
		else
			ims_bypass_end(vector);
		cond_resched();
	}
	ims_event_device(vdev, IMS_EVENT_CHANGE);
}
