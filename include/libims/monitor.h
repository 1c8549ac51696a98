/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * monitor: a handle that reports changes
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
 * @IMS_MONITOR_SYNC: report the present state first
 */
enum ims_monitor_flags {
	IMS_MONITOR_SYNC = 1 << 0,
};

/**
 * ims_monitor_new() - listen to the kernel's notifications
 * @ctx: context; the monitor's errors are found in it, too. Using the monitor counts
 *	as using the context: one thread at a time may use either of them.
 * @flags: of enum ims_monitor_flags, or 0
 * @monitor: where to put the handle
 *
 * Changes after this call are reported. To have the present state reported first,
 * use IMS_MONITOR_SYNC.
 *
 * Everybody who may ask for a list may listen. If the caller has CAP_SYS_ADMIN in the
 * initial user namespace, the events carry cookies. Everybody else gets the same
 * events with what a list shows to the caller: see ims_monitor_is_public().
 *
 * Before vfio_pci_ims is unloaded, all virtual devices and stores are gone, which is
 * reported, and then IMS_EVENT_GONE follows. When the module is loaded again, the
 * monitor reports IMS_EVENT_BACK and the state, and goes on: its reader need not do
 * anything. The monitor does not make the kernel load the module in between. Each call
 * of this function does, if it can, as each list does: call none between GONE and BACK
 * if the module is to stay unloaded.
 *
 * @return 0 and a handle to be freed with ims_monitor_free(), or
 *	-EINVAL		@ctx or @monitor is NULL, or an unknown flag
 *	-EPERM		the loaded module reports events to CAP_SYS_ADMIN only
 *	-EOPNOTSUPP	also: the module has no notifications
 */
int ims_monitor_new(struct ims_ctx *ctx, unsigned int flags,
		    struct ims_monitor **monitor);

/**
 * ims_monitor_free() - stop listening
 * @monitor: handle or NULL
 */
void ims_monitor_free(struct ims_monitor *monitor);

/**
 * ims_monitor_is_public() - does a monitor get the events for everybody?
 * @monitor: handle
 *
 * This is decided when the monitor is made, and again each time that it tells the
 * state: at its first read with IMS_MONITOR_SYNC, and after OVERRUN and BACK. From
 * SYNCED on the events agree with what a list shows to the caller. When the process
 * gives up CAP_SYS_ADMIN in between, its events carry cookies, which lists do not,
 * until the state is told the next time. So give the privilege up before
 * ims_monitor_new(), or make another monitor after that.
 *
 * @return true: its events carry no cookies; false: they do, or @monitor is NULL.
 */
bool ims_monitor_is_public(const struct ims_monitor *monitor);

/**
 * ims_monitor_get_fd() - file descriptor for poll loops
 * @monitor: handle
 *
 * Readable when ims_monitor_read() has something to do: the kernel has reported
 * something, or the monitor itself has, such as the state at the start; also when
 * a read has failed and left something to do. One read each time that it is
 * readable is enough. Only for polling: level-triggered, or edge-triggered with
 * reads until -EAGAIN. It is the same descriptor for as long as the monitor exists.
 * After a read that failed, wait a little before the next one: what is the matter may
 * last, see ims_monitor(3).
 *
 * @return Borrowed file descriptor; -EINVAL if @monitor is NULL.
 */
int ims_monitor_get_fd(const struct ims_monitor *monitor);

/**
 * ims_monitor_wait() - wait for an event
 * @monitor: handle
 * @timeout_ms: in milliseconds; negative: for ever
 *
 * @return 0 when ims_monitor_read() has something to do; that may still find no
 *	event for the reader, and return -EAGAIN. Or
 *	-EINVAL		@monitor is NULL
 *	-ETIMEDOUT	no event came in time; sets no reason
 *	-EINTR		a signal arrived
 */
int ims_monitor_wait(struct ims_monitor *monitor, int timeout_ms);

/**
 * ims_monitor_read() - the next event
 * @monitor: handle
 * @event: where to put the snapshot
 *
 * Does not wait for events. When events were lost, because they came faster than
 * they were read, this reports OVERRUN, dumps the state through the context's
 * socket, and reports it. It does the same after BACK. After a failure the next call
 * tries again; no event is lost without an OVERRUN.
 *
 * @return 0 and a snapshot to be freed with ims_event_free(), or
 *	-EINVAL	@monitor or @event is NULL
 *	-EAGAIN	there is no event now; sets no reason
 *	-EPROTO	a notification was malformed. It counts as lost: OVERRUN is next
 *	-ENOBUFS after OVERRUN: events keep coming faster than they can be
 *		discarded
 *	-EPERM	when the state is to be told: as ims_monitor_new()
 */
int ims_monitor_read(struct ims_monitor *monitor, struct ims_event **event);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_MONITOR_H */
