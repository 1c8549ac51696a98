// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Work items. In tests with one thread they run at once, as on another CPU that is
 * faster, or as late as somebody waits for them; else on a thread of their own.
 */
#include "kernel.h"
#include "shim.h"

static enum shim_rcu mode;
static pthread_mutex_t work_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work_cond = PTHREAD_COND_INITIALIZER;
static struct work_struct *queue, **queue_tail = &queue;
static pthread_t thread;
static unsigned int running;
static bool stop;

/* With work_lock held, which is released meanwhile */
static void run_first(void)
{
	struct work_struct *work = queue;
	struct shim_ctx worker = { .irq = 0 }, *was;

	queue = work->next;
	if (!queue)
		queue_tail = &queue;
	work->pending = false;
	work->running = true;
	running++;
	pthread_mutex_unlock(&work_lock);

	was = shim_ctx_switch(&worker);
	work->func(work);
	if (worker.nr_held || worker.rcu)
		shim_die("a work item ends with locks held");
	shim_ctx_switch(was);

	pthread_mutex_lock(&work_lock);
	work->running = false;
	running--;
	pthread_cond_broadcast(&work_cond);
}

static void *worker(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&work_lock);
	while (queue || !stop) {
		if (queue)
			run_first();
		else
			pthread_cond_wait(&work_cond, &work_lock);
	}
	pthread_mutex_unlock(&work_lock);
	return NULL;
}

void shim_work_drain(void)
{
	pthread_mutex_lock(&work_lock);
	if (mode == SHIM_RCU_THREAD)
		while (queue || running)
			pthread_cond_wait(&work_cond, &work_lock);
	while (queue)
		run_first();
	pthread_mutex_unlock(&work_lock);
}

void shim_work_mode(enum shim_rcu new)
{
	if (mode == SHIM_RCU_THREAD && new != mode) {
		pthread_mutex_lock(&work_lock);
		stop = true;
		pthread_cond_broadcast(&work_cond);
		pthread_mutex_unlock(&work_lock);
		pthread_join(thread, NULL);
	}
	if (new == SHIM_RCU_THREAD && new != mode) {
		stop = false;
		if (pthread_create(&thread, NULL, worker, NULL))
			shim_die("no thread for work items");
	}
	mode = new;
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	bool queued;

	(void)wq;
	pthread_mutex_lock(&work_lock);
	queued = !work->pending;
	if (queued) {
		work->pending = true;
		work->next = NULL;
		*queue_tail = work;
		queue_tail = &work->next;
		pthread_cond_broadcast(&work_cond);
	}
	pthread_mutex_unlock(&work_lock);
	if (!shim_ctx()->nr_held)
		shim_work_poll();
	return queued;
}

/*
 * Nobody holds a lock that work items may take, or one was released just now: run
 * what is to run at once. Not within a work item: what it queues comes after it.
 */
void shim_work_poll(void)
{
	static bool running;

	if (mode != SHIM_RCU_IMMEDIATE || running || !queue)
		return;
	running = true;
	pthread_mutex_lock(&work_lock);
	while (queue)
		run_first();
	pthread_mutex_unlock(&work_lock);
	running = false;
}

bool flush_work(struct work_struct *work)
{
	bool waited;

	might_sleep();
	pthread_mutex_lock(&work_lock);
	waited = work->pending || work->running;
	if (mode == SHIM_RCU_THREAD)
		while (work->pending || work->running)
			pthread_cond_wait(&work_cond, &work_lock);
	while (work->pending)
		run_first();
	pthread_mutex_unlock(&work_lock);
	return waited;
}

static struct delayed_work *delayed;

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *work,
			unsigned long delay)
{
	bool queued;

	(void)wq;
	(void)delay;
	pthread_mutex_lock(&work_lock);
	queued = !delayed;
	if (delayed && delayed != work)
		shim_die("two delayed work items");
	delayed = work;
	pthread_mutex_unlock(&work_lock);
	return queued;
}

bool cancel_delayed_work_sync(struct delayed_work *work)
{
	bool pending;

	pthread_mutex_lock(&work_lock);
	pending = delayed == work;
	delayed = NULL;
	pthread_mutex_unlock(&work_lock);
	return pending;
}

bool shim_delayed_work_run(void)
{
	struct delayed_work *work;

	pthread_mutex_lock(&work_lock);
	work = delayed;
	delayed = NULL;
	pthread_mutex_unlock(&work_lock);
	if (work)
		work->work.func(&work->work);
	return work;
}
