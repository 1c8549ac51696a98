// SPDX-License-Identifier: GPL-2.0-or-later
/* All that can be observed, as text: see env_dump() in env.h. */
#include <stdarg.h>

#include "env.h"

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
	put(t, "device %d: id %u default %#llx triggers %u held %u emulated %u quiet %u rate %u hold %d gone %d client %u/%u/%u request %d error %d generation %u\n",
	    d, vdev->id, vdev->default_cookie, vdev->triggers, vdev->held,
	    vdev->emulated, vdev->quiet, vdev->rate_limit, vdev->on_hold, vdev->gone, info.used, info.limit,
	    info.reservation, !!vdev->request, !!vdev->error, vdev->generation);
	for (i = 0; i < vdev->num_vectors; i++) {
		env_vector(env, d, i, &v);
		put(t, " %u: state %d emulated %d slot %d handle %u gen %u virq %u cookie %#llx next %#llx own %d masked %d pending %d/%d prepared %d revoked %d quiet %d rate %u/%d throttled %d/%llu producer %d counts %llu %llu %llu %llu %llu %llu %llu last %llu hwirq %d\n",
		    i, v.state, v.emulated, v.slot, v.handle, v.generation,
		    v.virq, v.cookie, v.next, v.own, v.masked, v.pending,
		    vfio_pci_ims_pending(&env->ims[d], i), v.prepared,
		    v.revoked, v.quiet, v.rate, v.rate_own, v.throttled,
		    v.throttles, v.virq ? shim_bypass_producer(v.virq) : -1, v.delivered, v.loopback, v.signalled, v.dropped,
		    v.pended, v.replaced, v.revocations, v.last,
		    env_hwirq(env, d, i));
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
	env_settle();
	rcu_barrier();
	shim_counts(&c);
	put(&t, "memory %ld irqs %ld requested %ld cpu %ld remap %ld refs %d %d %d %d\n",
	    c.memory, c.irqs, c.requested, c.cpu_vectors, c.remap_entries,
	    env->pdev.dev.refs,
	    env->dev[0].refs, env->dev[1].refs, env->dev[2].refs);
}
