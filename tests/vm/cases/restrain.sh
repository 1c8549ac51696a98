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
rmmod ims_siov && rmmod ims_inject && unload || exit
exit "${status:-0}"
