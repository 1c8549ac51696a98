/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vector: a snapshot of one vector
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_VECTOR_H
#define LIBIMS_API_VECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/ims_netlink.h>

#include <libims/ctx.h>
#include <libims/device.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_vector;
struct ims_vector_list;

/*
 * A device is named by its snapshot, which stands for the device's id: a call
 * acts on that very device or fails with -ENODEV. It never acts on another device
 * that was opened later under the same name.
 */

/**
 * ims_vector_list_get_by_device() - the vectors of one device that are not absent
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
 *	-EINTR	each attempt at the dump was disturbed by changes. @list is the
 *		result of the last one, and may lack or repeat a change; the caller
 *		frees it as usual.
 */
int ims_vector_list_get_by_device(struct ims_ctx *ctx,
				  const struct ims_device *device,
				  struct ims_vector_list **list);

/**
 * ims_vector_list_get() - the vectors of all devices
 * @ctx: context
 * @list: where to put the list, ordered by device id, then by vector number
 *
 * @return As ims_vector_list_get_by_device(), without -ENODEV.
 */
int ims_vector_list_get(struct ims_ctx *ctx, struct ims_vector_list **list);

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
 * ims_vector_list_get_time() - when a list was made
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
int ims_vector_list_get_time(const struct ims_vector_list *list, uint64_t *ns);

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
 * ims_vector_copy() - copy a snapshot that is borrowed
 * @vector: snapshot, such as one of a list or of an event
 * @copy: where to put a snapshot of its own
 *
 * @return 0 and a snapshot to be freed with ims_vector_free(), or
 *	-EINVAL	an argument is NULL
 *	-ENOMEM	out of memory
 */
int ims_vector_copy(const struct ims_vector *vector, struct ims_vector **copy);

/**
 * ims_vector_free() - free a snapshot got from a look-up or a copy
 * @vector: snapshot or NULL; never one that is borrowed from a list or an event
 */
void ims_vector_free(struct ims_vector *vector);

/**
 * ims_vector_get_device_name() - name of the vector's device
 * @vector: vector
 *
 * @return Borrowed, or NULL.
 */
const char *ims_vector_get_device_name(const struct ims_vector *vector);

/**
 * ims_vector_get_affinity() - CPUs that may get the interrupt
 * @vector: vector
 *
 * @return Borrowed list such as "0-3,8"; NULL also when neither the vector nor the
 *	device has one: then the CPUs of the kernel's default affinity may get it.
 */
const char *ims_vector_get_affinity(const struct ims_vector *vector);

/*
 * Numbers of a vector. All of these functions:
 *
 * @return 0 and the number, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	there is none, or the kernel did not report it
 *
 * Not kept current by events, see <libims/event.h>: _cpu, which the host may change,
 * the counts from _delivered to _failed, _throttles, _last and _masked_since. Events
 * keep the others current.
 *
 * _device_id		id of the vector's device
 * _index		the vector's number
 * _state		enum ims_vector_state
 * _backing		enum ims_vector_backing; none while absent
 * _slot		slot of the parent's store; 0 is a slot like others
 * _generation		how often that slot was handed out
 * _handle		interrupt handle that descriptors name the slot by: the
 *			slot's number, unless the hardware hands out others
 * _irq			Linux IRQ
 * _cpu			CPU that gets the interrupt
 * _rate_limit		most interrupts, and signals of the driver, a second;
 *			-ENODATA when there is no limit
 * _cookie		cookie in the slot; without a slot, the cookie that the next
 *			allocation gets. Needs CAP_SYS_ADMIN, else -ENODATA
 * _pending_cookie	cookie that replaces _cookie at the next allocation;
 *			-ENODATA also when it is the same. Needs CAP_SYS_ADMIN
 * _delivered		hardware interrupts passed to the trigger, and one for
 *			each time that the slot of a live vector was replaced or
 *			revoked; of a bypassed vector only those that the host
 *			handled
 * _loopback		signals asked for through VFIO or netlink
 * _signalled		signals by the virtual device's driver
 * _dropped		interrupts and signals that arrived without a trigger
 * _pended		interrupts and signals that were kept back by a mask, an
 *			administrator's hold or a limit
 * _throttles		how often it was above its limit
 * _replaced		triggers replaced by another
 * _revocations		slots that the driver has taken from it, by revoking them
 *			or by holding the device
 * _failed		failed attempts to make the vector live or to change its
 *			cookie
 * _since		CLOCK_MONOTONIC in nanoseconds since which these counts run:
 *			first use, or the last reset of the counts
 * _last		CLOCK_MONOTONIC of the last delivery or signal, in
 *			nanoseconds, exact to a scheduler tick
 * _masked_since	CLOCK_MONOTONIC since which it is masked, likewise; -ENODATA
 *			while it is not masked
 */
