# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl save, apply, diff"""

import json
import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess
import tempfile

import harness
from harness import *

DIFFERENT = 6
IDLE = ["--idle-timeout", "0.05"]


class File:
    """A configuration file with this text, below a version line."""

    def __init__(self, text="", version="version 1\n"):
        self.directory = tempfile.TemporaryDirectory()
        self.path = f"{self.directory.name}/x.conf"
        pathlib.Path(self.path).write_text(version + text)

    def __enter__(self):
        return self.path

    def __exit__(self, *unused):
        self.directory.cleanup()


def saved(device=A, fake=""):
    r = imsctl("save", device, fake=fake)
    equal((r.code, r.err), (DONE, ""))
    return r.out


def changes(text, *args, fake="", code=DONE):
    """The requests by which a file is applied: checks, and changes."""
    with File(text) as path:
        r = imsctl("apply", *args, path,
                   fake="trace," + fake if fake else "trace")
        equal(r.code, code, r.err)
        lines = [l for l in r.err.splitlines() if not l.startswith("imsctl: ")]
        checks = [l.removesuffix(" validate-only") for l in lines
                  if l.endswith(" validate-only")]
        real = [l for l in lines if not l.endswith(" validate-only")]
        # Everything is checked ahead of the first change.
        equal(lines, [l + " validate-only" for l in checks] + real)
        return checks, real, r


@test
def save_text():
    golden("save.txt", "save", A)
    text = saved("wq0")
    assert "\ndevice wq0\n\n" in text, text
    assert "uuid" not in text, text
    # Emulated vectors have no affinity.
    assert text.endswith("\nvector 0 emulated\n\n"
                         "# CPUs that may get the interrupts.\n"), text
    # Ranges are folded, and all vectors are there.
    assert saved("large", fake="large").endswith(
        "\nvector 0-4999 affinity default\n")
    assert "\nvector 0-4999 cookie default\n" in saved("large", fake="large")
    fits_the_screen(saved(), 28)


@test
def save_json():
    rows = json.loads(golden("save.json", "save", A, "--json"))
    equal(len(rows), 5 + 32 + 31 + 32)
    equal(rows[0]["value"], "64")
    equal(rows[2]["value"], "auto")
    equal([(r["vector"], r["value"]) for r in rows[5:11]],
          [(0, "emulated"), (0, "rate-limit default"), (1, "cookie default"),
           (1, "affinity 0-1"), (1, "rate-limit default"),
           (2, "cookie 0xffffffffffffffff")])
    equal(rows[3]["value"], "0")
    equal(rows[10], {"schema": 1, "device": A, "setting": "vector",
                    "vector": 2, "value": "cookie 0xffffffffffffffff"})


@test
def save_to_a_file():
    with tempfile.TemporaryDirectory() as tmp:
        path = f"{tmp}/a.conf"
        gives("", "save", A, path)
        equal(pathlib.Path(path).read_text(), saved())
        equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        gives("", "save", "wq0", path)
        equal(pathlib.Path(path).read_text(), saved("wq0"))
        equal(os.listdir(tmp), ["a.conf"])
        # What is no regular file is not replaced.
        fails(FAILED, "imsctl: /dev/full: No space left on device\n", "save",
              A, "/dev/full")
        assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
        fails(FAILED, f"imsctl: {tmp}: Is a directory\n", "save", A, tmp)
        fails(FAILED, f"imsctl: {tmp}/no/x: No such file or directory\n",
              "save", A, f"{tmp}/no/x")
        # And nothing is written when it fails.
        equal(imsctl("save", "nobody", path).code, NO_OBJECT)
        equal(pathlib.Path(path).read_text(), saved("wq0"))
    gives(saved(), "save", A, "-")


@test
def save_fails():
    fails(NOT_PERMITTED, f"imsctl: device {A}: seeing cookies needs "
          "CAP_SYS_ADMIN\n", "save", A, fake="user")
    fails(NO_OBJECT, "imsctl: device x: no such virtual device is open\n",
          "save", "x")
    equal(imsctl("save", A, fake="absent").code, UNSUPPORTED)
    equal(imsctl("save", A, fake="no-socket").code, FAILED)
    r = imsctl("save", A, fake="disturbed")
    equal((r.code, r.out), (FAILED, ""))
    usage("save: DEVICE is missing", "save")
    usage("save: unexpected argument 'z'", "save", "x", "y", "z")
    usage("save: --json goes without FILE: it is not read back", "save", "x",
          "y", "-j")


