# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables on terminals: as wide as these are, and names as short as can be"""

import tempfile

from fleet import *
from harness import *

WIDTHS = (40, 80, 120, 200)
STORE = "0000:00:04.0"

CALLS = {
    "list": ["list"],
    "list-device": ["list", A],
    "list-vectors": ["list", "--vectors"],
    "list-stores": ["list", "--stores"],
    "stats": ["stats", A],
    "stats-store": ["stats", "--store", STORE],
    "limit": ["limit", A],
    "affinity": ["affinity", "get", A],
    "cookie": ["cookie", "get", A],
    "bypass": ["bypass", A],
    "quiet": ["quiet", A],
    "rate": ["rate", A],
}
# Of some machines, and of the one whose QEMU is process 4007.
FLEET_CALLS = {
    "fleet": ["list", "--owner", "4007,4008,4009"],
    "fleet-vectors": ["list", "--vectors", "--owner", "4007", "--nonzero"],
    "fleet-stores": ["list", "--stores"],
}


def plain(*args, width, fake="", **env):
    return on_terminal(*args, width=width, fake=fake, NO_COLOR="1", **env)


def views(name, call, fake=""):
    """One after the other in a golden file, each as wide as it is shown."""
    text = ""
    for width in WIDTHS:
        out = plain(*call, width=width, fake=fake)
        longest = max(len(line) for line in out.splitlines())
        assert longest <= width, f"{longest} of {width} columns"
        text += f"{'-' * width}\n{out}"
    golden_text(f"terminal-{name}.txt", text)


@test
def terminals_of_each_width():
    for name, call in CALLS.items():
        views(name, call)


@test
def terminals_with_two_hundred_devices():
    with fleet():
        for name, call in FLEET_CALLS.items():
            views(name, call, fake="fleet")


@test
def nothing_wraps():
    with fleet():
        for width in range(30, 140, 11):
            for call in ["list"], *FLEET_CALLS.values():
                out = plain(*call, width=width, fake="fleet")
                assert max(map(len, out.splitlines())) <= width, (call, width)


@test
def pipes_have_everything():
    for call in CALLS.values():
        whole = imsctl(*call).out
        equal(plain(*call, "--full", width=40), whole, " ".join(call))
        equal(plain(*call, "--json", width=40), imsctl(*call, "--json").out)
        os.environ["COLUMNS"] = "40"
        try:
            equal(imsctl(*call).out, whole)
        finally:
            del os.environ["COLUMNS"]
    equal(imsctl("list", "--full").out, imsctl("list").out)
    equal(plain("show", A, width=40), imsctl("show", A).out)


@test
def width_of_the_terminal():
    narrow = plain("list", width=40)
    equal(plain("list", width=200, COLUMNS="40"), narrow)
    for nonsense in ("", "0", "x", "-1", "99999999999"):
        equal(plain("list", width=40, COLUMNS=nonsense), narrow)
    # One that does not say has 80.
    equal(plain("list", width=0), plain("list", width=80))


@test
def asked_for_is_shown():
    # Neither cut out for want of room nor because all of it is 0.
    columns = ["held", "entries", "cookie", "owner", "vm", "bypass", "id"]
    out = plain("list", "-o", ",".join(columns), width=20)
    equal(out.split("\n")[0].split(), [c.upper() for c in columns])
    out = plain("list", "-o", "+held,reservation", width=40)
    assert out.split("\n")[0].endswith("  HELD  RESERVED"), out


@test
def columns_that_tell_nothing():
    def headings(*args, fake=""):
        return plain(*args, width=200, fake=fake).split("\n")[0].split()

    # No device has a machine here, and nobody may see cookies.
    assert not {"VM", "COOKIE"} & set(headings("list", fake="user"))
    assert "COOKIE" in headings("list")
    assert "FAILURES" in headings("list", "--stores")
    assert "FAILURES" not in headings("list", "--stores", fake="healthy")
    assert "DROPPED" in headings("list", A)
    assert "DROPPED" not in headings("list", A, fake="healthy")
    # Not what a 0 tells something of.
    assert "AVAILABLE" in headings("list", "--stores", fake="full")
    assert "RESERVED" in headings("limit", "wq0")
    # Who has nothing to show shows what could be.
    equal(plain("list", width=200, fake="empty").split()[0], "DEVICE")
    equal(headings("list", "--noheadings", fake="empty"), [])


