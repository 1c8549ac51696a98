/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: the life of a vector's line, its interrupts, producers, and requests
 * that were refused. Cookies are left out: perf shows tracepoints to more people than
 * may see them.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vfio_pci_ims

#if !defined(_VFIO_PCI_IMS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _VFIO_PCI_IMS_TRACE_H

#include <linux/tracepoint.h>

#include "engine.h"

DECLARE_EVENT_CLASS(ims_line,
	TP_PROTO(const struct ims_line *line),
	TP_ARGS(line),
	TP_STRUCT__entry(
		__field(u32, device)
		__field(u32, vector)
		__field(u32, slot)
		__field(u32, generation)
		__field(u32, irq)
	),
	TP_fast_assign(
		__entry->device = line->vector->vdev->id;
		__entry->vector = line->vector->index;
		__entry->slot = line->irq.slot;
		__entry->generation = line->irq.generation;
		__entry->irq = line->irq.virq;
	),
	TP_printk("device=%u vector=%u slot=%u generation=%u irq=%u",
		  __entry->device, __entry->vector, __entry->slot,
		  __entry->generation, __entry->irq)
);

DEFINE_EVENT(ims_line, ims_line_alloc,
	TP_PROTO(const struct ims_line *line),
	TP_ARGS(line)
);

DEFINE_EVENT(ims_line, ims_line_free,
	TP_PROTO(const struct ims_line *line),
	TP_ARGS(line)
);

DECLARE_EVENT_CLASS(ims_vector,
	TP_PROTO(const struct ims_vector *vector),
	TP_ARGS(vector),
	TP_STRUCT__entry(
		__field(u32, device)
		__field(u32, vector)
	),
	TP_fast_assign(
		__entry->device = vector->vdev->id;
		__entry->vector = vector->index;
	),
	TP_printk("device=%u vector=%u", __entry->device, __entry->vector)
);

DEFINE_EVENT(ims_vector, ims_trigger_replaced,
	TP_PROTO(const struct ims_vector *vector),
	TP_ARGS(vector)
);

/*
 * What becomes of an interrupt: one event for each step of the counter of that name;
 * ims_passed for one that was pended, when it is signalled after all. Ahead of the
 * eventfd's signal, so that who is woken by it can be told. While nobody looks, each
 * is an instruction that does nothing.
 */
DEFINE_EVENT(ims_vector, ims_delivered,
	TP_PROTO(const struct ims_vector *vector),
	TP_ARGS(vector)
);

DEFINE_EVENT(ims_vector, ims_loopback,
	TP_PROTO(const struct ims_vector *vector),
	TP_ARGS(vector)
);

DEFINE_EVENT(ims_vector, ims_signalled,
	TP_PROTO(const struct ims_vector *vector),
	TP_ARGS(vector)
);

DEFINE_EVENT(ims_vector, ims_pended,
	TP_PROTO(const struct ims_vector *vector),
	TP_ARGS(vector)
);

DEFINE_EVENT(ims_vector, ims_passed,
	TP_PROTO(const struct ims_vector *vector),
	TP_ARGS(vector)
);

DEFINE_EVENT(ims_vector, ims_dropped,
	TP_PROTO(const struct ims_vector *vector),
	TP_ARGS(vector)
);

TRACE_EVENT(ims_bypass,
	TP_PROTO(const struct ims_vector *vector, int error),
	TP_ARGS(vector, error),
	TP_STRUCT__entry(
		__field(u32, device)
		__field(u32, vector)
		__field(int, error)
		__field(bool, connected)
	),
	TP_fast_assign(
		__entry->device = vector->vdev->id;
		__entry->vector = vector->index;
		__entry->error = error;
		__entry->connected = vector->bypassed;
	),
	TP_printk("device=%u vector=%u error=%d connected=%d",
		  __entry->device, __entry->vector, __entry->error,
		  __entry->connected)
);

TRACE_EVENT(ims_cookie,
	TP_PROTO(const struct ims_vector *vector, int mode),
	TP_ARGS(vector, mode),
	TP_STRUCT__entry(
		__field(u32, device)
		__field(u32, vector)
		__field(bool, own)
		__field(int, mode)
	),
	TP_fast_assign(
		__entry->device = vector->vdev->id;
		__entry->vector = vector->index;
		__entry->own = vector->cookie_own;
		__entry->mode = mode;
	),
	TP_printk("device=%u vector=%u cookie=%s %s",
		  __entry->device, __entry->vector,
		  __entry->own ? "own" : "default",
		  __entry->mode == VFIO_PCI_IMS_COOKIE_NOW ? "now" : "next")
);

TRACE_EVENT(ims_refused,
	TP_PROTO(const struct ims_vdev *vdev, u32 vector, int error),
	TP_ARGS(vdev, vector, error),
	TP_STRUCT__entry(
		__field(u32, device)
		__field(u32, vector)
		__field(int, error)
	),
	TP_fast_assign(
		__entry->device = vdev->id;
		__entry->vector = vector;
		__entry->error = error;
	),
	TP_printk("device=%u vector=%u error=%d",
		  __entry->device, __entry->vector, __entry->error)
);

#endif /* _VFIO_PCI_IMS_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
