#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: agent.py [SECONDS]

An agent: keeps tables of stores, devices and vectors that are exact, whatever is lost or
comes and goes, and writes a line for each change and alert. Ends after SECONDS without an
event, or by SIGTERM, and prints what it knows as JSON."""

import json
import signal
import sys

import ims


class Model:
    """What there is, by id; vectors by device id and number."""

    def __init__(self):
        self.stores, self.devices, self.vectors = {}, {}, {}

    def apply(self, event):
        """Take an event in, as ims_monitor(3) says."""
        if event.type in ("overrun", "gone"):
            self.__init__()
        elif event.store:
            self.put(self.stores, event.store.id, event.store, event)
        elif event.vector:
            key = event.vector.device_id, event.vector.index
            self.put(self.vectors, key, event.vector, event)
        elif event.device:
            self.put(self.devices, event.device.id, event.device, event)
            if event.type == "device-delete":
                gone = [key for key in self.vectors if key[0] == event.device.id]
                for key in gone:
                    del self.vectors[key]

    @staticmethod
    def put(table, key, thing, event):
        if event.type.endswith("-delete"):
            table.pop(key, None)
        else:
            table[key] = thing

    def as_dict(self):
        return {"stores": [s.as_dict() for s in self.stores.values()],
                "devices": [d.as_dict() for d in self.devices.values()],
                "vectors": [v.as_dict() for v in self.vectors.values()]}


def follow(model, patience):
    with ims.Context() as context, context.monitor(sync=True) as monitor:
        while monitor.wait(patience):
            while (event := monitor.read()) is not None:
                model.apply(event)
                if event.type == "alert":
                    print(f"alert: {event.alert_kind}: {event.alert_device_name}", file=sys.stderr)
                elif not event.type.endswith("sync"):
                    print(f"{event.type}: {event.object!r}", file=sys.stderr)


def main(patience):
    model = Model()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an exception ends wait()
    try:
        follow(model, patience)
    except KeyboardInterrupt:
        pass
    print(json.dumps(model.as_dict()))


if __name__ == "__main__":
    try:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else None)
    except ims.Error as error:
        sys.exit(f"agent.py: {error}")
