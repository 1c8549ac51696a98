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
	[IMS_A_VECTOR_COUNT]		= NLA_POLICY_MIN(NLA_U32, 1),
	[IMS_A_VECTOR_LIST]		= { .type = NLA_U32 },
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
	[IMS_A_VECTOR_LIST]		= { .type = NLA_U32 },
	[IMS_A_VECTOR_VALIDATE_ONLY]	= { .type = NLA_FLAG },
};

static int ims_config_parse_cookie(struct genl_info *info,
				   struct ims_config *config)
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
	config->cookie_given = cookie || clear;
	config->cookie.own = cookie;
	config->cookie.cookie = cookie ? nla_get_u64(cookie) : 0;
	config->cookie.mode = mode && nla_get_u32(mode) == IMS_COOKIE_MODE_NOW ?
			      VFIO_PCI_IMS_COOKIE_NOW : VFIO_PCI_IMS_COOKIE_NEXT;
	return 0;
}

/* Within the CPUs that the caller may run on, which its cpuset has a say in. */
static int ims_config_check_cpus(struct genl_info *info, struct nlattr *attr,
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

/* @mask has room for CPUs. */
static int ims_config_parse_affinity(struct genl_info *info,
				     struct ims_config *config,
				     struct cpumask *mask)
{
	struct nlattr *attr = info->attrs[IMS_A_VECTOR_AFFINITY];

	config->affinity_given = attr;
	if (!attr || !*(const char *)nla_data(attr))
		return 0;

	config->mask = mask;
	if (cpulist_parse(nla_data(attr), mask) || cpumask_empty(mask)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "not a list of CPUs of this host, such as \"0-3,8\"");
		return -EINVAL;
	}
	return ims_config_check_cpus(info, attr, mask);
}

static int ims_config_parse(struct genl_info *info, struct ims_config *config,
			    struct cpumask *mask)
{
	int ret;

	ret = ims_config_parse_cookie(info, config);
	if (!ret)
		ret = ims_config_parse_affinity(info, config, mask);
	if (ret)
		return ret;

	if (!config->cookie_given && !config->affinity_given) {
		NL_SET_ERR_MSG(info->extack, "nothing to change");
		return -EINVAL;
	}
	/* Each of them may fail, and what the other did could not be undone. */
	if (config->affinity_given && config->cookie_given &&
	    config->cookie.mode == VFIO_PCI_IMS_COOKIE_NOW) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[IMS_A_VECTOR_COOKIE_MODE],
				    "a cookie that takes effect now and an affinity go in two requests");
		return -EINVAL;
	}
	return 0;
}

static void ims_config_cookie_text(struct genl_info *info, struct ims_vdev *vdev,
				   u32 index, int ret)
{
	const struct ims_vector *vector = ims_vector_get(vdev, index);

	if (ret == -EINVAL && vector && ims_vector_emulated(vector))
		GENL_SET_ERR_MSG_FMT(info, "vector %u is emulated and has no cookie",
				     index);
	else if (ret == -ENOSPC)
		GENL_SET_ERR_MSG_FMT(info, "vector %u needs another slot for its cookie now, and none is left",
				     index);
	else if (ret == -EOPNOTSUPP || ret == -ERANGE || ret == -ENODEV)
		/* It is so for all vectors. */
		ims_cookie_text(info->extack, ret);
	else if (ret != -ENOMEM)
		GENL_SET_ERR_MSG_FMT(info, "vector %u: the device's driver refuses this cookie",
				     index);
	NL_SET_BAD_ATTR(info->extack, info->attrs[IMS_A_VECTOR_COOKIE] ?:
				      info->attrs[IMS_A_VECTOR_COOKIE_CLEAR]);
}

static void ims_config_affinity_text(struct genl_info *info,
				     struct ims_vdev *vdev, u32 index, int ret)
{
	const struct ims_vector *vector = ims_vector_get(vdev, index);

	if (ret == -EINVAL && vector && ims_vector_emulated(vector))
		GENL_SET_ERR_MSG_FMT(info, "vector %u is emulated and has no affinity",
				     index);
	else if (ret == -EINVAL)
		NL_SET_ERR_MSG(info->extack, "none of these CPUs is online");
	else if (ret == -ENOSPC)
		GENL_SET_ERR_MSG_FMT(info, "vector %u: these CPUs have no interrupt vector left",
				     index);
	NL_SET_BAD_ATTR(info->extack, info->attrs[IMS_A_VECTOR_AFFINITY]);
}

