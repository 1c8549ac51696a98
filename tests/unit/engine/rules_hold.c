// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sections 2 and 6: slots ahead of triggers (prepare), triggers without slots
 * (hold, revoke), new slots (arm), and what a reset leaves.
 */
#include "rules.h"

#define prepare(v)	vfio_pci_ims_prepare(&e.ims[0], v)
#define release(v)	vfio_pci_ims_release(&e.ims[0], v)
#define hold()		vfio_pci_ims_hold(&e.ims[0])
#define arm()		vfio_pci_ims_arm(&e.ims[0])
#define arm_range(v, n)	vfio_pci_ims_arm_range(&e.ims[0], v, n)
#define revoke(v, n)	vfio_pci_ims_revoke(&e.ims[0], v, n)
#define revoke_cookie(c) vfio_pci_ims_revoke_cookie(&e.ims[0], c)
#define reset()		vfio_pci_ims_reset(&e.ims[0])
#define set(v, c)	vfio_pci_ims_set_cookie(&e.ims[0], v, c, NEXT)
#define mask(v)		env_irqs(&e, 0, MASK | NONE, v, 1, NULL)
#define unmask(v)	env_irqs(&e, 0, UNMASK | NONE, v, 1, NULL)

#define ABSENT		IMS_VECTOR_STATE_ABSENT
#define IDLE		IMS_VECTOR_STATE_IDLE
#define HELD		IMS_VECTOR_STATE_HELD
#define LIVE		IMS_VECTOR_STATE_LIVE

static char before[65536], after[65536];

static u64 refused(void)
{
	return WITH_VDEV(vdev->refused.count);
}

/* Prepare and release */

static void prepared_before_bound(void **state)
{
	struct env_vector v;

	(void)state;
	assert_int_equal(prepare(3), 0);
	v = env_get(&e, 0, 3);
	assert_int_equal(v.state, IDLE);
	assert_true(v.prepared);
	assert_true(v.slot >= 0);
	assert_int_equal(env_hwirq(&e, 0, 3), v.slot);
	assert_true(env_fire(&e, (u32)v.slot, ENV_COOKIE(0)));
	assert_true(env_fire(&e, (u32)v.slot, ENV_COOKIE(0)));
	assert_true(vfio_pci_ims_pending(&e.ims[0], 3));
	rules_no_signals();
	shim_jiffies = 7000;
	assert_int_equal(env_bind1(&e, 0, 3, 3), 0);
	rules_counts((unsigned int[]){ 0, 0, 0, 1 }, 4);
	assert_false(vfio_pci_ims_pending(&e.ims[0], 3));
	assert_int_equal(env_get(&e, 0, 3).last, 7000);
	assert_int_equal(env_get(&e, 0, 3).dropped, 0);
	assert_int_equal(env_get(&e, 0, 3).slot, v.slot);
	assert_int_equal(env_get(&e, 0, 3).generation, v.generation);
}

/* The guest keeps its handle whatever it does to triggers. */
static void prepared_outlives_triggers(void **state)
{
	struct env_vector v;

	(void)state;
	assert_int_equal(prepare(0), 0);
	assert_int_equal(prepare(0), 0);
	rules_live(0, 2);
	v = env_get(&e, 0, 0);
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_int_equal(env_get(&e, 0, 0).generation, v.generation);
	rules_live(0, 2);
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(env_get(&e, 0, 0).slot, v.slot);
	assert_int_equal(env_get(&e, 0, 0).generation, v.generation);
	assert_int_equal(env_get(&e, 0, 1).slot, -1);
	assert_int_equal(release(0), 0);
	assert_int_equal(env_get(&e, 0, 0).slot, -1);
	assert_int_equal(e.slots[v.slot].address, 0);
	assert_int_equal(release(0), 0);
	assert_int_equal(release(5), 0);
	rules_state(5, ABSENT);
}

/* A vector that is live may be prepared, and keeps its slot when that ends. */
static void released_while_live(void **state)
{
	struct env_vector v;

	(void)state;
	rules_live(0, 1);
	v = env_get(&e, 0, 0);
	assert_int_equal(prepare(0), 0);
	assert_int_equal(release(0), 0);
	assert_int_equal(env_get(&e, 0, 0).slot, v.slot);
	rules_state(0, LIVE);
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_int_equal(env_get(&e, 0, 0).slot, -1);
}

