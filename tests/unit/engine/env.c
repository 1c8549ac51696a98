// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ground that the engine's tests stand on: see env.h.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "env.h"

static struct env_slot *hw_slot(struct env *env, u32 slot, bool bus)
{
	if (slot >= env->hwsize)
		shim_die("store has no slot %u", slot);
	if (!shim_ctx()->irqs_off)
		shim_die("store's callback without a spinlock");
	if (bus && env->ops.lock && !env->bus)
		shim_die("store is touched without its lock");
	return &env->slots[slot];
}

static void hw_write(void *data, u32 slot, const struct ims_message *msg)
{
	struct env *env = data;
	struct env_slot *s;

	pthread_mutex_lock(&env->hw_lock);
	s = hw_slot(env, slot, false);
	s->address = msg->address;
	s->data = msg->data;
	s->cookie = msg->cookie;
	env->writes++;
	pthread_mutex_unlock(&env->hw_lock);
}

static void hw_set_masked(struct env *env, u32 slot, bool masked)
{
	struct env_slot *s;
	bool used;

	pthread_mutex_lock(&env->hw_lock);
	s = hw_slot(env, slot, true);
	s->masked = masked;
	used = s->address;
	pthread_mutex_unlock(&env->hw_lock);
	if (masked && used && env->on_mask)
		env->on_mask(slot);
}

static void hw_mask(void *data, u32 slot)
{
	hw_set_masked(data, slot, true);
}

static void hw_unmask(void *data, u32 slot)
{
	hw_set_masked(data, slot, false);
}

static int hw_set_cookie(void *data, u32 slot, u64 cookie)
{
	struct env *env = data;
	struct env_slot *s;
	int ret;

	pthread_mutex_lock(&env->hw_lock);
	s = hw_slot(env, slot, true);
	ret = env->cookie_error;
	if (!s->address)
		shim_die("cookie of slot %u, which is not in use", slot);
	if (!ret)
		s->cookie = cookie;
	pthread_mutex_unlock(&env->hw_lock);
	return ret;
}

static void hw_lock(void *data)
{
	struct env *env = data;

	might_sleep();
	pthread_mutex_lock(&env->hw_lock);
	env->bus++;
	env->bus_locks++;
	pthread_mutex_unlock(&env->hw_lock);
}

static void hw_unlock(void *data)
{
	struct env *env = data;

	might_sleep();
	pthread_mutex_lock(&env->hw_lock);
	if (env->bus-- <= 0)
		shim_die("store's lock is released and was not taken");
	pthread_mutex_unlock(&env->hw_lock);
}

/* For the next store; nobody may have one. */
void env_set_flags(struct env *env, unsigned int flags)
{
	env->ops.set_cookie = flags & ENV_IN_PLACE ? hw_set_cookie : NULL;
	env->ops.lock = flags & ENV_BUS ? hw_lock : NULL;
	env->ops.unlock = flags & ENV_BUS ? hw_unlock : NULL;
}

void env_init(struct env *env, u32 hwsize, unsigned int flags)
{
	static const char * const names[ENV_DEVS] = { "wq0", "wq1", "wq2" };
	int i, ret;

	memset(env, 0, sizeof(*env));
	pthread_mutex_init(&env->hw_lock, NULL);
	env->pdev.dev.name = "0000:00:03.0";
	env->pdev.dev.refs = 1;
	env->pdev.isolated_msi = true;
	env->hwsize = hwsize;
	env->ops.write = hw_write;
	env->ops.mask = hw_mask;
	env->ops.unmask = hw_unmask;
	env_set_flags(env, flags);
	for (i = 0; i < ENV_DEVS; i++) {
		env->dev[i].name = names[i];
		env->dev[i].refs = 1;
	}
	ret = env_store(env);
	if (ret)
		shim_die("no store: %d", ret);
}

/* A new store, of the same hardware; the old one must have been destroyed. */
int env_store(struct env *env)
{
	struct ims_store *store;
	int i;

	for (i = 0; i < ENV_SLOTS; i++)
		env->slots[i] = (struct env_slot){ .masked = true };
	store = ims_store_create(&env->pdev, &env->ops, env->hwsize, env);
	if (IS_ERR(store))
		return (int)PTR_ERR(store);
	env->store = store;
	return 0;
}

static int left(const char *what, long n)
{
	if (n)
		fprintf(stderr, "# left over: %ld %s\n", n, what);
	return !!n;
}

