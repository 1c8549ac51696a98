#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Functions of ims_siov whose portals are mapped: what they do, by the programs
# case-portal*; then what befalls them while one of them raises interrupts all the
# time: resets, revocation, removal, sleep. Nothing is lost, and the neighbour hears
# nothing. In a VM with an NVMe controller for ims_siov.
#
# Its root file system (virtio-9p) does not outlive a suspend: from then on there
# are only what this shell can do itself and the processes that run already.
#
# Seen to catch: writes that do not wait while the device is reset, portals that can
# be written after the device has gone, an interrupt that is pending when its handle
# is revoked and is lost.
. "$IMS_TOP/tests/vm/guest.sh"

load && load_siov && make_fn 0 1 || exit
CMOCKA_MESSAGE_OUTPUT=TAP
export CMOCKA_MESSAGE_OUTPUT
for case in portal portal_work portal_handle portal_region; do
	echo "# case $case"
	"$IMS_BUILD/tests/vm/case-$case" || status=1
done

device=/sys/bus/pci/devices/$siov
driver=/sys/bus/pci/drivers/ims_siov
functions=/sys/bus/ims_vfunc/devices
knobs=/sys/kernel/debug/ims_siov/$siov

# Without another program: see above.
exec {tick}<> <(:)
pause() { read -rt 0.1 -u "$tick"; }

raised() {
	local answer
	answer=$(ask a loaded) && echo "${answer#raised }"
}
# The load goes on: 100 more have been raised, or more.
goes_on() {
	local from i
	from=$(raised)
	for ((i = 0; i < 100; i++)); do
		(($(raised) >= from + 100)) && return
		pause
	done
	echo "$from, and now $(raised)"
	return 1
}
is_silent() {
	local v
	for v in {1..8}; do
		[[ $(ask b take "$v") == "eventfd 0" ]] || return
	done
}

# begin WHAT: function a raises interrupts, b is there.
begin() {
	check "$1: both are open" eval 'open_wq a "$IMS_FN0" && open_wq b "$IMS_FN1"'
	gives "$1: vectors are live" 0 "^ok.ok$" eval 'ask a bind 0 9; ask b bind 0 9'
	gives "$1: the neighbour has handles" 0 "^handle .*handle " \
		eval 'for v in {1..8}; do ask b handle $v; done'
	gives "$1: load" 0 "^ok$" ask a load 1 8
	check "$1: which goes on" goes_on
}

# How most of them end: all that was raised has arrived.
untouched='[0-9]+ refused 0 missing 0 cut 0 longest [0-9]+'

# end_load WHAT ANSWER: as it must have ended; the neighbour was not disturbed
end_load() {
	gives "$1: nothing is lost" 0 "^raised [0-9]+ arrived $2$" ask a stop
	check "$1: the neighbour hears nothing" is_silent
}
works() { gives "$1: $2 works" 0 "^eventfd 20$" ask "$2" work 20 3; }
end() {
	close_wq a
	close_wq b
}

begin "the neighbour is reset"
for i in 1 2 3; do
	gives "the neighbour is reset" 0 "^ok$" ask b reset
done
check "the neighbour is reset: the load goes on" goes_on
end_load "the neighbour is reset" "$untouched"
gives "the neighbour is reset: it has no handles" 0 "^ok.error 3" \
	eval 'ask b bind 3 1; ask b command 1 0 >/dev/null; ask b release 3'
end

begin "handles are revoked"
for ((i = 0; i < 20; i++)); do
	echo 0 >"$knobs/revoke"
	pause
done
check "handles are revoked: the load goes on" goes_on
gives "handles are revoked: each time" 0 "^value 160$" ask a read 0x34
end_load "handles are revoked" "[0-9]+ refused [0-9]+ missing 0 cut 0 longest [0-9]+"
works "handles are revoked" a
works "handles are revoked" b
end

begin "the device is reset"
for i in 1 2 3; do
	check "the device is reset" eval 'echo 1 >"$device/reset"'
	check "the device is reset: the load goes on" goes_on