@test
def apply_what_was_saved():
    for device, fake in ((A, ""), ("wq0", ""), (B, ""), ("large", "large")):
        with File(saved(device, fake), version="") as path:
            for args in ([path], [device, path]):
                r = imsctl("apply", *args, fake="trace," + fake)
                equal((r.code, r.out, r.err),
                      (DONE, f"device {device}: nothing to change\n", ""))
            gives("", "diff", device, path, fake=fake)
            gives("[]\n", "diff", device, path, "--json", fake=fake)
    r = imsctl("apply", "-", stdin=saved())
    equal((r.code, r.out), (DONE, f"device {A}: nothing to change\n"))


@test
def apply_sends_differences():
    checks, real, r = changes("limit 32\nreservation 4\n", A)
    equal(real, ["device-set id=1 limit=32"])
    equal(checks, real)
    equal(r.out, f"device {A}: 1 setting changed\n")

    checks, real, r = changes(
        "limit 32 # less\n\n  reservation 5\ndefault-cookie 0x1002\n"
        "vector 1-3,10 cookie 0x2002\nvector 4-9 cookie default\n"
        "vector 0 emulated\n", A)
    equal(real, ["device-set id=1 limit=32 reservation=5 "
                 "default-cookie=0x1002",
                 "vector-set device-id=1 index=1 count=3 cookie=0x2002",
                 "vector-set device-id=1 index=10 cookie=0x2002"])
    equal(checks, real)
    equal(r.out, f"device {A}: 7 settings changed\n")

    # Its own cookie is not the same as the default of the same value, and the
    # one to come counts, not the one in the slot.
    equal(changes("vector 1 cookie 0x1001", A)[1],
          ["vector-set device-id=1 index=1 cookie=0x1001"])
    equal(changes("vector 2-3 cookie default", A)[1],
          ["vector-set device-id=1 index=2 count=2 cookie-clear"])
    equal(changes("vector 2 cookie 0x2002", A)[1],
          ["vector-set device-id=1 index=2 cookie=0x2002"])
    equal(changes("bypass off\nreservation 4\n", A)[1],
          ["device-set id=1 bypass=2"])
    equal(changes("bypass auto\n", A)[1], [])
    equal(changes("rate-limit 500\n", A)[1],
          ["device-set id=1 rate-limit=500"])
    equal(changes("rate-limit 0\n", A)[1], [])
    # Cookie and affinity go together, however the list was written.
    equal(changes("vector 1-2 affinity 1,0,3\nvector 2-3 cookie 5\n"
                  "vector 1 cookie default\n", A)[1],
          ["vector-set device-id=1 index=1 affinity=0-1,3",
           "vector-set device-id=1 index=2 cookie=0x5 affinity=0-1,3",
           "vector-set device-id=1 index=3 cookie=0x5"])
    equal(changes("vector 1 affinity 1,0\n", A)[1], [])
    equal(changes("vector 1-31 affinity default\n", A)[1],
          ["vector-set device-id=1 index=1 affinity="])
    # 0 is the store's size, here and in the kernel.
    equal(changes("limit 0", A)[1], ["device-set id=1 limit=2048"])
    equal(changes("limit 0", B)[1], [])


@test
def apply_to_whom_the_file_says():
    equal(changes("device wq0\ndefault-cookie 1\n")[1],
          ["device-set id=3 default-cookie=0x1"])
    equal(changes(f"device {A}\nuuid {A}\nlimit 7\n", B)[1],
          ["device-set id=5 limit=7"])
    with File("limit 5\n") as path:
        fails(FAILED, f"imsctl: {path}: it names no device, and the command "
              "neither\n", "apply", path)
    with File("device nobody\n") as path:
        fails(NO_OBJECT, "imsctl: device nobody: no such virtual device is "
              "open\n", "apply", path)


