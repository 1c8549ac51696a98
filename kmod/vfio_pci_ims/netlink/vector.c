// SPDX-License-Identifier: GPL-2.0-only
/*
 * Vectors on the wire.
 */
#include <linux/cpumask.h>
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>

#include "netlink.h"
#include "../engine.h"

#define IMS_VECTOR_DEVICE						\
	[IMS_A_VECTOR_DEVICE_ID]	= { .type = NLA_U32 },		\
	[IMS_A_VECTOR_DEVICE_NAME]	= { .type = NLA_NUL_STRING,	\
					    .len = IMS_NAME_MAX }

const struct nla_policy ims_vector_policy[IMS_A_VECTOR_INDEX + 1] = {
	IMS_VECTOR_DEVICE,
	[IMS_A_VECTOR_INDEX]		= { .type = NLA_U32 },
};

const struct nla_policy ims_vector_dump_policy[IMS_A_VECTOR_NONZERO + 1] = {
	IMS_VECTOR_DEVICE,
	[IMS_A_VECTOR_STATE]	= NLA_POLICY_MAX(NLA_U32,
						 IMS_VECTOR_STATE_LIVE),
	[IMS_A_VECTOR_BACKING]	= NLA_POLICY_MAX(NLA_U32,
						 IMS_VECTOR_BACKING_EMULATED),
	[IMS_A_VECTOR_NONZERO]	= { .type = NLA_FLAG },
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

/*
 * Where a line's interrupt goes. The mask may change under us, which the interrupt
 * core writes under its descriptor's lock: for show any of the CPUs will do, or none.
 */
static int ims_vector_fill_cpu(struct sk_buff *skb, const struct ims_line *line)
{
	const struct cpumask *mask;
	unsigned int cpu;

	mask = irq_data_get_effective_affinity_mask(line->irq.data);
	cpu = data_race(cpumask_first(mask));
	return cpu < nr_cpu_ids ? nla_put_u32(skb, IMS_A_VECTOR_CPU, cpu) : 0;
}

static int ims_vector_fill_affinity(struct sk_buff *skb,
				    const struct cpumask *affinity)
{
	char list[IMS_CPULIST_MAX + 1];

	if (!affinity)
		return 0;
	/* A driver's choice of too many single CPUs: it is not cut off. */
	if (snprintf(list, sizeof(list), "%*pbl", cpumask_pr_args(affinity)) >=
	    sizeof(list))
		return 0;
	return nla_put_string(skb, IMS_A_VECTOR_AFFINITY, list);
}

static int ims_vector_fill_cookie(struct sk_buff *skb,
				  const struct ims_vector_snapshot *now)
{
	if (nla_put_u64_64bit(skb, IMS_A_VECTOR_COOKIE, now->cookie,
			      IMS_A_VECTOR_PAD))
		return -EMSGSIZE;
	if (now->cookie != now->next_cookie &&
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_PENDING_COOKIE,
			      now->next_cookie, IMS_A_VECTOR_PAD))
		return -EMSGSIZE;
	if (now->cookie_own && nla_put_flag(skb, IMS_A_VECTOR_COOKIE_OWN))
		return -EMSGSIZE;
	return 0;
}

static int ims_vector_fill_slot(struct sk_buff *skb,
				const struct ims_vector_snapshot *now,
				bool privileged)
{
	const struct ims_line *line = now->line;

	if (line &&
	    (nla_put_u32(skb, IMS_A_VECTOR_SLOT, line->irq.slot) ||
	     nla_put_u32(skb, IMS_A_VECTOR_GENERATION, line->irq.generation) ||
	     nla_put_u32(skb, IMS_A_VECTOR_HANDLE, line->irq.handle) ||
	     nla_put_u32(skb, IMS_A_VECTOR_IRQ, line->irq.virq) ||
	     ims_vector_fill_cpu(skb, line)))
		return -EMSGSIZE;

	if (ims_vector_fill_affinity(skb, now->affinity) ||
	    (now->affinity_own &&
	     nla_put_flag(skb, IMS_A_VECTOR_AFFINITY_OWN)) ||
	    (line && ims_irq_affinity_broken(&line->irq, now->affinity) &&
	     nla_put_flag(skb, IMS_A_VECTOR_AFFINITY_BROKEN)))
		return -EMSGSIZE;
	return privileged && now->backing != IMS_VECTOR_BACKING_EMULATED ?
	       ims_vector_fill_cookie(skb, now) : 0;
}

