// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cookies and affinities of many vectors in one request: all, or none.
 */
#include "rules.h"

static char before[65536], after[65536];

/* What the driver was asked, in order; it refuses for @refused. */
static struct vfio_pci_ims_cookie asked[16];
static unsigned int nr_asked;
static u32 refused;
/* When it refuses, the next interrupt cannot be moved. */
static bool stuck;

static int cookie_change(struct vfio_pci_ims *ims,
			 const struct vfio_pci_ims_cookie *change)
{
	(void)ims;
	might_sleep();
	assert_true(nr_asked < ARRAY_SIZE(asked));
	asked[nr_asked++] = *change;
	if (change->vector != refused)
		return 0;
	if (stuck)
		shim_fail_at(SHIM_FAIL_AFFINITY, 1);
	return -EPERM;
}

static const struct vfio_pci_ims_ops asking = { .cookie_change = cookie_change };

static int setup(void **state)
{
	int ret = rules_setup(state);

	rules_again(16, 0);
	e.driver = &asking;
	nr_asked = 0;
	refused = VECTORS;
	stuck = false;
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	return ret;
}

static struct ims_config_failure failure;

static int configure(const struct ims_config *config)
{
	return WITH_VDEV(ims_vectors_configure(vdev, config, &failure));
}

static int cookies(u32 start, u32 count, bool own, u64 cookie,
		   enum vfio_pci_ims_cookie_mode mode)
{
	const struct ims_config config = {
		.start = start, .count = count, .ask = true,
		.cookie_given = true,
		.cookie = { .own = own, .cookie = cookie, .mode = mode },
	};

	return configure(&config);
}

static int affinities(u32 start, u32 count, unsigned long cpus)
{
	const struct cpumask mask = { cpus };
	const struct ims_config config = {
		.start = start, .count = count,
		.affinity_given = true, .mask = cpus ? &mask : NULL,
	};

	return configure(&config);
}

static unsigned long irq_affinity(u32 vector)
{
	return shim_irq_affinity(env_get(&e, 0, vector).virq);
}

static void remember(void)
{
	env_dump(&e, before, sizeof(before));
}

static void unchanged(void)
{
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
}

static void cookies_of_a_range(void **state)
{
	u32 i;

	(void)state;
	rules_live(0, 3);
	env_events_forget();
	assert_int_equal(cookies(1, 3, true, 7, NOW), 0);
	assert_int_equal(env_get(&e, 0, 0).cookie, ENV_COOKIE(0));
	for (i = 1; i < 3; i++)
		assert_int_equal(env_get(&e, 0, i).cookie, 7);
	assert_int_equal(env_get(&e, 0, 3).next, 7);
	rules_state(3, IMS_VECTOR_STATE_IDLE);
	assert_int_equal(nr_asked, 3);
	assert_int_equal(asked[2].vector, 3);
	assert_int_equal(env_events_count(), 3);
	/* Absent ones have none that could be cleared. */
	assert_int_equal(cookies(2, 4, false, 0, NOW), 0);
	assert_int_equal(env_get(&e, 0, 2).cookie, ENV_COOKIE(0));
	rules_state(5, IMS_VECTOR_STATE_ABSENT);
	assert_int_equal(nr_asked, 5);
}

static void chosen_ones(void **state)
{
	static const u8 bools[VECTORS] = { 1, 0, 1 };
	const struct cpumask mask = { 0x2 };
	const struct ims_config config = {
		.count = VECTORS, .bools = bools, .ask = true,
		.cookie_given = true,
		.cookie = { .own = true, .cookie = 7, .mode = NEXT },
		.affinity_given = true, .mask = &mask,
	};

	(void)state;
	rules_live(0, 3);
	assert_int_equal(configure(&config), 0);
	assert_int_equal(env_get(&e, 0, 0).next, 7);
	assert_int_equal(env_get(&e, 0, 1).next, ENV_COOKIE(0));
	assert_int_equal(env_get(&e, 0, 2).next, 7);
	assert_int_equal(irq_affinity(0), 0x2);
	assert_int_equal(irq_affinity(1), 0);
	assert_int_equal(irq_affinity(2), 0x2);
	rules_state(3, IMS_VECTOR_STATE_ABSENT);
}

static void slots_for_all_or_none(void **state)
{
	const struct vfio_pci_ims_cookie change = {
		.own = true, .cookie = 7, .mode = NOW,
	};
	u32 slots = 0;

	(void)state;
	rules_live(0, 4);
	/* One more for each of two: the third is too much. */
	assert_int_equal(env_set_limits(&e, 0, 6, 0), 0);
	remember();
	assert_int_equal(cookies(0, 3, true, 7, NOW), -ENOSPC);
	unchanged();
	assert_int_equal(nr_asked, 0);
	assert_int_equal(WITH_VDEV(ims_cookie_check(vdev, &change, &slots)), 0);
	assert_int_equal(WITH_VDEV(ims_cookie_check(vdev, &change, &slots)), 0);
	assert_int_equal(WITH_VDEV(ims_cookie_check(vdev, &change, &slots)),
			 -ENOSPC);
	assert_int_equal(cookies(0, 2, true, 7, NOW), 0);
	/* With the cookie already, it needs none. */
	assert_int_equal(env_set_limits(&e, 0, 4, 0), 0);
	assert_int_equal(cookies(0, 2, true, 7, NOW), 0);
}

