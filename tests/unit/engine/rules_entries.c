// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Linux IRQs and remapping entries (kmod/ims/entries.c): how many a client holds,
 * which it uses again, and that nobody loses the one that is in use.
 */
#include <linux/interrupt.h>
#include <stdlib.h>

#include "rules.h"
#include "shim/irq.h"
#include "storm.h"

#define SLOTS	300
#define SPARE	32

static struct ims_client *client;
static struct ims_irq irqs[SLOTS];
static unsigned int seen[SLOTS];
static bool live[SLOTS];
static u32 nr_live;

static irqreturn_t handler(int irq, void *arg)
{
	(void)irq;
	++*(unsigned int *)arg;
	return IRQ_HANDLED;
}

static int setup(void **state)
{
	int ret = rules_setup(state);

	rules_again(SLOTS, 0);
	client = env_client_create(&e);
	assert_false(IS_ERR(client));
	memset(seen, 0, sizeof(seen));
	memset(live, 0, sizeof(live));
	nr_live = 0;
	return ret;
}

static struct shim_counts counts(void)
{
	struct shim_counts c;

	shim_counts(&c);
	return c;
}

/* Entries that are taken; each has a Linux IRQ, and all are shown. */
static u32 entries(void)
{
	struct ims_client_info info;
	struct ims_store_info store;
	u32 n = (u32)counts().remap_entries;

	assert_int_equal(counts().irqs, n);
	ims_store_query(e.store, &store);
	assert_int_equal(store.entries, n);
	ims_client_query(client, &info);
	assert_in_range(info.entries, info.used, 2 * info.used + SPARE);
	return n;
}

static int get(u32 at, u32 nr)
{
	u32 i;
	int ret;

	for (i = at; i < at + nr; i++)
		irqs[i] = (struct ims_irq) { .slot = IMS_SLOT_ANY, .cookie = i };
	ret = ims_alloc_irqs(client, irqs + at, nr);
	for (i = at; !ret && i < at + nr; i++)
		assert_int_equal(ims_request_irq(&irqs[i], handler, "x",
						 &seen[i], NULL), 0);
	for (i = at; !ret && i < at + nr; i++)
		live[i] = true;
	nr_live += ret ? 0 : nr;
	return ret;
}

static void put(u32 at, u32 nr)
{
	u32 i;

	for (i = at; i < at + nr; i++) {
		free_irq(irqs[i].virq, &seen[i]);
		live[i] = false;
	}
	ims_free_irqs(client, irqs + at, nr);
	nr_live -= nr;
}

static int teardown(void **state)
{
	u32 i;

	shim_sync_hook = NULL;
	for (i = 0; client && i < SLOTS; i++)
		if (live[i])
			put(i, 1);
	if (client)
		ims_client_destroy(client);
	client = NULL;
	shim_remap_entries(-1);
	shim_remap_no_rows(false);
	shim_remap(IMS_COMPAT_REMAP_INTEL);
	shim_cpu_vectors(-1);
	return rules_teardown(state);
}

/* The hardware fires @i: nobody else's handler runs. */
static void fire(u32 i)
{
	unsigned int was[SLOTS];

	memcpy(was, seen, sizeof(was));
	was[i]++;
	assert_true(env_fire(&e, irqs[i].slot, i));
	assert_memory_equal(was, seen, sizeof(was));
}

static void rows_of_two(void **state)
{
	static const u32 cases[] = { 1, 2, 3, 31, 32, 33, 64, 65, 299, 300 };
	u32 i, k, other, nr;
	long was;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		nr = cases[i];
		was = counts().domain_allocs;
		assert_int_equal(get(0, nr), 0);
		/* The domain's mutex is released every 32. */
		assert_int_equal(counts().domain_allocs, was + (nr + 31) / 32);
		assert_int_equal(entries(), nr + nr % 2);
		for (k = 0; k < nr; k++)
			for (other = 0; other < k; other++)
				assert_true(irqs[k].virq != irqs[other].virq &&
					    irqs[k].slot != irqs[other].slot);
		for (k = 0; k < nr; k++)
			fire(k);
		put(0, nr);
		assert_int_equal(entries(), nr + nr % 2 < SPARE ? nr + nr % 2 :
								 SPARE);
		env_settle();
		assert_int_equal(entries(), 0);
	}
}

