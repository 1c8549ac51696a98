#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# libvirt makes a work queue and gives it to a domain, which is a guest without an
# operating system (vm/payload/edu.c), emulated and with KVM: by the XML of ims_host(7).
# In a VM with a CPU that QEMU can emulate a second time. tests/vm/libvirt installs what
# it takes.
. "$IMS_TOP/tests/vm/guest.sh"

for program in libvirtd virsh mdevctl; do
	command -v "$program" >/dev/null && continue
	echo "ok 1 - libvirt # SKIP $program is not installed, see tests/vm/libvirt"
	echo "1..1"
	exit
done

domain="ims, guest"	# QEMU is told a comma by two
serial=/tmp/serial

# Its daemon with as little around it as it works with: no D-Bus, no systemd, no
# cgroups, and nothing of what this machine has defined.
start_libvirtd() {
	local dir
	for dir in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
		mkdir -p "$dir" && mount -t tmpfs libvirt "$dir" || return
	done
	# It looks this user up even if it runs QEMU as another.
	getent passwd libvirt-qemu >/dev/null || {
		echo "libvirt-qemu:x:64055:64055::/nonexistent:/usr/sbin/nologin" >>/etc/passwd
		echo "libvirt-qemu:x:64055:" >>/etc/group
	}
	cat >/etc/libvirt/qemu.conf <<-EOF
		user = "root"
		group = "root"
		security_driver = "none"
		stdio_handler = "file"
		cgroup_controllers = []
		namespaces = []
	EOF
	cat >/etc/libvirt/libvirtd.conf <<-EOF
		auth_unix_rw = "none"
		auth_unix_ro = "none"
	EOF
	LIBVIRT_LOG_OUTPUTS=3:stderr libvirtd >/tmp/libvirtd 2>&1 </dev/null &
	libvirtd=$!
	until virsh version >/tmp/version 2>&1; do
		if ! kill -0 "$libvirtd"; then
			cat /tmp/version /tmp/libvirtd
			return 1
		fi
		sleep 0.2
	done
}

# udev's database is where libvirt finds devices; it needs no others than these.
start_udevd() {
	/lib/systemd/systemd-udevd --daemon &&
		udevadm trigger --action=add "/sys/bus/pci/devices/$address" && udevadm settle
}

# from_page ELEMENT: what stands there for others to begin with
from_page() { sed -n "/^<$1[ >]/,/^<\/$1>/p" "$IMS_TOP/man/ims_host.7"; }

define_node() {
	from_page device | sed "s/pci_0000_00_04_0/$parent/" >/tmp/node.xml
	virsh nodedev-define /tmp/node.xml
}

# define_domain TYPE: with the work queue on bus 0, for the guest looks nowhere else
define_domain() {
	local cpu="" slot="<address type='pci' domain='0' bus='0' slot='5' function='0'/>"
	[[ $1 != kvm ]] || cpu="<cpu mode='host-passthrough'/>"
	cat >/tmp/domain.xml <<-EOF
		<domain type='$1'>
		  <name>$domain</name>
		  <memory unit='MiB'>32</memory>
		  <os>
		    <type arch='x86_64' machine='q35'>hvm</type>
		    <kernel>$IMS_BUILD/tests/vm/payload-edu</kernel>
		  </os>
		  <features><apic/></features>
		  $cpu
		  <devices>
		    <emulator>/usr/bin/qemu-system-x86_64</emulator>
		    <controller type='usb' model='none'/>
		    <memballoon model='none'/>
		    <serial type='file'><source path='$serial'/></serial>
		    $(from_page hostdev | sed "s|<source>|$slot&|")
		  </devices>
		</domain>
	EOF
	virsh define /tmp/domain.xml
}

exists() { [[ -e /sys/bus/mdev/devices/$1 ]]; }
vanishes() {
	local i
	for ((i = 0; i < 100; i++)); do
		exists "$1" || return 0
		sleep 0.1
	done
	return 1
}

# run_domain HOW TYPE
run_domain() {
	rm -f "$serial"
	gives "$1: a domain with the work queue" 0 "defined" define_domain "$2"
	check "$1: it starts" virsh start "$domain"
	check "$1: its guest is interrupted" until_has "$serial" "^(waiting|failed)"
	gives "$1: each interrupt was the hardware's, and no other" 0 $'^1 3\n2 3\n3 3\n4 3$' \
		imsctl_counts delivered
	gives "$1: a command was told by the driver" 0 "^0 1$" imsctl_counts signalled
	gives "$1: it has the limit of its node device" 0 "^12$" \
		imsctl list --noheadings -o limit
	gives "$1: imsctl names the domain" 0 "^$domain$" imsctl list --noheadings -o vm
	gives "$1: so it does for each vector" 0 $'\n'"2 +$domain"$'\n' \
		imsctl list --vectors --state live --noheadings -o vector,vm
	gives "$1: one is triggered from outside" 0 "" imsctl trigger "$IMS_WQ0" 5
	check "$1: it arrives, too" until_has "$serial" "^(done|failed)"
	check "$1: and was the last" grep -q "^done" "$serial"
	gives "$1: destroy" 0 "destroyed" virsh destroy "$domain"
	gives "$1: nothing is left of its interrupts" 0 "" imsctl list --noheadings
	gives "$1: nor in the store" 0 "^0$" imsctl list --stores --noheadings -o used
	gives "$1: undefine" 0 "undefined" virsh undefine "$domain"
}
# imsctl_counts COLUMN: of vectors that have counted something there
imsctl_counts() {
	imsctl list "$IMS_WQ0" --noheadings -o "vector,$1" | awk '$2 > 0 { print $1, $2 }'
}

load || exit
modprobe kvm_amd # before libvirt looks what there is
address=$(edu_address)
parent=pci_${address//[:.]/_}
check "udev" start_udevd
check "libvirtd" start_libvirtd

gives "it finds what has types of mediated devices" 0 "^$parent"$'\n*$' \
	virsh nodedev-list --cap mdev_types
gives "and ours among them" 0 "<type id='ims_edu-wq'>.*<deviceAPI>vfio-pci</deviceAPI>" \
	virsh nodedev-dumpxml "$parent"
gives "a work queue is defined" 0 "defined" define_node
node=$(virsh nodedev-list --cap mdev --inactive | head -n 1)
gives "and listed as inactive" 0 "mdev_${IMS_WQ0//-/_}" echo "$node"
check "for it is not there yet" vanishes "$IMS_WQ0"
gives "it is started" 0 "started" virsh nodedev-start "$node"
check "and there" exists "$IMS_WQ0"
gives "with its attribute" 0 "^12$" cat "/sys/bus/mdev/devices/$IMS_WQ0/ims/limit"

run_domain emulated qemu
if [[ -e /dev/kvm ]]; then
	run_domain "with KVM" kvm
else
	((++tap_tests))
	echo "ok $tap_tests - with KVM # SKIP this VM's CPU has no SVM"
fi

gives "the work queue is destroyed" 0 "Destroyed" virsh nodedev-destroy "$node"
check "and gone" vanishes "$IMS_WQ0"
gives "and undefined" 0 "Undefined" virsh nodedev-undefine "$node"
gives "nothing is left of it" 0 $'^\n*$' virsh nodedev-list --cap mdev --all
kill "$libvirtd" && wait "$libvirtd"
check "modules are not held" unload
finish
