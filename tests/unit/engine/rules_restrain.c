// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an administrator does against storms: vectors that are quiet, and rate limits.
 * A jiffy is a millisecond, and time stands still but for pass().
 */
#include "rules.h"

static char before[65536], after[65536];

static int restrain(u32 start, u32 count, struct ims_restraint r)
{
	return WITH_VDEV(ims_block_restrain(vdev, start, count, NULL, &r));
}

static void quiet(u32 vector, bool on)
{
	assert_int_equal(restrain(vector, 1, (struct ims_restraint) {
		.set_quiet = true, .quiet = on }), 0);
}

static void limit(u32 vector, u32 rate)
{
	assert_int_equal(restrain(vector, 1, (struct ims_restraint) {
		.set_rate = true, .rate = rate }), 0);
}

static int device_limit(u32 rate)
{
	struct ims_vdev *vdev = rules_lock_vdev();
	int ret = ims_rate_prepare(vdev, rate);

	if (!ret)
		ims_rate_set(vdev, rate);
	rules_unlock_vdev(vdev);
	return ret;
}

/* Does the hardware mask the slot of a vector? */
static bool slot_masked(u32 vector)
{
	int slot = env_hwirq(&e, 0, vector);

	assert_true(slot >= 0);
	return e.slots[slot].masked;
}

static void is_quiet(u32 vector, int state)
{
	assert_int_equal(env_get(&e, 0, vector).state, state);
	assert_true(rules_snapshot(vector).quiet);
	if (state == IMS_VECTOR_STATE_HELD &&
	    !env_get(&e, 0, vector).emulated)
		assert_true(slot_masked(vector));
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
	quiet(0, true);
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

	quiet(0, false);
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
	quiet(0, true);
	assert_true(shim_irq_handle(virq));
	rules_no_signals();
	assert_int_equal(env_get(&e, 0, 0).pended, 1);
	assert_true(rules_snapshot(0).pending);
	quiet(0, true);
	rules_no_signals();
	quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);
}

static void emulated_keeps_its_signal(void **state)
{
	(void)state;
	rules_emulated_live(0, 1);
	quiet(0, true);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 0),
			 VFIO_PCI_IMS_SIGNAL_PENDING);
	assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 0),
			 VFIO_PCI_IMS_SIGNAL_PENDING);
	rules_no_signals();
	quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);
	assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 0),
			 VFIO_PCI_IMS_SIGNAL_DELIVERED);
}

static void loopback_passes(void **state)
{
	(void)state;
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 1, 1), 0);
	rules_live(0, 2);
	quiet(0, true);
	quiet(1, true);
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
	quiet(0, true);
	assert_int_equal(vfio_pci_ims_inject(&e.ims[0], 0), 0);
	assert_int_equal(vfio_pci_ims_inject(&e.ims[0], 0), 0);
	rules_no_signals();
	assert_true(rules_snapshot(0).pending);
	quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);
}

static void mask_and_quiet_are_two(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_true(env_fire_vector(&e, 0, 0));
	quiet(0, true);
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	rules_no_signals();
	assert_true(slot_masked(0));
	quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);

	quiet(0, true);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_false(env_fire_vector(&e, 0, 0));
	quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	rules_counts((unsigned int[]){ 2 }, 1);
}

/* Whatever its user and its driver do; it ends with the context. */
static void nothing_of_the_guest_ends_it(void **state)
{
	(void)state;
	quiet(5, false);
	rules_state(5, IMS_VECTOR_STATE_ABSENT);
	quiet(0, true);
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
	quiet(0, true);
	assert_false(env_fire_vector(&e, 0, 0));
	assert_int_equal(env_bind1(&e, 0, 0, 3), 0);
	rules_no_signals();
	assert_int_equal(env_hwirq(&e, 0, 0), slot);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	quiet(0, false);
	rules_counts((unsigned int[]){ 0, 0, 0, 1 }, 4);
}

static void prepared_is_quiet_too(void **state)
{
	(void)state;
	assert_int_equal(vfio_pci_ims_prepare(&e.ims[0], 0), 0);
	quiet(0, true);
	assert_true(slot_masked(0));
	assert_false(env_fire_vector(&e, 0, 0));
	rules_live(0, 1);
	rules_no_signals();
	quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);
}

