#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tracepoints: what becomes of an interrupt, event by event.
. "$IMS_TOP/tests/vm/guest.sh"

load && make_wq "$IMS_WQ0" && open_wq a "$IMS_WQ0" || exit
tracefs=/sys/kernel/tracing
mountpoint -q $tracefs || mount -t tracefs tracefs $tracefs || exit
echo 1 >$tracefs/events/vfio_pci_ims/enable
echo 0 >$tracefs/events/vfio_pci_ims/ims_bypass/enable
device=$(imsctl list --noheadings -o id)

# traced: the events since it was last called, a line each, without time and process
traced() {
	local got
	got=$(sed -n 's/^.* \(ims_[a-z_]*: .*\)$/\1/p' $tracefs/trace)
	echo >$tracefs/trace
	echo "$got"
}

echo >$tracefs/trace
gives "a vector" 0 "^ok$" ask a bind 1 1
gives "it gets a slot" 0 "^ims_line_alloc: device=$device vector=1 slot=[0-9]+ generation=1 irq=[0-9]+$" traced
check "an interrupt" imsctl trigger --interrupt "$IMS_WQ0" 1
gives "is delivered" 0 "^ims_delivered: device=$device vector=1$" traced
check "loopback" imsctl trigger "$IMS_WQ0" 1
gives "is told as such" 0 "^ims_loopback: device=$device vector=1$" traced
gives "the user masks it" 0 "^ok$" ask a mask 1 1
check "an interrupt meanwhile" imsctl trigger --interrupt "$IMS_WQ0" 1
gives "is pended" 0 "^ims_pended: device=$device vector=1$" traced
gives "the mask ends" 0 "^ok$" ask a unmask 1 1
gives "and what was kept passes" 0 "^ims_passed: device=$device vector=1$" traced
gives "an eventfd for another" 0 "^ok$" ask a bind 1 1
gives "is a trigger replaced" 0 "^ims_trigger_replaced: device=$device vector=1$" traced
gives "vector 1 goes" 0 "^ok$" ask a unbind 1 1
gives "its slot with it" 0 "^ims_line_free: device=$device vector=1 slot=[0-9]+ generation=1 irq=[0-9]+$" traced
echo 0 >$tracefs/events/vfio_pci_ims/enable
gives "a vector that nobody looks at" 0 "^ok$" ask a bind 1 1
check "an interrupt" imsctl trigger --interrupt "$IMS_WQ0" 1
gives "is not traced" 0 "" traced
close_wq a
drop_wq "$IMS_WQ0"
unload || exit
finish
