# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl list"""

import json
import re
import subprocess
import sys

from harness import *


@test
def list_devices():
    aligned(golden("list.txt", "list"))


@test
def list_devices_unprivileged():
    golden("list-user.txt", "list", fake="user")


@test
def list_devices_json():
    devices = json.loads(golden("list.json", "list", "--json"))
    equal([d["name"] for d in devices], [A, "wq0", B])
    equal(devices[0]["default_cookie"], "0x1001")
    equal(devices[0]["reservation"], 4)
    equal(devices[1]["owner_comm"], None)
    equal(devices[2]["owner_comm"], "a\x1b[31m\"b\\\ufffd\u00e9\u20ac\U0001f600"
          + 7 * "\ufffd" + "\x9b")


@test
def list_vectors():
    aligned(golden("list-vectors.txt", "list", A))


@test
def list_vectors_unprivileged():
    golden("list-vectors-user.txt", "list", A, fake="user")


@test
def list_vectors_json():
    vectors = json.loads(golden("list-vectors.json", "list", "-j", A))
    equal([v["vector"] for v in vectors], [0, 1, 2, 3, 4, 10])
    equal(vectors[0]["slot"], None)
    equal(vectors[1]["slot"], 0)
    equal(vectors[2]["delivered"], 2 ** 64 - 1)
    equal(vectors[2]["pending_cookie"], "0xffffffffffffffff")


@test
def json_types_are_fixed():
    types = {}
    for fake in ("", "user"):
        for v in json.loads(imsctl("list", A, "--json", fake=fake).out):
            equal(v["schema"], 1)
            for key, value in v.items():
                if value is not None:
                    types.setdefault(key, set()).add(type(value))
    for key, seen in types.items():
        equal(len(seen), 1, f"number of types of {key}")
    equal(types["cookie"], {str})
    equal(types["own_cookie"], {bool})


@test
def json_keys_do_not_depend_on_values():
    keys = {tuple(v) for fake in ("", "user")
            for v in json.loads(imsctl("list", A, "--json", fake=fake).out)}
    equal(len(keys), 1)


@test
def json_is_accepted_by_json_tool():
    r = imsctl("list", "--json")
    subprocess.run([sys.executable, "-m", "json.tool"], input=r.out.encode(),
                   stdout=subprocess.DEVNULL, check=True)


@test
def empty_lists():
    equal(imsctl("list", fake="empty").out,
          "DEVICE  PARENT  VECTORS  LIVE  EMULATED  SLOTS  LIMIT  COOKIE  OWNER  VM  REFUSED\n")
    equal(imsctl("list", "--noheadings", fake="empty").out, "")
    equal(imsctl("list", "--json", fake="empty").out, "[]\n")
    r = imsctl("list", B)
    equal(r.code, DONE)
    equal(len(r.out.splitlines()), 1)
    equal(imsctl("list", B, "--json").out, "[]\n")


@test
def chosen_columns():
    equal(imsctl("list", "-o", "name").out, f"DEVICE\n{A}\nwq0\n{B}\n")
    equal(imsctl("list", "-o", "slots,NAME", "--noheadings").out,
          f"3  {A}\n0  wq0\n0  {B}\n")
    equal(imsctl("list", "--output=Cookie,id", "wq0", fake="user").code, USAGE)
    equal(imsctl("list", "-o", "vector,next", A).out.splitlines()[3],
          "     2  0xffffffffffffffff")


@test
def chosen_columns_by_heading_or_key():
    by_key = imsctl("list", "-o", "default_cookie").out
    equal(imsctl("list", "-o", "cookie").out, by_key)


@test
def added_columns():
    golden("list-added.txt", "list", "-o", "+id,reservation,pid,comm")
    golden("list-vectors-added.txt", "list", A, "-o",
           "+gen,cpu,affinity,next,own,masked,pending,bypassed,pended,"
           "replaced,failed,since,last")


