// SPDX-License-Identifier: GPL-2.0-only
/*
 * A work queue: what the accelerator adds to a virtual function. Its registers are
 * in regs.c.
 */
#include "siov.h"

/* What <uapi/linux/ims_siov.h> promises. */
static_assert(IMS_SIOV_REGION_SHIFT == IMS_VFUNC_REGION_SHIFT);
static_assert(IMS_SIOV_CONFIG_SIZE == PCI_CFG_SPACE_EXP_SIZE);
static_assert(IMS_SIOV_VECTORS_MAX <= VFIO_PCI_IMS_MAX_VECTORS);
static_assert(sizeof(struct ims_siov_desc) * IMS_SIOV_PORTAL_ENTRIES ==
	      IMS_SIOV_PORTAL_SIZE);

/**
 * ims_siov_fn_cause - tell the user why vector 0 is signalled
 * @sfn: the work queue, open
 * @cause: %IMS_SIOV_INTCAUSE_*
 *
 * Context: any
 */
void ims_siov_fn_cause(struct ims_siov_fn *sfn, u32 cause)
{
	atomic_or(cause, &sfn->intcause);
	vfio_pci_ims_send_signal(&sfn->fn.ims, IMS_SIOV_COMMAND_VECTOR);
}

static struct ims_siov_fn *ims_siov_fn_find(struct ims_siov *siov, unsigned int n)
{
	struct ims_siov_fn *sfn;

	lockdep_assert_held(&siov->lock);

	list_for_each_entry(sfn, &siov->open, node)
		if (sfn->fn.id == n)
			return sfn;
	return NULL;
}

/* The device's error interrupt: descriptors of queue @n have failed. */
void ims_siov_fn_error(void *data, unsigned int n)
{
	struct ims_siov *siov = data;
	struct ims_siov_fn *sfn;

	mutex_lock(&siov->lock);
	sfn = ims_siov_fn_find(siov, n);
	if (sfn)
		ims_siov_fn_cause(sfn, IMS_SIOV_INTCAUSE_ERROR);
	mutex_unlock(&siov->lock);
}

/**
 * ims_siov_fn_revoke - the host takes all handles of a work queue away
 * @siov: the device
 * @n: number of the function
 *
 * Context: process context, may sleep
 *
 * Return: 0; -ENODEV when it is not open, or the device is gone
 */
int ims_siov_fn_revoke(struct ims_siov *siov, unsigned int n)
{
	struct ims_siov_fn *sfn;
	int ret = -ENODEV;

	mutex_lock(&siov->lock);
	sfn = ims_siov_fn_find(siov, n);
	if (sfn)
		ret = vfio_pci_ims_revoke(&sfn->fn.ims, 0,
					  sfn->fn.driver->num_vectors);
	mutex_unlock(&siov->lock);
	return ret;
}

/* With the vectors' lock held, as all that vfio_pci_ims.ko calls. */
static void ims_siov_slot_changed(struct vfio_pci_ims *ims, u32 vector,
				  const struct vfio_pci_ims_slot *old,
				  const struct vfio_pci_ims_slot *new,
				  enum vfio_pci_ims_reason why)
{
	struct ims_vfunc *fn = container_of(ims, struct ims_vfunc, ims);
	struct ims_siov_fn *sfn = ims_siov_fn_of(fn);

	if (why != VFIO_PCI_IMS_REVOKED && why != VFIO_PCI_IMS_HELD)
		return;
	atomic_inc(&sfn->revocations);
	ims_siov_fn_cause(sfn, IMS_SIOV_INTCAUSE_HANDLE_REVOKED);
}

/* No cookie_change: an administrator cannot choose PASIDs. */
static const struct vfio_pci_ims_ops ims_siov_ims_ops = {
	.slot_changed	= ims_siov_slot_changed,
};

static int ims_siov_fn_init(struct ims_vfunc *fn)
{
	struct ims_siov_fn *sfn = ims_siov_fn_of(fn);
	int ret;

	ret = ims_vfunc_add_pcie(fn);
	if (ret >= 0)
		ret = ims_vfunc_add_pasid(fn, SIOV_HW_PASID_WIDTH);
	if (ret < 0)
		return ret;
	sfn->queue = siov_hw_queue_new(&ims_siov_of(sfn)->hw, fn->id);
	return sfn->queue ? 0 : -ENOMEM;
}

