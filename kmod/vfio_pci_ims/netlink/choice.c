// SPDX-License-Identifier: GPL-2.0-only
/*
 * The vectors that a request names: a range of them, or a list.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "netlink.h"
#include "../engine.h"

/* LIST is there any number of times; attrs[] has the last one. */
static int ims_choice_parse_list(struct genl_info *info,
				 const struct ims_vdev *vdev,
				 struct ims_choice *choice)
{
	struct nlattr *attr;
	u32 index;
	int rest;

	choice->bools = kvzalloc(vdev->num_vectors, GFP_KERNEL);
	if (!choice->bools)
		return -ENOMEM;
	choice->count = vdev->num_vectors;

	nla_for_each_attr(attr, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), rest) {
		if (nla_type(attr) != IMS_A_VECTOR_LIST)
			continue;
		index = nla_get_u32(attr);
		if (index >= vdev->num_vectors) {
			GENL_SET_ERR_MSG_FMT(info, "vector %u is beyond the %u declared",
					     index, vdev->num_vectors);
			NL_SET_BAD_ATTR(info->extack, attr);
			return -ENOENT;
		}
		choice->bools[index] = 1;
	}
	return 0;
}

/* To be ended by ims_choice_end(), also when it fails. */
int ims_choice_parse(struct genl_info *info, const struct ims_vdev *vdev,
		     struct ims_choice *choice)
{
	struct nlattr *index = info->attrs[IMS_A_VECTOR_INDEX];
	struct nlattr *count = info->attrs[IMS_A_VECTOR_COUNT];
	struct nlattr *list = info->attrs[IMS_A_VECTOR_LIST];

	if (list && (index || count)) {
		NL_SET_ERR_MSG_ATTR(info->extack, list,
				    "name vectors as a range or as a list, not as both");
		return -EINVAL;
	}
	if (list)
		return ims_choice_parse_list(info, vdev, choice);

	choice->count = count ? nla_get_u32(count) : 1;
	return ims_vector_range(vdev, info, &choice->start, &choice->count);
}

void ims_choice_end(struct ims_choice *choice)
{
	kvfree(choice->bools);
}
