// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications to the listeners of the groups "events" and "events-public": the same
 * ones, with cookies and without. While nobody listens to a group its cost is a look.
 * Many of one device go in one datagram: thousands of vectors that are bound at once
 * are not thousands of datagrams, which no socket would hold.
 */
#include <linux/notifier.h>
#include <linux/timekeeping.h>

#include <linux/ims.h>

#include "netlink.h"
#include "../engine.h"

/* Of a datagram. libims reads twice that. */
#define IMS_EVENTS_SIZE		SKB_WITH_OVERHEAD(16384)

/**
 * struct ims_alert - an alert on its way
 * @index: vector concerned
 * @kind: what is wrong
 * @error: negative errno; 0 for none
 * @rate: interrupts a second, of a storm
 */
struct ims_alert {
	u32 index;
	enum ims_alert_kind kind;
	int error;
	u64 rate;
};

/**
 * struct ims_news - what a message is to say
 * @cmd: the notification
 * @vdev: the device that it is about, or whose vector it is; NULL: it is about a store
 * @vector: the vector that it is about, or NULL
 * @alert: the alert that it is, or NULL
 * @store: the store that it is about
 * @time: CLOCK_MONOTONIC, in ns
 */
struct ims_news {
	u8 cmd;
	struct ims_vdev *vdev;
	const struct ims_vector *vector;
	const struct ims_alert *alert;
	struct ims_store *store;
	u64 time;
};

static_assert(IMS_GROUPS == IMS_AUDIENCES);

static bool ims_group_wanted(unsigned int group)
{
	return genl_has_listeners(&ims_family, &init_net, group);
}

static bool ims_netlink_wanted(void)
{
	return ims_group_wanted(IMS_GROUP_EVENTS) ||
	       ims_group_wanted(IMS_GROUP_PUBLIC);
}

/* Who listens gets ENOBUFS, as if its socket had overflown, and dumps again. */
static void ims_events_lost(unsigned int group)
{
	genl_set_err(&ims_family, &init_net, 0, group, -ENOBUFS);
}

static void ims_events_multicast(struct sk_buff *skb, unsigned int group)
{
	/* -ESRCH: nobody is left. Who has overflown has been told. */
	genlmsg_multicast(&ims_family, skb, 0, group, GFP_KERNEL);
}

/* With vdev->lock held. */
static void ims_events_send(struct ims_vdev *vdev, unsigned int group)
{
	struct sk_buff *skb = vdev->unsent[group];

	if (!skb)
		return;
	vdev->unsent[group] = NULL;
	if (skb->len)
		ims_events_multicast(skb, group);
	else
		nlmsg_free(skb);
}

/* With vdev->lock held; what it keeps from now on is sent by ims_vdev_unlock(). */
static void ims_netlink_flush(struct ims_vdev *vdev)
{
	unsigned int group;

	for (group = 0; group < IMS_GROUPS; group++)
		ims_events_send(vdev, group);
}

static int ims_alert_fill(struct sk_buff *skb, const struct ims_vdev *vdev,
			  const struct ims_alert *alert)
{
	if (nla_put_u32(skb, IMS_A_ALERT_KIND, alert->kind) ||
	    nla_put_u32(skb, IMS_A_ALERT_DEVICE_ID, vdev->id) ||
	    nla_put_string(skb, IMS_A_ALERT_DEVICE_NAME, vdev->name) ||
	    nla_put_string(skb, IMS_A_ALERT_PARENT, vdev->parent) ||
	    nla_put_u32(skb, IMS_A_ALERT_INDEX, alert->index) ||
	    (alert->error &&
	     nla_put_u32(skb, IMS_A_ALERT_ERROR, -alert->error)) ||
	    (alert->kind == IMS_ALERT_KIND_STORM &&
	     nla_put_u64_64bit(skb, IMS_A_ALERT_RATE, alert->rate,
			       IMS_A_ALERT_PAD)))
		return -EMSGSIZE;
	return 0;
}

static int ims_news_fill(struct sk_buff *skb, const struct ims_news *news,
			 bool privileged)
{
	int attr, pad, ret;

	if (news->alert) {
		ret = ims_alert_fill(skb, news->vdev, news->alert);
		attr = IMS_A_ALERT_TIME;
		pad = IMS_A_ALERT_PAD;
	} else if (news->vector) {
		ret = ims_vector_fill(skb, news->vdev, news->vector->index,
				      privileged);
		attr = IMS_A_VECTOR_TIME;
		pad = IMS_A_VECTOR_PAD;
	} else if (news->vdev) {
		ret = ims_device_fill(skb, news->vdev, privileged);
		attr = IMS_A_DEVICE_TIME;
		pad = IMS_A_DEVICE_PAD;
	} else {
		ret = ims_store_fill(skb, news->store);
		attr = IMS_A_STORE_TIME;
		pad = IMS_A_STORE_PAD;
	}
	return ret ?: nla_put_u64_64bit(skb, attr, news->time, pad);
}

