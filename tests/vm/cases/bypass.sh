#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Vectors are producers of the kernel's irqbypass: a consumer of our own (tests/vm/inject)
# and irqfds of KVM connect to them and are disconnected. In a VM with an NVMe controller
# for ims_siov, and a CPU that can emulate a second time.
. "$IMS_TOP/tests/vm/guest.sh"
export CMOCKA_MESSAGE_OUTPUT=TAP

# What depends on it: the modules that are connected by it
users() { cat /sys/module/irqbypass/refcnt; }

# So few that auto is on.
load && load_siov vectors=64 && make_fn 0 && insmod "$consume" || exit
before=$(users)
modprobe kvm_amd || echo "# this VM's CPU has no SVM"
export IMS_REVOKE=/sys/kernel/debug/ims_siov/$siov/revoke
# What KVM calls has reached the driver of the remapping when that does not fail. AMD's
# takes no call that says nothing.
compgen -G "/sys/class/iommu/dmar*" >/dev/null && export IMS_VCPU=1
echo "# case bypass"
"$IMS_BUILD/tests/vm/case-bypass" || status=1

mode=/sys/module/vfio_pci_ims/parameters/bypass
gives "the parameter is auto" 0 "^auto$" cat $mode
gives "it can be changed" 0 "" bash -c "echo off >$mode"
gives "but to what is known only" 1 "Invalid argument" bash -c "echo perhaps >$mode"
check "a function is opened" open_wq a "$IMS_FN0"
gives "it has the parameter's mode" 0 "^off$" imsctl bypass "$IMS_FN0" -o bypass --noheadings
gives "that is changed for it" 0 "" imsctl bypass set "$IMS_FN0" on
gives "and shown" 0 "^on$" imsctl bypass "$IMS_FN0" -o bypass --noheadings
gives "and part of its configuration" 0 $'\nbypass on\n' imsctl save "$IMS_FN0"
gives "by a process that may not it is not" 4 "needs CAP_SYS_ADMIN" \
	setpriv --reuid 65534 --clear-groups imsctl bypass set "$IMS_FN0" off
close_wq a

modprobe -r kvm_amd 2>/dev/null
gives "nobody is left who uses irqbypass" 0 "^$before$" users
check "the modules unload" eval "rmmod ims_siov && unload && rmmod ims_consume"
gives "then nobody uses it" 0 "^0$" users
finish
exit "${status:-0}"
