// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Section 3's table of ACTION_TRIGGER, each row for each state and backing of
 * a vector; and vectors' lives (section 2) as they follow from it.
 */
#include <stdlib.h>

#include "rules.h"

#define ABSENT	IMS_VECTOR_STATE_ABSENT
#define IDLE	IMS_VECTOR_STATE_IDLE
#define HELD	IMS_VECTOR_STATE_HELD
#define LIVE	IMS_VECTOR_STATE_LIVE

/* The vector under test, and its eventfds: the one it has, another */
#define V	3
#define FD	8
#define FD2	9

enum backing { IMS, EMU };

/**
 * struct row - one field of the table
 * @data: NONE, BOOL or EVENTFD
 * @value: the bool, or the fd
 * @signals: signals at the vector's eventfd
 */
struct row {
	const char *name;
	enum backing backing;
	int before;
	u32 data;
	u32 count;
	s32 value;
	int ret;
	int after;
	unsigned int signals;
};

static const struct row rows[] = {
	{ "NONE, count 0, ABSENT: 0, nothing was on", IMS, ABSENT, NONE, 0, 0, 0, ABSENT, 0 },
	{ "NONE, count 0, IDLE ims: 0, nothing was on", IMS, IDLE, NONE, 0, 0, 0, IDLE, 0 },
	{ "NONE, count 0, IDLE emulated: 0, nothing was on", EMU, IDLE, NONE, 0, 0, 0, IDLE, 0 },
	{ "NONE, count 0, LIVE ims: the whole index is disabled", IMS, LIVE, NONE, 0, 0, 0, IDLE, 0 },
	{ "NONE, count 0, LIVE emulated: the whole index is disabled", EMU, LIVE, NONE, 0, 0, 0, IDLE, 0 },
	{ "NONE, ABSENT: passed over", IMS, ABSENT, NONE, 1, 0, 0, ABSENT, 0 },
	{ "NONE, IDLE ims: passed over", IMS, IDLE, NONE, 1, 0, 0, IDLE, 0 },
	{ "NONE, IDLE emulated: passed over", EMU, IDLE, NONE, 1, 0, 0, IDLE, 0 },
	{ "NONE, LIVE ims: signalled once", IMS, LIVE, NONE, 1, 0, 0, LIVE, 1 },
	{ "NONE, LIVE emulated: signalled once", EMU, LIVE, NONE, 1, 0, 0, LIVE, 1 },
	{ "NONE, count 0, HELD: the whole index is disabled", IMS, HELD, NONE, 0, 0, 0, IDLE, 0 },
	{ "NONE, HELD: signalled once", IMS, HELD, NONE, 1, 0, 0, HELD, 1 },
	{ "BOOL, count 0, HELD: 0, nothing", IMS, HELD, BOOL, 0, 1, 0, HELD, 0 },
	{ "BOOL set, HELD: signalled", IMS, HELD, BOOL, 1, 1, 0, HELD, 1 },
	{ "BOOL clear, HELD: not signalled", IMS, HELD, BOOL, 1, 0, 0, HELD, 0 },
	{ "EVENTFD, count 0, HELD: 0, nothing", IMS, HELD, EVENTFD, 0, FD2, 0, HELD, 0 },
	{ "EVENTFD, HELD: trigger replaced, no slot", IMS, HELD, EVENTFD, 1, FD2, 0, HELD, 0 },
	{ "EVENTFD -1, HELD: becomes IDLE", IMS, HELD, EVENTFD, 1, -1, 0, IDLE, 0 },
	{ "EVENTFD of a closed fd, HELD: EBADF, nothing", IMS, HELD, EVENTFD, 1, BAD_FD, -EBADF, HELD, 0 },
	{ "BOOL, count 0, ABSENT: 0, nothing", IMS, ABSENT, BOOL, 0, 1, 0, ABSENT, 0 },
	{ "BOOL, count 0, LIVE ims: 0, nothing", IMS, LIVE, BOOL, 0, 1, 0, LIVE, 0 },
	{ "BOOL, count 0, LIVE emulated: 0, nothing", EMU, LIVE, BOOL, 0, 1, 0, LIVE, 0 },
	{ "BOOL set, ABSENT: passed over", IMS, ABSENT, BOOL, 1, 1, 0, ABSENT, 0 },
	{ "BOOL set, IDLE ims: passed over", IMS, IDLE, BOOL, 1, 1, 0, IDLE, 0 },
	{ "BOOL set, IDLE emulated: passed over", EMU, IDLE, BOOL, 1, 1, 0, IDLE, 0 },
	{ "BOOL clear, ABSENT: 0, nothing", IMS, ABSENT, BOOL, 1, 0, 0, ABSENT, 0 },
	{ "BOOL clear, IDLE ims: 0, nothing", IMS, IDLE, BOOL, 1, 0, 0, IDLE, 0 },
	{ "BOOL clear, IDLE emulated: 0, nothing", EMU, IDLE, BOOL, 1, 0, 0, IDLE, 0 },
	{ "BOOL set, LIVE ims: signalled", IMS, LIVE, BOOL, 1, 1, 0, LIVE, 1 },
	{ "BOOL set to 255, LIVE ims: signalled once", IMS, LIVE, BOOL, 1, 255, 0, LIVE, 1 },
	{ "BOOL set, LIVE emulated: signalled", EMU, LIVE, BOOL, 1, 1, 0, LIVE, 1 },
	{ "BOOL clear, LIVE ims: not signalled", IMS, LIVE, BOOL, 1, 0, 0, LIVE, 0 },
	{ "BOOL clear, LIVE emulated: not signalled", EMU, LIVE, BOOL, 1, 0, 0, LIVE, 0 },
	{ "EVENTFD, count 0, ABSENT: 0, nothing", IMS, ABSENT, EVENTFD, 0, FD2, 0, ABSENT, 0 },
	{ "EVENTFD, count 0, IDLE ims: 0, nothing", IMS, IDLE, EVENTFD, 0, FD2, 0, IDLE, 0 },
	{ "EVENTFD, count 0, LIVE ims: 0, nothing", IMS, LIVE, EVENTFD, 0, FD2, 0, LIVE, 0 },
	{ "EVENTFD, count 0, LIVE emulated: 0, nothing", EMU, LIVE, EVENTFD, 0, FD2, 0, LIVE, 0 },
	{ "EVENTFD, ABSENT: becomes LIVE", IMS, ABSENT, EVENTFD, 1, FD2, 0, LIVE, 0 },
	{ "EVENTFD, IDLE ims: becomes LIVE", IMS, IDLE, EVENTFD, 1, FD2, 0, LIVE, 0 },
	{ "EVENTFD, IDLE emulated: becomes LIVE", EMU, IDLE, EVENTFD, 1, FD2, 0, LIVE, 0 },
	{ "EVENTFD, LIVE ims: trigger replaced, slot and IRQ kept", IMS, LIVE, EVENTFD, 1, FD2, 0, LIVE, 0 },
	{ "EVENTFD, LIVE ims, the same again: slot and IRQ kept", IMS, LIVE, EVENTFD, 1, FD, 0, LIVE, 0 },
	{ "EVENTFD, LIVE emulated: trigger replaced", EMU, LIVE, EVENTFD, 1, FD2, 0, LIVE, 0 },
	{ "EVENTFD -1, ABSENT: 0, nothing, no context made", IMS, ABSENT, EVENTFD, 1, -1, 0, ABSENT, 0 },
	{ "EVENTFD -1, IDLE ims: 0, nothing", IMS, IDLE, EVENTFD, 1, -1, 0, IDLE, 0 },
	{ "EVENTFD -1, IDLE emulated: 0, nothing", EMU, IDLE, EVENTFD, 1, -1, 0, IDLE, 0 },
	{ "EVENTFD -1, LIVE ims: becomes IDLE", IMS, LIVE, EVENTFD, 1, -1, 0, IDLE, 0 },
	{ "EVENTFD -1, LIVE emulated: becomes IDLE", EMU, LIVE, EVENTFD, 1, -1, 0, IDLE, 0 },
	{ "EVENTFD of a closed fd, LIVE ims: EBADF, nothing", IMS, LIVE, EVENTFD, 1, BAD_FD, -EBADF, LIVE, 0 },
	{ "EVENTFD of no eventfd, LIVE ims: EINVAL, nothing", IMS, LIVE, EVENTFD, 1, FILE_FD, -EINVAL, LIVE, 0 },
	{ "EVENTFD of a closed fd, ABSENT: EBADF, no context made", IMS, ABSENT, EVENTFD, 1, BAD_FD, -EBADF, ABSENT, 0 },
	{ "EVENTFD of no eventfd, IDLE emulated: EINVAL, nothing", EMU, IDLE, EVENTFD, 1, FILE_FD, -EINVAL, IDLE, 0 },
	{ "EVENTFD -2: EBADF, not a request to unbind", IMS, LIVE, EVENTFD, 1, -2, -EBADF, LIVE, 0 },
};

