// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sections 3 (masking), 5 (emulated interrupts) and 7 (statistics of a vector).
 */
#include "rules.h"

#define DELIVERED	VFIO_PCI_IMS_SIGNAL_DELIVERED
#define PENDING		VFIO_PCI_IMS_SIGNAL_PENDING
#define NO_TRIGGER	VFIO_PCI_IMS_SIGNAL_NO_TRIGGER
#define NOT_EMULATED	VFIO_PCI_IMS_SIGNAL_NOT_EMULATED

#define send(v)		vfio_pci_ims_send_signal(&e.ims[0], v)
#define mask(v, n)	env_irqs(&e, 0, MASK | NONE, v, n, NULL)
#define unmask(v, n)	env_irqs(&e, 0, UNMASK | NONE, v, n, NULL)
#define loop(v, n)	env_irqs(&e, 0, TRIGGER | NONE, v, n, NULL)
#define declare(v, n)	vfio_pci_ims_set_emulated(&e.ims[0], v, n)
#define withdraw(v, n)	vfio_pci_ims_clear_emulated(&e.ims[0], v, n)

static char before[65536], after[65536];

/* Emulated */

static void outcomes(void **state)
{
	(void)state;
	assert_int_equal(send(0), NOT_EMULATED);
	assert_int_equal(declare(0, 2), 0);
	assert_int_equal(send(0), NO_TRIGGER);
	rules_live(0, 2);
	assert_int_equal(send(0), DELIVERED);
	assert_int_equal(mask(0, 1), 0);
	assert_int_equal(send(0), PENDING);
	rules_live(4, 1);
	assert_int_equal(send(4), NOT_EMULATED);
	assert_int_equal(send(VECTORS), NOT_EMULATED);
	assert_int_equal(send(U32_MAX), NOT_EMULATED);
	env_close(&e, 0);
	assert_int_equal(send(0), NOT_EMULATED);
}

static void needs_no_hardware(void **state)
{
	struct shim_counts c;

	(void)state;
	rules_emulated_live(0, VECTORS);
	shim_counts(&c);
	assert_int_equal(c.irqs, 0);
	assert_int_equal(env_get(&e, 0, 3).slot, -1);
	assert_int_equal(env_hwirq(&e, 0, 3), -ENOENT);
	assert_int_equal(e.writes, 0);
}

static void declared_while_not_live(void **state)
{
	(void)state;
	assert_int_equal(declare(0, 2), 0);		/* absent */
	rules_live(2, 2);
	assert_int_equal(env_bind1(&e, 0, 2, -1), 0);
	assert_int_equal(declare(2, 1), 0);		/* idle */
	env_dump(&e, before, sizeof(before));
	assert_int_equal(declare(2, 2), -EBUSY);	/* 3 is live */
	assert_int_equal(declare(0, VECTORS), -EBUSY);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	rules_state(5, IMS_VECTOR_STATE_ABSENT);
}

static void repeated(void **state)
{
	(void)state;
	assert_int_equal(declare(1, 3), 0);
	assert_int_equal(declare(0, 5), 0);
	rules_live(1, 1);
	assert_int_equal(declare(0, 5), 0);
	assert_int_equal(send(1), DELIVERED);
	assert_int_equal(declare(1, 0), 0);
}

static void taken_back(void **state)
{
	(void)state;
	assert_int_equal(declare(0, 4), 0);
	assert_int_equal(withdraw(1, 7), 0);
	assert_int_equal(send(1), NOT_EMULATED);
	assert_int_equal(send(0), NO_TRIGGER);
	rules_live(0, 2);
	assert_int_equal(env_hwirq(&e, 0, 1), 0);
	env_dump(&e, before, sizeof(before));
	assert_int_equal(withdraw(0, 4), -EBUSY);	/* 0 is live */
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	assert_int_equal(withdraw(1, 1), 0);		/* live, not emulated */
	assert_int_equal(env_hwirq(&e, 0, 1), 0);
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_int_equal(withdraw(0, 4), 0);
	rules_live(0, 1);
	assert_int_equal(env_hwirq(&e, 0, 0), 1);
}

