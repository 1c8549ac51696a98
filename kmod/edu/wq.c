// SPDX-License-Identifier: GPL-2.0-only
/*
 * A work queue: what edu adds to a virtual function, from its making to its
 * end. Its registers are in regs.c.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "edu.h"

/* What <uapi/linux/ims_edu.h> promises. */
static_assert(IMS_EDU_REGION_SHIFT == IMS_VFUNC_REGION_SHIFT);
static_assert(IMS_EDU_CONFIG_SIZE == IMS_VFUNC_CONFIG_SIZE);
static_assert(IMS_EDU_VECTORS_MAX <= IMS_VFUNC_MSIX_MAX);

static int ims_edu_wq_init(struct ims_vfunc *fn)
{
	struct ims_edu_wq *wq = ims_edu_wq_from_fn(fn);

	wq->vectors = kvcalloc(fn->nr_vectors, sizeof(*wq->vectors),
			       GFP_KERNEL_ACCOUNT);
	if (!wq->vectors)
		return -ENOMEM;
	ims_edu_work_init(wq);
	return 0;
}

static void ims_edu_wq_release(struct ims_vfunc *fn)
{
	kvfree(ims_edu_wq_from_fn(fn)->vectors);
}

static void ims_edu_wq_quota(struct ims_vfunc *fn, u32 *limit, u32 *reservation)
{
	ims_edu_param_quota(limit, reservation);
}

static int ims_edu_wq_open(struct ims_vfunc *fn)
{
	return vfio_pci_ims_set_emulated(&fn->ims, IMS_EDU_COMMAND_VECTOR, 1);
}

static void ims_edu_wq_stop(struct ims_vfunc *fn)
{
	ims_edu_work_stop(ims_edu_wq_from_fn(fn));
}

static void ims_edu_wq_reset(struct ims_vfunc *fn)
{
	ims_edu_regs_reset(ims_edu_wq_from_fn(fn));
}

/*
 * An administrator may change any cookie. What the guest has written into that
 * vector's permission entry is void then: work items present what the slot carries,
 * before the new cookie takes effect and afterwards.
 */
static int ims_edu_wq_cookie_change(struct vfio_pci_ims *ims,
				    const struct vfio_pci_ims_cookie *change)
{
	struct ims_vfunc *fn = container_of(ims, struct ims_vfunc, ims);

	if (change->vector != VFIO_PCI_IMS_DEFAULT_COOKIE)
		ims_edu_work_present(ims_edu_wq_from_fn(fn), change->vector,
				     NULL);
	return 0;
}

static const struct vfio_pci_ims_ops ims_edu_wq_ims_ops = {
	.cookie_change	= ims_edu_wq_cookie_change,
};

const struct ims_vfunc_ops ims_edu_wq_ops = {
	.size		= sizeof(struct ims_edu_wq),
	.description	= "factorials",
	.vendor		= IMS_EDU_PCI_VENDOR_ID,
	.device		= IMS_EDU_PCI_DEVICE_ID,
	.class		= PCI_CLASS_ACCELERATOR_PROCESSING,
	.bar_size	= IMS_EDU_BAR_SIZE,
	.pba		= IMS_EDU_REG_PBA,
	.pba_size	= IMS_EDU_REG_MSIX_TABLE - IMS_EDU_REG_PBA,
	.table		= IMS_EDU_REG_MSIX_TABLE,
	.ims_ops	= &ims_edu_wq_ims_ops,
	.init		= ims_edu_wq_init,
	.release	= ims_edu_wq_release,
	.quota		= ims_edu_wq_quota,
	.open		= ims_edu_wq_open,
	.stop		= ims_edu_wq_stop,
	.reset		= ims_edu_wq_reset,
	.read		= ims_edu_regs_read,
	.write		= ims_edu_regs_write,
};
