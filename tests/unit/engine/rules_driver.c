// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Section 6: what the driver of a virtual device is told: slots that change, and
 * cookies that an administrator is about to change.
 */
#include "rules.h"

#define set(v, c, mode)	vfio_pci_ims_set_cookie(&e.ims[0], v, c, mode)

static char before[65536], after[65536];

/* What it was told of slots, in order; slot -1: none */
static struct call {
	u32 vector;
	int old, new;
	u32 old_generation, new_generation;
	enum vfio_pci_ims_reason why;
} calls[16];
static unsigned int nr_calls, at;

/* What it was asked, and what it answers */
static struct vfio_pci_ims_cookie asked;
static unsigned int nr_asked;
static int answer;

static void slot_changed(struct vfio_pci_ims *ims, u32 vector,
			 const struct vfio_pci_ims_slot *old,
			 const struct vfio_pci_ims_slot *new,
			 enum vfio_pci_ims_reason why)
{
	struct vfio_pci_ims_slot now;
	u64 cookie;
	u32 back;
	int ret;

	might_sleep();
	assert_ptr_equal(ims, &e.ims[0]);
	assert_true(nr_calls < ARRAY_SIZE(calls));
	calls[nr_calls++] = (struct call) {
		.vector = vector,
		.old = old ? (int)old->slot : -1,
		.new = new ? (int)new->slot : -1,
		.old_generation = old ? old->generation : 0,
		.new_generation = new ? new->generation : 0,
		.why = why,
	};
	if (old) {
		assert_int_equal(old->handle, env_handle(&e, old->slot));
		assert_int_equal(e.slots[old->slot].address, 0);
	}
	/* What may be called from any context may be called here. */
	vfio_pci_ims_pending(ims, vector);
	vfio_pci_ims_send_signal(ims, vector);
	ret = vfio_pci_ims_hwirq(ims, vector, &now);
	if (!new) {
		assert_int_equal(ret, why == VFIO_PCI_IMS_CLOSED ? -ENODEV :
								   -ENOENT);
		return;
	}
	assert_int_equal(ret, 0);
	assert_memory_equal(&now, new, sizeof(now));
	assert_int_equal(vfio_pci_ims_vector(ims, new->handle, &back), 0);
	assert_int_equal(back, vector);
	assert_int_equal(vfio_pci_ims_cookie(ims, vector, &cookie), 0);
	assert_true(e.slots[new->slot].address);
}

static int cookie_change(struct vfio_pci_ims *ims,
			 const struct vfio_pci_ims_cookie *change)
{
	might_sleep();
	assert_ptr_equal(ims, &e.ims[0]);
	asked = *change;
	nr_asked++;
	return answer;
}

static const struct vfio_pci_ims_ops asking = {
	.slot_changed = slot_changed, .cookie_change = cookie_change,
};

static const struct vfio_pci_ims_ops telling = { .slot_changed = slot_changed };

static void open_again(unsigned int flags, const struct vfio_pci_ims_ops *ops)
{
	rules_again(16, flags);
	e.driver = ops;
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	nr_calls = 0;
	at = 0;
	nr_asked = 0;
	answer = 0;
}

static int setup(void **state)
{
	int ret = rules_setup(state);

	open_again(0, &asking);
	return ret;
}

/* The next call is about @vector, and its slot is @new now. */
static void told(u32 vector, int old, int new, enum vfio_pci_ims_reason why)
{
	assert_true(at < nr_calls);
	assert_int_equal(calls[at].vector, vector);
	assert_int_equal(calls[at].old, old);
	assert_int_equal(calls[at].new, new);
	assert_int_equal(calls[at].why, why);
	at++;
}

static int slot_of(u32 vector)
{
	return env_get(&e, 0, vector).slot;
}

static void no_more(void)
{
	assert_int_equal(nr_calls, at);
}

static void bound_and_unbound(void **state)
{
	int a, b, c;

	(void)state;
	rules_live(0, 2);
	a = slot_of(0);
	b = slot_of(1);
	told(0, -1, a, VFIO_PCI_IMS_BOUND);
	told(1, -1, b, VFIO_PCI_IMS_BOUND);
	assert_int_equal(calls[0].new_generation, 1);
	/* A block may bind, keep and unbind. */
	assert_int_equal(env_bind(&e, 0, 0, 3, (s32[]){ -1, 9, 10 }), 0);
	c = slot_of(2);
	told(0, a, -1, VFIO_PCI_IMS_UNBOUND);
	told(2, -1, c, VFIO_PCI_IMS_BOUND);
	assert_int_equal(env_disable(&e, 0), 0);
	told(1, b, -1, VFIO_PCI_IMS_UNBOUND);
	told(2, c, -1, VFIO_PCI_IMS_UNBOUND);
	no_more();
}

