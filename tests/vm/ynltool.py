#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: ynltool.py TREE

The kernel's YNL library, with the specification in TREE (laid out as the kernel's
own tree), in one process for many requests: on slow machines its start takes
seconds. A request is a line, as is its answer:

    do OPERATION JSON, dump OPERATION JSON    the reply, or "error: ..."
    subscribe GROUP                           "ok"
    events                                    those that have come: [[name, message]]
"""

import json
import sys

tree = sys.argv[1]
sys.path.insert(0, f"{tree}/tools/net/ynl")
from lib import NlError, YnlFamily  # noqa: E402

spec = f"{tree}/Documentation/netlink/specs/ims.yaml"
# One socket for requests, another to listen, which the library does not do on one.
ynl = YnlFamily(spec)
ears = YnlFamily(spec)


def answer(line):
    verb, _, rest = line.partition(" ")
    what, _, attrs = rest.partition(" ")
    attrs = json.loads(attrs or "{}")
    if verb == "do":
        return json.dumps(ynl.do(what, attrs))
    if verb == "dump":
        return json.dumps(ynl.dump(what, attrs))
    if verb == "subscribe":
        ears.ntf_subscribe(what)
        return "ok"
    if verb == "events":
        ears.check_ntf()
        return json.dumps([[m["name"], m["msg"]] for m in ears.async_msg_queue])
    return "error: what?"


for request in sys.stdin:
    try:
        print(answer(request.strip()), flush=True)
    except NlError as e:
        print("error:", str(e).replace("\n", " "), flush=True)
    except OSError as e:
        print("error:", e, flush=True)
