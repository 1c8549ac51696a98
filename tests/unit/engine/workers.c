// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the threads of threads.c do: each counts what it saw succeed.
 */
#include <stdlib.h>

#include "workers.h"
#include "storm.h"

static unsigned int next(struct worker *w)
{
	w->seed = w->seed * 1103515245 + 12345;
	return w->seed >> 16;
}

/* Signals on threads that bind, set cookies or revoke: for slots that went. */
static __thread bool changes;
unsigned long made_up;

void on_signal(int id)
{
	(void)id;
	if (changes)
		__atomic_add_fetch(&made_up, 1, __ATOMIC_RELAXED);
}

void *fires(void *arg)
{
	struct worker *w = arg;
	unsigned long i;
	int slot;

	for (i = 0; i < w->n; i++) {
		struct env_slot s;
		bool awake;

		slot = env_hwirq(&e, 0, w->vector);
		if (slot < 0)
			continue;
		pthread_mutex_lock(&e.hw_lock);
		s = e.slots[slot];
		awake = !e.asleep;
		pthread_mutex_unlock(&e.hw_lock);
		if (awake && s.address && !s.masked)
			w->done += shim_irq_raise(
				shim_irq_of_message(s.address, s.data));
	}
	return NULL;
}

/*
 * A CPU accepts an interrupt, and handles it a while later if the vector's line
 * is still there. When neither that nor a change is under way any more, it has
 * been passed on. One such for a vector. Skips times at which it has no slot.
 */
void *pings(void *arg)
{
	struct worker *w = arg;
	struct ims_vdev *vdev = ims_vdev_get(&e.ims[0]);
	const struct ims_line *line;
	unsigned long i, tries;
	u64 before;
	u32 virq;

	for (i = 0, tries = 0; i < w->n && tries < 50 * w->n; tries++) {
		before = env_get(&e, 0, w->vector).delivered;
		/* Keeps the Linux IRQ from being another vector's. */
		ims_vdev_lock(vdev);
		line = ims_vector_line(ims_vector_get(vdev, w->vector));
		virq = line ? line->irq.virq : 0;
		if (line && !shim_irq_accept(virq))
			shim_die("IRQ %u is not accepted", virq);
		ims_vdev_unlock(vdev);
		sched_yield();
		if (!virq)
			continue;
		i++;
		w->done += shim_irq_handle(virq);
		if (env_get(&e, 0, w->vector).delivered == before)
			shim_die("vector %u lost an interrupt", w->vector);
	}
	ims_vdev_put(vdev);
	return NULL;
}

void *sends(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++)
		w->done += vfio_pci_ims_send_signal(&e.ims[0], w->vector) ==
			   VFIO_PCI_IMS_SIGNAL_DELIVERED;
	return NULL;
}

void *swaps(void *arg)
{
	struct worker *w = arg;
	unsigned long i;
	s32 fds[VECTORS];
	int j, ret;

	for (i = 0; i < w->n; i++) {
		u32 start = next(w) % VECTORS, count;

		count = 1 + next(w) % (VECTORS - start);
		for (j = 0; j < VECTORS; j++)
			fds[j] = (s32)(next(w) % FDS);
		/* A device has one slot more than vectors, for cookies that wait. */
		ret = env_bind(&e, 0, start, count, fds);
		if (ret && ret != -ENOSPC)
			shim_die("swap: %d", ret);
		w->done += !ret;
	}
	return NULL;
}

/* As swaps, where descriptors come and go. */
void *binds(void *arg)
{
	struct worker *w = arg;
	unsigned long i;
	int ret;

	for (i = 0; i < w->n; i++) {
		ret = env_bind1(&e, 0, next(w) % 2 ? 6 : next(w) % VECTORS,
				(s32)(next(w) % FDS));
		if (ret && ret != -EBADF)
			shim_die("bind: %d", ret);
		w->done += !ret;
	}
	return NULL;
}

