/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the fuzzer share. A process makes calls, one after the other;
 * what call number n is depends on the seed, the process's number, n, and what the
 * process has open. main.c says which kinds there are, and has the processes.
 */
#ifndef TESTS_VM_FUZZ_H
#define TESTS_VM_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include <libims.h>

#define NR_DEVICES	7	/* mediated ones of edu, functions of siov */
#define NR_MDEVS	3
#define NR_VECTORS	32	/* of each: edu's default, fuzz.sh's for siov */
#define NR_PROCESSES	16	/* at most */
#define NR_EVENTS	24	/* eventfds of a process */

/* A call's result when there was nothing to be called. */
#define NOTHING		1
/* And when the device refused it. */
#define REFUSED		(-EREMOTEIO)

/* ---- random.c --------------------------------------------------------------- */

struct random {
	uint64_t state;
};

void random_seed(struct random *r, uint64_t seed, uint64_t process, uint64_t call);
uint64_t random_any(struct random *r);
/* 0 to @n - 1 */
uint32_t random_below(struct random *r, uint32_t n);
/* True once in @n times */
bool random_one_in(struct random *r, uint32_t n);
/* @max, what is beside it, 0 and 1, powers of two and what is beside them, ... */
uint64_t random_edge(struct random *r, uint64_t max);
/* A vector: mostly one of a few, which are mostly bound; seldom one beyond. */
uint32_t random_vector(struct random *r);

/* ---- ring.c: the last calls ------------------------------------------------- */

/* @path: a file that outlives the kernel, or NULL. Before processes are made. */
void ring_open(const char *path);
/* This process is @process. */
void ring_begin(unsigned int process);
/* A call begins, and what it is; more can be added. */
void ring_call(uint64_t n, const char *kind);
void ring_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void ring_result(int ret, bool failed_one);
void ring_tell(FILE *out);

/* ---- devices.c: what is open, made, removed --------------------------------- */

struct handle {
	struct ims_vfio *vfio;	/* NULL: opened by another process */
	int fd;			/* -1: not open */
	unsigned char *portal;	/* mapped, or NULL */
	unsigned char *memory;	/* mapped for DMA at IOVA, or NULL */
};

#define IOVA		0x40000000ULL
#define MEMORY_SIZE	0x10000U
#define NR_IOVAS	4	/* places of MEMORY_SIZE from IOVA on */

struct fuzzer {
	unsigned int number;
	struct random random;
	struct ims_ctx *ctx;
	struct handle handles[NR_DEVICES];
	int events[NR_EVENTS];
};

void devices_init(void);
void devices_begin(struct fuzzer *f);
bool devices_any_open(const struct fuzzer *f);
/* One that is open; a siov one if there is any */
struct handle *devices_pick(struct fuzzer *f);
struct handle *devices_pick_siov(struct fuzzer *f);
unsigned int devices_index(const struct fuzzer *f, const struct handle *h);
const char *devices_name(unsigned int i);
/* The name of one that is open, if there is any, else of another. */
const char *devices_any_name(struct fuzzer *f);
static inline bool devices_is_siov(unsigned int i) { return i >= NR_MDEVS; }
void devices_close_all(struct fuzzer *f);
/* Does this process have one that somebody waits for? */
bool devices_wanted(struct fuzzer *f);
/* Write to a file, which waits until devices @first to @end - 1 are closed. */
int devices_take(struct fuzzer *f, unsigned int first, unsigned int end,
		 const char *path, const char *text);
/* Make all that there can be. */
void devices_make_all(void);

/* Kinds of calls. All return 0, a negative errno, NOTHING or REFUSED. */
int call_open(struct fuzzer *f);
int call_share(struct fuzzer *f);
int call_close(struct fuzzer *f);
int call_create(struct fuzzer *f);
int call_remove(struct fuzzer *f);
int call_reset(struct fuzzer *f);
int call_info(struct fuzzer *f);
int call_dma(struct fuzzer *f);

/* irqs.c */
void irqs_begin(struct fuzzer *f);
int call_set_irqs(struct fuzzer *f);
int call_event(struct fuzzer *f);

/* regions.c */
int call_region(struct fuzzer *f);
int call_registers(struct fuzzer *f);

/* portal.c */
void portal_begin(void);
/* An interrupt handle that the device gave; and one that it has just given */
uint32_t portal_handle(struct fuzzer *f, unsigned int device);
void portal_handle_is(unsigned int device, uint32_t handle);
/* The queue of a device begins with its first entry again. */
void portal_was_reset(unsigned int device);
void portal_unmap(struct handle *h);
int call_portal(struct fuzzer *f);

/* netlink.c */
void netlink_init(void);
void netlink_begin(struct fuzzer *f);
int call_netlink(struct fuzzer *f);
int call_dump(struct fuzzer *f);
int call_listen(struct fuzzer *f);
/* A Linux IRQ that netlink has told of, or 0 */
uint32_t netlink_irq(struct fuzzer *f);

/* host.c: what the administrator and the hardware do */
void host_init(void);
int call_revoke(struct fuzzer *f);
int call_stall(struct fuzzer *f);
int call_unbind(struct fuzzer *f);
int call_pci_reset(struct fuzzer *f);
int call_sysfs(struct fuzzer *f);

/* cpus.c */
void cpus_init(void);
int cpus_all_online(void);
int call_cpu(struct fuzzer *f);
int call_affinity(struct fuzzer *f);

/* ---- quiet.c: nobody has anything open: is all as it was? ------------------- */

/* Prints what is not, and returns false. */
bool quiet_check(void);

/* ---- watch.c ---------------------------------------------------------------- */

void watch_init(void);
/* Has the kernel reported something? Prints the line. */
bool watch_reports(void);

#endif /* TESTS_VM_FUZZ_H */
