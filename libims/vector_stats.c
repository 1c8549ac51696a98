// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Beginning anew with vectors' counts.
 */
#include <errno.h>

#include "vectors.h"

/* Takes over @msg, which names the vectors. */
static int reset(struct ims_ctx *ctx, const char *object, struct nl_msg *msg,
		 unsigned int flags)
{
	const struct ims_nl_op op = {
		.msg = ims_nl_flags(msg, IMS_A_VECTOR_VALIDATE_ONLY, flags),
		.attrs = &ims_vector_attrs,
		.object = object,
	};

	return ims_nl_do(ctx, &op);
}

static int reset_vectors(struct ims_ctx *ctx, const struct ims_vectors *vectors,
			 unsigned int flags)
{
	char object[IMS_OBJECT_SIZE];
	int err;

	err = ims_vectors_check(ctx, vectors, "reset", flags, object);
	if (err)
		return err;

	return reset(ctx, object, ims_vectors_msg(IMS_CMD_STATS_RESET, vectors),
		     flags);
}

IMS_PUBLIC int ims_vector_reset_stats(struct ims_ctx *ctx,
				      const struct ims_vector *vector,
				      unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !vector)
		return -EINVAL;

	vectors = ims_vectors_one(vector);
	return reset_vectors(ctx, &vectors, flags);
}

IMS_PUBLIC int ims_vector_reset_stats_range(struct ims_ctx *ctx,
					    const struct ims_device *device,
					    uint32_t first, uint32_t count,
					    unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !device)
		return -EINVAL;

	vectors = ims_vectors_range(device, first, count);
	return reset_vectors(ctx, &vectors, flags);
}

IMS_PUBLIC int ims_vector_reset_stats_list(struct ims_ctx *ctx,
					   const struct ims_device *device,
					   const uint32_t *indexes,
					   size_t count, unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !device || !indexes)
		return -EINVAL;

	vectors = ims_vectors_list(device, indexes, count);
	return reset_vectors(ctx, &vectors, flags);
}

IMS_PUBLIC int ims_device_reset_stats(struct ims_ctx *ctx,
				      const struct ims_device *device,
				      unsigned int flags)
{
	char object[IMS_OBJECT_SIZE];
	int err;

	if (!ctx || !device)
		return -EINVAL;

	ims_object_text(object, device->name, 0, 0);
	err = ims_check_flags(ctx, object, flags);
	if (err)
		return err;

	return reset(ctx, object,
		     ims_nl_u32(ims_nl_msg(IMS_CMD_STATS_RESET),
				IMS_A_VECTOR_DEVICE_ID, device->id), flags);
}
