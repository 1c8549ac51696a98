# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl top on a terminal, which is tmux's"""

import atexit
import functools
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time

import harness
from harness import *

TITLE = "  by total_rate  every 300 s"
SLOW = ["--interval", "300"]


@functools.cache
def server():
    """A directory with the socket of a tmux of our own."""
    directory = tempfile.TemporaryDirectory()
    path = pathlib.Path(directory.name)

    def end():
        subprocess.run(["tmux", "-S", path / "tmux", "kill-server"],
                       stderr=subprocess.DEVNULL)
        directory.cleanup()
    atexit.register(end)
    # The last session must not end it.
    subprocess.run(["tmux", "-u", "-S", path / "tmux", "-f", "/dev/null",
                    "new-session", "-d", "sleep 100000"], check=True)
    return path


def tmux(*args):
    return subprocess.run(
        ["tmux", "-u", "-S", server() / "tmux", "-f", "/dev/null", *args],
        check=True, timeout=60, stdout=subprocess.PIPE).stdout.decode()


def on_screen(function):
    """A test that needs tmux."""
    @functools.wraps(function)
    def run():
        if not shutil.which("tmux"):
            return "tmux is not installed"
        function()
    return test(run)


class Screen:
    """imsctl top, run by a shell that tells then how it has ended."""

    number = 0

    def __init__(self, *args, fake="busy", columns=80, lines=24, **env):
        Screen.number += 1
        self.name = f"s{self.number}"
        self.pid_file = server() / f"{self.name}.pid"
        env = {"TERM": "tmux-256color", "LC_ALL": "C.UTF-8", "IMS_FAKE": fake,
               "IMS_FAKE_ROOT": os.environ.get("IMS_FAKE_ROOT", ""),
               "NO_COLOR": "1", **env}
        words = shlex.join(
            [str(harness.build / "tests/unit/imsctl_fake"), "top", *args])
        script = server() / f"{self.name}.sh"
        script.write_text(
            # Signals of keys are for those who read them, too.
            "trap : INT QUIT; before=$(stty -a)\n"
            # An empty variable is one that is not set.
            + "".join(f"{k}={shlex.quote(v)} export {k}\n" if v
                      else f"unset {k}\n" for k, v in env.items())
            + f"sh -c 'echo $$ >{self.pid_file}; exec {words}'\n"
            "status=$?\n"
            '[ "$(stty -a)" = "$before" ] && same=same || same=changed\n'
            "echo exit $status, terminal $same.\n"
            "exec sleep 1000\n")
        tmux("new-session", "-d", "-s", self.name, "-x", str(columns), "-y",
             str(lines), "sh", str(script))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        tmux("kill-session", "-t", self.name)

    def text(self, *options):
        return tmux("capture-pane", "-p", "-t", self.name, *options)

    def lines(self):
        return self.text().split("\n")

    def flag(self, name):
        return tmux("display-message", "-p", "-t", self.name,
                    f"#{{{name}}}").strip()

    def selected(self):
        """The line that the cursor is on."""
        for line in self.text("-e").split("\n")[3:]:
            codes = re.match(r"(\x1b\[[0-9;]*m)+", line)
            if codes and re.search(r"\[(0;)?7m", codes[0]):
                return re.sub(r"\x1b\[[0-9;]*m", "", line)
        return ""

    def until(self, condition, what):
        end = time.monotonic() + 60
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"never: {what}\n{self.text()}")
            time.sleep(0.02)

    def shows(self, *texts):
        self.until(lambda: all(t in self.text() for t in texts), texts)

    def selects(self, *texts):
        self.until(lambda: all(t in self.selected() for t in texts),
                   f"the cursor on {texts}")

    def press(self, *keys):
        tmux("send-keys", "-t", self.name, *keys)

    def resize(self, columns, lines):
        tmux("resize-window", "-t", self.name, "-x", str(columns), "-y",
             str(lines))

    def pid(self):
        self.until(lambda: self.pid_file.exists() and
                   self.pid_file.read_text(), "a process")
        return int(self.pid_file.read_text())

    def ends(self, status):
        """On the screen that there was before, with all as it was."""
        self.shows(f"exit {status}, terminal same.")
        equal((self.flag("alternate_on"), self.flag("cursor_flag"),
               self.flag("wrap_flag")), ("0", "1", "1"))


def started(*args, **options):
    screen = Screen(*args, *SLOW, **options)
    screen.shows("q quit")
    return screen


