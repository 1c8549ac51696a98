/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hotplug: a handle that reports devices that come and go
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_HOTPLUG_H
#define LIBIMS_API_HOTPLUG_H

#include <stdint.h>

#include <libims/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_hotplug;
struct ims_hotplug_event;

/**
 * enum ims_hotplug_action - what happened
 * @IMS_HOTPLUG_ADD: it has come
 * @IMS_HOTPLUG_REMOVE: it has gone
 */
enum ims_hotplug_action {
	IMS_HOTPLUG_ADD,
	IMS_HOTPLUG_REMOVE,
};

/**
 * enum ims_hotplug_kind - what has come or gone
 * @IMS_HOTPLUG_PARENT: a PCI device offers types of mediated devices, or functions
 *	of the bus ims_vfunc. With IMS_HOTPLUG_REMOVE: it no longer does, because
 *	the device has gone or only its driver
 * @IMS_HOTPLUG_MDEV: a mediated device, open or not
 * @IMS_HOTPLUG_FUNCTION: a function of the bus ims_vfunc, open or not
 */
enum ims_hotplug_kind {
	IMS_HOTPLUG_PARENT,
	IMS_HOTPLUG_MDEV,
	IMS_HOTPLUG_FUNCTION,
};

/**
 * ims_hotplug_new() - listen to virtual devices and parents
 * @ctx: context; the handle's errors are found in it, too. Using the handle counts
 *	as using the context: one thread at a time may use either of them.
 * @hotplug: where to put the handle
 *
 * If udevd runs (/run/udev/control exists), this listens to udevd's events, which
 * come after its rules have run; else to the kernel's events. Needs neither kernel
 * module nor privilege. Changes after this call are reported; so call this first,
 * and list the present devices after it.
 *
 * @return 0 and a handle to be freed with ims_hotplug_free(), or
 *	-EINVAL	@ctx or @hotplug is NULL
 *	-ENOMEM	out of memory
 *	other	the errno from libudev
 */
int ims_hotplug_new(struct ims_ctx *ctx, struct ims_hotplug **hotplug);

/**
 * ims_hotplug_free() - stop listening
 * @hotplug: handle or NULL
 */
void ims_hotplug_free(struct ims_hotplug *hotplug);

/**
 * ims_hotplug_get_fd() - file descriptor for poll loops
 * @hotplug: handle
 *
 * Readable when there is an event; then read until -EAGAIN. Only for polling.
 *
 * @return Borrowed file descriptor; -EINVAL if @hotplug is NULL.
 */
int ims_hotplug_get_fd(const struct ims_hotplug *hotplug);

/**
 * ims_hotplug_wait() - wait for an event
 * @hotplug: handle
 * @timeout_ms: in milliseconds; negative: for ever
 *
 * @return 0 when ims_hotplug_read() has something to do; that may still find no
 *	event for the reader, and return -EAGAIN. Or
 *	-EINVAL		@hotplug is NULL
 *	-ETIMEDOUT	no event came in time; sets no reason
 *	-EINTR		a signal arrived
 */
int ims_hotplug_wait(struct ims_hotplug *hotplug, int timeout_ms);

/**
 * ims_hotplug_read() - the next event
 * @hotplug: handle
 * @event: where to put the snapshot
 *
 * Does not wait.
 *
 * @return 0 and a snapshot to be freed with ims_hotplug_event_free(), or
 *	-EINVAL	@hotplug or @event is NULL
 *	-EAGAIN	there is no event now; sets no reason
 *	-ENOBUFS events were lost; list the present devices, then go on reading
 *	-ENOMEM	out of memory; the event is not lost
 *	other	the errno from libudev
 */
int ims_hotplug_read(struct ims_hotplug *hotplug,
		     struct ims_hotplug_event **event);

/**
 * ims_hotplug_event_free() - free an event
 * @event: snapshot or NULL
 */
void ims_hotplug_event_free(struct ims_hotplug_event *event);

/*
 * What an event reports: enum ims_hotplug_action, enum ims_hotplug_kind.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 */
int ims_hotplug_event_get_action(const struct ims_hotplug_event *event,
				 uint32_t *action);
int ims_hotplug_event_get_kind(const struct ims_hotplug_event *event,
			       uint32_t *kind);

/**
 * ims_hotplug_event_get_name() - the device that has come or gone
 * @event: event
 *
 * @return Borrowed: a mediated device's UUID, a function's name, such as
 *	"0000:00:04.0-3", or a parent's PCI address; NULL if @event is NULL.
 */
const char *ims_hotplug_event_get_name(const struct ims_hotplug_event *event);

/**
 * ims_hotplug_event_get_parent() - PCI address of the parent
 * @event: event
 *
 * @return Borrowed; for a parent, its own address, which is also its name. NULL if
 *	@event is NULL.
 */
const char *
ims_hotplug_event_get_parent(const struct ims_hotplug_event *event);

/**
 * ims_hotplug_action_name() - name of an action
 * @action: enum ims_hotplug_action
 *
 * @return Static string "add" or "remove"; NULL if unknown.
 */
const char *ims_hotplug_action_name(uint32_t action);

/**
 * ims_hotplug_kind_name() - name of a kind
 * @kind: enum ims_hotplug_kind
 *
 * @return Static string "parent", "mdev" or "function"; NULL if unknown.
 */
const char *ims_hotplug_kind_name(uint32_t kind);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_HOTPLUG_H */
