# SPDX-License-Identifier: GPL-2.0-or-later
"""No memory: each allocation of imsctl and of libims fails in turn"""

import tempfile

from harness import *


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
                   "vector 3 cookie 7\n")
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