static void range_checked(void **state)
{
	(void)state;
	assert_int_equal(declare(0, VECTORS), 0);
	assert_int_equal(declare(0, VECTORS + 1), -EINVAL);
	assert_int_equal(declare(VECTORS, 1), -EINVAL);
	assert_int_equal(declare(VECTORS - 1, 2), -EINVAL);
	assert_int_equal(declare(U32_MAX, 2), -EINVAL);
	assert_int_equal(declare(2, U32_MAX), -EINVAL);
	assert_int_equal(withdraw(0, VECTORS + 1), -EINVAL);
	assert_int_equal(withdraw(U32_MAX, U32_MAX), -EINVAL);
	assert_int_equal(withdraw(0, VECTORS), 0);
}

static void cookie_is_forgotten(void **state)
{
	(void)state;
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 7, NEXT), 0);
	assert_int_equal(declare(0, 1), 0);
	assert_false(env_get(&e, 0, 0).own);
	assert_int_equal(withdraw(0, 1), 0);
	rules_live(0, 1);
	assert_int_equal(env_get(&e, 0, 0).cookie, ENV_COOKIE(0));
}

/* Everything that may be called from any context, with interrupts off. */
static void any_context(void **state)
{
	struct shim_ctx irq = { .irq = 1 }, *was;

	(void)state;
	rules_emulated_live(0, 2);
	rules_live(2, 1);
	assert_int_equal(mask(1, 1), 0);
	/* Allocating and sleeping would be fatal. */
	shim_fail_at(SHIM_FAIL_ALLOC, 1);
	was = shim_ctx_switch(&irq);
	assert_int_equal(send(0), DELIVERED);
	assert_int_equal(send(1), PENDING);
	assert_int_equal(send(2), NOT_EMULATED);
	assert_int_equal(send(5), NOT_EMULATED);
	assert_int_equal(env_hwirq(&e, 0, 2), 0);
	assert_true(vfio_pci_ims_pending(&e.ims[0], 1));
	shim_ctx_switch(was);
	assert_false(shim_fail_fired(SHIM_FAIL_ALLOC));
}

static void any_context_closed(void **state)
{
	static struct vfio_pci_ims never;
	struct shim_ctx irq = { .irq = 1 }, *was;
	struct vfio_pci_ims_slot slot;

	(void)state;
	rules_live(0, 1);
	env_close(&e, 0);
	was = shim_ctx_switch(&irq);
	assert_int_equal(send(0), NOT_EMULATED);
	assert_int_equal(env_hwirq(&e, 0, 0), -ENODEV);
	assert_false(vfio_pci_ims_pending(&e.ims[0], 0));
	assert_int_equal(vfio_pci_ims_send_signal(&never, 0), NOT_EMULATED);
	assert_int_equal(vfio_pci_ims_hwirq(&never, 0, &slot), -ENODEV);
	assert_false(vfio_pci_ims_pending(&never, 0));
	shim_ctx_switch(was);
}

static void hwirq_answers(void **state)
{
	(void)state;
	rules_live(1, 1);
	assert_int_equal(declare(2, 1), 0);
	assert_int_equal(env_hwirq(&e, 0, 0), -ENOENT);
	assert_int_equal(env_hwirq(&e, 0, 1), 0);
	assert_int_equal(env_hwirq(&e, 0, 2), -ENOENT);
	assert_int_equal(env_hwirq(&e, 0, VECTORS), -EINVAL);
	assert_int_equal(env_hwirq(&e, 0, U32_MAX), -EINVAL);
	assert_false(vfio_pci_ims_pending(&e.ims[0], VECTORS));
	assert_int_equal(env_bind1(&e, 0, 1, -1), 0);
	assert_int_equal(env_hwirq(&e, 0, 1), -ENOENT);
}

/* Masking */

