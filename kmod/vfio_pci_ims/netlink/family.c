// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family "ims": operations, permission, and what all of them
 * need.
 */
#include <linux/notifier.h>

#include <linux/ims.h>

#include "netlink.h"
#include "../engine.h"

/*
 * Ahead of operations that change or signal something. GENL_ADMIN_PERM would be
 * CAP_NET_ADMIN, which has no business with interrupts.
 */
static int ims_netlink_admin(const struct genl_split_ops *ops,
			     struct sk_buff *skb, struct genl_info *info)
{
	if (netlink_capable(skb, CAP_SYS_ADMIN))
		return 0;
	NL_SET_ERR_MSG(info->extack, "this needs CAP_SYS_ADMIN in the initial user namespace");
	return -EPERM;
}

#define IMS_GET(id, object)						\
	{								\
		.cmd		= id,					\
		.policy		= ims_##object##_policy,		\
		.maxattr	= ARRAY_SIZE(ims_##object##_policy) - 1, \
		.doit		= ims_##object##_get_doit,		\
		.flags		= GENL_CMD_CAP_DO,			\
	}

#define IMS_CHANGE(id, what)						\
	{								\
		.cmd		= id,					\
		.policy		= ims_##what##_policy,			\
		.maxattr	= ARRAY_SIZE(ims_##what##_policy) - 1,	\
		.pre_doit	= ims_netlink_admin,			\
		.doit		= ims_##what##_doit,			\
		.flags		= GENL_CMD_CAP_DO,			\
	}

static const struct genl_split_ops ims_ops[] = {
	IMS_GET(IMS_CMD_STORE_GET, store),
	{
		.cmd		= IMS_CMD_STORE_GET,
		.policy		= ims_store_dump_policy,
		.maxattr	= ARRAY_SIZE(ims_store_dump_policy) - 1,
		.dumpit		= ims_store_get_dumpit,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	IMS_CHANGE(IMS_CMD_STORE_SET, store_set),
	IMS_GET(IMS_CMD_DEVICE_GET, device),
	{
		.cmd		= IMS_CMD_DEVICE_GET,
		.policy		= ims_device_dump_policy,
		.maxattr	= ARRAY_SIZE(ims_device_dump_policy) - 1,
		.start		= ims_device_get_start,
		.dumpit		= ims_device_get_dumpit,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	IMS_CHANGE(IMS_CMD_DEVICE_SET, device_set),
	IMS_GET(IMS_CMD_VECTOR_GET, vector),
	{
		.cmd		= IMS_CMD_VECTOR_GET,
		.policy		= ims_vector_dump_policy,
		.maxattr	= ARRAY_SIZE(ims_vector_dump_policy) - 1,
		.start		= ims_vector_get_start,
		.dumpit		= ims_vector_get_dumpit,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	IMS_CHANGE(IMS_CMD_VECTOR_SET, vector_set),
	IMS_CHANGE(IMS_CMD_VECTOR_RESTRAIN, vector_restrain),
	IMS_CHANGE(IMS_CMD_TRIGGER, trigger),
	IMS_CHANGE(IMS_CMD_STATS_RESET, stats_reset),
	IMS_CHANGE(IMS_CMD_STORE_STATS_RESET, store_reset),
};

/* Events carry cookies, but for those that are for everybody who may read. */
static const struct genl_multicast_group ims_groups[IMS_GROUPS] = {
	[IMS_GROUP_EVENTS] = {
		.name	= IMS_MCGRP_EVENTS,
		.flags	= GENL_MCAST_CAP_SYS_ADMIN,
	},
	[IMS_GROUP_PUBLIC] = { .name = IMS_MCGRP_EVENTS_PUBLIC },
};

/*
 * Operations run in parallel: what they touch has its own locks. Not visible in
 * network namespaces other than the first: interrupts belong to the host.
 */
struct genl_family ims_family __ro_after_init = {
	.name		= IMS_FAMILY_NAME,
	.version	= IMS_FAMILY_VERSION,
	.module		= THIS_MODULE,
	.mcgrps		= ims_groups,
	.n_mcgrps	= ARRAY_SIZE(ims_groups),
	.parallel_ops	= true,
};

int __init ims_netlink_register(void)
{
	int ret = ims_compat_genl_register(&ims_family, ims_ops,
					   ARRAY_SIZE(ims_ops));

	if (ret)
		return ret;
	ret = ims_store_register_notifier(&ims_store_events);
	if (ret) {
		genl_unregister_family(&ims_family);
		return ret;
	}
	ims_listen(&ims_netlink_listener);
	return 0;
}

void ims_netlink_unregister(void)
{
	ims_listen(NULL);
	ims_store_unregister_notifier(&ims_store_events);
	genl_unregister_family(&ims_family);
}

/* One of two attributes names something: 0 or -EINVAL. */
static int ims_netlink_named(struct nlattr *id, struct nlattr *name,
			     u32 name_attr, const char *what,
			     struct netlink_ext_ack *extack)
{
	if (!id && !name) {
		NL_SET_ERR_MSG_FMT(extack, "no %s given", what);
		NL_SET_ERR_ATTR_MISS(extack, NULL, name_attr);
		return -EINVAL;
	}
	if (id && name) {
		NL_SET_ERR_MSG_FMT(extack, "name the %s by its id or by its name, not by both",
				   what);
		NL_SET_BAD_ATTR(extack, name);
		return -EINVAL;
	}
	return 0;
}

/*
 * The device that a request names by one of two attributes; to be put. On
 * error an ERR_PTR, and @extack says what is wrong with which attribute.
 */
struct ims_vdev *ims_netlink_vdev(struct nlattr **attrs, u32 id_attr,
				  u32 name_attr, struct netlink_ext_ack *extack)
{
	struct nlattr *id = attrs[id_attr];
	struct nlattr *name = attrs[name_attr];
	struct ims_vdev *vdev;
	int ret;

	ret = ims_netlink_named(id, name, name_attr, "device", extack);
	if (ret)
		return ERR_PTR(ret);

	vdev = id ? ims_vdev_get_id(nla_get_u32(id)) :
		    ims_vdev_get_name(nla_data(name));
	if (!vdev) {
		NL_SET_ERR_MSG_ATTR(extack, id ?: name,
				    "no such virtual device is open");
		return ERR_PTR(-ENODEV);
	}
	return vdev;
}

/*
 * Take the lock of a device that a request changes. Others may hold it for as long
 * as the hardware takes: -EINTR when a signal comes first.
 */
int ims_netlink_lock(struct ims_vdev *vdev, struct netlink_ext_ack *extack)
{
	int ret = ims_vdev_lock_interruptible(vdev);

	if (ret)
		NL_SET_ERR_MSG(extack, "a signal came while the device was busy; nothing was changed");
	return ret;
}

/* ims_vdev_usable(), with the reason in @extack. With the device's lock held. */
int ims_netlink_usable(struct ims_vdev *vdev, struct netlink_ext_ack *extack)
{
	int ret = ims_vdev_usable(vdev);

	if (ret)
		NL_SET_ERR_MSG(extack, "the device is going away");
	return ret;
}

/* The store that a request of the set "store" names: as ims_netlink_vdev(). */
struct ims_store *ims_netlink_store(struct genl_info *info)
{
	struct nlattr *id = info->attrs[IMS_A_STORE_ID];
	struct nlattr *name = info->attrs[IMS_A_STORE_NAME];
	struct ims_store *store;
	int ret;

	ret = ims_netlink_named(id, name, IMS_A_STORE_NAME, "store",
				info->extack);
	if (ret)
		return ERR_PTR(ret);

	store = id ? ims_store_get_id(nla_get_u32(id)) :
		     ims_store_get_name(nla_data(name));
	if (!store) {
		NL_SET_ERR_MSG_ATTR(info->extack, id ?: name, "no such store");
		return ERR_PTR(-ENODEV);
	}
	return store;
}

/* Why a cookie is refused, where that has nothing to do with a vector. */
void ims_cookie_text(struct netlink_ext_ack *extack, int ret)
{
	if (ret == -EOPNOTSUPP)
		NL_SET_ERR_MSG(extack, "the cookies of this device are its driver's");
	else if (ret == -ERANGE)
		NL_SET_ERR_MSG(extack, "the hardware cannot hold this cookie");
	else if (ret == -ENODEV)
		NL_SET_ERR_MSG(extack, "the device is going away");
	else
		NL_SET_ERR_MSG(extack, "the device's driver refuses this cookie");
}

/* Answer a request: to be filled, then ims_reply_end(). ERR_PTR(-ENOMEM). */
struct sk_buff *ims_reply_begin(struct genl_info *info, u8 cmd, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		return ERR_PTR(-ENOMEM);
	*hdr = genlmsg_put_reply(skb, info, &ims_family, 0, cmd);
	return skb;
}

/* @ret: what became of the filling. */
int ims_reply_end(struct sk_buff *skb, void *hdr, struct genl_info *info,
		  int ret)
{
	if (ret == -ENODEV)
		NL_SET_ERR_MSG(info->extack, "the device was closed meanwhile");
	if (ret) {
		nlmsg_free(skb);
		return ret;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/* One object of a dump: NULL when there is no room. */
void *ims_dump_begin(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &ims_family, NLM_F_MULTI,
				cmd);

	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

/* @ret: what became of the filling, which is also returned. */
int ims_dump_end(struct sk_buff *skb, void *hdr, int ret)
{
	if (ret)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return ret;
}
