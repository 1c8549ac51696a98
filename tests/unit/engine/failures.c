// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every operation with every failure in turn: the n-th allocation, CPU vector,
 * remapping entry, look-up or affinity fails, for n = 1, 2, ... until the operation does
 * not get that far. After each failure everything is as it was, byte by byte,
 * but for the counts of failures; then the same operation succeeds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "env.h"

#define VECTORS	8

static struct env e;
static char before[65536], after[65536];

/**
 * struct op - an operation
 * @flags: of the store
 * @prepare: what is there before
 * @run: returns an errno
 * @undo: NULL, or brings back what @run changed where a retry needs it
 */
struct op {
	const char *name;
	unsigned int flags;
	void (*prepare)(void);
	int (*run)(void);
};

static const s32 fds[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

static void closed(void)
{
}

static void opened(void)
{
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
}

/* 0 to 2 live, 3 idle, 4 live and emulated, 5 idle and emulated, 6, 7 absent */
static void mixed(void)
{
	opened();
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), 0);
	assert_int_equal(env_bind1(&e, 0, 3, -1), 0);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 4, 2), 0);
	assert_int_equal(env_bind(&e, 0, 4, 1, fds + 4), 0);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 1, 1, NULL), 0);
	env_fire_vector(&e, 0, 0);
	env_fire_vector(&e, 0, 1);
	vfio_pci_ims_send_signal(&e.ims[0], 4);
}

static void mixed_pending_cookies(void)
{
	mixed();
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 70, NEXT), 0);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 2, 72, NEXT), 0);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 6, 76, NEXT), 0);
}

/* Of another device: one has one store. */
static int run_store(void)
{
	struct pci_dev pdev = {
		.dev = { .name = "0000:00:05.0", .refs = 1 },
		.isolated_msi = true,
	};
	struct ims_store *store = ims_store_create(&pdev, &e.ops, 4, &e);

	if (!IS_ERR(store))
		ims_store_destroy(store);
	assert_int_equal(pdev.dev.refs, 1);
	return IS_ERR(store) ? (int)PTR_ERR(store) : 0;
}

static int run_init(void)
{
	return env_open_limits(&e, 0, VECTORS, 8, 4);
}

static int run_init_affinity(void)
{
	const struct cpumask mask = { 0x2 };
	const struct vfio_pci_ims_params params = {
		.dev = &e.dev[0],
		.store = e.store,
		.num_vectors = VECTORS,
		.affinity = &mask,
	};

	return env_open_params(&e, 0, &params);
}

static int run_init_other(void)
{
	return env_open_limits(&e, 1, VECTORS, 8, 4);
}

static int run_bind_one(void)
{
	return env_bind1(&e, 0, 6, 8);
}

static int run_bind_all(void)
{
	return env_bind(&e, 0, 0, VECTORS, fds + 8);
}

static int run_bind_some(void)
{
	const s32 some[] = { -1, 9, 10, 11, -1, 13, 14, -1 };

	return env_bind(&e, 0, 0, VECTORS, some);
}

static int run_bind_emulated(void)
{
	return env_bind(&e, 0, 4, 2, fds + 8);
}

static int run_bind_kernel(void)
{
	return vfio_pci_set_ims_trigger(&e.ims[0], MSIX, 2, 5,
					TRIGGER | EVENTFD, fds + 8);
}

static int run_unbind(void)
{
	const s32 none[] = { -1, -1, -1, -1, -1, -1, -1, -1 };

	return env_bind(&e, 0, 0, VECTORS, none);
}

static int run_disable(void)
{
	return env_disable(&e, 0);
}

static int run_mask(void)
{
	const u8 some[] = { 1, 1, 1, 0, 1 };

	return env_irqs(&e, 0, MASK | BOOL, 0, 5, some);
}

static int run_unmask(void)
{
	return env_irqs(&e, 0, UNMASK | NONE, 0, 3, NULL);
}

static int run_loopback(void)
{
	const u8 some[] = { 1, 0, 1, 0, 1 };

	return env_irqs(&e, 0, TRIGGER | BOOL, 0, 5, some);
}

static int run_cookie_now(void)
{
	return vfio_pci_ims_set_cookie(&e.ims[0], 0, 0x99, NOW);
}

static int run_cookie_now_masked(void)
{
	return vfio_pci_ims_set_cookie(&e.ims[0], 1, 0x99, NOW);
}

static int run_cookie_absent(void)
{
	return vfio_pci_ims_set_cookie(&e.ims[0], 7, 0x99, NEXT);
}

static int run_cookie_clear_now(void)
{
	return vfio_pci_ims_clear_cookie(&e.ims[0], 0, NOW);
}

