// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RCU. In tests with one thread, callbacks run as early as they may (so that
 * ASan sees who still uses what was freed) or as late as a barrier. With
 * threads, a reader holds a read lock and the thread of grace periods takes the
 * write lock: that is all the order that RCU promises, and TSan sees it.
 *
 * A callback runs in softirq context on another CPU: it must not sleep.
 */
#include "kernel.h"
#include "shim.h"

static enum shim_rcu mode;

static pthread_rwlock_t readers = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t queue_cond = PTHREAD_COND_INITIALIZER;
static pthread_cond_t done_cond = PTHREAD_COND_INITIALIZER;
static struct rcu_head *queue, **queue_tail = &queue;
static long pending, syncs;
static int nr_readers;		/* without threads: on all "CPUs" */
static pthread_t thread;
static bool stop;

static void run(struct rcu_head *head)
{
	struct shim_ctx softirq = { .irq = 1 }, *was = shim_ctx_switch(&softirq);

	if (head->func)
		head->func(head);
	else if (head->kv)
		kvfree(head->object);
	else
		kfree(head->object);
	if (softirq.nr_held || softirq.rcu)
		shim_die("RCU callback ends with locks held");
	shim_ctx_switch(was);
}

static struct rcu_head *take_all(void)
{
	struct rcu_head *head = queue;

	queue = NULL;
	queue_tail = &queue;
	return head;
}

/* All that is queued, and what that queues. One thread only. */
static void drain(void)
{
	struct rcu_head *head, *next;

	while ((head = take_all())) {
		for (; head; head = next) {
			next = head->next;
			pending--;
			run(head);
		}
	}
}

static void *grace_periods(void *arg)
{
	struct rcu_head *head, *next;

	(void)arg;
	pthread_mutex_lock(&queue_lock);
	for (;;) {
		while (!queue && !stop)
			pthread_cond_wait(&queue_cond, &queue_lock);
		if (!queue)
			break;
		head = take_all();
		pthread_mutex_unlock(&queue_lock);

		pthread_rwlock_wrlock(&readers);
		pthread_rwlock_unlock(&readers);
		for (; head; head = next) {
			next = head->next;
			run(head);
			pthread_mutex_lock(&queue_lock);
			pending--;
			pthread_cond_broadcast(&done_cond);
			pthread_mutex_unlock(&queue_lock);
		}
		pthread_mutex_lock(&queue_lock);
	}
	pthread_mutex_unlock(&queue_lock);
	return NULL;
}

void shim_rcu_mode(enum shim_rcu new)
{
	if (mode == new)
		return;
	if (mode == SHIM_RCU_THREAD) {
		pthread_mutex_lock(&queue_lock);
		stop = true;
		pthread_cond_signal(&queue_cond);
		pthread_mutex_unlock(&queue_lock);
		pthread_join(thread, NULL);
	} else {
		drain();
	}
	mode = new;
	if (mode == SHIM_RCU_THREAD) {
		stop = false;
		if (pthread_create(&thread, NULL, grace_periods, NULL))
			shim_die("no thread for grace periods");
	}
}

static void enqueue(struct rcu_head *head)
{
	if (mode == SHIM_RCU_THREAD)
		pthread_mutex_lock(&queue_lock);
	head->next = NULL;
	*queue_tail = head;
	queue_tail = &head->next;
	pending++;
	if (mode == SHIM_RCU_THREAD) {
		pthread_cond_signal(&queue_cond);
		pthread_mutex_unlock(&queue_lock);
	} else if (mode == SHIM_RCU_IMMEDIATE && !nr_readers) {
		drain();
	}
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	head->func = func;
	head->object = NULL;
	enqueue(head);
}

void shim_kfree_rcu(struct rcu_head *head, const void *object, bool kv)
{
	head->func = NULL;
	head->object = object;
	head->kv = kv;
	enqueue(head);
}

void rcu_read_lock(void)
{
	struct shim_ctx *ctx = shim_ctx();

	if (ctx->rcu++)
		return;
	if (mode == SHIM_RCU_THREAD)
		pthread_rwlock_rdlock(&readers);
	else
		nr_readers++;
}

void rcu_read_unlock(void)
{
	struct shim_ctx *ctx = shim_ctx();

	if (ctx->rcu-- <= 0)
		shim_die("rcu_read_unlock() without rcu_read_lock()");
	if (ctx->rcu)
		return;
	if (mode == SHIM_RCU_THREAD)
		pthread_rwlock_unlock(&readers);
	else if (!--nr_readers && mode == SHIM_RCU_IMMEDIATE && !ctx->irq)
		drain();
	shim_point();
}

void synchronize_rcu(void)
{
	might_sleep();
	__atomic_add_fetch(&syncs, 1, __ATOMIC_RELAXED);
	if (shim_sync_hook)
		shim_sync_hook();
	if (mode == SHIM_RCU_THREAD) {
		pthread_rwlock_wrlock(&readers);
		pthread_rwlock_unlock(&readers);
	}
}

void rcu_barrier(void)
{
	might_sleep();
	if (mode != SHIM_RCU_THREAD) {
		if (nr_readers)
			shim_die("rcu_barrier() with a reader under way");
		drain();
		return;
	}
	pthread_mutex_lock(&queue_lock);
	while (pending)
		pthread_cond_wait(&done_cond, &queue_lock);
	pthread_mutex_unlock(&queue_lock);
}

bool rcu_read_lock_held(void)
{
	return shim_ctx()->rcu;
}

void shim_rcu_check(const char *what)
{
	if (!shim_ctx()->rcu)
		shim_die("rcu_dereference(%s) outside of a read section", what);
}

void shim_counts_rcu(struct shim_counts *counts);
void shim_counts_rcu(struct shim_counts *counts)
{
	pthread_mutex_lock(&queue_lock);
	counts->rcu_pending = pending;
	counts->rcu_syncs = READ_ONCE(syncs);
	pthread_mutex_unlock(&queue_lock);
}
