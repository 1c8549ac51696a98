# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl rate"""

import json

from harness import *


@test
def rate_get():
    gives("VECTOR           RATE  THROTTLED  THROTTLES\n"
          "     1           5000  yes              123\n"
          "     4  20000/default  no                 0\n"
          "    31              -  -                  -\n",
          "rate", A, "1,4,31", fake="restrained")
    equal(imsctl("rate", "get", A).out, imsctl("rate", A).out)
    gives("DEVICE  PARENT        RATE\nwq0     0000:00:05.0     -\n", "rate", "wq0",
          "default")
    equal(imsctl("rate", A, "default", "--json", fake="restrained").out,
          imsctl("show", A, "--json", fake="restrained").out)
    vectors = json.loads(imsctl("list", A, "--json", fake="restrained").out)
    equal([(v["rate_limit"], v["own_rate_limit"], v["throttled"])
           for v in vectors[:2]],
          [(20000, False, False), (5000, True, True)])


@test
def rate_set():
    """One request."""
    equal(requests("rate", "set", A, "3", "500"),
          ["vector-restrain device-id=1 index=3 rate-limit=500"])
    equal(requests("rate", "set", A, "1-2", "1", "-n"),
          ["vector-restrain device-id=1 index=1 count=2 rate-limit=1 validate-only"])
    equal(requests("rate", "set", A, "1,3", "1000000"),
          ["vector-restrain device-id=1 list=1 list=3 rate-limit=1000000"])
    equal(requests("rate", "set", A, "default", "9"),
          ["device-set id=1 rate-limit=9"])


@test
def rate_clear():
    equal(requests("rate", "clear", A, "3"),
          ["vector-restrain device-id=1 index=3 rate-limit=0"])
    equal(requests("rate", "clear", A, "default", "-n"),
          ["device-set id=1 rate-limit=0 validate-only"])
    # Those that have a limit of their own, and it is fine when none has.
    equal(requests("rate", "clear", A, "all", fake="restrained"),
          ["vector-restrain device-id=1 index=1 rate-limit=0"])
    equal(requests("rate", "clear", A, "all"), [])


@test
def rate_fails():
    fails(NOT_PERMITTED, f"imsctl: device {A}: this needs CAP_SYS_ADMIN in "
          "the initial user namespace\n", "rate", "set", A, "default", "5", fake="user")
    fails(NO_OBJECT, f"imsctl: device {A}: vector 32 is beyond the "
          "32 declared\n", "rate", "set", A, "32", "5")
    for action, rest in ("get", []), ("set", ["1", "5"]), ("clear", ["1"]):
        for name, fake, code in ((A, "absent", UNSUPPORTED),
                                 (A, "no-socket", FAILED),
                                 ("nobody", "", NO_OBJECT)):
            equal(imsctl("rate", action, name, *rest, fake=fake).code, code)


@test
def wrong_calls_of_rate():
    usage("rate: DEVICE is missing", "rate")
    usage("rate: RATE is missing", "rate", "set", "x", "1")
    usage("rate: unexpected argument '5'", "rate", "clear", "x", "1", "5")
    for rate in ("", "0", "1000001", "5k"):
        usage(f"rate: '{rate}' is no number of interrupts a second from 1 to "
              "1000000", "rate", "set", "x", "1", rate)
    usage("rate: get goes without --dry-run", "rate", "x", "-n")
    usage("rate: set goes without --json", "rate", "set", "x", "1", "5",
          "--json")


@test
def rate_is_saved():
    for fake, rate in ("", 0), ("restrained", 20000):
        assert f"\nrate-limit {rate}\n" in imsctl("save", A, fake=fake).out
