// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine in threads, under ThreadSanitizer: everything that may happen at
 * the same time does. Bounded by operations, not by time; what has to hold is
 * checked when all threads have ended.
 *
 * The shim's interrupts run their handler on the thread that raises them, one
 * at a time for each Linux IRQ. RCU callbacks run on a thread of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "env.h"

#define VECTORS		8
#define THREADS		16
#define FDS		16

static struct env e;

struct worker {
	void *(*fn)(void *arg);
	unsigned long n;	/* operations */
	unsigned int seed;
	u32 vector;
	unsigned long done;	/* what it counts */
};

static unsigned int next(struct worker *w)
{
	w->seed = w->seed * 1103515245 + 12345;
	return w->seed >> 16;
}

static void run(struct worker *workers, unsigned int nr)
{
	pthread_t threads[THREADS];
	unsigned int i;

	for (i = 0; i < nr; i++) {
		workers[i].seed = i + 1;
		assert_int_equal(pthread_create(&threads[i], NULL,
						workers[i].fn, &workers[i]), 0);
	}
	for (i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
}

static int setup(void **state)
{
	int fd;

	(void)state;
	shim_rcu_mode(SHIM_RCU_THREAD);
	env_init(&e, 32, 0);
	for (fd = 0; fd < FDS; fd++)
		shim_fd_eventfd(fd);
	return 0;
}

static int teardown(void **state)
{
	int ret = env_fini(&e);

	(void)state;
	shim_rcu_mode(SHIM_RCU_IMMEDIATE);
	return ret;
}

static void open_all_live(void)
{
	s32 fds[VECTORS];
	int i;

	for (i = 0; i < VECTORS; i++)
		fds[i] = i;
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 6, 2), 0);
	assert_int_equal(env_bind(&e, 0, 0, VECTORS, fds), 0);
}

static u64 all_counts(void)
{
	u64 sum = 0;
	int i;

	for (i = 0; i < FDS; i++)
		sum += env_count(i);
	return sum;
}

/* Signals on threads that bind and set cookies: for slots that were replaced. */
static __thread bool changes;
static unsigned long made_up;

static void on_signal(int id)
{
	(void)id;
	if (changes)
		__atomic_add_fetch(&made_up, 1, __ATOMIC_RELAXED);
}

/* Workers: each counts what it saw succeed */

static void *fires(void *arg)
{
	struct worker *w = arg;
	unsigned long i;
	int slot;

	for (i = 0; i < w->n; i++) {
		struct env_slot s;

		slot = vfio_pci_ims_hwirq(&e.ims[0], w->vector);
		if (slot < 0)
			continue;
		pthread_mutex_lock(&e.hw_lock);
		s = e.slots[slot];
		pthread_mutex_unlock(&e.hw_lock);
		if (s.address && !s.masked)
			w->done += shim_irq_raise(
				shim_irq_of_message(s.address, s.data));
	}
	return NULL;
}

/*
 * A CPU accepts an interrupt, and handles it a while later if the vector's line
 * is still there. When neither that nor a change is under way any more, it has
 * been passed on. One such for a vector.
 */
static void *pings(void *arg)
{
	struct worker *w = arg;
	struct ims_vdev *vdev = ims_vdev_get(&e.ims[0]);
	const struct ims_line *line;
	unsigned long i;
	u64 before;
	u32 virq;

	for (i = 0; i < w->n; i++) {
		before = env_get(&e, 0, w->vector).delivered;
		/* Keeps the Linux IRQ from being another vector's. */
		ims_vdev_lock(vdev);
		line = ims_vector_line(ims_vector_get(vdev, w->vector));
		virq = line->irq.virq;
		if (!shim_irq_accept(virq))
			shim_die("IRQ %u is not accepted", virq);
		ims_vdev_unlock(vdev);
		sched_yield();
		w->done += shim_irq_handle(virq);
		if (env_get(&e, 0, w->vector).delivered == before)
			shim_die("vector %u lost an interrupt", w->vector);
	}
	ims_vdev_put(vdev);
	return NULL;
}

static void *sends(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++)
		w->done += vfio_pci_ims_send_signal(&e.ims[0], w->vector) ==
			   VFIO_PCI_IMS_SIGNAL_DELIVERED;
	return NULL;
}

static void *swaps(void *arg)
{
	struct worker *w = arg;
	unsigned long i;
	s32 fds[VECTORS];
	int j;

	for (i = 0; i < w->n; i++) {
		u32 start = next(w) % VECTORS, count;

		count = 1 + next(w) % (VECTORS - start);
		for (j = 0; j < VECTORS; j++)
			fds[j] = (s32)(next(w) % FDS);
		if (env_bind(&e, 0, start, count, fds))
			shim_die("swap fails");
		w->done++;
	}
	return NULL;
}

