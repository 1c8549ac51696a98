// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Signalling vectors through their triggers.
 */
#include <errno.h>

#include "netlink.h"

IMS_PUBLIC int ims_trigger_signal(struct ims_ctx *ctx,
				  const struct ims_device *device,
				  uint32_t first, uint32_t count)
{
	struct ims_nl_op op = { .attrs = &ims_vector_attrs };
	char object[IMS_OBJECT_SIZE];

	if (!ctx || !device)
		return -EINVAL;

	ims_object_text(object, device->name, first, count);
	if (!count)
		return ims_fail(ctx, -EINVAL, object, "count",
				"no vectors to trigger");

	op.object = object;
	op.msg = ims_nl_u32(ims_nl_msg(IMS_CMD_TRIGGER), IMS_A_VECTOR_DEVICE_ID,
			    device->id);
	op.msg = ims_nl_u32(op.msg, IMS_A_VECTOR_INDEX, first);
	if (count > 1)
		op.msg = ims_nl_u32(op.msg, IMS_A_VECTOR_COUNT, count);
	return ims_nl_do(ctx, &op);
}
