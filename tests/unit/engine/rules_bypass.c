// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bypass: which vectors are producers, and when, with consumers that accept, refuse,
 * come and go. The shim dies when an interrupt ends that a vCPU has.
 */
#include "rules.h"

/* The Linux IRQ of a vector of device 0; 0: none */
static u32 virq(u32 vector)
{
	return env_get(&e, 0, vector).virq;
}

/* Is it a producer of eventfd @id? -1: of none */
static void produces(u32 vector, int id)
{
	u32 irq = virq(vector);

	assert_int_equal(irq ? shim_bypass_producer(irq) : -1, id);
}

static void bypassed(u32 vector, bool is)
{
	assert_int_equal(rules_snapshot(vector).bypassed, is);
}

static void set_mode(enum ims_bypass_mode mode)
{
	struct ims_vdev *vdev = rules_lock_vdev();

	ims_bypass_set(vdev, mode);
	rules_unlock_vdev(vdev);
}

/* The hardware fires vector 0: has a vCPU got it, and not the host? */
static bool posted(void)
{
	unsigned long before = shim_irq_posted();
	bool host = env_fire_vector(&e, 0, 0);

	assert_int_equal(shim_irq_posted() - before, !host);
	return !host;
}

/* Vector 0, eventfd 0, connected */
static void connected(void)
{
	assert_int_equal(shim_bypass_consumer(0, 0), 0);
	rules_live(0, 1);
	bypassed(0, true);
	assert_true(posted());
}

static void only_live_ones_with_slots(void **state)
{
	(void)state;
	rules_emulated_live(4, 1);
	assert_int_equal(shim_bypass_producers(), 0);
	assert_int_equal(vfio_pci_ims_prepare(&e.ims[0], 1), 0);
	produces(1, -1);
	rules_live(0, 1);
	produces(0, 0);
	assert_int_equal(env_bind1(&e, 0, 1, 1), 0);
	produces(1, 1);
	/* Without a trigger it keeps its slot. */
	assert_int_equal(env_bind1(&e, 0, 1, -1), 0);
	produces(1, -1);
	assert_int_equal(shim_bypass_producers(), 1);
	assert_int_equal(vfio_pci_ims_hold(&e.ims[0]), 0);
	assert_int_equal(env_bind1(&e, 0, 2, 2), 0);
	assert_int_equal(shim_bypass_producers(), 0);
	assert_int_equal(vfio_pci_ims_arm(&e.ims[0]), 0);
	produces(0, 0);
	produces(2, 2);
	assert_int_equal(shim_bypass_producers(), 2);
}

static void consumer_comes_and_goes(void **state)
{
	(void)state;
	rules_live(0, 2);
	bypassed(0, false);
	assert_false(posted());
	assert_int_equal(shim_bypass_consumer(0, 0), 0);
	bypassed(0, true);
	bypassed(1, false);
	assert_true(posted());
	shim_bypass_consumer_goes(0);
	bypassed(0, false);
	assert_false(posted());
	/* It is there first. */
	assert_int_equal(shim_bypass_consumer(2, 0), 0);
	bypassed(2, false);
	assert_int_equal(env_bind1(&e, 0, 2, 2), 0);
	bypassed(2, true);
	assert_int_equal(env_get(&e, 0, 0).delivered, 2);
}

static void loopback_is_the_hosts(void **state)
{
	(void)state;
	connected();
	rules_loopback(0, 1);
	rules_counts((unsigned int[]){ 1 }, 1);
	assert_int_equal(env_get(&e, 0, 0).loopback, 1);
	bypassed(0, true);
}

/*
 * Consumers that were disconnected, and those of them whose vector was not live,
 * unmasked and bound to the eventfd at that moment. With locks held: no assertions.
 */
static unsigned int disconnects, too_late;
static const struct ims_vector *watched;

