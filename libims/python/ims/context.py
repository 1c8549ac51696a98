# SPDX-License-Identifier: LGPL-2.1-or-later
"""The context, from which all other objects come. See ims_ctx(3)."""

import ctypes
import os
from typing import Any, Optional, Union

from . import _library as lib
from .device import Device
from .hotplug import Hotplug, Parent, VirtualDevice
from .monitor import Monitor
from .store import Store
from .vector import Vector


class Context(lib.Owned):
    """A connection to the kernel, for one thread at a time; a context manager.

    capture: the output of `imsctl capture`, as bytes or as the path of a file: the context
    then shows the state in it, and nothing can be changed."""

    def __init__(self, capture: Union[bytes, str, "os.PathLike[str]", None] = None) -> None:
        out = ctypes.c_void_p()
        result = lib.function("ims_ctx_new")(ctypes.byref(out))
        if result:
            raise lib.Error(-result)
        assert out.value is not None
        super().__init__(out.value, "ims_ctx_free")
        if capture is not None:
            self._read(capture)

    def _read(self, capture: Union[bytes, str, "os.PathLike[str]"]) -> None:
        if not isinstance(capture, bytes):
            with open(capture, "rb") as file:
                capture = file.read()
        lib.check(self, lib.function("ims_capture_read_buffer")(self.pointer, capture, len(capture)))

    def __enter__(self) -> "Context":
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    @property
    def capture_time(self) -> Optional[int]:
        """CLOCK_MONOTONIC of the capture in nanoseconds; None without a capture."""
        out = ctypes.c_uint64()
        return None if lib.function("ims_capture_get_time")(self.pointer, ctypes.byref(out)) else out.value

    def stores(self) -> lib.Listing[Store]:
        return lib.Listing(self, "store", Store, "ims_store_list_get")

    def devices(self) -> lib.Listing[Device]:
        return lib.Listing(self, "device", Device, "ims_device_list_get")

    def vectors(self, *, device: Optional[Device] = None, state: Optional[str] = None,
                backing: Optional[str] = None, nonzero: bool = False) -> lib.Listing[Vector]:
        """Vectors that meet all conditions, filtered by the kernel. Absent ones only if
        state asks for them."""
        out = ctypes.c_void_p()
        lib.check(self, lib.function("ims_vector_filter_new")(ctypes.byref(out)))
        assert out.value is not None
        wanted = lib.Owned(out.value, "ims_vector_filter_free")

        def choose(what: str, value: Any) -> None:
            lib.check(self, lib.function(f"ims_vector_filter_set_{what}")(wanted.pointer, value))

        if device is not None:
            choose("device", device.pointer)
        if state is not None:
            choose("state", lib.number_of("ims_vector_state_name", state))
        if backing is not None:
            choose("backing", lib.number_of("ims_vector_backing_name", backing))
        choose("nonzero", nonzero)
        return lib.Listing(self, "vector", Vector, "ims_vector_list_get_by_filter", wanted.pointer)

    def store(self, name: Union[str, int]) -> Store:
        """The store of that name or id."""
        if isinstance(name, int):
            return lib.take_one(self, Store, "ims_store_get_by_id", name)
        return lib.take_one(self, Store, "ims_store_get", name.encode())

    def device(self, name: Union[str, int]) -> Device:
        """The open device of that name or id."""
        if isinstance(name, int):
            return lib.take_one(self, Device, "ims_device_get_by_id", name)
        return lib.take_one(self, Device, "ims_device_get", name.encode())

    def find_device(self, name: str) -> Device:
        """The open device of that name, or the only one whose name begins with it."""
        return lib.take_one(self, Device, "ims_device_find", name.encode())

    def monitor(self, *, sync: bool = False) -> Monitor:
        """Follow changes. sync: the present state is reported first."""
        return Monitor(self, sync)

    def parents(self) -> lib.Listing[Parent]:
        return lib.Listing(self, "parent", Parent, "ims_parent_list_get")

    def virtual_devices(self) -> lib.Listing[VirtualDevice]:
        """Virtual devices in sysfs, open or not."""
        return lib.Listing(self, "vdev", VirtualDevice, "ims_vdev_list_get")

    def hotplug(self) -> Hotplug:
        """Follow virtual devices and parents that come and go in sysfs."""
        return Hotplug(self)
