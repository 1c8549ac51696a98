// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_world.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>

#include "fake_events.h"
#include "fake_wire.h"

#define PLACES	(WORLD_STORES + WORLD_DEVICES)

struct fake_world world;

uint32_t world_random(uint32_t limit)
{
	world.random ^= world.random << 13;
	world.random ^= world.random >> 7;
	world.random ^= world.random << 17;
	return (world.random >> 16) % limit;
}

/* ---- notifications ------------------------------------------------------ */

void world_flush(void)
{
	/*
	 * The kernel has one for each group. What is in that of the group that the
	 * monitor has left was changed before it joined the other one.
	 */
	if (world.batch_used && world.has_cookies == fake_events_have_cookies())
		fake_events_push(world.batch, world.batch_used);
	world.batch_used = 0;
}

static void tell(struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	if (world.batch_used + NLMSG_ALIGN(nlh->nlmsg_len) >
	    sizeof(world.batch) ||
	    world.has_cookies != fake_events_have_cookies())
		world_flush();
	world.has_cookies = fake_events_have_cookies();
	memcpy(world.batch + world.batch_used, nlh, nlh->nlmsg_len);
	world.batch_used += NLMSG_ALIGN(nlh->nlmsg_len);
	world.generation++;
	nlmsg_free(msg);
	fake_kernel.inside--;
}

static void tell_store(uint8_t cmd, const struct fake_store *s)
{
	struct nl_msg *msg = fake_events_begin(cmd);

	fake_put_store(msg, s);
	nla_put_u64(msg, IMS_A_STORE_TIME, ++fake_kernel.now);
	tell(msg);
}

static void tell_device(uint8_t cmd, const struct fake_device *d)
{
	struct nl_msg *msg = fake_events_begin(cmd);

	fake_put_device(msg, d);
	nla_put_u64(msg, IMS_A_DEVICE_TIME, ++fake_kernel.now);
	tell(msg);
}

static void tell_vector(uint8_t cmd, const struct fake_device *d,
			const struct fake_vector *v)
{
	struct nl_msg *msg = fake_events_begin(cmd);

	fake_put_vector(msg, d, v);
	nla_put_u64(msg, IMS_A_VECTOR_TIME, ++fake_kernel.now);
	tell(msg);
}

/* A device if @v is NULL. */
static void tell_either(uint8_t cmd, const struct fake_device *d,
			const struct fake_vector *v)
{
	if (v)
		tell_vector(cmd, d, v);
	else
		tell_device(cmd, d);
}

static void alert(void)
{
	struct nl_msg *msg = fake_events_begin(IMS_CMD_ALERT_NTF);

	nla_put_u32(msg, IMS_A_ALERT_KIND, IMS_ALERT_KIND_STORM);
	nla_put_u64(msg, IMS_A_ALERT_TIME, ++fake_kernel.now);
	tell(msg);
}

/* ---- figures ------------------------------------------------------------ */

/* The one with the lowest id beyond @id: they are in that order. */
static struct fake_store *next_store(uint32_t id)
{
	size_t i;

	for (i = 0; i < fake_kernel.num_stores; i++)
		if (fake_kernel.stores[i].id > id)
			return &fake_kernel.stores[i];
	return NULL;
}

static struct fake_device *next_device(uint32_t id)
{
	size_t i;

	for (i = 0; i < fake_kernel.num_devices; i++)
		if (fake_kernel.devices[i].id > id)
			return &fake_kernel.devices[i];
	return NULL;
}

/* Figures of a store or a device have changed: to be told some time. */
static void tell_later(uint32_t id)
{
	size_t i;

	for (i = 0; i < PLACES; i++)
		if (world.untold[i] == id)
			return;
	for (i = 0; world.untold[i]; i++)
		;
	world.untold[i] = id;
}

/* It has ended. */
static void tell_never(uint32_t id)
{
	size_t i;

	for (i = 0; i < PLACES; i++)
		if (world.untold[i] == id)
			world.untold[i] = 0;
}

