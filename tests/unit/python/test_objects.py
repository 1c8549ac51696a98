# SPDX-License-Identifier: GPL-2.0-or-later
"""Stores, devices and vectors, and what changes them."""

import unittest

from simulated import A, B, program


class Lists(unittest.TestCase):
    def test_devices_and_their_attributes(self):
        found = program("give([d.as_dict() for d in c.devices()])")
        self.assertEqual([d["name"] for d in found], [A, "wq0", B])
        first = found[0]
        self.assertEqual((first["id"], first["num_vectors"], first["limit"], first["bypass"]),
                         (1, 32, 64, "auto"))
        self.assertEqual(first["default_cookie"], 0x1001)
        self.assertIs(first["gone"], False)

    def test_what_there_is_not_is_none(self):
        found = program("d = c.device('wq0'); give([d.uuid, d.refused_vector, d.owner_comm])")
        self.assertEqual(found, [None, None, None])

    def test_bytes_that_are_no_utf8_stay_readable(self):
        self.assertIn("\\xff", program(f"give(c.device('{B}').owner_comm)"))

    def test_vectors_of_a_device(self):
        found = program(f"give([[v.index, v.state] for v in c.device('{A}').vectors()])")
        self.assertEqual(found[0], [0, "live"])
        self.assertGreater(len(found), 3)

    def test_the_kernel_chooses_vectors(self):
        found = program("give([[v.state, v.backing] for v in c.vectors(state='live', backing='emulated')])")
        self.assertTrue(found)
        self.assertEqual({tuple(f) for f in found}, {("live", "emulated")})
        one = program("d = c.device('wq0'); give([v.device_name for v in c.vectors(device=d)])")
        self.assertEqual(set(one), {"wq0"})

    def test_an_absent_vector_can_be_asked_for(self):
        found = program(f"v = c.device('{A}').vector(31); give([v.state, v.backing, v.slot, v.delivered])")
        self.assertEqual(found[0], "absent")
        self.assertEqual(found[1:3], [None, None])

    def test_stores_and_their_devices(self):
        found = program("give({s.name: [d.name for d in s.devices()] for s in c.stores()})")
        self.assertEqual(found["0000:00:05.0"], ["wq0"])
        self.assertEqual(sorted(found["0000:00:04.0"]), [A, B])

    def test_a_list_knows_its_length_and_time(self):
        self.assertEqual(program("""
            found = c.devices()
            give([len(found), len(list(found)), len(list(found)), found.time > 0])"""), [3, 3, 3, True])

    def test_a_list_that_may_lack_something_says_so_at_its_end(self):
        self.assertEqual(program("""
            seen = []
            try:
                for device in c.devices():
                    seen.append(device.name)
            except ims.Error as e:
                give([len(seen), e.errno])""", fake="disturbed"), [3, 4])

    def test_by_id_and_by_beginning(self):
        self.assertEqual(program("give([c.device(3).name, c.store(3).name, c.find_device('wq').name])"),
                         ["wq0", "0000:00:05.0", "wq0"])

    def test_snapshots_outlive_list_and_context(self):
        self.assertEqual(program("""
            import gc
            kept = [v for d in c.devices() for v in d.vectors()]
            c.close()
            gc.collect()
            give([v.index for v in kept][0])"""), 0)

    def test_what_is_closed_says_so(self):
        self.assertEqual(program("""
            c.close()
            c.close()
            try:
                c.devices()
            except ValueError as error:
                give(str(error))"""), "it is closed")

    def test_snapshots_never_change(self):
        self.assertEqual(program(f"""
            d = c.device('{A}')
            d.configure(limit=20)
            give([d.limit, c.device('{A}').limit])"""), [64, 20])


