#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Work queues by mdevctl, the way an operator makes them, and what he wants of their
# opens: attributes of a definition, which are files in sysfs, with our callout.
. "$IMS_TOP/tests/vm/guest.sh"

callouts=/etc/mdevctl.d/scripts.d/callouts
ims=/sys/bus/mdev/devices/$IMS_WQ0/ims

# definition NAME=VALUE...: a file of mdevctl's with these attributes
definition() {
	local attr json=
	for attr; do
		json+="${json:+,}{\"${attr%%=*}\":\"${attr#*=}\"}"
	done
	printf '{"mdev_type":"ims_edu-wq","start":"manual","attrs":[%s]}' "$json" >/tmp/definition
}
# define NAME=VALUE...: the work queue is defined with these, and no others
define() {
	definition "$@"
	[[ ! -e /etc/mdevctl.d/$address/$IMS_WQ0 ]] || mdevctl undefine -u "$IMS_WQ0" || return
	mdevctl define -u "$IMS_WQ0" -p "$address" --jsonfile /tmp/definition
}
start() { mdevctl start -u "$IMS_WQ0"; }
stop() { mdevctl stop -u "$IMS_WQ0"; }
# dump OPTION...: the attributes as mdevctl tells them, in a line
dump() { mdevctl list -u "$IMS_WQ0" --dumpjson "$@" | tr -d ' \n'; }
files() { cat "$ims"/{set,limit,reservation,cookie,affinity}; }
device() { imsctl show --json -o limit,reservation,default_cookie "$IMS_WQ0"; }
vectors() { imsctl list --vectors --noheadings -o vector,affinity,cpu; }
put() { printf '%s' "$2" >"$ims/$1"; }
# refused FILE VALUE REASON: a write is, and no file has changed
refused() {
	local before
	before=$(files)
	gives "ims/$1: \"$2\" is refused: $3" 1 "$3" put "$1" "$2"
	check "and has changed nothing" [ "$(files)" = "$before" ]
}
# complains TEXT NAME=VALUE...: no such definition, and why
complains() {
	local text=$1
	shift
	gives "no definition with $*" 1 "ims: $text" define "$@"
	check "and there is none" [ ! -e "/etc/mdevctl.d/$address/$IMS_WQ0" ]
}
# opens DESCRIPTION: the work queue, with vector 1 bound
opens() { check "$1" open_wq a "$IMS_WQ0" && gives "and a vector is bound" 0 ok ask a bind 1 1; }

mount -t tmpfs none /etc/mdevctl.d && mkdir -p "$callouts" /etc/mdevctl.d/scripts.d/notifiers &&
	cp "$IMS_TOP/cli/integration/mdevctl-callout" "$callouts/ims" || exit
load ims_edu.slots=40 ims_edu.slots_per_queue=10 ims_edu.cookie_bits=20 || exit
address=$(edu_address)
gives "mdevctl types shows ours" 0 "$address.*ims_edu-wq.*Available instances: [1-9]" mdevctl types
check "mdevctl define" mdevctl define -u "$IMS_WQ0" -p "$address" -t ims_edu-wq
check "mdevctl start" start
gives "mdevctl list" 0 "$IMS_WQ0 $address ims_edu-wq" mdevctl list
gives "it works" 0 "result 6 eventfd 1" \
	bash -c 'printf "bind 1 1\nwork 3 1\n" | $IMS_BUILD/tests/vm/wqtool $IMS_WQ0'
gives "nothing is set, and the driver's choice is shown" 0 $'^\n10\n0\n0x100\ndefault$' files
gives "it has no attributes" 0 '"attrs":\[\]' dump
gives "the cookie is root's" 0 "^600$" stat -c %a "$ims/cookie"
check "mdevctl stop" stop
gives "it is gone" 0 "" mdevctl list

echo "# attributes of a definition"
attrs='"attrs":\[\{"ims/limit":"12"\},\{"ims/reservation":"3"\},\{"ims/cookie":"0x77"\},\{"ims/affinity":"1"\}\]'
check "a definition with them" define ims/limit=12 ims/reservation=3 ims/cookie=0x77 ims/affinity=1
check "it starts" start
gives "they are in sysfs" 0 $'^limit reservation cookie affinity\n12\n3\n0x77\n1$' files
gives "mdevctl tells them of the active device" 0 "$attrs" dump
opens "it is opened"
gives "the device has them" 0 '"limit": 12, "reservation": 3, "default_cookie": "0x77"' device
gives "and the vector, not the emulated one" 0 $'^ *0 +- +-\n *1 +1/default +1$' vectors
gives "whose own it is not, so that a configuration does not have it" 0 \
	"^vector [0-9,-]+ affinity default$" bash -c "imsctl save $IMS_WQ0 | grep affinity"
check "another limit while it is open" put limit 7
gives "is for the next open" 0 '"limit": 12,' device
close_wq a
opens "it is opened again"
gives "and has that limit, and all else" 0 '"limit": 7, "reservation": 3, "default_cookie": "0x77"' device
close_wq a
check "it stops" stop
check "and starts" start
opens "it is opened"
gives "it is as it was defined" 0 '"limit": 12, "reservation": 3, "default_cookie": "0x77"' device
close_wq a

