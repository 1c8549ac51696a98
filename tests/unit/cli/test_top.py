# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl top"""

import json
import os
import subprocess

import harness
from harness import *

FAST = ["--interval", "0.01"]
RATES = ["total_rate", "rate_1s", "rate_10s", "rate_60s", "delivered_rate",
         "loopback_rate", "signalled_rate", "dropped_rate"]


def frames(*args, fake="busy"):
    r = imsctl("top", *FAST, "--json", *args, fake=fake)
    equal((r.code, r.err), (DONE, ""))
    return [json.loads(line) for line in r.out.splitlines()]


def near(found, expected):
    """The last frame that an average is of is the nearest, not a perfect one."""
    assert abs(found - expected) <= expected / 20, (found, expected)


def rate(frame, device, vector, key="total_rate"):
    found = [v[key] for v in frame["vectors"]
             if (v["device"], v["vector"]) == (device, vector)]
    return found[0] if found else "gone"


@test
def top():
    golden("top.txt", "top", *FAST, "--count", "3", fake="busy")
    golden("top-devices.txt", "top", *FAST, "--count", "3", "--by=device",
           fake="busy")
    golden("top.jsonl", "top", *FAST, "--count", "3", "--json", fake="busy")
    gives(imsctl("top", "wq0", *FAST, "--count=1", fake="busy").out, "top",
          "wq0", *FAST, "--count=1", "--plain", "--color=auto", fake="busy")


@test
def top_columns():
    """-o chooses those of text and JSON, and --noheadings leaves rows."""
    r = imsctl("top", *FAST, "--count=2", "--noheadings", "-o",
               "vector,total_rate,state", "wq0", fake="busy")
    equal((r.code, r.err), (DONE, ""))
    equal(r.out.splitlines(), ["0  7.0  live"] * 2)
    r = imsctl("top", *FAST, "--count=1", "--by=device", "-o", "+slots",
               fake="busy")
    equal(r.out.splitlines()[1].split(),
          imsctl("top", *FAST, "--count=1", "--by=device",
                 fake="busy").out.splitlines()[1].split() + ["SLOTS"])
    frame, = frames("--count=1", "--by=device", "-o", "device,live")
    equal(frame["devices"][1], {"schema": 1, "device": "wq0", "live": 1})
    equal(imsctl("top", "-o", "help", fake="no-socket").out,
          imsctl("top", "--sort", "help", fake="no-socket").out)
    usage("top: devices have no column 'vector'; \"-o help\" describes those "
          "they have", "top", "--by=device", "-o", "vector")


@test
def top_rates():
    found = frames("--count", "7")
    equal(len(found), 7)
    for f in found:
        equal(f["elapsed_ns"], 10 ** 9)
    # Reset in the second, "counts" backwards in the fourth, looks new in the
    # sixth: no rate is negative or huge.
    equal([rate(f, A, 1) for f in found],
          [105, 40, 105, None, 105, None, 105])
    equal([rate(f, A, 5) for f in found],
          ["gone", "gone", 50, 0, 0, 0, 0])
    equal([rate(f, "wq0", 0) for f in found], [7, 7] + ["gone"] * 5)
    equal([rate(f, A, 2, "dropped_rate") for f in found], [3] * 7)
    for f in found:
        for v in f["vectors"]:
            equal(list(v), ["schema", "device", "vector", "state", "irq",
                            "cpu", *RATES, "owner_pid", "owner_comm",
                            "vm", "parent", "parent_node", "node",
                            "remote_rate"])
        equal(list(f["total"]), ["schema", *RATES, "remote_rate"])
    equal([f["total"]["total_rate"] for f in found],
          [112, 47, 155, 0, 105, 0, 105])
    equal([f["total"]["dropped_rate"] for f in found], [3] * 7)


@test
def top_averages():
    """50 interrupts, in the third second, and who has counted for long."""
    found = frames("--count", "65")
    for n, f in enumerate(found[2:], 3):
        equal(rate(f, A, 5, "rate_1s"), 50 if n == 3 else 0, f"in second {n}")
        for seconds in (10, 60):
            expected = 50 / min(n, seconds) if n - 2 <= seconds else 0
            equal(rate(f, A, 5, f"rate_{seconds}s"),
                  int(expected * 1000 + 0.5) / 1000,
                  f"over {seconds} s in second {n}")
    # It is new in the fourth and the sixth, as far as one can tell.
    equal([rate(f, A, 1, "rate_10s") for f in found[:9]],
          [105, 72.5, 83.333, None, 105, None, 105, 105, 105])
    # Sums are of averages.
    equal([f["total"]["rate_60s"] for f in found[:3]], [112, 79.5, 100])


