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
 *
 * The module may be unloaded and loaded again, which takes away the membership in
 * its group, and gives it another number. So the socket is also in the group of the
 * generic netlink controller, which tells of both, in one order with the events.
 * Whenever the state is to be told anew, the family is looked up and its group
 * joined before the dumps, so that it does not matter whether what the controller
 * told has been lost, too.
 */
#include <errno.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "list.h"
#include "pollset.h"
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
	JOIN,
	TELL_GONE,
	TELL_BACK,
	DUMP,
	TELL_STATE,
};

struct ims_monitor {
	struct ims_ctx *ctx;
	struct ims_transport *transport;
	/* For poll: the socket, and that there is something to do without it. */
	struct ims_pollset pollset;

	/* The family's number as the reader knows it; 0: the module is gone. */
	uint16_t family;
	/* Listens to the group for everybody, which has no cookies. */
	bool public;
	/* What it will be behind TELL_GONE and TELL_BACK. */
	uint16_t next_family;
	enum step step;
	/* The reader does not know all of the state: it is to be told. */
	bool stale;

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

/* If the privilege is missing, the caller gives the reason. */
static int join_group(struct ims_monitor *m, uint32_t group)
{
	const char *step;
	int err = ims_transport_join(m->transport, group, &step);

	return err && err != -EPERM ? ims_fail_errno(m->ctx, err, NULL, step) :
				      err;
}

static int leave_group(struct ims_monitor *m, uint32_t group)
{
	const char *step;
	int err = ims_transport_leave(m->transport, group, &step);

	return err ? ims_fail_errno(m->ctx, err, NULL, step) : 0;
}

/*
 * Join a group of the family that the context has found: the one with cookies, or
 * the one for everybody if the caller lacks the privilege for it. The kernel checks
 * the privilege of a member that joins again, too, so that the group is always the one
 * that agrees with the dumps. The other group is left: two would tell everything twice.
 */
static int join_events(struct ims_monitor *m)
{
	const struct ims_ctx *ctx = m->ctx;
	uint32_t other = ctx->public_group;
	bool public = false;
	int err;

	if (!ctx->events_group)
		return ims_fail(m->ctx, -EOPNOTSUPP, NULL, NULL,
				"the loaded module vfio_pci_ims does not tell events");
	err = join_group(m, ctx->events_group);
	if (err == -EPERM && ctx->public_group) {
		other = ctx->events_group;
		public = true;
		err = join_group(m, ctx->public_group);
	}
	if (err == -EPERM)
		return ims_fail(m->ctx, err, NULL, NULL,
				"listening to events needs CAP_SYS_ADMIN");
	if (!err && other)
		err = leave_group(m, other);
	if (!err)
		m->public = public;
	return err;
}

/* First the group that tells of families, so that no reload is missed. */
static int start(struct ims_ctx *ctx, struct ims_monitor *m)
{
	uint32_t notify_group;
	const char *step;
	int err;

	err = ims_nl_resolve(ctx);
	if (err)
		return err;

	err = ims_transport_open(&m->transport, &step);
	if (err)
		return ims_fail_errno(ctx, err, NULL, step);
	err = ims_pollset_open(&m->pollset, ims_transport_fd(m->transport));
	if (err)
		return ims_fail_errno(ctx, err, NULL, "making a poll set");

	err = ims_nl_find(ctx, &notify_group);
	if (!err && notify_group)
		err = join_group(m, notify_group);
	if (!err)
		err = ims_nl_resolve(ctx);
	if (!err)
		err = join_events(m);
	m->family = ctx->family;
	return err;
}

/* Let the descriptor say whether there is something to do. */
static void show_work(struct ims_monitor *m)
{
	ims_pollset_work(&m->pollset, m->step != TELL_EVENTS || m->rest > 0);
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
	m->pollset.fd = -1;
	m->pollset.work = -1;
	m->stale = flags & IMS_MONITOR_SYNC;
	m->step = m->stale ? JOIN : TELL_EVENTS;
	err = start(ctx, m);
	if (err) {
		ims_monitor_free(m);
		return err;
	}
	show_work(m);
	*monitor = m;
	return 0;
}

IMS_PUBLIC void ims_monitor_free(struct ims_monitor *monitor)
{
	if (!monitor)
		return;

	forget_state(monitor);
	ims_pollset_close(&monitor->pollset);
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
	return monitor ? monitor->pollset.fd : -EINVAL;
}

IMS_PUBLIC int ims_monitor_wait(struct ims_monitor *monitor, int timeout_ms)
{
	int err;

	if (!monitor)
		return -EINVAL;
	err = ims_sys_wait(monitor->pollset.fd, timeout_ms);
	if (err && err != -ETIMEDOUT)
		return ims_fail_errno(monitor->ctx, err, NULL,
				      "waiting for events");
	return err;
}

/* What the reader knows is to be forgotten; so is what it has not heard yet. */
static void overrun(struct ims_monitor *m)
{
	m->rest = 0;
	m->stale = true;
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
			m->step = JOIN;
			return 0;
		}
		if (size < 0 && size != -ENOBUFS)
			return ims_fail_errno(m->ctx, size, NULL,
					      "receiving events");
	}
	return ims_fail(m->ctx, -ENOBUFS, NULL, NULL,
			"events come faster than they can be thrown away");
}

/*
 * Has a call failed because the module went away under it? Then the reader is told
 * that, and not of the failure.
 */
