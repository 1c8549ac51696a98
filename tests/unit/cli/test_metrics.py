# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl metrics"""

import json
import re
import subprocess

from harness import *

# Debian's packages are for Debian's Python.
PYTHON = "/usr/bin/python3"

PARSE = """
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
print(json.dumps([[f.name, f.type, f.documentation,
                   [[s.name, s.labels, s.value] for s in f.samples]]
                  for f in text_string_to_metric_families(sys.stdin.read())]))
"""


class NoParser(Exception):
    pass


def families(*args, fake=""):
    """By an implementation that is not ours."""
    r = imsctl("metrics", *args, fake=fake)
    equal((r.code, r.err), (DONE, ""))
    p = subprocess.run([PYTHON, "-c", PARSE], input=r.out.encode(),
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if b"No module named 'prometheus_client'" in p.stderr:
        raise NoParser
    equal(p.stderr.decode(), "", "the parser's complaint")
    return {name: (kind, text, samples)
            for name, kind, text, samples in json.loads(p.stdout)}


def needs_parser(function):
    def run():
        try:
            function()
        except NoParser:
            return "no python3-prometheus-client"
    run.__name__ = function.__name__
    return run


def value(found, name, **labels):
    """Of the only sample that has these labels. Prometheus computes in floats."""
    family = name.removesuffix("_total")
    values = [float(v) for n, have, v in found[family][2]
              if n == name and labels.items() <= have.items()]
    equal(len(values), 1, f"number of samples of {name} {labels}")
    return values[0]


@test
def metrics():
    golden("metrics.txt", "metrics")
    golden("metrics-vectors.txt", "metrics", "--vectors")
    equal(imsctl("metrics", fake="user").out, imsctl("metrics").out)


@test
@needs_parser
def metrics_are_openmetrics():
    found = families()
    kinds = {name: kind for name, (kind, _, _) in found.items()}
    equal(kinds["ims_store_used"], "gauge")
    equal(kinds["ims_store_failures"], "counter")
    equal(kinds["ims_device_info"], "gauge")
    equal(kinds["ims_device_delivered"], "counter")
    assert "ims_vector_delivered" not in kinds
    # Those that the node exporter knows, too.
    equal(set(kinds.values()), {"counter", "gauge"})
    for name, (_, text, samples) in found.items():
        assert text.endswith("."), name
        # No store's capacity is known, and no request was refused.
        equal(len(samples), 0 if name == "ims_store_capacity" or
              "refused_" in name else
              2 if name.startswith("ims_store") else 3, name)
    equal(list(families("--vectors")["ims_vector_delivered"][2][0][1]),
          ["device", "store", "vector"])


@test
@needs_parser
def metrics_are_what_list_says():
    found = families("--vectors")
    for s in json.loads(imsctl("list", "--stores", "--json").out):
        for key in ("size", "limit", "used", "peak", "reserved", "available",
                    "entries", "devices", "suspended"):
            equal(value(found, f"ims_store_{key}", store=s["name"]), s[key])
        equal(value(found, "ims_store_failures_total", store=s["name"]),
              float(s["failures"]))
    for d in json.loads(imsctl("list", "--json").out):
        for key in ("vectors", "live", "held", "emulated", "slots",
                    "limit", "reservation", "entries", "on_hold"):
            equal(value(found, f"ims_device_{key}", device=d["name"],
                        store=d["parent"]), d[key])
        equal(value(found, "ims_device_refused_total", device=d["name"]),
              d["refused"])
        equal(value(found, "ims_device_info", device=d["name"],
                    owner_pid=str(d["owner_pid"])), 1)
    counts = ("delivered", "loopback", "signalled", "dropped", "pended",
              "replaced", "revocations", "failed")
    sums = {}
    for v in json.loads(imsctl("list", "--vectors", "--json").out):
        for key in counts:
            equal(value(found, f"ims_vector_{key}_total", device=v["device"],
                        vector=str(v["vector"])), float(v[key]))
            sums[v["device"], key] = sums.get((v["device"], key), 0) + v[key]
    for (device, key), total in sums.items():
        equal(value(found, f"ims_device_{key}_total", device=device),
              float(total % 2 ** 64))
    equal(value(found, "ims_device_loopback_total", device=B), 0)


@test
@needs_parser
def metrics_of_entries():
    found = families(fake="amd")
    for s in json.loads(imsctl("list", "--stores", "--json", fake="amd").out):
        equal(value(found, "ims_store_capacity", store=s["name"]), 512)
        equal(s["capacity"], 512)


@test
@needs_parser
def metrics_of_affinity():
    """How many of a device, whatever their number."""
    found = families(fake="affinity-broken")
    equal(found["ims_device_affinity_broken"][0], "gauge")
    equal([value(found, "ims_device_affinity_broken", device=device)
           for device in (A, B, "wq0")], [2, 0, 0])
    assert "ims_vector_affinity_broken" not in found
    found = families("--vectors", fake="affinity-broken")
    equal([value(found, "ims_vector_affinity_broken", device=A, vector=vector)
           for vector in ("1", "2", "4")], [1, 0, 1])


@test
@needs_parser
def metrics_labels_are_escaped():
    labels = [have for _, have, _ in families()["ims_device_info"][2]
              if have["device"] == B][0]
    equal(labels["owner_comm"], "a?[31m\"b\\\ufffd\u00e9\u20ac\U0001f600"
          + 7 * "\ufffd" + "?")


@test
@needs_parser
def metrics_of_nothing():
    found = families(fake="empty,no-stores")
    assert found
    for _, _, samples in found.values():
        equal(samples, [])


@test
@needs_parser
def metrics_are_bounded():
    few = imsctl("metrics", fake="large").out.count("\n")
    assert few < 200, few
    found = families("--vectors", fake="large")
    equal(len(found["ims_vector_delivered"][2]), 5007)
    equal(value(found, "ims_device_delivered_total", device="large"),
          float(sum(i * i for i in range(5000))))


@test
def metrics_all_or_nothing():
    r = imsctl("metrics", fake="disturbed")
    equal((r.code, r.out), (FAILED, ""))
    equal(imsctl("metrics", fake="disturbed-once").out, imsctl("metrics").out)
    equal(imsctl("metrics", fake="absent").code, UNSUPPORTED)
    equal(imsctl("metrics", fake="no-socket").code, FAILED)
    equal(imsctl("metrics", fake="absent").out, "")


@test
def wrong_calls_of_metrics():
    usage("metrics: unexpected argument 'x'", "metrics", "x")
    usage("metrics: it has no option '--json'", "metrics", "--json")


@test
@needs_parser
def metrics_of_refusals():
    """One of each device, which says how long ago, of what, and why."""
    name = "ims_device_refused_last_seconds"
    kind, _, samples = families(fake="held")[name]
    equal(kind, "gauge")
    equal([(s[1]["device"], s[1]["error"], s[1]["kind"], s[2])
           for s in samples],
          [(A, "ENOSPC", "store-full", 8.765), (B, "EBADF", "", 30)])
    samples = families(fake="held")["ims_device_refused_vector"][2]
    equal([(s[1]["device"], s[2]) for s in samples], [(A, 7), (B, 2)])


@test
def dashboard():
    """What the dashboard asks for is there: metrics by name, with their labels, and
    rates of counters only."""
    path = GOLDEN.parents[2] / "cli/integration/grafana-dashboard.json"
    board = json.loads(path.read_text())
    # A family may have no sample here; Prometheus adds the instance.
    have = {name + ("_total" if kind == "counter" else "")
            for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$",
                                         imsctl("metrics").out, re.M)}
    labels_of = {"ims_store": {"store", "instance"},
                 "ims_device": {"store", "device", "instance"}}

    panels = [p for p in board["panels"] if p["type"] != "row"]
    ids = [p["id"] for p in board["panels"]]
    equal(len(ids), len(set(ids)), "number of panels with a number of their own")
    asked = [(p["title"], t["expr"], t["legendFormat"])
             for p in panels for t in p["targets"]]
    asked += [(v["name"], v["query"], "") for v in board["templating"]["list"]
              if v["type"] == "query"]
    equal(len(asked) > len(panels) > 10, True)
    for title, expr, legend in asked:
        names = re.findall(r"\bims_\w+", expr)
        equal(bool(names), True, f"{title}: a metric in {expr}")
        labels = set(re.findall(r"(\w+)=~", expr))
        labels |= set(re.findall(r"\{\{(\w+)\}\}", legend))
        labels |= set(re.findall(r"by \((\w+)\)", expr))
        labels |= set(re.findall(r"^label_values\(.*, (\w+)\)$", expr))
        for name in names:
            equal(name in have, True, f"{title}: there is {name}")
            object = "_".join(name.split("_")[:2])
            equal(labels - labels_of[object], set(), f"{title}: labels of {name}")
            equal(name.endswith("_total"), "rate(" in expr or "increase(" in expr,
                  f"{title}: rates of counters, and of nothing else, in {expr}")
