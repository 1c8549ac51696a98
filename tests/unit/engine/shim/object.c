// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Things with references: krefs, devices, eventfds behind file descriptors;
 * and the table of ids.
 */
#include <stdlib.h>

#include "kernel.h"
#include "shim.h"

unsigned long shim_jiffies = 1000;

/* A jiffy is a millisecond. */
u64 ktime_get_ns(void)
{
	return jiffies * 1000000ull;
}

struct task_struct *shim_current(void)
{
	static struct task_struct task = {
		.tgid = 4711,
		.comm = "engine-test",
		.group_leader = &task,
	};

	return &task;
}

/* kref */

void kref_init(struct kref *ref)
{
	__atomic_store_n(&ref->refs, 1, __ATOMIC_RELAXED);
}

void kref_get(struct kref *ref)
{
	if (__atomic_fetch_add(&ref->refs, 1, __ATOMIC_RELAXED) <= 0)
		shim_die("kref_get() of what has no reference");
}

bool kref_get_unless_zero(struct kref *ref)
{
	int refs = READ_ONCE(ref->refs);

	while (refs)
		if (__atomic_compare_exchange_n(&ref->refs, &refs, refs + 1,
						false, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

int kref_put(struct kref *ref, void (*fn)(struct kref *ref))
{
	int refs = __atomic_sub_fetch(&ref->refs, 1, __ATOMIC_ACQ_REL);

	if (refs < 0)
		shim_die("kref_put() of what has no reference");
	if (!refs)
		fn(ref);
	return !refs;
}

void refcount_set(refcount_t *ref, int refs)
{
	ref->refs = refs;
}

bool refcount_dec_and_test(refcount_t *ref)
{
	int refs = __atomic_sub_fetch(&ref->refs, 1, __ATOMIC_ACQ_REL);

	if (refs < 0)
		shim_die("refcount_dec_and_test() of what has no reference");
	return !refs;
}

/* Modules and what ends with a device's binding */

struct module shim_module;

bool try_module_get(struct module *module)
{
	if (module->going)
		return false;
	__atomic_add_fetch(&module->refs, 1, __ATOMIC_RELAXED);
	return true;
}

void module_put(struct module *module)
{
	if (__atomic_sub_fetch(&module->refs, 1, __ATOMIC_RELAXED) < 0)
		shim_die("module_put() of what has no reference");
}

struct shim_devres {
	struct shim_devres *next;
	dr_release_t release;
	/* What devres_alloc() returns. */
	void *data[];
};

static pthread_mutex_t devres_lock = PTHREAD_MUTEX_INITIALIZER;

static struct shim_devres *shim_devres_of(void *res)
{
	return (struct shim_devres *)((char *)res -
				      offsetof(struct shim_devres, data));
}

void *devres_alloc(dr_release_t release, size_t size, gfp_t gfp)
{
	struct shim_devres *d = kmalloc(sizeof(*d) + size, gfp);

	if (!d)
		return NULL;
	d->release = release;
	return d->data;
}

void devres_free(void *res)
{
	kfree(shim_devres_of(res));
}

void devres_add(struct device *dev, void *res)
{
	struct shim_devres *d = shim_devres_of(res);

	pthread_mutex_lock(&devres_lock);
	d->next = dev->devres;
	dev->devres = d;
	pthread_mutex_unlock(&devres_lock);
}

int devres_release(struct device *dev, dr_release_t release, dr_match_t match,
		   void *match_data)
{
	struct shim_devres **at, *d;

	pthread_mutex_lock(&devres_lock);
	for (at = &dev->devres; (d = *at); at = &d->next)
		if (d->release == release && match(dev, d->data, match_data))
			break;
	if (d)
		*at = d->next;
	pthread_mutex_unlock(&devres_lock);
	if (!d)
		return -ENOENT;
	release(dev, d->data);
	kfree(d);
	return 0;
}

struct shim_action {
	void (*action)(void *data);
	void *data;
	bool removed;
};

static void shim_action_release(struct device *dev, void *res)
{
	struct shim_action *a = res;

	if (!a->removed)
		a->action(a->data);
}

static int shim_action_match(struct device *dev, void *res, void *match_data)
{
	struct shim_action *a = res, *wanted = match_data;

	a->removed = a->action == wanted->action && a->data == wanted->data;
	return a->removed;
}

int devm_add_action(struct device *dev, void (*action)(void *data), void *data)
{
	struct shim_action *a = devres_alloc(shim_action_release, sizeof(*a),
					     GFP_KERNEL);

	if (!a)
		return -ENOMEM;
	*a = (struct shim_action) { .action = action, .data = data };
	devres_add(dev, a);
	return 0;
}

void devm_remove_action(struct device *dev, void (*action)(void *data),
			void *data)
{
	struct shim_action wanted = { .action = action, .data = data };

	if (devres_release(dev, shim_action_release, shim_action_match, &wanted))
		shim_die("%s: no such action", dev->name);
}

/* As devres_release_all(): what is released finds an empty list. */
void shim_unbind(struct device *dev)
{
	struct shim_devres *todo = dev->devres, *d;

	dev->devres = NULL;
	while ((d = todo)) {
		todo = d->next;
		d->release(dev, d->data);
		kfree(d);
	}
}

/* Devices: never freed, the test looks at their references */

struct device *get_device(struct device *dev)
{
	if (dev && __atomic_fetch_add(&dev->refs, 1, __ATOMIC_RELAXED) <= 0)
		shim_die("get_device() of %s, which is gone", dev->name);
	return dev;
}

/* It may be the last: release functions of devices sleep (mdev's, VFIO's). */
void put_device(struct device *dev)
{
	might_sleep();
	if (dev && __atomic_sub_fetch(&dev->refs, 1, __ATOMIC_RELAXED) <= 0)
		shim_die("too many put_device() of %s", dev->name);
}

struct pci_dev *pci_dev_get(struct pci_dev *pdev)
{
	get_device(&pdev->dev);
	return pdev;
}

void pci_dev_put(struct pci_dev *pdev)
{
	put_device(&pdev->dev);
}

bool msi_device_has_isolated_msi(struct device *dev)
{
	return container_of(dev, struct pci_dev, dev)->isolated_msi;
}

/* xarray: a list by ascending id */

struct shim_xa_entry {
	struct shim_xa_entry *next;
	unsigned long index;
	void *entry;
};

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max,
	      unsigned int filter)
{
	struct shim_xa_entry *e;

	if (filter != XA_PRESENT)
		shim_die("xa_find(): unknown filter");
	for (e = xa->first; e; e = e->next) {
		if (e->index < *index)
			continue;
		if (e->index > max)
			break;
		*index = e->index;
		return e->entry;
	}
	return NULL;
}

void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    unsigned int filter)
{
	unsigned long from = *index + 1;
	void *entry;

	if (!from)
		return NULL;
	entry = xa_find(xa, &from, max, filter);
	if (entry)
		*index = from;
	return entry;
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	return xa_find(xa, &index, index, XA_PRESENT);
}

static u32 next_id;

void shim_next_id(u32 id)
{
	next_id = id;
}

int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry,
		    struct xa_limit limit, u32 *next, gfp_t gfp)
{
	struct shim_xa_entry *e, **link;
	u32 try = next_id ?: *next;
	int wrapped = 0;

