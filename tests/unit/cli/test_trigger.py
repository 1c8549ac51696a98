# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl trigger"""

from harness import *


@test
def trigger():
    for vectors in ("0", "1", "0-2", "2-2", "00001"):
        r = imsctl("trigger", A, vectors)
        equal((r.code, r.out, r.err), (DONE, "", ""))


@test
def trigger_by_beginning():
    equal(imsctl("trigger", "w", "0").code, DONE)


@test
def trigger_fails():
    fails(FAILED, f"imsctl: device {A}: vector 3: vector 3 has no trigger\n",
          "trigger", A, "3")
    fails(FAILED, f"imsctl: device {A}: vectors 0-4: vector 3 has no trigger\n",
          "trigger", A, "0-4")
    fails(NO_OBJECT, f"imsctl: device {A}: vector 99: "
          "vector 99 is beyond the 32 declared\n", "trigger", A, "99")
    fails(NOT_PERMITTED, f"imsctl: device {A}: vector 0: "
          "this needs CAP_SYS_ADMIN\n", "trigger", A, "0", fake="user")
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
def wrong_calls_of_trigger():
    usage("trigger: DEVICE is missing", "trigger")
    usage("trigger: VECTOR is missing", "trigger", "x")
    usage("trigger: unexpected argument '2'", "trigger", "x", "1", "2")
    usage("trigger: it has no option '--json'", "trigger", "--json", "x", "1")
    usage("trigger: it has no option '--output'", "trigger", "-o", "x", "y", "1")
    for vectors in ("", "x", "1x", "1-", "1-x", "1-2-3", "1,2", "+1", " 1",
                    "0x1", "4294967296", "0-4294967296", "1 -2", "1- 2",
                    "99999999999999999999999"):
        usage(f"trigger: '{vectors}' is neither a vector nor a range of "
              "vectors such as 0-3", "trigger", "x", vectors)
    usage("trigger: '-1' is neither a vector nor a range of vectors such as "
          "0-3", "trigger", "x", "--", "-1")
    usage("trigger: '2-1' is no possible range", "trigger", "x", "2-1")
    usage("trigger: '0-4294967295' is no possible range", "trigger", "x",
          "0-4294967295")
