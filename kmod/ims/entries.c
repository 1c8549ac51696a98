// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux IRQs of a store's domain, and the remapping entries that they have. A
 * client holds those of its interrupts and some that are idle, which are used
 * again before others are allocated.
 *
 * Intel's remapping looks for a free entry from the first of the IOMMU's on, for
 * each request, in steps of what is asked for (alloc_irte() in
 * drivers/iommu/intel/irq_remapping.c): the more interrupts a host has, the
 * longer it takes to add one. Rows of two need half as many requests, and each
 * takes half as many steps. The price is that such a row is released as a whole,
 * with its first entry (clear_entries() there). So a row is only given up when
 * both of its interrupts are idle.
 *
 * Rows are not longer for the sake of the host's table. Who gives up all
 * interrupts but one of each row keeps two entries for each slot, and these cannot
 * be taken away. Rows of which nothing is in use can: they are given up as soon as
 * there are too many (ims_entries_trim()), or when they have been idle for long.
 * That is why a client never holds more than twice its slots and
 * %IMS_ENTRIES_SPARE entries, whatever it did before.
 *
 * AMD's remapping has a table for each device, and releases entries one by one;
 * without remapping there is no table. There rows have one entry.
 *
 * The parent's allocator wants what PCI/MSI would give it: an irq_alloc_info
 * whose descriptor names the device (arch/x86/include/asm/hw_irq.h; the users are
 * the *_irq_remapping_alloc() and prepare_irte() of Intel's file and of
 * drivers/iommu/amd/iommu.c). For multi-MSI it allocates a row, and otherwise one.
 */
#include <linux/jiffies.h>
#include <linux/msi.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <asm/hw_irq.h>

#include "ims_internal.h"

/* Entries that a client may hold beside two for each of its slots. */
#define IMS_ENTRIES_SPARE	32

/* How long a row may be idle. */
#define IMS_ENTRIES_KEEP	(10 * HZ)

/*
 * How many are allocated at once. The interrupt core's domain mutex, for which the
 * whole host waits to allocate interrupts, is free in between.
 */
#define IMS_ENTRIES_BATCH	32U

/* How long the parent is not asked for rows of two after it had none. */
#define IMS_ROWS_PAUSE		(10 * HZ)

/**
 * struct ims_rows_arg - from ims_rows_create() to ims_irqs_alloc()
 * @info: for the parents; they may write to it
 * @store: the store
 * @rows: out: the rows
 * @pairs: rows of two
 * @refused: out: it was the parent that failed
 */
struct ims_rows_arg {
	struct irq_alloc_info info;
	struct ims_store *store;
	struct list_head rows;
	bool pairs;
	bool refused;
};

/* The row has got or lost a user: put it where it is looked for. */
static void ims_row_file(struct ims_client *client, struct ims_row *row)
{
	if (row->used == row->size) {
		list_del_init(&row->node);
	} else if (row->used) {
		list_move(&row->node, &client->partial);
	} else {
		row->idle_since = jiffies;
		list_move(&row->node, &client->spare);
	}
}

/* The domain knows an idle IRQ by a number that is no slot's. */
static irq_hw_number_t ims_entry_idle_hwirq(const struct ims_entry *entry)
{
	return (irq_hw_number_t)entry->store->hwsize + entry->data->irq;
}

static void ims_entry_init(struct ims_entry *entry, struct ims_row *row,
			   struct irq_domain *domain, unsigned int virq)
{
	struct ims_store *store = domain->host_data;
	struct irq_data *d = irq_get_irq_data(virq);

	entry->row = row;
	entry->store = store;
	entry->data = d;
	entry->cpu = -1;
	entry->last_cpu = -1;
	/*
	 * What irq_domain_set_info() does, without taking the driver's bus lock.
	 * That may wait for the device, and the core's domain mutex is held. Nor
	 * is the lock needed that this helper is named for: nobody has the IRQ yet.
	 */
	d->hwirq = ims_entry_idle_hwirq(entry);
	d->chip_data = entry;
	irq_set_chip_handler_name_locked(d, &store->chip, handle_edge_irq,
					 "edge");
	/*
	 * Who probes for interrupts (probe_irq_on()) would start all that nobody
	 * has requested. IRQ_IS_POLLED excludes an interrupt from the detection of
	 * misrouted ones and from polling by the core (irqpoll), which handlers
	 * that cannot ask the device would take for an interrupt.
	 */
	irq_set_status_flags(virq, IRQ_NOPROBE | IRQ_IS_POLLED);
}

