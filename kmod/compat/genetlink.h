/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink of Linux 6.12 for kernels before that.
 */
#ifndef _IMS_COMPAT_GENETLINK_H
#define _IMS_COMPAT_GENETLINK_H

#include <net/genetlink.h>

#ifndef IMS_HAVE_GENL_INFO_DUMP
#define genl_info_dump(cb)	genl_dumpit_info(cb)
#endif

/* 6.3 */
#ifndef GENL_SET_ERR_MSG_FMT
#define GENL_SET_ERR_MSG_FMT(info, ...)					\
	NL_SET_ERR_MSG_FMT((info)->extack, __VA_ARGS__)
#endif

#ifndef IMS_HAVE_GENL_SPLIT_OPS
/**
 * struct genl_split_ops - an operation, as later kernels have it
 * @pre_doit: ahead of @doit
 * @doit: carries out a request
 * @start: of a dump, or NULL
 * @dumpit: a part of a dump
 * @policy: of the attributes
 * @maxattr: largest of them
 * @cmd: its id
 * @flags: %GENL_CMD_CAP_DO or %GENL_CMD_CAP_DUMP
 */
struct genl_split_ops {
	int (*pre_doit)(const struct genl_split_ops *ops, struct sk_buff *skb,
			struct genl_info *info);
	int (*doit)(struct sk_buff *skb, struct genl_info *info);
	int (*start)(struct netlink_callback *cb);
	int (*dumpit)(struct sk_buff *skb, struct netlink_callback *cb);
	const struct nla_policy *policy;
	unsigned int maxattr;
	u8 cmd;
	u8 flags;
};

int ims_compat_genl_register(struct genl_family *family,
			     const struct genl_split_ops *ops, unsigned int nr);

/* Texts that are formatted came with split operations; here they go with our own. */
void ims_compat_netlink_text(struct netlink_ext_ack *extack, const char *fmt, ...)
	__printf(2, 3);

#undef NL_SET_ERR_MSG_FMT
#define NL_SET_ERR_MSG_FMT(extack, ...)	ims_compat_netlink_text(extack, __VA_ARGS__)
#else
static inline int ims_compat_genl_register(struct genl_family *family,
					   const struct genl_split_ops *ops,
					   unsigned int nr)
{
	family->split_ops = ops;
	family->n_split_ops = nr;
	return genl_register_family(family);
}
#endif

#endif /* _IMS_COMPAT_GENETLINK_H */
