// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Swept: changes of vectors by netlink, with and without listeners.
 */
#include <errno.h>
#include <string.h>

#include "netlink.h"

#define COOKIE	0xc000000000000001

static void put_cookie(struct nl_msg *msg, uint32_t index, uint32_t mode)
{
	put_vector(msg, index);
	nla_put_u64(msg, IMS_A_VECTOR_COOKIE, COOKIE);
	nla_put_u32(msg, IMS_A_VECTOR_COOKIE_MODE, mode);
}

static void put_no_cookie(struct nl_msg *msg, uint32_t index, uint32_t mode)
{
	put_vector(msg, index);
	nla_put_flag(msg, IMS_A_VECTOR_COOKIE_CLEAR);
	nla_put_u32(msg, IMS_A_VECTOR_COOKIE_MODE, mode);
}

static void put_affinity(struct nl_msg *msg, uint32_t index, const char *cpus)
{
	put_vector(msg, index);
	nla_put_string(msg, IMS_A_VECTOR_AFFINITY, cpus);
}

/* Vector 3 is absent, 1 is live, 0 is live and emulated. */
static void cookie_of_3(struct nl_msg *msg)
{
	put_cookie(msg, 3, IMS_COOKIE_MODE_NEXT);
}

static void cookie_of_1(struct nl_msg *msg)
{
	put_cookie(msg, 1, IMS_COOKIE_MODE_NEXT);
}

static void cookie_of_1_now(struct nl_msg *msg)
{
	put_cookie(msg, 1, IMS_COOKIE_MODE_NOW);
}

static void no_cookie_of_1(struct nl_msg *msg)
{
	put_no_cookie(msg, 1, IMS_COOKIE_MODE_NEXT);
}

static void no_cookie_of_1_now(struct nl_msg *msg)
{
	put_no_cookie(msg, 1, IMS_COOKIE_MODE_NOW);
}

static void affinity_of_3(struct nl_msg *msg)
{
	put_affinity(msg, 3, "1");
}

static void affinity_of_1(struct nl_msg *msg)
{
	put_affinity(msg, 1, "1");
}

static void other_affinity_of_1(struct nl_msg *msg)
{
	put_affinity(msg, 1, "0");
}

static void no_affinity_of_1(struct nl_msg *msg)
{
	put_affinity(msg, 1, "");
}

static void both_of_3(struct nl_msg *msg)
{
	put_affinity(msg, 3, "1");
	nla_put_u64(msg, IMS_A_VECTOR_COOKIE, COOKIE);
}

static void both_of_1(struct nl_msg *msg)
{
	put_affinity(msg, 1, "1");
	nla_put_u64(msg, IMS_A_VECTOR_COOKIE, COOKIE);
}

static void both_of_0(struct nl_msg *msg)
{
	put_affinity(msg, 0, "1");
	nla_put_u64(msg, IMS_A_VECTOR_COOKIE, COOKIE);
}

static void set(void (*fill)(struct nl_msg *))
{
	const struct request request = { IMS_CMD_VECTOR_SET, 0, fill };

	netlink_tell(&request);
}

/* ---- cookies ---------------------------------------------------------------- */

static void default_cookie_in_slot(struct wq *wq)
{
	if (!wq->vfio)
		two_live(wq);
	set(no_cookie_of_1_now);
}

static void own_cookie_in_slot(struct wq *wq)
{
	if (!wq->vfio)
		two_live(wq);
	set(cookie_of_1_now);
}

/* As after the first use of vector 3, before anything is set. */
static void vector_3_is_made(struct picture *want, const struct picture *now)
{
	assert_int_equal(want->v[3].state, IMS_VECTOR_STATE_ABSENT);
	want->v[3].state = IMS_VECTOR_STATE_IDLE;
	want->v[3].backing = IMS_VECTOR_BACKING_IMS;
	want->v[3].cookie = want->default_cookie;
	want->v[3].delivered = want->v[3].loopback = 0;
	want->v[3].signalled = want->v[3].replaced = 0;
	want->v[3].dropped = want->v[3].pended = 0;
	assert_int_not_equal(now->v[3].since, UINT64_MAX);
	assert_true(now->v[3].since > want->v[1].since);
	want->v[3].since = now->v[3].since;
}

static void cookie_of_3_is_own(struct picture *want, const struct picture *now)
{
	vector_3_is_made(want, now);
	want->v[3].own = true;
	want->v[3].cookie = COOKIE;
}

static void cookie_of_1_waits(struct picture *want, const struct picture *now)
{
	(void)now;
	assert_false(want->v[1].own);
	want->v[1].own = true;
	want->v[1].pending_cookie = COOKIE;
}

static void cookie_of_1_is_own(struct picture *want, const struct picture *now)
{
	(void)now;
	assert_int_not_equal(want->v[1].cookie, COOKIE);
	want->v[1].own = true;
	want->v[1].cookie = COOKIE;
}

static void default_of_1_waits(struct picture *want, const struct picture *now)
{
	(void)now;
	assert_int_equal(want->v[1].cookie, COOKIE);
	want->v[1].own = false;
	want->v[1].pending_cookie = want->default_cookie;
}

CHANGE(netlink_cookie_first_use, .prepare = two_live,
       .request = { IMS_CMD_VECTOR_SET, 0, cookie_of_3 },
       .becomes = cookie_of_3_is_own, .events = { IMS_CMD_VECTOR_CREATE_NTF })
