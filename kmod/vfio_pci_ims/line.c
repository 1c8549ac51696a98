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
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "engine.h"
#include "trace.h"

/* Most lines that are freed at once, while others wait for store and device. */
#define IMS_LINES_BATCH	512U

static __always_inline irqreturn_t ims_line_deliver(struct eventfd_ctx *eventfd,
						    struct ims_line *line)
{
	local64_inc(&line->delivered);
	WRITE_ONCE(line->last, jiffies);
	ims_compat_eventfd_signal(eventfd);
	return IRQ_HANDLED;
}

/* Somebody looks at the tracepoint. Out of line: the handler needs no stack. */
static noinline irqreturn_t ims_line_deliver_traced(struct eventfd_ctx *eventfd,
						    struct ims_line *line)
{
	trace_ims_delivered(line->vector);
	return ims_line_deliver(eventfd, line);
}

/* Kept back, limited, or about to be unbound. Out of line, likewise. */
static noinline irqreturn_t ims_line_defer(struct ims_line *line)
{
	struct eventfd_ctx *eventfd;

	if (ims_vector_defer(line->vector, false, &eventfd) !=
	    VFIO_PCI_IMS_SIGNAL_DELIVERED)
		return IRQ_HANDLED;
	return ims_line_deliver_traced(eventfd, line);
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
		return ims_line_defer(line);
	if (trace_ims_delivered_enabled())
		return ims_line_deliver_traced(eventfd, line);
	return ims_line_deliver(eventfd, line);
}

/* A line for @vector with @cookie in its slot; NULL: no memory. */
struct ims_line *ims_line_alloc(struct ims_vector *vector, u64 cookie)
{
	struct ims_line *line = kzalloc(sizeof(*line), GFP_KERNEL_ACCOUNT);

	if (!line)
		return NULL;
	line->vector = vector;
	line->irq.slot = IMS_SLOT_ANY;
	line->irq.cookie = cookie;
	return line;
}

/* A CPU that is on its way to the handler has interrupts off: kmod/ims/entries.c. */
static void ims_slots_quiesce(struct list_head *lines)
{
	struct ims_line *line;

	list_for_each_entry(line, lines, node)
		ims_mask_irq(&line->irq);
	synchronize_rcu();
}

/*
 * Those that are freed together share the wait for CPUs that are on their way to the
 * handler, see ims_free_irqs(). Without memory they go one by one: this must not
 * fail.
 */
static void ims_slots_free(struct ims_vdev *vdev, struct list_head *lines,
			   struct list_head *freed)
{
	unsigned int nr = 0, room = 0;
	struct ims_irq one, *irqs;
	struct ims_line *line;

	list_for_each_entry(line, lines, node)
		if (++room == IMS_LINES_BATCH)
			break;
	irqs = room > 1 ? kvmalloc_array(room, sizeof(*irqs),
					 GFP_KERNEL | __GFP_NOWARN) : NULL;
	if (!irqs) {
		irqs = &one;
		room = 1;
	}

	while (nr < room) {
		line = list_first_entry(lines, struct ims_line, node);
		trace_ims_line_free(line);
		/* Waits for a handler that runs: line->delivered is final then. */
		free_irq(line->irq.virq, line);
		line->left = ims_irq_left(&line->irq);
		irqs[nr++] = line->irq;
		list_move_tail(&line->node, freed);
		cond_resched();
	}
	ims_free_irqs(vdev->client, irqs, nr);
	if (irqs != &one)
		kvfree(irqs);
}

/* Request the interrupt of a line that has a slot. */
static int ims_slot_request(struct ims_line *line)
{
	const struct ims_vector *vector = line->vector;
	int ret;

	ret = ims_request_irq(&line->irq, ims_line_handler, vector->name, line,
			      ims_vector_affinity(vector));
	if (!ret)
		trace_ims_line_alloc(line);
	return ret;
}

/* No slots for all of @nr: the first that does not fit, and for want of what. */
static enum ims_alert_kind ims_slot_shortage(struct ims_vdev *vdev, u32 nr,
					     u32 *first)
{
	struct ims_client_info info;

	ims_client_query(vdev->client, &info);
	*first = 0;
	if (nr <= info.available)
		return info.no_vectors ? IMS_ALERT_KIND_CPU_VECTORS :
					 IMS_ALERT_KIND_ENTRIES;
	*first = info.available;
	return nr > info.limit - info.used ? IMS_ALERT_KIND_DEVICE_LIMIT :
					     IMS_ALERT_KIND_STORE_FULL;
}

/*
 * Request the interrupts of @nr lines that have slots, all or none. @irqs are
 * theirs, and freed on error.
 */
static int ims_slots_request(struct ims_vdev *vdev, struct ims_line **lines,
			     const struct ims_irq *irqs, u32 nr,
			     struct ims_failure *failure)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		ret = ims_slot_request(lines[i]);
		if (ret)
			break;
		cond_resched();
	}
	if (!ret)
		return 0;

	dev_dbg(vdev->dev, "vector %u: IRQ %u: %s\n", lines[i]->vector->index,
		irqs[i].virq,
		ret == -ENOSPC ? "the CPUs' vectors are exhausted" :
				 "cannot be requested");
	failure->vector = lines[i]->vector->index;
	if (ret == -ENOSPC)
		failure->kind = IMS_ALERT_KIND_CPU_VECTORS;
	else if (ret == -ENOMEM)
		failure->kind = IMS_ALERT_KIND_NO_MEMORY;
	while (i--) {
		trace_ims_line_free(lines[i]);
		free_irq(irqs[i].virq, lines[i]);
	}
	ims_free_irqs(vdev->client, irqs, nr);
	return ret;
}

