// SPDX-License-Identifier: GPL-2.0-only
/*
 * Vectors on the wire.
 */
#include <linux/jiffies.h>
#include <linux/timekeeping.h>
#include <net/genetlink.h>

#include "netlink.h"
#include "vector.h"

const struct nla_policy ims_vector_policy[IMS_A_VECTOR_INDEX + 1] = {
	[IMS_A_VECTOR_DEVICE_ID]	= { .type = NLA_U32 },
	[IMS_A_VECTOR_DEVICE_NAME]	= { .type = NLA_NUL_STRING,
					    .len = IMS_NAME_MAX },
	[IMS_A_VECTOR_INDEX]		= { .type = NLA_U32 },
};

const struct nla_policy ims_trigger_policy[IMS_A_VECTOR_COUNT + 1] = {
	[IMS_A_VECTOR_DEVICE_ID]	= { .type = NLA_U32 },
	[IMS_A_VECTOR_DEVICE_NAME]	= { .type = NLA_NUL_STRING,
					    .len = IMS_NAME_MAX },
	[IMS_A_VECTOR_INDEX]		= { .type = NLA_U32 },
	[IMS_A_VECTOR_COUNT]		= NLA_POLICY_MIN(NLA_U32, 1),
};

/*
 * CLOCK_MONOTONIC at a tick. The tick is driven by that clock, so the distance
 * between the two does not change, and neither does the answer for one tick.
 */
static u64 ims_jiffies_to_ns(unsigned long tick)
{
	static u64 offset;
	u64 guess;

	if (!READ_ONCE(offset)) {
		guess = ktime_get_ns() - jiffies64_to_nsecs(get_jiffies_64());
		cmpxchg64(&offset, 0, guess);
	}
	return jiffies64_to_nsecs(tick) + READ_ONCE(offset);
}

static int ims_vector_fill_slot(struct sk_buff *skb,
				const struct ims_vector *vector,
				bool privileged)
{
	const struct ims_line *line = ims_vector_line(vector);
	u64 next = ims_vector_cookie(vector);

	if (line &&
	    (nla_put_u32(skb, IMS_A_VECTOR_SLOT, line->irq.slot) ||
	     nla_put_u32(skb, IMS_A_VECTOR_GENERATION, line->irq.generation) ||
	     nla_put_u32(skb, IMS_A_VECTOR_IRQ, line->irq.virq)))
		return -EMSGSIZE;

	if (ims_vector_emulated(vector) || !privileged)
		return 0;

	if (nla_put_u64_64bit(skb, IMS_A_VECTOR_COOKIE,
			      line ? line->irq.cookie : next,
			      IMS_A_VECTOR_PAD))
		return -EMSGSIZE;
	if (line && line->irq.cookie != next &&
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_PENDING_COOKIE, next,
			      IMS_A_VECTOR_PAD))
		return -EMSGSIZE;
	if (vector->cookie_own && nla_put_flag(skb, IMS_A_VECTOR_COOKIE_OWN))
		return -EMSGSIZE;
	return 0;
}

static int ims_vector_fill_counts(struct sk_buff *skb,
				  const struct ims_vector *vector)
{
	const struct ims_line *line = ims_vector_line(vector);
	unsigned long last = READ_ONCE(vector->last);
	u64 delivered = vector->delivered;

	if (line) {
		delivered += READ_ONCE(line->delivered);
		if (time_after(READ_ONCE(line->last), last))
			last = READ_ONCE(line->last);
	}

	if (nla_put_u64_64bit(skb, IMS_A_VECTOR_DELIVERED, delivered,
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_LOOPBACK, vector->loopback,
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_SIGNALLED,
			      atomic64_read(&vector->signalled),
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_DROPPED,
			      READ_ONCE(vector->dropped), IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_PENDED,
			      READ_ONCE(vector->pended), IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_REPLACED, vector->replaced,
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_FAILED, vector->failed,
			      IMS_A_VECTOR_PAD))
		return -EMSGSIZE;
	if (last && nla_put_u64_64bit(skb, IMS_A_VECTOR_LAST,
				      ims_jiffies_to_ns(last),
				      IMS_A_VECTOR_PAD))
		return -EMSGSIZE;
	return 0;
}

