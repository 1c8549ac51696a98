# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl bypass"""

import json

from harness import *


@test
def bypass_of_device():
    gives("DEVICE  PARENT        VECTORS  LIVE  BYPASS\n"
          "wq0     0000:00:05.0        1     1  off\n", "bypass", "wq0")
    equal(imsctl("bypass", A, "--json").out, imsctl("show", A, "--json").out)
    equal(imsctl("bypass", A, fake="user").out, imsctl("bypass", A).out)
    equal(imsctl("bypass", "get", A).out, imsctl("bypass", A).out)
    gives("auto\n", "bypass", A, "-o", "bypass", "--noheadings")
    equal([d["bypass"] for d in json.loads(imsctl("list", "--json").out)],
          ["auto", "off", "on"])
    equal(imsctl("bypass", "x", "-o", "help", fake="no-socket").out
          .splitlines()[0], "Columns of devices (* by default):")


@test
def bypass_set():
    for number, mode in enumerate(("auto", "on", "off")):
        equal(requests("bypass", "set", A, mode), [f"device-set id=1 bypass={number}"])
    equal(requests("bypass", "set", "wq0", "on", "-n"),
          ["device-set id=3 bypass=1 validate-only"])


@test
def bypass_fails():
    fails(NOT_PERMITTED, f"imsctl: device {A}: this needs CAP_SYS_ADMIN in the initial user namespace\n",
          "bypass", "set", A, "off", fake="user")
    for action, rest in ("get", []), ("set", ["off"]):
        for name, fake, code in ((A, "absent", UNSUPPORTED),
                                 (A, "no-socket", FAILED),
                                 ("nobody", "", NO_OBJECT)):
            equal(imsctl("bypass", action, name, *rest, fake=fake).code, code)


@test
def wrong_calls_of_bypass():
    usage("bypass: DEVICE is missing", "bypass")
    usage("bypass: DEVICE is missing", "bypass", "set")
    usage("bypass: auto|on|off is missing", "bypass", "set", "x")
    usage("bypass: unexpected argument 'on'", "bypass", "set", "x", "off",
          "on")
    usage("bypass: unexpected argument 'on'", "bypass", "get", "x", "on")
    usage("bypass: 'x' is none of get and set", "bypass", "x", "on")
    usage("bypass: get goes without --dry-run", "bypass", "x", "-n")
    for mode in ("", "yes", "OFF", "1"):
        usage(f"bypass: '{mode}' is neither auto, on nor off", "bypass", "set",
              "x", mode)
    for option in ("--json", "--noheadings"):
        usage(f"bypass: set goes without {option}", "bypass", "set", "x", "on",
              option)
