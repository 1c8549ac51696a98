# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl trigger"""

from harness import *


@test
def trigger():
    for vectors in ("0", "1", "0-2", "2-2", "00001", "0,2", "4,0-1,2",
                    "4,4,0-1,1-2"):
        gives("", "trigger", A, vectors)


@test
def trigger_by_beginning():
    equal(imsctl("trigger", "w", "0").code, DONE)


@test
def trigger_fails():
    fails(FAILED, f"imsctl: device {A}: vector 3 has no trigger\n",
          "trigger", A, "3")
    fails(FAILED, f"imsctl: device {A}: vector 3 has no trigger\n",
          "trigger", A, "0-4")
    fails(NO_OBJECT, f"imsctl: device {A}: vector 99 is beyond the "
          "32 declared\n", "trigger", A, "99")
    fails(NOT_PERMITTED, f"imsctl: device {A}: vector 0: "
          "this needs CAP_SYS_ADMIN in the initial user namespace\n", "trigger", A, "0", fake="user")
    fails(UNSUPPORTED, "imsctl: device wq0: vector 0: the loaded module "
          "vfio_pci_ims does not know this operation\n",
          "trigger", "wq0", "0", fake="old")


@test
def kernel_without_texts():
    fails(FAILED, f"imsctl: device {A}: vector 3: Invalid argument\n",
          "trigger", A, "3", fake="silent")


@test
def kernel_with_a_warning():
    r = imsctl("trigger", A, "0", fake="warning")
    equal(r.code, DONE)
    equal(set(r.err.splitlines()), {"imsctl: warning: mind the gap"})


@test
def trigger_is_one_request():
    for vectors, what in (("1", "index=1"),
                          ("0-2", "index=0 count=3"),
                          ("2,1,0", "index=0 count=3"),
                          ("0,1-2,2", "index=0 count=3"),
                          ("4,1", "list=1 list=4"),
                          ("4,0-1,1-2", "list=0 list=1 list=2 list=4")):
        equal(requests("trigger", A, vectors),
              [f"trigger device-id=1 {what}"])


@test
def trigger_all():
    """Those that have a trigger."""
    equal(requests("trigger", A, "all"),
          ["trigger device-id=1 list=0 list=1 list=2 list=4"])
    equal(requests("trigger", A, "all", fake="held"),
          ["trigger device-id=1 list=0 list=1 list=2 list=4"])
    equal(requests("trigger", "wq0", "all", "-n"),
          ["trigger device-id=3 index=0 validate-only"])
    fails(FAILED, f"imsctl: device {B}: no vector has a trigger\n", "trigger",
          B, "all")


@test
def trigger_the_interrupt():
    equal(requests("trigger", A, "1-2", "--interrupt"),
          ["trigger device-id=1 index=1 count=2 path=1"])
    fails(FAILED, f"imsctl: device {A}: vector 0 has no Linux "
          "interrupt\n", "trigger", A, "0", "--interrupt")


@test
def trigger_dry_run():
    for option in ("--dry-run", "-n"):
        equal(requests("trigger", A, "1", option),
              ["trigger device-id=1 index=1 validate-only"])
        equal(requests("trigger", A, "1,4", option, "--interrupt"),
              ["trigger device-id=1 list=1 list=4 path=1 validate-only"])
    fails(FAILED, f"imsctl: device {A}: vector 3 has no trigger\n",
          "trigger", A, "3", "--dry-run")
    fails(NOT_PERMITTED, f"imsctl: device {A}: vector 0: "
          "this needs CAP_SYS_ADMIN in the initial user namespace\n", "trigger", A, "0", "-n", fake="user")


@test
def trigger_list_fails():
    fails(FAILED, f"imsctl: device {A}: vector 3 has no trigger\n",
          "trigger", A, "0,3,4")
    fails(NO_OBJECT, f"imsctl: device {A}: vector 99 is beyond the "
          "32 declared\n", "trigger", A, "0,99")
    fails(NO_OBJECT, "imsctl: device large: vector 40000 is beyond the 5000 "
          "declared\n", "trigger", "large", "0,2-40000", fake="large")


@test
def wrong_calls_of_trigger():
    usage("trigger: DEVICE is missing", "trigger")
    usage("trigger: VECTORS is missing", "trigger", "x")
    usage("trigger: unexpected argument '2'", "trigger", "x", "1", "2")
    usage("trigger: it has no option '--json'", "trigger", "--json", "x", "1")
    usage("trigger: it has no option '--output'", "trigger", "-o", "x", "y", "1")
    for vectors in ("", "x", "1x", "1-", "1-x", "1-2-3", "1,", ",1", "1,,2",
                    "1;2", "+1", " 1", "0x1", "4294967296", "0-4294967296",
                    "1 -2", "1- 2", "1, 2", "99999999999999999999999"):
        usage(f"trigger: '{vectors}' is no list of vectors such as 0,3,7-9",
              "trigger", "x", vectors)
    usage("trigger: '-1' is no list of vectors such as 0,3,7-9", "trigger", "x",
          "--", "-1")
    usage("trigger: '2-1' is no possible range", "trigger", "x", "2-1")
    usage("trigger: '9-7' is no possible range", "trigger", "x", "1,9-7,3")
    usage("trigger: '0-4294967295' is no possible range", "trigger", "x",
          "0-4294967295")
    usage("trigger: more than 65536 vectors", "trigger", "x", "0,2-65537")
    usage("trigger: more than 65536 vectors", "trigger", "x", "0,2-4294967295")
