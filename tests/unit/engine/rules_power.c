// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Section 6, power and reset of the hardware: while a store is suspended nobody
 * touches it (the test dies of it), and restored it has what vectors have.
 */
#include <linux/notifier.h>

#include "rules.h"

#define set(v, c, mode)	vfio_pci_ims_set_cookie(&e.ims[0], v, c, mode)

static char before[65536], after[65536];

static void fall_asleep(void)
{
	ims_store_suspend(e.store);
	e.asleep = true;
}

static void wake_up(void)
{
	e.asleep = false;
	ims_store_restore(e.store);
}

/* As after a reset of the function */
static void wake_up_empty(void)
{
	env_forget(&e);
	wake_up();
}

static void begin(unsigned int flags)
{
	rules_again(16, flags);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
}

static struct env_slot *hw(u32 vector)
{
	return &e.slots[env_hwirq(&e, 0, vector)];
}

static void written_again(void **state)
{
	u32 i;

	(void)state;
	begin(ENV_BUS);
	assert_int_equal(set(1, 7, NEXT), 0);
	rules_live(0, 4);
	assert_int_equal(vfio_pci_ims_prepare(&e.ims[0], 5), 0);
	env_dump(&e, before, sizeof(before));
	fall_asleep();
	wake_up_empty();
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	for (i = 0; i < 4; i++) {
		assert_true(env_fire_vector(&e, 0, i));
		assert_int_equal(env_count((int)i), 1);
	}
	assert_int_equal(hw(1)->cookie, 7);
	assert_true(env_fire_vector(&e, 0, 5));
}

/* The interrupt core's masks, which nobody sees in a vector */
static void masks_are_restored(void **state)
{
	u32 slot;

	(void)state;
	rules_live(0, 3);
	ims_slot_mask(e.store, (u32)env_hwirq(&e, 0, 0));
	fall_asleep();
	ims_slot_mask(e.store, (u32)env_hwirq(&e, 0, 1));
	ims_slot_unmask(e.store, (u32)env_hwirq(&e, 0, 0));
	ims_slot_mask(e.store, (u32)env_hwirq(&e, 0, 0));
	wake_up_empty();
	assert_true(hw(0)->masked);
	assert_true(hw(1)->masked);
	assert_false(hw(2)->masked);
	assert_false(env_fire_vector(&e, 0, 0));
	assert_true(env_fire_vector(&e, 0, 2));
	for (slot = 0; slot < 2; slot++)
		ims_slot_unmask(e.store, (u32)env_hwirq(&e, 0, slot));
	assert_true(env_fire_vector(&e, 0, 0));
	assert_true(env_fire_vector(&e, 0, 1));
}

static void bound_asleep(void **state)
{
	(void)state;
	begin(ENV_BUS);
	rules_live(0, 2);
	fall_asleep();
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	rules_live(2, 2);
	assert_int_equal(vfio_pci_ims_prepare(&e.ims[0], 6), 0);
	assert_int_equal(vfio_pci_ims_revoke(&e.ims[0], 1, 1), 0);
	assert_int_equal(vfio_pci_ims_arm(&e.ims[0]), 0);
	wake_up();
	/* Slots that were given back are empty in the hardware, too. */
	assert_int_equal(e.slots[0].address, 0);
	assert_int_equal(e.slots[1].address, 0);
	assert_true(e.slots[0].masked);
	assert_true(env_fire_vector(&e, 0, 1));
	assert_true(env_fire_vector(&e, 0, 2));
	assert_true(env_fire_vector(&e, 0, 3));
	assert_true(env_fire_vector(&e, 0, 6));
}

static void cookies_asleep(void **state)
{
	(void)state;
	begin(ENV_IN_PLACE | ENV_BUS);
	rules_live(0, 2);
	fall_asleep();
	assert_int_equal(set(0, 7, NOW), 0);
	wake_up();
	assert_int_equal(hw(0)->cookie, 7);
	assert_int_equal(hw(1)->cookie, ENV_COOKIE(0));
	assert_true(env_fire_vector(&e, 0, 0));

	begin(0);
	rules_live(0, 2);
	fall_asleep();
	assert_int_equal(set(0, 7, NOW), 0);
	wake_up();
	assert_int_equal(hw(0)->cookie, 7);
	assert_int_equal(e.slots[0].address, 0);
}

