// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The policies of the simulated kernel's operations, and what the real one's
 * strict validation makes of them: its errors and texts.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>

#include "fake_wire.h"

enum kind {
	NONE,
	U32,
	U64,
	FLAG,
	STRING,
};

/* Limits are of a number's value, or of a string's length without the NUL. */
struct rule {
	enum kind kind;
	uint32_t min;
	uint32_t max;
};

#define ANY		{ U32, 0, UINT32_MAX }
#define UP_TO(n)	{ U32, 0, n }
#define NAME		{ STRING, 0, IMS_NAME_MAX }

static const struct rule store_get[] = {
	[IMS_A_STORE_ID] = ANY,
	[IMS_A_STORE_NAME] = NAME,
};

static const struct rule store_set[] = {
	[IMS_A_STORE_ID] = ANY,
	[IMS_A_STORE_NAME] = NAME,
	[IMS_A_STORE_LIMIT] = ANY,
	[IMS_A_STORE_VALIDATE_ONLY] = { FLAG },
};

static const struct rule store_stats_reset[] = {
	[IMS_A_STORE_ID] = ANY,
	[IMS_A_STORE_NAME] = NAME,
	[IMS_A_STORE_VALIDATE_ONLY] = { FLAG },
};

static const struct rule device_get[] = {
	[IMS_A_DEVICE_ID] = ANY,
	[IMS_A_DEVICE_NAME] = NAME,
};

static const struct rule device_dump[] = {
	[IMS_A_DEVICE_STORE_ID] = ANY,
};

static const struct rule device_set[] = {
	[IMS_A_DEVICE_ID] = ANY,
	[IMS_A_DEVICE_NAME] = NAME,
	[IMS_A_DEVICE_LIMIT] = ANY,
	[IMS_A_DEVICE_RESERVATION] = ANY,
	[IMS_A_DEVICE_DEFAULT_COOKIE] = { U64 },
	[IMS_A_DEVICE_BYPASS] = UP_TO(IMS_BYPASS_MODE_OFF),
	[IMS_A_DEVICE_RATE_LIMIT] = UP_TO(IMS_RATE_LIMIT_MAX),
	[IMS_A_DEVICE_VALIDATE_ONLY] = { FLAG },
};

static const struct rule vector_get[] = {
	[IMS_A_VECTOR_DEVICE_ID] = ANY,
	[IMS_A_VECTOR_DEVICE_NAME] = NAME,
	[IMS_A_VECTOR_INDEX] = ANY,
};

static const struct rule vector_dump[] = {
	[IMS_A_VECTOR_DEVICE_ID] = ANY,
	[IMS_A_VECTOR_DEVICE_NAME] = NAME,
	[IMS_A_VECTOR_STATE] = UP_TO(IMS_VECTOR_STATE_LIVE),
	[IMS_A_VECTOR_BACKING] = UP_TO(IMS_VECTOR_BACKING_EMULATED),
	[IMS_A_VECTOR_NONZERO] = { FLAG },
};

static const struct rule vector_set[] = {
	[IMS_A_VECTOR_DEVICE_ID] = ANY,
	[IMS_A_VECTOR_DEVICE_NAME] = NAME,
	[IMS_A_VECTOR_INDEX] = ANY,
	[IMS_A_VECTOR_COUNT] = { U32, 1, UINT32_MAX },
	[IMS_A_VECTOR_LIST] = ANY,
	[IMS_A_VECTOR_AFFINITY] = { STRING, 0, IMS_CPULIST_MAX },
	[IMS_A_VECTOR_COOKIE] = { U64 },
	[IMS_A_VECTOR_COOKIE_CLEAR] = { FLAG },
	[IMS_A_VECTOR_COOKIE_MODE] = UP_TO(IMS_COOKIE_MODE_NOW),
	[IMS_A_VECTOR_VALIDATE_ONLY] = { FLAG },
};

static const struct rule vector_restrain[] = {
	[IMS_A_VECTOR_DEVICE_ID] = ANY,
	[IMS_A_VECTOR_DEVICE_NAME] = NAME,
	[IMS_A_VECTOR_INDEX] = ANY,
	[IMS_A_VECTOR_COUNT] = { U32, 1, UINT32_MAX },
	[IMS_A_VECTOR_LIST] = ANY,
	[IMS_A_VECTOR_QUIET] = { FLAG },
	[IMS_A_VECTOR_QUIET_CLEAR] = { FLAG },
	[IMS_A_VECTOR_RATE_LIMIT] = UP_TO(IMS_RATE_LIMIT_MAX),
	[IMS_A_VECTOR_VALIDATE_ONLY] = { FLAG },
};

