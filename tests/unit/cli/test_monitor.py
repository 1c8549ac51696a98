# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl monitor"""

import json
import subprocess

import harness
from harness import *

IDLE = ["--idle-timeout", "0.5"]


def lines(*args, fake="events"):
    r = imsctl("monitor", *IDLE, *args, fake=fake)
    equal((r.code, r.err), (DONE, ""))
    return r.out.splitlines()


def words(found):
    """The event of each line of text."""
    return [line.split()[1] for line in found]


SYNC = ["store-sync"] * 2 + ["device-sync"] * 3 + ["vector-sync"] * 7 \
    + ["synced"]


@test
def monitor():
    golden("monitor.txt", "monitor", *IDLE, fake="events")
    equal(lines(fake=""), [])


@test
def monitor_json():
    out = golden("monitor.jsonl", "monitor", *IDLE, "--json", fake="events")
    events = [json.loads(line) for line in out.splitlines()]
    equal([e["event"] for e in events], words(lines()))
    stores = json.loads(imsctl("list", "--stores", "--json").out)
    devices = json.loads(imsctl("list", "--json").out)
    vector = json.loads(imsctl("list", A, "--json").out)[0]
    keys = {"store": list(stores[0]), "device": list(devices[0]),
            "vector": list(vector)}
    for e in events:
        equal(list(e)[:5], ["schema", "time_ns", "event", "changes", "object"])
        equal(e["changes"], None)
        if e["object"] in keys:
            equal(list(e)[5:], keys[e["object"]][1:])
    # What list has, and nothing else.
    for e in events:
        if e["object"] == "device":
            assert {k: e[k] for k in devices[0]} in devices


@test
def monitor_sync():
    equal(words(lines("--sync", fake="")), SYNC)
    equal(words(lines("--sync")), SYNC + words(lines()))


@test
def monitor_changes():
    """What was before and what is now, by what it was told at the start."""
    golden("monitor-changes.txt", "monitor", *IDLE, fake="changes")
    events = [json.loads(line) for line in lines("--json", fake="changes")]
    equal([e["event"] for e in events], words(lines(fake="changes")))
    for e, line in zip(events, lines(fake="changes")):
        if e["event"].endswith("change") and e["changes"]:
            assert line.endswith(" " + e["changes"]), (line, e["changes"])
    # The first state is told only to whom wants it, and known in any case.
    equal(lines("--sync", fake="changes")[13:], lines(fake="changes"))


@test
def monitor_of_a_device():
    everything = lines("--sync")
    equal(lines("--sync", f"{A[:8]}..1001"), lines("--sync", A))
    equal(lines("--sync", "00:05.0"), lines("--sync", "0000:00:05.0"))
    for name in (A, A[:-1], "wq0", "w"):
        equal(lines("--sync", name),
              [line for line in everything
               if line.split()[1] == "synced" or
               line.split()[2].startswith(name)])
    # What is on a parent: its store, its devices, their vectors and alerts.
    equal(lines("--sync", "0000:00:05.0"),
          [line for line in everything if line.split()[1] == "synced" or
           line.split()[2] in ("wq0", "0000:00:05.0")])
    equal(lines("nobody"), [])
    # Events of others are none that happened, and that some were lost is told.
    equal(len(lines("--count", "2", A)), 2)
    equal(words(lines("nobody", fake="overrun")), ["overrun", "synced"])


@test
def monitor_of_a_kind():
    everything = lines()
    equal(words(lines("--event", "alert")), ["alert"] * 3)
    equal(lines("--event", "store-change,vector"),
          [line for line in everything if line.split()[1] == "store-change"
           or line.split()[1].startswith("vector")])
    equal(words(lines("--event", "vector-reset,store-reset", fake="changes")),
          ["vector-reset", "store-reset", "store-reset"])
    equal(words(lines("--event", "vector-change", A, fake="changes")),
          ["vector-change"] * 4)


