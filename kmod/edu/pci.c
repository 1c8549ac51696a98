// SPDX-License-Identifier: GPL-2.0-only
/*
 * The edu PCI device: probe, sleep, reset and remove, and the module.
 *
 * edu's own MSI and its BAR stay with this driver. Work queues get their
 * interrupts from the store, and reach the hardware through this driver.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "edu.h"
#include "../param.h"
#include "../version.h"

#define PCI_VENDOR_ID_EDU	0x1234
#define PCI_DEVICE_ID_EDU	0x11e8

static struct ims_param ims_edu_slots = { 256, 1, IMS_STORE_MAX };
ims_param_named(slots, ims_edu_slots, 0444);
MODULE_PARM_DESC(slots, "Size of the interrupt message store of each edu device (default: 256)");

static struct ims_param ims_edu_queues = { 16, 1, 1024 };
ims_param_named(queues, ims_edu_queues, 0444);
MODULE_PARM_DESC(queues, "Work queues that each edu device can have (default: 16)");

static struct ims_param ims_edu_vectors = {
	32, IMS_EDU_VECTORS_MIN, IMS_EDU_VECTORS_MAX
};
ims_param_named(vectors, ims_edu_vectors, 0444);
MODULE_PARM_DESC(vectors, "MSI-X vectors of each work queue, 2 to 2048 (default: 32)");

static struct ims_param ims_edu_slots_per_queue = { 0, 0, IMS_STORE_MAX };
ims_param_named(slots_per_queue, ims_edu_slots_per_queue, 0644);
MODULE_PARM_DESC(slots_per_queue, "Most slots that a work queue may use, from its next open on (default: 0, no limit)");

static struct ims_param ims_edu_reserve = { 0, 0, IMS_STORE_MAX };
ims_param_named(reserve, ims_edu_reserve, 0644);
MODULE_PARM_DESC(reserve, "Slots guaranteed to each work queue, from its next open on; a queue for which there are not so many does not open (default: 0)");

static struct ims_param ims_edu_cookie_bits = { 64, 1, 64 };
ims_param_named(cookie_bits, ims_edu_cookie_bits, 0444);
MODULE_PARM_DESC(cookie_bits, "Bits of a slot's cookie, as hardware has them (a PASID 20); a cookie that has more is refused (default: 64)");

/**
 * ims_edu_param_quota - what share of the store a work queue gets
 * @limit: most slots; 0 for as many as there are
 * @reserve: guaranteed slots, not above a limit
 */
void ims_edu_param_quota(u32 *limit, u32 *reserve)
{
	*limit = READ_ONCE(ims_edu_slots_per_queue.value);
	if (*limit >= ims_edu_slots.value)
		*limit = 0;

	/* A queue can use a slot for each vector, and one more for a moment. */
	*reserve = min(READ_ONCE(ims_edu_reserve.value),
		       ims_edu_vectors.value + 1);
	if (*limit)
		*reserve = min(*reserve, *limit);
}

/**
 * ims_edu_param_cookie_fits - can a slot hold a cookie?
 * @cookie: the cookie
 *
 * Return: whether it can
 */
bool ims_edu_param_cookie_fits(u64 cookie)
{
	return fls64(cookie) <= ims_edu_cookie_bits.value;
}

static int ims_edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ims_edu *edu;
	int ret;

	edu = kzalloc(sizeof(*edu), GFP_KERNEL);
	if (!edu)
		return -ENOMEM;
	edu->pdev = pdev;
	pci_set_drvdata(pdev, edu);

	ret = pci_enable_device(pdev);
	if (ret)
		goto err_free;
	ret = pci_request_regions(pdev, KBUILD_MODNAME);
	if (ret)
		goto err_disable;
	ret = ims_edu_engine_init(edu);
	if (ret)
		goto err_release_regions;
	ret = ims_edu_store_init(edu, ims_edu_slots.value);
	if (ret)
		goto err_engine_exit;

	/* From here on work queues can be made. */
	edu->parent = ims_vfunc_parent_add(pdev, &ims_edu_wq_driver,
			ims_store_create(pdev, &ims_edu_store_ops,
					 ims_edu_slots.value,
					 &edu->store.table), edu);
	if (IS_ERR(edu->parent)) {
		ret = PTR_ERR(edu->parent);
		goto err_store_exit;
	}
	/* For ims_edu_slot_reset(). */
	pci_save_state(pdev);
	return 0;

err_store_exit:
	ims_edu_store_exit(edu);
err_engine_exit:
	ims_edu_engine_exit(edu);
err_release_regions:
	pci_release_regions(pdev);
err_disable:
	pci_disable_device(pdev);
err_free:
	kfree(edu);
	return ret;
}

/*
 * Work queues may be open, and work under way. No hardware access is begun from
 * now on (edu->gone), and what had begun is waited for: seconds at most, unless
 * edu is asleep and will not be woken any more. From then on edu writes no
 * message, and work that is still queued fails with IMS_EDU_ERR_GONE. When the
 * store and the queues have ended nobody queues work or looks at edu, and the rest
 * goes in the reverse order of probe.
 */
