// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PCI device: probe, sleep, reset and remove, and the module.
 *
 * There is no table of ids. This driver takes what driver_override in sysfs
 * gives it and nothing else: it is of no use to a disk.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <linux/ims_array.h>

#include "siov.h"
#include "../param.h"
#include "../version.h"

static struct ims_param ims_siov_slots = { 8192, 1, SIOV_HW_SLOTS_MAX };
ims_param_named(slots, ims_siov_slots, 0444);
MODULE_PARM_DESC(slots, "Size of the interrupt message store of each device, at most 32768 (default: 8192)");

static struct ims_param ims_siov_functions = { 32, 1, SIOV_HW_QUEUES_MAX };
ims_param_named(functions, ims_siov_functions, 0444);
MODULE_PARM_DESC(functions, "Functions that each device can have, at most 1024 (default: 32)");

static struct ims_param ims_siov_vectors = {
	2048, IMS_SIOV_VECTORS_MIN, IMS_SIOV_VECTORS_MAX
};
ims_param_named(vectors, ims_siov_vectors, 0444);
MODULE_PARM_DESC(vectors, "MSI-X vectors of each function, 2 to 65536 (default: 2048)");

/* How long system sleep waits for users' memory, in milliseconds */
#define SIOV_SLEEP_PATIENCE	10000

static void ims_siov_lock(void *hw, u32 slot)
{
	siov_hw_lock(hw, slot);
}

static void ims_siov_unlock(void *hw, u32 slot)
{
	siov_hw_unlock(hw, slot);
}

static struct ims_store *ims_siov_store(struct ims_siov *siov)
{
	const struct ims_array array = {
		.base		= siov->hw.bar + SIOV_HW_ARRAY,
		.nr_slots	= siov->hw.nr_slots,
		.stride		= SIOV_HW_STRIDE,
		.address	= SIOV_HW_ADDRESS,
		.data		= SIOV_HW_DATA,
		.control	= SIOV_HW_CONTROL,
		.mask		= SIOV_HW_MASK,
		.pending	= SIOV_HW_PENDING,
		.ignore		= SIOV_HW_IGNORE,
		.cookie_enable	= SIOV_HW_PASID_ENABLE,
		.cookie_shift	= SIOV_HW_PASID_SHIFT,
		.cookie_width	= SIOV_HW_PASID_WIDTH,
		/* The simulated hardware needs it, see siov_hw_lock(). */
		.lock		= ims_siov_lock,
		.unlock		= ims_siov_unlock,
		.priv		= &siov->hw,
	};

	siov->hw.store = ims_array_create(siov->pdev, &array);
	return siov->hw.store;
}

static int ims_siov_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ims_siov *siov;
	int ret;

	siov = kvzalloc(sizeof(*siov), GFP_KERNEL);
	if (!siov)
		return -ENOMEM;
	siov->pdev = pdev;
	mutex_init(&siov->lock);
	INIT_LIST_HEAD(&siov->open);
	pci_set_drvdata(pdev, siov);

	ret = pci_enable_device(pdev);
	if (ret)
		goto err_free;
	ret = pci_request_regions(pdev, KBUILD_MODNAME);
	if (ret)
		goto err_disable;
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (ret)
		goto err_release_regions;
	ret = siov_hw_init(&siov->hw, pdev, ims_siov_slots.value,
			   ims_siov_fn_error, siov);
	if (ret)
		goto err_release_regions;

	/* From here on functions can be made. */
	siov->parent = ims_vfunc_parent_add(pdev, &ims_siov_fn_driver,
					    ims_siov_store(siov), siov);
	if (IS_ERR(siov->parent)) {
		ret = PTR_ERR(siov->parent);
		goto err_hw_exit;
	}
	ims_siov_debugfs_add(siov);
	/* For ims_siov_slot_reset(). */
	pci_save_state(pdev);
	return 0;

err_hw_exit:
	siov_hw_exit(&siov->hw);
err_release_regions:
	pci_release_regions(pdev);
err_disable:
	pci_disable_device(pdev);
err_free:
	mutex_destroy(&siov->lock);
	kvfree(siov);
	return ret;
}

/* No queue executes when this returns true. @patience: as of siov_hw_rest() */
static bool ims_siov_off(struct ims_siov *siov, unsigned int patience)
{
	struct ims_siov_fn *sfn;
	bool off = true;

	siov_hw_off(&siov->hw);
	mutex_lock(&siov->lock);
	list_for_each_entry(sfn, &siov->open, node)
		off = off && siov_hw_rest(sfn->queue, patience);
	mutex_unlock(&siov->lock);
	return off;
}

/*
 * Functions may be open, and descriptors under way. The hardware finishes those,
 * and takes no more; then windows, store and functions end.
 */
