// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux IRQs of a store's domain, and the remapping entries below them.
 *
 * The parent's allocator wants what PCI/MSI would give it: an irq_alloc_info
 * whose descriptor names the device (arch/x86/include/asm/hw_irq.h; the users
 * are the *_irq_remapping_alloc() and prepare_irte() of
 * drivers/iommu/intel/irq_remapping.c and drivers/iommu/amd/iommu.c). It gives
 * one entry for MSI-X and a row of them for multi-MSI.
 *
 * Intel's looks for a free entry from the first of the IOMMU's on, for each
 * request: the more interrupts a host has, the longer it takes to add one. What
 * comes in numbers is therefore allocated in runs, rows of entries. The price:
 * a row is released as a whole, when its first entry is (clear_entries() in
 * drivers/iommu/intel/irq_remapping.c). That one belongs to a Linux IRQ of its
 * own, the leader, which has no slot, is never requested, and lives as long as
 * any other of its run.
 *
 * A run that is empty but for one interrupt holds all its entries. (They are not
 * present: an entry is cleared when its interrupt is freed.) Lest somebody takes
 * the host's table by such runs, a client with more idle entries than slots in
 * use gets no further run: it holds at most three times as many entries as it
 * ever had slots. (As many with runs, all but one of each freed; as many idle;
 * and as many one by one.)
 *
 * AMD's has a table for each device, and frees entries one by one; without
 * remapping there is no table. There runs would only cost.
 */
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/msi.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <asm/hw_irq.h>

#include "ims_internal.h"

/* Entries of a run, powers of 2: less is not worth a leader. */
#define IMS_RUN_MIN	16U
#define IMS_RUN_MAX	256U

/* How long none is asked for after the table had none: the host's log has it. */
#define IMS_RUNS_PAUSE	(10 * HZ)

/**
 * struct ims_run - a row of remapping entries, the data of its leader's chip
 * @users: interrupts that are there, the leader not counted
 * @size: entries, the leader's included
 * @leader: its Linux IRQ
 */
struct ims_run {
	refcount_t users;
	unsigned int size;
	unsigned int leader;
};

/**
 * struct ims_irqs_arg - from ims_irqs_create() to ims_irqs_alloc()
 * @info: for the parents; they may write to it
 * @irqs: one for each interrupt
 * @nr: how many
 * @runs: in runs, where they are enough
 */
struct ims_irqs_arg {
	struct irq_alloc_info info;
	struct ims_irq *irqs;
	unsigned int nr;
	bool runs;
};

/* How many entries to take at once for the first of @nr interrupts. */
static unsigned int ims_run_size(unsigned int nr, bool runs)
{
	if (!runs || nr + 1 < IMS_RUN_MIN)
		return 1;
	return min_t(unsigned int, rounddown_pow_of_two(nr + 1), IMS_RUN_MAX);
}

/* Linux IRQs that @nr interrupts take, leaders included */
static unsigned int ims_irqs_needed(unsigned int nr, bool runs)
{
	unsigned int size, needed = 0;

	for (; nr; nr -= size > 1 ? size - 1 : 1) {
		size = ims_run_size(nr, runs);
		needed += size;
	}
	return needed;
}

static void ims_irq_set(struct irq_domain *domain, struct ims_irq *irq,
			unsigned int virq, struct ims_run *run)
{
	struct ims_store *store = domain->host_data;
	struct ims_slot *slot = &store->slots[irq->slot];
	struct irq_data *d = irq_get_irq_data(virq);

	/*
	 * What irq_domain_set_info() does, without taking the driver's bus lock.
	 * That may wait for the device, and the core's domain mutex is held, for
	 * which the whole host waits to allocate interrupts. Nor is the lock
	 * needed that this helper is named for: nobody has the IRQ yet.
	 */
	d->hwirq = irq->slot;
	d->chip_data = store;
	irq_set_chip_handler_name_locked(d, &store->chip, handle_edge_irq,
					 "edge");
	slot->run = run;
	slot->virq = virq;
	slot->irq_data = d;
	irq->virq = virq;
	irq->data = d;
}

static int ims_single_alloc(struct irq_domain *domain, unsigned int virq,
			    const struct ims_irqs_arg *arg, struct ims_irq *irq)
{
	struct irq_alloc_info info = arg->info;
	int ret;

	info.type = X86_IRQ_ALLOC_TYPE_PCI_MSIX;
	info.hwirq = irq->slot;
	ret = irq_domain_alloc_irqs_parent(domain, virq, 1, &info);
	if (!ret)
		ims_irq_set(domain, irq, virq, NULL);
	return ret;
}

static int ims_run_alloc(struct irq_domain *domain, unsigned int virq,
			 unsigned int size, const struct ims_irqs_arg *arg,
			 struct ims_irq *irqs)
{
	struct ims_store *store = domain->host_data;
	struct irq_alloc_info info = arg->info;
	struct ims_run *run;
	unsigned int i;
	int ret;

