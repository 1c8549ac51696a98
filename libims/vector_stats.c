// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Beginning anew with vectors' counts.
 */
#include <errno.h>

#include "netlink.h"

/* Of all vectors if @count is 0. */
static int reset(struct ims_ctx *ctx, const struct ims_device *device,
		 const char *object, uint32_t first, uint32_t count,
		 unsigned int flags)
{
	struct ims_nl_op op = {
		.attrs = &ims_vector_attrs,
		.object = object,
	};
	struct nl_msg *msg;
	int err;

	err = ims_check_flags(ctx, object, flags);
	if (err)
		return err;

	msg = ims_nl_u32(ims_nl_msg(IMS_CMD_STATS_RESET),
			 IMS_A_VECTOR_DEVICE_ID, device->id);
	if (count)
		msg = ims_nl_u32(msg, IMS_A_VECTOR_INDEX, first);
	if (count > 1)
		msg = ims_nl_u32(msg, IMS_A_VECTOR_COUNT, count);
	op.msg = ims_nl_flags(msg, IMS_A_VECTOR_VALIDATE_ONLY, flags);
	return ims_nl_do(ctx, &op);
}

IMS_PUBLIC int ims_vector_reset_stats_range(struct ims_ctx *ctx,
					    const struct ims_device *device,
					    uint32_t first, uint32_t count,
					    unsigned int flags)
{
	char object[IMS_OBJECT_SIZE];

	if (!ctx || !device)
		return -EINVAL;

	ims_object_text(object, device->name, first, count);
	if (!count)
		return ims_fail(ctx, -EINVAL, object, "count",
				"no vectors to reset");
	return reset(ctx, device, object, first, count, flags);
}

IMS_PUBLIC int ims_device_reset_stats(struct ims_ctx *ctx,
				      const struct ims_device *device,
				      unsigned int flags)
{
	char object[IMS_OBJECT_SIZE];

	if (!ctx || !device)
		return -EINVAL;

	ims_object_text(object, device->name, 0, 0);
	return reset(ctx, device, object, 0, 0, flags);
}
