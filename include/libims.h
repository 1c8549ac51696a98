/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * libims - interrupts of virtual devices: list, inspect, trigger, receive
 *
 * Link with -lims. Two doors lead to the kernel:
 *
 *  - management, through the generic netlink family of vfio_pci_ims.ko:
 *    ims_store_*(), ims_device_*(), ims_vector_*(), ims_trigger_*(),
 *    ims_stats_*();
 *  - use of a virtual device as its VFIO user: ims_vfio_*().
 *
 * Rules for the whole library
 *
 * Kinds of objects. A *handle* holds file descriptors and talks to the kernel:
 * struct ims_ctx, struct ims_vfio, struct ims_monitor, struct ims_hotplug. A
 * *snapshot* is plain memory with what the kernel said at one moment, and never
 * changes: struct ims_store, struct ims_device, struct ims_vector,
 * struct ims_mdev, lists of them, struct ims_event and
 * struct ims_hotplug_event. Snapshots do not refer to the context, and may
 * outlive it. A *request* is plain memory that says what is to change or to be
 * listed: struct ims_device_config, struct ims_vector_config,
 * struct ims_vector_filter. It is filled by its _set functions, which only
 * remember: what the kernel thinks of the values is told by the call that takes
 * the request. It refers to nothing, and may be used many times, changed in
 * between, and with any context.
 *
 * Return values. A function that returns int returns 0 for success or a
 * negative errno, and hands out values by out-parameter. On failure
 * out-parameters for objects are NULL and others untouched, unless the
 * function says otherwise. A getter of a number returns -ENODATA when the
 * kernel left the value out ("there is none" or "not for your eyes"). A getter
 * of a string returns NULL in that case, a getter of a flag returns false.
 *
 * Changes. A call that changes or signals something takes flags of
 * enum ims_flags, and needs CAP_SYS_ADMIN in the initial user namespace. It is
 * one request: when it fails it has changed nothing.
 *
 * NULL. Any object or out-parameter that is NULL gives -EINVAL (NULL or false
 * from getters of strings and flags). Free and close functions take NULL.
 *
 * Reasons. After a failure, ims_ctx_last_error() has the kernel's own words,
 * the attribute to blame and the object concerned. Getters of snapshots and
 * calls with a NULL context have nowhere to put a reason and leave none.
 *
 * Ownership. Who frees what is said in every @return line. "Borrowed" means:
 * belongs to the object that it was got from and is valid as long as that.
 *
 * Threads. The library has no global state. A context, together with the VFIO
 * handles opened through it, may be used by one thread at a time; different
 * contexts are independent. Snapshots may be read by many threads at once.
 *
 * Errors that every function can return which asks the kernel by netlink, and
 * which are therefore not repeated below:
 *	-EOPNOTSUPP	vfio_pci_ims is not loaded, or does not know the
 *			operation
 *	-ENOMEM		out of memory
 *	-EPROTO		the kernel's reply made no sense
 *	other		socket(2), sendmsg(2) or recvmsg(2) failed
 *
 * and every call that takes flags:
 *	-EINVAL		a flag is unknown
 *	-EPERM		the caller lacks CAP_SYS_ADMIN
 */
#ifndef LIBIMS_H
#define LIBIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/ims.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_ctx;
struct ims_error;
struct ims_store;
struct ims_store_list;
struct ims_device;
struct ims_device_list;
struct ims_device_config;
struct ims_vector;
struct ims_vector_list;
struct ims_vector_filter;
struct ims_vector_config;
struct ims_vfio;
struct ims_monitor;
struct ims_event;
struct ims_mdev;
struct ims_mdev_list;
struct ims_hotplug;
struct ims_hotplug_event;

/**
 * enum ims_flags - how a change is made
 * @IMS_VALIDATE_ONLY: the kernel makes all checks, answers as it would, and
 *	changes nothing. Success promises nothing about later: others may take
 *	what was free.
 */
enum ims_flags {
	IMS_VALIDATE_ONLY = 1 << 0,
};

/**
 * ims_version() - version of the library that runs
 *
 * @return Static string such as "0.1.0".
 */
const char *ims_version(void);

/* ---- context: a handle ------------------------------------------------- */

/**
 * ims_ctx_new() - make a context
 * @ctx: where to put it
 *
 * Talks to nobody: the netlink socket is opened by the first call that needs
 * it, so this works without kernel module and privilege.
 *
 * @return 0 and a context to be freed with ims_ctx_free(), or
 *	-EINVAL	@ctx is NULL
 *	-ENOMEM	out of memory
 */
int ims_ctx_new(struct ims_ctx **ctx);

/**
 * ims_ctx_free() - free a context
 * @ctx: context or NULL
 *
 * VFIO handles that were opened through it stay usable.
 */
void ims_ctx_free(struct ims_ctx *ctx);

/**
 * ims_log_fn - receiver of log messages
 * @data: what was given to ims_ctx_set_log()
 * @priority: LOG_ERR to LOG_DEBUG of syslog(3)
 * @text: one line without newline, borrowed for the time of the call
 *
 * Must not call back into the library with the same context.
 */
typedef void (*ims_log_fn)(void *data, int priority, const char *text);

/**
 * ims_ctx_set_log() - receive what the library has to say
 * @ctx: context
 * @fn: receiver; NULL, the initial state, for silence
 * @data: passed to @fn
 * @priority: least urgent priority to pass on, LOG_DEBUG for everything
 *
 * @return 0, or
 *	-EINVAL	@ctx is NULL or @priority is not one of syslog(3)
 */
int ims_ctx_set_log(struct ims_ctx *ctx, ims_log_fn fn, void *data,
		    int priority);

/**
 * ims_ctx_last_error() - why the last call that failed has failed
 * @ctx: context
 *
 * Like errno: set by failure, left alone by success. It covers calls on this
 * context and on VFIO handles opened through it.
 *
 * @return Borrowed until the next call on the context or such a handle; NULL
 *	when nothing has failed yet or @ctx is NULL.
 */
const struct ims_error *ims_ctx_last_error(const struct ims_ctx *ctx);

/**
 * ims_error_get_errno() - what the failed call has returned
 * @error: error
 *
 * @return The negative errno; -EINVAL if @error is NULL.
 */
int ims_error_get_errno(const struct ims_error *error);

/**
 * ims_error_get_text() - the reason: the kernel's text if there is one
 * @error: error
 *
 * @return Borrowed, such as "vector 7 has no trigger", never empty; NULL if
 *	@error is NULL.
 */
const char *ims_error_get_text(const struct ims_error *error);

/**
 * ims_error_get_attribute() - netlink attribute that the kernel blames
 * @error: error
 *
 * @return Borrowed name as in the specification, such as "index"; NULL when
 *	none was blamed.
 */
const char *ims_error_get_attribute(const struct ims_error *error);

/**
 * ims_error_get_object() - the object that the failed call was about
 * @error: error
 *
 * @return Borrowed, such as "device X: vector 7" or "device X: vectors 4-7";
 *	NULL when the call was about no object in particular.
 */
