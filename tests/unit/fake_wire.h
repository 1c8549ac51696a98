/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the simulated kernel's own files share: a request, answers to it, and
 * objects on the wire. fake_kernel.h is for tests.
 */
#ifndef FAKE_WIRE_H
#define FAKE_WIRE_H

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "fake_kernel.h"

struct fake_call {
	const struct nlmsghdr *request;
	uint8_t cmd;
	bool dump;
	bool interrupted;
	/* The last of each type. */
	struct nlattr *attrs[64];
};

/* End a call with an error that blames @nla, or nothing if NULL. */
void fake_refuse(const struct fake_call *call, int err,
		 const struct nlattr *nla, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* With -EINVAL, as the attribute @missing is not there. */
void fake_refuse_missing(const struct fake_call *call, int missing,
			 const char *text);
/* End it with success. */
/* Whether a change that was checked succeeds; see fail_change. */
bool fake_may_change(const struct fake_call *call);
/* May the reader of this message, a reply or a notification, see cookies? */
bool fake_shows_cookies(struct nl_msg *msg);
void fake_finish(const struct fake_call *call);

/* A reply, or a part of a dump, to be filled and sent. */
struct nl_msg *fake_reply_begin(const struct fake_call *call);
void fake_reply_end(const struct fake_call *call, struct nl_msg *msg);

/* Attributes, unless fake_kernel.omit leaves them out. */
void fake_put_u32(struct nl_msg *msg, int type, uint32_t value);
void fake_put_u64(struct nl_msg *msg, int type, uint64_t value, int pad);
void fake_put_string(struct nl_msg *msg, int type, const char *value);
void fake_put_flag(struct nl_msg *msg, int type, bool value);

/* Objects, as the GET operations and the notifications have them. */
void fake_put_store(struct nl_msg *msg, const struct fake_store *store);
void fake_put_device(struct nl_msg *msg, const struct fake_device *device);
void fake_put_vector(struct nl_msg *msg, const struct fake_device *device,
		     const struct fake_vector *vector);

/* fake_policy.c: what the kernel checks ahead of an operation. */
bool fake_validate(struct fake_call *call);

/*
 * Look-ups for a request. NULL when the call was ended with an error; the last
 * one gives NULL for "none".
 */
struct fake_store *fake_named_store(const struct fake_call *call);
struct fake_device *fake_named_device(const struct fake_call *call, int id_attr,
				      int name_attr);
struct fake_store *fake_store_of(const struct fake_device *device);

/* What a store's devices make of it. */
struct fake_figures {
	uint32_t used;
	uint32_t entries;
	uint32_t reserved;
	/* Reserved and not in use. */
	uint32_t unmet;
	uint32_t devices;
};

void fake_store_figures(const struct fake_store *store,
			struct fake_figures *figures);
uint32_t fake_device_slots(const struct fake_device *device);
uint32_t fake_device_entries(const struct fake_device *device);

/*
 * May a request set or clear a cookie, blamed on @nla? False when the call was
 * ended. @cookie is NULL when it is cleared.
 */
bool fake_may_set_cookie(const struct fake_call *call,
			 const struct fake_device *d, const struct nlattr *nla,
			 const struct nlattr *cookie);

/* Told of changes, as fake_events_tell(). */
typedef void fake_tell(uint8_t cmd, const struct fake_device *d,
		       const struct fake_vector *v);

/*
 * What vectors have that have none of their own. Each of them is another one then,
 * and told, behind the device.
 */
void fake_set_default_cookie(struct fake_device *d, uint64_t cookie, fake_tell *tell);
void fake_set_default_rate(struct fake_device *d, uint32_t rate, fake_tell *tell);

/* A vector is held by an administrator, or not any more. */
void fake_set_quiet(struct fake_vector *v, bool quiet);

/* The range that a request names. False when the call was ended. */
bool fake_named_range(const struct fake_call *call, const struct fake_device *d,
		      uint32_t *first, uint32_t *count);

/*
 * The vectors that a request names: a range, or with @bools those of it that are
 * set, as a list does. One that is given twice counts once. To be zeroed, and
 * @bools to be freed, also when the call was ended, which false says.
 */
struct fake_choice {
	uint32_t first;
	uint32_t count;
	bool *bools;
};

bool fake_choose(const struct fake_call *call, const struct fake_device *d,
		 struct fake_choice *choice);

/* An absent vector gets a context. */
struct fake_vector *fake_new_vector(struct fake_device *d, uint32_t index);

/* Operations. */
void fake_store_get(struct fake_call *call);
void fake_store_set(struct fake_call *call);
void fake_store_stats_reset(struct fake_call *call);
void fake_device_get(struct fake_call *call);
void fake_device_set(struct fake_call *call);
void fake_vector_get(struct fake_call *call);
void fake_vector_set(struct fake_call *call);
void fake_vector_restrain(struct fake_call *call);
void fake_trigger(struct fake_call *call);
void fake_stats_reset(struct fake_call *call);

#endif /* FAKE_WIRE_H */
