// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt core's side of a store: an irq_domain whose parent is the
 * device's interrupt-remapping domain, and an irq_chip that writes what the
 * parent composed into the driver's slots. hwirq is the slot's number.
 *
 * Exported symbols only. How interrupts come into the domain: entries.c.
 */
#include <linux/msi.h>

#include "ims_internal.h"

/*
 * The slot behind a Linux IRQ. An idle one (entries.c) has none. The interrupt core
 * uses its chip only when somebody tries to request it, who is refused when it is
 * to be activated.
 */
static u32 ims_chip_slot(struct irq_data *d)
{
	const struct ims_entry *entry = irq_data_get_irq_chip_data(d);

	return entry->slot - entry->store->slots;
}

static struct ims_store *ims_chip_store(struct irq_data *d)
{
	const struct ims_entry *entry = irq_data_get_irq_chip_data(d);

	return entry->store;
}

/* Compose by the nearest parent that can, as irq_chip_compose_msi_msg() does. */
static int ims_chip_compose(struct irq_data *d, struct msi_msg *msg)
{
	for (d = d->parent_data; d; d = d->parent_data) {
		if (!d->chip || !d->chip->irq_compose_msi_msg)
			continue;
		d->chip->irq_compose_msi_msg(d, msg);
		return 0;
	}
	return -EOPNOTSUPP;
}

static void ims_chip_write(struct irq_data *d, const struct msi_msg *msg)
{
	ims_slot_write(ims_chip_store(d), ims_chip_slot(d),
		       (u64)msg->address_hi << 32 | msg->address_lo, msg->data);
}

static void ims_chip_mask(struct irq_data *d)
{
	ims_slot_mask(ims_chip_store(d), ims_chip_slot(d));
}

static void ims_chip_unmask(struct irq_data *d)
{
	ims_slot_unmask(ims_chip_store(d), ims_chip_slot(d));
}

static int ims_chip_get_state(struct irq_data *d, enum irqchip_irq_state which,
			      bool *state)
{
	if (which != IRQCHIP_STATE_PENDING)
		return -EINVAL;
	*state = ims_slot_pending(ims_chip_store(d), ims_chip_slot(d));
	return 0;
}

static bool ims_chip_goes_to(struct irq_data *d, const struct cpumask *mask)
{
	const struct cpumask *now = irq_data_get_effective_affinity_mask(d);

	return !cpumask_empty(now) && cpumask_subset(now, mask) &&
	       cpumask_subset(now, cpu_online_mask);
}

/* Remember where an interrupt goes, for ims_entries_barrier(). */
static void ims_chip_note_cpu(struct irq_data *d)
{
	struct ims_entry *entry = irq_data_get_irq_chip_data(d);
	int cpu = cpumask_first(irq_data_get_effective_affinity_mask(d));

	if (entry->cpu == cpu)
		return;
	entry->last_cpu = entry->cpu;
	entry->cpu = cpu;
}

/*
 * A remapped interrupt moves by its table entry and keeps its message
 * (IRQ_SET_MASK_OK_DONE); without remapping the message itself changes.
 */
static int ims_chip_set_affinity(struct irq_data *d, const struct cpumask *mask,
				 bool force)
{
	struct msi_msg msg;
	int ret;

	/*
	 * An interrupt whose CPU is in @mask already keeps that CPU
	 * (assign_vector_locked() in arch/x86/kernel/apic/vector.c). The parent
	 * would write and flush its table entry all the same, at each
	 * request_irq().
	 */
	if (ims_chip_goes_to(d, mask))
		return IRQ_SET_MASK_OK_DONE;

	ret = irq_chip_set_affinity_parent(d, mask, force);
	if (ret < 0)
		return ret;
	ims_chip_note_cpu(d);
	if (ret == IRQ_SET_MASK_OK_DONE)
		return ret;

	if (!ims_chip_compose(d, &msg))
		ims_chip_write(d, &msg);
	return ret;
}

static void ims_chip_bus_lock(struct irq_data *d)
{
	const struct ims_entry *entry = irq_data_get_irq_chip_data(d);

	if (entry->slot)
		ims_slot_bus_lock(entry->store, ims_chip_slot(d));
}

