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

#include "fake_uevents.h"
#include "fake_wire.h"
#include "sys.h"

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
}

void fake_events_push(const void *data, size_t size)
{
	struct datagram *d;

	if (!fake_events.joined)
		return;
	if (congested ||
	    (fake_events.room && fake_events.waiting == fake_events.room)) {
		error = error || !congested;
		congested = true;
		fake_events.lost++;
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
}

ssize_t fake_events_recv(char *end, void **data)
{
	struct datagram *d = queue;
	ssize_t size = -EAGAIN;

	if (fake_events.recv_error)
		return fake_events.recv_error;

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
	return size;
}

int ims_sys_wait(int fd, int timeout_ms)
{
	bool ready = fd == FAKE_EVENTS_FD ? error || queue :
					    fake_uevents_waiting();

	if (fd != FAKE_EVENTS_FD && fd != FAKE_UEVENTS_FD)
		return -EBADF;
	if (fake_events.interrupted)
		return -EINTR;
	if (ready)
		return 0;

	if (fake_events.endless && timeout_ms < 0)
		pause();
	/* Nothing will come while we wait. */
	return timeout_ms < 0 ? -EDEADLK : -ETIMEDOUT;
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

void fake_events_put_group(struct nl_msg *msg)
{
	/* Another one before it, so that it has to be looked for. */
	static const char *const names[] = { "other", IMS_MCGRP_EVENTS,
					     IMS_MCGRP_EVENTS_PUBLIC };
	struct nlattr *groups = nla_nest_start(msg, CTRL_ATTR_MCAST_GROUPS);
	uint32_t i;

	for (i = 0; i < (fake_events.no_public ? 2 : 3); i++) {
		struct nlattr *group = nla_nest_start(msg, i + 1);

		nla_put_string(msg, CTRL_ATTR_MCAST_GRP_NAME, names[i]);
		nla_put_u32(msg, CTRL_ATTR_MCAST_GRP_ID, FAKE_GROUP - 1 + i);
		nla_nest_end(msg, group);
	}
	nla_nest_end(msg, groups);
}
