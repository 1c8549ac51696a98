# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of imsctl share."""

import contextlib
import difflib
import fcntl
import os
import pathlib
import pty
import re
import signal
import struct
import subprocess
import tempfile
import termios

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden"

A = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
B = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"

BOLD, FAINT, RED, GREEN, YELLOW, OFF = (
    f"\x1b[{code}m" for code in (1, 2, 31, 32, 33, 0))

DONE, FAILED, USAGE, NO_OBJECT, NOT_PERMITTED, UNSUPPORTED = range(6)

# test-imsctl sets them: the build's directory, and whether to write GOLDEN.
build = None
update = False

tests = []


def test(function):
    tests.append(function)
    return function


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


def imsctl(*args, fake="", stdout=subprocess.PIPE, stdin=None,
           locale="C.UTF-8"):
    env = dict(os.environ, IMS_FAKE=fake, LC_ALL=locale)
    p = subprocess.run([build / "tests/unit/imsctl_fake", *args], env=env,
                       input=stdin and stdin.encode(), stdout=stdout,
                       stderr=subprocess.PIPE, timeout=60)
    return Result(p.returncode, (p.stdout or b"").decode(), p.stderr.decode())


def on_terminal(*args, width=0, fake="", **env):
    """What goes to a terminal of that width; 0: it does not say."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ,
                struct.pack("HHHH", 24, width, 0, 0))
    env = {**os.environ, "TERM": "xterm", "IMS_FAKE": fake, "COLUMNS": None,
           "LC_ALL": "C.UTF-8", **env}
    env = {k: v for k, v in env.items() if v is not None}
    p = subprocess.Popen([build / "tests/unit/imsctl_fake", *args], env=env,
                         stdout=theirs, stdin=subprocess.DEVNULL)
    os.close(theirs)
    out = b""
    try:
        while chunk := os.read(ours, 65536):
            out += chunk
    except OSError:  # Linux's way of saying that the other side is closed
        pass
    os.close(ours)
    equal(p.wait(), DONE)
    return out.decode().replace("\r\n", "\n")


@contextlib.contextmanager
def host_files(files):
    """A host that has these files: names and texts."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = pathlib.Path(root + name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        os.environ["IMS_FAKE_ROOT"] = root
        try:
            yield
        finally:
            del os.environ["IMS_FAKE_ROOT"]


def ended_by_signal(number, *args, until, fake=""):
    """What a program has said that is sent a signal, after that text."""
    env = dict(os.environ, IMS_FAKE=",".join(filter(None, [fake, "endless"])),
               LC_ALL="C.UTF-8")
    # What runs in the background was started with SIGINT ignored.
    p = subprocess.Popen([build / "tests/unit/imsctl_fake", *args], env=env,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True,
                         preexec_fn=lambda: signal.signal(number,
                                                          signal.SIG_DFL))
    out = ""
    while until not in out:
        line = p.stdout.readline()
        assert line, f"ended with {p.wait()} after {out!r}: {p.stderr.read()}"
        out += line
    # It goes on, as nothing else has told it to end.
    try:
        p.wait(0.2)
    except subprocess.TimeoutExpired:
        p.send_signal(number)
    rest, err = p.communicate(timeout=60)
    equal(p.returncode, -number, "exit status")
    return out + rest, err


def equal(found, expected, what="output"):
    if found != expected:
        raise AssertionError(
            f"{what} is\n{found!r}\ninstead of\n{expected!r}")


def golden(name, *args, fake=""):
    """Success, and exactly this output."""
    r = imsctl(*args, fake=fake)
    equal(r.err, "", "standard error")
    equal(r.code, DONE, "exit status")
    return golden_text(name, r.out)


def golden_text(name, text):
    path = GOLDEN / name
    if update:
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text)
    diff = difflib.unified_diff(path.read_text().splitlines(),
                                text.splitlines(), name, "found", lineterm="")
    equal("\n".join(diff), "", "difference")
    return text


def gives(out, *args, fake=""):
    """Success, and exactly this output, which is short."""
    r = imsctl(*args, fake=fake)
    equal((r.code, r.out, r.err), (DONE, out, ""))


def fails(code, err, *args, fake=""):
    """Exactly this error, and no output."""
    r = imsctl(*args, fake=fake)
    equal(r.err, err, "standard error")
    equal(r.out, "")
    equal(r.code, code, "exit status")


def requests(*args, fake=""):
    """Success, and the changes that the kernel was asked for."""
    r = imsctl(*args, fake="trace," + fake if fake else "trace")
    equal((r.code, r.out), (DONE, ""))
    return r.err.splitlines()


def usage(err, *args):
    """A wrong call. It is found out without asking the kernel."""
    command = err.split(": ")[0] + " " if ": " in err else ""
    fails(USAGE, f'imsctl: {err}\nTry "imsctl {command}--help".\n', *args,
          fake="no-socket")


def colored(out, color, word):
    """How often a word stands there in a colour, with padding or without."""
    return len(re.findall(re.escape(color) + f" *{word} *" + re.escape(OFF),
                          out))


class Link(str):
    """A file that is a symbolic link."""


@contextlib.contextmanager
def on(files):
    """On a host that has these files, by their full names, and no others."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = pathlib.Path(root + name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(text, Link):
                path.symlink_to(text)
            elif isinstance(text, bytes):
                path.write_bytes(text)
            else:
                path.write_text(text)
        os.environ["IMS_FAKE_ROOT"] = root
        try:
            yield
        finally:
            del os.environ["IMS_FAKE_ROOT"]


def aligned(text):
    """A table without trailing blanks whose headings stand over the columns."""
    for line in text.splitlines():
        equal(line, line.rstrip(), "line")


def fits_the_width(text):
    assert max(map(len, text.splitlines())) < 80, "a line is too long"


def fits_the_screen(text, height=24):
    lines = len(text.splitlines())
    assert lines <= height, f"{lines} lines"
    fits_the_width(text)


def commands():
    """The verbs, as the help has them."""
    lines = imsctl("--help", fake="no-socket").out.split("\n\n")[1]
    return [line.split()[0] for line in lines.splitlines()[1:]]