static int run_emulated(void)
{
	return vfio_pci_ims_set_emulated(&e.ims[0], 3, 5);
}

static int run_emulated_clear(void)
{
	return vfio_pci_ims_clear_emulated(&e.ims[0], 5, 3);
}

static int run_request(void)
{
	return env_irqs_raw(&e, 0, sizeof(struct vfio_irq_set) + 4, REQ,
			    TRIGGER | EVENTFD, 0, 1, fds, 4);
}

static void cookie_in_force(void)
{
	mixed();
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 0x42, NOW), 0);
}

static void request_bound(void)
{
	mixed();
	assert_int_equal(run_request(), 0);
}

static int set_affinity(u32 vector)
{
	struct ims_vdev *vdev = ims_vdev_get(&e.ims[0]);
	const struct cpumask mask = { 0x2 };
	int ret;

	ims_vdev_lock(vdev);
	ret = env_set_affinity(vdev, vector, &mask);
	ims_vdev_unlock(vdev);
	ims_vdev_put(vdev);
	return ret;
}

static int run_wished_slots_live(void)
{
	return set_affinity(0);
}

static int run_wished_slots_absent(void)
{
	return set_affinity(7);
}

static void mixed_affinities(void)
{
	mixed();
	assert_int_equal(set_affinity(3), 0);
	assert_int_equal(set_affinity(6), 0);
}

static int run_wished_slots(void)
{
	struct ims_irq irqs[3] = { { .slot = IMS_SLOT_ANY }, { .slot = 7 },
				   { .slot = IMS_SLOT_ANY } };
	struct ims_client *client;
	int ret;

	client = env_client_create(&e);
	if (IS_ERR(client))
		return (int)PTR_ERR(client);
	ret = ims_alloc_irqs(client, irqs, 3);
	if (!ret)
		ims_free_irqs(client, irqs, 3);
	ims_client_destroy(client);
	return ret;
}

/* Slots ahead of triggers, triggers without slots */

static int run_prepare_absent(void)
{
	return vfio_pci_ims_prepare(&e.ims[0], 7);
}

static int run_prepare_idle(void)
{
	return vfio_pci_ims_prepare(&e.ims[0], 3);
}

static int run_release(void)
{
	return vfio_pci_ims_release(&e.ims[0], 3);
}

static int run_hold(void)
{
	return vfio_pci_ims_hold(&e.ims[0]);
}

static int run_arm(void)
{
	return vfio_pci_ims_arm(&e.ims[0]);
}

static int run_arm_range(void)
{
	return vfio_pci_ims_arm_range(&e.ims[0], 1, 5);
}

static int run_revoke(void)
{
	return vfio_pci_ims_revoke(&e.ims[0], 0, VECTORS);
}

static int run_revoke_cookie(void)
{
	return vfio_pci_ims_revoke_cookie(&e.ims[0], ENV_COOKIE(0));
}

static int run_reset(void)
{
	return vfio_pci_ims_reset(&e.ims[0]);
}

/* As mixed, with 3 prepared */
static void prepared(void)
{
	mixed();
	assert_int_equal(run_prepare_idle(), 0);
}

static void held(void)
{
	prepared();
	assert_int_equal(run_hold(), 0);
}

static void revoked(void)
{
	prepared();
	assert_int_equal(run_revoke(), 0);
}

/* Cookies that an administrator changes, and the driver agrees */

static int agree(struct vfio_pci_ims *ims,
		 const struct vfio_pci_ims_cookie *change)
{
	(void)ims;
	(void)change;
	return 0;
}

static const struct vfio_pci_ims_ops agreeable = { .cookie_change = agree };

static void mixed_agreeable(void)
{
	e.driver = &agreeable;
	mixed();
}

static int admin_cookie(u32 vector, u64 cookie)
{
	const struct vfio_pci_ims_cookie change = {
		.vector = vector, .own = true, .cookie = cookie, .mode = NOW,
	};
	struct ims_vdev *vdev = ims_vdev_get(&e.ims[0]);
	int ret;

	ims_vdev_lock(vdev);
	ret = ims_cookie_set(vdev, &change, true);
	ims_vdev_unlock(vdev);
	ims_vdev_put(vdev);
	return ret;
}

static int run_admin_cookie(void)
{
	return admin_cookie(0, 0x99);
}

static int run_admin_default(void)
{
	return admin_cookie(VFIO_PCI_IMS_DEFAULT_COOKIE, 0x99);
}

