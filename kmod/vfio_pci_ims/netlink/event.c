// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications to the listeners of the group "events". While nobody listens they
 * cost a look. Many of one device go in one datagram: thousands of vectors that
 * are bound at once are not thousands of datagrams, which no socket would hold.
 */
#include <linux/notifier.h>

#include <linux/ims.h>

#include "netlink.h"
#include "../engine.h"

/* Of a datagram. libims reads twice that. */
#define IMS_EVENTS_SIZE		SKB_WITH_OVERHEAD(16384)

/* The only group of the family. */
#define IMS_EVENTS_GROUP	0

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

static bool ims_netlink_wanted(void)
{
	return genl_has_listeners(&ims_family, &init_net, IMS_EVENTS_GROUP);
}

/* Who listens gets ENOBUFS, as if its socket had overflown, and dumps again. */
static void ims_events_lost(void)
{
	genl_set_err(&ims_family, &init_net, 0, IMS_EVENTS_GROUP, -ENOBUFS);
}

static void ims_events_multicast(struct sk_buff *skb)
{
	/* -ESRCH: nobody is left. Who has overflown has been told. */
	genlmsg_multicast(&ims_family, skb, 0, IMS_EVENTS_GROUP, GFP_KERNEL);
}

/* With vdev->lock held; what it keeps from now on is sent by ims_vdev_unlock(). */
static void ims_events_send(struct ims_vdev *vdev)
{
	struct sk_buff *skb = vdev->unsent;

	if (!skb)
		return;
	vdev->unsent = NULL;
	if (skb->len)
		ims_events_multicast(skb);
	else
		nlmsg_free(skb);
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

/*
 * Append one message: 0 or -EMSGSIZE. Of @vector and @alert at most one is given; with
 * neither it is about the device.
 */
static int ims_event_put(struct sk_buff *skb, u8 cmd, struct ims_vdev *vdev,
			 const struct ims_vector *vector,
			 const struct ims_alert *alert)
{
	void *hdr = genlmsg_put(skb, 0, 0, &ims_family, 0, cmd);
	int ret;

	if (!hdr)
		return -EMSGSIZE;
	if (alert)
		ret = ims_alert_fill(skb, vdev, alert);
	else if (vector)
		ret = ims_vector_fill(skb, vdev, vector->index, true);
	else
		ret = ims_device_fill(skb, vdev, true);

	if (ret)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return ret;
}

/* Of a vector or an alert, with vdev->lock held. */
static void ims_event(u8 cmd, struct ims_vdev *vdev,
		      const struct ims_vector *vector,
		      const struct ims_alert *alert)
{
	if (!ims_netlink_wanted())
		return;

	/* Twice: a datagram that is full goes, and another is begun. */
	if (vdev->unsent && !ims_event_put(vdev->unsent, cmd, vdev, vector, alert))
		return;
	ims_events_send(vdev);

	vdev->unsent = nlmsg_new(IMS_EVENTS_SIZE, GFP_KERNEL);
	if (!vdev->unsent || ims_event_put(vdev->unsent, cmd, vdev, vector, alert))
		ims_events_lost();
}

/* Perhaps without vdev->lock: in a datagram of its own. */
static void ims_netlink_device(struct ims_vdev *vdev, enum ims_event event)
{
	static const u8 cmds[] = {
		[IMS_EVENT_CREATE] = IMS_CMD_DEVICE_CREATE_NTF,
		[IMS_EVENT_DELETE] = IMS_CMD_DEVICE_DELETE_NTF,
		[IMS_EVENT_CHANGE] = IMS_CMD_DEVICE_CHANGE_NTF,
	};

	struct sk_buff *skb;

	if (!ims_netlink_wanted())
		return;
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (skb && !ims_event_put(skb, cmds[event], vdev, NULL, NULL)) {
		ims_events_multicast(skb);
		return;
	}
	nlmsg_free(skb);
	ims_events_lost();
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
	.flush	= ims_events_send,
};

static int ims_store_event(struct notifier_block *nb, unsigned long event,
			   void *data)
{
	static const u8 cmds[] = {
		[IMS_STORE_CREATED] = IMS_CMD_STORE_CREATE_NTF,
		[IMS_STORE_DESTROYED] = IMS_CMD_STORE_DELETE_NTF,
		[IMS_STORE_CHANGED] = IMS_CMD_STORE_CHANGE_NTF,
	};
	struct sk_buff *skb;
	void *hdr;

	if (!ims_netlink_wanted())
		return NOTIFY_DONE;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	hdr = skb ? genlmsg_put(skb, 0, 0, &ims_family, 0, cmds[event]) : NULL;
	if (!hdr || ims_store_fill(skb, data)) {
		nlmsg_free(skb);
		ims_events_lost();
		return NOTIFY_DONE;
	}
	genlmsg_end(skb, hdr);
	ims_events_multicast(skb);
	return NOTIFY_DONE;
}

struct notifier_block ims_store_events = {
	.notifier_call = ims_store_event,
};
