// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading attributes of the family into snapshots and out of them.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "attr.h"

#define BIT(n)		(UINT64_C(1) << (n))

#define ATTR(attr_name, attr_type, object, member, ...)		\
	{							\
		.name = attr_name,				\
		.type = attr_type,				\
		.offset = offsetof(struct object, member),	\
		.size = sizeof(((struct object *)0)->member),	\
		__VA_ARGS__					\
	}

#define STORE(name, type, member)	ATTR(name, type, ims_store, member,)
#define DEVICE(name, type, member)	ATTR(name, type, ims_device, member,)
#define VECTOR(name, type, member)	ATTR(name, type, ims_vector, member,)
#define ALERT(name, type, member)	ATTR(name, type, ims_alert, member,)

/* Cookies, and numbers that have a word. */
#define HEX(name, object, member)					\
	ATTR(name, IMS_ATTR_U64, object, member, .hex = true)
#define WORD(name, object, member, to_word)				\
	ATTR(name, IMS_ATTR_U32, object, member, .word = to_word)

static const struct ims_attr store_attrs[] = {
	[IMS_A_STORE_ID] = STORE("id", IMS_ATTR_U32, id),
	[IMS_A_STORE_NAME] = STORE("name", IMS_ATTR_STRING, name),
	[IMS_A_STORE_DRIVER] = STORE("driver", IMS_ATTR_STRING, driver),
	[IMS_A_STORE_DOMAIN] = STORE("domain", IMS_ATTR_STRING, domain),
	[IMS_A_STORE_SIZE] = STORE("size", IMS_ATTR_U32, size),
	[IMS_A_STORE_LIMIT] = STORE("limit", IMS_ATTR_U32, limit),
	[IMS_A_STORE_USED] = STORE("used", IMS_ATTR_U32, used),
	[IMS_A_STORE_PEAK] = STORE("peak", IMS_ATTR_U32, peak),
	[IMS_A_STORE_RESERVED] = STORE("reserved", IMS_ATTR_U32, reserved),
	[IMS_A_STORE_AVAILABLE] = STORE("available", IMS_ATTR_U32, available),
	[IMS_A_STORE_ENTRIES] = STORE("entries", IMS_ATTR_U32, entries),
	[IMS_A_STORE_CAPACITY] = STORE("capacity", IMS_ATTR_U32, capacity),
	[IMS_A_STORE_FAILURES] = STORE("failures", IMS_ATTR_U64, failures),
	[IMS_A_STORE_DEVICES] = STORE("devices", IMS_ATTR_U32, devices),
	[IMS_A_STORE_SUSPENDED] = {
		.name = "suspended",
		.type = IMS_ATTR_FLAG,
	},
	[IMS_A_STORE_TIME] = STORE("time", IMS_ATTR_U64, time),
	[IMS_A_STORE_VALIDATE_ONLY] = {
		.name = "validate-only",
		.type = IMS_ATTR_FLAG,
	},
	[IMS_A_STORE_PAD] = { .name = "pad", .type = IMS_ATTR_PAD },
};

const struct ims_attr_set ims_store_attrs = {
	.name = "store",
	.max = IMS_A_STORE_MAX,
	.snapshot_size = sizeof(struct ims_store),
	.required = BIT(IMS_A_STORE_ID) | BIT(IMS_A_STORE_NAME),
	.time = IMS_A_STORE_TIME,
	.attrs = store_attrs,
};

