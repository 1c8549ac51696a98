/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests to list vectors, and what becomes of them on the wire.
 */
#ifndef LIBIMS_VECTOR_FILTER_H
#define LIBIMS_VECTOR_FILTER_H

#include "netlink.h"

struct ims_vector_filter {
	bool has_device;
	bool has_state;
	bool has_backing;
	bool nonzero;
	uint32_t device_id;
	uint32_t state;
	uint32_t backing;
	/* For errors. */
	char device_name[IMS_NAME_MAX + 1];
};

/* The dump's request; NULL when out of memory. */
struct nl_msg *ims_vector_filter_msg(const struct ims_vector_filter *filter);

#endif /* LIBIMS_VECTOR_FILTER_H */
