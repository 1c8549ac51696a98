// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sections 3 and 4: a slot that is replaced under a live vector, because its
 * cookie cannot change in place. What the old slot raised and nobody handled is
 * lost with it, so the vector is signalled once.
 */
#include "rules.h"

#define COUNT	4

#define set(v, c, mode)	vfio_pci_ims_set_cookie(&e.ims[0], v, c, mode)
#define mask(v)		env_irqs(&e, 0, MASK | NONE, v, 1, NULL)
#define unmask(v)	env_irqs(&e, 0, UNMASK | NONE, v, 1, NULL)

/* Vector @v is bound to eventfd @v, or to @v + 8. */
static u64 signals(u32 v)
{
	return env_count((int)v) + env_count((int)v + 8);
}

/*
 * The device raises interrupts wherever it may, by the slots that it knew when
 * the change began; CPUs accept them and handle them when all is over.
 */
static struct env_vector was[COUNT];
static u64 due[COUNT];		/* signals, if none is lost */
static u32 accepted[64];
static bool kept;

static void raise_all(void)
{
	u32 v, virq;

	for (v = 0; v < COUNT; v++) {
		virq = env_accept(&e, (u32)was[v].slot, was[v].cookie);
		if (!virq)
			continue;
		due[v] = signals(v) + 1;
		accepted[virq] = virq;
	}
}

/* Between the slot's masking and its end: only the slot knows of it. */
static void raise_masked(u32 slot)
{
	u32 v;

	for (v = 0; v < COUNT; v++) {
		if ((int)slot != was[v].slot)
			continue;
		due[v] = signals(v) + 1;
		kept = true;
	}
}

static void change_now(void)
{
	u32 v;

	for (v = 0; v < COUNT; v++)
		assert_int_equal(set(v, was[v].cookie + 1, NOW), 0);
}

static void bind_pending(void)
{
	const s32 fds[2][COUNT] = { { 8, 9, 10, 11 }, { 0, 1, 2, 3 } };
	static bool other;
	u32 v;

	for (v = 0; v < COUNT; v++)
		assert_int_equal(set(v, was[v].cookie + 1, NEXT), 0);
	other = !other;
	assert_int_equal(env_bind(&e, 0, 0, COUNT, fds[!other]), 0);
}

/* How many interrupts CPUs had accepted and free_irq() has taken from them. */
static long raise_during(void (*change)(void), bool to_cpu, bool to_slot)
{
	struct shim_counts before, after;
	u32 v;

	for (v = 0; v < COUNT; v++) {
		was[v] = env_get(&e, 0, v);
		due[v] = 0;
	}
	memset(accepted, 0, sizeof(accepted));
	kept = false;
	shim_counts(&before);
	shim_hook = to_cpu ? raise_all : NULL;
	e.on_mask = to_slot ? raise_masked : NULL;
	change();
	shim_hook = NULL;
	e.on_mask = NULL;
	shim_counts(&after);
	for (v = 0; v < ARRAY_SIZE(accepted); v++)
		shim_irq_handle(accepted[v]);
	for (v = 0; v < COUNT; v++) {
		assert_int_not_equal(env_get(&e, 0, v).slot, was[v].slot);
		assert_int_not_equal(due[v], 0);
		assert_true(signals(v) >= due[v]);
	}
	return after.irqs_lost - before.irqs_lost;
}

static void accepted_by_a_cpu(void **state)
{
	(void)state;
	rules_live(0, COUNT);
	assert_int_equal(raise_during(change_now, true, false), COUNT);
	assert_int_equal(raise_during(bind_pending, true, false), COUNT);
	assert_int_equal(raise_during(bind_pending, true, false), COUNT);
}

static void kept_by_the_slot(void **state)
{
	(void)state;
	rules_live(0, COUNT);
	raise_during(change_now, false, true);
	assert_true(kept);
	raise_during(bind_pending, false, true);
	assert_true(kept);
}

static void with_a_bus_lock(void **state)
{
	(void)state;
	rules_again(8, ENV_BUS);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, COUNT);
	assert_int_equal(raise_during(change_now, true, true), COUNT);
	assert_int_equal(raise_during(bind_pending, true, true), COUNT);
}

/* Masked vectors keep it back, also when it is all that there was. */
static void accepted_while_masked(void **state)
{
	u32 v;

	(void)state;
	rules_live(0, COUNT);
	for (v = 0; v < COUNT; v++) {
		assert_int_equal(mask(v), 0);
		assert_false(env_get(&e, 0, v).pending);
		assert_int_equal(set(v, 7, NOW), 0);
		assert_true(env_get(&e, 0, v).pending);
		assert_int_equal(env_get(&e, 0, v).pended, 1);
		assert_int_equal(env_get(&e, 0, v).delivered, 0);
		/* One that pends already stays one. */
		assert_int_equal(set(v, 8, NEXT), 0);
		assert_int_equal(env_bind1(&e, 0, v, (s32)v + 8), 0);
		assert_int_equal(env_get(&e, 0, v).pended, 2);
		assert_int_equal(signals(v), 0);
		assert_int_equal(unmask(v), 0);
		assert_int_equal(env_count((int)v + 8), 1);
		assert_int_equal(signals(v), 1);
	}
}