/* What follows from vectors is the device's and its store's. */
static void tell_owners_later(const struct fake_device *d)
{
	const struct fake_store *store = fake_store_of(d);

	tell_later(d->id);
	if (store)
		tell_later(store->id);
}

void world_tell_figures(void)
{
	size_t i;

	for (i = 0; i < PLACES; i++) {
		uint32_t id = world.untold[i];
		struct fake_store *s = id ? next_store(id - 1) : NULL;
		struct fake_device *d = id ? next_device(id - 1) : NULL;

		world.untold[i] = 0;
		if (s && s->id == id)
			tell_store(IMS_CMD_STORE_CHANGE_NTF, s);
		else if (d && d->id == id)
			tell_device(IMS_CMD_DEVICE_CHANGE_NTF, d);
	}
}

/* ---- changes ------------------------------------------------------------ */

static size_t take_place(const char *format)
{
	size_t i = 0;

	while (world.places[i].used)
		i++;
	world.places[i].used = true;
	snprintf(world.places[i].name, sizeof(world.places[i].name), format,
		 world.last_id);
	return i;
}

static void give_place(const char *name)
{
	size_t i;

	for (i = 0; i < PLACES; i++)
		if (world.places[i].name == name)
			world.places[i].used = false;
}

struct fake_store *world_add_store(void)
{
	struct fake_store *s = &fake_kernel.stores[fake_kernel.num_stores++];

	world.last_id++;
	*s = (struct fake_store) {
		.id = world.last_id,
		.name = world.places[take_place("0000:00:%02x.0")].name,
		.driver = "ims_edu",
		.domain = "INTEL-IR-0",
		.size = 1000,
		.limit = 1000,
	};
	tell_store(IMS_CMD_STORE_CREATE_NTF, s);
	return s;
}

static void remove_store(struct fake_store *s)
{
	size_t i = s - fake_kernel.stores;

	tell_store(IMS_CMD_STORE_DELETE_NTF, s);
	tell_never(s->id);
	give_place(s->name);
	fake_kernel.num_stores--;
	memmove(s, s + 1, (fake_kernel.num_stores - i) * sizeof(*s));
}

/* A device of any store that there is. */
struct fake_device *world_add_device(void)
{
	struct fake_device *d = &fake_kernel.devices[fake_kernel.num_devices++];
	size_t stores = fake_kernel.num_stores, place;

	world.last_id++;
	place = take_place("device-%u");
	*d = (struct fake_device) {
		.id = world.last_id,
		.name = world.places[place].name,
		.parent = stores ? fake_kernel.stores[world_random(stores)].name :
				   NULL,
		.declared = WORLD_VECTORS,
		.limit = WORLD_VECTORS + 1,
		.pid = world.last_id,
		.comm = "qemu",
		.vectors = world.places[place].vectors,
	};
	tell_device(IMS_CMD_DEVICE_CREATE_NTF, d);
	if (fake_store_of(d))
		tell_later(fake_store_of(d)->id);
	return d;
}

void world_remove_device(struct fake_device *d)
{
	size_t i = d - fake_kernel.devices;

	tell_device(IMS_CMD_DEVICE_DELETE_NTF, d);
	if (fake_store_of(d))
		tell_later(fake_store_of(d)->id);
	tell_never(d->id);
	give_place(d->name);
	fake_kernel.num_devices--;
	memmove(d, d + 1, (fake_kernel.num_devices - i) * sizeof(*d));
}

static void change_store(struct fake_store *s)
{
	struct fake_figures f;

	fake_store_figures(s, &f);
	switch (world_random(5)) {
	case 0:
		/* The kernel's stores outlive their devices. */
		if (!f.devices)
			remove_store(s);
		return;
	case 1:
		s->suspended = !s->suspended;
		break;
	case 2:
		s->failures++;
		tell_later(s->id);
		return;
	default:
		s->limit = 500 + world_random(500);
	}
	tell_store(IMS_CMD_STORE_CHANGE_NTF, s);
}

/* A request of the device's owner fails. */
static void refuse(struct fake_device *d)
{
	d->refused++;
	d->refused_vector = world_random(WORLD_VECTORS);
	d->refused_error = ENOSPC;
	d->has_refused_kind = world_random(2);
	d->refused_kind = IMS_ALERT_KIND_ENTRIES;
	d->refused_last = ++fake_kernel.now;
	tell_later(d->id);
}

