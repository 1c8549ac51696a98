# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl completion"""

import os
import pathlib
import pty
import re
import select
import shlex
import shutil
import subprocess
import tempfile
import time

import harness
from harness import *

STORE = "0000:00:04.0"


def program():
    return harness.build / "tests/unit/imsctl_fake"


def script(shell):
    r = imsctl("completion", shell, fake="no-socket")
    equal((r.code, r.err), (DONE, ""))
    return r.out


def split(line):
    """As readline splits it: ":" and "=" are words of their own."""
    return [w for word in line.split(" ") for w in
            (re.findall(r"[:=]+|[^:=]+", word) or [""])]


def complete(line, fake=""):
    """What bash offers for the last word of a line, "imsctl" left out."""
    words = [str(program())] + split(line)
    commands = (script("bash") + f"COMP_WORDS=({shlex.join(words)})\n"
                f"COMP_CWORD={len(words) - 1}\n_imsctl\n"
                'printf "%s\\n" "${COMPREPLY[@]}"\n')
    p = subprocess.run(["bash", "--norc", "--noprofile"], text=True,
                       input=commands, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=60,
                       env=dict(os.environ, IMS_FAKE=fake, LC_ALL="C.UTF-8"))
    equal((p.returncode, p.stderr), (0, ""), line)
    return p.stdout.split("\n")[:-1] if p.stdout != "\n" else []


@test
def bash_completes_commands():
    equal(complete(""), commands())
    equal(complete("li"), ["list", "limit"])
    equal(complete("--json sho"), ["show"])
    equal(complete("-o name sho"), ["show"])
    equal(complete("schema mon"), ["monitor"])
    equal(complete("help mon"), ["monitor"])
    equal(complete("frob "), [])


@test
def bash_completes_options():
    equal(complete("--"), ["--json", "--noheadings", "--full", "--dry-run",
                           "--color", "--batch", "--help", "--version"])
    for command in commands():
        text = imsctl(command, "--help").out
        names = re.findall(r"^  (?:-., |    )(--[a-z-]+)", text, re.M)
        names.insert(names.index("--help"), "--color")
        equal(complete(f"{command} --"), names)
    equal(complete("list x --no"), ["--noheadings", "--nonzero"])
    equal(complete("cookie set x --"), ["--now", "--dry-run", "--color",
                                        "--help", "--version"])
    equal(complete("list --color "), ["auto", "always", "never"])


@test
def bash_completes_arguments():
    equal(complete("cookie "), ["get", "set", "clear", A, "wq0", B])
    equal(complete("affinity s"), ["set", "spread"])
    equal(complete("cookie s"), ["set"])
    equal(complete("completion "), ["bash", "fish", "zsh"])
    for line in ("list ", "trigger -n ", "affinity get ", "show --json "):
        equal(complete(line), [A, "wq0", B])
    equal(complete("list 83"), [A, B])
    equal(complete("list w"), ["wq0"])
    equal(complete("show --store "), ["0000:00:04.0", "0000:00:05.0"])
    equal(complete("show --store 0000:00:0"), ["04.0", "05.0"])
    equal(complete("limit --store 0000:00:05"), ["05.0"])
    equal(complete("show 0000:00:05.0-", fake="functions"),
          ["05.0-1", "05.0-12"])
    equal(complete(f"show {A} "), ["0", "1", "2", "3", "4", "10"])
    equal(complete(f"trigger {A} 1"), ["1", "10"])
    equal(complete(f"trigger {A} 3,1"), ["3,1", "3,10"])
    equal(complete("show 0000:00:05.0 "), ["0"])
    equal(complete("cookie w"), ["wq0"])
    equal(complete(f"bypass set {A} o"), ["on", "off"])
    equal(complete(f"cookie set {A} d"), ["default"])
    equal(complete(f"cookie {A} d"), ["default"])
    equal(complete(f"cookie clear {A} 1"), ["1", "10"])
    equal(complete(f"cookie clear {A} d"), [])
    equal(complete(f"affinity set {A} a"), ["all"])
    equal(complete(f"affinity set {A} 1,a"), [])
    equal(complete(f"affinity set {A} d"), [])
    equal(complete("monitor "), [A, "wq0", B])
    equal(complete("metrics "), [])


