/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PCI function with MSI-X, as a driver without an operating system has it: found,
 * and its interrupts set up and counted.
 */
#ifndef TESTS_VM_PAYLOAD_MSIX_H
#define TESTS_VM_PAYLOAD_MSIX_H

#include "x86.h"

#define VECTORS		6	/* 0 to 5 */

/* In the CPU's table of interrupts */
#define FIRST_GATE	0x40

#define PCI_COMMAND	0x04
#define PCI_BAR(n)	(0x10 + (n) * 4)
#define PCI_CAPS	0x34
#define PCI_CAP_MSIX	0x11

/*
 * Interrupts that were taken. With KVM, QEMU's SVM (7.2 as the outer machine) has the
 * CPU now and then take an interrupt twice that KVM has injected once (kvm:kvm_inj_virq
 * told of one, kvm:kvm_eoi of two). So a count may be too high, never too low, and
 * what is waited for is that it grows.
 */
static volatile u32 counts[VECTORS];

/* The function's MSI-X table */
static volatile u32 *msix_table;

#define GATE(n)								\
static __attribute__((interrupt)) void gate_##n(struct frame *frame)	\
{									\
	(void)frame;							\
	counts[n]++;							\
	apic_eoi();							\
}
GATE(0) GATE(1) GATE(2) GATE(3) GATE(4) GATE(5)

static void (*const gates[VECTORS])(struct frame *) = {
	gate_0, gate_1, gate_2, gate_3, gate_4, gate_5,
};

static void check(int right, const char *what)
{
	if (right)
		return;
	print("failed: ");
	print(what);
	print("\n");
	leave(1);
}

/* A function on bus 0, with memory, bus master and MSI-X turned on */
static u32 find_device(u32 vendor_id, u32 device_id)
{
	u32 device, at;

	for (device = 0; device < 32; device++)
		if (pci_read(device, 0) == (device_id << 16 | vendor_id))
			break;
	check(device < 32, "there is no device");
	pci_write(device, PCI_COMMAND, 0x6);

	at = pci_read(device, PCI_CAPS) & 0xff;
	while (at && (pci_read(device, at) & 0xff) != PCI_CAP_MSIX)
		at = pci_read(device, at) >> 8 & 0xff;
	check(at, "there is no MSI-X capability");
	pci_write(device, at, pci_read(device, at) | 1U << 31);
	return device;
}

static void *find_bar(u32 device, u32 bar)
{
	return (void *)(pci_read(device, PCI_BAR(bar)) & ~0xfU);
}

static void mask(u32 vector, u32 on)
{
	msix_table[vector * 4 + 3] = on;
}

static void set_up(u32 vector)
{
	set_gate(FIRST_GATE + vector, gates[vector]);
	msix_table[vector * 4] = APIC;
	msix_table[vector * 4 + 1] = 0;
	msix_table[vector * 4 + 2] = FIRST_GATE + vector;
	mask(vector, 0);
}

#endif /* TESTS_VM_PAYLOAD_MSIX_H */
