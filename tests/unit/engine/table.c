// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a listener knows who believes what it is told and asks for nothing: a table of
 * stores, devices and vectors. Is it what there is?
 */
#include <linux/notifier.h>
#include <stdarg.h>
#include <stdlib.h>

#include "env.h"

#define TABLE_DEVICES	16
#define TABLE_STORES	4

/* What is promised of a vector; of the rest libims says that it is not. */
struct table_vector {
	bool known;
	enum ims_vector_state state;
	enum ims_vector_backing backing;
	int slot;
	u32 handle;
	u32 generation;
	u32 virq;
	unsigned long affinity;
	bool affinity_own;
	bool prepared;
	bool revoked;
	bool quiet;
	bool rate_own;
	u32 rate;
	bool bypassed;
	bool cookie_own;
	u64 cookie;
	u64 next_cookie;
	u64 since;
};

struct table_device {
	u32 id;
	u32 num_vectors;
	struct ims_vdev_snapshot now;
	struct table_vector *vectors;
};

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct table_device devices[TABLE_DEVICES];
static struct ims_store_info stores[TABLE_STORES];
static char table_error[256];

static bool differs(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(table_error, sizeof(table_error), fmt, ap);
	va_end(ap);
	return true;
}

/* With table_lock held, like all that follows. @id 0: a place that is free */
static struct table_device *device_by_id(u32 id)
{
	int i;

	for (i = 0; i < TABLE_DEVICES; i++)
		if (devices[i].id == id)
			return &devices[i];
	return NULL;
}

static struct ims_store_info *store_by_id(u32 id)
{
	int i;

	for (i = 0; i < TABLE_STORES; i++)
		if (stores[i].id == id)
			return &stores[i];
	return NULL;
}

static void vector_now(struct ims_vdev *vdev, u32 index, struct table_vector *v)
{
	struct ims_vector_snapshot now;

	rcu_read_lock();
	if (ims_vector_snapshot(vdev, index, &now))
		shim_die("a vector of a device that is closed");
	*v = (struct table_vector) {
		.known = now.vector,
		.state = now.state,
		.slot = -1,
	};
	if (now.line) {
		v->slot = (int)now.line->irq.slot;
		v->handle = now.line->irq.handle;
		v->generation = now.line->irq.generation;
		v->virq = now.line->irq.virq;
	}
	if (now.vector) {
		v->backing = now.backing;
		v->affinity = now.affinity ? now.affinity->bits : 0;
		v->affinity_own = now.affinity_own;
		v->prepared = now.prepared;
		v->revoked = now.revoked;
		v->quiet = now.quiet;
		v->rate_own = now.rate_own;
		v->rate = now.rate;
		v->bypassed = now.bypassed;
		v->since = now.since;
	}
	/* An emulated one has no cookies. */
	if (now.vector && now.backing == IMS_VECTOR_BACKING_IMS) {
		v->cookie_own = now.cookie_own;
		v->cookie = now.cookie;
		v->next_cookie = now.next_cookie;
	}
	rcu_read_unlock();
}

void env_table_device(struct ims_vdev *vdev, enum ims_event event)
{
	struct table_device *d;

	pthread_mutex_lock(&table_lock);
	d = device_by_id(event == IMS_EVENT_CREATE ? 0 : vdev->id);
	if (!d)
		shim_die("device %u: told without its beginning, or too many",
			 vdev->id);
	if (event == IMS_EVENT_CREATE) {
		d->id = vdev->id;
		d->num_vectors = vdev->num_vectors;
		d->vectors = calloc(vdev->num_vectors, sizeof(*d->vectors));
	}
	if (ims_vdev_snapshot(vdev, &d->now))
		shim_die("device %u: told and closed", vdev->id);
	if (event == IMS_EVENT_DELETE) {
		free(d->vectors);
		*d = (struct table_device) { };
	}
	pthread_mutex_unlock(&table_lock);
}

void env_table_vector(struct ims_vector *vector)
{
	struct table_device *d;

	pthread_mutex_lock(&table_lock);
	d = device_by_id(vector->vdev->id);
	if (!d)
		shim_die("a vector of a device that nobody has told of");
	vector_now(vector->vdev, vector->index, &d->vectors[vector->index]);
	pthread_mutex_unlock(&table_lock);
}

static int on_store(struct notifier_block *nb, unsigned long event, void *data)
{
	struct ims_store_info *s;

	(void)nb;
	pthread_mutex_lock(&table_lock);
	s = store_by_id(event == IMS_STORE_CREATED ? 0 : ims_store_id(data));
	if (!s)
		shim_die("a store is told without its beginning, or too many");
	ims_store_query(data, s);
	if (event == IMS_STORE_DESTROYED)
		*s = (struct ims_store_info) { };
	pthread_mutex_unlock(&table_lock);
	return NOTIFY_DONE;
}

static struct notifier_block store_events = { .notifier_call = on_store };

void env_table_begin(void)
{
	int i;

	for (i = 0; i < TABLE_DEVICES; i++)
		free(devices[i].vectors);
	memset(devices, 0, sizeof(devices));
	memset(stores, 0, sizeof(stores));
	if (ims_store_register_notifier(&store_events))
		shim_die("stores cannot be listened to");
}

void env_table_end(void)
{
	ims_store_unregister_notifier(&store_events);
}

