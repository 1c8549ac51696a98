// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every operation by every attribute of its set: too short, too long, without
 * NUL, out of range, not taken by the operation, missing, unknown. Errno, text
 * and blame of each are checked, and that nothing has changed.
 */
#include <sched.h>
#include <stdio.h>

#include "raw.h"

/* Where an operation takes an attribute; not at all if in none of these. */
#define DO	1
#define DUMP	2
#define BOTH	(DO | DUMP)

enum type { U32, U64, STRING, FLAG };

/**
 * struct attr - an attribute as an operation takes it
 * @where: in requests of which kind
 * @least: least value of a number
 * @most: greatest value of a number that the policy knows of; 0: any. Longest
 *	string
 */
struct attr {
	int type;
	enum type is;
	int where;
	uint32_t least;
	uint32_t most;
};

/* @max: highest attribute of the operation's set */
struct op {
	const char *name;
	uint8_t cmd;
	int kinds;
	int max;
	struct attr attrs[12];
};

#define STORE_NAMED	{ IMS_A_STORE_ID, U32, DO, 0, 0 }, \
			{ IMS_A_STORE_NAME, STRING, DO, 0, IMS_NAME_MAX }
#define DEVICE_NAMED	{ IMS_A_DEVICE_ID, U32, DO, 0, 0 }, \
			{ IMS_A_DEVICE_NAME, STRING, DO, 0, IMS_NAME_MAX }
#define VECTOR_NAMED(w)	{ IMS_A_VECTOR_DEVICE_ID, U32, w, 0, 0 }, \
			{ IMS_A_VECTOR_DEVICE_NAME, STRING, w, 0, IMS_NAME_MAX }
#define VALIDATE(set)	{ IMS_A_##set##_VALIDATE_ONLY, FLAG, DO, 0, 0 }

static const struct op ops[] = {
	{ "store-get", IMS_CMD_STORE_GET, BOTH, IMS_A_STORE_MAX,
	  { STORE_NAMED } },
	{ "store-set", IMS_CMD_STORE_SET, DO, IMS_A_STORE_MAX,
	  { STORE_NAMED, { IMS_A_STORE_LIMIT, U32, DO, 0, 0 },
	    VALIDATE(STORE) } },
	{ "store-stats-reset", IMS_CMD_STORE_STATS_RESET, DO, IMS_A_STORE_MAX,
	  { STORE_NAMED, VALIDATE(STORE) } },
	{ "device-get", IMS_CMD_DEVICE_GET, BOTH, IMS_A_DEVICE_MAX,
	  { DEVICE_NAMED, { IMS_A_DEVICE_STORE_ID, U32, DUMP, 0, 0 } } },
	{ "device-set", IMS_CMD_DEVICE_SET, DO, IMS_A_DEVICE_MAX,
	  { DEVICE_NAMED, { IMS_A_DEVICE_LIMIT, U32, DO, 0, 0 },
	    { IMS_A_DEVICE_RESERVATION, U32, DO, 0, 0 },
	    { IMS_A_DEVICE_DEFAULT_COOKIE, U64, DO, 0, 0 },
	    { IMS_A_DEVICE_BYPASS, U32, DO, 0, IMS_BYPASS_MODE_OFF },
	    { IMS_A_DEVICE_RATE_LIMIT, U32, DO, 0, IMS_RATE_LIMIT_MAX },
	    VALIDATE(DEVICE) } },
	{ "vector-get", IMS_CMD_VECTOR_GET, BOTH, IMS_A_VECTOR_MAX,
	  { VECTOR_NAMED(BOTH), { IMS_A_VECTOR_INDEX, U32, DO, 0, 0 },
	    { IMS_A_VECTOR_STATE, U32, DUMP, 0, IMS_VECTOR_STATE_LIVE },
	    { IMS_A_VECTOR_BACKING, U32, DUMP, 0, IMS_VECTOR_BACKING_EMULATED },
	    { IMS_A_VECTOR_NONZERO, FLAG, DUMP, 0, 0 } } },
	{ "vector-set", IMS_CMD_VECTOR_SET, DO, IMS_A_VECTOR_MAX,
	  { VECTOR_NAMED(DO), { IMS_A_VECTOR_INDEX, U32, DO, 0, 0 },
	    { IMS_A_VECTOR_COUNT, U32, DO, 1, 0 },
	    { IMS_A_VECTOR_LIST, U32, DO, 0, 0 },
	    { IMS_A_VECTOR_AFFINITY, STRING, DO, 0, IMS_CPULIST_MAX },
	    { IMS_A_VECTOR_COOKIE, U64, DO, 0, 0 },
	    { IMS_A_VECTOR_COOKIE_CLEAR, FLAG, DO, 0, 0 },
	    { IMS_A_VECTOR_COOKIE_MODE, U32, DO, 0, IMS_COOKIE_MODE_NOW },
	    VALIDATE(VECTOR) } },
	{ "vector-restrain", IMS_CMD_VECTOR_RESTRAIN, DO, IMS_A_VECTOR_MAX,
	  { VECTOR_NAMED(DO), { IMS_A_VECTOR_INDEX, U32, DO, 0, 0 },
	    { IMS_A_VECTOR_COUNT, U32, DO, 1, 0 },
	    { IMS_A_VECTOR_LIST, U32, DO, 0, 0 },
	    { IMS_A_VECTOR_QUIET, FLAG, DO, 0, 0 },
	    { IMS_A_VECTOR_QUIET_CLEAR, FLAG, DO, 0, 0 },
	    { IMS_A_VECTOR_RATE_LIMIT, U32, DO, 0, IMS_RATE_LIMIT_MAX },
	    VALIDATE(VECTOR) } },
	{ "trigger", IMS_CMD_TRIGGER, DO, IMS_A_VECTOR_MAX,
	  { VECTOR_NAMED(DO), { IMS_A_VECTOR_INDEX, U32, DO, 0, 0 },
	    { IMS_A_VECTOR_COUNT, U32, DO, 1, 0 },
	    { IMS_A_VECTOR_LIST, U32, DO, 0, 0 },
	    { IMS_A_VECTOR_PATH, U32, DO, 0, IMS_TRIGGER_PATH_INTERRUPT },
	    VALIDATE(VECTOR) } },
	{ "stats-reset", IMS_CMD_STATS_RESET, DO, IMS_A_VECTOR_MAX,
	  { VECTOR_NAMED(DO), { IMS_A_VECTOR_INDEX, U32, DO, 0, 0 },
	    { IMS_A_VECTOR_COUNT, U32, DO, 1, 0 },
	    { IMS_A_VECTOR_LIST, U32, DO, 0, 0 }, VALIDATE(VECTOR) } },
};

