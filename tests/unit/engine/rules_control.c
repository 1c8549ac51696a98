// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the control plane may do to vectors and stores, and what it is told:
 * resets, affinity, interrupts raised by hand, checks without change, events.
 */
#include <linux/notifier.h>

#include "rules.h"

static char before[65536], after[65536];

/* Device 0's insides, locked; cmocka's jumps leave no lock behind. */
static struct ims_vdev *lock_vdev(void)
{
	struct ims_vdev *vdev = ims_vdev_get(&e.ims[0]);

	assert_non_null(vdev);
	ims_vdev_lock(vdev);
	return vdev;
}

static void unlock_vdev(struct ims_vdev *vdev)
{
	ims_vdev_unlock(vdev);
	ims_vdev_put(vdev);
}

#define WITH_VDEV(expr)	({						\
	struct ims_vdev *vdev = lock_vdev();				\
	__typeof__(expr) __ret = (expr);				\
	unlock_vdev(vdev);						\
	__ret; })

static int set_affinity(u32 vector, unsigned long cpus)
{
	struct cpumask mask = { cpus };

	return WITH_VDEV(ims_affinity_set(vdev, vector, cpus ? &mask : NULL));
}

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
	struct ims_vdev *vdev = lock_vdev();
	struct ims_counts counts;

	ims_vector_counts(ims_vector_get(vdev, vector), &counts);
	unlock_vdev(vdev);
	return counts;
}

static void reset(u32 start, u32 count)
{
	struct ims_vdev *vdev = lock_vdev();

	ims_stats_reset(vdev, start, count);
	unlock_vdev(vdev);
}

/* Counts */

static void reset_begins_anew(void **state)
{
	struct ims_counts c;
	u32 culprit;

	(void)state;
	rules_live(0, 2);
	assert_true(env_fire_vector(&e, 0, 0));
	assert_true(env_fire_vector(&e, 0, 0));
	assert_int_equal(WITH_VDEV(ims_block_signal(vdev, 0, 1, NULL, &culprit)), 0);
	c = counts_of(0);
	assert_int_equal(c.delivered, 2);
	assert_int_equal(c.loopback, 1);

	reset(0, 1);
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
	u32 culprit;

	assert_int_equal(env_bind1(&e, 0, 1, -1), 0);
	vfio_pci_ims_send_signal(&e.ims[0], 1);			/* dropped */
	assert_int_equal(env_bind1(&e, 0, 1, 1), 0);
	vfio_pci_ims_send_signal(&e.ims[0], 1);			/* signalled */
	assert_true(env_fire_vector(&e, 0, 0));			/* delivered */
	assert_int_equal(WITH_VDEV(ims_block_signal(vdev, 0, 1, NULL, &culprit)), 0);
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
	reset(0, 2);
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
	reset(1, 2);
	assert_int_equal(counts_of(0).delivered, 1);
	assert_int_equal(counts_of(1).delivered, 0);
	assert_int_equal(counts_of(2).delivered, 0);
	assert_int_equal(counts_of(3).delivered, 1);
	/* Absent ones are passed over and stay absent. */
	reset(0, VECTORS);
	assert_int_equal(counts_of(3).delivered, 0);
	rules_state(5, IMS_VECTOR_STATE_ABSENT);
}

static void reset_tells_since(void **state)
{
	struct ims_vdev *vdev;
	u64 first;

	(void)state;
	shim_jiffies = 20000;
	rules_live(0, 1);
	vdev = lock_vdev();
	first = ims_vector_get(vdev, 0)->since;
	unlock_vdev(vdev);
	assert_int_equal(first, 20000 * 1000000ull);

	shim_jiffies = 21000;
	assert_true(env_fire_vector(&e, 0, 0));
	reset(0, 1);
	vdev = lock_vdev();
	assert_int_equal(ims_vector_get(vdev, 0)->since, 21000 * 1000000ull);
	/* When the last one came stays true. */
	assert_int_equal(ims_vector_last(ims_vector_get(vdev, 0)), 21000);
	unlock_vdev(vdev);
}

