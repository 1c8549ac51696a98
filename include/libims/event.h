/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event: a snapshot of what a monitor reports
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_EVENT_H
#define LIBIMS_API_EVENT_H

#include <stdint.h>

#include <linux/ims_netlink.h>

#include <libims/device.h>
#include <libims/store.h>
#include <libims/vector.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_event;

/**
 * enum ims_event_type - what an event reports
 * @IMS_EVENT_STORE_CREATE: a driver offers a store
 * @IMS_EVENT_STORE_DELETE: a driver no longer offers a store
 * @IMS_EVENT_STORE_CHANGE: its limit changed, its counts were reset, it was
 *	suspended or restored, or its figures have changed
 * @IMS_EVENT_STORE_SYNC: a store that exists
 * @IMS_EVENT_DEVICE_CREATE: a virtual device was opened
 * @IMS_EVENT_DEVICE_DELETE: a virtual device was closed; its vectors have gone
 *	with it
 * @IMS_EVENT_DEVICE_CHANGE: its limits or default cookie changed, its driver
 *	holds or arms it, its parent is gone, or its figures have changed
 * @IMS_EVENT_DEVICE_SYNC: a virtual device that is open
 * @IMS_EVENT_VECTOR_CREATE: a vector was used for the first time
 * @IMS_EVENT_VECTOR_CHANGE: its state, backing, slot, cookie, affinity or
 *	bypass changed, it is held or its rate limited by an administrator or
 *	not any more, or its counts were reset
 * @IMS_EVENT_VECTOR_SYNC: a vector that is not absent
 * @IMS_EVENT_ALERT: something ran out, or a vector's interrupts storm
 * @IMS_EVENT_OVERRUN: events were lost. Forget all objects: the whole state
 *	follows
 * @IMS_EVENT_SYNCED: the whole state has been reported
 * @IMS_EVENT_GONE: the module vfio_pci_ims was unloaded. Forget all objects: none
 *	exists
 * @IMS_EVENT_BACK: the module was loaded again. The whole state follows
 *
 * Figures of stores and devices that follow from the life of vectors, such as how
 * many are live, are reported a second after they have changed, and the changes of
 * that second as one event; the last change is always reported. The counts of
 * vectors, and what else <libims/vector.h> marks as not kept current, make no events:
 * a snapshot has their values at the time of the event.
 */
enum ims_event_type {
	IMS_EVENT_STORE_CREATE,
	IMS_EVENT_STORE_DELETE,
	IMS_EVENT_STORE_CHANGE,
	IMS_EVENT_STORE_SYNC,
	IMS_EVENT_DEVICE_CREATE,
	IMS_EVENT_DEVICE_DELETE,
	IMS_EVENT_DEVICE_CHANGE,
	IMS_EVENT_DEVICE_SYNC,
	IMS_EVENT_VECTOR_CREATE,
	IMS_EVENT_VECTOR_CHANGE,
	IMS_EVENT_VECTOR_SYNC,
	IMS_EVENT_ALERT,
	IMS_EVENT_OVERRUN,
	IMS_EVENT_SYNCED,
	IMS_EVENT_GONE,
	IMS_EVENT_BACK,
};

/*
 * How to keep a model of the kernel's state. Once all events have been read, the
 * model is right at the latest a second after the last change, except for what
 * <libims/vector.h> marks "not kept current by events":
 *
 *  - *_SYNC, *_CREATE and *_CHANGE carry the whole object: replace the object
 *    with the same id (a vector: the same device id and number), or add it.
 *  - *_DELETE carries the whole object, too: remove the object with the same id,
 *    and with a device its vectors. The model may have no such object.
 *  - OVERRUN and GONE: remove everything.
 *
 * From OVERRUN, BACK, or the start with IMS_MONITOR_SYNC up to SYNCED there are
 * only *_SYNC events; but GONE and BACK come between OVERRUN and these when the
 * module was loaded again meanwhile. Changes that happened meanwhile are reported
 * after SYNCED, in their order. They may repeat what was reported or be older than
 * it: a vector may come before its device, and may return to an earlier state before
 * it reaches the present one. Ids of stores and devices are not used again before
 * GONE, so no object is mistaken for another. A later version may have more types:
 * ignore those that are not known.
 */

/**
 * ims_event_copy() - copy an event
 * @event: event
 * @copy: where to put the copy
 *
 * @return 0 and a snapshot to be freed with ims_event_free(), or
 *	-EINVAL	an argument is NULL
 *	-ENOMEM	out of memory
 */
int ims_event_copy(const struct ims_event *event, struct ims_event **copy);

/**
 * ims_event_free() - free an event
 * @event: snapshot or NULL
 */
void ims_event_free(struct ims_event *event);

/**
 * ims_event_get_type() - what an event reports
 * @event: event
 * @type: where to put one of enum ims_event_type
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 */
int ims_event_get_type(const struct ims_event *event, uint32_t *type);

/**
 * ims_event_get_time() - when an event was made
 * @event: event
 * @ns: where to put CLOCK_MONOTONIC in nanoseconds
 *
 * For an event from the kernel, that is when the kernel made the notification: at
 * that time the object was as the event has it. For *_SYNC and SYNCED it is when the
 * dump of the state was begun, for OVERRUN when the loss was noticed.
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	the kernel did not report it
 */
int ims_event_get_time(const struct ims_event *event, uint64_t *ns);

/**
 * ims_event_type_name() - name of a type
 * @type: enum ims_event_type
 *
 * @return Static string such as "vector-change"; NULL if unknown.
 */
const char *ims_event_type_name(uint32_t type);

/*
 * The whole object of an event, as it was when the event happened:
 *
 * @return Borrowed from the event; NULL when the event is about something else or
 *	@event is NULL.
 */
const struct ims_store *ims_event_get_store(const struct ims_event *event);
const struct ims_device *ims_event_get_device(const struct ims_event *event);
const struct ims_vector *ims_event_get_vector(const struct ims_event *event);

/*
 * Numbers of an alert. All of these functions:
 *
 * @return 0 and the number, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	the event is no alert, or the alert has none
 *
 * _kind		enum ims_alert_kind
 * _device_id		id of the virtual device
 * _index		vector that it was about
 * _error		errno, positive, that the device's owner got; a storm
 *			has none
 * _rate		interrupts a second; only a storm has it
 */
int ims_event_get_alert_kind(const struct ims_event *event, uint32_t *kind);
int ims_event_get_alert_device_id(const struct ims_event *event, uint32_t *id);
int ims_event_get_alert_index(const struct ims_event *event, uint32_t *index);
int ims_event_get_alert_error(const struct ims_event *event, uint32_t *error);
int ims_event_get_alert_rate(const struct ims_event *event, uint64_t *rate);

/**
 * ims_event_get_alert_device_name() - virtual device that an alert is about
 * @event: event
 *
 * @return Borrowed, or NULL.
 */
const char *ims_event_get_alert_device_name(const struct ims_event *event);

/**
 * ims_event_get_alert_parent() - PCI address of that device's store
 * @event: event
 *
 * @return Borrowed, or NULL.
 */
const char *ims_event_get_alert_parent(const struct ims_event *event);

/**
 * ims_alert_kind_name() - name of an alert's kind
 * @kind: enum ims_alert_kind
 *
 * @return Static string such as "store-full"; NULL if unknown.
 */
const char *ims_alert_kind_name(uint32_t kind);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_EVENT_H */
