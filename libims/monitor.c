// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Monitors: the kernel's notifications as events, and the present state before
 * them when it is asked for or when notifications were lost.
 *
 * Why applying what is told ends at what is true: the kernel puts a change into
 * effect first and tells it then. The monitor listens before it dumps. What
 * nobody changed since it listens is in the dump. What somebody changed has its
 * notification, with the whole object, behind the dump, in the order of the
 * changes; the last one is the truth, whatever the dump had. So neither need
 * the dumps be of one moment, nor does it harm when they were disturbed.
 *
 * Two sockets: this one listens and nothing else, so that a flood of events
 * costs no replies; requests go through the context's.
 */
#include <errno.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "list.h"
#include "sys.h"
#include "transport.h"

/* Datagrams that one call throws away before it says that it is too much. */
#define DRAIN_MAX	65536

/* The state is these dumps, in this order: owners before what they own. */
static const struct {
	const struct ims_attr_set *set;
	uint8_t cmd;
	uint32_t type;
} dumps[] = {
	{ &ims_store_attrs, IMS_CMD_STORE_GET, IMS_EVENT_STORE_SYNC },
	{ &ims_device_attrs, IMS_CMD_DEVICE_GET, IMS_EVENT_DEVICE_SYNC },
	{ &ims_vector_attrs, IMS_CMD_VECTOR_GET, IMS_EVENT_VECTOR_SYNC },
};

#define NUM_DUMPS	(sizeof(dumps) / sizeof(dumps[0]))

/* What the next read is to do. Each step leads to the next one, round about. */
enum step {
	TELL_EVENTS,
	TELL_OVERRUN,
	DRAIN,
	DUMP,
	TELL_STATE,
};

struct ims_monitor {
	struct ims_ctx *ctx;
	struct ims_transport *transport;
	uint16_t family;
	/* Listens to the group for everybody, which has no cookies. */
	bool public;
	enum step step;

	/* What is left of the last datagram, which lies in the transport. */
	struct nlmsghdr *next;
	int rest;

	/* TELL_STATE: the dumps, and how far they have been told. */
	struct ims_list state[NUM_DUMPS];
	size_t list;
	size_t position;
};

static void forget_state(struct ims_monitor *m)
{
	size_t i;

	for (i = 0; i < NUM_DUMPS; i++) {
		ims_list_end(&m->state[i]);
		memset(&m->state[i], 0, sizeof(m->state[i]));
	}
	m->list = 0;
	m->position = 0;
}

static int join(struct ims_ctx *ctx, struct ims_monitor *m)
{
	const char *step;
	int err;

	err = ims_nl_resolve(ctx);
	if (err)
		return err;
	if (!ctx->events_group)
		return ims_fail(ctx, -EOPNOTSUPP, NULL, NULL,
				"the loaded module vfio_pci_ims does not tell events");
	m->family = ctx->family;

	err = ims_transport_open(&m->transport, &step);
	if (!err)
		err = ims_transport_join(m->transport, ctx->events_group,
					 &step);
	if (err == -EPERM && ctx->public_group) {
		m->public = true;
		err = ims_transport_join(m->transport, ctx->public_group,
					 &step);
	}
	if (err == -EPERM)
		return ims_fail(ctx, err, NULL, NULL,
				"listening to events needs CAP_SYS_ADMIN");
	return err ? ims_fail_errno(ctx, err, NULL, step) : 0;
}

IMS_PUBLIC int ims_monitor_new(struct ims_ctx *ctx, unsigned int flags,
			       struct ims_monitor **monitor)
{
	struct ims_monitor *m;
	int err;

	if (monitor)
		*monitor = NULL;
	if (!ctx || !monitor)
		return -EINVAL;
	if (flags & ~IMS_MONITOR_SYNC)
		return ims_fail(ctx, -EINVAL, NULL, NULL,
				"unknown flags %#x for a monitor",
				flags & ~IMS_MONITOR_SYNC);

	m = calloc(1, sizeof(*m));
	if (!m)
		return ims_fail_errno(ctx, -ENOMEM, NULL, "making a monitor");

	m->ctx = ims_ctx_ref(ctx);
	m->step = flags & IMS_MONITOR_SYNC ? DUMP : TELL_EVENTS;
	err = join(ctx, m);
	if (err)
		ims_monitor_free(m);
	else
		*monitor = m;
	return err;
}

IMS_PUBLIC void ims_monitor_free(struct ims_monitor *monitor)
{
	if (!monitor)
		return;

	forget_state(monitor);
	ims_transport_close(monitor->transport);
	ims_ctx_free(monitor->ctx);
	free(monitor);
}

IMS_PUBLIC bool ims_monitor_is_public(const struct ims_monitor *monitor)
{
	return monitor && monitor->public;
}

IMS_PUBLIC int ims_monitor_get_fd(const struct ims_monitor *monitor)
{
	return monitor ? ims_transport_fd(monitor->transport) : -EINVAL;
}

IMS_PUBLIC int ims_monitor_wait(struct ims_monitor *monitor, int timeout_ms)
{
	int err;

	if (!monitor)
		return -EINVAL;
	if (monitor->step != TELL_EVENTS || monitor->rest > 0)
		return 0;

	err = ims_sys_wait(ims_transport_fd(monitor->transport), timeout_ms);
	if (err && err != -ETIMEDOUT)
		return ims_fail_errno(monitor->ctx, err, NULL,
				      "waiting for events");
	return err;
}