static void last_is_the_latest(void **state)
{
	struct ims_vdev *vdev;

	(void)state;
	shim_jiffies = 30000;
	rules_live(0, 1);
	vdev = lock_vdev();
	assert_int_equal(ims_vector_last(ims_vector_get(vdev, 0)), 0);
	unlock_vdev(vdev);
	assert_true(env_fire_vector(&e, 0, 0));
	shim_jiffies = 31000;
	assert_int_equal(env_irqs(&e, 0, TRIGGER | NONE, 0, 1, NULL), 0);
	vdev = lock_vdev();
	assert_int_equal(ims_vector_last(ims_vector_get(vdev, 0)), 31000);
	unlock_vdev(vdev);
	shim_jiffies = 32000;
	assert_true(env_fire_vector(&e, 0, 0));
	vdev = lock_vdev();
	assert_int_equal(ims_vector_last(ims_vector_get(vdev, 0)), 32000);
	unlock_vdev(vdev);
}

/* Affinity */

static void affinity_of_a_live_vector(void **state)
{
	struct env_vector was;

	(void)state;
	rules_live(0, 1);
	was = env_get(&e, 0, 0);
	assert_int_equal(set_affinity(0, 0x2), 0);
	assert_int_equal(irq_affinity(0), 0x2);
	assert_int_equal(env_get(&e, 0, 0).virq, was.virq);
	assert_int_equal(env_get(&e, 0, 0).generation, was.generation);
	/* Back to the default: every CPU that is online. */
	assert_int_equal(set_affinity(0, 0), 0);
	assert_int_equal(irq_affinity(0), 0xf);
}

static void affinity_outlives_the_slot(void **state)
{
	(void)state;
	assert_int_equal(set_affinity(3, 0x4), 0);
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
	assert_int_equal(set_affinity(1, 0x1), -EINVAL);
	assert_int_equal(check_affinity(1, 0x1), -EINVAL);
	assert_int_equal(set_affinity(0, 0x10), -EINVAL);
	assert_int_equal(check_affinity(0, 0x10), -EINVAL);
	shim_fail_at(SHIM_FAIL_AFFINITY, 1);
	assert_int_equal(set_affinity(0, 0x1), -ENOSPC);
	shim_fail_at(SHIM_FAIL_ALLOC, 1);
	assert_int_equal(set_affinity(0, 0x1), -ENOMEM);
	shim_fail_at(SHIM_FAIL_ALLOC, 2);
	assert_int_equal(set_affinity(4, 0x1), -ENOMEM);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	assert_int_equal(irq_affinity(0), 0);
	assert_int_equal(set_affinity(5, 0), 0);
	rules_state(5, IMS_VECTOR_STATE_ABSENT);
}

static void affinity_fails_the_block(void **state)
{
	static const s32 fds[] = { 0, 1, 2 };

	(void)state;
	assert_int_equal(set_affinity(2, 0x1), 0);
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
	assert_int_equal(set_affinity(0, 0x2), 0);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 0, 1), 0);
	assert_int_equal(vfio_pci_ims_clear_emulated(&e.ims[0], 0, 1), 0);
	rules_live(0, 1);
	assert_int_equal(irq_affinity(0), 0);
}

/* Raising interrupts by hand */

static void inject_goes_through_the_handler(void **state)
{
	const u8 bools[] = { 0, 1, 0, 1 };
	u32 culprit;

	(void)state;
	rules_live(0, 4);
	assert_int_equal(WITH_VDEV(ims_block_inject(vdev, 0, 4, bools, &culprit)), 0);
	rules_counts((unsigned int[]){ 0, 1, 0, 1 }, 4);
	assert_int_equal(counts_of(1).delivered, 1);
	assert_int_equal(counts_of(1).loopback, 0);
	assert_int_equal(WITH_VDEV(ims_block_inject(vdev, 2, 2, NULL, &culprit)), 0);
	rules_counts((unsigned int[]){ 0, 1, 1, 2 }, 4);
}

static void inject_needs_an_interrupt(void **state)
{
	u32 culprit = 99;

	(void)state;
	rules_live(0, 2);
	rules_emulated_live(4, 1);
	assert_int_equal(WITH_VDEV(ims_block_inject(vdev, 0, 5, NULL, &culprit)), -EINVAL);
	assert_int_equal(culprit, 2);
	assert_int_equal(WITH_VDEV(ims_block_inject(vdev, 4, 1, NULL, &culprit)), -EINVAL);
	assert_int_equal(culprit, 4);
	rules_no_signals();
}

static void inject_meets_one_under_way(void **state)
{
	u32 culprit;

	(void)state;
	rules_live(0, 2);
	shim_fail_at(SHIM_FAIL_INJECT, 1);
	assert_int_equal(WITH_VDEV(ims_block_inject(vdev, 0, 2, NULL, &culprit)), 0);
	rules_counts((unsigned int[]){ 0, 1 }, 2);
}