static const struct ims_attr device_attrs[] = {
	[IMS_A_DEVICE_ID] = DEVICE("id", IMS_ATTR_U32, id),
	[IMS_A_DEVICE_NAME] = DEVICE("name", IMS_ATTR_STRING, name),
	[IMS_A_DEVICE_UUID] = DEVICE("uuid", IMS_ATTR_STRING, uuid),
	[IMS_A_DEVICE_PARENT] = DEVICE("parent", IMS_ATTR_STRING, parent),
	[IMS_A_DEVICE_STORE_ID] = DEVICE("store-id", IMS_ATTR_U32, store_id),
	[IMS_A_DEVICE_VECTORS] = DEVICE("vectors", IMS_ATTR_U32, vectors),
	[IMS_A_DEVICE_LIVE] = DEVICE("live", IMS_ATTR_U32, live),
	[IMS_A_DEVICE_HELD] = DEVICE("held", IMS_ATTR_U32, held),
	[IMS_A_DEVICE_EMULATED] = DEVICE("emulated", IMS_ATTR_U32, emulated),
	[IMS_A_DEVICE_SLOTS] = DEVICE("slots", IMS_ATTR_U32, slots),
	[IMS_A_DEVICE_LIMIT] = DEVICE("limit", IMS_ATTR_U32, limit),
	[IMS_A_DEVICE_RESERVATION] =
		DEVICE("reservation", IMS_ATTR_U32, reservation),
	[IMS_A_DEVICE_ENTRIES] = DEVICE("entries", IMS_ATTR_U32, entries),
	[IMS_A_DEVICE_DEFAULT_COOKIE] =
		HEX("default-cookie", ims_device, default_cookie),
	[IMS_A_DEVICE_OWNER_PID] = DEVICE("owner-pid", IMS_ATTR_U32, owner_pid),
	[IMS_A_DEVICE_OWNER_COMM] =
		DEVICE("owner-comm", IMS_ATTR_STRING, owner_comm),
	[IMS_A_DEVICE_BYPASS] =
		WORD("bypass", ims_device, bypass, ims_bypass_mode_name),
	[IMS_A_DEVICE_QUIET] = DEVICE("quiet", IMS_ATTR_U32, quiet),
	[IMS_A_DEVICE_RATE_LIMIT] =
		DEVICE("rate-limit", IMS_ATTR_U32, rate_limit),
	[IMS_A_DEVICE_ON_HOLD] = { .name = "on-hold", .type = IMS_ATTR_FLAG },
	[IMS_A_DEVICE_REFUSED] = DEVICE("refused", IMS_ATTR_U64, refused),
	[IMS_A_DEVICE_REFUSED_VECTOR] =
		DEVICE("refused-vector", IMS_ATTR_U32, refused_vector),
	[IMS_A_DEVICE_REFUSED_ERROR] =
		DEVICE("refused-error", IMS_ATTR_U32, refused_error),
	[IMS_A_DEVICE_REFUSED_KIND] =
		WORD("refused-kind", ims_device, refused_kind,
		     ims_alert_kind_name),
	[IMS_A_DEVICE_REFUSED_LAST] =
		DEVICE("refused-last", IMS_ATTR_U64, refused_last),
	[IMS_A_DEVICE_GONE] = { .name = "gone", .type = IMS_ATTR_FLAG },
	[IMS_A_DEVICE_TIME] = DEVICE("time", IMS_ATTR_U64, time),
	[IMS_A_DEVICE_VALIDATE_ONLY] = {
		.name = "validate-only",
		.type = IMS_ATTR_FLAG,
	},
	[IMS_A_DEVICE_PAD] = { .name = "pad", .type = IMS_ATTR_PAD },
};

const struct ims_attr_set ims_device_attrs = {
	.name = "device",
	.max = IMS_A_DEVICE_MAX,
	.snapshot_size = sizeof(struct ims_device),
	.required = BIT(IMS_A_DEVICE_ID) | BIT(IMS_A_DEVICE_NAME),
	.time = IMS_A_DEVICE_TIME,
	.attrs = device_attrs,
};