@test
def top_averages_of_many_frames():
    """A quarter of a second each: those from long ago are left out."""
    found = frames("--count", "260", fake="busy,step=250")
    # A rate is what was counted in a second, not in a frame.
    equal([rate(f, A, 5) for f in found[2:4]], [200, 0])
    for f in found[8:]:
        equal([rate(f, A, 1, f"rate_{s}s") for s in (1, 10, 60)], [420] * 3)
    near(rate(found[5], A, 5, "rate_1s"), 50)
    equal(rate(found[8], A, 5, "rate_1s"), 0)
    near(rate(found[39], A, 5, "rate_10s"), 5)
    equal(rate(found[45], A, 5, "rate_10s"), 0)
    near(rate(found[199], A, 5, "rate_60s"), 1)
    near(rate(found[237], A, 5, "rate_60s"), 50 / 60)
    equal(rate(found[245], A, 5, "rate_60s"), 0)


@test
def top_trends():
    """Each is as high as its row's highest; ASCII where there is nothing else."""
    trends = lambda vector=5, **env: [line for line in run_with(
        env, "top", A, *FAST, "--count=13", "--noheadings", "-o",
        "trend,vector").splitlines()
        if line.endswith(f"   {vector}")]
    equal(trends()[0], "       ▁▁█   5")
    equal(trends()[-1], "▁▁▁▁▁▁▁▁▁▁   5")
    equal(trends(LC_ALL="C")[2], "     __#__   5")
    # Of what was counted before it was not known for a frame, it is known.
    equal(trends(1)[4], "     █▄█▁█   1")


@test
def top_devices():
    found = frames("--count", "3", "--by=device")
    equal([{d["device"]: d["total_rate"] for d in f["devices"]}
           for f in found],
          [{A: 105, "wq0": 7}, {A: 40, "wq0": 7}, {A: 155}])
    equal([d["used"] for d in found[2]["devices"]], [7])


@test
def top_when_nothing_happens():
    for f in frames("--count", "2", fake=""):
        equal({v["total_rate"] for v in f["vectors"]}, {None})
    for f in frames("--count", "2", fake="empty"):
        equal(f["vectors"], [])
    equal(len(frames("--count", "2", fake="busy,disturbed")), 2)


@test
def top_sorts():
    first = lambda *a: [(v["device"], v["vector"])
                        for v in frames("--count=1", *a)[0]["vectors"]]
    equal(first()[:2], [(A, 1), ("wq0", 0)])
    equal(first("--sort", "dropped_rate")[0], (A, 2))
    equal(first("--sort", "SIGNALLED/s")[0], ("wq0", 0))
    equal(first("--sort", "vector"),
          [(A, 10), (A, 4), (A, 3), (A, 2), (A, 1), (A, 0), ("wq0", 0)])
    equal(first("--sort", "-vector"),
          [(A, 0), ("wq0", 0), (A, 1), (A, 2), (A, 3), (A, 4), (A, 10)])
    # Absent ones are last in any case.
    equal([v for d, v in first("--sort=-irq")][:3], [1, 2, 4])
    # Names from a to z; those that are absent last.
    equal(first("--sort", "device")[-1], ("wq0", 0))
    equal([v for d, v in first("--sort", "irq")][:3], [4, 2, 1])


@test
def top_asks_once_in_a_frame():
    r = imsctl("top", *FAST, "--count=5", fake="busy,count")
    dumps = r.err.splitlines()
    equal(dumps.count("dump vector-get"), 6)
    equal(dumps.count("dump device-get"), 1)


@test
def top_of_a_large_device():
    f = frames("--count=1", "--sort=vector", fake="busy,large")[0]
    equal(len(f["vectors"]), 5007)
    equal(f["vectors"][0]["vector"], 4999)


@test
def top_of_a_fleet_costs_little():
    """
    A frame of 6400 vectors takes 8 ms of a CPU, which is less than 1 % at a
    frame a second; 30 with sanitizers, and more where CPUs are shared.
    """
    def seconds(count):
        with open(os.devnull, "w") as null:
            p = subprocess.Popen(
                [harness.build / "tests/unit/imsctl_fake", "top", *FAST,
                 f"--count={count}", "--by=device"], stdout=null,
                env={**os.environ, "IMS_FAKE": "fleet"})
            _, status, usage = os.wait4(p.pid, 0)
        equal(status, 0)
        return usage.ru_utime + usage.ru_stime

    frame = (seconds(21) - seconds(1)) / 20
    assert frame < 0.3, frame


