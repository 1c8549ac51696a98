// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest without an operating system: what libvirt starts (<kernel>, multiboot) with a
 * work queue of ims_edu.ko as its PCI device. Submits work to it and is interrupted.
 * Says on the serial line what it does; a line "failed: ..." or "done" is the end, at
 * which it stays until somebody ends it.
 *
 * When it says "waiting" somebody outside is to trigger vector OUTSIDE.
 */
#include <linux/ims_edu.h>

#include "msix.h"

#define OUTSIDE		5
#define ROUNDS		3

static volatile u32 *regs;

static u32 read_vector(u32 vector, u32 reg)
{
	return regs[(IMS_EDU_REG_VECTOR + vector * IMS_EDU_VECTOR_SIZE + reg) / 4];
}

static u32 factorial(u32 n)
{
	return n ? n * factorial(n - 1) : 1;
}

static void submit(u32 vector, u32 n)
{
	regs[IMS_EDU_REG_WORK_N / 4] = n;
	regs[IMS_EDU_REG_WORK_SUBMIT / 4] = vector;
	check(regs[IMS_EDU_REG_WORK_STATUS / 4] == IMS_EDU_ERR_NONE,
	      "work is refused");
}

/* Of hardware: each result with an interrupt of its own */
static void work(void)
{
	u32 round, v, before[VECTORS];

	for (round = 1; round <= ROUNDS; round++) {
		for (v = 1; v < OUTSIDE; v++) {
			before[v] = counts[v];
			submit(v, round + v);
		}
		for (v = 1; v < OUTSIDE; v++) {
			/* edu takes a tenth of a second for each. */
			wait_for_host(counts[v] != before[v],
				      "an interrupt is missing");
			wait_until(read_vector(v, IMS_EDU_VECTOR_COMPLETED) == round,
				   "a result is missing");
			check(read_vector(v, IMS_EDU_VECTOR_RESULT) ==
			      factorial(round + v), "a wrong result");
		}
	}
	check(!counts[OUTSIDE], "an interrupt too many");
	print("work\n");
}

/* Of the driver: the interrupt is emulated */
static void command(void)
{
	u32 before = counts[IMS_EDU_COMMAND_VECTOR];

	regs[IMS_EDU_REG_COMMAND / 4] = IMS_EDU_COMMAND_NOP;
	check(regs[IMS_EDU_REG_COMMAND_STATUS / 4] == IMS_EDU_ERR_NONE,
	      "a command fails");
	wait_until(counts[IMS_EDU_COMMAND_VECTOR] != before,
		   "a command is not told");
	check(!regs[IMS_EDU_REG_ERRORS / 4], "errors");
	print("command\n");
}

void payload(void)
{
	u32 v;

	set_up_cpu();
	regs = find_bar(find_device(IMS_EDU_PCI_VENDOR_ID, IMS_EDU_PCI_DEVICE_ID), 0);
	check(regs[IMS_EDU_REG_ID / 4] == IMS_EDU_ID, "wrong device");
	msix_table = regs + IMS_EDU_REG_MSIX_TABLE / 4;
	for (v = 0; v < VECTORS; v++)
		set_up(v);
	print("up\n");

	work();
	command();
	print("waiting\n");
	wait_for_host(counts[OUTSIDE], "nobody triggers a vector");
	print("done\n");
	leave(0);
}
