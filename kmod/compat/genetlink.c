// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink of Linux 6.12 for kernels before that: see genetlink.h. One of
 * its kind in a module: there is one family.
 */
#include <linux/atomic.h>
#include <linux/slab.h>

#include "genetlink.h"

#ifndef IMS_HAVE_NETLINK_TEXTS
#define IMS_TEXTS	64
#define IMS_TEXT_MAX	80 /* NETLINK_MAX_FMTMSG_LEN of later kernels */

/*
 * A text that is formatted, for an answer. It stays until so many others were
 * asked for: the answer is made as soon as the operation has returned, and that
 * many would have to fail on other CPUs meanwhile.
 */
const char *ims_netlink_text(const char *fmt, ...)
{
	static char texts[IMS_TEXTS][IMS_TEXT_MAX];
	static atomic_t next;
	unsigned int at = (unsigned int)atomic_inc_return(&next) % IMS_TEXTS;
	va_list args;

	va_start(args, fmt);
	vsnprintf(texts[at], sizeof(texts[at]), fmt, args);
	va_end(args);
	return texts[at];
}
#endif

#ifndef IMS_HAVE_GENL_SPLIT_OPS

#define IMS_OPS		16
#define IMS_ATTRS	63

static const struct genl_split_ops *ims_split_ops;
static unsigned int ims_nr_split_ops;

static const struct genl_split_ops *ims_split_op(u8 cmd, u8 flag)
{
	unsigned int i;

	for (i = 0; i < ims_nr_split_ops; i++)
		if (ims_split_ops[i].cmd == cmd && ims_split_ops[i].flags & flag)
			return &ims_split_ops[i];
	return NULL;
}

/* The attributes of a request by the policy of its operation; to be freed. */
static struct nlattr **ims_split_parse(const struct genl_split_ops *op,
				       const struct nlmsghdr *nlh,
				       struct netlink_ext_ack *extack)
{
	struct nlattr **attrs;
	int ret;

	attrs = kmalloc_array(op->maxattr + 1, sizeof(*attrs), GFP_KERNEL);
	if (!attrs)
		return ERR_PTR(-ENOMEM);
	ret = nlmsg_parse(nlh, GENL_HDRLEN, attrs, op->maxattr, op->policy,
			  extack);
	if (ret) {
		kfree(attrs);
		return ERR_PTR(ret);
	}
	return attrs;
}

static int ims_split_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **attrs, **none = info->attrs;
	const struct genl_split_ops *op;
	int ret;

	op = ims_split_op(info->genlhdr->cmd, GENL_CMD_CAP_DO);
	attrs = ims_split_parse(op, info->nlhdr, info->extack);
	if (IS_ERR(attrs))
		return PTR_ERR(attrs);
	info->attrs = attrs;
	ret = op->pre_doit ? op->pre_doit(op, skb, info) : 0;
	if (!ret)
		ret = op->doit(skb, info);
	info->attrs = none;
	kfree(attrs);
	return ret;
}

static const struct genl_split_ops *ims_split_dump(struct netlink_callback *cb)
{
	const struct genlmsghdr *hdr = nlmsg_data(cb->nlh);

	return ims_split_op(hdr->cmd, GENL_CMD_CAP_DUMP);
}

/* Whoever starts a dump has no extack yet: see the first part. */
static int ims_split_start(struct netlink_callback *cb)
{
	struct genl_dumpit_info *info = cb->data;

	kfree(info->attrs);
	info->attrs = NULL;
	return 0;
}

static int ims_split_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct genl_split_ops *op = ims_split_dump(cb);
	struct genl_dumpit_info *info = cb->data;
	struct nlattr **attrs;
	int ret;

	if (!info->attrs) {
		attrs = ims_split_parse(op, cb->nlh, cb->extack);
		if (IS_ERR(attrs))
			return PTR_ERR(attrs);
		/* The core frees them when the dump ends, as it would its own. */
		info->attrs = attrs;
		ret = op->start ? op->start(cb) : 0;
		if (ret)
			return ret;
	}
	return op->dumpit(skb, cb);
}

/**
 * ims_genl_register - genl_register_family() of a family with split operations
 * @family: all but its operations; the only one of the module
 * @ops: those
 * @nr: how many
 *
 * Here an operation has one policy for requests and dumps. Ours have two, so the
 * core gets one that anything fits, and attributes are looked at when it calls.
 *
 * Return: as genl_register_family(); -EINVAL for more operations or attributes
 * than there is room for
 */
int ims_genl_register(struct genl_family *family,
		      const struct genl_split_ops *ops, unsigned int nr)
{
	static const struct nla_policy any[IMS_ATTRS + 1] = {
		[1 ... IMS_ATTRS] = { .type = NLA_BINARY },
	};
	static struct genl_ops table[IMS_OPS];
	unsigned int i, n = 0;

	ims_split_ops = ops;
	ims_nr_split_ops = nr;
	for (i = 0; i < nr; i++) {
		if (!n || table[n - 1].cmd != ops[i].cmd) {
			if (n == IMS_OPS)
				return -EINVAL;
			table[n++] = (struct genl_ops) {
				.cmd = ops[i].cmd,
				.policy = any,
			};
		}
		if (ops[i].maxattr > IMS_ATTRS)
			return -EINVAL;
		table[n - 1].maxattr = max(table[n - 1].maxattr, ops[i].maxattr);
		if (ops[i].flags & GENL_CMD_CAP_DO) {
			table[n - 1].doit = ims_split_doit;
		} else {
			table[n - 1].start = ims_split_start;
			table[n - 1].dumpit = ims_split_dumpit;
		}
	}
	family->ops = table;
	family->n_ops = n;
	return genl_register_family(family);
}
#endif
