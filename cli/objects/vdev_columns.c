// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Columns of virtual devices that nobody has open, of which only sysfs knows.
 */
#include "objects/objects.h"

static bool get_name(const void *vdev, struct cell *cell)
{
	return cell_string(ims_vdev_get_name(vdev), cell);
}

static bool get_parent(const void *vdev, struct cell *cell)
{
	return cell_string(ims_vdev_get_parent(vdev), cell);
}

static bool get_type(const void *vdev, struct cell *cell)
{
	return cell_string(ims_vdev_get_type(vdev), cell);
}

static bool get_driver(const void *vdev, struct cell *cell)
{
	return cell_string(ims_vdev_get_driver(vdev), cell);
}

static bool get_group(const void *vdev, struct cell *cell)
{
	uint32_t group;

	if (ims_vdev_get_group(vdev, &group))
		return false;
	cell->number = group;
	return true;
}

static bool get_path(const void *vdev, struct cell *cell)
{
	return cell_string(ims_vdev_get_path(vdev), cell);
}

static const struct column columns[] = {
	{ "NAME", "name", COLUMN_DEVICE, IN_TEXT | IN_JSON | ALWAYS,
	  "name below /sys/bus, such as a mediated device's UUID", get_name,
	  .weight = WEIGHT_KEY },
	{ "PARENT", "parent", COLUMN_ADDRESS, IN_TEXT | IN_JSON | ALWAYS,
	  "PCI address of the device that it is made on", get_parent,
	  .weight = 5 },
	{ "TYPE", "type", COLUMN_STRING, IN_TEXT | IN_JSON,
	  "type of a mediated device, such as ims_edu-wq", get_type,
	  .weight = 4, .least = 8 },
	{ "DRIVER", "driver", COLUMN_STRING, IN_TEXT | IN_JSON,
	  "its driver; none while it is bound to none", get_driver,
	  .weight = 3, .least = 8 },
	{ "GROUP", "group", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "IOMMU group, as in /dev/vfio/GROUP", get_group, .weight = 2 },
	{ "PATH", "path", COLUMN_STRING, IN_JSON,
	  "directory in sysfs, as QEMU's sysfsdev= takes it", get_path },
	{ 0 },
};

const struct table vdev_table = {
	.object = "closed_device",
	.objects = "closed devices",
	.columns = columns,
};
