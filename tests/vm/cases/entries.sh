#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Remapping entries that devices hold, and those that are left for another. In a VM
# of 16 CPUs with two NVMe controllers: ims_siov has the first.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

# The second controller, by the kernel's own driver: it comes up by interrupts.
other() {
	local tries state
	modprobe nvme || return
	for ((tries = 0; tries < 300; tries++)); do
		state=$(cat /sys/class/nvme/nvme*/state 2>/dev/null)
		[[ $state != live ]] || break
		sleep 0.1
	done
	[[ $state == live ]] && grep -q 'nvme[0-9]*q0' /proc/interrupts
}
if [[ ${1:-} == other ]]; then
	other
	exit
fi

export IMS_OTHER="$IMS_TOP/tests/vm/cases/entries.sh other"

load && load_siov && make_fn {0..16} || exit
echo "# case entries"
"$IMS_BUILD/tests/vm/case-entries" || status=1
rmmod ims_siov && unload || exit
exit "${status:-0}"
