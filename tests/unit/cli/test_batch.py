# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl --batch"""

import json
import os
import pathlib
import signal
import subprocess
import tempfile

import harness
from harness import *

DIFFERENT = 6


class File:
    """A batch with this text, or these bytes."""

    def __init__(self, text):
        self.directory = tempfile.TemporaryDirectory()
        self.path = f"{self.directory.name}/batch"
        data = text if isinstance(text, bytes) else text.encode()
        pathlib.Path(self.path).write_bytes(data)

    def __enter__(self):
        return self.path

    def __exit__(self, *unused):
        self.directory.cleanup()


def batch(text, *options, fake="", stdout=subprocess.PIPE):
    """What a batch gives. Its file is called FILE in errors."""
    with File(text) as path:
        r = imsctl(*options, "--batch", path, fake=fake, stdout=stdout)
        r.err = r.err.replace(path, "FILE")
    return r


def prints(out, text, *options, fake=""):
    r = batch(text, *options, fake=fake)
    equal((r.code, r.out, r.err), (DONE, out, ""))


def asks(text, *options):
    """Success without output, and the changes that the kernel was asked for."""
    r = batch(text, *options, fake="trace")
    equal((r.code, r.out), (DONE, ""))
    return r.err.splitlines()


def stops(code, err, text, *options, fake="", out=""):
    """The errors of a batch that did not come to its end."""
    r = batch(text, *options, fake=fake)
    equal(r.err, "".join(f"imsctl: FILE:{line}\n" for line in err),
          "standard error")
    equal((r.code, r.out), (code, out))


def wrong(err, text, *options):
    """Lines that are wrong. That is found out without asking the kernel."""
    r = batch(text, *options, fake="no-socket")
    expected = "".join(f"imsctl: FILE:{line}\n" for line in err)
    equal(r.err, expected + "imsctl: FILE: nothing was run\n")
    equal((r.code, r.out), (USAGE, ""))


def names():
    return imsctl("list", "-o", "name").out


@test
def batch_runs_in_order():
    equal(asks("limit set wq0 9\n"
               "cookie set wq0 default 0x7\n"
               f"trigger {A} 1\n"
               "limit set wq0 8\n"),
          ["device-set id=3 limit=9", "device-set id=3 default-cookie=0x7",
           "trigger device-id=1 index=1", "device-set id=3 limit=8"])
    # One sees what those before it have done.
    prints("9\n8\n", "limit set wq0 9\n"
           "limit wq0 -o limit --noheadings\n"
           "limit set wq0 8\n"
           "limit wq0 -o limit --noheadings\n")
    prints(names() + imsctl("show", A).out, f"list -o name\nshow {A}\n")


@test
def batch_of_nothing():
    for text in ("", "\n", "\n\n", "# list\n", "  \t # \n", "#", "\r\n"):
        prints("", text, fake="no-socket")


@test
def batch_has_words():
    out = names()
    for text in ("list -o name\n", "list -o name", "  list\t-o   name  \n",
                 "list -o name\r\n", "list -o name # its name\n",
                 "list -o name #\n", "list -oname\n", "-o name list\n",
                 "'list' -o \"name\"\n", "l'is't -o na\"me\"\n",
                 "list '-o' name''\n", "\n# here\nlist -o name\n\n"):
        prints(out, text)
    # What a word has can be seen where it is refused.
    for word, found in (("'a b'", "a b"), ('"a b"', "a b"), ("a#b", "a#b"),
                        ("'#'", "#"), ('"#"a', "#a"), ("a'#'", "a#"),
                        ("''", ""), ('""', ""), ("''''", ""),
                        ("'\"'", '"'), ('"\'"', "'"), (r'"\""', '"'),
                        (r'"\\"', "\\"), (r'"\n"', r"\n"), ("\"\\'\"", "\\'"),
                        ("'\\'", "\\"), (r"'a\\b'", r"a\\b"), (r"a\b", r"a\b"),
                        (r"a\\", r"a\\"), ("$HOME", "$HOME"), ("*", "*"),
                        ("a;b", "a;b"), ("é", "é"), ("'\t'", "?")):
        wrong([f"1: unknown command '{found}'"], f"{word}\n")
        wrong([f"1: unknown command '{found}'"], f"{word} # x\n")
        wrong([f"1: unknown command '{found}'"], f"{word} x")
    wrong(["1: list: unexpected argument 'c'"], "list 'a b'c c # d")
    wrong(["1: list: unexpected argument ''"], "list x ''")
    # As many words as a line can have, and long ones.
    wrong(["1: unknown command 'a'"], "a " * 100000)
    wrong([f"1: unknown command '{'x' * 100000}'"], "x" * 100000)


