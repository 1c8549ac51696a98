# SPDX-License-Identifier: LGPL-2.1-or-later
"""The C library, and how Python calls it. Nothing in here is for users of the package."""

import ctypes
import errno
import functools
import os
import weakref
from typing import Any, Callable, Dict, Generic, Iterable, Iterator, List, Optional, TypeVar, overload

from ._prototypes import PROTOTYPES

_TYPES: Dict[str, Any] = {
    "v": None, "b": ctypes.c_bool, "i": ctypes.c_int, "u": ctypes.c_uint, "z": ctypes.c_size_t,
    "B": ctypes.c_uint8, "H": ctypes.c_uint16, "I": ctypes.c_uint32, "Q": ctypes.c_uint64,
    "q": ctypes.c_int64, "s": ctypes.c_char_p, "p": ctypes.c_void_p,
}
_library = ctypes.CDLL("libims.so.0")


def ctype(letter: str) -> Any:
    """The ctypes type of a letter of PROTOTYPES; & is a pointer to what follows."""
    if letter.startswith("&"):
        return ctypes.POINTER(_TYPES[letter[1:]])
    return _TYPES[letter]


@functools.lru_cache(maxsize=None)
def function(name: str) -> Any:
    """A function of libims with its prototype."""
    result, parameters = PROTOTYPES[name]
    found = getattr(_library, name)
    found.restype = ctype(result)
    found.argtypes = [ctype(letter) for letter in parameters.split()]
    return found


def text(value: Optional[bytes]) -> Optional[str]:
    """A string of the library as text. A process's name may be any bytes."""
    return None if value is None else value.decode("utf-8", "backslashreplace")


def word(names: str, value: int) -> str:
    """The name of a value by one of the ims_..._name() functions; the number itself, as
    text, when a later kernel reports a value for which this library has no name."""
    return text(function(names)(value)) or str(value)


def number_of(names: str, wanted: str) -> int:
    """The value that has that name."""
    known: List[str] = []
    while (name := text(function(names)(len(known)))) is not None:
        if name == wanted:
            return len(known)
        known.append(name)
    raise ValueError(f"'{wanted}' is none of {', '.join(known)}")


class Error(OSError):
    """A call failed. errno as of OSError; strerror is the whole message.

    text: the kernel's own reason, or None
    attribute: the attribute that the kernel points at, such as "limit", or None
    object: what the request was about, such as "device X: vector 7", or None
    """

    def __init__(self, number: int, message: Optional[str] = None, text: Optional[str] = None,
                 attribute: Optional[str] = None, object: Optional[str] = None) -> None:
        super().__init__(number, message or os.strerror(number))
        self.text = text
        self.attribute = attribute
        self.object = object

    def __str__(self) -> str:
        return str(self.strerror)


def failure(context: Optional[int], result: int) -> Error:
    """The exception for a negative result; the context knows the reason."""
    error = function("ims_ctx_get_error")(context) if context else None
    if not error:
        return Error(-result)

    def get(what: str) -> Optional[str]:
        return text(function(f"ims_error_get_{what}")(error))

    return Error(-result, get("message"), get("text"), get("attribute"), get("object"))


Error.__module__ = "ims"


class Owned:
    """A C object. It is freed when Python no longer refers to it, or by close().

    An object inside another one has the other one as its owner, which must outlive it.
    """

    def __init__(self, pointer: int, free: Optional[str] = None, owner: Any = None) -> None:
        self._pointer: Optional[int] = pointer
        self._owner = owner
        self._finalizer = free and weakref.finalize(self, function(free), pointer)

    @property
    def pointer(self) -> int:
        if self._pointer is None:
            raise ValueError("it is closed")
        return self._pointer

    def close(self) -> None:
        """Free it now. It may be called again, but the object must not be used any more."""
        self._pointer = None
        if self._finalizer:
            self._finalizer()


T = TypeVar("T")


class Attribute(Generic[T]):
    """An attribute of a snapshot, read when it is asked for. None: there is none, or the
    kernel did not report it, such as cookies without CAP_SYS_ADMIN."""

    def __init__(self, getter: str, convert: Callable[[Any], T], help: str = "") -> None:
        self.getter = getter
        self.convert = convert
        self.__doc__ = help

    @overload
    def __get__(self, instance: None, owner: Any) -> "Attribute[T]": ...

    @overload
    def __get__(self, instance: Owned, owner: Any) -> Optional[T]: ...

    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is None:
            return self
        call = function(self.getter)
        if call.restype is not ctypes.c_int:
            value = call(instance.pointer)
        else:
            out = call.argtypes[1]._type_()
            result = call(instance.pointer, ctypes.byref(out))
            if result == -errno.ENODATA:
                return None
            if result:
                raise Error(-result)
            value = out.value
        return None if value is None else self.convert(value)