static void release_forgets_what_was_kept(void **state)
{
	(void)state;
	assert_int_equal(prepare(0), 0);
	assert_true(env_fire_vector(&e, 0, 0));
	assert_int_equal(release(0), 0);
	assert_false(vfio_pci_ims_pending(&e.ims[0], 0));
	rules_live(0, 1);
	rules_no_signals();
	/* Of a vector that is masked it is the mask that keeps it. */
	assert_int_equal(prepare(0), 0);
	assert_int_equal(mask(0), 0);
	assert_true(env_fire_vector(&e, 0, 0));
	assert_int_equal(release(0), 0);
	assert_int_equal(unmask(0), 0);
	rules_counts((unsigned int[]){ 1 }, 1);
}

/* The mask ends with the trigger; what it kept waits for the next one. */
static void prepared_keeps_what_the_mask_kept(void **state)
{
	(void)state;
	assert_int_equal(prepare(0), 0);
	rules_live(0, 1);
	assert_int_equal(mask(0), 0);
	assert_true(env_fire_vector(&e, 0, 0));
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_false(env_get(&e, 0, 0).masked);
	assert_int_equal(env_bind1(&e, 0, 0, 4), 0);
	rules_counts((unsigned int[]){ 0, 0, 0, 0, 1 }, 5);
}

static void prepare_refused(void **state)
{
	u64 was = refused();

	(void)state;
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 7, 1), 0);
	assert_int_equal(prepare(7), -EINVAL);
	assert_int_equal(prepare(VECTORS), -EINVAL);
	assert_int_equal(release(VECTORS), -EINVAL);
	assert_int_equal(env_set_limits(&e, 0, 2, 0), 0);
	rules_live(0, 1);
	assert_int_equal(prepare(1), 0);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 1, 1), -EBUSY);
	env_dump(&e, before, sizeof(before));
	env_events_forget();
	assert_int_equal(prepare(2), -ENOSPC);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	rules_state(2, ABSENT);
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_DEVICE_LIMIT);
	assert_int_equal(env_event(0)->vector, 2);
	assert_int_equal(refused(), was + 1);
	assert_int_equal(WITH_VDEV(vdev->refused.vector), 2);
	assert_int_equal(WITH_VDEV(vdev->refused.error), -ENOSPC);
}

/* Hold and arm */

static void hold_takes_all(void **state)
{
	u32 i;

	(void)state;
	rules_live(0, 3);
	rules_emulated_live(6, 1);
	assert_int_equal(prepare(4), 0);
	assert_int_equal(mask(1), 0);
	assert_int_equal(hold(), 0);
	for (i = 0; i < 3; i++) {
		rules_state(i, HELD);
		assert_int_equal(env_hwirq(&e, 0, i), -ENOENT);
		assert_int_equal(env_get(&e, 0, i).revocations, 1);
	}
	rules_state(4, IDLE);
	assert_int_equal(env_hwirq(&e, 0, 4), -ENOENT);
	for (i = 0; i < 8; i++) {
		assert_int_equal(e.slots[i].address, 0);
		assert_int_equal(e.slots[i].cookie, 0);
	}
	assert_int_equal(WITH_VDEV(vdev->held), 3);
	/* Each slot may have fired a last time. */
	rules_counts((unsigned int[]){ 1, 0, 1 }, 3);
	assert_true(env_get(&e, 0, 1).pending);
	assert_true(env_get(&e, 0, 4).pending);
	/* What needs no hardware goes on. */
	rules_loopback(0, 1);
	assert_int_equal(env_count(0), 2);
	assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 6),
			 VFIO_PCI_IMS_SIGNAL_DELIVERED);
	/* Once is enough. */
	assert_int_equal(hold(), 0);
	assert_int_equal(env_get(&e, 0, 0).revocations, 1);
}

