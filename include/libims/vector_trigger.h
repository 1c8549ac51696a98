/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vector trigger: signal vectors
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_VECTOR_TRIGGER_H
#define LIBIMS_API_VECTOR_TRIGGER_H

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
 * ims_vector_trigger() - signal a vector through its trigger
 * @ctx: context
 * @vector: vector; its snapshot stands for the device's id and its number, so
 *	that one from an event or a list can be used
 * @path: enum ims_trigger_path
 * @flags: enum ims_flags
 *
 * The owner of the device sees an interrupt that did not come from hardware.
 *
 * @return As ims_vector_trigger_range().
 */
int ims_vector_trigger(struct ims_ctx *ctx, const struct ims_vector *vector,
		       uint32_t path, unsigned int flags);

/**
 * ims_vector_trigger_range() - signal consecutive vectors through their triggers
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @first: first vector
 * @count: number of vectors, at least 1
 * @path: enum ims_trigger_path
 * @flags: enum ims_flags
 *
 * One request; all vectors are signalled or none.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, @count is 0, or a vector has no trigger or,
 *		with IMS_TRIGGER_PATH_INTERRUPT, no Linux interrupt
 *	-ERANGE	the kernel knows no such path
 *	-ENODEV	the device is not open any more, or its parent is gone
 *	-ENOENT	a vector is beyond those that the device declared
 */
int ims_vector_trigger_range(struct ims_ctx *ctx,
			     const struct ims_device *device, uint32_t first,
			     uint32_t count, uint32_t path,
			     unsigned int flags);

/**
 * ims_vector_trigger_list() - signal chosen vectors through their triggers
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @indexes: numbers of the vectors, in any order. One that is given twice
 *	counts once.
 * @count: how many they are, at least 1
 * @path: enum ims_trigger_path
 * @flags: enum ims_flags
 *
 * As ims_vector_trigger_range().
 *
 * @return As ims_vector_trigger_range(), and
 *	-EMSGSIZE	they do not fit into one request, which has room for
 *			some ten thousand
 */
int ims_vector_trigger_list(struct ims_ctx *ctx,
			    const struct ims_device *device,
			    const uint32_t *indexes, size_t count,
			    uint32_t path, unsigned int flags);

/**
 * ims_trigger_path_name() - name of a path
 * @path: enum ims_trigger_path
 *
 * @return Static string "eventfd" or "interrupt"; NULL if unknown.
 */
const char *ims_trigger_path_name(uint32_t path);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_VECTOR_TRIGGER_H */
