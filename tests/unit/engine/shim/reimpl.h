/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel does for the engine, done here; misuse is fatal (shim_die).
 * The code is in mem.c, sync.c, rcu.c, object.c and irq.c, what tests control
 * in shim.h.
 */
#ifndef _SHIM_REIMPL_H
#define _SHIM_REIMPL_H

#include <pthread.h>

/* Diagnosis */
_Noreturn void shim_die(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));
bool shim_warn_on(bool cond, const char *what, const char *file, int line);
void shim_assert(bool cond, const char *who, const char *what);
/* No format attribute: %pe is the kernel's own. */
void shim_log(const char *level, const char *name, const char *fmt, ...);
void shim_trace(const char *event, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
extern bool shim_trace_on;

/* Checks are calls, without branches of their own: coverage is the engine's. */
#define WARN_ON_ONCE(cond)		shim_warn_on(!!(cond), #cond, __FILE__, __LINE__)
#define WARN_ON(cond)			WARN_ON_ONCE(cond)
#define BUG_ON(cond)			((void)((cond) && (shim_die("BUG: %s", #cond), 1)))
#define dev_dbg(d, ...)			shim_log("dbg", dev_name(d), __VA_ARGS__)
#define dev_notice(d, ...)		shim_log("notice", dev_name(d), __VA_ARGS__)
#define dev_warn(d, ...)		shim_log("warn", dev_name(d), __VA_ARGS__)
#define pci_err(p, ...)			shim_log("err", pci_name(p), __VA_ARGS__)
#define pci_dbg(p, ...)			shim_log("dbg", pci_name(p), __VA_ARGS__)
#define pci_info(p, ...)		shim_log("info", pci_name(p), __VA_ARGS__)
#define pci_warn(p, ...)		shim_log("warn", pci_name(p), __VA_ARGS__)
#define cond_resched()			might_sleep()
#define might_sleep()			shim_might_sleep(__func__)
void shim_might_sleep(const char *who);

/* Memory: counted, and made to fail by order */
void *shim_alloc(size_t size, gfp_t gfp, bool zero, bool kv);
void *shim_alloc_array(size_t n, size_t size, gfp_t gfp, bool zero, bool kv);
char *kstrdup(const char *s, gfp_t gfp);
void *kmemdup(const void *p, size_t size, gfp_t gfp);
void kfree(const void *p);
void kvfree(const void *p);
#define kmalloc(s, gfp)			shim_alloc(s, gfp, false, false)
#define kzalloc(s, gfp)			shim_alloc(s, gfp, true, false)
#define kvmalloc(s, gfp)		shim_alloc(s, gfp, false, true)
#define kvzalloc(s, gfp)		shim_alloc(s, gfp, true, true)
#define kmalloc_array(n, s, gfp)	shim_alloc_array(n, s, gfp, false, false)
#define kcalloc(n, s, gfp)		shim_alloc_array(n, s, gfp, true, false)
#define kvmalloc_array(n, s, gfp)	shim_alloc_array(n, s, gfp, false, true)
#define kvcalloc(n, s, gfp)		shim_alloc_array(n, s, gfp, true, true)

/* User memory: ordinary memory, but for addresses below 4096 */
unsigned long copy_from_user(void *to, const void *from, unsigned long n);
#define get_user(x, from)	(copy_from_user(&(x), from, sizeof(x)) ? -EFAULT : 0)
unsigned long copy_to_user(void *to, const void *from, unsigned long n);
void *vmemdup_user(const void *from, size_t n);

/* Locks. A class is where a lock was initialised, by name. */
struct shim_class {
	const char *name;
	int id;
};

struct mutex {
	pthread_mutex_t os;
	const void *owner;
	struct shim_class *class;
};

typedef struct mutex spinlock_t;
typedef struct mutex raw_spinlock_t;

#define DEFINE_MUTEX(x)							\
	struct shim_class x##_class = { .name = #x };			\
	struct mutex x = { .os = PTHREAD_MUTEX_INITIALIZER,		\
			   .class = &x##_class }
#define shim_lock_init(l) do {						\
	static struct shim_class __class = { .name = #l };		\
	shim_lock_setup(l, &__class);					\
} while (0)
#define mutex_init(l)			shim_lock_init(l)
#define spin_lock_init(l)		shim_lock_init(l)
#define raw_spin_lock_init(l)		shim_lock_init(l)
void shim_lock_setup(struct mutex *lock, struct shim_class *class);
void mutex_lock(struct mutex *lock);
/* Also by who holds it, and then it fails. */
int mutex_trylock(struct mutex *lock);
/* -EINTR when shim_signal says that a signal came. */
int mutex_lock_interruptible(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void mutex_destroy(struct mutex *lock);
unsigned long shim_spin_lock(spinlock_t *lock);
void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);
#define spin_lock_irqsave(l, flags)	((flags) = shim_spin_lock(l))
#define raw_spin_lock_irqsave(l, flags)	((flags) = shim_spin_lock(l))
#define raw_spin_unlock_irqrestore(l, f) spin_unlock_irqrestore(l, f)
bool lockdep_is_held(const struct mutex *lock);
#define lockdep_assert_held(l)						\
	shim_assert(lockdep_is_held(l), __func__, #l " is not held")

struct rw_semaphore {
	pthread_rwlock_t os;
	const void *writer;
	struct mutex id;	/* its class, for the order of locks */
};

#define init_rwsem(l) do {						\
	static struct shim_class __class = { .name = #l };		\
	shim_rwsem_setup(l, &__class);					\
} while (0)
void shim_rwsem_setup(struct rw_semaphore *sem, struct shim_class *class);
void down_read(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
bool shim_rwsem_is_written(const struct rw_semaphore *sem);
#define lockdep_assert_held_write(l)					\
	shim_assert(shim_rwsem_is_written(l), __func__, #l " is not held")

/* Delayed work items: queued until a test has them run (work.c) */
struct work_struct {
	void (*func)(struct work_struct *work);
};

struct delayed_work {
	struct work_struct work;
	struct delayed_work *next;
	bool queued;
	unsigned long delay;	/* as asked for */
};

struct workqueue_struct;

#define INIT_DELAYED_WORK(w, f)						\
	(*(w) = (struct delayed_work){ .work = { .func = (f) } })
#define DECLARE_DEFERRABLE_WORK(name, f)				\
	struct delayed_work name = { .work = { .func = (f) } }
#define to_delayed_work(w)		container_of(w, struct delayed_work, work)
#define system_power_efficient_wq	((struct workqueue_struct *)NULL)
#define system_unbound_wq		((struct workqueue_struct *)NULL)
#define system_highpri_wq		((struct workqueue_struct *)NULL)
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *work,
			unsigned long delay);
bool cancel_delayed_work_sync(struct delayed_work *work);

/* Another CPU gets on. */
void shim_point(void);
#define cpu_relax()			shim_point()

/* Memory that is read or written without lock. TSan knows no fences. */
void shim_mb(void);
void shim_rmb(void);
void shim_published(void);
void shim_ordered(const char *what);
#define smp_mb()			shim_mb()
#define smp_rmb()			shim_rmb()
#define smp_mb__after_atomic()		shim_mb()
#define smp_mb__before_atomic()		shim_mb()
#define READ_ONCE(x)			__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v)		__atomic_store_n(&(x), (v), __ATOMIC_RELAXED)
#define data_race(expr)			(expr)
#define xchg(p, v)			__atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)
#define smp_load_acquire(p)		__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)		__atomic_store_n(p, v, __ATOMIC_RELEASE)

typedef struct { int v; } atomic_t;
typedef struct { s64 v; } atomic64_t;
#define ATOMIC_INIT(n)			{ (n) }
#define atomic_read(a)			READ_ONCE((a)->v)
/* Who asks for others wants them to see what he has written: after a barrier. */
#define atomic_read_acquire(a)		(shim_ordered(#a), __atomic_load_n(&(a)->v, __ATOMIC_ACQUIRE))
#define atomic_fetch_dec_release(a)	__atomic_fetch_sub(&(a)->v, 1, __ATOMIC_RELEASE)
#define atomic_set(a, n)		WRITE_ONCE((a)->v, n)
#define atomic_inc(a)			((void)__atomic_add_fetch(&(a)->v, 1, __ATOMIC_RELAXED))
#define atomic_dec(a)			((void)__atomic_sub_fetch(&(a)->v, 1, __ATOMIC_RELAXED))
#define atomic_inc_return(a)		__atomic_add_fetch(&(a)->v, 1, __ATOMIC_SEQ_CST)
#define atomic64_read(a)		READ_ONCE((a)->v)
#define atomic64_set(a, n)		WRITE_ONCE((a)->v, n)
#define atomic64_inc(a)			((void)__atomic_add_fetch(&(a)->v, 1, __ATOMIC_RELAXED))
/* Written by one at a time. */
typedef atomic64_t local64_t;
#define local64_read(a)			atomic64_read(a)
#define local64_inc(a)			WRITE_ONCE((a)->v, (a)->v + 1)

/* RCU: see rcu.c for when callbacks run */
struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
	const void *object;
	bool kv;
};

void rcu_read_lock(void);
void rcu_read_unlock(void);
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void shim_kfree_rcu(struct rcu_head *head, const void *object, bool kv);
void synchronize_rcu(void);
/* There is no synchronize_rcu_expedited(): a guest must not cause one. */
void rcu_barrier(void);
void shim_rcu_check(const char *what);
bool rcu_read_lock_held(void);

#define kfree_rcu(p, member)		shim_kfree_rcu(&(p)->member, p, false)
#define kvfree_rcu(p, member)		shim_kfree_rcu(&(p)->member, p, true)
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_assign_pointer(p, v)					\
	(shim_published(),						\
	 __atomic_store_n(&(p), (v), __ATOMIC_RELEASE))
#define RCU_INIT_POINTER(p, v)						\
	(shim_published(), WRITE_ONCE(p, v))
#define rcu_dereference(p)						\
	(shim_rcu_check(#p), __atomic_load_n(&(p), __ATOMIC_ACQUIRE))
#define rcu_dereference_bh(p)		rcu_dereference(p)
#define rcu_dereference_check(p, c)					\
	(shim_assert((c) || rcu_read_lock_held(), __func__,		\
		     "neither RCU nor " #c " for " #p),			\
	 __atomic_load_n(&(p), __ATOMIC_ACQUIRE))
#define rcu_dereference_protected(p, c)					\
	(shim_assert(c, __func__, "no " #c " for " #p), READ_ONCE(p))
#define rcu_replace_pointer(p, v, c)	({				\
	__typeof__(p) __old = rcu_dereference_protected(p, c);		\
	rcu_assign_pointer(p, v);					\
	__old; })

/* References */
struct kref {
	int refs;
};

void kref_init(struct kref *ref);
void kref_get(struct kref *ref);
bool kref_get_unless_zero(struct kref *ref);
int kref_put(struct kref *ref, void (*release)(struct kref *ref));

typedef struct refcount_struct {
	int refs;
} refcount_t;

void refcount_set(refcount_t *ref, int refs);
bool refcount_dec_and_test(refcount_t *ref);

struct device *get_device(struct device *dev);
void put_device(struct device *dev);
struct pci_dev *pci_dev_get(struct pci_dev *pdev);
void pci_dev_put(struct pci_dev *pdev);
bool msi_device_has_isolated_msi(struct device *dev);
struct irq_domain *ims_compat_msi_parent(struct device *dev);

struct module {
	int refs;
	bool going;
};

extern struct module shim_module;
#define THIS_MODULE			(&shim_module)
bool try_module_get(struct module *module);
void module_put(struct module *module);
typedef void (*dr_release_t)(struct device *dev, void *res);
typedef int (*dr_match_t)(struct device *dev, void *res, void *match_data);
void *devres_alloc(dr_release_t release, size_t size, gfp_t gfp);
void devres_free(void *res);
void devres_add(struct device *dev, void *res);
int devres_release(struct device *dev, dr_release_t release, dr_match_t match,
		   void *match_data);
int devm_add_action(struct device *dev, void (*action)(void *data), void *data);
void devm_remove_action(struct device *dev, void (*action)(void *data),
			void *data);

struct task_struct *shim_current(void);
#define current				shim_current()
#define task_tgid_nr(task)		((task)->tgid)
#define get_task_comm(buf, task)	((void)snprintf(buf, sizeof(buf), "%s", (task)->comm))
extern unsigned long shim_jiffies;
#define jiffies				READ_ONCE(shim_jiffies)
u64 ktime_get_ns(void);
#define time_after(a, b)		((long)((b) - (a)) < 0)
#define time_before(a, b)		time_after(b, a)
#define time_after_eq(a, b)		((long)((a) - (b)) >= 0)
#define HZ				1000

/* Notifiers */
struct blocking_notifier_head {
	struct mutex lock;
	struct notifier_block *first;
};

#define BLOCKING_NOTIFIER_HEAD(x)					\
	struct shim_class x##_class = { .name = #x };			\
	struct blocking_notifier_head x = {				\
		.lock = { .os = PTHREAD_MUTEX_INITIALIZER,		\
			  .class = &x##_class } }
int blocking_notifier_chain_register(struct blocking_notifier_head *head,
				     struct notifier_block *nb);
int blocking_notifier_chain_unregister(struct blocking_notifier_head *head,
				       struct notifier_block *nb);
int blocking_notifier_call_chain(struct blocking_notifier_head *head,
				 unsigned long event, void *data);

/* Ids */
struct shim_xa_entry;

struct xarray {
	struct shim_xa_entry *first;
};

#define DEFINE_XARRAY_ALLOC1(name)	struct xarray name = { NULL }
#define XA_STATE_FOR_EACH_MAX		(~0UL)
void *xa_load(struct xarray *xa, unsigned long index);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max,
	      unsigned int filter);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    unsigned int filter);
int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry,
		    struct xa_limit limit, u32 *next, gfp_t gfp);
#define xa_empty(xa)			(!READ_ONCE((xa)->first))
void *xa_erase(struct xarray *xa, unsigned long index);
#define xa_for_each(xa, index, entry)					\
	for (index = 0, entry = xa_find(xa, &index, ~0UL, XA_PRESENT);	\
	     entry;							\
	     entry = xa_find_after(xa, &index, ~0UL, XA_PRESENT))

/* Eventfds */
struct eventfd_ctx;
struct eventfd_ctx *eventfd_ctx_fdget(int fd);
void eventfd_ctx_put(struct eventfd_ctx *ctx);
int shim_eventfd_id(const struct eventfd_ctx *ctx);
void ims_compat_eventfd_signal(struct eventfd_ctx *ctx);

/* Interrupts */
int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags,
		const char *name, void *arg);
const void *free_irq(unsigned int irq, void *arg);
void synchronize_irq(unsigned int irq);
int irq_set_affinity(unsigned int irq, const struct cpumask *mask);
struct irq_data *irq_get_irq_data(unsigned int irq);
void irq_dispose_mapping(unsigned int irq);
void irq_set_chip_handler_name_locked(struct irq_data *d, struct irq_chip *chip,
				      void (*handler)(void *desc),
				      const char *name);
void handle_edge_irq(void *desc);
struct fwnode_handle *irq_domain_alloc_named_fwnode(const char *name);
void irq_domain_free_fwnode(struct fwnode_handle *fwnode);
struct irq_domain *
irq_domain_create_hierarchy(struct irq_domain *parent, unsigned int flags,
			    unsigned int size, struct fwnode_handle *fwnode,
			    const struct irq_domain_ops *ops, void *host_data);
void irq_domain_remove(struct irq_domain *domain);
int __irq_domain_alloc_irqs(struct irq_domain *domain, int irq_base,
			    unsigned int nr, int node, void *arg, bool realloc,
			    const void *affinity);
int irq_domain_alloc_irqs_parent(struct irq_domain *domain, unsigned int virq,
				 unsigned int nr, void *arg);
void irq_domain_free_irqs_common(struct irq_domain *domain, unsigned int virq,
				 unsigned int nr);
void irq_set_status_flags(unsigned int irq, unsigned long flags);
void irq_clear_status_flags(unsigned int irq, unsigned long flags);
int irq_alloc_desc(int node);
void irq_free_desc(unsigned int virq);
void on_each_cpu_mask(const struct cpumask *mask, void (*fn)(void *), void *arg,
		      bool wait);
int irq_chip_set_affinity_parent(struct irq_data *d,
				 const struct cpumask *mask, bool force);
void irq_chip_ack_parent(struct irq_data *d);
int irq_chip_retrigger_hierarchy(struct irq_data *d);
int irq_chip_set_vcpu_affinity_parent(struct irq_data *d, void *vcpu);
/* The interrupt goes to @vcpu, and not to its handler; NULL: to the handler again. */
int irq_set_vcpu_affinity(unsigned int irq, void *vcpu);
int ims_compat_bypass_register(struct irq_bypass_producer *producer,
			       struct eventfd_ctx *eventfd, int irq);
void ims_compat_bypass_unregister(struct irq_bypass_producer *producer);

#endif
