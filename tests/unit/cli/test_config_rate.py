# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl save, apply, diff: limits of the rate of vectors"""

import json

from harness import *
from test_config import DIFFERENT, File, changes, refused, saved

RESTRAIN = "vector-restrain device-id=1 index="


def applied(text, fake):
    """The changes, of a file as it is."""
    with File(text, version="") as path:
        r = imsctl("apply", path, fake=f"trace,{fake}")
        equal(r.code, DONE, r.err)
        return [l for l in r.err.splitlines() if "validate-only" not in l]


@test
def save_rates():
    text = saved(A, "restrained")
    assert ("\nrate-limit 20000\nvector 0 rate-limit default\n"
            "vector 1 rate-limit 5000\nvector 2-31 rate-limit default\n"
            in text), text
    # What is held against a storm is no configuration.
    assert "quiet" not in text, text
    equal(applied(text, "restrained"), [])
    with File(text, version="") as path:
        gives("", "diff", A, path, fake="restrained")
    # Where there is none, the file's are set; where there are, they are taken away.
    equal(applied(text, ""), ["device-set id=1 rate-limit=20000",
                              RESTRAIN + "1 rate-limit=5000"])
    equal(applied(saved(), "restrained"), ["device-set id=1 rate-limit=0",
                                           RESTRAIN + "1 rate-limit=0"])
    rows = json.loads(imsctl("save", A, "-j", fake="restrained").out)
    equal([r["value"] for r in rows if r["vector"] == 1],
          ["cookie default", "affinity 0-1", "rate-limit 5000"])
    equal([r["value"] for r in rows if r["vector"] == 0],
          ["emulated", "rate-limit default"])


@test
def apply_rates():
    # Emulated vectors may be limited, too, and those that were not used yet.
    checks, real, r = changes("vector 0-2,30 rate-limit 500\n"
                              "vector 3 rate-limit 1000000\n"
                              "vector 4-9 rate-limit default\n", A)
    equal(real, [RESTRAIN + "0 count=3 rate-limit=500",
                 RESTRAIN + "3 rate-limit=1000000",
                 RESTRAIN + "30 rate-limit=500"])
    equal(checks, real)
    equal(r.out, f"device {A}: 5 settings changed\n")
    # It is no part of the request that has cookie and affinity.
    equal(changes("vector 1-2 cookie 7\nvector 1 rate-limit 7\n"
                  "vector 2 rate-limit 8\nvector 2 affinity 0\nlimit 32\n", A)[1],
          ["device-set id=1 limit=32",
           "vector-set device-id=1 index=1 cookie=0x7",
           "vector-set device-id=1 index=2 cookie=0x7 affinity=0",
           RESTRAIN + "1 rate-limit=7", RESTRAIN + "2 rate-limit=8"])
    # The device's is not a vector's own, though the number is the same.
    equal(changes("vector 1-2 rate-limit 20000\n", A, fake="restrained")[1],
          [RESTRAIN + "1 count=2 rate-limit=20000"])
    equal(changes("vector 1-2 rate-limit default\n", A, fake="restrained")[1],
          [RESTRAIN + "1 rate-limit=0"])
    equal(changes("vector 1 rate-limit 5000\n", A, fake="restrained")[1], [])
    refused("limit 32\nvector 31-32 rate-limit 5\n",
            f"3: device {A}: vector 32 is beyond the 32 declared",
            code=NO_OBJECT)
    with File("vector 1 rate-limit 5\n") as path:
        r = imsctl("apply", A, path, fake="old")
        equal(r.code, UNSUPPORTED)
        assert f"imsctl: {path}:2: device {A}: vector 1: " in r.err, r.err