/* As swaps, where descriptors come and go. */
static void *binds(void *arg)
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

static void *sets_cookies(void *arg)
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

static void *loops(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++)
		w->done += !env_irqs(&e, 0, TRIGGER | NONE, next(w) % VECTORS,
				     1, NULL);
	return NULL;
}

static void *masks(void *arg)
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

static void *binds_and_unbinds(void *arg)
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

static void *opens_and_closes(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++) {
		w->done += !env_open(&e, 0, VECTORS);
		vfio_pci_ims_set_emulated(&e.ims[0], 6, 2);
		if (next(w) % 2)
			sched_yield();
		vfio_pci_ims_free(&e.ims[0]);
	}
	return NULL;
}

static void *looks(void *arg)
{
	struct worker *w = arg;
	struct ims_store_info info;
	struct env_vector v;
	unsigned long i;

	for (i = 0; i < w->n; i++) {
		struct ims_vdev *vdev = ims_vdev_get_next(0);

		if (vdev)
			ims_vdev_put(vdev);
		vfio_pci_ims_hwirq(&e.ims[0], next(w) % (VECTORS + 1));
		vfio_pci_ims_pending(&e.ims[0], next(w) % (VECTORS + 1));
		if (e.store)
			ims_store_query(e.store, &info);
		w->done += !env_vector(&e, 0, 0, &v);
	}
	return NULL;
}

/* The user closes a descriptor and opens another eventfd in its place. */
static void *reopens(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++)
		shim_fd_eventfd((int)(next(w) % FDS));
	return NULL;
}

static void *requests(void *arg)
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

static void *removes(void *arg)
{
	struct worker *w = arg;
	unsigned long i;

	for (i = 0; i < w->n; i++)
		sched_yield();
	ims_store_destroy(e.store);
	return NULL;
}

/* Tests */

static u64 delivered(void)
{
	struct env_vector v;
	u64 sum = 0;
	u32 i;

	for (i = 0; i < VECTORS; i++) {
		v = env_get(&e, 0, i);
		sum += v.delivered + v.signalled + v.loopback;
		assert_int_equal(v.dropped, 0);
	}
	return sum;
}

static void swaps_lose_nothing(void **state)
{
	struct worker w[] = {
		{ fires, 100000, 0, 0, 0 }, { fires, 100000, 0, 1, 0 },
		{ fires, 100000, 0, 2, 0 }, { fires, 100000, 0, 0, 0 },
		{ sends, 100000, 0, 6, 0 }, { sends, 100000, 0, 7, 0 },
		{ loops, 25000, 0, 0, 0 }, { swaps, 25000, 0, 0, 0 },
		{ swaps, 25000, 0, 0, 0 }, { looks, 10000, 0, 0, 0 },
	};
	struct env_vector was, is;
	u64 sum = 0;
	size_t i;

	(void)state;
	open_all_live();
	was = env_get(&e, 0, 0);
	run(w, ARRAY_SIZE(w));
	for (i = 0; i < 7; i++)
		sum += w[i].done;
	is = env_get(&e, 0, 0);
	assert_int_equal(w[0].done, w[0].n);
	assert_int_equal(w[4].done, w[4].n);
	assert_int_equal(all_counts(), sum);
	assert_int_equal(delivered(), sum);
	assert_int_equal(is.slot, was.slot);
	assert_int_equal(is.generation, was.generation);
	print_message("# threads: %llu interrupts, %lu swaps\n", sum,
		      w[7].done + w[8].done);
}

/* How often slots have been handed out. */
static u64 generations(void)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < e.hwsize; i++)
		sum += e.store->slots[i].generation;
	return sum;
}

/* Each slot that was replaced adds one. */
static void cookies_lose_nothing(void **state)
{
	struct worker w[] = {
		{ fires, 40000, 0, 0, 0 }, { fires, 40000, 0, 1, 0 },
		{ fires, 40000, 0, 2, 0 }, { swaps, 10000, 0, 0, 0 },
		{ sets_cookies, 15000, 0, 0, 0 },
	};
	u64 sum, replaced;

	(void)state;
	open_all_live();
	replaced = generations();
	run(w, ARRAY_SIZE(w));
	replaced = generations() - replaced;
	sum = w[0].done + w[1].done + w[2].done + replaced;
	assert_int_equal(all_counts(), sum);
	assert_int_equal(delivered(), sum);
	print_message("# threads: %llu interrupts, %llu of them for slots replaced by %lu swaps, %lu cookies\n",
		      sum, replaced, w[3].done, w[4].done);
}

