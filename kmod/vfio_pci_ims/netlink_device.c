// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual devices on the wire.
 */
#include <linux/pci.h>
#include <net/genetlink.h>

#include "netlink.h"
#include "vector.h"

const struct nla_policy ims_device_policy[IMS_A_DEVICE_NAME + 1] = {
	[IMS_A_DEVICE_ID]	= { .type = NLA_U32 },
	[IMS_A_DEVICE_NAME]	= { .type = NLA_NUL_STRING,
				    .len = IMS_NAME_MAX },
};

/* With vdev->lock held: 0, -ENODEV when closed, or -EMSGSIZE. */
static int ims_device_fill(struct sk_buff *skb, struct ims_vdev *vdev,
			   u32 unused, bool privileged)
{
	struct ims_client_info info;

	lockdep_assert_held(&vdev->lock);

	if (vdev->closed)
		return -ENODEV;
	ims_client_query(vdev->client, &info);

	if (nla_put_u32(skb, IMS_A_DEVICE_ID, vdev->id) ||
	    nla_put_string(skb, IMS_A_DEVICE_NAME, vdev->name) ||
	    nla_put_string(skb, IMS_A_DEVICE_PARENT,
			   pci_name(ims_store_pci_dev(vdev->store))) ||
	    nla_put_u32(skb, IMS_A_DEVICE_VECTORS, vdev->num_vectors) ||
	    nla_put_u32(skb, IMS_A_DEVICE_LIVE, vdev->live) ||
	    nla_put_u32(skb, IMS_A_DEVICE_EMULATED, vdev->emulated) ||
	    nla_put_u32(skb, IMS_A_DEVICE_SLOTS, info.used) ||
	    nla_put_u32(skb, IMS_A_DEVICE_LIMIT, info.limit) ||
	    nla_put_u32(skb, IMS_A_DEVICE_RESERVATION, info.reservation) ||
	    nla_put_u32(skb, IMS_A_DEVICE_OWNER_PID, vdev->owner) ||
	    nla_put_string(skb, IMS_A_DEVICE_OWNER_COMM, vdev->comm))
		return -EMSGSIZE;

	if (privileged &&
	    nla_put_u64_64bit(skb, IMS_A_DEVICE_DEFAULT_COOKIE,
			      vdev->default_cookie, IMS_A_DEVICE_PAD))
		return -EMSGSIZE;
	return 0;
}

int ims_device_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ims_vdev *vdev;
	int ret;

	vdev = ims_netlink_vdev(info->attrs, IMS_A_DEVICE_ID, IMS_A_DEVICE_NAME,
				info->extack);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	mutex_lock(&vdev->lock);
	ret = ims_netlink_reply(skb, info, IMS_CMD_DEVICE_GET, ims_device_fill,
				vdev, 0);
	mutex_unlock(&vdev->lock);

	ims_vdev_put(vdev);
	return ret;
}

int ims_device_get_start(struct netlink_callback *cb)
{
	const struct genl_dumpit_info *info = genl_dumpit_info(cb);
	struct ims_dump *dump = ims_dump_ctx(cb);
	u32 i;

	for (i = 1; i <= IMS_A_DEVICE_NAME; i++) {
		if (!info->info.attrs[i])
			continue;
		NL_SET_ERR_MSG_ATTR(cb->extack, info->info.attrs[i],
				    "a dump is of all devices; ask for one without NLM_F_DUMP");
		return -EINVAL;
	}
	dump->privileged = netlink_capable(cb->skb, CAP_SYS_ADMIN);
	return 0;
}

/* One device into a dump: 0, also when it was closed just now, or -EMSGSIZE. */
static int ims_device_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			       struct ims_vdev *vdev)
{
	struct ims_dump *dump = ims_dump_ctx(cb);
	void *hdr;
	int ret;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &ims_family, NLM_F_MULTI, IMS_CMD_DEVICE_GET);
	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);

	mutex_lock(&vdev->lock);
	ret = ims_device_fill(skb, vdev, 0, dump->privileged);
	mutex_unlock(&vdev->lock);

	if (ret) {
		genlmsg_cancel(skb, hdr);
		return ret == -ENODEV ? 0 : ret;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int ims_device_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ims_dump *dump = ims_dump_ctx(cb);
	struct ims_vdev *vdev;
	int ret;

	cb->seq = ims_vdevs_generation();

	while ((vdev = ims_vdev_get_next(dump->device))) {
		ret = ims_device_dump_one(skb, cb, vdev);
		if (ret) {
			ims_vdev_put(vdev);
			return skb->len ? skb->len : ret;
		}
		dump->device = vdev->id + 1;
		ims_vdev_put(vdev);
	}
	return skb->len;
}
