// SPDX-License-Identifier: GPL-2.0-only
/*
 * Triggering vectors by the wire.
 */
#include "netlink.h"
#include "../engine.h"

const struct nla_policy ims_trigger_policy[IMS_A_VECTOR_VALIDATE_ONLY + 1] = {
	[IMS_A_VECTOR_DEVICE_ID]	= { .type = NLA_U32 },
	[IMS_A_VECTOR_DEVICE_NAME]	= { .type = NLA_NUL_STRING,
					    .len = IMS_NAME_MAX },
	[IMS_A_VECTOR_INDEX]		= { .type = NLA_U32 },
	[IMS_A_VECTOR_COUNT]		= NLA_POLICY_MIN(NLA_U32, 1),
	[IMS_A_VECTOR_LIST]		= { .type = NLA_U32 },
	[IMS_A_VECTOR_PATH]		= NLA_POLICY_MAX(NLA_U32,
						IMS_TRIGGER_PATH_INTERRUPT),
	[IMS_A_VECTOR_VALIDATE_ONLY]	= { .type = NLA_FLAG },
};

/*
 * With vdev->lock held. Stricter than SET_IRQS: all vectors can be triggered, or
 * none is.
 */
static int ims_trigger(struct genl_info *info, struct ims_vdev *vdev,
		       const struct ims_choice *c)
{
	bool validate = info->attrs[IMS_A_VECTOR_VALIDATE_ONLY];
	struct nlattr *attr = info->attrs[IMS_A_VECTOR_PATH];
	bool interrupt = attr && nla_get_u32(attr) == IMS_TRIGGER_PATH_INTERRUPT;
	u32 failed;
	int ret;

	if (interrupt)
		ret = ims_block_check_lines(vdev, c->start, c->count, c->bools,
					    &failed);
	else
		ret = ims_block_check_triggers(vdev, c->start, c->count,
					       c->bools, &failed);
	if (ret) {
		GENL_SET_ERR_MSG_FMT(info, "vector %u has no %s", failed,
				     interrupt ? "Linux interrupt" : "trigger");
		NL_SET_BAD_ATTR(info->extack, info->attrs[IMS_A_VECTOR_INDEX] ?:
					      info->attrs[IMS_A_VECTOR_LIST]);
		return ret;
	}

	if (validate)
		return 0;
	if (interrupt)
		ims_block_inject(vdev, c->start, c->count, c->bools);
	else
		ims_block_signal(vdev, c->start, c->count, c->bools);
	return 0;
}

int ims_trigger_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ims_choice choice = { };
	struct ims_vdev *vdev;
	int ret;

	vdev = ims_netlink_vdev(info->attrs, IMS_A_VECTOR_DEVICE_ID,
				IMS_A_VECTOR_DEVICE_NAME, info->extack);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	ret = ims_choice_parse(info, vdev, &choice);
	if (ret)
		goto out;

	ret = ims_netlink_lock(vdev, info->extack);
	if (ret)
		goto out;
	ret = ims_netlink_usable(vdev, info->extack);
	if (!ret)
		ret = ims_trigger(info, vdev, &choice);
	ims_vdev_unlock(vdev);
out:
	ims_choice_end(&choice);
	ims_vdev_put(vdev);
	return ret;
}
