// SPDX-License-Identifier: GPL-2.0-only
/*
 * The controller: probe and remove, and the module.
 *
 * There is no table of ids. This driver takes what driver_override in sysfs
 * gives it and nothing else: it is of no use to a disk.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "nvme.h"
#include "../../../kmod/param.h"

static struct ims_param ims_nvme_slots = { 8192, 1, IMS_STORE_MAX };
ims_param_named(slots, ims_nvme_slots, 0444);
MODULE_PARM_DESC(slots, "Size of the interrupt message store (default: 8192)");

static struct ims_param ims_nvme_vectors = {
	8192, 1, IMS_NVME_VECTORS_MAX
};
ims_param_named(vectors, ims_nvme_vectors, 0444);
MODULE_PARM_DESC(vectors, "Vectors of each function (default: 8192)");

static bool ims_nvme_plain;
module_param_named(plain, ims_nvme_plain, bool, 0444);
MODULE_PARM_DESC(plain,
		 "Functions are devices of the bus ims_vfunc, not mediated ones (default: N)");

static int ims_nvme_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ims_nvme *nvme;
	int ret;

	nvme = kzalloc(sizeof(*nvme), GFP_KERNEL);
	if (!nvme)
		return -ENOMEM;
	nvme->pdev = pdev;
	mutex_init(&nvme->lock);
	pci_set_drvdata(pdev, nvme);

	nvme->replays = alloc_workqueue("ims_nvme/%s", 0, 0, pci_name(pdev));
	ret = nvme->replays ? pci_enable_device(pdev) : -ENOMEM;
	if (ret)
		goto err_free;
	ret = pci_request_regions(pdev, KBUILD_MODNAME);
	if (ret)
		goto err_disable;
	ret = ims_nvme_queue_init(&nvme->queue, pdev);
	if (ret)
		goto err_release_regions;
	ret = ims_table_init(&nvme->table, ims_nvme_slots.value, nvme->replays,
			     ims_nvme_replay);
	if (ret)
		goto err_queue_exit;

	/* From here on functions can be made. */
	nvme->parent = ims_vfunc_parent_add(pdev, &ims_nvme_fn_driver,
			ims_store_create(pdev, &ims_nvme_store_ops,
					 ims_nvme_slots.value, &nvme->table),
			nvme);
	if (!IS_ERR(nvme->parent))
		return 0;
	ret = PTR_ERR(nvme->parent);

	ims_table_exit(&nvme->table);
err_queue_exit:
	ims_nvme_queue_exit(&nvme->queue, pdev);
err_release_regions:
	pci_release_regions(pdev);
err_disable:
	pci_disable_device(pdev);
err_free:
	if (nvme->replays)
		destroy_workqueue(nvme->replays);
	mutex_destroy(&nvme->lock);
	kfree(nvme);
	return ret;
}

/*
 * Nothing is fired from when nvme->gone is seen under the lock. When the store
 * and the functions have ended nobody looks at nvme any more.
 */
static void ims_nvme_remove(struct pci_dev *pdev)
{
	struct ims_nvme *nvme = pci_get_drvdata(pdev);

	mutex_lock(&nvme->lock);
	nvme->gone = true;
	mutex_unlock(&nvme->lock);

	ims_vfunc_parent_del(nvme->parent);

	destroy_workqueue(nvme->replays);
	ims_table_exit(&nvme->table);
	ims_nvme_queue_exit(&nvme->queue, pdev);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
	mutex_destroy(&nvme->lock);
	kfree(nvme);
}

/* The name is also the first half of the mdev type's: ims_nvme-fn. */
static struct pci_driver ims_nvme_pci_driver = {
	.name		= "ims_nvme",
	.probe		= ims_nvme_probe,
	.remove		= ims_nvme_remove,
};

static int __init ims_nvme_init(void)
{
	ims_nvme_fn_driver.num_vectors = ims_nvme_vectors.value;
	ims_nvme_fn_driver.mdev = !ims_nvme_plain;
	return ims_vfunc_register(&ims_nvme_fn_driver, &ims_nvme_pci_driver);
}
module_init(ims_nvme_init);

static void __exit ims_nvme_exit(void)
{
	ims_vfunc_unregister(&ims_nvme_fn_driver, &ims_nvme_pci_driver);
}
module_exit(ims_nvme_exit);

MODULE_DESCRIPTION("Test device: an interrupt message store that QEMU's NVMe controller fires");
MODULE_LICENSE("GPL");
