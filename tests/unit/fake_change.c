// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes of the simulated kernel's vectors: cookies and affinities.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake_events.h"
#include "fake_wire.h"

/* A list such as "0-3,8" as bits; false when it is none of CPUs of this host. */
static bool parse_cpus(const char *text, uint64_t *cpus)
{
	unsigned long first, last;
	char *end;

	*cpus = 0;
	do {
		if (*text < '0' || *text > '9')
			return false;
		first = last = strtoul(text, &end, 10);
		if (*end == '-') {
			if (end[1] < '0' || end[1] > '9')
				return false;
			last = strtoul(end + 1, &end, 10);
		}
		for (; first <= last; first++) {
			if (first > 63 ||
			    !(fake_kernel.cpus_possible & UINT64_C(1) << first))
				return false;
			*cpus |= UINT64_C(1) << first;
		}
		text = end + 1;
	} while (*end == ',');
	return *cpus && !*end;
}

/*
 * False when the call was ended. @slots: how many are needed for those that were
 * checked before; counted on.
 */
static bool check_cookie(const struct fake_call *call,
			 const struct fake_device *d,
			 const struct fake_vector *v, uint32_t index,
			 uint32_t *slots)
{
	struct nlattr *cookie = call->attrs[IMS_A_VECTOR_COOKIE];
	struct nlattr *clear = call->attrs[IMS_A_VECTOR_COOKIE_CLEAR];
	struct nlattr *mode = call->attrs[IMS_A_VECTOR_COOKIE_MODE];
	bool now = mode && nla_get_u32(mode) == IMS_COOKIE_MODE_NOW;
	const struct fake_store *store = fake_store_of(d);
	struct nlattr *either = cookie ? cookie : clear;
	struct fake_figures f;

	if (!either)
		return true;
	if (v && v->backing == IMS_VECTOR_BACKING_EMULATED) {
		fake_refuse(call, -EINVAL, either,
			    "vector %u is emulated and has no cookie", index);
		return false;
	}
	if (!fake_may_set_cookie(call, d, either, cookie))
		return false;
	fake_store_figures(store, &f);
	if (now && v && v->has_slot &&
	    f.used + f.unmet + (*slots)++ >= store->limit) {
		fake_refuse(call, -ENOSPC, either,
			    "vector %u needs another slot for its cookie now, and none is left",
			    index);
		return false;
	}
	return true;
}

static bool check_affinity(const struct fake_call *call,
			   const struct fake_vector *v, uint32_t index,
			   uint64_t cpus)
{
	struct nlattr *nla = call->attrs[IMS_A_VECTOR_AFFINITY];

	if (!nla)
		return true;
	if (v && v->backing == IMS_VECTOR_BACKING_EMULATED) {
		fake_refuse(call, -EINVAL, nla,
			    "vector %u is emulated and has no affinity", index);
		return false;
	}
	if (!cpus)
		return true;
	if (!(cpus & fake_kernel.cpus_online)) {
		fake_refuse(call, -EINVAL, nla,
			    "none of these CPUs is online");
		return false;
	}
	if (v && v->has_slot &&
	    !(cpus & fake_kernel.cpus_online & fake_kernel.cpus_free)) {
		fake_refuse(call, -ENOSPC, nla,
			    "vector %u: these CPUs have no interrupt vector left",
			    index);
		return false;
	}
	return true;
}

/* What can be said without the vector. False when the call was ended. */
static bool parse(const struct fake_call *call, uint64_t *cpus)
{
	struct nlattr *cookie = call->attrs[IMS_A_VECTOR_COOKIE];
	struct nlattr *clear = call->attrs[IMS_A_VECTOR_COOKIE_CLEAR];
	struct nlattr *mode = call->attrs[IMS_A_VECTOR_COOKIE_MODE];
	struct nlattr *affinity = call->attrs[IMS_A_VECTOR_AFFINITY];
	uint64_t forbidden;

	*cpus = 0;
	if (cookie && clear) {
		fake_refuse(call, -EINVAL, clear,
			    "set the cookie or clear it, not both");
		return false;
	}
	if (mode && !cookie && !clear) {
		fake_refuse(call, -EINVAL, mode,
			    "a cookie's mode goes with a cookie to be set or cleared");
		return false;
	}
	if (affinity && *(char *)nla_data(affinity) &&
	    !parse_cpus(nla_data(affinity), cpus)) {
		fake_refuse(call, -EINVAL, affinity,
			    "not a list of CPUs of this host, such as \"0-3,8\"");
		return false;
	}
	forbidden = *cpus & ~fake_kernel.cpus_allowed;
	if (forbidden) {
		fake_refuse(call, -EPERM, affinity,
			    "CPU %d is not one that the caller may run on",
			    __builtin_ctzll(forbidden));
		return false;
	}
	if (!cookie && !clear && !affinity) {
		fake_refuse(call, -EINVAL, NULL, "nothing to change");
		return false;
	}
	if (affinity && mode && nla_get_u32(mode) == IMS_COOKIE_MODE_NOW) {
		fake_refuse(call, -EINVAL, mode,
			    "a cookie that takes effect now and an affinity go in two requests");
		return false;
	}
	return true;
}

