// SPDX-License-Identifier: GPL-2.0-or-later
/* Section 4: cookies. */
#include "rules.h"

static char before[65536], after[65536];

#define set(v, c, mode)	vfio_pci_ims_set_cookie(&e.ims[0], v, c, mode)
#define clear(v, mode)	vfio_pci_ims_clear_cookie(&e.ims[0], v, mode)

static u64 hw_cookie(u32 v)
{
	return e.slots[env_hwirq(&e, 0, v)].cookie;
}

static void own_overrides_default(void **state)
{
	(void)state;
	assert_int_equal(set(1, 0xfeedfacecafebeefULL, NEXT), 0);
	rules_live(0, 2);
	assert_int_equal(hw_cookie(0), ENV_COOKIE(0));
	assert_int_equal(hw_cookie(1), 0xfeedfacecafebeefULL);
	assert_true(env_get(&e, 0, 1).own);
	assert_false(env_get(&e, 0, 0).own);
}

static void all_64_bits(void **state)
{
	const u64 values[] = { 0, 1, 1ULL << 63, ~0ULL, 1ULL << 32 };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(values); i++)
		assert_int_equal(set(i, values[i], NEXT), 0);
	rules_live(0, ARRAY_SIZE(values));
	for (i = 0; i < ARRAY_SIZE(values); i++)
		assert_int_equal(hw_cookie(i), values[i]);
}

static void default_changes(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(set(1, 5, NEXT), 0);
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], 99), 0);
	assert_int_equal(hw_cookie(0), ENV_COOKIE(0));
	assert_int_equal(env_get(&e, 0, 0).next, 99);
	rules_live(0, 3);
	assert_int_equal(hw_cookie(0), 99);
	assert_int_equal(hw_cookie(1), 5);
	assert_int_equal(hw_cookie(2), 99);
}

static void cleared(void **state)
{
	(void)state;
	assert_int_equal(set(0, 5, NEXT), 0);
	assert_int_equal(clear(0, NEXT), 0);
	assert_int_equal(clear(0, NEXT), 0);
	rules_live(0, 1);
	assert_int_equal(hw_cookie(0), ENV_COOKIE(0));
	/* On a live vector: at the next allocation, or now. */
	assert_int_equal(set(0, 6, NOW), 0);
	assert_int_equal(hw_cookie(0), 6);
	assert_int_equal(clear(0, NEXT), 0);
	assert_int_equal(hw_cookie(0), 6);
	assert_int_equal(clear(0, NOW), 0);
	assert_int_equal(hw_cookie(0), ENV_COOKIE(0));
}

static void refused(void **state)
{
	(void)state;
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 2, 1), 0);
	assert_int_equal(set(2, 5, NEXT), -EINVAL);
	assert_int_equal(set(2, 5, NOW), -EINVAL);
	assert_int_equal(clear(2, NEXT), -EINVAL);
	rules_live(2, 1);
	assert_int_equal(set(2, 5, NOW), -EINVAL);
	assert_int_equal(set(VECTORS, 5, NEXT), -EINVAL);
	assert_int_equal(clear(VECTORS, NOW), -EINVAL);
	assert_int_equal(set(U32_MAX, 5, NOW), -EINVAL);
	assert_false(env_get(&e, 0, 2).own);
}

static void next_is_pending(void **state)
{
	struct env_vector was, is;

	(void)state;
	rules_live(0, 2);
	was = env_get(&e, 0, 0);
	assert_int_equal(set(0, 7, NEXT), 0);
	is = env_get(&e, 0, 0);
	assert_int_equal(is.slot, was.slot);
	assert_int_equal(is.cookie, ENV_COOKIE(0));
	assert_int_equal(is.next, 7);
	assert_int_equal(hw_cookie(0), ENV_COOKIE(0));
	assert_false(env_fire(&e, (u32)is.slot, 7));
	assert_true(env_fire(&e, (u32)is.slot, ENV_COOKIE(0)));

	/* Taken back before it took effect: nothing pending, nothing moves. */
	assert_int_equal(clear(0, NEXT), 0);
	assert_int_equal(env_bind1(&e, 0, 0, 8), 0);
	assert_int_equal(env_get(&e, 0, 0).slot, was.slot);

	/* Disable and enable is an allocation, too. */
	assert_int_equal(set(0, 7, NEXT), 0);
	assert_int_equal(env_disable(&e, 0), 0);
	rules_live(0, 1);
	assert_int_equal(hw_cookie(0), 7);
}

