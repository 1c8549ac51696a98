// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Signalling vectors through their triggers.
 */
#include <errno.h>

#include "vectors.h"

static int trigger(struct ims_ctx *ctx, const struct ims_vectors *vectors,
		   uint32_t path, unsigned int flags)
{
	struct ims_nl_op op = { .attrs = &ims_vector_attrs };
	char object[IMS_OBJECT_SIZE];
	struct nl_msg *msg;
	int err;

	err = ims_vectors_check(ctx, vectors, "trigger", flags, object);
	if (err)
		return err;

	msg = ims_vectors_msg(IMS_CMD_TRIGGER, vectors);
	if (path != IMS_TRIGGER_PATH_EVENTFD)
		msg = ims_nl_u32(msg, IMS_A_VECTOR_PATH, path);

	op.object = object;
	op.msg = ims_nl_flags(msg, IMS_A_VECTOR_VALIDATE_ONLY, flags);
	return ims_nl_do(ctx, &op);
}

IMS_PUBLIC int ims_vector_trigger(struct ims_ctx *ctx,
				  const struct ims_vector *vector,
				  uint32_t path, unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !vector)
		return -EINVAL;

	vectors = ims_vectors_one(vector);
	return trigger(ctx, &vectors, path, flags);
}

IMS_PUBLIC int ims_vector_trigger_range(struct ims_ctx *ctx,
					const struct ims_device *device,
					uint32_t first, uint32_t count,
					uint32_t path, unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !device)
		return -EINVAL;

	vectors = ims_vectors_range(device, first, count);
	return trigger(ctx, &vectors, path, flags);
}

IMS_PUBLIC int ims_vector_trigger_list(struct ims_ctx *ctx,
				       const struct ims_device *device,
				       const uint32_t *indexes, size_t count,
				       uint32_t path, unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !device || !indexes)
		return -EINVAL;

	vectors = ims_vectors_list(device, indexes, count);
	return trigger(ctx, &vectors, path, flags);
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
