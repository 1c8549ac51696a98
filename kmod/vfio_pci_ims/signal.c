// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals that do not come from hardware: by the virtual device's driver (the
 * intercepted path) and by loopback. And what becomes of an interrupt or a
 * signal that finds no trigger.
 */
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/sched.h>

#include "vector.h"

/*
 * An interrupt or signal met vector->trigger == NULL. Keep it if the vector is
 * masked, drop it if there is no eventfd, and if the vector was unmasked or
 * bound since the look at vector->trigger, tell the eventfd to signal.
 *
 * Context: any; in an RCU read section. *@eventfd stays as long as the handler
 * runs, or a sender is counted, or vdev->lock is held: see ims_vector_quiesce().
 */
enum vfio_pci_ims_signal ims_vector_catch(struct ims_vector *vector,
					  struct eventfd_ctx **eventfd)
{
	enum vfio_pci_ims_signal ret;
	unsigned long flags;

	spin_lock_irqsave(&vector->lock, flags);
	*eventfd = rcu_dereference_check(vector->trigger,
					 lockdep_is_held(&vector->lock));
	if (*eventfd) {
		ret = VFIO_PCI_IMS_SIGNAL_DELIVERED;
	} else if (vector->eventfd) {
		WRITE_ONCE(vector->pending, true);
		WRITE_ONCE(vector->pended, vector->pended + 1);
		ret = VFIO_PCI_IMS_SIGNAL_PENDING;
	} else {
		WRITE_ONCE(vector->dropped, vector->dropped + 1);
		ret = VFIO_PCI_IMS_SIGNAL_NO_TRIGGER;
	}
	spin_unlock_irqrestore(&vector->lock, flags);
	return ret;
}

/* Signal @vector's eventfd, or what ims_vector_catch() makes of it. */
static enum vfio_pci_ims_signal ims_vector_signal(struct ims_vector *vector)
{
	struct eventfd_ctx *eventfd = rcu_dereference(vector->trigger);
	enum vfio_pci_ims_signal ret = VFIO_PCI_IMS_SIGNAL_DELIVERED;

	if (unlikely(!eventfd))
		ret = ims_vector_catch(vector, &eventfd);
	if (ret == VFIO_PCI_IMS_SIGNAL_DELIVERED) {
		WRITE_ONCE(vector->last, jiffies);
		eventfd_signal(eventfd);
	}
	return ret;
}

/*
 * The line that a live vector had before is gone, and maybe an interrupt with it:
 * one that a CPU has accepted, but whose handler free_irq() took away before it
 * ran, or one that the device raised when the slot was masked already and not
 * empty yet. Nobody can tell, x86's interrupt chips do not say what is under way.
 * Devices raise one interrupt for what they have done and wait until it is seen,
 * so none must be missing, and one too many does no harm: signal the vector as
 * that interrupt would have.
 *
 * After free_irq(), so that it comes after all that the old slot was fired for.
 * vdev->lock keeps the eventfd. Counted as what it stands for.
 */
void ims_vector_make_up(struct ims_vector *vector)
{
	lockdep_assert_held(&vector->vdev->lock);

	rcu_read_lock();
	if (ims_vector_signal(vector) == VFIO_PCI_IMS_SIGNAL_DELIVERED)
		vector->delivered++;
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
	ret = ims_vector_signal(v);
	if (ret == VFIO_PCI_IMS_SIGNAL_DELIVERED)
		atomic64_inc(&v->signalled);
	/* The eventfd may go when ims_vector_quiesce() has seen this. */
	(void)atomic_fetch_dec_release(&v->senders);
out:
	rcu_read_unlock();
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_send_signal);

/* Are all of them live? If not -EINVAL, and *@culprit is the first that is not. */
int ims_block_check_live(struct ims_vdev *vdev, u32 start, u32 count,
			 const u8 *bools, u32 *culprit)
{
	const struct ims_vector *vector;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	for (i = 0; i < count; i++) {
		if (bools && !bools[i])
			continue;
		vector = ims_vector_get(vdev, start + i);
		if (!vector || !vector->eventfd) {
			*culprit = start + i;
			return -EINVAL;
		}
	}
	return 0;
}

/*
 * Loopback: signal the vectors of a range for which @bools is set, or with NULL
 * all. All of them must be live, else -EINVAL, nothing signalled, and *@culprit
 * is the first that is not.
 */
int ims_block_signal(struct ims_vdev *vdev, u32 start, u32 count,
		     const u8 *bools, u32 *culprit)
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
		rcu_read_lock();
		if (ims_vector_signal(vector) == VFIO_PCI_IMS_SIGNAL_DELIVERED)
			vector->loopback++;
		rcu_read_unlock();
		/* There may be many, each with many who wait for it. */
		cond_resched();
	}
	return 0;
}

/* Have all of them a Linux interrupt? If not -EINVAL, likewise. */
int ims_block_check_lines(struct ims_vdev *vdev, u32 start, u32 count,
			  const u8 *bools, u32 *culprit)
{
	const struct ims_vector *vector;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	for (i = 0; i < count; i++) {
		if (bools && !bools[i])
			continue;
		vector = ims_vector_get(vdev, start + i);
		if (!vector || !ims_vector_line(vector)) {
			*culprit = start + i;
			return -EINVAL;
		}
	}
	return 0;
}

/*
 * Raise the Linux interrupts of vectors, as their slots would. All of them must
 * have one, else -EINVAL and nothing is raised. One that is raised while the one
 * before has yet to be handled is one with it (-EBUSY of
 * irq_inject_interrupt()), as in the CPU's interrupt register. -EIO: the
 * interrupt core refuses, those before *@culprit were raised.
 */
int ims_block_inject(struct ims_vdev *vdev, u32 start, u32 count,
		     const u8 *bools, u32 *culprit)
{
	const struct ims_line *line;
	int ret;
	u32 i;

	ret = ims_block_check_lines(vdev, start, count, bools, culprit);
	if (ret)
		return ret;

	for (i = 0; i < count; i++) {
		if (bools && !bools[i])
			continue;
		line = ims_vector_line(ims_vector_get(vdev, start + i));
		ret = irq_inject_interrupt(line->irq.virq);
		if (ret && ret != -EBUSY) {
			*culprit = start + i;
			return -EIO;
		}
		cond_resched();
	}
	return 0;
}
