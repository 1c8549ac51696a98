#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The cases that are C programs, each with two work queues of its own.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

load && insmod "$inject" || exit
make_wq "$IMS_WQ0" "$IMS_WQ1" || exit
for case in direct ways life control input_ioctl input_netlink matrix agents load; do
	echo "# case $case"
	"$IMS_BUILD/tests/vm/case-$case" || status=1
done
drop_wq "$IMS_WQ0" "$IMS_WQ1" || exit
rmmod ims_inject && unload || exit
exit "${status:-0}"