struct fake_vector *fake_new_vector(struct fake_device *d, uint32_t index)
{
	struct fake_vector *v = &d->vectors[d->num_vectors++];

	v->index = index;
	v->state = IMS_VECTOR_STATE_IDLE;
	v->cookie = d->default_cookie;
	v->since = fake_kernel.now;
	return v;
}

/* One that is in a slot stays there until the next allocation. */
static void set_cookie(struct fake_vector *v, uint64_t cookie)
{
	if (!v->has_slot)
		v->cookie = cookie;
	v->pending_cookie = cookie != v->cookie ? cookie : 0;
}

void fake_set_default_cookie(struct fake_device *d, uint64_t cookie, fake_tell *tell)
{
	size_t i;

	d->default_cookie = cookie;
	tell(IMS_CMD_DEVICE_CHANGE_NTF, d, NULL);
	for (i = 0; i < d->num_vectors; i++) {
		struct fake_vector *v = &d->vectors[i];

		if (v->cookie_own || v->backing == IMS_VECTOR_BACKING_EMULATED)
			continue;
		set_cookie(v, cookie);
		tell(IMS_CMD_VECTOR_CHANGE_NTF, d, v);
	}
}

static void apply(const struct fake_call *call, struct fake_device *d,
		  struct fake_vector *v)
{
	struct nlattr *cookie = call->attrs[IMS_A_VECTOR_COOKIE];
	struct nlattr *mode = call->attrs[IMS_A_VECTOR_COOKIE_MODE];
	struct nlattr *affinity = call->attrs[IMS_A_VECTOR_AFFINITY];
	bool now = mode && nla_get_u32(mode) == IMS_COOKIE_MODE_NOW;
	uint64_t value;

	if (cookie || call->attrs[IMS_A_VECTOR_COOKIE_CLEAR]) {
		value = cookie ? nla_get_u64(cookie) : d->default_cookie;
		v->cookie_own = cookie;
		if (now)
			v->cookie = value;
		set_cookie(v, value);
	}
	if (affinity)
		nla_strlcpy(v->affinity, affinity, sizeof(v->affinity));
}

/* Without a context it gets one, unless nothing is given to it. */
static void change(const struct fake_call *call, struct fake_device *d,
		   uint32_t index, bool gives)
{
	struct fake_vector *v = fake_kernel_vector(d, index);
	uint8_t cmd = v ? IMS_CMD_VECTOR_CHANGE_NTF : IMS_CMD_VECTOR_CREATE_NTF;

	if (!v && !gives)
		return;
	if (!v)
		v = fake_new_vector(d, index);
	apply(call, d, v);
	fake_events_tell(cmd, d, v);
}

/* False when the call was ended. */
static bool set_chosen(const struct fake_call *call, struct fake_device *d,
		       const struct fake_choice *c, uint64_t cpus)
{
	bool gives = call->attrs[IMS_A_VECTOR_COOKIE] || cpus;
	uint32_t i, slots = 0;

	for (i = c->first; i < c->first + c->count; i++) {
		struct fake_vector *v = fake_kernel_vector(d, i);

		if (c->bools && !c->bools[i])
			continue;
		if (!check_cookie(call, d, v, i, &slots) ||
		    !check_affinity(call, v, i, cpus))
			return false;
	}
	if (call->attrs[IMS_A_VECTOR_VALIDATE_ONLY])
		return true;
	if (!fake_may_change(call))
		return false;
	for (i = c->first; i < c->first + c->count; i++)
		if (!c->bools || c->bools[i])
			change(call, d, i, gives);
	return true;
}

void fake_vector_set(struct fake_call *call)
{
	struct fake_choice choice = { };
	struct fake_device *d;
	uint64_t cpus;

	d = fake_named_device(call, IMS_A_VECTOR_DEVICE_ID,
			      IMS_A_VECTOR_DEVICE_NAME);
	if (!d)
		return;
	if (!fake_choose(call, d, &choice) || !parse(call, &cpus))
		goto out;
	if (d->gone) {
		fake_refuse(call, -ENODEV, NULL, "the device is going away");
		goto out;
	}
	if (set_chosen(call, d, &choice, cpus))
		fake_finish(call);
out:
	free(choice.bools);
}
