// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family "ims": operations, policies, and what all of them
 * need.
 */
#include <net/genetlink.h>

#include "netlink.h"
#include "vector.h"

static const struct genl_ops ims_ops[] = {
	{
		.cmd		= IMS_CMD_DEVICE_GET,
		.policy		= ims_device_policy,
		.maxattr	= IMS_A_DEVICE_NAME,
		.doit		= ims_device_get_doit,
		.start		= ims_device_get_start,
		.dumpit		= ims_device_get_dumpit,
	},
	{
		.cmd		= IMS_CMD_VECTOR_GET,
		.policy		= ims_vector_policy,
		.maxattr	= IMS_A_VECTOR_INDEX,
		.doit		= ims_vector_get_doit,
		.start		= ims_vector_get_start,
		.dumpit		= ims_vector_get_dumpit,
	},
	{
		.cmd		= IMS_CMD_TRIGGER,
		.policy		= ims_trigger_policy,
		.maxattr	= IMS_A_VECTOR_COUNT,
		.doit		= ims_trigger_doit,
	},
};

/*
 * Operations run in parallel: what they touch has its own locks. Not visible in
 * network namespaces other than the first: interrupts belong to the host.
 */
struct genl_family ims_family __ro_after_init = {
	.name		= IMS_FAMILY_NAME,
	.version	= IMS_FAMILY_VERSION,
	.module		= THIS_MODULE,
	.ops		= ims_ops,
	.n_ops		= ARRAY_SIZE(ims_ops),
	.parallel_ops	= true,
};

int __init ims_netlink_register(void)
{
	return genl_register_family(&ims_family);
}

void ims_netlink_unregister(void)
{
	genl_unregister_family(&ims_family);
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

	if (!id && !name) {
		NL_SET_ERR_MSG(extack, "no device given");
		NL_SET_ERR_ATTR_MISS(extack, NULL, name_attr);
		return ERR_PTR(-EINVAL);
	}
	if (id && name) {
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "name the device by its id or by its name, not by both");
		return ERR_PTR(-EINVAL);
	}

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
 * Answer a request with one object of @vdev, which @fill puts into a message.
 * The caller holds what @fill needs.
 */
int ims_netlink_reply(struct sk_buff *request, struct genl_info *info, u8 cmd,
		      int (*fill)(struct sk_buff *skb, struct ims_vdev *vdev,
				  u32 index, bool privileged),
		      struct ims_vdev *vdev, u32 index)
{
	struct sk_buff *skb;
	void *hdr;
	int ret;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;

	hdr = genlmsg_put_reply(skb, info, &ims_family, 0, cmd);
	if (!hdr) {
		ret = -EMSGSIZE;
		goto err_free;
	}
	ret = fill(skb, vdev, index, netlink_capable(request, CAP_SYS_ADMIN));
	if (ret == -ENODEV)
		NL_SET_ERR_MSG(info->extack, "the device was closed meanwhile");
	if (ret)
		goto err_free;

	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);

err_free:
	nlmsg_free(skb);
	return ret;
}