int env_fini(struct env *env)
{
	struct shim_counts c;
	int i, bad = 0;

	for (i = 0; i < SHIM_FAILS; i++)
		shim_fail_at(i, 0);
	shim_hook = NULL;
	for (i = 0; i < ENV_DEVS; i++)
		vfio_pci_ims_free(&env->ims[i]);
	ims_store_destroy(env->store);
	env->store = NULL;
	rcu_barrier();
	shim_fd_reset();
	shim_cpu_vectors(-1);

	shim_counts(&c);
	bad += left("allocations", c.memory);
	bad += left("Linux IRQs", c.irqs);
	bad += left("requested IRQs", c.requested);
	bad += left("CPU vectors", c.cpu_vectors);
	bad += left("interrupt domains", c.domains);
	bad += left("remapping entries", c.remap_entries);
	bad += left("RCU callbacks", c.rcu_pending);
	bad += left("warnings", c.warnings);
	bad += left("references to the PCI device", env->pdev.dev.refs - 1);
	for (i = 0; i < ENV_DEVS; i++)
		bad += left("references to a virtual device",
			    env->dev[i].refs - 1);
	for (i = 0; i < SHIM_EVENTFDS; i++)
		bad += left("references to an eventfd", shim_eventfd_refs(i));
	for (i = 0; i < (int)env->hwsize; i++)
		bad += left("slots in use by the hardware",
			    env->slots[i].address || !env->slots[i].masked);
	bad += left("store locks", env->bus);
	if (bad)
		shim_forgive();
	pthread_mutex_destroy(&env->hw_lock);
	return bad;
}

int env_open_limits(struct env *env, int d, u32 vectors, u32 limit,
		    u32 reservation)
{
	struct vfio_pci_ims_params params = {
		.dev = &env->dev[d],
		.store = env->store,
		.num_vectors = vectors,
		.default_cookie = ENV_COOKIE(d),
		.limit = limit,
		.reservation = reservation,
	};

	return vfio_pci_ims_init(&env->ims[d], &params);
}

int env_open(struct env *env, int d, u32 vectors)
{
	return env_open_limits(env, d, vectors, 0, 0);
}

int env_irqs_raw(struct env *env, int d, u32 argsz, u32 index, u32 flags,
		 u32 start, u32 count, const void *payload, size_t size)
{
	struct vfio_irq_set *set;
	int ret;

	/* Exactly as large as said, so that ASan sees what is read beyond. */
	set = malloc(sizeof(*set) + size);
	if (!set)
		shim_die("out of memory");
	set->argsz = argsz;
	set->index = index;
	set->flags = flags;
	set->start = start;
	set->count = count;
	if (size)
		memcpy(set->data, payload, size);
	ret = vfio_pci_ims_set_irqs(&env->ims[d], (unsigned long)set);
	free(set);
	return ret;
}

int env_irqs(struct env *env, int d, u32 flags, u32 start, u32 count,
	     const void *payload)
{
	size_t size = 0;

	if (flags & BOOL)
		size = count;
	else if (flags & EVENTFD)
		size = count * sizeof(s32);
	return env_irqs_raw(env, d, (u32)(sizeof(struct vfio_irq_set) + size),
			    MSIX, flags, start, count, payload, size);
}

int env_bind(struct env *env, int d, u32 start, u32 count, const s32 *fds)
{
	return env_irqs(env, d, TRIGGER | EVENTFD, start, count, fds);
}

int env_bind1(struct env *env, int d, u32 vector, s32 fd)
{
	return env_bind(env, d, vector, 1, &fd);
}

int env_disable(struct env *env, int d)
{
	return env_irqs(env, d, TRIGGER | NONE, 0, 0, NULL);
}

/* The Linux IRQ whose message the hardware writes, or 0 */
static u32 hw_fire(struct env *env, u32 slot, u64 cookie)
{
	struct env_slot s;

	if (slot >= env->hwsize)
		return 0;
	pthread_mutex_lock(&env->hw_lock);
	s = env->slots[slot];
	pthread_mutex_unlock(&env->hw_lock);
	/* The hardware's check of the cookie; masked slots do not fire. */
	if (!s.address || s.masked || s.cookie != cookie)
		return 0;
	return shim_irq_of_message(s.address, s.data);
}

bool env_fire(struct env *env, u32 slot, u64 cookie)
{
	return shim_irq_raise(hw_fire(env, slot, cookie));
}

u32 env_accept(struct env *env, u32 slot, u64 cookie)
{
	u32 virq = hw_fire(env, slot, cookie);

	return shim_irq_accept(virq) ? virq : 0;
}

bool env_fire_vector(struct env *env, int d, u32 vector)
{
	int slot = vfio_pci_ims_hwirq(&env->ims[d], vector);

	return slot >= 0 && env_fire(env, (u32)slot, env->slots[slot].cookie);
}

/* As the netlink code reads it: with interrupts going on. */
static void fill(struct ims_vdev *vdev, struct ims_vector *vector,
		 struct env_vector *v)
{
	const struct ims_line *line = ims_vector_line(vector);

	v->state = vector->eventfd ? IMS_VECTOR_STATE_LIVE :
				     IMS_VECTOR_STATE_IDLE;
	v->emulated = vector->backing->id == IMS_VECTOR_BACKING_EMULATED;
	v->next = ims_vector_cookie(vector);
	v->own = vector->cookie_own;
	v->masked = READ_ONCE(vector->masked);
	v->pending = READ_ONCE(vector->pending);
	v->delivered = vector->delivered;
	v->loopback = vector->loopback;
	v->signalled = (u64)atomic64_read(&vector->signalled);
	v->dropped = READ_ONCE(vector->dropped);
	v->pended = READ_ONCE(vector->pended);
	v->replaced = vector->replaced;
	v->failed = vector->failed;
	v->last = READ_ONCE(vector->last);
	if (!line)
		return;
	v->slot = (int)line->irq.slot;
	v->generation = line->irq.generation;
	v->virq = line->irq.virq;
	v->cookie = line->irq.cookie;
	v->delivered += local64_read(&line->delivered);
	if (READ_ONCE(line->last) > v->last)
		v->last = READ_ONCE(line->last);
}

