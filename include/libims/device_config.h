/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * device config: a request to change a device
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_DEVICE_CONFIG_H
#define LIBIMS_API_DEVICE_CONFIG_H

#include <stdint.h>

#include <libims/ctx.h>
#include <libims/device.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_device_config;

/**
 * ims_device_config_new() - make an empty request
 * @config: where to put it
 *
 * @return 0 and a request to be freed with ims_device_config_free(), or
 *	-EINVAL	@config is NULL
 *	-ENOMEM	out of memory
 */
int ims_device_config_new(struct ims_device_config **config);

/**
 * ims_device_config_free() - free a request
 * @config: request or NULL
 */
void ims_device_config_free(struct ims_device_config *config);

/*
 * What is to change; what was not set stays as it is. All of these functions:
 *
 * @return 0, or
 *	-EINVAL	@config is NULL
 *
 * _limit		most slots it may use at a time; 0: one more than it has
 *			vectors, or its window's size if that is less
 * _reservation		slots guaranteed to it
 * _default_cookie	cookie of vectors without one of their own, from their
 *			next allocation on
 * _bypass		enum ims_bypass_mode: may hardware post its interrupts
 *			straight to vCPUs? Applies also to vectors that are live
 * _rate_limit		most interrupts a second of each vector that has no limit
 *			of its own, at most IMS_RATE_LIMIT_MAX; 0: no limit
 */
int ims_device_config_set_limit(struct ims_device_config *config,
				uint32_t limit);
int ims_device_config_set_reservation(struct ims_device_config *config,
				      uint32_t reservation);
int ims_device_config_set_default_cookie(struct ims_device_config *config,
					 uint64_t cookie);
int ims_device_config_set_bypass(struct ims_device_config *config,
				 uint32_t mode);
int ims_device_config_set_rate_limit(struct ims_device_config *config,
				     uint32_t rate);

/**
 * ims_device_configure() - change a device
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @config: what is to change
 * @flags: enum ims_flags
 *
 * All of it or nothing.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, @config is empty, the limit is above the
 *		store's size, or the reservation above the limit
 *	-EBUSY	the device uses more slots than the limit
 *	-ERANGE	the hardware cannot hold the default cookie, there is no such
 *		mode of bypass, or the rate limit is too high
 *	-EOPNOTSUPP
 *		also: the device's driver lets nobody else change its cookies
 *	-ENOSPC	the store does not have that many slots left to be reserved
 *	-ENODEV	the device is not open any more, or its parent is gone
 */
int ims_device_configure(struct ims_ctx *ctx, const struct ims_device *device,
			 const struct ims_device_config *config,
			 unsigned int flags);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_DEVICE_CONFIG_H */