static void change_device(struct fake_device *d)
{
	switch (world_random(9)) {
	case 0:
		refuse(d);
		return;
	case 1:
		d->idle_entries = world_random(8);
		tell_owners_later(d);
		return;
	case 2:
		d->on_hold = !d->on_hold;
		break;
	case 3:
		d->bypass = world_random(3);
		break;
	case 4:
		fake_set_default_cookie(d, 1 + world_random(1000), tell_either);
		return;
	case 5:
		fake_set_default_rate(d, world_random(3) * 1000, tell_either);
		return;
	case 6:
		/* Its parent is going away. */
		d->gone = d->gone || !world_random(4);
		break;
	default:
		d->limit = WORLD_VECTORS + world_random(100);
		d->reservation = world_random(WORLD_VECTORS);
		if (fake_store_of(d))
			tell_later(fake_store_of(d)->id);
	}
	tell_device(IMS_CMD_DEVICE_CHANGE_NTF, d);
}

void world_set_vector(struct fake_device *d, uint32_t index, uint32_t state,
		      uint64_t cookie)
{
	struct fake_vector *v = fake_kernel_vector(d, index);
	uint8_t cmd = v ? IMS_CMD_VECTOR_CHANGE_NTF : IMS_CMD_VECTOR_CREATE_NTF;

	if (!v) {
		v = &d->vectors[d->num_vectors++];
		*v = (struct fake_vector) {
			.index = index,
			.since = ++fake_kernel.now,
		};
	}
	v->state = state;
	v->cookie = cookie;
	v->pending_cookie = 0;
	v->quiet = false;
	v->has_slot = state == IMS_VECTOR_STATE_LIVE;
	v->slot = world.generation;
	v->handle = v->slot + world_random(2);
	v->generation++;
	v->irq = 30 + index;
	tell_vector(cmd, d, v);
	tell_owners_later(d);
}

/* What an administrator does. */
static void restrain(struct fake_device *d, struct fake_vector *v)
{
	switch (world_random(4)) {
	case 0:
		fake_set_quiet(v, !v->quiet);
		tell_later(d->id);
		break;
	case 1:
		v->rate_limit = world_random(3) * 500;
		break;
	case 2:
		v->cookie_own = !v->cookie_own;
		v->pending_cookie = world_random(1000);
		break;
	case 3:
		snprintf(v->affinity, sizeof(v->affinity), "%s",
			 world_random(2) ? "0-1" : "");
		break;
	}
}

/* What its driver does, and a reset of its counts. */
static void drive(struct fake_device *d, struct fake_vector *v)
{
	switch (world_random(5)) {
	case 0:
		v->bypassed = !v->bypassed;
		break;
	case 1:
		v->backing = v->backing == IMS_VECTOR_BACKING_EMULATED ?
			     IMS_VECTOR_BACKING_IMS :
			     IMS_VECTOR_BACKING_EMULATED;
		tell_later(d->id);
		break;
	case 2:
		v->prepared = !v->prepared;
		break;
	case 3:
		v->revoked = !v->revoked;
		break;
	case 4:
		v->since = ++fake_kernel.now;
		v->delivered = 0;
		break;
	}
}

static void change_vector(struct fake_device *d)
{
	uint32_t index = world_random(WORLD_VECTORS);
	struct fake_vector *v = fake_kernel_vector(d, index);

	switch (v ? world_random(6) : 6) {
	case 0:
		/* Not told */
		v->delivered++;
		v->masked = !v->masked;
		v->cpu = world_random(4);
		return;
	case 1:
		drive(d, v);
		break;
	case 2:
	case 3:
		restrain(d, v);
		break;
	default:
		world_set_vector(d, index, IMS_VECTOR_STATE_IDLE +
				 world_random(3), world_random(1000));
		return;
	}
	tell_vector(IMS_CMD_VECTOR_CHANGE_NTF, d, v);
}

