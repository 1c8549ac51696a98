#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# failslab.sh [PATTERN]: the failslab sweep. Every allocation of every operation
# (or of those whose name fits PATTERN) fails once. Runs on the
# debug kernel, started with slab_nomerge: see tests/vm/debug.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

failslab=/sys/kernel/debug/failslab
[[ -d $failslab ]] || { echo "Bail out! this kernel has no failslab"; exit 2; }
echo 0 >$failslab/verbose		# it would log a stack for each
echo 0 >$failslab/ignore-gfp-wait	# fail GFP_KERNEL, too

# Caches whose allocations do not count: those of the checkers, which would stop
# checking, and maple trees' nodes, for the interrupt core greets their lack with
# a WARN_ON (irq_insert_desc()).
echo 1 >$failslab/cache-filter
for cache in /sys/kernel/slab/*; do
	case ${cache##*/} in
	kmemleak_* | debug_objects_cache | maple_node) ;;
	*) echo 1 2>/dev/null >"$cache/failslab" || echo "# ${cache##*/} does not fail" ;;
	esac
done

load && load_siov slots=64 vectors=32 || exit
make_wq "$IMS_WQ0" && make_fn 0 || exit
IMS_EDU=$(edu_address) IMS_SIOV=$siov "$IMS_BUILD/tests/vm/failslab" "$@" || status=$?
drop_wq "$IMS_WQ0" && drop_fn 0 || exit
rmmod ims_siov && unload || exit
exit "${status:-0}"
