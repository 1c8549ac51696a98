#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The family from Go (vm/go), by a generic netlink library and the numbers of ims.yaml.
. "$IMS_TOP/tests/vm/guest.sh"

gotool=$IMS_BUILD/tests/vm/gotool
[[ -x $gotool ]] || {
	echo "1..1"
	echo "ok 1 - the family from Go # SKIP golang-go and golang-github-mdlayher-genetlink-dev are not installed"
	exit 0
}
gives "without the module there is no family" 1 "not exist|no such" "$gotool" list
load && make_wq "$IMS_WQ0" && open_wq a "$IMS_WQ0" || exit
dir=$(mktemp -d)

gives "vectors are bound" 0 "^ok$" ask a bind 0 5
gives "it lists" 0 "^$IMS_WQ0 5 33$" "$gotool" list
"$gotool" follow 1 >"$dir/events" 2>&1 &
follower=$!
check "it listens" until_has "$dir/events" "^listening$"
gives "it sets" 0 "" "$gotool" limit "$IMS_WQ0" 9
gives "which is so" 0 "^$IMS_WQ0 5 9$" "$gotool" list
check "and it was told" wait "$follower"
gives "by a notification of the device" 0 $'^listening\n10$' cat "$dir/events"
gives "it triggers" 0 "" "$gotool" trigger "$IMS_WQ0" 1 3
for v in 1 3; do gives "vector $v was signalled" 0 "^eventfd 1$" ask a take $v; done
gives "vector 2 was not" 0 "^eventfd 0$" ask a take 2
gives "the kernel's reason arrives" 1 "vector 7 has no trigger" "$gotool" trigger "$IMS_WQ0" 1 7

close_wq a
drop_wq "$IMS_WQ0" && unload || exit
finish
