// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Requests to list vectors.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vector_filter.h"

IMS_PUBLIC int ims_vector_filter_new(struct ims_vector_filter **filter)
{
	if (!filter)
		return -EINVAL;

	*filter = calloc(1, sizeof(**filter));
	return *filter ? 0 : -ENOMEM;
}

IMS_PUBLIC void ims_vector_filter_free(struct ims_vector_filter *filter)
{
	free(filter);
}

IMS_PUBLIC int ims_vector_filter_set_device(struct ims_vector_filter *filter,
					    const struct ims_device *device)
{
	if (!filter)
		return -EINVAL;

	filter->has_device = device;
	if (device) {
		filter->device_id = device->id;
		memcpy(filter->device_name, device->name,
		       sizeof(filter->device_name));
	}
	return 0;
}

IMS_PUBLIC int ims_vector_filter_set_state(struct ims_vector_filter *filter,
					   uint32_t state)
{
	if (!filter)
		return -EINVAL;

	filter->has_state = true;
	filter->state = state;
	return 0;
}

IMS_PUBLIC int ims_vector_filter_set_backing(struct ims_vector_filter *filter,
					     uint32_t backing)
{
	if (!filter)
		return -EINVAL;

	filter->has_backing = true;
	filter->backing = backing;
	return 0;
}

IMS_PUBLIC int ims_vector_filter_set_nonzero(struct ims_vector_filter *filter,
					     bool nonzero)
{
	if (!filter)
		return -EINVAL;

	filter->nonzero = nonzero;
	return 0;
}

struct nl_msg *ims_vector_filter_msg(const struct ims_vector_filter *filter)
{
	struct nl_msg *msg = ims_nl_msg(IMS_CMD_VECTOR_GET);

	if (filter->has_device)
		msg = ims_nl_u32(msg, IMS_A_VECTOR_DEVICE_ID,
				 filter->device_id);
	if (filter->has_state)
		msg = ims_nl_u32(msg, IMS_A_VECTOR_STATE, filter->state);
	if (filter->has_backing)
		msg = ims_nl_u32(msg, IMS_A_VECTOR_BACKING, filter->backing);
	if (filter->nonzero)
		msg = ims_nl_flag(msg, IMS_A_VECTOR_NONZERO);
	return msg;
}