/* Append one message, as the listeners of @group may see it: 0 or -EMSGSIZE. */
static int ims_event_put(struct sk_buff *skb, const struct ims_news *news,
			 unsigned int group)
{
	void *hdr = genlmsg_put(skb, 0, 0, &ims_family, 0, news->cmd);
	int ret;

	if (!hdr)
		return -EMSGSIZE;
	ret = ims_news_fill(skb, news, group == IMS_GROUP_EVENTS);
	if (ret)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return ret;
}

/* With vdev->lock held: keep a message for later, behind those that are kept. */
static void ims_event_keep(struct ims_vdev *vdev, const struct ims_news *news,
			   unsigned int group)
{
	struct sk_buff *skb = vdev->unsent[group];

	/* Twice: a datagram that is full goes, and another is begun. */
	if (skb && !ims_event_put(skb, news, group))
		return;
	ims_events_send(vdev, group);

	skb = nlmsg_new(IMS_EVENTS_SIZE, GFP_KERNEL);
	vdev->unsent[group] = skb;
	if (!skb || ims_event_put(skb, news, group))
		ims_events_lost(group);
}

/* Of a vector or an alert, with vdev->lock held. */
static void ims_event(u8 cmd, struct ims_vdev *vdev,
		      const struct ims_vector *vector,
		      const struct ims_alert *alert)
{
	struct ims_news news = {
		.cmd = cmd,
		.vdev = vdev,
		.vector = vector,
		.alert = alert,
		.time = ktime_get_ns(),
	};
	unsigned int group;

	for (group = 0; group < IMS_GROUPS; group++)
		if (ims_group_wanted(group))
			ims_event_keep(vdev, &news, group);
}

/* In a datagram of its own, at once. */
static void ims_event_now(struct ims_news *news)
{
	struct sk_buff *skb;
	unsigned int group;

	news->time = ktime_get_ns();
	for (group = 0; group < IMS_GROUPS; group++) {
		if (!ims_group_wanted(group))
			continue;
		skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
		if (skb && !ims_event_put(skb, news, group)) {
			ims_events_multicast(skb, group);
			continue;
		}
		nlmsg_free(skb);
		ims_events_lost(group);
	}
}

/* Perhaps without vdev->lock */
static void ims_netlink_device(struct ims_vdev *vdev, enum ims_event event)
{
	static const u8 cmds[] = {
		[IMS_EVENT_CREATE] = IMS_CMD_DEVICE_CREATE_NTF,
		[IMS_EVENT_DELETE] = IMS_CMD_DEVICE_DELETE_NTF,
		[IMS_EVENT_CHANGE] = IMS_CMD_DEVICE_CHANGE_NTF,
	};
	struct ims_news news = { .cmd = cmds[event], .vdev = vdev };

	ims_event_now(&news);
}

static void ims_netlink_vector(struct ims_vector *vector, enum ims_event event)
{
	ims_event(event == IMS_EVENT_CREATE ? IMS_CMD_VECTOR_CREATE_NTF :
					      IMS_CMD_VECTOR_CHANGE_NTF,
		  vector->vdev, vector, NULL);
}

static void ims_netlink_alert(struct ims_vdev *vdev, u32 index,
			      enum ims_alert_kind kind, int error, u64 rate)
{
	struct ims_alert alert = {
		.index = index,
		.kind = kind,
		.error = error,
		.rate = rate,
	};

	ims_event(IMS_CMD_ALERT_NTF, vdev, NULL, &alert);
}

const struct ims_listener ims_netlink_listener = {
	.wanted	= ims_netlink_wanted,
	.device	= ims_netlink_device,
	.vector	= ims_netlink_vector,
	.alert	= ims_netlink_alert,
	.flush	= ims_netlink_flush,
};

static int ims_store_event(struct notifier_block *nb, unsigned long event,
			   void *data)
{
	static const u8 cmds[] = {
		[IMS_STORE_CREATED] = IMS_CMD_STORE_CREATE_NTF,
		[IMS_STORE_DESTROYED] = IMS_CMD_STORE_DELETE_NTF,
		[IMS_STORE_CHANGED] = IMS_CMD_STORE_CHANGE_NTF,
	};
	struct ims_news news = { .cmd = cmds[event], .store = data };

	ims_event_now(&news);
	return NOTIFY_DONE;
}

struct notifier_block ims_store_events = {
	.notifier_call = ims_store_event,
};
