# SPDX-License-Identifier: GPL-2.0-or-later
"""What all verbs have in common: names, wrong calls, help, output."""

import re
import subprocess

import harness
from harness import *


@test
def no_such_device():
    for command in (["list"], ["trigger"]):
        rest = ["0"] if command == ["trigger"] else []
        fails(NO_OBJECT,
              "imsctl: device nobody: no such virtual device is open\n",
              *command, "nobody", *rest)
        # No device has that id.
        equal(imsctl(*command, "2", *rest).code, NO_OBJECT)
        fails(NO_OBJECT, f"imsctl: device 83b: the name fits several: {A}, {B}\n",
              *command, "83b", *rest)


@test
def name_too_long():
    r = imsctl("list", "x" * 5000)
    equal(r.code, NO_OBJECT)
    assert "names have at most 127 bytes" in r.err, r.err


@test
def module_absent():
    text = ("imsctl: the kernel module vfio_pci_ims is not loaded; "
            "try \"modprobe vfio_pci_ims\"\n")
    fails(UNSUPPORTED, text, "list", fake="absent")
    fails(UNSUPPORTED, text, "list", "x", fake="absent")
    fails(UNSUPPORTED, text, "trigger", "x", "0", fake="absent")


@test
def no_socket():
    fails(FAILED, "imsctl: socket(AF_NETLINK, NETLINK_GENERIC): "
          "Too many open files\n", "list", fake="no-socket")


@test
def wrong_calls():
    usage("no command given")
    usage("unknown command 'lsit'; did you mean 'list'?", "lsit")
    usage("unknown command ''", "")
    usage("unknown option '--frob'", "--frob")
    usage("unknown option '-x'", "-x")
    usage("option '-o' needs an argument", "-o")


@test
def what_may_have_been_meant():
    # Missing, too much, wrong, exchanged, in capitals.
    for word, meant in (("cooki", "cookie"), ("statss", "stats"),
                        ("lost", "list"), ("affinty", "affinity"),
                        ("SHOW", "show"), ("chema", "schema"),
                        ("trigegr", "trigger")):
        usage(f"unknown command '{word}'; did you mean '{meant}'?", word)
    # Short words are near to everything.
    for word in "", "x", "so", "tp", "frobnicate", "capturing", "y" * 1000:
        usage(f"unknown command '{word}'", word)
    usage("schema: unknown command 'lits'; did you mean 'list'?", "schema",
          "lits")
    usage("list: unknown option '--jason'; did you mean '--json'?", "list",
          "--jason")
    usage("list: unknown option '--sate=live'; did you mean '--state'?",
          "list", "--sate=live")
    # Of those that it has.
    usage("trigger: unknown option '--jason'", "trigger", "--jason")
    usage("unknown option '--bach'; did you mean '--batch'?", "--bach", "x")
    usage("list: vectors have no column 'vecotr'; did you mean 'vector'? "
          "\"-o help\" describes those they have", "list", "x", "-o",
          "state,vecotr")
    fails(NO_OBJECT, "imsctl: device qw0: no such virtual device is open; did "
          "you mean 'wq0'?\n", "show", "qw0")
    # Another number is another device.
    for name in "wq1", "wq", "wq00", A.replace("1001", "1003"), A[:-2] + "10", "x" + A[1:]:
        r = imsctl("stats", name)
        assert "mean" not in r.err, r.err
    name = A.replace("f4f2", "d4f2")
    fails(NO_OBJECT, f"imsctl: device {name}: no such virtual device is open; "
          f"did you mean '{A}'?\n", "stats", name)


@test
def empty_device():
    for args in (["list", ""], ["trigger", "", "0"]):
        fails(USAGE, f"imsctl: {args[0]}: the device's name is empty\n"
              f"Try \"imsctl {args[0]} --help\".\n", *args)


@test
def options_before_the_command():
    equal(imsctl("--json", "list").out, imsctl("list", "--json").out)
    equal(imsctl("-o", "id", "list", "-o", "name").out,
          imsctl("list", "-o", "name").out)
    equal(imsctl("-o", "name", "list").out, imsctl("list", "-o", "name").out)


