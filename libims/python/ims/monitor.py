# SPDX-License-Identifier: LGPL-2.1-or-later
"""Following changes: see ims_monitor(3)."""

import asyncio
import ctypes
import errno
import math
import time
from typing import Any, AsyncIterator, Generic, Iterator, Optional, TypeVar

from . import _library as lib
from .event import Event

E = TypeVar("E", bound=lib.Snapshot)


class Source(lib.Owned, Generic[E]):
    """A handle with a file descriptor that gives events: in a for loop, in asyncio's
    "async for", or with fileno() in a poll loop of your own. A context manager."""

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
        """A descriptor that is readable when read() has something to do; only for polling."""
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
        """Wait for an event, at most timeout seconds. False when none came in that time.

        A signal does not end it, unless the handler raises an exception (PEP 475)."""
        end = None if timeout is None or timeout == math.inf else time.monotonic() + timeout
        while True:
            left = -1 if end is None else max(0, math.ceil((end - time.monotonic()) * 1000))
            left = min(left, 2 ** 31 - 1)
            result = lib.function(f"ims_{self._kind}_wait")(self.pointer, left)
            if result == -errno.ETIMEDOUT:
                if end is None or time.monotonic() >= end:
                    return False
            elif result != -errno.EINTR:
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
    """Changes in the kernel. sync: the present state is reported first.

    When events were lost there is an event "overrun": forget all objects. The whole state
    follows, and is complete at "synced". When the module is unloaded there is an event
    "gone": forget all objects. When it is loaded again there is "back", and the whole
    state follows as after "overrun"."""

    _kind = "monitor"
    _make = Event

    def __init__(self, context: Any, sync: bool = False) -> None:
        super().__init__(context, int(sync))

    @property
    def is_public(self) -> bool:
        """The monitor gets the events for everybody, which have no cookies, because this
        process lacks CAP_SYS_ADMIN. Found out when the monitor is made and each time that
        it reports the state."""
        return bool(lib.function("ims_monitor_is_public")(self.pointer))
