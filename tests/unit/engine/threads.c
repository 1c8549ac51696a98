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

#include "workers.h"

#define THREADS		24

struct env e;

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
	assert_int_equal(w[7].done, w[7].n);
	assert_int_equal(w[8].done, w[8].n);
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

static void revocations_lose_nothing(void **state)
{
	struct worker w[] = {
		{ pings, 1000, 0, 0, 0 }, { pings, 1000, 0, 1, 0 },
		{ pings, 1000, 0, 2, 0 }, { swaps, 5000, 0, 0, 0 },
		{ revokes_and_arms, 10000, 0, 0, 0 },
		{ holds_and_arms, 3000, 0, 0, 0 },
	};
	struct shim_counts c;
	long lost;
	u32 i;

	(void)state;
	open_all_live();
	shim_counts(&c);
	lost = c.irqs_lost;
	run(w, ARRAY_SIZE(w));
	assert_int_equal(all_counts(), delivered());
	for (i = 0; i < 6; i++)
		assert_int_equal(env_get(&e, 0, i).state,
				 IMS_VECTOR_STATE_LIVE);
	shim_counts(&c);
	print_message("# threads: CPUs handled %lu interrupts between %lu revocations and %lu holds, free_irq() took %ld\n",
		      w[0].done + w[1].done + w[2].done, w[4].done, w[5].done,
		      c.irqs_lost - lost);
}

/* Each that a handler took, and one for each slot that went. */
static void revocations_add_up(void **state)
{
	struct worker w[] = {
		{ fires, 30000, 0, 0, 0 }, { fires, 30000, 0, 1, 0 },
		{ sends, 30000, 0, 6, 0 }, { swaps, 5000, 0, 0, 0 },
		{ revokes_and_arms, 10000, 0, 0, 0 },
		{ prepares_and_releases, 5000, 0, 0, 0 },
		{ looks, 5000, 0, 0, 0 },
	};
	u64 sum;

	(void)state;
	open_all_live();
	made_up = 0;
	shim_eventfd_on_signal(on_signal);
	run(w, ARRAY_SIZE(w));
	shim_eventfd_on_signal(NULL);
	sum = w[0].done + w[1].done + w[2].done + made_up;
	assert_int_equal(all_counts(), sum);
	assert_int_equal(delivered(), sum);
	print_message("# threads: %llu interrupts, %lu of them for slots revoked\n",
		      sum, made_up);
}

