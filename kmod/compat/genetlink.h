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

/* 6.2: texts that are formatted */
#ifdef NL_SET_ERR_MSG_FMT
#define IMS_HAVE_NETLINK_TEXTS
#else
const char *ims_netlink_text(const char *fmt, ...) __printf(1, 2);

#define NL_SET_ERR_MSG_FMT(extack, ...) do {				\
	struct netlink_ext_ack *__extack = (extack);			\
									\
	if (__extack)							\
		__extack->_msg = ims_netlink_text(__VA_ARGS__);		\
} while (0)
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

int ims_genl_register(struct genl_family *family,
		      const struct genl_split_ops *ops, unsigned int nr);
#else
static inline int ims_genl_register(struct genl_family *family,
				    const struct genl_split_ops *ops,
				    unsigned int nr)
{
	family->split_ops = ops;
	family->n_split_ops = nr;
	return genl_register_family(family);
}
#endif

#endif /* _IMS_COMPAT_GENETLINK_H */
