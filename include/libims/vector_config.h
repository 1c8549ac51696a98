/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vector config: a request to change vectors
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_VECTOR_CONFIG_H
#define LIBIMS_API_VECTOR_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include <linux/ims_netlink.h>

#include <libims/ctx.h>
#include <libims/device.h>
#include <libims/vector.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_vector_config;

/**
 * ims_vector_config_new() - make an empty request
 * @config: where to put it
 *
 * @return 0 and a request to be freed with ims_vector_config_free(), or
 *	-EINVAL	@config is NULL
 *	-ENOMEM	out of memory
 */
int ims_vector_config_new(struct ims_vector_config **config);

/**
 * ims_vector_config_free() - free a request
 * @config: request or NULL
 */
void ims_vector_config_free(struct ims_vector_config *config);

/**
 * ims_vector_config_set_cookie() - give the vector a cookie of its own
 * @config: request
 * @cookie: the cookie
 *
 * Takes the place of ims_vector_config_clear_cookie().
 *
 * @return 0, or
 *	-EINVAL	@config is NULL
 */
int ims_vector_config_set_cookie(struct ims_vector_config *config,
				 uint64_t cookie);

/**
 * ims_vector_config_clear_cookie() - let the vector use the default cookie
 * @config: request
 *
 * Takes the place of ims_vector_config_set_cookie().
 *
 * @return 0, or
 *	-EINVAL	@config is NULL
 */
int ims_vector_config_clear_cookie(struct ims_vector_config *config);

/**
 * ims_vector_config_set_cookie_mode() - when the cookie takes effect
 * @config: request
 * @mode: enum ims_cookie_mode; IMS_COOKIE_MODE_NEXT if never set
 *
 * @return 0, or
 *	-EINVAL	@config is NULL
 */
int ims_vector_config_set_cookie_mode(struct ims_vector_config *config,
				      uint32_t mode);

/**
 * ims_vector_config_set_affinity() - which CPUs may get the interrupt
 * @config: request
 * @cpus: list such as "0-3,8", which is copied, or "" for the default
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 */
int ims_vector_config_set_affinity(struct ims_vector_config *config,
				   const char *cpus);

/**
 * ims_vector_configure() - change a vector
 * @ctx: context
 * @vector: vector; its snapshot stands for the device's id and its number, so
 *	that one from an event or a list can be used
 * @config: what is to change
 * @flags: enum ims_flags
 *
 * A vector that was absent gets a context. A cookie that is to take effect now
 * and an affinity need two calls, as each may fail after the other was done.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL; @config is empty, or has a mode without a
 *		cookie, or an affinity and a cookie that takes effect now; the
 *		CPUs are not a list of CPUs, are longer than IMS_CPULIST_MAX
 *		bytes, or are all offline; or the vector is emulated
 *	-ERANGE	the kernel knows no such mode, or the hardware cannot hold the
 *		cookie
 *	-EOPNOTSUPP
 *		also: the device's driver lets nobody else change its cookies
 *	-ENOENT	the vector is beyond those that the device declared
 *	-ENOSPC	no slot is left to replace the vector's, or the CPUs have no
 *		interrupt vector left
 *	-ENODEV	the device is not open any more, or its parent is gone
 *	-EPERM	also: a CPU is not one that the caller may run on
 *	other	the errno of the store's driver when it changes a cookie in place,
 *		or of the kernel when it moves an interrupt
 */
int ims_vector_configure(struct ims_ctx *ctx, const struct ims_vector *vector,
			 const struct ims_vector_config *config,
			 unsigned int flags);

/**
 * ims_vector_configure_range() - change consecutive vectors
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @first: first vector
 * @count: number of vectors, at least 1
 * @config: what is to change in each of them
 * @flags: enum ims_flags
 *
 * One request; all vectors are changed or none. The reason of a failure names
 * the vector.
 *
 * @return As ims_vector_configure(), and
 *	-EINVAL	also: @count is 0
 */
int ims_vector_configure_range(struct ims_ctx *ctx,
			       const struct ims_device *device, uint32_t first,
			       uint32_t count,
			       const struct ims_vector_config *config,
			       unsigned int flags);

/**
 * ims_vector_configure_list() - change chosen vectors
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @indexes: numbers of the vectors, in any order. One that is given twice
 *	counts once.
 * @count: how many they are, at least 1
 * @config: what is to change in each of them
 * @flags: enum ims_flags
 *
 * As ims_vector_configure_range().
 *
 * @return As ims_vector_configure_range(), and
 *	-EMSGSIZE	they do not fit into one request, which has room for
 *			some ten thousand
 */
int ims_vector_configure_list(struct ims_ctx *ctx,
			      const struct ims_device *device,
			      const uint32_t *indexes, size_t count,
			      const struct ims_vector_config *config,
			      unsigned int flags);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_VECTOR_CONFIG_H */
