// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink of Linux 6.12 for kernels before 6.2: see genetlink.h. Compiled for
 * those only; one of its kind in a module: there is one family.
 */
#include <linux/slab.h>

#include "genetlink.h"

/*
 * An answer's extack, as operations see it here, and the text that is formatted for
 * it. The core has no room for one: it sends what the extack points to after the
 * operation has returned.
 */
struct ims_split_extack {
	struct netlink_ext_ack ack;
	char text[80]; /* NETLINK_MAX_FMTMSG_LEN of later kernels */
};

/* @extack is one of an operation that is under way. */
void ims_compat_netlink_text(struct netlink_ext_ack *extack, const char *fmt, ...)
{
	struct ims_split_extack *split;
	va_list args;

	split = container_of(extack, struct ims_split_extack, ack);
	va_start(args, fmt);
	vsnprintf(split->text, sizeof(split->text), fmt, args);
	va_end(args);
	extack->_msg = split->text;
}

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

/*
 * The attributes of a request by the policy of its operation, with room for a struct
 * ims_split_extack behind them; to be freed.
 */
static struct nlattr **ims_split_parse(const struct genl_split_ops *op,
				       const struct nlmsghdr *nlh,
				       struct netlink_ext_ack *extack)
{
	struct nlattr **attrs;
	int ret;

	attrs = kmalloc(array_size(op->maxattr + 1, sizeof(*attrs)) +
			sizeof(struct ims_split_extack), GFP_KERNEL);
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

static struct ims_split_extack *ims_split_behind(const struct genl_split_ops *op,
						 struct nlattr **attrs)
{
	struct ims_split_extack *split = (void *)(attrs + op->maxattr + 1);

	memset(split, 0, sizeof(*split));
	return split;
}

/*
 * Answers itself where there is a text, for that is freed when this returns: -EINTR
 * is netlink_rcv_skb()'s word for a request that needs no answer any more.
 */
static int ims_split_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **attrs, **none = info->attrs;
	struct netlink_ext_ack *extack = info->extack;
	const struct genl_split_ops *op;
	struct ims_split_extack *split;
	int ret;

	op = ims_split_op(info->genlhdr->cmd, GENL_CMD_CAP_DO);
	attrs = ims_split_parse(op, info->nlhdr, extack);
	if (IS_ERR(attrs))
		return PTR_ERR(attrs);
	split = ims_split_behind(op, attrs);
	info->attrs = attrs;
	info->extack = &split->ack;
	ret = op->pre_doit ? op->pre_doit(op, skb, info) : 0;
	if (!ret)
		ret = op->doit(skb, info);
	info->attrs = none;
	info->extack = extack;
	if (ret && split->ack._msg == split->text) {
		netlink_ack(skb, info->nlhdr, ret, &split->ack);
		ret = -EINTR;
	} else {
		*extack = split->ack;
	}
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
	struct netlink_ext_ack *extack = cb->extack;
	struct genl_dumpit_info *info = cb->data;
	struct ims_split_extack *split;
	struct nlattr **attrs;
	bool first = false;
	int ret = 0;

	if (!info->attrs) {
		attrs = ims_split_parse(op, cb->nlh, extack);
		if (IS_ERR(attrs))
			return PTR_ERR(attrs);
		/*
		 * The core frees them, and the text, when the dump has ended, as it
		 * would its own.
		 */
		info->attrs = attrs;
		first = true;
	}
	split = ims_split_behind(op, info->attrs);
	cb->extack = &split->ack;
	if (first && op->start)
		ret = op->start(cb);
	if (!ret)
		ret = op->dumpit(skb, cb);
	cb->extack = extack;
	*extack = split->ack;
	return ret;
}

/**
 * ims_compat_genl_register - genl_register_family() of a family with split operations
 * @family: all but its operations; the only one of the module
 * @ops: those
 * @nr: how many
 *
 * Here an operation has one policy for requests and dumps. Ours have two, so the
 * core gets one that anything fits, and attributes are parsed when it calls.
 *
 * Return: as genl_register_family(); -EINVAL for more operations or attributes
 * than there is room for
 */
int ims_compat_genl_register(struct genl_family *family,
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
