/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attribute sets of the family, and the snapshots that are made from them.
 *
 * One table per set says how attributes are called, what they hold and which
 * member of the snapshot keeps them. Reading replies, getters and the names in
 * errors all go by the table; tests/unit/lint-spec compares it with ims.yaml.
 */
#ifndef LIBIMS_ATTR_H
#define LIBIMS_ATTR_H

#include <linux/netlink.h>

#include "internal.h"

enum ims_attr_type {
	IMS_ATTR_NONE,
	IMS_ATTR_PAD,
	IMS_ATTR_FLAG,
	IMS_ATTR_U32,
	IMS_ATTR_U64,
	IMS_ATTR_STRING,
};

/**
 * struct ims_attr - an attribute
 * @name: as in the specification
 * @type: what it holds
 * @offset: of the member in the snapshot
 * @size: of that member; 0 if the attribute is not kept. Flags have none, and are
 *	kept as "present".
 * @hex: numbers that people read in hexadecimal
 * @word: numbers that stand for something: the word for one, NULL beyond the
 *	last. NULL for other attributes.
 */
struct ims_attr {
	const char *name;
	enum ims_attr_type type;
	uint16_t offset;
	uint16_t size;
	bool hex;
	const char *(*word)(uint32_t value);
};

/**
 * struct ims_attr_set - an attribute set
 * @name: as in the specification
 * @max: highest attribute
 * @snapshot_size: size of the snapshot
 * @required: bit n set: a reply without attribute n makes no sense
 * @time: the attribute that says when a notification was made
 * @attrs: indexed by attribute, 0 to @max
 */
struct ims_attr_set {
	const char *name;
	uint16_t max;
	size_t snapshot_size;
	uint64_t required;
	uint16_t time;
	const struct ims_attr *attrs;
};

/* Every snapshot begins with this. Bit n: attribute n was there. */
struct ims_snapshot {
	uint64_t present;
};

struct ims_store {
	struct ims_snapshot base;
	uint32_t id;
	uint32_t size;
	uint32_t limit;
	uint32_t used;
	uint32_t peak;
	uint32_t reserved;
	uint32_t available;
	uint32_t entries;
	uint32_t capacity;
	uint32_t devices;
	uint64_t failures;
	uint64_t time;
	char name[IMS_NAME_MAX + 1];
	char driver[IMS_NAME_MAX + 1];
	char domain[IMS_NAME_MAX + 1];
};

struct ims_device {
	struct ims_snapshot base;
	uint32_t id;
	uint32_t store_id;
	uint32_t vectors;
	uint32_t live;
	uint32_t held;
	uint32_t emulated;
	uint32_t slots;
	uint32_t limit;
	uint32_t reservation;
	uint32_t entries;
	uint32_t owner_pid;
	uint32_t bypass;
	uint32_t quiet;
	uint32_t rate_limit;
	uint32_t refused_vector;
	uint32_t refused_error;
	uint32_t refused_kind;
	uint64_t default_cookie;
	uint64_t refused;
	uint64_t refused_last;
	uint64_t time;
	char name[IMS_NAME_MAX + 1];
	char uuid[64];
	char parent[IMS_NAME_MAX + 1];
	char owner_comm[64];
};

/*
 * No pointers, so that a list of thousands is one array. The name could be
 * shared, at the price of a count for it.
 */
struct ims_vector {
	struct ims_snapshot base;
	uint32_t device_id;
	uint32_t index;
	uint32_t state;
	uint32_t backing;
	uint32_t slot;
	uint32_t generation;
	uint32_t handle;
	uint32_t irq;
	uint32_t cpu;
	uint32_t rate_limit;
	uint64_t cookie;
	uint64_t pending_cookie;
	uint64_t delivered;
	uint64_t loopback;
	uint64_t signalled;
	uint64_t dropped;
	uint64_t pended;
	uint64_t throttles;
	uint64_t replaced;
	uint64_t revocations;
	uint64_t failed;
	uint64_t since;
	uint64_t last;
	uint64_t time;
	uint64_t masked_since;
	char device_name[IMS_NAME_MAX + 1];
	char affinity[IMS_CPULIST_MAX + 1];
};

/* Part of an event. */
struct ims_alert {
	struct ims_snapshot base;
	uint32_t kind;
	uint32_t device_id;
	uint32_t index;
	uint32_t error;
	uint64_t rate;
	uint64_t time;
	char device_name[IMS_NAME_MAX + 1];
	char parent[IMS_NAME_MAX + 1];
};

extern const struct ims_attr_set ims_store_attrs;
extern const struct ims_attr_set ims_device_attrs;
extern const struct ims_attr_set ims_vector_attrs;
extern const struct ims_attr_set ims_alert_attrs;

/* NULL when @set is NULL or has no such attribute. */
const char *ims_attr_name(const struct ims_attr_set *set, uint32_t type);

/* The attribute of that name, 0 if the set has none. */
uint16_t ims_attr_find(const struct ims_attr_set *set, const char *name);

/* Does a snapshot hold it? */
static inline bool ims_attr_is_kept(const struct ims_attr *attr)
{
	return attr->size || attr->type == IMS_ATTR_FLAG;
}

/* Fill @snapshot, of the set's size, from a reply: 0 or -EPROTO. */
int ims_attr_read(struct ims_ctx *ctx, const struct ims_attr_set *set,
		  const char *object, const struct nlmsghdr *nlh,
		  void *snapshot);

struct nl_msg;

/*
 * The other way: behind what @msg has. Takes NULL, returns NULL when out of
 * memory and has freed @msg then.
 */
struct nl_msg *ims_attr_put(const struct ims_attr_set *set,
			    const void *snapshot, struct nl_msg *msg);

/* Does the snapshot have the value of @nla? Not for flags. */
bool ims_attr_equals(const struct ims_attr_set *set, uint16_t type,
		     const void *snapshot, const struct nlattr *nla);

/* Getters: 0, -EINVAL (NULL), -ENODATA (was not there). */
int ims_attr_u32(const struct ims_attr_set *set, uint16_t type,
		 const void *snapshot, uint32_t *value);
int ims_attr_u64(const struct ims_attr_set *set, uint16_t type,
		 const void *snapshot, uint64_t *value);
const char *ims_attr_string(const struct ims_attr_set *set, uint16_t type,
			    const void *snapshot);
bool ims_attr_flag(uint16_t type, const void *snapshot);

#endif /* LIBIMS_ATTR_H */