static void swap_applies_pending(void **state)
{
	struct env_vector was[2], is[2];
	u32 i;

	(void)state;
	rules_live(0, 2);
	assert_int_equal(set(1, 7, NEXT), 0);
	for (i = 0; i < 2; i++)
		was[i] = env_get(&e, 0, i);
	rules_live(0, 2);
	for (i = 0; i < 2; i++)
		is[i] = env_get(&e, 0, i);
	assert_int_equal(is[0].slot, was[0].slot);
	assert_int_not_equal(is[1].slot, was[1].slot);
	assert_int_equal(is[1].cookie, 7);
	assert_int_equal(is[1].next, 7);
	/* The old slot is dead for its old cookie. */
	assert_false(env_fire(&e, (u32)was[1].slot, was[1].cookie));
}

/* What unbinding does not need, and a full store does not hinder. */
static void unbind_needs_no_slot(void **state)
{
	(void)state;
	rules_live(0, VECTORS);
	assert_int_equal(set(1, 7, NEXT), 0);
	assert_int_equal(env_bind1(&e, 0, 1, -1), 0);
	rules_state(1, IMS_VECTOR_STATE_IDLE);
}

static void swap_without_room(void **state)
{
	(void)state;
	rules_live(0, VECTORS);
	assert_int_equal(set(1, 7, NEXT), 0);
	env_dump(&e, before, sizeof(before));
	assert_int_equal(env_bind1(&e, 0, 1, 9), -ENOSPC);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	assert_true(env_fire_vector(&e, 0, 1));
	assert_int_equal(env_count(1), 1);
	assert_int_equal(env_count(9), 0);
	/* With the old cookie back, a swap needs nothing. */
	assert_int_equal(clear(1, NEXT), 0);
	assert_int_equal(env_bind1(&e, 0, 1, 9), 0);
}

static void now_in_place(void **state)
{
	struct env_vector was, is;

	(void)state;
	rules_again(8, ENV_IN_PLACE | ENV_BUS);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 8);	/* full: there is no other slot */
	was = env_get(&e, 0, 3);
	assert_int_equal(set(3, 7, NOW), 0);
	is = env_get(&e, 0, 3);
	assert_int_equal(is.slot, was.slot);
	assert_int_equal(is.generation, was.generation);
	assert_int_equal(is.virq, was.virq);
	assert_int_equal(is.cookie, 7);
	assert_int_equal(hw_cookie(3), 7);
	assert_true(env_fire(&e, (u32)is.slot, 7));
	assert_int_equal(env_count(3), 1);
	/* The same again: nothing to do. */
	assert_int_equal(set(3, 7, NOW), 0);
	/* The slot's cookie is that of later messages, too. */
	assert_int_equal(clear(3, NOW), 0);
	assert_int_equal(hw_cookie(3), ENV_COOKIE(0));
}

/* The guest's handle stays, whoever set the cookie that was waiting. */
static void swap_applies_in_place(void **state)
{
	struct env_vector was, is;

	(void)state;
	rules_again(8, ENV_IN_PLACE | ENV_BUS);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 8);	/* full: there is no other slot */
	assert_int_equal(set(3, 7, NEXT), 0);
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], 8), 0);
	was = env_get(&e, 0, 3);
	assert_int_equal(hw_cookie(3), ENV_COOKIE(0));
	rules_live(0, 8);
	is = env_get(&e, 0, 3);
	assert_int_equal(is.slot, was.slot);
	assert_int_equal(is.generation, was.generation);
	assert_int_equal(hw_cookie(3), 7);
	assert_int_equal(hw_cookie(4), 8);
	assert_int_equal(is.cookie, 7);
	rules_no_signals();
}

static int slot_at_hook;
static bool old_fired;
static bool both;

/* While a new line is made, the old one still works. */
static void try_old(void)
{
	int slot = env_hwirq(&e, 0, 0);

	if (slot == slot_at_hook && env_fire(&e, (u32)slot, ENV_COOKIE(0)))
		old_fired = true;
	/* The old is in force when the new one is, for a moment. */
	if (slot != slot_at_hook && e.slots[slot_at_hook].address)
		both = true;
}

