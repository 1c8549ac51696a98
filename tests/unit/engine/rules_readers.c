// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Readers: what an unprivileged dump sees of vectors and devices, while others
 * change them and their hardware is slow. A reader that takes a lock that is held
 * dies of it in the shim ("taken twice").
 */
#include "rules.h"

static struct ims_vdev *reader;		/* as netlink has it: by id */
static unsigned int looked;

static void find(void)
{
	reader = ims_vdev_get_id((u32)e.id[0]);
	assert_non_null(reader);
	looked = 0;
}

static void forget(void)
{
	ims_vdev_put(reader);
	reader = NULL;
}

static struct ims_vector_snapshot look_at(u32 vector)
{
	struct ims_vector_snapshot now;

	rcu_read_lock();
	assert_int_equal(ims_vector_snapshot(reader, vector, &now), 0);
	/* What it points to can be read. */
	if (now.line)
		assert_int_equal(now.line->vector->index, vector);
	if (now.affinity)
		assert_false(cpumask_empty(now.affinity));
	rcu_read_unlock();
	return now;
}

static void look_at_all(void)
{
	struct ims_vdev_snapshot now;
	u32 i;

	for (i = 0; i < VECTORS; i++)
		look_at(i);
	assert_int_equal(ims_vdev_snapshot(reader, &now), 0);
	assert_true(now.live + now.held <= VECTORS);
	looked++;
}

static void the_lock_is_anothers(void **state)
{
	struct ims_vdev *vdev;

	(void)state;
	rules_live(0, 3);
	assert_int_equal(rules_affinity(1, 0x2), 0);
	find();
	vdev = rules_lock_vdev();
	look_at_all();
	rules_unlock_vdev(vdev);
	forget();
}

/* The store's unlock() is where slow hardware makes a binding sleep. */
static void (*unlock)(void *data, u32 slot);

static void slow_unlock(void *data, u32 slot)
{
	look_at_all();
	unlock(data, slot);
}

static void hardware_is_slow(void **state)
{
	static const s32 none[] = { -1, -1, -1 };
	unsigned int was;

	(void)state;
	rules_again(8, ENV_BUS);
	unlock = e.ops.unlock;
	e.ops.unlock = slow_unlock;
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	find();
	rules_live(0, 3);
	assert_true(looked);
	was = looked;
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 1, 5, NOW), 0);
	assert_true(looked > was);
	was = looked;
	assert_int_equal(vfio_pci_ims_hold(&e.ims[0]), 0);
	assert_int_equal(vfio_pci_ims_arm(&e.ims[0]), 0);
	assert_true(looked > was);
	was = looked;
	assert_int_equal(env_bind(&e, 0, 0, 3, none), 0);
	assert_true(looked > was);
	e.ops.unlock = unlock;
	forget();
}

/* One vector at any moment of what happens to it. */
static u64 seen;
static u32 states;

static void look_at_the_first(void)
{
	struct ims_vector_snapshot now = look_at(0);

	assert_true(now.counts.delivered >= seen);
	seen = now.counts.delivered;
	states |= 1u << now.state;
	if (now.state == IMS_VECTOR_STATE_LIVE)
		assert_non_null(now.line);
	if (now.state == IMS_VECTOR_STATE_HELD)
		assert_null(now.line);
	looked++;
}

static void watch(void)
{
	seen = 0;
	states = 0;
	shim_hook = look_at_the_first;
}

static void unwatch(u32 expected)
{
	shim_hook = NULL;
	assert_true(looked);
	assert_int_equal(states, expected);
}

#define ABSENT	(1u << IMS_VECTOR_STATE_ABSENT)
#define IDLE	(1u << IMS_VECTOR_STATE_IDLE)
#define HELD	(1u << IMS_VECTOR_STATE_HELD)
#define LIVE	(1u << IMS_VECTOR_STATE_LIVE)

static void counts_do_not_go_back(void **state)
{
	(void)state;
	rules_live(0, 2);
	find();
	assert_true(env_fire_vector(&e, 0, 0));
	assert_true(env_fire_vector(&e, 0, 0));
	watch();
	/* Replaced by another line, taken, and the device disabled */
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 5, NOW), 0);
	assert_true(seen >= 2);
	assert_int_equal(vfio_pci_ims_revoke(&e.ims[0], 0, 1), 0);
	assert_int_equal(vfio_pci_ims_arm(&e.ims[0]), 0);
	assert_int_equal(env_disable(&e, 0), 0);
	unwatch(LIVE | HELD | IDLE);
	forget();
}

