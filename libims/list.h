/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Snapshots of one attribute set, singly or as a list.
 */
#ifndef LIBIMS_LIST_H
#define LIBIMS_LIST_H

#include "attr.h"
#include "netlink.h"

struct ims_list {
	const struct ims_attr_set *set;
	/* @count snapshots of the set's size, room for @room. */
	char *items;
	size_t count;
	size_t room;
	/* CLOCK_MONOTONIC at which the dump was begun; 0: not known. */
	uint64_t time;
	/* As in struct ims_nl_op. */
	bool no_load;
};

/*
 * Where one more snapshot goes; @count is the caller's to raise. NULL when out of
 * memory.
 */
void *ims_list_room(struct ims_list *list);

/* 0, -EINVAL (NULL), -ENODATA. */
int ims_list_time(const struct ims_list *list, uint64_t *ns);

/* NULL if @list is NULL or has no such position. */
const void *ims_list_at(const struct ims_list *list, size_t position);

/*
 * Dump @msg's answer into @list, which is zeroed but for its set and no_load. Always to be
 * ended by ims_list_end(). @compare sorts, as for qsort(3); NULL for as they
 * come. Takes over @msg, which may be NULL for "out of memory".
 */
int ims_list_dump(struct ims_ctx *ctx, struct ims_list *list,
		  struct nl_msg *msg, const char *object,
		  int (*compare)(const void *a, const void *b));
void ims_list_end(struct ims_list *list);

/*
 * The one snapshot that answers @msg, to be freed with free(). Takes over @msg,
 * as above.
 */
int ims_snapshot_get(struct ims_ctx *ctx, const struct ims_attr_set *set,
		     struct nl_msg *msg, const char *object, void **snapshot);

#endif /* LIBIMS_LIST_H */
