// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The simulated kernel's netlink: datagrams, answers, the transport. What it has
 * and what operations do with that is in the other fake_*.c.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/genl/genl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_events.h"
#include "fake_wire.h"
#include "transport.h"

struct fake_kernel fake_kernel;

/* ---- datagrams ---------------------------------------------------------- */

struct datagram {
	struct datagram *next;
	size_t size;
	char data[];
};

static struct datagram *queue;
static struct datagram **queue_end = &queue;

void fake_kernel_push(const void *data, size_t size)
{
	struct datagram *d = malloc(sizeof(*d) + size);

	d->next = NULL;
	d->size = size;
	memcpy(d->data, data, size);
	*queue_end = d;
	queue_end = &d->next;
}

static struct datagram *pull(void)
{
	struct datagram *d = queue;

	if (d) {
		queue = d->next;
		if (!queue)
			queue_end = &queue;
	}
	return d;
}

/* A dump's parts are collected here until one is full. */
static char part[IMS_DATAGRAM_MAX];
static size_t part_used;

static void flush_part(void)
{
	if (part_used)
		fake_kernel_push(part, part_used);
	part_used = 0;
}

static void put_part(const struct nlmsghdr *nlh)
{
	if (part_used + NLMSG_ALIGN(nlh->nlmsg_len) > fake_kernel.part)
		flush_part();
	memcpy(part + part_used, nlh, nlh->nlmsg_len);
	part_used += NLMSG_ALIGN(nlh->nlmsg_len);
}

void fake_kernel_end(const struct nlmsghdr *request, uint16_t type, int err,
		     const char *text, int offset, int missing)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nlmsghdr *nlh;
	struct nlmsgerr e = { .error = err, .msg = *request };
	bool error = type == NLMSG_ERROR;
	size_t size = error ? sizeof(e) : sizeof(int);

	nlh = nlmsg_put(msg, 0, request->nlmsg_seq, type, 0,
			error ? NLM_F_CAPPED : NLM_F_MULTI);
	nlmsg_append(msg, &e, size, 0);
	if (!fake_kernel.silent && (text || offset || missing)) {
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		if (text)
			nla_put_string(msg, NLMSGERR_ATTR_MSG, text);
		if (offset)
			nla_put_u32(msg, NLMSGERR_ATTR_OFFS, offset);
		if (missing)
			nla_put_u32(msg, NLMSGERR_ATTR_MISS_TYPE, missing);
	}
	fake_kernel_push(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
}

/* ---- answers ------------------------------------------------------------ */

