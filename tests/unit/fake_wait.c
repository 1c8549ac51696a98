// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting for events: what there is is there, and nothing will come meanwhile.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "fake_events.h"
#include "fake_uevents.h"
#include "sys.h"

int ims_sys_wait(int fd, int timeout_ms)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	if (fake_events.interrupted)
		return -EINTR;
	if (fd == FAKE_UEVENTS_FD)
		ready.revents = fake_uevents_waiting();
	else if (poll(&ready, 1, 0) < 0)
		return -errno;
	if (ready.revents & POLLNVAL)
		return -EBADF;
	if (ready.revents)
		return 0;

	if (fake_events.endless && timeout_ms < 0)
		pause();
	return timeout_ms < 0 ? -EDEADLK : -ETIMEDOUT;
}
