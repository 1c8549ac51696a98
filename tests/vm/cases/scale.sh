#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Thousands of vectors, fired by the test device. In a VM of 16 CPUs, which have
# room for some 3200, with an NVMe controller.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

load && load_nvme && make_fn "$IMS_WQ0" || exit
echo "# case scale"
"$IMS_BUILD/tests/vm/case-scale" || status=1
rmmod ims_nvme && unload || exit
exit "${status:-0}"