/* Interrupts of a line that a vector has no more, but whose handler still runs */
static unsigned int old_virq;

static void old_line_fires(void)
{
	if (shim_irq_raise(old_virq))
		looked++;
}

static void late_interrupts_are_counted(void **state)
{
	u64 before;

	(void)state;
	rules_live(0, 1);
	find();
	assert_true(env_fire_vector(&e, 0, 0));
	old_virq = env_get(&e, 0, 0).virq;
	before = rules_snapshot(0).counts.delivered;
	shim_hook = old_line_fires;
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 5, NOW), 0);
	shim_hook = NULL;
	assert_true(looked);
	/* Those, and one for the slot that was replaced */
	assert_int_equal(rules_snapshot(0).counts.delivered,
			 before + looked + 1);
	forget();
}

static void bound_is_not_held(void **state)
{
	(void)state;
	find();
	watch();
	rules_live(0, 1);
	unwatch(ABSENT | IDLE | LIVE);
	watch();
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	unwatch(LIVE | IDLE);
	assert_int_equal(rules_vdev_snapshot().live, 0);
	assert_int_equal(rules_vdev_snapshot().held, 0);
	forget();
}

static void everything_is_seen(void **state)
{
	struct ims_vector_snapshot now;

	(void)state;
	now = rules_snapshot(0);
	assert_int_equal(now.state, IMS_VECTOR_STATE_ABSENT);
	assert_null(now.vector);

	rules_live(0, 1);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 5, NEXT), 0);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_true(env_fire_vector(&e, 0, 0));
	now = rules_snapshot(0);
	assert_int_equal(now.state, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(now.backing, IMS_VECTOR_BACKING_IMS);
	assert_true(now.masked);
	assert_true(now.pending);
	assert_false(now.prepared);
	assert_false(now.revoked);
	assert_true(now.cookie_own);
	assert_int_equal(now.cookie, ENV_COOKIE(0));
	assert_int_equal(now.next_cookie, 5);
	assert_int_equal(now.counts.pended, 1);

	assert_int_equal(vfio_pci_ims_prepare(&e.ims[0], 1), 0);
	assert_int_equal(vfio_pci_ims_revoke(&e.ims[0], 1, 1), 0);
	now = rules_snapshot(1);
	assert_int_equal(now.state, IMS_VECTOR_STATE_IDLE);
	assert_true(now.prepared);
	assert_true(now.revoked);
	assert_false(now.cookie_own);
	assert_int_equal(now.cookie, ENV_COOKIE(0));
	assert_int_equal(now.next_cookie, ENV_COOKIE(0));
	assert_int_equal(now.counts.revocations, 1);

	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 2, 1), 0);
	assert_int_equal(rules_snapshot(2).backing,
			 IMS_VECTOR_BACKING_EMULATED);
}

/* A change that is under way has counted one vector as held, not as bound yet. */
static void figures_make_sense(void **state)
{
	struct ims_vdev_snapshot now;

	(void)state;
	rules_live(0, 1);
	find();
	WRITE_ONCE(reader->held, 2);
	now = rules_vdev_snapshot();
	assert_int_equal(now.live, 0);
	assert_int_equal(now.held, 1);
	WRITE_ONCE(reader->held, 0);
	forget();
}

static void the_device_is_seen(void **state)
{
	struct ims_vdev_snapshot now;

	(void)state;
	rules_live(0, 3);
	assert_int_equal(vfio_pci_ims_revoke(&e.ims[0], 1, 1), 0);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 5, 2), 0);
	assert_int_equal(env_set_limits(&e, 0, 6, 1), 0);
	assert_int_equal(env_bind1(&e, 0, 4, BAD_FD), -EBADF);
	now = rules_vdev_snapshot();
	assert_int_equal(now.live, 2);
	assert_int_equal(now.held, 1);
	assert_int_equal(now.emulated, 2);
	assert_int_equal(now.client.used, 2);
	assert_int_equal(now.client.limit, 6);
	assert_int_equal(now.client.reservation, 1);
	assert_int_equal(now.default_cookie, ENV_COOKIE(0));
	assert_int_equal(now.refused.count, 1);
	assert_int_equal(now.refused.vector, 4);
	assert_int_equal(now.refused.error, -EBADF);
	assert_false(now.on_hold);
	assert_false(now.gone);
	assert_int_equal(vfio_pci_ims_hold(&e.ims[0]), 0);
	assert_true(rules_vdev_snapshot().on_hold);
	ims_store_destroy(e.store);
	e.store = NULL;
	assert_true(rules_vdev_snapshot().gone);
}

