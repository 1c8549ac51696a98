// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Raw messages to the family: see raw.h.
 */
#include <sys/socket.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/netlink.h>

#include "raw.h"

#ifndef NETLINK_EXT_ACK
#define NETLINK_EXT_ACK 11
#endif

static struct nl_sock *sock;
static int family;

void raw_open(void)
{
	const int on = 1;

	sock = nl_socket_alloc();
	assert_int_equal(genl_connect(sock), 0);
	family = genl_ctrl_resolve(sock, IMS_FAMILY_NAME);
	assert_true(family > 0);
	assert_int_equal(setsockopt(nl_socket_get_fd(sock), SOL_NETLINK,
				    NETLINK_EXT_ACK, &on, sizeof(on)), 0);
}

void raw_close(void)
{
	nl_socket_free(sock);
}

/* What the kernel says about an error, @skip bytes into its answer */
static void read_reasons(const struct nlmsghdr *nlh, size_t skip, char *text,
			 size_t size, uint32_t *offset)
{
	struct nlattr *attrs[NLMSGERR_ATTR_MAX + 1] = { };

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	nla_parse(attrs, NLMSGERR_ATTR_MAX, (struct nlattr *)((char *)nlh + skip),
		  (int)(nlh->nlmsg_len - skip), NULL);
	if (attrs[NLMSGERR_ATTR_MSG])
		nla_strlcpy(text, attrs[NLMSGERR_ATTR_MSG], size);
	if (attrs[NLMSGERR_ATTR_OFFS])
		*offset = nla_get_u32(attrs[NLMSGERR_ATTR_OFFS]);
}

int raw_ask(struct nl_msg *msg, char *text, size_t size, uint32_t *offset)
{
	unsigned char buf[16384];
	struct nlmsghdr *nlh = (void *)buf;
	struct nlmsgerr *error;
	size_t skip;
	int len;

	*text = 0;
	*offset = 0;
	assert_true(nl_send_auto(sock, msg) > 0);
	nlmsg_free(msg);
	for (;;) {
		len = recv(nl_socket_get_fd(sock), buf, sizeof(buf), 0);
		assert_true(len > 0);
		if (nlh->nlmsg_type == NLMSG_ERROR)
			break;
		/* Of a dump that went well the last message is enough. */
		for (; NLMSG_OK(nlh, (uint32_t)len); nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type != NLMSG_DONE)
				continue;
			/* Linux 6.1 refuses dumps here, and blames nothing. */
			*offset = UINT32_MAX;
			read_reasons(nlh, NLMSG_HDRLEN + sizeof(int), text, size,
				     offset);
			return *(int *)NLMSG_DATA(nlh);
		}
		nlh = (void *)buf;
	}
	error = NLMSG_DATA(nlh);
	skip = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(*error));
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(error->msg.nlmsg_len) - NLMSG_HDRLEN;
	read_reasons(nlh, skip, text, size, offset);
	return error->error;
}

struct nl_msg *raw_request(uint8_t cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	assert_non_null(msg);
	assert_non_null(genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0,
				    flags, cmd, IMS_FAMILY_VERSION));
	return msg;
}

