/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules of semantics.md as tests; a test's name says the rule. Each has a fresh
 * store with 8 slots, device 0 open with 8 vectors, fds 0 to 15 eventfds with
 * the ids 0 to 15, FILE_FD something else, and BAD_FD nothing.
 */
#ifndef _ENGINE_RULES_H
#define _ENGINE_RULES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "env.h"

#define FILE_FD	20
#define BAD_FD	21
#define VECTORS	8

extern struct env e;

int rules_setup(void **state);
int rules_teardown(void **state);
/* Begin anew with another store; device 0 is not opened. */
void rules_again(u32 hwsize, unsigned int flags);
/* fds 0 to @count - 1 to vectors @start on; asserts success */
void rules_live(u32 start, u32 count);
/* Loopback by SET_IRQS; asserts success */
void rules_loopback(u32 start, u32 count);
void rules_emulated_live(u32 start, u32 count);
void rules_state(u32 vector, int state);
/* The eventfds 0 to 15 have been signalled so often. */
void rules_counts(const unsigned int *counts, unsigned int nr);
void rules_no_signals(void);

/* Device 0's insides, locked; cmocka's jumps leave no lock behind. */
struct ims_vdev *rules_lock_vdev(void);
void rules_unlock_vdev(struct ims_vdev *vdev);

#define WITH_VDEV(expr)	({						\
	struct ims_vdev *vdev = rules_lock_vdev();			\
	__typeof__(expr) __ret = (expr);				\
	rules_unlock_vdev(vdev);					\
	__ret; })

/* Of device 0; no @cpus: the default */
void rules_no_entries(void);
int rules_affinity(u32 vector, unsigned long cpus);
void rules_reset(u32 start, u32 count);
/* A vector of device 0 as readers see it; what it points to may be gone. */
struct ims_vector_snapshot rules_snapshot(u32 vector);
struct ims_vdev_snapshot rules_vdev_snapshot(void);

/* Hold vectors of device 0, or limit their rate; 0 or what the engine returns */
int rules_block_restrain(u32 start, u32 count, struct ims_restraint r);
/* One of them; asserts success */
void rules_quiet(u32 vector, bool on);
void rules_limit_rate(u32 vector, u32 rate);
/* Limit those without a limit of their own; 0 or -ENOMEM */
int rules_device_limit(u32 rate);
/* Does the hardware mask the slot of a vector? */
bool rules_slot_masked(u32 vector);

#define rule(text, fn) \
	{ text, fn, rules_setup, rules_teardown, NULL }

/* Defines a function that appends these tests and returns how many they are. */
#define RULES(name, ...)						\
size_t name(struct CMUnitTest *tests)					\
{									\
	const struct CMUnitTest mine[] = { __VA_ARGS__ };		\
									\
	memcpy(tests, mine, sizeof(mine));				\
	return ARRAY_SIZE(mine);					\
}

size_t rules_table(struct CMUnitTest *tests);
size_t rules_input(struct CMUnitTest *tests);
size_t rules_block(struct CMUnitTest *tests);
size_t rules_cookie(struct CMUnitTest *tests);
size_t rules_replace(struct CMUnitTest *tests);
size_t rules_signal(struct CMUnitTest *tests);
size_t rules_life(struct CMUnitTest *tests);
size_t rules_store(struct CMUnitTest *tests);
size_t rules_entries(struct CMUnitTest *tests);
size_t rules_control(struct CMUnitTest *tests);
size_t rules_events(struct CMUnitTest *tests);
size_t rules_figures(struct CMUnitTest *tests);
size_t rules_hold(struct CMUnitTest *tests);
size_t rules_revoke(struct CMUnitTest *tests);
size_t rules_driver(struct CMUnitTest *tests);
size_t rules_slots(struct CMUnitTest *tests);
size_t rules_power(struct CMUnitTest *tests);
size_t rules_cpus(struct CMUnitTest *tests);
size_t rules_readers(struct CMUnitTest *tests);
size_t rules_bypass(struct CMUnitTest *tests);
size_t rules_restrain(struct CMUnitTest *tests);
size_t rules_limit(struct CMUnitTest *tests);
size_t rules_configure(struct CMUnitTest *tests);

#endif
