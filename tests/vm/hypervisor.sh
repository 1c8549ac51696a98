# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Virtual machines inside the VM: this machine's QEMU, by KVM where the VM's CPU has
# SVM, boots the VM's own stock kernel with busybox and guestdrv.ko, which drives our
# functions as any PCI driver does its device's. Source it after guest.sh.
#
# The guest runs what it is told, line by line, through a virtio port; see in_guest.

declare -A vm_pid=() vm_cat=() vm_in=() vm_out=() vm_monitor=()
vm_dir=$(mktemp -d)
vm_initramfs=$vm_dir/initramfs

# vm_prepare: before the first boot. vm_accel is then how guests are run.
vm_prepare() {
	vm_accel="-accel tcg -cpu max"
	if modprobe kvm_amd 2>/dev/null && [[ -e /dev/kvm ]]; then
		vm_accel="-accel kvm -cpu host"
	fi
	mkdir -p "$vm_dir/root/bin" &&
		cp /bin/busybox "$vm_dir/root/bin/" &&
		cp "$IMS_BUILD/modules/tests/vm/guestdrv/guestdrv.ko" "$vm_dir/root/" &&
		cp "$IMS_TOP/tests/vm/guestdrv/init" "$vm_dir/root/" &&
		chmod 755 "$vm_dir/root/init" || return
	(cd "$vm_dir/root" && find . | cpio -o -H newc --quiet) >"$vm_initramfs"
}

# boot NAME ID=PATH...: start a guest with functions, each behind a port that it can be
# unplugged from. vm_up NAME waits until it listens.
boot() {
	local name=$1 function in out monitor chassis=0
	local dir=$vm_dir/$name
	local -a devices=()
	shift
	for function; do
		((++chassis))
		devices+=(-device "pcie-root-port,id=port$chassis,chassis=$chassis"
			-device "vfio-pci,id=${function%%=*},bus=port$chassis,sysfsdev=${function#*=}")
	done
	mkdir -p "$dir"
	mkfifo "$dir"/{ctl,mon}.{in,out}
	# Both ways: who opens a fifo for one waits for who opens it for the other.
	exec {in}<>"$dir/ctl.in" {out}<>"$dir/ctl.out" {monitor}<>"$dir/mon.in"
	cat <>"$dir/mon.out" >"$dir/monitor" &
	vm_cat[$name]=$!
	# shellcheck disable=SC2086 # several words
	qemu-system-x86_64 -name "guest=$name" -nodefaults -no-user-config -display none \
		-M q35 $vm_accel -smp 2 -m 256 -kernel "$IMS_KIMAGE" -initrd "$vm_initramfs" \
		-append "console=ttyS0 quiet panic=-1 no_timer_check tsc=reliable lpj=1000000 mitigations=off nokaslr" \
		-serial "file:$dir/console" -device virtio-serial-pci \
		-chardev "pipe,id=ctl,path=$dir/ctl" -device virtserialport,chardev=ctl,name=ctl \
		-chardev "pipe,id=mon,path=$dir/mon" -mon chardev=mon,mode=readline \
		"${devices[@]}" >"$dir/qemu" 2>&1 </dev/null &
	vm_pid[$name]=$!
	vm_in[$name]=$in vm_out[$name]=$out vm_monitor[$name]=$monitor
}

# vm_up NAME: the guest has booted, and its driver has its functions.
vm_up() {
	local line
	while kill -0 "${vm_pid[$1]}" && read -r -t 300 line <&"${vm_out[$1]}"; do
		[[ ${line%$'\r'} != up ]] || return 0
	done
	echo "guest $1 does not come up:"
	tail -n 20 "$vm_dir/$1/console" "$vm_dir/$1/qemu"
	return 1
}

# in_guest NAME WORD...: a command of the guest's shell; its output and status
in_guest() {
	local name=$1 line
	shift
	echo "$*" >&"${vm_in[$name]}"
	while read -r -t 300 line <&"${vm_out[$name]}"; do
		line=${line%$'\r'}
		[[ $line != "= "* ]] || return "${line#= }"
		echo "$line"
	done
	echo "guest $name does not answer:"
	tail -n 20 "$vm_dir/$name/console"
	return 1
}

# vm_monitor NAME WORD...: a command of QEMU's monitor
vm_monitor() { echo "${*:2}" >&"${vm_monitor[$1]}"; }

# vm_ended NAME: wait for QEMU to end, and give its status
vm_ended() {
	local status=0 fd
	wait "${vm_pid[$1]}" || status=$?
	for fd in "${vm_in[$1]}" "${vm_out[$1]}" "${vm_monitor[$1]}"; do
		exec {fd}>&-
	done
	kill "${vm_cat[$1]}"
	wait "${vm_cat[$1]}" 2>/dev/null
	rm -rf -- "${vm_dir:?}/$1"
	return "$status"
}

# vm_off NAME: the guest turns itself off.
vm_off() {
	echo "poweroff -f" >&"${vm_in[$1]}"
	vm_ended "$1"
}
