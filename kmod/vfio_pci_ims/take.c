// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking triggers and slots from vectors. Cannot fail and allocates nothing: the
 * parent may be going away, or a guest's memory be used up.
 */
#include <linux/eventfd.h>
#include <linux/interrupt.h>
#include <linux/sched.h>

#include "engine.h"

/* Take the trigger of @vector, which has one. Nobody uses it afterwards. */
void ims_vector_unbind(struct ims_vector *vector)
{
	struct eventfd_ctx *old = ims_vector_bind(vector, NULL);

	ims_vector_quiesce(vector);
	eventfd_ctx_put(old);
}

/* Take the line of @vector, if it has one; ims_lines_free() follows. */
void ims_vector_take_line(struct ims_vector *vector, struct list_head *lines)
{
	struct ims_line *line = ims_vector_swap_line(vector, NULL);

	if (line)
		list_add_tail(&line->node, lines);
}

/* Unbind every vector, and with @release end what the driver has prepared. */
void ims_vectors_disable(struct ims_vdev *vdev, bool release,
			 enum vfio_pci_ims_reason why)
{
	struct ims_vector *vector;
	LIST_HEAD(lines);
	bool bound, tell;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	for (i = 0; release || vdev->triggers; i = vector->index + 1) {
		vector = ims_vector_next(vdev, i);
		if (!vector)
			break;
		bound = vector->eventfd;
		tell = bound || (release && vector->prepared);
		if (release)
			ims_vector_set_prepared(vector, false);
		if (bound)
			ims_vector_unbind(vector);
		/* Of a line that is taken listeners are told when it is freed. */
		if (!vector->prepared && ims_vector_line(vector))
			ims_vector_take_line(vector, &lines);
		else if (tell)
			ims_event_vector(vector, IMS_EVENT_CHANGE);
		cond_resched();
	}
	ims_lines_free(vdev, &lines, why);
}
