# SPDX-License-Identifier: GPL-2.0-or-later
"""What drivers withhold: held vectors, refused requests, suspended stores"""

import json
import pathlib
import tempfile

from harness import *
from test_doctor import findings, host

STORE = "0000:00:04.0"


def rows(*args):
    r = imsctl("list", "--json", *args, fake="held")
    equal((r.code, r.err), (DONE, ""))
    return json.loads(r.out)


def numbers(*args):
    return [(v["device"], v["vector"]) for v in rows(*args)]


@test
def held_in_tables():
    aligned(golden("held-vectors.txt", "list", "--vectors", "-o",
                   "vector,state,slot,handle,cookie,prepared,revoked,"
                   "revocations,flags", fake="held"))
    aligned(golden("held-devices.txt", "list", "-o",
                   "id,live,held,on_hold,refused,refused_vector,"
                   "refused_error,refused_kind,refused-last", fake="held"))
    golden("held-device.txt", "show", A, fake="held")
    golden("held-vector.txt", "show", B, "1", fake="held")
    golden("held-store.txt", "show", "--store", STORE, fake="held")


@test
def refusals_in_a_sentence():
    def last(*args, fake):
        return imsctl("show", *args, fake=fake).out.splitlines()[-1]

    sentence = "3 requests refused; the last 8.7s ago: vector 7, ENOSPC, store-full"
    equal(last(A, fake="held"), sentence)
    equal(last(B, fake="held"),
          "1 request refused, 30.0s ago: vector 2, EBADF")
    # Vector 1 is live; 2 as well, but its next cookie waits.
    equal(last(A, fake="held,refused-vector=1"),
          sentence.replace("vector 7", "vector 1") +
          "; that vector is live now")
    equal(last(A, fake="held,refused-vector=2"),
          sentence.replace("vector 7", "vector 2"))
    equal(last(A, "2", fake=""), "1 attempt to make it live or change its "
          "cookie failed")
    # Only there, and only when there is something to say.
    for args in (["-o", "name"], ["--json"]):
        assert "refused;" not in imsctl("show", A, *args, fake="held").out
    for args in ([A], [A, "1"]):
        assert last(*args, fake="").split()[0] in ("gone", "vm")


@test
def held_needs_no_room():
    """The usual tables are as wide as ever."""
    for args in ([], [A], ["--vectors"], ["--stores"]):
        equal(imsctl("list", *args, fake="held").out.splitlines()[0].split(),
              imsctl("list", *args).out.splitlines()[0].split())


@test
def held_is_a_state():
    equal(numbers("--vectors", "--state", "held"), [(B, 0), (B, 1)])
    equal(numbers(B, "--state=held,idle"), [(B, 0), (B, 1), (B, 2)])
    equal(numbers(B, "--state", "live"), [])
    equal(numbers(A, "--state", "held"), [])
    # The kernel filters, if there is one state to filter by.
    equal(imsctl("list", B, "--state", "held", fake="held,count").err,
          "dump device-get\ndump vector-get\n")


@test
def held_in_json():
    one, two, three = rows(B)
    equal([v["state"] for v in (one, two, three)], ["held", "held", "idle"])
    equal((two["slot"], two["handle"], two["revoked"], two["revocations"]),
          (None, None, True, 3))
    equal((three["prepared"], three["revoked"]), (True, False))
    equal([(v["slot"], v["handle"]) for v in rows(A)][-1], (9, 521))
    equal([v["handle"] for v in rows(A)][1:3], [0, 7])
    keys = ("held", "on_hold", "refused", "refused_vector", "refused_error",
            "refused_kind", "refused_last_ns")
    equal([tuple(d[k] for k in keys) for d in rows()],
          [(0, False, 3, 7, "ENOSPC", "store-full", 81235000000),
           (0, False, 0, None, None, None, None),
           (2, True, 1, 2, "EBADF", None, 60000000000)])
    equal([s["suspended"] for s in rows("--stores")], [True, False])
    absent = json.loads(imsctl("show", A, "31", "--json").out)[0]
    equal([absent[k] for k in ("handle", "prepared", "revoked",
                               "revocations")], [None] * 4)


@test
def held_in_colors():
    out = imsctl("list", B, "--color=always", fake="held").out
    equal(colored(out, YELLOW, "held"), 2)
    assert GREEN not in out
    out = imsctl("show", B, "--color=always", fake="held").out
    equal((colored(out, YELLOW, "2"), colored(out, YELLOW, "yes")), (1, 1))
    out = imsctl("show", "--store", STORE, "--color=always", fake="held").out
    equal(colored(out, YELLOW, "yes"), 1)
    out = imsctl("top", B, "--count=1", "--interval=0.05", "-o", "+state",
                 "--color=always", fake="held").out
    equal(colored(out, YELLOW, "held"), 2)


