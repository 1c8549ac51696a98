# SPDX-License-Identifier: LGPL-2.1-or-later
"""Vectors: see ims_vector(3)."""

from typing import Any, Optional

from . import _library as lib


def vector_settings(cookie: Optional[int], clear_cookie: bool, mode: Optional[str],
                    affinity: Optional[str]) -> tuple[dict[str, Any], list[str]]:
    """The settings that a request sets, and those that it clears."""
    modes = {None: None, "next": 0, "now": 1}
    if mode not in modes:
        raise ValueError(f"'{mode}' is neither 'next' nor 'now'")
    if cookie is not None and clear_cookie:
        raise ValueError("cookie and clear_cookie exclude each other")
    return ({"cookie": cookie, "cookie_mode": modes[mode],
             "affinity": None if affinity is None else affinity.encode()},
            ["cookie"] if clear_cookie else [])


class Vector(lib.Snapshot):
    """An MSI-X vector of a virtual device. Times are CLOCK_MONOTONIC in nanoseconds."""

    _free = "ims_vector_free"

    device_id = lib.number("ims_vector_get_device_id")
    device_name = lib.string("ims_vector_get_device_name")
    index = lib.number("ims_vector_get_index")
    state = lib.named("ims_vector_get_state", "ims_vector_state_name", "absent, idle, held or live.")
    backing = lib.named("ims_vector_get_backing", "ims_vector_backing_name", "ims or emulated.")
    slot = lib.number("ims_vector_get_slot", "Slot of the store.")
    generation = lib.number("ims_vector_get_generation", "How often that slot was handed out.")
    handle = lib.number("ims_vector_get_handle", "What the guest puts into descriptors.")
    irq = lib.number("ims_vector_get_irq", "Linux interrupt.")
    cpu = lib.number("ims_vector_get_cpu", "CPU that its interrupts go to.")
    affinity = lib.string("ims_vector_get_affinity", "CPUs that may get it, such as 0-3,8.")
    affinity_own = lib.flag("ims_vector_is_affinity_own", "Not the device's.")
    affinity_broken = lib.flag("ims_vector_is_affinity_broken", "It goes to a CPU outside its affinity.")
    bypassed = lib.flag("ims_vector_is_bypassed", "Hardware may post it: the counts are host-handled.")
    cookie = lib.number("ims_vector_get_cookie", "CAP_SYS_ADMIN only.")
    pending_cookie = lib.number("ims_vector_get_pending_cookie",
                                "Cookie at the next allocation; CAP_SYS_ADMIN only.")
    cookie_own = lib.flag("ims_vector_is_cookie_own",
                          "Not the device's default; CAP_SYS_ADMIN only, else False.")
    masked = lib.flag("ims_vector_is_masked")
    masked_since = lib.number("ims_vector_get_masked_since", "Since when it is masked.")
    pending = lib.flag("ims_vector_is_pending", "An interrupt is kept back.")
    prepared = lib.flag("ims_vector_is_prepared", "Its driver has prepared it.")
    revoked = lib.flag("ims_vector_is_revoked", "Its driver has taken its slot back.")
    quiet = lib.flag("ims_vector_is_quiet", "An administrator holds it.")
    rate_limit = lib.number("ims_vector_get_rate_limit", "Most interrupts a second.")
    rate_limit_own = lib.flag("ims_vector_is_rate_limit_own", "Not the device's.")
    throttled = lib.flag("ims_vector_is_throttled", "It is above its limit now.")
    delivered = lib.number("ims_vector_get_delivered", "Interrupts of the hardware.")
    loopback = lib.number("ims_vector_get_loopback", "Signals by SET_IRQS or a trigger.")
    signalled = lib.number("ims_vector_get_signalled", "Signals by the driver.")
    dropped = lib.number("ims_vector_get_dropped", "Arrived without a trigger.")
    pended = lib.number("ims_vector_get_pended", "Kept back by a mask, a hold or a limit.")
    throttles = lib.number("ims_vector_get_throttles", "How often it was above its limit.")
    replaced = lib.number("ims_vector_get_replaced", "Replacements of the trigger.")
    revocations = lib.number("ims_vector_get_revocations")
    failed = lib.number("ims_vector_get_failed", "Failed attempts to make it live or change its cookie.")
    since = lib.number("ims_vector_get_since", "When its counts began.")
    last = lib.number("ims_vector_get_last", "When it was last signalled or interrupted.")

    def configure(self, *, cookie: Optional[int] = None, clear_cookie: bool = False,
                  mode: Optional[str] = None, affinity: Optional[str] = None,
                  dry_run: bool = False) -> None:
        """Change what is not None, all or nothing.

        clear_cookie: use the device's default cookie
        mode: "next" or "now": when the cookie takes effect on a live vector
        affinity: CPUs such as "0-3,8"
        dry_run: the kernel makes its checks, and changes nothing
        """
        settings, clear = vector_settings(cookie, clear_cookie, mode, affinity)
        lib.request(self.context, "vector", settings, "ims_vector_configure", self.pointer,
                    clear=clear, dry_run=dry_run)

    def quieten(self, on: bool = True, *, dry_run: bool = False) -> None:
        """Hold it, or end its hold. It keeps its slot; one interrupt is kept back, and
        delivered when the hold ends."""
        lib.check(self.context, lib.function("ims_vector_quiet")(
            self.context.pointer, self.pointer, on, int(dry_run)))

    def limit_rate(self, rate: int, *, dry_run: bool = False) -> None:
        """Limit it to that many interrupts a second; 0: no limit of its own."""
        lib.check(self.context, lib.function("ims_vector_rate_limit")(
            self.context.pointer, self.pointer, rate, int(dry_run)))

    def trigger(self, *, path: str = "eventfd", dry_run: bool = False) -> None:
        """Signal its eventfd, or with path "interrupt" raise its Linux interrupt."""
        lib.check(self.context, lib.function("ims_vector_trigger")(
            self.context.pointer, self.pointer, lib.number_of("ims_trigger_path_name", path),
            int(dry_run)))

    def reset_stats(self, *, dry_run: bool = False) -> None:
        """Reset its counts."""
        lib.check(self.context, lib.function("ims_vector_reset_stats")(
            self.context.pointer, self.pointer, int(dry_run)))
