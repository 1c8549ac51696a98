# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl list: sorted, added up, in groups; and what is not open"""

import json
import pathlib

from fleet import *
from harness import *

STORES = ["0000:00:04.0", "0000:00:05.0"]


def column(name, *args, fake=""):
    r = imsctl("list", "--json", "-o", name, *args, fake=fake)
    equal((r.code, r.err), (DONE, ""))
    return [row[name] for row in json.loads(r.out)]


@test
def sorted_by_numbers():
    numbers = column("delivered", A)
    equal(column("delivered", A, "--sort", "delivered"),
          sorted(numbers, reverse=True))
    equal(column("delivered", A, "--sort=-delivered"), sorted(numbers))
    # By heading, too, and by what is not shown; alike ones as they were.
    equal(column("vector", A, "--sort", "DELIVERED"), [2, 1, 0, 3, 4, 10])
    equal(column("vector", A, "--sort", "-DELIVERED"), [0, 3, 4, 10, 1, 2])
    # What is absent comes last in any case.
    equal(column("irq", A, "--sort", "irq"), [59, 58, 57, None, None, None])
    equal(column("irq", A, "--sort", "-irq"), [57, 58, 59, None, None, None])
    equal(column("masked", A, "--sort", "masked")[:3], [True, True, False])
    equal(column("cookie", A, "--sort", "-cookie")[0], "0x1001")
    equal(column("last_ns", A, "--sort", "last")[0], 81236000000)


@test
def sorted_by_texts():
    equal(column("name", "--sort", "name"), [A, B, "wq0"])
    equal(column("name", "--sort", "-name"), ["wq0", B, A])
    many = [n for n in column("name", "--sort", "name", fake="many")
            if n.startswith("many")]
    equal(many, [f"many{i}" for i in range(11)])
    equal(column("name", "--stores", "--sort", "-name"), STORES[::-1])
    with fleet():
        vms = column("vm", "--sort", "vm", fake="fleet")
    equal(vms, sorted(vms))


@test
def sorted_text_is_what_json_is():
    for args in (["--sort", "slots"], ["--vectors", "--sort", "-delivered"],
                 [A, "--sort", "state"]):
        out = imsctl("list", *args, "--noheadings", "-o", "device,vector"
                     if len(args) > 2 else "name").out
        rows = json.loads(imsctl("list", *args, "--json").out)
        equal([line.split() for line in out.splitlines()],
              [[r["device"], str(r["vector"])] if len(args) > 2 else
               [r["name"]] for r in rows])


@test
def what_is_sorted_by_is_shown():
    with fleet():
        out = on_terminal("list", "--vectors", "--sort", "dropped", width=40,
                          fake="fleet", NO_COLOR="1")
    assert "DROPPED" in out.splitlines()[0]
    equal(out.splitlines()[1].split()[-1], "86")


@test
def sums_in_a_last_line():
    out = imsctl("list", "--total", "-o", "name,live,limit,cookie,parent").out
    equal(out.splitlines()[-1].split(), ["total", "5", "2113", "-", "-"])
    # More than fit into 64 bits stay the most.
    out = imsctl("list", "--vectors", "--total", "-o", "vector,delivered").out
    equal(out.splitlines()[-1].split(), ["total", str(2 ** 64 - 1)])
    # What nobody has has no sum, and what a number is none is none's.
    out = imsctl("list", "--stores", "--total", "-o", "id,capacity,size").out
    equal(out.splitlines()[-1].split(), ["total", "-", "2112"])
    equal(imsctl("list", "--total", "-o", "live,name").out.splitlines()[-1],
          "   5  -")
    equal(imsctl("list", "--total", "--sort", "-name", "--noheadings", "-o",
                 "name,live").out.splitlines()[-1].split(), ["total", "5"])
    equal(imsctl("list", "--total", "-o", "name,live", fake="empty").out,
          "DEVICE  LIVE\ntotal      -\n")
    assert imsctl("list", "--total", "--color=always").out.splitlines()[-1] \
        .startswith(f"{BOLD}total")
    usage("list: --total goes without --json", "list", "--total", "--json")


def by(kind, *args, fake="", root=None):
    rows = json.loads(imsctl("list", "--by", kind, "--json", *args,
                             fake=fake).out)
    for row in rows:
        equal(row["by"], kind)
    return {row["group"]: row for row in rows}


@test
def groups_add_up_their_vectors():
    vectors = json.loads(imsctl("list", "--vectors", "--json").out)
    for kind in "parent", "device", "store", "cpu":
        groups = by(kind)
        for key in "delivered", "loopback", "signalled", "dropped", "pended":
            total = min(sum(v[key] for v in vectors), 2 ** 64 - 1)
            equal(min(sum(g[key] for g in groups.values()), 2 ** 64 - 1),
                  total, f"{key} by {kind}")
        equal(sum(g["vectors"] for g in groups.values()), len(vectors))
        equal(sum(g["live"] for g in groups.values()),
              sum(v["state"] == "live" for v in vectors))
        equal(sum(g["slots"] for g in groups.values()),
              sum(v["slot"] is not None for v in vectors))
    equal(list(by("parent")), STORES)
    equal(list(by("store")), ["1", "3"])
    equal(list(by("device")), [A, "wq0"])
    # In the order of their numbers, and what goes to no CPU last.
    equal(list(by("cpu")), ["0", "1", "3", None])
    equal(by("cpu")[None]["vectors"], 4)
    equal(by("parent")[STORES[0]]["devices"], 1)