@test
def cut_cells_end_at_a_character():
    out = plain("list", "-o", "comm,cookie", width=40)
    equal(out.splitlines()[3], 'a?[31m"b\\?é€😀??????  0x0')
    out = plain("list", "-o", "comm,cookie", width=35)
    equal([len(line) for line in out.splitlines()], [23, 23, 35, 19])


def shown_names(*args, fake=""):
    out = plain(*args, "--noheadings", width=80, fake=fake)
    return [line.split()[0] for line in out.splitlines()]


def names_of(*args, fake=""):
    return imsctl("list", "--noheadings", "-o", "name", *args,
                  fake=fake).out.splitlines()


@test
def short_names_are_names():
    short = shown_names("list")
    equal(short, ["83b8f4f2..1001", "wq0", "83b8f4f2..1002"])
    for name, whole in zip(short, names_of()):
        equal(imsctl("show", name).out, imsctl("show", whole).out)
    short = shown_names("list", fake="fleet")
    equal((len(set(short)), {len(name) for name in short}), (200, {8}))
    for name, whole in list(zip(short, names_of(fake="fleet")))[::40]:
        assert whole.startswith(name)
        equal(imsctl("show", name, "-o", "name", fake="fleet").out.split(),
              ["name", whole])
    equal(shown_names("list", fake="functions")[-2:],
          ["00:05.0-1", "00:05.0-12"])


@test
def short_names_count_all_devices():
    # Also those that are not listed, and of a device that is listed alone.
    equal(shown_names("list", "--owner", "4242"), ["83b8f4f2..1001"])
    equal(shown_names("limit", A), ["83b8f4f2..1001"])
    equal(set(shown_names("list", "--vectors", "--owner", "4242")),
          {"83b8f4f2..1001"})


@test
def beginning_and_end_of_a_name():
    for name in ("83..1001", "8..1", "..1001", f"{A[:20]}..{A[-16:]}"):
        equal(imsctl("show", name).out, imsctl("show", A).out)
    fails(NO_OBJECT, f"imsctl: device 83b8..: it fits several: {A}, {B}\n",
          "show", "83b8..")
    for name in ("83..1003", f"{A[:21]}..{A[-16:]}", "84..1001"):
        fails(NO_OBJECT, f"imsctl: device {name}: no such virtual device is "
              "open\n", "show", name)


@test
def addresses_without_a_domain():
    equal(imsctl("show", "00:05.0").out, imsctl("show", "wq0").out)
    equal(imsctl("show", "--store", "00:04.0").out,
          imsctl("show", "--store", STORE).out)
    equal(imsctl("show", "00:05.0-12", fake="functions").out,
          imsctl("show", "0000:00:05.0-12", fake="functions").out)
    fails(NO_OBJECT, "imsctl: device 0000:00:07.0: no such virtual device is "
          "open\n", "show", "00:07.0")
    fails(NO_OBJECT, f"imsctl: device {STORE}: it is the parent of several: "
          f"{A}, {B}\n", "show", "00:04.0")
    equal(imsctl("show", "--store", "00:07.0").code, NO_OBJECT)
    # Nothing is cut off to make a name of it.
    equal(imsctl("show", "00:05.0-12" + "0" * 300, fake="functions").code,
          NO_OBJECT)


@test
def ids_are_names():
    for number, name in ((1, A), (3, "wq0"), (5, B)):
        equal(imsctl("show", str(number)).out, imsctl("show", name).out)
    equal(imsctl("show", "--store", "3").out,
          imsctl("show", "--store", "0000:00:05.0").out)
    equal(requests("stats", "reset", "1"), requests("stats", "reset", A))
    # Without such an id it is the beginning of a name, here of two.
    equal(imsctl("show", "8").code, NO_OBJECT)
    equal(imsctl("show", "4").err,
          "imsctl: device 4: no such virtual device is open\n")
    equal(imsctl("show", "--store", "2").code, NO_OBJECT)


@test
def batches_on_a_terminal():
    with tempfile.NamedTemporaryFile("w") as batch:
        batch.write("list\n")
        batch.flush()
        equal(plain("--batch", batch.name, width=40), plain("list", width=40))
        equal(plain("--full", "--batch", batch.name, width=40),
              imsctl("list").out)