static void now_reallocates(void **state)
{
	struct env_vector was, is;

	(void)state;
	rules_live(0, 1);
	was = env_get(&e, 0, 0);
	slot_at_hook = was.slot;
	old_fired = false;
	both = false;
	shim_hook = try_old;
	assert_int_equal(set(0, 7, NOW), 0);
	shim_hook = NULL;
	assert_true(old_fired);
	assert_true(both);
	is = env_get(&e, 0, 0);
	assert_int_not_equal(is.slot, was.slot);
	assert_int_equal(is.cookie, 7);
	assert_int_equal(env_count(0), is.delivered);
	assert_int_equal(e.slots[was.slot].address, 0);
	assert_int_equal(is.state, IMS_VECTOR_STATE_LIVE);
	/* The trigger is the one it was. */
	assert_true(env_fire(&e, (u32)is.slot, 7));
	assert_int_equal(env_count(0), is.delivered + 1);
	assert_int_equal(is.replaced, 0);
}

static void now_without_room(void **state)
{
	(void)state;
	rules_live(0, VECTORS);
	env_dump(&e, before, sizeof(before));
	assert_int_equal(set(1, 7, NOW), -ENOSPC);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	assert_int_equal(env_get(&e, 0, 1).failed, 1);
	assert_true(env_fire(&e, (u32)env_get(&e, 0, 1).slot, ENV_COOKIE(0)));
}

static void now_while_masked(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	env_fire_vector(&e, 0, 0);
	assert_int_equal(set(0, 7, NOW), 0);
	assert_true(env_get(&e, 0, 0).masked);
	assert_true(env_get(&e, 0, 0).pending);
	env_fire_vector(&e, 0, 0);
	rules_no_signals();
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(env_count(0), 1);
	env_fire_vector(&e, 0, 0);
	assert_int_equal(env_count(0), 2);
}

static void now_on_idle(void **state)
{
	(void)state;
	assert_int_equal(set(0, 7, NOW), 0);
	rules_state(0, IMS_VECTOR_STATE_IDLE);
	assert_int_equal(env_get(&e, 0, 0).slot, -1);
	rules_live(0, 1);
	assert_int_equal(hw_cookie(0), 7);
}

/* Each way that a cookie takes, and requests that fail underway. */
static void cookie_everywhere(unsigned int flags, u64 cookie)
{
	const s32 bad[] = { 8, BAD_FD };

	rules_again(8, flags);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	assert_int_equal(set(0, cookie, NEXT), 0);
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], cookie), 0);
	rules_live(0, 2);
	assert_int_equal(hw_cookie(0), cookie);
	assert_int_equal(env_bind(&e, 0, 0, 2, bad), -EBADF);
	assert_int_equal(set(1, 7, NOW), 0);
	assert_int_equal(set(1, cookie, NOW), 0);
	assert_int_equal(set(1, 7, NEXT), 0);
	rules_live(0, 2);
	assert_int_equal(set(1, cookie, NEXT), 0);
	rules_live(0, 2);
	assert_int_equal(hw_cookie(1), cookie);
	assert_true(env_fire_vector(&e, 0, 1));

	shim_fail_at(SHIM_FAIL_REQUEST, 1);
	assert_int_equal(env_bind1(&e, 0, 2, 2), -ENOSPC);
	assert_int_equal(env_set_limits(&e, 0, 2, 0), 0);
	assert_int_equal(env_bind1(&e, 0, 2, 2), -ENOSPC);
	assert_int_equal(clear(0, NEXT), 0);
	assert_int_equal(env_disable(&e, 0), 0);
}

static void not_in_traces(void **state)
{
	/* Of the cookie 0xabcdef77 */
	const char *const secrets[] = { "abcdef77", "ABCDEF77", "2882400119" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(secrets); i++) {
		shim_watch(secrets[i]);
		cookie_everywhere(0, 0xabcdef77);
		cookie_everywhere(ENV_IN_PLACE, 0xabcdef77);
		assert_int_equal(shim_watched(), 0);
	}
	/* There was something to look at. */
	shim_watch("cookie=own now");
	cookie_everywhere(0, 0xabcdef77);
	assert_int_equal(shim_watched(), 2);
}

