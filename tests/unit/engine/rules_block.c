// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Section 3: a block is a transaction, errors name the vector, replacing an
 * eventfd is cheap and loses nothing.
 */
#include "rules.h"

static char before[65536], after[65536];

/* Vectors 1 to 3 live, 4 idle, 5 live and emulated, the rest absent. */
static void mixed(void)
{
	rules_live(1, 4);
	assert_int_equal(env_bind1(&e, 0, 4, -1), 0);
	rules_emulated_live(5, 1);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 2, 1, NULL), 0);
	env_fire_vector(&e, 0, 2);
	env_dump(&e, before, sizeof(before));
}

static void assert_unchanged(void)
{
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
}

static void assert_blames(u32 vector, int error)
{
	char text[64];

	snprintf(text, sizeof(text), "vector=%u error=%d", vector, error);
	if (!strstr(shim_last_trace(), text))
		fail_msg("%s does not say %s", shim_last_trace(), text);
	snprintf(text, sizeof(text), "vector %u", vector);
	if (!strstr(shim_last_log(), text))
		fail_msg("%s does not say %s", shim_last_log(), text);
}

static void bad_fd_anywhere(void **state)
{
	const s32 bad[] = { BAD_FD, FILE_FD, -2, 1000000 };
	const int ret[] = { -EBADF, -EINVAL, -EBADF, -EBADF };
	s32 fds[VECTORS];
	u32 i, j;

	(void)state;
	mixed();
	for (j = 0; j < ARRAY_SIZE(bad); j++) {
		for (i = 0; i < VECTORS; i++) {
			memcpy(fds, (s32[]){ 8, 9, 10, -1, 12, 13, 14, 15 },
			       sizeof(fds));
			fds[i] = bad[j];
			assert_int_equal(env_bind(&e, 0, 0, VECTORS, fds), ret[j]);
			assert_unchanged();
			assert_blames(i, ret[j]);
		}
	}
}

static void limit_reached(void **state)
{
	const s32 fds[] = { 8, 9, 10, 11, 12, 13, 14, 15 };

	(void)state;
	assert_int_equal(env_set_limits(&e, 0, 4, 0), 0);
	mixed();
	/* Three slots in use; 0 would fit, 4 is the first that does not. */
	assert_int_equal(env_bind(&e, 0, 0, VECTORS, fds), -ENOSPC);
	assert_unchanged();
	assert_blames(4, -ENOSPC);
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), 0);
	assert_int_equal(env_bind(&e, 0, 4, 1, fds), -ENOSPC);
	assert_blames(4, -ENOSPC);
	/* Room is made by unbinding, and the limit is not the hardware's size. */
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_int_equal(env_bind(&e, 0, 4, 1, fds), 0);
}

static void store_full(void **state)
{
	const s32 fds[] = { 8, 9, 10, 11, 12, 13, 14, 15 };

	(void)state;
	assert_int_equal(env_open(&e, 1, 4), 0);
	assert_int_equal(env_bind(&e, 1, 0, 4, fds), 0);
	mixed();
	assert_int_equal(env_bind(&e, 0, 0, VECTORS, fds), -ENOSPC);
	assert_unchanged();
	assert_blames(4, -ENOSPC);
}

static void cpu_exhausted(void **state)
{
	const s32 fds[] = { 8, 9, 10, 11, 12, 13, 14, 15 };

	(void)state;
	mixed();
	shim_cpu_vectors(5);
	assert_int_equal(env_bind(&e, 0, 0, VECTORS, fds), -ENOSPC);
	assert_unchanged();
	/* 3 + 2 fit: of 0, 4, 6 and 7 the third does not. */
	assert_blames(6, -ENOSPC);
	shim_cpu_vectors(-1);
	shim_jiffies += HZ;
	assert_int_equal(env_bind(&e, 0, 0, VECTORS, fds), 0);
}

static void says_which_resource(void **state)
{
	const s32 fds[] = { 8, 9, 10, 11, 12, 13, 14, 15 };

	(void)state;
	shim_cpu_vectors(1);
	shim_watch("the CPUs' vectors are exhausted");
	assert_int_equal(env_bind(&e, 0, 0, 2, fds), -ENOSPC);
	assert_int_equal(shim_watched(), 1);
	shim_cpu_vectors(-1);

	assert_int_equal(env_set_limits(&e, 0, 1, 0), 0);
	shim_watch("2 more slots refused: client has 0 of 1, store 0 of 8, 0 of them promised");
	assert_int_equal(env_bind(&e, 0, 0, 2, fds), -ENOSPC);
	assert_int_equal(shim_watched(), 1);

	assert_int_equal(env_set_limits(&e, 0, 0, 0), 0);
	assert_int_equal(env_open_limits(&e, 1, 8, 0, 7), 0);
	shim_watch("2 more slots refused: client has 0 of 8, store 0 of 8, 7 of them promised");
	assert_int_equal(env_bind(&e, 0, 0, 2, fds), -ENOSPC);
	assert_int_equal(shim_watched(), 1);
}