void *sets_cookies(void *arg)
{
	struct worker *w = arg;
	unsigned long i;
	int ret;

	changes = true;
	for (i = 0; i < w->n; i++) {
		ret = vfio_pci_ims_set_cookie(&e.ims[0], next(w) % 6,
					      next(w) % 4,
					      next(w) % 4 ? NEXT : NOW);
		if (ret && ret != -ENODEV && ret != -ENOSPC)
			shim_die("cookie: %d", ret);
		w->done += !ret;
	}
	return NULL;
}

void *loops(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++)
		w->done += !env_irqs(&e, 0, TRIGGER | NONE, next(w) % VECTORS,
				     1, NULL);
	return NULL;
}

void *masks(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++) {
		u32 v = next(w) % VECTORS;

		env_irqs(&e, 0, MASK | NONE, v, 1, NULL);
		w->done += vfio_pci_ims_pending(&e.ims[0], v);
		env_irqs(&e, 0, UNMASK | NONE, v, 1, NULL);
	}
	return NULL;
}

void *binds_and_unbinds(void *arg)
{
	struct worker *w = arg;
	unsigned long i;
	s32 fds[VECTORS];
	int j, ret;

	changes = true;
	for (i = 0; i < w->n; i++) {
		u32 start = next(w) % VECTORS;

		for (j = 0; j < VECTORS; j++)
			fds[j] = next(w) % 3 ? (s32)(next(w) % FDS) : -1;
		ret = next(w) % 16 ? env_bind(&e, 0, start,
					      1 + next(w) % (VECTORS - start),
					      fds) : env_disable(&e, 0);
		if (ret && ret != -ENODEV && ret != -ENOSPC && ret != -EBADF)
			shim_die("bind: %d", ret);
		w->done += !ret;
	}
	return NULL;
}

void *opens_and_closes(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	const struct vfio_pci_ims_params params = {
		.dev = &e.dev[0],
		.store = e.store,
		.num_vectors = VECTORS,
		.default_cookie = ENV_COOKIE(0),
	};
	int id, ret;

	for (i = 0; i < w->n; i++) {
		id = vfio_pci_ims_init(&e.ims[0], &params);
		w->done += id > 0;
		ret = vfio_pci_ims_set_emulated(&e.ims[0], 6, 2);
		if (ret && ret != -ENODEV && ret != -EBUSY)
			shim_die("emulated: %d", ret);
		if (next(w) % 2)
			sched_yield();
		/* Who was refused cannot end what the other has opened. */
		vfio_pci_ims_free(&e.ims[0], id);
	}
	return NULL;
}

static void expect(const char *what, int ret)
{
	if (ret && ret != -ENODEV && ret != -ENOSPC && ret != -EINVAL)
		shim_die("%s: %d", what, ret);
}

/* Takes slots and gives new ones, also by cookie. */
void *revokes_and_arms(void *arg)
{
	struct worker *w = arg;
	unsigned long i;
	u32 start;

	changes = true;
	for (i = 0; i < w->n; i++) {
		start = next(w) % 6;
		if (next(w) % 4)
			expect("revoke", vfio_pci_ims_revoke(&e.ims[0], start, 1));
		else
			expect("revoke by cookie",
			       vfio_pci_ims_revoke_cookie(&e.ims[0],
							  ENV_COOKIE(0)));
		w->done++;
		if (next(w) % 2)
			sched_yield();
		if (next(w) % 4)
			expect("arm range", vfio_pci_ims_arm_range(&e.ims[0],
								   start, 1));
		else
			expect("arm", vfio_pci_ims_arm(&e.ims[0]));
	}
	expect("arm", vfio_pci_ims_arm(&e.ims[0]));
	return NULL;
}

void *holds_and_arms(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	changes = true;
	for (i = 0; i < w->n; i++) {
		expect("hold", vfio_pci_ims_hold(&e.ims[0]));
		if (next(w) % 2)
			sched_yield();
		expect("arm", vfio_pci_ims_arm(&e.ims[0]));
		w->done++;
	}
	return NULL;
}

