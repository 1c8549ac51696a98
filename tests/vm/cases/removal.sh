#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The ground goes away: parent device, driver or work queue are removed while
# the work queue is open, with vectors live and work under way.
. "$IMS_TOP/tests/vm/guest.sh"

address=$(edu_address)
device=/sys/bus/pci/devices/$address
driver=/sys/bus/pci/drivers/ims_edu

# Without a user's help the remover would wait: it is a process of its own.
remover=0
remove() { echo "$1" >"$2" & remover=$!; }
remover_waits() { sleep 0.5; kill -0 $remover 2>/dev/null; }
remover_ends() { wait $remover; }
live() { imsctl list --noheadings -o name,live | awk -v n="$1" '$1 == n { print $2 }'; }
irqs() { grep -c 'vfio-ims' /proc/interrupts; }

# $1: how it is called; $2, $3: what is written where; $4: vectors that stay live.
scene() {
	check "$1: two work queues" make_wq "$IMS_WQ0" "$IMS_WQ1"
	check "$1: both are open" eval 'open_wq a "$IMS_WQ0" && open_wq b "$IMS_WQ1"'
	gives "$1: vectors are live" 0 "^ok.ok$" eval 'ask a bind 0 8; ask b bind 0 8'
	gives "$1: and work" 0 "^result 2 eventfd 1$" ask a work 2 1
	remove "$2" "$3"
	check "$1: removal waits for the user" remover_waits
}

check "modules load" load

scene "parent removed" 1 "$device/remove"
gives "parent removed: the user is asked to leave" 0 "^request [1-9]" ask a request
gives "parent removed: vectors are quiet" 0 "^0.0$" eval 'live "$IMS_WQ0"; live "$IMS_WQ1"'
gives "parent removed: no Linux IRQ is left" 1 "^0$" irqs
gives "parent removed: counts are kept" 0 "^ *1 +idle +1$" \
	eval 'imsctl list "$IMS_WQ0" --noheadings -o vector,state,delivered | grep "^ *1 "'
gives "parent removed: binding fails" 0 "^error 19 .*$IMS_WQ0" ask a bind 1 1
gives "parent removed: triggering fails" 3 "going away" imsctl trigger "$IMS_WQ0" 1
gives "parent removed: work is refused" 0 "^error" ask a work 3 1
close_wq a
check "parent removed: the other user still holds it" remover_waits
close_wq b
check "parent removed: done when both have left" remover_ends
check "parent removed: the device is gone" test ! -e "$device"
echo 1 >/sys/bus/pci/rescan
check "parent back: it has its driver" test -e "$driver/$address"

scene "driver unbound" "$address" "$driver/unbind"
gives "driver unbound: vectors are quiet" 0 "^0$" live "$IMS_WQ1"
check "driver unbound: a killed user leaves, too" kill -KILL "${wq_pid[a]}" "${wq_pid[b]}"
check "driver unbound: done" remover_ends
wait "${wq_pid[a]}" "${wq_pid[b]}" 2>/dev/null
check "driver unbound: its work queues are gone" test ! -e "/sys/bus/mdev/devices/$IMS_WQ0"
echo "$address" >"$driver/bind"
check "driver back" test -e "$driver/$address"

scene "work queue removed" 1 "/sys/bus/mdev/devices/$IMS_WQ0/remove"
gives "work queue removed: the user is asked to leave" 0 "^request [1-9]" ask a request
gives "work queue removed: it works until then" 0 "^result 24 eventfd 1$" ask a work 4 3
gives "work queue removed: the other does, too" 0 "^result 120 eventfd 1$" ask b work 5 3
close_wq a
check "work queue removed: done" remover_ends
check "work queue removed: it is gone" test ! -e "/sys/bus/mdev/devices/$IMS_WQ0"
gives "work queue removed: the other still works" 0 "^result 720 eventfd 1$" ask b work 6 3
close_wq b
check "unload" unload
finish
