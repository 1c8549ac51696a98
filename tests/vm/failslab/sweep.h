/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the failslab sweep share. There is a file for each thing
 * that is swept, with its sweeps at the end; main.c says what a sweep is.
 */
#ifndef TESTS_VM_FAILSLAB_SWEEP_H
#define TESTS_VM_FAILSLAB_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "../cases/case.h"
#include "../files.h"

#define NR	10	/* vectors that are looked at */

/* ---- picture.c ------------------------------------------------------------- */

/* What there is, as netlink tells. No padding: parts are compared as memory. */
struct picture {
	uint32_t live, slots, emulated, limit, reservation;
	uint64_t default_cookie;
	struct {
		uint32_t limit, used, reserved, available, devices;
	} store;
	struct {
		uint32_t state, backing, slot, generation, irq, cpu;
		uint32_t own, masked, pending, bypassed;
		uint64_t cookie, pending_cookie;
		uint64_t delivered, loopback, signalled, replaced, dropped;
		uint64_t pended, since, last;
		char affinity[IMS_CPULIST_MAX + 1];
	} v[NR];
	/* What an operation that is refused may add to: of all vectors, and of
	 * the store.
	 */
	struct {
		uint64_t failed, failures, peak;
	} counts;
};

/* Which eventfd each vector has: its own unless the operation says otherwise. */
extern uint32_t event_of[NR];

void take_picture(struct wq *wq, struct picture *p);
/* Each live vector's eventfd counts one when it is signalled, and no other. */
void assert_live_ones_work(struct wq *wq, const struct picture *p);
/* All but the counts. */
void assert_same(const struct picture *a, const struct picture *b);
/* One more has failed at most. */
void assert_one_failed(const struct picture *p, const struct picture *before);
void assert_as_before(struct wq *wq, const struct picture *before);

/* States to start from. All open the work queue anew, but two_own() only when it
 * is not open.
 */
void reopen(struct wq *wq);
/* 0 and 1 live, all others never used: contexts are allocated, too. */
void two_live(struct wq *wq);
/* 0 and 1 live, with their own eventfds again. */
void two_own(struct wq *wq);
/* The same of a function of ims_siov.ko. */
void two_live_of_portal(struct wq *wq);
/* 1 and 2 live, 1 with a cookie that waits, 3 absent. */
void cookie_waits(struct wq *wq);

/* ---- sweep.c --------------------------------------------------------------- */

/* Below which code allocations count: everywhere, or in calls from a module. */
enum scope { EVERYWHERE, HELPER, VFUNC, EDU, SIOV, NR_SCOPES };

struct op {
	const char *name;
	enum scope scope;
	/*
	 * A function of the kernel's own below which no allocation fails, because
	 * it does not take that well. NULL: there is none on the way.
	 */
	const char *spare;
	/* From the state that the last try has left to the one to start from. */
	void (*prepare)(struct wq *wq);
	/* 0 or a negative errno. Makes no other system calls. */
	int (*call)(struct wq *wq);
	/* It has worked: is all as it should be? */
	void (*worked)(struct wq *wq, const struct picture *before);
	/* It was refused: is all as before? NULL: see below. */
	void (*refused)(struct wq *wq, const struct picture *before);
	/* What it may fail with besides -ENOMEM, -ENOBUFS and -ENOSPC. */
	int also[2];
	bool cannot_fail;	/* all others must fail at least once */
	bool closed;		/* needs no open work queue */
};

/*
 * A .spare for what requests interrupts. A file of /proc/irq/N that could not be
 * made is not noticed before its removal, and then by a WARN().
 */
#define SPARE_IRQ	"register_irq_proc"

/* What all of it works on; all 0 while there is no work queue. */
extern struct wq swept;

/* For the group of all tests, and after each of them. */
int sweep_setup(void **state);
int sweep_teardown(void **state);

void sweep(const struct op *op);

/* Defines the test @function, which sweeps an operation of that name. */
#define SWEEP(function, ...)						\
void function(void **state)						\
{									\
	static const struct op op = { .name = #function, __VA_ARGS__ };	\
									\
	(void)state;							\
	sweep(&op);							\
}

/* Write a register of BAR 0: 0 or a negative errno. */
int write_reg(struct wq *wq, uint32_t reg, uint32_t value);

/* ---- the tests, and who needs a teardown of its own ------------------------- */

/* set_irqs.c */
void bind_absent(void **state);
void bind_a_row(void **state);
void bind_idle(void **state);
void replace_live(void **state);
void replace_with_cookie_pending(void **state);
void disable_index(void **state);
void reset_device(void **state);
void bind_request_eventfd(void **state);

/* registers.c */
void write_cookie_register(void **state);
void apply_cookie_now(void **state);
void submit_work(void **state);

/* open.c */
void open_device(void **state);
void close_device(void **state);
void open_function(void **state);

/* portal.c; portal_init() is told the PCI address of ims_siov's device */
void portal_init(const char *siov);
void request_handle(void **state);
void request_handle_after_revocation(void **state);
void create_function(void **state);
void remove_function(void **state);
int portal_teardown(void **state);

/* netlink_get.c */
void netlink_store_get(void **state);
void netlink_store_dump(void **state);
void netlink_device_get(void **state);
void netlink_device_dump(void **state);
void netlink_vector_get(void **state);
void netlink_vector_dump(void **state);
int netlink_teardown(void **state);

/* Each change is a test without and one with listeners to its events. */
#define CHANGE_TESTS(function)						\
void function(void **state);						\
void function##_heard(void **state)

/* netlink_set.c */
CHANGE_TESTS(netlink_store_set);
CHANGE_TESTS(netlink_store_set_refused);
CHANGE_TESTS(netlink_store_reset);
CHANGE_TESTS(netlink_device_set);
CHANGE_TESTS(netlink_device_set_refused);

/* netlink_vector.c */
CHANGE_TESTS(netlink_cookie_first_use);
CHANGE_TESTS(netlink_cookie_next);
CHANGE_TESTS(netlink_cookie_now);
CHANGE_TESTS(netlink_cookie_clear);
CHANGE_TESTS(netlink_affinity_first_use);
CHANGE_TESTS(netlink_affinity_set);
CHANGE_TESTS(netlink_affinity_clear);
CHANGE_TESTS(netlink_cookie_and_affinity);
CHANGE_TESTS(netlink_both_first_use);
CHANGE_TESTS(netlink_vector_set_refused);

/* netlink_signal.c */
CHANGE_TESTS(netlink_trigger);
CHANGE_TESTS(netlink_trigger_list);
CHANGE_TESTS(netlink_trigger_interrupt);
CHANGE_TESTS(netlink_stats_reset);

/* mdev.c; mdev_init() is told edu's PCI address */
void mdev_init(const char *edu);
void create_mdev(void **state);
void remove_mdev(void **state);
void probe_driver(void **state);
int mdev_teardown(void **state);

#endif /* TESTS_VM_FAILSLAB_SWEEP_H */