@test
def chosen_columns_in_json():
    equal(json.loads(imsctl("list", "-j", "-o", "name,owner", "--").out)[0],
          {"schema": 1, "name": A, "owner": "4242/qemu-system-x86"})


@test
def a_key_is_there_once_in_json():
    equal(imsctl("list", "wq0", "--json", "-o", "+vector,STATE").out,
          imsctl("list", "wq0", "--json").out)
    equal(imsctl("list", "wq0", "--json", "-o", "irq,vector,IRQ").out,
          '[\n  {"schema": 1, "irq": null, "vector": 0}\n]\n')
    equal(imsctl("list", "-o", "id,id").out.splitlines()[0], "ID  ID")


@test
def column_help_needs_no_kernel():
    golden("columns-devices.txt", "list", "-o", "help", fake="no-socket")
    golden("columns-vectors.txt", "list", "any", "-o", "help",
           fake="no-socket")
    golden("columns-all.txt", "list", "--vectors", "-o", "help",
           fake="no-socket")
    golden("columns-stores.txt", "list", "--stores", "-o", "help",
           fake="no-socket")


@test
def every_column_can_be_chosen():
    for device in ([], [A], ["--vectors"], ["--stores"]):
        text = imsctl("list", *device, "-o", "help").out
        fits_the_width(text)
        for column in re.findall(r"^ [* ] (\w+) ", text, re.M):
            r = imsctl("list", *device, "-o", column)
            equal(r.code, DONE, f"exit status for {column}")
            equal(r.err, "")


@test
def terminal_escapes_are_defused():
    out = imsctl("list").out
    assert "\x1b" not in out and "\x9b" not in out
    assert "\x1b" not in imsctl("list", "--json").out


@test
def wide_characters_take_two_columns():
    lines = imsctl("list", "-o", "comm,id").out.splitlines()
    # An emoji of width 2 is a character, and what is no text is bytes.
    equal([len(line) for line in lines], [27, 27, 27, 26])


@test
def nothing_but_ascii_in_the_c_locale():
    for args in (["list"], ["show", B]):
        assert not imsctl(*args).out.isascii()
        assert imsctl(*args, locale="C").out.isascii()
    equal(imsctl("list", "-o", "comm", "--noheadings", locale="C").out
          .splitlines()[2], 'a?[31m"b\\' + "?" * 19)
    r = imsctl("list", "é", locale="C")
    equal((r.code, r.err.isascii()), (NO_OBJECT, True))
    # JSON is UTF-8 whatever the locale is.
    equal(imsctl("list", "--json", locale="C").out,
          imsctl("list", "--json").out)


@test
def beginning_of_a_name():
    equal(imsctl("list", "w").out, imsctl("list", "wq0").out)


@test
def thousands_of_vectors():
    out = imsctl("list", "large", fake="large").out.splitlines()
    equal(len(out), 5001)
    equal([int(line.split()[0]) for line in out[1:]], list(range(5000)))
    equal(len({len(line) for line in out[1:]}), 1, "number of line lengths")


@test
def disturbed_list():
    equal(imsctl("list", fake="disturbed-once").code, DONE)
    r = imsctl("list", fake="disturbed")
    equal(r.code, FAILED)
    equal(r.out, imsctl("list").out)
    equal(r.err, "imsctl: the list kept changing while it was read; "
                 "it may be incomplete\n")
    r = imsctl("list", "wq0", fake="disturbed")
    equal(r.code, FAILED)
    equal(r.err, "imsctl: device wq0: the list kept changing while it was "
                 "read; it may be incomplete\n")


@test
def device_closed_while_listing():
    fails(NO_OBJECT, "imsctl: device wq0: the device was closed meanwhile\n",
          "list", "wq0", fake="closed")


# ---- stores, all vectors, filters -------------------------------------------

def names(*args, fake=""):
    """Devices that are listed."""
    r = imsctl("list", "--json", *args, fake=fake)
    equal((r.code, r.err), (DONE, ""))
    return [d["name"] for d in json.loads(r.out)]


