#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The driver that tests/vm/outside has built, as ims_driver(7) tells to try it, and
# what it shows: prepare, hold, arm, revoke, reset. In a VM with an ivshmem device
# (tests/run has the options), and with iomem=relaxed on the kernel's command line,
# for the array is looked at from outside while the driver has it.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

driver=/sys/bus/pci/drivers/ims_skeleton
load || exit
# The guide's steps. Modules that are installed nowhere are loaded already.
modprobe() { [[ $* == "-a vfio_iommu_type1 ims_vfunc" ]]; }
export -f modprobe
export LD_LIBRARY_PATH=$IMS_BUILD/libims
cd "$IMS_BUILD/outside" || exit
gives "the guide's first interrupt" 0 "handle [0-9]+: interrupts: 1$" timeout 60 bash ./try
unset -f modprobe

device=$(echo $driver/*:*)
address=$(basename "$device")
check "the driver has its device" test -e "$device/resource2"
gives "there is its store" 0 "$address" imsctl list --stores
gives "the function's kind is told" 0 "^raises the.*16 MSI-X vectors" cat "$device/ims_vfunc/description"
gives "one function of 16 is made" 0 "^15$" cat "$device/ims_vfunc/available"
gives "its number is taken" 1 "File exists" eval 'echo 0 >"$device/ims_vfunc/new_device"'
check "another one is made" eval 'echo 1 >"$device/ims_vfunc/new_device"'
export IMS_WQ0=$address-0 IMS_WQ1=$address-1
finish

echo "# case skeleton"
IMS_SKELETON=$device "$IMS_BUILD/tests/vm/case-skeleton" || status=1
tap_tests=0
check "open" open_wq a "$IMS_WQ0"
gives "bind" 0 "^ok$" ask a bind 0 4
gives "netlink changes no cookie: they are the driver's" 5 "driver" \
	imsctl cookie set "$IMS_WQ0" 1 5
gives "rmmod is refused while it is open" 1 "in use" rmmod ims_skeleton
check "a function that is closed is removed" eval 'echo 1 >"$device/ims_vfunc/delete_device"'
gives "it is gone" 0 "^15$" cat "$device/ims_vfunc/available"
echo "$address" >$driver/unbind &
remover=$!
gives "the driver is unbound: the user is asked to leave" 0 "^request [1-9]" ask a request
gives "its slots are gone already" 0 "^yes +0$" imsctl list --noheadings -o gone,live
close_wq a
check "when he has left it is unbound" wait $remover
check "no function is left" test ! -e "/sys/bus/ims_vfunc/devices/$IMS_WQ0"
check "bound again" eval 'echo "$address" >$driver/bind'
check "a function is made" eval 'echo 15 >"$device/ims_vfunc/new_device"'
check "rmmod" rmmod ims_skeleton
gives "no store is left of it" 0 "^$(edu_address)$" imsctl list --stores --noheadings -o name
unload || exit
finish
exit "${status:-0}"