static void remembers_one(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(mask(0, 1), 0);
	assert_true(env_get(&e, 0, 0).masked);
	assert_false(vfio_pci_ims_pending(&e.ims[0], 0));
	env_fire_vector(&e, 0, 0);
	env_fire_vector(&e, 0, 0);
	env_fire_vector(&e, 0, 0);
	assert_true(vfio_pci_ims_pending(&e.ims[0], 0));
	rules_no_signals();
	assert_int_equal(unmask(0, 1), 0);
	assert_int_equal(env_count(0), 1);
	assert_false(vfio_pci_ims_pending(&e.ims[0], 0));
	assert_int_equal(unmask(0, 1), 0);
	assert_int_equal(env_count(0), 1);
	env_fire_vector(&e, 0, 0);
	assert_int_equal(env_count(0), 2);
	assert_int_equal(env_get(&e, 0, 0).pended, 3);
}

static void nothing_pending_nothing_delivered(void **state)
{
	(void)state;
	rules_live(0, 2);
	assert_int_equal(mask(0, 2), 0);
	assert_int_equal(mask(0, 2), 0);
	assert_int_equal(unmask(0, 2), 0);
	rules_no_signals();
}

static void emulated_pends(void **state)
{
	(void)state;
	rules_emulated_live(0, 1);
	assert_int_equal(mask(0, 1), 0);
	assert_int_equal(send(0), PENDING);
	assert_int_equal(send(0), PENDING);
	assert_int_equal(unmask(0, 1), 0);
	assert_int_equal(env_count(0), 1);
	assert_int_equal(send(0), DELIVERED);
	assert_int_equal(env_get(&e, 0, 0).signalled, 1);
	assert_int_equal(env_get(&e, 0, 0).pended, 2);
}

static void loopback_pends(void **state)
{
	(void)state;
	rules_live(0, 2);
	assert_int_equal(mask(0, 1), 0);
	assert_int_equal(loop(0, 2), 0);
	assert_int_equal(env_count(0), 0);
	assert_int_equal(env_count(1), 1);
	assert_true(vfio_pci_ims_pending(&e.ims[0], 0));
	assert_int_equal(env_get(&e, 0, 0).pended, 1);
	assert_int_equal(env_get(&e, 0, 0).loopback, 0);
	assert_int_equal(unmask(0, 1), 0);
	assert_int_equal(env_count(0), 1);
}

static void mask_survives_swap(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(mask(0, 1), 0);
	env_fire_vector(&e, 0, 0);
	assert_int_equal(env_bind1(&e, 0, 0, 9), 0);
	assert_true(env_get(&e, 0, 0).masked);
	assert_true(vfio_pci_ims_pending(&e.ims[0], 0));
	rules_no_signals();
	assert_int_equal(unmask(0, 1), 0);
	assert_int_equal(env_count(9), 1);
	assert_int_equal(env_count(0), 0);
}

static void mask_ends_with_trigger(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(mask(0, 1), 0);
	env_fire_vector(&e, 0, 0);
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_false(env_get(&e, 0, 0).masked);
	assert_false(vfio_pci_ims_pending(&e.ims[0], 0));
	rules_live(0, 1);
	rules_no_signals();
	env_fire_vector(&e, 0, 0);
	assert_int_equal(env_count(0), 1);
}

static void masked_by_bools(void **state)
{
	const u8 some[] = { 1, 0, 1, 0 };

	(void)state;
	rules_live(0, 4);
	assert_int_equal(env_irqs(&e, 0, MASK | BOOL, 0, 4, some), 0);
	assert_int_equal(loop(0, 4), 0);
	rules_counts((unsigned int[]){ 0, 1, 0, 1 }, 4);
	assert_int_equal(env_irqs(&e, 0, UNMASK | BOOL, 0, 3, some), 0);
	rules_counts((unsigned int[]){ 1, 1, 1, 1 }, 4);
	/* A vector that is not live and not meant does not matter. */
	assert_int_equal(env_irqs(&e, 0, MASK | BOOL, 3, 4,
				  (u8[]){ 1, 0, 0, 0 }), 0);
	assert_true(env_get(&e, 0, 3).masked);
}

static u64 fired;

static void fire0(void)
{
	fired += env_fire_vector(&e, 0, 0);
}

