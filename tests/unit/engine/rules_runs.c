// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs of remapping entries (kmod/ims/irqs.c): many interrupts at a time take
 * rows of them, which nobody may lose and nobody may hoard.
 */
#include <linux/interrupt.h>
#include <stdlib.h>

#include "rules.h"

#define SLOTS	300

static struct ims_client *client;
static struct ims_irq irqs[SLOTS];
static unsigned int seen[SLOTS];

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
	return ret;
}

static int teardown(void **state)
{
	if (client)
		ims_client_destroy(client);
	client = NULL;
	shim_remap_entries(-1);
	shim_remap_name("INTEL-IR-0");
	shim_cpu_vectors(-1);
	return rules_teardown(state);
}

static long entries(void)
{
	struct shim_counts c;

	shim_counts(&c);
	return c.remap_entries;
}

static long linux_irqs(void)
{
	struct shim_counts c;

	shim_counts(&c);
	return c.irqs;
}

static int get(u32 at, u32 nr)
{
	u32 i;

	for (i = at; i < at + nr; i++)
		irqs[i] = (struct ims_irq) { .slot = IMS_SLOT_ANY, .cookie = i };
	return ims_alloc_irqs(client, irqs + at, nr, NULL);
}

static void request(u32 at, u32 nr)
{
	u32 i;

	for (i = at; i < at + nr; i++)
		assert_int_equal(request_irq(irqs[i].virq, handler, 0, "x",
					     &seen[i]), 0);
}

static void put(u32 at, u32 nr)
{
	ims_free_irqs(client, irqs + at, nr);
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

static void rows(void **state)
{
	static const struct {
		u32 nr, leaders;
	} cases[] = {
		{ 1, 0 }, { 14, 0 }, { 15, 1 }, { 16, 1 }, { 30, 2 }, { 31, 1 },
		{ 62, 2 }, { 63, 1 }, { 64, 1 }, { 126, 2 }, { 200, 2 },
		{ 254, 2 }, { 255, 1 }, { 300, 2 },
	};
	struct shim_counts before, after;
	u32 i, k, other;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		shim_counts(&before);
		assert_int_equal(get(0, cases[i].nr), 0);
		shim_counts(&after);
		assert_int_equal(after.domain_allocs, before.domain_allocs + 1);
		assert_int_equal(entries(), cases[i].nr + cases[i].leaders);
		assert_int_equal(linux_irqs(), cases[i].nr + cases[i].leaders);
		for (k = 0; k < cases[i].nr; k++)
			for (other = 0; other < k; other++)
				assert_true(irqs[k].virq != irqs[other].virq &&
					    irqs[k].slot != irqs[other].slot);
		request(0, cases[i].nr);
		for (k = 0; k < cases[i].nr; k++)
			fire(k);
		for (k = 0; k < cases[i].nr; k++)
			free_irq(irqs[k].virq, &seen[k]);
		put(0, cases[i].nr);
		assert_int_equal(entries(), 0);
		assert_int_equal(linux_irqs(), 0);
	}
}

static void row_lives(void **state)
{
	/* Of 63 in a row, which is left over: the first, the last, another. */
	static const u32 last[] = { 0, 62, 31 };
	u32 i, k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(last); i++) {
		assert_int_equal(get(0, 63), 0);
		request(last[i], 1);
		for (k = 0; k < 63; k++)
			if (k != last[i])
				put(k, 1);
		assert_int_equal(entries(), 64);
		assert_int_equal(linux_irqs(), 2);
		assert_int_equal(client->idle, 62);
		fire(last[i]);
		free_irq(irqs[last[i]].virq, &seen[last[i]]);
		put(last[i], 1);
		assert_int_equal(entries(), 0);
		assert_int_equal(client->idle, 0);
	}
}

/* Slots of a row that is still there are somebody else's, in any order. */
static void slots_go_on(void **state)
{
	u32 k;

	(void)state;
	assert_int_equal(get(0, 126), 0);
	request(0, 1);
	request(100, 1);
	put(1, 99);
	put(101, 25);
	assert_int_equal(get(1, 14), 0);
	for (k = 1; k < 15; k++)
		request(k, 1);
	for (k = 0; k < 15; k++)
		fire(k);
	fire(100);
	for (k = 0; k < 15; k++)
		free_irq(irqs[k].virq, &seen[k]);
	free_irq(irqs[100].virq, &seen[100]);
	put(0, 15);
	put(100, 1);
	assert_int_equal(entries(), 0);
}

