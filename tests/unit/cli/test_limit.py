# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl limit"""

from harness import *

STORE = "0000:00:04.0"


@test
def limit_of_device():
    gives("DEVICE                                PARENT        SLOTS  LIMIT  "
          f"RESERVED\n{A}  {STORE}      3     64         4\n", "limit", A)
    equal(imsctl("limit", A, "--json").out, imsctl("show", A, "--json").out)
    equal(imsctl("limit", "get", A).out, imsctl("limit", A).out)
    equal(imsctl("limit", A, fake="user").out, imsctl("limit", A).out)


@test
def limit_of_store():
    gives("STORE         SIZE  LIMIT  SLOTS  RESERVED  AVAILABLE\n"
          "0000:00:04.0  2048   1024      3         4       1020\n",
          "limit", "--store", STORE)
    equal(imsctl("limit", "--store", STORE, "--json").out,
          imsctl("show", "--store", STORE, "--json").out)


@test
def limit_columns():
    gives("64  4\n", "limit", A, "-o", "limit,reserved", "--noheadings")
    for args, objects in ([], "devices"), (["--store"], "stores"):
        equal(imsctl("limit", "x", *args, "-o", "help", fake="no-socket").out
              .splitlines()[0], f"Columns of {objects} (* by default):")


@test
def limit_set():
    equal(requests("limit", "set", A, "32"), ["device-set id=1 limit=32"])
    equal(requests("limit", "set", A, "--reservation=0x8"),
          ["device-set id=1 reservation=8"])
    equal(requests("limit", "set", A, "--reservation", "8", "0", "-n"),
          ["device-set id=1 limit=0 reservation=8 validate-only"])
    equal(requests("limit", "set", "--store", STORE, "2048"),
          ["store-set id=1 limit=2048"])
    equal(requests("limit", "set", "--store", STORE, "4", "--dry-run"),
          ["store-set id=1 limit=4 validate-only"])


@test
def limit_clear():
    equal(requests("limit", "clear", A),
          ["device-set id=1 limit=0 reservation=0"])
    equal(requests("limit", "clear", A, "-n"),
          ["device-set id=1 limit=0 reservation=0 validate-only"])
    # The kernel has no word for all slots of a store.
    equal(requests("limit", "clear", "--store", STORE),
          ["store-set id=1 limit=2048"])


@test
def limit_fails():
    for args, text in (
            ([A, "2049"],
             f"device {A}: the limit is above the store's 2048 slots"),
            ([A, "2", "--reservation", "1"],
             f"device {A}: 3 slots are in use, more than the limit"),
            ([A, "3"],
             f"device {A}: a reservation of 4 is above the limit of 3"),
            (["wq0", "64", "--reservation", "65"],
             "device wq0: a reservation of 65 is above the limit of 64"),
            ([B, "--reservation", "1500"],
             f"device {B}: the store has 1020 slots that can still be "
             "reserved"),
            (["--store", STORE, "4000"],
             f"store {STORE}: the limit is above the store's 2048 slots"),
            (["--store", STORE, "3"],
             f"store {STORE}: 4 slots are in use or reserved, more than the "
             "limit")):
        for dry in ([], ["-n"]):
            fails(FAILED, f"imsctl: {text}\n", "limit", "set", *args, *dry)
    for args, name in ([A], f"device {A}"), (["--store", STORE],
                                             f"store {STORE}"):
        fails(NOT_PERMITTED, f"imsctl: {name}: this needs CAP_SYS_ADMIN in the initial user namespace\n",
              "limit", "set", *args, "64", fake="user")
        for action, rest in ("get", []), ("set", ["64"]), ("clear", []):
            equal(imsctl("limit", action, *args, *rest, fake="absent").code,
                  UNSUPPORTED)
            equal(imsctl("limit", action, *args, *rest, fake="no-socket").code,
                  FAILED)
    equal(imsctl("limit", "nobody").code, NO_OBJECT)
    fails(NO_OBJECT, "imsctl: store x: no such store\n", "limit", "set",
          "--store", "x", "1")


@test
def wrong_calls_of_limit():
    usage("limit: NAME is missing", "limit")
    for action in "set", "clear":
        usage("limit: NAME is missing", "limit", action)
    usage("limit: LIMIT is missing", "limit", "set", "x")
    usage("limit: unexpected argument '2'", "limit", "set", "x", "1", "2")
    usage("limit: unexpected argument '1'", "limit", "clear", "x", "1")
    usage("limit: 'x' is none of get, set and clear", "limit", "x", "64")
    usage("limit: a store has no --reservation", "limit", "set", "x", "--store",
          "--reservation", "1")
    usage("limit: get goes without --dry-run", "limit", "x", "-n")
    usage("limit: clear goes without --reservation", "limit", "clear", "x",
          "--reservation", "1")
    for slots in ("", "x", "-1", "1k", "4294967296"):
        usage(f"limit: '{slots}' is no number of slots", "limit", "set", "x",
              "--", slots)
        usage(f"limit: --reservation: '{slots}' is no number of slots",
              "limit", "set", "x", "--reservation", slots)
    usage("limit: set goes without --json", "limit", "set", "x", "1", "--json")
    usage("limit: option '--reservation' needs an argument", "limit", "set",
          "x", "--reservation")
