// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of vectors by the wire: cookie, affinity, counts.
 */
#include <linux/cpumask.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "netlink.h"
#include "../engine.h"

const struct nla_policy
ims_vector_set_policy[IMS_A_VECTOR_VALIDATE_ONLY + 1] = {
	[IMS_A_VECTOR_DEVICE_ID]	= { .type = NLA_U32 },
	[IMS_A_VECTOR_DEVICE_NAME]	= { .type = NLA_NUL_STRING,
					    .len = IMS_NAME_MAX },
	[IMS_A_VECTOR_INDEX]		= { .type = NLA_U32 },
	[IMS_A_VECTOR_AFFINITY]		= { .type = NLA_NUL_STRING,
					    .len = IMS_CPULIST_MAX },
	[IMS_A_VECTOR_COOKIE]		= { .type = NLA_U64 },
	[IMS_A_VECTOR_COOKIE_CLEAR]	= { .type = NLA_FLAG },
	[IMS_A_VECTOR_COOKIE_MODE]	= NLA_POLICY_MAX(NLA_U32,
							 IMS_COOKIE_MODE_NOW),
	[IMS_A_VECTOR_VALIDATE_ONLY]	= { .type = NLA_FLAG },
};

const struct nla_policy
ims_stats_reset_policy[IMS_A_VECTOR_VALIDATE_ONLY + 1] = {
	[IMS_A_VECTOR_DEVICE_ID]	= { .type = NLA_U32 },
	[IMS_A_VECTOR_DEVICE_NAME]	= { .type = NLA_NUL_STRING,
					    .len = IMS_NAME_MAX },
	[IMS_A_VECTOR_INDEX]		= { .type = NLA_U32 },
	[IMS_A_VECTOR_COUNT]		= NLA_POLICY_MIN(NLA_U32, 1),
	[IMS_A_VECTOR_VALIDATE_ONLY]	= { .type = NLA_FLAG },
};

/**
 * struct ims_vector_change - what a request wants of a vector
 * @index: the vector
 * @cookie_given: its cookie is to change
 * @cookie: to what
 * @affinity_given: its affinity is to change
 * @mask: to these CPUs; NULL: the default
 */
struct ims_vector_change {
	u32 index;
	bool cookie_given;
	struct vfio_pci_ims_cookie cookie;
	bool affinity_given;
	struct cpumask *mask;
};

static int ims_change_parse_cookie(struct genl_info *info,
				   struct ims_vector_change *change)
{
	struct nlattr *cookie = info->attrs[IMS_A_VECTOR_COOKIE];
	struct nlattr *clear = info->attrs[IMS_A_VECTOR_COOKIE_CLEAR];
	struct nlattr *mode = info->attrs[IMS_A_VECTOR_COOKIE_MODE];

	if (cookie && clear) {
		NL_SET_ERR_MSG_ATTR(info->extack, clear,
				    "set the cookie or clear it, not both");
		return -EINVAL;
	}
	if (mode && !cookie && !clear) {
		NL_SET_ERR_MSG_ATTR(info->extack, mode,
				    "a cookie's mode goes with a cookie to be set or cleared");
		return -EINVAL;
	}
	change->cookie_given = cookie || clear;
	change->cookie = (struct vfio_pci_ims_cookie) {
		.vector = change->index,
		.own = cookie,
		.cookie = cookie ? nla_get_u64(cookie) : 0,
		.mode = mode && nla_get_u32(mode) == IMS_COOKIE_MODE_NOW ?
			VFIO_PCI_IMS_COOKIE_NOW : VFIO_PCI_IMS_COOKIE_NEXT,
	};
	return 0;
}

