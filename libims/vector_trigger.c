// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Signalling vectors through their triggers.
 */
#include <errno.h>
#include <stdio.h>

#include "netlink.h"

/* Vectors that fit into a request, whose length has 32 bits, by far. */
#define LIST_MAX	(UINT32_MAX / 16)

/* Takes over @msg, which names the vectors. */
static int trigger(struct ims_ctx *ctx, const char *object, struct nl_msg *msg,
		   uint32_t path, unsigned int flags)
{
	struct ims_nl_op op = {
		.attrs = &ims_vector_attrs,
		.object = object,
	};

	if (path != IMS_TRIGGER_PATH_EVENTFD)
		msg = ims_nl_u32(msg, IMS_A_VECTOR_PATH, path);
	op.msg = ims_nl_flags(msg, IMS_A_VECTOR_VALIDATE_ONLY, flags);
	return ims_nl_do(ctx, &op);
}

static int check(struct ims_ctx *ctx, const char *object, size_t count,
		 unsigned int flags)
{
	if (!count)
		return ims_fail(ctx, -EINVAL, object, "count",
				"no vectors to trigger");
	return ims_check_flags(ctx, object, flags);
}

IMS_PUBLIC int ims_vector_trigger_range(struct ims_ctx *ctx,
					const struct ims_device *device,
					uint32_t first, uint32_t count,
					uint32_t path, unsigned int flags)
{
	char object[IMS_OBJECT_SIZE];
	struct nl_msg *msg;
	int err;

	if (!ctx || !device)
		return -EINVAL;

	ims_object_text(object, device->name, first, count);
	err = check(ctx, object, count, flags);
	if (err)
		return err;

	/* Device, index, count and path */
	msg = ims_nl_u32(ims_nl_msg_for(IMS_CMD_TRIGGER, 4),
			 IMS_A_VECTOR_DEVICE_ID, device->id);
	msg = ims_nl_u32(msg, IMS_A_VECTOR_INDEX, first);
	if (count > 1)
		msg = ims_nl_u32(msg, IMS_A_VECTOR_COUNT, count);
	return trigger(ctx, object, msg, path, flags);
}

IMS_PUBLIC int ims_vector_trigger_list(struct ims_ctx *ctx,
				       const struct ims_device *device,
				       const uint32_t *indexes, size_t count,
				       uint32_t path, unsigned int flags)
{
	char object[IMS_OBJECT_SIZE];
	struct nl_msg *msg;
	size_t i;
	int err;

	if (!ctx || !device || !indexes)
		return -EINVAL;

	if (count > 1)
		snprintf(object, sizeof(object), "device %s: %zu vectors",
			 device->name, count);
	else
		ims_object_text(object, device->name, count ? indexes[0] : 0,
				count);
	err = check(ctx, object, count, flags);
	if (err)
		return err;
	if (count > LIST_MAX)
		return ims_fail(ctx, -EMSGSIZE, object, "list",
				"more vectors than fit into one request");

	/* With device and path */
	msg = ims_nl_msg_for(IMS_CMD_TRIGGER, count + 2);
	msg = ims_nl_u32(msg, IMS_A_VECTOR_DEVICE_ID, device->id);
	for (i = 0; i < count && msg; i++)
		msg = ims_nl_u32(msg, IMS_A_VECTOR_LIST, indexes[i]);
	return trigger(ctx, object, msg, path, flags);
}

IMS_PUBLIC const char *ims_trigger_path_name(uint32_t path)
{
	switch (path) {
	case IMS_TRIGGER_PATH_EVENTFD:
		return "eventfd";
	case IMS_TRIGGER_PATH_INTERRUPT:
		return "interrupt";
	default:
		return NULL;
	}
}