static void told_in_any_context(void **state)
{
	struct shim_ctx irq = { .irq = 1 }, *was;
	u64 cookie = 0;

	(void)state;
	rules_live(0, 1);
	assert_int_equal(set(1, 7, NEXT), 0);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 6, 1), 0);
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], 9), 0);
	was = shim_ctx_switch(&irq);
	assert_int_equal(vfio_pci_ims_cookie(&e.ims[0], 0, &cookie), 0);
	assert_int_equal(cookie, 9);
	assert_int_equal(vfio_pci_ims_cookie(&e.ims[0], 1, &cookie), 0);
	assert_int_equal(cookie, 7);
	assert_int_equal(vfio_pci_ims_cookie(&e.ims[0], 5, &cookie), 0);
	assert_int_equal(cookie, 9);
	assert_int_equal(vfio_pci_ims_cookie(&e.ims[0], 6, &cookie), -EINVAL);
	assert_int_equal(vfio_pci_ims_cookie(&e.ims[0], VECTORS, &cookie), -EINVAL);
	shim_ctx_switch(was);
	env_close(&e, 0);
	assert_int_equal(vfio_pci_ims_cookie(&e.ims[0], 0, &cookie), -ENODEV);
}

/* What the hardware cannot hold is refused on each way that a cookie comes in. */

#define MAX	0xfffffULL	/* a PASID has 20 bits */

static void begin_checked(unsigned int flags)
{
	rules_again(8, flags);
	e.cookie_max = MAX;
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 2);
	env_dump(&e, before, sizeof(before));
}

static void assert_unchanged(void)
{
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
}

static void checked_when_set(void **state)
{
	const unsigned int flags[] = { 0, ENV_IN_PLACE };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		begin_checked(flags[i]);
		assert_int_equal(set(0, MAX + 1, NEXT), -ERANGE);
		assert_int_equal(set(0, MAX + 1, NOW), -ERANGE);
		assert_int_equal(set(0, 1ULL << 63, NEXT), -ERANGE);
		assert_int_equal(set(5, MAX + 1, NEXT), -ERANGE);
		assert_unchanged();
		assert_int_equal(WITH_VDEV(vdev->refused.count), 4);
		assert_int_equal(WITH_VDEV(vdev->refused.vector), 5);
		assert_int_equal(WITH_VDEV(vdev->refused.error), -ERANGE);
		assert_int_equal(set(0, MAX, NOW), 0);
		assert_int_equal(hw_cookie(0), MAX);
	}
}

static void checked_as_default(void **state)
{
	(void)state;
	begin_checked(0);
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], MAX + 1),
			 -ERANGE);
	assert_unchanged();
	/* No vector is to blame. */
	assert_int_equal(env_get(&e, 0, 0).failed, 0);
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], MAX), 0);
	rules_live(2, 1);
	assert_int_equal(hw_cookie(2), MAX);
}

static void checked_at_open(void **state)
{
	struct vfio_pci_ims_params params = {
		.dev = &e.dev[1], .store = e.store, .num_vectors = 4,
		.default_cookie = MAX + 1,
	};

	(void)state;
	e.cookie_max = MAX;
	assert_int_equal(env_open_params(&e, 1, &params), -ERANGE);
	assert_int_equal(e.dev[1].refs, 1);
	params.default_cookie = MAX;
	assert_int_equal(env_open_params(&e, 1, &params), 0);
}

/* By whom validates only, and by netlink: the driver is not even asked. */
static void checked_for_netlink(void **state)
{
	struct vfio_pci_ims_cookie change = {
		.vector = 0, .own = true, .cookie = MAX + 1, .mode = NEXT,
	};

	(void)state;
	begin_checked(0);
	assert_int_equal(WITH_VDEV(ims_cookie_check(vdev, &change, &(u32){ 0 })), -ERANGE);
	assert_int_equal(WITH_VDEV(ims_cookie_set(vdev, &change, true)), -ERANGE);
	change.mode = NOW;
	assert_int_equal(WITH_VDEV(ims_cookie_check(vdev, &change, &(u32){ 0 })), -ERANGE);
	change.vector = VFIO_PCI_IMS_DEFAULT_COOKIE;
	assert_int_equal(WITH_VDEV(ims_cookie_check(vdev, &change, &(u32){ 0 })), -ERANGE);
	assert_int_equal(WITH_VDEV(ims_cookie_set(vdev, &change, true)), -ERANGE);
	assert_unchanged();
	change.cookie = MAX;
	assert_int_equal(WITH_VDEV(ims_cookie_check(vdev, &change, &(u32){ 0 })), 0);
	/* Back to the default nothing has to be checked. */
	change = (struct vfio_pci_ims_cookie){ .vector = 0, .cookie = MAX + 1 };
	assert_int_equal(WITH_VDEV(ims_cookie_check(vdev, &change, &(u32){ 0 })), 0);
}