static int ims_row_alloc(struct irq_domain *domain, unsigned int virq,
			 unsigned int size, struct ims_rows_arg *arg)
{
	struct irq_alloc_info info = arg->info;
	struct ims_row *row;
	unsigned int i;
	int ret;

	row = kzalloc(struct_size(row, entries, size), GFP_KERNEL_ACCOUNT);
	if (!row)
		return -ENOMEM;
	row->size = size;

	info.type = size > 1 ? X86_IRQ_ALLOC_TYPE_PCI_MSI :
			       X86_IRQ_ALLOC_TYPE_PCI_MSIX;
	ret = irq_domain_alloc_irqs_parent(domain, virq, size, &info);
	if (ret) {
		arg->refused = true;
		kfree(row);
		return ret;
	}
	for (i = 0; i < size; i++)
		ims_entry_init(&row->entries[i], row, domain, virq + i);
	list_add_tail(&row->node, &arg->rows);
	return 0;
}

/* The interrupt core's: fill @nr_irqs Linux IRQs, all or none. */
int ims_irqs_alloc(struct irq_domain *domain, unsigned int virq,
		   unsigned int nr_irqs, void *data)
{
	struct ims_rows_arg *arg = data;
	unsigned int size = arg->pairs ? 2 : 1, i;
	int ret;

	for (i = 0; i < nr_irqs; i += size) {
		ret = ims_row_alloc(domain, virq + i, size, arg);
		if (ret) {
			ims_irqs_free(domain, virq, i);
			return ret;
		}
	}
	return 0;
}

/* The interrupt core's: the opposite. The rows' memory is the caller's. */
void ims_irqs_free(struct irq_domain *domain, unsigned int virq,
		   unsigned int nr_irqs)
{
	irq_domain_free_irqs_common(domain, virq, nr_irqs);
}

static int ims_rows_alloc(struct ims_rows_arg *arg, unsigned int nr, bool pairs)
{
	struct ims_store *store = arg->store;
	int node = dev_to_node(&store->pdev->dev);
	struct ims_row *row, *next;
	int ret;

	INIT_LIST_HEAD(&arg->rows);
	arg->pairs = pairs;
	arg->refused = false;
	ret = __irq_domain_alloc_irqs(store->domain, -1,
				      pairs ? round_up(nr, 2) : nr, node, arg,
				      false, NULL);
	if (ret >= 0)
		return 0;
	list_for_each_entry_safe(row, next, &arg->rows, node)
		kfree(row);
	return ret;
}

/*
 * Allocate at least @nr entries more for @client, as rows of which nothing is in
 * use. -ENOSPC: the parent has none.
 */
static int ims_rows_create(struct ims_client *client, unsigned int nr)
{
	struct ims_store *store = client->store;
	struct msi_desc desc = { .dev = &store->pdev->dev };
	struct ims_rows_arg arg = {
		.info = {
			.devid = pci_dev_id(store->pdev),
			.desc = &desc,
		},
		.store = store,
	};
	struct ims_row *row;
	bool pairs;
	int ret;

	pairs = store->pairs && !ims_is_paused(&store->pairs_again);
	ret = ims_rows_alloc(&arg, nr, pairs);
	if (ret && pairs && arg.refused) {
		/* There may be single ones between those of others. */
		WRITE_ONCE(store->pairs_again, jiffies + IMS_ROWS_PAUSE);
		ret = ims_rows_alloc(&arg, nr, false);
	}
	/*
	 * Intel's says -ENOMEM when its table is full, AMD's -ENOSPC. That the parent
	 * itself had no memory cannot be told apart.
	 */
	if (arg.refused && (ret == -ENOMEM || ret == -ENOSPC)) {
		WRITE_ONCE(store->entries_again, jiffies + IMS_PAUSE);
		return -ENOSPC;
	}
	if (ret)
		return ret;

	mutex_lock(&store->lock);
	list_for_each_entry(row, &arg.rows, node) {
		row->idle_since = jiffies;
		client->entries += row->size;
		store->entries += row->size;
	}
	list_splice(&arg.rows, &client->spare);
	ims_client_tell_later(client);
	mutex_unlock(&store->lock);
	return 0;
}

/* May the parent be asked for @nr entries? */
static bool ims_entries_may_ask(const struct ims_store *store, unsigned int nr)
{
	lockdep_assert_held(&store->lock);

	if (store->capacity && store->entries + nr > store->capacity)
		return false;
	return !ims_is_paused(&store->entries_again);
}

