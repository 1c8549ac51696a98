// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * loop [TICKS] - a program with a loop of its own: in one epoll set a monitor, signals
 * as a second descriptor, and a timer, which tells ten times a second how many events
 * there were. Ends with SIGTERM or SIGINT, or after that many ticks.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <libims.h>

struct loop {
	int set;
	int signals;
	int timer;
	struct ims_ctx *ctx;
	struct ims_monitor *monitor;
	unsigned long events;
	unsigned long ticks;
};

static bool add(struct loop *loop, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return fd >= 0 && !epoll_ctl(loop->set, EPOLL_CTL_ADD, fd, &event);
}

/* The signals come by a descriptor; the library is not interrupted by them. */
static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int open_timer(void)
{
	const struct itimerspec tenth = {
		.it_interval.tv_nsec = 100000000,
		.it_value.tv_nsec = 100000000,
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	if (fd >= 0)
		timerfd_settime(fd, 0, &tenth, NULL);
	return fd;
}

/*
 * One event for each time that the descriptor is ready: whatever the monitor has left,
 * it is ready again, and signals and timer have their turn between.
 */
static bool read_event(struct loop *loop)
{
	struct ims_event *event;
	const char *name;
	uint32_t type;
	int err;

	err = ims_monitor_read(loop->monitor, &event);
	if (err == -EAGAIN)
		return true;
	if (err) {
		fprintf(stderr, "loop: %s\n",
			ims_error_get_message(ims_ctx_get_error(loop->ctx)));
		return false;
	}
	ims_event_get_type(event, &type);
	name = ims_event_type_name(type);
	printf("%s\n", name ? name : "unknown");
	loop->events++;
	ims_event_free(event);
	return true;
}

static void tick(struct loop *loop)
{
	uint64_t count;

	if (read(loop->timer, &count, sizeof(count)) != sizeof(count))
		return;
	loop->ticks += count;
	printf("tick: %lu events\n", loop->events);
}

/* True until it is to end. */
static bool turn(struct loop *loop)
{
	struct epoll_event ready;

	if (epoll_wait(loop->set, &ready, 1, -1) != 1)
		return errno == EINTR;
	if (ready.data.fd == loop->signals)
		return false;
	if (ready.data.fd == loop->timer)
		tick(loop);
	else
		return read_event(loop);
	return true;
}

int main(int argc, char **argv)
{
	unsigned long ticks = argc > 1 ? strtoul(argv[1], NULL, 0) : 0;
	struct loop loop = { 0 };

	loop.set = epoll_create1(EPOLL_CLOEXEC);
	loop.signals = open_signals();
	loop.timer = open_timer();
	if (!add(&loop, loop.signals) || !add(&loop, loop.timer)) {
		perror("loop");
		return 1;
	}
	if (ims_ctx_new(&loop.ctx)) {
		fputs("loop: out of memory\n", stderr);
		return 1;
	}
	if (ims_monitor_new(loop.ctx, IMS_MONITOR_SYNC, &loop.monitor)) {
		fprintf(stderr, "loop: %s\n",
			ims_error_get_message(ims_ctx_get_error(loop.ctx)));
		ims_ctx_free(loop.ctx);
		return 1;
	}
	if (!add(&loop, ims_monitor_get_fd(loop.monitor))) {
		perror("loop");
		return 1;
	}

	setvbuf(stdout, NULL, _IOLBF, 0);
	while (turn(&loop) && (!ticks || loop.ticks < ticks))
		;

	/* The monitor first, or the context: either order will do. */
	ims_monitor_free(loop.monitor);
	ims_ctx_free(loop.ctx);
	close(loop.timer);
	close(loop.signals);
	close(loop.set);
	return 0;
}
