#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Hardware that is reset, and that sleeps, under live vectors: slots, masks and
# cookies are as before, and what was fired ahead of it is not lost. In a VM with
# an edu behind a root port, which can be reset (tests/run has the options).
#
# Its root file system (virtio-9p) does not outlive a suspend: from then on there
# are only what this shell can do itself and the processes that run already.
. "$IMS_TOP/tests/vm/guest.sh"

# The edu that is not on the root bus.
for edu in /sys/bus/pci/devices/*; do
	[[ $edu != */0000:00:* && $(<"$edu/device") == 0x11e8 ]] && break
done
picture() { imsctl list "$IMS_WQ0" --noheadings -o vector,state,slot,generation,irq,cookie,masked; }

load || exit
check "a work queue is made" eval 'echo "$IMS_WQ0" >"$edu/mdev_supported_types/ims_edu-wq/create"'
check "it is opened" open_wq a "$IMS_WQ0"
gives "four vectors are bound" 0 "^ok$" ask a bind 1 4
gives "one has a cookie of its own" 0 "^ok$" ask a cookie 3 0x3333
gives "which is in force when it is bound" 0 "^ok$" ask a bind 3 1
gives "one is masked" 0 "^ok$" ask a mask 4
for v in 1 2 3; do gives "vector $v fires" 0 "^result 120 eventfd 1$" ask a work 5 $v; done
gives "the masked one is fired, too" 0 "^ok$" ask a submit 5 4
before=$(picture)

# fire_all WHAT
fire_all() {
	for v in 1 2 3; do
		gives "$1: vector $v fires" 0 "^result 24 eventfd 1$" ask a work 4 $v
	done
	gives "$1: the masked one is silent" 0 "^eventfd 0$" ask a take 4
}

for what in "after a reset" "after another"; do
	check "edu is reset" eval 'echo 1 >"$edu/reset"'
	gives "$what: slots, cookies and masks are as before" 0 "^$before$" picture
	gives "$what: the stores are awake" 0 $'^no\nno$' \
		imsctl list --stores --noheadings -o suspended
	fire_all "$what"
done

# asleep LEVEL STATE: as far as LEVEL of /sys/power/pm_test, and awake after a second.
# All the way there is suspend to RAM only: nothing wakes this machine from idle.
asleep() { echo "$1" >/sys/power/pm_test && echo "$2" >/sys/power/state; }

if [[ ! -e /sys/power/pm_test ]]; then
	((++tap_tests))
	echo "ok $tap_tests - devices are put to sleep # SKIP this kernel has no pm_test"
	finish
	exit
fi
echo 1 >/sys/module/suspend/parameters/pm_test_delay
# What can be asked for; with CPUs offline as for suspend to RAM, if the machine has it.
ways="freezer:freeze devices:freeze platform:freeze"
[[ ! $(</sys/power/state) == *mem* || ! $(</sys/power/mem_sleep) == *deep* ]] ||
	ways+=" devices:mem platform:mem processors:mem core:mem"
for way in $ways; do
	what="sleep to $way"
	check "$what" asleep ${way/:/ }
	fire_all "$what"
done
# From there the machine comes back with all devices reset.
if [[ $ways == *core:mem* && -e /sys/class/rtc/rtc0/wakealarm ]]; then
	echo enabled >/sys/class/rtc/rtc0/device/power/wakeup
	echo +3 >/sys/class/rtc/rtc0/wakealarm
	check "suspend to RAM" asleep none mem
	fire_all "suspend to RAM"
fi
gives "unmasked" 0 "^ok$" ask a unmask 4
gives "the masked one has kept an interrupt" 0 "^eventfd 1$" ask a take 4
gives "and fires" 0 "^result 6 eventfd 1$" ask a work 3 4
finish
leave 0
