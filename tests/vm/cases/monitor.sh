#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A monitor that is too slow for the real kernel, and one whose module is unloaded and
# loaded again, in front of it or behind its back: it is told so, and knows the state
# afterwards.
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

# The module goes and comes while it listens.
reload() { unload && load && make_wq "$IMS_WQ0"; }
count() { grep -c "^$1\$" "$dir/watch"; }
drop_wq "$IMS_WQ0" "$IMS_WQ1" && unload || exit
check "it is told that the module is gone" until_has "$dir/watch" "^gone$"
sleep 1
check "it does not have it loaded" test ! -e /sys/module/vfio_pci_ims
load && make_wq "$IMS_WQ0" || exit
check "and that it is back" until_has "$dir/watch" "^back$"
check "with the store" bash -c "for i in {1..300}; do
	sed -n '/^back/,\$p' $dir/watch | grep -q '^store-' && exit; sleep 0.1; done; exit 1"
open_wq c "$IMS_WQ0" || exit
check "and it listens again" until_has "$dir/watch" "^device-create $IMS_WQ0$"
close_wq c

# While it sleeps, as short as can be.
drop_wq "$IMS_WQ0" || exit
kill -STOP $watch
reload || exit
open_wq d "$IMS_WQ0" && gives "a vector of the new module" 0 "^ok$" ask d bind 9 1
kill -CONT $watch
check "it is told of the reload that it slept through" until_has "$dir/watch" \
	"^vector-(sync|create) $IMS_WQ0 9 live$"
gives "once more" 0 "^2 2$" echo "$(count gone) $(count back)"
close_wq d

# And when what tells of it is lost, too.
open_wq e "$IMS_WQ0" || exit
before=$(lost)
kill -STOP $watch
for ((i = 0; i < 2000; i++)); do
	ask e bind 0 32 >/dev/null && ask e unbind 0 32 >/dev/null || exit
	(($(lost) == before)) || break
done
close_wq e
drop_wq "$IMS_WQ0" && reload || exit
open_wq f "$IMS_WQ0" && gives "a vector of the module after that" 0 "^ok$" ask f bind 11 1
kill -CONT $watch
check "it is exact behind the overrun" until_has "$dir/watch" "^vector-sync $IMS_WQ0 11 live$"
gives "it listens to that one, too" 0 "^ok$" ask f bind 12 1
check "as it did before" until_has "$dir/watch" "^vector-create $IMS_WQ0 12 live$"
gives "and tells of the reload" 0 "^2 3 3$" \
	echo "$(count overrun) $(count gone) $(count back)"
close_wq f

kill $watch
wait $watch 2>/dev/null
drop_wq "$IMS_WQ0" && unload || exit
finish