@test
def apply_dry_run():
    checks, real, r = changes("limit 32\nvector 1 cookie 5\n", "-n", A)
    equal(checks, ["device-set id=1 limit=32",
                   "vector-set device-id=1 index=1 cookie=0x5"])
    equal(real, [])
    equal(r.out, f"device {A}: 2 settings would be changed\n")


def refused(text, message, *args, code=FAILED, fake=""):
    """Nothing is changed, and that is why."""
    checks, real, r = changes(text, *(args or [A]), code=code, fake=fake)
    equal(real, [])
    equal(r.out, "")
    found = re.sub(r"imsctl: /\S*/x.conf:", "", r.err.splitlines()[-1])
    equal(found, message)


@test
def apply_is_refused_as_a_whole():
    where = f"device {A}:"
    for dry in ([], ["-n"]):
        refused("vector 1 cookie 1\nlimit 5000\n",
                f"3: {where} the limit is above the store's 2048 slots",
                *dry, A)
    refused("limit 32\nreservation 33\n",
            f"3: {where} a reservation of 33 is above the limit of 32")
    refused("reservation 1\nlimit 2\n",
            f"3: {where} 3 slots are in use, more than the limit")
    refused("limit 32\nvector 1 emulated\n",
            f"3: {where} vector 1 is not emulated; that is said by the "
            "device's driver and cannot be changed here")
    refused("limit 32\nvector 0-3 cookie 9\n",
            f"3: {where} vector 0 is emulated and has no cookie; that is said "
            "by the device's driver and cannot be changed here")
    refused("limit 32\nvector 0-3 cookie default\n",
            f"3: {where} vector 0 is emulated and has no cookie; that is said "
            "by the device's driver and cannot be changed here")
    for value in "0", "default":
        refused(f"limit 32\nvector 0 emulated\nvector 0-3 affinity {value}\n",
                f"4: {where} vector 0 is emulated and has no affinity; that is "
                "said by the device's driver and cannot be changed here")
    for text in "cookie 9", "affinity 0":
        refused(f"limit 3\nvector 30-32 {text}\n",
                f"3: {where} vector 32 is beyond the 32 declared",
                code=NO_OBJECT)
    # The line that the kernel blames of those about a vector.
    refused("vector 1 cookie 9\nvector 1 affinity 4-7\n",
            f"3: {where} vector 1: none of these CPUs is online")


@test
def apply_sets_back():
    text = ("limit 32\nreservation 5\ndefault-cookie 2\n"
            "vector 1 cookie 1\nvector 2 cookie default\n"
            "vector 3 cookie 7\nvector 4-5 cookie 8\n"
            "vector 1-2 affinity 2\n")
    want = ["device-set id=1 limit=32 reservation=5 default-cookie=0x2",
            "vector-set device-id=1 index=1 cookie=0x1 affinity=2",
            "vector-set device-id=1 index=2 cookie-clear affinity=2",
            "vector-set device-id=1 index=3 cookie=0x7",
            "vector-set device-id=1 index=4 count=2 cookie=0x8"]
    # Without its own, with another one pending, with its own.
    back = ["device-set id=1 limit=64 reservation=4 default-cookie=0x1001",
            "vector-set device-id=1 index=1 cookie-clear affinity=0-1",
            "vector-set device-id=1 index=2 cookie=0xffffffffffffffff "
            "affinity=",
            "vector-set device-id=1 index=3 cookie=0x3003"]
    lines = [2, 5, 6, 7, 8]
    for n in range(5):
        checks, real, r = changes(text, A, fake=f"fail-change={n + 1}",
                                  code=FAILED)
        equal(checks, want)
        equal(real, want[:n + 1] + back[1:n] + back[:n > 0])
        equal(r.out, "")
        message = r.err.splitlines()[-1 - n]
        vector = f" vector {n}:" if n else ""
        vector = " vectors 4-5:" if n == 4 else vector
        assert message.endswith(f"x.conf:{lines[n]}: device {A}:{vector} "
                                "nothing is left"), r.err
    equal(changes(text, A, fake="fail-change=6")[1], want)


