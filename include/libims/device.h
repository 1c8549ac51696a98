/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * device: a snapshot of a virtual device
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_DEVICE_H
#define LIBIMS_API_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libims/ctx.h>
#include <libims/store.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_device;
struct ims_device_list;

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
 *	-EINTR	each attempt at the dump was disturbed by changes. @list is the
 *		result of the last one, and may lack or repeat a change; the caller
 *		frees it as usual.
 */
int ims_device_list_get(struct ims_ctx *ctx, struct ims_device_list **list);

/**
 * ims_device_list_get_by_store() - the virtual devices that are open on a store
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
int ims_device_list_get_by_store(struct ims_ctx *ctx,
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
 * ims_device_list_get_time() - when a list was made
 * @list: list
 * @ns: where to put CLOCK_MONOTONIC in nanoseconds
 *
 * That is the time at which the dump was begun: earlier changes are in the list.
 * For a list from a capture, it is the time at which the capture was begun.
 *
 * @return 0 and the time, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	the list is from a capture that has no time
 */
int ims_device_list_get_time(const struct ims_device_list *list, uint64_t *ns);

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
 * @name: its name: the UUID of a mediated device; of a function of the bus
 *	ims_vfunc, a name such as "0000:00:04.0-3"
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
 * ims_device_find() - look up a virtual device by the beginning of its name
 * @ctx: context
 * @name: full name, or a beginning that fits one device only
 * @device: where to put the snapshot
 *
 * A full name takes precedence over a longer name that begins with it.
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
 * ims_device_copy() - copy a snapshot that is borrowed
 * @device: snapshot, such as one of a list or of an event
 * @copy: where to put a snapshot of its own
 *
 * @return 0 and a snapshot to be freed with ims_device_free(), or
 *	-EINVAL	an argument is NULL
 *	-ENOMEM	out of memory
 */
int ims_device_copy(const struct ims_device *device, struct ims_device **copy);

/**
 * ims_device_free() - free a snapshot got from a look-up or a copy
 * @device: snapshot or NULL; never one that is borrowed from a list or an event
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
 * ims_device_is_on_hold() - does its driver withhold slots from all vectors?
 * @device: device
 *
 * A vector that gets a trigger meanwhile is held, not live, see
 * ims_vector_get_state(), until the driver arms the device. Emulated vectors
 * need no slot and become live.
 *
 * @return true or false.
 */
bool ims_device_is_on_hold(const struct ims_device *device);

/**
 * ims_device_is_gone() - is its parent gone, so that it can only be closed?
 * @device: device
 *
 * @return true or false.
 */
bool ims_device_is_gone(const struct ims_device *device);

/*
 * Numbers of a device. Events keep all of them current, see <libims/event.h>: limit,
 * reservation, default cookie and bypass at once, others within a second or so. All
 * of these functions:
 *
 * @return 0 and the number, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	there is none, or the kernel did not report it
 *
 * _id			never used again while vfio_pci_ims is loaded
 * _store_id		id of its store
 * _vectors		vectors declared; they are numbered from 0
 * _live		vectors in the state live: with a trigger, and with a slot
 *			unless they are emulated
 * _held		vectors in the state held: with a trigger, but they get no
 *			slot, or an administrator holds them
 * _emulated	vectors declared emulated
 * _slots		slots of the parent's store in use
 * _limit		most slots it may use at a time
 * _reservation		slots guaranteed to it
 * _entries		entries of the IOMMU's interrupt-remapping table that its
 *			interrupts hold, idle ones included
 * _default_cookie	needs CAP_SYS_ADMIN, else -ENODATA
 * _owner_pid		process that opened it, in the initial PID namespace
 * _bypass		enum ims_bypass_mode: may hardware post its interrupts
 *			straight to vCPUs?
 * _quiet		vectors that an administrator holds
 * _rate_limit		most interrupts a second of each vector that has no limit of
 *			its own; -ENODATA when there is none
 * _refused		requests to bind, configure or arm vectors that failed
 *			since it was opened
 *
 * About the last request that failed; -ENODATA when none did:
 *
 * _refused_vector	vector for which it failed
 * _refused_error	errno, positive, that its caller got
 * _refused_kind	enum ims_alert_kind: what ran out; -ENODATA also when
 *			nothing ran out
 * _refused_last	when it failed: CLOCK_MONOTONIC in nanoseconds
 */
int ims_device_get_id(const struct ims_device *device, uint32_t *id);
int ims_device_get_store_id(const struct ims_device *device, uint32_t *id);
int ims_device_get_vectors(const struct ims_device *device,
			   uint32_t *count);
int ims_device_get_live(const struct ims_device *device, uint32_t *count);
int ims_device_get_held(const struct ims_device *device, uint32_t *count);
int ims_device_get_emulated(const struct ims_device *device,
			    uint32_t *count);
int ims_device_get_slots(const struct ims_device *device, uint32_t *count);
int ims_device_get_limit(const struct ims_device *device, uint32_t *limit);
int ims_device_get_reservation(const struct ims_device *device,
			       uint32_t *reservation);
int ims_device_get_entries(const struct ims_device *device, uint32_t *count);
int ims_device_get_default_cookie(const struct ims_device *device,
				  uint64_t *cookie);
int ims_device_get_owner_pid(const struct ims_device *device, uint32_t *pid);
int ims_device_get_bypass(const struct ims_device *device, uint32_t *mode);
int ims_device_get_quiet(const struct ims_device *device, uint32_t *count);
int ims_device_get_rate_limit(const struct ims_device *device, uint32_t *rate);
int ims_device_get_refused(const struct ims_device *device, uint64_t *count);
int ims_device_get_refused_vector(const struct ims_device *device,
				  uint32_t *index);
int ims_device_get_refused_error(const struct ims_device *device,
				 uint32_t *error);
int ims_device_get_refused_kind(const struct ims_device *device,
				uint32_t *kind);
int ims_device_get_refused_last(const struct ims_device *device, uint64_t *ns);

/**
 * ims_device_reset_stats() - reset the counts of all its vectors
 * @ctx: context
 * @device: device; its snapshot stands for its id
 * @flags: enum ims_flags
 *
 * As ims_vector_reset_stats_range() for all vectors that it declared. The
 * device's own count, of refused requests, stays.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 *	-ENODEV	the device is not open any more
 */
int ims_device_reset_stats(struct ims_ctx *ctx, const struct ims_device *device,
			   unsigned int flags);

/**
 * ims_bypass_mode_name() - name of a mode of bypass
 * @mode: enum ims_bypass_mode
 *
 * @return Static string such as "auto"; NULL if unknown.
 */
const char *ims_bypass_mode_name(uint32_t mode);

/* Longest name of a virtual machine in bytes, without the NUL. */
#define IMS_VM_NAME_MAX	255

/**
 * ims_device_find_vm() - the virtual machine that has a device open
 * @ctx: context that the device is from
 * @device: device
 * @name: where to put its name, cut when it is too long
 * @size: of @name; IMS_VM_NAME_MAX + 1 is enough
 *
 * The name comes from what /proc shows about the process that opened the device: the
 * name that QEMU was given by -name, which with libvirt is the domain's; else the
 * machine whose scope systemd has put the process into; else the id of its container,
 * 12 digits; else its command name. The process, or whoever started it, can choose
 * all of these. In a capture it is the name that was found when the capture was made.
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL, or @size is 0
 *	-ENODATA	it is not known: the process is gone, has another command
 *			name by now, or the caller may not examine it; sets no
 *			reason
 */
int ims_device_find_vm(const struct ims_ctx *ctx,
		       const struct ims_device *device, char *name, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_DEVICE_H */
