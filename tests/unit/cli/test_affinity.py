# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl affinity"""

import json
import re

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


def spread(*args, online="0-3\n", default="f\n", node="2-3\n", device=A):
    """What is changed, as vectors and CPUs; all of it was checked before."""
    files = {"/sys/devices/system/cpu/online": online,
             "/sys/devices/system/node/node1/cpulist": node,
             "/proc/irq/default_smp_affinity": default}
    with host_files(files):
        lines = requests("affinity", "spread", device, *args)
    checks = [l.removesuffix(" validate-only") for l in lines
              if l.endswith(" validate-only")]
    equal(lines, [l + " validate-only" for l in checks] +
          checks * ("-n" not in args))
    # A request for each CPU.
    cpus = [re.search(r" affinity=(\S*)$", l)[1] for l in checks]
    equal(sorted(cpus), sorted(set(cpus)))
    return sorted((int(v), cpu) for l, cpu in zip(checks, cpus)
                  for v in re.findall(r" (?:index|list)=(\d+)", l))


@test
def affinity_spread():
    # Live and idle vectors in turn, but for the emulated one.
    equal(spread(), [(1, "0"), (2, "1"), (3, "2"), (4, "3"), (10, "0")])
    equal(spread("all"), spread())
    equal(spread("-n"), spread())
    equal(spread("30,1-2"), [(1, "0"), (2, "1"), (30, "2")])
    # Online, and by default within the kernel's default affinity.
    equal(spread("1-3", online="0,2-3\n"), [(1, "0"), (2, "2"), (3, "3")])
    equal(spread("1-3", default="00000000,0000000a\n"),
          [(1, "1"), (2, "3"), (3, "1")])
    equal(spread("1-3", "--node", "1"), [(1, "2"), (2, "3"), (3, "2")])
    equal(spread("1-3", "--node", "1", default="7\n"),
          [(1, "2"), (2, "2"), (3, "2")])
    # Whoever names CPUs means them.
    equal(spread("1-3", "--cpus", "3,1,60", default="1\n"),
          [(1, "1"), (2, "3"), (3, "1")])
    equal(spread(device=B), [])


@test
def affinity_spread_fails():
    online = {"/sys/devices/system/cpu/online": "0-3\n",
              "/sys/devices/system/node/node2/cpulist": "\n"}
    fails(FAILED, "imsctl: the host does not tell which CPUs are online\n",
          "affinity", "spread", A)
    with host_files(online):
        fails(FAILED, "imsctl: none of these CPUs is online\n", "affinity",
              "spread", A, "--cpus", "4-7")
        # None, and one that has only memory.
        for node in "1", "2":
            fails(FAILED, f"imsctl: the host has no CPUs on node {node}\n",
                  "affinity", "spread", A, "--node", node)
        fails(FAILED, f"imsctl: device {A}: vector 0 is emulated and has no "
              "affinity\n", "affinity", "spread", A, "0-3")
        fails(NO_OBJECT, f"imsctl: device {A}: vector 32 is beyond the 32 "
              "declared\n", "affinity", "spread", A, "1,32")
        fails(NOT_PERMITTED, f"imsctl: device {A}: 2 vectors: this needs "
              "CAP_SYS_ADMIN in the initial user namespace\n", "affinity",
              "spread", A, fake="user")
    with host_files({**online, "/proc/irq/default_smp_affinity": "f0\n"}):
        fails(FAILED, "imsctl: none of these CPUs is online and within the "
              "kernel's default affinity\n", "affinity", "spread", A)
    usage("affinity: --cpus goes without --node", "affinity", "spread", "x",
          "--cpus", "1", "--node", "0")
    for cpus in ("", "x", "1-", "3-1", "8192", "1,", "0-3:2", "-1"):
        usage(f"affinity: --cpus: '{cpus}' is no list of CPUs such as 0-3,8",
              "affinity", "spread", "x", f"--cpus={cpus}")
    for node in ("", "x", "0-1"):
        usage(f"affinity: --node: '{node}' is no node's number", "affinity",
              "spread", "x", "--node", node)
    usage("affinity: set goes without --cpus", "affinity", "set", "x", "1",
          "0", "--cpus", "1")


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
    usage("affinity: 'put' is none of get, set, clear and spread", "affinity", "put",
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