/* Bring vector V to its state, between neighbours that are live. */
static void prepare(const struct row *row)
{
	const s32 fd = FD;

	rules_live(1, 2);
	if (row->backing == EMU)
		assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], V, 1), 0);
	if (row->before == ABSENT)
		return;
	assert_int_equal(env_bind(&e, 0, V, 1, &fd), 0);
	if (row->before == IDLE)
		assert_int_equal(env_bind1(&e, 0, V, -1), 0);
	if (row->before == HELD)
		assert_int_equal(vfio_pci_ims_revoke(&e.ims[0], V, 1), 0);
}

static void check_row(void **state)
{
	const struct row *row = *state;
	struct env_vector was, is;
	const u8 flag = (u8)row->value;
	const void *payload = row->data == BOOL ? (const void *)&flag :
						  (const void *)&row->value;
	bool disable = row->data == NONE && !row->count;
	u64 old;

	rules_setup(NULL);
	prepare(row);
	was = env_get(&e, 0, V);
	assert_int_equal(was.state, row->before);
	/* A vector that is held was signalled for the slot that it had. */
	old = env_count(FD);

	assert_int_equal(env_irqs(&e, 0, TRIGGER | row->data, V, row->count,
				  payload), row->ret);

	is = env_get(&e, 0, V);
	assert_int_equal(is.state, row->after);
	assert_int_equal(env_count(FD) - old, row->signals);
	assert_int_equal(env_count(FD2), 0);
	assert_int_equal(is.emulated, was.emulated);
	assert_int_equal(is.loopback, row->signals);
	if (was.state == LIVE && is.state == LIVE) {
		assert_int_equal(is.slot, was.slot);
		assert_int_equal(is.generation, was.generation);
		assert_int_equal(is.virq, was.virq);
	}
	assert_int_equal(is.slot >= 0, is.state == LIVE && !is.emulated);
	assert_int_equal(env_hwirq(&e, 0, V),
			 is.slot >= 0 ? is.slot : -ENOENT);

	/* It works, through the eventfd that it is to have. */
	if (is.state == LIVE) {
		int id = row->data == EVENTFD && row->count && !row->ret ?
			 row->value : FD;
		u64 before = env_count(id);

		if (row->backing == IMS)
			assert_true(env_fire_vector(&e, 0, V));
		else
			assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], V),
					 VFIO_PCI_IMS_SIGNAL_DELIVERED);
		assert_int_equal(env_count(id), before + 1);
	}
	/* The neighbours are as they were, or disabled as well. */
	rules_state(1, disable ? IDLE : LIVE);
	rules_state(2, disable ? IDLE : LIVE);
	assert_int_equal(env_count(0) + env_count(1), 0);
	assert_int_equal(env_fire_vector(&e, 0, 1), !disable);
}