@on_screen
def screen_of_top():
    with Screen("--interval", "0.05", columns=132) as s:
        s.shows("vectors: 1-", "  by total_rate  every 0.05 s", "105.0")
        equal((s.flag("alternate_on"), s.flag("cursor_flag")), ("1", "0"))
        lines = s.lines()
        equal(lines[0][:8], "12:34:56")
        assert re.match(r"total/s: [0-9.]+  10 s: [0-9.]+  60 s: [0-9.]+  "
                        r"dropped/s: 3.0 +[▁▂▃▄▅▆▇█]+$", lines[1]), lines[1]
        assert lines[2].startswith("DEVICE "), lines[2]
        s.press("q")
        s.ends(0)


@on_screen
def screen_sorts():
    with started() as s:
        s.press(">")
        s.shows("by rate_10s ")
        s.press("Left")
        s.shows("by total_rate ")
        s.press("<", "<")
        s.shows("by irq ")
        s.press(*["Left"] * 9)
        s.shows("by device ")
        s.selects(A[:8])
        s.press("r")
        s.shows("by device, reversed")
        s.selects("wq0")
        s.press(*["Right"] * 20)
        s.shows("by vm, reversed")
        # A column that there is no room for is shown to sort by.
        s.press("<")
        s.shows("by owner, reversed", " OWNER")
        # A key that has no meaning, and one that no keyboard has.
        s.press("x", "F7")
        s.press("r")
        s.shows("by owner  ")


@on_screen
def screen_refreshes():
    with started(columns=132) as s:
        assert "105.0" not in s.text()
        s.press("Space")
        s.shows("105.0     105.0     105.0 ", "total/s: 112.0 ")
        s.press("Space")
        s.shows(" 40.0      72.5      72.5 ", "total/s: 47.0 ")


@on_screen
def screen_scrolls():
    with started(fake="busy,large", lines=14) as s:
        s.press("Space")
        s.shows("vectors: 1-9 of 5007")
        s.selects("105.0")
        s.press("Down")
        s.selects("wq0")
        s.press("Up", "Up")
        s.selects("105.0")
        s.press(*["Down"] * 9)
        s.shows("vectors: 2-10 of 5007")
        s.selects("large", " 2 ")
        s.press("NPage")
        s.shows("vectors: 10-18 of 5007")
        s.press("PPage", "Up")
        s.shows("vectors: 9-17 of 5007")
        s.press("End")
        s.shows("vectors: 4999-5007 of 5007")
        s.selects("large", " 4999 ")
        s.press("Down", "NPage")
        s.shows("vectors: 4999-5007 of 5007")
        s.selects(" 4999 ")
        s.press("Home")
        s.shows("vectors: 1-9 of 5007")
        s.selects("105.0")


@on_screen
def screen_searches():
    with started(fake="busy,large", lines=14) as s:
        s.press("Space", "/")
        s.press("-l", "LARGE")
        s.selects("large", " 0 ")
        s.shows("/LARGE")
        s.press("Enter", "n")
        s.selects("large", " 1 ")
        assert "/LARGE" not in s.text()
        s.press("N", "N")
        # Around the beginning.
        s.selects("large", " 4999 ")
        s.press("/")
        s.press("-l", "wq0x")
        s.shows("/wq0x: not found")
        # As long as it is typed, the search begins where it began.
        s.press("BSpace")
        s.selects("wq0")
        s.press("Escape")
        s.selects("large", " 4999 ")
        # A name as it is, and as it is shown.
        for text in (A[:10].upper(), A[:8] + ".."):
            s.press("Home", "End", "/")
            s.press("-l", text)
            s.selects(A[:8], "105.0")
            s.press("Enter")
        s.press("/", "q", "Enter", "n")
        s.shows("vectors: ")
        s.selects("wq0")
        # What was found stays under the cursor, also in other orders.
        s.press("r")
        s.shows("by total_rate, reversed")
        s.selects("wq0")
        s.press("/")
        s.press("-l", "nothing")
        s.press("Enter")
        s.shows("nothing: not found")
        s.press("Down")
        s.until(lambda: "not found" not in s.text(), "no more notice")


