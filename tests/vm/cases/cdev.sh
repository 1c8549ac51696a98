#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Cases that were written for VFIO's groups, on its character devices: wq.c opens
# work queues so, by libims (ims_vfio_open() of a cdev's path). On a kernel that has
# them, see iommufd.sh.
. "$IMS_TOP/tests/vm/guest.sh"
export IMS_CDEV=1

load && make_wq "$IMS_WQ0" || exit
check "a work queue is open" open_wq a "$IMS_WQ0"
gives "by its character device" 0 "/dev/vfio/devices/vfio0" \
	eval 'readlink /proc/${wq_pid[a]}/fd/*'
gives "without its group" 1 "" eval 'readlink /proc/${wq_pid[a]}/fd/* | grep "/dev/vfio/[0-9v]"'
gives "libims and imsctl know it by its name" 0 "^$IMS_WQ0 *$" \
	imsctl list --noheadings -o name
close_wq a
drop_wq "$IMS_WQ0" && unload || exit
finish
exec "$IMS_TOP/tests/vm/cases/all" programs.sh removal.sh