static struct wq wq, other;
static unsigned int cells;

static const struct attr *attr_of(const struct op *op, int type, int kind)
{
	size_t i;

	for (i = 0; i < sizeof(op->attrs) / sizeof(*op->attrs); i++)
		if (op->attrs[i].type == type && op->attrs[i].where & kind)
			return &op->attrs[i];
	return NULL;
}

/* One cell: a request with nothing but this attribute is refused for it. */
static void refuse(const struct op *op, int kind, int type, const void *data,
		   int size, int err, const char *part)
{
	struct nl_msg *msg = raw_request(op->cmd, kind == DUMP ? NLM_F_DUMP :
								 NLM_F_ACK);
	char text[256];
	uint32_t offset;
	int ret;

	assert_int_equal(nla_put(msg, type, size, data), 0);
	ret = raw_ask(msg, text, sizeof(text), &offset);
	if (ret != err || !strstr(text, part) || !offset)
		fail_msg("%s, %s, attribute %d, %d bytes: %d \"%s\", blame at %u; not %d \"%s\"",
			 op->name, kind == DUMP ? "dump" : "do", type, size,
			 ret, text, offset, err, part);
	cells++;
}

static void number(const struct op *op, int kind, const struct attr *a)
{
	static const unsigned char bytes[16];
	int size = a->is == U64 ? 8 : 4;
	uint32_t value;

	refuse(op, kind, a->type, bytes, 0, -EINVAL, "nvalid attribute length");
	refuse(op, kind, a->type, bytes, size - 1, -EINVAL, "nvalid attribute length");
	refuse(op, kind, a->type, bytes, size + 1, -EINVAL, "nvalid attribute length");
	if (a->most) {
		value = a->most + 1;
		refuse(op, kind, a->type, &value, 4, -ERANGE, "integer out of range");
		value = UINT32_MAX;
		refuse(op, kind, a->type, &value, 4, -ERANGE, "integer out of range");
	}
	if (a->least) {
		value = a->least - 1;
		refuse(op, kind, a->type, &value, 4, -ERANGE, "integer out of range");
	}
}

