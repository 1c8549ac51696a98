/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function of ims_nvme.ko, the test device that fires vectors by the
 * thousand. Opened, bound and read like a work queue, see wq.h.
 */
#ifndef TESTS_VM_FIRE_H
#define TESTS_VM_FIRE_H

#include "nvme/ims_nvme.h"
#include "wq.h"

/*
 * Let the device execute a command (enum ims_nvme_command) on a range, @rounds
 * times. Returns 0 or the device's negative errno; what was done is in the
 * registers FIRED, KEPT, REFUSED and SIGNALLED.
 */
int fire_command(struct wq *fn, uint32_t command, uint32_t first,
		 uint32_t count, uint32_t rounds);

/*
 * Fire each vector of a range once. Ends the program unless the hardware has
 * written a message for each: @count of them.
 */
void fire(struct wq *fn, uint32_t first, uint32_t count);

/*
 * Bind as many vectors as the CPUs have room for, from vector 0 on, at most
 * @most, in blocks of @block and then one by one. Returns their number.
 */
uint32_t fire_bind_most(struct wq *fn, uint32_t most, uint32_t block);

/*
 * An epoll set with the eventfds of [0, @count), and the wait for any of them:
 * the vector, whose eventfd's count is taken and handed out, or -1 when none
 * counts within @timeout milliseconds.
 */
int fire_epoll(struct wq *fn, uint32_t count);
int fire_wait_any(struct wq *fn, int epoll, int timeout, uint64_t *counted);

#endif /* TESTS_VM_FIRE_H */
