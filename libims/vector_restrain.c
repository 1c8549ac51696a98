// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Holding vectors, and limiting their rate.
 */
#include <errno.h>

#include "vectors.h"

/* A request that changes @vectors is to follow: its @object, 0 or a failure. */
static int check(struct ims_ctx *ctx, const struct ims_vectors *vectors,
		 unsigned int flags, char object[IMS_OBJECT_SIZE])
{
	return ims_vectors_check(ctx, vectors, "change", flags, object);
}

static int ask(struct ims_ctx *ctx, const char *object, struct nl_msg *msg,
	       unsigned int flags)
{
	struct ims_nl_op op = {
		.msg = ims_nl_flags(msg, IMS_A_VECTOR_VALIDATE_ONLY, flags),
		.attrs = &ims_vector_attrs,
		.object = object,
	};

	return ims_nl_do(ctx, &op);
}

static int quiet(struct ims_ctx *ctx, const struct ims_vectors *vectors, bool on,
		 unsigned int flags)
{
	char object[IMS_OBJECT_SIZE];
	struct nl_msg *msg;
	int err;

	err = check(ctx, vectors, flags, object);
	if (err)
		return err;
	msg = ims_nl_flag(ims_vectors_msg(IMS_CMD_VECTOR_RESTRAIN, vectors),
			  on ? IMS_A_VECTOR_QUIET : IMS_A_VECTOR_QUIET_CLEAR);
	return ask(ctx, object, msg, flags);
}

static int limit(struct ims_ctx *ctx, const struct ims_vectors *vectors,
		 uint32_t rate, unsigned int flags)
{
	char object[IMS_OBJECT_SIZE];
	struct nl_msg *msg;
	int err;

	err = check(ctx, vectors, flags, object);
	if (err)
		return err;
	msg = ims_nl_u32(ims_vectors_msg(IMS_CMD_VECTOR_RESTRAIN, vectors),
			 IMS_A_VECTOR_RATE_LIMIT, rate);
	return ask(ctx, object, msg, flags);
}

IMS_PUBLIC int ims_vector_quiet(struct ims_ctx *ctx,
				const struct ims_vector *vector, bool on,
				unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !vector)
		return -EINVAL;

	vectors = ims_vectors_one(vector);
	return quiet(ctx, &vectors, on, flags);
}

IMS_PUBLIC int ims_vector_quiet_range(struct ims_ctx *ctx,
				      const struct ims_device *device,
				      uint32_t first, uint32_t count, bool on,
				      unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !device)
		return -EINVAL;

	vectors = ims_vectors_range(device, first, count);
	return quiet(ctx, &vectors, on, flags);
}

IMS_PUBLIC int ims_vector_quiet_list(struct ims_ctx *ctx,
				     const struct ims_device *device,
				     const uint32_t *indexes, size_t count,
				     bool on, unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !device || !indexes)
		return -EINVAL;

	vectors = ims_vectors_list(device, indexes, count);
	return quiet(ctx, &vectors, on, flags);
}

IMS_PUBLIC int ims_vector_rate_limit(struct ims_ctx *ctx,
				     const struct ims_vector *vector,
				     uint32_t rate, unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !vector)
		return -EINVAL;

	vectors = ims_vectors_one(vector);
	return limit(ctx, &vectors, rate, flags);
}

IMS_PUBLIC int ims_vector_rate_limit_range(struct ims_ctx *ctx,
					   const struct ims_device *device,
					   uint32_t first, uint32_t count,
					   uint32_t rate, unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !device)
		return -EINVAL;

	vectors = ims_vectors_range(device, first, count);
	return limit(ctx, &vectors, rate, flags);
}

IMS_PUBLIC int ims_vector_rate_limit_list(struct ims_ctx *ctx,
					  const struct ims_device *device,
					  const uint32_t *indexes, size_t count,
					  uint32_t rate, unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !device || !indexes)
		return -EINVAL;

	vectors = ims_vectors_list(device, indexes, count);
	return limit(ctx, &vectors, rate, flags);
}