/* A slot that it gets meanwhile is masked, and what the old one kept is not lost. */
static void other_slots(void **state)
{
	(void)state;
	rules_live(0, 1);
	quiet(0, true);
	assert_false(env_fire_vector(&e, 0, 0));
	assert_int_equal(vfio_pci_ims_revoke(&e.ims[0], 0, 1), 0);
	rules_no_signals();
	assert_int_equal(env_hwirq(&e, 0, 0), -ENOENT);
	assert_int_equal(vfio_pci_ims_arm_range(&e.ims[0], 0, 1), 0);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	rules_no_signals();
	quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);

	quiet(0, true);
	assert_int_equal(vfio_pci_ims_hold(&e.ims[0]), 0);
	quiet(0, false);
	rules_state(0, IMS_VECTOR_STATE_HELD);
	quiet(0, true);
	assert_int_equal(vfio_pci_ims_arm(&e.ims[0]), 0);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	assert_int_equal(rules_vdev_snapshot().held, 1);
	quiet(0, false);
	assert_int_equal(rules_vdev_snapshot().held, 0);
	assert_true(env_fire_vector(&e, 0, 0));
}

static void other_cookies(void **state)
{
	int slot;
	(void)state;
	rules_live(0, 1);
	slot = env_hwirq(&e, 0, 0);
	quiet(0, true);
	assert_false(env_fire_vector(&e, 0, 0));
	/* Another slot; the one before may have kept an interrupt, and has. */
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 7, NOW), 0);
	assert_int_not_equal(env_hwirq(&e, 0, 0), slot);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	rules_no_signals();
	quiet(0, false);
	rules_counts((unsigned int[]){ 1 }, 1);

	rules_again(8, ENV_IN_PLACE | ENV_BUS);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 1);
	quiet(0, true);
	assert_false(env_fire_vector(&e, 0, 0));
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 7, NOW), 0);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	quiet(0, false);
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
	quiet(0, true);
	assert_false(env_fire_vector(&e, 0, 0));
	sleep_now(true);
	quiet(1, true);
	sleep_now(false);
	is_quiet(0, IMS_VECTOR_STATE_HELD);
	is_quiet(1, IMS_VECTOR_STATE_HELD);
	rules_no_signals();
	sleep_now(true);
	quiet(0, false);
	quiet(1, false);
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
	limit(0, 1);
	while (!rules_snapshot(0).throttled)
		env_fire_vector(&e, 0, 0);
	quiet(0, true);
	assert_false(env_fire_vector(&e, 0, 0));
	ims_store_destroy(e.store);
	e.store = NULL;
	is_quiet(0, IMS_VECTOR_STATE_IDLE);
	quiet(0, false);
	limit(0, 0);
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
	quiet(0, true);
	told(1);
	quiet(0, true);
	told(0);
	quiet(0, false);
	told(1);
	limit(0, 100);
	told(1);
	limit(0, 100);
	told(0);
	assert_int_equal(device_limit(50), 0);
	assert_int_equal(env_event(0)->kind, ENV_DEVICE);
	assert_int_equal(env_event(0)->event, IMS_EVENT_CHANGE);
	assert_int_equal(env_events_count(), 1);
	env_events_forget();
	limit(0, 0);
	told(1);
	assert_int_equal(device_limit(0), 0);
	/* The device, and the vector whose limit it was */
	assert_int_equal(env_events_count(), 2);
	env_events_forget();
	quiet(5, true);
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
	quiet(0, true);
	assert_int_equal(shim_bypass_producer(virq), -1);
	assert_int_equal(env_bind1(&e, 0, 0, 0), 0);
	assert_int_equal(shim_bypass_producer(virq), -1);
	quiet(0, false);
	assert_int_equal(shim_bypass_producer(virq), 0);
	limit(0, 1000);
	assert_int_equal(shim_bypass_producer(virq), -1);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(shim_bypass_producer(virq), -1);
	/* It is counted by us, then. */
	assert_true(env_fire_vector(&e, 0, 0));
	limit(0, 0);
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
	limit(2, 1);
	limit(2, 0);
	for (n = 1; ; n++) {
		env_dump(&e, before, sizeof(before));
		shim_fail_at(SHIM_FAIL_ALLOC, n);
		ret = restrain(0, VECTORS, r);
		if (!shim_fail_fired(SHIM_FAIL_ALLOC))
			break;
		assert_int_equal(ret, -ENOMEM);
		env_dump(&e, after, sizeof(after));
		assert_string_equal(before, after);
	}
	assert_int_equal(ret, 0);
	/* A block, and 7 contexts, each with a name and a limit */
	assert_true(n > 1 + 3 * 7);

	assert_int_equal(restrain(0, VECTORS, (struct ims_restraint) {
		.set_quiet = true, .set_rate = true }), 0);
	env_close(&e, 0);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 2);
	limit(0, 1);
	limit(0, 0);
	env_dump(&e, before, sizeof(before));
	shim_fail_at(SHIM_FAIL_ALLOC, 1);
	assert_int_equal(device_limit(9), -ENOMEM);
	assert_true(shim_fail_fired(SHIM_FAIL_ALLOC));
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	/* A context comes with its limit, or not at all. */
	assert_int_equal(device_limit(9), 0);
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