static void arm_gives_all(void **state)
{
	struct env_vector was[4];
	u32 i;

	(void)state;
	rules_live(0, 3);
	assert_int_equal(prepare(3), 0);
	for (i = 0; i < 4; i++)
		was[i] = env_get(&e, 0, i);
	assert_int_equal(hold(), 0);
	assert_int_equal(set(1, 77), 0);
	assert_int_equal(env_bind1(&e, 0, 2, -1), 0);
	assert_int_equal(env_bind1(&e, 0, 5, 5), 0);
	rules_state(5, HELD);
	assert_int_equal(arm(), 0);
	for (i = 0; i < 4; i++) {
		if (i == 2)
			continue;
		assert_true(env_get(&e, 0, i).slot >= 0);
		assert_int_not_equal(env_get(&e, 0, i).slot, was[i].slot);
		assert_true(env_fire_vector(&e, 0, i));
	}
	rules_state(0, LIVE);
	rules_state(2, IDLE);
	rules_state(3, IDLE);
	rules_state(5, LIVE);
	assert_int_equal(env_get(&e, 0, 1).cookie, 77);
	assert_int_equal(WITH_VDEV(vdev->held), 0);
	/* Nothing is to be done for those that have one. */
	was[0] = env_get(&e, 0, 0);
	assert_int_equal(arm(), 0);
	assert_int_equal(env_get(&e, 0, 0).generation, was[0].generation);
}

static void arm_is_a_transaction(void **state)
{
	u64 was;

	(void)state;
	rules_live(0, 4);
	assert_int_equal(hold(), 0);
	assert_int_equal(revoke(0, 4), 0);
	was = refused();
	shim_cpu_vectors(2);
	env_dump(&e, before, sizeof(before));
	env_events_forget();
	assert_int_equal(arm(), -ENOSPC);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_CPU_VECTORS);
	assert_int_equal(env_event(0)->vector, 2);
	assert_int_equal(env_get(&e, 0, 2).failed, 1);
	assert_int_equal(refused(), was + 1);
	/* It is on hold still. */
	assert_int_equal(env_bind1(&e, 0, 5, 5), 0);
	rules_state(5, HELD);
	shim_cpu_vectors(-1);
	shim_jiffies += HZ;
	assert_int_equal(arm(), 0);
	rules_state(5, LIVE);
}

static void opened_on_hold(void **state)
{
	const struct vfio_pci_ims_params params = {
		.dev = &e.dev[1], .store = e.store, .num_vectors = 4,
		.on_hold = true,
	};

	(void)state;
	assert_int_equal(env_open_params(&e, 1, &params), 0);
	assert_int_equal(env_bind1(&e, 1, 0, 0), 0);
	assert_int_equal(vfio_pci_ims_prepare(&e.ims[1], 1), 0);
	assert_int_equal(env_hwirq(&e, 1, 0), -ENOENT);
	assert_int_equal(env_hwirq(&e, 1, 1), -ENOENT);
	assert_int_equal(env_get(&e, 1, 0).state, HELD);
	assert_int_equal(vfio_pci_ims_arm(&e.ims[1]), 0);
	assert_true(env_hwirq(&e, 1, 0) >= 0);
	assert_true(env_hwirq(&e, 1, 1) >= 0);
	/* As after open again */
	assert_int_equal(vfio_pci_ims_reset(&e.ims[1]), 0);
	assert_int_equal(env_bind1(&e, 1, 0, 0), 0);
	assert_int_equal(env_get(&e, 1, 0).state, HELD);
}

/* Revoke */

static void revoked_is_quiet(void **state)
{
	struct env_vector was[4];
	u32 i;

	(void)state;
	rules_live(0, 4);
	for (i = 0; i < 4; i++)
		was[i] = env_get(&e, 0, i);
	assert_int_equal(revoke(1, 2), 0);
	for (i = 0; i < 4; i++) {
		bool gone = i == 1 || i == 2;

		rules_state(i, gone ? HELD : LIVE);
		assert_int_equal(env_get(&e, 0, i).revoked, gone);
		assert_int_equal(env_get(&e, 0, i).revocations, gone);
		assert_int_equal(env_fire(&e, (u32)was[i].slot, was[i].cookie),
				 !gone);
		assert_int_equal(!e.slots[was[i].slot].address, gone);
	}
	/* Its trigger does not bring it back, the driver does. */
	assert_int_equal(env_bind1(&e, 0, 1, -1), 0);
	rules_state(1, IDLE);
	assert_int_equal(env_bind1(&e, 0, 1, 1), 0);
	rules_state(1, HELD);
	assert_int_equal(arm_range(1, 1), 0);
	rules_state(1, LIVE);
	rules_state(2, HELD);
	assert_int_not_equal(env_get(&e, 0, 1).slot, was[1].slot);
	assert_int_equal(arm(), 0);
	rules_state(2, LIVE);
	assert_int_equal(env_get(&e, 0, 0).generation, was[0].generation);
}