static void string(const struct op *op, int kind, const struct attr *a)
{
	char bytes[1024];

	memset(bytes, 'x', sizeof(bytes));
	refuse(op, kind, a->type, bytes, 0, -EINVAL, "");
	refuse(op, kind, a->type, bytes, 3, -EINVAL, "");
	bytes[a->most + 1] = 0;
	refuse(op, kind, a->type, bytes, a->most + 2, -EINVAL, "");
}

/* Each attribute of the set, and two beyond. */
static void attributes(const struct op *op, int kind)
{
	static const unsigned char bytes[16];
	const struct attr *a;
	int type;

	for (type = 1; type <= op->max + 2; type++) {
		a = attr_of(op, type, kind);
		if (!a)
			refuse(op, kind, type, bytes, 4, -EINVAL, "attribute");
		else if (a->is == STRING)
			string(op, kind, a);
		else if (a->is == FLAG)
			refuse(op, kind, type, bytes, 4, -ERANGE, "");
		else
			number(op, kind, a);
	}
}

static void lengths_and_ranges(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ops) / sizeof(*ops); i++) {
		attributes(&ops[i], DO);
		if (ops[i].kinds & DUMP)
			attributes(&ops[i], DUMP);
	}
	print_message("# %u cells\n", cells);
}

/* What is wrong with requests that are well-formed: one line each. */
struct wrong {
	uint8_t cmd;
	int err;
	const char *text;
	/* Which of its attributes is to blame, from 1 on; 0 for none. */
	unsigned int blamed;
	/* Attributes: type, 4 for u32, 8 for u64, 0 for a flag, -1 for text. */
	struct {
		int type;
		int size;
		uint64_t value;
		const char *text;
	} attrs[6];
};

#define N(type, value)	{ type, 4, value, NULL }
#define L(type, value)	{ type, 8, value, NULL }
#define F(type)		{ type, 0, 0, NULL }
#define S(type, text)	{ type, -1, 0, text }
#define WQ		S(IMS_A_VECTOR_DEVICE_NAME, NULL)
#define DEV		S(IMS_A_DEVICE_NAME, NULL)
#define STO		N(IMS_A_STORE_ID, UINT64_MAX)

