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
report it: cookies need CAP_SYS_ADMIN. A flag is never None: without CAP_SYS_ADMIN
cookie_own is False. state, type and other words are a number as text when the kernel has a
value that this version of the library does not know: ignore events of such a type.
as_dict() has all attributes, those of an event without its object. Compare objects by
as_dict(): == is true only for the same Python object, and event.store makes a new one
each time.

What lists return has len(), can be iterated many times, and has the attribute time,
CLOCK_MONOTONIC in ns at which the dump was begun, None for lists of sysfs. It has no
indexes: use list(). If changes disturbed the dump, objects may be missing: the iteration
ends with an Error (errno EINTR) after the last object.

A call that fails raises ims.Error, an OSError with the kernel's reason. The package uses
libims.so.0, see libims(3), and needs nothing else but Python.

Names are those of libims: device.limit is ims_device_get_limit(), vector.masked is
ims_vector_is_masked(). These differ:

    store.devices_open                  ims_store_get_devices()
    device.num_vectors                  ims_device_get_vectors()
    device.vm                           ims_device_find_vm()
    context.find_device()               ims_device_find()
    device.configure_vectors()          ims_vector_configure_list()
    device.vectors()                    ims_vector_list_get_by_device()
    context.vectors()                   ims_vector_list_get_by_filter()
    vector.quieten(), limit_rate()      ims_vector_quiet(), ims_vector_rate_limit()
    context.virtual_devices()           ims_vdev_list_get()
    parent.create(), vdev.delete()      ims_vdev_create(), ims_vdev_delete()
    Context(capture)                    ims_capture_read_buffer()
    close()                             the ..._free() functions
"""

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