const char *ims_error_get_object(const struct ims_error *error);

/**
 * ims_error_get_message() - object and text in one line
 * @error: error
 *
 * @return Borrowed, such as "device X: vector 7: vector 7 has no trigger",
 *	ready to be printed after a program's name; NULL if @error is NULL.
 */
const char *ims_error_get_message(const struct ims_error *error);

/* ---- store: a snapshot of an interrupt message store -------------------- */

/**
 * ims_store_list_get() - all interrupt message stores
 * @ctx: context
 * @list: where to put the list, ordered by id, that is by time of appearance
 *
 * One dump. When stores come and go meanwhile the dump is repeated, eight times
 * at most.
 *
 * @return 0 and a list to be freed with ims_store_list_free(), or
 *	-EINVAL	@ctx or @list is NULL
 *	-EINTR	the dump was never undisturbed. @list is what the last one gave
 *		and may lack or repeat a change; the caller frees it as usual.
 */
int ims_store_list_get(struct ims_ctx *ctx, struct ims_store_list **list);

/**
 * ims_store_list_free() - free a list and the stores in it
 * @list: list or NULL
 */
void ims_store_list_free(struct ims_store_list *list);

/**
 * ims_store_list_count() - number of stores in a list
 * @list: list
 *
 * @return The number; 0 if @list is NULL.
 */
size_t ims_store_list_count(const struct ims_store_list *list);

/**
 * ims_store_list_at() - one store of a list
 * @list: list
 * @position: 0 to ims_store_list_count() less 1
 *
 * @return Borrowed from the list; NULL beyond its end.
 */
const struct ims_store *ims_store_list_at(const struct ims_store_list *list,
					  size_t position);

/**
 * ims_store_get() - look up a store by its name
 * @ctx: context
 * @name: address of the PCI device that has it, such as "0000:00:04.0"
 * @store: where to put the snapshot
 *
 * @return 0 and a snapshot to be freed with ims_store_free(), or
 *	-EINVAL	an argument is NULL, or @name is empty
 *	-ENODEV	no such store
 */
int ims_store_get(struct ims_ctx *ctx, const char *name,
		  struct ims_store **store);

/**
 * ims_store_get_by_id() - look up a store by its id
 * @ctx: context
 * @id: its id, as ims_device_get_store_id() gives it
 * @store: where to put the snapshot
 *
 * @return 0 and a snapshot to be freed with ims_store_free(), or
 *	-EINVAL	an argument is NULL
 *	-ENODEV	no such store
 */
int ims_store_get_by_id(struct ims_ctx *ctx, uint32_t id,
			struct ims_store **store);

/**
 * ims_store_free() - free a snapshot got from a look-up
 * @store: snapshot or NULL; never one that is borrowed from a list
 */
void ims_store_free(struct ims_store *store);

/**
 * ims_store_get_name() - address of the PCI device that has the store
 * @store: store
 *
 * @return Borrowed; NULL if @store is NULL.
 */
const char *ims_store_get_name(const struct ims_store *store);

/**
 * ims_store_get_driver() - name of that device's driver
 * @store: store
 *
 * @return Borrowed, or NULL.
 */
const char *ims_store_get_driver(const struct ims_store *store);

/**
 * ims_store_get_domain() - interrupt domain that remaps the store's interrupts
 * @store: store
 *
 * @return Borrowed, or NULL.
 */
const char *ims_store_get_domain(const struct ims_store *store);

/*
 * Numbers of a store. All of them:
 *
 * @return 0 and the number, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	the kernel did not tell
 *
 * _id			not used again for another store
 * _size		slots it has
 * _limit		most slots that may be in use at a time
 * _used		slots in use
 * _peak		most slots in use at a time so far
 * _reserved		sum of the virtual devices' reservations
 * _available		slots that are neither in use nor promised
 * _num_devices		virtual devices that are open on it
 * _failures		requests for slots that failed
 */
int ims_store_get_id(const struct ims_store *store, uint32_t *id);
int ims_store_get_size(const struct ims_store *store, uint32_t *slots);
int ims_store_get_limit(const struct ims_store *store, uint32_t *slots);
int ims_store_get_used(const struct ims_store *store, uint32_t *slots);
int ims_store_get_peak(const struct ims_store *store, uint32_t *slots);
int ims_store_get_reserved(const struct ims_store *store, uint32_t *slots);
int ims_store_get_available(const struct ims_store *store, uint32_t *slots);
int ims_store_get_num_devices(const struct ims_store *store, uint32_t *count);
int ims_store_get_failures(const struct ims_store *store, uint64_t *count);

/**
 * ims_store_set_limit() - limit the slots that may be in use
 * @ctx: context
 * @store: store; its snapshot stands for its id
 * @limit: most slots that may be in use at a time, at most its size
 * @flags: enum ims_flags
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, or @limit is above the store's size
 *	-EBUSY	more slots than @limit are in use or reserved
 *	-ENODEV	the store is gone
 */
int ims_store_set_limit(struct ims_ctx *ctx, const struct ims_store *store,
			uint32_t limit, unsigned int flags);

/**
 * ims_store_reset_stats() - begin anew with a store's peak and failures
 * @ctx: context
 * @store: store; its snapshot stands for its id
 * @flags: enum ims_flags
 *
 * The peak becomes what is in use, the failures 0.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 *	-ENODEV	the store is gone
 */
int ims_store_reset_stats(struct ims_ctx *ctx, const struct ims_store *store,
			  unsigned int flags);

/* ---- device: a snapshot of a virtual device ----------------------------- */

/**
 * ims_device_list_get() - all virtual devices that are open
 * @ctx: context
 * @list: where to put the list, ordered by id, that is by time of opening
 *
 * One dump. When devices come and go meanwhile the dump is repeated, eight
 * times at most.
 *
 * @return 0 and a list to be freed with ims_device_list_free(), or
 *	-EINVAL	@ctx or @list is NULL
 *	-EINTR	the dump was never undisturbed. @list is what the last one gave
 *		and may lack or repeat a change; the caller frees it as usual.
 */
int ims_device_list_get(struct ims_ctx *ctx, struct ims_device_list **list);

/**
 * ims_device_list_get_of_store() - the virtual devices that are open on a store
 * @ctx: context
 * @store: store; its snapshot stands for its id
 * @list: where to put the list, ordered by id
 *
 * As ims_device_list_get(), filtered by the kernel.
 *
 * @return As ims_device_list_get(), and
 *	-EINVAL	also: @store is NULL
 *	-ENODEV	the store is gone
 */
int ims_device_list_get_of_store(struct ims_ctx *ctx,
				 const struct ims_store *store,
				 struct ims_device_list **list);

/**
 * ims_device_list_free() - free a list and the devices in it
 * @list: list or NULL
 */
void ims_device_list_free(struct ims_device_list *list);

/**
 * ims_device_list_count() - number of devices in a list
 * @list: list
 *
 * @return The number; 0 if @list is NULL.
 */