/* Work queue: vector 0 emulated and live, 1 to 4 live, 5 idle, 6 on absent. */
static const struct wrong wrongs[] = {
	{ IMS_CMD_STORE_GET, -EINVAL, "no store given", 0, { } },
	{ IMS_CMD_STORE_GET, -ENODEV, "no such store", 1, { N(IMS_A_STORE_ID, 9999) } },
	{ IMS_CMD_STORE_GET, -ENODEV, "no such store", 1, { S(IMS_A_STORE_NAME, "0000:00:00.0") } },
	{ IMS_CMD_STORE_GET, -EINVAL, "name the store by its id or by its name, not by both", 2,
	  { STO, S(IMS_A_STORE_NAME, "x") } },
	{ IMS_CMD_STORE_SET, -EINVAL, "no store given", 0, { N(IMS_A_STORE_LIMIT, 1) } },
	{ IMS_CMD_STORE_SET, -EINVAL, "nothing to change", 0, { STO } },
	{ IMS_CMD_STORE_SET, -EINVAL, "the limit is above the store's", 2, { STO, N(IMS_A_STORE_LIMIT, UINT32_MAX) } },
	{ IMS_CMD_STORE_SET, -EBUSY, "slots are in use or reserved, more than the limit", 2,
	  { STO, N(IMS_A_STORE_LIMIT, 0) } },
	{ IMS_CMD_STORE_SET, -EBUSY, "more than the limit", 2,
	  { STO, N(IMS_A_STORE_LIMIT, 0), F(IMS_A_STORE_VALIDATE_ONLY) } },
	{ IMS_CMD_STORE_STATS_RESET, -EINVAL, "no store given", 0, { } },
	{ IMS_CMD_STORE_STATS_RESET, -ENODEV, "no such store", 1, { N(IMS_A_STORE_ID, 9999) } },

	{ IMS_CMD_DEVICE_SET, -EINVAL, "no device given", 0, { N(IMS_A_DEVICE_LIMIT, 1) } },
	{ IMS_CMD_DEVICE_SET, -ENODEV, "no such virtual device is open", 1,
	  { S(IMS_A_DEVICE_NAME, "nosuch"), N(IMS_A_DEVICE_LIMIT, 1) } },
	{ IMS_CMD_DEVICE_SET, -EINVAL, "nothing to change", 0, { DEV } },
	{ IMS_CMD_DEVICE_SET, -EINVAL, "nothing to change", 0, { DEV, F(IMS_A_DEVICE_VALIDATE_ONLY) } },
	{ IMS_CMD_DEVICE_SET, -EINVAL, "the limit is above the 33 slots that the device can use", 2,
	  { DEV, N(IMS_A_DEVICE_LIMIT, UINT32_MAX) } },
	{ IMS_CMD_DEVICE_SET, -EBUSY, "4 slots are in use, more than the limit", 2,
	  { DEV, N(IMS_A_DEVICE_LIMIT, 3), N(IMS_A_DEVICE_RESERVATION, 0) } },
	{ IMS_CMD_DEVICE_SET, -EINVAL, "a reservation of 9 is above the limit of 8", 3,
	  { DEV, N(IMS_A_DEVICE_LIMIT, 8), N(IMS_A_DEVICE_RESERVATION, 9) } },
	{ IMS_CMD_DEVICE_SET, -EINVAL, "a reservation of 9 is above the limit of 8", 3,
	  { DEV, N(IMS_A_DEVICE_LIMIT, 8), N(IMS_A_DEVICE_RESERVATION, 9),
	    L(IMS_A_DEVICE_DEFAULT_COOKIE, 1), N(IMS_A_DEVICE_BYPASS, 1),
	    N(IMS_A_DEVICE_RATE_LIMIT, 9) } },
	/* The other work queue has reserved 30 of 60. */
	{ IMS_CMD_DEVICE_SET, -ENOSPC, "slots that can still be reserved", 3,
	  { DEV, N(IMS_A_DEVICE_LIMIT, 0), N(IMS_A_DEVICE_RESERVATION, 33) } },

	{ IMS_CMD_VECTOR_GET, -EINVAL, "no vector given", 0, { WQ } },
	{ IMS_CMD_VECTOR_GET, -EINVAL, "no device given", 0, { N(IMS_A_VECTOR_INDEX, 1) } },
	{ IMS_CMD_VECTOR_SET, -EINVAL, "no device given", 0, { N(IMS_A_VECTOR_INDEX, 1), L(IMS_A_VECTOR_COOKIE, 1) } },
	{ IMS_CMD_VECTOR_SET, -EINVAL, "no vector given", 0, { WQ, L(IMS_A_VECTOR_COOKIE, 1) } },
	{ IMS_CMD_VECTOR_SET, -ENOENT, "vector 32 is beyond the 32 declared", 2,
	  { WQ, N(IMS_A_VECTOR_INDEX, 32), L(IMS_A_VECTOR_COOKIE, 1) } },
	{ IMS_CMD_VECTOR_SET, -EINVAL, "nothing to change", 0, { WQ, N(IMS_A_VECTOR_INDEX, 1) } },
	{ IMS_CMD_VECTOR_SET, -EINVAL, "set the cookie or clear it, not both", 4,
	  { WQ, N(IMS_A_VECTOR_INDEX, 1), L(IMS_A_VECTOR_COOKIE, 1), F(IMS_A_VECTOR_COOKIE_CLEAR) } },
	{ IMS_CMD_VECTOR_SET, -EINVAL, "a cookie's mode goes with a cookie", 3,
	  { WQ, N(IMS_A_VECTOR_INDEX, 1), N(IMS_A_VECTOR_COOKIE_MODE, 0), S(IMS_A_VECTOR_AFFINITY, "0") } },
	{ IMS_CMD_VECTOR_SET, -EINVAL, "go in two requests", 4,
	  { WQ, N(IMS_A_VECTOR_INDEX, 1), L(IMS_A_VECTOR_COOKIE, 1), N(IMS_A_VECTOR_COOKIE_MODE, 1),
	    S(IMS_A_VECTOR_AFFINITY, "0") } },
	{ IMS_CMD_VECTOR_SET, -EINVAL, "vector 0 is emulated and has no cookie", 3,
	  { WQ, N(IMS_A_VECTOR_INDEX, 0), L(IMS_A_VECTOR_COOKIE, 1) } },
	{ IMS_CMD_VECTOR_SET, -EINVAL, "vector 0 is emulated and has no cookie", 3,
	  { WQ, N(IMS_A_VECTOR_INDEX, 0), F(IMS_A_VECTOR_COOKIE_CLEAR), F(IMS_A_VECTOR_VALIDATE_ONLY) } },
	{ IMS_CMD_VECTOR_SET, -EINVAL, "vector 0 is emulated and has no affinity", 3,
	  { WQ, N(IMS_A_VECTOR_INDEX, 0), S(IMS_A_VECTOR_AFFINITY, "0") } },
	{ IMS_CMD_VECTOR_SET, -EINVAL, "not a list of CPUs", 3,
	  { WQ, N(IMS_A_VECTOR_INDEX, 1), S(IMS_A_VECTOR_AFFINITY, "zero") } },
	{ IMS_CMD_VECTOR_SET, -EINVAL, "not a list of CPUs", 3,
	  { WQ, N(IMS_A_VECTOR_INDEX, 1), S(IMS_A_VECTOR_AFFINITY, "3-1") } },
	{ IMS_CMD_VECTOR_SET, -EINVAL, "not a list of CPUs", 3,
	  { WQ, N(IMS_A_VECTOR_INDEX, 1), S(IMS_A_VECTOR_AFFINITY, "0-9999") } },
	{ IMS_CMD_VECTOR_SET, -EPERM, "is not one that the caller may run on", 3,
	  { WQ, N(IMS_A_VECTOR_INDEX, 1), S(IMS_A_VECTOR_AFFINITY, "0-1") } },

	{ IMS_CMD_VECTOR_RESTRAIN, -EINVAL, "no device given", 0, { F(IMS_A_VECTOR_QUIET) } },
	{ IMS_CMD_VECTOR_RESTRAIN, -EINVAL, "no vector given", 0, { WQ, F(IMS_A_VECTOR_QUIET) } },
	{ IMS_CMD_VECTOR_RESTRAIN, -EINVAL, "name vectors as a range or as a list", 4,
	  { WQ, N(IMS_A_VECTOR_INDEX, 1), F(IMS_A_VECTOR_QUIET), N(IMS_A_VECTOR_LIST, 2) } },
	{ IMS_CMD_VECTOR_RESTRAIN, -ENOENT, "vector 32 is beyond the 32 declared", 3,
	  { WQ, N(IMS_A_VECTOR_LIST, 1), N(IMS_A_VECTOR_LIST, 32), F(IMS_A_VECTOR_QUIET) } },
	{ IMS_CMD_VECTOR_RESTRAIN, -ENOENT, "vector 33 is beyond the 32 declared", 2,
	  { WQ, N(IMS_A_VECTOR_INDEX, 30), N(IMS_A_VECTOR_COUNT, 4), N(IMS_A_VECTOR_RATE_LIMIT, 5) } },
	{ IMS_CMD_VECTOR_RESTRAIN, -EINVAL, "nothing to change", 0,
	  { WQ, N(IMS_A_VECTOR_INDEX, 1), F(IMS_A_VECTOR_VALIDATE_ONLY) } },
	{ IMS_CMD_VECTOR_RESTRAIN, -EINVAL, "hold the vectors or end that, not both", 4,
	  { WQ, N(IMS_A_VECTOR_INDEX, 1), F(IMS_A_VECTOR_QUIET), F(IMS_A_VECTOR_QUIET_CLEAR) } },

	{ IMS_CMD_TRIGGER, -EINVAL, "name vectors as a range or as a list", 3,
	  { WQ, N(IMS_A_VECTOR_INDEX, 1), N(IMS_A_VECTOR_LIST, 2) } },
	{ IMS_CMD_TRIGGER, -EINVAL, "name vectors as a range or as a list", 3,
	  { WQ, N(IMS_A_VECTOR_COUNT, 1), N(IMS_A_VECTOR_LIST, 2) } },
	{ IMS_CMD_TRIGGER, -ENOENT, "vector 32 is beyond the 32 declared", 3,
	  { WQ, N(IMS_A_VECTOR_LIST, 1), N(IMS_A_VECTOR_LIST, 32) } },
	{ IMS_CMD_TRIGGER, -EINVAL, "vector 6 has no trigger", 3,
	  { WQ, N(IMS_A_VECTOR_LIST, 1), N(IMS_A_VECTOR_LIST, 6) } },
	{ IMS_CMD_TRIGGER, -EINVAL, "vector 0 has no Linux interrupt", 2,
	  { WQ, N(IMS_A_VECTOR_INDEX, 0), N(IMS_A_VECTOR_COUNT, 4), N(IMS_A_VECTOR_PATH, 1) } },
	{ IMS_CMD_TRIGGER, -EINVAL, "vector 5 has no Linux interrupt", 2,
	  { WQ, N(IMS_A_VECTOR_INDEX, 5), N(IMS_A_VECTOR_PATH, 1), F(IMS_A_VECTOR_VALIDATE_ONLY) } },
	{ IMS_CMD_STATS_RESET, -EINVAL, "no device given", 0, { } },
	{ IMS_CMD_STATS_RESET, -EINVAL, "no vector given", 0, { WQ, N(IMS_A_VECTOR_COUNT, 2) } },
	{ IMS_CMD_STATS_RESET, -ENOENT, "vector 33 is beyond the 32 declared", 2,
	  { WQ, N(IMS_A_VECTOR_INDEX, 30), N(IMS_A_VECTOR_COUNT, 4) } },
};