/* The guest has the old handle, and nobody but its driver can tell it. */
static void make_before_break(void **state)
{
	struct env_vector was, is;

	(void)state;
	rules_live(0, 2);
	at = nr_calls;
	was = env_get(&e, 0, 0);
	assert_int_equal(set(0, 7, NOW), 0);
	is = env_get(&e, 0, 0);
	assert_int_equal(calls[at].old_generation, was.generation);
	assert_int_equal(calls[at].new_generation, is.generation);
	told(0, was.slot, is.slot, VFIO_PCI_IMS_COOKIE);
	was = is;
	assert_int_equal(set(0, 8, NEXT), 0);
	no_more();
	assert_int_equal(env_bind1(&e, 0, 0, 9), 0);
	told(0, was.slot, slot_of(0), VFIO_PCI_IMS_BOUND);
	was = env_get(&e, 0, 0);
	assert_int_equal(vfio_pci_ims_clear_cookie(&e.ims[0], 0, NOW), 0);
	told(0, was.slot, slot_of(0), VFIO_PCI_IMS_COOKIE);
	no_more();
}

static void handed_out_and_taken(void **state)
{
	int a, b, next;

	(void)state;
	assert_int_equal(vfio_pci_ims_prepare(&e.ims[0], 0), 0);
	a = slot_of(0);
	told(0, -1, a, VFIO_PCI_IMS_PREPARED);
	assert_int_equal(env_bind1(&e, 0, 0, 0), 0);
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	no_more();
	assert_int_equal(env_bind1(&e, 0, 1, 1), 0);
	b = slot_of(1);
	told(1, -1, b, VFIO_PCI_IMS_BOUND);
	assert_int_equal(vfio_pci_ims_revoke(&e.ims[0], 0, 1), 0);
	told(0, a, -1, VFIO_PCI_IMS_REVOKED);
	assert_int_equal(vfio_pci_ims_arm_range(&e.ims[0], 0, 2), 0);
	a = slot_of(0);
	told(0, -1, a, VFIO_PCI_IMS_ARMED);
	assert_int_equal(vfio_pci_ims_revoke_cookie(&e.ims[0], ENV_COOKIE(0)), 0);
	told(0, a, -1, VFIO_PCI_IMS_REVOKED);
	told(1, b, -1, VFIO_PCI_IMS_REVOKED);
	assert_int_equal(vfio_pci_ims_arm(&e.ims[0]), 0);
	a = slot_of(0);
	b = slot_of(1);
	told(0, -1, a, VFIO_PCI_IMS_ARMED);
	told(1, -1, b, VFIO_PCI_IMS_ARMED);
	assert_int_equal(vfio_pci_ims_hold(&e.ims[0]), 0);
	told(0, a, -1, VFIO_PCI_IMS_HELD);
	told(1, b, -1, VFIO_PCI_IMS_HELD);
	/* Wishes of a device that is on hold change no slot. */
	assert_int_equal(vfio_pci_ims_release(&e.ims[0], 0), 0);
	assert_int_equal(vfio_pci_ims_prepare(&e.ims[0], 0), 0);
	no_more();
	assert_int_equal(vfio_pci_ims_arm(&e.ims[0]), 0);
	at = nr_calls;
	a = slot_of(0);
	b = slot_of(1);
	assert_int_equal(vfio_pci_ims_release(&e.ims[0], 0), 0);
	told(0, a, -1, VFIO_PCI_IMS_RELEASED);
	assert_int_equal(vfio_pci_ims_reset(&e.ims[0]), 0);
	told(1, b, -1, VFIO_PCI_IMS_RESET);
	no_more();
	/* The two ends */
	nr_calls = 0;
	at = 0;
	rules_live(2, 1);
	next = slot_of(2);
	told(2, -1, next, VFIO_PCI_IMS_BOUND);
	env_close(&e, 0);
	told(2, next, -1, VFIO_PCI_IMS_CLOSED);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(2, 1);
	next = slot_of(2);
	at = nr_calls;
	ims_store_destroy(e.store);
	e.store = NULL;
	told(2, next, -1, VFIO_PCI_IMS_GONE);
	no_more();
}

