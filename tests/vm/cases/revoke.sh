#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Slots that are revoked, armed and prepared while the test device fires them. In a
# VM with an NVMe controller. IMS_REVOCATIONS: how often (1000).
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

load && load_nvme && make_fn "$IMS_WQ0" || exit
echo "# case revoke"
"$IMS_BUILD/tests/vm/case-revoke" || status=1
rmmod ims_nvme && unload || exit
exit "${status:-0}"
