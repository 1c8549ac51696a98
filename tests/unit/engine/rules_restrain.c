// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an administrator does against storms: vectors that are quiet, and what they have
 * in common with those that have a rate limit (rules_limit.c).
 */
#include "rules.h"

static char before[65536], after[65536];

static void is_quiet(u32 vector, int state)
{
	assert_int_equal(env_get(&e, 0, vector).state, state);
	assert_true(rules_snapshot(vector).quiet);
	if (state == IMS_VECTOR_STATE_HELD &&
	    !env_get(&e, 0, vector).emulated)
		assert_true(rules_slot_masked(vector));
}

/* Quiet */

static void kept_at_the_slot(void **state)
{
	struct env_vector was;
	int i;
	(void)state;
	rules_again(8, ENV_PENDING);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 2);
	was = env_get(&e, 0, 0);
	rules_quiet(0, true);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	assert_int_equal(rules_vdev_snapshot().quiet, 1);
	assert_int_equal(rules_vdev_snapshot().held, 1);
	assert_int_equal(rules_vdev_snapshot().live, 1);
	assert_false(rules_snapshot(0).pending);
	for (i = 0; i < 5; i++)
		assert_false(env_fire_vector(&e, 0, 0));
	assert_true(env_fire_vector(&e, 0, 1));
	rules_counts((unsigned int[]){ 0, 1 }, 2);
	assert_true(rules_snapshot(0).pending);
	assert_true(vfio_pci_ims_pending(&e.ims[0], 0));

	rules_quiet(0, false);
	rules_counts((unsigned int[]){ 1, 1 }, 2);
	assert_false(rules_snapshot(0).pending);
	assert_int_equal(env_get(&e, 0, 0).delivered, 1);
	assert_int_equal(env_get(&e, 0, 0).slot, was.slot);
	assert_int_equal(env_get(&e, 0, 0).generation, was.generation);
	rules_state(0, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(rules_vdev_snapshot().quiet, 0);
	assert_int_equal(rules_vdev_snapshot().held, 0);
	assert_true(env_fire_vector(&e, 0, 0));
}

static void on_its_way_is_kept_by_the_vector(void **state)
{
	int slot;
	u32 virq;
	(void)state;
	rules_live(0, 1);
	slot = env_hwirq(&e, 0, 0);
	virq = env_accept(&e, (u32)slot, e.slots[slot].cookie);
	assert_int_not_equal(virq, 0);
	rules_quiet(0, true);
	assert_true(shim_irq_handle(virq));
	rules_no_signals();
	assert_int_equal(env_get(&e, 0, 0).pended, 1);
	assert_true(rules_snapshot(0).pending);
	rules_quiet(0, true);
	rules_no_signals();
	rules_quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);
}

static void emulated_keeps_its_signal(void **state)
{
	(void)state;
	rules_emulated_live(0, 1);
	rules_quiet(0, true);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 0),
			 VFIO_PCI_IMS_SIGNAL_PENDING);
	assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 0),
			 VFIO_PCI_IMS_SIGNAL_PENDING);
	rules_no_signals();
	rules_quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);
	assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 0),
			 VFIO_PCI_IMS_SIGNAL_DELIVERED);
}

static void loopback_passes(void **state)
{
	(void)state;
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 1, 1), 0);
	rules_live(0, 2);
	rules_quiet(0, true);
	rules_quiet(1, true);
	rules_loopback(0, 2);
	rules_counts((unsigned int[]){ 1, 1 }, 2);
	assert_int_equal(env_get(&e, 0, 0).loopback, 1);
	assert_int_equal(env_get(&e, 0, 1).loopback, 1);
	/* But not a mask. */
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	rules_loopback(0, 1);
	rules_counts((unsigned int[]){ 1, 1 }, 2);
}

static void injected_is_kept(void **state)
{
	(void)state;
	rules_live(0, 1);
	rules_quiet(0, true);
	assert_int_equal(vfio_pci_ims_inject(&e.ims[0], 0), 0);
	assert_int_equal(vfio_pci_ims_inject(&e.ims[0], 0), 0);
	rules_no_signals();
	assert_true(rules_snapshot(0).pending);
	rules_quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);
}