size_t ims_device_list_count(const struct ims_device_list *list);

/**
 * ims_device_list_at() - one device of a list
 * @list: list
 * @position: 0 to ims_device_list_count() less 1
 *
 * @return Borrowed from the list; NULL beyond its end.
 */
const struct ims_device *
ims_device_list_at(const struct ims_device_list *list, size_t position);

/**
 * ims_device_get() - look up a virtual device by its full name
 * @ctx: context
 * @name: its name, for a mediated device the UUID
 * @device: where to put the snapshot
 *
 * @return 0 and a snapshot to be freed with ims_device_free(), or
 *	-EINVAL	an argument is NULL, or @name is empty
 *	-ENODEV	no such virtual device is open
 */
int ims_device_get(struct ims_ctx *ctx, const char *name,
		   struct ims_device **device);

/**
 * ims_device_get_by_id() - look up a virtual device by its id
 * @ctx: context
 * @id: its id
 * @device: where to put the snapshot
 *
 * @return 0 and a snapshot to be freed with ims_device_free(), or
 *	-EINVAL	an argument is NULL
 *	-ENODEV	no such virtual device is open
 */
int ims_device_get_by_id(struct ims_ctx *ctx, uint32_t id,
			 struct ims_device **device);

/**
 * ims_device_find() - look up a virtual device as people type it
 * @ctx: context
 * @name: full name, or a beginning that fits one device only
 * @device: where to put the snapshot
 *
 * A full name wins over a longer one that begins with it.
 *
 * @return 0 and a snapshot to be freed with ims_device_free(), or
 *	-EINVAL		an argument is NULL, or @name is empty
 *	-ENODEV		no such virtual device is open
 *	-ENOTUNIQ	several fit; the error's text lists them
 *	-EINTR		see ims_device_list_get(); @device is NULL
 */
int ims_device_find(struct ims_ctx *ctx, const char *name,
		    struct ims_device **device);

/**
 * ims_device_free() - free a snapshot got from a look-up
 * @device: snapshot or NULL; never one that is borrowed from a list
 */
void ims_device_free(struct ims_device *device);

/**
 * ims_device_get_name() - the device's name below /sys/bus
 * @device: device
 *
 * @return Borrowed; NULL if @device is NULL.
 */
const char *ims_device_get_name(const struct ims_device *device);

/**
 * ims_device_get_uuid() - UUID of a mediated device
 * @device: device
 *
 * @return Borrowed; NULL also for devices of other kinds.
 */
const char *ims_device_get_uuid(const struct ims_device *device);

/**
 * ims_device_get_parent() - name of its store: address of a PCI device
 * @device: device
 *
 * @return Borrowed, or NULL.
 */
const char *ims_device_get_parent(const struct ims_device *device);

/**
 * ims_device_get_owner_comm() - command name of the process that opened it
 * @device: device
 *
 * @return Borrowed, or NULL.
 */
const char *ims_device_get_owner_comm(const struct ims_device *device);

/**
 * ims_device_is_gone() - is its parent gone, and nothing but close left?
 * @device: device
 *
 * @return true or false.
 */
bool ims_device_is_gone(const struct ims_device *device);

/*
 * Numbers of a device. All of them:
 *
 * @return 0 and the number, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	the kernel did not tell
 *
 * _id			never used again while vfio_pci_ims is loaded
 * _store_id		id of its store
 * _num_vectors		declared: 0 to this less 1 exist
 * _num_live		have a trigger
 * _num_emulated	declared emulated
 * _num_slots		slots of the parent's store in use
 * _limit		most slots it may use at a time
 * _reservation		slots guaranteed to it
 * _default_cookie	needs CAP_SYS_ADMIN, else -ENODATA
 * _owner_pid		process that opened it, in the initial PID namespace
 */
int ims_device_get_id(const struct ims_device *device, uint32_t *id);
int ims_device_get_store_id(const struct ims_device *device, uint32_t *id);
int ims_device_get_num_vectors(const struct ims_device *device,
			       uint32_t *count);
int ims_device_get_num_live(const struct ims_device *device, uint32_t *count);
int ims_device_get_num_emulated(const struct ims_device *device,
				uint32_t *count);
int ims_device_get_num_slots(const struct ims_device *device, uint32_t *count);
int ims_device_get_limit(const struct ims_device *device, uint32_t *limit);
int ims_device_get_reservation(const struct ims_device *device,
			       uint32_t *reservation);
int ims_device_get_default_cookie(const struct ims_device *device,
				  uint64_t *cookie);
int ims_device_get_owner_pid(const struct ims_device *device, uint32_t *pid);

/* ---- device config: a request to change a device ------------------------ */

/**
 * ims_device_config_new() - make an empty request
 * @config: where to put it
 *
 * @return 0 and a request to be freed with ims_device_config_free(), or
 *	-EINVAL	@config is NULL
 *	-ENOMEM	out of memory
 */
int ims_device_config_new(struct ims_device_config **config);

/**
 * ims_device_config_free() - free a request
 * @config: request or NULL
 */
void ims_device_config_free(struct ims_device_config *config);

/*
 * What is to change; what was not set stays as it is. All of them:
 *
 * @return 0, or
 *	-EINVAL	@config is NULL
 *
 * _limit		most slots it may use at a time; 0: the store's size
 * _reservation		slots guaranteed to it
 * _default_cookie	cookie of vectors without one of their own, from their
 *			next allocation on
 */
int ims_device_config_set_limit(struct ims_device_config *config,
				uint32_t limit);
int ims_device_config_set_reservation(struct ims_device_config *config,
				      uint32_t reservation);
int ims_device_config_set_default_cookie(struct ims_device_config *config,
					 uint64_t cookie);

/**
 * ims_device_configure() - change a device
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @config: what is to change
 * @flags: enum ims_flags
 *
 * All of it or nothing.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, @config is empty, the limit is above the
 *		store's size, or the reservation above the limit
 *	-EBUSY	the device uses more slots than the limit
 *	-ENOSPC	the store has not as many slots left to be reserved
 *	-ENODEV	the device is not open any more, or its parent is gone
 */
int ims_device_configure(struct ims_ctx *ctx, const struct ims_device *device,
			 const struct ims_device_config *config,
			 unsigned int flags);

/* ---- vector: a snapshot of one vector ----------------------------------- */

/*
 * A device is named by its snapshot, which stands for the device's id: a call
 * meets that very device or fails with -ENODEV, and never meets another one
 * that was opened later under the same name.
 */

/**
 * ims_vector_list_get() - the vectors of one device that are not absent
 * @ctx: context
 * @device: device
 * @list: where to put the list, ordered by vector number
 *
 * One dump, filtered by the kernel. When vectors come and go meanwhile the
 * dump is repeated, eight times at most.
 *
 * @return 0 and a list to be freed with ims_vector_list_free(), or
 *	-EINVAL	an argument is NULL
 *	-ENODEV	the device is not open any more
 *	-EINTR	the dump was never undisturbed. @list is what the last one gave
 *		and may lack or repeat a change; the caller frees it as usual.
 */
