# SPDX-License-Identifier: LGPL-2.1-or-later
"""Virtual devices: see ims_device(3) and ims_device_config(3)."""

import ctypes
import errno
from typing import Iterable, Optional

from . import _library as lib
from .vector import Vector, vector_settings


class Device(lib.Snapshot):
    """A virtual device, from open to close."""

    _free = "ims_device_free"

    id = lib.number("ims_device_get_id", "Not used again while the module is loaded.")
    name = lib.string("ims_device_get_name")
    uuid = lib.string("ims_device_get_uuid", "UUID of a mediated device.")
    parent = lib.string("ims_device_get_parent", "Name of the store.")
    store_id = lib.number("ims_device_get_store_id")
    num_vectors = lib.number("ims_device_get_vectors", "Vectors declared.")
    live = lib.number("ims_device_get_live", "Vectors that are live.")
    held = lib.number("ims_device_get_held", "Vectors that are held.")
    emulated = lib.number("ims_device_get_emulated", "Vectors declared emulated.")
    slots = lib.number("ims_device_get_slots", "Slots of the store in use.")
    limit = lib.number("ims_device_get_limit", "Most slots it may use at a time.")
    reservation = lib.number("ims_device_get_reservation", "Slots guaranteed to it.")
    entries = lib.number("ims_device_get_entries", "Entries of the remapping table it holds.")
    quiet = lib.number("ims_device_get_quiet", "Vectors that an administrator holds.")
    rate_limit = lib.number("ims_device_get_rate_limit", "Interrupts a second of each vector.")
    default_cookie = lib.number("ims_device_get_default_cookie", "CAP_SYS_ADMIN only.")
    owner_pid = lib.number("ims_device_get_owner_pid", "Process that opened it.")
    owner_comm = lib.string("ims_device_get_owner_comm", "Command name of that process.")
    bypass = lib.named("ims_device_get_bypass", "ims_bypass_mode_name", "auto, on or off.")
    on_hold = lib.flag("ims_device_is_on_hold", "Its driver holds it.")
    refused = lib.number("ims_device_get_refused", "Requests that failed since it was opened.")
    refused_vector = lib.number("ims_device_get_refused_vector", "Vector of the last of them.")
    refused_error = lib.number("ims_device_get_refused_error", "Errno of the last of them.")
    refused_kind = lib.named("ims_device_get_refused_kind", "ims_alert_kind_name", "What ran out.")
    refused_last = lib.number("ims_device_get_refused_last", "When: CLOCK_MONOTONIC in ns.")
    gone = lib.flag("ims_device_is_gone", "Its parent is gone.")

    @property
    def vm(self) -> Optional[str]:
        """The virtual machine that has it open, as far as this host's /proc shows now."""
        name = ctypes.create_string_buffer(256)
        result = lib.function("ims_device_find_vm")(self.context.pointer, self.pointer, name, len(name))
        if result == -errno.ENODATA:
            return None
        lib.check(self.context, result)
        return lib.text(name.value)

    def vectors(self) -> lib.Listing[Vector]:
        """Its vectors that are not absent."""
        return lib.Listing(self.context, "vector", Vector, "ims_vector_list_get_by_device", self.pointer)

    def vector(self, index: int) -> Vector:
        """One of its vectors, in any state."""
        return lib.take_one(self.context, Vector, "ims_vector_get", self.pointer, index)

    def configure(self, *, limit: Optional[int] = None, reservation: Optional[int] = None,
                  default_cookie: Optional[int] = None, bypass: Optional[str] = None,
                  rate_limit: Optional[int] = None, dry_run: bool = False) -> None:
        """Change what is not None, all or nothing. bypass is "auto", "on" or "off";
        rate_limit, in interrupts a second, is for each vector without its own, 0 for none.
        dry_run: the kernel makes its checks, and changes nothing."""
        mode = None if bypass is None else lib.number_of("ims_bypass_mode_name", bypass)
        lib.request(self.context, "device",
                    {"limit": limit, "reservation": reservation, "default_cookie": default_cookie,
                     "bypass": mode, "rate_limit": rate_limit},
                    "ims_device_configure", self.pointer, dry_run=dry_run)

    def configure_vectors(self, vectors: Iterable[int], *, cookie: Optional[int] = None,
                          clear_cookie: bool = False, mode: Optional[str] = None,
                          affinity: Optional[str] = None, dry_run: bool = False) -> None:
        """Change these vectors in one request, all or nothing: see Vector.configure()."""
        settings, clear = vector_settings(cookie, clear_cookie, mode, affinity)
        lib.request(self.context, "vector", settings, "ims_vector_configure_list", self.pointer,
                    *lib.indexes(vectors), clear=clear, dry_run=dry_run)

    def quieten(self, vectors: Iterable[int], on: bool = True, *, dry_run: bool = False) -> None:
        """Hold these vectors, or end their hold: see Vector.quieten()."""
        lib.check(self.context, lib.function("ims_vector_quiet_list")(
            self.context.pointer, self.pointer, *lib.indexes(vectors), on, int(dry_run)))

    def limit_rate(self, vectors: Iterable[int], rate: int, *, dry_run: bool = False) -> None:
        """Limit the rate of these vectors: see Vector.limit_rate()."""
        lib.check(self.context, lib.function("ims_vector_rate_limit_list")(
            self.context.pointer, self.pointer, *lib.indexes(vectors), rate, int(dry_run)))

    def trigger(self, vectors: Iterable[int], *, path: str = "eventfd", dry_run: bool = False) -> None:
        """Signal these vectors in one request, all or none: see Vector.trigger()."""
        lib.check(self.context, lib.function("ims_vector_trigger_list")(
            self.context.pointer, self.pointer, *lib.indexes(vectors),
            lib.number_of("ims_trigger_path_name", path), int(dry_run)))

    def reset_stats(self, vectors: Optional[Iterable[int]] = None, *, dry_run: bool = False) -> None:
        """Reset the counts of these vectors, or of all."""
        if vectors is None:
            result = lib.function("ims_device_reset_stats")(
                self.context.pointer, self.pointer, int(dry_run))
        else:
            result = lib.function("ims_vector_reset_stats_list")(
                self.context.pointer, self.pointer, *lib.indexes(vectors), int(dry_run))
        lib.check(self.context, result)