static bool went_away(struct ims_monitor *m, uint16_t family)
{
	struct ims_error error = m->ctx->error;
	bool has_error = m->ctx->has_error;
	uint32_t notify_group;

	if (!ims_nl_find(m->ctx, &notify_group) && m->ctx->family != family)
		return true;
	m->ctx->error = error;
	m->ctx->has_error = has_error;
	return false;
}

/*
 * A module that is there has its family. Where that is not found, also by a second look
 * in case it came between the two, this process has left its network namespace since.
 */
static int find_family(struct ims_monitor *m, uint32_t *group)
{
	int i, err = 0;

	for (i = 0; i < 2; i++) {
		err = ims_nl_find(m->ctx, group);
		if (err || m->ctx->family || !ims_sys_has_module())
			return err;
	}
	return ims_nl_elsewhere(m->ctx);
}

/*
 * Find out what the family is now, and listen to it, before it is dumped. The group
 * of a family that was gone meanwhile had no members any more, whatever its number.
 *
 * The dumps are asked for on a new socket: they have cookies if both its opener and
 * the caller have the privilege, and the group depends on the caller's alone.
 */
static int join(struct ims_monitor *m)
{
	const bool was_public = m->public;
	uint32_t notify_group;
	int err;

	ims_nl_close(m->ctx);
	err = find_family(m, &notify_group);
	if (err)
		return err;

	m->next_family = m->ctx->family;
	/* The group changes only where the state is told anew. */
	if (m->next_family && (m->stale || m->next_family != m->family)) {
		err = join_events(m);
		if (err == -ENOENT && went_away(m, m->next_family))
			return 0;
		if (err)
			return err;
	}
	if (!m->next_family)
		m->step = m->family || m->stale ? TELL_GONE : TELL_EVENTS;
	else if (m->next_family != m->family)
		m->step = m->family ? TELL_GONE : TELL_BACK;
	else if (!m->stale)
		m->step = TELL_EVENTS;
	else
		/* What the group that was left has sent is not to follow the dumps. */
		m->step = m->public != was_public ? DRAIN : DUMP;
	return 0;
}

/*
 * A disturbed dump is no failure here, and leaves no reason behind. Nor is a family that
 * goes under it: the context knows none then, also while the family can still be looked
 * up because its module is being unloaded.
 */
static int dump(struct ims_monitor *m)
{
	struct ims_error error = m->ctx->error;
	bool has_error = m->ctx->has_error;
	size_t i;
	int err;

	forget_state(m);
	for (i = 0; i < NUM_DUMPS; i++) {
		m->state[i].set = dumps[i].set;
		m->state[i].no_load = true;
		err = ims_list_dump(m->ctx, &m->state[i],
				    ims_nl_msg(dumps[i].cmd), NULL, NULL);
		if (err == -EINTR) {
			m->ctx->error = error;
			m->ctx->has_error = has_error;
		} else if (err) {
			forget_state(m);
			m->step = JOIN;
			if (err != -EOPNOTSUPP || m->ctx->family)
				return err;
			m->ctx->error = error;
			m->ctx->has_error = has_error;
			m->next_family = 0;
			m->step = TELL_GONE;
			return 0;
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
	(*event)->time = m->step == TELL_STATE ? m->state[0].time :
						 ims_sys_now();
	m->step = next;
	return 0;
}

static int tell_gone(struct ims_monitor *m, struct ims_event **event)
{
	int err;

	err = tell(m, IMS_EVENT_GONE, m->next_family ? TELL_BACK : TELL_EVENTS,
		   event);
	if (!err) {
		m->family = 0;
		m->stale = false;
	}
	return err;
}

static int tell_back(struct ims_monitor *m, struct ims_event **event)
{
	int err;

	/* The reader may take its time, and the module go again. */
	err = tell(m, IMS_EVENT_BACK, JOIN, event);
	if (!err) {
		m->family = m->next_family;
		m->stale = true;
	}
	return err;
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
		if (!err) {
			m->stale = false;
			forget_state(m);
		}
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

/*
 * What the controller tells. There may be more than one reload in the socket, of
 * which the first has led to the family that is there now: what is told of others
 * is old.
 */
static void take_family(struct ims_monitor *m, const struct nlmsghdr *nlh)
{
	uint16_t family = ims_nl_family_of(nlh);
	uint8_t cmd = genlmsg_hdr((struct nlmsghdr *)nlh)->cmd;

	if (cmd == CTRL_CMD_DELFAMILY && family && family == m->family) {
		m->next_family = 0;
		m->step = TELL_GONE;
	} else if (cmd == CTRL_CMD_NEWFAMILY && family && family != m->family) {
		m->step = JOIN;
	}
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

	if (nlh->nlmsg_type == GENL_ID_CTRL && genlmsg_valid_hdr(nlh, 0)) {
		m->next = nlmsg_next(nlh, &m->rest);
		take_family(m, nlh);
		return 0;
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
		case JOIN:
			err = join(monitor);
			break;
		case TELL_GONE:
			err = tell_gone(monitor, event);
			break;
		case TELL_BACK:
			err = tell_back(monitor, event);
			break;
		case DUMP:
			err = dump(monitor);
			break;
		case TELL_STATE:
			err = tell_state(monitor, event);
			break;
		}
	}
	show_work(monitor);
	return err;
}