int ims_vector_list_get(struct ims_ctx *ctx, const struct ims_device *device,
			struct ims_vector_list **list);

/**
 * ims_vector_list_get_all() - the vectors of all devices
 * @ctx: context
 * @list: where to put the list, ordered by device id, then by vector number
 *
 * @return As ims_vector_list_get(), without -ENODEV.
 */
int ims_vector_list_get_all(struct ims_ctx *ctx, struct ims_vector_list **list);

/**
 * ims_vector_filter_new() - make a filter that lets everything pass
 * @filter: where to put it
 *
 * @return 0 and a request to be freed with ims_vector_filter_free(), or
 *	-EINVAL	@filter is NULL
 *	-ENOMEM	out of memory
 */
int ims_vector_filter_new(struct ims_vector_filter **filter);

/**
 * ims_vector_filter_free() - free a filter
 * @filter: filter or NULL
 */
void ims_vector_filter_free(struct ims_vector_filter *filter);

/*
 * Which vectors pass: those that meet every condition that was set. All of
 * them:
 *
 * @return 0, or
 *	-EINVAL	@filter is NULL
 *
 * _device		of that device, whose id is copied; NULL: of all devices
 * _state		enum ims_vector_state. Absent vectors pass only when
 *			they are asked for so
 * _backing		enum ims_vector_backing
 * _nonzero		with true, only those that have a count of interrupts or
 *			signals (delivered, loopback, signalled, dropped,
 *			pended) other than 0
 */
int ims_vector_filter_set_device(struct ims_vector_filter *filter,
				 const struct ims_device *device);
int ims_vector_filter_set_state(struct ims_vector_filter *filter,
				uint32_t state);
int ims_vector_filter_set_backing(struct ims_vector_filter *filter,
				  uint32_t backing);
int ims_vector_filter_set_nonzero(struct ims_vector_filter *filter,
				  bool nonzero);

/**
 * ims_vector_list_get_filtered() - the vectors that pass a filter
 * @ctx: context
 * @filter: filter
 * @list: where to put the list, ordered by device id, then by vector number
 *
 * One dump, as ims_vector_list_get().
 *
 * @return As ims_vector_list_get(), and
 *	-ERANGE	the kernel knows no such state or backing
 */
int ims_vector_list_get_filtered(struct ims_ctx *ctx,
				 const struct ims_vector_filter *filter,
				 struct ims_vector_list **list);

/**
 * ims_vector_list_free() - free a list and the vectors in it
 * @list: list or NULL
 */
void ims_vector_list_free(struct ims_vector_list *list);

/**
 * ims_vector_list_count() - number of vectors in a list
 * @list: list
 *
 * @return The number; 0 if @list is NULL.
 */
size_t ims_vector_list_count(const struct ims_vector_list *list);

/**
 * ims_vector_list_at() - one vector of a list
 * @list: list
 * @position: 0 to ims_vector_list_count() less 1; a position is not a vector
 *	number, as absent vectors are not in the list
 *
 * @return Borrowed from the list; NULL beyond its end.
 */
const struct ims_vector *
ims_vector_list_at(const struct ims_vector_list *list, size_t position);

/**
 * ims_vector_get() - look up one vector, in any state
 * @ctx: context
 * @device: device
 * @index: vector number
 * @vector: where to put the snapshot
 *
 * @return 0 and a snapshot to be freed with ims_vector_free(), or
 *	-EINVAL	an argument is NULL
 *	-ENODEV	the device is not open any more
 *	-ENOENT	@index is beyond the vectors that the device declared
 */
int ims_vector_get(struct ims_ctx *ctx, const struct ims_device *device,
		   uint32_t index, struct ims_vector **vector);

/**
 * ims_vector_free() - free a snapshot got from a look-up
 * @vector: snapshot or NULL; never one that is borrowed from a list
 */
void ims_vector_free(struct ims_vector *vector);

/**
 * ims_vector_get_device_name() - name of the device that the vector is of
 * @vector: vector
 *
 * @return Borrowed, or NULL.
 */
const char *ims_vector_get_device_name(const struct ims_vector *vector);

/**
 * ims_vector_get_affinity() - CPUs that may get the interrupt
 * @vector: vector
 *
 * @return Borrowed list such as "0-3,8"; NULL also when nobody has set it.
 */
const char *ims_vector_get_affinity(const struct ims_vector *vector);

/*
 * Numbers of a vector. All of them:
 *
 * @return 0 and the number, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	there is none, or the kernel did not tell
 *
 * _device_id		id of the device that the vector is of
 * _index		the vector's number
 * _state		enum ims_vector_state
 * _backing		enum ims_vector_backing; none while absent
 * _slot		slot of the parent's store; 0 is a slot like others
 * _generation		how often that slot was handed out
 * _irq			Linux IRQ
 * _cpu			CPU that gets the interrupt
 * _cookie		in the slot; without a slot the one that the next
 *			allocation gets. Needs CAP_SYS_ADMIN, else -ENODATA
 * _pending_cookie	replaces _cookie at the next allocation; -ENODATA also
 *			when it is the same
 * _delivered		hardware interrupts passed to the trigger; of a bypassed
 *			vector only those that the host handled
 * _loopback		signals asked for through VFIO or netlink
 * _signalled		signals by the virtual device's driver
 * _dropped		interrupts and signals that met no trigger
 * _pended		interrupts and signals that met a mask
 * _replaced		triggers replaced by another
 * _failed		failed attempts to make the vector live or to change its
 *			cookie
 * _since		CLOCK_MONOTONIC in nanoseconds from which on these are
 *			counted: first use or the last ims_stats_reset()
 * _last		CLOCK_MONOTONIC of the last delivery or signal, in
 *			nanoseconds, exact to a scheduler tick
 */
int ims_vector_get_device_id(const struct ims_vector *vector, uint32_t *id);
int ims_vector_get_index(const struct ims_vector *vector, uint32_t *index);
int ims_vector_get_state(const struct ims_vector *vector, uint32_t *state);
int ims_vector_get_backing(const struct ims_vector *vector, uint32_t *backing);
int ims_vector_get_slot(const struct ims_vector *vector, uint32_t *slot);
int ims_vector_get_generation(const struct ims_vector *vector,
			      uint32_t *generation);
int ims_vector_get_irq(const struct ims_vector *vector, uint32_t *irq);
int ims_vector_get_cpu(const struct ims_vector *vector, uint32_t *cpu);
int ims_vector_get_cookie(const struct ims_vector *vector, uint64_t *cookie);
int ims_vector_get_pending_cookie(const struct ims_vector *vector,
				  uint64_t *cookie);
