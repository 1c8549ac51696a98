/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vector filter: a request to list chosen vectors
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_VECTOR_FILTER_H
#define LIBIMS_API_VECTOR_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/ims_netlink.h>

#include <libims/ctx.h>
#include <libims/device.h>
#include <libims/vector.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_vector_filter;

/**
 * ims_vector_filter_new() - make a filter that lets everything pass
 * @filter: where to put it
 *
 * @return 0 and a request to be freed with ims_vector_filter_free(), or
 *	-EINVAL	@filter is NULL
 *	-ENOMEM	out of memory
 */
int ims_vector_filter_new(struct ims_vector_filter **filter);

/**
 * ims_vector_filter_free() - free a filter
 * @filter: filter or NULL
 */
void ims_vector_filter_free(struct ims_vector_filter *filter);

/*
 * Which vectors pass: those that meet every condition that was set. All of these
 * functions:
 *
 * @return 0, or
 *	-EINVAL	@filter is NULL
 *
 * _device		vectors of that device, whose id is copied; NULL: of all
 * _state		enum ims_vector_state. Absent vectors pass only when this
 *			asks for them
 * _backing		enum ims_vector_backing
 * _nonzero		with true, only those that have a count of interrupts or
 *			signals (delivered, loopback, signalled, dropped,
 *			pended) other than 0
 */
int ims_vector_filter_set_device(struct ims_vector_filter *filter,
				 const struct ims_device *device);
int ims_vector_filter_set_state(struct ims_vector_filter *filter,
				uint32_t state);
int ims_vector_filter_set_backing(struct ims_vector_filter *filter,
				  uint32_t backing);
int ims_vector_filter_set_nonzero(struct ims_vector_filter *filter,
				  bool nonzero);

/**
 * ims_vector_list_get_by_filter() - the vectors that pass a filter
 * @ctx: context
 * @filter: filter
 * @list: where to put the list, ordered by device id, then by vector number
 *
 * One dump, as ims_vector_list_get_by_device().
 *
 * @return As ims_vector_list_get_by_device(), and
 *	-ERANGE	the kernel knows no such state or backing
 */
int ims_vector_list_get_by_filter(struct ims_ctx *ctx,
				  const struct ims_vector_filter *filter,
				  struct ims_vector_list **list);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_VECTOR_FILTER_H */