/* Each is passed on, or pends; the pending ones pass on as one per unmask. */
static void mask_loses_nothing(void **state)
{
	struct env_vector v;
	u64 passed = 0;
	int i;

	(void)state;
	rules_live(0, 1);
	fired = 0;
	for (i = 0; i < 50; i++) {
		u64 pended = env_get(&e, 0, 0).pended;

		shim_hook = fire0;
		assert_int_equal(mask(0, 1), 0);
		assert_int_equal(unmask(0, 1), 0);
		shim_hook = NULL;
		passed += env_get(&e, 0, 0).pended > pended;
	}
	v = env_get(&e, 0, 0);
	assert_int_equal(v.delivered + v.pended, fired);
	assert_true(v.pended > 0);
	assert_int_equal(env_count(0), v.delivered + passed);
}

/*
 * "Another CPU" does something while a signal is under way: the hook is called
 * between the look at the trigger and the lock, and while eventfds are signalled.
 */
static int (*meanwhile)(void);
static int calls;

static void other_cpu(void)
{
	struct shim_ctx cpu = { 0 }, *was;

	if (calls++)
		return;
	was = shim_ctx_switch(&cpu);
	assert_int_equal(meanwhile(), 0);
	shim_ctx_switch(was);
}

static int unmask0(void)
{
	return unmask(0, 1);
}

static int mask0(void)
{
	return mask(0, 1);
}

static int replace0(void)
{
	return env_bind1(&e, 0, 0, 9);
}

static int unbind0(void)
{
	return env_bind1(&e, 0, 0, -1);
}

static int disable0(void)
{
	return env_disable(&e, 0);
}

static int refs_at_sync;

static void look_at_refs(void)
{
	refs_at_sync = shim_eventfd_refs(0);
}

/*
 * Whoever replaces or takes a trigger gives the old eventfd back when he has
 * waited for the signal that may be using it: here its file is the other user.
 */
static void eventfd_outlives_signal(void **state)
{
	int (*const what[])(void) = { replace0, unbind0, disable0 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(what); i++) {
		rules_emulated_live(0, 1);
		meanwhile = what[i];
		calls = 0;
		refs_at_sync = 0;
		shim_hook = other_cpu;
		shim_sync_hook = look_at_refs;
		send(0);
		shim_hook = NULL;
		shim_sync_hook = NULL;
		assert_int_equal(refs_at_sync, 2);
		assert_int_equal(shim_eventfd_refs(0), 1);
		assert_int_equal(env_disable(&e, 0), 0);
	}
}

static void unmasked_meanwhile(void **state)
{
	(void)state;
	rules_emulated_live(0, 1);
	assert_int_equal(mask(0, 1), 0);
	meanwhile = unmask0;
	calls = 0;
	shim_hook = other_cpu;
	assert_int_equal(send(0), DELIVERED);
	shim_hook = NULL;
	assert_int_equal(env_count(0), 1);
	assert_false(vfio_pci_ims_pending(&e.ims[0], 0));
}

static void waits_for_signals(void **state)
{
	int (*const what[])(void) = { mask0, unmask0, replace0, unbind0,
				      disable0 };
	struct shim_counts was, is;
	size_t i;

	(void)state;
	rules_emulated_live(0, 1);
	/* Without a signal under way no grace period is waited for. */
	shim_counts(&was);
	for (i = 0; i < 3; i++)
		assert_int_equal(what[i](), 0);
	shim_counts(&is);
	assert_int_equal(is.rcu_syncs, was.rcu_syncs);
	for (i = 0; i < ARRAY_SIZE(what); i++) {
		shim_counts(&was);
		meanwhile = what[i];
		calls = 0;
		shim_hook = other_cpu;
		send(0);
		shim_hook = NULL;
		shim_counts(&is);
		assert_int_equal(is.rcu_syncs, was.rcu_syncs + (i != 1));
		if (i == 3)
			rules_live(0, 1);
	}
}

/* A signal that ends while its end is polled for costs no grace period. */
static struct ims_vector *polled;

static void signal_ends(void)
{
	if (atomic_read(&polled->senders) && calls++ == 10)
		atomic_dec(&polled->senders);
}