	run = kmalloc(sizeof(*run), GFP_KERNEL);
	if (!run)
		return -ENOMEM;
	refcount_set(&run->users, size - 1);
	run->size = size;
	run->leader = virq;

	info.type = X86_IRQ_ALLOC_TYPE_PCI_MSI;
	ret = irq_domain_alloc_irqs_parent(domain, virq, size, &info);
	if (ret) {
		kfree(run);
		return ret;
	}
	/*
	 * Not the number of a slot, and no other leader's. Who probes for
	 * interrupts (probe_irq_on()) would start all that nobody has requested.
	 */
	irq_domain_set_hwirq_and_chip(domain, virq,
				      (irq_hw_number_t)store->hwsize + virq,
				      &dummy_irq_chip, run);
	irq_set_noprobe(virq);
	for (i = 1; i < size; i++)
		ims_irq_set(domain, &irqs[i - 1], virq + i, run);
	return 0;
}

/* The interrupt core's: fill @nr_irqs Linux IRQs, all or none. */
int ims_irqs_alloc(struct irq_domain *domain, unsigned int virq,
		   unsigned int nr_irqs, void *data)
{
	struct ims_irqs_arg *arg = data;
	unsigned int size, done = 0, i;
	int ret;

	for (i = 0; i < nr_irqs; i += size) {
		size = ims_run_size(arg->nr - done, arg->runs);
		if (size > 1) {
			ret = ims_run_alloc(domain, virq + i, size, arg,
					    arg->irqs + done);
			done += size - 1;
		} else {
			ret = ims_single_alloc(domain, virq + i, arg,
					       arg->irqs + done);
			done++;
		}
		if (ret) {
			ims_irqs_free(domain, virq, i);
			return ret;
		}
	}
	return 0;
}

/* The interrupt core's: the opposite. */
void ims_irqs_free(struct irq_domain *domain, unsigned int virq,
		   unsigned int nr_irqs)
{
	struct ims_store *store = domain->host_data;
	struct irq_data *d;
	unsigned int i;

	for (i = 0; i < nr_irqs; i++) {
		d = irq_get_irq_data(virq + i);
		/* The core has taken the chip away already, not its data. */
		if (irqd_to_hwirq(d) >= store->hwsize)
			kfree(irq_data_get_irq_chip_data(d));
	}
	irq_domain_free_irqs_common(domain, virq, nr_irqs);
}

/* May the next request of @client have runs? */
bool ims_irqs_runs(const struct ims_client *client)
{
	const struct ims_store *store = client->store;

	lockdep_assert_held(&store->lock);

	return store->runs && client->idle <= (int)client->used &&
	       time_after_eq(jiffies, READ_ONCE(store->runs_again));
}

/**
 * ims_irqs_create - make Linux IRQs, all or none
 * @store: the store
 * @irqs: their slots are booked; out: virq
 * @nr: number of @irqs
 * @runs: in runs, unless there are no such rows of entries (any more)
 *
 * Return: 0 or what the interrupt core says.
 */
int ims_irqs_create(struct ims_store *store, struct ims_irq *irqs,
		    unsigned int nr, bool runs)
{
	struct msi_desc desc = { .dev = &store->pdev->dev };
	struct ims_irqs_arg arg = {
		.info = {
			.devid = pci_dev_id(store->pdev),
			.desc = &desc,
		},
		.irqs = irqs,
		.nr = nr,
		.runs = runs,
	};
	unsigned int needed = ims_irqs_needed(nr, runs);
	int ret;

	ret = __irq_domain_alloc_irqs(store->domain, -1, needed,
				      dev_to_node(&store->pdev->dev), &arg,
				      false, NULL);
	if (ret < 0 && needed != nr) {
		arg.runs = false;
		ret = __irq_domain_alloc_irqs(store->domain, -1, nr,
					      dev_to_node(&store->pdev->dev),
					      &arg, false, NULL);
		if (ret >= 0)
			WRITE_ONCE(store->runs_again, jiffies + IMS_RUNS_PAUSE);
	}
	return ret < 0 ? ret : 0;
}

/**
 * ims_irq_dispose - give up the Linux IRQ of a slot
 * @slot: the slot; its interrupt is not requested any more, and no CPU is on its
 *	way to it
 *
 * Context: process context, without store->lock. May sleep.
 *
 * Return: by how many there are more idle entries, for the client's @idle.
 */
int ims_irq_dispose(struct ims_slot *slot)
{
	struct ims_run *run = slot->run;
	int idle = 1;

	irq_dispose_mapping(slot->virq);
	if (!run)
		return 0;
	if (refcount_dec_and_test(&run->users)) {
		idle -= (int)run->size - 1;
		irq_dispose_mapping(run->leader);
	}
	return idle;
}
