# SPDX-License-Identifier: GPL-2.0-or-later
"""No memory: each allocation of imsctl and of libims fails in turn"""

import fcntl
import os
import pty
import struct
import subprocess
import tempfile
import termios

import harness
from harness import *


def screen(number):
    """imsctl top with keys and a screen: its exit status and standard error."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    p = subprocess.Popen([harness.build / "tests/unit/imsctl_fake", "top",
                          "--count", "2", "--interval", "0.01"],
                         env={**os.environ, "TERM": "xterm",
                              "LC_ALL": "C.UTF-8",
                              "IMS_FAKE": f"busy,no-memory={number}"},
                         stdin=theirs, stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    try:
        while os.read(ours, 65536):
            pass
    except OSError:  # the other side is closed
        pass
    os.close(ours)
    err = p.stderr.read().decode()
    p.stderr.close()
    return p.wait(), err


def each_fails(*args, least, fake="", stdin=None):
    """Says so and gives up, with nothing left behind that sanitizers see."""
    number = 0
    while True:
        # Of many, which are of rows that are alike, not every one.
        number += 1 + number // 20
        r = imsctl(*args, fake=",".join(filter(None, [
            fake, f"no-memory={number}"])), stdin=stdin)
        if "memory is left" in r.err:
            break
        equal(r.code, FAILED, f"exit status of {args}, allocation {number}: "
              f"{r.out} {r.err}")
        assert "memory" in r.err, (args, number, r.err)
    assert number > least, f"{args}: {number - 1} allocations"


@test
def no_memory_to_look():
    each_fails("list", least=2)
    each_fails("list", "--vectors", "--state=absent,live", least=4)
    each_fails("show", A, "31", least=2)
    each_fails("stats", A, "0,3-4", least=4)
    each_fails("save", A, least=4)
    each_fails("save", A, "--json", least=4)
    for rows in [], ["--by", "device"]:
        each_fails("top", *rows, "--count", "2", "--interval", "0.01",
                   "--plain", least=20, fake="busy")


@test
def no_memory_for_the_screen():
    whole_names = 0
    for number in range(1, 1000):
        code, err = screen(number)
        if code == DONE and not err:
            # Names are not made short, which is no failure.
            whole_names += 1
            continue
        if "memory is left" in err:
            break
        equal(code, FAILED, f"exit status of allocation {number}: {err}")
        assert "memory" in err, (number, err)
    equal((code, err), (DONE, "memory is left\n"))
    equal(whole_names, 2)
    assert number > 20, f"{number - 1} allocations"


@test
def no_memory_to_change():
    each_fails("trigger", A, "0,2", least=4)
    each_fails("cookie", "set", A, "all", "1", least=5)
    each_fails("cookie", "set", A, "default", "1", least=3)
    each_fails("affinity", "set", A, "1", "0", least=4)
    each_fails("stats", "reset", A, "1,3", least=3)
    with host_files({"/sys/devices/system/cpu/online": "0-3\n"}):
        each_fails("affinity", "spread", A, least=5)
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("version 1\nlimit 32\nvector 1-2 affinity 2\n"
                   "vector 3 cookie 7\nvector 3 rate-limit 5\n")
        file.flush()
        each_fails("apply", A, file.name, least=8)
    each_fails("--batch", "-", least=3, stdin="list\nshow wq0\n")


@test
def no_memory_to_report():
    """What is wrong is still known by the exit status."""
    for number in range(1, 4):
        r = imsctl("list", "nobody", fake=f"no-memory={number}")
        equal(r.out, "")
        assert r.err.startswith("imsctl: "), r.err
        assert r.code in (FAILED, NO_OBJECT), r.code
    r = imsctl("list", "-o", "frob", fake="no-memory=1")
    equal((r.code, r.err), (USAGE, "imsctl: list: out of memory\n"
                            'Try "imsctl list --help".\n'))