static void one_is_emulated(void **state)
{
	(void)state;
	rules_live(0, 2);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 2, 1), 0);
	remember();
	assert_int_equal(cookies(0, 3, true, 7, NEXT), -EINVAL);
	assert_int_equal(failure.vector, 2);
	assert_false(failure.affinity);
	assert_int_equal(affinities(0, 3, 0x2), -EINVAL);
	assert_int_equal(failure.vector, 2);
	assert_true(failure.affinity);
	unchanged();
	assert_int_equal(irq_affinity(0), 0);
	assert_int_equal(nr_asked, 0);
}

static void driver_refuses_one(void **state)
{
	const struct cpumask mask = { 0x4 };
	struct ims_config both = {
		.count = 3, .ask = true, .cookie_given = true,
		.cookie = { .own = true, .cookie = 7, .mode = NEXT },
		.affinity_given = true, .mask = &mask,
	};

	(void)state;
	rules_live(0, 3);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 1, 9, NEXT), 0);
	assert_int_equal(rules_affinity(0, 0x2), 0);
	refused = 2;
	remember();
	assert_int_equal(cookies(0, 4, true, 7, NOW), -EPERM);
	unchanged();
	assert_int_equal(failure.vector, 2);
	assert_false(failure.affinity);
	/* Those that it has agreed to are told back. */
	assert_int_equal(nr_asked, 5);
	assert_int_equal(asked[3].vector, 0);
	assert_false(asked[3].own);
	assert_int_equal(asked[4].vector, 1);
	assert_true(asked[4].own);
	assert_int_equal(asked[4].cookie, 9);

	/* An interrupt that was moved goes where it went. */
	assert_int_equal(configure(&both), -EPERM);
	unchanged();
	assert_int_equal(irq_affinity(0), 0x2);
	assert_int_equal(irq_affinity(1), 0xf);
}

/* Somebody has taken the place of an interrupt that is to go back. */
static void no_way_back(void **state)
{
	const struct cpumask mask = { 0x4 };
	const struct ims_config both = {
		.count = 2, .ask = true, .cookie_given = true,
		.cookie = { .own = true, .cookie = 7, .mode = NEXT },
		.affinity_given = true, .mask = &mask,
	};

	(void)state;
	rules_live(0, 2);
	assert_int_equal(rules_affinity(0, 0x2), 0);
	assert_int_equal(rules_affinity(1, 0x2), 0);
	refused = 1;
	stuck = true;
	env_events_forget();
	assert_int_equal(configure(&both), -EPERM);
	assert_int_equal(irq_affinity(0), 0x4);
	assert_int_equal(irq_affinity(1), 0x2);
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_AFFINITY);
	/* Its affinity is as before, and the next slot has it. */
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	rules_live(0, 1);
	assert_int_equal(irq_affinity(0), 0x2);
}

static void one_interrupt_stays(void **state)
{
	(void)state;
	rules_live(0, 3);
	assert_int_equal(rules_affinity(0, 0x2), 0);
	remember();
	shim_fail_at(SHIM_FAIL_AFFINITY, 3);
	assert_int_equal(affinities(0, 5, 0x4), -ENOSPC);
	unchanged();
	assert_int_equal(failure.vector, 2);
	assert_true(failure.affinity);
	assert_int_equal(irq_affinity(0), 0x2);
	assert_int_equal(irq_affinity(1), 0xf);
	assert_int_equal(irq_affinity(2), 0);
	assert_int_equal(affinities(0, 5, 0x4), 0);
	assert_int_equal(irq_affinity(2), 0x4);
	rules_live(3, 1);
	assert_int_equal(irq_affinity(3), 0x4);
	/* The default again; absent ones stay absent. */
	assert_int_equal(affinities(0, VECTORS, 0), 0);
	assert_int_equal(irq_affinity(3), 0xf);
	rules_state(7, IMS_VECTOR_STATE_ABSENT);
}

#define many(text, fn)	{ "configure: " text, fn, setup, rules_teardown, NULL }

RULES(rules_configure,
	many("cookies of a range take effect together", cookies_of_a_range),
	many("chosen vectors only", chosen_ones),
	many("slots for all cookies that take effect now, or for none", slots_for_all_or_none),
	many("an emulated one is named, all is as before", one_is_emulated),
	many("the driver refuses one, and is told of those it agreed to", driver_refuses_one),
	many("an interrupt that cannot be moved back is an alert", no_way_back),
	many("an interrupt that cannot be moved moves none", one_interrupt_stays),
)