	e = kmalloc(sizeof(*e), gfp);
	if (!e)
		return -ENOMEM;
	next_id = 0;
	if (try < limit.min)
		try = limit.min;
	while (try > limit.max || xa_load(xa, try)) {
		if (try++ >= limit.max) {
			try = limit.min;
			wrapped = 1;
		}
	}
	for (link = &xa->first; *link && (*link)->index < try;
	     link = &(*link)->next)
		;
	e->index = try;
	e->entry = entry;
	e->next = *link;
	*link = e;
	*id = try;
	*next = try + 1;
	return wrapped;
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	struct shim_xa_entry **link, *e;
	void *entry;

	for (link = &xa->first; *link; link = &(*link)->next) {
		e = *link;
		if (e->index != index)
			continue;
		entry = e->entry;
		*link = e->next;
		kfree(e);
		return entry;
	}
	return NULL;
}

/* Notifiers */

/* At the end, as the kernel does for equal priorities. */
int blocking_notifier_chain_register(struct blocking_notifier_head *head,
				     struct notifier_block *nb)
{
	struct notifier_block **link = &head->first;

	mutex_lock(&head->lock);
	while (*link)
		link = &(*link)->next;
	nb->next = NULL;
	*link = nb;
	mutex_unlock(&head->lock);
	return 0;
}

int blocking_notifier_chain_unregister(struct blocking_notifier_head *head,
				       struct notifier_block *nb)
{
	struct notifier_block **link;
	int ret = -ENOENT;

	mutex_lock(&head->lock);
	for (link = &head->first; *link; link = &(*link)->next) {
		if (*link == nb) {
			*link = nb->next;
			ret = 0;
			break;
		}
	}
	mutex_unlock(&head->lock);
	return ret;
}

int blocking_notifier_call_chain(struct blocking_notifier_head *head,
				 unsigned long event, void *data)
{
	struct notifier_block *nb;

	mutex_lock(&head->lock);
	for (nb = head->first; nb; nb = nb->next)
		nb->notifier_call(nb, event, data);
	mutex_unlock(&head->lock);
	return 0;
}

