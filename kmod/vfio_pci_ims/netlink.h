/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control plane: requests come in by netlink.c, which knows the family and
 * its rules, and are answered by a file for each object.
 */
#ifndef _VFIO_PCI_IMS_NETLINK_H
#define _VFIO_PCI_IMS_NETLINK_H

#include <net/genetlink.h>

#include <uapi/linux/ims.h>

struct ims_vdev;

/**
 * struct ims_dump - where a dump is, in cb->ctx
 * @device: id of the device to go on with
 * @vector: vector of it to go on with
 * @filter: dump no other device
 * @done: it has been dumped to the end
 * @privileged: the caller may see cookies; judged once, when the dump starts
 */
struct ims_dump {
	u32 device;
	u32 vector;
	bool filter;
	bool done;
	bool privileged;
};

static inline struct ims_dump *ims_dump_ctx(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct ims_dump) > sizeof(cb->ctx));
	return (struct ims_dump *)cb->ctx;
}

/* netlink.c */
extern struct genl_family ims_family;

int ims_netlink_register(void);
void ims_netlink_unregister(void);
struct ims_vdev *ims_netlink_vdev(struct nlattr **attrs, u32 id_attr,
				  u32 name_attr, struct netlink_ext_ack *extack);
int ims_netlink_reply(struct sk_buff *request, struct genl_info *info, u8 cmd,
		      int (*fill)(struct sk_buff *skb, struct ims_vdev *vdev,
				  u32 index, bool privileged),
		      struct ims_vdev *vdev, u32 index);

/* netlink_device.c */
extern const struct nla_policy ims_device_policy[IMS_A_DEVICE_NAME + 1];
int ims_device_get_doit(struct sk_buff *skb, struct genl_info *info);
int ims_device_get_start(struct netlink_callback *cb);
int ims_device_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_vector.c */
extern const struct nla_policy ims_vector_policy[IMS_A_VECTOR_INDEX + 1];
extern const struct nla_policy ims_trigger_policy[IMS_A_VECTOR_COUNT + 1];
int ims_vector_get_doit(struct sk_buff *skb, struct genl_info *info);
int ims_vector_get_start(struct netlink_callback *cb);
int ims_vector_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int ims_trigger_doit(struct sk_buff *skb, struct genl_info *info);

#endif /* _VFIO_PCI_IMS_NETLINK_H */
