/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PC without an operating system, as far as payload.c and edu.c need it: one CPU in
 * 32-bit protected mode, without paging.
 */
#ifndef TESTS_VM_PAYLOAD_X86_H
#define TESTS_VM_PAYLOAD_X86_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

/* The local APIC, and where messages for it are written */
#define APIC		0xfee00000U
#define APIC_EOI	0x0b0
#define APIC_SPURIOUS	0x0f0

struct frame;

void payload(void);

static inline void outb(u16 port, u8 value)
{
	asm volatile ("outb %0, %1" : : "a" (value), "Nd" (port));
}

static inline void outl(u16 port, u32 value)
{
	asm volatile ("outl %0, %1" : : "a" (value), "Nd" (port));
}

static inline u8 inb(u16 port)
{
	u8 value;

	asm volatile ("inb %1, %0" : "=a" (value) : "Nd" (port));
	return value;
}

static inline u32 inl(u16 port)
{
	u32 value;

	asm volatile ("inl %1, %0" : "=a" (value) : "Nd" (port));
	return value;
}

static inline void print(const char *text)
{
	for (; *text; text++) {
		while (!(inb(0x3fd) & 0x20))
			;
		outb(0x3f8, *text);
	}
}

static inline __attribute__((noreturn)) void leave(u8 status)
{
	outb(0xf4, status);
	for (;;)
		asm volatile ("cli; hlt");
}

/*
 * Wait for an interrupt or a device's write to memory. The host ends it if need be.
 * A port that nobody has gives KVM the turn: QEMU 7.2's SVM does not always end a
 * loop that stays in the guest.
 */
#define wait_tries(tries, condition, what)				\
do {									\
	u32 tries_;							\
									\
	for (tries_ = 0; !(condition); tries_++) {			\
		check(tries_ < (tries), what);				\
		inb(0x80);						\
		asm volatile ("" : : : "memory");			\
	}								\
} while (0)

#define wait_until(condition, what)	wait_tries(500000, condition, what)

/* For a program of the host: until one has begun takes seconds. */
#define wait_for_host(condition, what)	wait_tries(5000000, condition, what)

static inline u32 pci_read(u32 device, u32 at)
{
	outl(0xcf8, 1U << 31 | device << 11 | (at & 0xfc));
	return inl(0xcfc) >> at % 4 * 8;
}

static inline void pci_write(u32 device, u32 at, u32 value)
{
	outl(0xcf8, 1U << 31 | device << 11 | (at & 0xfc));
	outl(0xcfc, value);
}

static inline void apic_write(u32 at, u32 value)
{
	*(volatile u32 *)(APIC + at) = value;
}

static inline void apic_eoi(void)
{
	apic_write(APIC_EOI, 0);
}

static u64 x86_gates[256] __attribute__((aligned(8)));

/* A gate for interrupts; 8: the segment of start.S that code is in */
static inline void set_gate(u32 number, void (*handler)(struct frame *))
{
	u32 at = (u32)handler;

	x86_gates[number] = (u64)(at & 0xffff0000) << 32 | 0x8e00ULL << 32 |
			    8 << 16 | (at & 0xffff);
}

static __attribute__((interrupt)) void x86_spurious(struct frame *frame)
{
	(void)frame;
}

static inline void set_up_cpu(void)
{
	struct __attribute__((packed)) {
		u16 limit;
		u32 base;
	} idt = { sizeof(x86_gates) - 1, (u32)x86_gates };

	/* The old interrupt controllers are silent. */
	outb(0x21, 0xff);
	outb(0xa1, 0xff);
	set_gate(0xff, x86_spurious);
	asm volatile ("lidt %0" : : "m" (idt));
	apic_write(APIC_SPURIOUS, 0x1ff);
	asm volatile ("sti");
}

#endif /* TESTS_VM_PAYLOAD_X86_H */
