// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rate limits of vectors. A jiffy is a millisecond, and time stands still but for
 * pass().
 */
#include "rules.h"

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
	rules_limit_rate(0, 10);
	assert_false(has_trigger(0));
	assert_int_equal(rules_snapshot(0).rate, 10);
	assert_true(rules_snapshot(0).rate_own);
	rules_limit_rate(0, 0);
	assert_true(has_trigger(0));
	assert_int_equal(rules_snapshot(0).rate, 0);
	assert_false(rules_snapshot(0).rate_own);
	rules_limit_rate(4, 0);
	rules_state(4, IMS_VECTOR_STATE_ABSENT);
	rules_limit_rate(4, 1);
	rules_state(4, IMS_VECTOR_STATE_IDLE);
}

static void throttled_above_it(void **state)
{
	struct ims_vector_snapshot now;
	(void)state;
	rules_live(0, 2);
	rules_limit_rate(0, 1000);
	/* 50 ms, each of them one and a twenty-fifth, less what is rounded */
	assert_int_equal(burst(), 51);
	now = rules_snapshot(0);
	assert_true(now.throttled);
	assert_true(now.pending);
	assert_int_equal(now.state, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(now.counts.throttles, 1);
	assert_int_equal(now.counts.pended, 1);
	assert_int_equal(now.counts.delivered, 51);
	assert_true(rules_slot_masked(0));
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
	assert_false(rules_slot_masked(0));
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

	rules_limit_rate(0, rate);
	for (s = 0; s < 4; s++) {
		was = env_count(0);
		for (ms = 0; ms < 1000; ms++) {
			for (i = 0; i < per_ms; i++)
				env_fire_vector(&e, 0, 0);
			pass(late);
		}
		assert_in_range(env_count(0) - was, rate, rate + rate / 10);
	}
	rules_limit_rate(0, 0);
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
	rules_limit_rate(0, 1000);
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
	rules_limit_rate(0, 1000);
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
	rules_limit_rate(0, 5);
	assert_int_equal(burst(), 1);
	/* A fifth of a second, less a twenty-sixth of it */
	assert_in_range(vector_of(0)->limit->end.delay, 193, 195);
	/* One that runs early ends nothing. */
	shim_jiffies += 100;
	shim_delayed_work_run();
	assert_int_equal(env_count(0), 1);
	assert_true(rules_snapshot(0).throttled);
	assert_true(rules_slot_masked(0));
	shim_jiffies += 102;
	shim_delayed_work_run();
	assert_int_equal(env_count(0), 2);
}

static void ended_while_throttled(void **state)
{
	(void)state;
	rules_live(0, 1);
	rules_limit_rate(0, 100);
	assert_int_equal(burst(), 5);
	rules_limit_rate(0, 0);
	rules_counts((unsigned int[]){ 6 }, 1);
	assert_false(rules_slot_masked(0));
	assert_true(has_trigger(0));
	shim_delayed_work_run();
	rules_counts((unsigned int[]){ 6 }, 1);
	/* A higher one ends the pause as well. */
	rules_limit_rate(0, 100);
	burst();
	rules_limit_rate(0, 100000);
	assert_false(rules_snapshot(0).throttled);
	assert_false(rules_slot_masked(0));
	assert_true(env_fire_vector(&e, 0, 0));
}

static void device_s_and_own(void **state)
{
	(void)state;
	rules_live(0, 2);
	rules_limit_rate(1, 20);
	assert_int_equal(rules_device_limit(10), 0);
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
	rules_limit_rate(1, 0);
	assert_int_equal(rules_snapshot(1).rate, 10);
	rules_limit_rate(1, 30);
	assert_int_equal(rules_device_limit(0), 0);
	assert_int_equal(rules_snapshot(0).rate, 0);
	assert_int_equal(rules_snapshot(1).rate, 30);
	assert_true(has_trigger(0));
	assert_false(rules_snapshot(0).throttled);
	assert_int_equal(env_count(0), 2);
	/* A reset by the guest ends none. */
	assert_int_equal(rules_device_limit(10), 0);
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
	rules_limit_rate(0, 50);
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
	rules_limit_rate(0, 100);
	burst();
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(env_count(0), 5);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	shim_jiffies += 12;
	shim_delayed_work_run();
	assert_int_equal(env_count(0), 5);
	assert_false(rules_slot_masked(0));
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
	rules_limit_rate(0, 100);
	burst();
	rules_quiet(0, true);
	shim_jiffies += 12;
	shim_delayed_work_run();
	assert_false(rules_snapshot(0).throttled);
	assert_int_equal(env_count(0), 5);
	assert_true(rules_slot_masked(0));
	rules_quiet(0, false);
	assert_int_equal(env_count(0), 6);
	assert_false(rules_slot_masked(0));
	burst();
	rules_quiet(0, true);
	rules_quiet(0, false);
	assert_true(rules_snapshot(0).throttled);
	assert_true(rules_slot_masked(0));
	assert_int_equal(env_count(0), 6);
}

static void unbound_while_throttled(void **state)
{
	(void)state;
	rules_live(0, 1);
	rules_limit_rate(0, 100);
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

RULES(rules_limit,
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