static void inject_on_a_masked_vector(void **state)
{
	u32 culprit;

	(void)state;
	rules_live(0, 1);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(WITH_VDEV(ims_block_inject(vdev, 0, 1, NULL, &culprit)), 0);
	rules_no_signals();
	assert_true(vfio_pci_ims_pending(&e.ims[0], 0));
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	rules_counts((unsigned int[]){ 1 }, 1);
}

/* Checks that change nothing */

#define cookie_check(v, own, c, mode) \
	WITH_VDEV(ims_cookie_check(vdev, v, own, c, mode))

static void checks_say_what_would_happen(void **state)
{
	u32 culprit;

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
	assert_int_equal(WITH_VDEV(ims_block_check_live(vdev, 0, 8, NULL, &culprit)), -EINVAL);
	assert_int_equal(culprit, 7);
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

/* Events */

static void told(unsigned int i, int kind, enum ims_event event, u32 vector)
{
	const struct env_event *t = env_event(i);

	assert_non_null(t);
	assert_int_equal(t->kind, kind);
	assert_int_equal(t->event, event);
	assert_int_equal(t->vector, vector);
}

static void life_is_told(void **state)
{
	(void)state;
	env_events_forget();
	assert_int_equal(env_open(&e, 1, 4), 0);
	told(0, ENV_DEVICE, IMS_EVENT_CREATE, 0);
	assert_int_equal(env_bind1(&e, 1, 2, 0), 0);
	told(1, ENV_VECTOR, IMS_EVENT_CREATE, 2);
	assert_true(env_event(1)->live);
	assert_true(env_event(1)->slot >= 0);
	assert_int_equal(env_bind1(&e, 1, 2, -1), 0);
	told(2, ENV_VECTOR, IMS_EVENT_CHANGE, 2);
	assert_false(env_event(2)->live);
	assert_int_equal(env_event(2)->slot, -1);
	assert_int_equal(env_bind1(&e, 1, 2, 1), 0);
	told(3, ENV_VECTOR, IMS_EVENT_CHANGE, 2);
	/* A trigger that replaces another changes no state. */
	assert_int_equal(env_bind1(&e, 1, 2, 2), 0);
	assert_int_equal(env_events_count(), 4);
	assert_int_equal(env_irqs(&e, 1, MASK | NONE, 2, 1, NULL), 0);
	assert_int_equal(env_events_count(), 4);
	/* The end of a device stands for all of it. */
	vfio_pci_ims_free(&e.ims[1]);
	told(4, ENV_DEVICE, IMS_EVENT_DELETE, 0);
	assert_int_equal(env_events_count(), 5);
}

static void unbind(void)
{
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
}

static void disable(void)
{
	assert_int_equal(env_disable(&e, 0), 0);
}

static void destroy(void)
{
	ims_store_destroy(e.store);
	e.store = NULL;
}

/* What a vector has counted is told along with it, also when its slot goes. */
static void counts_are_told(void **state)
{
	void (*const ends[])(void) = { unbind, disable, destroy };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		rules_live(0, 1);
		assert_true(env_fire_vector(&e, 0, 0));
		env_events_forget();
		ends[i]();
		told(0, ENV_VECTOR, IMS_EVENT_CHANGE, 0);
		assert_false(env_event(0)->live);
		assert_int_equal(env_event(0)->slot, -1);
		assert_int_equal(env_event(0)->delivered, i + 1);
	}
}

/* By what ends all of them, only those are told that were live. */
static void disable_tells_the_live(void **state)
{
	(void)state;
	rules_live(0, 4);
	assert_int_equal(env_bind1(&e, 0, 1, -1), 0);
	env_events_forget();
	disable();
	told(0, ENV_VECTOR, IMS_EVENT_CHANGE, 0);
	told(1, ENV_VECTOR, IMS_EVENT_CHANGE, 2);
	told(2, ENV_VECTOR, IMS_EVENT_CHANGE, 3);
	assert_int_equal(env_events_count(), 3);
}

