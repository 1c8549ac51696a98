# SPDX-License-Identifier: GPL-2.0-or-later
"""Following what changes: in a loop, with poll, with asyncio; and the example agent."""

import json
import unittest

from simulated import A, B, PACKAGE, program, run


class Following(unittest.TestCase):
    def test_the_state_first(self):
        found = program("""
            m = c.monitor(sync=True)
            types = []
            for event in m:
                types.append(event.type)
                if event.type == "synced":
                    break
            give(types)""")
        self.assertEqual(set(found), {"store-sync", "device-sync", "vector-sync", "synced"})
        self.assertEqual(found[-1], "synced")

    def test_a_change_comes_with_its_object(self):
        self.assertEqual(program(f"""
            with c.monitor() as m:
                c.device('{A}').configure(limit=20)
                assert m.wait(20)
                event = m.read()
                give([event.type, event.device.limit, event.object.name, event.vector,
                      event.time > 0, m.is_public, m.read()])"""),
            ["device-change", 20, A, None, True, False, None])

    def test_overrun_and_reload_are_told(self):
        found = program("""
            types = []
            with c.monitor(sync=True) as m:
                while m.wait(0.5):
                    types += [event.type for event in iter(m.read, None)]
            give([t for t in types if not t.endswith(("sync", "-change"))])""",
                        fake=";open=x;bind=x:3;overrun;unload;load")
        self.assertEqual(found[:4], ["synced", "device-create", "vector-create", "overrun"])
        self.assertEqual(found[-3:], ["gone", "back", "synced"])

    def test_what_an_event_gave_can_be_changed(self):
        self.assertEqual(program(f"""
            with c.monitor(sync=True) as m:
                vector = next(e.vector for e in m if e.vector and e.vector.index == 1)
                before = vector.loopback
                vector.trigger()
                give(c.device('{A}').vector(1).loopback - before)"""), 1)

    def test_nothing_comes(self):
        self.assertEqual(program("m = c.monitor(); give([m.read(), m.wait(0.01)])"), [None, False])

    def test_a_signal_does_not_end_it(self):
        late, came, calls, raised = program("""
            import signal, time
            calls = []
            signal.signal(signal.SIGALRM, lambda *_: calls.append(1))
            signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
            with c.monitor() as m:
                m.read()
                start = time.monotonic()
                came = m.wait(0.5)
                late = time.monotonic() - start
                signal.signal(signal.SIGALRM, signal.default_int_handler)
                try:
                    raised = m.wait(20)
                except KeyboardInterrupt:
                    raised = "KeyboardInterrupt"
            give([late, came, len(calls), raised])""")
        self.assertTrue(0.5 <= late < 10)
        self.assertFalse(came)
        self.assertGreater(calls, 1)
        self.assertEqual(raised, "KeyboardInterrupt")

    def test_asyncio(self):
        self.assertEqual(program(f"""
            import asyncio
            async def follow():
                types = []
                with c.monitor(sync=True) as m:
                    async for event in m:
                        types.append(event.type)
                        if event.type == "synced":
                            return types
            give(asyncio.run(asyncio.wait_for(follow(), 20))[-1])"""), "synced")

    def test_everybody_may_follow_without_cookies(self):
        self.assertEqual(program(f"""
            with c.monitor(sync=True) as m:
                devices = [e.device for e in iter(m.read, None) if e.device]
                give([m.is_public, devices[0].live, devices[0].default_cookie])""", fake="user"),
            [True, 4, None])


class Agent(unittest.TestCase):
    def is_exact(self, fake):
        """What its model has when nothing more is told is what lists say then."""
        model, listed = program(f"""
            sys.path.insert(0, {str(PACKAGE / "examples")!r})
            import agent
            model = agent.Model()
            with c.monitor(sync=True) as m:
                while m.wait(0.5):
                    for event in iter(m.read, None):
                        model.apply(event)
            give([model.as_dict(), {{"stores": [s.as_dict() for s in c.stores()],
                                     "devices": [d.as_dict() for d in c.devices()],
                                     "vectors": [v.as_dict() for v in c.vectors()]}}])""", fake)

        def by_id(found):
            return {kind: sorted(map(json.dumps, things)) for kind, things in found.items()}

        self.assertEqual(by_id(model), by_id(listed))

    def test_the_program_prints_its_tables(self):
        model = json.loads(run([str(PACKAGE / "examples" / "agent.py"), "0.5"]))
        self.assertEqual(sorted(d["name"] for d in model["devices"]), sorted([A, B, "wq0"]))
        self.assertTrue(model["vectors"])

    def test_its_tables_are_what_a_list_says(self):
        self.is_exact("")

    def test_after_changes_and_closing(self):
        self.is_exact(";open=x;bind=x:3;close=wq0")

    def test_after_lost_events(self):
        self.is_exact(";open=x;bind=x:3;overrun;open=y")

    def test_after_a_reload(self):
        self.is_exact(";unload;load;open=z;bind=z:0")
