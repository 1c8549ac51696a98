/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limiting a store in one line.
 */
#ifndef STORE_LIMIT_H
#define STORE_LIMIT_H

#include <libims.h>

/* 0, or a negative errno of making the request or of the kernel. */
static inline int limit_store(struct ims_ctx *ctx, const struct ims_store *store,
			      uint32_t limit, unsigned int flags)
{
	struct ims_store_config *config;
	int err;

	err = ims_store_config_new(&config);
	if (err)
		return err;

	ims_store_config_set_limit(config, limit);
	err = ims_store_configure(ctx, store, config, flags);
	ims_store_config_free(config);
	return err;
}

#endif /* STORE_LIMIT_H */
