// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the control plane may do to vectors: resets, affinity, interrupts raised
 * by hand, checks without change.
 */
#include "rules.h"

static char before[65536], after[65536];

static int check_affinity(u32 vector, unsigned long cpus)
{
	struct cpumask mask = { cpus };

	return WITH_VDEV(ims_affinity_check(vdev, vector, &mask));
}

static unsigned long irq_affinity(u32 vector)
{
	return shim_irq_affinity(env_get(&e, 0, vector).virq);
}

static struct ims_counts counts_of(u32 vector)
{
	return rules_snapshot(vector).counts;
}

/* Counts */

static void reset_begins_anew(void **state)
{
	struct ims_counts c;
	(void)state;
	rules_live(0, 2);
	assert_true(env_fire_vector(&e, 0, 0));
	assert_true(env_fire_vector(&e, 0, 0));
	rules_loopback(0, 1);
	c = counts_of(0);
	assert_int_equal(c.delivered, 2);
	assert_int_equal(c.loopback, 1);

	rules_reset(0, 1);
	c = counts_of(0);
	assert_int_equal(c.delivered + c.loopback + c.signalled + c.dropped +
			 c.pended + c.replaced + c.failed, 0);
	assert_true(env_fire_vector(&e, 0, 0));
	assert_int_equal(counts_of(0).delivered, 1);

	/* The slot that counted goes; what it counted stays known. */
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_int_equal(counts_of(0).delivered, 1);
}

/* Vector 0 is fired and looped back, 1 is signalled; all that can befall them. */
static void count_all(void)
{
	assert_int_equal(env_bind1(&e, 0, 1, -1), 0);
	vfio_pci_ims_send_signal(&e.ims[0], 1);			/* dropped */
	assert_int_equal(env_bind1(&e, 0, 1, 1), 0);
	vfio_pci_ims_send_signal(&e.ims[0], 1);			/* signalled */
	assert_true(env_fire_vector(&e, 0, 0));			/* delivered */
	rules_loopback(0, 1);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	env_fire_vector(&e, 0, 0);				/* pended */
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(env_bind1(&e, 0, 0, 2), 0);		/* replaced */
	assert_int_equal(env_bind1(&e, 0, 0, BAD_FD), -EBADF);	/* failed */
}

/* Each counter that count_all() counts, of its vector. */
static void assert_each(u64 count)
{
	struct ims_counts c = counts_of(0);

	assert_int_equal(c.delivered, count);
	assert_int_equal(c.loopback, count);
	assert_int_equal(c.pended, count);
	assert_int_equal(c.replaced, count);
	assert_int_equal(c.failed, count);
	c = counts_of(1);
	assert_int_equal(c.signalled, count);
	assert_int_equal(c.dropped, count);
}

static void reset_is_of_each_counter(void **state)
{
	(void)state;
	rules_live(0, 1);
	rules_emulated_live(1, 1);
	count_all();
	count_all();
	assert_each(2);
	rules_reset(0, 2);
	assert_each(0);
	count_all();
	assert_each(1);
}

static void reset_is_of_the_range(void **state)
{
	u32 i;

	(void)state;
	rules_live(0, 4);
	for (i = 0; i < 4; i++)
		assert_true(env_fire_vector(&e, 0, i));
	rules_reset(1, 2);
	assert_int_equal(counts_of(0).delivered, 1);
	assert_int_equal(counts_of(1).delivered, 0);
	assert_int_equal(counts_of(2).delivered, 0);
	assert_int_equal(counts_of(3).delivered, 1);
	/* Absent ones are passed over and stay absent. */
	rules_reset(0, VECTORS);
	assert_int_equal(counts_of(3).delivered, 0);
	rules_state(5, IMS_VECTOR_STATE_ABSENT);
}

static u64 since(u32 vector)
{
	return rules_snapshot(vector).since;
}

static unsigned long last(u32 vector)
{
	return rules_snapshot(vector).last;
}

static void reset_tells_since(void **state)
{
	(void)state;
	shim_jiffies = 20000;
	rules_again(VECTORS, 0);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 1);
	assert_int_equal(since(0), 20000 * 1000000ull);

	shim_jiffies = 21000;
	assert_true(env_fire_vector(&e, 0, 0));
	rules_reset(0, 1);
	assert_int_equal(since(0), 21000 * 1000000ull);
	/* When the last one came stays true. */
	assert_int_equal(last(0), 21000);
}

static void last_is_the_latest(void **state)
{
	(void)state;
	shim_jiffies = 30000;
	rules_live(0, 1);
	assert_int_equal(last(0), 0);
	assert_true(env_fire_vector(&e, 0, 0));
	shim_jiffies = 31000;
	assert_int_equal(env_irqs(&e, 0, TRIGGER | NONE, 0, 1, NULL), 0);
	assert_int_equal(last(0), 31000);
	shim_jiffies = 32000;
	assert_true(env_fire_vector(&e, 0, 0));
	assert_int_equal(last(0), 32000);
	/* The line that knew of it goes, later. */
	shim_jiffies = 33000;
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_int_equal(last(0), 32000);
}

