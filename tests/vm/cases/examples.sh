#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The consumer's examples against the real kernel: list, watch, trigger, bind and
# wait, set a cookie, export metrics.
. "$IMS_TOP/tests/vm/guest.sh"

example() { local name=$1; shift; "$IMS_BUILD/tests/vm/example-$name" "$@"; }
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"; }
dir=$(mktemp -d)

# in_order FILE PATTERN...: lines match these, in this order, others between.
in_order() {
	local file=$1 line
	shift
	while read -r line && (($#)); do
		[[ ! $line =~ $1 ]] || shift
	done <"$file"
	(($#)) || return 0
	echo "no line like $1 behind the others in:"
	cat "$file"
	return 1
}

for name in list metrics; do
	gives "$name: how to load the module" 1 "^$name: .*modprobe vfio_pci_ims" example $name
done
gives "watch: too" 1 "^watch: .*modprobe vfio_pci_ims" example watch 0

load && make_wq "$IMS_WQ0" "$IMS_WQ1" || exit
address=$(edu_address)
gives "list: a store that nobody uses" 0 "^store $address: 0 of [0-9]+ slots in use, limit [0-9]+$" example list
gives "watch: everybody may" 0 "^store-sync $address"$'\n'"synced" nobody "$IMS_BUILD/tests/vm/example-watch" 0

# One watches, the other opens, a third one triggers.
example watch >"$dir/watch" 2>&1 &
watch=$!
check "watch: the state at the start" until_has "$dir/watch" "^synced$"
check "watch: the store was part of it" in_order "$dir/watch" "^store-sync $address$" "^synced$"

example bind_and_wait "$IMS_WQ0" 3 60000 >"$dir/wait" 2>&1 &
waiter=$!
check "bind_and_wait: waits" until_has "$dir/wait" "^waiting for vector 3$"
gives "list: the device" 0 "device $IMS_WQ0: 1 of [0-9]+ vectors live, 1 slots" example list
gives "list: for everybody" 0 "device $IMS_WQ0: 1 of" nobody "$IMS_BUILD/tests/vm/example-list"
gives "trigger: one without trigger, and the other is not signalled" 1 "^trigger: device $IMS_WQ0: .*vector 4 has no trigger" \
	example trigger "$IMS_WQ0" 3 4
gives "trigger: not for everybody" 1 "^trigger: .*CAP_SYS_ADMIN" nobody "$IMS_BUILD/tests/vm/example-trigger" "$IMS_WQ0" 3
gives "set_cookie: at once" 0 "" example set_cookie c0ffee 3 0x1234
gives "set_cookie: not on the emulated vector" 1 "^set_cookie: device $IMS_WQ0: vector 0 .*emulated" \
	example set_cookie "$IMS_WQ0" 0 1
gives "imsctl shows it" 0 $'\n +3 +live .*0x1234' imsctl list "$IMS_WQ0"
gives "set_cookie: the default again" 0 "" example set_cookie "$IMS_WQ0" 3 default
gives "metrics: before" 0 "ims_device_loopback_total\{device=\"$IMS_WQ0\"\} 0" example metrics
gives "trigger: by a prefix" 0 "" example trigger c0ffee 3
check "bind_and_wait: gets it and ends" wait $waiter
gives "bind_and_wait: one interrupt" 0 "vector 3: 1$" cat "$dir/wait"

check "watch: all of that, in order" until_has "$dir/watch" "^device-delete $IMS_WQ0$"
check "watch: from opening to closing" in_order "$dir/watch" "^synced$" "^device-create $IMS_WQ0$" \
	"^vector-(create|change) $IMS_WQ0 3 live$" "^vector-change $IMS_WQ0 3 live$" "^device-delete $IMS_WQ0$"
kill $watch
wait $watch 2>/dev/null

# Nobody waits any more.
gives "metrics: the store is empty" 0 "ims_store_slots_used\{store=\"$address\"\} 0.*# EOF$" example metrics
gives "bind_and_wait: nothing comes" 1 "no interrupt" example bind_and_wait "$IMS_WQ1" 3 10
gives "trigger: no such device" 1 "^trigger: .*nosuch" example trigger nosuch 1
gives "watch: ends when it is quiet" 0 $'synced$' example watch 50
gives "loop: has events and ticks" 0 $'^store-sync\nsynced\ntick: 2 events\ntick: 2 events$' example loop 2

drop_wq "$IMS_WQ0" "$IMS_WQ1" && unload || exit
finish