static void on_disconnect(int id, bool connect)
{
	if (connect)
		return;
	disconnects++;
	too_late += ims_vector_state(watched) != IMS_VECTOR_STATE_LIVE ||
		    watched->masked ||
		    shim_eventfd_id(watched->eventfd) != id;
}

/* From now on, of vector 0 of device 0 */
static void watch(void)
{
	watched = rules_snapshot(0).vector;
	disconnects = 0;
	too_late = 0;
	shim_bypass_hook = on_disconnect;
}

static void do_mask(void)
{
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
}

static void do_unmask(void)
{
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
}

static void do_unbind(void)
{
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
}

static void do_swap(void)
{
	assert_int_equal(env_bind1(&e, 0, 0, 9), 0);
}

static void do_disable(void)
{
	assert_int_equal(env_disable(&e, 0), 0);
}

static void do_hold(void)
{
	assert_int_equal(vfio_pci_ims_hold(&e.ims[0]), 0);
}

static void do_revoke(void)
{
	assert_int_equal(vfio_pci_ims_revoke(&e.ims[0], 0, 1), 0);
}

static void do_reset(void)
{
	assert_int_equal(vfio_pci_ims_reset(&e.ims[0]), 0);
}

static void do_off(void)
{
	set_mode(IMS_BYPASS_MODE_OFF);
}

static void do_gone(void)
{
	ims_store_destroy(e.store);
	e.store = NULL;
}

static void do_close(void)
{
	env_close(&e, 0);
}

static void gone_before_anything(void **state)
{
	void (*const ends[])(void) = {
		do_mask, do_unbind, do_swap, do_disable, do_hold, do_revoke,
		do_reset, do_off, do_gone, do_close,
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		rules_again(8, 0);
		assert_int_equal(env_open(&e, 0, VECTORS), 0);
		connected();
		watch();
		ends[i]();
		shim_bypass_hook = NULL;
		assert_int_equal(disconnects, 1);
		assert_int_equal(too_late, 0);
		assert_false(shim_bypass_connected(0));
		assert_int_equal(shim_bypass_producers(), ends[i] == do_swap);
		if (ends[i] != do_close)
			bypassed(0, false);
		shim_bypass_consumers_go();
	}
}

static void mask_and_unmask(void **state)
{
	(void)state;
	connected();
	do_mask();
	produces(0, -1);
	/* Kept back by the host, as without a consumer. */
	assert_false(posted());
	rules_no_signals();
	assert_int_equal(rules_snapshot(0).pending, true);
	do_unmask();
	rules_counts((unsigned int[]){ 1 }, 1);
	bypassed(0, true);
	assert_true(posted());
	/* What is masked stays the host's, also with another trigger. */
	do_mask();
	do_swap();
	produces(0, -1);
	do_unmask();
	produces(0, 9);
	bypassed(0, false);
	/* Unmasked twice is registered once. */
	do_unmask();
	assert_int_equal(shim_bypass_producers(), 1);
}

static void swap_and_back(void **state)
{
	u32 irq;

	(void)state;
	connected();
	irq = virq(0);
	do_swap();
	produces(0, 9);
	bypassed(0, false);
	assert_false(posted());
	assert_int_equal(env_bind1(&e, 0, 0, 0), 0);
	bypassed(0, true);
	assert_true(posted());
	assert_int_equal(virq(0), irq);
}

static void revoked_until_armed(void **state)
{
	(void)state;
	connected();
	do_revoke();
	assert_int_equal(env_bind1(&e, 0, 0, 1), 0);
	assert_int_equal(env_bind1(&e, 0, 0, 0), 0);
	assert_int_equal(shim_bypass_producers(), 0);
	assert_int_equal(vfio_pci_ims_arm_range(&e.ims[0], 0, 1), 0);
	bypassed(0, true);
	assert_true(posted());
}

