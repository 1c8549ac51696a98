/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * store config: a request to change a store
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_STORE_CONFIG_H
#define LIBIMS_API_STORE_CONFIG_H

#include <stdint.h>

#include <libims/ctx.h>
#include <libims/store.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_store_config;

/**
 * ims_store_config_new() - make an empty request
 * @config: where to put it
 *
 * @return 0 and a request to be freed with ims_store_config_free(), or
 *	-EINVAL	@config is NULL
 *	-ENOMEM	out of memory
 */
int ims_store_config_new(struct ims_store_config **config);

/**
 * ims_store_config_free() - free a request
 * @config: request or NULL
 */
void ims_store_config_free(struct ims_store_config *config);

/*
 * What is to change; what was not set stays as it is. All of these functions:
 *
 * @return 0, or
 *	-EINVAL	@config is NULL
 *
 * _limit		most slots that may be in use at a time, at most the
 *			store's size
 */
int ims_store_config_set_limit(struct ims_store_config *config, uint32_t limit);

/**
 * ims_store_configure() - change a store
 * @ctx: context
 * @store: store; its snapshot stands for its id
 * @config: what is to change
 * @flags: enum ims_flags
 *
 * All of it or nothing.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, @config is empty, or the limit is above the
 *		store's size
 *	-EBUSY	more slots than the limit are in use or reserved
 *	-ENODEV	the store is gone
 */
int ims_store_configure(struct ims_ctx *ctx, const struct ims_store *store,
			const struct ims_store_config *config,
			unsigned int flags);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_STORE_CONFIG_H */