/* With vdev->lock held: 0, -ENODEV when closed, or -EMSGSIZE. */
static int ims_vector_fill(struct sk_buff *skb, struct ims_vdev *vdev,
			   u32 index, bool privileged)
{
	const struct ims_vector *vector = ims_vector_get(vdev, index);
	enum ims_vector_state state = IMS_VECTOR_STATE_ABSENT;

	if (vdev->closed)
		return -ENODEV;
	if (vector)
		state = vector->binding ? IMS_VECTOR_STATE_LIVE :
					  IMS_VECTOR_STATE_IDLE;

	if (nla_put_u32(skb, IMS_A_VECTOR_DEVICE_ID, vdev->id) ||
	    nla_put_string(skb, IMS_A_VECTOR_DEVICE_NAME, vdev->name) ||
	    nla_put_u32(skb, IMS_A_VECTOR_INDEX, index) ||
	    nla_put_u32(skb, IMS_A_VECTOR_STATE, state))
		return -EMSGSIZE;
	if (!vector)
		return 0;

	if (nla_put_u32(skb, IMS_A_VECTOR_BACKING, vector->backing->id) ||
	    (READ_ONCE(vector->masked) &&
	     nla_put_flag(skb, IMS_A_VECTOR_MASKED)) ||
	    (READ_ONCE(vector->pending) &&
	     nla_put_flag(skb, IMS_A_VECTOR_PENDING)) ||
	    ims_vector_fill_slot(skb, vector, privileged) ||
	    ims_vector_fill_counts(skb, vector))
		return -EMSGSIZE;
	return 0;
}

/* The index that a request names, if the device has such vectors. */
static int ims_vector_check(const struct ims_vdev *vdev, struct genl_info *info,
			    u32 *index, u32 count)
{
	struct nlattr *attr = info->attrs[IMS_A_VECTOR_INDEX];

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "no vector given");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, IMS_A_VECTOR_INDEX);
		return -EINVAL;
	}
	*index = nla_get_u32(attr);
	if (ims_vdev_has(vdev, *index, count))
		return 0;

	GENL_SET_ERR_MSG_FMT(info, "vector %llu is beyond the %u declared",
			     max_t(u64, *index, (u64)*index + count - 1),
			     vdev->num_vectors);
	NL_SET_BAD_ATTR(info->extack, attr);
	return -ENOENT;
}

int ims_vector_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ims_vdev *vdev;
	u32 index;
	int ret;

	vdev = ims_netlink_vdev(info->attrs, IMS_A_VECTOR_DEVICE_ID,
				IMS_A_VECTOR_DEVICE_NAME, info->extack);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	ret = ims_vector_check(vdev, info, &index, 1);
	if (ret)
		goto out;

	mutex_lock(&vdev->lock);
	ret = ims_netlink_reply(skb, info, IMS_CMD_VECTOR_GET, ims_vector_fill,
				vdev, index);
	mutex_unlock(&vdev->lock);
out:
	ims_vdev_put(vdev);
	return ret;
}

int ims_vector_get_start(struct netlink_callback *cb)
{
	const struct genl_dumpit_info *info = genl_dumpit_info(cb);
	struct nlattr **attrs = info->info.attrs;
	struct ims_dump *dump = ims_dump_ctx(cb);
	struct ims_vdev *vdev;

	if (attrs[IMS_A_VECTOR_INDEX]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[IMS_A_VECTOR_INDEX],
				    "a dump is of all vectors; ask for one without NLM_F_DUMP");
		return -EINVAL;
	}

	dump->privileged = netlink_capable(cb->skb, CAP_SYS_ADMIN);
	if (!attrs[IMS_A_VECTOR_DEVICE_ID] && !attrs[IMS_A_VECTOR_DEVICE_NAME])
		return 0;

	vdev = ims_netlink_vdev(attrs, IMS_A_VECTOR_DEVICE_ID,
				IMS_A_VECTOR_DEVICE_NAME, cb->extack);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	dump->filter = true;
	dump->device = vdev->id;
	ims_vdev_put(vdev);
	return 0;
}

