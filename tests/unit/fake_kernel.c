// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_kernel.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- a request ---------------------------------------------------------- */

struct call {
	const struct nlmsghdr *request;
	uint8_t cmd;
	bool dump;
	bool interrupted;
	struct nlattr *attrs[8];
};

static int offset_of(const struct call *call, const struct nlattr *nla)
{
	return nla ? (const char *)nla - (const char *)call->request : 0;
}

static bool refuse(const struct call *call, int err, const char *text,
		   const struct nlattr *nla)
{
	fake_kernel_end(call->request, NLMSG_ERROR, err, text,
			offset_of(call, nla), 0);
	return false;
}

/* What the kernel's own strict validation does with the family's policies. */
static bool validate(struct call *call)
{
	bool device = call->cmd == IMS_CMD_DEVICE_GET;
	int max = device ? IMS_A_DEVICE_NAME :
		  call->cmd == IMS_CMD_TRIGGER ? IMS_A_VECTOR_COUNT :
		  IMS_A_VECTOR_INDEX;
	int name = device ? IMS_A_DEVICE_NAME : IMS_A_VECTOR_DEVICE_NAME;
	struct nlattr *nla;
	int rest;

	nla_for_each_attr(nla, nlmsg_attrdata(call->request, GENL_HDRLEN),
			  nlmsg_attrlen(call->request, GENL_HDRLEN), rest) {
		int type = nla_type(nla);

		if (!type || type > max)
			return refuse(call, -EINVAL, "Unknown attribute type",
				      nla);
		if (type == name ?
		    strnlen(nla_data(nla), nla_len(nla)) > IMS_NAME_MAX :
		    nla_len(nla) != sizeof(uint32_t))
			return refuse(call, -ERANGE,
				      "Attribute failed policy validation",
				      nla);
		call->attrs[type] = nla;
	}
	if (rest)
		return refuse(call, -EINVAL, "bytes leftover after parsing",
			      NULL);
	return true;
}

static struct fake_device *find(const struct call *call)
{
	struct nlattr *id = call->attrs[IMS_A_DEVICE_ID];
	struct nlattr *name = call->attrs[IMS_A_DEVICE_NAME];
	size_t i;

	if (!id == !name) {
		if (id)
			refuse(call, -EINVAL, "name the device by its id or by its name, not by both",
			       name);
		else
			refuse(call, -EINVAL, "no device given", NULL);
		return NULL;
	}

	for (i = 0; i < fake_kernel.num_devices; i++) {
		struct fake_device *d = &fake_kernel.devices[i];

		if (id ? nla_get_u32(id) == d->id :
		    !strcmp(nla_data(name), d->name))
			return d;
	}
	refuse(call, -ENODEV, "no such virtual device is open", id ? id : name);
	return NULL;
}

/* ---- objects on the wire ------------------------------------------------ */

static void u32(struct nl_msg *msg, int type, uint32_t value)
{
	if (type != fake_kernel.omit)
		nla_put_u32(msg, type, value);
}

static void u64(struct nl_msg *msg, int type, uint64_t value, int pad)
{
	if (type == fake_kernel.omit)
		return;

	/* As the kernel does where it has to align u64. */
	if (nlmsg_hdr(msg)->nlmsg_len % 8 == 0)
		nla_put(msg, pad, 0, NULL);
	nla_put_u64(msg, type, value);
}

static void string(struct nl_msg *msg, int type, const char *value)
{
	if (type != fake_kernel.omit && value)
		nla_put_string(msg, type, value);
}

static void flag(struct nl_msg *msg, int type, bool value)
{
	if (type != fake_kernel.omit && value)
		nla_put_flag(msg, type);
}

