# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl limit"""

from harness import *

STORE = "0000:00:04.0"


@test
def limit_of_device():
    gives("NAME                                  PARENT        SLOTS  LIMIT  "
          f"RESERVED\n{A}  {STORE}      3     64         4\n", "limit", A)
    equal(imsctl("limit", A, "--json").out, imsctl("show", A, "--json").out)
    equal(imsctl("limit", A, fake="user").out, imsctl("limit", A).out)


@test
def limit_of_store():
    gives("NAME          SIZE  LIMIT  USED  RESERVED  AVAILABLE\n"
          "0000:00:04.0  2048   1024     3         4       1020\n",
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
    equal(requests("limit", A, "--limit", "32"), ["device-set id=1 limit=32"])
    equal(requests("limit", A, "--reservation=0x8"),
          ["device-set id=1 reservation=8"])
    equal(requests("limit", A, "--reservation", "8", "--limit", "0", "-n"),
          ["device-set id=1 limit=0 reservation=8 validate-only"])
    equal(requests("limit", "--store", STORE, "--limit", "2048"),
          ["store-set id=1 limit=2048"])
    equal(requests("limit", "--store", STORE, "--limit", "4", "--dry-run"),
          ["store-set id=1 limit=4 validate-only"])


@test
def limit_fails():
    for args, text in (
            ([A, "--limit", "2049"],
             f"device {A}: the limit is above the store's 2048 slots"),
            ([A, "--limit", "2", "--reservation", "1"],
             f"device {A}: 3 slots are in use, more than the limit"),
            ([A, "--limit", "3"],
             f"device {A}: a reservation of 4 is above the limit of 3"),
            (["wq0", "--limit", "64", "--reservation", "65"],
             "device wq0: a reservation of 65 is above the limit of 64"),
            ([B, "--reservation", "1500"],
             f"device {B}: the store has 1020 slots that can still be "
             "reserved"),
            (["--store", STORE, "--limit", "4000"],
             f"store {STORE}: the limit is above the store's 2048 slots"),
            (["--store", STORE, "--limit", "3"],
             f"store {STORE}: 4 slots are in use or reserved, more than the "
             "limit")):
        for dry in ([], ["-n"]):
            fails(FAILED, f"imsctl: {text}\n", "limit", *args, *dry)
    for args, name in ([A], f"device {A}"), (["--store", STORE],
                                             f"store {STORE}"):
        fails(NOT_PERMITTED, f"imsctl: {name}: this needs CAP_SYS_ADMIN in the initial user namespace\n",
              "limit", *args, "--limit", "64", fake="user")
        for change in ([], ["--limit", "64"]):
            equal(imsctl("limit", *args, *change, fake="absent").code,
                  UNSUPPORTED)
            equal(imsctl("limit", *args, *change, fake="no-socket").code,
                  FAILED)
    equal(imsctl("limit", "nobody").code, NO_OBJECT)
    fails(NO_OBJECT, "imsctl: store x: no such store\n", "limit", "--store",
          "x", "--limit", "1")


@test
def wrong_calls_of_limit():
    usage("limit: NAME is missing", "limit")
    usage("limit: unexpected argument '64'", "limit", "x", "64")
    usage("limit: a store has no --reservation", "limit", "x", "--store",
          "--reservation", "1")
    usage("limit: --dry-run is for --limit and --reservation", "limit", "x",
          "-n")
    for option in ("limit", "reservation"):
        for slots in ("", "x", "-1", "1k", "4294967296"):
            usage(f"limit: --{option}: '{slots}' is no number of slots",
                  "limit", "x", f"--{option}", slots)
        usage("limit: a change goes without --json", "limit", "x",
              f"--{option}", "1", "--json")
    usage("limit: option '--limit' needs an argument", "limit", "x", "--limit")
