# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl quiet"""

import json

from harness import *


@test
def quiet_get():
    gives("VECTOR  STATE  QUIET  PENDING\n"
          "     0  held   yes    yes\n"
          "     1  live   no     no\n", "quiet", A, "0-1", fake="restrained")
    equal(imsctl("quiet", "get", A).out, imsctl("quiet", A).out)
    equal(imsctl("quiet", A, fake="user").out, imsctl("quiet", A).out)
    equal(imsctl("quiet", A, "0", "--json", fake="restrained").out,
          imsctl("show", A, "0", "--json", fake="restrained").out)
    device = json.loads(imsctl("list", "--json", fake="restrained").out)[0]
    equal((device["quiet"], device["held"]), (1, 1))
    equal(imsctl("list", A, "--state", "held", "--noheadings", "-o", "flags",
                 fake="restrained").out, "pending,quiet\n")


@test
def quiet_set():
    """One request."""
    equal(requests("quiet", "set", A, "3"),
          ["vector-restrain device-id=1 index=3 quiet"])
    equal(requests("quiet", "set", A, "1-4"),
          ["vector-restrain device-id=1 index=1 count=4 quiet"])
    equal(requests("quiet", "set", A, "1,3-4", "-n"),
          ["vector-restrain device-id=1 list=1 list=3 list=4 quiet validate-only"])
    equal(requests("quiet", "set", A, "31"),
          ["vector-restrain device-id=1 index=31 quiet"])
    # Those that were used
    equal(requests("quiet", "set", A, "all"),
          ["vector-restrain device-id=1 list=0 list=1 list=2 list=3 list=4 "
           "list=10 quiet"])


@test
def quiet_clear():
    equal(requests("quiet", "clear", A, "3"),
          ["vector-restrain device-id=1 index=3 quiet-clear"])
    # Those that are held, and it is fine when none is.
    equal(requests("quiet", "clear", A, "all", fake="restrained"),
          ["vector-restrain device-id=1 index=0 quiet-clear"])
    equal(requests("quiet", "clear", A, "all"), [])


@test
def quiet_fails():
    fails(NOT_PERMITTED, f"imsctl: device {A}: vector 1: this needs "
          "CAP_SYS_ADMIN in the initial user namespace\n", "quiet", "set", A, "1", fake="user")
    fails(NO_OBJECT, f"imsctl: device {A}: vector 32 is beyond the "
          "32 declared\n", "quiet", "set", A, "32")
    for action, rest in ("get", []), ("set", ["1"]), ("clear", ["1"]):
        for name, fake, code in ((A, "absent", UNSUPPORTED),
                                 (A, "no-socket", FAILED),
                                 ("nobody", "", NO_OBJECT)):
            equal(imsctl("quiet", action, name, *rest, fake=fake).code, code)


@test
def wrong_calls_of_quiet():
    usage("quiet: DEVICE is missing", "quiet")
    usage("quiet: VECTORS is missing", "quiet", "set", "x")
    usage("quiet: VECTORS is missing", "quiet", "clear", "x")
    usage("quiet: unexpected argument 'on'", "quiet", "set", "x", "1", "on")
    usage("quiet: 'x' is no list of vectors such as 0,3,7-9", "quiet", "set",
          A, "x")
    usage("quiet: get goes without --dry-run", "quiet", "x", "-n")
    usage("quiet: set goes without --json", "quiet", "set", "x", "1", "--json")