static void starts_absent(void **state)
{
	u32 v;

	(void)state;
	for (v = 0; v < VECTORS; v++) {
		rules_state(v, ABSENT);
		assert_int_equal(env_hwirq(&e, 0, v), -ENOENT);
		assert_false(vfio_pci_ims_pending(&e.ims[0], v));
	}
}

static void first_use_makes_idle(void **state)
{
	(void)state;
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 1, 7, NEXT), 0);
	rules_state(1, IDLE);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 2, 1), 0);
	rules_state(2, IDLE);
	/* Nothing to be remembered: no context. */
	assert_int_equal(vfio_pci_ims_clear_cookie(&e.ims[0], 3, NEXT), 0);
	assert_int_equal(vfio_pci_ims_clear_emulated(&e.ims[0], 4, 1), 0);
	rules_state(3, ABSENT);
	rules_state(4, ABSENT);
}

static void slot_zero_is_a_slot(void **state)
{
	(void)state;
	rules_live(5, 1);
	assert_int_equal(env_hwirq(&e, 0, 5), 0);
	assert_int_equal(env_hwirq(&e, 0, 4), -ENOENT);
	assert_true(env_fire(&e, 0, ENV_COOKIE(0)));
	assert_int_equal(env_count(0), 1);
}

static void idle_has_nothing(void **state)
{
	struct ims_client_info info;
	struct shim_counts c;

	(void)state;
	rules_live(0, 4);
	assert_int_equal(env_disable(&e, 0), 0);
	shim_counts(&c);
	assert_int_equal(c.requested, 0);
	env_client(&e, 0, &info);
	assert_int_equal(info.used, 0);
	assert_int_equal(env_get(&e, 0, 2).slot, -1);
	assert_int_equal(env_get(&e, 0, 2).virq, 0);
}

