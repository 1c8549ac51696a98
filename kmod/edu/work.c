// SPDX-License-Identifier: GPL-2.0-only
/*
 * A work queue's work items: accepted by a register write, executed by edu one
 * after the other, finished by an interrupt.
 *
 * Queues take turns: a queue's work executes one item, and queues itself again
 * behind the others if there are more.
 */
#include "edu.h"

/**
 * ims_edu_wq_error_code - note an error for LAST_ERROR and ERRORS
 * @wq: the work queue
 * @code: %IMS_EDU_ERR_*; %IMS_EDU_ERR_NONE is not noted
 * @vector: what it is about
 *
 * Return: @code
 */
u32 ims_edu_wq_error_code(struct ims_edu_wq *wq, u32 code, u32 vector)
{
	if (code == IMS_EDU_ERR_NONE)
		return code;

	dev_dbg(wq->fn.vdev.dev, "vector %u: error %u\n", vector, code);

	spin_lock(&wq->work_lock);
	wq->errors++;
	wq->last_error = code;
	wq->last_error_vector = vector;
	spin_unlock(&wq->work_lock);
	return code;
}

/**
 * ims_edu_wq_error - the same for an errno
 * @wq: the work queue
 * @err: 0 or a negative errno of the helper, the engine or the store
 * @vector: what it is about
 *
 * Return: %IMS_EDU_ERR_*
 */
u32 ims_edu_wq_error(struct ims_edu_wq *wq, int err, u32 vector)
{
	u32 code;

	switch (err) {
	case 0:
		code = IMS_EDU_ERR_NONE;
		break;
	case -EINVAL:
	case -ERANGE:
		code = IMS_EDU_ERR_INVALID;
		break;
	case -ENXIO:
		code = IMS_EDU_ERR_BAD_VECTOR;
		break;
	case -ENOENT:
		code = IMS_EDU_ERR_NO_HANDLE;
		break;
	case -EACCES:
		code = IMS_EDU_ERR_COOKIE;
		break;
	case -ETIMEDOUT:
		code = IMS_EDU_ERR_TIMEOUT;
		break;
	case -ENODEV:
		code = IMS_EDU_ERR_GONE;
		break;
	default:
		code = IMS_EDU_ERR_HOST;
		break;
	}
	return ims_edu_wq_error_code(wq, code, vector);
}

/**
 * ims_edu_work_present - what work items present for a vector
 * @wq: the work queue
 * @vector: the vector
 * @cookie: its permission entry, as the guest has written it; NULL: what the
 *	vector's slot carries
 */
void ims_edu_work_present(struct ims_edu_wq *wq, u32 vector, const u64 *cookie)
{
	spin_lock(&wq->work_lock);
	wq->vectors[vector].written = cookie;
	if (cookie)
		wq->vectors[vector].cookie = *cookie;
	spin_unlock(&wq->work_lock);
}

/* The counterpart: false when it is what the vector's slot carries. */
static bool ims_edu_work_cookie(struct ims_edu_wq *wq, u32 vector, u64 *cookie)
{
	bool written;

	spin_lock(&wq->work_lock);
	written = wq->vectors[vector].written;
	*cookie = wq->vectors[vector].cookie;
	spin_unlock(&wq->work_lock);
	return written;
}

/*
 * Raise @vector: an emulated vector by the helper (intercepted path), another
 * one by its slot (direct path).
 */
static int ims_edu_work_interrupt(struct ims_edu_wq *wq, u32 vector)
{
	struct ims_edu *edu = ims_edu_of(wq);
	struct vfio_pci_ims_slot slot;
	u64 cookie;
	bool written;
	u32 held;
	int ret;

	switch (vfio_pci_ims_send_signal(&wq->fn.ims, vector)) {
	case VFIO_PCI_IMS_SIGNAL_DELIVERED:
	case VFIO_PCI_IMS_SIGNAL_PENDING:
		return 0;
	case VFIO_PCI_IMS_SIGNAL_NO_TRIGGER:
		return -ENOENT;
	case VFIO_PCI_IMS_SIGNAL_NOT_EMULATED:
		break;
	}

	/*
	 * Before the slot that was found is held it may become another vector's,
	 * even another queue's, and the cookie is the guest's choice. So ask again
	 * with the slot held. The vector may have another one then: it is enabled
	 * all the same, and that is the one to fire.
	 */
	ret = vfio_pci_ims_hwirq(&wq->fn.ims, vector, &slot);
	while (!ret) {
		held = slot.slot;
		ims_edu_store_hold(edu, held);
		ret = vfio_pci_ims_hwirq(&wq->fn.ims, vector, &slot);
		if (!ret && slot.slot == held) {
			written = ims_edu_work_cookie(wq, vector, &cookie);
			ret = ims_edu_store_fire(edu, written ? &cookie : NULL);
			ims_edu_store_release(edu);
			return ret;
		}
		ims_edu_store_release(edu);
	}
	return -ENOENT;
}

