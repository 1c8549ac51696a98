/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * store: a snapshot of an interrupt message store
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_STORE_H
#define LIBIMS_API_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libims/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_store;
struct ims_store_list;

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
 *	-EINTR	each attempt at the dump was disturbed by changes. @list is the
 *		result of the last one, and may lack or repeat a change; the caller
 *		frees it as usual.
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
 * ims_store_list_get_time() - when a list was made
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
int ims_store_list_get_time(const struct ims_store_list *list, uint64_t *ns);

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
 * ims_store_copy() - copy a snapshot that is borrowed
 * @store: snapshot, such as one of a list or of an event
 * @copy: where to put a snapshot of its own
 *
 * @return 0 and a snapshot to be freed with ims_store_free(), or
 *	-EINVAL	an argument is NULL
 *	-ENOMEM	out of memory
 */
int ims_store_copy(const struct ims_store *store, struct ims_store **copy);

/**
 * ims_store_free() - free a snapshot got from a look-up or a copy
 * @store: snapshot or NULL; never one that is borrowed from a list or an event
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
 * Numbers of a store. Events keep all of them current, see <libims/event.h>: a change
 * of the limit and a reset of peak and failures at once, other changes within a second
 * or so. All of these functions:
 *
 * @return 0 and the number, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	there is none, or the kernel did not report it
 *
 * _id			not used again for another store
 * _size		slots it has
 * _limit		most slots that may be in use at a time
 * _used		slots in use
 * _peak		most slots in use at a time so far
 * _reserved		sum of the virtual devices' reservations
 * _available		slots that are neither in use nor promised
 * _entries		entries of the IOMMU's interrupt-remapping table that its
 *			interrupts hold, idle ones included
 * _capacity		most entries that the IOMMU can give to its PCI device;
 *			-ENODATA where the table is shared by the whole IOMMU
 * _devices		virtual devices that are open on it
 * _failures		requests for slots that failed
 */
int ims_store_get_id(const struct ims_store *store, uint32_t *id);
int ims_store_get_size(const struct ims_store *store, uint32_t *slots);
int ims_store_get_limit(const struct ims_store *store, uint32_t *slots);
int ims_store_get_used(const struct ims_store *store, uint32_t *slots);
int ims_store_get_peak(const struct ims_store *store, uint32_t *slots);
int ims_store_get_reserved(const struct ims_store *store, uint32_t *slots);
int ims_store_get_available(const struct ims_store *store, uint32_t *slots);
int ims_store_get_entries(const struct ims_store *store, uint32_t *count);
int ims_store_get_capacity(const struct ims_store *store, uint32_t *count);
int ims_store_get_devices(const struct ims_store *store, uint32_t *count);
int ims_store_get_failures(const struct ims_store *store, uint64_t *count);

/**
 * ims_store_is_suspended() - is its hardware asleep or being reset?
 * @store: store
 *
 * Slots are allocated and freed as usual. They are written to the hardware when its
 * driver restores the store.
 *
 * @return true or false.
 */
bool ims_store_is_suspended(const struct ims_store *store);

/**
 * ims_store_reset_stats() - reset a store's peak and failures
 * @ctx: context
 * @store: store; its snapshot stands for its id
 * @flags: enum ims_flags
 *
 * The peak becomes the number of slots in use, the failures become 0.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 *	-ENODEV	the store is gone
 */
int ims_store_reset_stats(struct ims_ctx *ctx, const struct ims_store *store,
			  unsigned int flags);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_STORE_H */