int env_vector(struct env *env, int d, u32 vector, struct env_vector *v)
{
	struct ims_vdev *vdev = ims_vdev_get(&env->ims[d]);
	struct ims_vector *p;

	memset(v, 0, sizeof(*v));
	v->slot = -1;
	if (!vdev)
		return -ENODEV;
	mutex_lock(&vdev->lock);
	p = ims_vector_get(vdev, vector);
	if (p)
		fill(vdev, p, v);
	mutex_unlock(&vdev->lock);
	ims_vdev_put(vdev);
	return 0;
}

struct env_vector env_get(struct env *env, int d, u32 vector)
{
	struct env_vector v;

	env_vector(env, d, vector, &v);
	return v;
}

int env_client(struct env *env, int d, struct ims_client_info *info)
{
	struct ims_vdev *vdev = ims_vdev_get(&env->ims[d]);

	memset(info, 0, sizeof(*info));
	if (!vdev)
		return -ENODEV;
	mutex_lock(&vdev->lock);
	ims_client_query(vdev->client, info);
	mutex_unlock(&vdev->lock);
	ims_vdev_put(vdev);
	return 0;
}

int env_set_limits(struct env *env, int d, u32 limit, u32 reservation)
{
	struct ims_vdev *vdev = ims_vdev_get(&env->ims[d]);
	int ret;

	if (!vdev)
		return -ENODEV;
	mutex_lock(&vdev->lock);
	ret = ims_client_set_limits(vdev->client, limit, reservation);
	mutex_unlock(&vdev->lock);
	ims_vdev_put(vdev);
	return ret;
}

u64 env_count(int id)
{
	return shim_eventfd_count(id);
}

/* Dump */

struct text {
	char *p;
	size_t left;
};

static void put(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void put(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->p, t->left, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= t->left)
		shim_die("dump does not fit");
	t->p += n;
	t->left -= (size_t)n;
}

static void dump_device(struct env *env, int d, struct text *t)
{
	struct ims_vdev *vdev = ims_vdev_get(&env->ims[d]);
	struct ims_client_info info;
	struct env_vector v;
	u32 i;

	if (!vdev) {
		put(t, "device %d closed\n", d);
		return;
	}
	env_client(env, d, &info);
	put(t, "device %d: id %u default %#llx live %u emulated %u gone %d client %u/%u/%u request %d generation %u\n",
	    d, vdev->id, vdev->default_cookie, vdev->live, vdev->emulated,
	    vdev->gone, info.used, info.limit, info.reservation,
	    !!vdev->request, vdev->generation);
	for (i = 0; i < vdev->num_vectors; i++) {
		env_vector(env, d, i, &v);
		put(t, " %u: state %d emulated %d slot %d gen %u virq %u cookie %#llx next %#llx own %d masked %d pending %d/%d counts %llu %llu %llu %llu %llu %llu last %llu hwirq %d\n",
		    i, v.state, v.emulated, v.slot, v.generation, v.virq,
		    v.cookie, v.next, v.own, v.masked, v.pending,
		    vfio_pci_ims_pending(&env->ims[d], i), v.delivered,
		    v.loopback, v.signalled, v.dropped, v.pended, v.replaced,
		    v.last, vfio_pci_ims_hwirq(&env->ims[d], i));
	}
	ims_vdev_put(vdev);
}

void env_dump(struct env *env, char *buf, size_t size)
{
	struct text t = { buf, size };
	struct ims_store_info info;
	struct shim_counts c;
	u32 i;

	if (env->store) {
		ims_store_query(env->store, &info);
		put(&t, "store %u used %u limit %u reserved %u\n", info.hwsize,
		    info.used, info.limit, info.reserved);
	}
	for (i = 0; i < ENV_DEVS; i++)
		dump_device(env, (int)i, &t);
	for (i = 0; i < env->hwsize; i++)
		if (env->slots[i].address || !env->slots[i].masked)
			put(&t, "slot %u: %#llx %u cookie %#llx masked %d\n", i,
			    env->slots[i].address, env->slots[i].data,
			    env->slots[i].cookie, env->slots[i].masked);
	for (i = 0; i < SHIM_EVENTFDS; i++)
		if (shim_eventfd_refs((int)i))
			put(&t, "eventfd %u: %llu refs %d\n", i,
			    shim_eventfd_count((int)i),
			    shim_eventfd_refs((int)i));
	rcu_barrier();
	shim_counts(&c);
	put(&t, "memory %ld irqs %ld requested %ld cpu %ld remap %ld refs %d %d %d %d\n",
	    c.memory, c.irqs, c.requested, c.cpu_vectors, c.remap_entries,
	    env->pdev.dev.refs,
	    env->dev[0].refs, env->dev[1].refs, env->dev[2].refs);
}