/* Eventfds. The context is freed with its last reference, its count stays. */

struct eventfd_ctx {
	int refs;
	int id;
};

enum { FD_NONE, FD_FILE, FD_EVENTFD };

static struct {
	int kind;
	struct eventfd_ctx *ctx;
} fds[SHIM_FDS];

static struct {
	struct eventfd_ctx *ctx;
	u64 count;
} eventfds[SHIM_EVENTFDS];

static pthread_mutex_t fd_lock = PTHREAD_MUTEX_INITIALIZER;
static void (*on_signal)(int id);

/* The lowest id whose eventfd has no references; its count begins at 0. */
int shim_fd_eventfd(int fd)
{
	struct eventfd_ctx *ctx;
	int id;

	shim_fd_close(fd);
	ctx = malloc(sizeof(*ctx));
	if (!ctx)
		shim_die("out of memory");
	pthread_mutex_lock(&fd_lock);
	for (id = 0; id < SHIM_EVENTFDS && eventfds[id].ctx; id++)
		;
	if (id == SHIM_EVENTFDS)
		shim_die("too many eventfds: are they given back?");
	ctx->refs = 1;
	ctx->id = id;
	eventfds[id].ctx = ctx;
	WRITE_ONCE(eventfds[id].count, 0);
	fds[fd].kind = FD_EVENTFD;
	fds[fd].ctx = ctx;
	pthread_mutex_unlock(&fd_lock);
	return id;
}

void shim_fd_file(int fd)
{
	shim_fd_close(fd);
	fds[fd].kind = FD_FILE;
}

void shim_fd_close(int fd)
{
	struct eventfd_ctx *ctx;

	pthread_mutex_lock(&fd_lock);
	ctx = fds[fd].ctx;
	fds[fd].kind = FD_NONE;
	fds[fd].ctx = NULL;
	pthread_mutex_unlock(&fd_lock);
	if (ctx)
		eventfd_ctx_put(ctx);
}

/* What was not given back is told already: begin anew. */
void shim_forget_eventfds(void)
{
	memset(eventfds, 0, sizeof(eventfds));
}

void shim_fd_reset(void)
{
	int fd;

	for (fd = 0; fd < SHIM_FDS; fd++)
		shim_fd_close(fd);
}

/* The sanitizer tells of one that has ended. */
int shim_eventfd_id(const struct eventfd_ctx *ctx)
{
	return ctx->id;
}

u64 shim_eventfd_count(int id)
{
	return READ_ONCE(eventfds[id].count);
}

int shim_eventfd_refs(int id)
{
	return eventfds[id].ctx ? READ_ONCE(eventfds[id].ctx->refs) : 0;
}

void shim_eventfd_on_signal(void (*fn)(int id))
{
	on_signal = fn;
}

struct eventfd_ctx *eventfd_ctx_fdget(int fd)
{
	struct eventfd_ctx *ctx = ERR_PTR(-EBADF);

	shim_point();
	if (shim_should_fail(SHIM_FAIL_FDGET))
		return ERR_PTR(-EMFILE);
	pthread_mutex_lock(&fd_lock);
	if (fd >= 0 && fd < SHIM_FDS && fds[fd].kind == FD_FILE)
		ctx = ERR_PTR(-EINVAL);
	if (fd >= 0 && fd < SHIM_FDS && fds[fd].kind == FD_EVENTFD) {
		ctx = fds[fd].ctx;
		__atomic_add_fetch(&ctx->refs, 1, __ATOMIC_RELAXED);
	}
	pthread_mutex_unlock(&fd_lock);
	return ctx;
}

void eventfd_ctx_put(struct eventfd_ctx *ctx)
{
	int refs = __atomic_sub_fetch(&ctx->refs, 1, __ATOMIC_ACQ_REL);

	if (refs < 0)
		shim_die("eventfd_ctx_put() of what has no reference");
	if (refs)
		return;
	pthread_mutex_lock(&fd_lock);
	eventfds[ctx->id].ctx = NULL;
	pthread_mutex_unlock(&fd_lock);
	free(ctx);
}

/* Takes the wait queue's lock and calls into KVM: not below our spinlocks. */
void ims_compat_eventfd_signal(struct eventfd_ctx *ctx)
{
	shim_point();
	if (READ_ONCE(ctx->refs) <= 0)
		shim_die("ims_compat_eventfd_signal() of what has no reference");
	if (shim_ctx()->irqs_off)
		shim_die("ims_compat_eventfd_signal() with a spinlock held");
	__atomic_add_fetch(&eventfds[ctx->id].count, 1, __ATOMIC_RELAXED);
	if (on_signal)
		on_signal(ctx->id);
	shim_point();
}
