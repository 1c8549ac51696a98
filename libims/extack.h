/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How the kernel ends an exchange: NLMSG_ERROR and NLMSG_DONE with their
 * extended acknowledgement.
 */
#ifndef LIBIMS_EXTACK_H
#define LIBIMS_EXTACK_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "internal.h"

struct ims_extack {
	/* 0 or a negative errno. */
	int err;
	/* Empty when the kernel gave none. */
	char text[256];
	/* From the start of the request's nlmsghdr; 0 when none was given. */
	uint32_t offset;
	/* Type of a missing attribute; 0 when none was given. */
	uint32_t missing;
};

/*
 * @nlh must lie in memory with all of its nlmsg_len. Returns false when it is
 * too short to hold an error or the error is no errno; what is wrong with the
 * attributes behind only costs the text.
 */
bool ims_extack_parse(const struct nlmsghdr *nlh, struct ims_extack *ack);

/*
 * Type of the top-level attribute that @offset, as in struct ims_extack, points
 * into; 0 when it points into none.
 */
uint16_t ims_extack_blamed(const struct nlmsghdr *request, uint32_t offset);

#endif /* LIBIMS_EXTACK_H */
