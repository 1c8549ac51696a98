// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The way of an interrupt into a guest: KVM's irqfd waits for the eventfd, and the
 * host's handler has it inject the interrupt into a vCPU, which need not run for that.
 * The peer is vfio-pci's MSI-X.
 */
#include <err.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/kvm.h>

#include "bench.h"

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

/* A VM of its own whose interrupt @eventfd raises */
static int create_irqfd(int eventfd)
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

static void remove_irqfd(int vm, int eventfd)
{
	struct kvm_irqfd irqfd = {
		.fd = eventfd, .gsi = GSI, .flags = KVM_IRQFD_FLAG_DEASSIGN,
	};

	if (ioctl(vm, KVM_IRQFD, &irqfd))
		err(1, "KVM: irqfd");
	close(vm);
}

void measure_irqfd(struct bench *b)
{
	struct series s;
	uint64_t count;
	int vm[SIDES], side, i;

	bench_reopen(b);
	for (side = 0; side < SIDES; side++) {
		vm[side] = create_irqfd(b->eventfds[side][0]);
		bench_bind(b, side, 0, b->eventfds[side], 1);
		bench_pin_irq(bench_irq(b, side));
		/* The first one moves it. */
		bench_inject(bench_irq(b, side));
	}
	for (i = 0; i < REPEAT; i++)
		for (side = 0; side < SIDES; side++)
			s.value[side][i] = bench_inject(bench_irq(b, side));
	report("interrupt to irqfd injection", "each", &s, INJECTIONS);
	for (side = 0; side < SIDES; side++) {
		/* All of them were the irqfd's. */
		if (read(b->eventfds[side][0], &count, sizeof(count)) >= 0)
			errx(1, "side %d: %lu signals were not injected", side,
			     count);
		bench_disable(b, side);
		remove_irqfd(vm[side], b->eventfds[side][0]);
	}
}
