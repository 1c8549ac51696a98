/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a monitor has been told of each store, device and vector last.
 */
#ifndef IMSCTL_EVENT_MODEL_H
#define IMSCTL_EVENT_MODEL_H

#include "objects/objects.h"

struct event_model {
	/* A tree of tsearch(3). */
	void *root;
};

/* Is it there from now on, or does it replace what is known of its object? */
bool model_keeps(const struct ims_event *event);

/*
 * Take in @event, which the model owns if model_keeps(): false when out of
 * memory. @before is what was told of its object before, NULL if nothing was;
 * the caller frees it.
 */
bool model_take(struct event_model *model, struct ims_event *event,
		struct ims_event **before);
/* Forget all. */
void model_end(struct event_model *model);

/* The device as it was told last; NULL if it was not. */
const struct ims_device *model_device(const struct event_model *model,
				      uint32_t id);
/* cell_vm() of the time when it was told of first; NULL when it had none. */
const char *model_vm(const struct event_model *model, uint32_t id);

#endif /* IMSCTL_EVENT_MODEL_H */