/* In a new slot, which has another Linux IRQ; in place the interrupt stays posted. */
static void cookie_takes_it_along(void **state)
{
	(void)state;
	connected();
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 7, NOW), 0);
	produces(0, 0);
	bypassed(0, true);
	assert_true(posted());
	rules_again(8, ENV_IN_PLACE);
	shim_bypass_consumers_go();
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	connected();
	watch();
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 7, NOW), 0);
	assert_int_equal(disconnects, 0);
	assert_true(posted());
}

static void failed_block_disconnects_nobody(void **state)
{
	const s32 fds[] = { 1, BAD_FD };

	(void)state;
	connected();
	watch();
	assert_int_equal(env_bind(&e, 0, 0, 2, fds), -EBADF);
	assert_int_equal(disconnects, 0);
	bypassed(0, true);
}

static void refusal_fails_no_binding(void **state)
{
	(void)state;
	assert_int_equal(shim_bypass_consumer(0, -EINVAL), 0);
	shim_watch("ims_bypass");
	rules_live(0, 1);
	assert_int_equal(shim_watched(), 1);
	assert_non_null(strstr(shim_last_trace(), "error=-22 connected=0"));
	produces(0, -1);
	bypassed(0, false);
	assert_false(posted());
	assert_int_equal(env_get(&e, 0, 0).failed, 0);
	assert_int_equal(shim_log_count(), 0);
	/* It has changed its mind: the next binding or unmasking tries again. */
	assert_int_equal(shim_bypass_consumer(0, 0), 0);
	bypassed(0, false);
	do_unmask();
	bypassed(0, true);
	/* One that refuses later is its own registration's failure. */
	assert_int_equal(env_bind1(&e, 0, 1, 1), 0);
	assert_int_equal(shim_bypass_consumer(1, -EINVAL), -EINVAL);
	produces(1, 1);
	bypassed(1, false);
}

static void shared_eventfd(void **state)
{
	const s32 fds[] = { 0, 0 };

	(void)state;
	assert_int_equal(shim_bypass_consumer(0, 0), 0);
	assert_int_equal(env_bind(&e, 0, 0, 2, fds), 0);
	produces(0, 0);
	produces(1, -1);
	assert_int_equal(shim_log_count(), 0);
	/* The end of who is none does not disturb the other. */
	assert_int_equal(env_bind1(&e, 0, 1, -1), 0);
	bypassed(0, true);
}

static void no_memory(void **state)
{
	(void)state;
	shim_no_spare_memory = true;
	rules_live(0, 1);
	shim_no_spare_memory = false;
	rules_state(0, IMS_VECTOR_STATE_LIVE);
	produces(0, -1);
	do_unmask();
	produces(0, 0);
}

static void mode_of_each_device(void **state)
{
	(void)state;
	assert_int_equal(rules_vdev_snapshot().bypass, IMS_BYPASS_MODE_AUTO);
	connected();
	env_events_forget();
	set_mode(IMS_BYPASS_MODE_OFF);
	assert_int_equal(rules_vdev_snapshot().bypass, IMS_BYPASS_MODE_OFF);
	assert_int_equal(env_event(0)->kind, ENV_DEVICE);
	assert_int_equal(env_event(0)->event, IMS_EVENT_CHANGE);
	assert_int_equal(env_events_count(), 1);
	assert_false(posted());
	/* Neither binding nor unmasking nor a reset changes that. */
	do_unmask();
	assert_int_equal(env_bind1(&e, 0, 1, 1), 0);
	do_reset();
	rules_live(0, 1);
	assert_int_equal(shim_bypass_producers(), 0);
	do_mask();
	env_events_forget();
	set_mode(IMS_BYPASS_MODE_ON);
	produces(0, -1);
	do_unmask();
	assert_true(posted());
	assert_int_equal(env_events_count(), 1);
	set_mode(IMS_BYPASS_MODE_ON);
	assert_int_equal(env_events_count(), 1);
	/* Others, and those that are opened later, have that of the module. */
	ims_bypass_default = IMS_BYPASS_MODE_OFF;
	assert_int_equal(env_open(&e, 1, 1), 0);
	assert_int_equal(env_bind1(&e, 1, 0, 5), 0);
	assert_int_equal(shim_bypass_producers(), 1);
	bypassed(0, true);
}