static void mask_and_quiet_are_two(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_true(env_fire_vector(&e, 0, 0));
	rules_quiet(0, true);
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	rules_no_signals();
	assert_true(rules_slot_masked(0));
	rules_quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);

	rules_quiet(0, true);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_false(env_fire_vector(&e, 0, 0));
	rules_quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	rules_counts((unsigned int[]){ 2 }, 1);
}

/* Whatever its user and its driver do; it ends with the context. */
static void nothing_of_the_guest_ends_it(void **state)
{
	(void)state;
	rules_quiet(5, false);
	rules_state(5, IMS_VECTOR_STATE_ABSENT);
	rules_quiet(0, true);
	is_quiet(0, IMS_VECTOR_STATE_IDLE);
	rules_live(0, 1);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	assert_int_equal(rules_vdev_snapshot().held, 1);
	assert_false(env_fire_vector(&e, 0, 0));
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	is_quiet(0, IMS_VECTOR_STATE_IDLE);
	assert_int_equal(rules_vdev_snapshot().held, 0);
	rules_live(0, 1);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(vfio_pci_ims_reset(&e.ims[0]), 0);
	rules_live(0, 1);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 0, 1), 0);
	rules_live(0, 1);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	env_close(&e, 0);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 1);
	assert_true(env_fire_vector(&e, 0, 0));
	assert_int_equal(rules_vdev_snapshot().quiet, 0);
}

static void another_eventfd_gets_it(void **state)
{
	int slot;
	(void)state;
	rules_live(0, 1);
	slot = env_hwirq(&e, 0, 0);
	rules_quiet(0, true);
	assert_false(env_fire_vector(&e, 0, 0));
	assert_int_equal(env_bind1(&e, 0, 0, 3), 0);
	rules_no_signals();
	assert_int_equal(env_hwirq(&e, 0, 0), slot);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	rules_quiet(0, false);
	rules_counts((unsigned int[]){ 0, 0, 0, 1 }, 4);
}

static void prepared_is_quiet_too(void **state)
{
	(void)state;
	assert_int_equal(vfio_pci_ims_prepare(&e.ims[0], 0), 0);
	rules_quiet(0, true);
	assert_true(rules_slot_masked(0));
	assert_false(env_fire_vector(&e, 0, 0));
	rules_live(0, 1);
	rules_no_signals();
	rules_quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);
}

/* A slot that it gets meanwhile is masked, and what the old one kept is not lost. */
static void other_slots(void **state)
{
	(void)state;
	rules_live(0, 1);
	rules_quiet(0, true);
	assert_false(env_fire_vector(&e, 0, 0));
	assert_int_equal(vfio_pci_ims_revoke(&e.ims[0], 0, 1), 0);
	rules_no_signals();
	assert_int_equal(env_hwirq(&e, 0, 0), -ENOENT);
	assert_int_equal(vfio_pci_ims_arm_range(&e.ims[0], 0, 1), 0);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	rules_no_signals();
	rules_quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);

	rules_quiet(0, true);
	assert_int_equal(vfio_pci_ims_hold(&e.ims[0]), 0);
	rules_quiet(0, false);
	rules_state(0, IMS_VECTOR_STATE_HELD);
	rules_quiet(0, true);
	assert_int_equal(vfio_pci_ims_arm(&e.ims[0]), 0);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	assert_int_equal(rules_vdev_snapshot().held, 1);
	rules_quiet(0, false);
	assert_int_equal(rules_vdev_snapshot().held, 0);
	assert_true(env_fire_vector(&e, 0, 0));
}

static void other_cookies(void **state)
{
	int slot;
	(void)state;
	rules_live(0, 1);
	slot = env_hwirq(&e, 0, 0);
	rules_quiet(0, true);
	assert_false(env_fire_vector(&e, 0, 0));
	/* Another slot; the one before may have kept an interrupt, and has. */
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 7, NOW), 0);
	assert_int_not_equal(env_hwirq(&e, 0, 0), slot);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	rules_no_signals();
	rules_quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);

	rules_again(8, ENV_IN_PLACE | ENV_BUS);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 1);
	rules_quiet(0, true);
	assert_false(env_fire_vector(&e, 0, 0));
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 7, NOW), 0);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	rules_quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);
}

