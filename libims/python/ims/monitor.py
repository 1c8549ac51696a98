# SPDX-License-Identifier: LGPL-2.1-or-later
"""Following what changes: see ims_monitor(3)."""

import asyncio
import ctypes
import errno
from typing import Any, AsyncIterator, Generic, Iterator, Optional, TypeVar

from . import _library as lib
from .event import Event

E = TypeVar("E", bound=lib.Snapshot)


class Source(lib.Owned, Generic[E]):
    """A handle with a file descriptor that gives events: for loops, for asyncio's
    "async for", or with fileno() for a loop of one's own. A context manager."""

    _kind = ""
    _make: Any = None

    def __init__(self, context: Any, *arguments: Any) -> None:
        out = ctypes.c_void_p()
        result = lib.function(f"ims_{self._kind}_new")(context.pointer, *arguments, ctypes.byref(out))
        lib.check(context, result)
        assert out.value is not None
        super().__init__(out.value, f"ims_{self._kind}_free", context)
        self.context = context

    def __enter__(self) -> "Source[E]":
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def fileno(self) -> int:
        """A descriptor that is readable when read() has something; only for polling."""
        return lib.check(self.context, lib.function(f"ims_{self._kind}_get_fd")(self.pointer))

    def read(self) -> Optional[E]:
        """The next event, or None when there is none now. Never waits."""
        out = ctypes.c_void_p()
        result = lib.function(f"ims_{self._kind}_read")(self.pointer, ctypes.byref(out))
        if result == -errno.EAGAIN:
            return None
        lib.check(self.context, result)
        event: E = self._make(out.value, context=self.context)
        return event

    def wait(self, timeout: Optional[float] = None) -> bool:
        """Wait for an event, at most timeout seconds. False when there came none."""
        milliseconds = -1 if timeout is None else round(timeout * 1000)
        result = lib.function(f"ims_{self._kind}_wait")(self.pointer, milliseconds)
        if result == -errno.EINTR:
            return False
        if result == -errno.ETIMEDOUT:
            return False
        lib.check(self.context, result)
        return True

    def __iter__(self) -> Iterator[E]:
        while True:
            event = self.read()
            if event is None:
                self.wait()
            else:
                yield event

    async def __aiter__(self) -> AsyncIterator[E]:
        loop = asyncio.get_running_loop()
        while True:
            event = self.read()
            if event is not None:
                yield event
                continue
            ready = loop.create_future()

            def wake() -> None:
                if not ready.done():
                    ready.set_result(None)

            loop.add_reader(self.fileno(), wake)
            try:
                await ready
            finally:
                loop.remove_reader(self.fileno())


class Monitor(Source[Event]):
    """What changes in the kernel. sync: the present state is told first.

    Lost events are told as an event "overrun", after which the state follows anew: forget
    what you know when it comes, and be exact once "synced" was told. So are "gone" and
    "back", when the module is unloaded and loaded again."""

    _kind = "monitor"
    _make = Event

    def __init__(self, context: Any, sync: bool = False) -> None:
        super().__init__(context, int(sync))

    @property
    def is_public(self) -> bool:
        """It has the events for everybody, which are without cookies: this process lacks
        CAP_SYS_ADMIN."""
        return bool(lib.function("ims_monitor_is_public")(self.pointer))
