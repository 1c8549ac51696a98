// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest without an operating system: what QEMU starts (-kernel, multiboot) with a
 * function of ims_siov.ko as its PCI device. It sets MSI-X up as a guest does,
 * requests handles, submits work through BAR 2, and is interrupted. Says on the
 * serial line what it does; a line "failed: ..." is the end. QEMU exits with status
 * 1 when all is well (isa-debug-exit at port 0xf4, which was told 0), else 3.
 *
 * When it says "waiting" somebody outside is to trigger vector OUTSIDE.
 */
#include <linux/ims_siov.h>

#include "msix.h"

#define OUTSIDE		5
#define ROUNDS		100

static volatile u32 *regs;
static volatile struct ims_siov_desc *portal;
static u32 next;
static u32 handles[VECTORS];

static u32 command(u32 which, u32 argument)
{
	regs[IMS_SIOV_REG_ARGUMENT / 4] = argument;
	regs[IMS_SIOV_REG_COMMAND / 4] = which;
	check(!regs[IMS_SIOV_REG_COMMAND_STATUS / 4], "a command fails");
	return regs[IMS_SIOV_REG_COMMAND_RESULT / 4];
}

static void submit(u32 control, u32 vector, u64 source, u64 destination,
		   u32 size, volatile struct ims_siov_completion *record)
{
	volatile struct ims_siov_desc *d = portal + next;
	u32 i;

	wait_until(!d->control, "the portal is full");
	d->handle = handles[vector];
	d->completion = (u32)record;
	d->source = source;
	d->destination = destination;
	d->size = size;
	for (i = 0; i < 7; i++)
		d->reserved[i] = 0;
	d->control = control | IMS_SIOV_DESC_VALID;
	next = (next + 1) % IMS_SIOV_PORTAL_ENTRIES;
}

static void raise_one(u32 vector)
{
	submit(IMS_SIOV_OPERATION_NOP | IMS_SIOV_DESC_INTERRUPT, vector, 0, 0, 0,
	       0);
}

/* Each of some vectors, over and over, each time when the last one has come */
static void interrupts(void)
{
	u32 round, v, before[VECTORS];

	for (round = 0; round < ROUNDS; round++) {
		for (v = 1; v < OUTSIDE; v++) {
			before[v] = counts[v];
			raise_one(v);
		}
		for (v = 1; v < OUTSIDE; v++)
			wait_until(counts[v] != before[v], "an interrupt is missing");
	}
	check(!counts[OUTSIDE], "an interrupt too many");
	print("interrupts\n");
}

static u8 memory[3][8192] __attribute__((aligned(4096)));

static void operations(void)
{
	static volatile struct ims_siov_completion records[3];
	u32 i, before = counts[1];

	submit(IMS_SIOV_OPERATION_FILL | IMS_SIOV_DESC_COMPLETION, 0,
	       0x0807060504030201, (u32)memory[1] + 100, 5000, &records[0]);
	submit(IMS_SIOV_OPERATION_MOVE | IMS_SIOV_DESC_COMPLETION, 0,
	       (u32)memory[1], (u32)memory[2], 8192, &records[1]);
	submit(IMS_SIOV_OPERATION_COMPARE | IMS_SIOV_DESC_COMPLETION |
	       IMS_SIOV_DESC_INTERRUPT, 1, (u32)memory[0], (u32)memory[2], 8192,
	       &records[2]);
	wait_until(counts[1] != before, "operations: no interrupt");
	for (i = 0; i < 3; i++)
		check(records[i].status == IMS_SIOV_COMPLETION_DONE,
		      "an operation fails");
	check(records[2].result == 1 && records[2].bytes == 100,
	      "wrong comparison");
	for (i = 0; i < 8192; i++) {
		u8 want = i < 100 || i >= 5100 ? 0 : (i - 100) % 8 + 1;

		check(memory[1][i] == want && memory[2][i] == want,
		      "wrong memory");
	}
	print("operations\n");
}

/* What is raised while a vector is masked comes when it is not any more. */
static void masks(void)
{
	volatile u32 *pba = regs + IMS_SIOV_REG_PBA / 4;
	u32 i, masked, other;

	for (i = 0; i < 3; i++) {
		mask(2, 1);
		masked = counts[2];
		other = counts[3];
		raise_one(2);
		raise_one(3);
		wait_until(counts[3] != other, "masks: no interrupt");
		wait_until(*pba & 1U << 2, "masks: nothing is pending");
		check(counts[2] == masked, "masks: an interrupt");
		mask(2, 0);
		wait_until(counts[2] != masked, "masks: it is lost");
		check(!*pba, "masks: it is still pending");
	}
	print("masks\n");
}

static void commands(void)
{
	u32 before = counts[0];

	check(before > 0, "vector 0 is silent");
	command(IMS_SIOV_COMMAND_NOP, 0);
	wait_until(counts[0] != before, "a command is not told");
	check(regs[IMS_SIOV_REG_INTCAUSE / 4] == IMS_SIOV_INTCAUSE_COMMAND,
	      "wrong cause");
	check(!regs[IMS_SIOV_REG_ERRORS / 4], "errors");
	print("commands\n");
}

void payload(void)
{
	u32 device, v;

	set_up_cpu();
	device = find_device(IMS_SIOV_PCI_VENDOR_ID, IMS_SIOV_PCI_DEVICE_ID);
	check(!pci_read(device, PCI_BAR(3)), "BAR 2 is above 4 GB");
	regs = find_bar(device, 0);
	portal = find_bar(device, 2);
	check(regs[IMS_SIOV_REG_ID / 4] == IMS_SIOV_ID, "wrong device");
	msix_table = regs + IMS_SIOV_REG_MSIX_TABLE / 4;
	for (v = 0; v < VECTORS; v++)
		set_up(v);
	for (v = 1; v < VECTORS; v++)
		handles[v] = command(IMS_SIOV_COMMAND_REQUEST_INT_HANDLE, v);
	command(IMS_SIOV_COMMAND_ENABLE, 0);
	print("up\n");

	interrupts();
	operations();
	masks();
	commands();
	print("waiting\n");
	wait_for_host(counts[OUTSIDE], "nobody triggers a vector");
	print("done\n");
	leave(0);
}
