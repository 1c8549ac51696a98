#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The Python package on a real kernel: lists, changes, triggers, VFIO, and the example
# agent, whose tables are what a list says after all that happened.
. "$IMS_TOP/tests/vm/guest.sh"

export PYTHONPATH=$IMS_TOP/libims/python PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=error
LD_LIBRARY_PATH=$(dirname "$(find "$IMS_BUILD" -name libims.so.0 -print -quit)")
export LD_LIBRARY_PATH
agent=$IMS_TOP/libims/python/examples/agent.py
py() { python3 -c "import ims, os, sys; c = ims.Context(); $1"; }

check "without the module it says so" bash -c "python3 '$agent' 0 2>&1 | grep -q 'modprobe vfio_pci_ims'"

load && make_wq "$IMS_WQ0" "$IMS_WQ1" || exit
python3 "$agent" >/tmp/agent.json 2>/tmp/agent.log &
agent_pid=$!
open_wq a "$IMS_WQ0"
check "it binds" [ "$(ask a bind 0 5)" = ok ]

check "devices and vectors" py "
d = c.device('$IMS_WQ0')
assert d.live == 5 and d.owner_comm, d
assert [v.index for v in d.vectors() if v.state == 'live'] == [0, 1, 2, 3, 4]"
check "a cookie, an affinity and a limit" py "
d = c.device('$IMS_WQ0')
d.configure_vectors([2, 3], cookie=0x77, mode='now')
d.configure_vectors([2, 3], affinity='0')
d.configure(limit=9)
assert d.vector(3).cookie == 0x77 and d.vector(2).affinity == '0', d.vector(3)
assert c.device('$IMS_WQ0').limit == 9"
check "a dry run changes nothing" py "
c.device('$IMS_WQ0').configure(limit=8, dry_run=True)
assert c.device('$IMS_WQ0').limit == 9"
check "what the kernel refuses has its reason" py "
try:
    c.device('$IMS_WQ0').trigger([1, 6])
    sys.exit(1)
except ims.Error as e:
    assert e.errno == 22 and 'vector 6' in str(e), e"
check "triggers arrive" py "c.device('$IMS_WQ0').trigger([1, 4]); c.device('$IMS_WQ0').vector(1).trigger()"
check "and are counted" [ "$(ask a take 1) $(ask a take 4) $(ask a take 2)" = "eventfd 2 eventfd 1 eventfd 0" ]
check "the user's side" py "
with ims.VfioDevice(c, '$IMS_WQ1') as v:
    fds = [os.eventfd(0, os.EFD_NONBLOCK) for _ in range(3)]
    v.bind(0, fds)
    v.mask(1)
    c.device('$IMS_WQ1').trigger([0, 1, 2])
    assert os.eventfd_read(fds[0]) == 1 and os.eventfd_read(fds[2]) == 1
    assert c.device('$IMS_WQ1').vector(1).pending
    v.unmask(1)
    assert os.eventfd_read(fds[1]) == 1
    v.disable()
    assert c.device('$IMS_WQ1').live == 0"
check "an ordinary user sees no cookies" setpriv --reuid 1234 --regid 1234 --clear-groups \
	python3 -c "
import ims
d = ims.Context().device('$IMS_WQ0')
assert d.default_cookie is None and d.vector(3).cookie is None and d.live == 5
try:
    d.configure(limit=1)
    raise SystemExit(1)
except ims.Error as e:
    assert e.errno == 1 and 'CAP_SYS_ADMIN' in str(e), e"

# The last of the changes that were made before.
check "the agent is told all of it" until_has /tmp/agent.log "^device-delete: .*$IMS_WQ1"
# A signal that comes between two waits is not seen.
while kill -TERM "$agent_pid" 2>/dev/null; do sleep 0.2; done
check "a signal ends it" wait "$agent_pid"
check "and its tables are what a list says" py "
import json
model = json.load(open('/tmp/agent.json'))
kept = {'stores': ('id', 'name', 'limit'), 'devices': ('id', 'name', 'limit', 'bypass'),
        'vectors': ('device_id', 'index', 'state', 'slot', 'cookie', 'affinity')}
for kind, keys in kept.items():
    now = sorted([getattr(o, k) for k in keys] for o in getattr(c, kind)())
    told = sorted([o[k] for k in keys] for o in model[kind])
    assert now and now == told, (kind, now, told)"
close_wq a
drop_wq "$IMS_WQ0" "$IMS_WQ1" && unload || exit
finish