#define DIFFERS(what, id, member)					\
	(told->member != now.member &&					\
	 differs("%s %u: " #member " is told as %lld and is %lld", what,	\
		 id, (long long)told->member, (long long)now.member))

static bool vector_differs(struct ims_vdev *vdev, u32 index,
			   const struct table_vector *told)
{
	struct table_vector now;

	vector_now(vdev, index, &now);
	if (DIFFERS("vector", index, known))
		return true;
	if (!now.known)
		return false;
	return DIFFERS("vector", index, state) ||
	       DIFFERS("vector", index, backing) ||
	       DIFFERS("vector", index, slot) ||
	       DIFFERS("vector", index, handle) ||
	       DIFFERS("vector", index, generation) ||
	       DIFFERS("vector", index, virq) ||
	       DIFFERS("vector", index, affinity) ||
	       DIFFERS("vector", index, affinity_own) ||
	       DIFFERS("vector", index, prepared) ||
	       DIFFERS("vector", index, revoked) ||
	       DIFFERS("vector", index, quiet) ||
	       DIFFERS("vector", index, rate_own) ||
	       DIFFERS("vector", index, rate) ||
	       DIFFERS("vector", index, bypassed) ||
	       DIFFERS("vector", index, cookie_own) ||
	       DIFFERS("vector", index, cookie) ||
	       DIFFERS("vector", index, next_cookie) ||
	       DIFFERS("vector", index, since);
}

static bool device_differs(struct ims_vdev *vdev, const struct table_device *d)
{
	const struct ims_vdev_snapshot *told = &d->now;
	struct ims_vdev_snapshot now;

	if (ims_vdev_snapshot(vdev, &now))
		shim_die("a device is found and closed");
	return DIFFERS("device", d->id, live) ||
	       DIFFERS("device", d->id, held) ||
	       DIFFERS("device", d->id, emulated) ||
	       DIFFERS("device", d->id, quiet) ||
	       DIFFERS("device", d->id, rate_limit) ||
	       DIFFERS("device", d->id, client.used) ||
	       DIFFERS("device", d->id, client.limit) ||
	       DIFFERS("device", d->id, client.reservation) ||
	       DIFFERS("device", d->id, client.entries) ||
	       DIFFERS("device", d->id, default_cookie) ||
	       DIFFERS("device", d->id, bypass) ||
	       DIFFERS("device", d->id, on_hold) ||
	       DIFFERS("device", d->id, gone) ||
	       DIFFERS("device", d->id, refused.count) ||
	       DIFFERS("device", d->id, refused.vector) ||
	       DIFFERS("device", d->id, refused.error) ||
	       DIFFERS("device", d->id, refused.kind) ||
	       DIFFERS("device", d->id, refused.last);
}

static bool store_differs(struct ims_store *store,
			  const struct ims_store_info *told)
{
	struct ims_store_info now;

	ims_store_query(store, &now);
	return DIFFERS("store", now.id, hwsize) ||
	       DIFFERS("store", now.id, used) ||
	       DIFFERS("store", now.id, peak) ||
	       DIFFERS("store", now.id, limit) ||
	       DIFFERS("store", now.id, reserved) ||
	       DIFFERS("store", now.id, available) ||
	       DIFFERS("store", now.id, entries) ||
	       DIFFERS("store", now.id, capacity) ||
	       DIFFERS("store", now.id, clients) ||
	       DIFFERS("store", now.id, failures) ||
	       DIFFERS("store", now.id, suspended);
}

static bool devices_differ(void)
{
	struct table_device *d;
	struct ims_vdev *vdev;
	bool differ = false;
	u32 id = 0, i, count = 0;

	while (!differ && (vdev = ims_vdev_get_next(id))) {
		id = vdev->id + 1;
		count++;
		d = device_by_id(vdev->id);
		if (!d)
			differ = differs("device %u is not told", vdev->id);
		else
			differ = device_differs(vdev, d);
		for (i = 0; !differ && i < vdev->num_vectors; i++)
			differ = vector_differs(vdev, i, &d->vectors[i]);
		ims_vdev_put(vdev);
	}
	for (i = 0; i < TABLE_DEVICES; i++)
		count -= devices[i].id != 0;
	return differ || (count && differs("a device is told that has ended"));
}

static bool stores_differ(void)
{
	struct ims_store_info *told;
	struct ims_store *store;
	bool differ = false;
	u32 id = 0, i, count = 0;

	while (!differ && (store = ims_store_get_next(id))) {
		id = ims_store_id(store) + 1;
		count++;
		told = store_by_id(ims_store_id(store));
		differ = told ? store_differs(store, told) :
			 differs("store %u is not told", ims_store_id(store));
		ims_store_put(store);
	}
	for (i = 0; i < TABLE_STORES; i++)
		count -= stores[i].id != 0;
	return differ || (count && differs("a store is told that has ended"));
}

const char *env_table_differs(void)
{
	bool differ;

	pthread_mutex_lock(&table_lock);
	differ = devices_differ() || stores_differ();
	pthread_mutex_unlock(&table_lock);
	return differ ? table_error : NULL;
}

const char *env_table_wrong(void)
{
	/* Idle entries are given up, which is told by other work items. */
	shim_delayed_work_run();
	shim_delayed_work_run();
	return env_table_differs();
}
