# SPDX-License-Identifier: LGPL-2.1-or-later
"""Interrupt message stores, virtual devices and their vectors.

    import ims

    with ims.Context() as context:
        for device in context.devices():
            print(device.name, device.live, "vectors are live")
            for vector in device.vectors():
                print(vector.index, vector.state, vector.delivered)
        for event in context.monitor(sync=True):
            print(event.type, event.object)

Objects are snapshots: they hold what the kernel reported when it was asked, can be kept,
and never change. An attribute is None when there is none, or when the kernel does not
report it: cookies need CAP_SYS_ADMIN. A call that fails raises ims.Error, an OSError with
the kernel's reason. The package uses libims.so.0, see libims(3), and needs nothing else
but Python."""

from ._library import Error, text as _text, function as _function
from .context import Context
from .device import Device
from .event import Event
from .hotplug import Hotplug, HotplugEvent, Parent, VirtualDevice
from .monitor import Monitor
from .store import Store
from .vector import Vector
from .vfio import VfioDevice

__all__ = ["Context", "Device", "Error", "Event", "Hotplug", "HotplugEvent", "Monitor", "Parent",
           "Store", "Vector", "VfioDevice", "VirtualDevice", "version"]


def version() -> str:
    """Version of the library that runs."""
    return str(_text(_function("ims_version")()))