/* An idle entry of @client, or NULL. First of rows that cannot be given up. */
static struct ims_entry *ims_entry_idle(struct ims_client *client)
{
	struct ims_row *row;
	unsigned int i = 0;

	row = list_first_entry_or_null(&client->partial, struct ims_row, node);
	if (!row)
		row = list_first_entry_or_null(&client->spare, struct ims_row,
					       node);
	if (!row)
		return NULL;
	while (row->entries[i].slot)
		i++;
	return &row->entries[i];
}

static void ims_entry_assign(struct ims_client *client, struct ims_entry *entry,
			     struct ims_irq *irq)
{
	struct ims_slot *slot = &client->store->slots[irq->slot];

	entry->slot = slot;
	slot->entry = entry;
	/* For show: the domain is not searched by it. */
	WRITE_ONCE(entry->data->hwirq, irq->slot);
	irq->data = entry->data;
	irq->virq = entry->data->irq;
	if (entry->hidden)
		irq_clear_status_flags(irq->virq, IRQ_HIDDEN);
	entry->hidden = false;
	entry->row->used++;
	ims_row_file(client, entry->row);
}

/**
 * ims_entries_take - get a Linux IRQ for each of @irqs, all or none
 * @client: for whom; its quota has been taken
 * @irqs: their slots are taken; out: virq and data
 * @nr: number of @irqs
 *
 * Context: process context, without store->lock. May sleep.
 *
 * Return: 0; -ENOSPC when there are no entries left, or were no CPU vectors just
 * now; -ENOMEM; else what the interrupt core says.
 */
int ims_entries_take(struct ims_client *client, struct ims_irq *irqs,
		     unsigned int nr)
{
	struct ims_store *store = client->store;
	struct ims_entry *entry;
	unsigned int done = 0;
	int ret = 0;

	/*
	 * They could not be requested. Making them would be a line in the log:
	 * "Interrupt reservation exceeds available resources"
	 * (irq_matrix_reserve() in kernel/irq/matrix.c).
	 */
	if (ims_is_paused(&store->vectors_again))
		return -ENOSPC;

	mutex_lock(&store->lock);
	while (!ret && done < nr) {
		entry = ims_entry_idle(client);
		if (entry) {
			ims_entry_assign(client, entry, &irqs[done++]);
			continue;
		}
		if (!ims_entries_may_ask(store, nr - done)) {
			ret = -ENOSPC;
			break;
		}
		mutex_unlock(&store->lock);
		cond_resched();
		ret = ims_rows_create(client, min(nr - done, IMS_ENTRIES_BATCH));
		mutex_lock(&store->lock);
	}
	if (ret)
		ims_entries_give(client, irqs, done);
	mutex_unlock(&store->lock);
	return ret;
}

/**
 * ims_entries_give - the counterpart: the Linux IRQs of @irqs are idle
 * @client: whose they were; ims_entries_trim() follows
 * @irqs: the interrupts, not requested any more, and no CPU is on its way to them
 * @nr: number of @irqs
 *
 * Context: process context, with store->lock held
 */
void ims_entries_give(struct ims_client *client, const struct ims_irq *irqs,
		      unsigned int nr)
{
	struct ims_store *store = client->store;
	struct ims_entry *entry;
	unsigned int i;

	lockdep_assert_held(&store->lock);

	for (i = 0; i < nr; i++) {
		entry = store->slots[irqs[i].slot].entry;
		/* /proc/interrupts would show its counts, and nobody's name. */
		irq_set_status_flags(entry->data->irq, IRQ_HIDDEN);
		entry->hidden = true;
		WRITE_ONCE(entry->data->hwirq, ims_entry_idle_hwirq(entry));
		entry->slot->entry = NULL;
		entry->slot = NULL;
		entry->cpu = -1;
		entry->last_cpu = -1;
		entry->row->used--;
		ims_row_file(client, entry->row);
	}
	if (nr)
		queue_delayed_work(system_unbound_wq, &store->expire,
				   IMS_ENTRIES_KEEP);
}

/* Take the row that has been idle for longest from @client. */
static void ims_row_remove(struct ims_client *client, struct list_head *rows)
{
	struct ims_row *row = list_last_entry(&client->spare, struct ims_row,
					      node);

	client->entries -= row->size;
	client->store->entries -= row->size;
	list_move(&row->node, rows);
	ims_client_tell_later(client);
}

/*
 * Take from @client what it holds above the bound at the top; ims_rows_dispose()
 * follows. With store->lock held.
 */
