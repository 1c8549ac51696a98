#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What there is comes to an end: limits, reservations, the store, the CPU's
# vectors. In a VM of one CPU, which has about 200 of them. IMS_REFUSALS: how often a
# guest asks for more (10000).
. "$IMS_TOP/tests/vm/guest.sh"

fill() { printf '%s\n' "$@" | "$IMS_BUILD/tests/vm/wqtool" "$IMS_WQ0"; }
slots() { imsctl list --noheadings -o slots | tr -d " "; }

check "a limit of 6 slots per queue" load ims_edu.slots_per_queue=6
make_wq "$IMS_WQ0" || exit
gives "the limit is kept, a failed block takes nothing" 0 \
	$'\nok\nerror 28 [^\n]*\nok\nresult 6 eventfd 1\nerror 28 [^\n]*\nok\nok$' \
	fill "bind 0 6" "bind 6 2" "bind 6 1" "work 3 6" "bind 7 1" "unbind 2 1" "bind 7 1"
unload || exit

check "8 slots, of which each queue is promised 4" load ims_edu.slots=8 ims_edu.reserve=4
make_wq "$IMS_WQ0" "$IMS_WQ1" || exit
check "one is open" open_wq a "$IMS_WQ0"
check "the other, too" open_wq b "$IMS_WQ1"
gives "none gets what the other was promised" 0 "^error 28" ask a bind 1 5
gives "but its own" 0 "^ok$" ask a bind 1 4
gives "and the other its own" 0 "^ok$" ask b bind 1 4
gives "all of them fire" 0 "^result 2 eventfd 1$" ask b work 2 4
close_wq b
gives "a promise ends with the device" 0 "^ok$" ask a bind 5 4
close_wq a
unload || exit

check "more slots than the CPU has vectors" load ims_edu.slots=1024 ims_edu.vectors=512
make_wq "$IMS_WQ0" || exit
# A guest that does not give up: what the kernel's log says of it
refusals=${IMS_REFUSALS:-10000}
lines() { dmesg | wc -l; }
flood() { { echo bind 1 20; yes "bind 21 480" | head -n "$refusals"; } | fill "$(cat)" | cut -c 1-8 | sort | uniq -c; }
before=$(lines) start=$SECONDS
gives "$refusals blocks are refused" 0 "^ *$refusals error 28" flood
bound=$((11 * (SECONDS - start + 1)))
check "that added no more than 11 lines a second to the log" test $(($(lines) - before)) -le "$bound"
check "open" open_wq a "$IMS_WQ0"
gives "some" 0 "^ok$" ask a bind 1 20
gives "too many: an error" 0 "^error 28" ask a bind 21 480
gives "and nothing has changed" 0 "^20$" slots
gives "what was live works" 0 "^result 5040 eventfd 1$" ask a work 7 20
gives "a trigger is replaced" 0 "^ok$" ask a bind 1 20
gives "up to what there is" 0 "^ok$" ask a bind 21 100
gives "the last one works" 0 "^result 40320 eventfd 1$" ask a work 8 120
close_wq a
unload || exit
finish