@test
def help_fits_the_screen():
    for args in ([], *([c] for c in commands())):
        name = "-".join(["help", *args]) + ".txt"
        text = golden(name, *args, "--help", fake="no-socket")
        # list has more options than a small screen has lines.
        if args == ["list"]:
            fits_the_width(text)
        else:
            # Each command is a line of the general one, and each action one more.
            fits_the_screen(text, 26 if args else 32)
        equal(imsctl(*args, "-h").out, imsctl(*args, "--help").out)
        equal(imsctl("help", *args).out, imsctl(*args, "--help").out)
        equal(imsctl("help", *args, fake="no-socket").code, DONE)
    equal(imsctl("help", "help").out, imsctl("--help").out)
    usage("unknown command 'nothing'", "help", "nothing")


@test
def help_wins_over_wrong_arguments():
    equal(imsctl("trigger", "--help").code, DONE)
    equal(imsctl("list", "a", "b", "c", "--help").code, DONE)


@test
def version():
    for args in (["--version"], ["-V"], ["list", "--version"]):
        r = imsctl(*args, fake="no-socket")
        equal(r.code, DONE)
        assert re.fullmatch(r"imsctl \d+\.\d+\.\d+\n", r.out), r.out


@test
def full_device():
    for args in (["list"], ["list", "--json"], ["--help"], ["--version"],
                 ["list", "large"]):
        with open("/dev/full", "w") as full:
            r = imsctl(*args, fake="large", stdout=full)
        equal(r.code, FAILED)
        assert r.err.startswith("imsctl: standard output: "), r.err


@test
def closed_output():
    command = f"exec '{harness.build}/tests/unit/imsctl_fake' list >&-"
    p = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE)
    equal(p.returncode, FAILED)
    assert b"standard output" in p.stderr, p.stderr


def actions_of(verb):
    """As its help has them; none if it does not look when none is said."""
    text = imsctl(verb, "--help", fake="no-socket").out
    return re.findall(rf"^(?:Usage:|      ) imsctl {verb} \[?(\w+)\b", text, re.M) \
        if f"imsctl {verb} [get]" in text else []


@test
def unknown_actions():
    """The word that was meant for an action is named, whatever follows it."""
    verbs = {verb: actions_of(verb) for verb in commands() if actions_of(verb)}
    assert len(verbs) >= 7, verbs
    for verb, actions in verbs.items():
        text = ", ".join(actions[:-1]) + " and " + actions[-1]
        # A letter is missing, as of "reset" the e.
        for action in [a for a in actions if len(a) > 3]:
            wrong = action[:-2] + action[-1]
            for rest in [A, "0"], [A, "0", "1"], ["x", "y"], [A, "all", "-n"]:
                usage(f"{verb}: '{wrong}' is none of {text}; did you mean "
                      f"'{action}'?", verb, wrong, *rest)
        usage(f"{verb}: 'frob' is none of {text}", verb, "frob", A, "0", "1")
        if verb in ("bypass", "limit"):
            usage(f"{verb}: 'frob' is none of {text}", verb, "frob", A)
            continue
        # One of the two is wrong.
        usage(f"{verb}: '{A}' is no list of vectors such as 0,3,7-9, and 'frob' "
              f"is none of {text}", verb, "frob", A)
        # Who has said the action has made a mistake in the list.
        usage(f"{verb}: 'x' is no list of vectors such as 0,3,7-9", verb,
              "get", "rest", "x")
    usage("affinity: 'spraed' is none of get, set, clear and spread; did you "
          "mean 'spread'?", "affinity", "spraed", A, "--cpus", "0")
    usage("stats: 'rest' is none of get and reset; did you mean 'reset'?",
          "stats", "rest", A)
    usage("stats: 'rest' is none of get and reset; did you mean 'reset'?",
          "stats", "rest", "0000:00:04.0", "--store")
    usage("stats: a store has no vectors, and 'frob' is none of get and reset",
          "stats", "frob", "0000:00:04.0", "--store")


@test
def names_like_actions():
    """A device may be called so. If none is, its name may have been an action."""
    gives("3\n", "stats", "rest", "-o", "vector", "--noheadings", "3",
          fake="name=rest")
    fails(NO_OBJECT, "imsctl: device rest: no such virtual device is open; did "
          "you mean 'reset'?\n", "stats", "rest")
    fails(NO_OBJECT, "imsctl: device rest: no such virtual device is open\n",
          "stats", "get", "rest")
