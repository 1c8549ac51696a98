// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver whose virtual functions have vectors that are backed by an interrupt
 * message store, in the order of its life. The device is QEMU's ivshmem-plain,
 * whose BAR 2 stands for an array of messages in registers.
 */
#include <linux/module.h>
#include <linux/pci.h>

#include <linux/ims_array.h>

#include "skeleton.h"

#define PCI_DEVICE_ID_IVSHMEM	0x1110
#define SKEL_BAR		2

/*
 * Probe: the store is there before the first function, and because of devm_ it
 * ends after the last one, and before BAR 2 is unmapped.
 */
static int skel_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ims_array array = {
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
	struct skel *skel;
	int ret;

	skel = devm_kzalloc(&pdev->dev, sizeof(*skel), GFP_KERNEL);
	if (!skel)
		return -ENOMEM;
	pci_set_drvdata(pdev, skel);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	if (pci_resource_len(pdev, SKEL_BAR) < HW_SLOTS * HW_STRIDE)
		return -ENODEV;
	ret = pcim_iomap_regions(pdev, BIT(SKEL_BAR), KBUILD_MODNAME);
	if (ret)
		return ret;
	array.base = pcim_iomap_table(pdev)[SKEL_BAR];
	/* Messages are writes by the device. */
	pci_set_master(pdev);

	skel->store = devm_ims_array_create(pdev, &array);
	if (IS_ERR(skel->store))
		return PTR_ERR(skel->store);
	hardware_init(&skel->hw, array.base, skel->store);
	return skel_functions_add(skel, &pdev->dev);
}

/* Remove: when the last function is closed nobody uses the store any more. */
static void skel_remove(struct pci_dev *pdev)
{
	struct skel *skel = pci_get_drvdata(pdev);

	skel_functions_del(skel);
	hardware_exit(&skel->hw);
}

/*
 * A slot was given, taken or replaced. A real driver tells its guest when a handle
 * is no longer good. The lock of the function's vectors is held: nothing may be
 * called here that takes it.
 */
static void skel_slot_changed(struct vfio_pci_ims *ims, u32 vector,
			      const struct vfio_pci_ims_slot *old,
			      const struct vfio_pci_ims_slot *new,
			      enum vfio_pci_ims_reason why)
{
	struct skel_fn *fn = container_of(ims, struct skel_fn, ims);

	if (old)
		WRITE_ONCE(fn->changes, fn->changes + 1);
}

/* No cookie_change: an administrator cannot choose PASIDs. */
static const struct vfio_pci_ims_ops skel_ims_ops = {
	.slot_changed	= skel_slot_changed,
};

/*
 * Open: the PASID is the cookie of all vectors, and no other function has it. So
 * the hardware refuses a handle that a guest has guessed.
 */
int skel_open(struct skel_fn *fn)
{
	const struct vfio_pci_ims_params params = {
		.dev		= fn->vdev.dev,
		.store		= fn->skel->store,
		.ops		= &skel_ims_ops,
		.num_vectors	= SKEL_VECTORS,
		.default_cookie	= fn->pasid,
	};

	fn->changes = 0;
	fn->status = 0;
	fn->ims_id = vfio_pci_ims_init(&fn->ims, &params);
	return fn->ims_id < 0 ? fn->ims_id : 0;
}

/* Close: disables what is enabled, and gives the slots back. */
void skel_close(struct skel_fn *fn)
{
	vfio_pci_ims_free(&fn->ims, fn->ims_id);
}

/* Enable, trigger, mask, reset: what the user does is the helper's business. */
long skel_ioctl(struct skel_fn *fn, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case VFIO_DEVICE_GET_IRQ_INFO:
		return vfio_pci_ims_get_irq_info(&fn->ims, arg);
	case VFIO_DEVICE_SET_IRQS:
		return vfio_pci_ims_set_irqs(&fn->ims, arg);
	case VFIO_DEVICE_RESET:
		return vfio_pci_ims_reset(&fn->ims);
	default:
		return -ENOTTY;
	}
}

/* The function is to be removed: ask its user to close it. */
void skel_request(struct skel_fn *fn, unsigned int count)
{
	vfio_pci_ims_request(&fn->ims, count);
}

/* What descriptors name the vector by: the guest asks before it submits any. */
u32 skel_handle(struct skel_fn *fn, u32 vector)
{
	struct vfio_pci_ims_slot slot;

	if (vfio_pci_ims_hwirq(&fn->ims, vector, &slot))
		return SKEL_NO_HANDLE;
	return slot.handle;
}

/* What accelerators have commands for. Here each is a register of its own. */
int skel_command(struct skel_fn *fn, u32 reg, u32 value)
{
	u32 vector;
	int ret;

	switch (reg) {
	case SKEL_REG_FIRE:
		return hardware_fire(&fn->skel->hw, value, fn->pasid);
	case SKEL_REG_PREPARE:
		/* The guest wants a handle before it unmasks the vector. */
		return vfio_pci_ims_prepare(&fn->ims, value);
	case SKEL_REG_RELEASE:
		ret = vfio_pci_ims_vector(&fn->ims, value, &vector);
		return ret ? ret : vfio_pci_ims_release(&fn->ims, vector);
	case SKEL_REG_HOLD:
		return vfio_pci_ims_hold(&fn->ims);
	case SKEL_REG_ARM:
		return vfio_pci_ims_arm(&fn->ims);
	case SKEL_REG_REVOKE:
		return vfio_pci_ims_revoke(&fn->ims, value, 1);
	case SKEL_REG_REVOKE_COOKIE:
		/* A PASID is detached: when this returns no slot carries it. */
		return vfio_pci_ims_revoke_cookie(&fn->ims, value);
	default:
		return -EINVAL;
	}
}

/* Sleep and reset: the array is lost, and is written again afterwards. */
static int skel_suspend(struct device *dev)
{
	struct skel *skel = dev_get_drvdata(dev);

	ims_store_suspend(skel->store);
	return 0;
}

static int skel_resume(struct device *dev)
{
	struct skel *skel = dev_get_drvdata(dev);

	ims_store_restore(skel->store);
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(skel_pm_ops, skel_suspend, skel_resume);

static void skel_reset_prepare(struct pci_dev *pdev)
{
	skel_suspend(&pdev->dev);
}

static void skel_reset_done(struct pci_dev *pdev)
{
	skel_resume(&pdev->dev);
}

static const struct pci_error_handlers skel_err_handlers = {
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
	.remove		= skel_remove,
	.err_handler	= &skel_err_handlers,
	.driver.pm	= pm_sleep_ptr(&skel_pm_ops),
};

static int __init skel_init(void)
{
	int ret;

	ret = skel_functions_register();
	if (ret)
		return ret;
	ret = pci_register_driver(&skel_pci_driver);
	if (ret)
		skel_functions_unregister();
	return ret;
}
module_init(skel_init);

static void __exit skel_exit(void)
{
	pci_unregister_driver(&skel_pci_driver);
	skel_functions_unregister();
}
module_exit(skel_exit);

MODULE_DESCRIPTION("Example of a driver with an interrupt message store");
MODULE_LICENSE("GPL");
