// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that are born as plain devices on the bus "ims_vfunc": the user
 * writes a number to the PCI device's ims_vfunc/new_device.
 */
#include <linux/slab.h>

#include "vfunc.h"

/**
 * struct ims_vfunc_plain - a function's device
 * @dev: on our bus, child of the PCI device
 * @parent: stays while the device is registered
 * @id: the number in its name
 * @deleted: somebody unregisters it
 */
struct ims_vfunc_plain {
	struct device dev;
	struct ims_vfunc_parent *parent;
	unsigned int id;
	atomic_t deleted;
};

static struct ims_vfunc_plain *ims_vfunc_plain_of(struct device *dev)
{
	return container_of(dev, struct ims_vfunc_plain, dev);
}

static int ims_vfunc_bus_probe(struct device *dev)
{
	struct ims_vfunc_plain *plain = ims_vfunc_plain_of(dev);

	return ims_vfunc_create(plain->parent, dev, plain->id);
}

static void ims_vfunc_bus_remove(struct device *dev)
{
	ims_vfunc_remove(dev);
}

/* A function's driver is attached by whoever makes the function. */
static int ims_vfunc_bus_match(struct device *dev,
			       IMS_COMPAT_CONST_DRIVER struct device_driver *driver)
{
	return 0;
}

static struct bus_type ims_vfunc_bus = {
	.name	= "ims_vfunc",
	.match	= ims_vfunc_bus_match,
	.probe	= ims_vfunc_bus_probe,
	.remove	= ims_vfunc_bus_remove,
};

static void ims_vfunc_plain_release(struct device *dev)
{
	kfree(ims_vfunc_plain_of(dev));
}

static int ims_vfunc_plain_name(struct ims_vfunc_parent *parent, unsigned int id,
				char *name, size_t size)
{
	return snprintf(name, size, "%s-%u", pci_name(parent->pdev), id);
}

static void ims_vfunc_plain_delete(struct ims_vfunc_plain *plain)
{
	struct ims_vfunc_parent *parent = plain->parent;
	unsigned int id = plain->id;

	if (atomic_xchg(&plain->deleted, 1))
		return;
	/* Asks the user to close the function, and waits. */
	device_unregister(&plain->dev);
	ida_free(&parent->ids, id);
}

/* @id is the function's: it is freed when the function has ended. */
static int ims_vfunc_plain_make(struct ims_vfunc_parent *parent, unsigned int id)
{
	struct ims_vfunc_plain *plain;
	char name[64];
	int ret;

	plain = kzalloc(sizeof(*plain), GFP_KERNEL);
	if (!plain) {
		ida_free(&parent->ids, id);
		return -ENOMEM;
	}
	plain->parent = parent;
	plain->id = id;
	plain->dev.parent = &parent->pdev->dev;
	plain->dev.bus = &ims_vfunc_bus;
	plain->dev.release = ims_vfunc_plain_release;
	device_initialize(&plain->dev);

	ims_vfunc_plain_name(parent, id, name, sizeof(name));
	/* Somebody may delete it as soon as it is there. */
	get_device(&plain->dev);
	ret = dev_set_name(&plain->dev, "%s", name);
	if (!ret)
		ret = device_add(&plain->dev);
	if (ret) {
		put_device(&plain->dev);
		put_device(&plain->dev);
		ida_free(&parent->ids, id);
		return ret;
	}

	/* What probe says is what the user gets. */
	ret = device_driver_attach(&parent->driver->plain_driver, &plain->dev);
	if (ret)
		ims_vfunc_plain_delete(plain);
	put_device(&plain->dev);
	return ret;
}

static struct ims_vfunc_parent *ims_vfunc_attr_parent(struct device_attribute *attr)
{
	return container_of(attr, struct dev_ext_attribute, attr)->var;
}

static int ims_vfunc_parse_id(struct ims_vfunc_parent *parent, const char *buf,
			      unsigned int *id)
{
	int ret = kstrtouint(buf, 0, id);

	if (!ret && *id >= parent->driver->max_functions)
		ret = -ERANGE;
	return ret;
}

static ssize_t new_device_store(struct device *dev,
				struct device_attribute *attr, const char *buf,
				size_t count)
{
	struct ims_vfunc_parent *parent = ims_vfunc_attr_parent(attr);
	unsigned int id;
	int ret;

	ret = ims_vfunc_parse_id(parent, buf, &id);
	if (ret)
		return ret;
	ret = ida_alloc_range(&parent->ids, id, id, GFP_KERNEL);
	if (ret < 0)
		return ret == -ENOSPC ? -EEXIST : ret;
	ret = ims_vfunc_plain_make(parent, id);
	return ret ? ret : count;
}