static void idle_ones_first(void **state)
{
	unsigned int virqs[20];
	u32 k, other, found;
	long was;

	(void)state;
	assert_int_equal(get(0, 20), 0);
	for (k = 0; k < 20; k++)
		virqs[k] = irqs[k].virq;
	put(0, 20);
	was = counts().domain_allocs;
	/* Whoever asks: for one, and for many */
	for (k = 0; k < 7; k++)
		assert_int_equal(get(k, 1), 0);
	assert_int_equal(get(7, 13), 0);
	assert_int_equal(counts().domain_allocs, was);
	for (k = 0; k < 20; k++) {
		for (other = 0, found = 0; other < 20; other++)
			found += irqs[k].virq == virqs[other];
		assert_int_equal(found, 1);
		fire(k);
	}
	/* A single one leaves the other of its row for the next. */
	assert_int_equal(get(20, 1), 0);
	assert_int_equal(counts().domain_allocs, was + 1);
	assert_int_equal(get(21, 1), 0);
	assert_int_equal(counts().domain_allocs, was + 1);
	assert_int_equal(entries(), 22);
}

/* One of a row is in use: the idle one is taken before whole rows are. */
static void halves_first(void **state)
{
	(void)state;
	assert_int_equal(get(0, 8), 0);
	put(0, 1);
	put(2, 2);
	assert_int_equal(client->entries, 8);
	assert_int_equal(get(0, 1), 0);
	assert_int_equal(list_empty(&client->partial), true);
	env_settle();
	assert_int_equal(entries(), 6);
}

/*
 * The history of issue 14: bind all, keep one of each row, bind and unbind the
 * rest again. Rows are of two now; of longer ones as well.
 */
static void any_history(void **state)
{
	static const u32 steps[] = { 2, 16, 256, 3, 1 };
	u32 i, k, round;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		assert_int_equal(get(0, SLOTS), 0);
		assert_int_equal(entries(), SLOTS);
		for (round = 0; round < 3; round++) {
			for (k = 0; k < SLOTS; k++) {
				if (k % steps[i] == 0)
					continue;
				put(k, 1);
				entries();
			}
			for (k = 0; k < SLOTS; k++) {
				if (k % steps[i] == 0)
					continue;
				assert_int_equal(get(k, 1), 0);
				entries();
			}
		}
		for (k = 0; k < SLOTS; k++)
			fire(k);
		put(0, SLOTS);
		assert_in_range(entries(), 0, SPARE);
	}
}

static void idle_ones_expire(void **state)
{
	(void)state;
	assert_int_equal(get(0, 10), 0);
	put(0, 5);
	assert_int_equal(entries(), 10);
	shim_jiffies += 10 * HZ - 1;
	shim_delayed_work_run();
	assert_int_equal(entries(), 10);
	/* Two rows are idle as a whole, of one the other half is in use. */
	shim_jiffies += 1;
	shim_delayed_work_run();
	assert_int_equal(entries(), 6);
	fire(5);
	/* One that was used meanwhile has time again. */
	assert_int_equal(get(0, 3), 0);
	put(0, 3);
	shim_jiffies += 10 * HZ - 1;
	shim_delayed_work_run();
	assert_int_equal(entries(), 8);
	shim_jiffies += 1;
	shim_delayed_work_run();
	assert_int_equal(entries(), 6);
}

static void clients_have_their_own(void **state)
{
	struct ims_client *other = env_client_create(&e);
	struct ims_irq more[10];
	u32 k;

	(void)state;
	for (k = 0; k < 10; k++)
		more[k] = (struct ims_irq) { .slot = IMS_SLOT_ANY };
	assert_int_equal(get(0, 10), 0);
	put(0, 10);
	assert_int_equal(ims_alloc_irqs(other, more, 10), 0);
	assert_int_equal(entries(), 20);
	assert_int_equal(other->entries, 10);
	ims_free_irqs(other, more, 10);
	ims_client_destroy(other);
	assert_int_equal(entries(), 10);
	ims_client_destroy(client);
	client = NULL;
	assert_int_equal(counts().irqs, 0);
}

/* What is idle is not shown, nor started by who probes for interrupts. */
static void idle_ones_are_quiet(void **state)
{
	unsigned int virq;
	unsigned long writes;

	(void)state;
	assert_int_equal(get(0, 1), 0);
	virq = irqs[0].virq;
	assert_int_equal(irqs[0].data->hwirq, irqs[0].slot);
	assert_false(shim_irq_status(virq) & IRQ_HIDDEN);
	put(0, 1);
	writes = e.writes;
	assert_true(shim_irq_status(virq) & IRQ_HIDDEN);
	assert_false(shim_irq_probes(virq));
	assert_int_equal(irq_get_irq_data(virq)->hwirq, SLOTS + virq);
	assert_int_equal(request_irq(virq, handler, 0, "x", &seen[0]), -EPERM);
	assert_int_equal(e.writes, writes);
}

