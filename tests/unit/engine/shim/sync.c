// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Locks and contexts: pthread mutexes with an owner, the rule that nobody
 * sleeps in atomic context, and the order of locks (a small lockdep).
 */
#include "kernel.h"
#include "shim.h"

#define CLASSES	64

static __thread struct shim_ctx own_ctx;
static __thread struct shim_ctx *cur_ctx;

void (*shim_hook)(void);
void (*shim_sync_hook)(void);
bool shim_signal;

static pthread_mutex_t order_lock = PTHREAD_MUTEX_INITIALIZER;
static const char *class_names[CLASSES];
static int nr_classes;
/* [a][b]: b was, directly or by way of others, taken with a held */
static bool order[CLASSES][CLASSES];

struct shim_ctx *shim_ctx(void)
{
	if (!cur_ctx)
		cur_ctx = &own_ctx;
	return cur_ctx;
}

struct shim_ctx *shim_ctx_switch(struct shim_ctx *to)
{
	struct shim_ctx *from = shim_ctx();

	cur_ctx = to;
	return from;
}

void shim_point(void)
{
	struct shim_ctx *ctx;

	if (!shim_hook)
		return;
	ctx = shim_ctx();
	if (ctx->irq || ctx->irqs_off || ctx->in_hook)
		return;
	ctx->in_hook = true;
	shim_hook();
	ctx->in_hook = false;
}

void shim_might_sleep(const char *who)
{
	struct shim_ctx *ctx = shim_ctx();

	if (ctx->irqs_off)
		shim_die("%s() may sleep, with a spinlock held", who);
	if (ctx->irq)
		shim_die("%s() may sleep, in interrupt", who);
	if (ctx->rcu)
		shim_die("%s() may sleep, in an RCU read section", who);
	shim_point();
}

void shim_mb(void)
{
	static int fence;

	__atomic_fetch_add(&fence, 0, __ATOMIC_SEQ_CST);
	shim_ctx()->unordered = false;
}

/* Orders what one reads; what one has published it does not order. */
void shim_rmb(void)
{
	static int fence;

	__atomic_fetch_add(&fence, 0, __ATOMIC_SEQ_CST);
}

void shim_published(void)
{
	shim_ctx()->unordered = true;
}

void shim_ordered(const char *what)
{
	if (shim_ctx()->unordered)
		shim_die("%s is read without a barrier after a pointer was published",
			 what);
}