static void ims_siov_fn_release(struct ims_vfunc *fn)
{
	siov_hw_queue_free(ims_siov_fn_of(fn)->queue);
}

static int ims_siov_fn_open(struct ims_vfunc *fn)
{
	struct ims_siov_fn *sfn = ims_siov_fn_of(fn);
	struct ims_siov *siov = ims_siov_of(sfn);
	int ret;

	ret = vfio_pci_ims_set_emulated(&fn->ims, IMS_SIOV_COMMAND_VECTOR, 1);
	if (ret)
		return ret;
	mutex_lock(&siov->lock);
	list_add(&sfn->node, &siov->open);
	mutex_unlock(&siov->lock);
	return 0;
}

static void ims_siov_fn_close(struct ims_vfunc *fn)
{
	struct ims_siov_fn *sfn = ims_siov_fn_of(fn);
	struct ims_siov *siov = ims_siov_of(sfn);

	mutex_lock(&siov->lock);
	list_del(&sfn->node);
	mutex_unlock(&siov->lock);
}

static int ims_siov_fn_attach(struct ims_vfunc *fn)
{
	struct ims_siov_fn *sfn = ims_siov_fn_of(fn);
	int ret;

	ret = siov_hw_pasid_attach(&ims_siov_of(sfn)->hw, fn->cookie, fn);
	if (!ret)
		sfn->attached = true;
	return ret;
}

static void ims_siov_fn_detach(struct ims_vfunc *fn)
{
	struct ims_siov_fn *sfn = ims_siov_fn_of(fn);

	sfn->attached = false;
	siov_hw_pasid_detach(&ims_siov_of(sfn)->hw, fn->cookie);
}

static void ims_siov_fn_stop(struct ims_vfunc *fn)
{
	siov_hw_disable(ims_siov_fn_of(fn)->queue);
}

static void ims_siov_fn_reset(struct ims_vfunc *fn)
{
	struct ims_siov_fn *sfn = ims_siov_fn_of(fn);

	siov_hw_clear(sfn->queue);
	ims_siov_regs_reset(sfn);
}

/* BAR 2 is the portal, and nothing else. */
static int ims_siov_fn_window(struct ims_vfunc *fn, unsigned int bar, u64 offset,
			      phys_addr_t *phys)
{
	struct ims_siov *siov = fn->data;

	*phys = pci_resource_start(siov->pdev, SIOV_HW_BAR) +
		SIOV_HW_PORTAL(fn->id) + offset;
	return 0;
}

/* The module's parameters have the last word on numbers: pci.c. */
struct ims_vfunc_driver ims_siov_fn_driver = {
	.name		= "wq",
	.title		= "accelerator work queue",
	.description	= "moves, fills and compares memory",
	.uses_memory	= true,
	.size		= sizeof(struct ims_siov_fn),
	.vendor		= IMS_SIOV_PCI_VENDOR_ID,
	.device		= IMS_SIOV_PCI_DEVICE_ID,
	.class		= PCI_CLASS_ACCELERATOR_PROCESSING,
	.bars[0]	= { .size = IMS_SIOV_BAR_SIZE },
	.bars[2]	= {
		.size		= IMS_SIOV_PORTAL_SIZE,
		.flags		= PCI_BASE_ADDRESS_MEM_TYPE_64,
		.window_size	= IMS_SIOV_PORTAL_SIZE,
	},
	.msix_table	= IMS_SIOV_REG_MSIX_TABLE,
	.msix_pba	= IMS_SIOV_REG_PBA,
	.ims_ops	= &ims_siov_ims_ops,
	.init		= ims_siov_fn_init,
	.release	= ims_siov_fn_release,
	.open		= ims_siov_fn_open,
	.close		= ims_siov_fn_close,
	.attach		= ims_siov_fn_attach,
	.detach		= ims_siov_fn_detach,
	.stop		= ims_siov_fn_stop,
	.reset		= ims_siov_fn_reset,
	.read		= ims_siov_regs_read,
	.write		= ims_siov_regs_write,
	.window		= ims_siov_fn_window,
};