static void ims_edu_work_execute(struct ims_edu_wq *wq,
				 const struct ims_edu_item *item)
{
	struct ims_edu_vector *vector = &wq->vectors[item->vector];
	u32 result, code;
	int ret;

	ret = ims_edu_engine_factorial(ims_edu_of(wq), item->n, &result);
	if (!ret) {
		/* Whoever waits for the interrupt finds the result. */
		spin_lock(&wq->work_lock);
		vector->result = result;
		vector->status = IMS_EDU_ERR_NONE;
		vector->completed++;
		wq->completed++;
		spin_unlock(&wq->work_lock);

		ret = ims_edu_work_interrupt(wq, item->vector);
	}
	if (!ret)
		return;

	code = ims_edu_wq_error(wq, ret, item->vector);
	spin_lock(&wq->work_lock);
	vector->status = code;
	vector->errors++;
	spin_unlock(&wq->work_lock);
}

static void ims_edu_work_fn(struct work_struct *work)
{
	struct ims_edu_wq *wq = container_of(work, struct ims_edu_wq, work);
	struct ims_edu_item item;
	bool more;

	spin_lock(&wq->work_lock);
	more = kfifo_get(&wq->items, &item);
	wq->running = more;
	spin_unlock(&wq->work_lock);
	if (!more)
		return;

	ims_edu_engine_begin(ims_edu_of(wq));
	ims_edu_work_execute(wq, &item);
	ims_edu_engine_end(ims_edu_of(wq));

	spin_lock(&wq->work_lock);
	wq->running = false;
	more = !kfifo_is_empty(&wq->items);
	spin_unlock(&wq->work_lock);

	if (more)
		queue_work(ims_edu_of(wq)->engine.queue, &wq->work);
}

static u32 ims_edu_work_count(struct ims_edu_wq *wq)
{
	lockdep_assert_held(&wq->work_lock);

	return kfifo_len(&wq->items) + wq->running;
}

/**
 * ims_edu_work_submit - accept a work item
 * @wq: the work queue
 * @n: compute the factorial of this
 * @vector: raise this when done
 *
 * Context: process context, with fn->lock held.
 *
 * Return: %IMS_EDU_ERR_NONE or the error, which has been noted
 */
u32 ims_edu_work_submit(struct ims_edu_wq *wq, u32 n, u32 vector)
{
	struct ims_edu_item item = { .n = n, .vector = vector };
	u32 code = IMS_EDU_ERR_NONE;

	if (vector >= wq->fn.driver->num_vectors)
		return ims_edu_wq_error_code(wq, IMS_EDU_ERR_BAD_VECTOR,
					     vector);
	if (n > IMS_EDU_WORK_N_MAX)
		return ims_edu_wq_error_code(wq, IMS_EDU_ERR_INVALID, vector);
	if (ims_edu_gone(ims_edu_of(wq)))
		return ims_edu_wq_error_code(wq, IMS_EDU_ERR_GONE, vector);

	spin_lock(&wq->work_lock);
	if (ims_edu_work_count(wq) < IMS_EDU_QUEUE_DEPTH)
		kfifo_put(&wq->items, item);
	else
		code = IMS_EDU_ERR_QUEUE_FULL;
	spin_unlock(&wq->work_lock);

	if (code == IMS_EDU_ERR_NONE)
		queue_work(ims_edu_of(wq)->engine.queue, &wq->work);
	return ims_edu_wq_error_code(wq, code, vector);
}

/**
 * ims_edu_work_pending - work items that are not finished
 * @wq: the work queue
 *
 * Return: their number
 */
u32 ims_edu_work_pending(struct ims_edu_wq *wq)
{
	u32 count;

	spin_lock(&wq->work_lock);
	count = ims_edu_work_count(wq);
	spin_unlock(&wq->work_lock);
	return count;
}

/**
 * ims_edu_work_stop - drop what has not begun, finish what has
 * @wq: the work queue; nothing is submitted while this runs
 *
 * Context: process context. Sleeps until edu is done with the item: for seconds
 * at most, or as long as edu sleeps.
 */
void ims_edu_work_stop(struct ims_edu_wq *wq)
{
	spin_lock(&wq->work_lock);
	kfifo_reset(&wq->items);
	spin_unlock(&wq->work_lock);

	cancel_work_sync(&wq->work);
}

/**
 * ims_edu_work_reset - initial state of all that the worker shares
 * @wq: the work queue, stopped
 */
void ims_edu_work_reset(struct ims_edu_wq *wq)
{
	spin_lock(&wq->work_lock);
	wq->completed = 0;
	wq->errors = 0;
	wq->last_error = IMS_EDU_ERR_NONE;
	wq->last_error_vector = 0;
	memset(wq->vectors, 0, array_size(wq->fn.driver->num_vectors,
					  sizeof(*wq->vectors)));
	spin_unlock(&wq->work_lock);
}

/**
 * ims_edu_work_init - prepare a new work queue for work
 * @wq: the work queue
 */
void ims_edu_work_init(struct ims_edu_wq *wq)
{
	INIT_WORK(&wq->work, ims_edu_work_fn);
	spin_lock_init(&wq->work_lock);
	INIT_KFIFO(wq->items);
}
