#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Nobody waits behind a slow device: the hardware of ims_siov.ko does not come to
# rest while a device binds a vector, as long as the test wants, and the binding
# waits. What others ask for is answered before that binding has ended. In a VM with
# an NVMe controller.
. "$IMS_TOP/tests/vm/guest.sh"

nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"; }

# slow COMMAND...: device a is told to do this, and hangs in the hardware
slow() {
	local i
	echo 1 >"$knobs/stall"
	echo "$*" >&"${wq_in[a]}"
	for ((i = 0; i < 600; i++)); do
		(($(<"$knobs/waiting"))) && return
		sleep 0.1
	done
	echo "it does not wait"
	return 1
}

# Its answer has not come: what it was told is not done yet.
is_busy() { ! read -r -t 0 -u "${wq_out[a]}"; }

# ends PATTERN: the hardware is quick again, and device a answers
ends() {
	local line
	is_busy || return
	echo 0 >"$knobs/stall"
	read -r -t 60 -u "${wq_out[a]}" line && [[ $line =~ $1 ]]
}

# in_request PID: it has asked the kernel for something by a socket, and waits.
in_request() {
	local nr i
	for ((i = 0; i < 600; i++)); do
		read -r nr _ 2>/dev/null <"/proc/$1/syscall" || return
		# sendto(2), sendmsg(2) of x86
		[[ $nr == 44 || $nr == 46 ]] && return
		sleep 0.1
	done
	echo "process $1 does not wait: $(<"/proc/$1/syscall")"
	return 1
}

# killed COMMAND...: it waits for the device, and ends when a signal comes.
killed() {
	local pid status
	"$@" </dev/null &
	pid=$!
	in_request $pid || return
	kill -TERM $pid
	wait $pid
	status=$?
	echo "status $status"
	((status == 143)) && is_busy
}

load && load_siov && make_fn 0 1 || exit
knobs=/sys/kernel/debug/ims_siov/$siov
check "one is open" open_wq a "$IMS_FN0"
check "the other, too" open_wq b "$IMS_FN1"
gives "one has vectors" 0 "^ok$" ask a bind 0 4
gives "the other, too" 0 "^ok$" ask b bind 0 2

check "a device hangs in its hardware while it binds" slow bind 4 1
gives "all devices are listed for everybody" 0 "$IMS_FN0.*$IMS_FN1" \
	nobody imsctl list
check "meanwhile" is_busy
gives "one device is shown" 0 "$IMS_FN0" nobody imsctl show "$IMS_FN0"
gives "its vectors are listed" 0 "^4$" \
	eval "nobody imsctl list $IMS_FN0 --noheadings -o vector | grep -c ."
gives "one of them is shown" 0 "live" nobody imsctl show "$IMS_FN0" 3
gives "stores are listed" 0 "0000:" nobody imsctl list --stores
gives "metrics are told" 0 "ims_" imsctl metrics
check "meanwhile" is_busy
check "who changes its limit can be killed" killed \
	imsctl limit set "$IMS_FN0" 100
check "who triggers a vector can be killed" killed imsctl trigger "$IMS_FN0" 1
check "who resets its counts can be killed" killed imsctl stats reset "$IMS_FN0"
check "who changes an affinity can be killed" killed \
	imsctl affinity set "$IMS_FN0" 1 0
check "the binding ends, later than all of that" ends "^ok$"
gives "nothing of what was killed has been done" 0 "^2049$" \
	eval "imsctl limit $IMS_FN0 --noheadings -o limit | tr -d ' '"
gives "the vector is there" 0 "^5$" \
	eval "imsctl list $IMS_FN0 --noheadings -o vector | grep -c ."

check "it hangs while it is disabled" slow disable
gives "all devices are listed" 0 "$IMS_FN0.*$IMS_FN1" nobody imsctl list
gives "its vectors are listed" 0 "idle" nobody imsctl list "$IMS_FN0"
check "that ends, later" ends "^ok$"

gives "all its vectors are idle" 0 "^5$" \
	eval "imsctl list $IMS_FN0 --noheadings -o state | grep -c idle"
close_wq a
close_wq b
rmmod ims_siov && unload || exit
finish