/* Those that have no slot stay as they are: nothing was taken from them. */
static void revoke_is_of_slots(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	rules_emulated_live(6, 1);
	assert_int_equal(prepare(2), 0);
	assert_int_equal(revoke(0, VECTORS), 0);
	assert_false(env_get(&e, 0, 0).revoked);
	assert_false(env_get(&e, 0, 6).revoked);
	rules_state(1, ABSENT);
	assert_true(env_get(&e, 0, 2).revoked);
	assert_true(env_get(&e, 0, 2).pending);
	rules_live(0, 1);
	rules_state(0, LIVE);
	assert_int_equal(revoke(0, VECTORS + 1), -EINVAL);
	assert_int_equal(revoke(2, U32_MAX), -EINVAL);
	assert_int_equal(arm_range(VECTORS, 1), -EINVAL);
	assert_int_equal(arm_range(1, U32_MAX), -EINVAL);
	assert_int_equal(revoke(0, 0), 0);
	assert_int_equal(arm_range(0, 0), 0);
}

static void revoked_by_cookie(void **state)
{
	u32 i;

	(void)state;
	assert_int_equal(set(1, 7), 0);
	assert_int_equal(set(3, 7), 0);
	rules_live(0, 4);
	/* It counts what the slot has, not what the next one is to have. */
	assert_int_equal(set(3, 8), 0);
	assert_int_equal(set(0, 7), 0);
	assert_int_equal(revoke_cookie(7), 0);
	for (i = 0; i < 8; i++)
		assert_int_not_equal(e.slots[i].cookie, 7);
	rules_state(0, LIVE);
	rules_state(1, HELD);
	rules_state(2, LIVE);
	rules_state(3, HELD);
	assert_int_equal(revoke_cookie(12345), 0);
	assert_int_equal(arm(), 0);
	assert_int_equal(env_get(&e, 0, 1).cookie, 7);
	assert_int_equal(env_get(&e, 0, 3).cookie, 8);
	assert_int_equal(env_get(&e, 0, 0).cookie, ENV_COOKIE(0));
}

/* Interrupts that the device raises wherever it may, by the slots it knew. */
static struct env_vector knew[4];
static u64 due[4];
static u32 accepted[4];

static void raise_all(void)
{
	u32 v, virq;

	for (v = 0; v < 4; v++) {
		virq = env_accept(&e, (u32)knew[v].slot, knew[v].cookie);
		if (!virq)
			continue;
		accepted[v] = virq;
		due[v] = env_count((int)v) + 1;
	}
}

static void revoke_loses_nothing(void **state)
{
	struct shim_counts was, is;
	unsigned int round;
	u32 v;

	(void)state;
	rules_live(0, 4);
	for (round = 0; round < 3; round++) {
		for (v = 0; v < 4; v++)
			knew[v] = env_get(&e, 0, v);
		memset(due, 0, sizeof(due));
		shim_counts(&was);
		shim_hook = raise_all;
		assert_int_equal(round == 0 ? revoke(0, 4) : round == 1 ?
				 hold() : revoke_cookie(ENV_COOKIE(0)), 0);
		shim_hook = NULL;
		shim_counts(&is);
		/* free_irq() takes each from its CPU. */
		assert_int_equal(is.irqs_lost, was.irqs_lost + 4);
		for (v = 0; v < 4; v++) {
			assert_false(shim_irq_handle(accepted[v]));
			assert_int_not_equal(due[v], 0);
			assert_true(env_count((int)v) >= due[v]);
		}
		assert_int_equal(arm(), 0);
	}
}