@test
def bash_completes_values():
    equal(complete("list --state "), ["absent", "idle", "held", "live"])
    equal(complete("list --state l"), ["live"])
    equal(complete("monitor --event store-r"), ["store-reset"])
    equal(complete("list --state=l"), ["live"])
    equal(complete("list --state="), ["absent", "idle", "held", "live"])
    equal(complete("list --state live,h"), ["live,held"])
    equal(complete("list --state live,i"), ["live,idle"])
    equal(complete("list --state=live,i"), ["live,idle"])
    equal(complete("list --backing "), ["ims", "emulated"])
    equal(complete("list --owner q"), ["qemu-system-x86"])
    equal(complete("list --owner 99,4"), ["99,4242"])
    equal(complete("list --parent 0000:00:04.0,0000:00:05"),
          ["05.0"])
    equal(complete("list --by st"), ["store"])
    equal(complete("list --cookie "), [])
    equal(complete("top --by no"), ["node"])
    equal(complete("top -o parent_"), ["parent_node"])
    equal(complete("top --by store -o dev"), ["devices"])
    equal(complete("top --by=vm -o dev"), ["devices"])
    equal(complete("list --frob="), [])


@test
def bash_completes_batches():
    with tempfile.TemporaryDirectory() as tmp:
        pathlib.Path(f"{tmp}/list").touch()
        for line in (f"--batch {tmp}/l", f"--batch={tmp}/l",
                     f"--json --batch {tmp}/l"):
            equal(complete(line), [f"{tmp}/list"])
    # No command follows, but options may.
    equal(complete("--batch x "), [])
    equal(complete("--batch=x l"), [])
    equal(complete("--batch x --dry"), ["--dry-run"])
    equal(complete("list --batch x w"), ["wq0"])


def columns(*args):
    text = imsctl(*args, "-o", "help", fake="no-socket").out
    return re.findall(r"^ [* ] (\w+) ", text, re.M)


@test
def bash_completes_columns():
    equal(complete("list -o "), columns("list"))
    equal(complete("list -o na"), ["name"])
    equal(complete("list --output=na"), ["name"])
    equal(complete("list -o name,own"), ["name,owner_pid", "name,owner_comm",
                                         "name,owner"])
    equal(complete("list -o +uu"), ["+uuid"])
    equal(complete("list -o +uuid,gon"), ["+uuid,gone"])
    equal(complete("list --stores -o "), columns("list", "--stores"))
    equal(complete("list --vectors -o "), columns("list", "--vectors"))
    equal(complete("list wq0 -o "), columns("list", "x"))
    equal(complete("show -o "), columns("show", "x"))
    equal(complete("show --store -o "), columns("show", "--store", "x"))
    equal(complete("cookie get wq0 -o "), columns("cookie", "get", "x"))
    equal(complete("cookie -o "), columns("cookie", "get", "x"))
    equal(complete("cookie get wq0 default -o "),
          columns("cookie", "get", "x", "default"))
    # Nothing is changed to find out.
    equal(complete("cookie set wq0 0 1 -o "), [])
    equal(complete("limit wq0 -o lim", fake="absent"), ["limit"])
    equal(complete("trigger wq0 0 -o "), [])


@test
def bash_completes_from_captures():
    """What is in the capture, and not what this host has."""
    with tempfile.TemporaryDirectory() as tmp:
        file = f"{tmp}/capture.json"
        gives("", "capture", file)
        for given in f"--input {file}", f"--input={file}":
            equal(complete(f"list {given} wq", fake="absent"), ["wq0"])
            equal(complete(f"show {given} --store ", fake="absent"),
                  complete("show --store "))
            equal(complete(f"show wq0 {given} ", fake="absent"), ["0"])
        equal(complete(f"list --input {tmp}/none wq"), [])


@test
def bash_completes_nothing_without_module():
    equal(complete("list ", fake="absent"), [])
    equal(complete("show x ", fake="absent"), [])


@test
def bash_does_not_expand_what_processes_are_called():
    out = complete("list --owner ", fake="comm=$(touch gotcha);x")
    assert "\\$\\(touch\\ gotcha\\)\\;x" in out, out
    assert not os.path.exists("gotcha")


