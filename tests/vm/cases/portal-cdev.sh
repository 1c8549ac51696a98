#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Functions of ims_siov by cdev and iommufd: address spaces that come and go, then all of
# portal.sh so. On a kernel that has them, in a VM with an NVMe controller for
# ims_siov.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP IMS_CDEV=1

load && load_siov && make_fn 0 1 || exit
echo "# case portal_iommufd"
"$IMS_BUILD/tests/vm/case-portal_iommufd" || status=1
rmmod ims_siov && unload || exit
((!${status:-0})) || exit 1
exec "$IMS_TOP/tests/vm/cases/portal.sh"
