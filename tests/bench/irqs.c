// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The way of an interrupt, and what it takes to set vectors up. The peer is
 * vfio-pci's MSI-X on another device of the same VM.
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/membarrier.h>

#include "bench.h"

#define INJECT "/sys/kernel/debug/ims_inject"

uint64_t bench_inject(uint32_t irq)
{
	unsigned long count = 0, ns = 0;
	char text[64];
	int fd, len;

	fd = open(INJECT, O_RDWR);
	len = snprintf(text, sizeof(text), "%u %u timed", irq, INJECTIONS);
	if (fd < 0 || write(fd, text, len) != len)
		err(1, "%s: IRQ %u", INJECT, irq);
	len = pread(fd, text, sizeof(text) - 1, 0);
	if (len < 0)
		err(1, "%s", INJECT);
	text[len] = 0;
	close(fd);
	if (sscanf(text, "%lu %lu", &count, &ns) != 2 ||
	    count < INJECTIONS / 2)
		errx(1, "%s: %lu of %u were timed: %s", INJECT, count,
		     INJECTIONS, text);
	return ns * INJECTIONS / count;
}

void bench_pin_irq(uint32_t irq)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/irq/%u/smp_affinity_list", irq);
	file = fopen(path, "w");
	if (!file || fputs("0\n", file) < 0 || fclose(file))
		err(1, "%s", path);
}

static void check_count(struct bench *b, int side, uint64_t expected)
{
	uint64_t count = 0;

	if (read(b->eventfds[side][0], &count, sizeof(count)) < 0 ||
	    count != expected)
		errx(1, "side %d: eventfd has counted %lu, not %lu", side, count,
		     expected);
}

void measure_handler(struct bench *b)
{
	struct series s;
	int side, i;

	bench_reopen(b);
	for (side = 0; side < SIDES; side++) {
		bench_bind(b, side, 0, b->eventfds[side], 1);
		bench_pin_irq(bench_irq(b, side));
		/* The first one moves it. */
		bench_inject(bench_irq(b, side));
		check_count(b, side, INJECTIONS);
	}
	for (i = 0; i < REPEAT; i++)
		for (side = 0; side < SIDES; side++) {
			s.value[side][i] = bench_inject(bench_irq(b, side));
			check_count(b, side, INJECTIONS);
		}
	report("interrupt to eventfd", "each", &s, INJECTIONS);
	for (side = 0; side < SIDES; side++)
		bench_disable(b, side);
}

/*
 * What the kernel frees after a grace period is work of the call before, of
 * which it is not known when it is done: of neither side's figures. (But for
 * what kfree_rcu() collects for seconds when it is little: lines of ours.)
 */
static void quiesce(void)
{
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		err(1, "membarrier");
	usleep(50000);
}

static const char *mode(const struct bench *b)
{
	return b->bypass == IMS_BYPASS_MODE_ON ? "bypass: " : "";
}

static void measure_enable_n(struct bench *b, uint32_t n, int sides)
{
	struct series on, off;
	uint64_t start;
	char name[64];
	int side, i;

	for (i = 0; i < REPEAT; i++)
		for (side = 0; side < SIDES; side++) {
			if (side >= sides) {
				on.value[side][i] = NONE;
				off.value[side][i] = NONE;
				continue;
			}
			if (side == OURS)
				bench_reopen(b);
			quiesce();
			start = now();
			bench_bind(b, side, 0, b->eventfds[side], n);
			on.value[side][i] = since(start);
			quiesce();
			start = now();
			bench_disable(b, side);
			off.value[side][i] = since(start);
		}
	snprintf(name, sizeof(name), "%senable %u vectors", mode(b), n);
	report(name, "per vector", &on, n);
	snprintf(name, sizeof(name), "%sdisable %u vectors", mode(b), n);
	report(name, "per vector", &off, n);
}

/* QEMU 8 and later: one call for each vector, none is taken away. */
static void one_by_one(struct bench *b, int side, uint32_t n)
{
	uint32_t v;

	for (v = 0; v < n; v++)
		bench_bind(b, side, v, &b->eventfds[side][v], 1);
}

/* QEMU 7: for each vector that the guest unmasks all off, then one more than before. */
static void all_off_one_more(struct bench *b, int side, uint32_t n)
{
	uint32_t v;

	for (v = 1; v <= n; v++) {
		if (v > 1)
			bench_disable(b, side);
		bench_bind(b, side, 0, b->eventfds[side], v);
	}
}

static void measure_pattern(struct bench *b, const char *name, uint32_t n,
			    void (*enable)(struct bench *b, int side, uint32_t n))
{
	struct series s;
	uint64_t start;
	int side, i;

	for (i = 0; i < REPEAT; i++)
		for (side = 0; side < SIDES; side++) {
			if (side == OURS)
				bench_reopen(b);
			quiesce();
			start = now();
			enable(b, side, n);
			s.value[side][i] = since(start);
			bench_disable(b, side);
		}
	report(name, "per vector", &s, n);
}