@test
def batch_with_wrong_lines():
    for quote in ("'", '"'):
        for text in (quote, f"list {quote}", f"list {quote}a",
                     f"list a{quote}b # {{}}", f"list {quote}a\n{quote}"):
            wrong([f"{n + 1}: a quote is not closed"
                   for n in range(text.count("\n") + 1)], text)
    wrong(["1: a quote is not closed"], r'list "\"')
    wrong(["1: a quote is not closed"], r'list "a' + "\\")
    for text in (b"\0", b"list\0\n", b"\0list\n", b"# \0\n", b"list -o \0name"):
        wrong(["1: a NUL byte"], text)
    wrong(["2: unknown command 'lsit'; did you mean 'list'?"], "list\nlsit\nlist\n")
    wrong(["3: list: unknown option '--foo'"], "list\n# here\nlist --foo\n")
    wrong(["1: unknown option '--foo'"], "--foo list")
    wrong(["1: no command given"], "--json")
    wrong(["1: trigger: option '--dry-run' takes no argument"],
          "trigger x 0 --dry-run=1")
    wrong(["1: list: option '-o' needs an argument"], "list -o")
    wrong(["1: show: NAME is missing"], "show")
    wrong(["1: trigger: unexpected argument 'c'"], "trigger a b c")
    wrong(["1: trigger: it has no option '--json'"], "trigger a b --json")
    wrong(["1: list: --color: 'x' is none of auto, always, never"],
          "list --color x")
    # All of them are told, and nothing runs.
    wrong(["2: unknown command 'lsit'; did you mean 'list'?", "4: a quote is not closed",
           "5: a NUL byte", "6: list: unknown option '-x'"],
          "list\nlsit\nlist\n'\n\0\nlist -x\nlist")


@test
def batch_with_wrong_arguments():
    """Of what changes something, all that can be known without the kernel."""
    for err, line in (
            ("trigger: '7-' is no list of vectors such as 0,3,7-9",
             "trigger x 7-"),
            ("cookie: 'put' is none of get, set and clear",
             "cookie put x 1 2"),
            ("cookie: COOKIE is missing", "cookie set x 1"),
            ("cookie: '0xg' is no number such as 0x1001",
             "cookie set x 1 0xg"),
            ("cookie: the default cookie cannot be cleared, only set",
             "cookie clear x default"),
            ("cookie: set goes without --json", "cookie set x 1 1 -j"),
            ("affinity: 'y' is no list of vectors such as 0,3,7-9",
             "affinity set x y 0"),
            ("affinity: CPUS is empty", "affinity set x 1 ''"),
            ("stats: reset goes without --nonzero", "stats reset x --nonzero"),
            ("stats: '1,' is no list of vectors such as 0,3,7-9", "stats x 1,"),
            ("limit: 'all' is no number of slots", "limit set x all"),
            ("limit: LIMIT is missing", "limit set x"),
            ("limit: get goes without --dry-run", "limit x -n"),
            ("apply: FILE is missing", "apply"),
            ("apply: --idle-timeout: 'x' is no number of seconds",
             "apply --watch y --idle-timeout x")):
        wrong([f"2: {err}"], f"limit set wq0 9\n{line}\n")
    # They have nothing against what is right.
    for line in ("trigger x 1,3", "stats x 1,3", "stats reset x 1,3",
                 "cookie get x", "affinity x 1-2", "limit x", "apply y"):
        equal(imsctl("--batch", "-", stdin=line).code,
              FAILED if line == "apply y" else NO_OBJECT)
    for line in ("cookie get x", "affinity get x", "stats x", "limit x"):
        prints(imsctl(*line.split(), "-o", "help").out, f"{line} -o help",
               fake="no-socket")


@test
def batch_with_too_many_wrong_lines():
    r = batch("x\n" * 9 + "list\n")
    equal(r.err.splitlines()[-1], "imsctl: FILE: nothing was run")
    equal(len(r.err.splitlines()), 10)
    for more in (1, 2, 1000):
        r = batch("x\n" * (9 + more), fake="no-socket")
        equal(r.err.splitlines(),
              [f"imsctl: FILE:{n}: unknown command 'x'"
               for n in range(1, 11)] +
              ["imsctl: FILE: too much is wrong; nothing was run"])
        equal((r.code, r.out), (USAGE, ""))


