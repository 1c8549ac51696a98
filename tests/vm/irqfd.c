// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A virtual machine with an irqfd, see irqfd.h.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/kvm.h>

#include "irqfd.h"

#define GSI	24
#define VECTOR	0x31
/* Offset of the local APIC's spurious interrupt vector register, and its enable bit */
#define APIC_SPIV	0xf0
#define APIC_ENABLED	0x100

static int create(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	struct kvm_lapic_state apic;
	int vm, vcpu;

	if (kvm < 0)
		err(1, "/dev/kvm");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0 || ioctl(vm, KVM_CREATE_IRQCHIP, 0))
		err(1, "KVM: interrupt controllers");
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	if (vcpu < 0 || ioctl(vcpu, KVM_GET_LAPIC, &apic))
		err(1, "KVM: vCPU");
	*(uint32_t *)(apic.regs + APIC_SPIV) |= APIC_ENABLED;
	if (ioctl(vcpu, KVM_SET_LAPIC, &apic))
		err(1, "KVM: local APIC");
	close(kvm);
	/* The vCPU stays until the program ends. */
	return vm;
}

int irqfd_create(int eventfd)
{
	struct {
		struct kvm_irq_routing routing;
		struct kvm_irq_routing_entry entry;
	} table = {
		.routing = { .nr = 1 },
		.entry = {
			.gsi = GSI,
			.type = KVM_IRQ_ROUTING_MSI,
			.u.msi = { .address_lo = 0xfee00000, .data = VECTOR },
		},
	};
	struct kvm_irqfd irqfd = { .fd = eventfd, .gsi = GSI };
	int vm = create();

	if (ioctl(vm, KVM_SET_GSI_ROUTING, &table) ||
	    ioctl(vm, KVM_IRQFD, &irqfd))
		err(1, "KVM: irqfd");
	return vm;
}

void irqfd_remove(int vm, int eventfd)
{
	struct kvm_irqfd irqfd = {
		.fd = eventfd, .gsi = GSI, .flags = KVM_IRQFD_FLAG_DEASSIGN,
	};

	if (ioctl(vm, KVM_IRQFD, &irqfd))
		err(1, "KVM: irqfd");
}