/* Limits */

static const struct ims_vector *vector_of(u32 vector)
{
	return rules_snapshot(vector).vector;
}

static bool has_trigger(u32 vector)
{
	return rcu_access_pointer(vector_of(vector)->trigger);
}

/* When the pause of vector 0 is over; 0: there is none */
static unsigned long pause_ends;

/* A millisecond. A pause ends when it is to, or @late ms later. */
static void pass(unsigned long late)
{
	shim_jiffies++;
	if (!rules_snapshot(0).throttled) {
		pause_ends = 0;
		return;
	}
	if (!pause_ends)
		pause_ends = jiffies + vector_of(0)->limit->end.delay - 1;
	if (time_after(jiffies, pause_ends + late)) {
		pause_ends = 0;
		shim_delayed_work_run();
	}
}

/* Fire vector 0 until it is throttled: how often that was signalled */
static unsigned int burst(void)
{
	u64 was = env_count(0);
	int i;

	for (i = 0; i < 100000 && !rules_snapshot(0).throttled; i++)
		env_fire_vector(&e, 0, 0);
	assert_true(i < 100000);
	return (unsigned int)(env_count(0) - was);
}

static void without_limit_nothing_is_counted(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_true(has_trigger(0));
	limit(0, 10);
	assert_false(has_trigger(0));
	assert_int_equal(rules_snapshot(0).rate, 10);
	assert_true(rules_snapshot(0).rate_own);
	limit(0, 0);
	assert_true(has_trigger(0));
	assert_int_equal(rules_snapshot(0).rate, 0);
	assert_false(rules_snapshot(0).rate_own);
	limit(4, 0);
	rules_state(4, IMS_VECTOR_STATE_ABSENT);
	limit(4, 1);
	rules_state(4, IMS_VECTOR_STATE_IDLE);
}