/* Without interrupt remapping an interrupt that moves changes its message. */
static void moved_asleep(void **state)
{
	const struct cpumask there = { 4 };
	unsigned long writes;
	u32 data;

	(void)state;
	shim_affinity_rewrites(true);
	rules_live(0, 1);
	data = hw(0)->data;
	writes = e.writes;
	fall_asleep();
	assert_int_equal(irq_set_affinity(env_get(&e, 0, 0).virq, &there), 0);
	assert_int_equal(e.writes, writes);
	wake_up();
	assert_int_not_equal(hw(0)->data, data);
	assert_false(hw(0)->masked);
	assert_true(env_fire_vector(&e, 0, 0));
}

static void each_slot_once(void **state)
{
	unsigned long writes, locks;

	(void)state;
	begin(ENV_BUS);
	rules_live(0, 3);
	writes = e.writes;
	locks = e.bus_locks;
	/* Awake already */
	ims_store_restore(e.store);
	assert_int_equal(e.writes, writes);
	fall_asleep();
	ims_store_suspend(e.store);
	wake_up();
	assert_int_equal(e.writes, writes + e.hwsize);
	assert_int_equal(e.bus_locks, locks + e.hwsize);
	ims_store_restore(e.store);
	assert_int_equal(e.writes, writes + e.hwsize);
}

/* Who hands out handles by command cannot be asked while it sleeps. */
static void chosen_by_a_sleeper(void **state)
{
	(void)state;
	begin(ENV_CHOOSES | ENV_BUS);
	rules_live(0, 2);
	fall_asleep();
	env_dump(&e, before, sizeof(before));
	assert_int_equal(env_bind1(&e, 0, 2, 2), -EBUSY);
	assert_int_equal(vfio_pci_ims_prepare(&e.ims[0], 3), -EBUSY);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_true(e.chosen[0]);
	wake_up();
	assert_false(e.chosen[0]);
	assert_int_equal(e.slots[0].address, 0);
	assert_true(env_fire_vector(&e, 0, 1));
	assert_int_equal(env_bind1(&e, 0, 2, 2), 0);
}

static void ends_asleep(void **state)
{
	u32 i;

	(void)state;
	begin(ENV_BUS | ENV_CHOOSES);
	rules_live(0, 2);
	fall_asleep();
	assert_int_equal(vfio_pci_ims_hold(&e.ims[0]), 0);
	env_close(&e, 0);
	assert_int_equal(env_open(&e, 0, 4), 0);
	ims_store_destroy(e.store);
	e.store = NULL;
	assert_int_equal(e.released, 1);
	/* What the hardware has is its driver's to reset. */
	e.asleep = false;
	env_forget(&e);
	for (i = 0; i < 16; i++)
		e.chosen[i] = false;
}

static unsigned int changes;

static int on_store(struct notifier_block *nb, unsigned long event, void *data)
{
	(void)nb;
	(void)data;
	changes += event == IMS_STORE_CHANGED;
	return NOTIFY_DONE;
}

static void sleep_is_told(void **state)
{
	struct notifier_block nb = { .notifier_call = on_store };
	struct ims_store_info info;

	(void)state;
	changes = 0;
	assert_int_equal(ims_store_register_notifier(&nb), 0);
	fall_asleep();
	ims_store_query(e.store, &info);
	assert_true(info.suspended);
	assert_int_equal(changes, 1);
	wake_up();
	ims_store_query(e.store, &info);
	assert_false(info.suspended);
	assert_int_equal(changes, 2);
	ims_store_restore(e.store);
	assert_int_equal(changes, 2);
	ims_store_unregister_notifier(&nb);
}

/* Raising a slot's interrupt by hand */

static bool hw_says;

static bool hw_pending(void *data, u32 slot)
{
	const struct env *env = data;

	if (env->asleep)
		shim_die("slot %u is asked while the hardware is asleep", slot);
	return hw_says;
}

static void pending_is_the_hardware_s(void **state)
{
	struct shim_ctx irq = { .irq = 1 }, *was;

	(void)state;
	rules_again(8, 0);
	ims_store_destroy(e.store);
	e.ops.pending = hw_pending;
	assert_int_equal(env_store(&e), 0);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 1);
	hw_says = true;
	was = shim_ctx_switch(&irq);
	assert_true(vfio_pci_ims_pending(&e.ims[0], 0));
	assert_false(vfio_pci_ims_pending(&e.ims[0], 1));
	shim_ctx_switch(was);
	assert_true(shim_irq_pending(env_get(&e, 0, 0).virq));
	fall_asleep();
	assert_false(vfio_pci_ims_pending(&e.ims[0], 0));
	wake_up();
	hw_says = false;
	assert_false(vfio_pci_ims_pending(&e.ims[0], 0));
	assert_false(shim_irq_pending(env_get(&e, 0, 0).virq));
	/* The engine's own, too: kept by a mask */
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_true(env_fire_vector(&e, 0, 0));
	assert_true(vfio_pci_ims_pending(&e.ims[0], 0));
}