static void arm_range_on_hold(void **state)
{
	(void)state;
	rules_live(0, 2);
	assert_int_equal(revoke(0, 1), 0);
	assert_int_equal(hold(), 0);
	assert_int_equal(arm_range(0, 1), 0);
	assert_false(env_get(&e, 0, 0).revoked);
	rules_state(0, HELD);
	assert_int_equal(arm(), 0);
	rules_state(0, LIVE);
}

/* Mask and pending are the vector's, with a slot or without. */
static void mask_stays(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(mask(0), 0);
	assert_true(env_fire_vector(&e, 0, 0));
	assert_int_equal(revoke(0, 1), 0);
	assert_true(env_get(&e, 0, 0).masked);
	assert_int_equal(arm(), 0);
	assert_true(env_get(&e, 0, 0).masked);
	assert_true(vfio_pci_ims_pending(&e.ims[0], 0));
	rules_no_signals();
	assert_int_equal(unmask(0), 0);
	rules_counts((unsigned int[]){ 1 }, 1);
	/* It can be masked and unmasked while held, too. */
	assert_int_equal(hold(), 0);
	assert_int_equal(mask(0), 0);
	rules_loopback(0, 1);
	rules_counts((unsigned int[]){ 2 }, 1);
	assert_int_equal(unmask(0), 0);
	rules_counts((unsigned int[]){ 3 }, 1);
}

/* Reset */

static void reset_is_as_after_open(void **state)
{
	u32 i;

	(void)state;
	rules_live(0, 4);
	rules_emulated_live(6, 1);
	assert_int_equal(prepare(5), 0);
	assert_true(env_fire_vector(&e, 0, 5));
	assert_int_equal(set(1, 7), 0);
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], 8), 0);
	assert_int_equal(revoke(2, 1), 0);
	assert_int_equal(rules_affinity(3, 0x2), 0);
	assert_int_equal(env_set_limits(&e, 0, 5, 0), 0);
	assert_true(env_fire_vector(&e, 0, 0));
	assert_int_equal(hold(), 0);
	assert_int_equal(reset(), 0);
	for (i = 0; i < 6; i++) {
		rules_state(i, i == 4 ? ABSENT : IDLE);
		assert_int_equal(env_get(&e, 0, i).slot, -1);
		assert_false(env_get(&e, 0, i).own);
		assert_false(env_get(&e, 0, i).prepared);
		assert_false(env_get(&e, 0, i).revoked);
		assert_false(env_get(&e, 0, i).pending);
	}
	assert_int_equal(shim_eventfd_refs(0), 1);
	/* Declarations, limits, affinities and counts stay. */
	assert_true(env_get(&e, 0, 6).emulated);
	assert_true(env_get(&e, 0, 0).delivered >= 1);
	rules_live(0, 4);
	for (i = 0; i < 4; i++) {
		rules_state(i, LIVE);
		assert_int_equal(env_get(&e, 0, i).cookie, ENV_COOKIE(0));
	}
	assert_int_equal(shim_irq_affinity(env_get(&e, 0, 3).virq), 0x2);
	assert_int_equal(env_bind(&e, 0, 4, 2, (s32[]){ 4, 5 }), -ENOSPC);
}

static void reset_tells(void **state)
{
	(void)state;
	rules_live(0, 2);
	assert_int_equal(set(3, 7), 0);
	env_events_forget();
	assert_int_equal(reset(), 0);
	assert_int_equal(env_events_count(), 3);
	assert_int_equal(env_event(0)->vector, 0);
	assert_int_equal(env_event(1)->vector, 1);
	assert_int_equal(env_event(2)->vector, 3);
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], 8), 0);
	env_events_forget();
	assert_int_equal(reset(), 0);
	assert_int_equal(env_event(0)->kind, ENV_DEVICE);
	/* Those that had the default cookie. */
	assert_int_equal(env_events_count(), 4);
	env_events_forget();
	assert_int_equal(reset(), 0);
	assert_int_equal(env_events_count(), 0);
}