/* The host's table is not taken: at most three times the slots there were. */
static void no_hoard(void **state)
{
	struct ims_client *other = env_client_create(&e);
	struct ims_irq others[100];
	u32 kept, k;

	(void)state;
	/* What somebody else has does not count. */
	for (k = 0; k < 100; k++)
		others[k] = (struct ims_irq) { .slot = IMS_SLOT_ANY };
	assert_int_equal(ims_alloc_irqs(other, others, 100, NULL), 0);
	assert_int_equal(entries(), 102);
	/* One is kept of each row, again and again: 99 and 63 at most. */
	for (kept = 0; kept < 100; kept++) {
		assert_int_equal(get(kept, 63), 0);
		assert_true(entries() - 102 <= 3 * (kept + 63));
		put(kept + 1, 62);
	}
	assert_in_range(entries() - 102, 200, 3 * 162);
	for (k = 0; k < 100; k++)
		put(k, 1);
	assert_int_equal(client->idle, 0);
	assert_int_equal(entries(), 102);
	/* That over, there are rows again. */
	assert_int_equal(get(0, 63), 0);
	assert_int_equal(entries(), 102 + 64);
	put(0, 63);
	ims_free_irqs(other, others, 100);
	ims_client_destroy(other);
}

/*
 * Many rows, all but one interrupt of each given up, then as many one by one as
 * there were.
 */
static void no_hoard_at_worst(void **state)
{
	u32 i, next = 0, oldest = 0, singles = 0, rows = SLOTS / 15;
	long most = 0;

	(void)state;
	/* Row r has irqs[15 * r] on. */
	for (i = 0; i < rows; i++)
		assert_int_equal(get(15 * next++, 15), 0);
	for (i = 0; i < rows; i++)
		put(15 * oldest++ + 1, 14);
	/* Slots are free; interrupts of rows that live on are remembered. */
	while (client->used < 15 * rows && singles < 14 * rows) {
		u32 at = 15 * (singles / 14) + 1 + singles % 14;

		assert_int_equal(get(at, 1), 0);
		singles++;
		if (entries() > most)
			most = entries();
	}
	assert_in_range(most, 16 * rows, 3 * 15 * rows);
	for (i = 0; i < rows; i++)
		put(15 * i, 1);
	for (i = 0; i < singles; i++)
		put(15 * (i / 14) + 1 + i % 14, 1);
	assert_int_equal(client->idle, 0);
	assert_int_equal(entries(), 0);
}

/* As many idle entries as slots, the requested ones included, but not one more. */
static void no_hoard_to_the_entry(void **state)
{
	(void)state;
	/* Two rows of which one is kept: 28 idle. 11 more, and 15 to come */
	assert_int_equal(get(0, 15), 0);
	assert_int_equal(get(15, 15), 0);
	put(1, 14);
	put(16, 14);
	assert_int_equal(get(1, 11), 0);
	assert_int_equal(client->idle, 28);
	assert_int_equal(client->used, 13);
	assert_int_equal(entries(), 2 * 16 + 11);
	assert_int_equal(get(30, 15), 0);
	assert_int_equal(entries(), 2 * 16 + 11 + 16);
	put(30, 15);
	put(11, 1);
	assert_int_equal(get(30, 15), 0);
	assert_int_equal(entries(), 2 * 16 + 10 + 15);
	put(30, 15);
	put(0, 11);
	put(15, 1);
	assert_int_equal(entries(), 0);
}

/* A row's first Linux IRQ is nobody's, and nobody starts it. */
static void leaders(void **state)
{
	unsigned long writes;

	(void)state;
	assert_int_equal(get(0, 15), 0);
	writes = e.writes;
	assert_false(shim_irq_probes(irqs[0].virq - 1));
	assert_int_equal(request_irq(irqs[0].virq - 1, handler, 0, "x", &seen[0]),
			 -EPERM);
	assert_int_equal(e.writes, writes);
	put(0, 15);
}

/* Others than Intel's remapping gain nothing by rows. */
static void only_where_of_use(void **state)
{
	(void)state;
	ims_client_destroy(client);
	ims_store_destroy(e.store);
	shim_remap_name("AMD-IR");
	assert_int_equal(env_store(&e), 0);
	client = env_client_create(&e);
	assert_int_equal(get(0, 63), 0);
	assert_int_equal(entries(), 63);
	put(0, 63);
}

static void table_in_pieces(void **state)
{
	u32 k;

	(void)state;
	/* A row of 16 and 5 are not there, 20 are. */
	shim_remap_entries(20);
	assert_int_equal(get(0, 20), 0);
	assert_int_equal(entries(), 20);
	request(0, 20);
	fire(19);
	for (k = 0; k < 20; k++)
		free_irq(irqs[k].virq, &seen[k]);
	put(0, 20);
	/* It is not asked for a row again at once. */
	shim_remap_entries(-1);
	assert_int_equal(get(0, 20), 0);
	assert_int_equal(entries(), 20);
	put(0, 20);
	shim_jiffies += 10 * HZ;
	assert_int_equal(get(0, 20), 0);
	assert_int_equal(entries(), 21);
	put(0, 20);
	shim_remap_entries(19);
	assert_int_equal(get(0, 20), -ENOMEM);
	assert_int_equal(entries(), 0);
	assert_int_equal(linux_irqs(), 0);
	shim_remap_error(-ENOSPC);
	assert_int_equal(get(0, 20), -ENOSPC);
	assert_int_equal(e.store->used, 0);
}