/* Within the CPUs that the caller may run on, which its cpuset has a say in. */
static int ims_change_check_cpus(struct genl_info *info, struct nlattr *attr,
				 const struct cpumask *mask)
{
	unsigned int cpu;

	for_each_cpu(cpu, mask) {
		if (cpumask_test_cpu(cpu, current->cpus_ptr))
			continue;
		GENL_SET_ERR_MSG_FMT(info, "CPU %u is not one that the caller may run on",
				     cpu);
		NL_SET_BAD_ATTR(info->extack, attr);
		return -EPERM;
	}
	/* Written in full it must fit into a reply. */
	if (snprintf(NULL, 0, "%*pbl", cpumask_pr_args(mask)) > IMS_CPULIST_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "the list of CPUs is too long when written in full");
		return -EINVAL;
	}
	return 0;
}

static int ims_change_parse_affinity(struct genl_info *info,
				     struct ims_vector_change *change)
{
	struct nlattr *attr = info->attrs[IMS_A_VECTOR_AFFINITY];

	change->affinity_given = attr;
	if (!attr || !*(const char *)nla_data(attr))
		return 0;

	change->mask = kzalloc(cpumask_size(), GFP_KERNEL);
	if (!change->mask)
		return -ENOMEM;
	if (cpulist_parse(nla_data(attr), change->mask) ||
	    cpumask_empty(change->mask)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "not a list of CPUs of this host, such as \"0-3,8\"");
		return -EINVAL;
	}
	return ims_change_check_cpus(info, attr, change->mask);
}

static int ims_change_parse(struct genl_info *info,
			    struct ims_vector_change *change)
{
	int ret;

	ret = ims_change_parse_cookie(info, change);
	if (!ret)
		ret = ims_change_parse_affinity(info, change);
	if (ret)
		return ret;

	if (!change->cookie_given && !change->affinity_given) {
		NL_SET_ERR_MSG(info->extack, "nothing to change");
		return -EINVAL;
	}
	/* Each of them may fail, and what the other did could not be undone. */
	if (change->affinity_given && change->cookie_given &&
	    change->cookie.mode == VFIO_PCI_IMS_COOKIE_NOW) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[IMS_A_VECTOR_COOKIE_MODE],
				    "a cookie that takes effect now and an affinity go in two requests");
		return -EINVAL;
	}
	return 0;
}

static void ims_change_cookie_text(struct genl_info *info,
				   struct ims_vdev *vdev, u32 index, int ret)
{
	const struct ims_vector *vector = ims_vector_get(vdev, index);

	if (ret == -EINVAL && vector && ims_vector_emulated(vector))
		GENL_SET_ERR_MSG_FMT(info, "vector %u is emulated and has no cookie",
				     index);
	else if (ret == -ENOSPC)
		GENL_SET_ERR_MSG_FMT(info, "vector %u needs another slot for its cookie now, and none is left",
				     index);
	else
		ims_cookie_text(info->extack, ret);
	NL_SET_BAD_ATTR(info->extack, info->attrs[IMS_A_VECTOR_COOKIE] ?:
				      info->attrs[IMS_A_VECTOR_COOKIE_CLEAR]);
}

static void ims_change_affinity_text(struct genl_info *info,
				     struct ims_vdev *vdev, u32 index, int ret)
{
	const struct ims_vector *vector = ims_vector_get(vdev, index);

	if (ret == -EINVAL && vector && ims_vector_emulated(vector))
		GENL_SET_ERR_MSG_FMT(info, "vector %u is emulated and has no affinity",
				     index);
	else if (ret == -EINVAL)
		NL_SET_ERR_MSG(info->extack, "none of these CPUs is online");
	else if (ret == -ENOSPC)
		NL_SET_ERR_MSG(info->extack, "these CPUs have no interrupt vector left");
	NL_SET_BAD_ATTR(info->extack, info->attrs[IMS_A_VECTOR_AFFINITY]);
}

/* The affinity of a vector, to be freed, or NULL; ERR_PTR(-ENOMEM). */
static struct cpumask *ims_change_save_affinity(struct ims_vdev *vdev, u32 index)
{
	const struct ims_vector *vector = ims_vector_get(vdev, index);
	const struct cpumask *affinity;
	struct cpumask *mask;

	affinity = vector ? ims_vector_affinity(vector) : NULL;
	if (!affinity)
		return NULL;
	mask = kmemdup(affinity, cpumask_size(), GFP_KERNEL);
	return mask ?: ERR_PTR(-ENOMEM);
}

