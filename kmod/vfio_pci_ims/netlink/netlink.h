/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control plane: requests come in by family.c, which knows the family and
 * its rules, and are answered by a file for each object.
 */
#ifndef _VFIO_PCI_IMS_NETLINK_H
#define _VFIO_PCI_IMS_NETLINK_H

#include "../../compat/genetlink.h"

#include <uapi/linux/ims_netlink.h>

struct ims_listener;
struct ims_store;
struct ims_vdev;
struct ims_vector;

/* The multicast groups: see family.c */
enum ims_group {
	IMS_GROUP_EVENTS,
	IMS_GROUP_PUBLIC,
	IMS_GROUPS,
};

/* struct ims_dump: no filter for a state or a backing */
#define IMS_DUMP_ANY	-1

/**
 * struct ims_dump - where a dump is, in cb->ctx
 * @id: of the device or store to go on with
 * @vector: vector of it to go on with
 * @store: dump devices of this store only; 0: of all
 * @state: dump vectors in this state only, or %IMS_DUMP_ANY
 * @backing: dump vectors with this backing only, or %IMS_DUMP_ANY
 * @one: dump vectors of the device @id only
 * @nonzero: dump only vectors that have counted an interrupt or a signal
 * @done: it has been dumped to the end
 * @privileged: the caller may see cookies; judged once, when the dump starts
 */
struct ims_dump {
	u32 id;
	u32 vector;
	u32 store;
	s8 state;
	s8 backing;
	bool one;
	bool nonzero;
	bool done;
	bool privileged;
};

static inline struct ims_dump *ims_dump_ctx(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct ims_dump) > sizeof(cb->ctx));
	return (struct ims_dump *)cb->ctx;
}

/* family.c */
extern struct genl_family ims_family;

int ims_netlink_register(void);
void ims_netlink_unregister(void);
struct ims_vdev *ims_netlink_vdev(struct nlattr **attrs, u32 id_attr,
				  u32 name_attr, struct netlink_ext_ack *extack);
int ims_netlink_lock(struct ims_vdev *vdev, struct netlink_ext_ack *extack);
int ims_netlink_usable(struct ims_vdev *vdev, struct netlink_ext_ack *extack);
struct ims_store *ims_netlink_store(struct genl_info *info);
void ims_cookie_text(struct netlink_ext_ack *extack, int ret);
struct sk_buff *ims_reply_begin(struct genl_info *info, u8 cmd, void **hdr);
int ims_reply_end(struct sk_buff *skb, void *hdr, struct genl_info *info,
		  int ret);
void *ims_dump_begin(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);
int ims_dump_end(struct sk_buff *skb, void *hdr, int ret);

/* store.c */
extern const struct nla_policy ims_store_policy[IMS_A_STORE_NAME + 1];
extern const struct nla_policy ims_store_dump_policy[IMS_A_STORE_ID + 1];
extern const struct nla_policy
	ims_store_set_policy[IMS_A_STORE_VALIDATE_ONLY + 1];
extern const struct nla_policy
	ims_store_reset_policy[IMS_A_STORE_VALIDATE_ONLY + 1];
int ims_store_fill(struct sk_buff *skb, struct ims_store *store);
int ims_store_get_doit(struct sk_buff *skb, struct genl_info *info);
int ims_store_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int ims_store_set_doit(struct sk_buff *skb, struct genl_info *info);
int ims_store_reset_doit(struct sk_buff *skb, struct genl_info *info);

/* device.c */
extern const struct nla_policy ims_device_policy[IMS_A_DEVICE_NAME + 1];
extern const struct nla_policy
	ims_device_dump_policy[IMS_A_DEVICE_STORE_ID + 1];
extern const struct nla_policy
	ims_device_set_policy[IMS_A_DEVICE_VALIDATE_ONLY + 1];
int ims_device_fill(struct sk_buff *skb, struct ims_vdev *vdev,
		    bool privileged);
int ims_device_get_doit(struct sk_buff *skb, struct genl_info *info);
int ims_device_get_start(struct netlink_callback *cb);
int ims_device_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int ims_device_set_doit(struct sk_buff *skb, struct genl_info *info);

/* vector.c */
extern const struct nla_policy ims_vector_policy[IMS_A_VECTOR_INDEX + 1];
extern const struct nla_policy
	ims_vector_dump_policy[IMS_A_VECTOR_NONZERO + 1];
int ims_vector_fill(struct sk_buff *skb, struct ims_vdev *vdev, u32 index,
		    bool privileged);
int ims_vector_range(const struct ims_vdev *vdev, struct genl_info *info,
		     u32 *index, u32 *count);
int ims_vector_get_doit(struct sk_buff *skb, struct genl_info *info);
int ims_vector_get_start(struct netlink_callback *cb);
int ims_vector_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

/**
 * struct ims_choice - the vectors that a request names; zeroed to begin with
 * @start: first vector
 * @count: how many
 * @bools: those of them that are meant, by their numbers; NULL: all
 */
struct ims_choice {
	u32 start;
	u32 count;
	u8 *bools;
};

/* choice.c */
int ims_choice_parse(struct genl_info *info, const struct ims_vdev *vdev,
		     struct ims_choice *choice);
void ims_choice_end(struct ims_choice *choice);

/* vector_set.c */
extern const struct nla_policy
	ims_vector_set_policy[IMS_A_VECTOR_VALIDATE_ONLY + 1];
extern const struct nla_policy
	ims_stats_reset_policy[IMS_A_VECTOR_VALIDATE_ONLY + 1];
int ims_vector_set_doit(struct sk_buff *skb, struct genl_info *info);
int ims_stats_reset_doit(struct sk_buff *skb, struct genl_info *info);

/* restrain.c */
extern struct netlink_range_validation ims_rate_range;
extern const struct nla_policy
	ims_vector_restrain_policy[IMS_A_VECTOR_VALIDATE_ONLY + 1];
int ims_vector_restrain_doit(struct sk_buff *skb, struct genl_info *info);

/* trigger.c */
extern const struct nla_policy
	ims_trigger_policy[IMS_A_VECTOR_VALIDATE_ONLY + 1];
int ims_trigger_doit(struct sk_buff *skb, struct genl_info *info);

/* event.c */
extern struct notifier_block ims_store_events;
extern const struct ims_listener ims_netlink_listener;

#endif /* _VFIO_PCI_IMS_NETLINK_H */
