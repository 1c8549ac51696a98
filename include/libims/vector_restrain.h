/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vector restrain: hold the vectors of a device, or limit their rate
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_VECTOR_RESTRAIN_H
#define LIBIMS_API_VECTOR_RESTRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/ims_netlink.h>

#include <libims/ctx.h>
#include <libims/device.h>
#include <libims/vector.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * ims_vector_quiet() - hold a vector, or end its hold
 * @ctx: context
 * @vector: vector; its snapshot stands for the device's id and its number
 * @on: true: hold it; false: end its hold
 * @flags: enum ims_flags
 *
 * As ims_vector_quiet_range().
 *
 * @return As ims_vector_quiet_range().
 */
int ims_vector_quiet(struct ims_ctx *ctx, const struct ims_vector *vector, bool on,
		     unsigned int flags);

/**
 * ims_vector_quiet_range() - hold consecutive vectors, or end their hold
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @first: first vector
 * @count: number of vectors, at least 1
 * @on: true: hold them; false: end their hold
 * @flags: enum ims_flags
 *
 * A vector that is held keeps its slot, which is masked. One interrupt (of an
 * emulated vector, one signal of its driver) is kept back and delivered when the hold
 * ends. The hold lasts until it is ended or the device is closed, whatever the
 * device's user does. Repeated calls change nothing. One request; all vectors or none.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, or @count is 0
 *	-ENODEV	the device is not open any more, or its parent is gone
 *	-ENOENT	a vector is beyond those that the device declared
 */
int ims_vector_quiet_range(struct ims_ctx *ctx, const struct ims_device *device,
			   uint32_t first, uint32_t count, bool on,
			   unsigned int flags);

/**
 * ims_vector_quiet_list() - hold chosen vectors, or end their hold
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @indexes: numbers of the vectors, in any order. One that is given twice
 *	counts once.
 * @count: how many they are, at least 1
 * @on: true: hold them; false: end their hold
 * @flags: enum ims_flags
 *
 * As ims_vector_quiet_range().
 *
 * @return As ims_vector_quiet_range(), and
 *	-EMSGSIZE	they do not fit into one request, which has room for
 *			some ten thousand
 */
int ims_vector_quiet_list(struct ims_ctx *ctx, const struct ims_device *device,
			  const uint32_t *indexes, size_t count, bool on,
			  unsigned int flags);

/**
 * ims_vector_rate_limit() - limit the rate of a vector
 * @ctx: context
 * @vector: vector, as of ims_vector_quiet()
 * @rate: as of ims_vector_rate_limit_range()
 * @flags: enum ims_flags
 *
 * As ims_vector_rate_limit_range().
 *
 * @return As ims_vector_rate_limit_range().
 */
int ims_vector_rate_limit(struct ims_ctx *ctx, const struct ims_vector *vector,
			  uint32_t rate, unsigned int flags);

/**
 * ims_vector_rate_limit_range() - limit the rate of consecutive vectors
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @first: first vector
 * @count: number of vectors, at least 1
 * @rate: interrupts, and signals of the driver, a second, at most
 *	IMS_RATE_LIMIT_MAX; 0: no limit of its own, but the device's if that has one
 * @flags: enum ims_flags
 *
 * Above the limit the slot is masked for some milliseconds, and what arrives meanwhile
 * is delivered as one. In each second a vector gets as many as @rate, and at most a
 * tenth more, or one more. The limit lasts until it is ended or the device is closed.
 * One request; all vectors or none. ims_device_config_set_rate_limit() sets the
 * device's limit.
 *
 * @return As ims_vector_quiet_range(), and
 *	-ERANGE	@rate is too high
 */
int ims_vector_rate_limit_range(struct ims_ctx *ctx,
				const struct ims_device *device, uint32_t first,
				uint32_t count, uint32_t rate,
				unsigned int flags);

/**
 * ims_vector_rate_limit_list() - limit the rate of chosen vectors
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @indexes: numbers of the vectors, as of ims_vector_quiet_list()
 * @count: how many they are, at least 1
 * @rate: as of ims_vector_rate_limit_range()
 * @flags: enum ims_flags
 *
 * As ims_vector_rate_limit_range().
 *
 * @return As ims_vector_rate_limit_range(), and
 *	-EMSGSIZE	as ims_vector_quiet_list()
 */
int ims_vector_rate_limit_list(struct ims_ctx *ctx,
			       const struct ims_device *device,
			       const uint32_t *indexes, size_t count,
			       uint32_t rate, unsigned int flags);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_VECTOR_RESTRAIN_H */
