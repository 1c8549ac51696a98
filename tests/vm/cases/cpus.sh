#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# CPUs that go offline and come back while a device raises interrupts, with and
# without an affinity to them: each interrupt arrives. In a VM of four CPUs with an
# NVMe controller for ims_siov.
. "$IMS_TOP/tests/vm/guest.sh"

taskset -pc 0-3 $$ >/dev/null # an affinity must be of CPUs that the caller may run on
rounds=${IMS_CPU_ROUNDS:-6}

online() { echo "$2" >"/sys/devices/system/cpu/cpu$1/online"; }
# of VECTOR COLUMN...
of() { imsctl list "$IMS_FN0" --noheadings -o "vector,$2" | awk -v v="$1" '$1 == v { print $2, $3, $4 }'; }
# went_on: the load has raised more than when it was last asked
went_on() {
	local i now
	for ((i = 0; i < 100; i++)); do
		now=$(ask p loaded)
		now=${now##* }
		((now > last)) && { last=$now; return; }
		sleep 0.05
	done
	echo "no interrupt since $last"
	return 1
}
# round CPU...: these go, in this order, and come back
round() {
	local cpu
	for cpu; do
		online "$cpu" 0 && went_on || return
	done
	for cpu; do
		online "$cpu" 1 && went_on || return
	done
}

load && load_siov && make_fn 0 || exit
open_wq p "$IMS_FN0" || exit
gives "sixteen vectors are bound" 0 "^ok$" ask p bind 1 16
check "one is for CPU 3 only" imsctl affinity set "$IMS_FN0" 5 3
check "one for CPUs 2 and 3" imsctl affinity set "$IMS_FN0" 6 2-3
for v in {1..16}; do ask p handle "$v" >/tmp/handle || exit; done
gives "the device raises all of them, over and over" 0 "^ok$" ask p load 1 16
last=0
check "interrupts arrive" went_on

for ((i = 0; i < rounds; i++)); do
	check "CPUs go offline and come back, round $i" round 3 2 1
done

# Where they go now is where they were moved to: asked for again, they are back.
check "affinities are asked for again" eval \
	'imsctl affinity set "$IMS_FN0" 5 3 && imsctl affinity set "$IMS_FN0" 6 2-3'
gives "and hold" 0 "^3 3 no$" of 5 cpu,affinity,affinity_broken
check "CPU 3 goes" online 3 0
check "interrupts go on" went_on
gives "the vector of CPU 3 is elsewhere, and says so" 0 "^[012] 3 yes$" of 5 cpu,affinity,affinity_broken
gives "that of CPUs 2 and 3 is where it may be" 0 "^2 2-3 no$" of 6 cpu,affinity,affinity_broken
check "CPU 2 goes, the last of its affinity" online 2 0
check "interrupts go on" went_on
gives "it is elsewhere, and says so" 0 "^[01] 2-3 yes$" of 6 cpu,affinity,affinity_broken
gives "doctor tells" 0 "vector-affinity +warning" imsctl doctor
check "CPUs are back" eval 'online 2 1 && online 3 1'
check "interrupts go on" went_on

gives "none is missing" 0 "^raised [0-9]+ arrived [0-9]+ refused 0 missing 0 cut 0 longest [0-9]+$" ask p stop
close_wq p
check "unload" eval 'rmmod ims_siov && unload'
finish
