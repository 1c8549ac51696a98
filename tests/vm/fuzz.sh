#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# fuzz.sh OPTION...: the fuzzer (fuzz/main.c), and what is left when it has ended.
# Runs on the debug kernel, started with slab_nomerge: see tests/vm/debug.
. "$IMS_TOP/tests/vm/guest.sh"

# QEMU's ivshmem, whose memory is a file of the host: it has the last calls.
ring() {
	local dev
	for dev in /sys/bus/pci/devices/*; do
		[[ $(<"$dev/vendor") == 0x1af4 && $(<"$dev/device") == 0x1110 ]] || continue
		echo 1 >"$dev/enable" && echo "$dev/resource2"
		return
	done
	return 1
}

failslab_ready || exit
load || exit
load_siov slots=64 vectors=32 functions=4 || exit
ring=$(ring) || exit
IMS_EDU=$(edu_address) IMS_SIOV=$siov "$IMS_BUILD/tests/vm/fuzz" --ring "$ring" "$@"
status=$?
# Who is in a call that does not end keeps devices, and so the VM, from going down.
if pidof fuzz >/dev/null; then
	echo "not ok - all processes end"
	leave 1
fi
# A reference that was lost keeps a module from going.
check "modules unload" eval "rmmod ims_siov && unload"
check "and load again" eval "load && load_siov slots=64 vectors=32 functions=4"
check "and unload again" eval "rmmod ims_siov && unload"
finish
exit $status