/* Slots are changed, revoked and written while the hardware sleeps. */
static void sleep_loses_nothing(void **state)
{
	struct worker w[] = {
		{ fires, 30000, 0, 0, 0 }, { fires, 30000, 0, 1, 0 },
		{ swaps, 5000, 0, 0, 0 }, { sets_cookies, 5000, 0, 0, 0 },
		{ revokes_and_arms, 5000, 0, 0, 0 },
		{ sleeps, 5000, 0, 0, 0 }, { looks, 5000, 0, 0, 0 },
	};
	u32 i;

	(void)state;
	ims_store_destroy(e.store);
	env_set_flags(&e, ENV_BUS);
	assert_int_equal(env_store(&e), 0);
	open_all_live();
	run(w, ARRAY_SIZE(w));
	assert_int_equal(all_counts(), delivered());
	/* The hardware has what vectors have. */
	for (i = 0; i < 6; i++)
		assert_true(env_fire_vector(&e, 0, i));
	print_message("# threads: %lu interrupts around %lu suspends\n",
		      w[0].done + w[1].done, w[5].done);
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

/* Vectors are held and limited, and what was kept back is passed on in the end. */
static void restraints_lose_nothing(void **state)
{
	struct worker w[] = {
		{ fires, 150000, 0, 0, 0 }, { fires, 150000, 0, 1, 0 },
		{ sends, 150000, 0, 6, 0 }, { swaps, 5000, 0, 0, 0 },
		{ masks, 5000, 0, 0, 0 }, { restrains, 5000, 0, 0, 0 },
		{ works, 20000, 0, 0, 0 }, { reads, 5000, 0, 0, 0 },
	};
	u64 kept = 0, sum = 0, throttles = 0, took;
	struct env_vector v;
	u32 i;

	(void)state;
	open_all_live();
	run(w, ARRAY_SIZE(w));
	for (i = 0; i < VECTORS; i++) {
		v = env_get(&e, 0, i);
		kept += v.pended;
		sum += v.delivered + v.signalled;
		throttles += v.throttles;
		assert_false(v.quiet || v.throttled || v.pending);
		assert_int_equal(v.state, IMS_VECTOR_STATE_LIVE);
		if (v.slot >= 0)
			assert_true(env_fire_vector(&e, 0, i));
	}
	took = all_counts() - 6;
	assert_int_equal(sum + kept, w[0].done + w[1].done + w[2].n);
	assert_true(took >= sum + !!kept);
	assert_true(took <= sum + kept);
	print_message("# threads: %llu interrupts, %llu of them kept back, in %llu pauses\n",
		      sum + kept, kept, throttles);
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

/* Readers take no lock of who changes what they read. */
static void readers_see_what_there_is(void **state)
{
	struct worker w[] = {
		{ fires, 20000, 0, 0, 0 }, { sends, 20000, 0, 6, 0 },
		{ binds_and_unbinds, 5000, 0, 0, 0 },
		{ sets_cookies, 5000, 0, 0, 0 }, { masks, 5000, 0, 0, 0 },
		{ revokes_and_arms, 3000, 0, 0, 0 },
		{ moves, 5000, 0, 0, 0 }, { polls_storms, 3000, 0, 0, 0 },
		{ reads, 10000, 0, 0, 0 }, { reads, 10000, 0, 0, 0 },
	};

	(void)state;
	open_all_live();
	run(w, ARRAY_SIZE(w));
	assert_int_equal(w[8].done + w[9].done, w[8].n + w[9].n);
}

static void refusals_are_whole(void **state)
{
	struct worker w[] = {
		{ refuses, 20000, 0, 0, 0 },
		{ reads, 20000, 0, 1, 0 }, { reads, 20000, 0, 1, 0 },
	};

	(void)state;
	e.cookie_max = 0xffffff;
	open_all_live();
	run(w, ARRAY_SIZE(w));
	assert_int_equal(w[0].done, 2 * w[0].n);
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
		{ revokes_and_arms, 5000, 0, 0, 0 },
		{ holds_and_arms, 3000, 0, 0, 0 },
		{ prepares_and_releases, 5000, 0, 0, 0 },
		{ sleeps, 3000, 0, 0, 0 }, { resets, 3000, 0, 0, 0 },
		{ reads, 10000, 0, 0, 0 }, { reads, 10000, 0, 0, 0 },
		{ polls_storms, 3000, 0, 0, 0 }, { moves, 3000, 0, 0, 0 },
		{ consumes, 5000, 0, 0, 0 }, { restrains, 5000, 0, 0, 0 },
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
			{ revokes_and_arms, 100, 0, 0, 0 },
			{ holds_and_arms, 50, 0, 0, 0 },
			{ prepares_and_releases, 100, 0, 0, 0 },
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
		pin = env_client_create(&e);
		open_all_live();
		if (round % 2)
			run(w, ARRAY_SIZE(w));
		else
			run(closer, ARRAY_SIZE(closer));
		shim_counts(&c);
		assert_int_equal(c.irqs, 0);
		assert_int_equal(c.domains, 0);
		e.store = NULL;
		env_close(&e, 0);
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
		{ reads, 5000, 0, 0, 0 },
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

/* Interrupts of each row are freed by two, at the same time. */
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
	row_client = env_client_create(&e);
	for (round = 0; round < 300; round++) {
		for (i = 0; i < ROW; i++)
			row[i] = (struct ims_irq) { .slot = IMS_SLOT_ANY };
		assert_int_equal(ims_alloc_irqs(row_client, row, ROW), 0);
		shim_counts(&c);
		assert_int_equal(c.remap_entries, ROW);
		run(w, ARRAY_SIZE(w));
		shim_counts(&c);
		assert_in_range(c.remap_entries, 0, 32);
		assert_int_equal(row_client->entries, c.remap_entries);
		assert_int_equal(row_client->used, 0);
	}
	ims_client_destroy(row_client);
}

/* The shim dies when an interrupt ends, or is masked, that a vCPU has. */
static void consumers_come_and_go(void **state)
{
	struct worker w[] = {
		{ consumes, 20000, 0, 0, 0 }, { works, 2000, 0, 0, 0 },
		{ fires, 20000, 0, 0, 0 }, { fires, 20000, 0, 1, 0 },
		{ swaps, 5000, 0, 0, 0 }, { masks, 5000, 0, 0, 0 },
		{ binds_and_unbinds, 5000, 0, 0, 0 },
		{ revokes_and_arms, 2000, 0, 0, 0 },
		{ sets_cookies, 2000, 0, 0, 0 }, { reads, 5000, 0, 0, 0 },
	};
	struct env_vector v;
	u32 i;

	(void)state;
	open_all_live();
	run(w, ARRAY_SIZE(w));
	assert_true(w[0].done);
	for (i = 0; i < 6; i++) {
		v = env_get(&e, 0, i);
		assert_int_equal(v.slot >= 0 && shim_bypass_connected((int)i), 0);
		if (v.slot >= 0)
			assert_true(env_fire_vector(&e, 0, i));
	}
	print_message("# threads: %lu times connected, %lu interrupts posted\n",
		      w[0].done, shim_irq_posted());
}

#define test(text, fn)	{ "threads: " text, fn, setup, teardown, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		test("interrupts and signals during swaps: none is lost, slots are kept", swaps_lose_nothing),
		test("interrupts during cookie changes: none is lost", cookies_lose_nothing),
		test("interrupts that CPUs have accepted during cookie changes: none is lost", replaced_slots_lose_nothing),
		test("interrupts that CPUs have accepted during revoke, hold and arm: none is lost", revocations_lose_nothing),
		test("interrupts during revoke, arm, prepare and release: counts add up", revocations_add_up),
		test("suspend and restore against interrupts, binds, cookies and revocations: nothing is lost, nobody touches the hardware", sleep_loses_nothing),
		test("interrupts during mask and unmask: passed on or kept, none is lost", masks_lose_nothing),
		test("interrupts while vectors are held and limited: passed on or kept, none is lost", restraints_lose_nothing),
		test("interrupts during bind and unbind: passed on or dropped, counts add up", unbinding_adds_up),
		test("descriptors close during swaps and signals: nothing is used after free", descriptors_close),
		test("cookies in place by two at once, under swaps and interrupts", in_place_cookies),
		test("rows of remapping entries are freed by two at once", rows_are_freed),
		test("readers without a lock see vectors, counts and slots as they are", readers_see_what_there_is),
		test("readers see refusals whole", refusals_are_whole),
		test("consumers of bypass come and go against all that ends it: no interrupt stays with a vCPU", consumers_come_and_go),
		test("open and close against all other calls", everything_at_once),
		test("the parent goes away in the midst of all other calls", parent_goes_in_the_midst),
	};

	return cmocka_run_group_tests_name("engine threads", tests, NULL, NULL);
}