static void closed_meanwhile(void **state)
{
	struct ims_vector_snapshot vector;
	struct ims_vdev_snapshot device;

	(void)state;
	rules_live(0, 1);
	find();
	env_close(&e, 0);
	rcu_read_lock();
	assert_int_equal(ims_vector_snapshot(reader, 0, &vector), -ENODEV);
	rcu_read_unlock();
	assert_int_equal(ims_vdev_snapshot(reader, &device), -ENODEV);
	/* What it was stays known, when store and parent have gone. */
	ims_store_destroy(e.store);
	e.store = NULL;
	assert_string_equal(reader->name, e.dev[0].name);
	assert_string_equal(reader->parent, e.pdev.dev.name);
	assert_true(reader->store_id);
	assert_false(reader->is_mdev);
	forget();
}

static void mediated_devices(void **state)
{
	static const struct bus_type mdev = { .name = "mdev" };

	(void)state;
	e.dev[1].bus = &mdev;
	assert_int_equal(env_open(&e, 1, 1), 0);
	e.dev[1].bus = NULL;
	reader = ims_vdev_get_id((u32)e.id[1]);
	assert_true(reader->is_mdev);
	forget();
}

/* While the device is closed, which takes long: its hardware is slow. */
static void closing(void)
{
	struct ims_vector_snapshot vector;
	int ret;

	rcu_read_lock();
	ret = ims_vector_snapshot(reader, 0, &vector);
	rcu_read_unlock();
	assert_true(!ret || ret == -ENODEV);
	looked++;
}

static void while_it_is_closed(void **state)
{
	(void)state;
	rules_live(0, 2);
	assert_int_equal(rules_affinity(0, 0x2), 0);
	find();
	shim_hook = closing;
	env_close(&e, 0);
	shim_hook = NULL;
	assert_true(looked);
	forget();
}

static void vectors_are_counted_when_they_come(void **state)
{
	u32 one, all;

	(void)state;
	find();
	one = ims_vdev_generation(reader);
	all = ims_vdevs_generation();
	rules_live(0, 1);
	assert_int_not_equal(ims_vdev_generation(reader), one);
	assert_int_not_equal(ims_vdevs_generation(), all);
	one = ims_vdev_generation(reader);
	rules_live(0, 1);
	assert_int_equal(ims_vdev_generation(reader), one);
	/* 0 says that it is not known. */
	WRITE_ONCE(reader->generation, U32_MAX);
	rules_live(1, 1);
	assert_int_equal(ims_vdev_generation(reader), 1);
	forget();
}

/*
 * A call through the handle has found the device just before it is closed: what it
 * looks at stays until it is over, though nobody has a reference.
 */
static void found_before_the_close(void **state)
{
	struct shim_ctx other = { .irq = 0 }, *was;
	struct ims_vdev *vdev;
	struct ims_vector *vector;
	unsigned long flags;

	(void)state;
	rules_live(0, 1);
	rcu_read_lock();
	vdev = rcu_dereference(e.ims[0].vdev);
	vector = rcu_dereference(vdev->vectors[0]);
	was = shim_ctx_switch(&other);
	env_close(&e, 0);
	shim_ctx_switch(was);
	assert_int_equal(vdev->num_vectors, VECTORS);
	raw_spin_lock_irqsave(&vector->lock, flags);
	assert_null(vector->eventfd);
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	rcu_read_unlock();
}

/* What two CPUs write at the same time is not in one cache line. */
static uintptr_t cache_line(const void *p)
{
	return (uintptr_t)p / SMP_CACHE_BYTES;
}

