// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals that do not come from hardware: by the virtual device's driver (the
 * intercepted path) and by loopback. And what becomes of an interrupt or a
 * signal that finds no trigger.
 */
#include <linux/export.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/sched.h>

#include "engine.h"
#include "trace.h"

/*
 * An interrupt or signal met vector->trigger == NULL. Keep it if the vector is
 * masked, quiet, above its limit, or prepared and waiting for its eventfd; drop it if
 * there is none; and if it is to pass, also because the vector was unmasked or bound
 * since the look at vector->trigger, return the eventfd to signal. A @loopback meets
 * nothing but the mask: it does not come from the device.
 *
 * Context: any; in an RCU read section. *@eventfd stays as long as the handler
 * runs, or a sender is counted, or vdev->lock is held: see ims_vector_quiesce().
 */
enum vfio_pci_ims_signal ims_vector_defer(struct ims_vector *vector,
					  bool loopback,
					  struct eventfd_ctx **eventfd)
{
	enum vfio_pci_ims_signal ret;
	unsigned long flags;

	raw_spin_lock_irqsave(&vector->lock, flags);
	*eventfd = rcu_dereference_check(vector->trigger,
					 lockdep_is_held(&vector->lock));
	if (!*eventfd && vector->eventfd && !vector->masked &&
	    (loopback || (!vector->quiet && ims_limit_pass(vector))))
		*eventfd = vector->eventfd;
	if (*eventfd) {
		ret = VFIO_PCI_IMS_SIGNAL_DELIVERED;
	} else if (vector->eventfd || vector->prepared) {
		WRITE_ONCE(vector->pending, true);
		WRITE_ONCE(vector->pended, vector->pended + 1);
		ret = VFIO_PCI_IMS_SIGNAL_PENDING;
	} else {
		WRITE_ONCE(vector->dropped, vector->dropped + 1);
		ret = VFIO_PCI_IMS_SIGNAL_NO_TRIGGER;
	}
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	if (ret == VFIO_PCI_IMS_SIGNAL_PENDING)
		trace_ims_pended(vector);
	else if (ret == VFIO_PCI_IMS_SIGNAL_NO_TRIGGER)
		trace_ims_dropped(vector);
	return ret;
}

/*
 * Signal @vector's eventfd, or what ims_vector_defer() makes of it. @last: where the
 * caller keeps the time of the last one. @trace: the tracepoint of the caller's counter.
 */
static __always_inline enum vfio_pci_ims_signal
ims_vector_signal(struct ims_vector *vector, bool loopback, unsigned long *last,
		  void (*trace)(const struct ims_vector *vector))
{
	struct eventfd_ctx *eventfd = rcu_dereference(vector->trigger);
	enum vfio_pci_ims_signal ret = VFIO_PCI_IMS_SIGNAL_DELIVERED;

	if (unlikely(!eventfd))
		ret = ims_vector_defer(vector, loopback, &eventfd);
	if (ret == VFIO_PCI_IMS_SIGNAL_DELIVERED) {
		WRITE_ONCE(*last, jiffies);
		trace(vector);
		ims_compat_eventfd_signal(eventfd);
	}
	return ret;
}

/*
 * The line that a vector had before is gone, and maybe an interrupt with it: one
 * that a CPU has accepted, but whose handler free_irq() took away before it ran, or
 * one that the device raised when the slot was masked already and not empty yet.
 * Nobody can tell, x86's interrupt chips do not say what is under way. Devices
 * raise one interrupt for what they have done and wait until it is seen, so none
 * must be missing, and one too many does no harm: signal the vector as that
 * interrupt would have.
 *
 * After free_irq(), so that it comes after all that the old slot was fired for.
 * vdev->lock keeps the eventfd. Counted as what it stands for.
 */
void ims_vector_resend(struct ims_vector *vector)
{
	lockdep_assert_held(&vector->vdev->lock);

	rcu_read_lock();
	if (ims_vector_signal(vector, false, &vector->last, trace_ims_delivered) ==
	    VFIO_PCI_IMS_SIGNAL_DELIVERED)
		ims_count(&vector->delivered);
	rcu_read_unlock();
}

/**
 * vfio_pci_ims_send_signal - signal an emulated vector
 * @ims: the virtual device's interrupts; may be closed
 * @vector: number of the vector
 *
 * Context: any, interrupt context included (with PREEMPT_RT, where eventfds
 * sleep: any but that). Not from the wake-up callback of an eventfd. Takes no
 * mutex, does not allocate.
 *
 * Return: what became of it; a device that is not open has no emulated vectors.
 */