/* AMD's has a table for each device, whose size is known. */
static void tables_of_devices(void **state)
{
	struct ims_store_info info;
	unsigned long asked;

	(void)state;
	ims_client_destroy(client);
	client = NULL;
	assert_int_equal(env_fini(&e), 0);
	shim_remap(IMS_COMPAT_REMAP_AMD);
	env_init(&e, SLOTS, 0);
	client = env_client_create(&e);
	ims_store_query(e.store, &info);
	assert_int_equal(info.capacity, IMS_COMPAT_AMD_ENTRIES);
	assert_int_equal(get(0, 63), 0);
	assert_int_equal(entries(), 63);
	/* What it cannot have is refused without a line in the log. */
	e.store->capacity = 100;
	asked = shim_remap_asked();
	assert_int_equal(get(63, 38), -ENOSPC);
	assert_int_equal(shim_remap_asked(), asked);
	assert_int_equal(entries(), 63);
	assert_int_equal(get(63, 37), 0);
	assert_int_equal(get(100, 1), -ENOSPC);
	put(0, 100);
	assert_int_equal(entries(), SPARE);
}

static void table_in_pieces(void **state)
{
	unsigned long asked;

	(void)state;
	/* No row of two is there, single ones are. */
	shim_remap_no_rows(true);
	assert_int_equal(get(0, 20), 0);
	assert_int_equal(entries(), 20);
	asked = shim_remap_asked();
	assert_int_equal(get(20, 3), 0);
	assert_int_equal(shim_remap_asked(), asked + 3);
	fire(22);
	put(0, 23);
	env_settle();
	/* It is not asked for rows again at once. */
	shim_remap_no_rows(false);
	assert_int_equal(get(0, 3), 0);
	assert_int_equal(entries(), 3);
	put(0, 3);
	env_settle();
	shim_jiffies += 10 * HZ;
	assert_int_equal(get(0, 3), 0);
	assert_int_equal(entries(), 4);
	put(0, 3);
}

/* A table that is full: ENOSPC, and the parent is left alone for a while. */
static void table_is_full(void **state)
{
	struct ims_client *other = env_client_create(&e);
	struct ims_irq irq = { .slot = IMS_SLOT_ANY };
	unsigned long asked;
	u32 k;

	(void)state;
	assert_int_equal(get(0, 20), 0);
	shim_remap_entries(20);
	assert_int_equal(get(20, 20), -ENOSPC);
	assert_int_equal(entries(), 20);
	assert_int_equal(e.store->used, 20);
	asked = shim_remap_asked();
	for (k = 0; k < 100; k++)
		assert_int_equal(get(20, 1), -ENOSPC);
	/* It is the store's, whoever asks. */
	assert_int_equal(ims_alloc_irqs(other, &irq, 1), -ENOSPC);
	assert_int_equal(shim_remap_asked(), asked);
	/* What is idle is there. */
	put(0, 1);
	assert_int_equal(get(0, 1), 0);
	fire(0);
	shim_remap_entries(-1);
	shim_jiffies += HZ / 4 - 1;
	assert_int_equal(get(20, 1), -ENOSPC);
	shim_jiffies += 1;
	assert_int_equal(get(20, 1), 0);
	/* AMD's error; and one that says nothing of a table, after which it is asked. */
	shim_remap_entries(entries());
	shim_remap_error(-ENOSPC);
	assert_int_equal(get(22, 1), -ENOSPC);
	shim_jiffies += HZ / 4;
	shim_remap_error(-ENODEV);
	assert_int_equal(get(22, 1), -ENODEV);
	shim_remap_entries(-1);
	assert_int_equal(get(22, 1), 0);
	ims_client_destroy(other);
}

/* A guest that binds in a loop while there is no entry: how often is the parent asked? */
static void floods(void **state)
{
	unsigned long asked = shim_remap_asked();
	u32 k;

	(void)state;
	shim_remap_entries(0);
	/* 10 s, a thousand times a second */
	for (k = 0; k < 10000; k++) {
		assert_int_equal(get(0, 1), -ENOSPC);
		if (k % (1000 / HZ) == 0)
			shim_jiffies++;
	}
	/* Each is two lines of the log: less than 110 of them. */
	assert_in_range(shim_remap_asked() - asked, 2, 54);
}

