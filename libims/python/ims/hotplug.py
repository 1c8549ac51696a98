# SPDX-License-Identifier: LGPL-2.1-or-later
"""Parents and devices that come and go in sysfs: see ims_hotplug(3), ims_parent(3) and
ims_vdev(3). None of this needs the module."""

from typing import Any

from . import _library as lib
from .monitor import Source


class HotplugEvent(lib.Snapshot):
    """A parent, a mediated device or a virtual function came or went."""

    _free = "ims_hotplug_event_free"

    action = lib.named("ims_hotplug_event_get_action", "ims_hotplug_action_name", "add or remove.")
    kind = lib.named("ims_hotplug_event_get_kind", "ims_hotplug_kind_name")
    name = lib.string("ims_hotplug_event_get_name")
    parent = lib.string("ims_hotplug_event_get_parent")


class Hotplug(Source[HotplugEvent]):
    """Virtual devices and parents that come and go in sysfs."""

    _kind = "hotplug"
    _make = HotplugEvent


class Parent(lib.Snapshot):
    """A type of virtual devices that a parent offers."""

    name = lib.string("ims_parent_get_name")
    type = lib.string("ims_parent_get_type")
    description = lib.string("ims_parent_get_description")
    available = lib.number("ims_parent_get_available", "How many more can be made.")

    def create(self, id: str) -> None:
        """Make a virtual device. id is a UUID for a mediated device, or a function's number."""
        lib.check(self.context, lib.function("ims_vdev_create")(
            self.context.pointer, self.pointer, id.encode()))


class VirtualDevice(lib.Snapshot):
    """A virtual device in sysfs, open or not."""

    name = lib.string("ims_vdev_get_name")
    parent = lib.string("ims_vdev_get_parent")
    type = lib.string("ims_vdev_get_type")
    driver = lib.string("ims_vdev_get_driver")
    path = lib.string("ims_vdev_get_path")
    group = lib.number("ims_vdev_get_group", "Number of its IOMMU group.")

    def delete(self) -> None:
        """Delete it. A process that has it open is asked to close it; this waits for that."""
        name: Any = self.name
        lib.check(self.context, lib.function("ims_vdev_delete")(self.context.pointer, name.encode()))
