// SPDX-License-Identifier: GPL-2.0-only
/*
 * Portals: where a user writes descriptors, and a queue takes them. A real device
 * notices a write; memory does not, so a thread for each enabled queue looks.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "hw.h"

/* Between two looks at a portal that is empty, in microseconds; it grows. */
#define SIOV_HW_PAUSE_MIN	20
#define SIOV_HW_PAUSE_MAX	2000

/**
 * siov_hw_fail - a descriptor has failed
 * @queue: the queue
 * @error: IMS_SIOV_ERR_*; %IMS_SIOV_ERR_NONE: it has not
 *
 * Context: with queue->step held
 */
void siov_hw_fail(struct siov_hw_queue *queue, u32 error)
{
	lockdep_assert_held(&queue->step);

	if (error == IMS_SIOV_ERR_NONE)
		return;
	queue->errors++;
	queue->last_error = error;
}

static void siov_hw_show(struct siov_hw_queue *queue)
{
	writel(queue->errors, queue->registers + SIOV_HW_QUEUE_ERRORS);
	writel(queue->last_error, queue->registers + SIOV_HW_QUEUE_LAST_ERROR);
	writel(queue->done, queue->registers + SIOV_HW_QUEUE_DONE);
	writel(queue->raised, queue->registers + SIOV_HW_QUEUE_RAISED);
}

/* Take the portal's next descriptor, if there is one. */
static bool siov_hw_fetch(struct siov_hw_queue *queue, struct ims_siov_desc *desc)
{
	void __iomem *at = queue->portal + queue->head * sizeof(*desc);
	__le64 *words = (__le64 *)desc;
	size_t i;

	if (!(readl(at) & IMS_SIOV_DESC_VALID))
		return false;
	for (i = 0; i < sizeof(*desc) / sizeof(*words); i++)
		words[i] = cpu_to_le64(lo_hi_readq(at + i * sizeof(*words)));
	writel(0, at);
	queue->head = (queue->head + 1) % IMS_SIOV_PORTAL_ENTRIES;
	return true;
}

/* Execute what is in the portal, a round at most: how many there were. */
static u32 siov_hw_step(struct siov_hw_queue *queue)
{
	struct ims_siov_desc desc;
	u32 n;

	lockdep_assert_held(&queue->step);

	for (n = 0; n < IMS_SIOV_PORTAL_ENTRIES; n++) {
		if (!siov_hw_fetch(queue, &desc))
			break;
		siov_hw_execute(queue, &desc, false);
	}
	if (!n) {
		WRITE_ONCE(queue->empty, queue->empty + 1);
		return 0;
	}
	siov_hw_raise(queue);
	siov_hw_show(queue);
	WRITE_ONCE(queue->taken, queue->taken + n);
	return n;
}

static int siov_hw_run(void *data)
{
	struct siov_hw_queue *queue = data;
	unsigned int pause = SIOV_HW_PAUSE_MIN;
	u32 n, errors;

	while (!kthread_should_stop()) {
		mutex_lock(&queue->step);
		errors = queue->errors;
		n = READ_ONCE(queue->hw->off) ? 0 : siov_hw_step(queue);
		errors -= queue->errors;
		mutex_unlock(&queue->step);

		if (errors)
			queue->hw->error(queue->hw->data, queue->n);
		if (wq_has_sleeper(&queue->idle))
			wake_up_all(&queue->idle);
		if (n) {
			pause = SIOV_HW_PAUSE_MIN;
			cond_resched();
		} else {
			usleep_range(pause, 2 * pause);
			pause = min(2 * pause, SIOV_HW_PAUSE_MAX);
		}
	}
	return 0;
}

/**
 * siov_hw_enable - the queue takes descriptors from now on
 * @queue: the queue, disabled
 * @pasid: its PASID
 *
 * Context: process context, may sleep
 *
 * Return: 0 or a negative errno: there is no thread to be had
 */
int siov_hw_enable(struct siov_hw_queue *queue, u32 pasid)
{
	struct task_struct *thread;

	queue->pasid = pasid;
	thread = kthread_run(siov_hw_run, queue, "ims_siov/%u", queue->n);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	queue->thread = thread;
	return 0;
}