static void context_survives_disable(void **state)
{
	(void)state;
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 1, 77, NEXT), 0);
	rules_live(0, 2);
	rules_emulated_live(4, 1);
	env_fire_vector(&e, 0, 1);
	assert_int_equal(env_disable(&e, 0), 0);
	rules_state(1, IDLE);
	assert_true(env_get(&e, 0, 1).own);
	assert_int_equal(env_get(&e, 0, 1).next, 77);
	assert_int_equal(env_get(&e, 0, 1).delivered, 1);
	assert_true(env_get(&e, 0, 4).emulated);
	/* Again live, without being told anything. */
	rules_live(0, 2);
	assert_int_equal(env_get(&e, 0, 1).cookie, 77);
}

static void context_dies_at_close(void **state)
{
	(void)state;
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 1, 77, NEXT), 0);
	rules_emulated_live(4, 1);
	rules_live(0, 2);
	env_close(&e, 0);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	starts_absent(NULL);
	rules_live(1, 1);
	assert_int_equal(env_get(&e, 0, 1).cookie, ENV_COOKIE(0));
	assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 4),
			 VFIO_PCI_IMS_SIGNAL_NOT_EMULATED);
}

static void irq_has_the_vectors_name(void **state)
{
	(void)state;
	rules_live(6, 1);
	assert_string_equal(shim_irq_name(env_get(&e, 0, 6).virq),
			    "vfio-ims[6](wq0)");
}

size_t rules_table(struct CMUnitTest *tests)
{
	static char names[ARRAY_SIZE(rows)][128];
	const struct CMUnitTest more[] = {
		rule("life: a vector is ABSENT until its first use", starts_absent),
		rule("life: first use makes a context, IDLE", first_use_makes_idle),
		rule("life: slot 0 is a slot, no slot is a state of its own", slot_zero_is_a_slot),
		rule("life: IDLE has no slot, IRQ or CPU vector", idle_has_nothing),
		rule("life: context, cookie, backing and counts survive disable", context_survives_disable),
		rule("life: context, cookie and backing die at close", context_dies_at_close),
		rule("life: the Linux IRQ is named after vector and device", irq_has_the_vectors_name),
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(names[i], sizeof(names[i]), "SET_IRQS table: %s",
			 rows[i].name);
		tests[i] = (struct CMUnitTest) {
			.name = names[i],
			.test_func = check_row,
			.teardown_func = rules_teardown,
			.initial_state = (void *)&rows[i],
		};
	}
	memcpy(tests + i, more, sizeof(more));
	return i + ARRAY_SIZE(more);
}