@test
def held_in_top():
    out = imsctl("top", "--count=1", "--interval=0.05", "--by=device", "--json",
                 "-o", "device,used,live,held,slots", fake="held").out
    frame = json.loads(out)
    equal({d["device"]: (d["used"], d["live"], d["held"], d["slots"])
           for d in frame["devices"]},
          {A: (6, 4, 0, 4), B: (3, 0, 2, 0), "wq0": (1, 1, 0, 0)})


@test
def held_in_metrics():
    lines = imsctl("metrics", fake="held").out.splitlines()
    labels = f'{{device="{B}",store="{STORE}"}}'
    for name, value in (("held", 2), ("on_hold", 1), ("refused_total", 1),
                        ("revocations_total", 3), ("live", 0)):
        assert f"ims_device_{name}{labels} {value}" in lines, name
    assert f'ims_store_suspended{{store="{STORE}"}} 1' in lines
    assert 'ims_store_suspended{store="0000:00:05.0"} 0' in lines
    # Which vector was the last one's is no label: there would be many.
    for line in lines:
        assert "ENOSPC" not in line or "vector=" not in line, line


@test
def held_in_events():
    out = imsctl("monitor", "--idle-timeout", "0.1", "--sync",
                 fake="held,events").out
    devices = [line for line in out.splitlines() if " device-c" in line]
    equal(["on_hold=yes" in line for line in devices], [True, False])
    stores = [line for line in out.splitlines() if f"store-sync {STORE}"
              in line]
    equal(["suspended=yes" in line for line in stores], [True])


@test
def held_is_captured():
    with tempfile.TemporaryDirectory() as tmp:
        path = str(pathlib.Path(tmp) / "capture.json")
        gives("", "capture", path, fake="held")
        for args in (["list", "--json"], ["list", "--vectors", "--json"],
                     ["list", "--stores", "--json"],
                     ["list", A, "--state", "held"], ["metrics"]):
            then = imsctl(*args, "--input", path, fake="no-socket")
            equal((then.out, then.err), (imsctl(*args, fake="held").out, ""))


@test
def held_ones_can_be_triggered():
    equal(requests("trigger", B, "0-1", fake="held"),
          ["trigger device-id=5 index=0 count=2"])
    fails(FAILED, f"imsctl: device {B}: vector 0 has no Linux "
          "interrupt\n", "trigger", B, "0", "--interrupt", fake="held")
    fails(FAILED, f"imsctl: device {B}: vector 2 has no trigger\n",
          "trigger", B, "2", fake="held")


@test
def held_has_a_diagnosis():
    found = findings(host(), "healthy,held")
    bad = [(f["check"], f["state"], f["message"], f["remedy"]) for f in found
           if f["state"] != "ok"]
    equal(bad, [
        ("device-refusals", "warning", f"device {A}: 3 requests refused; "
         "the last 8.7s ago: vector 7, ENOSPC, store-full: the store has "
         "no slot left for it",
         "imsctl limit set --store: raise the limit of the store, or close a "
         "device"),
        ("device-refusals", "warning", f"device {B}: 1 request refused, "
         "30.0s ago: vector 2, EBADF", f"imsctl show {B}; dmesg"),
        ("vector-held", "warning", f"device {B}, held by its driver: vectors "
         "that get no slot: 2, the first is 0",
         f"imsctl list {B} --state held; its driver has to arm them"),
    ])


@test
def cookies_of_a_driver():
    """Whose they are is said, and nothing is tried a second time."""
    text = "the cookies of this device are its driver's"
    for rest in ([], ["-n"], ["--now"]):
        for action, values in (("set", ["1"]), ("clear", [])):
            fails(UNSUPPORTED, f"imsctl: device {A}: vector 3: {text}\n",
                  "cookie", action, A, "3", *values, *rest,
                  fake="keeps-cookies")
    for rest in ([], ["-n"]):
        fails(UNSUPPORTED, f"imsctl: device {A}: {text}\n", "cookie", "set",
              A, "default", "1", *rest, fake="keeps-cookies")
    # They can be seen.
    equal(imsctl("cookie", "get", A, fake="keeps-cookies").out,
          imsctl("cookie", "get", A).out)
    # What was saved can be applied as long as it does not differ.
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(imsctl("save", A, fake="keeps-cookies").out)
        file.flush()
        gives(f"device {A}: nothing to change\n", "apply", A, file.name,
              fake="keeps-cookies")


@test
def cookies_that_are_too_large():
    text = "the hardware cannot hold this cookie"
    for rest in ([], ["-n"]):
        fails(FAILED, f"imsctl: device {A}: vector 3: {text}\n", "cookie",
              "set", A, "3", "0x100000", *rest, fake="short-cookies")
        fails(FAILED, f"imsctl: device {A}: {text}\n", "cookie", "set", A,
              "default", "0x100000", *rest, fake="short-cookies")
        gives("", "cookie", "set", A, "3", "0xfffff", *rest,
              fake="short-cookies")