static void sleep_now(bool asleep)
{
	if (asleep)
		ims_store_suspend(e.store);
	e.asleep = asleep;
	if (!asleep)
		ims_store_restore(e.store);
}

static void asleep(void **state)
{
	(void)state;
	rules_live(0, 2);
	rules_quiet(0, true);
	assert_false(env_fire_vector(&e, 0, 0));
	sleep_now(true);
	rules_quiet(1, true);
	sleep_now(false);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	is_quiet(1, IMS_VECTOR_STATE_HELD);
	rules_no_signals();
	sleep_now(true);
	rules_quiet(0, false);
	rules_quiet(1, false);
	rules_no_signals();
	sleep_now(false);
	rules_counts((unsigned int[]){ 1 }, 1);
	assert_true(env_fire_vector(&e, 0, 0));
	assert_true(env_fire_vector(&e, 0, 1));
}

static void gone(void **state)
{
	(void)state;
	rules_live(0, 1);
	rules_limit_rate(0, 1);
	while (!rules_snapshot(0).throttled)
		env_fire_vector(&e, 0, 0);
	rules_quiet(0, true);
	assert_false(env_fire_vector(&e, 0, 0));
	ims_store_destroy(e.store);
	e.store = NULL;
	is_quiet(0, IMS_VECTOR_STATE_IDLE);
	rules_quiet(0, false);
	rules_limit_rate(0, 0);
	assert_int_equal(env_store(&e), 0);
}

/* The events since they were forgotten are @nr of vector 0, and about its change. */
static void told(unsigned int nr)
{
	unsigned int i;

	assert_int_equal(env_events_count(), nr);
	for (i = 0; i < nr; i++) {
		assert_int_equal(env_event(i)->kind, ENV_VECTOR);
		assert_int_equal(env_event(i)->event, IMS_EVENT_CHANGE);
		assert_int_equal(env_event(i)->vector, 0);
	}
	env_events_forget();
}

static void changes_are_told(void **state)
{
	(void)state;
	rules_live(0, 1);
	env_events_forget();
	rules_quiet(0, true);
	told(1);
	rules_quiet(0, true);
	told(0);
	rules_quiet(0, false);
	told(1);
	rules_limit_rate(0, 100);
	told(1);
	rules_limit_rate(0, 100);
	told(0);
	assert_int_equal(rules_device_limit(50), 0);
	assert_int_equal(env_event(0)->kind, ENV_DEVICE);
	assert_int_equal(env_event(0)->event, IMS_EVENT_CHANGE);
	assert_int_equal(env_events_count(), 1);
	env_events_forget();
	rules_limit_rate(0, 0);
	told(1);
	assert_int_equal(rules_device_limit(0), 0);
	/* The device, and the vector whose limit it was */
	assert_int_equal(env_events_count(), 2);
	env_events_forget();
	rules_quiet(5, true);
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->event, IMS_EVENT_CREATE);
}

static void never_a_producer(void **state)
{
	u32 virq;
	(void)state;
	assert_int_equal(shim_bypass_consumer(0, 0), 0);
	rules_live(0, 1);
	virq = env_get(&e, 0, 0).virq;
	assert_int_equal(shim_bypass_producer(virq), 0);
	rules_quiet(0, true);
	assert_int_equal(shim_bypass_producer(virq), -1);
	assert_int_equal(env_bind1(&e, 0, 0, 0), 0);
	assert_int_equal(shim_bypass_producer(virq), -1);
	rules_quiet(0, false);
	assert_int_equal(shim_bypass_producer(virq), 0);
	rules_limit_rate(0, 1000);
	assert_int_equal(shim_bypass_producer(virq), -1);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(shim_bypass_producer(virq), -1);
	/* It is counted by us, then. */
	assert_true(env_fire_vector(&e, 0, 0));
	rules_limit_rate(0, 0);
	assert_int_equal(shim_bypass_producer(virq), 0);
}