/* With vdev->lock held. What can be told without changing anything */
static int ims_change_check(struct genl_info *info, struct ims_vdev *vdev,
			    const struct ims_vector_change *change)
{
	int ret = 0;

	if (change->cookie_given) {
		ret = ims_cookie_check(vdev, &change->cookie);
		/* Whose cookies they are matters more than which may be. */
		if (ret != -EINVAL && ims_cookie_may_change(vdev))
			ret = -EOPNOTSUPP;
	}
	if (ret) {
		ims_change_cookie_text(info, vdev, change->index, ret);
		return ret;
	}
	if (change->affinity_given)
		ret = ims_affinity_check(vdev, change->index, change->mask);
	if (ret)
		ims_change_affinity_text(info, vdev, change->index, ret);
	return ret;
}

/*
 * With vdev->lock held, and checked. Both may fail all the same. The cookie comes
 * last, for the driver relies on what it has agreed to; then the old affinity
 * comes back, where the interrupt has just been.
 */
static int ims_change_apply(struct genl_info *info, struct ims_vdev *vdev,
			    const struct ims_vector_change *change)
{
	struct cpumask *old = NULL;
	int ret = 0;

	if (change->affinity_given) {
		old = ims_change_save_affinity(vdev, change->index);
		if (IS_ERR(old))
			return PTR_ERR(old);
		ret = ims_affinity_set(vdev, change->index, change->mask);
		if (ret)
			ims_change_affinity_text(info, vdev, change->index, ret);
	}
	if (!ret && change->cookie_given) {
		ret = ims_cookie_set(vdev, &change->cookie, true);
		if (ret)
			ims_change_cookie_text(info, vdev, change->index, ret);
		if (ret && change->affinity_given)
			ims_affinity_set(vdev, change->index, old);
	}
	kfree(old);
	return ret;
}

int ims_vector_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ims_vector_change change = { };
	struct ims_vdev *vdev;
	u32 count = 1;
	int ret;

	vdev = ims_netlink_vdev(info->attrs, IMS_A_VECTOR_DEVICE_ID,
				IMS_A_VECTOR_DEVICE_NAME, info->extack);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	ret = ims_vector_range(vdev, info, &change.index, &count);
	if (!ret)
		ret = ims_change_parse(info, &change);
	if (ret)
		goto out;

	ret = ims_netlink_lock(vdev, info->extack);
	if (ret)
		goto out;
	ret = ims_netlink_usable(vdev, info->extack);
	if (!ret)
		ret = ims_change_check(info, vdev, &change);
	if (!ret && !info->attrs[IMS_A_VECTOR_VALIDATE_ONLY])
		ret = ims_change_apply(info, vdev, &change);
	ims_vdev_unlock(vdev);
out:
	kfree(change.mask);
	ims_vdev_put(vdev);
	return ret;
}

int ims_stats_reset_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *attr = info->attrs[IMS_A_VECTOR_COUNT];
	u32 index = 0, count = attr ? nla_get_u32(attr) : 1;
	struct ims_vdev *vdev;
	int ret = 0;

	vdev = ims_netlink_vdev(info->attrs, IMS_A_VECTOR_DEVICE_ID,
				IMS_A_VECTOR_DEVICE_NAME, info->extack);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	if (attr || info->attrs[IMS_A_VECTOR_INDEX])
		ret = ims_vector_range(vdev, info, &index, &count);
	else
		count = vdev->num_vectors;
	if (!ret)
		ret = ims_netlink_lock(vdev, info->extack);
	if (ret)
		goto out;

	if (vdev->closed) {
		NL_SET_ERR_MSG(info->extack, "the device was closed meanwhile");
		ret = -ENODEV;
	} else if (!info->attrs[IMS_A_VECTOR_VALIDATE_ONLY]) {
		ims_stats_reset(vdev, index, count);
	}
	ims_vdev_unlock(vdev);
out:
	ims_vdev_put(vdev);
	return ret;
}