@test
def apply_sets_rates_back():
    text = ("limit 32\nvector 1 cookie 1\nvector 3 cookie 7\n"
            "vector 0-2 rate-limit 500\nvector 3 rate-limit 700\n")
    want = ["device-set id=1 limit=32",
            "vector-set device-id=1 index=1 cookie=0x1",
            "vector-set device-id=1 index=3 cookie=0x7",
            RESTRAIN + "0 count=3 rate-limit=500",
            RESTRAIN + "3 rate-limit=700"]
    cookies = ["vector-set device-id=1 index=1 cookie-clear",
               "vector-set device-id=1 index=3 cookie=0x3003"]
    # As they were: vector 1 has its own.
    rates = [RESTRAIN + "0 rate-limit=0", RESTRAIN + "1 rate-limit=5000",
             RESTRAIN + "2 rate-limit=0"]
    device = ["device-set id=1 limit=64"]
    back = [[], device, cookies[:1] + device, cookies + device,
            rates + cookies + device]
    lines = [2, 3, 4, 5, 6]
    for n in range(5):
        checks, real, r = changes(text, A, code=FAILED,
                                  fake=f"restrained,fail-change={n + 1}")
        equal(checks, want)
        equal(real, want[:n + 1] + back[n])
        equal(r.out, "")
        assert f"x.conf:{lines[n]}: device {A}:" in r.err, r.err
    equal(changes(text, A, fake="restrained,fail-change=6")[1], want)


@test
def cannot_set_rates_back():
    checks, real, r = changes("limit 32\nvector 1-2 rate-limit 7\n"
                              "vector 3 rate-limit 8\n", A, code=FAILED,
                              fake="restrained,fail-change=3,keeps-failing")
    said = [l for l in r.err.splitlines() if l.startswith("imsctl: ")]
    equal(said[1:], [
        *(f"imsctl: could not be set back: device {A}: vector {v}: nothing is "
          "left" for v in (1, 2)),
        f"imsctl: could not be set back: device {A}: nothing is left"])
    equal(len(real), 6)
    # Those that were alike are tried once, too.
    checks, real, r = changes("vector 1-2 rate-limit 7\nvector 3 rate-limit 8\n",
                              A, code=FAILED, fake="fail-change=2,keeps-failing")
    equal(real, [RESTRAIN + "1 count=2 rate-limit=7", RESTRAIN + "3 rate-limit=8",
                 RESTRAIN + "1 count=2 rate-limit=0"])
    equal(r.err.count("could not be set back"), 1)


@test
def diff_rates():
    with File("rate-limit 20000\nvector 0-3 rate-limit 5000\n"
              "vector 4-6 rate-limit default\n") as path:
        r = imsctl("diff", A, path, fake="restrained")
        equal((r.code, r.err), (DIFFERENT, ""))
        equal(r.out, f"--- {path}\n+++ device {A}\n"
              "-vector 0 rate-limit 5000\n+vector 0 rate-limit default\n"
              "-vector 2-3 rate-limit 5000\n+vector 2-3 rate-limit default\n")
        rows = json.loads(imsctl("diff", A, path, "-j", fake="restrained").out)
        equal([(r["setting"], r["vector"], r["file_value"], r["device_value"])
               for r in rows],
              [("vector", v, "rate-limit 5000", "rate-limit default")
               for v in (0, 2, 3)])


@test
def wrong_rates():
    numbers = ("is neither \"default\" nor a number of interrupts a second from "
               "1 to 1000000")
    for text, message in (
            *((f"vector 1 rate-limit {rate}", f"2: '{rate}' {numbers}")
              for rate in ("0", "x", "-1", "1000001", "4294967296", "1.5")),
            ("vector 1-3 rate-limit 5\nvector 5,3 rate-limit default",
             "3: the rate limit of vector 3 was set in line 2 already"),
            *((f"rate-limit {rate}", f"2: '{rate}' is no number of interrupts "
               "a second from 0 to 1000000") for rate in ("x", "1000001"))):
        with File(text) as path:
            for command in "apply", "diff":
                fails(FAILED, f"imsctl: {path}:{message}\n", command, A, path,
                      fake="no-socket")
