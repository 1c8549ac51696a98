/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events of the monitor, as monitor.c makes them.
 */
#ifndef LIBIMS_EVENT_H
#define LIBIMS_EVENT_H

#include "attr.h"

struct ims_event {
	uint32_t type;
	/* CLOCK_MONOTONIC of what the library tells by itself; 0: see the snapshot. */
	uint64_t time;
	/* What is in the union; NULL for nothing. */
	const struct ims_attr_set *set;
	union {
		struct ims_snapshot snapshot;
		struct ims_store store;
		struct ims_device device;
		struct ims_vector vector;
		struct ims_alert alert;
	};
};

/*
 * An event without contents, to be freed by ims_event_free(). 0 or -ENOMEM;
 * sets the context's last error.
 */
int ims_event_new(struct ims_ctx *ctx, uint32_t type, struct ims_event **event);

/* 0 and the type of a notification, or -ENOENT if @cmd is none that we know. */
int ims_event_type_of(uint8_t cmd, uint32_t *type);

#endif /* LIBIMS_EVENT_H */
