#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Loading and unloading: refused while in use, clean afterwards.
. "$IMS_TOP/tests/vm/guest.sh"

interrupts() { grep -c -e IMS- -e vfio-ims /proc/interrupts; }
owner_waits() { imsctl list "$IMS_WQ0" --noheadings | grep -q live; }

check "modules load" load
check "edu has its driver" test -e "/sys/bus/pci/drivers/ims_edu/$(edu_address)"
check "the mdev type is there" test -d "/sys/bus/pci/devices/$(edu_address)/mdev_supported_types/ims_edu-wq"
gives "rmmod ims is refused while others use it" 1 "in use by: vfio_pci_ims" rmmod ims
gives "rmmod vfio_pci_ims is refused, too" 1 "in use by: .*ims_vfunc" rmmod vfio_pci_ims
gives "rmmod ims_vfunc is refused, too" 1 "in use by: ims_edu" rmmod ims_vfunc

check "two work queues are made" make_wq "$IMS_WQ0" "$IMS_WQ1"
gives "one UUID makes one work queue" 1 "File exists" make_wq "$IMS_WQ0"
gives "a closed work queue is not listed" 0 "" imsctl list --noheadings

check "a process opens the first" open_wq a "$IMS_WQ0"
gives "and binds eight vectors" 0 "^ok$" ask a bind 0 8
gives "a second open is refused" 1 "$IMS_WQ0: .*in use" "$IMS_BUILD/tests/vm/wqtool" "$IMS_WQ0"
gives "rmmod ims_edu is refused while it is open" 1 "in use" rmmod ims_edu
check "its vectors are live" owner_waits
gives "/proc/interrupts names them" 0 "IMS-.*vfio-ims\[1\]\($IMS_WQ0\)" cat /proc/interrupts

kill -KILL "${wq_pid[a]}"
wait "${wq_pid[a]}" 2>/dev/null
gives "killing the process closes the device" 0 "" imsctl list --noheadings
gives "no interrupt is left" 1 "^0$" interrupts

check "rmmod ims_edu removes the idle work queues" rmmod ims_edu
check "they are gone" test ! -e "/sys/bus/mdev/devices/$IMS_WQ0"
check "rmmod ims_vfunc" rmmod ims_vfunc
check "rmmod vfio_pci_ims" rmmod vfio_pci_ims
check "rmmod ims" rmmod ims

gives "a store without slots is refused" 1 "Invalid parameters" load ims_edu.slots=0
rmmod ims_edu ims_vfunc vfio_pci_ims ims 2>/dev/null

# The debug kernel, where each takes seconds, asks for fewer.
cycles=${IMS_CYCLES:-200}
cycle() {
	local i
	for ((i = 0; i < cycles; i++)); do
		load && make_wq "$IMS_WQ0" && unload || return
	done
}
check "$cycles times load, make, unload" cycle

# Only from the top down; each wrong attempt is refused and does no harm.
every_order() {
	local order module
	for order in "ims vfio_pci_ims ims_vfunc ims_edu" \
		"ims ims_edu vfio_pci_ims ims_vfunc" "vfio_pci_ims ims_vfunc ims ims_edu" \
		"ims_vfunc ims_edu ims vfio_pci_ims" "ims_edu ims ims_vfunc vfio_pci_ims" \
		"ims_edu ims_vfunc vfio_pci_ims ims"; do
		load && make_wq "$IMS_WQ0" || return
		for module in $order; do rmmod $module 2>/dev/null; done
		for module in ims_edu ims_vfunc vfio_pci_ims ims; do
			[[ ! -e /sys/module/$module ]] || rmmod $module || return
		done
	done
}
check "rmmod in every order" every_order

check "modules load again" load ims_edu.slots=4 ims_edu.queues=2
check "two work queues" make_wq "$IMS_WQ0" "$IMS_WQ1"
gives "and not one more than the limit" 1 "Too many users" \
	make_wq badc0de0-0000-4000-8000-000000000003
full() {
	"$IMS_BUILD/tests/vm/wqtool" "$IMS_WQ0" <<-END
	bind 1 3
	bind 4 2
	work 5 3
	bind 4 1
	END
}
gives "a full store refuses, and what is live goes on" 0 \
	$'ok\nerror 28 .*\nresult 120 eventfd 1\nok' full
drop_wq "$IMS_WQ1"
gives "an instance is available at once when one is removed" 0 "^1$" \
	cat "/sys/bus/pci/devices/$(edu_address)/mdev_supported_types/ims_edu-wq/available_instances"
check "unload with a work queue present" unload
finish