static uint32_t store_id;

static void put(struct nl_msg *msg, int type, int size, uint64_t value,
		const char *text)
{
	int ret;

	if (size < 0)
		ret = nla_put_string(msg, type, text ? text : wq.name);
	else if (!size)
		ret = nla_put_flag(msg, type);
	else if (size == 8)
		ret = nla_put_u64(msg, type, value);
	else
		ret = nla_put_u32(msg, type, value == UINT64_MAX ? store_id :
								   value);
	assert_int_equal(ret, 0);
}

/* The attribute that begins at @offset of a request: see struct wrong. */
static unsigned int attribute_at(const struct nl_msg *msg, uint32_t offset)
{
	const struct nlmsghdr *nlh = nlmsg_hdr((struct nl_msg *)msg);
	const struct nlattr *nla;
	unsigned int number = 0;
	int rest;

	nla_for_each_attr(nla, nlmsg_attrdata(nlh, GENL_HDRLEN),
			  nlmsg_attrlen(nlh, GENL_HDRLEN), rest) {
		number++;
		if ((const char *)nla - (const char *)nlh == offset)
			return number;
	}
	return offset ? UINT32_MAX : 0;
}

static void meanings(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(wrongs) / sizeof(*wrongs); i++) {
		const struct wrong *w = &wrongs[i];
		struct nl_msg *msg = raw_request(w->cmd, NLM_F_ACK);
		unsigned int blamed;
		char text[256];
		uint32_t offset;
		int ret;

		for (k = 0; k < 6 && w->attrs[k].type; k++)
			put(msg, w->attrs[k].type, w->attrs[k].size,
			    w->attrs[k].value, w->attrs[k].text);
		/* It is freed by the question. */
		nlmsg_get(msg);
		ret = raw_ask(msg, text, sizeof(text), &offset);
		blamed = attribute_at(msg, offset);
		nlmsg_free(msg);
		if (ret != w->err || !strstr(text, w->text) ||
		    blamed != w->blamed)
			fail_msg("request %zu (operation %u): %d \"%s\", attribute %u to blame; not %d \"%s\", %u",
				 i, w->cmd, ret, text, blamed, w->err, w->text,
				 w->blamed);
	}
	print_message("# %zu requests\n", i);
}

