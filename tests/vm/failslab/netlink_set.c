// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Swept: changes of stores and devices by netlink, with and without listeners. And
 * how any change is swept.
 */
#include <errno.h>

#include "netlink.h"

/* ---- the sweep of a change -------------------------------------------------- */

static const struct change *change;
static bool listening;
/* Did a listener lose an event at the last try, and at how many tries? */
static bool missed;
static unsigned int times_missed;

static void will_change(struct wq *wq)
{
	change->prepare(wq);
	netlink_will_ask(&change->request);
	if (listening)
		netlink_listen();
	missed = false;
}

/* A request that is wrong is to be told so. */
static int ask_for_change(struct wq *wq)
{
	int ret = netlink_ask(wq);

	if (!change->refusal)
		return ret;
	if (!ret)
		return -EPROTO;
	return ret == change->refusal ? 0 : ret;
}

static void is_changed(struct wq *wq, const struct picture *before)
{
	struct picture want = *before, now;

	if (change->settle)
		change->settle(wq);
	take_picture(wq, &now);
	if (change->becomes)
		change->becomes(&want, &now);
	assert_same(&now, &want);
	assert_memory_equal(&now.counts, &want.counts, sizeof(now.counts));
	if (listening)
		missed = assert_heard(change->events, true);
	times_missed += missed;
	assert_live_ones_work(wq, &now);
	if (change->works)
		change->works(wq, true);
}

static void is_not_changed(struct wq *wq, const struct picture *before)
{
	static const uint8_t none[] = { 0 }, alert[] = { IMS_CMD_ALERT_NTF, 0 };
	struct picture now;
	bool alerted;

	/* No memory for the acknowledgement, and so for nothing else wanting. */
	if (answer.how == UNANSWERED) {
		is_changed(wq, before);
		return;
	}
	take_picture(wq, &now);
	assert_same(&now, before);
	alerted = change->alerts && now.counts.failed != before->counts.failed;
	if (alerted)
		assert_one_failed(&now, before);
	else
		assert_memory_equal(&now.counts, &before->counts,
				    sizeof(now.counts));
	if (listening)
		assert_heard(alerted ? alert : none, false);
	assert_live_ones_work(wq, &now);
	if (change->works)
		change->works(wq, false);
}

void sweep_change(const char *name, const struct change *swept_change,
		  bool heard)
{
	const struct op op = {
		.name = name, .scope = EVERYWHERE, .spare = swept_change->spare,
		.prepare = will_change, .call = ask_for_change,
		.worked = is_changed, .refused = is_not_changed,
	};

	change = swept_change;
	listening = heard;
	times_missed = 0;
	sweep(&op);
	if (!heard || !change->events[0])
		return;
	/* Not at the last, when nothing failed; but where events are made. */
	assert_false(missed);
	assert_true(times_missed);
	print_message("# %s: listeners lost events %u times, and were told\n",
		      name, times_missed);
}

/* ---- stores ----------------------------------------------------------------- */

static void limit_of_100(struct nl_msg *msg)
{
	put_store(msg);
	nla_put_u32(msg, IMS_A_STORE_LIMIT, 100);
}

/* Its size, as at first: the store is there after the test. */
static void limit_of_256(struct nl_msg *msg)
{
	put_store(msg);
	nla_put_u32(msg, IMS_A_STORE_LIMIT, 256);
}

/* One slot is in use. */
static void limit_of_none(struct nl_msg *msg)
{
	put_store(msg);
	nla_put_u32(msg, IMS_A_STORE_LIMIT, 0);
}

static void device_is_open(struct wq *wq)
{
	if (!wq->vfio)
		two_live(wq);
}

static void store_of_100(struct wq *wq)
{
	static const struct request set = { IMS_CMD_STORE_SET, 0, limit_of_100 };

	device_is_open(wq);
	netlink_tell(&set);
}

static void store_is_of_256(struct picture *want, const struct picture *now)
{
	(void)now;
	assert_int_equal(want->store.limit, 100);
	want->store.limit = 256;
	want->store.available += 156;
}

static void no_more_slots(struct nl_msg *msg)
{
	put_device(msg);
	nla_put_u32(msg, IMS_A_DEVICE_LIMIT, 1);
}

static void more_slots(struct nl_msg *msg)
{
	put_device(msg);
	nla_put_u32(msg, IMS_A_DEVICE_LIMIT, 0);
}