/* What listeners are told of all this: once for each vector that changes */
static void changes_are_told(void **state)
{
	(void)state;
	rules_live(0, 2);
	env_events_forget();
	assert_int_equal(prepare(5), 0);
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->event, IMS_EVENT_CREATE);
	assert_true(env_event(0)->slot >= 0);
	assert_int_equal(release(5), 0);
	assert_int_equal(env_events_count(), 2);
	assert_int_equal(env_event(1)->slot, -1);
	assert_int_equal(release(5), 0);
	assert_int_equal(prepare(0), 0);
	assert_int_equal(prepare(0), 0);
	assert_int_equal(release(0), 0);
	assert_int_equal(env_events_count(), 4);
	env_events_forget();
	assert_int_equal(revoke(1, 1), 0);
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->vector, 1);
	assert_int_equal(env_event(0)->slot, -1);
	assert_true(env_event(0)->live);
	assert_int_equal(env_event(0)->delivered, 1);
	assert_int_equal(arm_range(1, 1), 0);
	assert_int_equal(env_events_count(), 2);
	assert_true(env_event(1)->slot >= 0);
	env_events_forget();
	assert_int_equal(hold(), 0);
	assert_int_equal(env_events_count(), 3);
	assert_int_equal(env_event(2)->kind, ENV_DEVICE);
	assert_int_equal(hold(), 0);
	assert_int_equal(arm(), 0);
	assert_int_equal(env_events_count(), 6);
}

/* Ends */

static void gone_and_closed(void **state)
{
	(void)state;
	rules_live(0, 2);
	assert_int_equal(prepare(3), 0);
	assert_int_equal(revoke(0, 1), 0);
	ims_store_destroy(e.store);
	e.store = NULL;
	rules_state(0, IDLE);
	assert_false(env_get(&e, 0, 3).prepared);
	assert_int_equal(prepare(0), -ENODEV);
	assert_int_equal(release(3), -ENODEV);
	assert_int_equal(hold(), -ENODEV);
	assert_int_equal(arm(), -ENODEV);
	assert_int_equal(arm_range(0, 1), -ENODEV);
	assert_int_equal(revoke(0, 1), -ENODEV);
	assert_int_equal(revoke_cookie(1), -ENODEV);
	assert_int_equal(reset(), -ENODEV);
	assert_int_equal(vfio_pci_ims_inject(&e.ims[0], 0), -ENODEV);
	env_close(&e, 0);
	assert_int_equal(prepare(0), -ENODEV);
	assert_int_equal(hold(), -ENODEV);
}

RULES(rules_hold,
	rule("prepare: a slot before the trigger; what it fires is kept, once, and delivered at bind", prepared_before_bound),
	rule("prepare: outlives triggers, ends by release", prepared_outlives_triggers),
	rule("release: a live vector keeps its slot", released_while_live),
	rule("release: forgets what was kept for lack of a trigger, not what a mask keeps", release_forgets_what_was_kept),
	rule("prepare: what a mask kept waits for the next trigger", prepared_keeps_what_the_mask_kept),
	rule("prepare: EINVAL, ENOSPC: nothing changed, refused requests are counted with vector and reason", prepare_refused),
	rule("hold: takes all slots; triggers, masks, loopback and emulated vectors go on", hold_takes_all),
	rule("arm: gives slots to all that are to have one, with the cookies of now", arm_gives_all),
	rule("arm: all or none; on error the device is on hold and vectors are revoked still", arm_is_a_transaction),
	rule("hold: a device can begin so, and a reset brings it back", opened_on_hold),
	rule("revoke: of the range; no old slot fires when it returns; held until armed", revoked_is_quiet),
	rule("revoke: vectors without a slot stay as they are; EINVAL beyond", revoke_is_of_slots),
	rule("revoke by cookie: what the slot carries counts; none carries it when it returns", revoked_by_cookie),
	rule("revoke, hold: what CPUs had accepted of the old slots is not lost", revoke_loses_nothing),
	rule("arm of a range: ends revocations, not the hold", arm_range_on_hold),
	rule("held: mask and pending are the vector's", mask_stays),
	rule("reset: as after open; declarations, limits, affinities and counts stay", reset_is_as_after_open),
	rule("reset: listeners are told of what changed", reset_tells),
	rule("prepare, release, hold, revoke, arm: listeners are told of what changed", changes_are_told),
	rule("held and prepared: the parent's end and close end it; ENODEV", gone_and_closed))
