#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stock QEMU with stock guests, which drive a work queue of ims_edu and a function of
# ims_siov as they would a PCI device: interrupts on their whole way, while the guest
# masks, reloads, resets and reboots, and the host triggers, revokes and removes. In a
# VM with an NVMe controller for ims_siov and a CPU that QEMU can emulate once more.
#
# Of what guestdrv.ko has the device raise, at most one interrupt of a vector is
# outstanding: what it raised, what the device says it raised and what imsctl counts
# is one number. Its handlers may see more: see guestdrv.h.
. "$IMS_TOP/tests/vm/guest.sh"
. "$IMS_TOP/tests/vm/hypervisor.sh"

# field DEVICE COLUMN: of its vectors but vector 0, in one line
field() { imsctl list "$1" --noheadings -o "vector,$2" | awk '$1 { printf "%s%s", sep, $2; sep = " " }'; }
# same DEVICE NAME FUNCTION: imsctl's counts of DEVICE are what the driver in guest NAME
# raised through FUNCTION, and its handlers have seen no less.
same() {
	local raised delivered
	raised=$(in_guest "$2" "cut -d ' ' -f 2- \$$3/raised") || return
	delivered=$(field "$1" delivered)
	echo "raised ${raised% }, delivered $delivered"
	[[ ${raised% } == "$delivered" ]] && seen "$2" "$3"
}
# seen GUEST FUNCTION: no handler has seen less than was raised.
seen() {
	in_guest "$1" "cat \$$2/counts \$$2/raised" | awk '
		NR == 1 { n = split($0, count) }
		NR == 2 { for (i = 2; i <= n; i++) if (count[i] < $i) { print "vector " i - 1 ": " count[i]; bad = 1 } }
		END { exit bad || NR != 2 || n < 2 }'
}
live() { imsctl list "$1" --noheadings -o state | grep -c live; }
nothing_left() {
	local list
	list=$(imsctl list --noheadings) && [[ -z $list ]] && ! grep -q IMS- /proc/interrupts
}
wait_for() {
	local end=$((SECONDS + 300))
	until "$@"; do
		((SECONDS < end)) || return
		sleep 0.2
	done
}
# Lines for the guest's shell: each of its interrupts from CPU to CPU, as irqbalance
# moves them; vectors masked and unmasked by its driver; the driver loaded anew
move='(for mask in 1 2 1 2 3; do for irq in $(cat $edu/irqs $siov/irqs); do
	echo $mask >/proc/irq/$irq/smp_affinity || exit 1; done; done)'
mask='(for i in 1 2 3 4 5; do for on in 1 0; do for v in 1 3 7; do
	echo $v $on >$edu/mask && echo $v $on >$siov/mask || exit 1; done; sleep 0.1; done; done)'
reload='rmmod guestdrv && insmod /guestdrv.ko && cat $edu/irqs $siov/irqs'
# on NAME: all vectors of a guest work, each a few times, and are counted.
on() {
	check "$1: edu raises each vector" in_guest "$1" 'echo 1 8 2 >$edu/fire'
	check "$1: siov raises each vector" in_guest "$1" 'echo 1 16 20 >$siov/fire'
}
# counted NAME EDU SIOV: so far, by guest, imsctl and device
counted() {
	check "$1: edu's interrupts have one number" same "$2" "$1" edu
	check "$1: siov's interrupts have one number" same "$3" "$1" siov
}
revoke() {
	local i
	for ((i = 0; i < 20; i++)); do
		echo "$1" >"/sys/kernel/debug/ims_siov/$siov/revoke" || return
		sleep 0.05
	done
}
# Each vector of DEVICE once, and counted as a signal from outside
trigger_all() {
	imsctl trigger "$1" "1-$2" &&
		[[ $(field "$1" loopback) =~ ^[1-9][0-9]*(\ [1-9][0-9]*)*$ ]]
}

load ims_edu.vectors=9 && load_siov vectors=17 && make_fn 0 1 &&
	make_wq "$IMS_WQ0" "$IMS_WQ1" && vm_prepare || exit
