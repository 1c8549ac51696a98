#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Functions of the bus ims_vfunc as an agent manages and opens them: ims_parent,
# ims_vdev, ims_hotplug, ims_vfio and imsctl. In a VM with an NVMe controller for
# ims_siov.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP
dir=$(mktemp -d)
tool=$IMS_BUILD/tests/vm/hotplugtool
driver=/sys/bus/pci/drivers/ims_siov

load || exit
"$tool" >"$dir/events" 2>&1 &
tool_pid=$!
check "events are listened to" until_has "$dir/events" "^listening$"
load_siov functions=20 || exit
parent=$(basename "$driver"/*:*)
name=$parent-3
new=/sys/bus/pci/devices/$parent/ims_vfunc/new_device

check "a parent has come" until_has "$dir/events" "^add parent $parent $parent$"
gives "it is listed, without a type" 0 "parent $parent - 20" "$tool" list
check "a function is made" "$tool" create "$parent" 3
gives "a second time it says why not" 1 "$new: there is a device 3 already" "$tool" create "$parent" 3
gives "and for a number that cannot be" 1 "$new: 20 is beyond the numbers" "$tool" create "$parent" 20
gives "and for what is no number" 1 "\"x\" is not the number of a function" "$tool" create "$parent" x
gives "one less can be made" 0 "parent $parent - 19" "$tool" list
check "the function has come" until_has "$dir/events" "^add function $name $parent$"
group=$(basename "$(readlink "/sys/bus/ims_vfunc/devices/$name/iommu_group")")
gives "it is listed, with driver and group" 0 "function $name $parent - ims_siov $group" "$tool" list
gives "doctor finds it" 0 "vfio-groups +ok +virtual devices that can be opened: 1" \
	bash -c "imsctl doctor | grep -a vfio-groups"

echo "# case ways"
IMS_WQ0=$name "$IMS_BUILD/tests/vm/case-ways" || status=1

check "while it is open" open_wq a "/sys/bus/ims_vfunc/devices/$name"
gives "imsctl lists it by its name, with its parent" 0 "^$name +$parent$" imsctl list --noheadings -o name,parent
gives "and shows it by the beginning of it" 0 "\"name\": \"$name\", \"parent\": \"$parent\", \"uuid\": null" \
	imsctl show --json -o name,parent,uuid "$parent"
close_wq a
ims=/sys/bus/ims_vfunc/devices/$name/ims
put() { printf '%s' "$2" >"$ims/$1"; }
bound() {
	ask a bind 1 1 && imsctl list --vectors --noheadings -o vector,affinity,cpu | tail -n 1
}
gives "what it is opened with is in sysfs" 0 $'^\n[0-9]+\n0\n0x103\ndefault$' \
	cat "$ims"/{set,limit,reservation,cookie,affinity}
check "an administrator chooses a limit" put limit 3
check "a reservation" put reservation 2
check "and CPUs" put affinity 0
gives "but no PASID, which is the driver's" 1 "not supported" put cookie 5
gives "the first are set" 0 "^limit reservation affinity$" cat "$ims/set"
check "it is opened again" open_wq a "/sys/bus/ims_vfunc/devices/$name"
gives "with these" 0 '"limit": 3, "reservation": 2$' \
	bash -c "imsctl show --json -o limit,reservation $name | grep -o '\"limit.*[0-9]'"
gives "and those CPUs" 0 $'^ok\n *1 +0/default +0$' bound
close_wq a
check "it is deleted" "$tool" delete "$name"
gives "once" 1 "no such device" "$tool" delete "$name"
check "the function has gone" until_has "$dir/events" "^remove function $name $parent$"
rmmod ims_siov || exit
check "the parent has gone" until_has "$dir/events" "^remove parent $parent $parent$"
kill $tool_pid
wait $tool_pid 2>/dev/null
unload || exit
finish || status=1
exit "${status:-0}"