/* Whatever fails, and when: all or none. */
static void failures(void **state)
{
	struct shim_counts was, is;
	unsigned int n, refused;
	enum shim_fail what;
	int ret;
	u32 i;

	(void)state;
	for (what = SHIM_FAIL_ALLOC; what <= SHIM_FAIL_REMAP; what++) {
		if (what == SHIM_FAIL_REQUEST)
			continue;
		refused = 0;
		for (n = 1;; n++) {
			for (i = 0; i < 100; i++)
				irqs[i].slot = IMS_SLOT_ANY;
			was = counts();
			shim_fail_at(what, n);
			ret = ims_alloc_irqs(client, irqs, 100);
			if (!shim_fail_fired(what))
				break;
			if (ret) {
				refused++;
				assert_in_range(entries(), 0, SPARE);
				assert_int_equal(e.store->used, 0);
			} else {
				ims_free_irqs(client, irqs, 100);
			}
			env_settle();
			is = counts();
			assert_int_equal(was.memory, is.memory);
			assert_int_equal(entries(), 0);
			shim_jiffies += 10 * HZ;
		}
		assert_int_equal(ret, 0);
		ims_free_irqs(client, irqs, 100);
		env_settle();
		/* Where a row is refused single ones do. */
		assert_int_equal(refused > 0, what == SHIM_FAIL_ALLOC);
		assert_true(n > 2);
	}
}

/*
 * What a CPU meets that had looked up the descriptors before free_irq(). Asserts
 * nothing: a jump out of the engine would leave its locks held.
 */
static unsigned int met;

static void cpu_goes_on(void)
{
	const struct irq_desc *desc;
	u32 i;

	for (i = 0; i < 2; i++) {
		desc = shim_desc_or_null(irqs[i].virq);
		met += desc && desc->data.chip && desc->data.chip_data &&
		       desc->edge && desc->remapped && !desc->handler &&
		       desc->data.hwirq == irqs[i].slot &&
		       !shim_irq_raise(irqs[i].virq);
	}
}

static void descriptor_stays(void **state)
{
	(void)state;
	assert_int_equal(get(0, 2), 0);
	met = 0;
	shim_sync_hook = cpu_goes_on;
	put(0, 2);
	shim_sync_hook = NULL;
	assert_int_equal(met, 2);
}

/* Only CPUs that the interrupts came to are asked, and no grace period waited for. */
static void cpus_that_handled_them(void **state)
{
	const struct cpumask first = { 1 }, second = { 2 }, third = { 4 };
	struct shim_counts was;

	(void)state;
	assert_int_equal(get(0, 4), 0);
	assert_int_equal(irq_set_affinity(irqs[0].virq, &first), 0);
	assert_int_equal(irq_set_affinity(irqs[1].virq, &second), 0);
	assert_int_equal(irq_set_affinity(irqs[2].virq, &third), 0);
	was = counts();
	put(1, 1);
	assert_int_equal(counts().cpu_syncs, was.cpu_syncs + 1);
	/* It began at the first one. */
	assert_int_equal(shim_cpus_interrupted(), 0x3);
	put(2, 1);
	assert_int_equal(shim_cpus_interrupted(), 0x5);
	put(0, 1);
	assert_int_equal(shim_cpus_interrupted(), 0x1);
	assert_int_equal(counts().rcu_syncs, was.rcu_syncs);
	/* Of one that was never requested no CPU knows. */
	irqs[0] = (struct ims_irq) { .slot = IMS_SLOT_ANY };
	assert_int_equal(ims_alloc_irqs(client, irqs, 1), 0);
	ims_free_irqs(client, irqs, 1);
	assert_int_equal(shim_cpus_interrupted(), 0);
}

/* A virtual device waits once for a block, or without memory for each vector. */
static void blocks_share_the_wait(void **state)
{
	struct shim_counts was;
	s32 fds[100];
	u32 i;

	(void)state;
	for (i = 0; i < 100; i++)
		fds[i] = (s32)i % 8;
	assert_int_equal(env_open(&e, 0, 100), 0);
	assert_int_equal(env_bind(&e, 0, 0, 100, fds), 0);
	was = counts();
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(counts().cpu_syncs, was.cpu_syncs + 1);
	assert_int_equal(counts().rcu_syncs, was.rcu_syncs);
	assert_int_equal(counts().irqs, SPARE);
	assert_int_equal(env_bind(&e, 0, 0, 100, fds), 0);
	was = counts();
	shim_no_spare_memory = true;
	assert_int_equal(env_disable(&e, 0), 0);
	shim_no_spare_memory = false;
	assert_int_equal(counts().cpu_syncs, was.cpu_syncs + 100);
	assert_int_equal(counts().irqs, SPARE);
}

