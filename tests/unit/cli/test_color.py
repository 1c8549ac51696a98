# SPDX-License-Identifier: GPL-2.0-or-later
"""Colours"""

import re

from harness import *

CALLS = [["list"], ["list", A], ["list", "--vectors"], ["list", "--stores"],
         ["list", A, "--state", "absent,live"], ["show", A], ["show", A, "2"],
         ["show", "--store", "0000:00:04.0"], ["stats", A], ["limit", A],
         ["cookie", "get", A], ["affinity", "get", A], ["doctor"],
         ["monitor", "--idle-timeout", "0.5", "--sync"]]


def plain(text):
    return re.sub("\x1b\\[[0-9]+m", "", text)


@test
def color_changes_nothing_else():
    for call in CALLS:
        never = imsctl(*call, "--color=never", fake="events")
        always = imsctl(*call, "--color", "always", fake="events")
        assert "\x1b" not in never.out
        assert "\x1b" in always.out, call
        equal(plain(always.out), never.out, " ".join(call))
        equal((always.code, always.err), (never.code, never.err))
        equal(imsctl(*call, fake="events").out, never.out)


@test
def color_of_what():
    out = imsctl("list", A, "--color=always").out
    equal(out.split(OFF)[0], BOLD + "VECTOR")
    equal(out.count(BOLD), len(plain(out).splitlines()[0].split()))
    equal(colored(out, GREEN, "live"), 4)
    # Two were dropped, and one failed; where none was there is no colour.
    equal(out.count(RED), 2)
    equal([colored(out, RED, n) for n in ("2", "1")], [1, 1])
    out = imsctl("list", A, "--state=absent", "--color=always").out
    equal(colored(out, FAINT, "absent"), 26)
    out = imsctl("stats", A, "-o", "dropped,failed", "--color=always").out
    equal(out.count(RED), 2)
    out = imsctl("list", "--stores", "--color=always", fake="full").out
    equal(colored(out, RED, "0"), 1)
    equal(colored(out, RED, "18446744073709551615"), 1)
    out = imsctl("show", A, "2", "--color=always").out
    equal((colored(out, BOLD, "state"), colored(out, GREEN, "live")), (1, 1))
    equal((colored(out, BOLD, "failed"), colored(out, RED, "1")), (1, 1))
    out = imsctl("list", "-o", "name,gone", "--color=always", fake="gone").out
    equal(colored(out, RED, "yes"), 1)
    out = imsctl("monitor", "--idle-timeout=0.5", "--color=always",
                 fake="events").out
    equal(out.count(RED + "alert" + OFF), 3)
    out = imsctl("monitor", "--idle-timeout=0.5", "--sync", "--color=always",
                 fake="overrun").out
    # Those that somebody should look at, and no others.
    found = {re.search(r"\S+-\S+|alert|overrun|synced|listening",
                       plain(line))[0]: RED in line.split("  ")[0]
             for line in out.splitlines()}
    equal([e for e in found if found[e]], ["overrun"])
    assert len(found) > 2, found
    out = imsctl("monitor", "--idle-timeout=0.5", "--color=always",
                 fake="reload").out
    equal(out.count(RED + "gone" + OFF), 1)
    equal(out.count(RED), 1)
    out = imsctl("doctor", "--color=always").out
    for style, word in ((GREEN, "ok"), (YELLOW, "warning"), (RED, "failed"),
                        (FAINT, "unknown")):
        assert style + word + OFF in out, word


@test
def color_without_headings():
    out = imsctl("list", "--noheadings", "--color=always").out
    assert "\x1b" not in out, out


@test
def color_on_terminals():
    always = imsctl("list", A, "--color=always").out
    never = imsctl("list", A, "--color=never").out
    equal(on_terminal("list", A, "--full", NO_COLOR=None), always)
    equal(on_terminal("list", A, "--full", "--color=auto", NO_COLOR=""), always)
    equal(on_terminal("list", A, "--full", NO_COLOR="1"), never)
    equal(on_terminal("list", A, "--full", NO_COLOR=None, TERM="dumb"), never)
    equal(on_terminal("list", A, "--full", NO_COLOR=None, TERM=None), never)
    equal(on_terminal("list", A, "--full", "--color=never", NO_COLOR=None), never)
    # Who asks for it gets it.
    equal(on_terminal("list", A, "--full", "--color=always", NO_COLOR="1",
                      TERM="dumb"), always)


@test
def json_has_no_color():
    for call in CALLS:
        if "monitor" not in call:
            json = imsctl(*call, "--json").out
            equal(imsctl(*call, "--json", "--color=always").out, json)
            assert "\x1b" not in json
    equal(on_terminal("list", "--json", NO_COLOR=None),
          imsctl("list", "--json").out)


@test
def wrong_calls_with_color():
    for when in ("", "x", "Always"):
        usage(f"list: --color: '{when}' is none of auto, always, never",
              "list", "--color", when)
    usage("list: option '--color' needs an argument", "list", "--color")
    equal(imsctl("--color=always", "list").out,
          imsctl("list", "--color=always").out)
    equal(imsctl("trigger", A, "0", "--color=always").code, DONE)