void *prepares_and_releases(void *arg)
{
	struct worker *w = arg;
	unsigned long i;
	u32 v;

	changes = true;
	for (i = 0; i < w->n; i++) {
		v = next(w) % VECTORS;
		expect("prepare", vfio_pci_ims_prepare(&e.ims[0], v));
		if (next(w) % 2)
			expect("release", vfio_pci_ims_release(&e.ims[0], v));
		w->done++;
	}
	return NULL;
}

void *resets(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++) {
		expect("reset", vfio_pci_ims_reset(&e.ims[0]));
		sched_yield();
	}
	return NULL;
}

static void set_asleep(bool asleep)
{
	pthread_mutex_lock(&e.hw_lock);
	e.asleep = asleep;
	pthread_mutex_unlock(&e.hw_lock);
}

/* While the hardware is asleep nobody touches it, or the test dies. */
void *sleeps(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++) {
		ims_store_suspend(e.store);
		set_asleep(true);
		sched_yield();
		if (next(w) % 2)
			env_forget(&e);
		set_asleep(false);
		ims_store_restore(e.store);
		w->done++;
	}
	return NULL;
}

void *looks(void *arg)
{
	struct worker *w = arg;
	struct ims_store_info info;
	struct env_vector v;
	unsigned long i;
	u32 vector;

	for (i = 0; i < w->n; i++) {
		struct ims_vdev *vdev = ims_vdev_get_next(0);

		if (vdev)
			ims_vdev_put(vdev);
		env_hwirq(&e, 0, next(w) % (VECTORS + 1));
		w->done += !vfio_pci_ims_vector(&e.ims[0], next(w) % 32, &vector);
		vfio_pci_ims_pending(&e.ims[0], next(w) % (VECTORS + 1));
		if (e.store)
			ims_store_query(e.store, &info);
		w->done += !env_vector(&e, 0, 0, &v);
	}
	return NULL;
}

/* Counts of one vector as a reader saw them last: they never go back. */
static void read_vector(struct ims_vdev *vdev, u32 vector, u64 *before)
{
	struct ims_vector_snapshot now;
	int ret;

	rcu_read_lock();
	ret = ims_vector_snapshot(vdev, vector, &now);
	if (!ret && now.vector) {
		if (now.line && now.line->vector != now.vector)
			shim_die("vector %u has another's line", vector);
		if (now.line && !now.line->irq.virq)
			shim_die("vector %u has a line without IRQ", vector);
		if (now.affinity && cpumask_empty(now.affinity))
			shim_die("vector %u may go nowhere", vector);
		if (now.counts.delivered < *before)
			shim_die("vector %u: counts go back", vector);
		*before = now.counts.delivered;
	}
	rcu_read_unlock();
}

/* What netlink does for anybody: without vdev->lock. */
void *reads(void *arg)
{
	struct worker *w = arg;
	struct ims_vdev_snapshot now;
	u64 before[VECTORS] = { 0 };
	struct ims_vdev *vdev;
	unsigned long i;
	u32 id = 0, v;

	for (i = 0; i < w->n; i++) {
		vdev = ims_vdev_get_next(0);
		if (!vdev)
			continue;
		if (vdev->id != id)
			memset(before, 0, sizeof(before));
		id = vdev->id;
		for (v = 0; v < VECTORS; v++)
			read_vector(vdev, v, &before[v]);
		if (!ims_vdev_snapshot(vdev, &now)) {
			if (now.live + now.held > VECTORS)
				shim_die("%u live, %u held", now.live, now.held);
			if (w->vector && now.refused.count &&
			    (now.refused.vector == 1) !=
			    (now.refused.error == -EBADF))
				shim_die("vector %u was refused for %d",
					 now.refused.vector, now.refused.error);
			w->done++;
		}
		ims_vdev_put(vdev);
	}
	return NULL;
}

