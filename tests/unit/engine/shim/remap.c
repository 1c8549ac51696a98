// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The domain below the store's: interrupt remapping, with a table of entries.
 *
 * A message's address names the Linux IRQ, as a remapping table entry would; for
 * one of a row of entries it names the first, and the data says how far on.
 */
#include "irq.h"

#define ADDRESS		0xfee00000ULL

static long entries;
static bool affinity_rewrites;
static u32 rewrites;

static void remap_compose(struct irq_data *d, struct msi_msg *msg)
{
	unsigned int row = shim_desc(d->irq)->row;

	msg->address_hi = 0;
	msg->address_lo = (u32)(ADDRESS + (row << 4));
	msg->data = READ_ONCE(rewrites) << 16 | (d->irq - row);
}

static void remap_ack(struct irq_data *d)
{
	(void)d;
}

static int remap_set_affinity(struct irq_data *d, const struct cpumask *mask,
			      bool force)
{
	(void)force;
	if (shim_goes_to(shim_desc(d->irq), mask->bits))
		return -ENOSPC;
	if (!affinity_rewrites)
		return IRQ_SET_MASK_OK_DONE;
	rewrites++;
	return IRQ_SET_MASK_OK;
}

static int remap_set_vcpu_affinity(struct irq_data *d, void *vcpu)
{
	shim_desc(d->irq)->vcpu = vcpu;
	return 0;
}

static struct irq_chip remap_chip = {
	.name = "REMAP",
	.irq_ack = remap_ack,
	.irq_set_affinity = remap_set_affinity,
	.irq_compose_msi_msg = remap_compose,
	.irq_set_vcpu_affinity = remap_set_vcpu_affinity,
};

/* Of a table that is full: Intel's, or AMD's -ENOSPC */
static int remap_error = -ENOMEM;
static long entries_limit = LONG_MAX;
static unsigned long asked;
/* Rows are refused, single ones are not. */
static bool no_rows;

void shim_remap_entries(long limit)
{
	entries_limit = limit < 0 ? LONG_MAX : limit;
}

void shim_remap_no_rows(bool on)
{
	no_rows = on;
}

void shim_remap_error(int error)
{
	remap_error = error;
}

static int remap_alloc(struct irq_domain *domain, unsigned int virq,
		       unsigned int nr, void *arg)
{
	const struct irq_alloc_info *info = arg;
	struct irq_desc *desc;
	unsigned int i;

	(void)domain;
	if (info->type != (nr > 1 ? X86_IRQ_ALLOC_TYPE_PCI_MSI :
				    X86_IRQ_ALLOC_TYPE_PCI_MSIX) ||
	    !info->desc || !info->desc->dev)
		shim_die("irq_alloc_info is not what a parent wants");
	/* Others are rounded up: entries that nobody has. */
	if (nr & (nr - 1))
		shim_die("a row of %u remapping entries", nr);
	for (i = 0; i < nr; i++)
		if (shim_desc(virq + i)->remapped)
			shim_die("IRQ %u has a parent already", virq + i);
	WRITE_ONCE(asked, asked + 1);
	if (shim_should_fail(SHIM_FAIL_REMAP) || entries + nr > entries_limit ||
	    (no_rows && nr > 1))
		return remap_error;
	for (i = 0; i < nr; i++) {
		desc = shim_desc(virq + i);
		desc->remap.irq = virq + i;
		desc->remap.chip = &remap_chip;
		desc->remapped = true;
		desc->row = virq;
		desc->row_size = nr;
	}
	WRITE_ONCE(entries, entries + nr);
	return 0;
}

/* A row goes with its first: nobody may be left in it. */
static void release_row(unsigned int virq, unsigned int nr)
{
	unsigned int i, size = shim_desc(virq)->row_size;
	struct irq_desc *desc;

	for (i = nr; i < size; i++) {
		desc = shim_desc_or_null(virq + i);
		if (desc && desc->remapped && desc->row == virq)
			shim_die("IRQ %u loses its remapping entry", virq + i);
	}
	WRITE_ONCE(entries, entries - size);
}

static void remap_free(struct irq_domain *domain, unsigned int virq,
		       unsigned int nr)
{
	struct irq_desc *desc;
	unsigned int i;

	(void)domain;
	for (i = 0; i < nr; i++) {
		desc = shim_desc(virq + i);
		if (!desc->remapped)
			shim_die("IRQ %u has no parent to be freed", virq + i);
		if (desc->present)
			shim_die("IRQ %u leaves its remapping entry present",
				 virq + i);
		if (desc->row == virq + i)
			release_row(virq + i, nr - i);
		desc->remapped = false;
		desc->remap.chip = NULL;
	}
}

static const struct irq_domain_ops remap_ops = {
	.alloc = remap_alloc,
	.free = remap_free,
};

static struct irq_domain remap_domain = {
	.name = "REMAP", .remapping = IMS_COMPAT_REMAP_INTEL, .ops = &remap_ops,
};
static struct irq_domain other_domain = {
	.name = "OTHER", .remapping = IMS_COMPAT_REMAP_OTHER, .ops = &remap_ops,
};

/* CPUs 0 to 3 of 0 to 63 */
struct cpumask shim_cpu_online = { 0xf };

/* Others go offline, and interrupts stay where they go. */
void shim_cpus_online(unsigned long cpus)
{
	shim_cpu_online.bits = cpus;
}

struct irq_domain *ims_compat_msi_parent(struct device *dev)
{
	const struct pci_dev *pdev = container_of(dev, struct pci_dev, dev);

	if (pdev->no_msi_domain)
		return NULL;
	return pdev->other_msi_domain ? &other_domain : &remap_domain;
}

void shim_remap(enum ims_compat_remapping who)
{
	remap_domain.remapping = who;
}

/* Calls for entries, granted or not */
unsigned long shim_remap_asked(void)
{
	return READ_ONCE(asked);
}

unsigned int shim_irq_of_message(u64 address, u32 data)
{
	return address < ADDRESS ? 0 : (unsigned int)((address - ADDRESS) >> 4) +
				       (data & 0xffff);
}

void shim_affinity_rewrites(bool on)
{
	affinity_rewrites = on;
}

long shim_remap_taken(void)
{
	return READ_ONCE(entries);
}

void shim_forgive_remap(void)
{
	entries = 0;
}
