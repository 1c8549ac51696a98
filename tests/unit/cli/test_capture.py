# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl capture, and --input of the verbs that look."""

import json
import os
import pathlib
import stat
import tempfile

import yaml

from harness import *

SPEC = (pathlib.Path(__file__).resolve().parents[3]
        / "include/uapi/linux/ims.yaml")

directory = tempfile.TemporaryDirectory()
top = pathlib.Path(directory.name)
FILE = str(top / "capture.json")

CONFIG = str(top / "wq0.conf")
pathlib.Path(CONFIG).write_text("version 1\nlimit 5\n")

LOOKS = [
    ["list", "--stores"], ["list", A], ["list", "wq0", "--json"],
    ["list", "--vectors"], ["list", "--vectors", "--json"],
    ["list", A, "--state", "absent"],
    ["list", A, "--state", "live,absent", "--backing", "emulated"],
    ["list", "--vectors", "--nonzero"], ["list", A, "--cookie", "0x1001"],
    ["list", "--owner", "4242"],
    ["show", A], ["show", A, "1"], ["show", A, "31"], ["show", "wq0", "--json"],
    ["show", "--store", "0000:00:04.0"], ["show", "0000:00:05.0"],
    # The name of its process is no text.
    ["list", B], ["show", B, "--json"],
    ["cookie", "get", A], ["cookie", "get", A, "default"],
    ["affinity", "get", A], ["affinity", "get", A, "1"],
    ["stats", A], ["stats", A, "1-3"], ["stats", "--store", "0000:00:04.0"],
    ["limit", A], ["limit", "--store", "0000:00:04.0"], ["bypass", A],
    ["quiet", A], ["rate", A], ["rate", A, "default"],
    ["metrics"], ["metrics", "--vectors"],
    ["save", A], ["save", "wq0", "--json"],
    ["diff", "wq0", CONFIG],
]


def taken(file, fake=""):
    gives("", "capture", file, fake=fake)
    return file


@test
def capture_text():
    golden("capture.txt", "capture")


