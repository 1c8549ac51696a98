#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ims_vdev, ims_parent and ims_hotplug on the real sysfs: by the kernel's events, and by
# udevd's.
. "$IMS_TOP/tests/vm/guest.sh"
dir=$(mktemp -d)
tool=$IMS_BUILD/tests/vm/hotplugtool
address=$(edu_address) || exit

# All events of a life, whoever tells them.
listen() {
	"$tool" >"$dir/$1" 2>&1 &
	tool_pid=$!
	check "$1: listens" until_has "$dir/$1" "^listening$"
}
live() {
	load || exit
	check "$1: a parent has come" until_has "$dir/$1" "^add parent $address $address$"
	gives "$1: it is listed with what it offers" 0 "(^|"$'\n'")parent $address ims_edu-wq $(available)($|"$'\n'")" "$tool" list
	check "$1: the library makes a mediated device" "$tool" create "$address" "$IMS_WQ0"
	gives "$1: a second time it says why not" 1 "create: there is a device $IMS_WQ0 already" "$tool" create "$address" "$IMS_WQ0"
	check "$1: a mediated device has come" until_has "$dir/$1" "^add mdev $IMS_WQ0 $address$"
	gives "$1: it is listed, with type, driver and group" 0 \
		"(^|"$'\n'")mdev $IMS_WQ0 $address ims_edu-wq ims_edu $(group_of "$IMS_WQ0")$" "$tool" list
	check "$1: the library deletes it" "$tool" delete "$IMS_WQ0"
	gives "$1: once" 1 "no such device" "$tool" delete "$IMS_WQ0"
	check "$1: the mediated device has gone" until_has "$dir/$1" "^remove mdev $IMS_WQ0 $address$"
	unload || exit
	check "$1: the parent has gone" until_has "$dir/$1" "^remove parent $address $address$"
	gives "$1: and nothing else was told" 0 "^listening"$'\n'"([^"$'\n'"]*"$'\n'"){3}[^"$'\n'"]*$" cat "$dir/$1"
	kill $tool_pid
	wait $tool_pid 2>/dev/null
}
available() { cat "/sys/bus/pci/devices/$address/mdev_supported_types/ims_edu-wq/available_instances"; }
group_of() { basename "$(readlink "/sys/bus/mdev/devices/$1/iommu_group")"; }

listen kernel
live kernel

# From here on it listens to udevd.
mkdir -p /run/udev
/usr/lib/systemd/systemd-udevd --daemon || exit
listen udevd
live udevd

# Our rule asks for the service that configures devices.
mkdir -p /run/udev/rules.d
cp "$IMS_TOP/cli/config/60-imsctl.rules" /run/udev/rules.d/
udevadm control --reload
load || exit
udevadm settle --timeout 60
gives "the module's arrival wants the service" 0 "SYSTEMD_WANTS=imsctl-apply\.service" udevadm info /sys/module/vfio_pci_ims
gives "and is known to systemd" 0 "TAGS=.*:systemd:" udevadm info /sys/module/vfio_pci_ims
gives "another module's does not" 0 "^P: /module/ims"$'\n'"(([^"$'\n'"]*)"$'\n'")*E: SUBSYSTEM=module$" bash -c "udevadm info /sys/module/ims | grep -e ^P: -e SUBSYSTEM= -e WANTS"
unload || exit
kill "$(pidof systemd-udevd)"
finish