/* @slots: as ims_cookie_check() has it */
static int ims_config_check_vector(struct genl_info *info, struct ims_vdev *vdev,
				   const struct ims_config *config, u32 index,
				   u32 *slots)
{
	struct vfio_pci_ims_cookie cookie = config->cookie;
	int ret = 0;

	cookie.vector = index;
	if (config->cookie_given) {
		ret = ims_cookie_check(vdev, &cookie, slots);
		/* Whose cookies they are matters more than which may be. */
		if (ret != -EINVAL && ims_cookie_may_change(vdev))
			ret = -EOPNOTSUPP;
	}
	if (ret) {
		ims_config_cookie_text(info, vdev, index, ret);
		return ret;
	}
	if (config->affinity_given)
		ret = ims_affinity_check(vdev, index, config->mask);
	if (ret)
		ims_config_affinity_text(info, vdev, index, ret);
	return ret;
}

/* With vdev->lock held. What can be told without changing anything */
static int ims_config_check(struct genl_info *info, struct ims_vdev *vdev,
			    const struct ims_config *config)
{
	u32 i, slots = 0;
	int ret = 0;

	for (i = config->start; !ret && i < config->start + config->count; i++)
		if (!config->bools || config->bools[i])
			ret = ims_config_check_vector(info, vdev, config, i,
						      &slots);
	return ret;
}

/* With vdev->lock held, and checked. It may fail all the same. */
static int ims_config_apply(struct genl_info *info, struct ims_vdev *vdev,
			    const struct ims_config *config)
{
	struct ims_config_failure failure;
	int ret;

	ret = ims_vectors_configure(vdev, config, &failure);
	if (ret && failure.affinity)
		ims_config_affinity_text(info, vdev, failure.vector, ret);
	else if (ret)
		ims_config_cookie_text(info, vdev, failure.vector, ret);
	return ret;
}

/* What a request wants of vectors of @vdev, with room for CPUs. */
static int ims_vector_set(struct genl_info *info, struct ims_vdev *vdev,
			  struct ims_config *config, struct cpumask *mask)
{
	int ret;

	ret = ims_config_parse(info, config, mask);
	if (!ret)
		ret = ims_netlink_lock(vdev, info->extack);
	if (ret)
		return ret;
	ret = ims_netlink_usable(vdev, info->extack);
	if (!ret)
		ret = ims_config_check(info, vdev, config);
	if (!ret && !info->attrs[IMS_A_VECTOR_VALIDATE_ONLY])
		ret = ims_config_apply(info, vdev, config);
	ims_vdev_unlock(vdev);
	return ret;
}

int ims_vector_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ims_config config = { .ask = true };
	struct ims_choice choice = { };
	struct ims_vdev *vdev;
	struct cpumask *mask;
	int ret = -ENOMEM;

	mask = kzalloc(cpumask_size(), GFP_KERNEL);
	if (!mask)
		return ret;
	vdev = ims_netlink_vdev(info->attrs, IMS_A_VECTOR_DEVICE_ID,
				IMS_A_VECTOR_DEVICE_NAME, info->extack);
	if (IS_ERR(vdev)) {
		kfree(mask);
		return PTR_ERR(vdev);
	}

	ret = ims_choice_parse(info, vdev, &choice);
	if (!ret) {
		config.start = choice.start;
		config.count = choice.count;
		config.bools = choice.bools;
		ret = ims_vector_set(info, vdev, &config, mask);
	}
	ims_choice_end(&choice);
	ims_vdev_put(vdev);
	kfree(mask);
	return ret;
}

/* With vdev->lock held. */
static void ims_choice_reset(struct ims_vdev *vdev,
			     const struct ims_choice *choice)
{
	u32 i;

	if (!choice->bools) {
		ims_stats_reset(vdev, choice->start, choice->count);
		return;
	}
	for (i = 0; i < choice->count; i++)
		if (choice->bools[i])
			ims_stats_reset(vdev, i, 1);
}

int ims_stats_reset_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ims_choice choice = { };
	struct ims_vdev *vdev;
	int ret = 0;

	vdev = ims_netlink_vdev(info->attrs, IMS_A_VECTOR_DEVICE_ID,
				IMS_A_VECTOR_DEVICE_NAME, info->extack);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	if (info->attrs[IMS_A_VECTOR_INDEX] || info->attrs[IMS_A_VECTOR_COUNT] ||
	    info->attrs[IMS_A_VECTOR_LIST])
		ret = ims_choice_parse(info, vdev, &choice);
	else
		choice.count = vdev->num_vectors;
	if (!ret)
		ret = ims_netlink_lock(vdev, info->extack);
	if (ret)
		goto out;

	if (vdev->closed) {
		NL_SET_ERR_MSG(info->extack, "the device was closed meanwhile");
		ret = -ENODEV;
	} else if (!info->attrs[IMS_A_VECTOR_VALIDATE_ONLY]) {
		ims_choice_reset(vdev, &choice);
	}
	ims_vdev_unlock(vdev);
out:
	ims_choice_end(&choice);
	ims_vdev_put(vdev);
	return ret;
}