@test
def apply_cannot_set_back():
    checks, real, r = changes("limit 32\nvector 1-2 cookie 1\n"
                              "vector 3 cookie 2\n", A,
                              fake="fail-change=3,keeps-failing", code=FAILED)
    said = [l for l in r.err.splitlines() if l.startswith("imsctl: ")]
    equal(said[1:], [
        *(f"imsctl: could not be set back: device {A}: vector {v}: nothing is "
          "left" for v in (1, 2)),
        f"imsctl: could not be set back: device {A}: nothing is left"])
    equal(len(real), 6)


@test
def wrong_files():
    for text, message in (
            ("frob 1", "2: unknown setting 'frob'"),
            ("limit", "2: 'limit' with 0 values; it has one"),
            ("limit 1 2", "2: 'limit' with 2 values; it has one"),
            ("limit x", "2: 'x' is no number of slots"),
            ("limit -1", "2: '-1' is no number of slots"),
            ("limit 4294967296", "2: '4294967296' is no number of slots"),
            ("\nlimit 1\nlimit 1", "4: limit was set in line 3 already"),
            ("default-cookie x", "2: 'x' is no number such as 0x1001"),
            ("version 1", "2: the version is given twice"),
            ("device a\ndevice a", "3: device is given twice"),
            ("uuid a\nuuid b", "3: uuid is given twice"),
            ("device " + 128 * "x", "2: names have at most 127 bytes"),
            ("vector", "2: 'vector' with 0 values; it has two or three"),
            *((f"vector {rest}", "2: a vector is \"emulated\", or has a "
               "\"cookie\", an \"affinity\" or a \"rate-limit\" and its value or "
               "\"default\"")
              for rest in ("1", "1 frob", "1 cookie", "1 emulated 5",
                           "1 rate-limit", "1 rate-limit 5 6",
                           "1 cookie 1 2", "1 cookie 1 2 3", "1 affinity",
                           "1 affinity 0 cookie 1")),
            *((f"vector 1 affinity {cpus}", f"2: '{cpus}' is neither "
               "\"default\" nor a list of CPUs such as 0-3,8")
              for cpus in ("x", "0-", "3-1", "8192", "0,", "0-3:2", "0x1")),
            ("vector 1 affinity " + ",".join(str(n) for n in range(0, 200, 2)),
             "2: a list of CPUs has at most 255 bytes"),
            ("vector 1 cookie x", "2: 'x' is neither \"default\" nor a number "
             "such as 0x1001"),
            *((f"vector {v} emulated", f"2: '{v}' is no list of vectors such "
               "as 0,3,7-9") for v in ("x", "1,", ",1", "1-", "3-1", "0x1",
                                       "1,,2", "-1", "4294967296")),
            ("vector 65536 emulated", "2: no device has a vector 65536"),
            ("vector 0-4294967295 emulated",
             "2: no device has a vector 4294967295"),
            ("vector 1-3 emulated\nvector 5,3 cookie 1",
             "3: vector 3 was set in line 2 already"),
            ("vector 1-3 affinity 0\nvector 5,3 affinity default",
             "3: the affinity of vector 3 was set in line 2 already"),
            ("limit 1\0", "2: a NUL byte")):
        with File(text) as path:
            for args in (["apply", A], ["diff", A]):
                fails(FAILED, f"imsctl: {path}:{message}\n", *args, path,
                      fake="no-socket")
    for version, message in (
            ("", ": the file must begin with \"version 1\""),
            ("# only this\n", ": the file must begin with \"version 1\""),
            ("limit 5\nversion 1\n",
             ":1: the file must begin with \"version 1\""),
            ("version 2\n", ":1: version 2 is unknown; known is 1"),
            ("version x\n", ":1: 'x' is no version")):
        with File(version=version) as path:
            fails(FAILED, f"imsctl: {path}{message}\n", "diff", A, path)
    for command in "apply", "diff":
        fails(FAILED, "imsctl: /no/file: No such file or directory\n", command,
              A, "/no/file")
        fails(FAILED, "imsctl: /: Is a directory\n", command, A, "/")
        with File("limit 5") as path:
            fails(NOT_PERMITTED, f"imsctl: device {A}: seeing cookies needs "
                  "CAP_SYS_ADMIN\n", command, A, path, fake="user")
            equal(imsctl(command, "nobody", path).code, NO_OBJECT)
            equal(imsctl(command, A, path, fake="absent").code, UNSUPPORTED)
            equal(imsctl(command, A, path, fake="no-socket").code, FAILED)
    with File("vector 1 cookie 5\n") as path:
        r = imsctl("apply", A, path, fake="old")
        equal(r.code, UNSUPPORTED)
        assert f"imsctl: {path}:2: device {A}: vector 1: " in r.err, r.err