/* What the reader knows is to be forgotten; so is what it has not heard yet. */
static void overrun(struct ims_monitor *m)
{
	m->rest = 0;
	m->step = TELL_OVERRUN;
}

/*
 * Empty the socket: what it still holds is older than the dump to come, and the
 * kernel adds nothing behind a gap before all of it is out. A dump that was
 * made before would miss what the kernel drops meanwhile.
 */
static int drain(struct ims_monitor *m)
{
	unsigned int i;
	ssize_t size;
	void *data;

	for (i = 0; i < DRAIN_MAX; i++) {
		size = ims_transport_try_recv(m->transport, &data);
		if (size == -EAGAIN) {
			m->step = DUMP;
			return 0;
		}
		if (size < 0 && size != -ENOBUFS)
			return ims_fail_errno(m->ctx, size, NULL,
					      "receiving events");
	}
	return ims_fail(m->ctx, -ENOBUFS, NULL, NULL,
			"events come faster than they can be thrown away");
}

/* A disturbed dump is no failure here, and leaves no reason behind. */
static int dump(struct ims_monitor *m)
{
	struct ims_error error = m->ctx->error;
	bool has_error = m->ctx->has_error;
	size_t i;
	int err;

	forget_state(m);
	for (i = 0; i < NUM_DUMPS; i++) {
		m->state[i].set = dumps[i].set;
		err = ims_list_dump(m->ctx, &m->state[i],
				    ims_nl_msg(dumps[i].cmd), NULL, NULL);
		if (err == -EINTR) {
			m->ctx->error = error;
			m->ctx->has_error = has_error;
		} else if (err) {
			forget_state(m);
			return err;
		}
	}
	m->step = TELL_STATE;
	return 0;
}

static int tell(struct ims_monitor *m, uint32_t type, enum step next,
		struct ims_event **event)
{
	int err;

	err = ims_event_new(m->ctx, type, event);
	if (err)
		return err;
	/* Nothing that was told may be older than the first of the dumps. */
	(*event)->time = type == IMS_EVENT_OVERRUN ? ims_sys_now() :
						     m->state[0].time;
	m->step = next;
	return 0;
}

static int tell_state(struct ims_monitor *m, struct ims_event **event)
{
	const void *snapshot = NULL;
	int err;

	while (m->list < NUM_DUMPS) {
		snapshot = ims_list_at(&m->state[m->list], m->position);
		if (snapshot)
			break;
		m->list++;
		m->position = 0;
	}
	if (!snapshot) {
		err = tell(m, IMS_EVENT_SYNCED, TELL_EVENTS, event);
		if (!err)
			forget_state(m);
		return err;
	}

	err = tell(m, dumps[m->list].type, TELL_STATE, event);
	if (err)
		return err;

	(*event)->time = m->state[m->list].time;
	memcpy(&(*event)->snapshot, snapshot,
	       dumps[m->list].set->snapshot_size);
	m->position++;
	return 0;
}

/* The next message of the last datagram: an event, or nothing (0 and NULL). */
static int tell_message(struct ims_monitor *m, struct ims_event **event)
{
	struct nlmsghdr *nlh = m->next;
	struct ims_event *e;
	uint32_t type;
	int err;

	if (!nlmsg_ok(nlh, m->rest)) {
		overrun(m);
		return ims_fail(m->ctx, -EPROTO, NULL, NULL,
				"a notification of the kernel is cut short");
	}

	/* Others, and what a later kernel has to tell, are not for us. */
	if (nlh->nlmsg_type != m->family || !genlmsg_valid_hdr(nlh, 0) ||
	    ims_event_type_of(genlmsg_hdr(nlh)->cmd, &type)) {
		m->next = nlmsg_next(nlh, &m->rest);
		return 0;
	}

	/* When there is no memory, the message stays for the next read. */
	err = ims_event_new(m->ctx, type, &e);
	if (err)
		return err;

	m->next = nlmsg_next(nlh, &m->rest);
	err = ims_attr_read(m->ctx, e->set, NULL, nlh, &e->snapshot);
	if (err) {
		ims_event_free(e);
		overrun(m);
		return err;
	}
	*event = e;
	return 0;
}

static int tell_event(struct ims_monitor *m, struct ims_event **event)
{
	ssize_t size;
	void *data;

	if (m->rest > 0)
		return tell_message(m, event);

	size = ims_transport_try_recv(m->transport, &data);
	if (size == -ENOBUFS) {
		ims_log(m->ctx, LOG_NOTICE,
			"events were lost: their buffer was full");
		overrun(m);
		return 0;
	}
	if (size == -EAGAIN)
		return -EAGAIN;
	if (size < 0)
		return ims_fail_errno(m->ctx, size, NULL, "receiving events");

	m->next = data;
	m->rest = size;
	return 0;
}

IMS_PUBLIC int ims_monitor_read(struct ims_monitor *monitor,
				struct ims_event **event)
{
	int err = 0;

	if (event)
		*event = NULL;
	if (!monitor || !event)
		return -EINVAL;

	while (!err && !*event) {
		switch (monitor->step) {
		case TELL_EVENTS:
			err = tell_event(monitor, event);
			break;
		case TELL_OVERRUN:
			err = tell(monitor, IMS_EVENT_OVERRUN, DRAIN, event);
			break;
		case DRAIN:
			err = drain(monitor);
			break;
		case DUMP:
			err = dump(monitor);
			break;
		case TELL_STATE:
			err = tell_state(monitor, event);
			break;
		}
	}
	return err;
}