static void ims_edu_remove(struct pci_dev *pdev)
{
	struct ims_edu *edu = pci_get_drvdata(pdev);

	WRITE_ONCE(edu->gone, true);
	if (edu->asleep)
		ims_edu_engine_end(edu);
	flush_workqueue(edu->engine.queue);

	ims_vfunc_parent_del(edu->parent);

	ims_edu_engine_exit(edu);
	ims_edu_store_exit(edu);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
	kfree(edu);
}

/*
 * Sleep, reset and errors: the device's lock is held in all that follows.
 *
 * While edu sleeps, or is reset, the hardware is nobody's: work that is under way
 * is finished before, and what is queued goes on afterwards.
 */
static void ims_edu_sleep(struct ims_edu *edu)
{
	ims_edu_engine_begin(edu);
	edu->asleep = true;
	ims_vfunc_parent_suspend(edu->parent);
}

static int ims_edu_wake(struct ims_edu *edu)
{
	int ret = 0;

	if (!edu->gone) {
		/* For ims_edu_slot_reset(). */
		pci_save_state(edu->pdev);
		ret = ims_edu_engine_restart(edu);
	}
	if (ret) {
		WRITE_ONCE(edu->gone, true);
		ims_vfunc_parent_error(edu->parent);
	}
	ims_vfunc_parent_resume(edu->parent);
	edu->asleep = false;
	ims_edu_engine_end(edu);
	return ret;
}

static int ims_edu_suspend(struct device *dev)
{
	ims_edu_sleep(dev_get_drvdata(dev));
	return 0;
}

static int ims_edu_resume(struct device *dev)
{
	return ims_edu_wake(dev_get_drvdata(dev));
}

static DEFINE_SIMPLE_DEV_PM_OPS(ims_edu_pm_ops, ims_edu_suspend, ims_edu_resume);

static void ims_edu_reset_prepare(struct pci_dev *pdev)
{
	ims_edu_sleep(pci_get_drvdata(pdev));
}

static void ims_edu_reset_done(struct pci_dev *pdev)
{
	ims_edu_wake(pci_get_drvdata(pdev));
}

/*
 * After an error nobody knows what edu does, nor whether it ever recovers: work
 * does not wait for that but fails, as it does when edu is removed.
 */
static pci_ers_result_t ims_edu_error_detected(struct pci_dev *pdev,
					       pci_channel_state_t state)
{
	struct ims_edu *edu = pci_get_drvdata(pdev);

	if (!edu->gone) {
		WRITE_ONCE(edu->gone, true);
		/* Wait for the work item that has the hardware. */
		if (!edu->asleep) {
			ims_edu_engine_begin(edu);
			ims_edu_engine_end(edu);
		}
	}
	ims_vfunc_parent_error(edu->parent);
	return state == pci_channel_io_perm_failure ? PCI_ERS_RESULT_DISCONNECT :
						      PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t ims_edu_slot_reset(struct pci_dev *pdev)
{
	struct ims_edu *edu = pci_get_drvdata(pdev);
	int ret;

	pci_restore_state(pdev);
	pci_save_state(pdev);
	/* Nobody has the hardware: edu is gone. */
	ret = ims_edu_engine_restart(edu);
	return ret ? PCI_ERS_RESULT_DISCONNECT : PCI_ERS_RESULT_RECOVERED;
}

static void ims_edu_error_resume(struct pci_dev *pdev)
{
	struct ims_edu *edu = pci_get_drvdata(pdev);

	/* Work goes on when the slots are what the store has by now. */
	ims_vfunc_parent_recovered(edu->parent);
	WRITE_ONCE(edu->gone, false);
}

static const struct pci_error_handlers ims_edu_err_handlers = {
	.error_detected	= ims_edu_error_detected,
	.slot_reset	= ims_edu_slot_reset,
	.resume		= ims_edu_error_resume,
	.reset_prepare	= ims_edu_reset_prepare,
	.reset_done	= ims_edu_reset_done,
};

static const struct pci_device_id ims_edu_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_EDU, PCI_DEVICE_ID_EDU) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ims_edu_ids);

/* The name is also the first half of the mdev type's: ims_edu-wq. */
static struct pci_driver ims_edu_pci_driver = {
	.name		= "ims_edu",
	.id_table	= ims_edu_ids,
	.probe		= ims_edu_probe,
	.remove		= ims_edu_remove,
	.err_handler	= &ims_edu_err_handlers,
	.driver.pm	= pm_sleep_ptr(&ims_edu_pm_ops),
};

static int __init ims_edu_init(void)
{
	ims_edu_wq_driver.max_functions = ims_edu_queues.value;
	ims_edu_wq_driver.num_vectors = ims_edu_vectors.value;
	return ims_vfunc_register(&ims_edu_wq_driver, &ims_edu_pci_driver);
}
module_init(ims_edu_init);

static void __exit ims_edu_exit(void)
{
	ims_vfunc_unregister(&ims_edu_wq_driver, &ims_edu_pci_driver);
}
module_exit(ims_edu_exit);

MODULE_DESCRIPTION("Reference accelerator with an interrupt message store, on QEMU's edu device");
MODULE_LICENSE("GPL");
MODULE_VERSION(IMS_VERSION);