int ims_vector_get_delivered(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_loopback(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_signalled(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_dropped(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_pended(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_replaced(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_failed(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_since(const struct ims_vector *vector, uint64_t *ns);
int ims_vector_get_last(const struct ims_vector *vector, uint64_t *ns);

/**
 * ims_vector_has_own_cookie() - does it have a cookie of its own?
 * @vector: vector
 *
 * @return true, or false when the device's default is used.
 */
bool ims_vector_has_own_cookie(const struct ims_vector *vector);

/**
 * ims_vector_is_masked() - is it masked?
 * @vector: vector
 *
 * @return true or false.
 */
bool ims_vector_is_masked(const struct ims_vector *vector);

/**
 * ims_vector_is_pending() - does an interrupt wait for its unmasking?
 * @vector: vector
 *
 * @return true or false.
 */
bool ims_vector_is_pending(const struct ims_vector *vector);

/**
 * ims_vector_is_bypassed() - does KVM let the hardware post to a vCPU?
 * @vector: vector
 *
 * The host does not see interrupts that are posted so, nor does it count them.
 *
 * @return true or false.
 */
bool ims_vector_is_bypassed(const struct ims_vector *vector);

/**
 * ims_vector_state_name() - a state in a word
 * @state: enum ims_vector_state
 *
 * @return Static string "absent", "idle" or "live"; NULL if unknown.
 */
const char *ims_vector_state_name(uint32_t state);

/**
 * ims_vector_backing_name() - a backing in a word
 * @backing: enum ims_vector_backing
 *
 * @return Static string "ims" or "emulated"; NULL if unknown.
 */
const char *ims_vector_backing_name(uint32_t backing);

/* ---- vector config: a request to change a vector ------------------------ */

/**
 * ims_vector_config_new() - make an empty request
 * @config: where to put it
 *
 * @return 0 and a request to be freed with ims_vector_config_free(), or
 *	-EINVAL	@config is NULL
 *	-ENOMEM	out of memory
 */
int ims_vector_config_new(struct ims_vector_config **config);

/**
 * ims_vector_config_free() - free a request
 * @config: request or NULL
 */
void ims_vector_config_free(struct ims_vector_config *config);

/**
 * ims_vector_config_set_cookie() - the vector is to have a cookie of its own
 * @config: request
 * @cookie: the cookie
 *
 * Takes the place of ims_vector_config_clear_cookie().
 *
 * @return 0, or
 *	-EINVAL	@config is NULL
 */
int ims_vector_config_set_cookie(struct ims_vector_config *config,
				 uint64_t cookie);

/**
 * ims_vector_config_clear_cookie() - the vector is to use the default cookie
 * @config: request
 *
 * Takes the place of ims_vector_config_set_cookie().
 *
 * @return 0, or
 *	-EINVAL	@config is NULL
 */
int ims_vector_config_clear_cookie(struct ims_vector_config *config);

/**
 * ims_vector_config_set_cookie_mode() - when the cookie takes effect
 * @config: request
 * @mode: enum ims_cookie_mode; IMS_COOKIE_MODE_NEXT if never set
 *
 * @return 0, or
 *	-EINVAL	@config is NULL
 */
int ims_vector_config_set_cookie_mode(struct ims_vector_config *config,
				      uint32_t mode);

/**
 * ims_vector_config_set_affinity() - which CPUs may get the interrupt
 * @config: request
 * @cpus: list such as "0-3,8", which is copied, or "" for the default
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 */
int ims_vector_config_set_affinity(struct ims_vector_config *config,
				   const char *cpus);

/**
 * ims_vector_configure() - change a vector
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @index: vector number
 * @config: what is to change
 * @flags: enum ims_flags
 *
 * A vector that was absent gets a context. A cookie that is to take effect now
 * and an affinity need two calls, as each may fail after the other was done.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL; @config is empty, or has a mode without a
 *		cookie, or an affinity and a cookie that takes effect now; the
 *		CPUs are no list of CPUs, longer than IMS_CPULIST_MAX bytes, or
 *		all offline; or the vector is emulated
 *	-ERANGE	the kernel knows no such mode
 *	-ENOENT	@index is beyond the vectors that the device declared
 *	-ENOSPC	no slot is left to replace the vector's, or the CPUs have no
 *		interrupt vector left
 *	-ENODEV	the device is not open any more, or its parent is gone
 *	-EPERM	also: a CPU is not one that the caller may run on
 */
int ims_vector_configure(struct ims_ctx *ctx, const struct ims_device *device,
			 uint32_t index, const struct ims_vector_config *config,
			 unsigned int flags);

/* ---- trigger ------------------------------------------------------------ */

/**
 * ims_trigger_range() - signal consecutive vectors through their triggers
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @first: first vector
 * @count: number of vectors, at least 1
 * @path: enum ims_trigger_path
 * @flags: enum ims_flags
 *
 * One request; all vectors are signalled or none. The owner of the device sees
 * an interrupt that did not come from hardware.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, @count is 0, or a vector has no trigger or,
 *		with IMS_TRIGGER_PATH_INTERRUPT, no Linux interrupt
 *	-ERANGE	the kernel knows no such path
 *	-ENODEV	the device is not open any more, or its parent is gone
 *	-ENOENT	a vector is beyond those that the device declared
 */
int ims_trigger_range(struct ims_ctx *ctx, const struct ims_device *device,
		      uint32_t first, uint32_t count, uint32_t path,
		      unsigned int flags);

/**
 * ims_trigger_list() - signal chosen vectors through their triggers
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @indexes: numbers of the vectors, in any order. One that is given twice
 *	counts once.
 * @count: how many they are, at least 1
 * @path: enum ims_trigger_path
 * @flags: enum ims_flags
 *
 * As ims_trigger_range().
 *
 * @return As ims_trigger_range(), and
 *	-EMSGSIZE	they do not fit into one request, which has room for
 *			some ten thousand
 */
int ims_trigger_list(struct ims_ctx *ctx, const struct ims_device *device,
		     const uint32_t *indexes, size_t count, uint32_t path,
		     unsigned int flags);

/**
 * ims_trigger_path_name() - a path in a word
 * @path: enum ims_trigger_path
 *
 * @return Static string "eventfd" or "interrupt"; NULL if unknown.
 */
const char *ims_trigger_path_name(uint32_t path);

/* ---- stats -------------------------------------------------------------- */

/**
 * ims_stats_reset() - begin anew with the counts of consecutive vectors
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @first: first vector
 * @count: number of vectors, at least 1
 * @flags: enum ims_flags
 *
 * The counts become 0, and ims_vector_get_since() the present time. Vectors that
 * are absent have no counts, and stay absent.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, or @count is 0
 *	-ENODEV	the device is not open any more
 *	-ENOENT	a vector is beyond those that the device declared
 */
int ims_stats_reset(struct ims_ctx *ctx, const struct ims_device *device,
		    uint32_t first, uint32_t count, unsigned int flags);

/**
 * ims_stats_reset_all() - begin anew with the counts of all vectors of a device
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @flags: enum ims_flags
 *
 * @return As ims_stats_reset(), without -ENOENT.
 */
int ims_stats_reset_all(struct ims_ctx *ctx, const struct ims_device *device,
			unsigned int flags);

/* ---- vfio: a handle on an open virtual device --------------------------- */

/**
 * ims_vfio_open() - open a mediated device as its VFIO user
 * @ctx: context; the handle's errors are found in it, too
 * @name: the device's name, its UUID
 * @vfio: where to put the handle
 *
 * Makes a container, adds the device's group to it, sets it up as type 1 IOMMU
 * and gets the device. Needs access to /dev/vfio/vfio and to the group's
 * /dev/vfio/N, not the netlink family.
 *
 * @return 0 and a handle to be closed with ims_vfio_close(), or
 *	-EINVAL		an argument is NULL, or @name is no possible name
 *	-ENODEV		no such mediated device, or it has no MSI-X vectors
 *	-EACCES, -EPERM	the files' permissions forbid it
 *	-EBUSY		the group is in use, or the device is open already
 *	-EOPNOTSUPP	the kernel lacks VFIO or vfio_iommu_type1 is not loaded
 *	-ENXIO		the device has no IOMMU group, or the group is not
 *			viable: some device in it has a foreign driver
 *	-ENOMEM		out of memory
 *	other		what open(2) or ioctl(2) said; the error's text tells
 *			which file and step
 */
int ims_vfio_open(struct ims_ctx *ctx, const char *name,
		  struct ims_vfio **vfio);

/**
 * ims_vfio_open_group() - open a device of a group that the caller has found
 * @ctx: context; the handle's errors are found in it, too
 * @group_path: the group's file, such as "/dev/vfio/12"
 * @name: the device's name, as VFIO knows it in the group
 * @vfio: where to put the handle
 *
 * As ims_vfio_open(), without a look at sysfs: where that is not to be seen, or
 * the group's file is elsewhere.
 *
 * @return 0 and a handle to be closed with ims_vfio_close(), or what
 *	ims_vfio_open() returns; -ENODEV also when the group has no such device
 */
int ims_vfio_open_group(struct ims_ctx *ctx, const char *group_path,
			const char *name, struct ims_vfio **vfio);

/**
 * ims_vfio_from_fd() - use a VFIO device that the caller has opened
 * @ctx: context; the handle's errors are found in it, too
 * @fd: the VFIO device's file descriptor, from whatever way there is to one. It
 *	is duplicated: the caller's remains the caller's, and may be closed.
 * @name: for messages; NULL: they have the number @fd in its place
 * @vfio: where to put the handle
 *
 * @return 0 and a handle to be closed with ims_vfio_close(), or
 *	-EINVAL	@ctx or @vfio is NULL; or ioctl(2)'s, see below
 *	-EBADF	@fd is no file descriptor
 *	-ENODEV	the device has no MSI-X vectors
 *	-EMFILE	the process has too many files open
 *	-ENOMEM	out of memory
 *	other	what ioctl(2) said; -ENOTTY or -EINVAL when @fd is not a VFIO
 *		device
 */
int ims_vfio_from_fd(struct ims_ctx *ctx, int fd, const char *name,
		     struct ims_vfio **vfio);

/**
 * ims_vfio_close() - close a virtual device
 * @vfio: handle or NULL
 *
 * Every vector loses its trigger, slot and context; with a handle from
 * ims_vfio_from_fd(), when the caller's file descriptor is closed, too.
 */
void ims_vfio_close(struct ims_vfio *vfio);

/**
 * ims_vfio_get_name() - name that the device was opened by
 * @vfio: handle
 *
 * @return Borrowed; NULL if @vfio is NULL or was made without a name.
 */
const char *ims_vfio_get_name(const struct ims_vfio *vfio);

/**
 * ims_vfio_get_fd() - the VFIO device's file descriptor
 * @vfio: handle
 *
 * For ioctls that the library does not wrap, and for mmap(2).
 *
 * @return Borrowed file descriptor; -EINVAL if @vfio is NULL.
 */
int ims_vfio_get_fd(const struct ims_vfio *vfio);

/**
 * ims_vfio_get_num_vectors() - number of MSI-X vectors
 * @vfio: handle
 * @count: where to put it
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 */
int ims_vfio_get_num_vectors(const struct ims_vfio *vfio, uint32_t *count);

/**
 * ims_vfio_get_irq_flags() - properties of the MSI-X index
 * @vfio: handle
 * @flags: where to put VFIO_IRQ_INFO_* of <linux/vfio.h>
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 */
int ims_vfio_get_irq_flags(const struct ims_vfio *vfio, uint32_t *flags);

/*
 * Vectors. A range is @count vectors from @first on. All of these functions:
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, @count is 0, a vector is beyond those that
 *		the device has, or its state does not allow it
 *	-ENODEV	the parent device is gone
 *	-ENOTTY	the device does not support the action
 *	-ENOMEM	out of memory
 *	other	what ioctl(2) said
 */

/**
 * ims_vfio_bind() - bind eventfds to vectors
 * @vfio: handle
 * @first: first vector
 * @fds: @count eventfds; -1 takes the vector's trigger away. Remain the
 *	caller's, and may be closed after the call.
 * @count: number of vectors
 *
 * All vectors change or none does. A vector that is live keeps its slot and
 * Linux IRQ and loses no interrupt.
 *
 * @return 0; see above, and
 *	-EBADF	a number in @fds is no file descriptor
 *	-EINVAL	also: a file in @fds is not an eventfd
 *	-ENOSPC	the store, the device's limit or the CPUs' vectors are exhausted
 */
int ims_vfio_bind(struct ims_vfio *vfio, uint32_t first, const int *fds,
		  uint32_t count);

/**
 * ims_vfio_unbind() - take triggers away
 * @vfio: handle
 * @first: first vector
 * @count: number of vectors
 *
 * Vectors become idle: they give back slot and Linux IRQ and keep cookie,
 * backing and counts. Vectors without trigger are left alone.
 *
 * @return See above.
 */
int ims_vfio_unbind(struct ims_vfio *vfio, uint32_t first, uint32_t count);

/**
 * ims_vfio_mask() - hold interrupts back
 * @vfio: handle
 * @first: first vector
 * @count: number of vectors
 *
 * Each vector remembers one interrupt and delivers it when unmasked. -EINVAL
 * when a vector has no trigger.
 *
 * @return See above.
 */
int ims_vfio_mask(struct ims_vfio *vfio, uint32_t first, uint32_t count);

/**
 * ims_vfio_unmask() - let interrupts pass
 * @vfio: handle
 * @first: first vector
 * @count: number of vectors
 *
 * -EINVAL when a vector has no trigger.
 *
 * @return See above.
 */
int ims_vfio_unmask(struct ims_vfio *vfio, uint32_t first, uint32_t count);

/**
 * ims_vfio_trigger() - signal vectors through their triggers
 * @vfio: handle
 * @first: first vector
 * @count: number of vectors
 *
 * Loopback: the eventfds are signalled without hardware. All or none; -EINVAL
 * when a vector has no trigger.
 *
 * @return See above.
 */
int ims_vfio_trigger(struct ims_vfio *vfio, uint32_t first, uint32_t count);

/**
 * ims_vfio_trigger_some() - signal chosen vectors through their triggers
 * @vfio: handle
 * @first: first vector
 * @wanted: @count bytes; vectors with a byte that is not 0 are signalled
 * @count: number of vectors
 *
 * As ims_vfio_trigger() for the chosen vectors.
 *
 * @return See above.
 */
int ims_vfio_trigger_some(struct ims_vfio *vfio, uint32_t first,
			  const uint8_t *wanted, uint32_t count);

/**
 * ims_vfio_disable() - take all triggers away
 * @vfio: handle
 *
 * Disables the MSI-X index. Succeeds also when nothing was bound.
 *
 * @return See above.
 */
int ims_vfio_disable(struct ims_vfio *vfio);

/**
 * ims_vfio_bind_request() - be told when the device is wanted back
 * @vfio: handle
 * @fd: eventfd, signalled when the host wants to remove the device; -1 for
 *	none. Remains the caller's.
 *
 * @return 0; see above, and
 *	-EBADF	@fd is no file descriptor
 *	-ENOTTY	the device has no such event
 */
int ims_vfio_bind_request(struct ims_vfio *vfio, int fd);

/**
 * ims_vfio_reset() - reset the virtual device
 * @vfio: handle
 *
 * @return 0, or
 *	-EINVAL	@vfio is NULL
 *	-ENOTTY	the device has no reset
 *	other	what ioctl(2) said
 */
int ims_vfio_reset(struct ims_vfio *vfio);

/* Regions. @region is VFIO_PCI_BAR0_REGION_INDEX and so on, <linux/vfio.h>. */

/**
 * ims_vfio_get_region_size() - size of a region
 * @vfio: handle
 * @region: region index
 * @size: where to put the size in bytes; 0 when the device does not have it
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, or no region has that index
 *	other	what ioctl(2) said
 */
int ims_vfio_get_region_size(struct ims_vfio *vfio, uint32_t region,
			     uint64_t *size);

/**
 * ims_vfio_read() - read from a region
 * @vfio: handle
 * @region: region index
 * @offset: first byte in the region
 * @data: where to put the bytes
 * @size: number of bytes
 *
 * All of it or an error; one access, as far as the device's driver allows.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, the region does not exist, or the range is
 *		not within it
 *	-EACCES	the region cannot be read
 *	-EIO	the driver took a part of the range only
 *	other	what pread(2) said
 */
int ims_vfio_read(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		  void *data, size_t size);

/**
 * ims_vfio_write() - write to a region
 * @vfio: handle
 * @region: region index
 * @offset: first byte in the region
 * @data: the bytes
 * @size: number of bytes
 *
 * @return As ims_vfio_read(), with "written" for "read".
 */
int ims_vfio_write(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		   const void *data, size_t size);

/*
 * Registers: one access of 1, 2, 4 or 8 bytes, little-endian as everything on
 * PCI, the value in host order.
 *
 * @return As ims_vfio_read() and ims_vfio_write().
 */
int ims_vfio_read8(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		   uint8_t *value);
int ims_vfio_read16(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		    uint16_t *value);
int ims_vfio_read32(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		    uint32_t *value);
int ims_vfio_read64(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		    uint64_t *value);
int ims_vfio_write8(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		    uint8_t value);
int ims_vfio_write16(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		     uint16_t value);
int ims_vfio_write32(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		     uint32_t value);
int ims_vfio_write64(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		     uint64_t value);

/* ---- monitor: a handle that tells what changes ------------------------- */

/**
 * enum ims_monitor_flags - how to monitor
 * @IMS_MONITOR_SYNC: tell the present state first
 */
enum ims_monitor_flags {
	IMS_MONITOR_SYNC = 1 << 0,
};

/**
 * enum ims_event_type - what an event tells
 * @IMS_EVENT_STORE_CREATE: a driver offers a store
 * @IMS_EVENT_STORE_DELETE: and does not any more
 * @IMS_EVENT_STORE_CHANGE: its limit changed, or its counts were reset
 * @IMS_EVENT_STORE_SYNC: a store that there is
 * @IMS_EVENT_DEVICE_CREATE: a virtual device was opened
 * @IMS_EVENT_DEVICE_DELETE: and closed; its vectors have gone with it
 * @IMS_EVENT_DEVICE_CHANGE: its limits or default cookie changed, or its parent
 *	is gone
 * @IMS_EVENT_DEVICE_SYNC: a virtual device that is open
 * @IMS_EVENT_VECTOR_CREATE: a vector was used for the first time
 * @IMS_EVENT_VECTOR_CHANGE: its state, backing, slot, cookie, affinity or
 *	bypass changed, or its counts were reset
 * @IMS_EVENT_VECTOR_SYNC: a vector that is not absent
 * @IMS_EVENT_ALERT: something ran out, or a vector's interrupts storm
 * @IMS_EVENT_OVERRUN: events were lost. Forget all that was told: the state
 *	follows anew
 * @IMS_EVENT_SYNCED: the state is told completely
 *
 * Counts and masks change all the time and make no events; those in a snapshot
 * are of the time of the event.
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
};

/*
 * How to keep a model of the kernel's state that is right once all events have
 * been read:
 *
 *  - *_SYNC, *_CREATE and *_CHANGE carry the whole object: put it in place of
 *    the one with its id, or device id and number; or add it.
 *  - *_DELETE carries the whole object, too: take away the one with its id, and
 *    with a device its vectors. There may be none.
 *  - OVERRUN: take away everything.
 *
 * Between OVERRUN, or the start with IMS_MONITOR_SYNC, and SYNCED there are
 * only *_SYNC events. What happened meanwhile is told behind SYNCED, in its
 * order, and may repeat what was told or be older than it: a vector may come
 * before its device, and go back to what it was before it becomes what it is.
 * Ids of stores and devices are not used again, so nothing is mistaken for
 * another.
 */

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
 * When vfio_pci_ims is unloaded, all virtual devices and stores are gone
 * before, which is told; from then on the monitor stays silent, also when the
 * module is loaded again: make another one. A call such as
 * ims_device_list_get() gives -EOPNOTSUPP while the module is not there, and
 * ims_hotplug_new() tells when a parent comes.
 *
 * @return 0 and a handle to be freed with ims_monitor_free(), or
 *	-EINVAL		@ctx or @monitor is NULL, or an unknown flag
 *	-EPERM		the caller lacks CAP_SYS_ADMIN
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
 * ims_monitor_get_fd() - file descriptor for poll loops
 * @monitor: handle
 *
 * Readable when the kernel has something to tell. Read until -EAGAIN before it
 * is polled: what the monitor has to tell by itself (the state, at the start
 * and after an overrun, and what is left to do after a read that failed) does
 * not show on it. Only for polling.
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
 * socket, and tells it. After a failure the next call tries again; nothing is
 * passed over in silence.
 *
 * @return 0 and a snapshot to be freed with ims_event_free(), or
 *	-EINVAL	@monitor or @event is NULL
 *	-EAGAIN	there is no event now; leaves no reason behind
 *	-EPROTO	a notification made no sense. It counts as lost: OVERRUN is next
 *	-ENOBUFS after OVERRUN: events keep coming faster than they can be
 *		thrown away
 */
int ims_monitor_read(struct ims_monitor *monitor, struct ims_event **event);

/**
 * ims_event_free() - free an event
 * @event: snapshot or NULL
 */
void ims_event_free(struct ims_event *event);

/**
 * ims_event_get_type() - what an event tells
 * @event: event
 * @type: where to put one of enum ims_event_type
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 */
int ims_event_get_type(const struct ims_event *event, uint32_t *type);

/**
 * ims_event_type_name() - a type in a word
 * @type: enum ims_event_type
 *
 * @return Static string such as "vector-change"; NULL if unknown.
 */
const char *ims_event_type_name(uint32_t type);

/*
 * The object of an event, whole, as it was when the event happened:
 *
 * @return Borrowed from the event; NULL when it is about something else or
 *	@event is NULL.
 */
const struct ims_store *ims_event_get_store(const struct ims_event *event);
const struct ims_device *ims_event_get_device(const struct ims_event *event);
const struct ims_vector *ims_event_get_vector(const struct ims_event *event);

/*
 * Numbers of an alert. All of them:
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
 * ims_alert_kind_name() - an alert's kind in a word
 * @kind: enum ims_alert_kind
 *
 * @return Static string such as "store-full"; NULL if unknown.
 */
const char *ims_alert_kind_name(uint32_t kind);

/* ---- mdev: snapshots of mediated devices, open or not ------------------- */

/**
 * ims_mdev_list_get() - all mediated devices of the host
 * @ctx: context
 * @list: where to put the list, ordered by parent, then by name
 *
 * From sysfs, so neither kernel module nor privilege is needed. A mediated
 * device that is open, and whose driver uses vfio_pci_ims, has a
 * struct ims_device of the same name.
 *
 * @return 0 and a list to be freed with ims_mdev_list_free(), or
 *	-EINVAL	@ctx or @list is NULL
 *	-ENOMEM	out of memory
 *	other	sysfs could not be read
 */
int ims_mdev_list_get(struct ims_ctx *ctx, struct ims_mdev_list **list);

/**
 * ims_mdev_list_free() - free a list and the devices in it
 * @list: list or NULL
 */
void ims_mdev_list_free(struct ims_mdev_list *list);

/**
 * ims_mdev_list_count() - number of devices in a list
 * @list: list
 *
 * @return The number; 0 if @list is NULL.
 */
size_t ims_mdev_list_count(const struct ims_mdev_list *list);

/**
 * ims_mdev_list_at() - one device of a list
 * @list: list
 * @position: 0 to ims_mdev_list_count() less 1
 *
 * @return Borrowed from the list; NULL beyond its end.
 */
const struct ims_mdev *ims_mdev_list_at(const struct ims_mdev_list *list,
					size_t position);

/*
 * Names that belong to a mediated device. All of them:
 *
 * @return Borrowed; NULL if there is none or @mdev is NULL.
 *
 * _name	its UUID
 * _parent	device that it is made on, such as "0000:00:04.0"
 * _type	its type, such as "ims_edu-wq"
 * _driver	its driver; none while it is not bound to one
 */
const char *ims_mdev_get_name(const struct ims_mdev *mdev);
const char *ims_mdev_get_parent(const struct ims_mdev *mdev);
const char *ims_mdev_get_type(const struct ims_mdev *mdev);
const char *ims_mdev_get_driver(const struct ims_mdev *mdev);

/**
 * ims_mdev_get_group() - number of its IOMMU group, as in /dev/vfio/N
 * @mdev: mediated device
 * @group: where to put it
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	it has none, because no VFIO driver is bound to it
 */
int ims_mdev_get_group(const struct ims_mdev *mdev, uint32_t *group);

/* ---- hotplug: a handle that tells of devices coming and going ----------- */

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
 * enum ims_hotplug_kind - to what
 * @IMS_HOTPLUG_PARENT: a PCI device offers types of mediated devices. With
 *	IMS_HOTPLUG_REMOVE: it does not any more, be it that the device has gone
 *	or only its driver
 * @IMS_HOTPLUG_MDEV: a mediated device, open or not
 */
enum ims_hotplug_kind {
	IMS_HOTPLUG_PARENT,
	IMS_HOTPLUG_MDEV,
};

/**
 * ims_hotplug_new() - listen to mediated devices and parents
 * @ctx: context; the handle's errors are found in it, too. It counts as used
 *	with the handle: both by one thread at a time.
 * @hotplug: where to put the handle
 *
 * Listens to udevd's events if it runs (/run/udev/control exists), and so after
 * its rules, else to the kernel's. Needs neither kernel module nor privilege.
 * What happens after this call is told; list what there is after it.
 *
 * @return 0 and a handle to be freed with ims_hotplug_free(), or
 *	-EINVAL	@ctx or @hotplug is NULL
 *	-ENOMEM	out of memory
 *	other	what libudev said
 */
int ims_hotplug_new(struct ims_ctx *ctx, struct ims_hotplug **hotplug);

/**
 * ims_hotplug_free() - stop to listen
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
 * @return 0 when ims_hotplug_read() has something to do; it may still find that
 *	this was not for the reader, and return -EAGAIN. Or
 *	-EINVAL		@hotplug is NULL
 *	-ETIMEDOUT	nothing came in time; leaves no reason behind
 *	-EINTR		a signal came
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
 *	-EAGAIN	there is no event now; leaves no reason behind
 *	-ENOBUFS events were lost; list what there is, then go on reading
 *	-ENOMEM	out of memory; the event is not lost
 *	other	what libudev said
 */
int ims_hotplug_read(struct ims_hotplug *hotplug,
		     struct ims_hotplug_event **event);

/**
 * ims_hotplug_event_free() - free an event
 * @event: snapshot or NULL
 */
void ims_hotplug_event_free(struct ims_hotplug_event *event);

/*
 * What an event tells: enum ims_hotplug_action, enum ims_hotplug_kind.
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
 * @return Borrowed: a mediated device's UUID, a parent's PCI address; NULL if
 *	@event is NULL.
 */
const char *ims_hotplug_event_get_name(const struct ims_hotplug_event *event);

/**
 * ims_hotplug_event_get_parent() - PCI address of the parent
 * @event: event
 *
 * @return Borrowed; of a parent its own, which is its name, too. NULL if @event
 *	is NULL.
 */
const char *
ims_hotplug_event_get_parent(const struct ims_hotplug_event *event);

/**
 * ims_hotplug_action_name() - an action in a word
 * @action: enum ims_hotplug_action
 *
 * @return Static string "add" or "remove"; NULL if unknown.
 */
const char *ims_hotplug_action_name(uint32_t action);

/**
 * ims_hotplug_kind_name() - a kind in a word
 * @kind: enum ims_hotplug_kind
 *
 * @return Static string "parent" or "mdev"; NULL if unknown.
 */
const char *ims_hotplug_kind_name(uint32_t kind);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_H */