echo "# $vm_accel"
edu0=edu=/sys/bus/mdev/devices/$IMS_WQ0 edu1=edu=/sys/bus/mdev/devices/$IMS_WQ1
siov0=siov=/sys/bus/ims_vfunc/devices/$IMS_FN0 siov1=siov=/sys/bus/ims_vfunc/devices/$IMS_FN1

boot first "$edu0" "$siov0"
check "a guest boots with two functions" vm_up first
gives "each MSI-X vector of edu is live" 0 "^9$" live "$IMS_WQ0"
gives "and of siov" 0 "^17$" live "$IMS_FN0"
on first
counted first "$IMS_WQ0" "$IMS_FN0"
gives "so says edu" 0 "^16$" in_guest first 'cat $edu/done'
gives "so says siov" 0 "^320$" in_guest first 'cat $siov/done'

echo "# under load"
check "the guest starts a load" in_guest first 'echo 1 >$edu/load && echo 1 >$siov/load'
check "it moves interrupts from CPU to CPU" in_guest first "${move//$'\n'/ }"
check "it masks and unmasks vectors" in_guest first "${mask//$'\n'/ }"
check "nothing was lost" in_guest first 'echo 0 >$siov/load && echo 0 >$edu/load'
counted first "$IMS_WQ0" "$IMS_FN0"
check "siov has a load once more" in_guest first 'echo 1 >$siov/load'
check "the host takes handles away, the guest requests new ones" revoke 0
check "nothing was lost of that" in_guest first 'echo 0 >$siov/load'
counted first "$IMS_WQ0" "$IMS_FN0"
gives "handles were revoked" 0 "[1-9]" field "$IMS_FN0" revocations

echo "# two guests"
boot second "$edu1" "$siov1"
check "another boots" vm_up second
check "both have a load" in_guest first 'echo 1 >$siov/load'
on second
check "nothing of the first was lost" in_guest first 'echo 0 >$siov/load'
counted first "$IMS_WQ0" "$IMS_FN0"
counted second "$IMS_WQ1" "$IMS_FN1"

echo "# from outside"
check "edu's vectors are triggered" trigger_all "$IMS_WQ0" 8
check "siov's vectors are triggered" trigger_all "$IMS_FN0" 16
storm() { local i; for ((i = 0; i < 50; i++)); do imsctl trigger "$IMS_FN0" 0-16 || return; done; }
check "a storm of triggers" storm
gives "the guest's handlers have seen them" 0 "^ok$" in_guest first \
	'cat $siov/counts $siov/raised | awk "NR == 1 { split(\$0, c) } NR == 2 { for (i = 2; i <= NF; i++) if (c[i] < \$i + 2) exit 1 }" && echo ok'
on first

echo "# anew"
check "the guest loads its driver anew" in_guest first "$reload"
check "and again" in_guest first "$reload"
on first
check "it resets siov" in_guest first 'echo 1 >$siov/reset'
check "it resets edu" in_guest first 'echo 1 >$edu/reset'
on first
in_guest second 'reboot -f &' >/dev/null
check "the second guest reboots" vm_up second
on second

echo "# away"
ends() { vm_ended "$1"; (($? == $2)); }
gone() {
	local names
	names=$(imsctl list --noheadings -o name) && [[ $names != *"$1"* ]]
}
vm_monitor second device_del siov
check "siov is unplugged from it" wait_for gone "$IMS_FN1"
gives "its driver has let go" 0 "^no$" in_guest second '[ -e $siov ] || echo no'
check "edu's work queue is removed under it" drop_wq "$IMS_WQ1"
check "it is unplugged, too" wait_for gone "$IMS_WQ1"
gives "its driver has let go of that" 0 "^no$" in_guest second '[ -e $edu ] || echo no'
kill -KILL "${vm_pid[second]}"
check "QEMU is killed" ends second 137
on first
check "the guest turns itself off" vm_off first
check "nothing is left" nothing_left

check "a guest boots again" eval 'boot third "$edu0" "$siov0"; vm_up third'
kill -KILL "${vm_pid[third]}"
check "QEMU is killed with vectors live" ends third 137
check "nothing is left of that" wait_for nothing_left
rmmod ims_siov && unload || exit
finish