def number(getter: str, help: str = "") -> Attribute[int]:
    return Attribute(getter, int, help)


def flag(getter: str, help: str = "") -> Attribute[bool]:
    return Attribute(getter, bool, help)


def named(getter: str, names: str, help: str = "") -> Attribute[str]:
    return Attribute(getter, lambda value: word(names, value), help)


def string(getter: str, help: str = "") -> Attribute[str]:
    return Attribute(getter, lambda value: str(text(value)), help)


class Snapshot(Owned):
    """What the kernel reported at one moment. It never changes; ask again for newer values.

    It can be kept for any time: it keeps the list or the event that it is part of."""

    _free = ""

    def __init__(self, pointer: int, context: Any, owner: Any = None) -> None:
        super().__init__(pointer, None if owner else self._free, owner)
        self.context = context

    @classmethod
    def attributes(cls) -> list[str]:
        """Names of all attributes, in the order of their definition."""
        return [name for name, value in vars(cls).items() if isinstance(value, Attribute)]

    def as_dict(self) -> dict[str, Any]:
        """All attributes by their names, such as for JSON."""
        return {name: getattr(self, name) for name in self.attributes()}

    def __repr__(self) -> str:
        known = [f"{name}={value!r}" for name, value in self.as_dict().items() if value is not None]
        return f"<{type(self).__name__} {' '.join(known)}>"


S = TypeVar("S", bound=Snapshot)


class Listing(Generic[S]):
    """The snapshots of one dump by the kernel. They share the list's memory.

    If each attempt at the dump was disturbed by changes, objects may be missing: then the
    iteration ends with an Error (EINTR) after the last object, so that nobody takes the
    list for complete."""

    def __init__(self, context: Any, kind: str, make: Callable[..., S], call: str, *arguments: Any) -> None:
        out = ctypes.c_void_p()
        result = function(call)(context.pointer, *arguments, ctypes.byref(out))
        if result and not out.value:
            raise failure(context.pointer, result)
        assert out.value is not None
        self._owner = Owned(out.value, f"ims_{kind}_list_free")
        self._context, self._kind, self._make = context, kind, make
        self._error = failure(context.pointer, result) if result else None

    def __len__(self) -> int:
        return int(function(f"ims_{self._kind}_list_count")(self._owner.pointer))

    def __iter__(self) -> Iterator[S]:
        at = function(f"ims_{self._kind}_list_at")
        for position in range(len(self)):
            yield self._make(at(self._owner.pointer, position), context=self._context, owner=self._owner)
        if self._error:
            raise self._error

    @property
    def time(self) -> Optional[int]:
        """CLOCK_MONOTONIC in ns at which the dump was begun; None for lists of sysfs."""
        if f"ims_{self._kind}_list_get_time" not in PROTOTYPES:
            return None
        out = ctypes.c_uint64()
        check(self._context, function(f"ims_{self._kind}_list_get_time")(
            self._owner.pointer, ctypes.byref(out)))
        return out.value


def take_one(context: Any, make: Callable[..., S], call: str, *arguments: Any) -> S:
    """The snapshot that a call returns."""
    out = ctypes.c_void_p()
    check(context, function(call)(context.pointer, *arguments, ctypes.byref(out)))
    return make(out.value, context=context)


def indexes(vectors: Iterable[int]) -> tuple[Any, int]:
    """An array of numbers as C functions take it, and its length."""
    numbers = list(vectors)
    for index in numbers:
        if not 0 <= index < 1 << 32:
            raise ValueError(f"{index} is no vector's number")
    return (ctypes.c_uint32 * len(numbers))(*numbers), len(numbers)


def check(context: Any, result: int) -> int:
    if result < 0:
        raise failure(context.pointer, result)
    return result


def request(context: Any, kind: str, settings: dict[str, Any], call: str, *arguments: Any,
            clear: Iterable[str] = (), dry_run: bool = False) -> None:
    """A change: makes a config of that kind, sets what is not None, and sends it."""
    out = ctypes.c_void_p()
    check(context, function(f"ims_{kind}_config_new")(ctypes.byref(out)))
    assert out.value is not None
    config = Owned(out.value, f"ims_{kind}_config_free")
    try:
        for name, value in settings.items():
            if value is not None:
                result = function(f"ims_{kind}_config_set_{name}")(config.pointer, value)
                if result:
                    raise Error(-result, f"{name}: {os.strerror(-result)}", attribute=name)
        for name in clear:
            check(context, function(f"ims_{kind}_config_clear_{name}")(config.pointer))
        check(context, function(call)(context.pointer, *arguments, config.pointer, int(dry_run)))
    finally:
        config.close()
