// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Section 6, revoke and hold: on hardware that tells what a masked slot has kept,
 * what was fired at a slot that the vector had is delivered, once, and nothing else
 * is. (On other hardware each vector is signalled: rules_hold.c.)
 */
#include "rules.h"

#define COUNT	4

static struct env_vector was[COUNT];

/* Vectors 0 to COUNT - 1 live; 1 is masked by its user. */
static void begin(unsigned int flags)
{
	u32 v;

	rules_again(8, ENV_PENDING | flags);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, COUNT);
	for (v = 0; v < COUNT; v++)
		was[v] = env_get(&e, 0, v);
}

static int take(int round)
{
	if (round == 0)
		return vfio_pci_ims_revoke(&e.ims[0], 0, COUNT);
	if (round == 1)
		return vfio_pci_ims_revoke_cookie(&e.ims[0], ENV_COOKIE(0));
	return vfio_pci_ims_hold(&e.ims[0]);
}

static void assert_signals(u64 each)
{
	u32 v;

	for (v = 0; v < COUNT; v++) {
		assert_int_equal(env_count((int)v), each);
		assert_int_equal(env_get(&e, 0, v).delivered, each);
		assert_int_equal(env_get(&e, 0, v).state, IMS_VECTOR_STATE_HELD);
	}
}

static void nothing_fired(void **state)
{
	int round;

	(void)state;
	for (round = 0; round < 3; round++) {
		begin(round == 1 ? ENV_BUS : 0);
		assert_int_equal(take(round), 0);
		assert_signals(0);
		assert_int_equal(vfio_pci_ims_arm(&e.ims[0]), 0);
		rules_no_signals();
	}
}

/* CPUs have accepted it before the slot was masked, and handle it meanwhile. */
static u32 accepted[COUNT];

static void cpus_go_on(void)
{
	u32 v;

	for (v = 0; v < COUNT; v++)
		if (accepted[v])
			shim_irq_handle(accepted[v]);
	memset(accepted, 0, sizeof(accepted));
}

static void accepted_by_cpus(void **state)
{
	struct shim_counts before, after;
	int round;
	u32 v;

	(void)state;
	for (round = 0; round < 3; round++) {
		begin(0);
		for (v = 0; v < COUNT; v++)
			accepted[v] = env_accept(&e, (u32)was[v].slot,
						 was[v].cookie);
		shim_counts(&before);
		shim_sync_hook = cpus_go_on;
		assert_int_equal(take(round), 0);
		shim_sync_hook = NULL;
		shim_counts(&after);
		assert_int_equal(after.irqs_lost, before.irqs_lost);
		assert_signals(1);
	}
}

/* The device fires when the slot is masked already: the slot keeps it. */
static void fire_masked(u32 slot)
{
	u32 v;

	for (v = 0; v < COUNT; v++)
		if (was[v].slot == (int)slot)
			assert_false(env_fire(&e, slot, was[v].cookie));
}

static void kept_by_slots(void **state)
{
	int round;

	(void)state;
	for (round = 0; round < 3; round++) {
		begin(0);
		e.on_mask = fire_masked;
		assert_int_equal(take(round), 0);
		e.on_mask = NULL;
		assert_signals(1);
		/* And is not the next user's. */
		assert_int_equal(vfio_pci_ims_arm(&e.ims[0]), 0);
		assert_int_equal(env_count(0), 1);
		assert_false(vfio_pci_ims_pending(&e.ims[0], 0));
	}
}

/* Kept once by the user's mask, or until there is a trigger. */
static void masked_or_prepared(void **state)
{
	(void)state;
	begin(0);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 1, 1, NULL), 0);
	assert_int_equal(vfio_pci_ims_prepare(&e.ims[0], 3), 0);
	assert_int_equal(env_bind1(&e, 0, 3, -1), 0);
	was[3] = env_get(&e, 0, 3);
	e.on_mask = fire_masked;
	assert_int_equal(take(0), 0);
	e.on_mask = NULL;
	assert_int_equal(env_count(1), 0);
	assert_true(env_get(&e, 0, 1).pending);
	assert_true(env_get(&e, 0, 3).pending);
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 1, 1, NULL), 0);
	assert_int_equal(env_count(1), 1);
	assert_int_equal(env_bind1(&e, 0, 3, 5), 0);
	assert_int_equal(env_count(5), 1);
}

RULES(rules_revoke,
	rule("revoke, hold: nothing is signalled where nothing was fired", nothing_fired),
	rule("revoke, hold: what CPUs have accepted is handled before the slot ends", accepted_by_cpus),
	rule("revoke, hold: what the slot has kept is signalled, once", kept_by_slots),
	rule("revoke, hold: masks and missing triggers keep it", masked_or_prepared),
)
