/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests to the family "ims".
 */
#ifndef LIBIMS_NETLINK_H
#define LIBIMS_NETLINK_H

#include <netlink/msg.h>

#include "attr.h"
#include "internal.h"

/* Dumps that were disturbed are repeated until this many have been made. */
#define IMS_DUMP_TRIES	8

/**
 * struct ims_nl_op - a request and what becomes of its replies
 * @msg: request, made by ims_nl_msg(), or NULL for "out of memory"
 * @attrs: attribute set of request and replies
 * @object: object for errors, NULL for none
 * @reply: takes one reply; an error ends the call with it. NULL when none is
 *	expected.
 * @restart: dumps: forget all replies, they come again
 * @data: for @reply and @restart
 * @no_load: a family that has gone is not looked for, which would load its module
 */
struct ims_nl_op {
	struct nl_msg *msg;
	const struct ims_attr_set *attrs;
	const char *object;
	int (*reply)(struct ims_ctx *ctx, const struct ims_nl_op *op,
		     const struct nlmsghdr *nlh);
	void (*restart)(void *data);
	void *data;
	bool no_load;
};

/*
 * Requests are built in one go: these return NULL when out of memory, take NULL
 * from each other, and so do the calls below, which also free the request.
 */
struct nl_msg *ims_nl_msg(uint8_t cmd);
/* With room for @numbers u32 attributes and a few others. */
struct nl_msg *ims_nl_msg_for(uint8_t cmd, size_t numbers);
struct nl_msg *ims_nl_u32(struct nl_msg *msg, int attr, uint32_t value);
struct nl_msg *ims_nl_u64(struct nl_msg *msg, int attr, uint64_t value);
struct nl_msg *ims_nl_flag(struct nl_msg *msg, int attr);
struct nl_msg *ims_nl_string(struct nl_msg *msg, int attr, const char *value);
/* What is on the wire for enum ims_flags; @attr is the set's VALIDATE_ONLY. */
struct nl_msg *ims_nl_flags(struct nl_msg *msg, int attr, unsigned int flags);

/* 0 or a negative errno; sets the context's last error. */
int ims_nl_do(struct ims_ctx *ctx, const struct ims_nl_op *op);

/*
 * As ims_nl_do(). -EINTR when no attempt was undisturbed: the replies are those
 * of the last attempt.
 */
int ims_nl_dump(struct ims_ctx *ctx, const struct ims_nl_op *op);

/*
 * Ask for the family's number and multicast group, also when they are known:
 * the module may have been loaded again. 0 or a negative errno, as above.
 */
int ims_nl_resolve(struct ims_ctx *ctx);

/*
 * The same by a list of all families, which does not have the kernel load the
 * module: ctx->family is 0 when there is none. @notify_group: the multicast group
 * that tells of families, 0 if there is none.
 */
int ims_nl_find(struct ims_ctx *ctx, uint32_t *notify_group);

/* Fails with -EOPNOTSUPP: the family is in a network namespace that this one is not. */
int ims_nl_elsewhere(struct ims_ctx *ctx);

/* Is a message one that tells of the family "ims": its number, else 0. */
uint16_t ims_nl_family_of(const struct nlmsghdr *nlh);

void ims_nl_close(struct ims_ctx *ctx);

#endif /* LIBIMS_NETLINK_H */
