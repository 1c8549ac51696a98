#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Work queues by mdevctl, the way an operator makes them.
. "$IMS_TOP/tests/vm/guest.sh"

load || exit
address=$(edu_address)
gives "mdevctl types shows ours" 0 "$address.*ims_edu-wq.*Available instances: [1-9]" mdevctl types
check "mdevctl define" mdevctl define -u "$IMS_WQ0" -p "$address" -t ims_edu-wq
check "mdevctl start" mdevctl start -u "$IMS_WQ0"
gives "mdevctl list" 0 "$IMS_WQ0 $address ims_edu-wq" mdevctl list
gives "it works" 0 "result 6 eventfd 1" \
	bash -c 'printf "bind 1 1\nwork 3 1\n" | $IMS_BUILD/tests/vm/wqtool $IMS_WQ0'
check "mdevctl stop" mdevctl stop -u "$IMS_WQ0"
gives "it is gone" 0 "" mdevctl list
unload || exit
finish