@test
def top_fails():
    absent = ("imsctl: the kernel module vfio_pci_ims is not loaded; "
              "try \"modprobe vfio_pci_ims\"\n")
    fails(UNSUPPORTED, absent, "top", *FAST, fake="absent")
    fails(NO_OBJECT, "imsctl: device nobody: no such virtual device is open\n",
          "top", "nobody", *FAST)
    equal(imsctl("top", *FAST, fake="no-socket").code, FAILED)
    with open("/dev/full", "w") as full:
        r = imsctl("top", *FAST, fake="busy", stdout=full)
    equal((r.code, r.err),
          (FAILED, "imsctl: standard output: write error\n"))
    p = subprocess.run(
        ["sh", "-c", f"IMS_FAKE=busy '{harness.build}/tests/unit/imsctl_fake'"
         " top --interval 0.01 | head -n 1"], stdout=subprocess.PIPE,
        timeout=60)
    equal(p.stdout[:12], b"12:34:56.789")


@test
def top_help_of_columns():
    golden("columns-top.txt", "top", "--sort", "help", fake="no-socket")
    golden("columns-top-devices.txt", "top", "--sort", "help", "--by=device",
           fake="no-socket")


@test
def wrong_calls_of_top():
    for seconds in ("", "x", "0", "0.009", "-1", "1s"):
        usage(f"top: --interval: '{seconds}' is no number of seconds, "
              "0.01 or more", "top", "--interval", seconds)
    for count in ("", "0", "x"):
        usage(f"top: --count: '{count}' is no number of frames", "top",
              "--count", count)
    usage("top: --sort: vectors have no column 'live'; \"--sort help\" "
          "describes those they have", "top", "--sort", "live")
    usage("top: --sort: devices have no column 'irq'; \"--sort help\" "
          "describes those they have", "top", "--sort", "irq", "--by=device")
    usage("top: --by: 'x' is none of vector, device, vm, cpu, node, store",
          "top", "--by", "x")
    usage("top: unexpected argument 'b'", "top", "a", "b")


def run_with(env, *args, fake="busy"):
    env = {**os.environ, "IMS_FAKE": fake, "LC_ALL": "C.UTF-8", **env}
    return subprocess.run([harness.build / "tests/unit/imsctl_fake", *args],
                          env=env, check=True, timeout=60,
                          stdout=subprocess.PIPE).stdout.decode()


# Two nodes with two CPUs each; the first store is of the second one.
NODES = {
    "/sys/devices/system/node/node0/cpulist": "0-1\n",
    "/sys/devices/system/node/node1/cpulist": "2,3\n",
    "/sys/devices/system/node/online": "0-1\n",
    "/sys/bus/pci/devices/0000:00:04.0/numa_node": "1\n",
    "/sys/bus/pci/devices/0000:00:05.0/numa_node": "-1\n",
    "/proc/4242/comm": "qemu-system-x86\n",
    "/proc/4242/cmdline": "qemu-system-x86_64\0-name\0guest=web\0",
    "/proc/7/comm": "qemu-system-x86\n",
}


@test
def top_by():
    def by(kind, *args):
        with on(NODES):
            frame, = frames("--count=1", "--by", kind, *args)
        return frame[kind + "s"]

    key = lambda *keys: lambda row: tuple(row[k] for k in keys)
    # Vectors 1, 2 and 4 of A go to CPUs 1, 0 and 3.
    equal(list(map(key("cpu", "node", "used", "live", "devices",
                       "total_rate", "remote_rate"), by("cpu"))),
          [(1, 0, 1, 1, 1, 105, 105), (None, None, 4, 2, 2, 7, 0),
           (0, 0, 1, 1, 1, 0, 0), (3, 1, 1, 1, 1, 0, 0)])
    # Those that go nowhere are where their parent is, if anywhere.
    equal(list(map(key("node", "used", "total_rate", "remote_rate"),
                   by("node"))),
          [(0, 2, 105, 105), (None, 1, 7, 0), (1, 4, 0, 0)])
    equal(list(map(key("vm", "devices", "used", "total_rate"), by("vm"))),
          [("web", 1, 6, 105), (None, 1, 1, 7)])
    equal(list(map(key("parent", "parent_node", "total_rate"), by("store"))),
          [("0000:00:04.0", 1, 105), ("0000:00:05.0", None, 7)])
    equal(list(map(key("device", "vm", "parent_node", "owner_pid"),
                   by("device", "--sort=device"))),
          [(A, "web", 1, 4242), ("wq0", None, None, 99)])
    equal({(v["vector"], v["cpu"], v["node"], v["remote_rate"])
           for v in by("vector") if v["device"] == A},
          {(0, None, 1, 0), (1, 1, 0, 105), (2, 0, 0, 0), (3, None, 1, 0),
           (4, 3, 1, 0), (10, None, 1, 0)})
    for kind in ("vm", "cpu", "node", "store"):
        with on(NODES):
            golden(f"top-{kind}s.txt", "top", *FAST, "--count=2", "--by", kind,
                   fake="busy")


