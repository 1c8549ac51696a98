#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Agents that know stores, devices and vectors by a monitor alone, as root, as an ordinary
# user, and as a daemon that starts as the one and becomes the other: what they know is
# what there is, after whatever happens.
. "$IMS_TOP/tests/vm/guest.sh"

# agent TAG COMMAND...: one that runs in the background, for "ask TAG"; prints which
# events it gets.
agent() {
	local tag=$1 dir in out
	shift
	dir=$(mktemp -d)
	mkfifo -m 666 "$dir/in" "$dir/out"
	"$@" "$IMS_BUILD/tests/vm/agenttool" <"$dir/in" >"$dir/out" &
	wq_pid[$tag]=$!
	exec {in}>"$dir/in" {out}<"$dir/out"
	wq_in[$tag]=$in wq_out[$tag]=$out
	rm -r "$dir"
	read -r agent_events <&"$out"
}

# For the background. Without CAP_NET_ADMIN the socket's buffer is small, which makes
# overruns quick.
root() { exec setpriv --bounding-set=-net_admin "$@"; }
user() { exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"; }

# same WHAT PATTERN: all know it.
same() {
	gives "$1: root's agent knows it" 0 "^same: $2" ask root check
	gives "$1: the user's agent knows it" 0 "^same: $2" ask user check
	gives "$1: the daemon knows it" 0 "^same: $2" ask daemon check
}

load && make_wq "$IMS_WQ0" "$IMS_WQ1" || exit
agent root root
check "root's agent is told of cookies" test "$agent_events" = full
agent user user
check "the user's is not" test "$agent_events" = public
agent daemon root
check "the daemon is" test "$agent_events" = full
same "nothing open" "1 stores, 0 devices, 0 vectors, 0 overruns$"

open_wq a "$IMS_WQ0" || exit
same "a device" "1 stores, 1 devices, "
gives "vectors become live" 0 "^ok$" ask a bind 0 8
same "live vectors" "1 stores, 1 devices, 8 vectors, 0 overruns$"

# What a guest, a driver and an administrator do.
for i in {1..5}; do
	ask a bind 8 8 && ask a work 3 "$i" && ask a unbind 8 4 && ask a mask 2 &&
		ask a unmask 2 && ask a bind 0 8 && ask a bind 20 12
done >/dev/null
ask a cookie 3 0x77 >/dev/null
imsctl cookie set "$IMS_WQ0" 4 0x55 && imsctl affinity set "$IMS_WQ0" 5 0 &&
	imsctl limit set "$IMS_WQ0" 30 --reservation 4 &&
	imsctl stats reset "$IMS_WQ0" || exit
gives "a request that fails" 0 "^error 28 " ask a bind 0 32
same "traffic" "1 stores, 1 devices, [0-9]+ vectors, 0 overruns$"
gives "the failure is the device's" 0 "^ *1$" imsctl list --noheadings -o refused
gives "disabled" 0 "^ok$" ask a disable
same "idle vectors" "1 stores, 1 devices, "
# Idle entries are given up after ten seconds; nobody asks for that.
sleep 12
same "entries that are given up" "1 stores, 1 devices, [0-9]+ vectors, 0 overruns$"

# Too slow for what comes: the kernel counts what each of the sockets has lost.
lost() { awk '$2 == 16 && $9 > 0 { n++ } END { print n + 0 }' /proc/net/netlink; }
gives "the daemon gives its privilege up" 0 "^dropped$" ask daemon drop
gives "it stays where it is" 0 "^full$" ask daemon events
same "without events" "1 stores, 1 devices, [0-9]+ vectors, 0 overruns$"
agents=("${wq_pid[root]}" "${wq_pid[user]}" "${wq_pid[daemon]}")
kill -STOP "${agents[@]}"
for ((i = 0; i < 500; i++)); do
	ask a bind 0 24 >/dev/null && ask a disable >/dev/null || exit
	(($(lost) < 3)) || break
done
check "all have lost events after $i rounds" test "$(lost)" -ge 3
close_wq a
open_wq b "$IMS_WQ1" || exit
# One vector more is emulated.
gives "what comes later" 0 "^ok$" ask b bind 5 3
kill -CONT "${agents[@]}"
same "an overrun" "1 stores, 1 devices, 4 vectors, [1-9][0-9]* overruns$"

gives "the daemon gets events as the user does" 0 "^public$" ask daemon events

# The driver of the parent goes while the device is open.
address=$(edu_address)
driver=/sys/bus/pci/drivers/ims_edu
echo "$address" >$driver/unbind &
remover=$!
check "the user is asked to leave" ask b request
same "a device whose parent goes" "0 stores, 1 devices, 4 vectors, "
close_wq b
check "the driver has gone" wait $remover
same "nothing at all" "0 stores, 0 devices, 0 vectors, "
echo "$address" >$driver/bind
same "a store again" "1 stores, 0 devices, 0 vectors, "

for tag in root user daemon; do
	kill "${wq_pid[$tag]}"
	wait "${wq_pid[$tag]}" 2>/dev/null
done
unload || exit
finish
