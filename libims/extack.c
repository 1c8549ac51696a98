// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Extended acknowledgements. libnl 3.7 reads only the errno and drops the rest.
 */
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "extack.h"

/* The largest errno that the kernel uses between itself and user space. */
#define MAX_ERRNO	4095

static uint32_t get_u32(const struct nlattr *nla)
{
	return nla_len(nla) == sizeof(uint32_t) ? nla_get_u32(nla) : 0;
}

static void get_text(const struct nlattr *nla, char *text, size_t size)
{
	size_t len = strnlen(nla_data(nla), nla_len(nla));

	if (len >= size)
		len = size - 1;
	memcpy(text, nla_data(nla), len);

	/* It becomes part of a line, so it had better not end one. */
	while (len && text[len - 1] == '\n')
		len--;
	text[len] = '\0';
}

bool ims_extack_parse(const struct nlmsghdr *nlh, struct ims_extack *ack)
{
	int size = nlmsg_datalen(nlh);
	int skip = sizeof(int);
	const struct nlattr *nla;
	int rest;

	memset(ack, 0, sizeof(*ack));
	if (size < skip)
		return false;

	memcpy(&ack->err, nlmsg_data(nlh), sizeof(ack->err));
	if (ack->err > 0 || ack->err < -MAX_ERRNO)
		return false;

	if (nlh->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *e = nlmsg_data(nlh);

		if (size < (int)sizeof(*e))
			return false;

		/* Without NLM_F_CAPPED the request's payload is echoed. */
		skip = sizeof(*e);
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED)) {
			uint32_t len = e->msg.nlmsg_len;

			if (len < NLMSG_HDRLEN || len > (uint32_t)size)
				return true;
			skip += NLMSG_ALIGN(len) - NLMSG_HDRLEN;
		}
	}

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || skip >= size)
		return true;

	nla_for_each_attr(nla, (struct nlattr *)((char *)nlmsg_data(nlh) + skip),
			  size - skip, rest) {
		switch (nla_type(nla)) {
		case NLMSGERR_ATTR_MSG:
			get_text(nla, ack->text, sizeof(ack->text));
			break;
		case NLMSGERR_ATTR_OFFS:
			ack->offset = get_u32(nla);
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			ack->missing = get_u32(nla);
			break;
		}
	}
	return true;
}

uint16_t ims_extack_blamed(const struct nlmsghdr *request, uint32_t offset)
{
	const struct nlattr *nla;
	int rest;

	nla_for_each_attr(nla, nlmsg_attrdata(request, GENL_HDRLEN),
			  nlmsg_attrlen(request, GENL_HDRLEN), rest) {
		uint32_t start = (const char *)nla - (const char *)request;

		if (offset >= start && offset < start + nla->nla_len)
			return nla_type(nla);
	}
	return 0;
}