class Terminal:
    """A shell that is typed into."""

    def __init__(self, argv, tmp):
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.environ.update(PATH=f"{tmp}:{os.environ['PATH']}",
                              TERM="dumb", HOME=str(tmp), ZDOTDIR=str(tmp),
                              LC_ALL="C.UTF-8", IMS_FAKE="")
            os.execvp(argv[0], argv)
        self.text = ""

    def send(self, text):
        os.write(self.fd, text.encode())

    def until(self, text):
        """Reads until it says that; what it has said since the last time."""
        end = time.monotonic() + 60
        while text not in self.text:
            if not select.select([self.fd], [], [], end - time.monotonic())[0]:
                raise AssertionError(f"no {text!r} in {self.text!r}")
            self.text += os.read(self.fd, 4096).decode(errors="replace")
        found, self.text = self.text.split(text, 1)
        return found

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def typed(argv, setup, cases):
    """Types a line and TAB, and looks at what the line is then."""
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        (tmp / "imsctl").symlink_to(program())
        (tmp / "_imsctl").write_text(script("zsh"))
        (tmp / "capture.json").write_text(imsctl("capture").out)
        (tmp / "imsctl.bash").write_text(script("bash"))
        t = Terminal(argv, tmp)
        try:
            t.send(f"cd {tmp}; {setup}; echo rea''dy\n")
            t.until("ready\r\n")
            for line, expected in cases:
                # To the beginning of the line, to its end.
                t.send(f"imsctl {line}\t\001echo \005; echo do''ne\n")
                said = t.until("done\r\n").splitlines()[-1]
                equal(said.strip(), f"imsctl {expected}".strip(), line)
        finally:
            t.send("\003exit\n")
            t.close()


CASES = [
    ("mon", "monitor"),
    ("show --st", "show --store"),
    ("show --store 0000:00:05", "show --store 0000:00:05.0"),
    ("list w", "list wq0"),
    ("list --state=li", "list --state=live"),
    ("list --state id", "list --state idle"),
    ("list --state live,id", "list --state live,idle"),
    ("list --backing em", "list --backing emulated"),
    ("list --color=al", "list --color=always"),
    ("list --input capture.json w", "list --input capture.json wq0"),
    ("show --input=capture.json w", "show --input=capture.json wq0"),
    ("list --stores -o fai", "list --stores -o failures"),
    ("list -o name,uu", "list -o name,uuid"),
    ("list wq0 -o bac", "list wq0 -o backing"),
    ("top --by no", "top --by node"),
    ("top --by store -o devi", "top --by store -o devices"),
    ("top --by=vm -o devi", "top --by=vm -o devices"),
    ("cookie g", "cookie get"),
    ("cookie w", "cookie wq0"),
    ("cookie set wq0 def", "cookie set wq0 default"),
    ("cookie clear --no", "cookie clear --now"),
    ("affinity set wq0 al", "affinity set wq0 all"),
    ("bypass set wq0 of", "bypass set wq0 off"),
    ("cookie get w", "cookie get wq0"),
    (f"show {A} 10", f"show {A} 10"),
    ("trigger --int", "trigger --interrupt"),
    ("completion z", "completion zsh"),
    ("help mon", "help monitor"),
    ("--json mon", "--json monitor"),
    ("--bat", "--batch"),
    ("--dry-run --batch imsctl.ba", "--dry-run --batch imsctl.bash"),
    ("--batch=imsctl.ba", "--batch=imsctl.bash"),
    ("--batch imsctl.bash mon", "--batch imsctl.bash mon"),
    ("--batch imsctl.bash --noh", "--batch imsctl.bash --noheadings"),
]


@test
def completion_in_bash():
    typed(["bash", "--norc", "--noprofile", "-i"], ". ./imsctl.bash", CASES)


@test
def completion_in_zsh():
    if not shutil.which("zsh"):
        return "no zsh"
    typed(["zsh", "-f", "-i"], "PS1='$ '; bindkey -e; unsetopt prompt_sp; "
          "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D", CASES)


def complete_in_fish(lines, fake=""):
    """What fish offers for each of the lines."""
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        (tmp / "imsctl").symlink_to(program())
        (tmp / "imsctl.fish").write_text(script("fish"))
        (tmp / "capture.json").write_text(imsctl("capture").out)
        commands = [f"source {tmp}/imsctl.fish", f"cd {tmp}"]
        for line in lines:
            commands.append(f"complete -C {shlex.quote('imsctl ' + line)}")
            commands.append("echo =")
        p = subprocess.run(["fish", "--no-config"], input="\n".join(commands),
                           text=True, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, timeout=120,
                           env=dict(os.environ, IMS_FAKE=fake, HOME=str(tmp),
                                    LC_ALL="C.UTF-8", TERM="dumb",
                                    PATH=f"{tmp}:{os.environ['PATH']}"))
    equal((p.returncode, p.stderr), (0, ""))
    offers = p.stdout.split("=\n")[:-1]
    equal(len(offers), len(lines))
    return [[l.split("\t")[0] for l in o.splitlines()] for o in offers]


