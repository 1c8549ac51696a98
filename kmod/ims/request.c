// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requesting allocated interrupts, and the CPUs that they go to.
 *
 * A CPU's vector is taken when an interrupt is requested. When the CPUs of its
 * affinity have none left, x86 takes one of any other CPU and says so in the log
 * ("Affinity broken due to vector space exhaustion", activate_reserved() in
 * arch/x86/kernel/apic/vector.c); when no CPU has one, the request fails. Guests
 * choose how often they ask. So a store that was refused does not ask again for a
 * while, and one whose interrupt went astray lets those that follow go to any CPU
 * first and moves them afterwards, which is done in silence.
 */
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/interrupt.h>

#include "ims_internal.h"

/*
 * The kernel's default affinity (irqaffinity=, /proc/irq/default_smp_affinity). It
 * is not exported, but a new Linux IRQ begins with a copy of it (desc_smp_init() in
 * kernel/irq/irqdesc.c). 0 or a negative errno.
 */
static int ims_default_affinity(struct cpumask *mask)
{
	int virq = irq_alloc_desc(NUMA_NO_NODE);

	if (virq < 0)
		return virq;
	cpumask_copy(mask, irq_data_get_affinity_mask(irq_get_irq_data(virq)));
	irq_free_desc(virq);
	return 0;
}

static int ims_set_affinity(unsigned int virq, const struct cpumask *affinity)
{
	cpumask_var_t mask;
	int ret;

	if (affinity)
		return irq_set_affinity(virq, affinity);
	if (!alloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	ret = ims_default_affinity(mask);
	if (!ret)
		ret = irq_set_affinity(virq, mask);
	free_cpumask_var(mask);
	return ret;
}

/**
 * ims_irq_set_affinity - let an interrupt go to other CPUs
 * @irq: an allocated interrupt
 * @affinity: the CPUs, or NULL for the kernel's default affinity as it is now
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EINVAL when none of the CPUs is online; -ENOSPC when they have no
 * vector left; -ENOMEM; else what irq_set_affinity() returns. On error the
 * interrupt goes where it went.
 */
int ims_irq_set_affinity(struct ims_irq *irq, const struct cpumask *affinity)
{
	int ret = ims_set_affinity(irq->virq, affinity);

	if (!ret)
		WRITE_ONCE(irq->astray, false);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_irq_set_affinity);

/**
 * ims_irq_affinity_broken - does an interrupt go to a CPU that it was not to go to?
 * @irq: an interrupt that was allocated and requested
 * @affinity: the CPUs that were asked for, or NULL for the default
 *
 * The CPUs had no vector left, or they are offline. The answer is for show: the
 * interrupt may be moved at the same time.
 *
 * Context: any; under RCU also while the interrupt is freed, whose descriptor stays
 * for a grace period (free_desc() in kernel/irq/irqdesc.c).
 *
 * Return: whether it does.
 */
bool ims_irq_affinity_broken(const struct ims_irq *irq,
			     const struct cpumask *affinity)
{
	const struct cpumask *mask;
	unsigned int cpu;

	/* On x86 an interrupt goes to one CPU. The core may write both masks. */
	mask = irq_data_get_effective_affinity_mask(irq->data);
	cpu = data_race(cpumask_first(mask));
	if (cpu >= nr_cpu_ids)
		return false;
	if (!affinity && READ_ONCE(irq->astray))
		return true;
	mask = affinity ?: irq_data_get_affinity_mask(irq->data);
	return !data_race(cpumask_test_cpu(cpu, mask));
}
EXPORT_SYMBOL_GPL(ims_irq_affinity_broken);

/**
 * ims_request_irq - request an allocated interrupt
 * @irq: the interrupt
 * @handler: as for request_irq()
 * @name: as for request_irq(); must stay until free_irq()
 * @arg: as for request_irq()
 * @affinity: CPUs that may handle it, or NULL for the kernel's default affinity
 *
 * The message is written, and the CPU's vector is taken. When none of the CPUs has
 * one left, the interrupt goes to another: ims_irq_affinity_broken() tells. The
 * counterpart is free_irq().
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -ENOSPC when no CPU has a vector left, also for a while after that was
 * so; -ENOMEM; else what irq_set_affinity() and request_irq() return.
 */
int ims_request_irq(struct ims_irq *irq, irq_handler_t handler,
		    const char *name, void *arg, const struct cpumask *affinity)
{
	struct ims_store *store = ims_irq_store(irq);
	bool crowded;
	int ret = 0;

	if (ims_is_paused(&store->vectors_again))
		return -ENOSPC;
	crowded = ims_is_paused(&store->crowded_until);

	WRITE_ONCE(irq->astray, false);
	if (crowded)
		ret = irq_set_affinity(irq->virq, cpu_online_mask);
	/* Whoever had the Linux IRQ before may have set one. */
	else if (affinity || irqd_affinity_was_set(irq->data))
		ret = ims_set_affinity(irq->virq, affinity);
	if (ret)
		return ret;

	ret = request_irq(irq->virq, handler, 0, name, arg);
	if (ret == -ENOSPC)
		WRITE_ONCE(store->vectors_again, jiffies + IMS_PAUSE);
	if (ret)
		return ret;

	if (crowded && ims_set_affinity(irq->virq, affinity))
		WRITE_ONCE(irq->astray, true);
	if (!crowded && ims_irq_affinity_broken(irq, affinity))
		WRITE_ONCE(store->crowded_until, jiffies + IMS_PAUSE);
	return 0;
}
EXPORT_SYMBOL_GPL(ims_request_irq);