int ims_vector_get_device_id(const struct ims_vector *vector, uint32_t *id);
int ims_vector_get_index(const struct ims_vector *vector, uint32_t *index);
int ims_vector_get_state(const struct ims_vector *vector, uint32_t *state);
int ims_vector_get_backing(const struct ims_vector *vector, uint32_t *backing);
int ims_vector_get_slot(const struct ims_vector *vector, uint32_t *slot);
int ims_vector_get_generation(const struct ims_vector *vector,
			      uint32_t *generation);
int ims_vector_get_handle(const struct ims_vector *vector, uint32_t *handle);
int ims_vector_get_irq(const struct ims_vector *vector, uint32_t *irq);
int ims_vector_get_cpu(const struct ims_vector *vector, uint32_t *cpu);
int ims_vector_get_rate_limit(const struct ims_vector *vector, uint32_t *rate);
int ims_vector_get_cookie(const struct ims_vector *vector, uint64_t *cookie);
int ims_vector_get_pending_cookie(const struct ims_vector *vector,
				  uint64_t *cookie);
int ims_vector_get_delivered(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_loopback(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_signalled(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_dropped(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_pended(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_throttles(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_replaced(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_revocations(const struct ims_vector *vector,
			       uint64_t *count);
int ims_vector_get_failed(const struct ims_vector *vector, uint64_t *count);
int ims_vector_get_since(const struct ims_vector *vector, uint64_t *ns);
int ims_vector_get_last(const struct ims_vector *vector, uint64_t *ns);
int ims_vector_get_masked_since(const struct ims_vector *vector, uint64_t *ns);

/**
 * ims_vector_is_cookie_own() - does it have a cookie of its own?
 * @vector: vector
 *
 * @return true; or false when the device's default is used, and always without
 *	CAP_SYS_ADMIN.
 */
bool ims_vector_is_cookie_own(const struct ims_vector *vector);

/**
 * ims_vector_is_masked() - is it masked?
 * @vector: vector
 *
 * Not kept current by events: guests mask all the time.
 *
 * @return true or false.
 */
bool ims_vector_is_masked(const struct ims_vector *vector);

/**
 * ims_vector_is_pending() - does an interrupt wait?
 * @vector: vector
 *
 * It waits for the end of the vector's mask, of an administrator's hold or of a pause,
 * or for the trigger of a prepared vector. Not kept current by events.
 *
 * @return true or false.
 */
bool ims_vector_is_pending(const struct ims_vector *vector);

/**
 * ims_vector_is_prepared() - has its driver prepared it?
 * @vector: vector
 *
 * The driver wants it to have a slot even while it has no trigger.
 *
 * @return true or false.
 */
bool ims_vector_is_prepared(const struct ims_vector *vector);

/**
 * ims_vector_is_revoked() - has its driver revoked its slot?
 * @vector: vector
 *
 * It gets no slot until the driver arms it.
 *
 * @return true or false.
 */
bool ims_vector_is_revoked(const struct ims_vector *vector);

/**
 * ims_vector_is_quiet() - does an administrator hold it?
 * @vector: vector
 *
 * If so, its state is IMS_VECTOR_STATE_HELD when it has a trigger, and it keeps its
 * slot.
 *
 * @return true or false.
 */
bool ims_vector_is_quiet(const struct ims_vector *vector);

/**
 * ims_vector_is_rate_limit_own() - does it have a limit of its own?
 * @vector: vector
 *
 * @return true, or false when it has no limit or the device's.
 */
bool ims_vector_is_rate_limit_own(const struct ims_vector *vector);

/**
 * ims_vector_is_throttled() - is it above its limit?
 * @vector: vector
 *
 * Interrupts are kept back for some milliseconds. Not kept current by events.
 *
 * @return true or false.
 */
bool ims_vector_is_throttled(const struct ims_vector *vector);

/**
 * ims_vector_is_affinity_own() - does it have an affinity of its own?
 * @vector: vector
 *
 * @return true, or false when it has none or the device's.
 */
bool ims_vector_is_affinity_own(const struct ims_vector *vector);

/**
 * ims_vector_is_affinity_broken() - does the interrupt go to a wrong CPU?
 * @vector: vector
 *
 * It goes to a CPU outside its affinity (outside the kernel's default affinity when it
 * has none), because the CPUs in it have no vector left or are offline. Not kept
 * current by events, as CPUs may go offline later; an alert reports it when an
 * interrupt is new or was moved.
 *
 * @return true or false.
 */
bool ims_vector_is_affinity_broken(const struct ims_vector *vector);

/**
 * ims_vector_is_bypassed() - may KVM let the hardware post to a vCPU?
 * @vector: vector
 *
 * The host neither sees nor counts interrupts that are posted to a vCPU. An event
 * reports a change some 100 ms later.
 *
 * @return true or false.
 */
bool ims_vector_is_bypassed(const struct ims_vector *vector);

/**
 * ims_vector_reset_stats() - reset the counts of a vector
 * @ctx: context
 * @vector: vector; its snapshot stands for the device's id and its number
 * @flags: enum ims_flags
 *
 * The counts become 0, and ims_vector_get_since() the present time. Vectors that
 * are absent have no counts, and stay absent.
 *
 * @return As ims_vector_reset_stats_range().
 */
int ims_vector_reset_stats(struct ims_ctx *ctx, const struct ims_vector *vector,
			   unsigned int flags);

/**
 * ims_vector_reset_stats_range() - the same with consecutive vectors
 * @ctx: context
 * @device: device
 * @first: first vector
 * @count: number of vectors, at least 1
 * @flags: enum ims_flags
 *
 * One request. ims_device_reset_stats() is for all vectors of a device.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL, or @count is 0
 *	-ENODEV	the device is not open any more
 *	-ENOENT	a vector is beyond those that the device declared
 */
int ims_vector_reset_stats_range(struct ims_ctx *ctx,
				 const struct ims_device *device,
				 uint32_t first, uint32_t count,
				 unsigned int flags);

/**
 * ims_vector_reset_stats_list() - the same with chosen vectors
 * @ctx: context
 * @device: device
 * @indexes: numbers of the vectors, in any order
 * @count: how many they are, at least 1
 * @flags: enum ims_flags
 *
 * @return As ims_vector_reset_stats_range(), and
 *	-EMSGSIZE	they do not fit into one request
 */
int ims_vector_reset_stats_list(struct ims_ctx *ctx,
				const struct ims_device *device,
				const uint32_t *indexes, size_t count,
				unsigned int flags);

/**
 * ims_vector_state_name() - name of a state
 * @state: enum ims_vector_state
 *
 * @return Static string "absent", "idle", "held" or "live"; NULL if unknown.
 */
const char *ims_vector_state_name(uint32_t state);

/**
 * ims_vector_backing_name() - name of a backing
 * @backing: enum ims_vector_backing
 *
 * @return Static string "ims" or "emulated"; NULL if unknown.
 */
const char *ims_vector_backing_name(uint32_t backing);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_VECTOR_H */
