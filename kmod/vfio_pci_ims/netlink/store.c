// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stores on the wire.
 */
#include <linux/pci.h>

#include <linux/ims.h>

#include "netlink.h"

#define IMS_STORE_NAMED							\
	[IMS_A_STORE_ID]	= { .type = NLA_U32 },			\
	[IMS_A_STORE_NAME]	= { .type = NLA_NUL_STRING,		\
				    .len = IMS_NAME_MAX }

const struct nla_policy ims_store_policy[IMS_A_STORE_NAME + 1] = {
	IMS_STORE_NAMED,
};

/* It takes none: without a policy they would be passed over in silence. */
const struct nla_policy ims_store_dump_policy[IMS_A_STORE_ID + 1] = {
	[IMS_A_STORE_ID] = {
		.type = NLA_REJECT,
		.reject_message = "an attribute that this dump, of all stores, does not take",
	},
};

const struct nla_policy ims_store_set_policy[IMS_A_STORE_VALIDATE_ONLY + 1] = {
	IMS_STORE_NAMED,
	[IMS_A_STORE_LIMIT]		= { .type = NLA_U32 },
	[IMS_A_STORE_VALIDATE_ONLY]	= { .type = NLA_FLAG },
};

const struct nla_policy ims_store_reset_policy[IMS_A_STORE_VALIDATE_ONLY + 1] = {
	IMS_STORE_NAMED,
	[IMS_A_STORE_VALIDATE_ONLY]	= { .type = NLA_FLAG },
};

/* 0 or -EMSGSIZE. */
int ims_store_fill(struct sk_buff *skb, struct ims_store *store)
{
	struct pci_dev *pdev = ims_store_pci_dev(store);
	struct ims_store_info info;

	ims_store_query(store, &info);

	if (nla_put_u32(skb, IMS_A_STORE_ID, info.id) ||
	    nla_put_string(skb, IMS_A_STORE_NAME, pci_name(pdev)) ||
	    nla_put_string(skb, IMS_A_STORE_DRIVER, ims_store_driver(store)) ||
	    nla_put_string(skb, IMS_A_STORE_DOMAIN, ims_store_domain(store)) ||
	    nla_put_u32(skb, IMS_A_STORE_SIZE, info.hwsize) ||
	    nla_put_u32(skb, IMS_A_STORE_LIMIT, info.limit) ||
	    nla_put_u32(skb, IMS_A_STORE_USED, info.used) ||
	    nla_put_u32(skb, IMS_A_STORE_PEAK, info.peak) ||
	    nla_put_u32(skb, IMS_A_STORE_RESERVED, info.reserved) ||
	    nla_put_u32(skb, IMS_A_STORE_AVAILABLE, info.available) ||
	    nla_put_u32(skb, IMS_A_STORE_ENTRIES, info.entries) ||
	    (info.capacity &&
	     nla_put_u32(skb, IMS_A_STORE_CAPACITY, info.capacity)) ||
	    nla_put_u64_64bit(skb, IMS_A_STORE_FAILURES, info.failures,
			      IMS_A_STORE_PAD) ||
	    nla_put_u32(skb, IMS_A_STORE_DEVICES, info.clients) ||
	    (info.suspended && nla_put_flag(skb, IMS_A_STORE_SUSPENDED)))
		return -EMSGSIZE;
	return 0;
}

int ims_store_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ims_store *store = ims_netlink_store(info);
	struct sk_buff *reply;
	void *hdr;
	int ret;

	if (IS_ERR(store))
		return PTR_ERR(store);

	reply = ims_reply_begin(info, IMS_CMD_STORE_GET, &hdr);
	if (IS_ERR(reply))
		ret = PTR_ERR(reply);
	else
		ret = ims_reply_end(reply, hdr, info,
				    ims_store_fill(reply, store));
	ims_store_put(store);
	return ret;
}

int ims_store_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ims_dump *dump = ims_dump_ctx(cb);
	struct ims_store *store;
	int ret = 0;
	void *hdr;

	cb->seq = ims_stores_generation();

	while (!ret && (store = ims_store_get_next(dump->id))) {
		hdr = ims_dump_begin(skb, cb, IMS_CMD_STORE_GET);
		ret = -EMSGSIZE;
		if (hdr)
			ret = ims_dump_end(skb, hdr,
					   ims_store_fill(skb, store));
		if (!ret)
			dump->id = ims_store_id(store) + 1;
		ims_store_put(store);
	}
	return skb->len ? skb->len : ret;
}

static void ims_store_set_text(struct genl_info *info, struct ims_store *store,
			       int ret)
{
	struct ims_store_info figures;

	ims_store_query(store, &figures);
	if (ret == -EINVAL)
		GENL_SET_ERR_MSG_FMT(info, "the limit is above the store's %u slots",
				     figures.hwsize);
	else if (ret == -EBUSY)
		GENL_SET_ERR_MSG_FMT(info, "%u slots are in use or reserved, more than the limit",
				     figures.limit - figures.available);
	else if (ret == -ENODEV)
		NL_SET_ERR_MSG(info->extack, "the store is going away");
	NL_SET_BAD_ATTR(info->extack, info->attrs[IMS_A_STORE_LIMIT]);
}

int ims_store_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	bool validate = info->attrs[IMS_A_STORE_VALIDATE_ONLY];
	struct nlattr *attr = info->attrs[IMS_A_STORE_LIMIT];
	struct ims_store *store = ims_netlink_store(info);
	u32 limit;
	int ret;

	if (IS_ERR(store))
		return PTR_ERR(store);

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "nothing to change");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, IMS_A_STORE_LIMIT);
		ret = -EINVAL;
		goto out;
	}

	limit = nla_get_u32(attr);
	ret = validate ? ims_store_check_limit(store, limit) :
			 ims_store_set_limit(store, limit);
	if (ret)
		ims_store_set_text(info, store, ret);
out:
	ims_store_put(store);
	return ret;
}

int ims_store_reset_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ims_store *store = ims_netlink_store(info);

	if (IS_ERR(store))
		return PTR_ERR(store);
	if (!info->attrs[IMS_A_STORE_VALIDATE_ONLY])
		ims_store_reset_stats(store);
	ims_store_put(store);
	return 0;
}
