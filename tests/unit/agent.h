/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An agent that knows stores, devices and vectors by what a monitor tells and asks
 * for nothing, as <libims/event.h> says. Is what it knows what there is? Used with
 * the simulated kernel and, by a VM case, with the real one.
 */
#ifndef TESTS_UNIT_AGENT_H
#define TESTS_UNIT_AGENT_H

#include <libims.h>
#include <stdbool.h>
#include <stddef.h>

#define AGENT_OBJECTS	256
#define AGENT_GETTERS	64

/*
 * Those @num of a kind, in no order. @objects: copies, of the kind's struct.
 * @changed: how often an event gave one of them another value, for each getter; is
 * not forgotten.
 */
struct agent_table {
	void *objects[AGENT_OBJECTS];
	size_t num;
	unsigned int changed[AGENT_GETTERS];
};

struct agent {
	struct agent_table stores;
	struct agent_table devices;
	struct agent_table vectors;
	/* The state has been told completely. */
	bool in_sync;
	unsigned int overruns;
	unsigned int reloads;
	char differs[256];
};

void agent_forget(struct agent *agent);

/* NULL, or what is wrong with an event: it may not come now. */
const char *agent_apply(struct agent *agent, const struct ims_event *event);

/*
 * Compare all getters that events keep current with those of fresh lists: NULL when
 * they are the same. @cookies: the agent was told of cookies.
 */
const char *agent_differs(struct agent *agent, struct ims_ctx *ctx, bool cookies);

/*
 * A getter that events are to keep current, and that no event has given another value
 * so far, or one that has another value although it is not to change; NULL: none.
 */
const char *agent_untested(const struct agent *agent);

#endif /* TESTS_UNIT_AGENT_H */
