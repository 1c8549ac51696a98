// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Requests to the family "ims": resolve it, send, receive until the kernel has
 * said that it is finished, keep its reasons.
 *
 * An exchange is always read to its end, also when a reply could not be used,
 * so that the next one starts on a quiet socket. Where that is impossible the
 * socket is closed, and the next call opens another.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>

#include "capture.h"
#include "extack.h"
#include "netlink.h"
#include "sys.h"
#include "transport.h"

static struct nl_msg *begin(struct nl_msg *msg, uint8_t cmd)
{
	/* Type and sequence number are filled in when it is sent. */
	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, 0, 0, 0, 0, cmd,
				IMS_FAMILY_VERSION)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

struct nl_msg *ims_nl_msg(uint8_t cmd)
{
	return begin(nlmsg_alloc(), cmd);
}

struct nl_msg *ims_nl_msg_for(uint8_t cmd, size_t numbers)
{
	/* Others have a page, which libnl fills with zeros. 64: headers, flags. */
	return begin(nlmsg_alloc_size(64 + numbers *
				      nla_total_size(sizeof(uint32_t))), cmd);
}

static struct nl_msg *check(struct nl_msg *msg, int err)
{
	if (!err)
		return msg;

	nlmsg_free(msg);
	return NULL;
}

struct nl_msg *ims_nl_u32(struct nl_msg *msg, int attr, uint32_t value)
{
	return msg ? check(msg, nla_put_u32(msg, attr, value)) : NULL;
}

struct nl_msg *ims_nl_u64(struct nl_msg *msg, int attr, uint64_t value)
{
	return msg ? check(msg, nla_put_u64(msg, attr, value)) : NULL;
}

struct nl_msg *ims_nl_flag(struct nl_msg *msg, int attr)
{
	return msg ? check(msg, nla_put_flag(msg, attr)) : NULL;
}

struct nl_msg *ims_nl_string(struct nl_msg *msg, int attr, const char *value)
{
	return msg ? check(msg, nla_put_string(msg, attr, value)) : NULL;
}

struct nl_msg *ims_nl_flags(struct nl_msg *msg, int attr, unsigned int flags)
{
	return flags & IMS_VALIDATE_ONLY ? ims_nl_flag(msg, attr) : msg;
}

static int no_request(struct ims_ctx *ctx, const char *object)
{
	return ims_fail_errno(ctx, -ENOMEM, object, "making a request");
}

void ims_nl_close(struct ims_ctx *ctx)
{
	ims_transport_close(ctx->transport);
	ctx->transport = NULL;
	ctx->family = 0;
}

/*
 * Where an exchange stands. @err is what became of the replies, ack.err what
 * the kernel said in the end.
 */
struct exchange {
	const struct ims_nl_op *op;
	struct nlmsghdr *request;
	struct ims_extack ack;
	bool finished;
	bool interrupted;
	int err;
};

static int protocol_error(struct ims_ctx *ctx, const struct exchange *x)
{
	ims_nl_close(ctx);
	return ims_fail(ctx, -EPROTO, x->op->object, NULL,
			"the kernel's reply is malformed");
}

static int take_message(struct ims_ctx *ctx, struct exchange *x,
			const struct nlmsghdr *nlh)
{
	/* A leftover of somebody else's or of an abandoned exchange. */
	if (nlh->nlmsg_seq != x->request->nlmsg_seq)
		return 0;

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		x->interrupted = true;

	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
		return 0;
	case NLMSG_ERROR:
	case NLMSG_DONE:
		if (!ims_extack_parse(nlh, &x->ack))
			return protocol_error(ctx, x);
		x->finished = true;
		return 0;
	}

	if (nlh->nlmsg_type != x->request->nlmsg_type ||
	    !genlmsg_valid_hdr((struct nlmsghdr *)nlh, 0))
		return protocol_error(ctx, x);

	if (x->op->reply && !x->err)
		x->err = x->op->reply(ctx, x->op, nlh);
	return 0;
}

static int run_exchange(struct ims_ctx *ctx, struct exchange *x)
{
	struct nlmsghdr *request = x->request;
	int err;

	request->nlmsg_seq = ++ctx->seq;
	ims_log(ctx, LOG_DEBUG, "netlink: type %u, %u bytes, flags %#x",
		request->nlmsg_type, request->nlmsg_len, request->nlmsg_flags);

	err = ims_transport_send(ctx->transport, request, request->nlmsg_len);
	if (err) {
		ims_nl_close(ctx);
		return ims_fail_errno(ctx, err, x->op->object,
				      "sending to the kernel");
	}

	while (!x->finished) {
		struct nlmsghdr *nlh;
		ssize_t size;
		void *data;
		int rest;

		size = ims_transport_recv(ctx->transport, &data);
		if (size < 0) {
			ims_nl_close(ctx);
			return ims_fail_errno(ctx, size, x->op->object,
					      "receiving from the kernel");
		}

		nlh = data;
		rest = size;
		for (; nlmsg_ok(nlh, rest); nlh = nlmsg_next(nlh, &rest)) {
			err = take_message(ctx, x, nlh);
			if (err)
				return err;
		}

		/* The last message of a datagram need not be padded. */
		if (rest > 0)
			return protocol_error(ctx, x);
	}

	if (!x->ack.err && x->ack.text[0])
		ims_log(ctx, LOG_WARNING, "%s", x->ack.text);
	return 0;
}