/* More slots were in use than are now, and some were refused. */
static void store_has_counts(struct wq *wq)
{
	static const struct request less = { IMS_CMD_DEVICE_SET, 0, no_more_slots };
	static const struct request more = { IMS_CMD_DEVICE_SET, 0, more_slots };

	device_is_open(wq);
	assert_int_equal(wq_bind(wq, 2, 2), 0);
	assert_int_equal(ims_vfio_unbind(wq->vfio, 2, 2), 0);
	netlink_tell(&less);
	assert_int_equal(wq_bind(wq, 2, 2), -ENOSPC);
	netlink_tell(&more);
}

static void store_has_none(struct picture *want, const struct picture *now)
{
	(void)now;
	assert_true(want->counts.failures);
	assert_true(want->counts.peak > want->store.used);
	want->counts.failures = 0;
	want->counts.peak = want->store.used;
}

CHANGE(netlink_store_set, .prepare = store_of_100,
       .request = { IMS_CMD_STORE_SET, 0, limit_of_256 },
       .becomes = store_is_of_256, .events = { IMS_CMD_STORE_CHANGE_NTF })
CHANGE(netlink_store_set_refused, .prepare = device_is_open,
       .request = { IMS_CMD_STORE_SET, 0, limit_of_none }, .refusal = -EBUSY)
CHANGE(netlink_store_reset, .prepare = store_has_counts,
       .request = { IMS_CMD_STORE_STATS_RESET, 0, put_store },
       .becomes = store_has_none, .events = { IMS_CMD_STORE_CHANGE_NTF })

/* ---- devices ---------------------------------------------------------------- */

#define DEFAULT_COOKIE	0xdef0000000000001
#define OTHER_COOKIE	0xdef0000000000002

static void put_quota(struct nl_msg *msg, uint32_t limit, uint32_t reservation,
		      uint64_t cookie)
{
	put_device(msg);
	nla_put_u32(msg, IMS_A_DEVICE_LIMIT, limit);
	nla_put_u32(msg, IMS_A_DEVICE_RESERVATION, reservation);
	nla_put_u64(msg, IMS_A_DEVICE_DEFAULT_COOKIE, cookie);
}

static void quota_at_first(struct nl_msg *msg)
{
	put_quota(msg, 30, 2, DEFAULT_COOKIE);
}

static void quota_then(struct nl_msg *msg)
{
	put_quota(msg, 20, 8, OTHER_COOKIE);
}

/* The limit and the cookie alone would be fine. */
static void quota_never(struct nl_msg *msg)
{
	put_quota(msg, 20, 21, OTHER_COOKIE);
}

static void cookie_of_1_is_default(struct nl_msg *msg)
{
	put_vector(msg, 1);
	nla_put_flag(msg, IMS_A_VECTOR_COOKIE_CLEAR);
	nla_put_u32(msg, IMS_A_VECTOR_COOKIE_MODE, IMS_COOKIE_MODE_NOW);
}

static void device_at_first(struct wq *wq)
{
	static const struct request set = { IMS_CMD_DEVICE_SET, 0, quota_at_first };
	static const struct request clear = {
		IMS_CMD_VECTOR_SET, 0, cookie_of_1_is_default,
	};

	device_is_open(wq);
	netlink_tell(&set);
	netlink_tell(&clear);
}

static void device_is_other(struct picture *want, const struct picture *now)
{
	(void)now;
	assert_int_equal(want->limit, 30);
	assert_int_equal(want->default_cookie, DEFAULT_COOKIE);
	want->limit = 20;
	want->reservation = 8;
	want->store.reserved += 6;
	want->store.available -= 6;
	want->default_cookie = OTHER_COOKIE;
	want->v[1].pending_cookie = OTHER_COOKIE;
}

/* Its limits, its default cookie, and the vector whose cookie waits by that. */
CHANGE(netlink_device_set, .prepare = device_at_first,
       .request = { IMS_CMD_DEVICE_SET, 0, quota_then },
       .becomes = device_is_other,
       .events = { IMS_CMD_DEVICE_CHANGE_NTF, IMS_CMD_DEVICE_CHANGE_NTF,
		   IMS_CMD_VECTOR_CHANGE_NTF })
CHANGE(netlink_device_set_refused, .prepare = device_at_first,
       .request = { IMS_CMD_DEVICE_SET, 0, quota_never }, .refusal = -EINVAL)
