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

static struct ims_vfunc_param ims_edu_slots = { 256, 1, IMS_STORE_MAX };
module_param_cb(slots, &ims_vfunc_param_ops, &ims_edu_slots, 0444);
__MODULE_PARM_TYPE(slots, "uint");
MODULE_PARM_DESC(slots, "Size of the interrupt message store of each edu device (default: 256)");

static struct ims_vfunc_param ims_edu_queues = { 16, 1, 1024 };
module_param_cb(queues, &ims_vfunc_param_ops, &ims_edu_queues, 0444);
__MODULE_PARM_TYPE(queues, "uint");
MODULE_PARM_DESC(queues, "Work queues that each edu device can have (default: 16)");

static struct ims_vfunc_param ims_edu_vectors = {
	32, IMS_EDU_VECTORS_MIN, IMS_EDU_VECTORS_MAX
};
module_param_cb(vectors, &ims_vfunc_param_ops, &ims_edu_vectors, 0444);
__MODULE_PARM_TYPE(vectors, "uint");
MODULE_PARM_DESC(vectors, "MSI-X vectors of each work queue, 2 to 2048 (default: 32)");

static struct ims_vfunc_param ims_edu_slots_per_queue = { 0, 0, IMS_STORE_MAX };
module_param_cb(slots_per_queue, &ims_vfunc_param_ops, &ims_edu_slots_per_queue,
		0644);
__MODULE_PARM_TYPE(slots_per_queue, "uint");
MODULE_PARM_DESC(slots_per_queue, "Most slots that a work queue may use, from its next open on (default: 0, no limit)");

static struct ims_vfunc_param ims_edu_reserve = { 0, 0, IMS_STORE_MAX };
module_param_cb(reserve, &ims_vfunc_param_ops, &ims_edu_reserve, 0644);
__MODULE_PARM_TYPE(reserve, "uint");
MODULE_PARM_DESC(reserve, "Slots guaranteed to each work queue, from its next open on; a queue for which there are not so many does not open (default: 0)");

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
	struct ims_store *store;
	struct ims_edu *edu;
	int ret;

	edu = kzalloc(sizeof(*edu), GFP_KERNEL);
	if (!edu)
		return -ENOMEM;
	edu->pdev = pdev;
	edu->parent.type.sysfs_name = "wq";
	edu->parent.type.pretty_name = "edu work queue";
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

	store = ims_store_create(pdev, &ims_edu_store_ops, ims_edu_slots.value,
				 &edu->store.table);
	if (IS_ERR(store)) {
		ret = PTR_ERR(store);
		goto err_store_exit;
	}
	edu->parent.store = store;

	/* From here on work queues can be made. */
	ret = ims_vfunc_parent_add(&edu->parent, pdev, &ims_edu_wq_ops,
				   ims_edu_vectors.value);
	if (ret)
		goto err_store_destroy;
	return 0;

err_store_destroy:
	ims_store_destroy(store);
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
 * now on (edu->gone), and what had begun is waited for: seconds at most. From
 * then on edu writes no message, and work that is still queued fails with
 * IMS_EDU_ERR_GONE. When the store and the queues have ended nobody queues work
 * or looks at edu, and the rest goes in the reverse order of probe.
 */
static void ims_edu_remove(struct pci_dev *pdev)
{
	struct ims_edu *edu = pci_get_drvdata(pdev);

	WRITE_ONCE(edu->gone, true);
	flush_workqueue(edu->engine.queue);

	ims_vfunc_parent_del(&edu->parent);

	ims_edu_engine_exit(edu);
	ims_edu_store_exit(edu);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
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
	return ims_vfunc_register(&ims_edu_pci_driver, ims_edu_queues.value);
}
module_init(ims_edu_init);

static void __exit ims_edu_exit(void)
{
	ims_vfunc_unregister(&ims_edu_pci_driver);
}
module_exit(ims_edu_exit);

MODULE_DESCRIPTION("Reference accelerator with an interrupt message store, on QEMU's edu device");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