void ims_entries_trim(struct ims_client *client, struct list_head *rows)
{
	lockdep_assert_held(&client->store->lock);

	while (!list_empty(&client->spare) &&
	       client->entries > 2 * client->used + IMS_ENTRIES_SPARE)
		ims_row_remove(client, rows);
}

/* Take all that is idle from @client, of which nothing is in use. */
void ims_entries_drain(struct ims_client *client, struct list_head *rows)
{
	lockdep_assert_held(&client->store->lock);

	while (!list_empty(&client->spare))
		ims_row_remove(client, rows);
}

/* Give the Linux IRQs of rows back, and their entries. Without store->lock. */
void ims_rows_dispose(struct list_head *rows)
{
	struct ims_row *row, *next;
	unsigned int i;

	list_for_each_entry_safe(row, next, rows, node) {
		/* The first one last: all entries of the row go with it. */
		for (i = row->size; i; i--)
			irq_dispose_mapping(row->entries[i - 1].data->irq);
		kfree(row);
		cond_resched();
	}
}

static void ims_entries_expire(struct work_struct *work)
{
	struct ims_store *store = container_of(to_delayed_work(work),
					       struct ims_store, expire);
	struct ims_client *client;
	struct ims_row *row;
	bool again = false;
	LIST_HEAD(rows);

	mutex_lock(&store->lock);
	list_for_each_entry(client, &store->clients, node) {
		while (!list_empty(&client->spare)) {
			row = list_last_entry(&client->spare, struct ims_row,
					      node);
			if (time_before(jiffies,
					row->idle_since + IMS_ENTRIES_KEEP)) {
				again = true;
				break;
			}
			ims_row_remove(client, &rows);
		}
	}
	mutex_unlock(&store->lock);
	ims_rows_dispose(&rows);
	if (again)
		queue_delayed_work(system_unbound_wq, &store->expire, HZ);
}

void ims_entries_init(struct ims_store *store)
{
	INIT_DELAYED_WORK(&store->expire, ims_entries_expire);
	store->pairs_again = jiffies;
	store->entries_again = jiffies;
	store->vectors_again = jiffies;
	store->crowded_until = jiffies;
}

/* The store ends, and none of its slots is in use. */
void ims_entries_end(struct ims_store *store)
{
	struct ims_client *client;
	LIST_HEAD(rows);

	cancel_delayed_work_sync(&store->expire);
	mutex_lock(&store->lock);
	list_for_each_entry(client, &store->clients, node)
		ims_entries_drain(client, &rows);
	mutex_unlock(&store->lock);
	ims_rows_dispose(&rows);
}

static void ims_nothing(void *unused)
{
}

/* Have each of @cpus handle an interrupt, and wait until it has. May sleep. */
void ims_cpus_interrupt(const struct cpumask *cpus)
{
	on_each_cpu_mask(cpus, ims_nothing, NULL, true);
}

/**
 * ims_entries_barrier - wait until no CPU is on its way to @irqs
 * @store: the store
 * @irqs: interrupts that are not requested any more
 * @nr: number of @irqs
 *
 * When free_irq() has returned, a CPU may still be on its way to the handler: it
 * has looked up the descriptor by its vector (common_interrupt() in
 * arch/x86/kernel/irq.c) and has not come to handle_edge_irq() yet, so that
 * free_irq() saw nobody to wait for. Were the descriptor taken apart now, or given
 * to another slot, the CPU would find handle_bad_irq() there ("unexpected IRQ
 * trap"), or its chip touch that slot.
 *
 * That CPU has interrupts off. So it has passed when it has handled an interrupt
 * that is sent now. Only CPUs that the interrupts went to get one, and those that
 * they went to before: x86 moves an interrupt again only when it has come up at
 * the CPU that it was moved to last (assign_vector_locked() in
 * arch/x86/kernel/apic/vector.c).
 *
 * Context: process context, with store->lock held, which guards the mask
 */
void ims_entries_barrier(struct ims_store *store, const struct ims_irq *irqs,
			 unsigned int nr)
{
	const struct ims_entry *entry;
	unsigned int i;

	lockdep_assert_held(&store->lock);

	cpumask_clear(store->cpus);
	for (i = 0; i < nr; i++) {
		entry = store->slots[irqs[i].slot].entry;
		if (entry->cpu >= 0)
			cpumask_set_cpu(entry->cpu, store->cpus);
		if (entry->last_cpu >= 0)
			cpumask_set_cpu(entry->last_cpu, store->cpus);
	}
	ims_cpus_interrupt(store->cpus);
}
