// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver whose virtual functions have MSI-X vectors that are backed by an
 * interrupt message store, see ims_driver(7). The device is QEMU's ivshmem-plain,
 * whose BAR 2 stands for an array of messages in registers.
 */
#include <linux/module.h>
#include <linux/pci.h>

#include <linux/ims_array.h>
#include <linux/ims_vfunc.h>

#include "hardware.h"
#include "registers.h"

#define PCI_DEVICE_ID_IVSHMEM	0x1110

/* What an entry of the device's array looks like. */
static const struct ims_array skel_array = {
	.nr_slots	= HW_SLOTS,
	.stride		= HW_STRIDE,
	.address	= HW_ADDRESS,
	.data		= HW_DATA,
	.control	= HW_CONTROL,
	.mask		= HW_CONTROL_MASK,
	.pending	= HW_CONTROL_PENDING,
	.ignore		= HW_CONTROL_IGNORE,
	.cookie_enable	= HW_CONTROL_CHECK,
	.cookie_shift	= HW_PASID_SHIFT,
	.cookie_width	= HW_PASID_WIDTH,
};

/**
 * struct skel - the PCI device
 * @parent: of its functions
 * @hw: the hardware
 * @lock: held while functions have the hardware do something; guards @asleep and
 *	@failed
 * @asleep: it sleeps or is being reset
 * @failed: it has reported an error
 */
struct skel {
	struct ims_vfunc_parent *parent;
	struct hardware hw;
	struct mutex lock;
	bool asleep;
	bool failed;
};

/**
 * struct skel_fn - a function
 * @fn: first, as struct ims_vfunc_driver demands. Its lock guards @status
 * @changes: register CHANGES, guarded by the lock of the function's vectors
 * @status: 0, or the negative errno of the last register write
 */
struct skel_fn {
	struct ims_vfunc fn;
	u32 changes;
	int status;
};

static struct skel_fn *skel_fn_of(struct ims_vfunc *fn)
{
	return container_of(fn, struct skel_fn, fn);
}

/* What descriptors name a vector by: users ask before they submit any. */
static u32 skel_handle(struct ims_vfunc *fn, u32 vector)
{
	struct vfio_pci_ims_slot slot;

	if (vfio_pci_ims_hwirq(&fn->ims, vector, &slot))
		return SKEL_NO_HANDLE;
	return slot.handle;
}

/* A slot was taken or replaced. A real driver tells its user that a handle is void. */
static void skel_slot_changed(struct vfio_pci_ims *ims, u32 vector,
			      const struct vfio_pci_ims_slot *old,
			      const struct vfio_pci_ims_slot *new,
			      enum vfio_pci_ims_reason why)
{
	struct skel_fn *sf = container_of(ims, struct skel_fn, fn.ims);

	if (old)
		WRITE_ONCE(sf->changes, sf->changes + 1);
}

/* No cookie_change: an administrator cannot choose PASIDs. */
static const struct vfio_pci_ims_ops skel_ims_ops = {
	.slot_changed	= skel_slot_changed,
};

/* Submit work to the device, if it may be touched. */
static int skel_fire(struct ims_vfunc *fn, u32 handle)
{
	struct skel *skel = fn->data;
	int ret = -EBUSY;

	mutex_lock(&skel->lock);
	if (!skel->asleep && !skel->failed)
		ret = hardware_fire(&skel->hw, handle, fn->cookie);
	mutex_unlock(&skel->lock);
	return ret;
}

