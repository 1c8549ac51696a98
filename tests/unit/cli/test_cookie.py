# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl cookie"""

import json

from harness import *


@test
def cookie_get():
    aligned(golden("cookie.txt", "cookie", "get", A))
    gives("VECTOR  STATE  SLOT  COOKIE\n     3  idle      -  0x3003\n",
          "cookie", "get", A, "3")
    gives("VECTOR  STATE   SLOT  COOKIE\n    30  absent     -  -\n",
          "cookie", "get", A, "30")
    equal(imsctl("cookie", A).out, imsctl("cookie", "get", A).out)
    gives(" 2\n 3\n30\n", "cookie", A, "30,3,2", "--noheadings", "-o", "vector")


@test
def cookie_get_default():
    gives("DEVICE  COOKIE\nwq0     0xdeadbeefcafef00d\n", "cookie", "get", "w",
          "default")
    equal(imsctl("cookie", "get", A, "default", "--json").out,
          imsctl("list", "--json", "--owner", "4242").out)


@test
def cookie_get_for_scripts():
    equal(imsctl("cookie", "get", A, "--json").out,
          imsctl("list", A, "--json").out)
    equal(imsctl("cookie", "get", A, "2", "--json").out,
          imsctl("show", A, "2", "--json").out)
    gives("0x3003\n", "cookie", "get", A, "3", "--noheadings", "-o", "cookie")
    equal(imsctl("cookie", "get", A, "-o", "help").out.splitlines()[0],
          "Columns of vectors (* by default):")


@test
def cookie_get_needs_privilege():
    for rest in ([], ["2"], ["default"]):
        fails(NOT_PERMITTED, f"imsctl: device {A}: seeing cookies needs "
              "CAP_SYS_ADMIN\n", "cookie", "get", A, *rest, fake="user")


@test
def cookie_set():
    equal(requests("cookie", "set", A, "3", "0x1234"),
          ["vector-set device-id=1 index=3 cookie=0x1234"])
    equal(requests("cookie", "set", A, "31", "18446744073709551615"),
          ["vector-set device-id=1 index=31 cookie=0xffffffffffffffff"])
    equal(requests("cookie", "set", A, "1", "0", "--now"),
          ["vector-set device-id=1 index=1 cookie=0 cookie-mode=1"])
    equal(requests("cookie", "set", A, "1", "7", "-n"),
          ["vector-set device-id=1 index=1 cookie=0x7 validate-only"])


@test
def cookie_of_a_set():
    """One request."""
    equal(requests("cookie", "set", A, "4,1-2", "9"),
          ["vector-set device-id=1 list=1 list=2 list=4 cookie=0x9"])
    equal(requests("cookie", "set", A, "4,1-2", "9", "--now", "-n"),
          ["vector-set device-id=1 list=1 list=2 list=4 cookie=0x9 "
           "cookie-mode=1 validate-only"])
    # All that may have a cookie, all that have one of their own.
    equal(requests("cookie", "set", A, "all", "9"),
          ["vector-set device-id=1 index=1 count=31 cookie=0x9"])
    equal(requests("cookie", "clear", A, "all"),
          ["vector-set device-id=1 index=2 count=2 cookie-clear"])
    equal(requests("cookie", "clear", B, "all"), [])
    fails(FAILED, "imsctl: device wq0: all vectors are emulated and have no "
          "cookie\n", "cookie", "set", "wq0", "all", "1")
    # One that is refused leaves the others as they were.
    r = imsctl("cookie", "set", A, "0-3", "1", fake="trace")
    equal((r.code, r.out), (FAILED, ""))
    equal(r.err, "vector-set device-id=1 index=0 count=4 cookie=0x1\n"
          f"imsctl: device {A}: vector 0 is emulated and has no cookie\n")


@test
def cookie_clear():
    equal(requests("cookie", "clear", A, "3"),
          ["vector-set device-id=1 index=3 cookie-clear"])
    equal(requests("cookie", "clear", A, "3", "--now", "--dry-run"),
          ["vector-set device-id=1 index=3 cookie-clear cookie-mode=1 "
           "validate-only"])