enum vfio_pci_ims_signal vfio_pci_ims_send_signal(struct vfio_pci_ims *ims,
						  u32 vector)
{
	enum vfio_pci_ims_signal ret = VFIO_PCI_IMS_SIGNAL_NOT_EMULATED;
	struct ims_vdev *vdev;
	struct ims_vector *v;

	rcu_read_lock();
	vdev = rcu_dereference(ims->vdev);
	if (!vdev || vector >= vdev->num_vectors)
		goto out;
	v = rcu_dereference(vdev->vectors[vector]);
	if (!v || !ims_vector_emulated(v))
		goto out;

	atomic_inc(&v->senders);
	/* Seen by ims_vector_quiesce(), or we see the trigger that it is after. */
	smp_mb__after_atomic();
	ret = ims_vector_signal(v, false, &v->signalled_last, trace_ims_signalled);
	if (ret == VFIO_PCI_IMS_SIGNAL_DELIVERED)
		atomic64_inc(&v->signalled);
	/* The eventfd may go when ims_vector_quiesce() has seen this. */
	(void)atomic_fetch_dec_release(&v->senders);
out:
	rcu_read_unlock();
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_send_signal);

/* Is vector @index bound? The first of the range that is not: *@failed. */
int ims_block_check_triggers(struct ims_vdev *vdev, u32 start, u32 count,
			     const u8 *bools, u32 *failed)
{
	const struct ims_vector *vector;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	for (i = 0; i < count; i++) {
		if (bools && !bools[i])
			continue;
		vector = ims_vector_get(vdev, start + i);
		if (!vector || !vector->eventfd) {
			*failed = start + i;
			return -EINVAL;
		}
	}
	return 0;
}

/* Loopback: signal the vectors of a range that have a trigger. */
void ims_block_signal(struct ims_vdev *vdev, u32 start, u32 count,
		      const u8 *bools)
{
	struct ims_vector *vector;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	for (i = 0; i < count; i++) {
		if (bools && !bools[i])
			continue;
		vector = ims_vector_get(vdev, start + i);
		if (!vector || !vector->eventfd)
			continue;
		rcu_read_lock();
		if (ims_vector_signal(vector, true, &vector->last, trace_ims_loopback) ==
		    VFIO_PCI_IMS_SIGNAL_DELIVERED)
			ims_count(&vector->loopback);
		rcu_read_unlock();
		/* There may be many, each with many who wait for it. */
		cond_resched();
	}
}

/* The same for: has it a Linux interrupt? */
int ims_block_check_lines(struct ims_vdev *vdev, u32 start, u32 count,
			  const u8 *bools, u32 *failed)
{
	const struct ims_vector *vector;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	for (i = 0; i < count; i++) {
		if (bools && !bools[i])
			continue;
		vector = ims_vector_get(vdev, start + i);
		if (!vector || !ims_vector_line(vector)) {
			*failed = start + i;
			return -EINVAL;
		}
	}
	return 0;
}

/*
 * Raise the Linux interrupts of vectors, as their slots would: see
 * ims_store_inject(). All of them must have one. One that is raised while the one
 * before has yet to be handled is one with it, as in the CPU's interrupt register.
 */
void ims_block_inject(struct ims_vdev *vdev, u32 start, u32 count,
		      const u8 *bools)
{
	const struct ims_line *line;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	for (i = 0; i < count; i++) {
		if (bools && !bools[i])
			continue;
		line = ims_vector_line(ims_vector_get(vdev, start + i));
		/* Cannot fail: the interrupt is requested. */
		ims_store_inject(vdev->store, line->irq.slot);
		cond_resched();
	}
}

/**
 * vfio_pci_ims_inject - raise a vector's interrupt as its slot would
 * @ims: the virtual device's interrupts
 * @vector: number of the vector
 *
 * For drivers whose hardware is software, and for tests: see ims_store_inject(),
 * which takes a slot and may be called from any context.
 *
 * Context: process context, may sleep. Not from the driver's callbacks.
 *
 * Return: 0; -ENOENT when the vector has no slot; -EINVAL for one beyond those
 * declared; -ENODEV when the device is not open or its parent is gone.
 */
int vfio_pci_ims_inject(struct vfio_pci_ims *ims, u32 vector)
{
	struct ims_vdev *vdev = ims_vdev_enter_range(ims, vector, 1);
	u32 failed;
	int ret = 0;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	if (ims_block_check_lines(vdev, vector, 1, NULL, &failed))
		ret = -ENOENT;
	else
		ims_block_inject(vdev, vector, 1, NULL);
	ims_vdev_leave(vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_inject);
