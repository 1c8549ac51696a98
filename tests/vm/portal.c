// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <err.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "portal.h"

static const char *portal_reason(struct portal *fn)
{
	return ims_error_get_message(ims_ctx_get_error(fn->wq.ctx));
}

void portal_map_dma(struct portal *fn, uint64_t iova, void *at, size_t size,
		    uint32_t flags)
{
	if (ims_vfio_map_dma(fn->wq.vfio, iova, at, size, flags))
		errx(1, "%s", portal_reason(fn));
}

void portal_unmap_dma(struct portal *fn, uint64_t iova, size_t size)
{
	if (ims_vfio_unmap_dma(fn->wq.vfio, iova, size))
		errx(1, "%s", portal_reason(fn));
}

int portal_open(struct portal *fn, const char *name)
{
	void *page;
	uint32_t i;
	int ret;

	memset(fn, 0, sizeof(*fn));
	for (i = 0; i < WQ_VECTORS; i++)
		fn->handles[i] = PORTAL_NO_HANDLE;
	ret = wq_open(&fn->wq, name);
	if (ret)
		return ret;

	fn->memory = mmap(NULL, sizeof(*fn->memory), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (fn->memory == MAP_FAILED)
		err(1, "mmap");
	portal_map_dma(fn, PORTAL_IOVA, fn->memory, sizeof(*fn->memory),
		       IMS_VFIO_DMA_READ | IMS_VFIO_DMA_WRITE);
	if (ims_vfio_map_region(fn->wq.vfio, VFIO_PCI_BAR2_REGION_INDEX, 0,
				IMS_SIOV_PORTAL_SIZE, &page))
		errx(1, "%s", portal_reason(fn));
	fn->page = page;
	if (portal_command(fn, IMS_SIOV_COMMAND_ENABLE, 0, NULL))
		errx(1, "%s cannot be enabled", name);
	return 0;
}

void portal_close(struct portal *fn)
{
	if (fn->page)
		ims_vfio_unmap_region(fn->wq.vfio, (void *)fn->page,
				      IMS_SIOV_PORTAL_SIZE);
	wq_close(&fn->wq);
	if (fn->memory)
		munmap(fn->memory, sizeof(*fn->memory));
	memset(fn, 0, sizeof(*fn));
}

uint64_t portal_iova(struct portal *fn, const volatile void *at)
{
	return PORTAL_IOVA + ((const char *)at - (const char *)fn->memory);
}

uint32_t portal_command(struct portal *fn, uint32_t command, uint32_t argument,
			uint32_t *result)
{
	wq_write(&fn->wq, IMS_SIOV_REG_ARGUMENT, argument);
	wq_write(&fn->wq, IMS_SIOV_REG_COMMAND, command);
	if (result)
		*result = wq_read(&fn->wq, IMS_SIOV_REG_COMMAND_RESULT);
	return wq_read(&fn->wq, IMS_SIOV_REG_COMMAND_STATUS);
}

void portal_was_reset(struct portal *fn)
{
	fn->memory->next = 0;
	fn->memory->submitted = 0;
	fn->errors = 0;
}

void portal_restart(struct portal *fn)
{
	if (portal_command(fn, IMS_SIOV_COMMAND_RESET, 0, NULL) ||
	    portal_command(fn, IMS_SIOV_COMMAND_ENABLE, 0, NULL))
		errx(1, "the queue cannot be reset");
	portal_was_reset(fn);
}

uint32_t portal_request(struct portal *fn, uint32_t first, uint32_t count)
{
	uint32_t i, error = 0;

	for (i = first; !error && i < first + count; i++)
		error = portal_command(fn, IMS_SIOV_COMMAND_REQUEST_INT_HANDLE,
				       i, &fn->handles[i]);
	return error;
}

uint32_t portal_release(struct portal *fn, uint32_t first, uint32_t count)
{
	uint32_t i, error = 0;

	for (i = first; !error && i < first + count; i++) {
		error = portal_command(fn, IMS_SIOV_COMMAND_RELEASE_INT_HANDLE,
				       fn->handles[i], NULL);
		fn->handles[i] = PORTAL_NO_HANDLE;
	}
	return error;
}

int portal_bind(struct portal *fn, uint32_t first, uint32_t count)
{
	int ret = wq_bind(&fn->wq, first, count);

	if (!ret && portal_request(fn, first, count))
		errx(1, "vectors %u+%u: no handles", first, count);
	return ret;
}

int portal_unbind(struct portal *fn, uint32_t first, uint32_t count)
{
	int ret = ims_vfio_unbind(fn->wq.vfio, first, count);

	if (!ret && portal_release(fn, first, count))
		errx(1, "vectors %u+%u: handles are not released", first, count);
	return ret;
}

uint32_t portal_bind_most(struct portal *fn, uint32_t most, uint32_t block)
{
	uint32_t have = 0;
	int ret;

	while (block) {
		if (block > most - have)
			block = most - have;
		ret = block ? portal_bind(fn, 1 + have, block) : 0;
		if (!ret)
			have += block;
		else if (ret == -ENOSPC)
			block /= 2;
		else
			errx(1, "vectors %u+%u: %s", 1 + have, block,
			     portal_reason(fn));
	}
	return have;
}

/* Look at *@word until it is @value, or patience has run out. */
static bool portal_poll(const volatile uint32_t *word, uint32_t mask,
			uint32_t value)
{
	const struct timespec tick = { .tv_nsec = 20 * 1000 };
	struct timespec start, now;
	int spins;

	for (spins = 0; spins < 20; spins++)
		if ((le32toh(*word) & mask) == value)
			return true;
	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		nanosleep(&tick, NULL);
		if ((le32toh(*word) & mask) == value)
			return true;
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec - start.tv_sec <= WQ_PATIENCE_MS / 1000);
	return false;
}

