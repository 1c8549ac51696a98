// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Requests to change a virtual device.
 */
#include <errno.h>
#include <stdlib.h>

#include "netlink.h"

struct ims_device_config {
	bool has_limit;
	bool has_reservation;
	bool has_default_cookie;
	bool has_bypass;
	bool has_rate_limit;
	uint32_t limit;
	uint32_t reservation;
	uint32_t bypass;
	uint32_t rate_limit;
	uint64_t default_cookie;
};

IMS_PUBLIC int ims_device_config_new(struct ims_device_config **config)
{
	if (!config)
		return -EINVAL;

	*config = calloc(1, sizeof(**config));
	return *config ? 0 : -ENOMEM;
}

IMS_PUBLIC void ims_device_config_free(struct ims_device_config *config)
{
	free(config);
}

IMS_PUBLIC int ims_device_config_set_limit(struct ims_device_config *config,
					   uint32_t limit)
{
	if (!config)
		return -EINVAL;

	config->has_limit = true;
	config->limit = limit;
	return 0;
}

IMS_PUBLIC int
ims_device_config_set_reservation(struct ims_device_config *config,
				  uint32_t reservation)
{
	if (!config)
		return -EINVAL;

	config->has_reservation = true;
	config->reservation = reservation;
	return 0;
}

IMS_PUBLIC int
ims_device_config_set_default_cookie(struct ims_device_config *config,
				     uint64_t cookie)
{
	if (!config)
		return -EINVAL;

	config->has_default_cookie = true;
	config->default_cookie = cookie;
	return 0;
}

IMS_PUBLIC int ims_device_config_set_bypass(struct ims_device_config *config,
					    uint32_t mode)
{
	if (!config)
		return -EINVAL;

	config->has_bypass = true;
	config->bypass = mode;
	return 0;
}

IMS_PUBLIC int
ims_device_config_set_rate_limit(struct ims_device_config *config, uint32_t rate)
{
	if (!config)
		return -EINVAL;

	config->has_rate_limit = true;
	config->rate_limit = rate;
	return 0;
}

IMS_PUBLIC int ims_device_configure(struct ims_ctx *ctx,
				    const struct ims_device *device,
				    const struct ims_device_config *config,
				    unsigned int flags)
{
	struct ims_nl_op op = { .attrs = &ims_device_attrs };
	char object[IMS_OBJECT_SIZE];
	struct nl_msg *msg;
	int err;

	if (!ctx || !device || !config)
		return -EINVAL;

	ims_object_text(object, device->name, 0, 0);
	err = ims_check_flags(ctx, object, flags);
	if (err)
		return err;
	if (!config->has_limit && !config->has_reservation &&
	    !config->has_default_cookie && !config->has_bypass &&
	    !config->has_rate_limit)
		return ims_fail(ctx, -EINVAL, object, NULL,
				"nothing to change");

	msg = ims_nl_u32(ims_nl_msg(IMS_CMD_DEVICE_SET), IMS_A_DEVICE_ID,
			 device->id);
	if (config->has_limit)
		msg = ims_nl_u32(msg, IMS_A_DEVICE_LIMIT, config->limit);
	if (config->has_reservation)
		msg = ims_nl_u32(msg, IMS_A_DEVICE_RESERVATION,
				 config->reservation);
	if (config->has_default_cookie)
		msg = ims_nl_u64(msg, IMS_A_DEVICE_DEFAULT_COOKIE,
				 config->default_cookie);
	if (config->has_bypass)
		msg = ims_nl_u32(msg, IMS_A_DEVICE_BYPASS, config->bypass);
	if (config->has_rate_limit)
		msg = ims_nl_u32(msg, IMS_A_DEVICE_RATE_LIMIT,
				 config->rate_limit);

	op.object = object;
	op.msg = ims_nl_flags(msg, IMS_A_DEVICE_VALIDATE_ONLY, flags);
	return ims_nl_do(ctx, &op);
}