static int ims_vector_fill_counts(struct sk_buff *skb,
				  const struct ims_vector_snapshot *now)
{
	const struct ims_counts *counts = &now->counts;

	if (nla_put_u64_64bit(skb, IMS_A_VECTOR_THROTTLES, counts->throttles,
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_DELIVERED, counts->delivered,
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_LOOPBACK, counts->loopback,
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_SIGNALLED, counts->signalled,
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_DROPPED, counts->dropped,
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_PENDED, counts->pended,
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_REPLACED, counts->replaced,
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_REVOCATIONS, counts->revocations,
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_FAILED, counts->failed,
			      IMS_A_VECTOR_PAD) ||
	    nla_put_u64_64bit(skb, IMS_A_VECTOR_SINCE, now->since,
			      IMS_A_VECTOR_PAD))
		return -EMSGSIZE;
	if (now->last && nla_put_u64_64bit(skb, IMS_A_VECTOR_LAST,
					   ims_jiffies_to_ns(now->last),
					   IMS_A_VECTOR_PAD))
		return -EMSGSIZE;
	return 0;
}

static int ims_vector_fill_restraint(struct sk_buff *skb,
				     const struct ims_vector_snapshot *now)
{
	if ((now->quiet && nla_put_flag(skb, IMS_A_VECTOR_QUIET)) ||
	    (now->rate &&
	     nla_put_u32(skb, IMS_A_VECTOR_RATE_LIMIT, now->rate)) ||
	    (now->rate_own && nla_put_flag(skb, IMS_A_VECTOR_RATE_LIMIT_OWN)) ||
	    (now->throttled && nla_put_flag(skb, IMS_A_VECTOR_THROTTLED)))
		return -EMSGSIZE;
	return 0;
}

/* As long as what @now points to is valid: 0 or -EMSGSIZE. */
static int ims_vector_fill_snapshot(struct sk_buff *skb,
				    const struct ims_vdev *vdev, u32 index,
				    const struct ims_vector_snapshot *now,
				    bool privileged)
{
	if (nla_put_u32(skb, IMS_A_VECTOR_DEVICE_ID, vdev->id) ||
	    nla_put_string(skb, IMS_A_VECTOR_DEVICE_NAME, vdev->name) ||
	    nla_put_u32(skb, IMS_A_VECTOR_INDEX, index) ||
	    nla_put_u32(skb, IMS_A_VECTOR_STATE, now->state))
		return -EMSGSIZE;
	if (!now->vector)
		return 0;

	if (nla_put_u32(skb, IMS_A_VECTOR_BACKING, now->backing) ||
	    (now->masked &&
	     (nla_put_flag(skb, IMS_A_VECTOR_MASKED) ||
	      nla_put_u64_64bit(skb, IMS_A_VECTOR_MASKED_SINCE,
				ims_jiffies_to_ns(now->masked_at),
				IMS_A_VECTOR_PAD))) ||
	    (now->pending && nla_put_flag(skb, IMS_A_VECTOR_PENDING)) ||
	    (now->prepared && nla_put_flag(skb, IMS_A_VECTOR_PREPARED)) ||
	    (now->revoked && nla_put_flag(skb, IMS_A_VECTOR_REVOKED)) ||
	    (now->bypassed && nla_put_flag(skb, IMS_A_VECTOR_BYPASSED)) ||
	    ims_vector_fill_restraint(skb, now) ||
	    ims_vector_fill_slot(skb, now, privileged) ||
	    ims_vector_fill_counts(skb, now))
		return -EMSGSIZE;
	return 0;
}

/*
 * Takes no vdev->lock, but may be called with it: 0, -ENODEV when closed, or
 * -EMSGSIZE.
 */
int ims_vector_fill(struct sk_buff *skb, struct ims_vdev *vdev, u32 index,
		    bool privileged)
{
	struct ims_vector_snapshot now;
	int ret;

	rcu_read_lock();
	ret = ims_vector_snapshot(vdev, index, &now);
	if (!ret)
		ret = ims_vector_fill_snapshot(skb, vdev, index, &now,
					       privileged);
	rcu_read_unlock();
	return ret;
}

/* The range that a request names, if the device has such vectors. */
int ims_vector_range(const struct ims_vdev *vdev, struct genl_info *info,
		     u32 *index, u32 *count)
{
	struct nlattr *attr = info->attrs[IMS_A_VECTOR_INDEX];

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "no vector given");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, IMS_A_VECTOR_INDEX);
		return -EINVAL;
	}
	*index = nla_get_u32(attr);
	if (ims_vdev_has(vdev, *index, *count))
		return 0;

	GENL_SET_ERR_MSG_FMT(info, "vector %llu is beyond the %u declared",
			     max_t(u64, *index, (u64)*index + *count - 1),
			     vdev->num_vectors);
	NL_SET_BAD_ATTR(info->extack, attr);
	return -ENOENT;
}