@on_screen
def screen_hides_idle_rows():
    with started() as s:
        s.press("Space")
        s.shows("vectors: 1-7 of 7")
        s.press("End", "i")
        s.shows("vectors: 1-4 of 4 (3 idle hidden)")
        s.selects(A[:8], " 2 ")
        # The sums do not change.
        s.shows("total/s: 112.0")
        s.press("i")
        s.shows("vectors: 1-7 of 7 ")
    with started("--nonzero", fake="now=142") as s:
        s.shows("vectors: 0-0 of 0 (7 idle hidden)")
        s.press("Down", "Up", "PPage", "End", "Enter", "/", "x", "Enter", "n")
        s.press("i")
        s.shows("vectors: 1-7 of 7 ")


HOST = {
    "/proc/4242/comm": "qemu-system-x86\n",
    "/proc/4242/cmdline": "qemu-system-x86_64\0-name\0guest=web\0",
    "/sys/devices/system/node/node0/cpulist": "0-3\n",
}


@on_screen
def screen_groups():
    with on(HOST), started() as s:
        for kind in ("devices: 1-2 of 2", "vms: 1-2 of 2", "cpus: 1-4 of 4",
                     "nodes: 1-2 of 2", "stores: 1-2 of 2",
                     "vectors: 1-7 of 7"):
            s.press("g")
            s.shows(kind + TITLE)


@on_screen
def screen_goes_into_groups():
    with on(HOST), started("--by=vm", columns=120) as s:
        s.press("Space")
        s.selects("web")
        s.press("Enter")
        s.shows("  devices of vm web: 1-1 of 1" + TITLE, "total/s: 105.0")
        s.press("Enter")
        s.shows(f"  vectors of device {A[:8]}", " of vm web: 1-6 of 6")
        # No farther.
        s.press("Enter", "Down", "Enter", "r")
        s.shows(" of vm web: 1-6 of 6  by total_rate, reversed")
        s.press("Escape")
        s.shows("  devices of vm web: 1-1 of 1" + TITLE)
        # By other kinds, but for the one that it is in.
        for kind in ("cpus", "nodes", "stores", "vectors"):
            s.press("g")
            s.shows(f"  {kind} of vm web: 1-")
        s.press("BSpace")
        s.shows("  vms: 1-2 of 2" + TITLE)
        s.press("Escape", "Escape", "Down")
        s.selects("- ")
        # A machine that is not known is one, too.
        s.press("Enter", "Enter")
        s.shows("  vectors of device wq0 of vm -: 1-1 of 1")
        # The cursor is where it was.
        s.press("BSpace", "BSpace")
        s.shows("  vms: 1-2 of 2")
        s.selects("- ")
    with on(HOST), started("--by=node") as s:
        s.press("Space", "Enter", "Enter")
        s.shows("  vectors of cpu 1 of node 0: 1-1 of 1")
    with started("--by=store", columns=132) as s:
        s.press("Space", "Enter", "Enter")
        s.shows(f"  vectors of device {A[:8]}", "of store ", ": 1-6 of 6")


@on_screen
def screen_fits():
    for columns, lines in ((200, 60), (120, 24), (80, 24), (40, 12), (40, 5),
                           (20, 3), (7, 2), (3, 1)):
        with Screen(*SLOW, fake="busy,large", columns=columns,
                    lines=lines) as s:
            s.until(lambda: sum(map(bool, s.lines())) == lines, "full screen")
            found = s.lines()[:lines]
            assert max(map(len, found)) <= columns
            if lines >= 10:
                assert found[2].startswith("DEVICE "), found[2]
                assert " TOTAL/s" in found[2] and " VECTOR" in found[2]
            if lines > 1:
                assert found[0].startswith("12:34:56"[:columns]), found[0]
            s.press("Down", "g", "Enter", "q")
            if columns >= 40:
                s.ends(0)


@on_screen
def screen_looks():
    """Frames of some widths, as they are."""
    for columns in (40, 80, 120, 200):
        for name, args in (("vectors", []), ("vms", ["--by=vm"])):
            with on(HOST), started(*args, columns=columns, lines=14) as s:
                s.press("Space", "Space")
                s.shows("total/s: 47.0 ")
                found = s.text()
            path = GOLDEN / f"top-screen-{name}-{columns}.txt"
            if harness.update:
                path.write_text(found)
            equal(found, path.read_text(), path.name)