def vectors(*args, fake=""):
    """Vectors that are listed: device and number."""
    r = imsctl("list", "--json", *args, fake=fake)
    equal((r.code, r.err), (DONE, ""))
    return [(v["device"], v["vector"]) for v in json.loads(r.out)]


def of_a(*numbers):
    return [(A, n) for n in numbers]


@test
def list_stores():
    aligned(golden("list-stores.txt", "list", "--stores"))
    stores = json.loads(golden("list-stores.json", "list", "--stores", "-j"))
    equal([s["id"] for s in stores], [1, 3])
    gives("[]\n", "list", "--stores", "--json", fake="no-stores")
    r = imsctl("list", "--stores", fake="disturbed")
    equal(r.code, FAILED)
    equal(r.out, imsctl("list", "--stores").out)


@test
def list_all_vectors():
    aligned(golden("list-all.txt", "list", "--vectors"))
    equal(vectors("--vectors"), of_a(0, 1, 2, 3, 4, 10) + [("wq0", 0)])
    owners = [v["owner_pid"] for v in json.loads(
        imsctl("list", "--vectors", "--json").out)]
    equal(owners, [4242] * 6 + [99])
    r = imsctl("list", "--vectors", fake="disturbed")
    equal(r.code, FAILED)
    equal(r.out, imsctl("list", "--vectors").out)


@test
def same_keys_of_vectors_everywhere():
    one = json.loads(imsctl("list", A, "--json").out)
    all_of_them = json.loads(imsctl("list", "--vectors", "--json").out)
    equal(one, all_of_them[:6])


@test
def filter_by_state():
    equal(vectors(A, "--state", "live"), of_a(0, 1, 2, 4))
    equal(vectors(A, "--state=idle"), of_a(3, 10))
    equal(vectors(A, "--state", "idle,live"), of_a(0, 1, 2, 3, 4, 10))
    equal(vectors(A, "--state", "absent"),
          of_a(*(i for i in range(32) if i not in (0, 1, 2, 3, 4, 10))))
    # In order, though the kernel is asked twice.
    equal(vectors("--vectors", "--state", "absent,idle"),
          of_a(3, 5, 6, 7, 8, 9, 10, *range(11, 32))
          + [(B, i) for i in range(8)])
    absent = json.loads(imsctl("list", A, "--json", "--state", "absent").out)
    equal({v["masked"] for v in absent}, {None})


@test
def filter_by_backing():
    equal(vectors("--vectors", "--backing", "emulated"), [(A, 0), ("wq0", 0)])
    equal(vectors(A, "--backing", "ims"), of_a(1, 2, 3, 4, 10))
    equal(len(vectors(A, "--backing", "ims,emulated")), 6)


@test
def filter_by_cookie():
    equal(vectors(A, "--cookie", "0x1001"), of_a(1, 10))
    equal(vectors("--vectors", "--cookie", "0X1001,0x3003,16388"),
          of_a(1, 3, 4, 10))
    # The cookie in force, not the one to come.
    equal(vectors(A, "--cookie", "0xffffffffffffffff"), [])
    equal(names("--cookie", "0,0xDEADbeefcafef00d"), ["wq0", B])


@test
def filter_by_cookie_needs_privilege():
    text = "imsctl: seeing cookies needs CAP_SYS_ADMIN\n"
    for args in ([], [A], ["--vectors"]):
        fails(NOT_PERMITTED, text, "list", *args, "--cookie", "0x1001",
              fake="user")


@test
def filter_by_owner():
    equal(names("--owner", "4242"), [A])
    equal(names("--owner", "qemu-system-x86,99"), [A, "wq0"])
    equal(vectors("--vectors", "--owner", "99"), [("wq0", 0)])
    # What fits nobody is no list without rows.
    for owner in ("qemu", "424"):
        for args in ([], ["--vectors"]):
            fails(NO_OBJECT, f"imsctl: no virtual device was opened by {owner}\n",
                  "list", "--owner", owner, *args)
    fails(NO_OBJECT, f"imsctl: device {A}: it was opened by somebody else\n",
          "list", A, "--owner", "99")
    equal(vectors(B, "--owner", "7"), [])