static void ims_chip_bus_sync_unlock(struct irq_data *d)
{
	const struct ims_entry *entry = irq_data_get_irq_chip_data(d);

	if (entry->slot)
		ims_slot_bus_unlock(entry->store, ims_chip_slot(d));
}

static int ims_irq_domain_activate(struct irq_domain *domain,
				   struct irq_data *d, bool reserve)
{
	const struct ims_entry *entry = irq_data_get_irq_chip_data(d);
	struct msi_msg msg;
	int ret;

	/* An idle one: there is nothing to be written. */
	if (!entry->slot)
		return -EPERM;

	ret = ims_chip_compose(d, &msg);
	if (ret)
		return ret;
	ims_chip_note_cpu(d);
	ims_chip_write(d, &msg);
	return 0;
}

static void ims_irq_domain_deactivate(struct irq_domain *domain,
				      struct irq_data *d)
{
	ims_slot_write(domain->host_data, ims_chip_slot(d), 0, 0);
}

static const struct irq_chip ims_chip = {
	.irq_mask		= ims_chip_mask,
	.irq_unmask		= ims_chip_unmask,
	.irq_ack		= irq_chip_ack_parent,
	.irq_retrigger		= irq_chip_retrigger_hierarchy,
	.irq_set_affinity	= ims_chip_set_affinity,
	.irq_get_irqchip_state	= ims_chip_get_state,
	.irq_set_vcpu_affinity	= irq_chip_set_vcpu_affinity_parent,
	/* One-shot safe, like MSI: threads leave the bus lock alone. */
	.flags			= IRQCHIP_SKIP_SET_WAKE |
				  IRQCHIP_AFFINITY_PRE_STARTUP |
				  IRQCHIP_ONESHOT_SAFE,
};

static const struct irq_domain_ops ims_irq_domain_ops = {
	.alloc		= ims_irqs_alloc,
	.free		= ims_irqs_free,
	.activate	= ims_irq_domain_activate,
	.deactivate	= ims_irq_domain_deactivate,
};

/*
 * Is @parent one that a store can be built on? Others (VMD's, for one) would take
 * our request for one of their own. Interrupt remapping tells itself by its token;
 * without it the domain of the CPUs' vectors is left, which has none. That such a
 * host may have stores has been asked before (ims_store_check_remapping()).
 */
static bool ims_domain_check_parent(struct ims_store *store,
				    const struct irq_domain *parent)
{
	switch (ims_compat_remapping(parent)) {
	case IMS_COMPAT_REMAP_INTEL:
		store->pairs = true;
		return true;
	case IMS_COMPAT_REMAP_AMD:
		store->capacity = IMS_COMPAT_AMD_ENTRIES;
		return true;
	case IMS_COMPAT_REMAP_NOBODY:
		/* The message changes with the CPU: only the handler moves it. */
		store->chip.flags |= IMS_COMPAT_MOVE_DEFERRED;
		return true;
	default:
		return false;
	}
}

int ims_domain_create(struct ims_store *store)
{
	struct irq_domain *parent = ims_compat_msi_parent(&store->pdev->dev);

	store->chip = ims_chip;
	if (!parent || !ims_domain_check_parent(store, parent)) {
		pci_err(store->pdev, "no interrupt domain to build a store on\n");
		return -ENODEV;
	}

	snprintf(store->name, sizeof(store->name), "IMS-%s",
		 pci_name(store->pdev));
	snprintf(store->parent, sizeof(store->parent), "%s", parent->name);
	store->chip.name = store->name;
	if (store->ops->lock) {
		store->chip.irq_bus_lock = ims_chip_bus_lock;
		store->chip.irq_bus_sync_unlock = ims_chip_bus_sync_unlock;
	}

	store->fwnode = irq_domain_alloc_named_fwnode(store->name);
	if (!store->fwnode)
		return -ENOMEM;

	/* A tree (size 0): a store may be large and sparsely used. */
	store->domain = irq_domain_create_hierarchy(parent, 0, 0, store->fwnode,
						    &ims_irq_domain_ops, store);
	if (!store->domain) {
		irq_domain_free_fwnode(store->fwnode);
		return -ENOMEM;
	}
	return 0;
}

void ims_domain_remove(struct ims_store *store)
{
	irq_domain_remove(store->domain);
	irq_domain_free_fwnode(store->fwnode);
	store->domain = NULL;
}