static void cache_lines_have_one_writer(void **state)
{
	const struct ims_line *line[2];
	const struct ims_vector *v;
	struct ims_vdev *vdev;
	int i;

	(void)state;
	rules_live(0, 2);
	vdev = rules_lock_vdev();
	for (i = 0; i < 2; i++) {
		v = ims_vector_get(vdev, (u32)i);
		line[i] = ims_vector_line(v);
		/* Its handler: reads and writes nothing else of the line. */
		assert_int_equal(cache_line(&line[i]->vector),
				 cache_line(&line[i]->delivered));
		assert_int_equal(cache_line(&line[i]->vector),
				 cache_line(&line[i]->last));
		/* What it reads of the vector is written by no signal, ... */
		assert_int_not_equal(cache_line(&v->trigger),
				     cache_line(&v->senders));
		assert_int_not_equal(cache_line(&v->trigger),
				     cache_line(&v->signalled));
		/* ... by nobody who finds it masked, and by no loopback. */
		assert_int_not_equal(cache_line(&v->trigger),
				     cache_line(&v->lock));
		assert_int_not_equal(cache_line(&v->trigger),
				     cache_line(&v->loopback));
		assert_int_not_equal(cache_line(&v->trigger),
				     cache_line(&v->last));
		/* Signals and loopback */
		assert_int_not_equal(cache_line(&v->signalled),
				     cache_line(&v->loopback));
		assert_int_not_equal(cache_line(&v->signalled_last),
				     cache_line(&v->last));
		assert_int_not_equal(cache_line(&v->signalled),
				     cache_line(&v->lock));
	}
	assert_int_not_equal(cache_line(&line[0]->delivered),
			     cache_line(&line[1]->delivered));
	rules_unlock_vdev(vdev);
}

static void times_have_one_writer(void **state)
{
	const struct ims_vector *v;

	(void)state;
	rules_emulated_live(0, 1);
	v = WITH_VDEV(ims_vector_get(vdev, 0));
	shim_jiffies = 40000;
	assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 0),
			 VFIO_PCI_IMS_SIGNAL_DELIVERED);
	assert_int_equal(v->signalled_last, 40000);
	assert_int_equal(v->last, 0);
	assert_int_equal(rules_snapshot(0).last, 40000);
	shim_jiffies = 41000;
	rules_loopback(0, 1);
	assert_int_equal(v->signalled_last, 40000);
	assert_int_equal(v->last, 41000);
	assert_int_equal(rules_snapshot(0).last, 41000);
	shim_jiffies = 42000;
	assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 0),
			 VFIO_PCI_IMS_SIGNAL_DELIVERED);
	assert_int_equal(rules_snapshot(0).last, 42000);
}

/* Who changes something waits, but not against his will. */
static void waits_interruptibly(void **state)
{
	(void)state;
	find();
	shim_signal = true;
	assert_int_equal(ims_vdev_lock_interruptible(reader), -EINTR);
	assert_false(lockdep_is_held(&reader->lock));
	shim_signal = false;
	assert_int_equal(ims_vdev_lock_interruptible(reader), 0);
	assert_true(lockdep_is_held(&reader->lock));
	ims_vdev_unlock(reader);
	forget();
}

RULES(rules_readers,
	rule("readers: vdev->lock is another's", the_lock_is_anothers),
	rule("readers: answer while the store's unlock() sleeps", hardware_is_slow),
	rule("readers: counts do not go back while slots do", counts_do_not_go_back),
	rule("readers: what comes by a slot on its way out is counted", late_interrupts_are_counted),
	rule("readers: a vector that is bound is not seen as held", bound_is_not_held),
	rule("readers: all of a vector is seen", everything_is_seen),
	rule("readers: all of a device is seen", the_device_is_seen),
	rule("readers: no figures below 0 in the midst of a change", figures_make_sense),
	rule("readers: ENODEV when closed, constants stay", closed_meanwhile),
	rule("readers: a device on the mdev bus is one", mediated_devices),
	rule("readers: at any moment of a close", while_it_is_closed),
	rule("readers: generations change when a vector comes", vectors_are_counted_when_they_come),
	rule("close: who found the device before may look at it", found_before_the_close),
	rule("cache lines: none is written by two who count at the same time", cache_lines_have_one_writer),
	rule("cache lines: signals and loopback have a time each, and the latest is told", times_have_one_writer),
	rule("busy device: who changes something waits until a signal comes", waits_interruptibly))