static int ims_vector_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			       struct ims_vdev *vdev, u32 index)
{
	struct ims_dump *dump = ims_dump_ctx(cb);
	void *hdr;
	int ret;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &ims_family, NLM_F_MULTI, IMS_CMD_VECTOR_GET);
	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);

	ret = ims_vector_fill(skb, vdev, index, dump->privileged);
	if (ret) {
		genlmsg_cancel(skb, hdr);
		return ret;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/*
 * The vectors of one device from dump->vector on: 0 when done, -EMSGSIZE when
 * there are more, -ENODEV when it was closed just now.
 */
static int ims_vector_dump_vdev(struct sk_buff *skb,
				struct netlink_callback *cb,
				struct ims_vdev *vdev)
{
	struct ims_dump *dump = ims_dump_ctx(cb);
	struct ims_vector *vector;
	int ret = 0;

	mutex_lock(&vdev->lock);
	if (dump->filter)
		cb->seq = vdev->generation;
	while ((vector = ims_vector_next(vdev, dump->vector))) {
		ret = ims_vector_dump_one(skb, cb, vdev, vector->index);
		if (ret)
			break;
		dump->vector = vector->index + 1;
	}
	mutex_unlock(&vdev->lock);
	return ret;
}

/* A dump of one device, which may be closed before it is through. */
static int ims_vector_dump_filtered(struct sk_buff *skb,
				    struct netlink_callback *cb)
{
	struct ims_dump *dump = ims_dump_ctx(cb);
	struct ims_vdev *vdev;
	int ret;

	if (dump->done)
		return 0;

	vdev = ims_vdev_get_id(dump->device);
	ret = -ENODEV;
	if (vdev) {
		ret = ims_vector_dump_vdev(skb, cb, vdev);
		ims_vdev_put(vdev);
	}
	if (ret == -ENODEV)
		NL_SET_ERR_MSG(cb->extack, "the device was closed meanwhile");
	if (ret)
		return skb->len ? skb->len : ret;
	dump->done = true;
	return skb->len;
}

int ims_vector_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ims_dump *dump = ims_dump_ctx(cb);
	struct ims_vdev *vdev;
	int ret;

	if (dump->filter)
		return ims_vector_dump_filtered(skb, cb);

	cb->seq = ims_vdevs_generation();
	while ((vdev = ims_vdev_get_next(dump->device))) {
		/* Another one than where the last part of the dump stopped? */
		if (vdev->id != dump->device) {
			dump->device = vdev->id;
			dump->vector = 0;
		}
		ret = ims_vector_dump_vdev(skb, cb, vdev);
		if (ret == -ENODEV)
			ret = 0;
		if (!ret) {
			dump->device = vdev->id + 1;
			dump->vector = 0;
		}
		ims_vdev_put(vdev);
		if (ret)
			return skb->len ? skb->len : ret;
	}
	return skb->len;
}

int ims_trigger_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *attr = info->attrs[IMS_A_VECTOR_COUNT];
	u32 count = attr ? nla_get_u32(attr) : 1;
	struct ims_vdev *vdev;
	u32 index, culprit;
	int ret;

	if (!netlink_capable(skb, CAP_SYS_ADMIN)) {
		NL_SET_ERR_MSG(info->extack, "triggering needs CAP_SYS_ADMIN");
		return -EPERM;
	}

	vdev = ims_netlink_vdev(info->attrs, IMS_A_VECTOR_DEVICE_ID,
				IMS_A_VECTOR_DEVICE_NAME, info->extack);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	ret = ims_vector_check(vdev, info, &index, count);
	if (ret)
		goto out;

	mutex_lock(&vdev->lock);
	ret = ims_vdev_usable(vdev);
	if (ret)
		NL_SET_ERR_MSG(info->extack, "the device is going away");
	else
		ret = ims_block_signal(vdev, index, count, NULL, &culprit);
	if (ret == -EINVAL) {
		GENL_SET_ERR_MSG_FMT(info, "vector %u has no trigger",
				     culprit);
		NL_SET_BAD_ATTR(info->extack, info->attrs[IMS_A_VECTOR_INDEX]);
	}
	mutex_unlock(&vdev->lock);
out:
	ims_vdev_put(vdev);
	return ret;
}