@test
def cookie_set_default():
    equal(requests("cookie", "set", "w", "default", "0xabc"),
          ["device-set id=3 default-cookie=0xabc"])
    equal(requests("cookie", "set", "w", "default", "5", "--dry-run"),
          ["device-set id=3 default-cookie=0x5 validate-only"])


@test
def cookie_fails():
    for action, rest in (("set", ["1"]), ("clear", [])):
        where = f"imsctl: device {A}: vector"
        fails(FAILED, f"{where} 0 is emulated and has no cookie\n",
              "cookie", action, A, "0", *rest)
        fails(NO_OBJECT, f"{where} 32 is beyond the 32 declared\n",
              "cookie", action, A, "32", *rest)
        fails(NOT_PERMITTED, f"{where} 1: this needs CAP_SYS_ADMIN in the initial user namespace\n",
              "cookie", action, A, "1", *rest, fake="user")
        fails(FAILED, f"{where} 1 needs another slot for its cookie "
              "now, and none is left\n", "cookie", action, A, "1", *rest,
              "--now", fake="full")
        equal(imsctl("cookie", action, "x", "1", *rest).code, NO_OBJECT)
        equal(imsctl("cookie", action, A, "1", *rest, fake="old").code,
              UNSUPPORTED)
        equal(imsctl("cookie", action, A, "1", *rest, fake="absent").code,
              UNSUPPORTED)
    fails(NO_OBJECT, f"imsctl: device {A}: vector 32 is beyond the "
          "32 declared\n", "cookie", "get", A, "32")
    fails(NOT_PERMITTED, "imsctl: device wq0: this needs CAP_SYS_ADMIN in the initial user namespace\n",
          "cookie", "set", "wq0", "default", "1", fake="user")
    r = imsctl("cookie", "get", A, fake="disturbed")
    equal((r.code, r.out), (FAILED, imsctl("cookie", "get", A).out))


@test
def wrong_calls_of_cookie():
    usage("cookie: DEVICE is missing", "cookie")
    usage("cookie: 'frob' is none of get, set and clear", "cookie", "frob", "x",
          "1")
    for action in ("get", "set", "clear"):
        usage("cookie: DEVICE is missing", "cookie", action)
    for action in ("set", "clear"):
        usage("cookie: VECTORS%s is missing" % ("|default" * (action == "set")),
              "cookie", action, "x")
        usage(f"cookie: {action} goes without --json", "cookie", action, "x",
              "1", *["2"] * (action == "set"), "-j")
    usage("cookie: COOKIE is missing", "cookie", "set", "x", "1")
    usage("cookie: unexpected argument '2'", "cookie", "get", "x", "1", "2")
    usage("cookie: unexpected argument '2'", "cookie", "clear", "x", "1", "2")
    usage("cookie: unexpected argument '3'", "cookie", "set", "x", "1", "2",
          "3")
    usage("cookie: get goes without --now", "cookie", "get", "x", "--now")
    usage("cookie: get goes without --dry-run", "cookie", "get", "x", "-n")
    for vectors in ("", "x", "1,all", "Default", "4294967296"):
        usage(f"cookie: '{vectors}' is no list of vectors such as 0,3,7-9",
              "cookie", "set", "x", vectors, "1")
    for cookie in ("", "x", "0x", "1 ", "18446744073709551616",
                   "0x10000000000000000"):
        usage(f"cookie: '{cookie}' is no number such as 0x1001", "cookie",
              "set", "x", "1", cookie)
    usage("cookie: the default cookie cannot be cleared, only set", "cookie",
          "clear", "x", "default")
    usage("cookie: the default cookie takes effect at the next allocations, "
          "not --now", "cookie", "set", "x", "default", "1", "--now")
    usage("cookie: vectors have no column 'limit'; \"-o help\" describes those "
          "they have", "cookie", "get", "x", "-o", "limit")
