# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For scripts that run inside the VM: modules, work queues, TAP. Source it.

set -u
export IMS_WQ0=c0ffee00-1d5a-4a6b-9c1e-000000000001
export IMS_WQ1=decade00-1d5a-4a6b-9c1e-000000000002

modules=$IMS_BUILD/modules/kmod
inject=$IMS_BUILD/modules/tests/vm/inject/ims_inject.ko
consume=$IMS_BUILD/modules/tests/vm/inject/ims_consume.ko
PATH=$IMS_BUILD/cli:$PATH

# failslab_ready: from now on allocations fail when somebody asks for it (fault.h), on
# the debug kernel.
failslab_ready() {
	local failslab=/sys/kernel/debug/failslab cache
	[[ -d $failslab ]] || { echo "Bail out! this kernel has no failslab"; return 2; }
	echo 0 >$failslab/verbose		# it would log a stack for each
	echo 0 >$failslab/ignore-gfp-wait	# fail GFP_KERNEL, too

	# Caches whose allocations do not count: those of the checkers, which would
	# stop checking, and maple trees' nodes, for the interrupt core greets their
	# lack with a WARN_ON (irq_insert_desc()).
	echo 1 >$failslab/cache-filter
	for cache in /sys/kernel/slab/*; do
		case ${cache##*/} in
		kmemleak_* | debug_objects_cache | maple_node) ;;
		*) echo 1 2>/dev/null >"$cache/failslab" || echo "# ${cache##*/} does not fail" ;;
		esac
	done
}

# The PCI address of the edu device, e.g. 0000:00:04.0.
edu_address() {
	local dev
	for dev in /sys/bus/pci/devices/*; do
		[[ $(<"$dev/vendor") == 0x1234 && $(<"$dev/device") == 0x11e8 ]] || continue
		echo "${dev##*/}"
		return
	done
	echo "no edu device in this VM" >&2
	return 1
}

# load [MODULE.PARAMETER=VALUE...]: load what we ship and what it needs.
load() {
	local module option
	local -a options
	modprobe -a vfio mdev vfio_iommu_type1 || return
	# A kernel may have been built without it.
	modprobe irqbypass 2>/dev/null
	for module in ims/ims vfio_pci_ims/vfio_pci_ims vfunc/ims_vfunc edu/ims_edu; do
		options=()
		for option; do
			[[ $option != "${module##*/}".* ]] || options+=("${option#*.}")
		done
		insmod "$modules/$module.ko" "${options[@]}" || return
	done
}

# load_siov [PARAMETER=VALUE...]: load ims_siov.ko and give it the first NVMe
# controller that has no driver. $siov is then its PCI address. After load.
load_siov() {
	local dev
	insmod "$modules/siov/ims_siov.ko" "$@" || return
	for dev in /sys/bus/pci/devices/*; do
		[[ $(<"$dev/class") == 0x010802 ]] || continue
		siov=${dev##*/}
		# It was its driver before.
		[[ ! -e /sys/bus/pci/drivers/ims_siov/$siov ]] || return 0
		[[ ! -e $dev/driver ]] || continue
		echo ims_siov >"$dev/driver_override" &&
			echo "$siov" >/sys/bus/pci/drivers_probe &&
			[[ -e /sys/bus/pci/drivers/ims_siov/$siov ]]
		return
	done
	echo "no NVMe controller in this VM: --qemu '-device nvme,serial=ims,cmb_size_mb=16,legacy-cmb=on'" >&2
	return 1
}

# make_fn NUMBER..., drop_fn NUMBER...: functions of ims_siov. The name of number
# N is in the environment as IMS_FNN.
make_fn() {
	local number
	for number; do
		echo "$number" >"/sys/bus/pci/devices/$siov/ims_vfunc/new_device" || return
		export "IMS_FN$number=$siov-$number"
	done
}

drop_fn() {
	local number
	for number; do
		echo "$number" >"/sys/bus/pci/devices/$siov/ims_vfunc/delete_device" || return
	done
}

unload() { rmmod ims_edu && rmmod ims_vfunc && rmmod vfio_pci_ims && rmmod ims; }