static void throttled_above_it(void **state)
{
	struct ims_vector_snapshot now;
	(void)state;
	rules_live(0, 2);
	limit(0, 1000);
	/* 50 ms, each of them one and a twenty-fifth, less what is rounded */
	assert_int_equal(burst(), 51);
	now = rules_snapshot(0);
	assert_true(now.throttled);
	assert_true(now.pending);
	assert_int_equal(now.state, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(now.counts.throttles, 1);
	assert_int_equal(now.counts.pended, 1);
	assert_int_equal(now.counts.delivered, 51);
	assert_true(slot_masked(0));
	assert_false(env_fire_vector(&e, 0, 0));
	assert_true(env_fire_vector(&e, 0, 1));
	/* 10 ms, and the tick that has begun */
	assert_in_range(vector_of(0)->limit->end.delay, 11, 12);
	shim_jiffies += 12;
	shim_delayed_work_run();
	/* What we have kept, and what the slot has */
	assert_int_equal(env_count(0), 53);
	assert_false(rules_snapshot(0).throttled);
	assert_false(rules_snapshot(0).pending);
	assert_false(slot_masked(0));
	assert_int_equal(burst(), 11);
	assert_int_equal(rules_snapshot(0).counts.throttles, 2);
	rules_reset(0, 1);
	assert_int_equal(rules_snapshot(0).counts.throttles, 0);
}

/* Counts at full speed in each second, with pauses that end up to @late ms late */
static void each_second(u32 rate, unsigned int per_ms, unsigned long late)
{
	unsigned int s, ms, i;
	u64 was;

	limit(0, rate);
	for (s = 0; s < 4; s++) {
		was = env_count(0);
		for (ms = 0; ms < 1000; ms++) {
			for (i = 0; i < per_ms; i++)
				env_fire_vector(&e, 0, 0);
			pass(late);
		}
		assert_in_range(env_count(0) - was, rate, rate + rate / 10);
	}
	limit(0, 0);
}

static void each_second_has_its_share(void **state)
{
	int ms;
	(void)state;
	rules_live(0, 1);
	each_second(1000, 60, 0);
	each_second(1000, 60, 25);
	each_second(10000, 600, 0);
	each_second(10000, 600, 25);
	each_second(100, 10, 0);
	/* All the time, and no faster than it may: not a single pause */
	limit(0, 1000);
	rules_reset(0, 1);
	for (ms = 0; ms < 5000; ms++) {
		assert_true(env_fire_vector(&e, 0, 0));
		pass(0);
	}
	assert_int_equal(rules_snapshot(0).counts.throttles, 0);
	assert_int_equal(rules_snapshot(0).counts.delivered, 5000);
}

/* At any moment: once no pause is left, nothing that was fired is missing. */
static void the_last_is_never_missing(void **state)
{
	u64 was;
	int i, n;
	(void)state;
	rules_live(0, 1);
	limit(0, 1000);
	for (i = 0; i < 300; i++) {
		was = env_count(0);
		for (n = i % 7 * 20; n >= 0; n--)
			env_fire_vector(&e, 0, 0);
		for (n = 0; n < 30; n++)
			pass(0);
		assert_false(rules_snapshot(0).throttled);
		assert_false(rules_snapshot(0).pending);
		assert_true(env_count(0) > was);
	}
}

static void slow_limits(void **state)
{
	(void)state;
	rules_live(0, 1);
	limit(0, 5);
	assert_int_equal(burst(), 1);
	/* A fifth of a second, less a twenty-sixth of it */
	assert_in_range(vector_of(0)->limit->end.delay, 193, 195);
	/* One that runs early ends nothing. */
	shim_jiffies += 100;
	shim_delayed_work_run();
	assert_int_equal(env_count(0), 1);
	assert_true(rules_snapshot(0).throttled);
	assert_true(slot_masked(0));
	shim_jiffies += 102;
	shim_delayed_work_run();
	assert_int_equal(env_count(0), 2);
}

static void ended_while_throttled(void **state)
{
	(void)state;
	rules_live(0, 1);
	limit(0, 100);
	assert_int_equal(burst(), 5);
	limit(0, 0);
	rules_counts((unsigned int[]){ 6 }, 1);
	assert_false(slot_masked(0));
	assert_true(has_trigger(0));
	shim_delayed_work_run();
	rules_counts((unsigned int[]){ 6 }, 1);
	/* A higher one ends the pause as well. */
	limit(0, 100);
	burst();
	limit(0, 100000);
	assert_false(rules_snapshot(0).throttled);
	assert_false(slot_masked(0));
	assert_true(env_fire_vector(&e, 0, 0));
}

static void device_s_and_own(void **state)
{
	(void)state;
	rules_live(0, 2);
	limit(1, 20);
	assert_int_equal(device_limit(10), 0);
	assert_int_equal(rules_vdev_snapshot().rate_limit, 10);
	assert_int_equal(rules_snapshot(0).rate, 10);
	assert_false(rules_snapshot(0).rate_own);
	assert_int_equal(rules_snapshot(1).rate, 20);
	assert_false(has_trigger(0));
	/* Also of those that come later, emulated ones, too */
	rules_live(2, 1);
	rules_emulated_live(3, 1);
	assert_int_equal(rules_snapshot(2).rate, 10);
	assert_int_equal(rules_snapshot(3).rate, 10);
	assert_false(has_trigger(2));
	assert_int_equal(burst(), 1);
	limit(1, 0);
	assert_int_equal(rules_snapshot(1).rate, 10);
	limit(1, 30);
	assert_int_equal(device_limit(0), 0);
	assert_int_equal(rules_snapshot(0).rate, 0);
	assert_int_equal(rules_snapshot(1).rate, 30);
	assert_true(has_trigger(0));
	assert_false(rules_snapshot(0).throttled);
	assert_int_equal(env_count(0), 2);
	/* A reset by the guest ends none. */
	assert_int_equal(device_limit(10), 0);
	assert_int_equal(vfio_pci_ims_reset(&e.ims[0]), 0);
	rules_live(0, 1);
	assert_false(has_trigger(0));
	assert_int_equal(rules_snapshot(1).rate, 30);
}

static void signals_are_limited(void **state)
{
	int i;
	(void)state;
	rules_emulated_live(0, 1);
	limit(0, 50);
	for (i = 0; i < 2; i++)
		assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 0),
				 VFIO_PCI_IMS_SIGNAL_DELIVERED);
	assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 0),
			 VFIO_PCI_IMS_SIGNAL_PENDING);
	assert_int_equal(env_get(&e, 0, 0).signalled, 2);
	/* Loopback does not come from the device. */
	rules_loopback(0, 1);
	assert_int_equal(env_count(0), 3);
	assert_true(rules_snapshot(0).pending);
	shim_jiffies += 30;
	shim_delayed_work_run();
	assert_int_equal(env_count(0), 4);
	assert_false(rules_snapshot(0).pending);
}