CHANGE(netlink_cookie_next, .prepare = default_cookie_in_slot,
       .request = { IMS_CMD_VECTOR_SET, 0, cookie_of_1 },
       .becomes = cookie_of_1_waits, .events = { IMS_CMD_VECTOR_CHANGE_NTF })
CHANGE(netlink_cookie_now, .prepare = default_cookie_in_slot,
       .request = { IMS_CMD_VECTOR_SET, 0, cookie_of_1_now },
       .becomes = cookie_of_1_is_own, .events = { IMS_CMD_VECTOR_CHANGE_NTF })
CHANGE(netlink_cookie_clear, .prepare = own_cookie_in_slot,
       .request = { IMS_CMD_VECTOR_SET, 0, no_cookie_of_1 },
       .becomes = default_of_1_waits, .events = { IMS_CMD_VECTOR_CHANGE_NTF })

/* ---- affinity --------------------------------------------------------------- */

static void raise_1(struct nl_msg *msg)
{
	put_vector(msg, 1);
	nla_put_u32(msg, IMS_A_VECTOR_PATH, IMS_TRIGGER_PATH_INTERRUPT);
}

/* Vector 1's interrupts arrive, and sooner or later at @cpu. */
static void arrives_at(struct wq *wq, uint32_t cpu)
{
	static const struct request raise = { IMS_CMD_TRIGGER, 0, raise_1 };
	int i;

	for (i = 0; i < 100; i++) {
		netlink_tell(&raise);
		assert_int_equal(wq_wait(wq, 1), 1);
		if (wq_number32(wq, 1, ims_vector_get_cpu) == cpu)
			return;
	}
	fail_msg("interrupts do not go to CPU %u", cpu);
}

static void live_on_cpu_0(struct wq *wq)
{
	if (!wq->vfio)
		two_live(wq);
	set(other_affinity_of_1);
	arrives_at(wq, 0);
}

static void live_on_cpu_0_default_cookie(struct wq *wq)
{
	default_cookie_in_slot(wq);
	live_on_cpu_0(wq);
}

static void affinity_of_3_is_set(struct picture *want, const struct picture *now)
{
	vector_3_is_made(want, now);
	strcpy(want->v[3].affinity, "1");
}

/* Where it goes is for arrives_at() to say: some moves wait for an interrupt. */
static void affinity_of_1_is_set(struct picture *want, const struct picture *now)
{
	assert_string_equal(want->v[1].affinity, "0");
	strcpy(want->v[1].affinity, "1");
	want->v[1].cpu = now->v[1].cpu;
}

static void affinity_of_1_is_not_set(struct picture *want,
				     const struct picture *now)
{
	assert_string_equal(want->v[1].affinity, "0");
	memset(want->v[1].affinity, 0, sizeof(want->v[1].affinity));
	want->v[1].cpu = now->v[1].cpu;
}

static void both_of_3_are_set(struct picture *want, const struct picture *now)
{
	affinity_of_3_is_set(want, now);
	want->v[3].own = true;
	want->v[3].cookie = COOKIE;
}

static void both_of_1_are_set(struct picture *want, const struct picture *now)
{
	affinity_of_1_is_set(want, now);
	cookie_of_1_waits(want, now);
}

/* At CPU 1 if @changed, else at 0. */
static void arrives_there(struct wq *wq, bool changed)
{
	arrives_at(wq, changed);
}

/* Anywhere if @changed. */
static void arrives(struct wq *wq, bool changed)
{
	arrives_at(wq, changed ? wq_number32(wq, 1, ims_vector_get_cpu) : 0);
}

CHANGE(netlink_affinity_first_use, .prepare = two_live,
       .request = { IMS_CMD_VECTOR_SET, 0, affinity_of_3 },
       .becomes = affinity_of_3_is_set,
       .events = { IMS_CMD_VECTOR_CREATE_NTF })
CHANGE(netlink_affinity_set, .prepare = live_on_cpu_0,
       .request = { IMS_CMD_VECTOR_SET, 0, affinity_of_1 },
       .becomes = affinity_of_1_is_set, .works = arrives_there,
       .events = { IMS_CMD_VECTOR_CHANGE_NTF })
CHANGE(netlink_affinity_clear, .prepare = live_on_cpu_0,
       .request = { IMS_CMD_VECTOR_SET, 0, no_affinity_of_1 },
       .becomes = affinity_of_1_is_not_set, .works = arrives,
       .events = { IMS_CMD_VECTOR_CHANGE_NTF })
CHANGE(netlink_cookie_and_affinity, .prepare = live_on_cpu_0_default_cookie,
       .request = { IMS_CMD_VECTOR_SET, 0, both_of_1 },
       .becomes = both_of_1_are_set, .works = arrives_there,
       .events = { IMS_CMD_VECTOR_CHANGE_NTF, IMS_CMD_VECTOR_CHANGE_NTF })
CHANGE(netlink_both_first_use, .prepare = two_live,
       .request = { IMS_CMD_VECTOR_SET, 0, both_of_3 },
       .becomes = both_of_3_are_set,
       .events = { IMS_CMD_VECTOR_CREATE_NTF, IMS_CMD_VECTOR_CHANGE_NTF })
CHANGE(netlink_vector_set_refused, .prepare = default_cookie_in_slot,
       .request = { IMS_CMD_VECTOR_SET, 0, both_of_0 }, .refusal = -EINVAL)