/* All that libims tells of the work queue and its store, as text. */
static void look(char *buf, size_t size)
{
	struct ims_vector_list *vectors;
	struct ims_device *device;
	struct ims_store *store;
	uint64_t n[8] = { 0 };
	uint32_t m[8] = { 0 };
	size_t i, len;

	assert_int_equal(ims_device_get(wq.ctx, wq.name, &device), 0);
	assert_int_equal(ims_store_get_by_id(wq.ctx, store_id, &store), 0);
	ims_device_get_limit(device, &m[0]);
	ims_device_get_reservation(device, &m[1]);
	ims_device_get_slots(device, &m[2]);
	ims_device_get_default_cookie(device, &n[0]);
	ims_device_get_bypass(device, &m[5]);
	ims_device_get_quiet(device, &m[6]);
	ims_device_get_rate_limit(device, &m[7]);
	ims_store_get_limit(store, &m[3]);
	ims_store_get_peak(store, &m[4]);
	ims_store_get_failures(store, &n[1]);
	len = snprintf(buf, size, "%u %u %u %llx %u %u %u / %u %u %llu\n", m[0],
		       m[1], m[2], (unsigned long long)n[0], m[5], m[6], m[7],
		       m[3], m[4], (unsigned long long)n[1]);
	assert_int_equal(ims_vector_list_get_by_device(wq.ctx, device, &vectors), 0);
	for (i = 0; i < ims_vector_list_count(vectors); i++) {
		const struct ims_vector *v = ims_vector_list_at(vectors, i);
		const char *affinity = ims_vector_get_affinity(v);

		ims_vector_get_index(v, &m[0]);
		ims_vector_get_state(v, &m[1]);
		if (ims_vector_get_slot(v, &m[2]))
			m[2] = UINT32_MAX;
		if (ims_vector_get_cookie(v, &n[0]))
			n[0] = 0;
		if (ims_vector_get_pending_cookie(v, &n[1]))
			n[1] = 0;
		if (ims_vector_get_rate_limit(v, &m[3]))
			m[3] = 0;
		ims_vector_get_loopback(v, &n[2]);
		ims_vector_get_delivered(v, &n[3]);
		ims_vector_get_since(v, &n[4]);
		ims_vector_get_failed(v, &n[5]);
		len += snprintf(buf + len, size - len,
				"%u: %u %d %d %u %llx %llx %s %llu %llu %llu %llu\n",
				m[0], m[1], (int)m[2], ims_vector_is_quiet(v), m[3],
				(unsigned long long)n[0],
				(unsigned long long)n[1],
				affinity ? affinity : "-",
				(unsigned long long)n[2],
				(unsigned long long)n[3],
				(unsigned long long)n[4],
				(unsigned long long)n[5]);
		assert_true(len < size);
	}
	ims_vector_list_free(vectors);
	ims_device_free(device);
	ims_store_free(store);
}

