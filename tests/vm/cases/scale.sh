#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Thousands of vectors, raised by hardware. In a VM of 16 CPUs, which have room for
# some 3200, with an NVMe controller for ims_siov.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

load && load_siov vectors=8192 && make_fn 0 || exit
echo "# case scale"
"$IMS_BUILD/tests/vm/case-scale" || status=1
rmmod ims_siov && unload || exit
exit "${status:-0}"
