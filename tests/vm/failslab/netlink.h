/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the sweeps of the netlink family share: requests, answers, listeners, and
 * how a change is swept.
 */
#ifndef TESTS_VM_FAILSLAB_NETLINK_H
#define TESTS_VM_FAILSLAB_NETLINK_H

#include <netlink/msg.h>
#include <netlink/attr.h>

#include "sweep.h"

/* ---- netlink.c -------------------------------------------------------------- */

struct request {
	uint8_t cmd;
	int flags;
	/* Adds the attributes. NULL: there are none. */
	void (*fill)(struct nl_msg *msg);
};

/* Edu's store; the device that is swept; its vectors, or one of them. */
void put_store(struct nl_msg *msg);
void put_device(struct nl_msg *msg);
void put_vectors(struct nl_msg *msg);
void put_vector(struct nl_msg *msg, uint32_t index);

/* What came of the last request. */
struct answer {
	/*
	 * It did not reach the kernel; the kernel had no memory for its last
	 * message, so nobody knows; or there was an acknowledgement, of success
	 * or not.
	 */
	enum { UNSENT, UNANSWERED, ANSWERED } how;
	unsigned int objects;
	/* The objects' attributes, one after the other. */
	size_t len;
	unsigned char attrs[65536];
};

extern struct answer answer;

/* Make it what netlink_ask() sends, on a new socket. */
void netlink_will_ask(const struct request *request);
/* An operation's .call. */
int netlink_ask(struct wq *wq);
/* Ask for something else, which must succeed; @answer is about this then. */
void netlink_tell(const struct request *request);
int netlink_teardown(void **state);

/* From now on there are listeners to the group of events. */
void netlink_listen(void);
/*
 * They have heard of @events (commands, the last is 0), in that order, and the
 * last event of each object is what a request for that object says now. With
 * @may_miss a listener may have been told that it has lost some instead. Returns
 * whether one was.
 */
bool assert_heard(const uint8_t *events, bool may_miss);

/* ---- netlink_set.c ---------------------------------------------------------- */

#define MAX_EVENTS	6

struct change {
	/* From the state that the last try has left to the one to start from. */
	void (*prepare)(struct wq *wq);
	struct request request;
	/* NULL, or a wait until all is done that was asked for. */
	void (*settle)(struct wq *wq);
	/*
	 * @want, which is how it was before, is to become what there must be. What
	 * nobody can foretell is to be judged and then taken from @now, how it
	 * is. NULL: nothing changes.
	 */
	void (*becomes)(struct picture *want, const struct picture *now);
	/* NULL, or a look whether what is swept works, @changed or not. */
	void (*works)(struct wq *wq, bool changed);
	/* What listeners are told. */
	uint8_t events[MAX_EVENTS];
	/* When it fails by itself, that is counted and listeners are told. */
	bool alerts;
	/* The errno that it gets for being wrong, whatever else fails. */
	int refusal;
	const char *spare;
};

void sweep_change(const char *name, const struct change *change, bool heard);

/*
 * Defines two tests: @function, and @function_heard with listeners. All that
 * becomes of a change, with each of its allocations failing, is this:
 *
 *  - The request did not get through, or it was answered with an error: all is
 *    as before, and nobody has heard of anything.
 *  - It was done, and listeners have heard of it or know that they missed it.
 *    The acknowledgement may have been lost.
 */
#define CHANGE(function, ...)						\
static const struct change function##_change = { __VA_ARGS__ };	\
									\
void function(void **state)						\
{									\
	(void)state;							\
	sweep_change(#function, &function##_change, false);		\
}									\
									\
void function##_heard(void **state)					\
{									\
	(void)state;							\
	sweep_change(#function "_heard", &function##_change, true);	\
}

#endif /* TESTS_VM_FAILSLAB_NETLINK_H */
