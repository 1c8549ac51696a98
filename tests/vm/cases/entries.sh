#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Remapping entries that devices hold, and those that are left for another. In a VM
# of 16 CPUs with two NVMe controllers: the test device has the first.
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

for ((i = 0; i < 16; i++)); do
	printf -v "IMS_FN$i" '%08x-0000-4000-8000-00000000f00d' "$i"
	export "IMS_FN$i"
	fns+=("$(printf '%08x-0000-4000-8000-00000000f00d' "$i")")
done
export IMS_OTHER="$IMS_TOP/tests/vm/cases/entries.sh other"

load && load_nvme && make_fn "$IMS_WQ0" "${fns[@]}" || exit
echo "# case entries"
"$IMS_BUILD/tests/vm/case-entries" || status=1
rmmod ims_nvme && unload || exit
exit "${status:-0}"
