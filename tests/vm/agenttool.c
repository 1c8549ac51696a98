// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: agenttool
 *
 * An agent that knows stores, devices and vectors by its monitor alone. Says which
 * events it gets, "full" or "public", also at the line "events" on standard input. At
 * "drop" it becomes an ordinary user. At each other line it waits until nothing happens
 * any more and compares what it knows with what the kernel lists: "same", with how many
 * of each it knows and its overruns, or what differs. Cookies are to be the same, too,
 * but between a drop and the next time that the state is told. For the VM cases.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../unit/agent.h"

/* What follows from the life of vectors is told after a second. */
#define QUIET_MS	1500
/* Idle entries go, and are not told yet: then it is the same a second later. */
#define PATIENCE_S	30

static struct agent agent;

static void __attribute__((noreturn)) die(struct ims_ctx *ctx, const char *what)
{
	fprintf(stderr, "agenttool: %s: %s\n", what,
		ims_error_get_message(ims_ctx_get_error(ctx)));
	exit(1);
}

/* All events that there are now. */
static void take(struct ims_ctx *ctx, struct ims_monitor *monitor)
{
	struct ims_event *event;
	const char *wrong;
	int err;

	while (!(err = ims_monitor_read(monitor, &event))) {
		wrong = agent_apply(&agent, event);
		ims_event_free(event);
		if (wrong) {
			fprintf(stderr, "agenttool: %s\n", wrong);
			exit(1);
		}
	}
	if (err != -EAGAIN)
		die(ctx, "monitor");
}

static void compare(struct ims_ctx *ctx, struct ims_monitor *monitor)
{
	bool cookies = (geteuid() == 0) != ims_monitor_is_public(monitor);
	time_t end = time(NULL) + PATIENCE_S;
	const char *differs;
	int err;

	do {
		while (!(err = ims_monitor_wait(monitor, QUIET_MS)))
			take(ctx, monitor);
		if (err != -ETIMEDOUT)
			die(ctx, "monitor");
		differs = agent_differs(&agent, ctx, cookies);
	} while (differs && time(NULL) < end);

	if (differs)
		printf("differs: %s\n", differs);
	else
		printf("same: %zu stores, %zu devices, %zu vectors, %u overruns\n",
		       agent.stores.num, agent.devices.num, agent.vectors.num,
		       agent.overruns);
	fflush(stdout);
}

/* As a daemon does that has opened what it needs. */
static void drop(void)
{
	if (setresuid(65534, 65534, 65534)) {
		perror("agenttool: setresuid");
		exit(1);
	}
	puts("dropped");
	fflush(stdout);
}

static void say_events(const struct ims_monitor *monitor)
{
	puts(ims_monitor_is_public(monitor) ? "public" : "full");
	fflush(stdout);
}

int main(void)
{
	struct ims_monitor *monitor;
	struct ims_ctx *ctx;
	char line[64];
	ssize_t size;

	if (ims_ctx_new(&ctx))
		return 1;
	if (ims_monitor_new(ctx, IMS_MONITOR_SYNC, &monitor))
		die(ctx, "monitor");
	say_events(monitor);

	for (;;) {
		struct pollfd fds[] = {
			{ .fd = STDIN_FILENO, .events = POLLIN },
			{ .fd = ims_monitor_get_fd(monitor), .events = POLLIN },
		};

		take(ctx, monitor);
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return 1;
		if (!fds[0].revents)
			continue;
		size = read(STDIN_FILENO, line, sizeof(line));
		if (size <= 0)
			break;
		if (size == 5 && !memcmp(line, "drop\n", 5))
			drop();
		else if (size == 7 && !memcmp(line, "events\n", 7))
			say_events(monitor);
		else
			compare(ctx, monitor);
	}
	agent_forget(&agent);
	ims_monitor_free(monitor);
	ims_ctx_free(ctx);
	return 0;
}