static void those_of_a_list(void **state)
{
	const u8 bools[VECTORS] = { 1, 0, 1, 0, 0, 0, 0, 1 };
	struct ims_restraint r = {
		.set_quiet = true, .quiet = true, .set_rate = true, .rate = 9,
	};
	u32 i;
	(void)state;
	rules_live(0, 3);
	assert_int_equal(WITH_VDEV(ims_block_restrain(vdev, 0, VECTORS, bools,
						      &r)), 0);
	for (i = 0; i < VECTORS; i++) {
		assert_int_equal(rules_snapshot(i).quiet, bools[i]);
		assert_int_equal(rules_snapshot(i).rate, bools[i] * 9);
	}
	rules_state(1, IMS_VECTOR_STATE_LIVE);
	rules_state(3, IMS_VECTOR_STATE_ABSENT);
	rules_state(7, IMS_VECTOR_STATE_IDLE);
	assert_int_equal(rules_vdev_snapshot().quiet, 3);
}

/* Without memory nothing changes; limits, quiet, both. */
static void no_memory(void **state)
{
	struct ims_restraint r = {
		.set_quiet = true, .quiet = true, .set_rate = true, .rate = 9,
	};
	unsigned int n;
	int ret;
	(void)state;
	rules_live(2, 1);
	/* What a limit needs stays with the context, and is no change. */
	rules_limit_rate(2, 1);
	rules_limit_rate(2, 0);
	for (n = 1; ; n++) {
		env_dump(&e, before, sizeof(before));
		shim_fail_at(SHIM_FAIL_ALLOC, n);
		ret = rules_block_restrain(0, VECTORS, r);
		if (!shim_fail_fired(SHIM_FAIL_ALLOC))
			break;
		assert_int_equal(ret, -ENOMEM);
		env_dump(&e, after, sizeof(after));
		assert_string_equal(before, after);
	}
	assert_int_equal(ret, 0);
	/* A block, and 7 contexts, each with a name and a limit */
	assert_true(n > 1 + 3 * 7);

	assert_int_equal(rules_block_restrain(0, VECTORS, (struct ims_restraint) {
		.set_quiet = true, .set_rate = true }), 0);
	env_close(&e, 0);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 2);
	rules_limit_rate(0, 1);
	rules_limit_rate(0, 0);
	env_dump(&e, before, sizeof(before));
	shim_fail_at(SHIM_FAIL_ALLOC, 1);
	assert_int_equal(rules_device_limit(9), -ENOMEM);
	assert_true(shim_fail_fired(SHIM_FAIL_ALLOC));
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	/* A context comes with its limit, or not at all. */
	assert_int_equal(rules_device_limit(9), 0);
	for (n = 1; ; n++) {
		shim_fail_at(SHIM_FAIL_ALLOC, n);
		ret = env_bind1(&e, 0, 5, 5);
		if (!shim_fail_fired(SHIM_FAIL_ALLOC))
			break;
		assert_int_equal(ret, -ENOMEM);
		rules_state(5, IMS_VECTOR_STATE_ABSENT);
	}
	assert_int_equal(rules_snapshot(5).rate, 9);
}

RULES(rules_restrain,
	rule("quiet: kept at the slot, which stays, and delivered once",
	     kept_at_the_slot),
	rule("quiet: what was on its way is kept by the vector",
	     on_its_way_is_kept_by_the_vector),
	rule("quiet: an emulated vector keeps its signal",
	     emulated_keeps_its_signal),
	rule("quiet: loopback passes", loopback_passes),
	rule("quiet: what is injected is kept", injected_is_kept),
	rule("quiet: a mask is another thing", mask_and_quiet_are_two),
	rule("quiet: nothing that a guest does ends it, a close does",
	     nothing_of_the_guest_ends_it),
	rule("quiet: another eventfd gets what was kept", another_eventfd_gets_it),
	rule("quiet: a prepared vector's slot is masked", prepared_is_quiet_too),
	rule("quiet: revoked, held, armed", other_slots),
	rule("quiet: a cookie that takes effect now", other_cookies),
	rule("quiet: suspend, restore", asleep),
	rule("quiet, limit: the parent goes", gone),
	rule("quiet, limit: each change is told", changes_are_told),
	rule("quiet, limit: no producer of irqbypass", never_a_producer),
	rule("quiet, limit: a list of vectors", those_of_a_list),
	rule("quiet, limit: without memory nothing changes", no_memory))
