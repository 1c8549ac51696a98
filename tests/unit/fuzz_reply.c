// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer's way into everything that reads what the kernel says: the exchange,
 * extended acknowledgements, attributes. The transport hands out the input as
 * datagrams, each of them at the end of an allocation of its own, so that the
 * address sanitizer sees who reads on beyond it.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_reply.h"
#include "sys.h"
#include "transport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct ims_transport {
	char *last;
};

static const uint8_t *rest;
static size_t rest_size;
static bool resolve_from_input;

/* Of the last request. */
static uint32_t seq;
static uint16_t type;
/* Parts of the answer to CTRL_CMD_GETFAMILY that are still to be given. */
static int family_parts;

bool ims_sys_has_module(void)
{
	return false;
}

uint64_t ims_sys_now(void)
{
	return 1;
}

int ims_transport_open(struct ims_transport **transport, const char **step)
{
	*step = "fuzz";
	*transport = calloc(1, sizeof(**transport));
	return *transport ? 0 : -ENOMEM;
}

void ims_transport_close(struct ims_transport *transport)
{
	if (transport)
		free(transport->last);
	free(transport);
}

int ims_transport_send(struct ims_transport *transport, const void *data,
		       size_t size)
{
	const struct nlmsghdr *request = data;

	(void)transport;
	/* It was built by the library, whatever came before. */
	if (size != request->nlmsg_len || size < NLMSG_HDRLEN + GENL_HDRLEN)
		abort();
	seq = request->nlmsg_seq;
	type = request->nlmsg_type;
	family_parts = type == GENL_ID_CTRL && !resolve_from_input ? 2 : 0;
	return 0;
}

/* The answer that every kernel gives. */
static size_t family_part(char *buffer)
{
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
		struct nlattr nla;
		uint16_t id;
	} reply = {
		.nlh = { .nlmsg_len = sizeof(reply), .nlmsg_type = type,
			 .nlmsg_seq = seq },
		.genl = { .cmd = CTRL_CMD_NEWFAMILY, .version = 2 },
		.nla = { .nla_len = NLA_HDRLEN + sizeof(uint16_t),
			 .nla_type = CTRL_ATTR_FAMILY_ID },
		.id = FUZZ_FAMILY,
	};
	struct {
		struct nlmsghdr nlh;
		struct nlmsgerr error;
	} end = {
		.nlh = { .nlmsg_len = sizeof(end), .nlmsg_type = NLMSG_ERROR,
			 .nlmsg_flags = NLM_F_CAPPED, .nlmsg_seq = seq },
	};

	if (family_parts-- == 2) {
		memcpy(buffer, &reply, sizeof(reply));
		return sizeof(reply);
	}
	memcpy(buffer, &end, sizeof(end));
	return sizeof(end);
}

static void put_sequence_numbers(char *data, size_t size)
{
	while (size >= NLMSG_HDRLEN) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)data;
		size_t len = NLMSG_ALIGN((size_t)nlh->nlmsg_len);

		if (!nlh->nlmsg_seq)
			nlh->nlmsg_seq = seq;
		if (len < NLMSG_HDRLEN || len > size)
			return;
		data += len;
		size -= len;
	}
}

ssize_t ims_transport_recv(struct ims_transport *t, void **data)
{
	char buffer[64];
	size_t size;

	free(t->last);
	t->last = NULL;

	if (family_parts) {
		size = family_part(buffer);
		t->last = malloc(size);
		memcpy(t->last, buffer, size);
	} else {
		if (rest_size < 2)
			return -ETIMEDOUT;
		size = rest[0] | rest[1] << 8;
		rest += 2;
		rest_size -= 2;
		if (size > rest_size)
			size = rest_size;
		if (size > IMS_DATAGRAM_MAX)
			size = IMS_DATAGRAM_MAX;
		t->last = malloc(size ? size : 1);
		memcpy(t->last, rest, size);
		rest += size;
		rest_size -= size;
		put_sequence_numbers(t->last, size);
	}
	*data = t->last;
	return size;
}

/* An error has a reason, and reasons are text. */
static void check_error(const struct ims_ctx *ctx, int err)
{
	const struct ims_error *error = ims_ctx_get_error(ctx);

	if (!error || ims_error_get_errno(error) != err ||
	    !ims_error_get_text(error)[0] ||
	    !strstr(ims_error_get_message(error), ims_error_get_text(error))) {
		fprintf(stderr, "error %d has no sound reason\n", err);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ims_ctx *ctx;
	int err;

	if (size < 2 || ims_ctx_new(&ctx))
		return 0;

	resolve_from_input = data[1] & 1;
	rest = data + 2;
	rest_size = size - 2;
	err = fuzz_calls[data[0] % fuzz_num_calls].call(ctx);
	if (err > 0)
		abort();
	if (err)
		check_error(ctx, err);
	ims_ctx_free(ctx);
	return 0;
}
