/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * monitor: a handle that tells what changes
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_MONITOR_H
#define LIBIMS_API_MONITOR_H

#include <stdbool.h>

#include <libims/ctx.h>
#include <libims/event.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_monitor;

/**
 * enum ims_monitor_flags - how to monitor
 * @IMS_MONITOR_SYNC: tell the present state first
 */
enum ims_monitor_flags {
	IMS_MONITOR_SYNC = 1 << 0,
};

/**
 * ims_monitor_new() - listen to the kernel's notifications
 * @ctx: context; the monitor's errors are found in it, too. It counts as used
 *	with the monitor: both by one thread at a time.
 * @flags: of enum ims_monitor_flags, or 0
 * @monitor: where to put the handle
 *
 * What happens after this call is told. For the time before it, ask for
 * IMS_MONITOR_SYNC.
 *
 * Everybody who may ask for a list may listen. With CAP_SYS_ADMIN in the initial user
 * namespace the events carry cookies; without, they carry what a list shows to the
 * caller, and are the same ones: see ims_monitor_is_public().
 *
 * When vfio_pci_ims is unloaded, all virtual devices and stores are gone
 * before, which is told, and then IMS_EVENT_GONE. When it is loaded again, that
 * is IMS_EVENT_BACK, and the monitor tells the state and goes on: there is
 * nothing to do for its reader. The monitor does not have the kernel load the
 * module; the first call of this function does, if it can.
 *
 * @return 0 and a handle to be freed with ims_monitor_free(), or
 *	-EINVAL		@ctx or @monitor is NULL, or an unknown flag
 *	-EPERM		the loaded module tells events to CAP_SYS_ADMIN only
 *	-EOPNOTSUPP	also: the module has no notifications
 */
int ims_monitor_new(struct ims_ctx *ctx, unsigned int flags,
		    struct ims_monitor **monitor);

/**
 * ims_monitor_free() - stop to listen
 * @monitor: handle or NULL
 */
void ims_monitor_free(struct ims_monitor *monitor);

/**
 * ims_monitor_is_public() - does a monitor hear what everybody may hear?
 * @monitor: handle
 *
 * As found out when it was made.
 *
 * @return true: its events carry no cookies; false: they do, or @monitor is NULL.
 */
bool ims_monitor_is_public(const struct ims_monitor *monitor);

/**
 * ims_monitor_get_fd() - file descriptor for poll loops
 * @monitor: handle
 *
 * Readable when ims_monitor_read() has something to do: the kernel has told
 * something, or the monitor has, such as the state at the start; also when a
 * read has failed and left something to do. One read for each time that it is
 * readable is enough. Only for polling, level-triggered or edge-triggered with
 * reads until -EAGAIN.
 *
 * @return Borrowed file descriptor; -EINVAL if @monitor is NULL.
 */
int ims_monitor_get_fd(const struct ims_monitor *monitor);

/**
 * ims_monitor_wait() - wait for an event
 * @monitor: handle
 * @timeout_ms: in milliseconds; negative: for ever
 *
 * @return 0 when ims_monitor_read() has something to do; it may still find that
 *	this was not for the reader, and return -EAGAIN. Or
 *	-EINVAL		@monitor is NULL
 *	-ETIMEDOUT	nothing came in time; leaves no reason behind
 *	-EINTR		a signal came
 */
int ims_monitor_wait(struct ims_monitor *monitor, int timeout_ms);

/**
 * ims_monitor_read() - the next event
 * @monitor: handle
 * @event: where to put the snapshot
 *
 * Does not wait for events. When they were lost, because they came faster than
 * they were read, this tells OVERRUN, dumps the state through the context's
 * socket, and tells it; so it does behind BACK. After a failure the next call tries again; nothing is
 * passed over in silence.
 *
 * @return 0 and a snapshot to be freed with ims_event_free(), or
 *	-EINVAL	@monitor or @event is NULL
 *	-EAGAIN	there is no event now; leaves no reason behind
 *	-EPROTO	a notification made no sense. It counts as lost: OVERRUN is next
 *	-ENOBUFS after OVERRUN: events keep coming faster than they can be
 *		thrown away
 *	-EPERM	after a reload of the module: as ims_monitor_new()
 */
int ims_monitor_read(struct ims_monitor *monitor, struct ims_event **event);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_MONITOR_H */
