#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A host whose interrupts are not remapped: refused, unless the administrator
# says otherwise. Runs in a VM of its own (vm --no-intremap).
. "$IMS_TOP/tests/vm/guest.sh"

check "modules load" load
check "edu is left alone" test ! -e "/sys/bus/pci/drivers/ims_edu/$(edu_address)"
gives "the log says why, and what to do" 0 \
	"no interrupt remapping.*allow_unsafe_interrupts=1" dmesg
gives "doctor says so, and what to do: exit 1" 1 \
	$'\nremapping +failed [^\n]*\n +try: [^\n]*allow_unsafe_interrupts=1\n.*\nims +ok .*\nnetlink +ok .*\ndriver +warning ' imsctl doctor
gives "no work queue can be made" 1 "No such file" make_wq "$IMS_WQ0"
check "unload" unload

check "load with allow_unsafe_interrupts" load ims.allow_unsafe_interrupts=1
check "edu has its driver" test -e "/sys/bus/pci/drivers/ims_edu/$(edu_address)"
gives "doctor warns: exit 0" 0 \
	$'\nremapping +warning +none: .*allow_unsafe_interrupts.*\nstore-domain +warning +store '"$(edu_address)"': its domain VECTOR ' imsctl doctor
check "a work queue is made" make_wq "$IMS_WQ0"
fire() { printf 'bind 1 2\nwork 5 2\nwork 6 1\n' | "$IMS_BUILD/tests/vm/wqtool" "$IMS_WQ0"; }
gives "interrupts arrive" 0 $'result 120 eventfd 1\nresult 720 eventfd 1' fire
check "unload" unload
finish
