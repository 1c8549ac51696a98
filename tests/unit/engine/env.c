// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ground that the engine's tests stand on: see env.h.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "env.h"

/* ims_pause_irq(), by a vector: the bus lock is not held */
static bool pausing(void)
{
	const struct shim_ctx *ctx = shim_ctx();
	const struct mutex *lock;
	int i;

	for (i = 0; i < ctx->nr_held; i++) {
		lock = ctx->held[i];
		if (!strcmp(lock->class->name, "&vector->lock"))
			return true;
	}
	return false;
}

static struct env_slot *hw_slot(struct env *env, u32 slot, bool bus)
{
	if (slot >= env->hwsize)
		shim_die("store has no slot %u", slot);
	if (!shim_ctx()->irqs_off)
		shim_die("store's callback without a spinlock");
	if (bus && env->ops.lock && !env->bus[slot] && !shim_ctx()->moving &&
	    !pausing())
		shim_die("slot %u is touched without its lock", slot);
	if (env->asleep)
		shim_die("slot %u is touched while the hardware is asleep", slot);
	return &env->slots[slot];
}

static void hw_write(void *data, u32 slot, const struct ims_message *msg)
{
	struct env *env = data;
	struct env_slot *s;

	pthread_mutex_lock(&env->hw_lock);
	s = hw_slot(env, slot, true);
	if (!s->masked)
		shim_die("slot %u is written and not masked", slot);
	if (!msg->address && (msg->data || msg->cookie))
		shim_die("slot %u keeps a message without address", slot);
	/* Nobody's when the slot comes into use. */
	if (!s->address)
		s->pending = false;
	s->address = msg->address;
	s->data = msg->data;
	s->cookie = msg->cookie;
	env->writes++;
	pthread_mutex_unlock(&env->hw_lock);
}

