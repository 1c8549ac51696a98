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
static_assert(IMS_EDU_CONFIG_SIZE == PCI_CFG_SPACE_SIZE);
static_assert(IMS_EDU_VECTORS_MAX <= IMS_VFUNC_MSIX_MAX);

static int ims_edu_wq_init(struct ims_vfunc *fn)
{
	struct ims_edu_wq *wq = ims_edu_wq_from_fn(fn);

	wq->vectors = kvcalloc(fn->driver->num_vectors, sizeof(*wq->vectors),
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

static void ims_edu_wq_params(struct ims_vfunc *fn,
			      struct vfio_pci_ims_params *params)
{
	ims_edu_param_quota(&params->limit, &params->reservation);
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

/* The module's parameters have the last word on numbers: pci.c. */
struct ims_vfunc_driver ims_edu_wq_driver = {
	.name		= "wq",
	.title		= "edu work queue",
	.description	= "factorials",
	.mdev		= true,
	.size		= sizeof(struct ims_edu_wq),
	.vendor		= IMS_EDU_PCI_VENDOR_ID,
	.device		= IMS_EDU_PCI_DEVICE_ID,
	.class		= PCI_CLASS_ACCELERATOR_PROCESSING,
	.bars[0]	= { .size = IMS_EDU_BAR_SIZE },
	.msix_table	= IMS_EDU_REG_MSIX_TABLE,
	.msix_pba	= IMS_EDU_REG_PBA,
	.ims_ops	= &ims_edu_wq_ims_ops,
	.init		= ims_edu_wq_init,
	.release	= ims_edu_wq_release,
	.params		= ims_edu_wq_params,
	.open		= ims_edu_wq_open,
	.stop		= ims_edu_wq_stop,
	.reset		= ims_edu_wq_reset,
	.read		= ims_edu_regs_read,
	.write		= ims_edu_regs_write,
};