void measure_enable(struct bench *b)
{
	measure_enable_n(b, 1, 2);
	measure_enable_n(b, 64, 2);
	measure_enable_n(b, 512, 2);
	measure_enable_n(b, 2048, 2);
	measure_enable_n(b, 4096, 1);
	measure_enable_n(b, 6000, 1);
	measure_pattern(b, "enable 64, one call each", 64, one_by_one);
	measure_pattern(b, "enable 2048, one call each", 2048, one_by_one);
	measure_pattern(b, "enable 32 as QEMU 7 does", 32, all_off_one_more);
}

/* One vector of 64 that are live, as a guest does that masks and unmasks. */
void measure_replace(struct bench *b)
{
	struct series s;
	uint64_t start;
	char name[64];
	int side, i;

	bench_reopen(b);
	for (side = 0; side < SIDES; side++)
		bench_bind(b, side, 0, b->eventfds[side], 64);
	for (i = 0; i < REPEAT; i++)
		for (side = 0; side < SIDES; side++) {
			start = now();
			bench_bind(b, side, 7,
				   &b->eventfds[side][64 + i % 2], 1);
			s.value[side][i] = since(start);
		}
	snprintf(name, sizeof(name), "%sreplace an eventfd", mode(b));
	report(name, "each", &s, 1);
	if (b->bypass)
		goto out;

	/* What a call costs that has nothing to do. */
	for (i = 0; i < REPEAT; i++)
		for (side = 0; side < SIDES; side++) {
			start = now();
			bench_bind(b, side, 7, NULL, 0);
			s.value[side][i] = since(start);
		}
	report("of which an empty call", "each", &s, 1);
out:
	for (side = 0; side < SIDES; side++)
		bench_disable(b, side);
}

/*
 * Our devices have too many vectors for the mode auto on kernels before 6.17: what is
 * measured above is without. Here with, as vfio-pci always does.
 */
void measure_bypass(struct bench *b)
{
	b->bypass = IMS_BYPASS_MODE_ON;
	measure_enable_n(b, 64, 2);
	measure_enable_n(b, 2048, 2);
	measure_replace(b);
	b->bypass = IMS_BYPASS_MODE_AUTO;
}

static void measure_loopback(struct bench *b, uint32_t n)
{
	struct series s;
	uint64_t start;
	char name[64];
	int side, i;

	bench_reopen(b);
	for (side = 0; side < SIDES; side++)
		bench_bind(b, side, 0, b->eventfds[side], n);
	for (i = 0; i < REPEAT; i++)
		for (side = 0; side < SIDES; side++) {
			start = now();
			bench_loopback(b, side, 0, n);
			s.value[side][i] = since(start);
		}
	snprintf(name, sizeof(name), "loopback of %u vectors", n);
	report(name, "per vector", &s, n);
	for (side = 0; side < SIDES; side++)
		bench_disable(b, side);
}

/*
 * A command that does nothing, one register, of which the driver signals vector 0,
 * against a write(2) to the eventfd, which any process can.
 */
static void measure_emulated(struct bench *b)
{
	const uint64_t one = 1;
	struct series s;
	uint64_t start;
	uint32_t n;
	int i;

	bench_reopen(b);
	if (wq_bind(&b->ours.wq, 0, 1))
		errx(1, "cannot bind vector 0");
	for (i = 0; i < REPEAT; i++) {
		start = now();
		for (n = 0; n < 1000; n++)
			wq_write(&b->ours.wq, IMS_SIOV_REG_COMMAND,
				 IMS_SIOV_COMMAND_NOP);
		s.value[OURS][i] = since(start);
		if (wq_take(&b->ours.wq, 0) != 1000)
			errx(1, "signals are missing");

		start = now();
		for (n = 0; n < 1000; n++)
			if (write(b->eventfds[PEER][0], &one, sizeof(one)) < 0)
				err(1, "eventfd");
		s.value[PEER][i] = since(start);
	}
	report("emulated signal, by a command", "each", &s, 1000);
}

void measure_signals(struct bench *b)
{
	measure_loopback(b, 64);
	measure_loopback(b, 2048);
	measure_emulated(b);
}

/* What disabling gave back a while ago counts as free. */
static void settle(void)
{
	static const char path[] = "/sys/kernel/slab/kmalloc-512/shrink";
	FILE *file;
	int i;

	for (i = 0; i < 2; i++) {
		usleep(300 * 1000);
		file = fopen(path, "w");
		if (file) {
			fputs("1\n", file);
			fclose(file);
		}
	}
}

void measure_memory(struct bench *b)
{
	struct series s;
	uint64_t before;
	int side, i;

	for (i = 0; i < REPEAT; i++)
		for (side = 0; side < SIDES; side++) {
			bench_reopen(b);
			settle();
			before = kernel_memory();
			bench_bind(b, side, 0, b->eventfds[side], 2048);
			settle();
			s.value[side][i] = kernel_memory() - before;
			bench_disable(b, side);
		}
	report("memory of 2048 vectors", "bytes per vector", &s, 2048);
}