static void put_device(struct nl_msg *msg, const struct fake_device *d)
{
	uint32_t live = 0, emulated = 0, slots = 0;
	size_t i;

	for (i = 0; i < d->num_vectors; i++) {
		live += d->vectors[i].state == IMS_VECTOR_STATE_LIVE;
		emulated += d->vectors[i].backing ==
			    IMS_VECTOR_BACKING_EMULATED;
		slots += d->vectors[i].has_slot;
	}

	u32(msg, IMS_A_DEVICE_ID, d->id);
	string(msg, IMS_A_DEVICE_NAME, d->name);
	string(msg, IMS_A_DEVICE_PARENT, d->parent);
	u32(msg, IMS_A_DEVICE_VECTORS, d->declared);
	u32(msg, IMS_A_DEVICE_LIVE, live);
	u32(msg, IMS_A_DEVICE_EMULATED, emulated);
	u32(msg, IMS_A_DEVICE_SLOTS, slots);
	u32(msg, IMS_A_DEVICE_LIMIT, d->limit);
	u32(msg, IMS_A_DEVICE_RESERVATION, d->reservation);
	u32(msg, IMS_A_DEVICE_OWNER_PID, d->pid);
	string(msg, IMS_A_DEVICE_OWNER_COMM, d->comm);
	if (fake_kernel.privileged)
		u64(msg, IMS_A_DEVICE_DEFAULT_COOKIE, d->default_cookie,
		    IMS_A_DEVICE_PAD);
}

static void put_vector(struct nl_msg *msg, const struct fake_device *d,
		       const struct fake_vector *v)
{
	u32(msg, IMS_A_VECTOR_DEVICE_ID, d->id);
	string(msg, IMS_A_VECTOR_DEVICE_NAME, d->name);
	u32(msg, IMS_A_VECTOR_INDEX, v->index);
	u32(msg, IMS_A_VECTOR_STATE, v->state);
	if (v->state == IMS_VECTOR_STATE_ABSENT)
		return;

	u32(msg, IMS_A_VECTOR_BACKING, v->backing);
	flag(msg, IMS_A_VECTOR_MASKED, v->masked);
	flag(msg, IMS_A_VECTOR_PENDING, v->pending);
	if (v->has_slot) {
		u32(msg, IMS_A_VECTOR_SLOT, v->slot);
		u32(msg, IMS_A_VECTOR_GENERATION, v->generation);
		u32(msg, IMS_A_VECTOR_IRQ, v->irq);
	}
	if (fake_kernel.privileged &&
	    v->backing != IMS_VECTOR_BACKING_EMULATED) {
		u64(msg, IMS_A_VECTOR_COOKIE, v->cookie, IMS_A_VECTOR_PAD);
		if (v->pending_cookie)
			u64(msg, IMS_A_VECTOR_PENDING_COOKIE, v->pending_cookie,
			    IMS_A_VECTOR_PAD);
		flag(msg, IMS_A_VECTOR_COOKIE_OWN, v->cookie_own);
	}
	u64(msg, IMS_A_VECTOR_DELIVERED, v->delivered, IMS_A_VECTOR_PAD);
	u64(msg, IMS_A_VECTOR_LOOPBACK, v->loopback, IMS_A_VECTOR_PAD);
	u64(msg, IMS_A_VECTOR_SIGNALLED, v->signalled, IMS_A_VECTOR_PAD);
	u64(msg, IMS_A_VECTOR_DROPPED, v->dropped, IMS_A_VECTOR_PAD);
	u64(msg, IMS_A_VECTOR_PENDED, v->pended, IMS_A_VECTOR_PAD);
	u64(msg, IMS_A_VECTOR_REPLACED, v->replaced, IMS_A_VECTOR_PAD);
	u64(msg, IMS_A_VECTOR_FAILED, v->failed, IMS_A_VECTOR_PAD);
	if (v->last)
		u64(msg, IMS_A_VECTOR_LAST, v->last, IMS_A_VECTOR_PAD);
}