static void replaced_slots_lose_nothing(void **state)
{
	struct worker w[] = {
		{ pings, 20000, 0, 0, 0 }, { pings, 20000, 0, 1, 0 },
		{ pings, 20000, 0, 2, 0 }, { swaps, 10000, 0, 0, 0 },
		{ sets_cookies, 20000, 0, 0, 0 },
	};
	struct shim_counts c;
	long lost;

	(void)state;
	open_all_live();
	shim_counts(&c);
	lost = c.irqs_lost;
	run(w, ARRAY_SIZE(w));
	shim_counts(&c);
	assert_int_equal(all_counts(), delivered());
	print_message("# threads: of %lu interrupts CPUs handled %lu, free_irq() took %ld\n",
		      w[0].n + w[1].n + w[2].n,
		      w[0].done + w[1].done + w[2].done, c.irqs_lost - lost);
}

static void masks_lose_nothing(void **state)
{
	struct worker w[] = {
		{ fires, 40000, 0, 0, 0 }, { fires, 40000, 0, 1, 0 },
		{ sends, 40000, 0, 6, 0 }, { swaps, 10000, 0, 0, 0 },
		{ masks, 20000, 0, 0, 0 }, { masks, 20000, 0, 0, 0 },
		{ looks, 10000, 0, 0, 0 },
	};
	u64 kept = 0, sum = 0, took;
	struct env_vector v;
	u32 i;

	(void)state;
	open_all_live();
	run(w, ARRAY_SIZE(w));
	/* Each was passed on at once, or kept; of those at least one passed on. */
	for (i = 0; i < VECTORS; i++) {
		v = env_get(&e, 0, i);
		kept += v.pended;
		sum += v.delivered + v.signalled;
		assert_false(v.masked);
		assert_false(v.pending);
	}
	took = all_counts();
	assert_int_equal(sum + kept, w[0].done + w[1].done + w[2].n);
	assert_true(took >= sum + !!kept);
	assert_true(took <= sum + kept);
	print_message("# threads: %llu interrupts, %llu of them masked\n",
		      sum + kept, kept);
}

static void unbinding_adds_up(void **state)
{
	struct worker w[] = {
		{ fires, 40000, 0, 0, 0 }, { fires, 40000, 0, 1, 0 },
		{ sends, 40000, 0, 6, 0 }, { binds_and_unbinds, 15000, 0, 0, 0 },
		{ binds_and_unbinds, 15000, 0, 0, 0 },
		{ sets_cookies, 10000, 0, 0, 0 },
	};
	u64 passed = 0, dropped = 0;
	struct env_vector v;
	u32 i;

	(void)state;
	open_all_live();
	made_up = 0;
	shim_eventfd_on_signal(on_signal);
	run(w, ARRAY_SIZE(w));
	shim_eventfd_on_signal(NULL);
	for (i = 0; i < VECTORS; i++) {
		v = env_get(&e, 0, i);
		passed += v.delivered + v.signalled;
		dropped += v.dropped;
	}
	assert_int_equal(all_counts(), passed);
	assert_int_equal(passed + dropped,
			 w[0].done + w[1].done + w[2].n + made_up);
	print_message("# threads: %llu passed on, %lu of them for slots replaced, %llu dropped\n",
		      passed, made_up, dropped);
}

/* Triggers outlive their descriptors, and signals under way their triggers. */
static void descriptors_close(void **state)
{
	struct worker w[] = {
		{ fires, 20000, 0, 0, 0 }, { fires, 20000, 0, 1, 0 },
		{ sends, 40000, 0, 6, 0 }, { sends, 40000, 0, 7, 0 },
		{ binds, 10000, 0, 0, 0 }, { reopens, 20000, 0, 0, 0 },
	};

	(void)state;
	open_all_live();
	run(w, ARRAY_SIZE(w));
	assert_int_equal(delivered(), w[0].done + w[1].done + w[2].done +
				      w[3].done);
}

/* All at once: nothing to be counted but what is left over. */
static void everything_at_once(void **state)
{
	struct worker w[] = {
		{ opens_and_closes, 7500, 0, 0, 0 },
		{ opens_and_closes, 7500, 0, 0, 0 },
		{ fires, 40000, 0, 0, 0 }, { sends, 40000, 0, 6, 0 },
		{ binds_and_unbinds, 20000, 0, 0, 0 },
		{ sets_cookies, 15000, 0, 0, 0 }, { masks, 10000, 0, 0, 0 },
		{ loops, 10000, 0, 0, 0 }, { requests, 10000, 0, 0, 0 },
		{ looks, 15000, 0, 0, 0 }, { reopens, 10000, 0, 0, 0 },
	};

	(void)state;
	run(w, ARRAY_SIZE(w));
	assert_true(w[0].done + w[1].done > 0);
}