static void configuration_is_told(void **state)
{
	(void)state;
	rules_live(0, 1);
	env_events_forget();
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 5, NEXT), 0);
	told(0, ENV_VECTOR, IMS_EVENT_CHANGE, 0);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 3, 5, NEXT), 0);
	told(1, ENV_VECTOR, IMS_EVENT_CREATE, 3);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 3, 2), 0);
	told(2, ENV_VECTOR, IMS_EVENT_CHANGE, 3);
	told(3, ENV_VECTOR, IMS_EVENT_CREATE, 4);
	/* Repeated: nothing changes. */
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 3, 2), 0);
	assert_int_equal(env_events_count(), 4);
	assert_int_equal(vfio_pci_ims_clear_emulated(&e.ims[0], 3, 1), 0);
	told(4, ENV_VECTOR, IMS_EVENT_CHANGE, 3);
	assert_int_equal(set_affinity(0, 0x1), 0);
	told(5, ENV_VECTOR, IMS_EVENT_CHANGE, 0);
	assert_int_equal(set_affinity(6, 0x1), 0);
	told(6, ENV_VECTOR, IMS_EVENT_CREATE, 6);
	reset(0, 1);
	told(7, ENV_VECTOR, IMS_EVENT_CHANGE, 0);
	/* Of those that use the default cookie, which the emulated one does not. */
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], 7), 0);
	told(8, ENV_DEVICE, IMS_EVENT_CHANGE, 0);
	told(9, ENV_VECTOR, IMS_EVENT_CHANGE, 3);
	told(10, ENV_VECTOR, IMS_EVENT_CHANGE, 6);
	assert_int_equal(env_events_count(), 11);
}

static void failures_tell_nothing_but_alerts(void **state)
{
	static const s32 fds[] = { 0, 1, 2, 3 };

	(void)state;
	assert_int_equal(env_set_limits(&e, 0, 2, 0), 0);
	env_events_forget();
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), -ENOSPC);
	assert_int_equal(env_events_count(), 1);
	told(0, ENV_ALERT, 0, 2);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_DEVICE_LIMIT);
	assert_int_equal(env_event(0)->error, -ENOSPC);

	/* Not by its own limit: the others have it all. */
	assert_int_equal(env_set_limits(&e, 0, 0, 0), 0);
	assert_int_equal(env_open_limits(&e, 1, 8, 0, 7), 0);
	env_events_forget();
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), -ENOSPC);
	told(0, ENV_ALERT, 0, 1);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_STORE_FULL);

	env_events_forget();
	shim_fail_at(SHIM_FAIL_REQUEST, 1);
	assert_int_equal(env_bind1(&e, 0, 5, 0), -ENOSPC);
	told(0, ENV_ALERT, 0, 5);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_CPU_VECTORS);

	env_events_forget();
	shim_fail_at(SHIM_FAIL_REMAP, 1);
	assert_int_equal(env_bind1(&e, 0, 5, 0), -ENOMEM);
	told(0, ENV_ALERT, 0, 5);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_NO_MEMORY);

	/* The same with AMD's remapping: there are slots, but no entry. */
	env_events_forget();
	shim_remap_error(-ENOSPC);
	shim_fail_at(SHIM_FAIL_REMAP, 1);
	assert_int_equal(env_bind1(&e, 0, 5, 0), -ENOSPC);
	told(0, ENV_ALERT, 0, 5);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_NO_MEMORY);

	/* What is the owner's own mistake is no alert. */
	env_events_forget();
	assert_int_equal(env_bind1(&e, 0, 5, BAD_FD), -EBADF);
	assert_int_equal(env_events_count(), 0);
}

static void a_cookie_without_room_is_an_alert(void **state)
{
	(void)state;
	assert_int_equal(env_set_limits(&e, 0, 1, 0), 0);
	rules_live(0, 1);
	env_events_forget();
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 5, NOW), -ENOSPC);
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_DEVICE_LIMIT);
	env_events_forget();
	shim_fail_at(SHIM_FAIL_ALLOC, 1);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 5, NOW), -ENOMEM);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_NO_MEMORY);
}

static void the_parent_s_end_is_told(void **state)
{
	(void)state;
	rules_live(0, 2);
	env_events_forget();
	ims_store_destroy(e.store);
	e.store = NULL;
	told(0, ENV_VECTOR, IMS_EVENT_CHANGE, 0);
	told(1, ENV_VECTOR, IMS_EVENT_CHANGE, 1);
	told(2, ENV_DEVICE, IMS_EVENT_CHANGE, 0);
	assert_int_equal(env_events_count(), 3);
	assert_int_equal(env_event(2)->kind, ENV_DEVICE);
}