static int class_id(struct shim_class *class)
{
	int id = __atomic_load_n(&class->id, __ATOMIC_ACQUIRE);

	if (id)
		return id;
	pthread_mutex_lock(&order_lock);
	if (!class->id) {
		if (nr_classes == CLASSES - 1)
			shim_die("too many lock classes");
		class_names[++nr_classes] = class->name;
		__atomic_store_n(&class->id, nr_classes, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&order_lock);
	return class->id;
}

static void order_note(int held, int taken)
{
	int a, b;

	if (READ_ONCE(order[held][taken]))
		return;
	pthread_mutex_lock(&order_lock);
	if (held == taken || order[taken][held])
		shim_die("lock order: %s is taken with %s held, and the reverse",
			 class_names[taken], class_names[held]);
	for (a = 1; a <= nr_classes; a++)
		for (b = 1; b <= nr_classes; b++)
			if ((a == held || order[a][held]) &&
			    (b == taken || order[taken][b]))
				WRITE_ONCE(order[a][b], true);
	pthread_mutex_unlock(&order_lock);
}

void shim_forget_lock_order(void)
{
	memset(order, 0, sizeof(order));
}

/* Before a lock is taken: is it one that may be taken here? */
static void check_order(struct mutex *lock)
{
	struct shim_ctx *ctx = shim_ctx();
	int i, id;

	if (!lock->class)
		shim_die("lock is not initialised");
	id = class_id(lock->class);
	for (i = 0; i < ctx->nr_held; i++) {
		const struct mutex *held = ctx->held[i];

		if (held == lock)
			shim_die("%s: taken twice", lock->class->name);
		order_note(held->class->id, id);
	}
}

static void note_held(struct mutex *lock)
{
	struct shim_ctx *ctx = shim_ctx();

	if (ctx->nr_held == (int)ARRAY_SIZE(ctx->held))
		shim_die("too many locks held");
	ctx->held[ctx->nr_held++] = lock;
}

static void note_dropped(struct mutex *lock)
{
	struct shim_ctx *ctx = shim_ctx();
	int i;

	for (i = 0; i < ctx->nr_held && ctx->held[i] != lock; i++)
		;
	if (i == ctx->nr_held)
		shim_die("%s: unlocked by who does not hold it",
			 lock->class ? lock->class->name : "lock");
	ctx->held[i] = ctx->held[--ctx->nr_held];
}

static void take(struct mutex *lock)
{
	check_order(lock);
	if (pthread_mutex_lock(&lock->os))
		shim_die("%s: cannot be taken", lock->class->name);
	__atomic_store_n(&lock->owner, shim_ctx(), __ATOMIC_RELAXED);
	note_held(lock);
}

static void drop(struct mutex *lock)
{
	note_dropped(lock);
	__atomic_store_n(&lock->owner, NULL, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&lock->os);
}

void shim_lock_setup(struct mutex *lock, struct shim_class *class)
{
	pthread_mutex_init(&lock->os, NULL);
	lock->owner = NULL;
	lock->class = class;
}

void mutex_lock(struct mutex *lock)
{
	might_sleep();
	take(lock);
	shim_point();
}

int mutex_trylock(struct mutex *lock)
{
	struct shim_ctx *ctx = shim_ctx();

	if (ctx->irq)
		shim_die("mutex_trylock() in interrupt");
	/* An attempt that does not wait has no place in the order of locks. */
	if (pthread_mutex_trylock(&lock->os))
		return 0;
	__atomic_store_n(&lock->owner, ctx, __ATOMIC_RELAXED);
	note_held(lock);
	return 1;
}

int mutex_lock_interruptible(struct mutex *lock)
{
	might_sleep();
	if (shim_signal)
		return -EINTR;
	mutex_lock(lock);
	return 0;
}

void mutex_unlock(struct mutex *lock)
{
	if (shim_ctx()->irq)
		shim_die("mutex_unlock() in interrupt");
	drop(lock);
	shim_point();
}

void mutex_destroy(struct mutex *lock)
{
	if (__atomic_load_n(&lock->owner, __ATOMIC_RELAXED))
		shim_die("%s: destroyed while held", lock->class->name);
	pthread_mutex_destroy(&lock->os);
	lock->class = NULL;
}

unsigned long shim_spin_lock(spinlock_t *lock)
{
	shim_point();
	take(lock);
	return (unsigned long)shim_ctx()->irqs_off++;
}

/* Spinlocks are released in the reverse order: @flags says how many are left. */
void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	struct shim_ctx *ctx = shim_ctx();

	drop(lock);
	if ((unsigned long)--ctx->irqs_off != flags)
		shim_die("spinlock released with another's flags");
	if (!ctx->irqs_off && !ctx->irq)
		shim_irq_resend();
	shim_point();
}

/* Read-write semaphores. One without threads finds its own misuse: see order. */
void shim_rwsem_setup(struct rw_semaphore *sem, struct shim_class *class)
{
	pthread_rwlock_init(&sem->os, NULL);
	sem->writer = NULL;
	sem->id.class = class;
}

void down_read(struct rw_semaphore *sem)
{
	might_sleep();
	check_order(&sem->id);
	pthread_rwlock_rdlock(&sem->os);
	note_held(&sem->id);
	shim_point();
}

void up_read(struct rw_semaphore *sem)
{
	note_dropped(&sem->id);
	pthread_rwlock_unlock(&sem->os);
	shim_point();
}

void down_write(struct rw_semaphore *sem)
{
	might_sleep();
	check_order(&sem->id);
	pthread_rwlock_wrlock(&sem->os);
	note_held(&sem->id);
	__atomic_store_n(&sem->writer, shim_ctx(), __ATOMIC_RELAXED);
	shim_point();
}

void up_write(struct rw_semaphore *sem)
{
	__atomic_store_n(&sem->writer, NULL, __ATOMIC_RELAXED);
	note_dropped(&sem->id);
	pthread_rwlock_unlock(&sem->os);
	shim_point();
}

bool shim_rwsem_is_written(const struct rw_semaphore *sem)
{
	return __atomic_load_n(&sem->writer, __ATOMIC_RELAXED) == shim_ctx();
}

bool lockdep_is_held(const struct mutex *lock)
{
	const struct shim_ctx *ctx = shim_ctx();
	int i;

	for (i = 0; i < ctx->nr_held; i++)
		if (ctx->held[i] == lock)
			return true;
	return false;
}
