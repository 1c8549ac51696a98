/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * libims - interrupts of virtual devices: list, inspect, trigger, receive
 *
 * Link with -lims. The library talks to the kernel in two ways:
 *
 *  - management, through the generic netlink family of vfio_pci_ims.ko:
 *    ims_store_*(), ims_device_*(), ims_vector_*(). A context can also answer
 *    from a file instead of the kernel: ims_capture_*();
 *  - use of a virtual device as its VFIO user: ims_vfio_*().
 *
 * Programs need this header only. It includes one for each object, named as the
 * object's functions are: ims_store_*() are in <libims/store.h>. ims_error_*()
 * and what all objects share are in <libims/ctx.h>. Each header may also be
 * included alone: it includes what it needs.
 *
 * Rules for the whole library
 *
 * Names. ims_<object>_<verb>(), followed by what the verb is about. Functions
 * whose first parameter is a context ask the kernel; the others read or fill
 * plain memory.
 *
 *	_new, _free		make and free; ims_vfio_open(), _close
 *	_list_get		all objects of a kind
 *	_list_get_by_X		those of an X
 *	_get, _get_by_id, _find	look one up by its name, its id, or as people
 *				type it
 *	_get_X, _is_X		an object's attribute X, named as in ims.yaml;
 *				_is_X for a flag
 *	_set_X, _clear_X	fill a request
 *	_configure		make a change as a request says
 *	_reset_stats		reset counts
 *	_range, _list		at the end: for consecutive or for chosen
 *				vectors of a device
 *
 * and ims_<enumeration>_name() for the name of a value, as in ims.yaml.
 *
 * Kinds of objects. A *handle* holds file descriptors and talks to the kernel:
 * struct ims_ctx, struct ims_vfio, struct ims_monitor, struct ims_hotplug. A
 * *snapshot* is plain memory with what the kernel said at one moment, and never
 * changes: struct ims_store, struct ims_device, struct ims_vector,
 * struct ims_vdev, struct ims_parent, lists of them, struct ims_event and
 * struct ims_hotplug_event. Snapshots do not refer to the context, and may
 * outlive it. A *request* is plain memory that says what is to change or to be
 * listed: struct ims_store_config, struct ims_device_config,
 * struct ims_vector_config, struct ims_vector_filter. It is filled by its _set
 * functions, which only store the values: the kernel checks them in the call
 * that takes the request. A request refers to no other object. It may be used
 * many times, changed in between, and with any context.
 *
 * Return values. A function that returns int returns 0 for success or a
 * negative errno, and hands out values by out-parameter, except file
 * descriptors, which are returned. On failure, out-parameters for objects are
 * NULL and others untouched, unless the function says otherwise. A getter of a
 * number returns -ENODATA when the kernel left the value out, because there is
 * none or because the caller may not see it. A getter of a string returns NULL
 * in that case, a getter of a flag returns false.
 *
 * Changes. A call that changes or signals something takes flags of
 * enum ims_flags, and needs CAP_SYS_ADMIN in the initial user namespace. It is
 * one request: when it fails it has changed nothing.
 *
 * NULL. Any object or out-parameter that is NULL gives -EINVAL (NULL or false
 * from getters of strings and flags). Free and close functions take NULL.
 *
 * Reasons. After a failure, ims_ctx_get_error() has the kernel's own text, the
 * attribute that caused it and the object concerned. Getters of snapshots and
 * calls with a NULL context have nowhere to put a reason and leave none.
 *
 * Ownership. Every @return line says who frees what. "Borrowed" means that the
 * value belongs to the object that it was got from, and is valid as long as
 * that object.
 *
 * Threads. The library has no global state. A context, together with the
 * handles made through it, may be used by one thread at a time; different
 * contexts are independent. Snapshots may be read by many threads at once.
 * After fork(2) only the parent may use the handles; the child may free its
 * copies and must make handles of its own. All descriptors are close-on-exec.
 *
 * Waiting. Only ims_monitor_wait() and ims_hotplug_wait() wait for events, which
 * may never come. Their descriptors are readable whenever there is something to
 * read, and the reads do not wait.
 *
 * Unknown values. Later versions may report values that a program does not
 * know; _name functions return NULL for those that the library does not know.
 *
 * Every function that asks the kernel by netlink can return these errors. They
 * are therefore not repeated for each function:
 *	-EOPNOTSUPP	vfio_pci_ims is not loaded or is being unloaded, or
 *			does not know the operation
 *	-ENOMEM		out of memory
 *	-EPROTO		the kernel's reply was malformed
 *	other		socket(2), sendmsg(2) or recvmsg(2) failed
 *
 * and every call that takes flags:
 *	-EINVAL		a flag is unknown
 *	-EPERM		the caller lacks CAP_SYS_ADMIN
 */
#ifndef LIBIMS_H
#define LIBIMS_H

#include <libims/capture.h>
#include <libims/ctx.h>
#include <libims/device.h>
#include <libims/device_config.h>
#include <libims/event.h>
#include <libims/hotplug.h>
#include <libims/monitor.h>
#include <libims/parent.h>
#include <libims/store.h>
#include <libims/store_config.h>
#include <libims/vdev.h>
#include <libims/vector.h>
#include <libims/vector_config.h>
#include <libims/vector_filter.h>
#include <libims/vector_restrain.h>
#include <libims/vector_trigger.h>
#include <libims/vfio.h>

#endif /* LIBIMS_H */
