/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The vectors of a device that a call is about: one, consecutive ones or chosen
 * ones.
 */
#ifndef LIBIMS_VECTORS_H
#define LIBIMS_VECTORS_H

#include "netlink.h"

/**
 * struct ims_vectors - some vectors of a device
 * @device_id: the device
 * @device_name: its name, borrowed, for errors
 * @first: first vector
 * @indexes: borrowed; the vectors in place of those from @first on, or NULL
 * @count: how many they are
 */
struct ims_vectors {
	uint32_t device_id;
	const char *device_name;
	uint32_t first;
	const uint32_t *indexes;
	size_t count;
};

/* The vector, or the device, is not NULL. */
struct ims_vectors ims_vectors_one(const struct ims_vector *vector);
struct ims_vectors ims_vectors_range(const struct ims_device *device,
				     uint32_t first, uint32_t count);
struct ims_vectors ims_vectors_list(const struct ims_device *device,
				    const uint32_t *indexes, size_t count);

/*
 * 0, or a failure: there are none "to @verb", more than a request can have, or
 * @flags has something beyond enum ims_flags. Puts them into words, for errors.
 */
int ims_vectors_check(struct ims_ctx *ctx, const struct ims_vectors *vectors,
		      const char *verb, unsigned int flags,
		      char object[IMS_OBJECT_SIZE]);

/* A request that names them, as ims_nl_msg(), with room for what else it has. */
struct nl_msg *ims_vectors_msg(uint8_t cmd, const struct ims_vectors *vectors);

#endif /* LIBIMS_VECTORS_H */
