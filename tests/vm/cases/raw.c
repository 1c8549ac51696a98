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

int raw_ask(struct nl_msg *msg, char *text, size_t size, uint32_t *offset)
{
	struct nlattr *attr, *attrs[NLMSGERR_ATTR_MAX + 1] = { };
	unsigned char buf[16384];
	struct nlmsghdr *nlh = (void *)buf;
	int ret, len, skip;

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
		for (; NLMSG_OK(nlh, (uint32_t)len); nlh = NLMSG_NEXT(nlh, len))
			if (nlh->nlmsg_type == NLMSG_DONE)
				return *(int *)NLMSG_DATA(nlh);
		nlh = (void *)buf;
	}
	ret = ((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return ret;

	skip = NLMSG_HDRLEN + (int)NLMSG_ALIGN(sizeof(struct nlmsgerr));
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(((struct nlmsgerr *)NLMSG_DATA(nlh))
				    ->msg.nlmsg_len) - NLMSG_HDRLEN;
	attr = (struct nlattr *)(buf + skip);
	nla_parse(attrs, NLMSGERR_ATTR_MAX, attr, nlh->nlmsg_len - skip, NULL);
	if (attrs[NLMSGERR_ATTR_MSG])
		nla_strlcpy(text, attrs[NLMSGERR_ATTR_MSG], size);
	if (attrs[NLMSGERR_ATTR_OFFS])
		*offset = nla_get_u32(attrs[NLMSGERR_ATTR_OFFS]);
	return ret;
}

struct nl_msg *raw_request(uint8_t cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	assert_non_null(msg);
	assert_non_null(genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0,
				    flags, cmd, IMS_FAMILY_VERSION));
	return msg;
}

