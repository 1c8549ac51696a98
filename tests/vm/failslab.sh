#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# failslab.sh [PATTERN]: the failslab sweep. Every allocation of every operation
# (or of those whose name fits PATTERN) fails once. Runs on the
# debug kernel, started with slab_nomerge: see tests/vm/debug.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

failslab_ready || exit
load && load_siov slots=64 vectors=32 || exit
make_wq "$IMS_WQ0" && make_fn 0 || exit
IMS_EDU=$(edu_address) IMS_SIOV=$siov "$IMS_BUILD/tests/vm/failslab" "$@" || status=$?
drop_wq "$IMS_WQ0" && drop_fn 0 || exit
rmmod ims_siov && unload || exit
exit "${status:-0}"