static void polls_for_signals(void **state)
{
	struct shim_counts was, is;

	(void)state;
	rules_emulated_live(0, 1);
	polled = WITH_VDEV(ims_vector_get(vdev, 0));
	shim_counts(&was);
	calls = 0;
	atomic_inc(&polled->senders);
	shim_hook = signal_ends;
	assert_int_equal(mask0(), 0);
	shim_hook = NULL;
	assert_int_equal(atomic_read(&polled->senders), 0);
	shim_counts(&is);
	assert_int_equal(is.rcu_syncs, was.rcu_syncs);
}

/* Signalling */

static void bools_choose(void **state)
{
	const u8 some[] = { 0, 1, 1, 0 };

	(void)state;
	rules_live(0, 4);
	assert_int_equal(env_irqs(&e, 0, TRIGGER | BOOL, 0, 4, some), 0);
	rules_counts((unsigned int[]){ 0, 1, 1, 0 }, 4);
}

static void not_through_hardware(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(loop(0, 1), 0);
	assert_int_equal(env_get(&e, 0, 0).delivered, 0);
	assert_int_equal(env_get(&e, 0, 0).loopback, 1);
}

static void stale_fires_nothing(void **state)
{
	struct env_vector v;

	(void)state;
	rules_live(0, 2);
	v = env_get(&e, 0, 0);
	assert_false(env_fire(&e, (u32)v.slot, v.cookie + 1));
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_false(env_fire(&e, (u32)v.slot, v.cookie));
	rules_no_signals();
}

/* Statistics */

static void counters(void **state)
{
	struct env_vector v;

	(void)state;
	assert_int_equal(declare(1, 1), 0);
	assert_int_equal(send(1), NO_TRIGGER);
	rules_live(0, 2);
	env_fire_vector(&e, 0, 0);
	env_fire_vector(&e, 0, 0);
	assert_int_equal(loop(0, 2), 0);
	send(1);
	assert_int_equal(env_bind1(&e, 0, 0, 5), 0);
	assert_int_equal(env_bind1(&e, 0, 0, BAD_FD), -EBADF);

	v = env_get(&e, 0, 0);
	assert_int_equal(v.delivered, 2);
	assert_int_equal(v.loopback, 1);
	assert_int_equal(v.signalled, 0);
	assert_int_equal(v.dropped, 0);
	assert_int_equal(v.replaced, 1);
	assert_int_equal(v.failed, 1);
	v = env_get(&e, 0, 1);
	assert_int_equal(v.delivered, 0);
	assert_int_equal(v.loopback, 1);
	assert_int_equal(v.signalled, 1);
	assert_int_equal(v.dropped, 1);
	assert_int_equal(v.replaced, 0);
	assert_int_equal(v.failed, 0);
}

/* What was traced when the eventfd was signalled: after that is too late, see trace.h. */
static char traced[64];

static void trace_at_signal(int id)
{
	(void)id;
	snprintf(traced, sizeof(traced), "%s", shim_last_trace());
}

static void assert_trace(const char *event, u32 vector, const char *told)
{
	char text[64];

	snprintf(text, sizeof(text), "%s device=%u vector=%u", event,
		 WITH_VDEV(vdev->id), vector);
	assert_string_equal(told, text);
}

static void each_count_is_traced(void **state)
{
	(void)state;
	shim_eventfd_on_signal(trace_at_signal);
	assert_int_equal(declare(1, 1), 0);
	assert_int_equal(send(1), NO_TRIGGER);
	assert_trace("ims_dropped", 1, shim_last_trace());
	rules_live(0, 2);
	env_fire_vector(&e, 0, 0);
	assert_trace("ims_delivered", 0, traced);
	assert_int_equal(loop(0, 2), 0);
	assert_trace("ims_loopback", 1, traced);
	assert_int_equal(send(1), DELIVERED);
	assert_trace("ims_signalled", 1, traced);
	assert_int_equal(mask(0, 1), 0);
	env_fire_vector(&e, 0, 0);
	assert_trace("ims_pended", 0, shim_last_trace());
	assert_int_equal(unmask(0, 1), 0);
	assert_trace("ims_passed", 0, traced);
}