static void parent_goes_in_the_midst(void **state)
{
	int round;

	(void)state;
	for (round = 0; round < 60; round++) {
		struct worker w[] = {
			{ removes, (unsigned long)round * 7, 0, 0, 0 },
			{ fires, 500, 0, 0, 0 }, { sends, 500, 0, 6, 0 },
			{ binds_and_unbinds, 300, 0, 0, 0 },
			{ sets_cookies, 200, 0, 0, 0 },
			{ masks, 200, 0, 0, 0 },
		};
		struct worker closer[] = {
			{ removes, 3, 0, 0, 0 },
			{ opens_and_closes, 50, 0, 0, 0 },
			{ binds_and_unbinds, 100, 0, 0, 0 },
			{ fires, 200, 0, 0, 0 },
		};
		struct shim_counts c;
		struct ims_client *pin;

		/* Who opens a device has a reference to the store. */
		pin = ims_client_create(e.store, NULL, NULL, 0, 0);
		open_all_live();
		if (round % 2)
			run(w, ARRAY_SIZE(w));
		else
			run(closer, ARRAY_SIZE(closer));
		shim_counts(&c);
		assert_int_equal(c.irqs, 0);
		assert_int_equal(c.domains, 0);
		e.store = NULL;
		vfio_pci_ims_free(&e.ims[0]);
		ims_client_destroy(pin);
		assert_int_equal(env_store(&e), 0);
	}
}

static void in_place_cookies(void **state)
{
	struct worker w[] = {
		{ fires, 40000, 0, 0, 0 }, { swaps, 10000, 0, 0, 0 },
		{ sets_cookies, 20000, 0, 0, 0 },
		{ sets_cookies, 20000, 0, 0, 0 },
	};
	u64 replaced;

	(void)state;
	ims_store_destroy(e.store);
	env_set_flags(&e, ENV_IN_PLACE | ENV_BUS);
	assert_int_equal(env_store(&e), 0);
	open_all_live();
	/* By swaps, of those whose cookie waits for the next slot. */
	replaced = generations();
	run(w, ARRAY_SIZE(w));
	replaced = generations() - replaced;
	assert_int_equal(all_counts(), w[0].done + replaced);
}

/* Interrupts of one row are freed in two halves, at the same time. */
#define ROW	126

static struct ims_client *row_client;
static struct ims_irq row[ROW];

static void *frees_every_other(void *arg)
{
	struct worker *w = arg;
	u32 i;

	for (i = w->vector; i < ROW; i += 2)
		ims_free_irqs(row_client, &row[i], 1);
	return NULL;
}

static void rows_are_freed(void **state)
{
	struct worker w[] = {
		{ frees_every_other, 0, 0, 0, 0 },
		{ frees_every_other, 0, 0, 1, 0 },
	};
	struct shim_counts c;
	int round;
	u32 i;

	(void)state;
	assert_int_equal(env_fini(&e), 0);
	env_init(&e, ROW, 0);
	row_client = ims_client_create(e.store, NULL, NULL, 0, 0);
	for (round = 0; round < 300; round++) {
		for (i = 0; i < ROW; i++)
			row[i] = (struct ims_irq) { .slot = IMS_SLOT_ANY };
		assert_int_equal(ims_alloc_irqs(row_client, row, ROW, NULL), 0);
		shim_counts(&c);
		assert_int_equal(c.remap_entries, ROW + 2);
		run(w, ARRAY_SIZE(w));
		shim_counts(&c);
		assert_int_equal(c.remap_entries, 0);
		assert_int_equal(row_client->idle, 0);
	}
	ims_client_destroy(row_client);
}

#define test(text, fn)	{ "threads: " text, fn, setup, teardown, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		test("interrupts and signals during swaps: none is lost, slots are kept", swaps_lose_nothing),
		test("interrupts during cookie changes: none is lost", cookies_lose_nothing),
		test("interrupts that CPUs have accepted during cookie changes: none is lost", replaced_slots_lose_nothing),
		test("interrupts during mask and unmask: passed on or kept, none is lost", masks_lose_nothing),
		test("interrupts during bind and unbind: passed on or dropped, counts add up", unbinding_adds_up),
		test("descriptors close during swaps and signals: nothing is used after free", descriptors_close),
		test("cookies in place by two at once, under swaps and interrupts", in_place_cookies),
		test("a row of remapping entries is freed by two at once", rows_are_freed),
		test("open and close against all other calls", everything_at_once),
		test("the parent goes away in the midst of all other calls", parent_goes_in_the_midst),
	};

	return cmocka_run_group_tests_name("engine threads", tests, NULL, NULL);
}