static void failure_is_counted(void **state)
{
	const s32 fds[] = { 8, BAD_FD };

	(void)state;
	rules_live(0, 2);
	assert_int_equal(env_bind(&e, 0, 0, 2, fds), -EBADF);
	assert_int_equal(env_get(&e, 0, 0).failed, 0);
	assert_int_equal(env_get(&e, 0, 1).failed, 1);
	/* An absent vector stays absent. */
	assert_int_equal(env_bind(&e, 0, 5, 2, fds), -EBADF);
	rules_state(5, IMS_VECTOR_STATE_ABSENT);
	rules_state(6, IMS_VECTOR_STATE_ABSENT);
}

static void mixed_block(void **state)
{
	const s32 fds[] = { 8, 9, -1, 11, 12, 13, -1, 15 };
	struct env_vector was[VECTORS];
	u32 i;

	(void)state;
	mixed();
	for (i = 0; i < VECTORS; i++)
		was[i] = env_get(&e, 0, i);
	assert_int_equal(env_bind(&e, 0, 0, VECTORS, fds), 0);
	for (i = 0; i < VECTORS; i++)
		rules_state(i, fds[i] >= 0 ? IMS_VECTOR_STATE_LIVE :
			       i == 2 ? IMS_VECTOR_STATE_IDLE :
					IMS_VECTOR_STATE_ABSENT);
	assert_int_equal(env_get(&e, 0, 1).slot, was[1].slot);
	assert_int_equal(env_get(&e, 0, 3).virq, was[3].virq);
	assert_true(env_get(&e, 0, 5).emulated);
	assert_int_equal(env_get(&e, 0, 1).replaced, 1);
	assert_int_equal(env_get(&e, 0, 4).replaced, 0);
	for (i = 0; i < VECTORS; i++) {
		if (fds[i] < 0)
			continue;
		if (i == 5)
			vfio_pci_ims_send_signal(&e.ims[0], i);
		else
			env_fire_vector(&e, 0, i);
		assert_int_equal(env_count(fds[i]), 1);
	}
}

/* One eventfd may serve many vectors, and one vector's own again. */
static void shared_eventfd(void **state)
{
	const s32 fds[] = { 8, 8, 8, 8 };
	u32 i;

	(void)state;
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), 0);
	for (i = 0; i < 4; i++)
		env_fire_vector(&e, 0, i);
	assert_int_equal(env_count(8), 4);
	assert_int_equal(shim_eventfd_refs(8), 5);
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), 0);
	assert_int_equal(shim_eventfd_refs(8), 5);
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(shim_eventfd_refs(8), 1);
}

/* The user may close the fd: the trigger holds the eventfd. */
static void fd_may_be_closed(void **state)
{
	(void)state;
	rules_live(0, 1);
	shim_fd_close(0);
	env_fire_vector(&e, 0, 0);
	assert_int_equal(env_count(0), 1);
	assert_int_equal(shim_eventfd_refs(0), 1);
	assert_int_equal(env_bind1(&e, 0, 0, 1), 0);
	assert_int_equal(shim_eventfd_refs(0), 0);
	env_fire_vector(&e, 0, 0);
	assert_int_equal(env_count(1), 1);
}

static void qemu_enables(void **state)
{
	struct env_vector v;
	int i;

	(void)state;
	/* fd -1 on vector 0 turns MSI-X on; then one vector at a time. */
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	rules_state(0, IMS_VECTOR_STATE_ABSENT);
	assert_int_equal(env_bind1(&e, 0, 3, 3), 0);
	v = env_get(&e, 0, 3);
	for (i = 0; i < 100; i++)
		assert_int_equal(env_bind1(&e, 0, 3, i % 8), 0);
	assert_int_equal(env_get(&e, 0, 3).slot, v.slot);
	assert_int_equal(env_get(&e, 0, 3).virq, v.virq);
	assert_int_equal(env_get(&e, 0, 3).generation, v.generation);
	assert_int_equal(env_get(&e, 0, 3).replaced, 100);
	assert_int_equal(env_fire_vector(&e, 0, 3), 1);
}

static void swap_is_cheap(void **state)
{
	unsigned long writes;

	(void)state;
	rules_live(0, 1);
	writes = e.writes;
	assert_int_equal(env_bind1(&e, 0, 0, 5), 0);
	assert_int_equal(e.writes, writes);
	assert_int_equal(e.bus_locks, 0);
}

static void one_call_per_block(void **state)
{
	struct shim_counts was, is;

	(void)state;
	shim_counts(&was);
	rules_live(0, VECTORS);
	shim_counts(&is);
	assert_int_equal(is.domain_allocs, was.domain_allocs + 1);
	/* And none where nothing is allocated. */
	rules_live(0, VECTORS);
	shim_counts(&is);
	assert_int_equal(is.domain_allocs, was.domain_allocs + 1);
}