/* Of a vector that is masked: of when that began. */
static unsigned long masked_at(u32 vector, bool masked)
{
	struct ims_vector_snapshot now = rules_snapshot(vector);

	assert_int_equal(now.masked, masked);
	return now.masked_at;
}

static void tells_since_when_masked(void **state)
{
	(void)state;
	shim_jiffies = 40000;
	rules_live(0, 1);
	masked_at(0, false);
	shim_jiffies = 41000;
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(masked_at(0, true), 41000);
	/* Nothing new for one that is masked. */
	shim_jiffies = 42000;
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_true(env_fire_vector(&e, 0, 0));
	assert_int_equal(masked_at(0, true), 41000);
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	masked_at(0, false);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(masked_at(0, true), 42000);
}

/* Affinity */

static void affinity_of_a_live_vector(void **state)
{
	struct env_vector was;

	(void)state;
	rules_live(0, 1);
	was = env_get(&e, 0, 0);
	assert_int_equal(rules_affinity(0, 0x2), 0);
	assert_int_equal(irq_affinity(0), 0x2);
	assert_int_equal(env_get(&e, 0, 0).virq, was.virq);
	assert_int_equal(env_get(&e, 0, 0).generation, was.generation);
	/* Back to the default: every CPU that is online. */
	assert_int_equal(rules_affinity(0, 0), 0);
	assert_int_equal(irq_affinity(0), 0xf);
}

static void affinity_outlives_the_slot(void **state)
{
	(void)state;
	assert_int_equal(rules_affinity(3, 0x4), 0);
	rules_state(3, IMS_VECTOR_STATE_IDLE);
	rules_live(2, 2);
	assert_int_equal(irq_affinity(2), 0);
	assert_int_equal(irq_affinity(3), 0x4);
	assert_int_equal(env_disable(&e, 0), 0);
	rules_live(3, 1);
	assert_int_equal(irq_affinity(3), 0x4);
}

static void affinity_refused(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 1, 1), 0);
	env_dump(&e, before, sizeof(before));
	assert_int_equal(rules_affinity(1, 0x1), -EINVAL);
	assert_int_equal(check_affinity(1, 0x1), -EINVAL);
	assert_int_equal(rules_affinity(0, 0x10), -EINVAL);
	assert_int_equal(check_affinity(0, 0x10), -EINVAL);
	shim_fail_at(SHIM_FAIL_AFFINITY, 1);
	assert_int_equal(rules_affinity(0, 0x1), -ENOSPC);
	shim_fail_at(SHIM_FAIL_ALLOC, 1);
	assert_int_equal(rules_affinity(0, 0x1), -ENOMEM);
	shim_fail_at(SHIM_FAIL_ALLOC, 2);
	assert_int_equal(rules_affinity(4, 0x1), -ENOMEM);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	assert_int_equal(irq_affinity(0), 0);
	assert_int_equal(rules_affinity(5, 0), 0);
	rules_state(5, IMS_VECTOR_STATE_ABSENT);
}

static void affinity_fails_the_block(void **state)
{
	static const s32 fds[] = { 0, 1, 2 };

	(void)state;
	assert_int_equal(rules_affinity(2, 0x1), 0);
	env_dump(&e, before, sizeof(before));
	env_events_forget();
	shim_fail_at(SHIM_FAIL_AFFINITY, 1);
	assert_int_equal(env_bind(&e, 0, 0, 3, fds), -ENOSPC);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_CPU_VECTORS);
	assert_int_equal(env_event(0)->vector, 2);
}

static void emulated_forgets_affinity(void **state)
{
	(void)state;
	assert_int_equal(rules_affinity(0, 0x2), 0);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 0, 1), 0);
	assert_int_equal(vfio_pci_ims_clear_emulated(&e.ims[0], 0, 1), 0);
	rules_live(0, 1);
	assert_int_equal(irq_affinity(0), 0);
}

/* Raising interrupts by hand: as netlink does */

static u32 failed;

static int inject(u32 start, u32 count, const u8 *bools)
{
	struct ims_vdev *vdev = rules_lock_vdev();
	int ret = ims_block_check_lines(vdev, start, count, bools, &failed);

	if (!ret)
		ims_block_inject(vdev, start, count, bools);
	rules_unlock_vdev(vdev);
	return ret;
}

static void inject_goes_through_the_handler(void **state)
{
	const u8 bools[] = { 0, 1, 0, 1 };
	(void)state;
	rules_live(0, 4);
	assert_int_equal(inject(0, 4, bools), 0);
	rules_counts((unsigned int[]){ 0, 1, 0, 1 }, 4);
	assert_int_equal(counts_of(1).delivered, 1);
	assert_int_equal(counts_of(1).loopback, 0);
	assert_int_equal(inject(2, 2, NULL), 0);
	rules_counts((unsigned int[]){ 0, 1, 1, 2 }, 4);
}