/* One of them at a time. */
void *polls_storms(void *arg)
{
	struct worker *w = arg;
	struct ims_vdev *vdev;
	unsigned long i;

	for (i = 0; i < w->n; i++) {
		vdev = ims_vdev_get_next(0);
		if (!vdev)
			continue;
		ims_storms_poll_device(vdev, 10, 1000);
		ims_vdev_put(vdev);
		w->done++;
	}
	return NULL;
}

/* Two requests that are refused, for two vectors and two reasons */
void *refuses(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++) {
		w->done += env_bind1(&e, 0, 1, FDS) == -EBADF;
		w->done += vfio_pci_ims_set_cookie(&e.ims[0], 2,
						   e.cookie_max + 1, NEXT) ==
			   -ERANGE;
	}
	return NULL;
}

/* Affinities come, change and go. */
void *moves(void *arg)
{
	struct worker *w = arg;
	struct ims_vdev *vdev;
	struct cpumask mask;
	unsigned long i;

	for (i = 0; i < w->n; i++) {
		vdev = ims_vdev_get(&e.ims[0]);
		if (!vdev)
			continue;
		mask.bits = next(w) % 4;
		ims_vdev_lock(vdev);
		if (!vdev->closed)
			w->done += !env_set_affinity(vdev, next(w) % 6,
						     mask.bits ? &mask : NULL);
		ims_vdev_unlock(vdev);
		ims_vdev_put(vdev);
	}
	return NULL;
}

/* The user closes a descriptor and opens another eventfd in its place. */
void *reopens(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++)
		shim_fd_eventfd((int)(next(w) % FDS));
	return NULL;
}

void *requests(void *arg)
{
	struct worker *w = arg;
	const s32 fds[] = { 3, -1 };
	unsigned long i;

	for (i = 0; i < w->n; i++) {
		env_irqs_raw(&e, 0, sizeof(struct vfio_irq_set) + 4, REQ,
			     TRIGGER | EVENTFD, 0, 1, &fds[next(w) % 2], 4);
		vfio_pci_ims_request(&e.ims[0], 1);
	}
	return NULL;
}

void *removes(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++)
		sched_yield();
	ims_store_destroy(e.store);
	return NULL;
}

/* Consumers of irqbypass come and go. One such for an eventfd. */
void *consumes(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++) {
		int id = (int)(next(w) % FDS);

		shim_bypass_consumer(id, i % 8 ? 0 : -EINVAL);
		w->done += shim_bypass_connected(id);
		sched_yield();
		shim_bypass_consumer_goes(id);
	}
	return NULL;
}

/* The only one that runs work items. Time passes. */
void *works(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++) {
		__atomic_add_fetch(&shim_jiffies, 10, __ATOMIC_RELAXED);
		w->done += shim_delayed_work_run();
		sched_yield();
	}
	return NULL;
}

static void restrain(u32 start, u32 count, const struct ims_restraint *r)
{
	struct ims_vdev *vdev = ims_vdev_get(&e.ims[0]);

	if (!vdev)
		return;
	ims_vdev_lock(vdev);
	if (!ims_vdev_usable(vdev)) {
		expect("restrain", ims_block_restrain(vdev, start, count, NULL, r));
		if (r->set_rate && start == 0) {
			expect("rate", ims_rate_prepare(vdev, r->rate));
			ims_rate_set(vdev, r->rate);
		}
	}
	ims_vdev_unlock(vdev);
	ims_vdev_put(vdev);
}

/* Vectors are held and limited, and in the end none is. */
void *restrains(void *arg)
{
	static const u32 rates[] = { 0, 1, 1000, 1000000 };
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++) {
		struct ims_restraint r = {
			.set_quiet = next(w) % 2, .quiet = next(w) % 2,
			.set_rate = next(w) % 2, .rate = rates[next(w) % 4],
		};

		restrain(next(w) % VECTORS, 1, &r);
		w->done++;
		sched_yield();
	}
	restrain(0, VECTORS, &(struct ims_restraint) {
		.set_quiet = true, .set_rate = true });
	return NULL;
}