/* Interrupts in the midst of a request, wherever one may arrive. */
static u64 fired;

static void fire_all(void)
{
	u32 v;

	for (v = 0; v < VECTORS; v++)
		fired += env_fire_vector(&e, 0, v);
	if (vfio_pci_ims_send_signal(&e.ims[0], 7) ==
	    VFIO_PCI_IMS_SIGNAL_DELIVERED)
		fired++;
}

static u64 all_counts(void)
{
	u64 sum = 0;
	int i;

	for (i = 0; i < 16; i++)
		sum += env_count(i);
	return sum;
}

static void swap_loses_nothing(void **state)
{
	const s32 fds[2][VECTORS] = { { 0, 1, 2, 3, 4, 5, 6, 7 },
				      { 8, 9, 10, 11, 12, 13, 14, 15 } };
	u64 delivered = 0;
	u32 i;

	(void)state;
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 7, 1), 0);
	assert_int_equal(env_bind(&e, 0, 0, VECTORS, fds[0]), 0);
	fired = 0;
	shim_hook = fire_all;
	for (i = 1; i < 20; i++)
		assert_int_equal(env_bind(&e, 0, 0, VECTORS, fds[i % 2]), 0);
	shim_hook = NULL;
	assert_true(fired > 20 * VECTORS);
	assert_int_equal(all_counts(), fired);
	for (i = 0; i < VECTORS; i++)
		delivered += env_get(&e, 0, i).delivered +
			     env_get(&e, 0, i).signalled;
	assert_int_equal(delivered, fired);
}

/* Make before break: the slot that changes, too. */
static void cookie_swap_loses_nothing(void **state)
{
	s32 fds[] = { 0, 1, 2, 3 };
	u64 delivered = 0;
	u32 i;

	(void)state;
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), 0);
	fired = 0;
	shim_hook = fire_all;
	for (i = 0; i < 20; i++) {
		assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], i % 4,
							 0x500 + i,
							 i % 2 ? NOW : NEXT), 0);
		assert_int_equal(env_bind(&e, 0, 0, 4, fds), 0);
	}
	shim_hook = NULL;
	assert_true(fired > 100);
	/* And one for each slot that was replaced. */
	fired += i;
	assert_int_equal(all_counts(), fired);
	for (i = 0; i < 4; i++)
		delivered += env_get(&e, 0, i).delivered;
	assert_int_equal(delivered, fired);
}

/* A signal that arrives in any state has an outcome that adds up. */
static void every_interrupt_has_an_outcome(void **state)
{
	u64 sum = 0;
	s32 fds[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	u32 i;

	(void)state;
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 7, 1), 0);
	fired = 0;
	shim_hook = fire_all;
	for (i = 0; i < 10; i++) {
		fds[i % 7] = -1;
		assert_int_equal(env_bind(&e, 0, 0, VECTORS, fds), 0);
		fds[i % 7] = (s32)(i % 7);
		assert_int_equal(env_bind(&e, 0, 0, VECTORS, fds), 0);
	}
	assert_int_equal(env_disable(&e, 0), 0);
	shim_hook = NULL;
	for (i = 0; i < VECTORS; i++)
		sum += env_get(&e, 0, i).delivered +
		       env_get(&e, 0, i).signalled;
	assert_int_equal(all_counts(), sum);
	/* Drops of hardware interrupts are fired and not delivered. */
	for (i = 0; i < 7; i++)
		sum += env_get(&e, 0, i).dropped;
	assert_int_equal(sum, fired);
}

RULES(rules_block,
	rule("block: one bad fd, at any place: all is as before, and the error names its vector", bad_fd_anywhere),
	rule("block: limit reached: ENOSPC, all is as before, the first that does not fit is named", limit_reached),
	rule("block: store full: ENOSPC, all is as before, the first that does not fit is named", store_full),
	rule("block: CPU vectors exhausted: ENOSPC, all is as before, the vector is named", cpu_exhausted),
	rule("block: ENOSPC says in the log which resource was exhausted", says_which_resource),
	rule("block: a failure is counted at the vector to blame, and makes no context", failure_is_counted),
	rule("block: binds, replaces and unbinds ims and emulated in one go", mixed_block),
	rule("block: one eventfd may serve many vectors", shared_eventfd),
	rule("block: a trigger outlives its fd", fd_may_be_closed),
	rule("block: the interrupt domain is asked once for a block, not once for a vector", one_call_per_block),
	rule("swap: QEMU's pattern: fd -1 makes nothing, a hundred swaps keep slot, IRQ, generation", qemu_enables),
	rule("swap: replacing an eventfd does not touch the store", swap_is_cheap),
	rule("swap: interrupts at every point of a swap: none is lost", swap_loses_nothing),
	rule("swap: a pending cookie is applied make-before-break: no interrupt is lost", cookie_swap_loses_nothing),
	rule("swap: interrupts at every point of bind and unbind: delivered or counted as dropped", every_interrupt_has_an_outcome))
