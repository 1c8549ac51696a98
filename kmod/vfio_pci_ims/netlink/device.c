// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual devices on the wire.
 */
#include "netlink.h"
#include "../engine.h"

#define IMS_DEVICE_NAMED						\
	[IMS_A_DEVICE_ID]	= { .type = NLA_U32 },			\
	[IMS_A_DEVICE_NAME]	= { .type = NLA_NUL_STRING,		\
				    .len = IMS_NAME_MAX }

const struct nla_policy ims_device_policy[IMS_A_DEVICE_NAME + 1] = {
	IMS_DEVICE_NAMED,
};

const struct nla_policy ims_device_dump_policy[IMS_A_DEVICE_STORE_ID + 1] = {
	[IMS_A_DEVICE_STORE_ID]		= { .type = NLA_U32 },
};

const struct nla_policy
ims_device_set_policy[IMS_A_DEVICE_VALIDATE_ONLY + 1] = {
	IMS_DEVICE_NAMED,
	[IMS_A_DEVICE_LIMIT]		= { .type = NLA_U32 },
	[IMS_A_DEVICE_RESERVATION]	= { .type = NLA_U32 },
	[IMS_A_DEVICE_DEFAULT_COOKIE]	= { .type = NLA_U64 },
	[IMS_A_DEVICE_BYPASS]		= NLA_POLICY_MAX(NLA_U32,
							 IMS_BYPASS_MODE_OFF),
	[IMS_A_DEVICE_RATE_LIMIT]	= NLA_POLICY_FULL_RANGE(NLA_U32,
							&ims_rate_range),
	[IMS_A_DEVICE_VALIDATE_ONLY]	= { .type = NLA_FLAG },
};

static int ims_device_fill_refused(struct sk_buff *skb,
				   const struct ims_refusals *refused)
{
	if (nla_put_u64_64bit(skb, IMS_A_DEVICE_REFUSED, refused->count,
			      IMS_A_DEVICE_PAD))
		return -EMSGSIZE;
	if (!refused->count)
		return 0;
	if ((refused->vector != VFIO_PCI_IMS_DEFAULT_COOKIE &&
	     nla_put_u32(skb, IMS_A_DEVICE_REFUSED_VECTOR, refused->vector)) ||
	    nla_put_u32(skb, IMS_A_DEVICE_REFUSED_ERROR, -refused->error) ||
	    (refused->kind != IMS_NOTHING_RAN_OUT &&
	     nla_put_u32(skb, IMS_A_DEVICE_REFUSED_KIND, refused->kind)) ||
	    nla_put_u64_64bit(skb, IMS_A_DEVICE_REFUSED_LAST, refused->last,
			      IMS_A_DEVICE_PAD))
		return -EMSGSIZE;
	return 0;
}

/*
 * Takes no vdev->lock, but may be called with it: 0, -ENODEV when closed, or
 * -EMSGSIZE.
 */