static void inject_needs_an_interrupt(void **state)
{
	(void)state;
	rules_live(0, 2);
	rules_emulated_live(4, 1);
	assert_int_equal(inject(0, 5, NULL), -EINVAL);
	assert_int_equal(failed, 2);
	assert_int_equal(inject(4, 1, NULL), -EINVAL);
	assert_int_equal(failed, 4);
	rules_no_signals();
}

static void inject_on_a_masked_vector(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(inject(0, 1, NULL), 0);
	rules_no_signals();
	assert_true(vfio_pci_ims_pending(&e.ims[0], 0));
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	rules_counts((unsigned int[]){ 1 }, 1);
}

/* Checks that change nothing */

static int cookie_check(u32 vector, bool own, u64 cookie,
			enum vfio_pci_ims_cookie_mode mode)
{
	const struct vfio_pci_ims_cookie change = {
		.vector = vector, .own = own, .cookie = cookie, .mode = mode,
	};

	return WITH_VDEV(ims_cookie_check(vdev, &change, &(u32){ 0 }));
}

static void checks_say_what_would_happen(void **state)
{
	(void)state;
	rules_live(0, 8);		/* the store is full */
	assert_int_equal(env_bind1(&e, 0, 7, -1), 0);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 7, 1), 0);
	assert_int_equal(env_open(&e, 1, 4), 0);
	assert_int_equal(env_bind1(&e, 1, 0, 8), 0);
	env_dump(&e, before, sizeof(before));

	assert_int_equal(cookie_check(0, true, 5, NEXT), 0);
	assert_int_equal(cookie_check(0, true, 5, NOW), -ENOSPC);
	/* It has that cookie already: nothing to be done, no slot needed. */
	assert_int_equal(cookie_check(0, true, ENV_COOKIE(0), NOW), 0);
	assert_int_equal(cookie_check(0, false, 0, NOW), 0);
	assert_int_equal(cookie_check(7, true, 5, NEXT), -EINVAL);
	assert_int_equal(WITH_VDEV(ims_block_check_triggers(vdev, 0, 8, NULL, &failed)), -EINVAL);
	assert_int_equal(failed, 7);
	assert_int_equal(WITH_VDEV(ims_client_check_limits(vdev->client, 6, 0)), -EBUSY);
	assert_int_equal(WITH_VDEV(ims_client_check_limits(vdev->client, 9, 0)), -EINVAL);
	assert_int_equal(WITH_VDEV(ims_client_check_limits(vdev->client, 8, 8)), -ENOSPC);
	assert_int_equal(WITH_VDEV(ims_client_check_limits(vdev->client, 0, 7)), 0);
	assert_int_equal(ims_store_check_limit(e.store, 7), -EBUSY);
	assert_int_equal(ims_store_check_limit(e.store, 9), -EINVAL);
	assert_int_equal(ims_store_check_limit(e.store, 8), 0);

	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	/* And they are right. */
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 5, NOW), -ENOSPC);
	assert_int_equal(env_set_limits(&e, 0, 6, 0), -EBUSY);
	assert_int_equal(ims_store_set_limit(e.store, 7), -EBUSY);
}

static void checks_know_stores_that_change_in_place(void **state)
{
	(void)state;
	rules_again(8, ENV_IN_PLACE);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	assert_int_equal(cookie_check(0, true, 5, NOW), 0);
	rules_state(0, IMS_VECTOR_STATE_ABSENT);
	rules_live(0, 8);
	assert_int_equal(cookie_check(0, true, 5, NOW), 0);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 5, NOW), 0);
}

RULES(rules_control,
	rule("counts: a reset begins anew, and only then", reset_begins_anew),
	rule("counts: a reset is of each counter", reset_is_of_each_counter),
	rule("counts: a reset is of its range, absent vectors stay so", reset_is_of_the_range),
	rule("counts: since when is told, the last one stays known", reset_tells_since),
	rule("counts: the last one is the latest of all ways", last_is_the_latest),
	rule("mask: tells since when", tells_since_when_masked),
	rule("affinity: of a live vector, which keeps slot and IRQ", affinity_of_a_live_vector),
	rule("affinity: is context: outlives the slot, comes before the request", affinity_outlives_the_slot),
	rule("affinity: refused without change", affinity_refused),
	rule("affinity: CPUs without vectors fail the block, all is as before", affinity_fails_the_block),
	rule("affinity: emulated vectors have none", emulated_forgets_affinity),
	rule("inject: goes through the handler", inject_goes_through_the_handler),
	rule("inject: EINVAL without a Linux interrupt, nothing raised", inject_needs_an_interrupt),
	rule("inject: a mask keeps it back", inject_on_a_masked_vector),
	rule("check: says what would happen and changes nothing", checks_say_what_would_happen),
	rule("check: stores that change cookies in place need no slot", checks_know_stores_that_change_in_place))