/* 0 if the family has none. */
static uint32_t find_group(const struct nlmsghdr *nlh, const char *wanted)
{
	struct nlattr *groups = nlmsg_find_attr((struct nlmsghdr *)nlh,
						GENL_HDRLEN,
						CTRL_ATTR_MCAST_GROUPS);
	struct nlattr *group;
	int rest;

	if (!groups)
		return 0;

	nla_for_each_nested(group, groups, rest) {
		struct nlattr *name = nla_find(nla_data(group), nla_len(group),
					       CTRL_ATTR_MCAST_GRP_NAME);
		struct nlattr *id = nla_find(nla_data(group), nla_len(group),
					     CTRL_ATTR_MCAST_GRP_ID);

		if (name && id && nla_len(id) == sizeof(uint32_t) &&
		    !nla_strcmp(name, wanted))
			return nla_get_u32(id);
	}
	return 0;
}

static int take_family(struct ims_ctx *ctx, const struct ims_nl_op *op,
		       const struct nlmsghdr *nlh)
{
	struct nlattr *id = nlmsg_find_attr((struct nlmsghdr *)nlh, GENL_HDRLEN,
					    CTRL_ATTR_FAMILY_ID);

	if (!id || nla_len(id) != sizeof(uint16_t) ||
	    nla_get_u16(id) < NLMSG_MIN_TYPE)
		return ims_fail(ctx, -EPROTO, op->object, NULL,
				"the kernel's reply lacks the family's number");
	ctx->family = nla_get_u16(id);
	ctx->events_group = find_group(nlh, IMS_MCGRP_EVENTS);
	ctx->public_group = find_group(nlh, IMS_MCGRP_EVENTS_PUBLIC);
	return 0;
}

static int open_transport(struct ims_ctx *ctx, const char *object)
{
	const char *step;
	int err;

	if (ctx->transport)
		return 0;
	err = ims_transport_open(&ctx->transport, &step);
	return err ? ims_fail_errno(ctx, err, object, step) : 0;
}

static bool is_family(const struct nlmsghdr *nlh, const char *name)
{
	struct nlattr *nla = nlmsg_find_attr((struct nlmsghdr *)nlh, GENL_HDRLEN,
					     CTRL_ATTR_FAMILY_NAME);

	return nla && !nla_strcmp(nla, name);
}

uint16_t ims_nl_family_of(const struct nlmsghdr *nlh)
{
	struct nlattr *id;

	if (!is_family(nlh, IMS_FAMILY_NAME))
		return 0;
	id = nlmsg_find_attr((struct nlmsghdr *)nlh, GENL_HDRLEN,
			     CTRL_ATTR_FAMILY_ID);
	return id && nla_len(id) == sizeof(uint16_t) ? nla_get_u16(id) : 0;
}

/* One of all families. */
static int take_one_of_all(struct ims_ctx *ctx, const struct ims_nl_op *op,
			   const struct nlmsghdr *nlh)
{
	uint32_t *notify_group = op->data;

	if (is_family(nlh, "nlctrl"))
		*notify_group = find_group(nlh, "notify");
	return is_family(nlh, IMS_FAMILY_NAME) ? take_family(ctx, op, nlh) : 0;
}

int ims_nl_find(struct ims_ctx *ctx, uint32_t *notify_group)
{
	struct ims_nl_op op = { .reply = take_one_of_all, .data = notify_group };
	struct exchange x = { .op = &op };
	struct nl_msg *msg;
	int err;

	*notify_group = 0;
	err = open_transport(ctx, NULL);
	if (err)
		return err;
	msg = ims_nl_msg(CTRL_CMD_GETFAMILY);
	if (!msg)
		return no_request(ctx, NULL);

	ctx->family = 0;
	ctx->events_group = 0;
	ctx->public_group = 0;
	x.request = nlmsg_hdr(msg);
	x.request->nlmsg_type = GENL_ID_CTRL;
	x.request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	err = run_exchange(ctx, &x);
	if (!err && x.ack.err)
		err = ims_fail_errno(ctx, x.ack.err, NULL,
				     "listing the netlink families");
	else if (!err)
		err = x.err;
	nlmsg_free(msg);
	return err;
}

/* The module is loaded. Devices are the host's, and so is the family. */
int ims_nl_elsewhere(struct ims_ctx *ctx)
{
	return ims_fail(ctx, -EOPNOTSUPP, NULL, NULL,
			"the netlink family \"ims\" is in the initial network namespace, and this process is in another one");
}