int ims_device_fill(struct sk_buff *skb, struct ims_vdev *vdev, bool privileged)
{
	struct ims_vdev_snapshot now;
	int ret;

	ret = ims_vdev_snapshot(vdev, &now);
	if (ret)
		return ret;

	if (nla_put_u32(skb, IMS_A_DEVICE_ID, vdev->id) ||
	    nla_put_string(skb, IMS_A_DEVICE_NAME, vdev->name) ||
	    (vdev->is_mdev &&
	     nla_put_string(skb, IMS_A_DEVICE_UUID, vdev->name)) ||
	    nla_put_string(skb, IMS_A_DEVICE_PARENT, vdev->parent) ||
	    nla_put_u32(skb, IMS_A_DEVICE_STORE_ID, vdev->store_id) ||
	    nla_put_u32(skb, IMS_A_DEVICE_VECTORS, vdev->num_vectors) ||
	    nla_put_u32(skb, IMS_A_DEVICE_LIVE, now.live) ||
	    nla_put_u32(skb, IMS_A_DEVICE_HELD, now.held) ||
	    nla_put_u32(skb, IMS_A_DEVICE_EMULATED, now.emulated) ||
	    nla_put_u32(skb, IMS_A_DEVICE_SLOTS, now.client.used) ||
	    nla_put_u32(skb, IMS_A_DEVICE_LIMIT, now.client.limit) ||
	    nla_put_u32(skb, IMS_A_DEVICE_RESERVATION,
			now.client.reservation) ||
	    nla_put_u32(skb, IMS_A_DEVICE_ENTRIES, now.client.entries) ||
	    nla_put_u32(skb, IMS_A_DEVICE_OWNER_PID, vdev->pid) ||
	    nla_put_string(skb, IMS_A_DEVICE_OWNER_COMM, vdev->comm) ||
	    nla_put_u32(skb, IMS_A_DEVICE_BYPASS, now.bypass) ||
	    nla_put_u32(skb, IMS_A_DEVICE_QUIET, now.quiet) ||
	    (now.rate_limit &&
	     nla_put_u32(skb, IMS_A_DEVICE_RATE_LIMIT, now.rate_limit)) ||
	    (now.on_hold && nla_put_flag(skb, IMS_A_DEVICE_ON_HOLD)) ||
	    ims_device_fill_refused(skb, &now.refused) ||
	    (now.gone && nla_put_flag(skb, IMS_A_DEVICE_GONE)))
		return -EMSGSIZE;

	if (privileged &&
	    nla_put_u64_64bit(skb, IMS_A_DEVICE_DEFAULT_COOKIE,
			      now.default_cookie, IMS_A_DEVICE_PAD))
		return -EMSGSIZE;
	return 0;
}

static struct ims_vdev *ims_device_named(struct genl_info *info)
{
	return ims_netlink_vdev(info->attrs, IMS_A_DEVICE_ID, IMS_A_DEVICE_NAME,
				info->extack);
}

int ims_device_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	bool privileged = netlink_capable(skb, CAP_SYS_ADMIN);
	struct ims_vdev *vdev = ims_device_named(info);
	struct sk_buff *reply;
	void *hdr;
	int ret;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	reply = ims_reply_begin(info, IMS_CMD_DEVICE_GET, &hdr);
	if (IS_ERR(reply)) {
		ret = PTR_ERR(reply);
		goto out;
	}
	ret = ims_device_fill(reply, vdev, privileged);
	ret = ims_reply_end(reply, hdr, info, ret);
out:
	ims_vdev_put(vdev);
	return ret;
}

int ims_device_get_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct ims_dump *dump = ims_dump_ctx(cb);
	struct nlattr *attr = attrs[IMS_A_DEVICE_STORE_ID];
	struct ims_store *store;

	dump->privileged = netlink_capable(cb->skb, CAP_SYS_ADMIN);
	if (!attr)
		return 0;

	store = ims_store_get_id(nla_get_u32(attr));
	if (!store) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attr, "no such store");
		return -ENODEV;
	}
	dump->store = ims_store_id(store);
	ims_store_put(store);
	return 0;
}

/*
 * One device into a dump: 0, also when it is not wanted or was closed just now, or
 * -EMSGSIZE.
 */
static int ims_device_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			       struct ims_vdev *vdev)
{
	struct ims_dump *dump = ims_dump_ctx(cb);
	void *hdr;
	int ret;

	if (dump->store && vdev->store_id != dump->store)
		return 0;

	hdr = ims_dump_begin(skb, cb, IMS_CMD_DEVICE_GET);
	if (!hdr)
		return -EMSGSIZE;
	ret = ims_dump_end(skb, hdr,
			   ims_device_fill(skb, vdev, dump->privileged));
	return ret == -ENODEV ? 0 : ret;
}

