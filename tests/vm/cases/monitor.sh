#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A monitor that is too slow for the real kernel: it is told so, and knows the
# state afterwards.
. "$IMS_TOP/tests/vm/guest.sh"
dir=$(mktemp -d)

load && make_wq "$IMS_WQ0" "$IMS_WQ1" || exit
open_wq a "$IMS_WQ0" || exit
# Without CAP_NET_ADMIN its buffer is small, which makes this quick.
setpriv --bounding-set=-net_admin "$IMS_BUILD/tests/vm/example-watch" >"$dir/watch" 2>&1 &
watch=$!
check "it is in step" until_has "$dir/watch" "^synced$"

# Until its buffer must be full: the kernel counts what listeners have lost.
lost() { awk '$2 == 16 && $9 > n { n = $9 } END { print n + 0 }' /proc/net/netlink; }
kill -STOP $watch
for ((i = 0; i < 2000; i++)); do
	ask a bind 0 32 >/dev/null && ask a unbind 0 32 >/dev/null || exit
	(($(lost) == 0)) || break
done
check "the kernel has dropped events after $i rounds" test "$(lost)" -gt 0
close_wq a
open_wq b "$IMS_WQ1" || exit
gives "what comes later" 0 "^ok$" ask b bind 5 1
kill -CONT $watch

check "it is told" until_has "$dir/watch" "^overrun$"
check "and what there is" bash -c "for i in {1..300}; do
	sed -n '/^overrun/,\$p' $dir/watch | grep -q '^synced$' && exit; sleep 0.1; done; exit 1"
after() { sed -n '/^overrun/,/^synced/p' "$dir/watch"; }
gives "the device that is open, with its vector" 0 "device-sync $IMS_WQ1.*vector-sync $IMS_WQ1 5 live" after
check "and not the one that was closed" bash -c "! sed -n '/^overrun/,\$p' $dir/watch | grep -q $IMS_WQ0"
gives "a change after that" 0 "^ok$" ask b bind 6 1
check "is told" until_has "$dir/watch" "^vector-(create|change) $IMS_WQ1 6 live$"
close_wq b
check "and the end" until_has "$dir/watch" "^device-delete $IMS_WQ1$"

kill $watch
wait $watch 2>/dev/null
drop_wq "$IMS_WQ0" "$IMS_WQ1" && unload || exit
finish
