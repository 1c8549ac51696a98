// SPDX-License-Identifier: GPL-2.0-or-later
/* Delayed work items: a test says when their time has come. */
#include "kernel.h"
#include "shim.h"

static pthread_mutex_t work_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work_cond = PTHREAD_COND_INITIALIZER;
static struct delayed_work *queue;
static const struct delayed_work *running;

/* With work_lock held */
static bool dequeue(struct delayed_work *work)
{
	struct delayed_work **at = &queue;

	if (!work->queued)
		return false;
	while (*at != work)
		at = &(*at)->next;
	*at = work->next;
	work->queued = false;
	return true;
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *work,
			unsigned long delay)
{
	bool queued;

	(void)wq;
	pthread_mutex_lock(&work_lock);
	queued = !work->queued;
	if (queued) {
		work->queued = true;
		work->delay = delay;
		work->next = queue;
		queue = work;
	}
	pthread_mutex_unlock(&work_lock);
	return queued;
}

bool cancel_delayed_work_sync(struct delayed_work *work)
{
	bool pending;

	might_sleep();
	pthread_mutex_lock(&work_lock);
	pending = dequeue(work);
	while (running == work)
		pthread_cond_wait(&work_cond, &work_lock);
	/* It may have queued itself again. */
	dequeue(work);
	pthread_mutex_unlock(&work_lock);
	return pending;
}

static void run(struct delayed_work *work)
{
	struct shim_ctx worker = { .irq = 0 }, *was;

	running = work;
	pthread_mutex_unlock(&work_lock);
	was = shim_ctx_switch(&worker);
	work->work.func(&work->work);
	if (worker.nr_held || worker.rcu)
		shim_die("a work item ends with locks held");
	shim_ctx_switch(was);
	pthread_mutex_lock(&work_lock);
	running = NULL;
	pthread_cond_broadcast(&work_cond);
}

/* One caller at a time. What is queued meanwhile is not run. */
unsigned int shim_delayed_work_run(void)
{
	unsigned int n = 0, ran = 0;
	struct delayed_work *work;

	pthread_mutex_lock(&work_lock);
	for (work = queue; work; work = work->next)
		n++;
	for (; queue && ran < n; ran++) {
		/* The oldest: new ones are put at the front. */
		for (work = queue; work->next; work = work->next)
			;
		dequeue(work);
		run(work);
	}
	pthread_mutex_unlock(&work_lock);
	return ran;
}