static void judge(u64 limit, u64 ms)
{
	struct ims_vdev *vdev = lock_vdev();

	ims_storms_judge(vdev, limit, ms);
	unlock_vdev(vdev);
}

static void storms_are_told_when_they_begin(void **state)
{
	int i;

	(void)state;
	rules_live(0, 2);
	judge(100, 1000);
	env_events_forget();
	for (i = 0; i < 60; i++)
		assert_true(env_fire_vector(&e, 0, 0));
	judge(100, 500);	/* 120 a second */
	assert_int_equal(env_events_count(), 1);
	told(0, ENV_ALERT, 0, 0);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_STORM);
	assert_int_equal(env_event(0)->rate, 120);
	/* It goes on: told once. */
	for (i = 0; i < 60; i++)
		assert_true(env_fire_vector(&e, 0, 0));
	judge(100, 500);
	assert_int_equal(env_events_count(), 1);
	/* It ends, and begins again, in spite of a reset between. */
	judge(100, 500);
	reset(0, 1);
	env_events_forget();
	for (i = 0; i < 101; i++)
		assert_true(env_fire_vector(&e, 0, 0));
	judge(100, 1000);
	assert_int_equal(env_events_count(), 1);
	/* Never, when there is no limit. */
	judge(0, 1000);
	for (i = 0; i < 1000; i++)
		assert_true(env_fire_vector(&e, 0, 1));
	env_events_forget();
	judge(0, 0);
	assert_int_equal(env_events_count(), 0);
}

/* Whatever becomes of them: signalled, kept by a mask, or dropped. */
static void storms_are_of_all_kinds(void **state)
{
	u32 culprit;
	int i;

	(void)state;
	rules_emulated_live(0, 2);
	rules_live(2, 2);
	assert_int_equal(env_bind1(&e, 0, 1, -1), 0);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 2, 1, NULL), 0);
	judge(100, 1000);
	env_events_forget();
	for (i = 0; i < 101; i++) {
		vfio_pci_ims_send_signal(&e.ims[0], 0);
		vfio_pci_ims_send_signal(&e.ims[0], 1);
		env_fire_vector(&e, 0, 2);
		/* Not by its owner, who may do that as he likes. */
		assert_int_equal(WITH_VDEV(ims_block_signal(vdev, 3, 1, NULL,
							    &culprit)), 0);
	}
	judge(100, 1000);
	assert_int_equal(env_events_count(), 3);
	for (i = 0; i < 3; i++) {
		told((unsigned int)i, ENV_ALERT, 0, (u32)i);
		assert_int_equal(env_event((unsigned int)i)->rate, 101);
	}
}

/* Stores */

static unsigned long store_events[8];
static unsigned int nr_store_events;

static int store_event(struct notifier_block *nb, unsigned long event,
		       void *data)
{
	(void)nb;
	(void)data;
	store_events[nr_store_events++ % 8] = event;
	return NOTIFY_DONE;
}

static void stores_are_found_and_told(void **state)
{
	struct notifier_block nb = { .notifier_call = store_event };
	struct ims_store_info info;
	struct ims_store *store;
	u32 id, generation;

	(void)state;
	nr_store_events = 0;
	assert_int_equal(ims_store_register_notifier(&nb), 0);
	ims_store_query(e.store, &info);
	id = info.id;
	assert_int_equal(info.clients, 1);
	assert_int_equal(info.available, 8);
	assert_string_equal(ims_store_domain(e.store), "INTEL-IR-0");
	assert_string_equal(ims_store_driver(e.store), "driver");

	store = ims_store_get_id(id);
	assert_ptr_equal(store, e.store);
	ims_store_put(store);
	store = ims_store_get_name("0000:00:03.0");
	assert_ptr_equal(store, e.store);
	ims_store_put(store);
	store = ims_store_get_next(0);
	assert_ptr_equal(store, e.store);
	assert_int_equal(ims_store_id(store), id);
	ims_store_put(store);
	assert_null(ims_store_get_next(id + 1));
	assert_null(ims_store_get_id(id + 1));
	assert_null(ims_store_get_name("0000:00:04.0"));

	assert_int_equal(ims_store_set_limit(e.store, 7), 0);
	assert_int_equal(ims_store_set_limit(e.store, 9), -EINVAL);
	ims_store_reset_stats(e.store);
	generation = ims_stores_generation();
	store = ims_store_get_id(id);
	ims_store_destroy(e.store);
	e.store = NULL;
	assert_int_not_equal(ims_stores_generation(), generation);
	assert_null(ims_store_get_id(id));
	assert_int_equal(ims_store_check_limit(store, 4), -ENODEV);
	/* Nothing is told of a store after its end. */
	ims_store_reset_stats(store);
	ims_store_put(store);
	assert_int_equal(env_store(&e), 0);
	assert_true(ims_store_id(e.store) > id);

	assert_int_equal(nr_store_events, 4);
	assert_int_equal(store_events[0], IMS_STORE_CHANGED);
	assert_int_equal(store_events[1], IMS_STORE_CHANGED);
	assert_int_equal(store_events[2], IMS_STORE_DESTROYED);
	assert_int_equal(store_events[3], IMS_STORE_CREATED);
	ims_store_unregister_notifier(&nb);
}