@test
def batch_in_a_batch():
    wrong(["1: --batch does not go into a batch"], "--batch x")
    wrong(["1: list: --batch does not go into a batch"], "list --batch=x")
    wrong(["1: --help does not go into a batch"], "--help")
    wrong(["1: list: --help does not go into a batch"], "list -h")
    wrong(["1: --version does not go into a batch"], "-V list")
    wrong(["1: list: --version does not go into a batch"], "list --version")


@test
def batch_ends_at_a_failure():
    nobody = "device nobody: no such virtual device is open"
    end = "the batch ends here: {} commands not run"
    stops(NO_OBJECT, [f"1: {nobody}"], "list nobody\n")
    stops(NO_OBJECT, [f"3: {nobody}", f"3: {end.format('1 of 3')}"],
          "list -o name\n\nlist nobody\nlist\n", out=names())
    stops(NO_OBJECT, [f"1: {nobody}", f"1: {end.format('4 of 5')}"],
          "list nobody\nlist\nlist\n# no command\nlist\nlist nobody")
    r = batch("limit set wq0 9\nlimit set nobody 1\n"
              "limit set wq0 8\n", fake="trace")
    equal(r.code, NO_OBJECT)
    equal(r.err.splitlines()[0], "device-set id=3 limit=9")
    assert "limit=8" not in r.err, r.err


