#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The driver that tests/vm/outside has built, and what it shows: prepare, hold,
# arm, revoke, reset. In a VM with an ivshmem device (tests/run has the options), and with
# iomem=relaxed on the kernel's command line, for the array is looked at from
# outside while the driver has it.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

driver=/sys/bus/pci/drivers/ims_skeleton
load || exit
check "a driver from outside of the tree loads" insmod "$IMS_BUILD/outside/ims_skeleton.ko"
device=$(echo $driver/0000:*)
check "it has its device" test -e "$device/resource2"
gives "there is its store" 0 "$(basename "$device")" imsctl list --stores
for uuid in "$IMS_WQ0" "$IMS_WQ1"; do
	check "a function is made" eval \
		'echo "$uuid" >"$device/mdev_supported_types/ims_skeleton-fn/create"'
done
finish

echo "# case skeleton"
IMS_SKELETON=$device "$IMS_BUILD/tests/vm/case-skeleton" || status=1
tap_tests=0
check "open" open_wq a "$IMS_WQ0"
gives "bind" 0 "^ok$" ask a bind 0 4
gives "netlink changes no cookie: they are the driver's" 5 "driver" \
	imsctl cookie set "$IMS_WQ0" 1 5
gives "rmmod is refused while it is open" 1 "in use" rmmod ims_skeleton
close_wq a
check "rmmod" rmmod ims_skeleton
gives "no store is left of it" 0 "^$(edu_address)$" imsctl list --stores --noheadings -o name
unload || exit
finish
exit "${status:-0}"