int ims_device_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ims_dump *dump = ims_dump_ctx(cb);
	struct ims_vdev *vdev;
	int ret = 0;

	cb->seq = ims_vdevs_generation();

	while (!ret && (vdev = ims_vdev_get_next(dump->id))) {
		ret = ims_device_dump_one(skb, cb, vdev);
		if (!ret)
			dump->id = vdev->id + 1;
		ims_vdev_put(vdev);
	}
	return skb->len ? skb->len : ret;
}

/**
 * struct ims_device_limits - what a device may have of its store
 * @limit: most slots at a time
 * @reservation: slots guaranteed to it
 */
struct ims_device_limits {
	u32 limit;
	u32 reservation;
};

/* With vdev->lock held. Why @wanted is refused, and by which attribute. */
static void ims_device_limits_text(struct genl_info *info,
				   struct ims_vdev *vdev, int ret,
				   const struct ims_device_limits *wanted)
{
	struct nlattr *limit_attr = info->attrs[IMS_A_DEVICE_LIMIT];
	struct nlattr *reservation_attr = info->attrs[IMS_A_DEVICE_RESERVATION];
	struct ims_client_info client;
	struct ims_store_info store;

	ims_client_query(vdev->client, &client);
	ims_store_query(vdev->store, &store);

	switch (ret) {
	case -EINVAL:
		if (wanted->limit > client.max) {
			GENL_SET_ERR_MSG_FMT(info, "the limit is above the %u slots that the device can use",
					     client.max);
			NL_SET_BAD_ATTR(info->extack, limit_attr);
			return;
		}
		GENL_SET_ERR_MSG_FMT(info, "a reservation of %u is above the limit of %u",
				     wanted->reservation, wanted->limit);
		NL_SET_BAD_ATTR(info->extack, reservation_attr ?: limit_attr);
		return;
	case -EBUSY:
		GENL_SET_ERR_MSG_FMT(info, "%u slots are in use, more than the limit",
				     client.used);
		NL_SET_BAD_ATTR(info->extack, limit_attr);
		return;
	case -ENOSPC:
		GENL_SET_ERR_MSG_FMT(info, "the store has %u slots that can still be reserved",
				     store.available);
		NL_SET_BAD_ATTR(info->extack, reservation_attr ?: limit_attr);
		return;
	case -ENODEV:
		NL_SET_ERR_MSG(info->extack, "the device is going away");
		return;
	}
}

/*
 * With vdev->lock held: the limits that a request asks for, and whether the device
 * may have them.
 */
static int ims_device_check_limits(struct genl_info *info,
				   struct ims_vdev *vdev,
				   struct ims_device_limits *new)
{
	struct nlattr *limit = info->attrs[IMS_A_DEVICE_LIMIT];
	struct nlattr *reservation = info->attrs[IMS_A_DEVICE_RESERVATION];
	struct ims_client_info client;
	int ret;

	/* Only here are they changed, with vdev->lock held. */
	ims_client_query(vdev->client, &client);
	new->limit = limit ? nla_get_u32(limit) : client.limit;
	if (!new->limit)
		new->limit = client.max;
	new->reservation = reservation ? nla_get_u32(reservation) :
					 client.reservation;

	ret = ims_client_check_limits(vdev->client, new->limit,
				      new->reservation);
	if (ret)
		ims_device_limits_text(info, vdev, ret, new);
	return ret;
}

/* With vdev->lock held. May the default cookie change so? */
static int ims_device_check_cookie(struct genl_info *info, struct ims_vdev *vdev,
				   const struct vfio_pci_ims_cookie *change)
{
	u32 slots = 0;
	int ret;

	ret = ims_cookie_may_change(vdev);
	if (!ret)
		ret = ims_cookie_check(vdev, change, &slots);
	if (ret) {
		ims_cookie_text(info->extack, ret);
		NL_SET_BAD_ATTR(info->extack,
				info->attrs[IMS_A_DEVICE_DEFAULT_COOKIE]);
	}
	return ret;
}