/* The kernel tries to load the module by itself when the family is unknown. */
static int resolve_family(struct ims_ctx *ctx, const char *object)
{
	struct ims_nl_op op = { .object = object, .reply = take_family };
	struct exchange x = { .op = &op };
	struct nl_msg *msg;
	int err;

	msg = ims_nl_string(ims_nl_msg(CTRL_CMD_GETFAMILY),
			    CTRL_ATTR_FAMILY_NAME, IMS_FAMILY_NAME);
	if (!msg)
		return no_request(ctx, object);

	x.request = nlmsg_hdr(msg);
	x.request->nlmsg_type = GENL_ID_CTRL;
	x.request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	err = run_exchange(ctx, &x);
	if (err)
		goto out;

	if (x.ack.err == -ENOENT && ims_sys_has_module())
		err = ims_nl_elsewhere(ctx);
	else if (x.ack.err == -ENOENT)
		err = ims_fail(ctx, -EOPNOTSUPP, NULL, NULL,
			       "the kernel module vfio_pci_ims is not loaded; try \"modprobe vfio_pci_ims\"");
	else if (x.ack.err)
		err = ims_fail_errno(ctx, x.ack.err, object,
				     "looking for the netlink family \"ims\"");
	else if (x.err)
		err = x.err;
	else if (!ctx->family)
		err = protocol_error(ctx, &x);
out:
	nlmsg_free(msg);
	return err;
}

static int connect_family(struct ims_ctx *ctx, const char *object)
{
	int err = open_transport(ctx, object);

	if (err)
		return err;
	return ctx->family ? 0 : resolve_family(ctx, object);
}

int ims_nl_resolve(struct ims_ctx *ctx)
{
	if (ctx->capture)
		return ims_fail(ctx, -EOPNOTSUPP, NULL, NULL,
				"a capture tells of no changes");
	ctx->family = 0;
	return connect_family(ctx, NULL);
}

static int kernel_error(struct ims_ctx *ctx, const struct exchange *x)
{
	const struct ims_extack *ack = &x->ack;
	const char *text = ack->text;
	uint32_t type = ack->missing;
	char buf[128];

	if (!type && ack->offset)
		type = ims_extack_blamed(x->request, ack->offset);

	if (!text[0] && ack->err == -EOPNOTSUPP)
		text = "the loaded module vfio_pci_ims does not know this operation";
	else if (!text[0])
		text = ims_strerror(ack->err, buf, sizeof(buf));

	return ims_fail(ctx, ack->err, x->op->object,
			ims_attr_name(x->op->attrs, type), "%s", text);
}

/*
 * netlink begins no dump of a family whose module is on its way out: the family is
 * there for a moment more.
 */
static bool is_unloading(const struct exchange *x)
{
	return x->ack.err == -EPROTONOSUPPORT && !x->ack.text[0];
}

static int module_unloading(struct ims_ctx *ctx, const char *object)
{
	ctx->family = 0;
	return ims_fail(ctx, -EOPNOTSUPP, object, NULL,
			"the kernel module vfio_pci_ims is being unloaded");
}

static int call(struct ims_ctx *ctx, const struct ims_nl_op *op, int flags,
		bool *interrupted)
{
	bool known, again;
	int err;

	*interrupted = false;
	if (ctx->capture)
		return ims_capture_answer(ctx, op, flags & NLM_F_DUMP);

	do {
		struct exchange x = { .op = op, .request = nlmsg_hdr(op->msg) };

		known = ctx->family;
		err = connect_family(ctx, op->object);
		if (err)
			return err;

		x.request->nlmsg_type = ctx->family;
		x.request->nlmsg_flags = NLM_F_REQUEST | flags;
		err = run_exchange(ctx, &x);
		if (err)
			return err;
		*interrupted = x.interrupted;

		/*
		 * The module was unloaded, and perhaps loaded again, since the
		 * family's number was asked for. The family itself gives a text
		 * with every error.
		 */
		again = known && x.ack.err == -ENOENT && !x.ack.text[0];
		if (again)
			ctx->family = 0;
		else if (is_unloading(&x))
			err = module_unloading(ctx, op->object);
		else if (x.ack.err)
			err = kernel_error(ctx, &x);
		else
			err = x.err;
	} while (again && !op->no_load);

	return again ? ims_fail(ctx, -EOPNOTSUPP, op->object, NULL,
				"the kernel module vfio_pci_ims was unloaded") :
		       err;
}

int ims_nl_do(struct ims_ctx *ctx, const struct ims_nl_op *op)
{
	bool interrupted;
	int err;

	if (!op->msg)
		return no_request(ctx, op->object);

	err = call(ctx, op, NLM_F_ACK, &interrupted);
	nlmsg_free(op->msg);
	return err;
}

int ims_nl_dump(struct ims_ctx *ctx, const struct ims_nl_op *op)
{
	bool interrupted;
	int try = 0;
	int err;

	if (!op->msg)
		return no_request(ctx, op->object);

	do {
		op->restart(op->data);
		err = call(ctx, op, NLM_F_DUMP, &interrupted);
		if (!err && interrupted)
			ims_log(ctx, LOG_INFO, "netlink: a dump was disturbed");
	} while (!err && interrupted && ++try < IMS_DUMP_TRIES);

	nlmsg_free(op->msg);
	if (err || !interrupted)
		return err;

	return ims_fail(ctx, -EINTR, op->object, NULL,
			"the list kept changing while it was read; it may be incomplete");
}