static void injected_by_slot(void **state)
{
	u32 slot;

	(void)state;
	rules_live(3, 1);
	slot = (u32)env_hwirq(&e, 0, 3);
	assert_int_equal(ims_store_inject(e.store, slot), 0);
	rules_counts((unsigned int[]){ 1 }, 1);
	assert_int_equal(env_get(&e, 0, 3).delivered, 1);
	assert_int_equal(ims_store_inject(e.store, 8), -EINVAL);
	assert_int_equal(ims_store_inject(e.store, U32_MAX), -EINVAL);
	assert_int_equal(ims_store_inject(e.store, slot + 1), -ENOENT);
	/* A slot that is masked keeps one. */
	ims_slot_mask(e.store, slot);
	assert_int_equal(ims_store_inject(e.store, slot), 0);
	assert_int_equal(ims_store_inject(e.store, slot), 0);
	rules_counts((unsigned int[]){ 1 }, 1);
	assert_true(vfio_pci_ims_pending(&e.ims[0], 3));
	ims_slot_unmask(e.store, slot);
	rules_counts((unsigned int[]){ 2 }, 1);
	assert_false(vfio_pci_ims_pending(&e.ims[0], 3));
	ims_slot_mask(e.store, slot);
	ims_slot_unmask(e.store, slot);
	rules_counts((unsigned int[]){ 2 }, 1);
	/* It ends with the slot. */
	ims_slot_mask(e.store, slot);
	assert_int_equal(ims_store_inject(e.store, slot), 0);
	assert_int_equal(env_bind1(&e, 0, 3, -1), 0);
	assert_int_equal(ims_store_inject(e.store, slot), -ENOENT);
	rules_counts((unsigned int[]){ 2 }, 1);
}

static void injected_by_vector(void **state)
{
	(void)state;
	rules_live(0, 1);
	rules_emulated_live(6, 1);
	assert_int_equal(vfio_pci_ims_inject(&e.ims[0], 0), 0);
	assert_int_equal(env_get(&e, 0, 0).delivered, 1);
	assert_int_equal(vfio_pci_ims_inject(&e.ims[0], 6), -ENOENT);
	assert_int_equal(vfio_pci_ims_inject(&e.ims[0], 1), -ENOENT);
	assert_int_equal(vfio_pci_ims_inject(&e.ims[0], VECTORS), -EINVAL);
	assert_int_equal(vfio_pci_ims_prepare(&e.ims[0], 1), 0);
	assert_int_equal(vfio_pci_ims_inject(&e.ims[0], 1), 0);
	assert_true(vfio_pci_ims_pending(&e.ims[0], 1));
	assert_int_equal(vfio_pci_ims_hold(&e.ims[0]), 0);
	assert_int_equal(vfio_pci_ims_inject(&e.ims[0], 0), -ENOENT);
	env_close(&e, 0);
	assert_int_equal(vfio_pci_ims_inject(&e.ims[0], 0), -ENODEV);
}

RULES(rules_power,
	rule("restore: every slot in use is written again, and fires as before", written_again),
	rule("restore: masks of the interrupt core are as they are now", masks_are_restored),
	rule("restore: slots that came, went and were replaced meanwhile", bound_asleep),
	rule("restore: cookies that changed meanwhile, in place or not", cookies_asleep),
	rule("restore: a message that changed meanwhile", moved_asleep),
	rule("suspend, restore: repeated they do nothing; each slot is written once", each_slot_once),
	rule("suspend: hardware that chooses slots cannot be asked: EBUSY; it is told of the end of slots when awake", chosen_by_a_sleeper),
	rule("suspend: close and the store's end touch nothing either", ends_asleep),
	rule("suspend, restore: are told", sleep_is_told),
	rule("pending: also what the hardware keeps, which is not asked while it sleeps", pending_is_the_hardware_s),
	rule("inject: by slot: goes through the handler; a masked slot keeps one; EINVAL, ENOENT", injected_by_slot),
	rule("inject: by vector: ENOENT without a slot, EINVAL beyond", injected_by_vector))
