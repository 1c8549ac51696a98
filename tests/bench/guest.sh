#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# guest.sh MEASUREMENT... - tests/bench/run's part in the VM: ims_siov on the first
# NVMe controller, vfio-pci on the second.
. "$IMS_TOP/tests/vm/guest.sh"

load >&2 && insmod "$inject" && load_siov vectors=8192 && make_fn 0 || exit
modprobe -a vfio-pci kvm_amd || exit
for dev in /sys/bus/pci/devices/*; do
	[[ $(<"$dev/class") == 0x010802 && ! -e $dev/driver ]] || continue
	echo vfio-pci >"$dev/driver_override"
	echo "${dev##*/}" >/sys/bus/pci/drivers_probe
	break
done
exec "$IMS_BUILD/tests/bench/bench" "$IMS_FN0" "${dev##*/}" "$@"
