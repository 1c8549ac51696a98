# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl affinity"""

import json

from harness import *


@test
def affinity_get():
    aligned(golden("affinity.txt", "affinity", "get", A))
    gives("VECTOR  STATE  IRQ  CPU  AFFINITY  BROKEN\n"
          "     1  live    57    1  0-1       no\n",
          "affinity", "get", A, "1", fake="user")
    equal(imsctl("affinity", A).out, imsctl("affinity", "get", A).out)
    gives("1\n2\n9\n", "affinity", A, "9,1-2", "--noheadings", "-o", "vector")
    equal(imsctl("affinity", "get", A, "1", "--json").out,
          imsctl("show", A, "1", "--json").out)
    gives("3\n", "affinity", "get", A, "4", "--noheadings", "-o", "cpu")
    equal(imsctl("affinity", "get", "x", "-o", "help", fake="no-socket").code,
          DONE)


@test
def affinity_is_broken():
    out = imsctl("affinity", "get", A, fake="affinity-broken").out
    equal([line.split() for line in out.splitlines()[2:6]],
          [["1", "live", "57", "3", "0-1", "yes"],
           ["2", "live", "58", "0", "-", "no"],
           ["3", "idle", "-", "-", "-", "no"],
           ["4", "live", "59", "3", "-", "yes"]])
    equal(imsctl("list", A, "--noheadings", "-o", "vector,flags",
                 fake="affinity-broken").out.split()[2:4],
          ["1", "affinity-broken"])
    found = json.loads(imsctl("list", A, "--json", fake="affinity-broken").out)
    equal([v["vector"] for v in found if v["affinity_broken"]], [1, 4])
    # An absent vector goes nowhere.
    absent = json.loads(imsctl("show", A, "31", "--json").out)[0]
    equal(absent["affinity_broken"], None)


@test
def affinity_set():
    equal(requests("affinity", "set", A, "1", "0-2"),
          ["vector-set device-id=1 index=1 affinity=0-2"])
    equal(requests("affinity", "set", A, "10", "3", "--dry-run"),
          ["vector-set device-id=1 index=10 affinity=3 validate-only"])
    equal(requests("affinity", "clear", A, "1"),
          ["vector-set device-id=1 index=1 affinity="])
    equal(requests("affinity", "clear", A, "1", "-n"),
          ["vector-set device-id=1 index=1 affinity= validate-only"])


@test
def affinity_of_a_set():
    """One request."""
    equal(requests("affinity", "set", A, "3,1", "0-2"),
          ["vector-set device-id=1 list=1 list=3 affinity=0-2"])
    equal(requests("affinity", "set", A, "all", "1"),
          ["vector-set device-id=1 index=1 count=31 affinity=1"])
    # Those that have one.
    equal(requests("affinity", "clear", A, "all"),
          ["vector-set device-id=1 index=1 affinity="])
    equal(requests("affinity", "clear", "wq0", "all"), [])
    fails(FAILED, "imsctl: device wq0: all vectors are emulated and have no "
          "affinity\n", "affinity", "set", "wq0", "all", "1")


@test
def affinity_fails():
    where = f"imsctl: device {A}: vector"
    for cpus in ("x", "0-", "0,,1", "64", "-1"):
        fails(FAILED, f"{where} 1: not a list of CPUs of this host, such as "
              "\"0-3,8\"\n", "affinity", "set", "--", A, "1", cpus)
    fails(FAILED, f"{where} 1: none of these CPUs is online\n", "affinity",
          "set", A, "1", "4-7")
    equal(imsctl("affinity", "set", A, "1", ",".join(["0"] * 200)).code, FAILED)
    for action, rest in ("set", ["0"]), ("clear", []):
        fails(FAILED, f"{where} 0 is emulated and has no affinity\n",
              "affinity", action, A, "0", *rest)
        fails(NO_OBJECT, f"{where} 32 is beyond the 32 declared\n",
              "affinity", action, A, "32", *rest)
        fails(NOT_PERMITTED, f"{where} 1: this needs CAP_SYS_ADMIN in the initial user namespace\n",
              "affinity", action, A, "1", *rest, fake="user")
        equal(imsctl("affinity", action, "x", "1", *rest).code, NO_OBJECT)
        equal(imsctl("affinity", action, A, "1", *rest, fake="absent").code,
              UNSUPPORTED)
    fails(NO_OBJECT, f"{where} 32 is beyond the 32 declared\n",
          "affinity", "get", A, "32")


@test
def wrong_calls_of_affinity():
    usage("affinity: DEVICE is missing", "affinity")
    usage("affinity: 'put' is none of get, set and clear", "affinity", "put",
          "x", "1", "0")
    usage("affinity: CPUS is missing", "affinity", "set", "x", "1")
    usage("affinity: VECTORS is missing", "affinity", "clear", "x")
    usage("affinity: CPUS is empty", "affinity", "set", "x", "1", "")
    usage("affinity: unexpected argument '0'", "affinity", "clear", "x", "1",
          "0")
    usage("affinity: 'default' is no list of vectors such as 0,3,7-9",
          "affinity", "get", "x", "default")
    usage("affinity: set goes without --json", "affinity", "set", "x", "1",
          "0", "-j")
    usage("affinity: get goes without --dry-run", "affinity", "get", "x", "-n")
    usage("affinity: it has no option '--now'", "affinity", "set", "x", "1",
          "0", "--now")