class Changes(unittest.TestCase):
    def test_device(self):
        self.assertEqual(program(f"""
            c.device('{A}').configure(limit=20, reservation=5, default_cookie=9, bypass="off")
            d = c.device('{A}')
            give([d.limit, d.reservation, d.default_cookie, d.bypass])"""), [20, 5, 9, "off"])

    def test_dry_run_changes_nothing(self):
        self.assertEqual(program(f"""
            c.device('{A}').configure(limit=20, dry_run=True)
            c.store(1).configure(limit=100, dry_run=True)
            give([c.device('{A}').limit, c.store(1).limit])"""), [64, 1024])

    def test_store(self):
        self.assertEqual(program("""
            c.store(1).configure(limit=100)
            c.store(1).reset_stats()
            s = c.store(1)
            give([s.limit, s.failures])"""), [100, 0])

    def test_vectors_by_number_and_by_snapshot(self):
        self.assertEqual(program(f"""
            d = c.device('{A}')
            d.configure_vectors([5, 6], cookie=77)
            d.vector(7).configure(cookie=78, affinity="1")
            d.configure_vectors([6], clear_cookie=True)
            give([[d.vector(n).cookie_own, d.vector(n).affinity] for n in (5, 6, 7)])"""),
            [[True, None], [False, None], [True, "1"]])

    def test_trigger(self):
        self.assertEqual(program(f"""
            d = c.device('{A}')
            before = d.vector(1).loopback
            d.trigger([1, 2])
            d.vector(1).trigger()
            d.trigger([1], dry_run=True)
            give(d.vector(1).loopback - before)"""), 2)

    def test_vectors_are_held_and_limited(self):
        self.assertEqual(program(f"""
            d = c.device('{A}')
            d.quieten([1, 2])
            d.vector(2).quieten(False)
            d.limit_rate([1], 500)
            d.vector(2).limit_rate(7)
            d.configure(rate_limit=9)
            v = [d.vector(n) for n in (1, 2, 4)]
            give([c.device('{A}').quiet, [x.quiet for x in v], [x.rate_limit for x in v], v[0].state])"""),
            [1, [True, False, False], [500, 7, 9], "held"])

    def test_counts_begin_anew(self):
        self.assertEqual(program(f"""
            d = c.device('{A}')
            d.reset_stats([1])
            one = [d.vector(1).delivered, d.vector(2).delivered]
            d.reset_stats()
            give([one[0], d.vector(2).delivered])"""), [0, 0])


class Errors(unittest.TestCase):
    def fails(self, code, fake=""):
        return program(f"""
            try:
                {code}
                give(None)
            except ims.Error as e:
                give([e.errno, str(e), e.text, e.attribute, e.object, isinstance(e, OSError)])""", fake)

    def test_no_such_device(self):
        number, message, text, attribute, thing, is_os = self.fails("c.device('nope')")
        self.assertEqual((number, is_os), (19, True))
        self.assertIn("nope", message)
        self.assertIn("nope", thing)

    def test_the_kernels_own_reason(self):
        number, message, text, attribute, thing, _ = self.fails(
            f"c.device('{A}').configure(reservation=4000)")
        self.assertIn(number, (22, 28, 34))
        self.assertTrue(text)
        self.assertIn(text, message)
        self.assertEqual(attribute, "reservation")
        self.assertIn(A, thing)

    def test_a_vector_too_far(self):
        number, message, *_ = self.fails(f"c.device('{A}').trigger([1, 99])")
        self.assertEqual(number, 2)
        self.assertIn("99", message)

    def test_no_module(self):
        number, message, *_ = self.fails("list(c.devices())", fake="absent")
        self.assertEqual(number, 95)
        self.assertIn("modprobe", message)

    def test_no_rights(self):
        number, message, *_ = self.fails(f"c.device('{A}').configure(limit=3)", fake="user")
        self.assertEqual(number, 1)
        self.assertIn("CAP_SYS_ADMIN", message)
        self.assertIsNone(program(f"give(c.device('{A}').default_cookie)", fake="user"))

    def test_words_that_are_none(self):
        self.assertEqual(program(f"""
            found = []
            for call in (lambda: c.device('{A}').configure(bypass="maybe"),
                         lambda: c.device('{A}').trigger([1], path="bus"),
                         lambda: c.device('{A}').configure_vectors([1], cookie=1, mode="soon"),
                         lambda: c.device('{A}').configure_vectors([1], cookie=1, clear_cookie=True),
                         lambda: c.device('{A}').trigger([-1])):
                try:
                    call()
                except ValueError as e:
                    found.append(str(e))
            give(found)"""),
            ["'maybe' is none of auto, on, off", "'bus' is none of eventfd, interrupt",
             "'soon' is neither 'next' nor 'now'", "cookie and clear_cookie exclude each other",
             "-1 is no vector's number"])