static void hw_set_masked(struct env *env, u32 slot, bool masked)
{
	struct env_slot *s;
	bool used, raise;

	pthread_mutex_lock(&env->hw_lock);
	s = hw_slot(env, slot, true);
	s->masked = masked;
	used = s->address;
	/* What it has kept is raised now. */
	raise = used && !masked && s->pending;
	if (raise) {
		s->pending = false;
		shim_irq_raise_later(shim_irq_of_message(s->address, s->data));
	}
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

static void hw_set_cookie(void *data, u32 slot, u64 cookie)
{
	struct env *env = data;
	struct env_slot *s;

	pthread_mutex_lock(&env->hw_lock);
	s = hw_slot(env, slot, true);
	if (!s->address)
		shim_die("cookie of slot %u, which is not in use", slot);
	if (cookie > env->cookie_max)
		shim_die("cookie %#llx does not fit into slot %u", cookie, slot);
	s->cookie = cookie;
	pthread_mutex_unlock(&env->hw_lock);
}

static bool hw_pending(void *data, u32 slot)
{
	struct env *env = data;
	bool pending;

	pthread_mutex_lock(&env->hw_lock);
	pending = hw_slot(env, slot, false)->pending;
	pthread_mutex_unlock(&env->hw_lock);
	return pending;
}

static int hw_check_cookie(void *data, u64 cookie)
{
	const struct env *env = data;

	return cookie > env->cookie_max ? -ERANGE : 0;
}

/* Handles are nothing like slots, lest one is taken for the other. */
u32 env_handle(const struct env *env, u32 slot)
{
	return env->ops.alloc_slot ? 1000 + slot : slot;
}

static int hw_alloc_slot(void *data, struct ims_slot_choice *choice)
{
	struct env *env = data;
	int ret = env->alloc_error;
	u32 slot;

	might_sleep();
	if (env->asleep)
		shim_die("a slot is asked for while the hardware is asleep");
	pthread_mutex_lock(&env->hw_lock);
	slot = env->choose >= 0 ? (u32)env->choose : choice->first;
	while (env->choose < 0 && slot < choice->first + choice->count &&
	       env->chosen[slot])
		slot++;
	if (!ret && slot >= choice->first + choice->count && env->choose < 0)
		ret = -ENOSPC;
	if (!ret) {
		if (slot < ENV_SLOTS)
			env->chosen[slot] = true;
		choice->slot = slot;
		choice->handle = env_handle(env, slot);
	}
	pthread_mutex_unlock(&env->hw_lock);
	return ret;
}

static void hw_free_slot(void *data, u32 slot, u32 handle)
{
	struct env *env = data;

	might_sleep();
	if (handle != env_handle(env, slot))
		shim_die("slot %u is given back by handle %u", slot, handle);
	if (env->asleep)
		shim_die("slot %u is given back while the hardware is asleep", slot);
	pthread_mutex_lock(&env->hw_lock);
	if (slot < ENV_SLOTS) {
		if (!env->chosen[slot])
			shim_die("slot %u is given back twice", slot);
		if (env->slots[slot].address)
			shim_die("slot %u is given back with a message", slot);
		env->chosen[slot] = false;
	}
	pthread_mutex_unlock(&env->hw_lock);
}

static void hw_release(void *data)
{
	struct env *env = data;

	might_sleep();
	env->released++;
}

static void hw_lock(void *data, u32 slot)
{
	struct env *env = data;

	might_sleep();
	pthread_mutex_lock(&env->hw_lock);
	if (env->asleep)
		shim_die("slot %u is locked while the hardware is asleep", slot);
	env->bus[slot]++;
	env->bus_locks++;
	pthread_mutex_unlock(&env->hw_lock);
}

static void hw_unlock(void *data, u32 slot)
{
	struct env *env = data;

	might_sleep();
	pthread_mutex_lock(&env->hw_lock);
	if (env->bus[slot]-- <= 0)
		shim_die("slot %u is unlocked and was not locked", slot);
	pthread_mutex_unlock(&env->hw_lock);
}

void env_forget(struct env *env)
{
	u32 i;

	pthread_mutex_lock(&env->hw_lock);
	for (i = 0; i < env->hwsize; i++)
		env->slots[i] = (struct env_slot){ .masked = true };
	pthread_mutex_unlock(&env->hw_lock);
}

/* For the next store; nobody may have one. */
void env_set_flags(struct env *env, unsigned int flags)
{
	env->ops.set_cookie = flags & ENV_IN_PLACE ? hw_set_cookie : NULL;
	env->ops.lock = flags & ENV_BUS ? hw_lock : NULL;
	env->ops.unlock = flags & ENV_BUS ? hw_unlock : NULL;
	env->ops.pending = flags & ENV_PENDING ? hw_pending : NULL;
	env->ops.alloc_slot = flags & ENV_CHOOSES ? hw_alloc_slot : NULL;
	env->ops.free_slot = flags & ENV_CHOOSES ? hw_free_slot : NULL;
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
	env->cookie_max = U64_MAX;
	env->choose = -1;
	env->ops.write = hw_write;
	env->ops.mask = hw_mask;
	env->ops.unmask = hw_unmask;
	env->ops.release = hw_release;
	env->ops.check_cookie = hw_check_cookie;
	env_set_flags(env, flags);
	for (i = 0; i < ENV_DEVS; i++) {
		env->dev[i].name = names[i];
		env->dev[i].refs = 1;
	}
	ims_listen(&env_listener);
	env_table_begin();
	ret = env_store(env);
	if (ret)
		shim_die("no store: %d", ret);
}

/* Linux IRQs that clients have kept for what they allocate next are given up. */
void env_settle(void)
{
	const unsigned long now = shim_jiffies;

	shim_jiffies += 11 * HZ;
	shim_delayed_work_run();
	shim_jiffies = now;
}

/* A new store, of the same hardware; the old one must have been destroyed. */
int env_store(struct env *env)
{
	struct ims_store *store;
	int i;

	for (i = 0; i < ENV_SLOTS; i++) {
		env->slots[i] = (struct env_slot){ .masked = true };
		env->chosen[i] = false;
	}
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
	/* Work items on a thread read it. */
	if (shim_hook)
		shim_hook = NULL;
	for (i = 0; i < ENV_DEVS; i++)
		env_close(env, i);
	ims_store_destroy(env->store);
	env->store = NULL;
	env_table_end();
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
	bad += left("producers", shim_bypass_producers());
	bad += left("warnings", c.warnings);
	bad += left("references to the module", shim_module.refs);
	bad += left("references to the PCI device", env->pdev.dev.refs - 1);
	for (i = 0; i < ENV_DEVS; i++)
		bad += left("references to a virtual device",
			    env->dev[i].refs - 1);
	for (i = 0; i < SHIM_EVENTFDS; i++)
		bad += left("references to an eventfd", shim_eventfd_refs(i));
	for (i = 0; i < (int)env->hwsize; i++) {
		bad += left("slots in use by the hardware",
			    env->slots[i].address || !env->slots[i].masked);
		bad += left("slots that the hardware has handed out",
			    env->chosen[i]);
		bad += left("slot locks", env->bus[i]);
	}
	if (bad)
		shim_forgive();
	pthread_mutex_destroy(&env->hw_lock);
	return bad;
}

int env_open_params(struct env *env, int d,
		    const struct vfio_pci_ims_params *params)
{
	int ret = vfio_pci_ims_init(&env->ims[d], params);

	if (ret < 0)
		return ret;
	env->id[d] = ret;
	return 0;
}

void env_close(struct env *env, int d)
{
	vfio_pci_ims_free(&env->ims[d], env->id[d]);
}

struct ims_client *env_client_create(struct env *env)
{
	return ims_client_create(env->store, &(struct ims_client_params){ });
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
		.ops = env->driver,
	};

	return env_open_params(env, d, &params);
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
	bool asleep;

	if (slot >= env->hwsize)
		return 0;
	pthread_mutex_lock(&env->hw_lock);
	s = env->slots[slot];
	asleep = env->asleep;
	if (!asleep && s.address && s.masked && s.cookie == cookie)
		env->slots[slot].pending = true;
	pthread_mutex_unlock(&env->hw_lock);
	/* The hardware's check of the cookie; masked slots do not fire. */
	if (asleep || !s.address || s.masked || s.cookie != cookie)
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

int env_hwirq(struct env *env, int d, u32 vector)
{
	struct vfio_pci_ims_slot slot;
	int ret = vfio_pci_ims_hwirq(&env->ims[d], vector, &slot);

	return ret ?: (int)slot.slot;
}

bool env_fire_vector(struct env *env, int d, u32 vector)
{
	int slot = env_hwirq(env, d, vector);

	return slot >= 0 && env_fire(env, (u32)slot, env->slots[slot].cookie);
}

/* As the netlink code reads it: with interrupts going on. */
static void fill(struct ims_vdev *vdev, struct ims_vector *vector,
		 struct env_vector *v)
{
	const struct ims_line *line = ims_vector_line(vector);

	v->state = ims_vector_state(vector);
	v->emulated = vector->backing->id == IMS_VECTOR_BACKING_EMULATED;
	v->next = ims_vector_cookie(vector);
	v->own = vector->cookie_own;
	v->masked = READ_ONCE(vector->masked);
	v->pending = READ_ONCE(vector->pending);
	v->prepared = vector->prepared;
	v->revoked = vector->revoked;
	v->quiet = vector->quiet;
	if (vector->limit) {
		v->rate = vector->limit->rate;
		v->rate_own = vector->limit->own;
		v->throttled = READ_ONCE(vector->limit->throttled);
		v->throttles = READ_ONCE(vector->limit->throttles);
	}
	v->delivered = vector->delivered;
	v->loopback = vector->loopback;
	v->signalled = (u64)atomic64_read(&vector->signalled);
	v->dropped = READ_ONCE(vector->dropped);
	v->pended = READ_ONCE(vector->pended);
	v->replaced = vector->replaced;
	v->revocations = vector->revocations;
	v->failed = vector->failed;
	v->last = max(READ_ONCE(vector->last), READ_ONCE(vector->signalled_last));
	if (!line)
		return;
	v->slot = (int)line->irq.slot;
	v->handle = line->irq.handle;
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
	ims_vdev_lock(vdev);
	ret = ims_client_set_limits(vdev->client, limit, reservation);
	if (!ret)
		ims_event_device(vdev, IMS_EVENT_CHANGE);
	ims_vdev_unlock(vdev);
	ims_vdev_put(vdev);
	return ret;
}

u64 env_count(int id)
{
	return shim_eventfd_count(id);
}

int env_set_affinity(struct ims_vdev *vdev, u32 vector,
		     const struct cpumask *mask)
{
	const struct ims_config config = {
		.start = vector,
		.count = 1,
		.affinity_given = true,
		.mask = mask,
	};
	struct ims_config_failure failure;

	return ims_vectors_configure(vdev, &config, &failure);
}