@test
def filter_nonzero():
    equal(vectors("--vectors", "--nonzero"), of_a(0, 1, 2))


@test
def filter_silent():
    """Live, and nothing came from it for so long."""
    # 2 is masked, 4 bypassed, others are not live.
    equal(vectors("--vectors", "--silent", "8.7"), of_a(0, 1) + [("wq0", 0)])
    for time in ("8.8", "60s", "1.4m", "90s"):
        equal(vectors("--vectors", "--silent", time), [("wq0", 0)])
    equal(vectors(A, "--silent", "1", "--backing", "ims"), of_a(1))
    equal(vectors("--vectors", "--silent", "91"), [])
    # One that never signalled is silent since its counts began.
    for time, now in (("9999m", 600000), ("99h", 360000), ("4d", 345600 + 90)):
        equal(json.loads(imsctl("list", "--vectors", "--silent", time, "--json",
                                fake=f"now={now}").out)[-1]["device"], "wq0")
    equal(imsctl("list", "--vectors", "--silent", "4d", "--noheadings",
                 fake="now=345599").out, "")
    # How long is shown, unless other columns are asked for.
    rows = imsctl("list", A, "--silent", "8").out.splitlines()
    equal(rows[0].split()[-3:], ["SINCE", "AGO", "FLAGS"])
    equal([row.split()[-3:] for row in rows[1:]],
          [["1m30s", "8.7s", "-"], ["10.0s", "8.7s", "-"]])
    gives("8.7s\n", "list", A, "--silent", "8", "--backing", "ims", "-o",
          "last", "--noheadings")
    for time in ("", "0", "x", "-1", "1w", "s", "1.5.s", "1 s", "0.0h",
                 "2147482d", "1" * 40):
        usage(f"list: --silent: '{time}' is no time such as 90s, 5m, 2h, 1d",
              "list", A, "--silent", time)
    usage("list: --silent is about vectors: add DEVICE or --vectors", "list",
          "--silent", "1")


@test
def filter_stuck():
    """Masked for so long, in whatever state: 2 since 30 s, 3 since 89 s, of 90."""
    equal(vectors("--vectors", "--stuck", "1"), of_a(2, 3))
    equal(vectors("--vectors", "--stuck", "1.1"), of_a(2))
    equal(vectors(A, "--stuck", "1m", "--state", "live"), of_a(2))
    equal(vectors(A, "--stuck", "1m", "--state", "idle"), [])
    equal(vectors("--vectors", "--stuck", "61s"), [])
    equal(vectors("--vectors", "--stuck", "1", "--silent", "1"), [])
    rows = imsctl("list", A, "--stuck", "1m").out.splitlines()
    equal(rows[0].split()[-3:], ["AGO", "MASKED-FOR", "FLAGS"])
    equal(rows[1].split()[-3:], ["-", "1m00s", "masked,pending"])
    v = json.loads(imsctl("list", A, "--stuck", "1m", "--json").out)[0]
    equal(v["masked_since_ns"], 30000000000)
    usage("list: --stuck: '0' is no time such as 90s, 5m, 2h, 1d", "list", A,
          "--stuck", "0")
    usage("list: --stuck is about vectors: add DEVICE or --vectors", "list",
          "--stuck", "1")


@test
def filters_together():
    equal(vectors("--vectors", "--nonzero", "--backing", "ims"), of_a(1, 2))
    equal(vectors(A, "--state", "live,idle", "--cookie", "0x1001,0x2002",
                  "--nonzero"), of_a(1, 2))
    equal(names("--owner", "4242,99", "--cookie", "0x1001"), [A])
    gives("[]\n", "list", A, "--json", "--backing", "emulated", "--state",
          "idle")


