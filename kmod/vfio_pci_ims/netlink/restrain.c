// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holding vectors and limiting their rate by the wire.
 */
#include "netlink.h"
#include "../engine.h"

/*
 * NLA_POLICY_MAX() has 15 bits. Not const, because policies of Linux 6.1 take no
 * pointer to what is.
 */
struct netlink_range_validation ims_rate_range = {
	.max = IMS_RATE_LIMIT_MAX,
};

const struct nla_policy
ims_vector_restrain_policy[IMS_A_VECTOR_VALIDATE_ONLY + 1] = {
	[IMS_A_VECTOR_DEVICE_ID]	= { .type = NLA_U32 },
	[IMS_A_VECTOR_DEVICE_NAME]	= { .type = NLA_NUL_STRING,
					    .len = IMS_NAME_MAX },
	[IMS_A_VECTOR_INDEX]		= { .type = NLA_U32 },
	[IMS_A_VECTOR_COUNT]		= NLA_POLICY_MIN(NLA_U32, 1),
	[IMS_A_VECTOR_LIST]		= { .type = NLA_U32 },
	[IMS_A_VECTOR_QUIET]		= { .type = NLA_FLAG },
	[IMS_A_VECTOR_QUIET_CLEAR]	= { .type = NLA_FLAG },
	[IMS_A_VECTOR_RATE_LIMIT]	= NLA_POLICY_FULL_RANGE(NLA_U32,
							&ims_rate_range),
	[IMS_A_VECTOR_VALIDATE_ONLY]	= { .type = NLA_FLAG },
};

static int ims_restraint_parse(struct genl_info *info,
			       struct ims_restraint *restraint)
{
	struct nlattr *quiet = info->attrs[IMS_A_VECTOR_QUIET];
	struct nlattr *clear = info->attrs[IMS_A_VECTOR_QUIET_CLEAR];
	struct nlattr *rate = info->attrs[IMS_A_VECTOR_RATE_LIMIT];

	if (quiet && clear) {
		NL_SET_ERR_MSG_ATTR(info->extack, clear,
				    "hold the vectors or end that, not both");
		return -EINVAL;
	}
	if (!quiet && !clear && !rate) {
		NL_SET_ERR_MSG(info->extack, "nothing to change");
		return -EINVAL;
	}
	*restraint = (struct ims_restraint) {
		.set_quiet = quiet || clear,
		.quiet = quiet,
		.set_rate = rate,
		.rate = rate ? nla_get_u32(rate) : 0,
	};
	return 0;
}

int ims_vector_restrain_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ims_restraint restraint;
	struct ims_choice choice = { };
	struct ims_vdev *vdev;
	int ret;

	vdev = ims_netlink_vdev(info->attrs, IMS_A_VECTOR_DEVICE_ID,
				IMS_A_VECTOR_DEVICE_NAME, info->extack);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	ret = ims_choice_parse(info, vdev, &choice);
	if (!ret)
		ret = ims_restraint_parse(info, &restraint);
	if (ret)
		goto out;

	ret = ims_netlink_lock(vdev, info->extack);
	if (ret)
		goto out;
	ret = ims_netlink_usable(vdev, info->extack);
	if (!ret && !info->attrs[IMS_A_VECTOR_VALIDATE_ONLY])
		ret = ims_block_restrain(vdev, choice.start, choice.count,
					 choice.bools, &restraint);
	ims_vdev_unlock(vdev);
out:
	ims_choice_end(&choice);
	ims_vdev_put(vdev);
	return ret;
}
