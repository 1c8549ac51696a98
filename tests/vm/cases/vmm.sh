#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# QEMU takes a function of ims_siov for its guest (vm/payload), which is interrupted:
# emulated, and with KVM, where interrupts go from the host's handler to the guest
# without QEMU. In a VM with an NVMe controller for ims_siov, and a CPU that QEMU can
# emulate a second time.
. "$IMS_TOP/tests/vm/guest.sh"

# start ARG...: a QEMU in the background
start() {
	rm -f /tmp/serial
	qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
		-M q35 -m 32 "$@" -device isa-debug-exit,iobase=0xf4,iosize=1 \
		-serial file:/tmp/serial -kernel "$IMS_BUILD/tests/vm/payload" \
		-device "vfio-pci,sysfsdev=/sys/bus/ims_vfunc/devices/$IMS_FN0" \
		>/tmp/qemu 2>&1 </dev/null &
	qemu=$!
}
ends_well() {
	wait "$qemu"
	local status=$?
	cat /tmp/serial /tmp/qemu
	((status == 1)) && grep -q "^done" /tmp/serial
}
delivered() { imsctl list "$IMS_FN0" --noheadings -o vector,delivered | awk '$1 == 2 { print $2 }'; }

# guest HOW ARG...
guest() {
	local how=$1
	shift
	start "$@"
	check "$how: a guest is interrupted by its function" until_has /tmp/serial "^(waiting|failed)"
	gives "$how: a vector's interrupts were the hardware's" 0 "^10[0-9]$" delivered
	gives "$how: one is triggered from outside" 0 "" imsctl trigger "$IMS_FN0" 5
	check "$how: it arrives, too" ends_well
	gives "$how: no slot is left in use" 0 "^$" imsctl list --noheadings
}

load && load_siov && make_fn 0 || exit
guest emulated -accel tcg -cpu max
if modprobe kvm_amd && [[ -e /dev/kvm ]]; then
	guest "with KVM" -accel kvm -cpu host
else
	((++tap_tests))
	echo "ok $tap_tests - with KVM # SKIP this VM's CPU has no SVM"
fi
rmmod ims_siov && unload || exit
finish