/* What accelerators have commands for. Here each is a register of its own. */
static int skel_command(struct ims_vfunc *fn, u64 reg, u32 val)
{
	u32 vector;
	int ret;

	switch (reg) {
	case SKEL_REG_FIRE:
		return skel_fire(fn, val);
	case SKEL_REG_PREPARE:
		/* A guest wants a handle before it unmasks the vector. */
		return vfio_pci_ims_prepare(&fn->ims, val);
	case SKEL_REG_RELEASE:
		ret = vfio_pci_ims_vector(&fn->ims, val, &vector);
		return ret ? ret : vfio_pci_ims_release(&fn->ims, vector);
	case SKEL_REG_HOLD:
		return vfio_pci_ims_hold(&fn->ims);
	case SKEL_REG_ARM:
		return vfio_pci_ims_arm(&fn->ims);
	case SKEL_REG_REVOKE:
		return vfio_pci_ims_revoke(&fn->ims, val, 1);
	case SKEL_REG_REVOKE_COOKIE:
		/* When this returns no slot of the function has that PASID. */
		return vfio_pci_ims_revoke_cookie(&fn->ims, val);
	default:
		return -EINVAL;
	}
}

/* @bar is 0, the only BAR that there is. */
static void skel_write(struct ims_vfunc *fn, unsigned int bar, u64 offset, u32 val)
{
	skel_fn_of(fn)->status = skel_command(fn, offset, val);
}

static u32 skel_read(struct ims_vfunc *fn, unsigned int bar, u64 offset)
{
	u64 vector = (offset - SKEL_REG_HANDLE) / sizeof(u32);

	switch (offset) {
	case SKEL_REG_STATUS:
		return -skel_fn_of(fn)->status;
	case SKEL_REG_PASID:
		return fn->cookie;
	case SKEL_REG_CHANGES:
		return READ_ONCE(skel_fn_of(fn)->changes);
	default:
		return vector < SKEL_VECTORS ? skel_handle(fn, vector) : 0;
	}
}

/*
 * Close and reset begin: the device has done with what the function submitted. One
 * that sleeps or has failed has nothing under way.
 */
static void skel_stop(struct ims_vfunc *fn)
{
	struct skel *skel = fn->data;

	mutex_lock(&skel->lock);
	if (!skel->asleep && !skel->failed)
		hardware_drain(&skel->hw, fn->cookie);
	mutex_unlock(&skel->lock);
}

/* Open and reset end: registers are what the user is to find. */
static void skel_reset(struct ims_vfunc *fn)
{
	struct skel_fn *sf = skel_fn_of(fn);

	sf->status = 0;
	WRITE_ONCE(sf->changes, 0);
}

static struct ims_vfunc_driver skel_functions = {
	.name		= "fn",
	.title		= "function of a skeleton",
	.description	= "raises the interrupts that it is told to",
	.max_functions	= SKEL_FUNCTIONS,
	.num_vectors	= SKEL_VECTORS,
	.size		= sizeof(struct skel_fn),
	.vendor		= SKEL_PCI_VENDOR_ID,
	.device		= SKEL_PCI_DEVICE_ID,
	.class		= 0x1200, /* a processing accelerator */
	.bars[0].size	= SKEL_BAR_SIZE,
	.msix_bar	= 0,
	.msix_table	= SKEL_MSIX_TABLE,
	.msix_pba	= SKEL_MSIX_PBA,
	.ims_ops	= &skel_ims_ops,
	.stop		= skel_stop,
	.reset		= skel_reset,
	.read		= skel_read,
	.write		= skel_write,
};

/*
 * What is had by devm_ ends when the driver is unbound, the last first: functions
 * and store, the hardware, BAR 2. So there is no remove().
 */
static int skel_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ims_array array = skel_array;
	struct skel *skel;
	int ret;

	skel = devm_kzalloc(&pdev->dev, sizeof(*skel), GFP_KERNEL);
	if (!skel)
		return -ENOMEM;
	mutex_init(&skel->lock);
	pci_set_drvdata(pdev, skel);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	if (pci_resource_len(pdev, HW_BAR) < HW_SLOTS * HW_STRIDE)
		return dev_err_probe(&pdev->dev, -ENODEV, "BAR %d is too small\n",
				     HW_BAR);
	ret = pcim_iomap_regions(pdev, BIT(HW_BAR), KBUILD_MODNAME);
	if (ret)
		return ret;
	array.base = pcim_iomap_table(pdev)[HW_BAR];
	ret = hardware_init(&skel->hw, pdev, array.base);
	if (ret)
		return ret;

	/* Messages are writes by the device. */
	pci_set_master(pdev);
	/* For skel_slot_reset(). */
	pci_save_state(pdev);
	/* From here on functions can be made. */
	skel->parent = devm_ims_vfunc_parent_add(pdev, &skel_functions,
						 ims_array_create(pdev, &array),
						 skel);
	return PTR_ERR_OR_ZERO(skel->parent);
}

