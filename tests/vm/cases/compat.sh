#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The same programs through groups whose container is iommufd's imitation of one:
# /dev/vfio/vfio is /dev/iommu. On a kernel that has it, see iommufd.sh.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

load && insmod "$inject" || exit
[[ -e /dev/iommu ]] || modprobe iommufd
mv /dev/vfio/vfio /dev/vfio/vfio.type1
ln -s /dev/iommu /dev/vfio/vfio
make_wq "$IMS_WQ0" "$IMS_WQ1" || exit
for case in direct life control input_ioctl; do
	echo "# case $case"
	"$IMS_BUILD/tests/vm/case-$case" || status=1
done

check "a work queue is open" open_wq a "$IMS_WQ0"
gives "its container is iommufd's" 0 "/dev/iommu" \
	eval 'readlink /proc/${wq_pid[a]}/fd/*'
gives "and it works" 0 "^ok.result 120 eventfd 1$" eval 'ask a bind 0 4; ask a work 5 1'
close_wq a
check "the work queues can be removed" drop_wq "$IMS_WQ0" "$IMS_WQ1"
mv /dev/vfio/vfio.type1 /dev/vfio/vfio
rmmod ims_inject
check "the modules can be unloaded" unload
finish
exit "${status:-0}"