static void one_store_per_device(void **state)
{
	struct shim_counts was, is;
	struct ims_store *other;

	(void)state;
	shim_counts(&was);
	other = ims_store_create(&e.pdev, &e.ops, 4, &e);
	assert_int_equal(PTR_ERR(other), -EEXIST);
	shim_counts(&is);
	assert_int_equal(is.memory, was.memory);
	assert_int_equal(is.domains, was.domains);
}

static void store_stats_begin_anew(void **state)
{
	static const s32 fds[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	struct ims_store_info info;

	(void)state;
	rules_live(0, 4);
	assert_int_equal(env_bind1(&e, 0, 3, -1), 0);
	assert_int_equal(ims_store_set_limit(e.store, 4), 0);
	assert_int_equal(env_bind(&e, 0, 0, 8, fds), -ENOSPC);
	ims_store_query(e.store, &info);
	assert_int_equal(info.peak, 4);
	assert_int_equal(info.failures, 1);
	ims_store_reset_stats(e.store);
	ims_store_query(e.store, &info);
	assert_int_equal(info.peak, 3);
	assert_int_equal(info.failures, 0);
	assert_int_equal(info.used, 3);
	assert_int_equal(info.available, 1);
}

size_t rules_control(struct CMUnitTest *tests)
{
	const struct CMUnitTest mine[] = {
		rule("counts: a reset begins anew, and only then", reset_begins_anew),
		rule("counts: a reset is of each counter", reset_is_of_each_counter),
		rule("counts: a reset is of its range, absent vectors stay so", reset_is_of_the_range),
		rule("counts: since when is told, the last one stays known", reset_tells_since),
		rule("counts: the last one is the latest of all ways", last_is_the_latest),
		rule("affinity: of a live vector, which keeps slot and IRQ", affinity_of_a_live_vector),
		rule("affinity: is context: outlives the slot, comes before the request", affinity_outlives_the_slot),
		rule("affinity: refused without change", affinity_refused),
		rule("affinity: CPUs without vectors fail the block, all is as before", affinity_fails_the_block),
		rule("affinity: emulated vectors have none", emulated_forgets_affinity),
		rule("inject: goes through the handler", inject_goes_through_the_handler),
		rule("inject: EINVAL without a Linux interrupt, nothing raised", inject_needs_an_interrupt),
		rule("inject: one that meets one under way is one", inject_meets_one_under_way),
		rule("inject: a mask keeps it back", inject_on_a_masked_vector),
		rule("check: says what would happen and changes nothing", checks_say_what_would_happen),
		rule("check: stores that change cookies in place need no slot", checks_know_stores_that_change_in_place),
		rule("events: a life", life_is_told),
		rule("events: a vector that ends has its counts", counts_are_told),
		rule("events: disabling tells of those that were live", disable_tells_the_live),
		rule("events: configuration", configuration_is_told),
		rule("events: ENOSPC says which, and nothing else is told", failures_tell_nothing_but_alerts),
		rule("events: a cookie without room is an alert", a_cookie_without_room_is_an_alert),
		rule("events: the parent's end", the_parent_s_end_is_told),
		rule("events: storms, when they begin", storms_are_told_when_they_begin),
		rule("events: storms, of signals, masked and dropped ones, too", storms_are_of_all_kinds),
		rule("store: found by number and name, its life is told", stores_are_found_and_told),
		rule("store: one for each device", one_store_per_device),
		rule("store counts: a reset begins anew", store_stats_begin_anew),
	};

	memcpy(tests, mine, sizeof(mine));
	return ARRAY_SIZE(mine);
}
