// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_world.h"

#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>

#include "fake_events.h"
#include "fake_kernel.h"

struct fake_world world;

uint32_t world_random(uint32_t limit)
{
	world.random ^= world.random << 13;
	world.random ^= world.random >> 7;
	world.random ^= world.random << 17;
	return (world.random >> 16) % limit;
}

/* ---- on the wire -------------------------------------------------------- */

static void put_store(struct nl_msg *msg, const struct world_store *s)
{
	char name[32];

	snprintf(name, sizeof(name), "0000:00:%02x.0", s->id);
	nla_put_u32(msg, IMS_A_STORE_ID, s->id);
	nla_put_string(msg, IMS_A_STORE_NAME, name);
	nla_put_u32(msg, IMS_A_STORE_LIMIT, s->limit);
}

static void put_device(struct nl_msg *msg, const struct world_device *d)
{
	char name[32];

	snprintf(name, sizeof(name), "device-%u", d->id);
	nla_put_u32(msg, IMS_A_DEVICE_ID, d->id);
	nla_put_string(msg, IMS_A_DEVICE_NAME, name);
	nla_put_u32(msg, IMS_A_DEVICE_STORE_ID, d->store_id);
	nla_put_u32(msg, IMS_A_DEVICE_LIMIT, d->limit);
}

static void put_vector(struct nl_msg *msg, const struct world_device *d,
		       const struct world_vector *v)
{
	nla_put_u32(msg, IMS_A_VECTOR_DEVICE_ID, d->id);
	nla_put_u32(msg, IMS_A_VECTOR_INDEX, v - d->vectors);
	nla_put_u32(msg, IMS_A_VECTOR_STATE, v->state);
	nla_put_u64(msg, IMS_A_VECTOR_COOKIE, v->cookie);
}

/* ---- notifications ------------------------------------------------------ */

void world_flush(void)
{
	if (world.batch_used)
		fake_events_push(world.batch, world.batch_used);
	world.batch_used = 0;
}

static void tell(struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	if (world.batch_used + NLMSG_ALIGN(nlh->nlmsg_len) >
	    sizeof(world.batch))
		world_flush();
	memcpy(world.batch + world.batch_used, nlh, nlh->nlmsg_len);
	world.batch_used += NLMSG_ALIGN(nlh->nlmsg_len);
	world.generation++;
	nlmsg_free(msg);
	fake_kernel.inside--;
}

static void tell_store(uint8_t cmd, const struct world_store *s)
{
	struct nl_msg *msg = fake_events_begin(cmd);

	put_store(msg, s);
	nla_put_u64(msg, IMS_A_STORE_TIME, ++fake_kernel.now);
	tell(msg);
}

static void tell_device(uint8_t cmd, const struct world_device *d)
{
	struct nl_msg *msg = fake_events_begin(cmd);

	put_device(msg, d);
	nla_put_u64(msg, IMS_A_DEVICE_TIME, ++fake_kernel.now);
	tell(msg);
}

static void tell_vector(uint8_t cmd, const struct world_device *d,
			const struct world_vector *v)
{
	struct nl_msg *msg = fake_events_begin(cmd);

	put_vector(msg, d, v);
	nla_put_u64(msg, IMS_A_VECTOR_TIME, ++fake_kernel.now);
	tell(msg);
}

static void alert(void)
{
	struct nl_msg *msg = fake_events_begin(IMS_CMD_ALERT_NTF);

	nla_put_u32(msg, IMS_A_ALERT_KIND, IMS_ALERT_KIND_STORM);
	nla_put_u64(msg, IMS_A_ALERT_TIME, ++fake_kernel.now);
	tell(msg);
}

/* ---- changes ------------------------------------------------------------ */

static void change_store(struct world_store *s)
{
	if (!s->present) {
		*s = (struct world_store) {
			.present = true,
			.id = ++world.last_id,
			.limit = 100,
		};
		tell_store(IMS_CMD_STORE_CREATE_NTF, s);
	} else if (world_random(3)) {
		s->limit = world_random(1000);
		tell_store(IMS_CMD_STORE_CHANGE_NTF, s);
	} else {
		s->present = false;
		tell_store(IMS_CMD_STORE_DELETE_NTF, s);
	}
}

static void open_device(struct world_device *d)
{
	*d = (struct world_device) {
		.present = true,
		.id = ++world.last_id,
		.limit = 7,
	};
	tell_device(IMS_CMD_DEVICE_CREATE_NTF, d);
}

void world_remove_device(struct world_device *d)
{
	d->present = false;
	tell_device(IMS_CMD_DEVICE_DELETE_NTF, d);
}

