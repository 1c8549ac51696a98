/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated kernel's notifications, with the socket that they wait in: it
 * overflows as the kernel's does.
 */
#ifndef FAKE_EVENTS_H
#define FAKE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "fake_kernel.h"

#define FAKE_GROUP	9
#define FAKE_PUBLIC	10
/* The controller's, which tells of families. */
#define FAKE_NOTIFY_GROUP	16

struct nl_msg;

struct fake_events {
	/* Datagrams that the socket has room for; 0 for any number. */
	size_t room;
	/* Errors of the transport itself. */
	int join_error;
	int leave_error;
	int recv_error;
	/* How often it comes; 0: for as long as it is set. */
	unsigned int recv_errors;
	/* Called once somebody listens; NULL for none. */
	void (*on_join)(void);
	/* Called when all has been read, before the reader is told so. */
	void (*on_idle)(void);
	/* Whoever waits gets a signal. */
	bool interrupted;
	/* Whoever waits for ever does so, until a signal ends the program. */
	bool endless;

	/* The module is one from before the group for everybody. */
	bool no_public;

	/*
	 * Somebody listens to events, in the group with cookies or in that without or,
	 * wrongly, in both; and to what is told of families.
	 */
	bool joined;
	bool full;
	bool public;
	bool notified;
	/* Datagrams that wait, and that were lost. */
	size_t waiting;
	size_t lost;
};

extern struct fake_events fake_events;

void fake_events_reset(void);

/* False when only members of the group without cookies listen. */
bool fake_events_have_cookies(void);

/* A datagram as it is. Lost when nobody listens. */
void fake_events_push(const void *data, size_t size);

/* Begin a notification; end it as a datagram of its own, which frees it. */
struct nl_msg *fake_events_begin(uint8_t cmd);
void fake_events_end(struct nl_msg *msg);

/* One of the simulated kernel's own objects, a device if @v is NULL. */
void fake_events_tell(uint8_t cmd, const struct fake_device *d,
		      const struct fake_vector *v);
void fake_events_tell_store(uint8_t cmd, const struct fake_store *s);

/*
 * The module is unloaded, which ends memberships, and loaded, as a family of that
 * number.
 */
void fake_events_unload(void);
void fake_events_load(uint16_t family);

/* For fake_kernel.c. @end: where the buffer ends, to which datagrams go. */
void fake_events_put_group(struct nl_msg *msg);
void fake_events_put_notify_group(struct nl_msg *msg);
ssize_t fake_events_recv(char *end, void **data);
/* Readable when there is something to receive. */
int fake_events_fd(void);
void fake_events_leave(void);

#endif /* FAKE_EVENTS_H */