done
# PCI has it rest for 100 ms. Who writes to his portal then waits.
end_load "the device is reset" "[0-9]+ refused 0 missing 0 cut 0 longest [1-9][0-9]{2,}"
gives "the device is reset: the portals are there" 0 "^there.there$" \
	eval 'ask a portal; ask b portal'
works "the device is reset" a
works "the device is reset" b
end

remover=0
remove() { echo "$1" >"$2" & remover=$!; }
remover_waits() { sleep 0.5; kill -0 $remover 2>/dev/null; }
remover_ends() { wait $remover; }

begin "a function is deleted"
remove 0 "$device/ims_vfunc/delete_device"
check "a function is deleted: that waits for its user" remover_waits
gives "a function is deleted: who is asked to leave" 0 "^request [1-9]" ask a request
check "a function is deleted: it works until then" goes_on
end_load "a function is deleted" "$untouched"
close_wq a
check "a function is deleted: done" remover_ends
check "a function is deleted: it is gone" test ! -e "$functions/$IMS_FN0"
works "a function is deleted" b
close_wq b
check "a function is deleted: it can be made again" make_fn 0

begin "the driver is unbound"
remove "$siov" "$driver/unbind"
check "the driver is unbound: that waits for users" remover_waits
end_load "the driver is unbound" "[0-9]+ refused [0-9]+ missing 0 cut [0-9]+ gone longest [0-9]+"
gives "the driver is unbound: no write reaches the device" 0 "^gone.gone$" \
	eval 'ask a portal; ask b portal'
gives "the driver is unbound: no Linux IRQ is left" 1 "^0$" grep -c vfio-ims /proc/interrupts
gives "the driver is unbound: commands fail" 0 "^status 8 " ask b command 1 0
gives "the driver is unbound: vectors cannot be bound" 0 "^error 19 " ask b bind 1 1
end
check "the driver is unbound: done" remover_ends
check "the driver is unbound: its functions are gone" test ! -e "$functions/$IMS_FN1"
check "the driver is back" eval 'echo "$siov" >"$driver/bind"'
check "functions, too" make_fn 0 1

begin "the device is removed"
remove 1 "$device/remove"
check "the device is removed: that waits for users" remover_waits
end_load "the device is removed" "[0-9]+ refused [0-9]+ missing 0 cut [0-9]+ gone longest [0-9]+"
gives "the device is removed: the portals are gone" 0 "^gone.gone$" \
	eval 'ask a portal; ask b portal'
check "the device is removed: a killed user leaves, too" \
	kill -KILL "${wq_pid[a]}" "${wq_pid[b]}"
check "the device is removed: done" remover_ends
wait "${wq_pid[a]}" "${wq_pid[b]}" 2>/dev/null
echo 1 >/sys/bus/pci/rescan
check "the device is back" eval 'echo ims_siov >"$device/driver_override" &&
	echo "$siov" >/sys/bus/pci/drivers_probe && make_fn 0 1'

awake=
[[ -e /sys/power/pm_test ]] || awake="this kernel has no pm_test"
# The port by which results come, virtio's, is silent there afterwards.
[[ $(uname -r) != 7.* ]] || awake="nothing is heard of Linux 7 after a sleep"
if [[ -n $awake ]]; then
	((++tap_tests))
	echo "ok $tap_tests - devices are put to sleep # SKIP $awake"
	rmmod ims_siov && unload || exit
	finish
	exit "${status:-0}"
fi
begin "sleep"
end_load "ahead of sleep" "$untouched"
works "ahead of sleep" a
works "ahead of sleep" b
gives "ahead of sleep: the portals are there" 0 "^there.there$" \
	eval 'ask a portal; ask b portal'
gives "sleep: load" 0 "^ok$" ask a load 1 8
check "sleep: which goes on" goes_on
check "devices are put to sleep" eval \
	'echo devices >/sys/power/pm_test && echo freeze >/sys/power/state'
check "after sleep: the load goes on" goes_on
end_load "after sleep" "$untouched"
gives "after sleep: the portals are there" 0 "^there.there$" \
	eval 'ask a portal; ask b portal'
works "after sleep" a
works "after sleep" b
finish
leave "${status:-0}"