int ims_vector_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	bool privileged = netlink_capable(skb, CAP_SYS_ADMIN);
	struct sk_buff *reply;
	struct ims_vdev *vdev;
	u32 index, count = 1;
	void *hdr;
	int ret;

	vdev = ims_netlink_vdev(info->attrs, IMS_A_VECTOR_DEVICE_ID,
				IMS_A_VECTOR_DEVICE_NAME, info->extack);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	ret = ims_vector_range(vdev, info, &index, &count);
	if (ret)
		goto out;
	reply = ims_reply_begin(info, IMS_CMD_VECTOR_GET, &hdr);
	if (IS_ERR(reply)) {
		ret = PTR_ERR(reply);
		goto out;
	}

	ret = ims_vector_fill(reply, vdev, index, privileged);
	ret = ims_reply_end(reply, hdr, info, ret);
out:
	ims_vdev_put(vdev);
	return ret;
}

int ims_vector_get_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct ims_dump *dump = ims_dump_ctx(cb);
	struct nlattr *backing = attrs[IMS_A_VECTOR_BACKING];
	struct nlattr *state = attrs[IMS_A_VECTOR_STATE];
	struct ims_vdev *vdev;

	dump->privileged = netlink_capable(cb->skb, CAP_SYS_ADMIN);
	dump->state = state ? nla_get_u32(state) : IMS_DUMP_ANY;
	dump->backing = backing ? nla_get_u32(backing) : IMS_DUMP_ANY;
	dump->nonzero = attrs[IMS_A_VECTOR_NONZERO];
	if (!attrs[IMS_A_VECTOR_DEVICE_ID] && !attrs[IMS_A_VECTOR_DEVICE_NAME])
		return 0;

	vdev = ims_netlink_vdev(attrs, IMS_A_VECTOR_DEVICE_ID,
				IMS_A_VECTOR_DEVICE_NAME, cb->extack);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	dump->one = true;
	dump->id = vdev->id;
	ims_vdev_put(vdev);
	return 0;
}

static bool ims_vector_wanted(const struct ims_dump *dump,
			      const struct ims_vector_snapshot *now)
{
	const struct ims_counts *counts = &now->counts;

	if (dump->state == IMS_DUMP_ANY ?
	    now->state == IMS_VECTOR_STATE_ABSENT : dump->state != now->state)
		return false;
	if (dump->backing != IMS_DUMP_ANY &&
	    (!now->vector || dump->backing != now->backing))
		return false;
	/* An absent one has counted nothing. */
	return !dump->nonzero || counts->delivered || counts->loopback ||
	       counts->signalled || counts->dropped || counts->pended;
}

/*
 * One vector into a dump: 0, also when it is not wanted, -ENODEV when the device
 * is closed, or -EMSGSIZE.
 */
static int ims_vector_dump_vector(struct sk_buff *skb,
				  struct netlink_callback *cb,
				  struct ims_vdev *vdev)
{
	struct ims_dump *dump = ims_dump_ctx(cb);
	struct ims_vector_snapshot now;
	void *hdr;
	int ret;

	rcu_read_lock();
	ret = ims_vector_snapshot(vdev, dump->vector, &now);
	if (ret || !ims_vector_wanted(dump, &now))
		goto out;
	hdr = ims_dump_begin(skb, cb, IMS_CMD_VECTOR_GET);
	ret = -EMSGSIZE;
	if (hdr)
		ret = ims_dump_end(skb, hdr,
				   ims_vector_fill_snapshot(skb, vdev,
							    dump->vector, &now,
							    dump->privileged));
out:
	rcu_read_unlock();
	return ret;
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
	int ret = 0;

	if (dump->one)
		cb->seq = ims_vdev_generation(vdev);
	for (; dump->vector < vdev->num_vectors; dump->vector++) {
		ret = ims_vector_dump_vector(skb, cb, vdev);
		/* Not counted on: it comes first in the next part. */
		if (ret)
			break;
		cond_resched();
	}
	/* For what comes next, and if that is the end of the dump for that. */
	if (dump->one)
		cb->seq = ims_vdev_generation(vdev);
	return ret;
}

/* A dump of one device, which may be closed before it is through. */
static int ims_vector_dump_one(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ims_dump *dump = ims_dump_ctx(cb);
	struct ims_vdev *vdev;
	int ret;

	if (dump->done)
		return 0;

	vdev = ims_vdev_get_id(dump->id);
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

	if (dump->one)
		return ims_vector_dump_one(skb, cb);

	cb->seq = ims_vdevs_generation();
	while ((vdev = ims_vdev_get_next(dump->id))) {
		/* Another one than where the last part of the dump stopped? */
		if (vdev->id != dump->id) {
			dump->id = vdev->id;
			dump->vector = 0;
		}
		ret = ims_vector_dump_vdev(skb, cb, vdev);
		if (ret == -ENODEV)
			ret = 0;
		if (!ret) {
			dump->id = vdev->id + 1;
			dump->vector = 0;
		}
		ims_vdev_put(vdev);
		if (ret)
			return skb->len ? skb->len : ret;
	}
	return skb->len;
}
