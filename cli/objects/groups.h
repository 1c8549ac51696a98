/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Groups of vectors: what those of a parent, a virtual machine, a CPU and so on come to.
 */
#ifndef IMSCTL_GROUPS_H
#define IMSCTL_GROUPS_H

#include "objects/objects.h"

enum group_kind {
	GROUP_PARENT,
	GROUP_DEVICE,
	GROUP_VM,
	GROUP_CPU,
	GROUP_NODE,
	GROUP_STORE,
	NUM_GROUP_KINDS
};

/* What --by calls it; NULL behind the last one. */
const char *group_kind_name(uint32_t kind);

/* --by. */
enum exit_code parse_group_kind(const struct call *call,
				enum group_kind *kind);

enum group_sum {
	SUM_LIVE,
	SUM_HELD,
	SUM_SLOTS,
	SUM_DELIVERED,
	SUM_LOOPBACK,
	SUM_SIGNALLED,
	SUM_DROPPED,
	SUM_PENDED,
	SUM_FAILED,
	NUM_GROUP_SUMS
};

/**
 * struct group - what its vectors come to
 * @kind: what they have in common
 * @name: which one; NULL: those that have none
 * @devices: devices that it has vectors of, or that are of it
 * @vectors: those that were used
 * @sums: of them
 * @last_device: whose vectors were added last
 */
struct group {
	enum group_kind kind;
	char *name;
	uint64_t devices;
	uint64_t vectors;
	uint64_t sums[NUM_GROUP_SUMS];
	uint32_t last_device;
};

struct groups {
	enum group_kind kind;
	struct group *list;
	size_t count;
};

/* Of struct group. */
extern const struct table group_table;

/* Those of @vectors, which come device by device. Free them in any case. */
enum exit_code make_groups(const struct vector_rows *vectors,
			   enum group_kind kind, struct groups *groups);
void free_groups(struct groups *groups);
struct rows rows_of_groups(const struct groups *groups);

#endif /* IMSCTL_GROUPS_H */
