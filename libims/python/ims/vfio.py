# SPDX-License-Identifier: LGPL-2.1-or-later
"""The user's side of a virtual device, for tests and tools: see ims_vfio(3)."""

import ctypes
from typing import Any, Iterable, Optional

from . import _library as lib
from .context import Context


class VfioDevice(lib.Owned):
    """A virtual device that this process has open; a context manager."""

    def __init__(self, context: Context, name: str) -> None:
        out = ctypes.c_void_p()
        lib.check(context, lib.function("ims_vfio_open")(context.pointer, name.encode(), ctypes.byref(out)))
        assert out.value is not None
        super().__init__(out.value, "ims_vfio_close", context)
        self.context = context
        self.name = name

    def __enter__(self) -> "VfioDevice":
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def _call(self, what: str, *arguments: Any) -> None:
        lib.check(self.context, lib.function(f"ims_vfio_{what}")(self.pointer, *arguments))

    @property
    def num_vectors(self) -> int:
        out = ctypes.c_uint32()
        self._call("get_vectors", ctypes.byref(out))
        return out.value

    def bind(self, first: int, eventfds: Iterable[Optional[int]]) -> None:
        """Bind eventfds to consecutive vectors, all or none; None unbinds a vector."""
        numbers = [-1 if fd is None else fd for fd in eventfds]
        self._call("bind", first, (ctypes.c_int * len(numbers))(*numbers), len(numbers))

    def unbind(self, first: int, count: int = 1) -> None:
        self._call("unbind", first, count)

    def mask(self, first: int, count: int = 1) -> None:
        self._call("mask", first, count)

    def unmask(self, first: int, count: int = 1) -> None:
        self._call("unmask", first, count)

    def trigger(self, first: int, count: int = 1) -> None:
        """Signal consecutive vectors; those without a trigger are passed over."""
        self._call("trigger", first, count)

    def disable(self) -> None:
        """Unbind all triggers."""
        self._call("disable")

    def reset(self) -> None:
        """VFIO_DEVICE_RESET."""
        self._call("reset")

    def read(self, region: int, offset: int, size: int) -> bytes:
        buffer = ctypes.create_string_buffer(size)
        self._call("read", region, offset, buffer, size)
        return buffer.raw

    def write(self, region: int, offset: int, data: bytes) -> None:
        self._call("write", region, offset, data, len(data))