echo "# define --auto"
put limit 9 && put affinity default && put reservation default
check "undefine" mdevctl undefine -u "$IMS_WQ0"
check "define from the active device" mdevctl define --auto -u "$IMS_WQ0"
gives "it has what was set" 0 '"start":"auto","attrs":\[\{"ims/limit":"9"\},\{"ims/cookie":"0x77"\}\]' dump -d
check "it stops" stop
check "modify" mdevctl modify -u "$IMS_WQ0" --addattr=ims/reservation --value=2
check "it starts" start
gives "with all of them" 0 $'^limit reservation cookie\n9\n2\n0x77\ndefault$' files

echo "# bad values, to the files"
refused limit 34 "Invalid argument"
refused limit x "Invalid argument"
refused limit -1 "Invalid argument"
refused limit 1 "Invalid argument"
refused reservation 10 "Invalid argument"
refused cookie 0x100000 "out of range"
refused affinity 99 "out of range|Invalid argument"
refused affinity 1-0 "Invalid argument"
refused set limit "Permission denied"
gives "set can only be read" 0 "^444$" stat -c %a "$ims/set"
check "the limit can be the driver's again" put limit default
gives "and is" 0 $'^reservation cookie\n10\n2\n' files
check "0 is as many as it can use" put limit 0
gives "33, for 32 vectors" 0 $'^limit reservation cookie\n33\n2\n' files
echo 0 >/sys/devices/system/cpu/cpu1/online
refused affinity 1 "Invalid argument"
echo 1 >/sys/devices/system/cpu/cpu1/online
check "with the CPU online it is taken" put affinity 1
echo 0 >/sys/devices/system/cpu/cpu1/online
gives "it is not opened while that CPU is offline" 1 "Invalid argument" "$IMS_BUILD/tests/vm/wqtool" "$IMS_WQ0"
echo 1 >/sys/devices/system/cpu/cpu1/online
check "CPUs that the caller does not run on, as at boot" \
	taskset -c 0 bash -c "echo 1 >$ims/affinity"
powerless() { setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$@"; }
gives "without CAP_SYS_ADMIN root sees no cookie" 1 "not permitted" powerless cat "$ims/cookie"
gives "and changes nothing" 1 "not permitted" powerless bash -c "echo 3 >$ims/limit"

echo "# a reservation that the store cannot give"
make_wq "$IMS_WQ1"
check "one for 20 of 40 slots" put reservation 20
echo 33 >"/sys/bus/mdev/devices/$IMS_WQ1/ims/limit"
echo 25 >"/sys/bus/mdev/devices/$IMS_WQ1/ims/reservation"
check "another for 25 is opened" open_wq b "$IMS_WQ1"
gives "the first is not" 1 "No space left" "$IMS_BUILD/tests/vm/wqtool" "$IMS_WQ0"
check "15 can be had" put reservation 15
refused reservation 16 "No space left"
opens "then it is opened"
check "a reservation of 16 for the next open" put reservation 16
close_wq a
close_wq b
check "with the other closed there is room" put reservation 20
drop_wq "$IMS_WQ1"

echo "# what the callout refuses"
check "it stops" stop
check "undefine" mdevctl undefine -u "$IMS_WQ0"
complains "ims/limit: 34 is above the 33 slots" ims/limit=34
complains "ims/limit: \"all\" is not a number" ims/limit=all
complains "ims/reservation: 6 is above ims/limit, which is 5" ims/limit=5 ims/reservation=6
complains "ims/limit: 2 is below ims/reservation, which is 5" ims/reservation=5 ims/limit=2
complains "ims/cookie: \"0xg\" is not a number" ims/cookie=0xg
complains "ims/affinity: \"0-\" is not a list" ims/affinity=0-
complains "ims/speed: there is no such attribute" ims/speed=9
check "CPUs that are offline can be defined" define ims/limit=5 ims/affinity=1
echo 0 >/sys/devices/system/cpu/cpu1/online
gives "not started" 1 "ims/affinity: none of the CPUs 1 is online" start
echo 1 >/sys/devices/system/cpu/cpu1/online
check "and the device is not made" [ ! -e "${ims%/ims}" ]
check "what only the kernel knows can be defined" define ims/cookie=0x100000
gives "and not started" 1 "0x100000 to attribute ims/cookie: Numerical result out of range|ims/cookie" start
check "and the device is not made" [ ! -e "${ims%/ims}" ]
check "attributes of others are not ours" define power/control=on
check "and are written" start
gives "a device of another driver is not ours" 2 "" \
	"$callouts/ims" -t ims_edu-wq -e pre -a start -s none -u "$IMS_WQ0" -p 0000:00:00.0

echo "# removal while files are in use"
read_file() { cat <&5; }
exec 5<"$ims/limit"
check "it stops with a file open" stop
gives "which has no device any more" 1 "No such device" read_file
exec 5<&-
use_files() {
	while [[ ! -e /tmp/done ]]; do
		cat "$ims"/* >/dev/null 2>&1
		[[ ! -d $ims ]] || put limit 4 2>/dev/null
	done
}
use_files &
user=$!
again() { for _ in {1..20}; do make_wq "$IMS_WQ0" && drop_wq "$IMS_WQ0" || return; done; }
check "20 times, in use by another process" again
touch /tmp/done
wait $user
unload || exit
finish
