# SPDX-License-Identifier: GPL-2.0-or-later
"""imsctl stats"""

import json

from harness import *

STORE = "0000:00:04.0"


def vectors(*args):
    r = imsctl("stats", "-o", "vector", "--noheadings", *args)
    equal((r.code, r.err), (DONE, ""))
    return [int(v) for v in r.out.split()]


@test
def stats_of_device():
    aligned(golden("stats.txt", "stats", A))
    equal(imsctl("stats", A, "--json").out, imsctl("list", A, "--json").out)
    equal(imsctl("stats", A, fake="user").out, imsctl("stats", A).out)


@test
def stats_of_vectors():
    equal(vectors(A), [0, 1, 2, 3, 4, 10])
    equal(vectors(A, "1"), [1])
    equal(vectors(A, "1-3"), [1, 2, 3])
    # Those that were named are shown in any state.
    equal(vectors(A, "31"), [31])
    equal(vectors(A, "10,0-1,31,3"), [0, 1, 3, 10, 31])
    equal(vectors(A, "5-9"), [5, 6, 7, 8, 9])
    for all_of_them in "0-31", "all":
        equal(vectors(A, all_of_them), list(range(32)))
    equal(vectors(A, "1", "--nonzero"), [1])
    equal(vectors(A, "31", "--nonzero"), [])
    equal(vectors(A, "all", "--nonzero"), [0, 1, 2])
    equal(vectors(A, "--nonzero"), [0, 1, 2])
    equal(vectors(A, "1-31", "--nonzero"), [1, 2])


@test
def stats_of_store():
    gives("STORE         SIZE  SLOTS  PEAK              FAILURES\n"
          "0000:00:04.0  2048      3    17  18446744073709551615\n",
          "stats", "--store", STORE)
    equal(imsctl("stats", "--store", STORE, "--json").out,
          imsctl("show", "--store", STORE, "--json").out)


@test
def stats_columns():
    gives("0  12\n", "stats", A, "0", "--noheadings", "-o", "vector,signalled")
    for args, objects in ([], "vectors"), (["--store"], "stores"):
        equal(imsctl("stats", "x", *args, "-o", "help", fake="no-socket").out
              .splitlines()[0], f"Columns of {objects} (* by default):")


@test
def stats_reset():
    for vectors in [], ["all"]:
        equal(requests("stats", "reset", A, *vectors),
              ["stats-reset device-id=1"])
    equal(requests("stats", "reset", A, "2-4"),
          ["stats-reset device-id=1 index=2 count=3"])
    equal(requests("stats", "reset", A, "4,3", "--dry-run"),
          ["stats-reset device-id=1 index=3 count=2 validate-only"])
    equal(requests("stats", "reset", A, "31,2,1"),
          ["stats-reset device-id=1 list=1 list=2 list=31"])
    equal(requests("stats", "reset", A, "31,2,1", "-n"),
          ["stats-reset device-id=1 list=1 list=2 list=31 validate-only"])
    equal(requests("stats", "reset", "--store", STORE),
          ["store-stats-reset id=1"])
    equal(requests("stats", "reset", "--store", STORE, "-n"),
          ["store-stats-reset id=1 validate-only"])


@test
def stats_fails():
    text = f"imsctl: device {A}: vector 32 is beyond the 32 declared\n"
    for vectors in ("32", "31-32", "1,32"):
        fails(NO_OBJECT, text, "stats", A, vectors)
    fails(NO_OBJECT, text, "stats", "reset", A, "31-32")
    fails(NO_OBJECT, "imsctl: store x: no such store\n", "stats", "--store",
          "x")
    fails(NO_OBJECT, "imsctl: device x: no such virtual device is open\n",
          "stats", "x")
    fails(NOT_PERMITTED, f"imsctl: device {A}: this needs CAP_SYS_ADMIN in the initial user namespace\n",
          "stats", "reset", A, fake="user")
    fails(NOT_PERMITTED, f"imsctl: store {STORE}: this needs CAP_SYS_ADMIN in the initial user namespace\n",
          "stats", "reset", "--store", STORE, fake="user")
    for args in ([A], ["reset", A], ["--store", STORE],
                 ["reset", "--store", STORE]):
        equal(imsctl("stats", *args, fake="absent").code, UNSUPPORTED)
        equal(imsctl("stats", *args, fake="no-socket").code, FAILED)
    r = imsctl("stats", A, fake="disturbed")
    equal((r.code, r.out), (FAILED, imsctl("stats", A).out))


@test
def wrong_calls_of_stats():
    usage("stats: NAME is missing", "stats")
    usage("stats: NAME is missing", "stats", "reset")
    usage("stats: unexpected argument '2'", "stats", "reset", "x", "1", "2")
    usage("stats: 'x' is none of get and reset", "stats", "x", "1", "2")
    usage("stats: 'y' is no list of vectors such as 0,3,7-9, and 'x' is none of "
          "get and reset", "stats", "x", "y")
    usage("stats: a store has no vectors: leave out '1'", "stats", "get", "x",
          "1", "--store")
    usage("stats: --store goes without --nonzero", "stats", "x", "--store",
          "--nonzero")
    usage("stats: get goes without --dry-run", "stats", "x", "-n")
    for option in (["--json"], ["--output", "id"], ["--noheadings"],
                   ["--nonzero"]):
        usage(f"stats: reset goes without {option[0]}", "stats", "reset", "x",
              *option)
    usage("stats: it has no option '--state'", "stats", "x", "--state", "live")
