#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Vectors that an administrator holds or limits while the device raises their interrupts.
# In a VM with an NVMe controller for ims_siov.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

load && load_siov && make_fn 0 1 && insmod "$inject" || exit
echo "# case restrain"
"$IMS_BUILD/tests/vm/case-restrain" || status=1

check "a function is opened" open_wq a "$IMS_FN0"
gives "an absent vector is held" 0 "" imsctl quiet set "$IMS_FN0" 3
gives "and shown so" 0 "^yes$" imsctl quiet "$IMS_FN0" 3 -o quiet --noheadings
gives "the device gets a limit" 0 "" imsctl rate set "$IMS_FN0" default 5000
gives "and with it the vector" 0 "^5000/default$" \
	imsctl rate "$IMS_FN0" 3 -o rate_limit --noheadings
gives "it is part of the configuration" 0 $'\nrate-limit 5000\n' imsctl save "$IMS_FN0"
gives "all holds end" 0 "" imsctl quiet clear "$IMS_FN0" all
gives "the vector is not held" 0 "^no$" imsctl quiet "$IMS_FN0" 3 -o quiet --noheadings
gives "who may not holds nothing" 4 "needs CAP_SYS_ADMIN" \
	setpriv --reuid 65534 --clear-groups imsctl quiet set "$IMS_FN0" 3
close_wq a
finish

rmmod ims_siov && rmmod ims_inject && unload || exit
exit "${status:-0}"