/* One object, a device if @v is NULL, as reply or as a part of a dump. */
static void reply(const struct call *call, const struct fake_device *d,
		  const struct fake_vector *v)
{
	struct nl_msg *msg = nlmsg_alloc();
	int flags = call->dump ? NLM_F_MULTI : 0;

	if (call->interrupted)
		flags |= NLM_F_DUMP_INTR;
	genlmsg_put(msg, 0, call->request->nlmsg_seq, fake_kernel.family, 0,
		    flags, call->cmd, IMS_FAMILY_VERSION);
	if (v)
		put_vector(msg, d, v);
	else
		put_device(msg, d);
	if (fake_kernel.tail)
		nlmsg_append(msg, (void *)fake_kernel.tail,
			     fake_kernel.tail_size, 0);

	if (call->dump)
		put_part(nlmsg_hdr(msg));
	else
		fake_kernel_push(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
}

static bool finish(const struct call *call)
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
	return true;
}

/* ---- operations --------------------------------------------------------- */

static bool device_get(struct call *call)
{
	struct fake_device *d;
	size_t i;

	if (call->dump) {
		for (i = 0; i < fake_kernel.num_devices; i++)
			reply(call, &fake_kernel.devices[i], NULL);
		return finish(call);
	}

	d = find(call);
	if (!d)
		return false;
	reply(call, d, NULL);
	return finish(call);
}

static bool check_index(const struct call *call, const struct fake_device *d,
			uint32_t *index, uint32_t count)
{
	struct nlattr *nla = call->attrs[IMS_A_VECTOR_INDEX];
	uint64_t last;
	char text[80];

	if (!nla)
		return refuse(call, -EINVAL, "no vector given", NULL);

	*index = nla_get_u32(nla);
	last = (uint64_t)*index + count - 1;
	if (last < d->declared)
		return true;

	snprintf(text, sizeof(text), "vector %llu is beyond the %u declared",
		 (unsigned long long)last, d->declared);
	return refuse(call, -ENOENT, text, nla);
}

static struct fake_vector *find_vector(const struct fake_device *d,
				       uint32_t index)
{
	size_t i;

	for (i = 0; i < d->num_vectors; i++)
		if (d->vectors[i].index == index)
			return &d->vectors[i];
	return NULL;
}

static bool vector_get(struct call *call)
{
	struct fake_vector absent = { .state = IMS_VECTOR_STATE_ABSENT };
	struct fake_vector *v;
	struct fake_device *d = NULL;
	uint32_t index;
	size_t i, j;

	if (!call->dump) {
		d = find(call);
		if (!d || !check_index(call, d, &index, 1))
			return false;
		v = find_vector(d, index);
		absent.index = index;
		reply(call, d, v ? v : &absent);
		return finish(call);
	}

	if (call->attrs[IMS_A_VECTOR_INDEX])
		return refuse(call, -EINVAL, "a dump is of all vectors; ask for one without NLM_F_DUMP",
			      call->attrs[IMS_A_VECTOR_INDEX]);
	if (call->attrs[IMS_A_VECTOR_DEVICE_ID] ||
	    call->attrs[IMS_A_VECTOR_DEVICE_NAME]) {
		d = find(call);
		if (!d)
			return false;
	}
	for (i = 0; i < fake_kernel.num_devices; i++) {
		if (d && d != &fake_kernel.devices[i])
			continue;
		for (j = 0; j < fake_kernel.devices[i].num_vectors; j++)
			reply(call, &fake_kernel.devices[i],
			      &fake_kernel.devices[i].vectors[j]);
	}
	return finish(call);
}

static bool trigger(struct call *call)
{
	struct nlattr *nla = call->attrs[IMS_A_VECTOR_COUNT];
	uint32_t count = nla ? nla_get_u32(nla) : 1;
	struct fake_device *d;
	struct fake_vector *v;
	uint32_t index, i;
	char text[80];

	if (!fake_kernel.privileged)
		return refuse(call, -EPERM, "triggering needs CAP_SYS_ADMIN",
			      NULL);
	d = find(call);
	if (!d || !check_index(call, d, &index, count))
		return false;

	for (i = index; i < index + count; i++) {
		v = find_vector(d, i);
		if (v && v->state == IMS_VECTOR_STATE_LIVE)
			continue;
		snprintf(text, sizeof(text), "vector %u has no trigger", i);
		return refuse(call, -EINVAL, text,
			      call->attrs[IMS_A_VECTOR_INDEX]);
	}
	for (i = index; i < index + count; i++)
		find_vector(d, i)->loopback++;
	return finish(call);
}