static char before[16384];

static void reserve(struct wq *q, uint32_t slots)
{
	struct ims_device_config *config;
	struct ims_device *device;

	assert_int_equal(ims_device_config_new(&config), 0);
	assert_int_equal(ims_device_config_set_reservation(config, slots), 0);
	assert_int_equal(ims_device_get(q->ctx, q->name, &device), 0);
	assert_int_equal(ims_device_configure(q->ctx, device, config, 0), 0);
	ims_device_free(device);
	ims_device_config_free(config);
}

/* What the store may lend; 0: all that it has */
static void lend(uint32_t slots)
{
	struct ims_store *store;

	assert_int_equal(ims_store_get_by_id(wq.ctx, store_id, &store), 0);
	if (!slots)
		assert_int_equal(ims_store_get_size(store, &slots), 0);
	assert_int_equal(limit_store(wq.ctx, store, slots, 0), 0);
	ims_store_free(store);
}

static int group_setup(void **state)
{
	struct ims_device *device;
	cpu_set_t cpus;

	(void)state;
	/* What affinity may be set to is what we may run on. */
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	assert_int_equal(sched_setaffinity(0, sizeof(cpus), &cpus), 0);

	raw_open();
	case_open(&wq, 0);
	case_open(&other, 1);
	/* A device of 32 vectors can have 33 slots. */
	reserve(&other, 30);
	assert_int_equal(wq_bind(&wq, 0, 6), 0);
	assert_int_equal(ims_vfio_unbind(wq.vfio, 5, 1), 0);
	assert_int_equal(ims_device_get(wq.ctx, wq.name, &device), 0);
	assert_int_equal(ims_device_get_store_id(device, &store_id), 0);
	ims_device_free(device);
	lend(60);
	look(before, sizeof(before));
	return 0;
}

static void nothing_has_changed(void **state)
{
	static char after[sizeof(before)];
	uint32_t v;

	(void)state;
	look(after, sizeof(after));
	assert_string_equal(before, after);
	for (v = 0; v < 5; v++)
		assert_int_equal(wq_take(&wq, v), 0);
}

static int group_teardown(void **state)
{
	(void)state;
	lend(0);
	wq_close(&wq);
	wq_close(&other);
	raw_close();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_and_ranges),
		cmocka_unit_test(meanings),
		cmocka_unit_test(nothing_has_changed),
	};

	return cmocka_run_group_tests_name("matrix", tests, group_setup,
					   group_teardown);
}
