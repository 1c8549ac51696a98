// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PCI device that lends virtual functions, and these as mediated devices.
 *
 * The module stays while a function is open: VFIO holds a reference to the
 * module of the mediated device's driver, this one.
 */
#include <linux/module.h>

#include "vfunc.h"

static int ims_vfunc_param_set(const char *val, const struct kernel_param *kp)
{
	const struct ims_vfunc_param *param = kp->arg;

	return param_set_uint_minmax(val, kp, param->min, param->max);
}

const struct kernel_param_ops ims_vfunc_param_ops = {
	.set = ims_vfunc_param_set,
	.get = param_get_uint,
};

static struct ims_vfunc_parent *ims_vfunc_type_parent(struct mdev_type *type)
{
	return container_of(type, struct ims_vfunc_parent, type);
}

static int ims_vfunc_probe(struct mdev_device *mdev)
{
	struct ims_vfunc_parent *parent = ims_vfunc_type_parent(mdev->type);
	struct vfio_device *vdev;
	struct ims_vfunc *fn;
	int ret;

	/* vfio_alloc_device() for a size that the compiler does not know. */
	vdev = _vfio_alloc_device(parent->ops->size, mdev_dev(mdev),
				  &ims_vfunc_vfio_ops);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	fn = container_of(vdev, struct ims_vfunc, vdev);

	/* mdev lets in as many functions as the driver says, no more. */
	ret = ida_alloc(&parent->ids, GFP_KERNEL);
	if (ret < 0)
		goto err_put;
	fn->id = ret;

	ret = vfio_register_emulated_iommu_dev(vdev);
	if (ret)
		goto err_free_id;
	dev_set_drvdata(mdev_dev(mdev), fn);
	return 0;

err_free_id:
	ida_free(&parent->ids, fn->id);
err_put:
	vfio_put_device(vdev);
	return ret;
}

static void ims_vfunc_remove(struct mdev_device *mdev)
{
	struct ims_vfunc *fn = dev_get_drvdata(mdev_dev(mdev));

	/* Asks the user to close the function, and waits. */
	vfio_unregister_group_dev(&fn->vdev);
	ida_free(&fn->parent->ids, fn->id);
	vfio_put_device(&fn->vdev);
}

static ssize_t ims_vfunc_show_description(struct mdev_type *type, char *buf)
{
	struct ims_vfunc_parent *parent = ims_vfunc_type_parent(type);

	return sysfs_emit(buf,
			  "%s; %u MSI-X vectors backed by an interrupt message store\n",
			  parent->ops->description, parent->nr_vectors);
}

static struct mdev_driver ims_vfunc_mdev_driver = {
	.device_api		= VFIO_DEVICE_API_PCI_STRING,
	.probe			= ims_vfunc_probe,
	.remove			= ims_vfunc_remove,
	.show_description	= ims_vfunc_show_description,
	.driver = {
		.name		= KBUILD_MODNAME,
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};

/**
 * ims_vfunc_parent_add - let functions be made of a device
 * @parent: @store, and the names in @type, are set; the rest is zero
 * @pdev: the device
 * @ops: the functions' kind
 * @nr_vectors: MSI-X vectors of each
 *
 * Context: probe. Sleeps.
 *
 * Return: 0 or a negative errno
 */
int ims_vfunc_parent_add(struct ims_vfunc_parent *parent, struct pci_dev *pdev,
			 const struct ims_vfunc_ops *ops, u32 nr_vectors)
{
	int ret;

	parent->ops = ops;
	parent->nr_vectors = nr_vectors;
	mutex_init(&parent->lock);
	ida_init(&parent->ids);
	parent->types[0] = &parent->type;

	ret = mdev_register_parent(&parent->mdev, &pdev->dev,
				   &ims_vfunc_mdev_driver, parent->types,
				   ARRAY_SIZE(parent->types));
	if (ret) {
		ida_destroy(&parent->ids);
		mutex_destroy(&parent->lock);
	}
	return ret;
}

/**
 * ims_vfunc_parent_del - the device goes away: end its store and functions
 * @parent: of a device that does not fire any more; its store is destroyed
 *
 * Functions may be open. The order, and why:
 *
 * 1. parent->store is taken away: a function that opens from now on gets
 *    -ENODEV, and does not look at what step 2 may free.
 * 2. ims_store_destroy() has the helper release the interrupts of all functions
 *    that are open, and calls the store's callbacks for the last time. The
 *    functions' handles keep a reference to the ims_store, which does not call
 *    back any more. This is not left to step 3, because a user may take his
 *    time to close what he has open.
 * 3. mdev_unregister_parent() asks the users to close, waits until they have,
 *    and removes the functions. From here on nobody looks at the parent: not
 *    even mdev, which releases a mediated device by its parent, since the
 *    helper's reference to it ends with vfio_pci_ims_free().
 *
 * When the module is unloaded no function is open: VFIO holds a reference to
 * the module for each that is.
 *
 * Context: remove. Sleeps, until the last user has closed.
 */
void ims_vfunc_parent_del(struct ims_vfunc_parent *parent)
{
	struct ims_store *store;

	mutex_lock(&parent->lock);
	store = parent->store;
	parent->store = NULL;
	mutex_unlock(&parent->lock);
	ims_store_destroy(store);

	mdev_unregister_parent(&parent->mdev);

	ida_destroy(&parent->ids);
	mutex_destroy(&parent->lock);
}

/**
 * ims_vfunc_register - a driver's module is loaded
 * @driver: the PCI driver; its name is the first half of the mdev type's
 * @max_functions: that each device can have
 *
 * Return: 0 or a negative errno
 */
int ims_vfunc_register(struct pci_driver *driver, unsigned int max_functions)
{
	int ret;

	ims_vfunc_mdev_driver.max_instances = max_functions;
	ret = mdev_register_driver(&ims_vfunc_mdev_driver);
	if (ret)
		return ret;

	ret = pci_register_driver(driver);
	if (ret)
		mdev_unregister_driver(&ims_vfunc_mdev_driver);
	return ret;
}

/**
 * ims_vfunc_unregister - counterpart of ims_vfunc_register()
 * @driver: the PCI driver
 */
void ims_vfunc_unregister(struct pci_driver *driver)
{
	pci_unregister_driver(driver);
	mdev_unregister_driver(&ims_vfunc_mdev_driver);
}