static void not_told(void **state)
{
	(void)state;
	open_again(ENV_IN_PLACE, &telling);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 7, 1), 0);
	rules_live(0, 2);
	at = nr_calls;
	/* In place; another trigger; none that was; emulated; what fails */
	assert_int_equal(set(0, 7, NOW), 0);
	assert_int_equal(set(1, 7, NEXT), 0);
	rules_live(0, 2);
	assert_int_equal(vfio_pci_ims_revoke(&e.ims[0], 4, 2), 0);
	assert_int_equal(vfio_pci_ims_release(&e.ims[0], 0), 0);
	assert_int_equal(vfio_pci_ims_arm(&e.ims[0]), 0);
	assert_int_equal(env_bind1(&e, 0, 7, 7), 0);
	assert_int_equal(env_bind1(&e, 0, 7, -1), 0);
	assert_int_equal(env_bind(&e, 0, 2, 2, (s32[]){ 2, BAD_FD }), -EBADF);
	shim_fail_at(SHIM_FAIL_REQUEST, 2);
	assert_int_equal(env_bind(&e, 0, 2, 2, (s32[]){ 2, 3 }), -ENOSPC);
	assert_int_equal(set(9, 1, NOW), -EINVAL);
	no_more();
}

static void driver_without_callbacks(void **state)
{
	static const struct vfio_pci_ims_ops none = { };

	(void)state;
	open_again(0, &none);
	rules_live(0, 2);
	assert_int_equal(set(0, 7, NOW), 0);
	assert_int_equal(vfio_pci_ims_revoke(&e.ims[0], 0, 2), 0);
	no_more();
}

/* Cookies by netlink: the driver owns them */

static int admin(u32 vector, bool own, u64 cookie,
		 enum vfio_pci_ims_cookie_mode mode)
{
	const struct vfio_pci_ims_cookie change = {
		.vector = vector, .own = own, .cookie = cookie, .mode = mode,
	};

	return WITH_VDEV(ims_cookie_set(vdev, &change, true));
}

static int admin_default(u64 cookie)
{
	return admin(VFIO_PCI_IMS_DEFAULT_COOKIE, true, cookie, NEXT);
}

static void nobody_agrees(void **state)
{
	(void)state;
	open_again(0, &telling);
	rules_live(0, 1);
	env_dump(&e, before, sizeof(before));
	assert_int_equal(WITH_VDEV(ims_cookie_may_change(vdev)), -EOPNOTSUPP);
	assert_int_equal(admin(0, true, 7, NEXT), -EOPNOTSUPP);
	assert_int_equal(admin(0, true, 7, NOW), -EOPNOTSUPP);
	assert_int_equal(admin(0, false, 0, NOW), -EOPNOTSUPP);
	assert_int_equal(admin(5, true, 7, NEXT), -EOPNOTSUPP);
	assert_int_equal(admin_default(7), -EOPNOTSUPP);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	/* The driver may change what is its own. */
	assert_int_equal(set(0, 7, NOW), 0);
}

static void driver_agrees(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(WITH_VDEV(ims_cookie_may_change(vdev)), 0);
	assert_int_equal(admin(0, true, 7, NOW), 0);
	assert_int_equal(nr_asked, 1);
	assert_int_equal(asked.vector, 0);
	assert_true(asked.own);
	assert_int_equal(asked.cookie, 7);
	assert_int_equal(asked.mode, NOW);
	assert_int_equal(env_get(&e, 0, 0).cookie, 7);
	assert_int_equal(admin(0, false, 0, NEXT), 0);
	assert_int_equal(nr_asked, 2);
	assert_false(asked.own);
	assert_int_equal(admin_default(9), 0);
	assert_int_equal(nr_asked, 3);
	assert_int_equal(asked.vector, VFIO_PCI_IMS_DEFAULT_COOKIE);
	assert_int_equal(asked.cookie, 9);
	assert_int_equal(env_get(&e, 0, 0).next, 9);
	/* Whoever has set cookies, a reset ends them. */
	assert_int_equal(admin(1, true, 5, NEXT), 0);
	assert_int_equal(vfio_pci_ims_reset(&e.ims[0]), 0);
	rules_live(0, 2);
	assert_int_equal(env_get(&e, 0, 0).cookie, ENV_COOKIE(0));
	assert_int_equal(env_get(&e, 0, 1).cookie, ENV_COOKIE(0));
}

