/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stats: begin anew with the counts of vectors
 *
 * The counts are in a vector's snapshot: ims_vector_get_delivered() and others,
 * <libims/vector.h>. A store's are reset by ims_store_reset_stats(),
 * <libims/store.h>.
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_STATS_H
#define LIBIMS_API_STATS_H

#include <stdint.h>

#include <libims/ctx.h>
#include <libims/device.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * ims_stats_reset() - begin anew with the counts of consecutive vectors
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @first: first vector
 * @count: number of vectors, at least 1
 * @flags: enum ims_flags
 *
 * The counts become 0, and ims_vector_get_since() the present time. Vectors that
 * are absent have no counts, and stay absent.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, or @count is 0
 *	-ENODEV	the device is not open any more
 *	-ENOENT	a vector is beyond those that the device declared
 */
int ims_stats_reset(struct ims_ctx *ctx, const struct ims_device *device,
		    uint32_t first, uint32_t count, unsigned int flags);

/**
 * ims_stats_reset_all() - begin anew with the counts of all vectors of a device
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @flags: enum ims_flags
 *
 * @return As ims_stats_reset(), without -ENOENT.
 */
int ims_stats_reset_all(struct ims_ctx *ctx, const struct ims_device *device,
			unsigned int flags);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_STATS_H */
