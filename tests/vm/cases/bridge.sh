#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Devices that are not on the root bus: behind a PCIe-to-PCI bridge, whose requester id
# their messages carry, and on a second root bus. In a VM with an edu in either place
# (tests/lib.sh has the options). A second segment of PCI is not to be had: QEMU's
# machines for x86 have segment 0 only.
. "$IMS_TOP/tests/vm/guest.sh"

# edu_below PATTERN: the edu whose path in sysfs matches
edu_below() {
	local dev
	for dev in /sys/bus/pci/devices/*; do
		[[ $(<"$dev/vendor") == 0x1234 && $(<"$dev/device") == 0x11e8 ]] || continue
		[[ $(realpath "$dev") == $1 ]] && echo "$dev" && return
	done
	echo "no edu like $1"
	return 1
}

check "modules" load
near='/sys/devices/pci0000:00/*/*'
far='/sys/devices/pci0000:40/*'
for place in near far; do
	uuid=$IMS_WQ0
	[[ $place == near ]] || uuid=$IMS_WQ1
	dev=$(edu_below "${!place}") || { check "$place: there is an edu" false; continue; }
	check "$place: a work queue is made" eval 'echo "$uuid" >"$dev/mdev_supported_types/ims_edu-wq/create"'
	check "$place: it is opened" open_wq $place "$uuid"
	gives "$place: vectors are bound" 0 "^ok$" ask $place bind 1 8
	for v in 1 4 8; do
		gives "$place: vector $v fires" 0 "^result 120 eventfd 1$" ask $place work 5 $v
	done
	gives "$place: hardware has, by the counts" 0 "^1 1 1$" eval \
		'imsctl list "$uuid" --noheadings -o vector,delivered | awk "\$1 ~ /^[148]\$/ { print \$2 }" | xargs'
done
gives "the messages of one have the bridge's requester id, and arrive" 0 "^result 24 eventfd 1$" ask near work 4 2

# It goes, and its interrupts with it; the other works on.
echo 1 >"$(edu_below "$near")/remove" &
remover=$!
gives "near: its user is asked to leave" 0 "^request [1-9]" ask near request
close_wq near
check "near: it is removed" wait $remover
gives "far: it works on" 0 "^result 24 eventfd 1$" ask far work 4 5
close_wq far
check "unload" unload
finish