@test
def monitor_overrun():
    equal(words(lines(fake="overrun")), ["overrun"] + SYNC)
    last = json.loads(lines("--json", fake="overrun")[-1])
    equal(last, {"schema": 1, "time_ns": 90000000000, "event": "synced",
                 "changes": None, "object": None})


@test
def monitor_goes_on_after_a_reload():
    equal(words(lines(fake="reload")), ["gone", "back"] + SYNC)


@test
def monitor_goes_on_after_nonsense():
    r = imsctl("monitor", *IDLE, fake="nonsense")
    equal(r.code, DONE)
    equal(words(r.out.splitlines()), ["overrun"] + SYNC)
    equal(r.err,
          "imsctl: the kernel's reply lacks the attribute \"id\"\n")


@test
def monitor_banner():
    equal(words(lines("--banner", fake="")), ["listening"])
    equal(words(lines("--banner", "--sync", fake=""))[:2],
          ["listening", "store-sync"])
    equal(json.loads(lines("--banner", "--json", fake="")[0])["event"],
          "listening")


@test
def monitor_count():
    everything = lines("--sync")
    for count in (1, 2, 13, 14, 24):
        equal(lines("--sync", "--count", str(count)), everything[:count])
    equal(lines("--sync", "--count", "25"), everything)
    # The banner is no event.
    equal(words(lines("--banner", "--count", "1")),
          ["listening", "store-create"])
    # Without a limit of time there is nothing to wait for, either.
    r = imsctl("monitor", "--count=3", fake="events")
    equal((r.code, len(r.out.splitlines())), (DONE, 3))


@test
def monitor_defuses_terminal_escapes():
    for option in ([], ["--json"]):
        out = "\n".join(lines(*option, "--sync"))
        assert "\x1b" not in out
        assert "a?[31m" in out or "a\\u001b[31m" in out


@test
def monitor_for_everybody():
    """The same events, without cookies."""
    found = lines(fake="events,user")
    equal(words(found), words(lines()))
    equal([line for line in found if "cookie" in line], [])
    for line in lines("--json", fake="events,user"):
        event = json.loads(line)
        for key in ("default_cookie", "cookie", "pending_cookie"):
            equal(event.get(key), None)


@test
def monitor_fails():
    fails(UNSUPPORTED, "imsctl: the kernel module vfio_pci_ims is not loaded; "
          "try \"modprobe vfio_pci_ims\"\n", "monitor", fake="absent")
    equal(imsctl("monitor", fake="no-socket").code, FAILED)


@test
def monitor_stops_when_nobody_reads():
    with open("/dev/full", "w") as full:
        r = imsctl("monitor", "--sync", fake="events", stdout=full)
    equal(r.code, FAILED)
    equal(r.err, "imsctl: standard output: write error\n")
    p = subprocess.run(
        ["sh", "-c", f"IMS_FAKE=events '{harness.build}/tests/unit/imsctl_fake'"
         " monitor --idle-timeout 1 | head -n 1"], stdout=subprocess.PIPE)
    equal(p.stdout.decode().split()[1], "store-create")


@test
def wrong_calls_of_monitor():
    usage("monitor: unexpected argument 'y'", "monitor", "x", "y")
    usage("monitor: the device's name is empty", "monitor", "")
    usage("monitor: --vm: a value is empty", "monitor", "--vm", "a,")
    usage("monitor: --event: 'x' is none of store, device, vector, alert, "
          "store-reset, vector-reset, store-create, store-delete, "
          "store-change, store-sync, device-create, device-delete, "
          "device-change, device-sync, vector-create, vector-change, "
          "vector-sync", "monitor", "--event", "alert,x")
    for count in ("", "0", "-1", "x", "1.5", "18446744073709551616"):
        usage(f"monitor: --count: '{count}' is no number of events", "monitor",
              "--count", count)
    for seconds in ("", "x", "-1", "1.", ".5", "1.5s", "1,5", "1.0000", "2147483",
                    "99999999999"):
        usage(f"monitor: --idle-timeout: '{seconds}' is no number of seconds",
              "monitor", "--idle-timeout", seconds)
    usage("monitor: it has no option '--output'", "monitor", "-o", "x")