static const struct ims_attr vector_attrs[] = {
	[IMS_A_VECTOR_DEVICE_ID] = VECTOR("device-id", IMS_ATTR_U32, device_id),
	[IMS_A_VECTOR_DEVICE_NAME] =
		VECTOR("device-name", IMS_ATTR_STRING, device_name),
	[IMS_A_VECTOR_INDEX] = VECTOR("index", IMS_ATTR_U32, index),
	[IMS_A_VECTOR_COUNT] = { .name = "count", .type = IMS_ATTR_U32 },
	[IMS_A_VECTOR_LIST] = { .name = "list", .type = IMS_ATTR_U32 },
	[IMS_A_VECTOR_STATE] =
		WORD("state", ims_vector, state, ims_vector_state_name),
	[IMS_A_VECTOR_BACKING] =
		WORD("backing", ims_vector, backing, ims_vector_backing_name),
	[IMS_A_VECTOR_NONZERO] = { .name = "nonzero", .type = IMS_ATTR_FLAG },
	[IMS_A_VECTOR_SLOT] = VECTOR("slot", IMS_ATTR_U32, slot),
	[IMS_A_VECTOR_GENERATION] =
		VECTOR("generation", IMS_ATTR_U32, generation),
	[IMS_A_VECTOR_HANDLE] = VECTOR("handle", IMS_ATTR_U32, handle),
	[IMS_A_VECTOR_IRQ] = VECTOR("irq", IMS_ATTR_U32, irq),
	[IMS_A_VECTOR_CPU] = VECTOR("cpu", IMS_ATTR_U32, cpu),
	[IMS_A_VECTOR_AFFINITY] = VECTOR("affinity", IMS_ATTR_STRING, affinity),
	[IMS_A_VECTOR_AFFINITY_OWN] = {
		.name = "affinity-own",
		.type = IMS_ATTR_FLAG,
	},
	[IMS_A_VECTOR_AFFINITY_BROKEN] = {
		.name = "affinity-broken",
		.type = IMS_ATTR_FLAG,
	},
	[IMS_A_VECTOR_BYPASSED] = { .name = "bypassed", .type = IMS_ATTR_FLAG },
	[IMS_A_VECTOR_COOKIE] = HEX("cookie", ims_vector, cookie),
	[IMS_A_VECTOR_PENDING_COOKIE] =
		HEX("pending-cookie", ims_vector, pending_cookie),
	[IMS_A_VECTOR_COOKIE_OWN] = {
		.name = "cookie-own",
		.type = IMS_ATTR_FLAG,
	},
	[IMS_A_VECTOR_COOKIE_CLEAR] = {
		.name = "cookie-clear",
		.type = IMS_ATTR_FLAG,
	},
	[IMS_A_VECTOR_COOKIE_MODE] = {
		.name = "cookie-mode",
		.type = IMS_ATTR_U32,
	},
	[IMS_A_VECTOR_PATH] = { .name = "path", .type = IMS_ATTR_U32 },
	[IMS_A_VECTOR_MASKED] = { .name = "masked", .type = IMS_ATTR_FLAG },
	[IMS_A_VECTOR_MASKED_SINCE] =
		VECTOR("masked-since", IMS_ATTR_U64, masked_since),
	[IMS_A_VECTOR_PENDING] = { .name = "pending", .type = IMS_ATTR_FLAG },
	[IMS_A_VECTOR_PREPARED] = { .name = "prepared", .type = IMS_ATTR_FLAG },
	[IMS_A_VECTOR_REVOKED] = { .name = "revoked", .type = IMS_ATTR_FLAG },
	[IMS_A_VECTOR_QUIET] = { .name = "quiet", .type = IMS_ATTR_FLAG },
	[IMS_A_VECTOR_QUIET_CLEAR] = {
		.name = "quiet-clear",
		.type = IMS_ATTR_FLAG,
	},
	[IMS_A_VECTOR_RATE_LIMIT] =
		VECTOR("rate-limit", IMS_ATTR_U32, rate_limit),
	[IMS_A_VECTOR_RATE_LIMIT_OWN] = {
		.name = "rate-limit-own",
		.type = IMS_ATTR_FLAG,
	},
	[IMS_A_VECTOR_THROTTLED] = {
		.name = "throttled",
		.type = IMS_ATTR_FLAG,
	},
	[IMS_A_VECTOR_DELIVERED] = VECTOR("delivered", IMS_ATTR_U64, delivered),
	[IMS_A_VECTOR_LOOPBACK] = VECTOR("loopback", IMS_ATTR_U64, loopback),
	[IMS_A_VECTOR_SIGNALLED] = VECTOR("signalled", IMS_ATTR_U64, signalled),
	[IMS_A_VECTOR_DROPPED] = VECTOR("dropped", IMS_ATTR_U64, dropped),
	[IMS_A_VECTOR_PENDED] = VECTOR("pended", IMS_ATTR_U64, pended),
	[IMS_A_VECTOR_THROTTLES] = VECTOR("throttles", IMS_ATTR_U64, throttles),
	[IMS_A_VECTOR_REPLACED] = VECTOR("replaced", IMS_ATTR_U64, replaced),
	[IMS_A_VECTOR_REVOCATIONS] =
		VECTOR("revocations", IMS_ATTR_U64, revocations),
	[IMS_A_VECTOR_FAILED] = VECTOR("failed", IMS_ATTR_U64, failed),
	[IMS_A_VECTOR_SINCE] = VECTOR("since", IMS_ATTR_U64, since),
	[IMS_A_VECTOR_LAST] = VECTOR("last", IMS_ATTR_U64, last),
	[IMS_A_VECTOR_TIME] = VECTOR("time", IMS_ATTR_U64, time),
	[IMS_A_VECTOR_VALIDATE_ONLY] = {
		.name = "validate-only",
		.type = IMS_ATTR_FLAG,
	},
	[IMS_A_VECTOR_PAD] = { .name = "pad", .type = IMS_ATTR_PAD },
};