static void ims_siov_remove(struct pci_dev *pdev)
{
	struct ims_siov *siov = pci_get_drvdata(pdev);

	ims_siov_debugfs_del(siov);
	siov_hw_set_stall(&siov->hw, false);
	WRITE_ONCE(siov->hw.gone, true);
	ims_siov_off(siov, UINT_MAX);

	ims_vfunc_parent_del(siov->parent);

	siov_hw_exit(&siov->hw);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
	mutex_destroy(&siov->lock);
	kvfree(siov);
}

/*
 * Sleep, reset and errors: the device's lock is held in all that follows. What users
 * write meanwhile waits; what is in portals and slots stays or is written again.
 */
static bool ims_siov_sleep(struct ims_siov *siov, unsigned int patience)
{
	siov->asleep = true;
	ims_vfunc_parent_suspend(siov->parent);
	return ims_siov_off(siov, patience);
}

/* Slots are written before descriptors name them again. */
static int ims_siov_wake(struct ims_siov *siov)
{
	int ret = 0;

	siov->asleep = false;
	if (!siov->failed) {
		/* For ims_siov_slot_reset(). */
		pci_save_state(siov->pdev);
		ret = siov_hw_start(&siov->hw);
	}
	if (ret) {
		siov->failed = true;
		ims_vfunc_parent_error(siov->parent);
	}
	ims_vfunc_parent_resume(siov->parent);
	if (!siov->failed)
		siov_hw_on(&siov->hw);
	return ret;
}

static int ims_siov_suspend(struct device *dev)
{
	struct ims_siov *siov = dev_get_drvdata(dev);

	if (ims_siov_sleep(siov, SIOV_SLEEP_PATIENCE))
		return 0;
	dev_warn(dev, "does not go to sleep: a user's memory does not answer\n");
	ims_siov_wake(siov);
	return -EBUSY;
}

static int ims_siov_resume(struct device *dev)
{
	return ims_siov_wake(dev_get_drvdata(dev));
}

static DEFINE_SIMPLE_DEV_PM_OPS(ims_siov_pm_ops, ims_siov_suspend,
				ims_siov_resume);

static void ims_siov_reset_prepare(struct pci_dev *pdev)
{
	ims_siov_sleep(pci_get_drvdata(pdev), UINT_MAX);
}

static void ims_siov_reset_done(struct pci_dev *pdev)
{
	ims_siov_wake(pci_get_drvdata(pdev));
}

static pci_ers_result_t ims_siov_error_detected(struct pci_dev *pdev,
						pci_channel_state_t state)
{
	struct ims_siov *siov = pci_get_drvdata(pdev);

	siov->failed = true;
	ims_siov_off(siov, UINT_MAX);
	ims_vfunc_parent_error(siov->parent);
	return state == pci_channel_io_perm_failure ? PCI_ERS_RESULT_DISCONNECT :
						      PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t ims_siov_slot_reset(struct pci_dev *pdev)
{
	pci_restore_state(pdev);
	pci_save_state(pdev);
	return PCI_ERS_RESULT_RECOVERED;
}

static void ims_siov_error_resume(struct pci_dev *pdev)
{
	struct ims_siov *siov = pci_get_drvdata(pdev);

	/* If it is asleep it is started when it wakes. */
	if (!siov->asleep && siov_hw_start(&siov->hw))
		return;
	siov->failed = false;
	ims_vfunc_parent_recovered(siov->parent);
	if (!siov->asleep)
		siov_hw_on(&siov->hw);
}

static const struct pci_error_handlers ims_siov_err_handlers = {
	.error_detected	= ims_siov_error_detected,
	.slot_reset	= ims_siov_slot_reset,
	.resume		= ims_siov_error_resume,
	.reset_prepare	= ims_siov_reset_prepare,
	.reset_done	= ims_siov_reset_done,
};

static struct pci_driver ims_siov_pci_driver = {
	.name		= "ims_siov",
	.probe		= ims_siov_probe,
	.remove		= ims_siov_remove,
	.err_handler	= &ims_siov_err_handlers,
	.driver.pm	= pm_sleep_ptr(&ims_siov_pm_ops),
};

static int __init ims_siov_init(void)
{
	int ret;

	ims_siov_fn_driver.max_functions = ims_siov_functions.value;
	ims_siov_fn_driver.num_vectors = ims_siov_vectors.value;
	ims_siov_debugfs_init();
	ret = ims_vfunc_register(&ims_siov_fn_driver, &ims_siov_pci_driver);
	if (ret)
		ims_siov_debugfs_exit();
	return ret;
}
module_init(ims_siov_init);

static void __exit ims_siov_exit(void)
{
	ims_vfunc_unregister(&ims_siov_fn_driver, &ims_siov_pci_driver);
	ims_siov_debugfs_exit();
}
module_exit(ims_siov_exit);

MODULE_DESCRIPTION("Reference driver of a DSA-like accelerator, simulated on QEMU's nvme");
MODULE_LICENSE("GPL");
MODULE_VERSION(IMS_VERSION);