static const struct rule trigger[] = {
	[IMS_A_VECTOR_DEVICE_ID] = ANY,
	[IMS_A_VECTOR_DEVICE_NAME] = NAME,
	[IMS_A_VECTOR_INDEX] = ANY,
	[IMS_A_VECTOR_COUNT] = { U32, 1, UINT32_MAX },
	[IMS_A_VECTOR_LIST] = ANY,
	[IMS_A_VECTOR_PATH] = UP_TO(IMS_TRIGGER_PATH_INTERRUPT),
	[IMS_A_VECTOR_VALIDATE_ONLY] = { FLAG },
};

static const struct rule stats_reset[] = {
	[IMS_A_VECTOR_DEVICE_ID] = ANY,
	[IMS_A_VECTOR_DEVICE_NAME] = NAME,
	[IMS_A_VECTOR_INDEX] = ANY,
	[IMS_A_VECTOR_COUNT] = { U32, 1, UINT32_MAX },
	[IMS_A_VECTOR_LIST] = ANY,
	[IMS_A_VECTOR_VALIDATE_ONLY] = { FLAG },
};

struct policy {
	const struct rule *rules;
	int max;
};

#define POLICY(rules)	{ rules, sizeof(rules) / sizeof((rules)[0]) - 1 }

static const struct policy dos[IMS_CMD_MAX + 1] = {
	[IMS_CMD_STORE_GET] = POLICY(store_get),
	[IMS_CMD_STORE_SET] = POLICY(store_set),
	[IMS_CMD_STORE_STATS_RESET] = POLICY(store_stats_reset),
	[IMS_CMD_DEVICE_GET] = POLICY(device_get),
	[IMS_CMD_DEVICE_SET] = POLICY(device_set),
	[IMS_CMD_VECTOR_GET] = POLICY(vector_get),
	[IMS_CMD_VECTOR_SET] = POLICY(vector_set),
	[IMS_CMD_VECTOR_RESTRAIN] = POLICY(vector_restrain),
	[IMS_CMD_TRIGGER] = POLICY(trigger),
	[IMS_CMD_STATS_RESET] = POLICY(stats_reset),
};

static const struct policy dumps[IMS_CMD_MAX + 1] = {
	[IMS_CMD_DEVICE_GET] = POLICY(device_dump),
	[IMS_CMD_VECTOR_GET] = POLICY(vector_dump),
};

static bool check_one(const struct fake_call *call, const struct rule *rule,
		      const struct nlattr *nla)
{
	static const int lengths[] = { [U32] = 4, [U64] = 8 };
	static const char failed[] = "Attribute failed policy validation";
	int len = nla_len(nla);

	switch (rule->kind) {
	case NONE:
		fake_refuse(call, -EINVAL, nla, "Unsupported attribute");
		return false;
	case U32:
	case U64:
		if (len != lengths[rule->kind]) {
			fake_refuse(call, -EINVAL, nla,
				    "invalid attribute length");
			return false;
		}
		if (rule->kind == U64 || (nla_get_u32(nla) >= rule->min &&
					  nla_get_u32(nla) <= rule->max))
			return true;
		fake_refuse(call, -ERANGE, nla, "integer out of range");
		return false;
	case FLAG:
		if (!len)
			return true;
		fake_refuse(call, -ERANGE, nla, failed);
		return false;
	case STRING:
		if (len > 0 && strnlen(nla_data(nla), len) < (size_t)len &&
		    strlen(nla_data(nla)) <= rule->max)
			return true;
		fake_refuse(call, -EINVAL, nla, failed);
		return false;
	}
	return false;
}

bool fake_validate(struct fake_call *call)
{
	const struct policy *policy = call->dump ? &dumps[call->cmd] :
						   &dos[call->cmd];
	struct nlattr *nla;
	int rest;

	/* An operation without a policy does not look at attributes. */
	if (!policy->rules)
		return true;

	nla_for_each_attr(nla, nlmsg_attrdata(call->request, GENL_HDRLEN),
			  nlmsg_attrlen(call->request, GENL_HDRLEN), rest) {
		int type = nla_type(nla);

		if (!type || type > policy->max) {
			fake_refuse(call, -EINVAL, nla,
				    "Unknown attribute type");
			return false;
		}
		if (!check_one(call, &policy->rules[type], nla))
			return false;
		call->attrs[type] = nla;
	}
	if (rest) {
		fake_refuse(call, -EINVAL, NULL,
			    "bytes leftover after parsing attributes");
		return false;
	}
	return true;
}
