# SPDX-License-Identifier: LGPL-2.1-or-later
"""Events of a monitor: see ims_monitor(3)."""

from typing import Callable, Optional, TypeVar, Union

from . import _library as lib
from .device import Device
from .store import Store
from .vector import Vector


T = TypeVar("T")


class Event(lib.Snapshot):
    """An event. Its object, if it has one, is as it was at that time."""

    _free = "ims_event_free"

    type = lib.named("ims_event_get_type", "ims_event_type_name", "Such as vector-change.")
    time = lib.number("ims_event_get_time", "When: CLOCK_MONOTONIC in nanoseconds.")
    alert_kind = lib.named("ims_event_get_alert_kind", "ims_alert_kind_name", "Of alerts only.")
    alert_device_id = lib.number("ims_event_get_alert_device_id")
    alert_device_name = lib.string("ims_event_get_alert_device_name")
    alert_parent = lib.string("ims_event_get_alert_parent")
    alert_index = lib.number("ims_event_get_alert_index")
    alert_error = lib.number("ims_event_get_alert_error")
    alert_rate = lib.number("ims_event_get_alert_rate", "Interrupts a second, of a storm.")

    def _inside(self, kind: str, make: Callable[..., T]) -> Optional[T]:
        pointer = lib.function(f"ims_event_get_{kind}")(self.pointer)
        return make(pointer, context=self.context, owner=self) if pointer else None

    @property
    def store(self) -> Optional[Store]:
        """The store that the event is about."""
        return self._inside("store", Store)

    @property
    def device(self) -> Optional[Device]:
        """The device that the event is about."""
        return self._inside("device", Device)

    @property
    def vector(self) -> Optional[Vector]:
        """The vector that it is about."""
        return self._inside("vector", Vector)

    @property
    def object(self) -> Union[Store, Device, Vector, None]:
        """Whichever of the three it is about."""
        return self.vector or self.device or self.store