static void counts_survive_slots(void **state)
{
	int i;

	(void)state;
	rules_live(0, 1);
	for (i = 1; i <= 5; i++) {
		env_fire_vector(&e, 0, 0);
		assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
		rules_live(0, 1);
		assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0,
							 (u64)i, NOW), 0);
		/* And what the slot's replacement passes on. */
		assert_int_equal(env_get(&e, 0, 0).delivered, 2 * i);
	}
}

static void last_goes_forward(void **state)
{
	(void)state;
	rules_live(0, 1);
	rules_emulated_live(1, 1);
	assert_int_equal(env_get(&e, 0, 0).last, 0);
	shim_jiffies = 5000;
	env_fire_vector(&e, 0, 0);
	assert_int_equal(env_get(&e, 0, 0).last, 5000);
	shim_jiffies = 6000;
	assert_int_equal(loop(0, 2), 0);
	assert_int_equal(env_get(&e, 0, 0).last, 6000);
	assert_int_equal(env_get(&e, 0, 1).last, 6000);
	/* The end of the line must not take it back. */
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_int_equal(env_get(&e, 0, 0).last, 6000);
	shim_jiffies = 7000;
	send(1);
	assert_int_equal(env_get(&e, 0, 1).last, 7000);
	/* One that pends is no delivery, its passing on is. */
	assert_int_equal(mask(1, 1), 0);
	shim_jiffies = 8000;
	send(1);
	assert_int_equal(env_get(&e, 0, 1).last, 7000);
	shim_jiffies = 9000;
	assert_int_equal(unmask(1, 1), 0);
	assert_int_equal(env_get(&e, 0, 1).last, 9000);
}

RULES(rules_signal,
	rule("emulated: the driver is told: delivered, pending, no trigger, not emulated", outcomes),
	rule("emulated: no slot, no Linux IRQ, nothing written to the store", needs_no_hardware),
	rule("emulated: declared while ABSENT or IDLE; EBUSY when one is LIVE ims, nothing changed", declared_while_not_live),
	rule("emulated: repeating a declaration is fine, LIVE or not", repeated),
	rule("emulated: can be taken back, but not while LIVE (EBUSY, nothing changed)", taken_back),
	rule("emulated: ranges beyond the declared vectors are EINVAL, in 64 bits", range_checked),
	rule("emulated: a declared vector has no cookie", cookie_is_forgotten),
	rule("any context: send_signal, hwirq and pending neither sleep nor allocate", any_context),
	rule("any context: they are safe on a closed and on a never opened device", any_context_closed),
	rule("hwirq: the slot; ENOENT without, EINVAL beyond, ENODEV closed", hwirq_answers),
	rule("mask: remembers one interrupt and delivers it at unmask", remembers_one),
	rule("mask: without an interrupt unmask delivers none; masking twice is fine", nothing_pending_nothing_delivered),
	rule("mask: emulated vectors pend, too", emulated_pends),
	rule("mask: loopback on a masked vector pends", loopback_pends),
	rule("mask: mask and pending go over to a new trigger", mask_survives_swap),
	rule("mask: mask and pending end with the trigger", mask_ends_with_trigger),
	rule("mask: BOOL masks and unmasks where the bool is set", masked_by_bools),
	rule("mask: interrupts at every point of mask and unmask: none is lost", mask_loses_nothing),
	rule("mask: a signal that meets the end of the mask is delivered", unmasked_meanwhile),
	rule("swap: the old eventfd outlives signals under way, its fd closed or not", eventfd_outlives_signal),
	rule("mask, swap, unbind, disable: wait for a signal under way, and only then", waits_for_signals),
	rule("mask: a signal that ends soon costs no grace period", polls_for_signals),
	rule("signal: BOOL signals where the bool is set", bools_choose),
	rule("signal: loopback does not go through hardware", not_through_hardware),
	rule("signal: a freed slot and a wrong cookie fire nothing", stale_fires_nothing),
	rule("counts: delivered, loopback, signalled, dropped, replaced, failed", counters),
	rule("counts: each has a trace event", each_count_is_traced),
	rule("counts: survive the slots they came from", counts_survive_slots),
	rule("counts: time of the last one goes forward", last_goes_forward))
