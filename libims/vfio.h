/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the VFIO handle share.
 */
#ifndef LIBIMS_VFIO_H
#define LIBIMS_VFIO_H

#include <linux/vfio.h>

#include "internal.h"

struct ims_vfio {
	struct ims_ctx *ctx;
	char *name;
	/* The name is only for messages. */
	bool unnamed;

	/* -1 while not open. */
	int container;
	int group;
	int device;

	uint32_t num_regions;
	uint32_t num_irqs;
	uint32_t num_vectors;
	uint32_t irq_flags;
};

/*
 * "device X", or with count > 0 with vectors, failed at @what. For messages
 * about an open device.
 */
int ims_vfio_fail(struct ims_vfio *vfio, int err, uint32_t first,
		  uint32_t count, const char *what);

#endif /* LIBIMS_VFIO_H */