@test
def wrong_calls_of_apply_and_diff():
    usage("apply: FILE is missing", "apply")
    usage("apply: unexpected argument 'z'", "apply", "x", "y", "z")
    usage("apply: it has no option '--json'", "apply", "x", "--json")
    usage("apply: --idle-timeout is for --watch", "apply", "x", *IDLE)
    usage("apply: --watch takes the files of DIR: leave out 'x'", "apply",
          "--watch", "/", "x")
    usage("apply: --watch goes without --dry-run", "apply", "--watch", "/",
          "-n")
    usage("apply: --idle-timeout: 'x' is no number of seconds", "apply",
          "--watch", "/", "--idle-timeout", "x")
    usage("diff: FILE is missing", "diff", "x")
    usage("diff: DEVICE is missing", "diff")
    usage("diff: unexpected argument 'z'", "diff", "x", "y", "z")


@test
def diff_text():
    with File("limit 32\nreservation 4\ndefault-cookie 7\nvector 0-2 emulated\n"
              "vector 3 cookie 0x3003\nvector 4-20 cookie 5\n"
              "vector 30 cookie default\nvector 0 affinity 3\n"
              "vector 1-3 affinity default\nvector 4-5 affinity 2-3\n") as path:
        r = imsctl("diff", A, path)
        equal((r.code, r.err), (DIFFERENT, ""))
        equal(r.out, f"""\
--- {path}
+++ device {A}
-limit 32
+limit 64
-default-cookie 0x7
+default-cookie 0x1001
-vector 1 emulated
+vector 1 cookie default
-vector 2 emulated
+vector 2 cookie 0xffffffffffffffff
-vector 4-20 cookie 0x5
+vector 4-20 cookie default
-vector 0 affinity 3
-vector 1 affinity default
+vector 1 affinity 0-1
-vector 4-5 affinity 2-3
+vector 4-5 affinity default
""")
        r = imsctl("diff", A, path, "--json")
        equal((r.code, r.err), (DIFFERENT, ""))
        rows = json.loads(r.out)
        equal(len(rows), 2 + 2 + 17 + 4)
        equal(rows[2], {"schema": 1, "device": A, "setting": "vector",
                        "vector": 0, "file_value": "affinity 3",
                        "device_value": None})
        equal(rows[3], {"schema": 1, "device": A, "setting": "vector",
                        "vector": 1, "file_value": "emulated",
                        "device_value": "cookie default"})
    with File("vector 32 cookie 1\n") as path:
        fails(NO_OBJECT, f"imsctl: {path}:2: device {A}: vector 32 is beyond "
              "the 32 declared\n", "diff", A, path)
    with File() as path:
        gives("", "diff", A, path)
    with File("limit 5") as path, open("/dev/full", "w") as full:
        equal(imsctl("diff", A, path, stdout=full).code, FAILED)


# ---- apply --watch -----------------------------------------------------------

def watched(files, fake=""):
    with tempfile.TemporaryDirectory() as tmp:
        for name, text in files.items():
            pathlib.Path(tmp, name).write_text(text)
        r = imsctl("apply", "--watch", tmp, *IDLE,
                   fake="trace," + fake if fake else "trace")
        equal(r.code, DONE, r.err)
        return (r.out.replace(tmp, "DIR"), r.err.replace(tmp, "DIR"))


@test
def watch_configures_what_is_opened():
    files = {f"{A}.conf": "version 1\nlimit 32\n",
             f"{B}.conf": "version 1\nlimit 7\nvector 3 cookie 1\n",
             "nobody.conf": "version 9\n", "wq0": "version 9\n"}
    # With "events", devices are told of several times; "overrun": once more.
    for fake in "", "events", "overrun":
        out, err = watched(files, fake)
        equal(sorted(out.splitlines()), [
            f"device {A}: DIR/{A}.conf: 1 setting changed",
            f"device {B}: DIR/{B}.conf: 2 settings changed"])
        equal(sorted(l for l in err.splitlines() if "validate" not in l), [
            "device-set id=1 limit=32", "device-set id=5 limit=7",
            "vector-set device-id=5 index=3 cookie=0x1"])