def is_utf8(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@test
def capture_is_the_kernels_replies():
    """What is in it is what ims.yaml says a reply has, in its terms."""
    spec = yaml.safe_load(SPEC.read_text())
    enums = {d["name"]: [e["name"] for e in d["entries"]]
             for d in spec["definitions"] if d["type"] == "enum"}
    sets = {s["name"]: {a["name"]: a for a in s["attributes"]}
            for s in spec["attribute-sets"]}
    ops = {op["name"]: op for op in spec["operations"]["list"]}
    capture = json.loads(imsctl("capture",
                                fake="held,amd,affinity-broken,restrained").out)
    for part, name in [("stores", "store"), ("devices", "device"),
                       ("vectors", "vector")]:
        reply = ops[f"{name}-get"]["dump"]["reply"]["attributes"]
        assert capture[part], f"no {part}"
        seen = set()
        for entry in capture[part]:
            for key, value in entry.items():
                if key.endswith("-bytes"):
                    assert not is_utf8(bytes.fromhex(value)), value
                    assert "\ufffd" in entry[key.removesuffix("-bytes")]
                    continue
                seen.add(key)
                assert key in reply, f"{key} of {part} is in no reply"
                attr = sets[name][key]
                kind = (str if attr["type"] == "string" or "enum" in attr or
                        "display-hint" in attr else
                        bool if attr["type"] == "flag" else int)
                assert type(value) is kind, f"{key} of {part} is {value!r}"
                if "enum" in attr:
                    assert value in enums[attr["enum"]], value
        # Times are of notifications.
        missing = set(reply) - seen - {"pad", "gone", "time"}
        equal(missing, set(), f"what {part} lack")


@test
def capture_looks_like_the_kernel():
    file = taken(FILE)
    for args in LOOKS:
        live = imsctl(*args)
        then = imsctl(*args, "--input", file, fake="no-socket")
        equal((then.code, then.out, then.err), (live.code, live.out, live.err),
              " ".join(args))
        assert live.code == DONE or args[0] == "diff", args
    text = pathlib.Path(file).read_text()
    r = imsctl_with_input(text, "list", A, "--input", "-", fake="no-socket")
    equal((r.code, r.out), (DONE, imsctl("list", A).out))


def imsctl_with_input(text, *args, fake=""):
    return imsctl(*args, fake=fake, stdin=text)


@test
def capture_covers_all_verbs_that_look():
    """A verb that has --input is compared above."""
    have = {c for c in commands()
            if "  --input FILE " in imsctl(c, "--help").out}
    # test_doctor.py has what doctor says of one.
    equal({args[0] for args in LOOKS} | {"doctor"}, have, "verbs with --input")


@test
def capture_keeps_its_time():
    """Ages are those at that time, not those since."""
    taken(FILE)
    text = pathlib.Path(FILE).read_text()
    assert '"time-ns": 90000000000,' in text
    later = text.replace('"time-ns": 90000000000', '"time-ns": 150000000000')
    r = imsctl_with_input(later, "stats", A, "1", "-o", "last", "--noheadings",
                          "--input", "-", fake="no-socket")
    equal((r.code, r.out, r.err), (DONE, "1m08s\n", ""))


@test
def capture_without_privilege():
    file = taken(FILE, fake="user")
    assert "cookie\"" not in pathlib.Path(file).read_text()
    equal(imsctl("list", A, "--input", file, fake="no-socket").out,
          imsctl("list", A, fake="user").out)
    fails(NOT_PERMITTED, f"imsctl: device {A}: seeing cookies needs "
          "CAP_SYS_ADMIN\n", "cookie", "get", A, "--input", file)


@test
def capture_file_is_whole_and_private():
    path = top / "whole.json"
    path.write_text("old")
    path.chmod(0o644)
    taken(str(path))
    equal(stat.S_IMODE(path.stat().st_mode), 0o600)
    json.loads(path.read_text())
    fails(UNSUPPORTED, "imsctl: the kernel module vfio_pci_ims is not loaded; "
          'try "modprobe vfio_pci_ims"\n', "capture", str(path), fake="absent")
    json.loads(path.read_text())
    equal(sorted(p.name for p in top.iterdir() if "whole" in p.name),
          ["whole.json"])
    fails(FAILED, "imsctl: /dev/full: No space left on device\n", "capture",
          "/dev/full")
    fails(FAILED, f"imsctl: {top}/no/file: No such file or directory\n",
          "capture", f"{top}/no/file")
    with open("/dev/full", "w") as full:
        r = imsctl("capture", stdout=full)
    equal((r.code, r.err), (FAILED, "imsctl: standard output: write error\n"))


@test
def capture_replaces_no_link():
    """As root that would end /dev/stdout."""
    path, link = top / "behind.json", top / "link"
    path.write_text("old")
    link.symlink_to("behind.json")
    taken(str(link))
    equal(os.readlink(link), "behind.json")
    json.loads(path.read_text())

    stdout = top / "stdout"
    stdout.symlink_to("/proc/self/fd/1")
    with tempfile.TemporaryFile() as nameless:
        equal(imsctl("capture", str(stdout), stdout=nameless).code, DONE)
        nameless.seek(0)
        json.loads(nameless.read())
    assert stdout.is_symlink()


@test
def capture_of_a_list_that_changes():
    """Written, and said that it may be incomplete."""
    path = top / "changing.json"
    r = imsctl("capture", str(path), fake="disturbed")
    equal(r.code, FAILED)
    equal(r.err, "imsctl: the list kept changing while it was read; it may be "
          "incomplete\n")
    assert json.loads(path.read_text())["vectors"]


@test
def input_is_bad():
    def is_bad(text, reason):
        r = imsctl_with_input(text, "list", "--input", "-", fake="no-socket")
        equal((r.code, r.out, r.err),
              (FAILED, "", f"imsctl: standard input: {reason}\n"))

    is_bad('{"capture": 1,\n"stores": [}',
           "the capture is broken in line 2: unexpected character")
    is_bad("[]", 'this is no capture: it has no member "capture"')
    is_bad('{"capture": 9}',
           "the capture has version 9: only version 1 is known")
    is_bad('{"capture": 1, "stores": [{"id": 1}], "devices": [], '
           '"vectors": []}', 'the capture is broken: "name" of entry 1 of '
           '"stores" is missing')
    fails(FAILED, "imsctl: /: reading a capture: Is a directory\n",
          "list", "--input", "/")
    fails(FAILED, "imsctl: /nonexistent: No such file or directory\n",
          "list", "--input", "/nonexistent")


@test
def input_is_no_way_into_a_configuration():
    """A name that has a line of its own, and more vectors than fit."""
    taken(FILE)
    text = pathlib.Path(FILE).read_text()
    r = imsctl_with_input(text.replace('"name": "wq0"',
                                       '"name": "y\\nlimit 0\\n#"'),
                          "save", "y", "--input", "-")
    equal((r.code, r.out.splitlines()[2]), (DONE, "device y?limit 0?#"))
    r = imsctl_with_input(text.replace('"vectors": 32', '"vectors": 4294967295'),
                          "save", A, "--input", "-")
    equal((r.code, r.out, r.err), (FAILED, "", f"imsctl: device {A}: no "
          "device has 4294967295 vectors\n"))


@test
def input_is_no_friend():
    """What a capture has goes to no terminal as it is, also in errors."""
    taken(FILE)
    capture = json.loads(pathlib.Path(FILE).read_text())
    capture["devices"][0]["name"] = "x\x1b[31mA"
    capture["devices"][2]["name"] = "x\x1b[31mB"
    text = json.dumps(capture)
    r = imsctl_with_input(text, "list", "x", "--input", "-", fake="no-socket")
    equal((r.code, r.out, r.err),
          (NO_OBJECT, "", "imsctl: device x: the name fits several: "
           "x?[31mA, x?[31mB\n"))


@test
def input_finds_nobody():
    taken(FILE)
    fails(NO_OBJECT, "imsctl: device nobody: no such virtual device is open\n",
          "list", "nobody", "--input", FILE)
    fails(NO_OBJECT, "imsctl: store nobody: the capture has no such store\n",
          "show", "--store", "nobody", "--input", FILE)
    fails(NO_OBJECT, f"imsctl: device {A}: vector 99: the capture has no such "
          "vector\n", "show", A, "99", "--input", FILE)
    for verb in "cookie", "affinity", "stats":
        fails(NO_OBJECT, f"imsctl: device {A}: vector 99 is beyond the 32 "
              "declared\n", verb, A, "99", "--input", FILE)


@test
def input_goes_without_changes():
    usage("cookie: set goes without --input", "cookie", "set", A, "1", "5",
          "--input", FILE)
    usage("affinity: clear goes without --input", "affinity", "clear", A, "1",
          "--input", FILE)
    usage("limit: set goes without --input", "limit", "set", A, "5",
          "--input", FILE)
    usage("bypass: set goes without --input", "bypass", "set", A, "on",
          "--input", FILE)
    usage("stats: reset goes without --input", "stats", "reset", A,
          "--input", FILE)
    usage("diff: FILE and --input cannot both be standard input", "diff", A,
          "-", "--input", "-")
    for verb in "trigger", "monitor", "top", "apply":
        usage(f"{verb}: it has no option '--input'", verb, "--input", FILE)