void portal_submit(struct portal *fn, const struct ims_siov_desc *desc)
{
	volatile struct ims_siov_desc *entry = fn->page + fn->memory->next;
	const uint64_t *from = (const uint64_t *)desc;
	volatile uint64_t *to = (volatile uint64_t *)entry;
	size_t i;

	if (!portal_poll(&entry->control, UINT32_MAX, 0))
		errx(1, "entry %u of the portal is never read",
		     fn->memory->next);
	/* Control and handle are the first 8 bytes. */
	for (i = 1; i < sizeof(*desc) / sizeof(*from); i++)
		to[i] = from[i];
	entry->handle = desc->handle;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	entry->control = desc->control | htole32(IMS_SIOV_DESC_VALID);
	fn->memory->next = (fn->memory->next + 1) % IMS_SIOV_PORTAL_ENTRIES;
	fn->memory->submitted++;
	if ((le32toh(desc->control) & IMS_SIOV_DESC_OPERATION) ==
	    IMS_SIOV_OPERATION_BATCH)
		fn->memory->submitted += le32toh(desc->size);
}

static struct ims_siov_desc portal_nop(struct portal *fn, uint32_t vector)
{
	return (struct ims_siov_desc) {
		.control = htole32(IMS_SIOV_OPERATION_NOP |
				   IMS_SIOV_DESC_INTERRUPT),
		.handle = htole32(fn->handles[vector]),
	};
}

void portal_raise(struct portal *fn, uint32_t vector)
{
	struct ims_siov_desc desc = portal_nop(fn, vector);

	portal_submit(fn, &desc);
}

uint32_t portal_wait(struct portal *fn,
		     const volatile struct ims_siov_completion *record)
{
	if (!portal_poll(&record->status, IMS_SIOV_COMPLETION_DONE,
			 IMS_SIOV_COMPLETION_DONE))
		errx(1, "%s does not complete a descriptor", fn->wq.name);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return le32toh(record->status) & ~IMS_SIOV_COMPLETION_DONE;
}

uint32_t portal_execute(struct portal *fn, struct ims_siov_desc desc)
{
	struct ims_siov_completion *record = &fn->memory->record;

	memset(record, 0, sizeof(*record));
	desc.control |= htole32(IMS_SIOV_DESC_COMPLETION);
	desc.completion = htole64(portal_iova(fn, record));
	portal_submit(fn, &desc);
	return portal_wait(fn, record);
}

void portal_settle(struct portal *fn)
{
	int patience = WQ_PATIENCE_MS * 10;

	while (wq_read(&fn->wq, IMS_SIOV_REG_DONE) != fn->memory->submitted) {
		if (!patience--)
			errx(1, "%u descriptors were submitted, %u are done",
			     fn->memory->submitted,
			     wq_read(&fn->wq, IMS_SIOV_REG_DONE));
		usleep(100);
	}
}

uint32_t portal_fire(struct portal *fn, uint32_t first, uint32_t count)
{
	uint32_t before = fn->errors, i, error;

	for (i = 0; i < count; i++)
		fn->memory->batch[i] = portal_nop(fn, first + i);
	error = portal_execute(fn, (struct ims_siov_desc) {
		.control = htole32(IMS_SIOV_OPERATION_BATCH),
		.source = htole64(portal_iova(fn, fn->memory->batch)),
		.size = htole32(count),
	});
	if (error)
		errx(1, "a batch of %u fails: error %u", count, error);
	portal_settle(fn);
	fn->errors = wq_read(&fn->wq, IMS_SIOV_REG_ERRORS);
	return fn->errors - before;
}

void fire(struct portal *fn, uint32_t first, uint32_t count)
{
	uint32_t failed = portal_fire(fn, first, count);

	if (failed)
		errx(1, "vectors %u+%u: %u were not raised, error %u", first,
		     count, failed,
		     wq_read(&fn->wq, IMS_SIOV_REG_LAST_ERROR));
}

static sigjmp_buf portal_fault;

static void portal_on_fault(int signal)
{
	siglongjmp(portal_fault, signal);
}

bool portal_survives(struct portal *fn, void (*work)(struct portal *fn))
{
	struct sigaction action = { .sa_handler = portal_on_fault }, old;
	volatile bool survived = false;

	if (sigaction(SIGBUS, &action, &old))
		err(1, "sigaction");
	if (!sigsetjmp(portal_fault, 1)) {
		work(fn);
		survived = true;
	}
	sigaction(SIGBUS, &old, NULL);
	return survived;
}

/* Of a free entry, which nobody reads before it is written again */
void portal_touch(struct portal *fn)
{
	fn->page[fn->memory->next].size = 0;
}

bool portal_is_there(struct portal *fn)
{
	return portal_survives(fn, portal_touch);
}

int portal_epoll(struct portal *fn, uint32_t first, uint32_t count)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	uint32_t i;

	if (epoll < 0)
		err(1, "epoll_create1");
	for (i = first; i < first + count; i++) {
		event.data.u32 = i;
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, wq_fd(&fn->wq, i), &event))
			err(1, "epoll_ctl");
	}
	return epoll;
}

int portal_wait_any(struct portal *fn, int epoll, int timeout,
		    uint64_t *counted)
{
	struct epoll_event event;
	int got = epoll_wait(epoll, &event, 1, timeout);

	if (got < 0)
		err(1, "epoll_wait");
	if (!got)
		return -1;
	*counted = wq_take(&fn->wq, event.data.u32);
	return event.data.u32;
}