const struct ims_attr_set ims_vector_attrs = {
	.name = "vector",
	.max = IMS_A_VECTOR_MAX,
	.snapshot_size = sizeof(struct ims_vector),
	.required = BIT(IMS_A_VECTOR_DEVICE_ID) | BIT(IMS_A_VECTOR_INDEX) |
		    BIT(IMS_A_VECTOR_STATE),
	.time = IMS_A_VECTOR_TIME,
	.attrs = vector_attrs,
};

static const struct ims_attr alert_attrs[] = {
	[IMS_A_ALERT_KIND] = WORD("kind", ims_alert, kind, ims_alert_kind_name),
	[IMS_A_ALERT_DEVICE_ID] = ALERT("device-id", IMS_ATTR_U32, device_id),
	[IMS_A_ALERT_DEVICE_NAME] =
		ALERT("device-name", IMS_ATTR_STRING, device_name),
	[IMS_A_ALERT_PARENT] = ALERT("parent", IMS_ATTR_STRING, parent),
	[IMS_A_ALERT_INDEX] = ALERT("index", IMS_ATTR_U32, index),
	[IMS_A_ALERT_ERROR] = ALERT("error", IMS_ATTR_U32, error),
	[IMS_A_ALERT_RATE] = ALERT("rate", IMS_ATTR_U64, rate),
	[IMS_A_ALERT_TIME] = ALERT("time", IMS_ATTR_U64, time),
	[IMS_A_ALERT_PAD] = { .name = "pad", .type = IMS_ATTR_PAD },
};

const struct ims_attr_set ims_alert_attrs = {
	.name = "alert",
	.max = IMS_A_ALERT_MAX,
	.snapshot_size = sizeof(struct ims_alert),
	.required = BIT(IMS_A_ALERT_KIND),
	.time = IMS_A_ALERT_TIME,
	.attrs = alert_attrs,
};

_Static_assert(IMS_A_STORE_MAX < 64 && IMS_A_DEVICE_MAX < 64 &&
	       IMS_A_VECTOR_MAX < 64 && IMS_A_ALERT_MAX < 64,
	       "struct ims_snapshot has 64 bits");

const char *ims_attr_name(const struct ims_attr_set *set, uint32_t type)
{
	return set && type <= set->max ? set->attrs[type].name : NULL;
}

uint16_t ims_attr_find(const struct ims_attr_set *set, const char *name)
{
	uint16_t type;

	for (type = 1; type <= set->max; type++)
		if (set->attrs[type].name &&
		    !strcmp(set->attrs[type].name, name))
			return type;
	return 0;
}

/*
 * Whether the attribute is there: 1, 0 (an empty string, such as the name that
 * a process may give itself), or -EPROTO when its length does not fit its type.
 */
static int read_one(const struct ims_attr *attr, const struct nlattr *nla,
		    void *member)
{
	size_t len = nla_len(nla);

	switch (attr->type) {
	case IMS_ATTR_U32:
	case IMS_ATTR_U64:
		if (len != (attr->type == IMS_ATTR_U32 ? 4 : 8))
			return -EPROTO;
		/* u64 are not always aligned, so no assignment. */
		memcpy(member, nla_data(nla), attr->size);
		return 1;
	case IMS_ATTR_STRING:
		len = strnlen(nla_data(nla), len);
		if (len >= attr->size)
			return -EPROTO;
		memcpy(member, nla_data(nla), len);
		((char *)member)[len] = '\0';
		return len > 0;
	default:
		return 1;
	}
}