/* All vectors in one request, but those that are emulated. */
static int configure_all(const struct ims_config *what)
{
	static const u8 bools[VECTORS] = { 1, 1, 1, 1, 0, 0, 1, 1 };
	struct ims_vdev *vdev = ims_vdev_get(&e.ims[0]);
	struct ims_config config = *what;
	struct ims_config_failure failure;
	int ret;

	config.count = VECTORS;
	config.bools = bools;
	config.ask = true;
	ims_vdev_lock(vdev);
	ret = ims_vectors_configure(vdev, &config, &failure);
	ims_vdev_unlock(vdev);
	ims_vdev_put(vdev);
	return ret;
}

static int run_cookies_now(void)
{
	return configure_all(&(struct ims_config) {
		.cookie_given = true,
		.cookie = { .own = true, .cookie = 0x99, .mode = NOW },
	});
}

static int run_cookies_and_affinities(void)
{
	const struct cpumask mask = { 0x2 };

	return configure_all(&(struct ims_config) {
		.cookie_given = true,
		.cookie = { .own = true, .cookie = 0x99, .mode = NEXT },
		.affinity_given = true,
		.mask = &mask,
	});
}

/* Requests while the hardware is asleep, and forgets all */

static int asleep(int (*request)(void))
{
	int ret;

	ims_store_suspend(e.store);
	e.asleep = true;
	ret = request();
	env_forget(&e);
	e.asleep = false;
	ims_store_restore(e.store);
	return ret;
}

static int run_bind_asleep(void)
{
	return asleep(run_bind_all);
}

static int run_cookie_asleep(void)
{
	return asleep(run_cookie_now);
}

static int run_revoke_asleep(void)
{
	return asleep(run_revoke);
}

static const struct op ops[] = {
	{ "store create", 0, mixed, run_store },
	{ "store create with bus lock", ENV_BUS, closed, run_store },
	{ "init", 0, closed, run_init },
	{ "init with an affinity", 0, closed, run_init_affinity },
	{ "init of a second device", 0, mixed, run_init_other },
	{ "bind one absent vector", 0, mixed, run_bind_one },
	{ "bind a block of absent vectors", 0, opened, run_bind_all },
	{ "bind a block in all states", 0, mixed, run_bind_all },
	{ "bind a block in all states, store with bus lock", ENV_BUS, mixed, run_bind_all },
	{ "bind a block with pending cookies", 0, mixed_pending_cookies, run_bind_some },
	{ "bind and unbind in one block", 0, mixed, run_bind_some },
	{ "bind emulated vectors", 0, mixed, run_bind_emulated },
	{ "bind by the kernel's call", 0, mixed, run_bind_kernel },
	{ "unbind all by fd -1", 0, mixed, run_unbind },
	{ "disable", 0, mixed, run_disable },
	{ "mask", 0, mixed, run_mask },
	{ "unmask", 0, mixed, run_unmask },
	{ "loopback", 0, mixed, run_loopback },
	{ "cookie now, reallocated", 0, mixed, run_cookie_now },
	{ "cookie now on a masked vector with a pending interrupt", 0, mixed, run_cookie_now_masked },
	{ "cookie now, in place", ENV_IN_PLACE | ENV_BUS, mixed, run_cookie_now },
	{ "cookie next on an absent vector", 0, mixed, run_cookie_absent },
	{ "cookie cleared now", 0, cookie_in_force, run_cookie_clear_now },
	{ "emulated declared", 0, mixed, run_emulated },
	{ "emulated withdrawn", 0, mixed, run_emulated_clear },
	{ "request eventfd bound", 0, mixed, run_request },
	{ "request eventfd replaced", 0, request_bound, run_request },
	{ "slots by wish with affinity", 0, mixed, run_wished_slots },
	{ "affinity of a live vector", 0, mixed, run_wished_slots_live },
	{ "affinity of an absent vector", 0, mixed, run_wished_slots_absent },
	{ "bind a block with affinities", 0, mixed_affinities, run_bind_all },
	{ "bind a block, the hardware chooses slots", ENV_CHOOSES | ENV_BUS, mixed_pending_cookies, run_bind_some },
	{ "bind a held device", 0, held, run_bind_all },
	{ "bind revoked vectors", 0, revoked, run_bind_all },
	{ "bind a prepared vector", 0, prepared, run_bind_all },
	{ "prepare an absent vector", 0, mixed, run_prepare_absent },
	{ "prepare an idle vector, the hardware chooses slots", ENV_CHOOSES, mixed, run_prepare_idle },
	{ "prepare on hold", 0, held, run_prepare_absent },
	{ "release", 0, prepared, run_release },
	{ "hold", ENV_BUS, prepared, run_hold },
	{ "arm", 0, held, run_arm },
	{ "arm, the hardware chooses slots", ENV_CHOOSES | ENV_BUS, held, run_arm },
	{ "arm what was revoked", 0, revoked, run_arm },
	{ "arm a range", 0, revoked, run_arm_range },
	{ "revoke", 0, prepared, run_revoke },
	{ "revoke by cookie", ENV_CHOOSES, prepared, run_revoke_cookie },
	{ "reset", 0, prepared, run_reset },
	{ "reset what was revoked", 0, revoked, run_reset },
	{ "an administrator's cookie, reallocated", 0, mixed_agreeable, run_admin_cookie },
	{ "an administrator's cookie, in place", ENV_IN_PLACE, mixed_agreeable, run_admin_cookie },
	{ "an administrator's default cookie", 0, mixed_agreeable, run_admin_default },
	{ "cookies of all vectors now", 0, mixed_agreeable, run_cookies_now },
	{ "cookies and affinities of all vectors", 0, mixed_agreeable, run_cookies_and_affinities },
	{ "bind a block asleep", ENV_BUS, mixed_pending_cookies, run_bind_asleep },
	{ "cookie now asleep, reallocated", 0, mixed, run_cookie_asleep },
	{ "cookie now asleep, in place", ENV_IN_PLACE, mixed, run_cookie_asleep },
	{ "revoke asleep", ENV_CHOOSES, prepared, run_revoke_asleep },
};

