# SPDX-License-Identifier: GPL-2.0-or-later
"""The simulated kernel as those see it who test their programs with it,
libims-testing(7)."""

import unittest

from simulated import program

# What a monitor gives until nothing more comes: types, or the errno of a read.
FOLLOW = """
            types = []
            with c.monitor(sync=True) as m:
                while m.wait(0.5) and len(types) < 200:
                    try:
                        types += [e.type for e in [m.read()] if e]
                    except ims.Error as e:
                        types.append(e.errno)
            give([t for t in types if not str(t).endswith(("-sync", "-change"))])"""


class Kit(unittest.TestCase):
    def test_it_is_always_the_same_time(self):
        self.assertEqual(program("""
            times = {s.time for s in [c.stores(), c.devices(), c.vectors()]}
            with c.monitor(sync=True) as m:
                while m.wait(0.5):
                    times |= {e.time for e in iter(m.read, None)}
            give(sorted(times))""", fake=";open=x;bind=x:3;alert=storm;overrun;unload;load"),
            [90000000000])

    def test_another_network_namespace(self):
        self.assertEqual(program("""
            try:
                c.devices()
            except ims.Error as e:
                give(["initial network namespace" in str(e), "modprobe" in str(e)])""",
            fake="elsewhere"), [True, False])

    def test_waiting_for_the_module(self):
        self.assertEqual(program("""
            def attempt():
                try:
                    with c.monitor(sync=True) as m:
                        return [e.type for e in iter(m.read, None)][-1]
                except ims.Error as e:
                    return str(e)
            give([attempt()[-23:], attempt()[-23:], attempt()])""", fake="absent;;load"),
            ['"modprobe vfio_pci_ims"'] * 2 + ["synced"])

    def test_reads_that_fail(self):
        for fake, expected in ((";fail=ENOMEM", ["synced", 12]),
                               (";fail=EIO;open=x", ["synced", 5, "device-create"]),
                               (";flood", ["synced", "overrun", 105, "synced"])):
            self.assertEqual(program(FOLLOW, fake), expected)

    def test_reads_that_fail_for_ever(self):
        types = program(FOLLOW, ";user,no-public,overrun")
        self.assertEqual(types[:2], ["synced", "overrun"])
        self.assertEqual(set(types[2:]), {1})
        self.assertGreater(len(types), 100)

    def test_privilege_that_is_given_up(self):
        self.assertEqual(program("""
            cookies = {}
            with c.monitor(sync=True) as m:
                before = m.is_public
                while m.wait(0.5):
                    for e in iter(m.read, None):
                        if e.device:
                            cookies[e.device.name] = e.device.default_cookie
                after = m.is_public
            listed = {d.name: d.default_cookie for d in c.devices()}
            give([before, after, cookies == listed, set(cookies.values()) == {None}])""",
            fake=";user;overrun;open=x"), [False, True, True, True])
