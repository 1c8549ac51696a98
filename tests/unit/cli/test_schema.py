# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl schema"""

import copy
import functools
import json
import re
import tempfile

import jsonschema

from harness import *

STORE = "0000:00:04.0"
IDLE = ["--idle-timeout", "0.05"]

# No device is like that.
wrong_file = tempfile.NamedTemporaryFile("w", suffix=".conf")
wrong_file.write("version 1\nlimit 1\nreservation 1\ndefault-cookie 7\n"
                 "vector 0 cookie 1\nvector 1 emulated\n")
wrong_file.flush()
WRONG = wrong_file.name

# Calls that print all kinds of rows that a command has.
CALLS = {
    "list": [[], [A], [B],
             ["--vectors", "--state", "live,held,idle,absent"],
             ["--stores"], ["--by", "vm"], ["--by", "cpu"], ["--closed"]],
    "show": [[A], ["wq0"], [A, "0"], [A, "2"], [A, "31"], ["--store", STORE]],
    "cookie": [["get", A], ["get", A, "31"], ["get", A, "default"]],
    "affinity": [["get", A], ["get", A, "1"], ["get", A, "31"]],
    "stats": [[A], ["--store", STORE]],
    "limit": [[A], ["--store", STORE]],
    "bypass": [[A], ["wq0"]],
    "quiet": [[A], [A, "31"]],
    "rate": [[A], ["wq0"], [A, "default"]],
    "save": [[A], ["wq0"], [B]],
    "diff": [[A, WRONG], [B, WRONG]],
    "doctor": [[]],
    "top": [["--count", "1", "--interval", "0.01", "--by", by]
            for by in ("vector", "device", "vm", "cpu", "node", "store")],
    "monitor": [[*IDLE, "--sync", "--banner"]],
}
FAKES = ["", "user", "held", "empty", "no-stores", "many", "events", "overrun",
         "amd,affinity-broken,closed-mdevs"]


def schema(command):
    r = imsctl("schema", command, fake="no-socket")
    equal((r.code, r.err), (DONE, ""))
    s = json.loads(r.out)
    jsonschema.Draft202012Validator.check_schema(s)
    return s


def validator(command):
    return jsonschema.Draft202012Validator(schema(command))


@functools.cache
def documents(command, *args, fake=""):
    """
    What it prints: a document, or one in each line; none if it fails. Not to be
    changed, as several tests look at the same.
    """
    r = imsctl(command, *args, "--json", fake=fake)
    if r.code not in (DONE, 6) and not (command == "doctor" and r.out):
        return []
    return [json.loads(text) for text in
            (r.out.splitlines() if command in ("monitor", "top") else [r.out])]


@test
def schema_lists_commands():
    listed = imsctl("schema", fake="no-socket").out.split()
    equal(sorted(listed), sorted(CALLS), "commands with a schema")
    # What has --json has a schema, and the other way round.
    for command in commands():
        text = imsctl(command, "--help").out
        equal("  -j, --json " in text, command in listed, f"schema of {command}")


@test
def schema_limit_text():
    golden("schema-limit.json", "schema", "limit", fake="no-socket")


@test
def output_is_as_the_schema_says():
    for command, calls in CALLS.items():
        v = validator(command)
        seen = 0
        for fake in FAKES:
            for args in calls:
                for document in documents(command, *args, fake=fake):
                    v.validate(document)
                    seen += bool(document)
        assert seen > 2, f"{command} printed {seen} documents"


@test
def golden_files_are_as_the_schema_says():
    files = {p.name for p in GOLDEN.glob("*.json*")
             if not p.name.startswith("schema-")}
    for name in files:
        v = validator(re.match("[a-z]+", name)[0])
        text = (GOLDEN / name).read_text()
        for document in (text.splitlines() if name.endswith("jsonl")
                         else [text]):
            v.validate(json.loads(document))
    assert {"list.json", "list-vectors.json", "list-stores.json",
            "monitor.jsonl"} <= files, files


def rows_of(document):
    """Of an array, of a frame, or of an event, which is one."""
    if isinstance(document, list):
        return document
    for objects in ("vectors", "devices", "vms", "cpus", "nodes", "stores"):
        if isinstance(document.get(objects), list):
            return [*document[objects], document["total"]]
    return [document]


@test
def each_kind_of_row_is_seen():
    """A definition that nothing uses would prove nothing."""
    for command, calls in CALLS.items():
        s = schema(command)
        rows = [row for fake in FAKES for args in calls
                for d in documents(command, *args, fake=fake)
                for row in rows_of(d)]
        for name, definition in s["$defs"].items():
            one = jsonschema.Draft202012Validator(definition)
            assert any(one.is_valid(row) for row in rows), (command, name)


@test
def every_value_is_absent_or_always_there():
    """What may be null is null somewhere, or else only in odd kernels."""
    never = {"name", "id", "schema", "vector", "state", "device_id", "gone",
             "on_hold", "suspended", "time_ns", "event", "object", "alert",
             "device", "setting", "file_value", "check", "message",
             "parent"}
    for command in CALLS:
        for name, definition in schema(command)["$defs"].items():
            # Sums are imsctl's own.
            if name == "group":
                continue
            always = {key for key, p in definition["properties"].items()
                      if "null" not in p.get("type", ())}
            assert always <= never, always - never


def changed(document, change):
    document = copy.deepcopy(document)
    change(document[0] if isinstance(document, list) else document)
    return document


@test
def wrong_documents_are_refused():
    """The check can fail: every key that is wrong, missing or too much."""
    refused = 0
    for command, calls in CALLS.items():
        v = validator(command)
        for args in calls:
            for document in documents(command, *args,
                                      fake="events" if command == "monitor"
                                      else ""):
                row = document
                if isinstance(document, list):
                    if not document:
                        continue
                    row = document[0]
                    assert not v.is_valid(row), "a row is no array"
                    # The others have the same keys.
                    document = [row]
                for key in row:
                    for change in (lambda r: r.pop(key),
                                   lambda r: r.update({key: ["x"]}),
                                   lambda r: r.update({key: -1})):
                        assert not v.is_valid(changed(document, change)), key
                        refused += 1
                assert not v.is_valid(
                    changed(document, lambda r: r.update(frob=1))), "frob"
    assert refused > 1000, refused
    v = validator("list")
    devices = documents("list")[0]
    for key, value in (("name", None), ("id", None), ("gone", None),
                       ("schema", 2), ("default_cookie", "1001"),
                       ("default_cookie", 4097), ("limit", "64"),
                       ("limit", 1.5), ("limit", True)):
        assert not v.is_valid(
            changed(devices, lambda r: r.update({key: value}))), (key, value)
    # Rows of two kinds in one array.
    stores = documents("list", "--stores")[0]
    assert not v.is_valid(devices + stores)


@test
def schema_fails():
    usage("schema: unknown command 'frob'", "schema", "frob")
    usage("schema: trigger prints no JSON", "schema", "trigger")
    usage("schema: unexpected argument 'show'", "schema", "list", "show")
    usage("schema: it has no option '--json'", "schema", "list", "--json")
    with open("/dev/full", "w") as full:
        equal(imsctl("schema", "list", stdout=full).code, FAILED)
