// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include "fire.h"

int fire_command(struct wq *fn, uint32_t command, uint32_t first,
		 uint32_t count, uint32_t rounds)
{
	wq_write(fn, IMS_NVME_REG_FIRST, first);
	wq_write(fn, IMS_NVME_REG_COUNT, count);
	wq_write(fn, IMS_NVME_REG_ROUNDS, rounds);
	wq_write(fn, IMS_NVME_REG_COMMAND, command);
	return -(int)wq_read(fn, IMS_NVME_REG_STATUS);
}

void fire(struct wq *fn, uint32_t first, uint32_t count)
{
	int ret = fire_command(fn, IMS_NVME_COMMAND_FIRE, first, count, 1);
	uint32_t fired = wq_read(fn, IMS_NVME_REG_FIRED);

	if (ret || fired != count)
		errx(1, "vectors %u+%u: %u fired, %u without slot, %u masked: %s",
		     first, count, fired, wq_read(fn, IMS_NVME_REG_REFUSED),
		     wq_read(fn, IMS_NVME_REG_KEPT), strerror(-ret));
}

uint32_t fire_bind_most(struct wq *fn, uint32_t most, uint32_t block)
{
	uint32_t have = 0;
	int ret;

	while (block) {
		if (block > most - have)
			block = most - have;
		ret = block ? wq_bind(fn, have, block) : 0;
		if (!ret)
			have += block;
		else if (ret == -ENOSPC)
			block /= 2;
		else
			errx(1, "vectors %u+%u: %s", have, block,
			     ims_error_get_message(ims_ctx_last_error(fn->ctx)));
	}
	return have;
}

int fire_epoll(struct wq *fn, uint32_t count)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0)
		err(1, "epoll_create1");
	for (event.data.u32 = 0; event.data.u32 < count; event.data.u32++)
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, wq_fd(fn, event.data.u32),
			      &event))
			err(1, "epoll_ctl");
	return epoll;
}

int fire_wait_any(struct wq *fn, int epoll, int timeout, uint64_t *counted)
{
	struct epoll_event event;
	int got = epoll_wait(epoll, &event, 1, timeout);

	if (got < 0)
		err(1, "epoll_wait");
	if (!got)
		return -1;
	*counted = wq_take(fn, event.data.u32);
	return event.data.u32;
}
