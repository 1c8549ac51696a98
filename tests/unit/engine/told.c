// SPDX-License-Identifier: GPL-2.0-or-later
/* The driver of the model test: see told.h. */
#include "compare.h"
#include "told.h"

int told_answer;

static struct env *env;
static struct told_slot slots[ENV_DEVS][TOLD_VECTORS];

void told_begin(struct env *e)
{
	u32 i;
	int d;

	env = e;
	told_answer = 0;
	for (d = 0; d < ENV_DEVS; d++)
		for (i = 0; i < TOLD_VECTORS; i++)
			slots[d][i] = (struct told_slot) { .slot = -1 };
}

const struct told_slot *told_slot(int d, u32 vector)
{
	return &slots[d][vector];
}

static bool same_slot(const struct told_slot *t,
		      const struct vfio_pci_ims_slot *s)
{
	return s ? t->slot == (int)s->slot && t->handle == s->handle &&
		   t->generation == s->generation : t->slot < 0;
}

static void slot_changed(struct vfio_pci_ims *ims, u32 vector,
			 const struct vfio_pci_ims_slot *old,
			 const struct vfio_pci_ims_slot *new,
			 enum vfio_pci_ims_reason why)
{
	int d = (int)(ims - env->ims);
	struct told_slot *t = &slots[d][vector];
	struct vfio_pci_ims_slot now;
	int ret = vfio_pci_ims_hwirq(ims, vector, &now);

	might_sleep();
	if (!same_slot(t, old))
		wrong("device %d vector %u: another old slot is told than the one before",
		      d, vector);
	if (!old && !new)
		wrong("device %d vector %u: nothing is told", d, vector);
	if (old && !env->asleep && env->slots[old->slot].address)
		wrong("device %d vector %u: the old slot still fires", d, vector);
	/* Closed, the handle shows nothing any more. */
	if (new ? ret || memcmp(&now, new, sizeof(now)) :
		  ret != (why == VFIO_PCI_IMS_CLOSED ? -ENODEV : -ENOENT))
		wrong("device %d vector %u: hwirq() does not show the new slot",
		      d, vector);
	t->slot = new ? (int)new->slot : -1;
	t->handle = new ? new->handle : 0;
	t->generation = new ? new->generation : 0;
}

static int cookie_change(struct vfio_pci_ims *ims,
			 const struct vfio_pci_ims_cookie *change)
{
	struct vfio_pci_ims_slot slot;
	u64 cookie;

	might_sleep();
	/* Nothing has changed yet. */
	if (change->vector != VFIO_PCI_IMS_DEFAULT_COOKIE &&
	    vfio_pci_ims_cookie(ims, change->vector, &cookie))
		wrong("asked about vector %u, which has no cookie",
		      change->vector);
	if (!vfio_pci_ims_hwirq(ims, change->vector, &slot) &&
	    !same_slot(told_slot((int)(ims - env->ims), change->vector), &slot))
		wrong("vector %u has another slot before the driver agrees",
		      change->vector);
	return told_answer;
}

const struct vfio_pci_ims_ops told_ops[2] = {
	{ .slot_changed = slot_changed },
	{ .slot_changed = slot_changed, .cookie_change = cookie_change },
};
