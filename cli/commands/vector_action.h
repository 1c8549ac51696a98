/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs that get, set or clear something of a vector.
 */
#ifndef IMSCTL_VECTOR_ACTION_H
#define IMSCTL_VECTOR_ACTION_H

#include "objects/objects.h"

enum action {
	ACTION_GET,
	ACTION_SET,
	ACTION_CLEAR,
};

/* The third argument: none, a vector, or "default". */
struct vector_name {
	bool given;
	bool is_default;
	uint32_t index;
};

/* The call has at least one argument. */
enum effect action_effect(const struct call *call);
enum exit_code parse_action(const struct call *call, enum action *action,
			    struct vector_name *vector);

/* For get: one vector, in any state, or those of the device that were used. */
enum exit_code print_vectors(const struct call *call, struct ims_ctx *ctx,
			     const struct ims_device *device,
			     const struct vector_name *vector,
			     const struct selection *selection);

#endif /* IMSCTL_VECTOR_ACTION_H */