static void change_device(struct world_device *d)
{
	if (!d->present) {
		open_device(d);
	} else if (world_random(3)) {
		d->limit = world_random(1000);
		tell_device(IMS_CMD_DEVICE_CHANGE_NTF, d);
	} else {
		world_remove_device(d);
	}
}

void world_set_vector(struct world_device *d, uint32_t index, uint32_t state,
		      uint64_t cookie)
{
	struct world_vector *v = &d->vectors[index];
	uint8_t cmd = v->present ? IMS_CMD_VECTOR_CHANGE_NTF :
				   IMS_CMD_VECTOR_CREATE_NTF;

	v->present = true;
	v->state = state;
	v->cookie = cookie;
	tell_vector(cmd, d, v);
}

struct world_store *world_add_store(void)
{
	struct world_store *s = world.stores;

	while (s->present)
		s++;
	change_store(s);
	return s;
}

struct world_device *world_add_device(void)
{
	struct world_device *d = world.devices;

	while (d->present)
		d++;
	open_device(d);
	return d;
}

void world_change(void)
{
	struct world_device *d = &world.devices[world_random(WORLD_DEVICES)];
	uint32_t what = world_random(20);

	if (!what)
		alert();
	else if (what < 3)
		change_store(&world.stores[world_random(WORLD_STORES)]);
	else if (what < 8 || !d->present)
		change_device(d);
	else
		world_set_vector(d, world_random(WORLD_VECTORS),
				 IMS_VECTOR_STATE_IDLE + world_random(3),
				 world_random(1000));

	if (!world_random(3))
		world_flush();
}

/* ---- dumps -------------------------------------------------------------- */

static void part(const struct nlmsghdr *request, uint32_t generation,
		 void (*put)(struct nl_msg *msg, const void *a, const void *b),
		 const void *a, const void *b)
{
	struct nl_msg *msg = nlmsg_alloc();
	int flags = NLM_F_MULTI;

	if (generation != world.generation)
		flags |= NLM_F_DUMP_INTR;
	genlmsg_put(msg, 0, request->nlmsg_seq, fake_kernel.family, 0, flags,
		    genlmsg_hdr((struct nlmsghdr *)request)->cmd,
		    IMS_FAMILY_VERSION);
	put(msg, a, b);
	fake_kernel_push(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);

	if (world_random(100) < world.turmoil)
		world_change();
}

static void put_any_store(struct nl_msg *msg, const void *a, const void *b)
{
	(void)b;
	put_store(msg, a);
}

static void put_any_device(struct nl_msg *msg, const void *a, const void *b)
{
	(void)b;
	put_device(msg, a);
}

static void put_any_vector(struct nl_msg *msg, const void *a, const void *b)
{
	put_vector(msg, a, b);
}

/* The one with the lowest id beyond @id. */
static struct world_store *next_store(uint32_t id)
{
	struct world_store *s, *found = NULL;

	for (s = world.stores; s < world.stores + WORLD_STORES; s++)
		if (s->present && s->id > id && (!found || s->id < found->id))
			found = s;
	return found;
}

static struct world_device *next_device(uint32_t id)
{
	struct world_device *d, *found = NULL;

	for (d = world.devices; d < world.devices + WORLD_DEVICES; d++)
		if (d->present && d->id > id && (!found || d->id < found->id))
			found = d;
	return found;
}

static void dump_vectors(const struct nlmsghdr *request, uint32_t generation,
			 struct world_device *d)
{
	uint32_t id = d->id;
	unsigned int i;

	/* It may be closed, and its place be taken, meanwhile. */
	for (i = 0; i < WORLD_VECTORS && d->present && d->id == id; i++)
		if (d->vectors[i].present)
			part(request, generation, put_any_vector, d,
			     &d->vectors[i]);
}

static void answer(const struct nlmsghdr *request)
{
	uint8_t cmd = genlmsg_hdr((struct nlmsghdr *)request)->cmd;
	uint32_t generation = world.generation;
	struct world_device *d;
	struct world_store *s;
	uint32_t id;

	if (cmd == IMS_CMD_STORE_GET) {
		for (id = 0; (s = next_store(id)); ) {
			id = s->id;
			part(request, generation, put_any_store, s, NULL);
		}
	} else {
		for (id = 0; (d = next_device(id)); ) {
			id = d->id;
			if (cmd == IMS_CMD_DEVICE_GET)
				part(request, generation, put_any_device, d,
				     NULL);
			else
				dump_vectors(request, generation, d);
		}
	}
	fake_kernel_end(request, NLMSG_DONE, 0, NULL, 0, 0);
}

void world_reset(uint64_t seed)
{
	memset(&world, 0, sizeof(world));
	world.random = seed * 0x9e3779b97f4a7c15 + 1;
	if (!world.random)
		world.random = 1;
	fake_kernel.answer = answer;
}