@test
def top_calls_owners_as_list_does():
    keys = "device,vector,owner,owner_pid,owner_comm,vm,parent"
    with on(NODES):
        frame, = frames("--count=1", "-o", keys, fake="held")
        listed = imsctl("list", "--vectors", "--json", "-o", keys, fake="held")
    order = lambda rows: sorted(rows, key=lambda r: (r["device"], r["vector"]))
    equal(order(frame["vectors"]), order(json.loads(listed.out)))
    assert any(v["owner"] == "4242/qemu-system-x86" and v["vm"] == "web"
               for v in frame["vectors"])


@test
def top_tells_machines_apart():
    """The second one has two devices; what has its number is not always it."""
    vms = lambda frame: {v["vm"]: (v["devices"], v["used"])
                         for v in frame["vms"]}
    b = (b'a\x1b[31m"b\\\xff' + "é€😀".encode() +
         b"\xc0\x80\xe2\x82\xed\xa0\x80\xc2\x9b\n")
    db = "qemu-system-x86_64\0-name\0guest=db\0"
    with on({**NODES, "/proc/7/comm": b, "/proc/7/cmdline": db}):
        frame, = frames("--count=1", "--by=vm", fake="held,same-owner")
    equal(vms(frame), {"web": (1, 6), "db": (2, 4)})
    # The number of the process is another's now.
    with on({**NODES, "/proc/7/comm": "a\n", "/proc/7/cmdline": db}):
        frame, = frames("--count=1", "--by=vm", fake="held,same-owner")
    equal(vms(frame), {"web": (1, 6), None: (2, 4)})


@test
def top_hides_idle_rows():
    shown = lambda *a, fake="busy": [
        (v["device"], v["vector"])
        for v in frames("--count=1", "--nonzero", *a, fake=fake)[0]["vectors"]]
    # By what was counted, and by when the last one was.
    equal(shown(), [(A, 1), ("wq0", 0), (A, 0), (A, 2)])
    equal(shown(fake=""), [(A, 0), (A, 1)])
    equal(shown(fake="now=141"), [(A, 0), (A, 1)])
    equal(shown(fake="now=142"), [])
    r = imsctl("top", *FAST, "--count=1", "--nonzero", fake="busy")
    assert "  vectors: 4 of 7  total/s: 112.0  " in r.out, r.out
    frame, = frames("--count=1", "--nonzero", "--by=device", fake="now=142")
    equal(frame["devices"], [])


@test
def top_of_virtual_machines():
    """As list has them."""
    rows = lambda *a, by="device": [
        (row["device"], row["total_rate"]) for row in
        frames("--count=1", "--by", by, *a)[0][by + "s"]]
    with on(NODES):
        equal(rows(), [(A, 105), ("wq0", 7)])
        equal(rows("--vm", "web"), [(A, 105)])
        equal(rows("--vm", "none,web", A), [(A, 105)])
        equal({device for device, _ in rows("--vm", "web", by="vector")}, {A})
        # So are the sums.
        frame, = frames("--count=1", "--vm", "web")
        equal(frame["total"]["total_rate"], 105)
        for args in [], ["--json"]:
            fails(NO_OBJECT, "imsctl: no virtual device was opened by we\n",
                  "top", *FAST, "--vm", "we", *args)
        fails(NO_OBJECT, "imsctl: device wq0: it was opened by somebody else\n",
              "top", *FAST, "wq0", "--vm", "web")
    usage("top: --vm: a value is empty", "top", "--vm", "a,,b")