@on_screen
def screen_shows_all():
    """--full, and columns that were asked for, are not made to fit."""
    with started("--full") as s:
        s.shows(A + " ", " IRQ  CPU ")
    with started("-o", "device,signalled_rate,owner_comm,vector") as s:
        s.shows("DEVICE          SIGNALLED/s  COMM             VECTOR")
    # A machine that is not known, and a rate that is 0, say nothing.
    with started(columns=200) as s:
        s.press("Space")
        s.shows("LOOPBACK/s  SIGNALLED/s  DROPPED/s  OWNER")
        assert "VM" not in s.text() and "REMOTE/s" not in s.text()
        s.press("g", "Down", "Enter")
        s.shows("vectors of device wq0", "TOTAL/s")
        s.press("Space")
        s.shows("SIGNALLED/s  OWNER")
        assert "LOOPBACK/s" not in s.text(), s.text()


@on_screen
def screen_follows_the_size():
    with started(fake="busy,large") as s:
        s.shows("vectors: 1-19 of 5007")
        s.press("End")
        s.shows("vectors: 4989-5007 of 5007")
        s.resize(50, 12)
        s.shows("vectors: 5001-5007 of 5007")
        s.selects(" 4999 ")
        s.resize(132, 30)
        s.shows("vectors: 4983-5007 of 5007", "DELIVERED/s")
        s.selects(" 4999 ")


@on_screen
def screen_ends_by_signals():
    for key, number in (("C-c", signal.SIGINT), ("C-\\", signal.SIGQUIT),
                        (None, signal.SIGTERM), (None, signal.SIGHUP)):
        with started() as s:
            if key:
                s.press(key)
            else:
                os.kill(s.pid(), number)
            s.ends(128 + number)


@on_screen
def screen_ends_with_its_terminal():
    with started() as s:
        pid = s.pid()
    end = time.monotonic() + 60
    while pathlib.Path(f"/proc/{pid}").exists():
        assert time.monotonic() < end, "it goes on without a terminal"
        time.sleep(0.02)


@on_screen
def screen_can_be_stopped():
    with started() as s:
        s.press("C-z")
        s.until(lambda: s.flag("alternate_on") == "0", "the screen of before")
        equal(s.flag("cursor_flag"), "1")
        os.kill(s.pid(), signal.SIGCONT)
        s.until(lambda: s.flag("alternate_on") == "1", "our screen again")
        s.until(lambda: s.flag("cursor_flag") == "0", "no cursor")
        s.shows("vectors: 1-7 of 7")
        s.press("g")
        s.shows("devices: 1-2 of 2")
        s.press("q")
        s.ends(0)


@on_screen
def screen_ends_by_itself():
    with Screen("--interval=0.05", "--count=3") as s:
        s.ends(0)
    # What is wrong is told on the screen of before.
    with Screen(fake="absent") as s:
        s.ends(5)
        s.shows("imsctl: the kernel module vfio_pci_ims is not loaded")


@on_screen
def screen_of_simple_terminals():
    """Those that cannot do it get one frame below the other."""
    for term in ("dumb", "nosuch-terminal", ""):
        with Screen("--interval=0.05", "--count=2", columns=200,
                    TERM=term) as s:
            s.ends(0)
            equal(s.text().count("vectors: 7  total/s: "), 2, term)
    with Screen("--interval=0.05", "--plain", "--count=2", columns=200) as s:
        s.ends(0)
        equal(s.text().count("vectors: 7  total/s: "), 2)
    # No colours, and a cursor that cannot be hidden.
    with started("--color=always", TERM="vt100", NO_COLOR="") as s:
        s.press("Space", "Down")
        s.selects("wq0")
        s.press("q")
        s.shows("exit 0, terminal same.")


@on_screen
def screen_colors():
    red = "\x1b[31m"
    for args, env, expected in (
            ([], {"NO_COLOR": ""}, True), ([], {}, False),
            (["--color=always"], {}, True), (["--color=never"], {}, False),
            (["--color=always"], {"TERM": "vt100"}, False)):
        with started("-o", "vector,dropped_rate",
                     "--sort=dropped_rate", *args, **env) as s:
            s.press("Space", "Down")
            s.shows("3.0")
            s.selects("0.0")
            equal(red in s.text("-e"), expected, (args, env))


@on_screen
def screen_without_utf8():
    for locale in ("C", "POSIX"):
        with started(LC_ALL=locale, columns=120) as s:
            s.press("Space", "Space")
            s.shows("total/s: 47.0 ", "  #-")
            assert s.text().isascii(), s.text()