void world_change(void)
{
	uint32_t what = world_random(20);
	uint32_t device = world_random(WORLD_DEVICES);
	uint32_t store = world_random(WORLD_STORES);

	if (!what)
		alert();
	else if (what < 4 && store >= fake_kernel.num_stores)
		world_add_store();
	else if (what < 4)
		change_store(&fake_kernel.stores[store]);
	else if (device >= fake_kernel.num_devices)
		world_add_device();
	else if (what < 6)
		world_remove_device(&fake_kernel.devices[device]);
	else if (what < 9)
		change_device(&fake_kernel.devices[device]);
	else
		change_vector(&fake_kernel.devices[device]);

	if (!world_random(8))
		world_tell_figures();
	if (!world_random(3))
		world_flush();
}

/* ---- dumps -------------------------------------------------------------- */

static struct nl_msg *begin_part(const struct nlmsghdr *request,
				 uint32_t generation)
{
	struct nl_msg *msg = nlmsg_alloc();
	int flags = NLM_F_MULTI;

	if (generation != world.generation)
		flags |= NLM_F_DUMP_INTR;
	genlmsg_put(msg, 0, request->nlmsg_seq, fake_kernel.family, 0, flags,
		    genlmsg_hdr((struct nlmsghdr *)request)->cmd,
		    IMS_FAMILY_VERSION);
	return msg;
}

/* Behind it something may change: nothing is where it was. */
static void end_part(struct nl_msg *msg)
{
	fake_kernel_push(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
	if (world_random(100) < world.turmoil)
		world_change();
}

static void dump_stores(const struct nlmsghdr *request, uint32_t generation)
{
	struct fake_store *s;
	struct nl_msg *msg;
	uint32_t id;

	for (id = 0; (s = next_store(id)); ) {
		id = s->id;
		msg = begin_part(request, generation);
		fake_put_store(msg, s);
		end_part(msg);
	}
}

static void dump_devices(const struct nlmsghdr *request, uint32_t generation)
{
	struct fake_device *d;
	struct nl_msg *msg;
	uint32_t id;

	for (id = 0; (d = next_device(id)); ) {
		id = d->id;
		msg = begin_part(request, generation);
		fake_put_device(msg, d);
		end_part(msg);
	}
}

static void dump_vectors(const struct nlmsghdr *request, uint32_t generation)
{
	struct fake_device *d;
	struct nl_msg *msg;
	uint32_t id;
	size_t i;

	for (id = 0; (d = next_device(id)); ) {
		id = d->id;
		/* It may be closed meanwhile. */
		for (i = 0; d && d->id == id && i < d->num_vectors; i++) {
			msg = begin_part(request, generation);
			fake_put_vector(msg, d, &d->vectors[i]);
			end_part(msg);
			d = next_device(id - 1);
		}
	}
}

static void answer(const struct nlmsghdr *request)
{
	uint8_t cmd = genlmsg_hdr((struct nlmsghdr *)request)->cmd;
	uint32_t generation = world.generation;

	if (cmd == IMS_CMD_STORE_GET)
		dump_stores(request, generation);
	else if (cmd == IMS_CMD_DEVICE_GET)
		dump_devices(request, generation);
	else
		dump_vectors(request, generation);
	fake_kernel_end(request, NLMSG_DONE, 0, NULL, 0, 0);
}

/* What is not told yet never is: the reader is not to need it. */
void world_unload(void)
{
	fake_events_unload();
	fake_kernel.num_stores = 0;
	fake_kernel.num_devices = 0;
	memset(world.places, 0, sizeof(world.places));
	memset(world.untold, 0, sizeof(world.untold));
	world.last_id = 0;
	world.batch_used = 0;
	world.generation++;
}

void world_load(bool renumbered)
{
	fake_events_load(fake_kernel.family + renumbered);
}

void world_reset(uint64_t seed)
{
	memset(&world, 0, sizeof(world));
	fake_kernel.num_stores = 0;
	fake_kernel.num_devices = 0;
	world.random = seed * 0x9e3779b97f4a7c15 + 1;
	if (!world.random)
		world.random = 1;
	fake_kernel.answer = answer;
}
