/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vectors spread over CPUs.
 */
#ifndef IMSCTL_SPREAD_H
#define IMSCTL_SPREAD_H

#include "objects/vector_set.h"

/* Are OPTION_CPUS and OPTION_NODE right, whatever CPUs there are? */
enum exit_code check_spread(const struct call *call);

/*
 * Gives the vectors of @set, or if none were named those that were used and are
 * not emulated, a CPU each in turn.
 */
enum exit_code spread_vectors(const struct call *call, struct ims_ctx *ctx,
			      const struct ims_device *device,
			      struct vector_set *set);

#endif /* IMSCTL_SPREAD_H */
