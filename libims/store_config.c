// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Requests to change a store.
 */
#include <errno.h>
#include <stdlib.h>

#include "netlink.h"

struct ims_store_config {
	bool has_limit;
	uint32_t limit;
};

IMS_PUBLIC int ims_store_config_new(struct ims_store_config **config)
{
	if (!config)
		return -EINVAL;

	*config = calloc(1, sizeof(**config));
	return *config ? 0 : -ENOMEM;
}

IMS_PUBLIC void ims_store_config_free(struct ims_store_config *config)
{
	free(config);
}

IMS_PUBLIC int ims_store_config_set_limit(struct ims_store_config *config,
					  uint32_t limit)
{
	if (!config)
		return -EINVAL;

	config->has_limit = true;
	config->limit = limit;
	return 0;
}

IMS_PUBLIC int ims_store_configure(struct ims_ctx *ctx,
				   const struct ims_store *store,
				   const struct ims_store_config *config,
				   unsigned int flags)
{
	struct ims_nl_op op = { .attrs = &ims_store_attrs };
	char object[IMS_OBJECT_SIZE];
	struct nl_msg *msg;
	int err;

	if (!ctx || !store || !config)
		return -EINVAL;

	ims_store_text(object, store->name);
	err = ims_check_flags(ctx, object, flags);
	if (err)
		return err;
	if (!config->has_limit)
		return ims_fail(ctx, -EINVAL, object, NULL,
				"nothing to change");

	msg = ims_nl_u32(ims_nl_msg(IMS_CMD_STORE_SET), IMS_A_STORE_ID,
			 store->id);
	msg = ims_nl_u32(msg, IMS_A_STORE_LIMIT, config->limit);

	op.object = object;
	op.msg = ims_nl_flags(msg, IMS_A_STORE_VALIDATE_ONLY, flags);
	return ims_nl_do(ctx, &op);
}
