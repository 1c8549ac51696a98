// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "fake_events.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "fake_wire.h"

struct fake_events fake_events;

struct datagram {
	struct datagram *next;
	size_t size;
	char data[];
};

static struct datagram *queue;
static struct datagram **queue_end = &queue;

/*
 * A socket that has no room says ENOBUFS once, before what it still holds, and
 * takes nothing more until it is empty.
 */
static bool congested, error;

/*
 * An eventfd that is readable when there is something, -1 before it is asked for. Also
 * when something is to happen once all has been read: somebody has to look.
 */
static int ready = -1;

static bool is_ready(void)
{
	return error || queue || fake_events.recv_errors || fake_events.on_idle;
}

int fake_events_fd(void)
{
	if (ready < 0)
		ready = eventfd(is_ready(), EFD_CLOEXEC | EFD_NONBLOCK);
	return ready;
}

static void show_ready(void)
{
	eventfd_t count;

	if (ready < 0)
		return;
	if (is_ready())
		eventfd_write(ready, 1);
	else
		eventfd_read(ready, &count);
}

static void forget(void)
{
	struct datagram *d;

	while ((d = queue)) {
		queue = d->next;
		free(d);
	}
	queue_end = &queue;
	fake_events.waiting = 0;
	congested = false;
	error = false;
	if (ready >= 0)
		close(ready);
	ready = -1;
}

void fake_events_reset(void)
{
	forget();
	memset(&fake_events, 0, sizeof(fake_events));
}

void fake_events_leave(void)
{
	forget();
	fake_events.joined = false;
	fake_events.full = false;
	fake_events.public = false;
	fake_events.notified = false;
}

static void push(const void *data, size_t size)
{
	struct datagram *d;

	if (congested ||
	    (fake_events.room && fake_events.waiting == fake_events.room)) {
		error = error || !congested;
		congested = true;
		fake_events.lost++;
		show_ready();
		return;
	}

	fake_kernel.inside++;
	d = malloc(sizeof(*d) + size);
	fake_kernel.inside--;
	d->next = NULL;
	d->size = size;
	memcpy(d->data, data, size);
	*queue_end = d;
	queue_end = &d->next;
	fake_events.waiting++;
	show_ready();
}

bool fake_events_have_cookies(void)
{
	return fake_events.full || !fake_events.public;
}

void fake_events_push(const void *data, size_t size)
{
	if (fake_events.full)
		push(data, size);
	if (fake_events.public)
		push(data, size);
}

static void tell_family(uint8_t cmd)
{
	struct nl_msg *msg;

	if (!fake_events.notified)
		return;
	fake_kernel.inside++;
	msg = nlmsg_alloc();
	genlmsg_put(msg, 0, 0, GENL_ID_CTRL, 0, 0, cmd, 2);
	nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, IMS_FAMILY_NAME);
	nla_put_u16(msg, CTRL_ATTR_FAMILY_ID, fake_kernel.family);
	push(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
	fake_kernel.inside--;
}

void fake_events_unload(void)
{
	fake_events.joined = false;
	fake_events.full = false;
	fake_events.public = false;
	fake_kernel.absent = true;
	fake_kernel.unloading = false;
	tell_family(CTRL_CMD_DELFAMILY);
}

void fake_events_load(uint16_t family)
{
	fake_kernel.absent = false;
	fake_kernel.family = family;
	tell_family(CTRL_CMD_NEWFAMILY);
}

ssize_t fake_events_recv(char *end, void **data)
{
	struct datagram *d = queue;
	ssize_t size = -EAGAIN;

	if (fake_events.recv_error) {
		size = fake_events.recv_error;
		if (fake_events.recv_errors && !--fake_events.recv_errors)
			fake_events.recv_error = 0;
		show_ready();
		return size;
	}

	if (error) {
		error = false;
		size = -ENOBUFS;
	} else if (d) {
		queue = d->next;
		if (!queue)
			queue_end = &queue;
		fake_events.waiting--;
		size = d->size;
		*data = end - NLMSG_ALIGN(size);
		memcpy(*data, d->data, size);
		free(d);
	}
	if (!queue)
		congested = false;
	if (size == -EAGAIN && fake_events.on_idle)
		fake_events.on_idle();
	show_ready();
	return size;
}

struct nl_msg *fake_events_begin(uint8_t cmd)
{
	struct nl_msg *msg;

	fake_kernel.inside++;
	msg = nlmsg_alloc();
	genlmsg_put(msg, 0, 0, fake_kernel.family, 0, 0, cmd,
		    IMS_FAMILY_VERSION);
	return msg;
}

void fake_events_end(struct nl_msg *msg)
{
	fake_events_push(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
	fake_kernel.inside--;
}

void fake_events_tell(uint8_t cmd, const struct fake_device *d,
		      const struct fake_vector *v)
{
	struct nl_msg *msg = fake_events_begin(cmd);

	if (v) {
		fake_put_vector(msg, d, v);
		fake_put_u64(msg, IMS_A_VECTOR_TIME, fake_kernel.now,
			     IMS_A_VECTOR_PAD);
	} else {
		fake_put_device(msg, d);
		fake_put_u64(msg, IMS_A_DEVICE_TIME, fake_kernel.now,
			     IMS_A_DEVICE_PAD);
	}
	fake_events_end(msg);
}

void fake_events_tell_store(uint8_t cmd, const struct fake_store *s)
{
	struct nl_msg *msg = fake_events_begin(cmd);

	fake_put_store(msg, s);
	fake_put_u64(msg, IMS_A_STORE_TIME, fake_kernel.now, IMS_A_STORE_PAD);
	fake_events_end(msg);
}

static void put_groups(struct nl_msg *msg, const char *const *names, uint32_t count,
		       uint32_t number)
{
	struct nlattr *groups = nla_nest_start(msg, CTRL_ATTR_MCAST_GROUPS);
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct nlattr *group = nla_nest_start(msg, i + 1);

		nla_put_string(msg, CTRL_ATTR_MCAST_GRP_NAME, names[i]);
		nla_put_u32(msg, CTRL_ATTR_MCAST_GRP_ID, number + i);
		nla_nest_end(msg, group);
	}
	nla_nest_end(msg, groups);
}

void fake_events_put_group(struct nl_msg *msg)
{
	/* Another one before it, so that it has to be looked for. */
	static const char *const names[] = { "other", IMS_MCGRP_EVENTS,
					     IMS_MCGRP_EVENTS_PUBLIC };

	put_groups(msg, names, fake_events.no_public ? 2 : 3, FAKE_GROUP - 1);
}

void fake_events_put_notify_group(struct nl_msg *msg)
{
	static const char *const names[] = { "notify" };

	put_groups(msg, names, 1, FAKE_NOTIFY_GROUP);
}
