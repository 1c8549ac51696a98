// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The way of an interrupt into a guest: KVM's irqfd waits for the eventfd, and the
 * host's handler has it inject the interrupt into a vCPU, which need not run for that.
 * The peer is vfio-pci's MSI-X.
 */
#include <err.h>
#include <unistd.h>

#include "bench.h"
#include "../vm/irqfd.h"

void measure_irqfd(struct bench *b)
{
	struct series s;
	uint64_t count;
	int vm[SIDES], side, i;

	bench_reopen(b);
	for (side = 0; side < SIDES; side++) {
		vm[side] = irqfd_create(b->eventfds[side][0]);
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
		irqfd_remove(vm[side], b->eventfds[side][0]);
		close(vm[side]);
	}
}