static int ims_slot_alloc(struct ims_vdev *vdev, struct ims_line **lines,
			  u32 nr, struct ims_failure *failure)
{
	struct ims_irq one, *irqs = &one;
	u32 i, first = 0;
	int ret;

	failure->vector = lines[0]->vector->index;
	failure->kind = IMS_NOTHING_RAN_OUT;
	if (nr > 1)
		irqs = kvmalloc_array(nr, sizeof(*irqs), GFP_KERNEL);
	if (!irqs) {
		failure->kind = IMS_ALERT_KIND_NO_MEMORY;
		return -ENOMEM;
	}
	for (i = 0; i < nr; i++)
		irqs[i] = lines[i]->irq;
	ret = ims_alloc_irqs(vdev->client, irqs, nr);
	if (ret) {
		if (ret == -ENOSPC)
			failure->kind = ims_slot_shortage(vdev, nr, &first);
		else if (ret == -ENOMEM)
			failure->kind = IMS_ALERT_KIND_NO_MEMORY;
		failure->vector = lines[first]->vector->index;
	} else {
		for (i = 0; i < nr; i++)
			lines[i]->irq = irqs[i];
		ret = ims_slots_request(vdev, lines, irqs, nr, failure);
	}
	if (irqs != &one)
		kvfree(irqs);
	return ret;
}

static int ims_slot_set_cookie(struct ims_vdev *vdev, struct ims_line *line,
			       u64 cookie)
{
	struct ims_irq irq = line->irq;
	int ret;

	/* Readers look at the cookie without lock. */
	ret = ims_set_cookie(vdev->client, &irq, cookie);
	if (!ret)
		WRITE_ONCE(line->irq.cookie, cookie);
	return ret;
}

const struct ims_backing ims_backing_slot = {
	.id		= IMS_VECTOR_BACKING_IMS,
	.alloc		= ims_slot_alloc,
	.quiesce	= ims_slots_quiesce,
	.free		= ims_slots_free,
	.set_cookie	= ims_slot_set_cookie,
};

/*
 * The vector keeps what @line has counted. Called when the vector has it no more,
 * so that what is shown of the vector never goes back, and when its handler does
 * not run any more, for what has come meanwhile.
 */
void ims_line_merge_counts(struct ims_line *line)
{
	struct ims_vector *vector = line->vector;
	u64 delivered = local64_read(&line->delivered);
	unsigned long last = READ_ONCE(line->last);

	lockdep_assert_held(&vector->lock);

	WRITE_ONCE(vector->delivered,
		   vector->delivered + delivered - line->merged);
	line->merged = delivered;
	if (last && (!vector->last || time_after(last, vector->last)))
		WRITE_ONCE(vector->last, last);
}

/* @line is freed: tell everybody. @quiet: nothing is under way to its vector. */
static void ims_line_end(struct ims_line *line, bool quiet,
			 enum vfio_pci_ims_reason why)
{
	struct ims_vector *vector = line->vector;
	unsigned long flags;

	raw_spin_lock_irqsave(&vector->lock, flags);
	ims_line_merge_counts(line);
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	if ((line->left || !quiet) && (vector->eventfd || vector->prepared))
		ims_vector_resend(vector);
	/* A block may bind some vectors and unbind others. */
	if (why == VFIO_PCI_IMS_BOUND && !vector->eventfd)
		why = VFIO_PCI_IMS_UNBOUND;
	ims_vector_tell_slot(vector, &line->irq, why);
	ims_event_vector(vector, IMS_EVENT_CHANGE);
	kfree_rcu(line, rcu);
}

/* Free some of @lines, of one device, and move them to @freed. */
static void ims_lines_free_some(struct list_head *lines, struct list_head *freed)
{
	struct ims_vector *vector;

	vector = list_first_entry(lines, struct ims_line, node)->vector;
	vector->backing->free(vector->vdev, lines, freed);
	cond_resched();
}

static void ims_lines_end(struct ims_vdev *vdev, struct list_head *lines,
			  bool quiet, enum vfio_pci_ims_reason why)
{
	struct ims_line *line, *next;

	lockdep_assert_held(&vdev->lock);

	while (!list_empty(lines)) {
		LIST_HEAD(freed);

		ims_lines_free_some(lines, &freed);
		list_for_each_entry_safe(line, next, &freed, node)
			ims_line_end(line, quiet, why);
	}
}

/* Free lines that never came into use. */
void ims_lines_abort(struct list_head *lines)
{
	struct ims_line *line, *next;

	while (!list_empty(lines)) {
		LIST_HEAD(freed);

		ims_lines_free_some(lines, &freed);
		list_for_each_entry_safe(line, next, &freed, node)
			kfree(line);
	}
}

/*
 * Free lines that were taken off their vectors. Vectors that still expect
 * interrupts, for they have another line, are signalled: see ims_vector_resend().
 */
void ims_lines_free(struct ims_vdev *vdev, struct list_head *lines,
		    enum vfio_pci_ims_reason why)
{
	ims_lines_end(vdev, lines, false, why);
}

/*
 * The same of vectors that get no other line now. There is time to wait for what
 * is under way, so they are signalled only when the slot has kept an interrupt.
 */
void ims_lines_revoke(struct ims_vdev *vdev, struct list_head *lines,
		      enum vfio_pci_ims_reason why)
{
	if (list_empty(lines))
		return;
	list_first_entry(lines, struct ims_line,
			 node)->vector->backing->quiesce(lines);
	ims_lines_end(vdev, lines, true, why);
}