int ims_attr_read(struct ims_ctx *ctx, const struct ims_attr_set *set,
		  const char *object, const struct nlmsghdr *nlh,
		  void *snapshot)
{
	struct ims_snapshot *base = snapshot;
	const struct nlattr *nla;
	uint64_t missing;
	int rest, type, there;

	/* The members are looked at when their attribute was there. */
	memset(base, 0, sizeof(*base));

	nla_for_each_attr(nla, nlmsg_attrdata(nlh, GENL_HDRLEN),
			  nlmsg_attrlen(nlh, GENL_HDRLEN), rest) {
		type = nla_type(nla);

		/* A later kernel knows more than we do. */
		if (type > set->max || set->attrs[type].type == IMS_ATTR_NONE)
			continue;

		there = read_one(&set->attrs[type], nla,
				 (char *)snapshot + set->attrs[type].offset);
		if (there < 0)
			return ims_fail(ctx, -EPROTO, object,
					set->attrs[type].name,
					"attribute \"%s\" of the kernel's reply is malformed",
					set->attrs[type].name);
		/* Should there be two, the last one counts, also when empty. */
		if (there)
			base->present |= BIT(type);
		else
			base->present &= ~BIT(type);
	}

	if (rest > 0)
		return ims_fail(ctx, -EPROTO, object, NULL,
				"the kernel's reply is cut short");

	missing = set->required & ~base->present;
	if (missing) {
		type = __builtin_ctzll(missing);
		return ims_fail(ctx, -EPROTO, object, set->attrs[type].name,
				"the kernel's reply lacks the attribute \"%s\"",
				set->attrs[type].name);
	}
	return 0;
}

static bool is_present(const void *snapshot, uint16_t type)
{
	return ((const struct ims_snapshot *)snapshot)->present & BIT(type);
}

int ims_attr_u32(const struct ims_attr_set *set, uint16_t type,
		 const void *snapshot, uint32_t *value)
{
	if (!snapshot || !value)
		return -EINVAL;
	if (!is_present(snapshot, type))
		return -ENODATA;

	memcpy(value, (const char *)snapshot + set->attrs[type].offset,
	       sizeof(*value));
	return 0;
}

int ims_attr_u64(const struct ims_attr_set *set, uint16_t type,
		 const void *snapshot, uint64_t *value)
{
	if (!snapshot || !value)
		return -EINVAL;
	if (!is_present(snapshot, type))
		return -ENODATA;

	memcpy(value, (const char *)snapshot + set->attrs[type].offset,
	       sizeof(*value));
	return 0;
}

const char *ims_attr_string(const struct ims_attr_set *set, uint16_t type,
			    const void *snapshot)
{
	if (!snapshot || !is_present(snapshot, type))
		return NULL;
	return (const char *)snapshot + set->attrs[type].offset;
}

bool ims_attr_flag(uint16_t type, const void *snapshot)
{
	return snapshot && is_present(snapshot, type);
}

static int put_one(struct nl_msg *msg, const struct ims_attr *attr, int type,
		   const void *member)
{
	switch (attr->type) {
	case IMS_ATTR_U32:
	case IMS_ATTR_U64:
		return nla_put(msg, type, attr->size, member);
	case IMS_ATTR_STRING:
		return nla_put_string(msg, type, member);
	default:
		return nla_put_flag(msg, type);
	}
}

struct nl_msg *ims_attr_put(const struct ims_attr_set *set,
			    const void *snapshot, struct nl_msg *msg)
{
	uint16_t type;

	for (type = 1; type <= set->max && msg; type++) {
		const struct ims_attr *attr = &set->attrs[type];

		if (!is_present(snapshot, type) || !ims_attr_is_kept(attr))
			continue;
		if (!put_one(msg, attr, type,
			     (const char *)snapshot + attr->offset))
			continue;
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

bool ims_attr_equals(const struct ims_attr_set *set, uint16_t type,
		     const void *snapshot, const struct nlattr *nla)
{
	const struct ims_attr *attr = &set->attrs[type];
	const void *member = (const char *)snapshot + attr->offset;

	if (!is_present(snapshot, type))
		return false;
	if (attr->type == IMS_ATTR_STRING)
		return !nla_strcmp(nla, member);
	return nla_len(nla) == attr->size &&
	       !memcmp(nla_data(nla), member, attr->size);
}