@test
def groups_of_machines():
    with fleet():
        groups = by("vm", fake="fleet")
        equal(sorted(groups), sorted(vm_name(i) for i in range(VMS)))
        equal({(g["devices"], g["vectors"]) for g in groups.values()},
              {(4, 128)})
        golden("list-by-vm.txt", "list", "--by", "vm", "--sort", "dropped",
               "--total", fake="fleet")
        out = on_terminal("list", "--by", "vm", "--sort", "delivered",
                          width=40, fake="fleet", NO_COLOR="1")
        assert max(map(len, out.splitlines())) <= 40
        out = on_terminal("list", "--by", "device", width=40, fake="fleet",
                          NO_COLOR="1")
        equal({len(line.split()[0]) for line in out.splitlines()[1:]}, {8})
    # Of processes that are not there nothing is known.
    equal(list(by("vm")), [None])


@test
def groups_of_nodes():
    with fleet():
        root = pathlib.Path(os.environ["IMS_FAKE_ROOT"])
        for cpu in range(64):
            (root / f"sys/devices/system/cpu/cpu{cpu}/node{cpu // 32}").mkdir(
                parents=True)
        groups = by("node", fake="fleet")
        equal(list(groups), ["0", "1", None])
        equal(sum(g["slots"] for g in groups.values()), 5400)
        equal(groups[None]["slots"], 0)
    equal(list(by("node")), [None])


@test
def groups_of_some():
    equal(list(by("device", "wq0")), ["wq0"])
    equal(list(by("cpu", A, "--state", "live", "--nonzero")), ["0", "1", None])
    equal(by("store", "--backing", "emulated")["1"]["vectors"], 1)
    gives("[]\n", "list", "--by", "cpu", "--json", fake="empty")
    r = imsctl("list", "--by", "store", fake="disturbed")
    equal((r.code, r.out), (FAILED, imsctl("list", "--by", "store").out))


@test
def those_of_a_parent():
    equal(column("name", "--parent", STORES[0]), [A, B])
    equal(column("name", "--parent", "00:05.0"), ["wq0"])
    equal(column("name", "--parent", f"00:07.0,00:05.0,{STORES[0]}"),
          [A, "wq0", B])
    equal(column("name", "--parent", "00:04"), [])
    equal(set(column("device", "--vectors", "--parent", "00:04.0")), {A})
    equal(column("vector", A, "--parent", "00:05.0"), [])
    equal(column("name", "--parent", STORES[0], "--owner", "4242"), [A])
    for value in ("", "x,", ",x"):
        usage("list: --parent: a value is empty", "list", "--parent", value)


@test
def devices_that_are_closed():
    golden("list-closed.txt", "list", "--closed", fake="closed-mdevs")
    golden("list-closed.json", "list", "--closed", "--json",
           fake="closed-mdevs")
    equal(column("name", "--closed", "--parent", "00:05.0",
                 fake="closed-mdevs"), ["0000:00:05.0-3"])
    equal(column("group", "--closed", "--sort", "-name",
                 fake="closed-mdevs")[-1], 12)
    gives("[]\n", "list", "--closed", "--json")
    fails(UNSUPPORTED, imsctl("list", fake="absent").err, "list", "--closed",
          fake="absent")
    for option in ("--owner=1", "--vectors", "--input=x", "--by=vm",
                   "--nonzero"):
        usage(f"list: --closed goes without {option.split('=')[0]}", "list",
              "--closed", option)
    usage("list: --closed goes without DEVICE", "list", "--closed", "x")


@test
def columns_of_groups_and_closed_devices():
    golden("columns-groups.txt", "list", "--by", "vm", "-o", "help",
           fake="no-socket")
    golden("columns-closed.txt", "list", "--closed", "--sort", "help",
           fake="no-socket")


@test
def wrong_orders():
    usage("list: --sort: devices have no column 'delivered'; \"--sort help\" "
          "describes those they have", "list", "--sort", "delivered")
    usage("list: --sort: devices have no column '-name'; did you mean 'name'? "
          "\"--sort help\" describes those they have", "list",
          "--sort=--name")
    for name in ("", "-", "frobnicate", "-frobnicate", "limit,vectors"):
        bad = name.removeprefix("-")
        meant = "did you mean 'name'? " if bad[1:] == "name" else ""
        usage(f"list: --sort: devices have no column '{bad}'; {meant}"
              "\"--sort help\" describes those they have", "list",
              f"--sort={name}")
    for kind in ("", "frob", "vm,cpu", "VM"):
        usage(f"list: --by: '{kind}' is none of parent, device, vm, cpu, node, "
              "store", "list", "--by", kind)
    usage("list: --by goes without --vectors", "list", "--by", "vm",
          "--vectors")
    usage("list: --stores goes without --by", "list", "--by", "vm",
          "--stores")
