#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where interrupts go on a host that keeps CPUs for others. In a VM of 4 CPUs with
# isolcpus=managed_irq,domain,2-3 and irqaffinity=0-1.
. "$IMS_TOP/tests/vm/guest.sh"

# An affinity must be of CPUs that the caller may run on: here all.
taskset -pc 0-3 $$ >/dev/null

# of VECTOR KEY...: what is shown of a vector
of() {
	local vector=$1
	shift
	imsctl list "$IMS_WQ0" --json | python3 -c '
import json, sys
for v in json.load(sys.stdin):
    if v["vector"] == int(sys.argv[1]):
        print(*(v[key] for key in sys.argv[2:]))' "$vector" "$@"
}
irq_of() { of "$1" irq; }
goes_to() { cat "/proc/irq/$(irq_of "$1")/effective_affinity_list"; }
online() { echo "$2" >"/sys/devices/system/cpu/cpu$1/online"; }
lines() { dmesg | grep -c 'Affinity broken'; }

check "modules" load ims_edu.slots=1024 ims_edu.vectors=512
make_wq "$IMS_WQ0" && open_wq a "$IMS_WQ0" || exit
gives "the kernel's default affinity" 0 "^0?3$|^f*3$" cat /proc/irq/default_smp_affinity

# The default
gives "ten vectors" 0 "^ok$" ask a bind 1 10
for v in {1..10}; do goes_to "$v"; done >/tmp/cpus
gives "go to CPUs of the default, not to isolated ones" 0 "^[01](\s+[01])*\s*$" cat /tmp/cpus
gives "as imsctl shows it" 0 "^[01] False$" of 3 cpu affinity_broken

# Set and cleared
check "an isolated CPU by wish" imsctl affinity set "$IMS_WQ0" 3 2
gives "it goes there" 0 "^2$" goes_to 3
check "cleared" imsctl affinity clear "$IMS_WQ0" 3
gives "it is back, and not at any CPU that is online" 0 "^[01]$" goes_to 3
gives "with the default mask" 0 "^0-1$" cat "/proc/irq/$(irq_of 3)/smp_affinity_list"

# A Linux IRQ that is used again has no affinity of before.
check "vector 4 to CPU 3" imsctl affinity set "$IMS_WQ0" 4 3
irq=$(irq_of 4)
gives "is unbound" 0 "^ok$" ask a unbind 4 1
gives "another is bound" 0 "^ok$" ask a bind 20 1
gives "it has that Linux IRQ" 0 "^$irq$" irq_of 20
gives "and goes to a CPU of the default" 0 "^[01]$" goes_to 20
gives "the first is bound again" 0 "^ok$" ask a bind 4 1
gives "and goes where it was to go" 0 "^3$" goes_to 4

# CPUs that go and come
gives "CPU 3 goes offline" 0 "" online 3 0
gives "the vector says that it is elsewhere" 0 "^[012] 3 True$" of 4 cpu affinity affinity_broken
gives "doctor names it" 0 "vector 4" imsctl doctor
gives "it works there" 0 "^result 120 eventfd 1$" ask a work 5 4
gives "it is bound anew meanwhile" 0 "^ok$" ask a unbind 4 1
gives "it is bound anew meanwhile" 0 "^ok$" ask a bind 4 1
gives "and says so as well" 0 "True$" of 4 affinity_broken
gives "CPU 3 is back" 0 "" online 3 1
check "it is asked for again" imsctl affinity set "$IMS_WQ0" 4 3
gives "and all is well" 0 "^3 3 False$" of 4 cpu affinity affinity_broken
gives "those of the default say nothing" 1 "^0$" sh -c "imsctl list $IMS_WQ0 --noheadings -o affinity_broken | grep -c yes"

# CPU 2 has no vector left: what is asked to go there goes elsewhere, and says so.
imsctl monitor --json >/tmp/alerts &
monitor=$!
sleep 1
gives "all other vectors are for CPU 2" 0 "" sh -c "
	seq 100 400 | sed 's/.*/affinity set $IMS_WQ0 & 2/' | imsctl --batch -"
before=$(lines)
gives "and are bound" 0 "^ok$" ask a bind 100 301
gives "some do not find room" 0 "^True$" of 400 affinity_broken
gives "others did" 0 "^2 False$" of 100 cpu affinity_broken
gives "all of them work" 0 "^result 5040 eventfd 1$" ask a work 7 400
# It comes late, not never: monitor polls nothing, and the socket has no end.
tries=0
until grep -q "\"alert\".*affinity" /tmp/alerts || ((tries++ > 100)); do sleep 0.1; done
kill $monitor
gives "alerts name them" 0 '"vector": ?[0-9]+' grep -m1 "\"alert\".*affinity" /tmp/alerts
gives "the log says so once" 0 "^1$" expr $(($(lines) - before))
close_wq a
unload || exit
finish