@test
def completion_in_fish():
    if not shutil.which("fish"):
        return "no fish"
    cases = [
        ("mon", ["monitor"]),
        ("help mon", ["monitor"]),
        ("--json sho", ["show"]),
        ("schema mon", ["monitor"]),
        ("list w", ["wq0"]),
        ("cookie s", ["set"]),
        ("cookie w", ["wq0"]),
        ("cookie set w", ["wq0"]),
        (f"cookie set {A} d", ["default"]),
        (f"affinity set {A} d", []),
        (f"affinity set {A} a", ["all"]),
        (f"trigger {A} 1", ["1", "10"]),
        (f"trigger {A} 3,1", ["3,1", "3,10"]),
        ("bypass set wq0 of", ["off"]),
        ("completion f", ["fish"]),
        ("show --store 0000:00:05", ["0000:00:05.0"]),
        ("list --state id", ["idle"]),
        ("list --state=id", ["--state=idle"]),
        ("list --state live,id", ["live,idle"]),
        ("list --owner 99,4", ["99,4242"]),
        ("list -o uu", ["uuid"]),
        ("list -o +uu", ["+uuid"]),
        ("list --stores -o fai", ["failures"]),
        ("list wq0 -o name,bac", ["name,backing"]),
        ("list --input capture.json w", ["wq0"]),
        ("trigger --int", ["--interrupt"]),
        ("cookie set --no", ["--now"]),
        ("cookie get --no", ["--noheadings"]),
        ("--bat", ["--batch"]),
        ("metrics ", []),
        ("frob ", []),
    ]
    for (line, expected), found in zip(cases, complete_in_fish(
            [line for line, _ in cases])):
        equal(sorted(found), sorted(expected), line)
    for line, found in zip(commands(), complete_in_fish(
            [f"{command} --" for command in commands()])):
        names = re.findall(r"^  (?:-., |    )(--[a-z-]+)",
                           imsctl(line, "--help").out, re.M)
        equal(sorted(found), sorted([*names, "--color"]), line)
    equal(complete_in_fish(["list ", "show x "], fake="absent"), [[], []])


@test
def zsh_describes():
    """Commands, and the options of each, in the words of their help."""
    def quoted(text):
        text = re.sub(r"([\[\]:\\])", r"\\\1", text)
        return text.replace("'", "'\\''")

    text = script("zsh")
    for line in imsctl("--help").out.split("\n\n")[1].splitlines()[1:]:
        name, summary = line.strip().split(None, 1)
        assert f"\t'{name}:{quoted(summary)}'\n" in text, name
    for command in commands():
        case = text.split(f"\t'{command}') _arguments")[1].split("\t\t;;\n")[0]
        help = imsctl(command, "--help").out.split("\nOptions:\n")[1]
        help = re.sub(r"\n {24}", " ", help.split("\n\n")[0])
        for name, what in re.findall(r"--(\S+)(?: [A-Z]+| auto\S+)?  +(.*)",
                                     help):
            assert re.search(re.escape(name) + "=?}?'?" +
                             re.escape(f"[{quoted(what)}]"), case), (
                                 command, name, case)


@test
def completion_scripts_are_correct():
    for shell in "bash", "fish", "zsh":
        if shutil.which(shell):
            p = subprocess.run([shell, "-n"], input=script(shell), text=True,
                               stderr=subprocess.PIPE)
            equal((p.returncode, p.stderr), (0, ""))


@test
def wrong_calls_of_completion():
    usage("completion: bash|fish|zsh is missing", "completion")
    usage("completion: 'tcsh' is none of bash, fish and zsh", "completion",
          "tcsh")
    usage("completion: unexpected argument 'zsh'", "completion", "bash", "zsh")
    usage("completion: it has no option '--json'", "completion", "bash", "-j")
    with open("/dev/full", "w") as full:
        equal(imsctl("completion", "zsh", stdout=full).code, FAILED)
