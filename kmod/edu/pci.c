// SPDX-License-Identifier: GPL-2.0-only
/*
 * The edu PCI device: probe and remove, and the module.
 *
 * edu's own MSI and its BAR stay with this driver. Work queues get their
 * interrupts from the store, and reach the hardware through this driver.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "edu.h"

#define PCI_VENDOR_ID_EDU	0x1234
#define PCI_DEVICE_ID_EDU	0x11e8

/**
 * struct ims_edu_param - a module parameter and what it may be
 * @value: first, for param_set_uint_minmax() and param_get_uint()
 * @min: smallest value
 * @max: largest value
 */
struct ims_edu_param {
	unsigned int value;
	unsigned int min;
	unsigned int max;
};

static int ims_edu_param_set(const char *val, const struct kernel_param *kp)
{
	const struct ims_edu_param *param = kp->arg;

	return param_set_uint_minmax(val, kp, param->min, param->max);
}

static const struct kernel_param_ops ims_edu_param_ops = {
	.set = ims_edu_param_set,
	.get = param_get_uint,
};

static struct ims_edu_param ims_edu_slots = { 256, 1, IMS_STORE_MAX };
module_param_cb(slots, &ims_edu_param_ops, &ims_edu_slots, 0444);
__MODULE_PARM_TYPE(slots, "uint");
MODULE_PARM_DESC(slots, "Size of the interrupt message store of each edu device (default: 256)");

static struct ims_edu_param ims_edu_queues = { 16, 1, 1024 };
module_param_cb(queues, &ims_edu_param_ops, &ims_edu_queues, 0444);
__MODULE_PARM_TYPE(queues, "uint");
MODULE_PARM_DESC(queues, "Work queues that each edu device can have (default: 16)");

static struct ims_edu_param ims_edu_vectors = {
	32, IMS_EDU_VECTORS_MIN, IMS_EDU_VECTORS_MAX
};
module_param_cb(vectors, &ims_edu_param_ops, &ims_edu_vectors, 0444);
__MODULE_PARM_TYPE(vectors, "uint");
MODULE_PARM_DESC(vectors, "MSI-X vectors of each work queue, 2 to 2048 (default: 32)");

static struct ims_edu_param ims_edu_slots_per_queue = { 0, 0, IMS_STORE_MAX };
module_param_cb(slots_per_queue, &ims_edu_param_ops, &ims_edu_slots_per_queue,
		0644);
__MODULE_PARM_TYPE(slots_per_queue, "uint");
MODULE_PARM_DESC(slots_per_queue, "Most slots that a work queue may use, from its next open on (default: 0, no limit)");

static struct ims_edu_param ims_edu_reserve = { 0, 0, IMS_STORE_MAX };
module_param_cb(reserve, &ims_edu_param_ops, &ims_edu_reserve, 0644);
__MODULE_PARM_TYPE(reserve, "uint");
MODULE_PARM_DESC(reserve, "Slots guaranteed to each work queue, from its next open on; a queue for which there are not so many does not open (default: 0)");

/**
 * ims_edu_param_vectors - MSI-X vectors of a work queue
 *
 * Return: their number
 */
unsigned int ims_edu_param_vectors(void)
{
	return ims_edu_vectors.value;
}

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

	*reserve = READ_ONCE(ims_edu_reserve.value);
	if (*limit)
		*reserve = min(*reserve, *limit);
}

static int ims_edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ims_edu *edu;
	int ret;

	edu = kzalloc(sizeof(*edu), GFP_KERNEL);
	if (!edu)
		return -ENOMEM;
	edu->pdev = pdev;
	mutex_init(&edu->lock);
	ida_init(&edu->wq_ids);
	edu->type.sysfs_name = "wq";
	edu->type.pretty_name = "edu work queue";
	edu->types[0] = &edu->type;
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

	edu->ims = ims_store_create(pdev, &ims_edu_store_ops,
				    ims_edu_slots.value, edu);
	if (IS_ERR(edu->ims)) {
		ret = PTR_ERR(edu->ims);
		goto err_store_exit;
	}

	/* From here on work queues can be made. */
	ret = mdev_register_parent(&edu->parent, &pdev->dev,
				   &ims_edu_mdev_driver, edu->types,
				   ARRAY_SIZE(edu->types));
	if (ret)
		goto err_store_destroy;
	return 0;

err_store_destroy:
	ims_store_destroy(edu->ims);
err_store_exit:
	ims_edu_store_exit(edu);
err_engine_exit:
	ims_edu_engine_exit(edu);
err_release_regions:
	pci_release_regions(pdev);
err_disable:
	pci_disable_device(pdev);
err_free:
	ida_destroy(&edu->wq_ids);
	mutex_destroy(&edu->lock);
	kfree(edu);
	return ret;
}

/*
 * Work queues may be open, and work under way. The order, and why:
 *
 * 1. No hardware access is begun from now on (edu->gone), and what had begun
 *    is waited for: seconds at most. From here on edu writes no message. Work
 *    that is still queued fails with IMS_EDU_ERR_GONE.
 * 2. edu->ims is taken away: a queue that opens from now on gets -ENODEV, and
 *    does not look at what step 3 may free.
 * 3. ims_store_destroy() has the helper release the interrupts of all queues
 *    that are open, and calls the store's callbacks for the last time: the
 *    slots are still there. The queues' handles keep a reference to the
 *    ims_store, which does not call back any more. This is not left to step 4,
 *    because a user may take his time to close what he has open.
 * 4. mdev_unregister_parent() asks the users to close, waits until they have,
 *    and removes the queues. From here on nobody queues work or looks at edu:
 *    not even mdev, which releases a mediated device by its parent, since the
 *    helper's reference to it ends with vfio_pci_ims_free().
 * 5. The rest, in the reverse order of probe.
 *
 * When the module is unloaded no queue is open: VFIO holds a reference to the
 * module for each that is.
 */
static void ims_edu_remove(struct pci_dev *pdev)
{
	struct ims_edu *edu = pci_get_drvdata(pdev);
	struct ims_store *ims;

	WRITE_ONCE(edu->gone, true);
	flush_workqueue(edu->engine.queue);

	mutex_lock(&edu->lock);
	ims = edu->ims;
	edu->ims = NULL;
	mutex_unlock(&edu->lock);
	ims_store_destroy(ims);

	mdev_unregister_parent(&edu->parent);

	ims_edu_engine_exit(edu);
	ims_edu_store_exit(edu);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
	ida_destroy(&edu->wq_ids);
	mutex_destroy(&edu->lock);
	kfree(edu);
}

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
};

static int __init ims_edu_init(void)
{
	int ret;

	ims_edu_mdev_driver.max_instances = ims_edu_queues.value;
	ret = mdev_register_driver(&ims_edu_mdev_driver);
	if (ret)
		return ret;

	ret = pci_register_driver(&ims_edu_pci_driver);
	if (ret)
		mdev_unregister_driver(&ims_edu_mdev_driver);
	return ret;
}
module_init(ims_edu_init);

static void __exit ims_edu_exit(void)
{
	pci_unregister_driver(&ims_edu_pci_driver);
	mdev_unregister_driver(&ims_edu_mdev_driver);
}
module_exit(ims_edu_exit);

MODULE_DESCRIPTION("Reference accelerator with an interrupt message store, on QEMU's edu device");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
