// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Readable when a descriptor is, or while there is something to do without it.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "pollset.h"

static int add(int set, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

int ims_pollset_open(struct ims_pollset *set, int fd)
{
	int err = 0;

	*set = (struct ims_pollset) { .work = -1 };
	set->fd = epoll_create1(EPOLL_CLOEXEC);
	if (set->fd >= 0)
		set->work = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (set->work < 0)
		err = -errno;
	if (!err)
		err = add(set->fd, fd);
	if (!err)
		err = add(set->fd, set->work);
	if (err)
		ims_pollset_close(set);
	return err;
}

void ims_pollset_close(struct ims_pollset *set)
{
	if (set->work >= 0)
		close(set->work);
	if (set->fd >= 0)
		close(set->fd);
	set->work = -1;
	set->fd = -1;
}

void ims_pollset_work(struct ims_pollset *set, bool there)
{
	uint64_t count = 1;
	ssize_t done;

	if (there == set->has_work)
		return;
	/* Neither can fail: it is empty, or is not. */
	if (there)
		done = write(set->work, &count, sizeof(count));
	else
		done = read(set->work, &count, sizeof(count));
	(void)done;
	set->has_work = there;
}