/* To the eventfd in force, and counted as delivered, by events as well. */
static void signalled_once(void **state)
{
	struct env_vector v;

	(void)state;
	rules_live(0, 2);
	shim_jiffies = 5000;
	env_events_forget();
	assert_int_equal(set(0, 7, NOW), 0);
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->delivered, 1);
	v = env_get(&e, 0, 0);
	assert_int_equal(v.delivered, 1);
	assert_int_equal(v.loopback, 0);
	assert_int_equal(v.pended, 0);
	assert_int_equal(v.last, 5000);
	rules_counts((unsigned int[]){ 1 }, 1);

	assert_int_equal(set(0, 8, NEXT), 0);
	env_events_forget();
	assert_int_equal(env_bind1(&e, 0, 0, 2), 0);
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->delivered, 2);
	assert_int_equal(env_get(&e, 0, 0).delivered, 2);
	rules_counts((unsigned int[]){ 1, 0, 1 }, 3);

	assert_int_equal(vfio_pci_ims_clear_cookie(&e.ims[0], 0, NOW), 0);
	rules_counts((unsigned int[]){ 1, 0, 2 }, 3);
	assert_int_equal(env_get(&e, 0, 0).delivered, 3);
	assert_int_equal(env_get(&e, 0, 1).delivered, 0);
}

/* Of a block those whose slot is replaced, each once, whatever else it does. */
static void once_for_each_of_a_block(void **state)
{
	const s32 fds[] = { 8, 9, -1, 11, 12, -1, 14, 15 };

	(void)state;
	rules_again(16, 0);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 7, 1), 0);
	rules_live(0, 4);
	rules_live(7, 1);
	assert_int_equal(set(0, 7, NEXT), 0);	/* replaced */
	assert_int_equal(set(2, 7, NEXT), 0);	/* unbound */
	assert_int_equal(set(3, 7, NEXT), 0);	/* replaced */
	assert_int_equal(set(4, 7, NEXT), 0);	/* gets its first slot */
	assert_int_equal(env_bind(&e, 0, 0, VECTORS, fds), 0);
	rules_counts((unsigned int[]){ 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1 }, 12);
}

static void refused_changes(void **state)
{
	(void)state;
	/* No slot left */
	rules_live(0, VECTORS);
	assert_int_equal(set(1, 7, NOW), -ENOSPC);
	assert_int_equal(set(1, 7, NEXT), 0);
	assert_int_equal(env_bind1(&e, 0, 1, 9), -ENOSPC);
	/* No CPU vector, no memory, and a bad one beside it */
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	shim_fail_at(SHIM_FAIL_REQUEST, 1);
	assert_int_equal(env_bind1(&e, 0, 1, 9), -ENOSPC);
	shim_fail_at(SHIM_FAIL_ALLOC, 1);
	assert_int_equal(set(2, 7, NOW), -ENOMEM);
	assert_int_equal(env_bind(&e, 0, 1, 2, (s32[]){ 9, BAD_FD }), -EBADF);
	rules_no_signals();
	assert_int_equal(env_get(&e, 0, 1).delivered, 0);
}

/* Nothing is made up where no slot is replaced. */
static void nothing_replaced(void **state)
{
	(void)state;
	/* The cookie that it has; one that waits and is taken back; a swap */
	rules_live(0, 4);
	rules_emulated_live(6, 1);
	assert_int_equal(set(0, ENV_COOKIE(0), NOW), 0);
	assert_int_equal(set(1, 7, NEXT), 0);
	assert_int_equal(vfio_pci_ims_clear_cookie(&e.ims[0], 1, NEXT), 0);
	assert_int_equal(env_bind(&e, 0, 0, 4, (s32[]){ 8, 9, 10, 11 }), 0);
	assert_int_equal(env_bind1(&e, 0, 6, 14), 0);
	assert_int_equal(set(6, 7, NOW), -EINVAL);
	/* One that has no slot */
	assert_int_equal(set(5, 7, NOW), 0);
	/* The end of slots with another cookie waiting; then their first again */
	assert_int_equal(set(0, 7, NEXT), 0);
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_int_equal(env_bind1(&e, 0, 0, 0), 0);
	assert_int_equal(set(1, 7, NEXT), 0);
	assert_int_equal(env_disable(&e, 0), 0);
	rules_live(0, 4);
	assert_int_equal(set(1, 8, NEXT), 0);
	env_close(&e, 0);
	rules_no_signals();
}

static void parent_goes(void **state)
{
	(void)state;
	rules_live(0, 2);
	assert_int_equal(set(1, 7, NEXT), 0);
	ims_store_destroy(e.store);
	e.store = NULL;
	rules_no_signals();
	assert_int_equal(env_get(&e, 0, 1).delivered, 0);
}

static void in_place(void **state)
{
	(void)state;
	rules_again(8, ENV_IN_PLACE);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 2);
	assert_int_equal(set(0, 7, NOW), 0);
	assert_int_equal(vfio_pci_ims_clear_cookie(&e.ims[0], 0, NOW), 0);
	rules_no_signals();
	/* With another trigger, too: the slot is kept. */
	assert_int_equal(set(1, 7, NEXT), 0);
	assert_int_equal(env_bind1(&e, 0, 1, 2), 0);
	assert_int_equal(env_get(&e, 0, 1).cookie, 7);
	rules_no_signals();
}

RULES(rules_replace,
	rule("slot replaced: what a CPU had accepted of the old one is not lost", accepted_by_a_cpu),
	rule("slot replaced: what the masked slot kept is not lost", kept_by_the_slot),
	rule("slot replaced: nor on a store with a bus lock", with_a_bus_lock),
	rule("slot replaced: a masked vector keeps the signal back, counted as pended", accepted_while_masked),
	rule("slot replaced: signals the eventfd in force, once, counted as delivered, ahead of the event", signalled_once),
	rule("slot replaced: once for each vector of a block whose slot is", once_for_each_of_a_block),
	rule("slot replaced: a change that fails signals nothing", refused_changes),
	rule("slot kept, given back or new: no signal is made up", nothing_replaced),
	rule("slot given back as the parent goes: no signal is made up", parent_goes),
	rule("slot whose cookie changes in place: no signal is made up", in_place))
