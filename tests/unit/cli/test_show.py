# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl show"""

import json

from harness import *

STORE = "0000:00:04.0"


@test
def show_device():
    aligned(golden("show-device.txt", "show", A))
    golden("show-device-user.txt", "show", A, fake="user")


@test
def show_vector():
    aligned(golden("show-vector.txt", "show", A, "2"))
    golden("show-vector-absent.txt", "show", A, "31")


@test
def show_store():
    aligned(golden("show-store.txt", "show", "--store", STORE))


@test
def show_is_a_row_of_list():
    for name, lists in ((["wq0"], []), (["--store", STORE], ["--stores"]),
                        (["wq0", "0"], ["wq0"])):
        one = json.loads(imsctl("show", "--json", *name).out)
        equal(len(one), 1)
        assert one[0] in json.loads(imsctl("list", "--json", *lists).out), one


@test
def show_has_a_line_for_each_key():
    for name in ([A], [A, "1"], [A, "31"], ["--store", STORE]):
        # JSON has that as the cookie.
        lines = [line for line in imsctl("show", *name).out.splitlines()
                 if not line.startswith("pasid ")]
        one = json.loads(imsctl("show", "--json", *name).out)[0]
        equal([line.split()[0] for line in lines],
              [k.removesuffix("_ns") for k in one if k != "schema"])
        for line, value in zip(lines, list(one.values())[1:]):
            if value is None:
                equal(line.split()[1:], ["-"])


@test
def show_chosen():
    gives("cookie          0x2002\npending_cookie  0xffffffffffffffff\n",
          "show", A, "2", "-o", "cookie,next")
    gives('[\n  {"schema": 1, "slots": 3}\n]\n', "show", A, "-j", "-o", "slots")
    gives("gone  no\n", "show", "w", "-o", "gone")
    equal(imsctl("show", "x", "1", "-o", "help", fake="no-socket").out
          .splitlines()[0], "Columns of vectors (* by default):")


@test
def show_defuses_terminal_escapes():
    out = imsctl("show", B).out
    assert "\x1b" not in out and "a?[31m" in out, out


@test
def show_by_parent():
    equal(imsctl("show", "0000:00:05.0").out, imsctl("show", "wq0").out)
    fails(NO_OBJECT, f"imsctl: device {STORE}: it is the parent of several: "
          f"{A}, {B}\n", "show", STORE)


@test
def show_function():
    """Its name begins with its parent's, and may be where another's begins."""
    show = ("show", "-j", "-o", "name,parent,uuid")
    for name in ("0000:00:05.0-1", "0000:00:05.0-12"):
        gives(f'[\n  {{"schema": 1, "name": "{name}", "parent": '
              '"0000:00:05.0", "uuid": null}\n]\n', *show, name,
              fake="functions")
    fails(NO_OBJECT, "imsctl: device 0000:00:05.0: the name fits several: "
          "0000:00:05.0-1, 0000:00:05.0-12\n", "show", "0000:00:05.0",
          fake="functions")
    fails(NO_OBJECT, "imsctl: device 0000:00:05.0-2: no such virtual device "
          "is open\n", "show", "0000:00:05.0-2", fake="functions")
    r = imsctl("list", "--noheadings", "-o", "name,parent", fake="functions")
    assert "\n0000:00:05.0-12 " in r.out, r.out


@test
def show_nothing():
    fails(NO_OBJECT, "imsctl: device nobody: no such virtual device is open\n",
          "show", "nobody")
    fails(NO_OBJECT, f"imsctl: device {A}: vector 32 is beyond the "
          "32 declared\n", "show", A, "32")
    fails(NO_OBJECT, "imsctl: store 0000:00:07.0: no such store\n",
          "show", "--store", "0000:00:07.0")
    for args in (["x"], ["x", "1"], ["--store", "x"]):
        equal(imsctl("show", *args, fake="absent").code, UNSUPPORTED)
        equal(imsctl("show", *args, fake="no-socket").code, FAILED)
    equal(imsctl("show", "--store", STORE, fake="old").code, DONE)


@test
def wrong_calls_of_show():
    usage("show: NAME is missing", "show")
    usage("show: unexpected argument '2'", "show", "x", "1", "2")
    usage("show: a store has no vectors: leave out '1'", "show", "x", "1",
          "--store")
    for vector in ("", "x", "1-2", "-1", "0x1", "4294967296"):
        usage(f"show: '{vector}' is no vector's number", "show", "x", "--",
              vector)
    usage("show: it has no option '--stores'", "show", "--stores", "x")
    usage("show: it has no option '--noheadings'", "show", "--noheadings", "x")
    usage("show: devices have no column 'slot'; did you mean 'slots'? "
          "\"-o help\" describes those they have", "show", "x", "-o", "slot")
    for args, what in (["x"], "device"), (["x", "--store"], "store"):
        args[0] = ""
        fails(USAGE, f"imsctl: show: the {what}'s name is empty\n"
              'Try "imsctl show --help".\n', "show", *args)


@test
def cookies_that_can_be_pasids():
    lines = [line.split() for line in imsctl("show", A).out.splitlines()]
    assert ["pasid", "4097"] in lines
    for device, pasid in (("wq0", "-"), (B, "-")):
        equal(imsctl("show", device, "-o", "pasid").out.split(),
              ["pasid", pasid])
    equal(imsctl("list", A, "-o", "pasid", "--noheadings").out.split(),
          ["-", "4097", "8194", "12291", "16388", "4097"])
    equal(imsctl("show", A, "-o", "pasid", fake="user").out.split(),
          ["pasid", "-"])
    assert "pasid" not in imsctl("show", A, "--json").out