static void control(const struct nlmsghdr *request)
{
	struct nlattr *name = nlmsg_find_attr((struct nlmsghdr *)request,
					      GENL_HDRLEN,
					      CTRL_ATTR_FAMILY_NAME);
	struct nl_msg *msg;

	if (fake_kernel.absent || !name || strcmp(nla_data(name), "ims")) {
		fake_kernel_end(request, NLMSG_ERROR, -ENOENT, NULL, 0, 0);
		return;
	}

	msg = nlmsg_alloc();
	genlmsg_put(msg, 0, request->nlmsg_seq, GENL_ID_CTRL, 0, 0,
		    CTRL_CMD_NEWFAMILY, 2);
	if (fake_kernel.omit != -1)
		nla_put_u16(msg, CTRL_ATTR_FAMILY_ID, fake_kernel.family);
	fake_kernel_push(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
	fake_kernel_end(request, NLMSG_ERROR, 0, NULL, 0, 0);
}

static void answer(const struct nlmsghdr *request)
{
	struct call call = { .request = request };

	if (fake_kernel.absent || request->nlmsg_type != fake_kernel.family) {
		fake_kernel_end(request, NLMSG_ERROR, -ENOENT, NULL, 0, 0);
		return;
	}

	call.cmd = genlmsg_hdr((struct nlmsghdr *)request)->cmd;
	call.dump = (request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	fake_kernel.cmds[fake_kernel.requests++ % 64] = call.cmd;
	fake_kernel.dumps += call.dump;

	if (!call.cmd || call.cmd > IMS_CMD_MAX ||
	    (fake_kernel.last_cmd && call.cmd > fake_kernel.last_cmd) ||
	    (call.dump && call.cmd == IMS_CMD_TRIGGER)) {
		fake_kernel_end(request, NLMSG_ERROR, -EOPNOTSUPP, NULL, 0, 0);
		return;
	}
	if (fake_kernel.answer) {
		fake_kernel.answer(request);
		return;
	}
	if (!validate(&call))
		return;

	if (call.dump && fake_kernel.interrupts) {
		fake_kernel.interrupts--;
		call.interrupted = true;
	}
	if (call.cmd == IMS_CMD_DEVICE_GET)
		device_get(&call);
	else if (call.cmd == IMS_CMD_VECTOR_GET)
		vector_get(&call);
	else
		trigger(&call);
}

/* ---- the transport ------------------------------------------------------ */

struct ims_transport {
	struct datagram *last;
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
	fake_kernel.inside--;
	return 0;
}

void ims_transport_close(struct ims_transport *transport)
{
	struct datagram *d;

	if (!transport)
		return;

	/* What was not read is lost with the socket. */
	while ((d = pull()))
		free(d);
	fake_kernel.closes++;
	free(transport);
}

int ims_transport_send(struct ims_transport *transport, const void *data,
		       size_t size)
{
	const struct nlmsghdr *request = data;

	(void)transport;
	if (fake_kernel.send_error)
		return fake_kernel.send_error;
	if (size != request->nlmsg_len ||
	    !(request->nlmsg_flags & NLM_F_REQUEST))
		return -EINVAL;

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

void fake_kernel_reset(void)
{
	struct datagram *d;

	while ((d = pull()))
		free(d);
	fake_kernel_drop_large();
	memset(&fake_kernel, 0, sizeof(fake_kernel));
	fake_kernel.privileged = true;
	fake_kernel.family = FAKE_FAMILY;
	fake_kernel.part = 8192;
}