@test
def watch_ends_by_a_signal():
    """And by nothing else."""
    with tempfile.TemporaryDirectory() as tmp:
        pathlib.Path(tmp, f"{A}.conf").write_text("version 1\nlimit 32\n")
        out, err = ended_by_signal(signal.SIGTERM, "apply", "--watch", tmp,
                                   until="1 setting changed")
        equal((out.count("\n"), err), (1, ""))


@test
def watch_stays_in_its_directory():
    """Whatever a device is called."""
    with tempfile.TemporaryDirectory() as tmp:
        pathlib.Path(tmp, "x.conf").write_text("version 1\nlimit 5\n")
        for name in ("dir", "dir/sub"):
            pathlib.Path(tmp, name).mkdir()
            pathlib.Path(tmp, name, "x.conf").write_text("version 1\nlimit 5\n")
        for name in ("../x", "sub/x", "sub/../../x", f"{tmp}/x"):
            r = imsctl("apply", "--watch", f"{tmp}/dir", *IDLE,
                       fake=f"trace,name={name}")
            equal((r.code, r.out, r.err), (DONE, "", ""), name)
        r = imsctl("apply", "--watch", f"{tmp}/dir", *IDLE, fake="name=x")
        assert r.out.endswith("/dir/x.conf: 1 setting changed\n"), r.out


@test
def watch_goes_on_after_errors():
    out, err = watched({f"{A}.conf": "version 1\nfrob\n",
                        "wq0.conf": "version 1\nlimit 99\n",
                        f"{B}.conf": f"version 1\nlimit 0\n"})
    equal(out, f"device {B}: DIR/{B}.conf: 0 settings changed\n")
    equal([l for l in err.splitlines() if l.startswith("imsctl")], [
        f"imsctl: DIR/{A}.conf:2: unknown setting 'frob'",
        "imsctl: DIR/wq0.conf:2: device wq0: the limit is above the store's "
        "64 slots"])


@test
def watch_fails():
    fails(FAILED, "imsctl: /no/dir: No such file or directory\n", "apply",
          "--watch", "/no/dir")
    fails(NOT_PERMITTED, "imsctl: changing devices needs "
          "CAP_SYS_ADMIN in the initial user namespace\n",
          "apply", "--watch", "/", *IDLE, fake="user")
    equal(imsctl("apply", "--watch", "/", fake="absent").code, UNSUPPORTED)


@test
def watch_as_a_service():
    if not shutil.which("systemd-analyze"):
        return "no systemd-analyze"
    text = (harness.build / "cli/imsctl-apply.service").read_text()
    program = re.search(r"^ExecStart=(\S+) (.*)", text, re.M)
    equal(program[2], "apply --watch /etc/ims")
    with tempfile.TemporaryDirectory() as tmp:
        unit = pathlib.Path(tmp, "imsctl-apply.service")

        def verify(text):
            unit.write_text(text.replace(program[1], "/bin/true"))
            p = subprocess.run(["systemd-analyze", "verify", "--man=no", unit],
                               stdout=subprocess.PIPE, text=True,
                               stderr=subprocess.STDOUT)
            return p.returncode, [l for l in p.stdout.splitlines()
                                  if "imsctl-apply" in l]

        equal(verify(text), (0, []))
        assert verify(text.replace("Restart=", "Restrat="))[1]


@test
def affinity_of_nobody_is_not_saved():
    # Not from a kernel: that it is the vector's own, and not what it is.
    capture = (harness.GOLDEN / "capture.txt").read_text()
    changed = capture.replace('"affinity": "0-1", ', "")
    assert changed != capture and '"affinity-own": true' in changed
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(changed)
        file.flush()
        found = imsctl("save", A, "--input", file.name)
        equal(found.code, DONE)
        assert "cookie" in found.out and "affinity 0-1" not in found.out