@test
def name_of_the_parent():
    equal(imsctl("list", "0000:00:05.0").out, imsctl("list", "wq0").out)
    fails(NO_OBJECT, "imsctl: device 0000:00:04.0: it is the parent of "
          f"several: {A}, {B}\n", "list", "0000:00:04.0")
    fails(NO_OBJECT, "imsctl: device 0000:00:07.0: no such virtual device is "
          "open\n", "list", "0000:00:07.0")
    # Of an address, all is needed.
    equal(imsctl("list", "0000:00:05").code, NO_OBJECT)


@test
def a_parent_of_many():
    names_of = ", ".join(f"many{i}" for i in range(8))
    fails(NO_OBJECT, "imsctl: device 0000:00:05.0: it is the parent of "
          f"several: wq0, {names_of[:-7]} and 4 more\n", "list",
          "0000:00:05.0", fake="many")


@test
def filters_refuse():
    for option, words in (("state", "absent, idle, held, live"),
                          ("backing", "ims, emulated")):
        for value in ("", "frob", "live,", ",ims", "LIVE", "ims,,ims"):
            bad = [v for v in value.split(",") if v not in words.split(", ")]
            usage(f"list: --{option}: '{bad[0]}' is none of {words}",
                  "list", "x", f"--{option}", value)
    for value in ("", "x", "1,", "0x", "0x0x1", "-1", "1 ", "0xg",
                  "18446744073709551616", "1" * 40):
        usage(f"list: --cookie: '{value.removeprefix('1,')}' is no number such "
              "as 0x1001", "list", "--cookie", value)
    usage("list: --cookie: more than 32 values", "list", "--cookie",
          ",".join(["1"] * 33))
    for value in ("", "1,", ",1"):
        usage("list: --owner: a value is empty", "list", "--owner", value)


@test
def filters_that_make_no_sense():
    for option in (["--state", "live"], ["--backing", "ims"], ["--nonzero"]):
        usage(f"list: {option[0]} is about vectors: add DEVICE or --vectors",
              "list", *option)
        usage(f"list: --stores goes without {option[0]}", "list", "--stores",
              *option)
    usage("list: --stores goes without --vectors", "list", "--stores",
          "--vectors")
    usage("list: --stores goes without DEVICE", "list", "--stores", "x")
    usage("list: --vectors are those of all devices: leave out DEVICE", "list",
          "--vectors", "x")


@test
def ages():
    for now, text in ((80, "0.0s"), (81, "1.0s"), (79, "0.0s"),
                      (139, "59.0s"), (140, "1m00s"),
                      (3679, "59m59s"), (3680, "1h00m"),
                      (86479, "23h59m"), (86480, "1d00h"),
                      (1000000, "11d13h")):
        out = imsctl("list", A, "--noheadings", "-o", "vector,since",
                     fake=f"now={now}").out
        equal(out.splitlines()[1].split(maxsplit=1), ["1", text])


@test
def wrong_calls_of_list():
    usage("list: unknown option '--frob'", "list", "--frob")
    usage("list: unknown option '-x'", "list", "-x")
    usage("list: unexpected argument 'b'", "list", "a", "b")
    usage("list: option '-o' needs an argument", "list", "-o")
    usage("list: option '--output' needs an argument", "list", "--output")
    usage("list: option '--json' takes no argument", "list", "--json=yes")
    for columns, bad in (("name,frob", "frob"), ("", ""), ("name,", ""),
                         ("+", ""), (",name", ""), ("namibia", "namibia"),
                         ("name,HELPER", "HELPER")):
        usage(f"list: devices have no column '{bad}'; "
              "\"-o help\" describes those they have", "list", "-o", columns)
    # Not the word alone.
    usage("list: devices have no column 'help'; did you mean 'held'? "
          "\"-o help\" describes those they have", "list", "-o", "help,name")
    usage("list: vectors have no column 'limit'; "
          "\"-o help\" describes those they have", "list", "x", "-o", "limit")
    usage("list: too many columns", "list", "-o", ",".join(["id"] * 65))
