#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Handles that the host takes away and the guest requests again, while the device
# raises their interrupts. In a VM with an NVMe controller for ims_siov.
# IMS_REVOCATIONS: how often (1000).
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

load && load_siov && make_fn 0 1 || exit
export IMS_REVOKE=/sys/kernel/debug/ims_siov/$siov/revoke
echo "# case revoke"
"$IMS_BUILD/tests/vm/case-revoke" || status=1
rmmod ims_siov && unload || exit
exit "${status:-0}"