/* Drivers that allocate by themselves */
static void checked_when_allocated(void **state)
{
	struct ims_irq irqs[2] = {
		{ .slot = IMS_SLOT_ANY, .cookie = 1 },
		{ .slot = IMS_SLOT_ANY, .cookie = MAX + 1 },
	};
	struct ims_client *client;

	(void)state;
	begin_checked(ENV_IN_PLACE);
	client = env_client_create(&e);
	env_dump(&e, before, sizeof(before));
	assert_int_equal(ims_alloc_irqs(client, irqs, 2), -ERANGE);
	assert_unchanged();
	irqs[1].cookie = MAX;
	assert_int_equal(ims_alloc_irqs(client, irqs, 2), 0);
	assert_int_equal(ims_set_cookie(client, &irqs[0], MAX + 1), -ERANGE);
	assert_int_equal(irqs[0].cookie, 1);
	assert_int_equal(ims_set_cookie(client, &irqs[0], MAX), 0);
	assert_int_equal(irqs[0].cookie, MAX);
	ims_free_irqs(client, irqs, 2);
	ims_client_destroy(client);
}

/* A store of which the device is gone, and one that can hold anything */
static void nobody_checks(void **state)
{
	struct ims_irq irq = { .slot = IMS_SLOT_ANY, .cookie = ~0ULL };
	struct ims_client *client;

	(void)state;
	rules_again(8, 0);
	ims_store_destroy(e.store);
	e.ops.check_cookie = NULL;
	assert_int_equal(env_store(&e), 0);
	assert_int_equal(ims_store_check_cookie(e.store, ~0ULL), 0);
	client = env_client_create(&e);
	assert_int_equal(ims_alloc_irqs(client, &irq, 1), 0);
	assert_int_equal(ims_set_cookie(client, &irq, 1), -EOPNOTSUPP);
	ims_free_irqs(client, &irq, 1);
	ims_store_destroy(e.store);
	assert_int_equal(ims_store_check_cookie(e.store, 0), -ENODEV);
	e.store = NULL;
	ims_client_destroy(client);
}

RULES(rules_cookie,
	rule("cookie: a vector's own overrides the default", own_overrides_default),
	rule("cookie: by value, all 64 bits", all_64_bits),
	rule("cookie: the default can change, at the next allocation", default_changes),
	rule("cookie: can be cleared back to the default, next and now", cleared),
	rule("cookie: EINVAL on emulated vectors and beyond the declared ones", refused),
	rule("cookie next: pending until the next allocation", next_is_pending),
	rule("cookie next: replacing the trigger reallocates, and only that vector", swap_applies_pending),
	rule("cookie next: replacing the trigger changes it in place when the store can, the handle stays", swap_applies_in_place),
	rule("cookie next: unbinding needs no new slot", unbind_needs_no_slot),
	rule("cookie next: replacing without room is ENOSPC, all is as before", swap_without_room),
	rule("cookie now: in place when the store can, same slot, store full or not", now_in_place),
	rule("cookie now: reallocated make-before-break when the store cannot", now_reallocates),
	rule("cookie now: no room for a new slot: ENOSPC, the old one is in force", now_without_room),
	rule("cookie now: mask and pending interrupt stay with the vector", now_while_masked),
	rule("cookie now: on a vector without slot it is in the next one", now_on_idle),
	rule("cookie: the next one is told, in any context; EINVAL, ENODEV", told_in_any_context),
	rule("cookie that the hardware cannot hold: ERANGE when it is set, nothing changed; counted", checked_when_set),
	rule("cookie that the hardware cannot hold: ERANGE as the default", checked_as_default),
	rule("cookie that the hardware cannot hold: ERANGE at open", checked_at_open),
	rule("cookie that the hardware cannot hold: ERANGE by netlink, and when it is validated only", checked_for_netlink),
	rule("cookie that the hardware cannot hold: ERANGE when a driver allocates or changes it in place", checked_when_allocated),
	rule("cookie: a store need not check; ENODEV when it is gone", nobody_checks),
	rule("cookie: not in the log and not in traces", not_in_traces))
