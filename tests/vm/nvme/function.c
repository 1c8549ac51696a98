// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual function: its registers, as ims_nvme.h has them.
 */
#include "nvme.h"

static struct ims_nvme_fn *ims_nvme_fn_from(struct ims_vfunc *fn)
{
	return container_of(fn, struct ims_nvme_fn, fn);
}

static int ims_nvme_signal(struct ims_nvme_fn *fn)
{
	u32 round, i;

	for (round = 0; round < fn->rounds; round++) {
		for (i = 0; i < fn->count; i++)
			if (vfio_pci_ims_send_signal(&fn->fn.ims, fn->first + i) ==
			    VFIO_PCI_IMS_SIGNAL_DELIVERED)
				fn->signalled++;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static int ims_nvme_command(struct ims_nvme_fn *fn, u32 command)
{
	fn->fired = 0;
	fn->kept = 0;
	fn->refused = 0;
	fn->signalled = 0;
	if ((u64)fn->first + fn->count > fn->fn.nr_vectors)
		return -EINVAL;

	switch (command) {
	case IMS_NVME_COMMAND_FIRE:
		return ims_nvme_fire(fn);
	case IMS_NVME_COMMAND_EMULATE:
		return vfio_pci_ims_set_emulated(&fn->fn.ims, fn->first,
						 fn->count);
	case IMS_NVME_COMMAND_BACK:
		return vfio_pci_ims_clear_emulated(&fn->fn.ims, fn->first,
						   fn->count);
	case IMS_NVME_COMMAND_SIGNAL:
		return ims_nvme_signal(fn);
	default:
		return -EINVAL;
	}
}

static u32 ims_nvme_fn_read(struct ims_vfunc *vfunc, u32 offset)
{
	struct ims_nvme_fn *fn = ims_nvme_fn_from(vfunc);

	switch (offset) {
	case IMS_NVME_REG_ID:
		return IMS_NVME_ID;
	case IMS_NVME_REG_VECTORS:
		return vfunc->nr_vectors;
	case IMS_NVME_REG_FIRST:
		return fn->first;
	case IMS_NVME_REG_COUNT:
		return fn->count;
	case IMS_NVME_REG_ROUNDS:
		return fn->rounds;
	case IMS_NVME_REG_STATUS:
		return fn->status;
	case IMS_NVME_REG_FIRED:
		return fn->fired;
	case IMS_NVME_REG_KEPT:
		return fn->kept;
	case IMS_NVME_REG_REFUSED:
		return fn->refused;
	case IMS_NVME_REG_SIGNALLED:
		return fn->signalled;
	default:
		return 0;
	}
}

static void ims_nvme_fn_write(struct ims_vfunc *vfunc, u32 offset, u32 val)
{
	struct ims_nvme_fn *fn = ims_nvme_fn_from(vfunc);

	switch (offset) {
	case IMS_NVME_REG_FIRST:
		fn->first = val;
		break;
	case IMS_NVME_REG_COUNT:
		fn->count = val;
		break;
	case IMS_NVME_REG_ROUNDS:
		fn->rounds = val;
		break;
	case IMS_NVME_REG_COMMAND:
		fn->status = -ims_nvme_command(fn, val);
		break;
	default:
		break;
	}
}

static void ims_nvme_fn_reset(struct ims_vfunc *vfunc)
{
	struct ims_nvme_fn *fn = ims_nvme_fn_from(vfunc);

	memset_after(fn, 0, fn);
}

const struct ims_vfunc_ops ims_nvme_fn_ops = {
	.size		= sizeof(struct ims_nvme_fn),
	.description	= "test device: fires vectors by the thousand",
	.vendor		= IMS_NVME_PCI_VENDOR_ID,
	.device		= IMS_NVME_PCI_DEVICE_ID,
	.class		= PCI_CLASS_ACCELERATOR_PROCESSING,
	.bar_size	= IMS_NVME_BAR_SIZE,
	.pba		= IMS_NVME_REG_PBA,
	.pba_size	= IMS_NVME_PBA_SIZE,
	.table		= IMS_NVME_REG_TABLE,
	.reset		= ims_nvme_fn_reset,
	.read		= ims_nvme_fn_read,
	.write		= ims_nvme_fn_write,
};
