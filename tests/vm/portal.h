/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function of ims_siov.ko as its VFIO user sees it: a work queue (wq.h) with a
 * portal that is mapped, and memory that the device may read and write. What the
 * device does is in <linux/ims_siov.h>.
 */
#ifndef TESTS_VM_PORTAL_H
#define TESTS_VM_PORTAL_H

#include <stdbool.h>

#include <linux/ims_siov.h>

#include "wq.h"

/* Where the device finds struct portal_memory. */
#define PORTAL_IOVA	0x40000000ULL

#define PORTAL_DATA	(4U << 20)

/* No handle is so large. */
#define PORTAL_NO_HANDLE	UINT32_MAX

/*
 * Memory that is mapped for DMA. It is shared with child processes, which may
 * submit as well, but not at the same time.
 *
 * @next: entry of the portal that comes next
 * @submitted: descriptors since the queue was reset, those of batches included
 * @record: for whoever wants one completion record only
 * @batch: the descriptors of fire()
 * @data: for tests
 */
struct portal_memory {
	uint32_t next;
	uint32_t submitted;
	struct ims_siov_completion record __attribute__((aligned(64)));
	struct ims_siov_desc batch[WQ_VECTORS] __attribute__((aligned(4096)));
	uint8_t data[PORTAL_DATA] __attribute__((aligned(4096)));
};

/*
 * @wq: what is not about these registers: eventfds, netlink
 * @page: the portal
 * @memory: see above
 * @handles: of the vectors, as portal_request() got them
 * @errors: ERRORS, as fire() saw it last
 */
struct portal {
	struct wq wq;
	volatile struct ims_siov_desc *page;
	struct portal_memory *memory;
	uint32_t handles[WQ_VECTORS];
	uint32_t errors;
};

/*
 * Open a function, map its portal and memory for it, and enable the queue.
 * Return 0 or a negative errno, and leave the reason in fn->wq.ctx.
 */
int portal_open(struct portal *fn, const char *name);
void portal_close(struct portal *fn);

/*
 * The address that the device knows a byte of fn->memory by, and memory for DMA
 * elsewhere (flags: enum ims_vfio_dma_flags). Failure ends the program.
 */
uint64_t portal_iova(struct portal *fn, const volatile void *at);
void portal_map_dma(struct portal *fn, uint64_t iova, void *at, size_t size,
		    uint32_t flags);
void portal_unmap_dma(struct portal *fn, uint64_t iova, size_t size);

/* Execute a command: IMS_SIOV_ERR_*, with its result. */
uint32_t portal_command(struct portal *fn, uint32_t command, uint32_t argument,
			uint32_t *result);
/* The queue was reset, and will begin anew. */
void portal_was_reset(struct portal *fn);
/* Reset the queue and enable it again. */
void portal_restart(struct portal *fn);

/*
 * Handles of vectors, for fire(). portal_request() and portal_release() return
 * IMS_SIOV_ERR_*, of the first vector for which it is not 0.
 */
uint32_t portal_request(struct portal *fn, uint32_t first, uint32_t count);
uint32_t portal_release(struct portal *fn, uint32_t first, uint32_t count);

/* With eventfds and handles, and without. 0 or a negative errno. */
int portal_bind(struct portal *fn, uint32_t first, uint32_t count);
int portal_unbind(struct portal *fn, uint32_t first, uint32_t count);

/*
 * Bind as many vectors as the CPUs have room for, from vector 1 on, at most
 * @most, in blocks of @block and then one by one. Returns their number.
 */
uint32_t portal_bind_most(struct portal *fn, uint32_t most, uint32_t block);

/*
 * Submit a descriptor, without a system call unless the portal is full for long.
 * DESC_VALID is added.
 */
void portal_submit(struct portal *fn, const struct ims_siov_desc *desc);
/* A NOP that raises the vector's interrupt */
void portal_raise(struct portal *fn, uint32_t vector);
/* Wait for a completion record of fn->memory: IMS_SIOV_ERR_*. */
uint32_t portal_wait(struct portal *fn,
		     const volatile struct ims_siov_completion *record);
/* Submit with fn->memory->record, and wait for it. */
uint32_t portal_execute(struct portal *fn, struct ims_siov_desc desc);

/*
 * Wait until DONE, and with it the other registers, tells of all that was submitted,
 * which a completion record does not wait for.
 */
void portal_settle(struct portal *fn);

/*
 * Submit a batch of NOPs that raise the interrupts of a range, one each. Returns
 * how many of them failed, for their handles are not in force any more.
 */
uint32_t portal_fire(struct portal *fn, uint32_t first, uint32_t count);

/* The same. Ends the program unless each interrupt was raised. */
void fire(struct portal *fn, uint32_t first, uint32_t count);

/* Call @work(@fn): false when it was ended by SIGBUS. */
bool portal_survives(struct portal *fn, void (*work)(struct portal *fn));
/* Write a word that means nothing. It gets SIGBUS when the portal is gone. */
void portal_touch(struct portal *fn);
/* Does such a write arrive? */
bool portal_is_there(struct portal *fn);

/*
 * An epoll set with the eventfds of a range, and the wait for any of them: the
 * vector, whose eventfd's count is taken and handed out, or -1 when none counts
 * within @timeout milliseconds.
 */
int portal_epoll(struct portal *fn, uint32_t first, uint32_t count);
int portal_wait_any(struct portal *fn, int epoll, int timeout,
		    uint64_t *counted);

#endif /* TESTS_VM_PORTAL_H */
