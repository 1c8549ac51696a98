/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What verbs about sets of vectors have in common.
 */
#ifndef IMSCTL_VECTORS_H
#define IMSCTL_VECTORS_H

#include "objects/objects.h"
#include "objects/vector_set.h"

/*
 * The second argument, of a verb whose first action takes "DEVICE [VECTORS]". When it
 * is no list and the action was not said, the first one may have been meant for it.
 */
enum exit_code parse_second(const struct call *call, struct vector_set *set);

/*
 * Those of @set in any state, or if none were named those that were used; with
 * OPTION_NONZERO only those that have counted something.
 */
enum exit_code print_vectors(const struct call *call, struct ims_ctx *ctx,
			     const struct ims_device *device,
			     const struct vector_set *set,
			     const struct selection *selection);

/*
 * Gives each vector of @set what @config says, in one request: all of them or none.
 * 0, also when there are none, or a negative errno.
 */
int configure_vectors(struct ims_ctx *ctx, const struct ims_device *device,
		      const struct vector_set *set,
		      const struct ims_vector_config *config,
		      unsigned int flags);

#endif /* IMSCTL_VECTORS_H */
