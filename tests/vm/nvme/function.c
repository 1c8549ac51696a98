// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual function: its registers, as ims_nvme.h has them.
 */
#include <linux/delay.h>

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

/* Beside other commands: takes no lock of theirs. */
static void ims_nvme_revoke_work(struct work_struct *work)
{
	struct ims_nvme_fn *fn = container_of(work, struct ims_nvme_fn, revoking);
	struct vfio_pci_ims *ims = &fn->fn.ims;
	int ret = 0;
	u32 i;

	for (i = 0; i < fn->revoke_rounds && !READ_ONCE(fn->stop); i++) {
		ret = vfio_pci_ims_revoke(ims, fn->revoke_first,
					  fn->revoke_count);
		if (!ret)
			ret = vfio_pci_ims_arm_range(ims, fn->revoke_first,
						     fn->revoke_count);
		if (ret)
			break;
		WRITE_ONCE(fn->revoked, i + 1);
		/* The vectors have slots for a while. */
		usleep_range(2000, 4000);
	}
	if (ret)
		dev_err(fn->fn.vdev.dev, "revoking ends: %d\n", ret);
}

static int ims_nvme_revoke(struct ims_nvme_fn *fn)
{
	if (work_busy(&fn->revoking))
		return -EBUSY;
	fn->revoke_first = fn->first;
	fn->revoke_count = fn->count;
	fn->revoke_rounds = fn->rounds;
	fn->revoked = 0;
	fn->stop = false;
	queue_work(system_unbound_wq, &fn->revoking);
	return 0;
}

static int ims_nvme_prepare(struct ims_nvme_fn *fn, bool prepare)
{
	int ret = 0;
	u32 i;

	for (i = 0; !ret && i < fn->count; i++)
		ret = prepare ?
		      vfio_pci_ims_prepare(&fn->fn.ims, fn->first + i) :
		      vfio_pci_ims_release(&fn->fn.ims, fn->first + i);
	return ret;
}

static int ims_nvme_command(struct ims_nvme_fn *fn, u32 command)
{
	fn->fired = 0;
	fn->kept = 0;
	fn->refused = 0;
	fn->signalled = 0;
	if ((u64)fn->first + fn->count > fn->fn.driver->num_vectors)
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
	case IMS_NVME_COMMAND_REVOKE:
		return ims_nvme_revoke(fn);
	case IMS_NVME_COMMAND_PREPARE:
	case IMS_NVME_COMMAND_RELEASE:
		return ims_nvme_prepare(fn, command == IMS_NVME_COMMAND_PREPARE);
	default:
		return -EINVAL;
	}
}

static u32 ims_nvme_fn_read(struct ims_vfunc *vfunc, unsigned int bar, u64 offset)
{
	struct ims_nvme_fn *fn = ims_nvme_fn_from(vfunc);

	switch (offset) {
	case IMS_NVME_REG_ID:
		return IMS_NVME_ID;
	case IMS_NVME_REG_VECTORS:
		return vfunc->driver->num_vectors;
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
	case IMS_NVME_REG_REVOKED:
		return READ_ONCE(fn->revoked);
	default:
		return 0;
	}
}

static void ims_nvme_fn_write(struct ims_vfunc *vfunc, unsigned int bar,
			      u64 offset, u32 val)
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

	memset_startat(fn, 0, first);
}

static int ims_nvme_fn_init(struct ims_vfunc *vfunc)
{
	INIT_WORK(&ims_nvme_fn_from(vfunc)->revoking, ims_nvme_revoke_work);
	return 0;
}

static void ims_nvme_fn_stop(struct ims_vfunc *vfunc)
{
	struct ims_nvme_fn *fn = ims_nvme_fn_from(vfunc);

	WRITE_ONCE(fn->stop, true);
	cancel_work_sync(&fn->revoking);
}

/* An administrator may change any cookie: nothing checks them here. */
static int ims_nvme_cookie_change(struct vfio_pci_ims *ims,
				  const struct vfio_pci_ims_cookie *change)
{
	return 0;
}

static const struct vfio_pci_ims_ops ims_nvme_ims_ops = {
	.cookie_change	= ims_nvme_cookie_change,
};

struct ims_vfunc_driver ims_nvme_fn_driver = {
	.name		= "fn",
	.title		= "function of a test device",
	.description	= "test device: fires vectors by the thousand",
	.max_functions	= 20,
	.size		= sizeof(struct ims_nvme_fn),
	.vendor		= IMS_NVME_PCI_VENDOR_ID,
	.device		= IMS_NVME_PCI_DEVICE_ID,
	.class		= PCI_CLASS_ACCELERATOR_PROCESSING,
	.bars[0]	= { .size = IMS_NVME_BAR_SIZE },
	.msix_pba	= IMS_NVME_REG_PBA,
	.msix_table	= IMS_NVME_REG_TABLE,
	.ims_ops	= &ims_nvme_ims_ops,
	.init		= ims_nvme_fn_init,
	.stop		= ims_nvme_fn_stop,
	.reset		= ims_nvme_fn_reset,
	.read		= ims_nvme_fn_read,
	.write		= ims_nvme_fn_write,
};
