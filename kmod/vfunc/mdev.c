// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that are born as mediated devices: the user writes a UUID.
 */
#include "vfunc.h"

static struct ims_vfunc_parent *ims_vfunc_type_parent(struct mdev_type *type)
{
	return container_of(type, struct ims_vfunc_parent, type);
}

static int ims_vfunc_mdev_probe(struct mdev_device *mdev)
{
	struct ims_vfunc_parent *parent = ims_vfunc_type_parent(mdev->type);
	int id, ret;

	/* mdev lets in as many functions as max_instances says, no more. */
	id = ida_alloc(&parent->ids, GFP_KERNEL);
	if (id < 0)
		return id;
	ret = ims_vfunc_create(parent, mdev_dev(mdev), id);
	if (ret)
		ida_free(&parent->ids, id);
	return ret;
}

static void ims_vfunc_mdev_remove(struct mdev_device *mdev)
{
	struct ims_vfunc_parent *parent = ims_vfunc_type_parent(mdev->type);

	ida_free(&parent->ids, ims_vfunc_remove(mdev_dev(mdev)));
}

static ssize_t ims_vfunc_mdev_description(struct mdev_type *type, char *buf)
{
	return ims_vfunc_description(ims_vfunc_type_parent(type), buf);
}

int ims_vfunc_mdev_register(struct ims_vfunc_driver *driver, const char *modname)
{
	driver->mdev_driver = (struct mdev_driver) {
		.device_api		= VFIO_DEVICE_API_PCI_STRING,
		.max_instances		= driver->max_functions,
		.probe			= ims_vfunc_mdev_probe,
		.remove			= ims_vfunc_mdev_remove,
		.show_description	= ims_vfunc_mdev_description,
		.driver = {
			.name		= modname,
			.owner		= driver->owner,
			.mod_name	= modname,
			.dev_groups	= ims_vfunc_groups,
		},
	};
	return mdev_register_driver(&driver->mdev_driver);
}

void ims_vfunc_mdev_unregister(struct ims_vfunc_driver *driver)
{
	mdev_unregister_driver(&driver->mdev_driver);
}

/* From here on users can make functions of @parent. */
int ims_vfunc_mdev_add(struct ims_vfunc_parent *parent)
{
	parent->type.sysfs_name = parent->driver->name;
	parent->type.pretty_name = parent->driver->title;
	parent->types[0] = &parent->type;
	return mdev_register_parent(&parent->mdev, &parent->pdev->dev,
				    &parent->driver->mdev_driver, parent->types,
				    ARRAY_SIZE(parent->types));
}

/*
 * Asks the users to close, waits until they have, and removes the functions.
 * Afterwards nobody looks at @parent: not even mdev, which releases a mediated
 * device by its parent, since vfio_pci_ims.ko's reference to it ends with
 * vfio_pci_ims_free().
 */
void ims_vfunc_mdev_del(struct ims_vfunc_parent *parent)
{
	mdev_unregister_parent(&parent->mdev);
}
