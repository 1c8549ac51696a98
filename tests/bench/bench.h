/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measurements of ours against a peer, in one VM and one run. Time is the
 * guest's: nanoseconds, which are instructions where QEMU counts them (-icount
 * shift=0). See tests/bench/run.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <stdint.h>

#include "../vm/portal.h"

/* Repetitions of each measurement; ours and the peer's take turns. */
#define REPEAT	7

/* A side that has nothing to be measured. */
#define NONE	UINT64_MAX

/*
 * Vectors are counted from 0 on both sides. Ours begin with the function's vector
 * 1, for its vector 0 is emulated.
 *
 * @ours: of ims_siov.ko; open from bench_reopen() on
 * @name: its name
 * @bypass: the mode of bypass that it is opened with; vfio-pci's is always on
 * @peer: vfio-pci's device
 * @address: its PCI address
 */
struct bench {
	struct portal ours;
	const char *name;
	uint32_t bypass;
	int peer;
	const char *address;
	int eventfds[2][WQ_VECTORS];
};

enum { OURS, PEER, SIDES };

/* One measurement: REPEAT values of each side, of which the median counts. */
struct series {
	uint64_t value[SIDES][REPEAT];
};

uint64_t now(void);
uint64_t since(uint64_t start);
/* Unreclaimable slab and per-CPU memory, in bytes. */
uint64_t kernel_memory(void);

/* Print a line: name, ours, the peer's, unit; each value divided by @per. */
void report(const char *name, const char *unit, struct series *s, double per);
/* The same for one value of each; NONE where there is none. */
void report_one(const char *name, const char *unit, double ours, double peer);

/* Our device opened anew: no vector has a context. */
void bench_reopen(struct bench *b);
/* SET_IRQS on a side's device. Failure ends the program. */
void bench_bind(struct bench *b, int side, uint32_t first, const int *fds,
		uint32_t count);
void bench_disable(struct bench *b, int side);
void bench_loopback(struct bench *b, int side, uint32_t first, uint32_t count);
/* Linux IRQ of the first vector. */
uint32_t bench_irq(struct bench *b, int side);

/* irqs.c: nanoseconds that INJECTIONS of @irq take, from the CPU's vector to the end. */
#define INJECTIONS	1000
uint64_t bench_inject(uint32_t irq);
/* Let this CPU handle @irq. */
void bench_pin_irq(uint32_t irq);

/* peer.c: vfio-pci's device as its user opens it. */
int peer_open(const char *address);

/*
 * trace.c: @fn(@arg) in a child: how many system calls it made, and how many
 * bytes these have read or received.
 */
struct traced {
	uint64_t calls;
	uint64_t bytes;
};
struct traced trace_calls(void (*fn)(void *), void *arg);

/* What is measured: irqs.c, irqfd.c and control.c, hardware.c. */
void measure_handler(struct bench *b);
void measure_irqfd(struct bench *b);
void measure_enable(struct bench *b);
void measure_replace(struct bench *b);
void measure_bypass(struct bench *b);
void measure_signals(struct bench *b);
void measure_memory(struct bench *b);
void measure_dump(struct bench *b, uint32_t count);
void measure_trigger(struct bench *b);
void measure_hardware(struct bench *b);

#endif /* TESTS_BENCH_H */