/* Whatever fails, and when: all or none. */
static void failures(void **state)
{
	const struct cpumask all = { ~0UL };
	struct shim_counts was, is;
	unsigned int n, refused;
	enum shim_fail what;
	int ret;
	u32 i;

	(void)state;
	for (what = SHIM_FAIL_ALLOC; what <= SHIM_FAIL_AFFINITY; what++) {
		if (what == SHIM_FAIL_FDGET || what == SHIM_FAIL_REQUEST)
			continue;
		refused = 0;
		for (n = 1;; n++) {
			for (i = 0; i < 100; i++)
				irqs[i].slot = IMS_SLOT_ANY;
			shim_counts(&was);
			shim_fail_at(what, n);
			ret = ims_alloc_irqs(client, irqs, 100, &all);
			if (!shim_fail_fired(what))
				break;
			if (ret) {
				refused++;
				shim_counts(&is);
				assert_int_equal(was.memory, is.memory);
				assert_int_equal(is.irqs, 0);
				assert_int_equal(is.remap_entries, 0);
				assert_int_equal(e.store->used, 0);
			} else {
				put(0, 100);
			}
			assert_int_equal(client->idle, 0);
			shim_jiffies += 10 * HZ;
		}
		assert_int_equal(ret, 0);
		put(0, 100);
		/* Without rows it may go well; an affinity is no such case. */
		if (what == SHIM_FAIL_AFFINITY)
			assert_int_equal(refused, 100);
		else
			assert_true(n > 2);
	}
}

/* A block of a virtual device: CPU vectors run out in the middle of a row. */
static void block(void **state)
{
	s32 fds[100];
	u32 i;

	(void)state;
	for (i = 0; i < 100; i++)
		fds[i] = (s32)i % 8;
	assert_int_equal(env_open(&e, 0, 100), 0);
	shim_cpu_vectors(50);
	assert_int_equal(env_bind(&e, 0, 0, 100, fds), -ENOSPC);
	assert_int_equal(entries(), 0);
	shim_cpu_vectors(-1);
	assert_int_equal(env_bind(&e, 0, 0, 100, fds), 0);
	/* 63, 31, and 6 alone */
	assert_int_equal(entries(), 102);
	for (i = 0; i < 100; i++)
		assert_true(env_fire_vector(&e, 0, i));
	for (i = 0; i < 99; i++)
		assert_int_equal(env_bind1(&e, 0, i, -1), 0);
	assert_true(env_fire_vector(&e, 0, 99));
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(entries(), 0);
}

/* Any sizes in any order; what is live fires, and a row is not hoarded. */
static void random_sizes(void **state)
{
	bool live[SLOTS] = { false };
	unsigned int seed = 20231105;
	u32 step, at, nr, i, n, used = 0;

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
			request(at, n);
			for (i = at; i < at + n; i++)
				live[i] = true;
			used += n;
		} else {
			for (i = at; i < at + nr; i++) {
				if (!live[i] || rand_r(&seed) % 4 == 0)
					continue;
				fire(i);
				free_irq(irqs[i].virq, &seen[i]);
				put(i, 1);
				live[i] = false;
				used--;
			}
		}
		assert_int_equal(e.store->used, used);
		assert_in_range(client->idle, 0, 2 * SLOTS);
		/* What is neither used nor idle is a leader's. */
		assert_int_equal(entries() - used - client->idle,
				 linux_irqs() - used);
	}
	for (i = 0; i < SLOTS; i++) {
		if (!live[i])
			continue;
		fire(i);
		free_irq(irqs[i].virq, &seen[i]);
		put(i, 1);
	}
	assert_int_equal(client->idle, 0);
	assert_int_equal(entries(), 0);
}

#define run_rule(text, fn)	{ text, fn, setup, teardown, NULL }

RULES(rules_runs,
	run_rule("runs: many interrupts take rows of remapping entries, few do not; each fires its own", rows),
	run_rule("runs: a row stays as long as one of its interrupts, whichever", row_lives),
	run_rule("runs: slots of a row that is still there are handed out again", slots_go_on),
	run_rule("runs: idle entries are bounded by what a client has itself", no_hoard),
	run_rule("runs: idle entries are bounded at worst", no_hoard_at_worst),
	run_rule("runs: idle entries are bounded to the entry", no_hoard_to_the_entry),
	run_rule("runs: nobody starts the first of a row", leaders),
	run_rule("runs: only where they are of use", only_where_of_use),
	run_rule("runs: a table without rows, one that is full", table_in_pieces),
	run_rule("runs: all or none, whatever fails", failures),
	run_rule("runs: a block is undone in the middle of a row", block),
	run_rule("runs: any sizes in any order", random_sizes))
