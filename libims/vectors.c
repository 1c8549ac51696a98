// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The vectors of a device that a call is about.
 */
#include <errno.h>
#include <stdio.h>

#include "vectors.h"

/* Vectors that fit into a request, whose length has 32 bits, by far. */
#define LIST_MAX	(UINT32_MAX / 16)

/* Numbers that fit into what a request has beside a list: a list of CPUs, too. */
#define OTHERS		64

struct ims_vectors ims_vectors_one(const struct ims_vector *vector)
{
	return (struct ims_vectors) {
		.device_id = vector->device_id,
		.device_name = vector->device_name,
		.first = vector->index,
		.count = 1,
	};
}

struct ims_vectors ims_vectors_range(const struct ims_device *device,
				     uint32_t first, uint32_t count)
{
	return (struct ims_vectors) {
		.device_id = device->id,
		.device_name = device->name,
		.first = first,
		.count = count,
	};
}

struct ims_vectors ims_vectors_list(const struct ims_device *device,
				    const uint32_t *indexes, size_t count)
{
	return (struct ims_vectors) {
		.device_id = device->id,
		.device_name = device->name,
		.first = count ? indexes[0] : 0,
		.indexes = indexes,
		.count = count,
	};
}

int ims_vectors_check(struct ims_ctx *ctx, const struct ims_vectors *vectors,
		      const char *verb, unsigned int flags,
		      char object[IMS_OBJECT_SIZE])
{
	if (vectors->indexes && vectors->count > 1)
		snprintf(object, IMS_OBJECT_SIZE, "device %s: %zu vectors",
			 vectors->device_name, vectors->count);
	else
		ims_object_text(object, vectors->device_name, vectors->first,
				vectors->count);

	if (!vectors->count)
		return ims_fail(ctx, -EINVAL, object, "count",
				"no vectors to %s", verb);
	if (vectors->indexes && vectors->count > LIST_MAX)
		return ims_fail(ctx, -EMSGSIZE, object, "list",
				"more vectors than fit into one request");
	return ims_check_flags(ctx, object, flags);
}

struct nl_msg *ims_vectors_msg(uint8_t cmd, const struct ims_vectors *vectors)
{
	size_t listed = vectors->indexes ? vectors->count : 0;
	struct nl_msg *msg;
	size_t i;

	msg = ims_nl_u32(ims_nl_msg_for(cmd, listed + OTHERS),
			 IMS_A_VECTOR_DEVICE_ID, vectors->device_id);
	for (i = 0; i < listed && msg; i++)
		msg = ims_nl_u32(msg, IMS_A_VECTOR_LIST, vectors->indexes[i]);
	if (listed)
		return msg;

	msg = ims_nl_u32(msg, IMS_A_VECTOR_INDEX, vectors->first);
	if (vectors->count > 1)
		msg = ims_nl_u32(msg, IMS_A_VECTOR_COUNT, vectors->count);
	return msg;
}
