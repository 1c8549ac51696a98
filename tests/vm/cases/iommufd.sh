#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# VFIO's character device and iommufd by their ioctls: iommufd.c. On a kernel that
# has both: tests/vm/iommufd, tests/vm/debug.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

load && make_wq "$IMS_WQ0" "$IMS_WQ1" || exit
address=$(edu_address)
export IMS_CREATE=/sys/bus/pci/devices/$address/mdev_supported_types/ims_edu-wq/create
[[ -e /dev/iommu ]] || modprobe iommufd
"$IMS_BUILD/tests/vm/case-iommufd" || status=1

gives "nothing is left in use" 0 "^ *0$" imsctl list --stores --noheadings -o used
# Who says so is the kernel: a reference that is left keeps a module, or a device.
check "the work queues can be removed" drop_wq "$IMS_WQ0" "$IMS_WQ1"
check "the modules can be unloaded" unload
[[ ! -e /sys/module/iommufd/refcnt ]] ||
	check "and what they need" modprobe -r vfio_iommu_type1 mdev vfio iommufd
finish
exit "${status:-0}"