/* Masking is no way around it. */
static void masked_and_throttled(void **state)
{
	int i;
	(void)state;
	rules_live(0, 1);
	limit(0, 100);
	burst();
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(env_count(0), 5);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	shim_jiffies += 12;
	shim_delayed_work_run();
	assert_int_equal(env_count(0), 5);
	assert_false(slot_masked(0));
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(env_count(0), 6);

	for (i = 0; i < 50; i++) {
		assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
		env_fire_vector(&e, 0, 0);
		assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	}
	assert_int_equal(env_count(0), 6);
	assert_true(rules_snapshot(0).throttled);
}

static void quiet_and_throttled(void **state)
{
	(void)state;
	rules_live(0, 1);
	limit(0, 100);
	burst();
	quiet(0, true);
	shim_jiffies += 12;
	shim_delayed_work_run();
	assert_false(rules_snapshot(0).throttled);
	assert_int_equal(env_count(0), 5);
	assert_true(slot_masked(0));
	quiet(0, false);
	assert_int_equal(env_count(0), 6);
	assert_false(slot_masked(0));
	burst();
	quiet(0, true);
	quiet(0, false);
	assert_true(rules_snapshot(0).throttled);
	assert_true(slot_masked(0));
	assert_int_equal(env_count(0), 6);
}

static void unbound_while_throttled(void **state)
{
	(void)state;
	rules_live(0, 1);
	limit(0, 100);
	burst();
	/* Another eventfd gets what is kept. */
	assert_int_equal(env_bind1(&e, 0, 0, 1), 0);
	rules_counts((unsigned int[]){ 5 }, 1);
	shim_jiffies += 12;
	shim_delayed_work_run();
	rules_counts((unsigned int[]){ 5, 1 }, 2);
	while (!rules_snapshot(0).throttled)
		env_fire_vector(&e, 0, 0);
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	shim_jiffies += 12;
	shim_delayed_work_run();
	rules_counts((unsigned int[]){ 5, 1 }, 2);
	rules_live(0, 1);
	assert_int_equal(burst(), 1);
	/* And closed */
	env_close(&e, 0);
	shim_jiffies += 12;
	shim_delayed_work_run();
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
	rule("quiet, limit: without memory nothing changes", no_memory),
	rule("limit: without one nothing is counted",
	     without_limit_nothing_is_counted),
	rule("limit: above it the slot is masked for a while", throttled_above_it),
	rule("limit: each second has its share, and a tenth more at most",
	     each_second_has_its_share),
	rule("limit: the last is never missing", the_last_is_never_missing),
	rule("limit: of a few a second", slow_limits),
	rule("limit: ended or raised while throttled", ended_while_throttled),
	rule("limit: the device's and a vector's own", device_s_and_own),
	rule("limit: signals by the driver", signals_are_limited),
	rule("limit: masking is no way around it", masked_and_throttled),
	rule("limit: quiet, too", quiet_and_throttled),
	rule("limit: unbound, bound and closed while throttled",
	     unbound_while_throttled))
