// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The end of Linux IRQs (kmod/ims/dispose.c): a CPU that is on its way to the
 * handler when free_irq() returns finds the descriptor as it was.
 */
#include "rules.h"

#include "shim/irq.h"

static s32 fds[100];

static int setup(void **state)
{
	int ret = rules_setup(state), i;

	for (i = 0; i < 100; i++)
		fds[i] = i % 8;
	rules_again(100, 0);
	assert_int_equal(env_open(&e, 0, 100), 0);
	return ret;
}

static int teardown(void **state)
{
	shim_work_mode(SHIM_RCU_IMMEDIATE);
	return rules_teardown(state);
}

static long linux_irqs(void)
{
	struct shim_counts c;

	shim_counts(&c);
	return c.irqs;
}

static long grace_periods(void)
{
	struct shim_counts c;

	shim_counts(&c);
	return c.rcu_syncs;
}

static unsigned int virqs[2];
static unsigned int met;

/*
 * What a CPU meets that had looked up the descriptor before free_irq(). Asserts
 * nothing: a jump out of the work item would leave it running.
 */
static void cpu_goes_on(void)
{
	const struct irq_desc *desc;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(virqs); i++) {
		desc = shim_desc_or_null(virqs[i]);
		met += desc && desc->data.chip && desc->data.chip_data &&
		       desc->edge && desc->remapped && !desc->handler &&
		       !shim_irq_raise(virqs[i]);
	}
}

static void descriptor_stays(void **state)
{
	int slots[2];
	u32 i;

	(void)state;
	assert_int_equal(env_bind(&e, 0, 0, 2, fds), 0);
	for (i = 0; i < 2; i++) {
		virqs[i] = env_get(&e, 0, i).virq;
		slots[i] = env_hwirq(&e, 0, i);
	}
	met = 0;
	shim_work_mode(SHIM_RCU_DEFERRED);
	shim_sync_hook = cpu_goes_on;
	assert_int_equal(vfio_pci_ims_revoke(&e.ims[0], 0, 2), 0);
	shim_work_drain();
	shim_sync_hook = NULL;
	assert_int_equal(met, 2);
	for (i = 0; i < 2; i++) {
		assert_null(shim_desc_or_null(virqs[i]));
		assert_int_equal(e.slots[slots[i]].address, 0);
	}
}

/* Revoking is not slower for it, and many have one grace period. */
static void one_for_many(void **state)
{
	long was;

	(void)state;
	assert_int_equal(env_bind(&e, 0, 0, 30, fds), 0);
	shim_work_mode(SHIM_RCU_DEFERRED);
	was = grace_periods();
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(grace_periods(), was);
	/* 30, and the leader of their row */
	assert_true(linux_irqs() > 30);
	shim_work_drain();
	assert_int_equal(grace_periods(), was + 1);
	assert_int_equal(linux_irqs(), 0);
}

/* No slot is handed out as long as its Linux IRQ is there. */
static void dying_slots_are_waited_for(void **state)
{
	int i;

	(void)state;
	rules_again(2, 0);
	assert_int_equal(env_open(&e, 0, 2), 0);
	shim_work_mode(SHIM_RCU_DEFERRED);
	for (i = 0; i < 5; i++) {
		assert_int_equal(env_bind(&e, 0, 0, 2, fds), 0);
		assert_int_equal(env_get(&e, 0, 1).generation, i + 1);
		assert_int_equal(env_disable(&e, 0), 0);
		assert_int_equal(linux_irqs(), 2);
	}
	assert_int_equal(env_bind1(&e, 0, 0, 0), 0);
	assert_int_equal(env_hwirq(&e, 0, 0), 0);
}

/* One wanted by number as well, and by who has a window of others in use. */
static void wished_slots_are_waited_for(void **state)
{
	struct ims_client *client = env_client_create(&e);
	struct ims_irq irq = { .slot = 7 };

	(void)state;
	shim_work_mode(SHIM_RCU_DEFERRED);
	assert_int_equal(ims_alloc_irqs(client, &irq, 1, NULL), 0);
	ims_free_irqs(client, &irq, 1);
	assert_int_equal(linux_irqs(), 1);
	assert_int_equal(ims_alloc_irqs(client, &irq, 1, NULL), 0);
	assert_int_equal(irq.slot, 7);
	assert_int_equal(irq.generation, 2);
	ims_free_irqs(client, &irq, 1);
	ims_client_destroy(client);
	assert_int_equal(linux_irqs(), 0);
}

/* At most 32 more than it has slots: more are waited for. */
static void dying_slots_are_bounded(void **state)
{
	u32 i;

	(void)state;
	shim_work_mode(SHIM_RCU_DEFERRED);
	assert_int_equal(env_bind(&e, 0, 0, 32, fds), 0);
	assert_int_equal(env_disable(&e, 0), 0);
	assert_true(linux_irqs() >= 32);
	/* The 33rd is one too many. */
	assert_int_equal(env_bind1(&e, 0, 0, 0), 0);
	assert_true(linux_irqs() >= 33);
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(linux_irqs(), 0);
	/* One interrupt that comes and goes */
	for (i = 0; i < 200; i++) {
		assert_int_equal(env_bind1(&e, 0, 0, 0), 0);
		assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
		assert_true(linux_irqs() <= 34);
	}
	/* A request waits, too: it might be for as many. */
	for (i = 0; i < 10; i++) {
		assert_int_equal(env_bind(&e, 0, 0, 20, fds), 0);
		assert_int_equal(env_disable(&e, 0), 0);
		assert_true(linux_irqs() <= 20 + 20 + 32 + 8);
	}
}

/* A quota does not count them. */
static void dying_slots_are_not_in_use(void **state)
{
	struct ims_client_info info;
	struct ims_store_info store;

	(void)state;
	assert_int_equal(env_set_limits(&e, 0, 4, 4), 0);
	shim_work_mode(SHIM_RCU_DEFERRED);
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), 0);
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(linux_irqs(), 4);
	env_client(&e, 0, &info);
	assert_int_equal(info.used, 0);
	assert_int_equal(info.available, 4);
	ims_store_query(e.store, &store);
	assert_int_equal(store.used, 0);
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), 0);
}

static void ends_wait(void **state)
{
	(void)state;
	shim_work_mode(SHIM_RCU_DEFERRED);
	assert_int_equal(env_bind(&e, 0, 0, 8, fds), 0);
	env_close(&e, 0);
	assert_int_equal(linux_irqs(), 0);
	assert_int_equal(env_open(&e, 0, 8), 0);
	assert_int_equal(env_bind(&e, 0, 0, 8, fds), 0);
	ims_store_destroy(e.store);
	e.store = NULL;
	assert_int_equal(linux_irqs(), 0);
}

#define dispose_rule(text, fn)	{ text, fn, setup, teardown, NULL }

RULES(rules_dispose,
	dispose_rule("end of IRQs: the descriptor stays for a grace period, quiet, then it goes", descriptor_stays),
	dispose_rule("end of IRQs: disabling does not wait; many share a grace period", one_for_many),
	dispose_rule("end of IRQs: a slot is handed out when its IRQ is gone, and waited for", dying_slots_are_waited_for),
	dispose_rule("end of IRQs: so is a slot by wish", wished_slots_are_waited_for),
	dispose_rule("end of IRQs: how many wait is bounded", dying_slots_are_bounded),
	dispose_rule("end of IRQs: slots are not in use meanwhile", dying_slots_are_not_in_use),
	dispose_rule("end of IRQs: close and the store's end wait", ends_wait))
