// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt core's side of a store: an irq_domain whose parent is the
 * device's interrupt-remapping domain, and an irq_chip that writes what the
 * parent composed into the driver's slots. hwirq is the slot's number.
 *
 * Exported symbols only. How interrupts come into the domain: irqs.c.
 */
#include <linux/jiffies.h>
#include <linux/msi.h>
#include <linux/string.h>

#include "ims_internal.h"

static struct ims_store *ims_chip_store(struct irq_data *d)
{
	return irq_data_get_irq_chip_data(d);
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
	ims_slot_write(ims_chip_store(d), irqd_to_hwirq(d),
		       (u64)msg->address_hi << 32 | msg->address_lo, msg->data);
}

static void ims_chip_mask(struct irq_data *d)
{
	ims_slot_mask(ims_chip_store(d), irqd_to_hwirq(d));
}

static void ims_chip_unmask(struct irq_data *d)
{
	ims_slot_unmask(ims_chip_store(d), irqd_to_hwirq(d));
}

static int ims_chip_get_state(struct irq_data *d, enum irqchip_irq_state which,
			      bool *state)
{
	if (which != IRQCHIP_STATE_PENDING)
		return -EINVAL;
	*state = ims_slot_pending(ims_chip_store(d), irqd_to_hwirq(d));
	return 0;
}

static bool ims_chip_goes_to(struct irq_data *d, const struct cpumask *mask)
{
	const struct cpumask *now = irq_data_get_effective_affinity_mask(d);

	return !cpumask_empty(now) && cpumask_subset(now, mask) &&
	       cpumask_subset(now, cpu_online_mask);
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
	if (ret < 0 || ret == IRQ_SET_MASK_OK_DONE)
		return ret;

	if (!ims_chip_compose(d, &msg))
		ims_chip_write(d, &msg);
	return ret;
}

static void ims_chip_bus_lock(struct irq_data *d)
{
	ims_slot_bus_lock(ims_chip_store(d), irqd_to_hwirq(d));
}

static void ims_chip_bus_sync_unlock(struct irq_data *d)
{
	ims_slot_bus_unlock(ims_chip_store(d), irqd_to_hwirq(d));
}

static int ims_irq_domain_activate(struct irq_domain *domain,
				   struct irq_data *d, bool reserve)
{
	const struct ims_store *store = domain->host_data;
	struct msi_msg msg;
	int ret;

	/* The leader of a run, irqs.c: there is nothing to be written. */
	if (irqd_to_hwirq(d) >= store->hwsize)
		return -EPERM;

	ret = ims_chip_compose(d, &msg);
	if (!ret)
		ims_chip_write(d, &msg);
	return ret;
}

static void ims_irq_domain_deactivate(struct irq_domain *domain,
				      struct irq_data *d)
{
	ims_slot_write(domain->host_data, irqd_to_hwirq(d), 0, 0);
}

static const struct irq_domain_ops ims_irq_domain_ops = {
	.alloc		= ims_irqs_alloc,
	.free		= ims_irqs_free,
	.activate	= ims_irq_domain_activate,
	.deactivate	= ims_irq_domain_deactivate,
};

int ims_domain_create(struct ims_store *store)
{
	struct irq_domain *parent = dev_get_msi_domain(&store->pdev->dev);

	/* Others (VMD's, for one) would take our request for one of their own. */
	if (!parent || !irq_domain_is_msi_parent(parent)) {
		pci_err(store->pdev, "no interrupt domain to build a store on\n");
		return -ENODEV;
	}

	snprintf(store->name, sizeof(store->name), "IMS-%s",
		 pci_name(store->pdev));
	snprintf(store->parent, sizeof(store->parent), "%s", parent->name);
	/* Named by intel_setup_irq_remapping() */
	store->runs = str_has_prefix(parent->name, "INTEL-IR");
	store->runs_again = jiffies;
	store->chip = (struct irq_chip) {
		.name			= store->name,
		.irq_mask		= ims_chip_mask,
		.irq_unmask		= ims_chip_unmask,
		.irq_ack		= irq_chip_ack_parent,
		.irq_retrigger		= irq_chip_retrigger_hierarchy,
		.irq_set_affinity	= ims_chip_set_affinity,
		.irq_get_irqchip_state	= ims_chip_get_state,
		/* One-shot safe, like MSI: threads leave the bus lock alone. */
		.flags			= IRQCHIP_SKIP_SET_WAKE |
					  IRQCHIP_AFFINITY_PRE_STARTUP |
					  IRQCHIP_ONESHOT_SAFE,
	};
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
