// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * With "trace" in IMS_FAKE, says on standard error what changes the simulated
 * kernel is asked for. The linker puts itself between the library and the
 * transport.
 */
#include <inttypes.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdio.h>

#include "attr.h"
#include "fake_kernel.h"

struct ims_transport;

/* Visible for the linker. */
#pragma GCC visibility push(default)
int __real_ims_transport_send(struct ims_transport *t, const void *data,
			      size_t size);
int __wrap_ims_transport_send(struct ims_transport *t, const void *data,
			      size_t size);
#pragma GCC visibility pop

static const struct {
	const char *name;
	const struct ims_attr_set *set;
} changes[IMS_CMD_MAX + 1] = {
	[IMS_CMD_STORE_SET] = { "store-set", &ims_store_attrs },
	[IMS_CMD_STORE_STATS_RESET] = { "store-stats-reset", &ims_store_attrs },
	[IMS_CMD_DEVICE_SET] = { "device-set", &ims_device_attrs },
	[IMS_CMD_VECTOR_SET] = { "vector-set", &ims_vector_attrs },
	[IMS_CMD_VECTOR_RESTRAIN] = { "vector-restrain", &ims_vector_attrs },
	[IMS_CMD_TRIGGER] = { "trigger", &ims_vector_attrs },
	[IMS_CMD_STATS_RESET] = { "stats-reset", &ims_vector_attrs },
};

static void print_attr(const struct ims_attr *attr, struct nlattr *nla)
{
	fprintf(stderr, " %s", attr->name);
	switch (attr->type) {
	case IMS_ATTR_U32:
		fprintf(stderr, "=%u", nla_get_u32(nla));
		break;
	case IMS_ATTR_U64:
		fprintf(stderr, "=%#" PRIx64, nla_get_u64(nla));
		break;
	case IMS_ATTR_STRING:
		fprintf(stderr, "=%s", nla_get_string(nla));
		break;
	default:
		break;
	}
}

int __wrap_ims_transport_send(struct ims_transport *t, const void *data,
			      size_t size)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)data;
	uint8_t cmd = genlmsg_hdr(nlh)->cmd;
	struct nlattr *nla;
	int rest;

	if (fake_kernel.trace && nlh->nlmsg_type == fake_kernel.family &&
	    cmd <= IMS_CMD_MAX && changes[cmd].name) {
		fputs(changes[cmd].name, stderr);
		nla_for_each_attr(nla, nlmsg_attrdata(nlh, GENL_HDRLEN),
				  nlmsg_attrlen(nlh, GENL_HDRLEN), rest)
			print_attr(&changes[cmd].set->attrs[nla_type(nla)],
				   nla);
		fputs("\n", stderr);
	}
	return __real_ims_transport_send(t, data, size);
}