/* Device 0 has so many vectors; is vector 0 a producer? */
static bool produces_of(u32 vectors)
{
	bool is;

	env_close(&e, 0);
	assert_int_equal(env_open(&e, 0, vectors), 0);
	rules_live(0, 1);
	is = shim_bypass_producers();
	return is;
}

static void auto_is_for_small_devices(void **state)
{
	(void)state;
	assert_true(produces_of(256));
	assert_false(produces_of(257));
	set_mode(IMS_BYPASS_MODE_ON);
	produces(0, 0);
	set_mode(IMS_BYPASS_MODE_AUTO);
	produces(0, -1);
	/* As from 6.17 on */
	shim_bypass_walks = false;
	assert_true(produces_of(257));
}

/* An event of vector @vector that says so, and no other */
static void told(u32 vector, bool is)
{
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->kind, ENV_VECTOR);
	assert_int_equal(env_event(0)->event, IMS_EVENT_CHANGE);
	assert_int_equal(env_event(0)->vector, vector);
	assert_int_equal(env_event(0)->bypassed, is);
	env_events_forget();
}

static void changes_are_told_later(void **state)
{
	int i;

	(void)state;
	rules_live(0, 2);
	env_events_forget();
	assert_int_equal(shim_bypass_consumer(1, 0), 0);
	assert_int_equal(env_events_count(), 0);
	shim_delayed_work_run();
	told(1, true);
	shim_bypass_consumer_goes(1);
	shim_delayed_work_run();
	told(1, false);
	/* Several are one, also when it is in the end as it was. */
	assert_int_equal(shim_bypass_consumer(0, 0), 0);
	for (i = 0; i < 10; i++) {
		do_mask();
		do_unmask();
	}
	do_mask();
	shim_delayed_work_run();
	told(0, false);
	shim_delayed_work_run();
	assert_int_equal(env_events_count(), 0);
	/* Nobody listens. */
	env_events_unwanted = true;
	do_unmask();
	env_events_unwanted = false;
	shim_delayed_work_run();
	assert_int_equal(env_events_count(), 0);
	/* The end of a device stands for all. */
	do_mask();
	env_close(&e, 0);
	env_events_forget();
	shim_delayed_work_run();
	assert_int_equal(env_events_count(), 0);
}

RULES(rules_bypass,
	rule("bypass: vectors that are live, unmasked and have a slot are producers", only_live_ones_with_slots),
	rule("bypass: a vector is bypassed while a consumer is connected", consumer_comes_and_goes),
	rule("bypass: loopback is the host's", loopback_is_the_hosts),
	rule("bypass: is over before a vector is masked, bound otherwise or loses its slot", gone_before_anything),
	rule("bypass: a masked vector is the host's, an unmasked one a producer again", mask_and_unmask),
	rule("bypass: goes and comes with the eventfd", swap_and_back),
	rule("bypass: a revoked vector is no producer until it is armed", revoked_until_armed),
	rule("bypass: goes along to the slot with a new cookie", cookie_takes_it_along),
	rule("bypass: a block that fails disconnects nobody", failed_block_disconnects_nobody),
	rule("bypass: a consumer that refuses fails no binding, and is not logged", refusal_fails_no_binding),
	rule("bypass: of vectors with one eventfd the first is the producer", shared_eventfd),
	rule("bypass: a vector is bound without memory for it", no_memory),
	rule("bypass: on and off for each device, also while vectors are live", mode_of_each_device),
	rule("bypass: auto is off for many vectors where registering walks a list", auto_is_for_small_devices),
	rule("bypass: changes are told later, several as one", changes_are_told_later),
)