/**
 * siov_hw_disable - the queue takes no more descriptors
 * @queue: the queue, enabled or not
 *
 * When this returns those that were taken are done, and their interrupts raised.
 *
 * Context: process context. Sleeps, for as long as that takes.
 */
void siov_hw_disable(struct siov_hw_queue *queue)
{
	if (!queue->thread)
		return;
	kthread_stop(queue->thread);
	queue->thread = NULL;
}

/**
 * siov_hw_rest - wait until a queue whose device is off is idle
 * @queue: the queue
 * @patience: for how long, in milliseconds; %UINT_MAX: until it is
 *
 * A step takes as long as the user lets page faults take. What handles them may be
 * a process that is frozen while the system goes to sleep.
 *
 * Context: process context. Sleeps.
 *
 * Return: whether it is idle
 */
bool siov_hw_rest(struct siov_hw_queue *queue, unsigned int patience)
{
	unsigned int waited = 0;

	while (!mutex_trylock(&queue->step)) {
		if (waited >= patience)
			return false;
		usleep_range(1000, 2000);
		if (patience != UINT_MAX)
			waited++;
	}
	mutex_unlock(&queue->step);
	return true;
}

/**
 * siov_hw_drain - wait until all that has been submitted is done
 * @queue: the queue; nothing happens if it is disabled
 *
 * Context: process context. Sleeps, for as long as that takes.
 *
 * Return: 0; -EINTR when the caller is killed; -ENODEV when the device goes away
 */
int siov_hw_drain(struct siov_hw_queue *queue)
{
	u32 taken = READ_ONCE(queue->taken);
	u32 empty = READ_ONCE(queue->empty);
	struct siov_hw *hw = queue->hw;

	if (!queue->thread)
		return 0;
	/*
	 * A portal that was found empty by a look that began after now, or has been
	 * gone round.
	 */
	if (wait_event_killable(queue->idle, READ_ONCE(hw->gone) ||
				READ_ONCE(queue->empty) - empty >= 2 ||
				READ_ONCE(queue->taken) - taken >=
						2 * IMS_SIOV_PORTAL_ENTRIES))
		return -EINTR;
	return READ_ONCE(hw->gone) ? -ENODEV : 0;
}

/**
 * siov_hw_clear - make a queue as after power-on
 * @queue: the queue, disabled
 *
 * Context: process context, may sleep
 */
void siov_hw_clear(struct siov_hw_queue *queue)
{
	u32 i;

	for (i = 0; i < IMS_SIOV_PORTAL_ENTRIES; i++)
		writel(0, queue->portal + i * sizeof(struct ims_siov_desc));

	mutex_lock(&queue->step);
	queue->head = 0;
	queue->errors = 0;
	queue->last_error = IMS_SIOV_ERR_NONE;
	queue->done = 0;
	queue->raised = 0;
	siov_hw_show(queue);
	mutex_unlock(&queue->step);
}

/**
 * siov_hw_queue_new - a queue of the device
 * @hw: the device
 * @n: number of the queue, below %SIOV_HW_QUEUES_MAX
 *
 * Context: process context, may sleep
 *
 * Return: the queue, or NULL without memory
 */
struct siov_hw_queue *siov_hw_queue_new(struct siov_hw *hw, unsigned int n)
{
	struct siov_hw_queue *queue;

	queue = kvzalloc(sizeof(*queue), GFP_KERNEL);
	if (!queue)
		return NULL;
	queue->hw = hw;
	queue->n = n;
	queue->portal = hw->bar + SIOV_HW_PORTAL(n);
	queue->registers = hw->bar + SIOV_HW_QUEUE(n);
	mutex_init(&queue->step);
	init_waitqueue_head(&queue->idle);
	return queue;
}

/**
 * siov_hw_queue_free - counterpart of siov_hw_queue_new()
 * @queue: the queue, disabled; or NULL
 */
void siov_hw_queue_free(struct siov_hw_queue *queue)
{
	if (!queue)
		return;
	mutex_destroy(&queue->step);
	kvfree(queue);
}