void fake_refuse(const struct fake_call *call, int err,
		 const struct nlattr *nla, const char *fmt, ...)
{
	int offset = nla ? (const char *)nla - (const char *)call->request : 0;
	char text[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fake_kernel_end(call->request, NLMSG_ERROR, err, text, offset, 0);
}

void fake_refuse_missing(const struct fake_call *call, int missing,
			 const char *text)
{
	fake_kernel_end(call->request, NLMSG_ERROR, -EINVAL, text, 0, missing);
}

/* False when the call was ended. */
bool fake_may_change(const struct fake_call *call)
{
	if (!fake_kernel.fail_change || --fake_kernel.fail_change)
		return true;
	if (fake_kernel.keeps_failing)
		fake_kernel.fail_change = 1;
	fake_refuse(call, -ENOSPC, NULL, "nothing is left");
	return false;
}

void fake_finish(const struct fake_call *call)
{
	flush_part();
	if (call->dump)
		fake_kernel_end(call->request, NLMSG_DONE,
				fake_kernel.done_error,
				fake_kernel.done_error ?
				"the device was closed meanwhile" : NULL, 0, 0);
	else
		fake_kernel_end(call->request, NLMSG_ERROR, 0,
				fake_kernel.warning, 0, 0);
}

struct nl_msg *fake_reply_begin(const struct fake_call *call)
{
	struct nl_msg *msg = nlmsg_alloc();
	int flags = call->dump ? NLM_F_MULTI : 0;

	if (call->interrupted)
		flags |= NLM_F_DUMP_INTR;
	genlmsg_put(msg, 0, call->request->nlmsg_seq, fake_kernel.family, 0,
		    flags, call->cmd, IMS_FAMILY_VERSION);
	return msg;
}

void fake_reply_end(const struct fake_call *call, struct nl_msg *msg)
{
	if (fake_kernel.tail)
		nlmsg_append(msg, (void *)fake_kernel.tail,
			     fake_kernel.tail_size, 0);

	if (call->dump)
		put_part(nlmsg_hdr(msg));
	else
		fake_kernel_push(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
}

void fake_put_u32(struct nl_msg *msg, int type, uint32_t value)
{
	if (type != fake_kernel.omit)
		nla_put_u32(msg, type, value);
}

void fake_put_u64(struct nl_msg *msg, int type, uint64_t value, int pad)
{
	if (type == fake_kernel.omit)
		return;

	/* As the kernel does where it has to align u64. */
	if (nlmsg_hdr(msg)->nlmsg_len % 8 == 0)
		nla_put(msg, pad, 0, NULL);
	nla_put_u64(msg, type, value);
}

void fake_put_string(struct nl_msg *msg, int type, const char *value)
{
	if (type != fake_kernel.omit && value)
		nla_put_string(msg, type, value);
}

void fake_put_flag(struct nl_msg *msg, int type, bool value)
{
	if (type != fake_kernel.omit && value)
		nla_put_flag(msg, type);
}

/* ---- requests ----------------------------------------------------------- */

struct operation {
	void (*run)(struct fake_call *call);
	bool dump;
	bool admin;
};

/* As netlink_capable(): who opened the socket, and who asks. */
static bool is_privileged(void)
{
	return fake_kernel.opener_privileged && fake_kernel.privileged;
}

bool fake_shows_cookies(struct nl_msg *msg)
{
	/* Notifications have no number. */
	return nlmsg_hdr(msg)->nlmsg_seq ? is_privileged() :
					   fake_events_have_cookies();
}

static const struct operation operations[IMS_CMD_MAX + 1] = {
	[IMS_CMD_STORE_GET] = { fake_store_get, .dump = true },
	[IMS_CMD_STORE_SET] = { fake_store_set, .admin = true },
	[IMS_CMD_STORE_STATS_RESET] = { fake_store_stats_reset, .admin = true },
	[IMS_CMD_DEVICE_GET] = { fake_device_get, .dump = true },
	[IMS_CMD_DEVICE_SET] = { fake_device_set, .admin = true },
	[IMS_CMD_VECTOR_GET] = { fake_vector_get, .dump = true },
	[IMS_CMD_VECTOR_SET] = { fake_vector_set, .admin = true },
	[IMS_CMD_VECTOR_RESTRAIN] = { fake_vector_restrain, .admin = true },
	[IMS_CMD_TRIGGER] = { fake_trigger, .admin = true },
	[IMS_CMD_STATS_RESET] = { fake_stats_reset, .admin = true },
};

static struct nl_msg *begin_family(const struct nlmsghdr *request,
				   const char *name)
{
	struct nl_msg *msg = nlmsg_alloc();

	genlmsg_put(msg, 0, request->nlmsg_seq, GENL_ID_CTRL, 0, 0,
		    CTRL_CMD_NEWFAMILY, 2);
	nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, name);
	return msg;
}

static void end_family(struct nl_msg *msg)
{
	fake_kernel_push(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
}

static void tell_family(const struct nlmsghdr *request)
{
	struct nl_msg *msg = begin_family(request, "ims");

	if (fake_kernel.omit != -1)
		nla_put_u16(msg, CTRL_ATTR_FAMILY_ID, fake_kernel.family);
	if (fake_kernel.omit != -2)
		fake_events_put_group(msg);
	end_family(msg);
}

/* All families: the controller itself, another one, and ours. */
static void tell_families(const struct nlmsghdr *request)
{
	struct nl_msg *msg = begin_family(request, "nlctrl");

	nla_put_u16(msg, CTRL_ATTR_FAMILY_ID, GENL_ID_CTRL);
	fake_events_put_notify_group(msg);
	end_family(msg);

	msg = begin_family(request, "imsx");
	nla_put_u16(msg, CTRL_ATTR_FAMILY_ID, 99);
	end_family(msg);

	if (!fake_kernel.absent)
		tell_family(request);
	fake_kernel_end(request, NLMSG_DONE, 0, NULL, 0, 0);
}

static void control(const struct nlmsghdr *request)
{
	struct nlattr *name = nlmsg_find_attr((struct nlmsghdr *)request,
					      GENL_HDRLEN,
					      CTRL_ATTR_FAMILY_NAME);

	if ((request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) {
		tell_families(request);
		return;
	}
	/* Whoever asks again has waited for it, where nobody listens. */
	if (fake_kernel.loads && fake_kernel.absent && !fake_events.notified &&
	    fake_events.on_idle)
		fake_events.on_idle();
	/* Whoever asks for it by name has the kernel load it. */
	fake_kernel.loads++;
	if (fake_kernel.absent || !name || strcmp(nla_data(name), "ims")) {
		fake_kernel_end(request, NLMSG_ERROR, -ENOENT, NULL, 0, 0);
		return;
	}
	tell_family(request);
	fake_kernel_end(request, NLMSG_ERROR, 0, NULL, 0, 0);
}

static void answer(const struct nlmsghdr *request)
{
	struct fake_call call = { .request = request };
	const struct operation *op;

	if (fake_kernel.absent || request->nlmsg_type != fake_kernel.family) {
		fake_kernel_end(request, NLMSG_ERROR, -ENOENT, NULL, 0, 0);
		return;
	}

	call.cmd = genlmsg_hdr((struct nlmsghdr *)request)->cmd;
	call.dump = (request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	fake_kernel.cmds[fake_kernel.requests++ % 64] = call.cmd;
	fake_kernel.dumps += call.dump;
	fake_kernel.request_size = request->nlmsg_len;

	/* netlink itself says so, without a text. */
	if (call.dump && fake_kernel.unloading) {
		fake_kernel_end(request, NLMSG_ERROR, -EPROTONOSUPPORT, NULL, 0, 0);
		return;
	}

	op = &operations[call.cmd <= IMS_CMD_MAX ? call.cmd : 0];
	if (!op->run || (call.dump && !op->dump) ||
	    (fake_kernel.last_cmd && call.cmd > fake_kernel.last_cmd)) {
		fake_kernel_end(request, NLMSG_ERROR, -EOPNOTSUPP, NULL, 0, 0);
		return;
	}
	if (fake_kernel.answer) {
		fake_kernel.answer(request);
		return;
	}
	if (!fake_validate(&call))
		return;
	if (op->admin && !is_privileged()) {
		fake_refuse(&call, -EPERM, NULL, "this needs CAP_SYS_ADMIN in the initial user namespace");
		return;
	}

	if (call.dump && fake_kernel.undisturbed) {
		fake_kernel.undisturbed--;
	} else if (call.dump && fake_kernel.interrupts) {
		fake_kernel.interrupts--;
		call.interrupted = true;
	}
	op->run(&call);
}

/* ---- the transport ------------------------------------------------------ */

struct ims_transport {
	/* Has events in the place of replies. */
	bool listens;
	/* Whoever opened it was privileged. */
	bool privileged;
	_Alignas(8) char buffer[IMS_DATAGRAM_MAX];
};

int ims_transport_open(struct ims_transport **transport, const char **step)
{
	*step = "socket(AF_NETLINK, NETLINK_GENERIC)";
	if (fake_kernel.open_error)
		return fake_kernel.open_error;

	fake_kernel.inside++;
	fake_kernel.opens++;
	*transport = calloc(1, sizeof(**transport));
	if (*transport)
		(*transport)->privileged = fake_kernel.privileged;
	fake_kernel.inside--;
	return 0;
}

void ims_transport_close(struct ims_transport *transport)
{
	struct datagram *d;

	if (!transport)
		return;

	/* What was not read is lost with the socket. */
	if (transport->listens)
		fake_events_leave();
	while (!transport->listens && (d = pull()))
		free(d);
	fake_kernel.closes++;
	free(transport);
}

int ims_transport_send(struct ims_transport *transport, const void *data,
		       size_t size)
{
	const struct nlmsghdr *request = data;

	fake_kernel.opener_privileged = transport->privileged;
	if (fake_kernel.send_error)
		return fake_kernel.send_error;
	if (size != request->nlmsg_len ||
	    !(request->nlmsg_flags & NLM_F_REQUEST))
		return -EINVAL;
	/* The usual net.core.wmem_default, less what the socket keeps. */
	if (size > 212992 - 32)
		return -EMSGSIZE;

	fake_kernel.inside++;
	if (request->nlmsg_type == GENL_ID_CTRL)
		control(request);
	else
		answer(request);
	fake_kernel.inside--;
	return 0;
}

ssize_t ims_transport_recv(struct ims_transport *transport, void **data)
{
	struct datagram *d;
	ssize_t size;

	if (fake_kernel.recv_error)
		return fake_kernel.recv_error;

	/* A real socket would block for ever: the reader missed an end. */
	d = pull();
	if (!d)
		return -ETIMEDOUT;

	/*
	 * To the buffer's end, so that whoever reads on beyond a datagram is
	 * seen by the address sanitizer.
	 */
	size = d->size;
	*data = transport->buffer + sizeof(transport->buffer) -
		NLMSG_ALIGN(size);
	memcpy(*data, d->data, size);
	free(d);
	return size;
}

int ims_transport_join(struct ims_transport *transport, uint32_t group,
		       const char **step)
{
	*step = "setsockopt(NETLINK_ADD_MEMBERSHIP)";
	if (group == FAKE_NOTIFY_GROUP) {
		transport->listens = true;
		fake_events.notified = true;
		return 0;
	}
	if (!fake_kernel.privileged && group == FAKE_GROUP)
		return -EPERM;
	if (fake_events.join_error)
		return fake_events.join_error;
	if ((group != FAKE_GROUP && group != FAKE_PUBLIC) || fake_kernel.absent)
		return -ENOENT;

	transport->listens = true;
	if (group == FAKE_GROUP)
		fake_events.full = true;
	else
		fake_events.public = true;
	if (fake_events.joined)
		return 0;
	fake_events.joined = true;
	if (fake_events.on_join)
		fake_events.on_join();
	return 0;
}

int ims_transport_leave(struct ims_transport *transport, uint32_t group,
			const char **step)
{
	(void)transport;
	*step = "setsockopt(NETLINK_DROP_MEMBERSHIP)";
	if (fake_events.leave_error)
		return fake_events.leave_error;
	if (group == FAKE_GROUP)
		fake_events.full = false;
	else if (group == FAKE_PUBLIC)
		fake_events.public = false;
	fake_events.joined = fake_events.full || fake_events.public;
	return 0;
}

int ims_transport_fd(const struct ims_transport *transport)
{
	(void)transport;
	return fake_events_fd();
}

ssize_t ims_transport_try_recv(struct ims_transport *transport, void **data)
{
	char *end = transport->buffer + sizeof(transport->buffer);

	return transport->listens ? fake_events_recv(end, data) : -EAGAIN;
}

void fake_kernel_reset(void)
{
	struct datagram *d;

	while ((d = pull()))
		free(d);
	fake_kernel_drop_vectors();
	memset(&fake_kernel, 0, sizeof(fake_kernel));
	fake_kernel.privileged = true;
	fake_kernel.family = FAKE_FAMILY;
	fake_kernel.part = 8192;
	fake_kernel.cpus_possible = 0xff;
	fake_kernel.cpus_online = 0xf;
	fake_kernel.cpus_allowed = UINT64_MAX;
	fake_kernel.cpus_free = UINT64_MAX;
	fake_kernel.now = 90000000000;
	fake_events_reset();
}