@test
def a_signal_ends_a_batch():
    text = "schema\n\nmonitor --banner --json\nlist\nlist\n"
    for number in signal.SIGINT, signal.SIGTERM:
        with File(text) as path:
            out, err = ended_by_signal(number, "--batch", path,
                                       until='"listening"')
        equal(err, f"imsctl: {path}:3: a signal ends the batch here: 2 of 4 "
              "commands not run\n")
        assert out.startswith(imsctl("schema").out), out
    # Alone it needs no explanation.
    equal(ended_by_signal(signal.SIGINT, "monitor", "--banner",
                          until="listening")[1], "")
    # What is started in the background ignores what the terminal sends.
    with File("list\nmonitor --banner --idle-timeout 0.3\n") as path:
        p = subprocess.Popen(
            [harness.build / "tests/unit/imsctl_fake", "--batch", path],
            env=dict(os.environ, IMS_FAKE="", NO_COLOR="1"),
            stdout=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
        p.stdout.readline()
        p.send_signal(signal.SIGINT)
        p.communicate(timeout=60)
        equal(p.returncode, DONE)


@test
def exit_codes_of_batches():
    def gives_code(code, line, fake=""):
        r = batch(f"schema\n{line}\nlist\n", fake=fake)
        equal(r.code, code, r.err)
        assert r.err.endswith("imsctl: FILE:2: the batch ends here: "
                              "1 of 3 commands not run\n"), r.err
        for text in r.err.splitlines():
            assert text.startswith("imsctl: FILE:2: "), r.err
        return r

    gives_code(FAILED, f"trigger {A} 3")
    gives_code(FAILED, "list", fake="no-socket")
    # Columns are looked at when it runs. There is no advice to try --help.
    r = gives_code(USAGE, "list -o frob")
    equal(len(r.err.splitlines()), 2)
    gives_code(NO_OBJECT, "list nobody")
    gives_code(NOT_PERMITTED, f"trigger {A} 1", fake="user")
    gives_code(UNSUPPORTED, "list", fake="absent")
    with File(f"version 1\ndevice wq0\nlimit 5\n") as conf:
        gives_code(DIFFERENT, f"diff wq0 {conf}")


@test
def batch_of_a_file_that_applies_a_file():
    with File("version 1\nlimit x\n") as conf:
        stops(FAILED, [f"2: {conf}:2: 'x' is no number of slots"],
              f"schema\napply wq0 {conf}\n", out=imsctl("schema").out)


@test
def batch_tells_warnings():
    r = batch("# x\nlimit set wq0 9\nlimit set wq0 8\n", fake="warning")
    equal(r.code, DONE)
    assert "imsctl: FILE:2: warning: mind the gap\n" in r.err, r.err
    assert "imsctl: FILE:3: warning: mind the gap\n" in r.err, r.err
    for line in r.err.splitlines():
        assert line.endswith(": warning: mind the gap"), r.err


@test
def batch_prints_in_order():
    def together(text, fake=""):
        with File(text) as path:
            p = subprocess.run(
                [harness.build / "tests/unit/imsctl_fake", "--batch", path],
                env=dict(os.environ, IMS_FAKE=fake, LC_ALL="C.UTF-8"),
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        return p.stdout.decode().replace(path, "FILE")

    schema = imsctl("schema").out
    end = "imsctl: FILE:2: the batch ends here: 1 of 3 commands not run\n"
    equal(together("schema\nlist nobody\nlist\n"), schema +
          "imsctl: FILE:2: device nobody: no such virtual device is open\n" +
          end)
    # As much as could be read, and the reason.
    r = imsctl("list", A, fake="disturbed")
    assert r.out and r.err, r.err
    equal(together(f"schema\nlist {A}\nlist\n", fake="disturbed"), schema +
          r.err.replace("imsctl: ", "imsctl: FILE:2: ") + r.out + end)
    equal(together("list -o name\ndoctor\nlist\n"),
          names() + imsctl("doctor").out + end)


@test
def batch_from_standard_input():
    r = imsctl("--batch", "-", stdin="list -o name\nlist nobody\nlist")
    equal((r.code, r.out), (NO_OBJECT, names()))
    equal(r.err, "imsctl: standard input:2: device nobody: no such virtual "
          "device is open\nimsctl: standard input:2: the batch ends here: "
          "1 of 3 commands not run\n")
    r = imsctl("--batch", "-", stdin="lsit")
    equal((r.code, r.err), (USAGE, "imsctl: standard input:1: unknown command "
                            "'lsit'; did you mean 'list'?\nimsctl: standard "
                            "input: nothing was run\n"))
    # It has been read to its end when the commands run.
    r = imsctl("--batch", "-", stdin="apply wq0 -\nversion 1")
    equal(r.code, USAGE)
    r = imsctl("--batch", "-", stdin="apply wq0 -\n")
    equal((r.code, r.out), (FAILED, ""))
    with File("apply wq0 -\n") as path:
        r = imsctl("--batch", path, stdin="version 1\ndevice wq0\n")
        equal((r.code, r.out), (DONE, "device wq0: nothing to change\n"))


@test
def batch_that_cannot_be_read():
    with tempfile.TemporaryDirectory() as tmp:
        fails(FAILED, f"imsctl: {tmp}: Is a directory\n", "--batch", tmp)
        fails(FAILED, f"imsctl: {tmp}/x: No such file or directory\n",
              "--batch", f"{tmp}/x")
        with File("") as path:
            fails(FAILED, f"imsctl: {path}/x: Not a directory\n", "--batch",
                  f"{path}/x")
    closed = f"exec '{harness.build}/tests/unit/imsctl_fake' --batch - <&-"
    p = subprocess.run(["sh", "-c", closed], stderr=subprocess.PIPE)
    equal((p.returncode, p.stderr),
          (FAILED, b"imsctl: standard input: Bad file descriptor\n"))


@test
def batch_whose_output_cannot_be_written():
    with open("/dev/full", "w") as full:
        r = batch("\nlist\nlist\n", stdout=full)
        equal((r.code, r.err),
              (FAILED, "imsctl: FILE:2: standard output: No space left on "
               "device\nimsctl: FILE:2: the batch ends here: 1 of 2 commands "
               "not run\n"))
        # What prints nothing does not mind.
        r = batch("limit set wq0 9\n", stdout=full)
        equal((r.code, r.err), (DONE, ""))
        r = batch("list large\nlist\n", fake="large", stdout=full)
        equal((r.code, len(r.err.splitlines())), (FAILED, 2))


@test
def wrong_calls_of_batch():
    usage("option '--batch' needs an argument", "--batch")
    for text, args in (
            ("--batch takes the commands of FILE: leave out 'list'",
             ["--batch", "x", "list"]),
            ("--color: 'x' is none of auto, always, never",
             ["--color", "x", "--batch", "x"])):
        fails(USAGE, f'imsctl: {text}\nTry "imsctl --help".\n', *args,
              fake="no-socket")
    usage("list: it has no option '--batch'", "list", "--batch", "x")
    for option in ("-oname", "--stores", "--now", "--count=1", "--nonzero",
                   "--watch=x"):
        name = "output" if option == "-oname" else option[2:].split("=")[0]
        usage(f"--batch goes without --{name}", option, "--batch", "x")
        usage(f"--batch goes without --{name}", "--batch=x", option)
    equal(imsctl("--batch", "x", "--help").out, imsctl("--help").out)
    equal(imsctl("-V", "--batch", "x").out, imsctl("--version").out)


@test
def options_of_all_lines():
    # Where the command has them, and where they make sense for it.
    both = imsctl("list", "--json").out + imsctl("show", A, "--json").out
    text = f"list\nlimit set wq0 9\nshow {A}\ntrigger {A} 1\nschema\n"
    prints(both + imsctl("schema").out, text, "--json")
    prints(imsctl("list", "--noheadings").out + imsctl("show", A).out +
           imsctl("schema").out, text, "--noheadings")
    prints(imsctl("cookie", "get", A, "--json").out,
           f"cookie get {A}\ncookie set {A} 1 2\n"
           f"affinity clear {A} 1\nstats reset wq0\n", "--json")
    # After --batch, too.
    with File("list\n") as path:
        gives(imsctl("list", "--json").out, "--batch", path, "--json")
    # Each gives an array.
    found, rest = [], batch("list\nstats wq0", "-j").out
    while rest.strip():
        value, end = json.JSONDecoder().raw_decode(rest)
        found.append(value)
        rest = rest[end:].lstrip()
    equal([len(f) for f in found], [3, 1])
    # What the line says goes first.
    colored = imsctl("list", "--color=always").out
    assert colored != imsctl("list").out
    prints(colored, "list", "--color=always")
    prints(imsctl("list").out + colored, "list --color=never\nlist",
           "--color=always")
    prints(imsctl("list", "-o", "name", "--noheadings").out, "list -o name",
           "--noheadings")


# Everything that changes something, in each of its forms.
CHANGES = [
    f"trigger {A} 1", f"trigger {A} 1 --interrupt",
    f"cookie set {A} 1 0x9", f"cookie set {A} 1 0x9 --now",
    f"cookie clear {A} 2", "cookie set wq0 default 3",
    f"affinity set {A} 1 0", f"affinity clear {A} 1",
    f"stats reset {A}", f"stats reset {A} 1-2",
    "stats reset --store 0000:00:04.0",
    "limit set wq0 9", f"limit set {A} 31 --reservation 1",
    "limit set --store 0000:00:04.0 100",
    "bypass set wq0 on",
    "quiet set wq0 0", f"quiet clear {A} 1,3", f"rate set {A} 1 500",
    "rate clear wq0 default",
]


@test
def dry_run_of_all_lines():
    real = asks("\n".join(CHANGES))
    equal(len(real), len(CHANGES))
    assert not any("validate-only" in line for line in real), real
    tried = asks("\n".join(CHANGES), "--dry-run")
    equal(tried, [line + " validate-only" for line in real])
    equal(asks("\n".join(f"{c} -n" for c in CHANGES)), tried)
    with File("version 1\nlimit 5\nvector 1 cookie 7\n") as conf:
        r = batch(f"apply {A} {conf}\n", "-n", fake="trace")
        equal((r.code, r.out),
              (DONE, f"device {A}: 2 settings would be changed\n"))
        lines = r.err.splitlines()
        assert lines and all(l.endswith(" validate-only") for l in lines), lines
    # Nothing has become of it; what only looks runs as ever.
    before = imsctl("limit", "wq0", "--json").out
    prints(before + imsctl("cookie", "get", A).out,
           f"limit set wq0 9\nlimit wq0 --json\ncookie get {A}\n", "-n")
    # The kernel refuses in a dry run what it would refuse.
    stops(FAILED, ["2: " + imsctl("trigger", A, "3", "-n").err.removeprefix(
        "imsctl: ").rstrip()],
        f"trigger {A} 1\ntrigger {A} 3\n", "--dry-run")


@test
def dry_run_of_what_cannot_be_tried():
    text = ("it cannot be tried: the batch goes without --dry-run, or without "
            "this line")
    with tempfile.TemporaryDirectory() as tmp:
        wrong([f"1: save: {text}", f"2: capture: {text}",
               f"3: apply: {text}"],
              f"save wq0 {tmp}/x\ncapture {tmp}/x\napply --watch {tmp}\n",
              "--dry-run")
        equal(os.listdir(tmp), [])
        saved = imsctl("save", "wq0").out
        prints(saved * 2, "save wq0\nsave wq0 -\n", "-n")
        prints(imsctl("capture").out * 2, "capture\ncapture -\n", "-n")
        prints("", f"save wq0 {tmp}/x\n")
        equal(os.listdir(tmp), ["x"])


@test
def every_command_is_known_to_change_or_not():
    """A command that changes something and is not in CHANGES would be missed."""
    looks = {"list", "show", "monitor", "top", "metrics", "doctor", "diff",
             "schema", "completion"}
    changes = {line.split()[0] for line in CHANGES} | {"apply", "save", "capture"}
    equal(looks | changes, set(commands()))
    # Those that ask the kernel to change something offer to try it.
    for command in changes - {"save", "capture"}:
        assert "--dry-run" in imsctl(command, "--help").out, command