struct failure {
	const char *name;
	int error;
};

#define FAILURES	SHIM_FAILS

static const struct failure failures[FAILURES] = {
	[SHIM_FAIL_ALLOC] = { "allocation", -ENOMEM },
	[SHIM_FAIL_REQUEST] = { "CPU vector", -ENOSPC },
	[SHIM_FAIL_REMAP] = { "remapping entry", -ENOSPC },
	[SHIM_FAIL_FDGET] = { "eventfd look-up", -EMFILE },
	[SHIM_FAIL_AFFINITY] = { "affinity", -ENOSPC },
};

struct test {
	const struct op *op;
	enum shim_fail what;
};

static void begin(const struct op *op, enum shim_fail what)
{
	int fd;

	/* Where a row of two is refused single entries do: here there are no rows. */
	shim_remap(what == SHIM_FAIL_REMAP ? IMS_COMPAT_REMAP_AMD :
					     IMS_COMPAT_REMAP_INTEL);
	env_init(&e, 16, op->flags);
	for (fd = 0; fd < 16; fd++)
		shim_fd_eventfd(fd);
	op->prepare();
}

/* Every live vector passes one more interrupt on. */
static void still_works(void)
{
	struct env_vector v;
	u32 i;

	for (i = 0; i < VECTORS; i++) {
		env_vector(&e, 0, i, &v);
		if (v.state != IMS_VECTOR_STATE_LIVE)
			continue;
		assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, i, 1, NULL), 0);
		if (v.emulated)
			assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], i),
					 VFIO_PCI_IMS_SIGNAL_DELIVERED);
		else
			assert_true(env_fire_vector(&e, 0, i));
	}
}

static void fail_in_turn(void **state)
{
	const struct test *test = *state;
	const struct op *op = test->op;
	unsigned int n;
	bool hit = true;
	int ret;

	for (n = 1; hit; n++) {
		begin(op, test->what);
		env_dump(&e, before, sizeof(before));
		shim_fail_at(test->what, n);
		ret = op->run();
		hit = shim_fail_fired(test->what);
		if (hit) {
			if (ret != failures[test->what].error)
				print_message("# %s: %d at %u\n", op->name, ret, n);
			assert_int_equal(ret, failures[test->what].error);
			env_dump(&e, after, sizeof(after));
			assert_string_equal(before, after);
			/* Who was refused is not asked again at once. */
			shim_jiffies += HZ;
			ret = op->run();
		}
		assert_int_equal(ret, 0);
		if (e.store)
			still_works();
		if (env_fini(&e))
			fail_msg("left over after failure %u of %s", n,
				 op->name);
	}
}

static int teardown(void **state)
{
	(void)state;
	return e.hwsize ? env_fini(&e) : 0;
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(ops) * FAILURES];
	static struct test params[ARRAY_SIZE(ops) * FAILURES];
	static char names[ARRAY_SIZE(ops) * FAILURES][128];
	size_t i, nr = 0;
	int what;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		for (what = 0; what < FAILURES; what++, nr++) {
			params[nr] = (struct test){ &ops[i], what };
			snprintf(names[nr], sizeof(names[nr]),
				 "failures: %s: every %s fails in turn",
				 ops[i].name, failures[what].name);
			tests[nr] = (struct CMUnitTest) {
				.name = names[nr],
				.test_func = fail_in_turn,
				.teardown_func = teardown,
				.initial_state = &params[nr],
			};
		}
	}
	return _cmocka_run_group_tests("engine failures", tests, nr, NULL, NULL);
}