static ssize_t delete_device_store(struct device *dev,
				   struct device_attribute *attr,
				   const char *buf, size_t count)
{
	struct ims_vfunc_parent *parent = ims_vfunc_attr_parent(attr);
	struct device *found;
	unsigned int id;
	char name[64];
	int ret;

	ret = ims_vfunc_parse_id(parent, buf, &id);
	if (ret)
		return ret;
	ims_vfunc_plain_name(parent, id, name, sizeof(name));
	found = bus_find_device_by_name(&ims_vfunc_bus, NULL, name);
	if (!found)
		return -ENODEV;
	ims_vfunc_plain_delete(ims_vfunc_plain_of(found));
	put_device(found);
	return count;
}

static int ims_vfunc_plain_count(struct device *dev, void *data)
{
	unsigned int *count = data;

	*count += dev->bus == &ims_vfunc_bus;
	return 0;
}

static ssize_t available_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	struct ims_vfunc_parent *parent = ims_vfunc_attr_parent(attr);
	unsigned int max = parent->driver->max_functions, count = 0;

	device_for_each_child(dev, &count, ims_vfunc_plain_count);
	return sysfs_emit(buf, "%u\n", max - min(count, max));
}

static ssize_t description_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	return ims_vfunc_description(ims_vfunc_attr_parent(attr), buf);
}

static const struct device_attribute ims_vfunc_attrs[IMS_VFUNC_ATTRS] = {
	__ATTR_WO(new_device),
	__ATTR_WO(delete_device),
	__ATTR_RO(available),
	__ATTR_RO(description),
};

static void ims_vfunc_plain_tell(struct ims_vfunc_parent *parent, char *state)
{
	char *env[] = { state, NULL };

	kobject_uevent_env(&parent->pdev->dev.kobj, KOBJ_CHANGE, env);
}

/* From here on users can make functions of @parent. */
int ims_vfunc_plain_add(struct ims_vfunc_parent *parent)
{
	unsigned int i;
	int ret;

	for (i = 0; i < IMS_VFUNC_ATTRS; i++) {
		parent->ext_attrs[i].attr = ims_vfunc_attrs[i];
		parent->ext_attrs[i].var = parent;
		sysfs_attr_init(&parent->ext_attrs[i].attr.attr);
		parent->attrs[i] = &parent->ext_attrs[i].attr.attr;
	}
	parent->group.name = "ims_vfunc";
	parent->group.attrs = parent->attrs;
	ret = sysfs_create_group(&parent->pdev->dev.kobj, &parent->group);
	if (!ret)
		ims_vfunc_plain_tell(parent, "IMS_VFUNC_STATE=registered");
	return ret;
}

static int ims_vfunc_plain_delete_child(struct device *dev, void *data)
{
	if (dev->bus == &ims_vfunc_bus)
		ims_vfunc_plain_delete(ims_vfunc_plain_of(dev));
	return 0;
}

/* The attributes go first, and wait for who makes or deletes a function now. */
void ims_vfunc_plain_del(struct ims_vfunc_parent *parent)
{
	struct device *dev = &parent->pdev->dev;

	sysfs_remove_group(&dev->kobj, &parent->group);
	device_for_each_child(dev, NULL, ims_vfunc_plain_delete_child);
	ims_vfunc_plain_tell(parent, "IMS_VFUNC_STATE=unregistered");
}

int ims_vfunc_plain_register(struct ims_vfunc_driver *driver,
			     const char *modname)
{
	driver->plain_driver = (struct device_driver) {
		.name			= modname,
		.bus			= &ims_vfunc_bus,
		.owner			= driver->owner,
		.mod_name		= modname,
		.dev_groups		= ims_vfunc_groups,
		.suppress_bind_attrs	= true,
	};
	return driver_register(&driver->plain_driver);
}

void ims_vfunc_plain_unregister(struct ims_vfunc_driver *driver)
{
	driver_unregister(&driver->plain_driver);
}

int ims_vfunc_plain_init(void)
{
	return bus_register(&ims_vfunc_bus);
}

void ims_vfunc_plain_exit(void)
{
	bus_unregister(&ims_vfunc_bus);
}