/* With vdev->lock held, and checked: ask for the cookie, then make it so. */
static int ims_device_set_cookie(struct genl_info *info, struct ims_vdev *vdev,
				 const struct vfio_pci_ims_cookie *change)
{
	struct nlattr *attr = info->attrs[IMS_A_DEVICE_DEFAULT_COOKIE];
	int ret;

	if (!attr)
		return 0;
	ret = ims_cookie_set(vdev, change, true);
	if (ret) {
		ims_cookie_text(info->extack, ret);
		NL_SET_BAD_ATTR(info->extack, attr);
	}
	return ret;
}

/*
 * With vdev->lock held, and checked. The driver may refuse the cookie, and others
 * may take what the store can promise. So first the device gets as much as the old
 * limits and the new ones allow, which may fail, as may what a limit of the rate needs.
 * Then the driver is asked. Then the device keeps the old or the new, which is not more
 * than it has: that cannot fail. Nor can the mode of bypass and the limit of the rate.
 */
static int ims_device_apply(struct genl_info *info, struct ims_vdev *vdev,
			    const struct ims_device_limits *new,
			    const struct vfio_pci_ims_cookie *change)
{
	struct nlattr *bypass = info->attrs[IMS_A_DEVICE_BYPASS];
	struct nlattr *rate = info->attrs[IMS_A_DEVICE_RATE_LIMIT];
	struct ims_device_limits old, both;
	struct ims_client_info now;
	int ret, err;

	ret = rate ? ims_rate_prepare(vdev, nla_get_u32(rate)) : 0;
	if (ret)
		return ret;
	ims_client_query(vdev->client, &now);
	old.limit = now.limit;
	old.reservation = now.reservation;
	both.limit = max(old.limit, new->limit);
	both.reservation = max(old.reservation, new->reservation);

	ret = ims_client_set_limits(vdev->client, both.limit, both.reservation);
	if (ret) {
		ims_device_limits_text(info, vdev, ret, new);
		return ret;
	}
	ret = ims_device_set_cookie(info, vdev, change);
	if (ret)
		new = &old;
	/* But with -ENODEV, when the store goes away just now. */
	err = ims_client_set_limits(vdev->client, new->limit, new->reservation);
	if (err)
		return ret ?: err;
	if (new->limit != old.limit || new->reservation != old.reservation)
		ims_event_device(vdev, IMS_EVENT_CHANGE);
	if (!ret && bypass)
		ims_bypass_set(vdev, nla_get_u32(bypass));
	if (!ret && rate)
		ims_rate_set(vdev, nla_get_u32(rate));
	return ret;
}

int ims_device_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *cookie = info->attrs[IMS_A_DEVICE_DEFAULT_COOKIE];
	struct vfio_pci_ims_cookie change = {
		.vector = VFIO_PCI_IMS_DEFAULT_COOKIE,
		.own = true,
		.cookie = cookie ? nla_get_u64(cookie) : 0,
	};
	struct ims_vdev *vdev = ims_device_named(info);
	struct ims_device_limits limits;
	int ret;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	if (!cookie && !info->attrs[IMS_A_DEVICE_LIMIT] &&
	    !info->attrs[IMS_A_DEVICE_RESERVATION] &&
	    !info->attrs[IMS_A_DEVICE_BYPASS] &&
	    !info->attrs[IMS_A_DEVICE_RATE_LIMIT]) {
		NL_SET_ERR_MSG(info->extack, "nothing to change");
		ret = -EINVAL;
		goto out;
	}

	ret = ims_netlink_lock(vdev, info->extack);
	if (ret)
		goto out;
	ret = ims_netlink_usable(vdev, info->extack);
	if (!ret)
		ret = ims_device_check_limits(info, vdev, &limits);
	if (!ret && cookie)
		ret = ims_device_check_cookie(info, vdev, &change);
	if (!ret && !info->attrs[IMS_A_DEVICE_VALIDATE_ONLY])
		ret = ims_device_apply(info, vdev, &limits, &change);
	ims_vdev_unlock(vdev);
out:
	ims_vdev_put(vdev);
	return ret;
}
