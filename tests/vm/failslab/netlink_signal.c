// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Swept: triggers by netlink, and the reset of what is counted of vectors. All
 * vectors that a request names, or none.
 */
#include <string.h>

#include "netlink.h"

static void first_two(struct nl_msg *msg)
{
	put_vector(msg, 0);
	nla_put_u32(msg, IMS_A_VECTOR_COUNT, 2);
}

static void first_and_third(struct nl_msg *msg)
{
	put_vectors(msg);
	nla_put_u32(msg, IMS_A_VECTOR_LIST, 0);
	nla_put_u32(msg, IMS_A_VECTOR_LIST, 2);
}

static void interrupts_of_last_two(struct nl_msg *msg)
{
	put_vectors(msg);
	nla_put_u32(msg, IMS_A_VECTOR_LIST, 1);
	nla_put_u32(msg, IMS_A_VECTOR_LIST, 2);
	nla_put_u32(msg, IMS_A_VECTOR_PATH, IMS_TRIGGER_PATH_INTERRUPT);
}

static void three_live(struct wq *wq)
{
	if (wq->vfio)
		return;
	reopen(wq);
	assert_int_equal(wq_bind(wq, 0, 3), 0);
}

/* Interrupts may take a moment. The eventfds of all others have not counted. */
static void have_counted(struct wq *wq, uint32_t a, uint32_t b)
{
	uint32_t i;

	assert_int_equal(wq_wait(wq, a), 1);
	assert_int_equal(wq_wait(wq, b), 1);
	for (i = 0; i < NR; i++)
		assert_int_equal(wq_take(wq, i), 0);
}

static void first_two_counted(struct wq *wq)
{
	have_counted(wq, 0, 1);
}

static void first_and_third_counted(struct wq *wq)
{
	have_counted(wq, 0, 2);
}

static void last_two_counted(struct wq *wq)
{
	have_counted(wq, 1, 2);
}

/* Signalled by now: the time of the last signal is to a tick. */
static void is_signalled(struct picture *want, const struct picture *now,
			 uint32_t i)
{
	assert_int_not_equal(now->v[i].last, UINT64_MAX);
	assert_true(want->v[i].last == UINT64_MAX ||
		    now->v[i].last >= want->v[i].last);
	want->v[i].last = now->v[i].last;
}

static void first_two_signalled(struct picture *want, const struct picture *now)
{
	is_signalled(want, now, 0);
	is_signalled(want, now, 1);
	want->v[0].loopback++;
	want->v[1].loopback++;
}

static void first_and_third_signalled(struct picture *want,
				      const struct picture *now)
{
	is_signalled(want, now, 0);
	is_signalled(want, now, 2);
	want->v[0].loopback++;
	want->v[2].loopback++;
}

static void last_two_delivered(struct picture *want, const struct picture *now)
{
	is_signalled(want, now, 1);
	is_signalled(want, now, 2);
	want->v[1].delivered++;
	want->v[2].delivered++;
}

/* Something is counted of 0, 1 and 2: signals and a replaced trigger. */
static void three_with_counts(struct wq *wq)
{
	uint32_t i;

	three_live(wq);
	assert_int_equal(wq_bind(wq, 0, 3), 0);
	assert_int_equal(ims_vfio_trigger(wq->vfio, 0, 3), 0);
	for (i = 0; i < 3; i++)
		assert_int_equal(wq_take(wq, i), 1);
}

static void first_two_begin_anew(struct picture *want, const struct picture *now)
{
	uint32_t i;

	for (i = 0; i < 2; i++) {
		assert_true(want->v[i].loopback && want->v[i].replaced);
		want->v[i].loopback = 0;
		want->v[i].replaced = 0;
		assert_true(now->v[i].since > want->v[i].since);
		want->v[i].since = now->v[i].since;
	}
}

CHANGE(netlink_trigger, .prepare = three_live,
       .request = { IMS_CMD_TRIGGER, 0, first_two },
       .settle = first_two_counted, .becomes = first_two_signalled)
CHANGE(netlink_trigger_list, .prepare = three_live,
       .request = { IMS_CMD_TRIGGER, 0, first_and_third },
       .settle = first_and_third_counted, .becomes = first_and_third_signalled)
CHANGE(netlink_trigger_interrupt, .prepare = three_live,
       .request = { IMS_CMD_TRIGGER, 0, interrupts_of_last_two },
       .settle = last_two_counted, .becomes = last_two_delivered)
CHANGE(netlink_stats_reset, .prepare = three_with_counts,
       .request = { IMS_CMD_STATS_RESET, 0, first_two },
       .becomes = first_two_begin_anew,
       .events = { IMS_CMD_VECTOR_CHANGE_NTF, IMS_CMD_VECTOR_CHANGE_NTF })