static void driver_refuses(void **state)
{
	struct env_vector was;

	(void)state;
	rules_live(0, 1);
	was = env_get(&e, 0, 0);
	answer = -EPERM;
	at = nr_calls;
	env_dump(&e, before, sizeof(before));
	env_events_forget();
	assert_int_equal(admin(0, true, 7, NOW), -EPERM);
	assert_int_equal(admin(0, true, 7, NEXT), -EPERM);
	assert_int_equal(admin(4, true, 7, NEXT), -EPERM);
	assert_int_equal(admin_default(7), -EPERM);
	assert_int_equal(nr_asked, 4);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	no_more();
	/* No alert: nothing ran out. Counted as refused, with the last reason. */
	assert_int_equal(env_events_count(), 0);
	assert_int_equal(WITH_VDEV(vdev->refused.count), 4);
	assert_int_equal(WITH_VDEV(vdev->refused.error), -EPERM);
	assert_int_equal(WITH_VDEV(vdev->refused.kind), IMS_NOTHING_RAN_OUT);
	assert_int_equal(WITH_VDEV(vdev->refused.vector),
			 VFIO_PCI_IMS_DEFAULT_COOKIE);
	assert_int_equal(env_get(&e, 0, 0).failed, was.failed + 2);
	assert_true(env_fire(&e, (u32)was.slot, ENV_COOKIE(0)));
}

/* Not for what cannot be, for what is only validated, for its own changes. */
static void driver_is_not_asked(void **state)
{
	const struct vfio_pci_ims_cookie change = {
		.own = true, .cookie = 7, .mode = NOW,
	};

	(void)state;
	e.cookie_max = 0xffff;
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 7, 1), 0);
	assert_int_equal(admin(7, true, 7, NEXT), -EINVAL);
	assert_int_equal(admin(0, true, 0x10000, NEXT), -ERANGE);
	assert_int_equal(admin_default(0x10000), -ERANGE);
	assert_int_equal(WITH_VDEV(ims_cookie_check(vdev, &change, &(u32){ 0 })), 0);
	assert_int_equal(set(0, 7, NOW), 0);
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], 8), 0);
	assert_int_equal(env_set_limits(&e, 0, 1, 0), 0);
	rules_live(0, 1);
	assert_int_equal(admin(0, true, 9, NOW), -ENOSPC);
	assert_int_equal(nr_asked, 0);
}

/* When it has agreed nothing can fail any more. */
static void asked_last(void **state)
{
	enum shim_fail what;
	unsigned int n;
	bool hit;
	int ret;

	(void)state;
	for (what = 0; what < SHIM_FAILS; what++) {
		for (n = 1, hit = true; hit; n++) {
			open_again(0, &asking);
			rules_live(0, 1);
			shim_fail_at(what, n);
			ret = admin(0, true, 7, NOW);
			hit = shim_fail_fired(what);
			assert_int_equal(!ret, nr_asked);
			assert_int_equal(!ret, !hit);
		}
	}
}

/* The default cookie from outside does not move what the guest knows. */
static void handle_stays_in_place(void **state)
{
	struct env_vector was;

	(void)state;
	open_again(ENV_IN_PLACE, &asking);
	rules_live(0, 1);
	was = env_get(&e, 0, 0);
	at = nr_calls;
	assert_int_equal(admin_default(9), 0);
	rules_live(0, 1);
	assert_int_equal(env_get(&e, 0, 0).slot, was.slot);
	assert_int_equal(env_get(&e, 0, 0).generation, was.generation);
	assert_int_equal(env_get(&e, 0, 0).cookie, 9);
	assert_int_equal(e.slots[was.slot].cookie, 9);
	no_more();
}

#define driver_rule(text, fn)	{ text, fn, setup, rules_teardown, NULL }

RULES(rules_driver,
	driver_rule("driver: told of slots that binding and unbinding give and take", bound_and_unbound),
	driver_rule("driver: told of a slot that is replaced make-before-break, old and new", make_before_break),
	driver_rule("driver: told why: prepared, released, held, armed, revoked, reset, closed, gone", handed_out_and_taken),
	driver_rule("driver: not told where no slot changes, nor of what fails", not_told),
	driver_rule("driver: need not want to be told", driver_without_callbacks),
	driver_rule("driver: without its say nobody else changes cookies: EOPNOTSUPP", nobody_agrees),
	driver_rule("driver: agrees to cookies by netlink and learns of each; a reset ends them", driver_agrees),
	driver_rule("driver: refuses cookies by netlink, nothing has changed; counted, no alert", driver_refuses),
	driver_rule("driver: is not asked for what is refused anyway, validated only, or its own", driver_is_not_asked),
	driver_rule("driver: is asked last: when it has agreed nothing fails", asked_last),
	driver_rule("driver: a default cookie from outside keeps slots that change in place", handle_stays_in_place))
