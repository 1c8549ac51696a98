// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines: a slot of the parent's store with its Linux IRQ, requested, and the
 * handler that passes its interrupts on. This is the direct path: nothing of
 * ours on it allocates, takes a lock or searches a table.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "trace.h"
#include "vector.h"

static __always_inline irqreturn_t ims_line_deliver(struct ims_line *line,
						    struct eventfd_ctx *eventfd)
{
	local64_inc(&line->delivered);
	WRITE_ONCE(line->last, jiffies);
	eventfd_signal(eventfd);
	return IRQ_HANDLED;
}

/* Masked, or about to be unbound. Out of line: the handler needs no stack. */
static noinline irqreturn_t ims_line_caught(struct ims_line *line)
{
	struct eventfd_ctx *eventfd;

	if (ims_vector_catch(line->vector, &eventfd) !=
	    VFIO_PCI_IMS_SIGNAL_DELIVERED)
		return IRQ_HANDLED;
	return ims_line_deliver(line, eventfd);
}

/*
 * Runs with interrupts off, or where handlers are threads (PREEMPT_RT) with
 * softirqs off. For RCU both are read sections, without a call to say so.
 */
static irqreturn_t ims_line_handler(int irq, void *arg)
{
	struct ims_line *line = arg;
	struct eventfd_ctx *eventfd = rcu_dereference_bh(line->vector->trigger);

	if (unlikely(!eventfd))
		return ims_line_caught(line);
	return ims_line_deliver(line, eventfd);
}

/* A line for @vector with the cookie it is to have; NULL: no memory. */
struct ims_line *ims_line_alloc(struct ims_vector *vector)
{
	struct ims_line *line = kzalloc(sizeof(*line), GFP_KERNEL_ACCOUNT);

	if (!line)
		return NULL;
	line->vector = vector;
	line->irq.slot = IMS_SLOT_ANY;
	line->irq.cookie = ims_vector_cookie(vector);
	return line;
}

static void ims_slot_free(struct ims_vdev *vdev, struct ims_line *line)
{
	trace_ims_line_free(line);
	/* Waits for a handler that runs: line->delivered is final afterwards. */
	free_irq(line->irq.virq, line);
	ims_free_irqs(vdev->client, &line->irq, 1);
}

/* Request the interrupt of a line that has a slot. */
static int ims_slot_request(struct ims_line *line)
{
	const struct ims_vector *vector = line->vector;
	int ret;

	/* Ahead of the request, which takes the CPU's vector. */
	if (vector->affinity) {
		ret = irq_set_affinity(line->irq.virq, vector->affinity);
		if (ret)
			return ret;
	}
	/*
	 * Where the interrupt core polls handlers (irqpoll) ours would take that
	 * for an interrupt. This also spares each interrupt the search for
	 * spurious ones, which ours never are.
	 */
	irq_set_status_flags(line->irq.virq, IRQ_IS_POLLED);
	ret = request_irq(line->irq.virq, ims_line_handler, 0, vector->name,
			  line);
	if (!ret)
		trace_ims_line_alloc(line);
	return ret;
}

/*
 * No slots for all of @nr: the first that does not fit, and for want of what.
 * AMD's remapping says so, too, when its table is full (alloc_irq_index() in
 * drivers/iommu/amd/iommu.c), where Intel's has -ENOMEM.
 */
static enum ims_alert_kind ims_slot_shortage(struct ims_vdev *vdev, u32 nr,
					     u32 *culprit)
{
	struct ims_client_info info;

	ims_client_query(vdev->client, &info);
	if (nr <= info.available) {
		*culprit = 0;
		return IMS_ALERT_KIND_NO_MEMORY;
	}
	*culprit = info.available;
	return nr > info.limit - info.used ? IMS_ALERT_KIND_DEVICE_LIMIT :
					     IMS_ALERT_KIND_STORE_FULL;
}

static int ims_slot_alloc(struct ims_vdev *vdev, struct ims_line **lines,
			  u32 nr, u32 *culprit)
{
	enum ims_alert_kind kind = IMS_ALERT_KIND_CPU_VECTORS;
	struct ims_irq *irqs;
	u32 i;
	int ret;

	*culprit = 0;

	irqs = kvmalloc_array(nr, sizeof(*irqs), GFP_KERNEL);
	if (!irqs)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		irqs[i] = lines[i]->irq;

	ret = ims_alloc_irqs(vdev->client, irqs, nr, NULL);
	if (ret) {
		if (ret == -ENOSPC)
			kind = ims_slot_shortage(vdev, nr, culprit);
		goto out;
	}
	for (i = 0; i < nr; i++)
		lines[i]->irq = irqs[i];

	for (i = 0; i < nr; i++) {
		ret = ims_slot_request(lines[i]);
		if (ret)
			break;
	}
	if (ret) {
		dev_dbg(vdev->dev, "vector %u: IRQ %u: %s\n",
			lines[i]->vector->index, lines[i]->irq.virq,
			ret == -ENOSPC ? "the CPUs' vectors are exhausted" :
					 "cannot be requested");
		*culprit = i;
		ims_free_irqs(vdev->client, irqs + i, nr - i);
		while (i--)
			ims_slot_free(vdev, lines[i]);
	}
out:
	if (ret == -ENOSPC)
		ims_event_alert(vdev, lines[*culprit]->vector->index, kind, ret,
				0);
	kvfree(irqs);
	return ret;
}

static int ims_slot_set_cookie(struct ims_vdev *vdev, struct ims_line *line,
			       u64 cookie)
{
	return ims_set_cookie(vdev->client, &line->irq, cookie);
}

const struct ims_backing ims_backing_slot = {
	.id		= IMS_VECTOR_BACKING_IMS,
	.alloc		= ims_slot_alloc,
	.free		= ims_slot_free,
	.set_cookie	= ims_slot_set_cookie,
};

/*
 * Free lines that were taken off their vectors, whose counts they leave. Vectors
 * that have another line by now are signalled: see ims_vector_make_up().
 */
void ims_lines_free(struct ims_vdev *vdev, struct list_head *lines)
{
	struct ims_line *line, *next;
	struct ims_vector *vector;

	lockdep_assert_held(&vdev->lock);

	list_for_each_entry_safe(line, next, lines, node) {
		vector = line->vector;
		vector->backing->free(vdev, line);
		vector->delivered += local64_read(&line->delivered);
		if (line->last && (!vector->last ||
				   time_after(line->last, vector->last)))
			WRITE_ONCE(vector->last, line->last);
		kfree_rcu(line, rcu);
		if (ims_vector_line(vector))
			ims_vector_make_up(vector);
	}
}

/*
 * Give a live vector a new line with the cookie it is to have, and free the
 * old line when the new one is in force, which signals the vector once. On error
 * nothing has changed.
 */
int ims_vector_realloc(struct ims_vector *vector)
{
	struct ims_vdev *vdev = vector->vdev;
	struct ims_line *line;
	LIST_HEAD(old);
	u32 culprit;
	int ret;

	line = ims_line_alloc(vector);
	ret = line ? vector->backing->alloc(vdev, &line, 1, &culprit) : -ENOMEM;
	if (ret) {
		if (ret == -ENOMEM)
			ims_event_alert(vdev, vector->index,
					IMS_ALERT_KIND_NO_MEMORY, ret, 0);
		kfree(line);
		return ret;
	}
	line = ims_vector_swap_line(vector, line);
	list_add(&line->node, &old);
	ims_lines_free(vdev, &old);
	return 0;
}
