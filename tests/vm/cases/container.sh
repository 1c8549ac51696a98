#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What works without privilege and in containers, as ims(7) says: an ordinary user,
# root of a user namespace, and another network namespace.
. "$IMS_TOP/tests/vm/guest.sh"

user() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"; }
container() { user unshare --user --map-root-user "$@"; }
elsewhere() { container unshare --net "$@"; }
watch=$IMS_BUILD/tests/vm/example-watch

load && make_wq "$IMS_WQ0" || exit
open_wq a "$IMS_WQ0" && ask a bind 1 2 || exit
imsctl cookie set "$IMS_WQ0" 1 0x7e57 || exit

gives "the container has a root" 0 "^0$" container id -u
for who in user container; do
	gives "$who: lists devices" 0 "^$IMS_WQ0 +2$" $who imsctl list --noheadings -o name,live
	gives "$who: and vectors, without cookies" 0 $'\n *1 +live +-' $who imsctl list "$IMS_WQ0" --noheadings -o vector,state,cookie
	gives "$who: a monitor by the library" 0 "device-sync $IMS_WQ0"$'\n'".*vector-sync $IMS_WQ0 1 live" $who "$watch" 0
	gives "$who: by imsctl, without cookies" 0 "" bash -c "
		$(declare -f user container)
		$who imsctl monitor --sync --json --count 5 | grep -o '\"cookie\": \"'; exit 0"
	gives "$who: changes nothing" 4 "CAP_SYS_ADMIN in the initial user namespace" \
		$who imsctl limit set "$IMS_WQ0" 8
	gives "$who: triggers nothing" 4 "CAP_SYS_ADMIN in the initial user namespace" \
		$who imsctl trigger "$IMS_WQ0" 1
	gives "$who: and sees no cookies" 4 "CAP_SYS_ADMIN" $who imsctl cookie get "$IMS_WQ0"
done
gives "nothing was changed" 0 "^eventfd 0$" ask a take 1
text="the netlink family \"ims\" is in the initial network namespace, and this process is in another one"
gives "another network namespace is told so" 5 "$text" elsewhere imsctl list
gives "also root of the host there" 5 "$text" unshare --net imsctl list
gives "and a monitor" 1 "$text" elsewhere "$watch" 0
close_wq a

# The device itself takes its node, and the right to lock the memory that it maps.
group=/dev/vfio/$(basename "$(readlink "/sys/bus/mdev/devices/$IMS_WQ0/iommu_group")")
open_as() { "$@" "$IMS_BUILD/tests/vm/wqtool" "$IMS_WQ0" <<<"bind 1 2"; }
gives "the device's node is root's" 1 "Permission denied" open_as container
chown 65534 "$group"
gives "who has it opens the device in a container, and binds" 0 "^open $IMS_WQ0"$'\n'"ok$" open_as container
gives "also in another network namespace" 0 "^open $IMS_WQ0"$'\n'"ok$" open_as elsewhere
drop_wq "$IMS_WQ0" && unload || exit
finish
