# SPDX-License-Identifier: LGPL-2.1-or-later
"""Interrupt message stores: see ims_store(3)."""

from typing import Optional

from . import _library as lib
from .device import Device


class Store(lib.Snapshot):
    """The interrupt message store of a PCI device."""

    _free = "ims_store_free"

    id = lib.number("ims_store_get_id")
    name = lib.string("ims_store_get_name", "Address of the PCI device that has it.")
    driver = lib.string("ims_store_get_driver")
    domain = lib.string("ims_store_get_domain", "Interrupt domain that remaps its interrupts.")
    size = lib.number("ims_store_get_size", "Slots it has.")
    limit = lib.number("ims_store_get_limit", "Most slots that may be in use at a time.")
    used = lib.number("ims_store_get_used", "Slots in use.")
    peak = lib.number("ims_store_get_peak", "Most slots in use at a time so far.")
    reserved = lib.number("ims_store_get_reserved", "Sum of the devices' reservations.")
    available = lib.number("ims_store_get_available", "Slots neither in use nor promised.")
    entries = lib.number("ims_store_get_entries", "Entries of the remapping table it holds.")
    capacity = lib.number("ims_store_get_capacity", "Most entries that the IOMMU can give it.")
    devices_open = lib.number("ims_store_get_devices", "Virtual devices open on it.")
    failures = lib.number("ims_store_get_failures", "Requests for slots that failed.")
    suspended = lib.flag("ims_store_is_suspended", "The hardware is asleep or being reset.")

    def devices(self) -> lib.Listing[Device]:
        """The virtual devices that are open on it."""
        return lib.Listing(self.context, "device", Device, "ims_device_list_get_by_store", self.pointer)

    def configure(self, *, limit: Optional[int] = None, dry_run: bool = False) -> None:
        """Change what is not None. dry_run: the kernel makes its checks, and changes
        nothing."""
        lib.request(self.context, "store", {"limit": limit}, "ims_store_configure", self.pointer,
                    dry_run=dry_run)

    def reset_stats(self, *, dry_run: bool = False) -> None:
        """Reset peak and failures."""
        lib.check(self.context, lib.function("ims_store_reset_stats")(
            self.context.pointer, self.pointer, int(dry_run)))