/*
 * Whether the device may be touched. If not, it has come to rest when this returns,
 * and functions leave it alone. Called with the device's lock held, as all that
 * follows.
 */
static void skel_set(struct skel *skel, bool asleep, bool failed)
{
	mutex_lock(&skel->lock);
	skel->asleep = asleep;
	skel->failed = failed;
	if (asleep || failed)
		hardware_off(&skel->hw);
	else
		hardware_on(&skel->hw);
	mutex_unlock(&skel->lock);
}

/* Sleep and reset: the array is lost, and is written again before anything fires. */
static void skel_sleep(struct skel *skel)
{
	skel_set(skel, true, skel->failed);
	ims_vfunc_parent_suspend(skel->parent);
}

static void skel_wake(struct skel *skel)
{
	ims_vfunc_parent_resume(skel->parent);
	skel_set(skel, false, skel->failed);
}

static int skel_suspend(struct device *dev)
{
	skel_sleep(dev_get_drvdata(dev));
	return 0;
}

static int skel_resume(struct device *dev)
{
	skel_wake(dev_get_drvdata(dev));
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(skel_pm_ops, skel_suspend, skel_resume);

static void skel_reset_prepare(struct pci_dev *pdev)
{
	skel_sleep(pci_get_drvdata(pdev));
}

static void skel_reset_done(struct pci_dev *pdev)
{
	skel_wake(pci_get_drvdata(pdev));
}

/* Errors: users are told, and the array is left alone until there is a reset. */
static pci_ers_result_t skel_error_detected(struct pci_dev *pdev,
					    pci_channel_state_t state)
{
	struct skel *skel = pci_get_drvdata(pdev);

	skel_set(skel, skel->asleep, true);
	ims_vfunc_parent_error(skel->parent);
	return state == pci_channel_io_perm_failure ? PCI_ERS_RESULT_DISCONNECT :
						      PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t skel_slot_reset(struct pci_dev *pdev)
{
	pci_restore_state(pdev);
	pci_save_state(pdev);
	return PCI_ERS_RESULT_RECOVERED;
}

static void skel_error_resume(struct pci_dev *pdev)
{
	struct skel *skel = pci_get_drvdata(pdev);

	ims_vfunc_parent_recovered(skel->parent);
	skel_set(skel, skel->asleep, false);
}

static const struct pci_error_handlers skel_err_handlers = {
	.error_detected	= skel_error_detected,
	.slot_reset	= skel_slot_reset,
	.resume		= skel_error_resume,
	.reset_prepare	= skel_reset_prepare,
	.reset_done	= skel_reset_done,
};

static const struct pci_device_id skel_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_REDHAT_QUMRANET, PCI_DEVICE_ID_IVSHMEM) },
	{ }
};
MODULE_DEVICE_TABLE(pci, skel_ids);

static struct pci_driver skel_pci_driver = {
	.name		= "ims_skeleton",
	.id_table	= skel_ids,
	.probe		= skel_probe,
	.err_handler	= &skel_err_handlers,
	.driver.pm	= pm_sleep_ptr(&skel_pm_ops),
};
module_ims_vfunc_driver(skel_functions, skel_pci_driver);

MODULE_DESCRIPTION("Example of a driver with an interrupt message store");
MODULE_LICENSE("GPL");