/* A block of a virtual device: CPU vectors run out in the middle. */
static void block_is_undone(void **state)
{
	s32 fds[100];
	u32 i;

	(void)state;
	for (i = 0; i < 100; i++)
		fds[i] = (s32)i % 8;
	assert_int_equal(env_open(&e, 0, 100), 0);
	shim_cpu_vectors(51);
	assert_int_equal(env_bind(&e, 0, 0, 100, fds), -ENOSPC);
	assert_int_equal(counts().cpu_vectors, 0);
	assert_int_equal(counts().irqs, SPARE);
	shim_cpu_vectors(-1);
	shim_jiffies += HZ;
	assert_int_equal(env_bind(&e, 0, 0, 100, fds), 0);
	assert_int_equal(counts().irqs, 100);
	for (i = 0; i < 100; i++)
		assert_true(env_fire_vector(&e, 0, i));
}

static void store_ends(void **state)
{
	(void)state;
	assert_int_equal(get(0, 20), 0);
	put(0, 20);
	assert_int_equal(entries(), 20);
	/* That of storms */
	ims_storms_end();
	ims_store_destroy(e.store);
	e.store = NULL;
	assert_int_equal(counts().irqs, 0);
	assert_int_equal(counts().domains, 0);
	assert_int_equal(shim_delayed_work_run(), 0);
}

/* Any sizes in any order; what is live fires. */
static void random_sizes(void **state)
{
	unsigned int seed = 20231105;
	u32 step, at, nr, i, n;

	(void)state;
	for (step = 0; step < 3000; step++) {
		at = (u32)rand_r(&seed) % SLOTS;
		nr = (u32)rand_r(&seed) % 100 + 1;
		if (at + nr > SLOTS)
			nr = SLOTS - at;
		for (n = 0; n < nr && !live[at + n]; n++)
			;
		if (n && rand_r(&seed) % 2) {
			assert_int_equal(get(at, n), 0);
		} else {
			for (i = at; i < at + nr; i++) {
				if (!live[i] || rand_r(&seed) % 4 == 0)
					continue;
				fire(i);
				put(i, 1);
			}
		}
		if (rand_r(&seed) % 50 == 0)
			env_settle();
		assert_int_equal(e.store->used, nr_live);
		entries();
	}
	for (i = 0; i < SLOTS; i++) {
		if (!live[i])
			continue;
		fire(i);
		put(i, 1);
	}
	env_settle();
	assert_int_equal(entries(), 0);
}

#define entry_rule(text, fn)	{ text, fn, setup, teardown, NULL }

RULES(rules_entries,
	entry_rule("entries: rows of two, 32 at a time; each interrupt fires its own", rows_of_two),
	entry_rule("entries: idle ones are used first, whoever asks", idle_ones_first),
	entry_rule("entries: halves of rows are used before whole rows", halves_first),
	entry_rule("entries: at most twice the slots and 32, after any history", any_history),
	entry_rule("entries: idle ones go after ten seconds", idle_ones_expire),
	entry_rule("entries: each client has its own, and ends with none", clients_have_their_own),
	entry_rule("entries: idle ones are hidden and cannot be started", idle_ones_are_quiet),
	entry_rule("entries: a device's own table bounds the store", tables_of_devices),
	entry_rule("entries: a table without rows has single ones", table_in_pieces),
	entry_rule("entries: a full table is ENOSPC, and is not asked again at once", table_is_full),
	entry_rule("entries: a loop of refused requests asks seldom", floods),
	entry_rule("entries: all or none, whatever fails", failures),
	entry_rule("end of IRQs: the descriptor stays until no CPU is on its way to it", descriptor_stays),
	entry_rule("end of IRQs: only CPUs that handled them are waited for", cpus_that_handled_them),
	entry_rule("end of IRQs: a block waits once, also without memory", blocks_share_the_wait),
	entry_rule("end of IRQs: a block is undone in the middle", block_is_undone),
	entry_rule("end of IRQs: the store's end leaves none", store_ends),
	entry_rule("entries: any sizes in any order", random_sizes))