# make_wq UUID..., drop_wq UUID...: what mdevctl does, without mdevctl.
make_wq() {
	local uuid address
	address=$(edu_address) || return
	for uuid; do
		echo "$uuid" >"/sys/bus/pci/devices/$address/mdev_supported_types/ims_edu-wq/create" || return
	done
}

drop_wq() {
	local uuid
	for uuid; do
		echo 1 >"/sys/bus/mdev/devices/$uuid/remove" || return
	done
}

# open_wq TAG NAME: a process of its own opens the work queue, of edu or of
# ims_siov, or another function, and stays. Fails with the process's message when it cannot.
declare -A wq_in=() wq_out=() wq_pid=()
open_wq() {
	local dir in out line tool=wqtool
	[[ ! -e /sys/bus/ims_vfunc/drivers/ims_siov/$2 ]] || tool=portaltool
	dir=$(mktemp -d)
	mkfifo "$dir/in" "$dir/out"
	"$IMS_BUILD/tests/vm/$tool" "$2" <"$dir/in" >"$dir/out" &
	wq_pid[$1]=$!
	exec {in}>"$dir/in" {out}<"$dir/out"
	wq_in[$1]=$in wq_out[$1]=$out
	rm -r "$dir"
	read -r line <&"$out" && [[ $line == "open $2" ]]
}

# ask TAG COMMAND...: let it do something, and print its answer (see wqtool.c and
# portaltool.c).
ask() {
	local line in=${wq_in[$1]} out=${wq_out[$1]}
	shift
	echo "$*" >&"$in" && read -r line <&"$out" && echo "$line"
}

# close_wq TAG: end its process, and wait for that. (It gets no end of file: the
# processes that were started after it have its pipe open, too.)
close_wq() {
	local in=${wq_in[$1]} out=${wq_out[$1]}
	echo quit >&"$in"
	exec {in}>&- {out}<&-
	wait "${wq_pid[$1]}"
}

# TAP. Every case ends with "finish".
tap_tests=0

# check DESCRIPTION COMMAND...: passes when COMMAND succeeds. COMMAND runs in this
# shell, not in one of its own.
check() {
	local what=$1
	shift
	((++tap_tests))
	if "$@" >/tmp/check.$$ 2>&1; then
		echo "ok $tap_tests - $what"
	else
		echo "not ok $tap_tests - $what"
		echo "# \$ $*"
		sed 's/^/# /' "/tmp/check.$$"
	fi
}

# gives DESCRIPTION STATUS PATTERN COMMAND...: passes when COMMAND exits with
# STATUS and its output, stdout and stderr, matches PATTERN (an extended regular
# expression; empty for a command that must print nothing).
gives() {
	local what=$1 status=$2 pattern=$3 out got=0
	shift 3
	((++tap_tests))
	out=$("$@" 2>&1 </dev/null) || got=$?
	if ((got == status)) && { [[ -z $pattern && -z $out ]] ||
		[[ -n $pattern && $out =~ $pattern ]]; }; then
		echo "ok $tap_tests - $what"
	else
		echo "not ok $tap_tests - $what"
		sed 's/^/# /' <<<"\$ $*"$'\n'"$out"$'\n'"status $got, not $status, or not like: $pattern"
	fi
}

# until_has FILE PATTERN: wait until a line of FILE matches; its writer may be slow.
until_has() {
	local end=$((SECONDS + 300))
	while ((SECONDS < end)); do
		grep -Eqse "$2" "$1" && return
		sleep 0.1
	done
	echo "no line like $2 in $1:"
	cat "$1"
	return 1
}

finish() { echo "1..$tap_tests"; }

# leave STATUS: end the VM from here, as tests/vm/guest does when the command has
# ended, which it cannot when the root file system is no more.
leave() {
	local bb=/run/ims-vm/busybox port name dmesg status
	for port in /sys/class/virtio-ports/*; do
		read -r name 2>/dev/null <"$port/name"
		case $name in
		dmesg) dmesg=/dev/${port##*/} ;;
		status) status=/dev/${port##*/} ;;
		esac
	done
	$bb sleep 1 # what was printed is under way
	$bb dmesg -s 8388608 >"$dmesg"
	echo "$1" >"$status"
	echo b >/proc/sysrq-trigger
}

