// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vectors of the simulated kernel: to be looked at, triggered, and their counts
 * reset.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdlib.h>

#include "fake_events.h"
#include "fake_wire.h"

static void put_slot(struct nl_msg *msg, const struct fake_vector *v)
{
	if (!v->has_slot)
		return;
	fake_put_u32(msg, IMS_A_VECTOR_SLOT, v->slot);
	fake_put_u32(msg, IMS_A_VECTOR_GENERATION, v->generation);
	fake_put_u32(msg, IMS_A_VECTOR_HANDLE, v->handle ? v->handle : v->slot);
	fake_put_u32(msg, IMS_A_VECTOR_IRQ, v->irq);
	fake_put_u32(msg, IMS_A_VECTOR_CPU, v->cpu);
}

static void put_cookies(struct nl_msg *msg, const struct fake_vector *v)
{
	if (!fake_shows_cookies(msg) ||
	    v->backing == IMS_VECTOR_BACKING_EMULATED)
		return;
	fake_put_u64(msg, IMS_A_VECTOR_COOKIE, v->cookie, IMS_A_VECTOR_PAD);
	if (v->pending_cookie)
		fake_put_u64(msg, IMS_A_VECTOR_PENDING_COOKIE,
			     v->pending_cookie, IMS_A_VECTOR_PAD);
	fake_put_flag(msg, IMS_A_VECTOR_COOKIE_OWN, v->cookie_own);
}

static void put_counts(struct nl_msg *msg, const struct fake_vector *v)
{
	const int pad = IMS_A_VECTOR_PAD;

	fake_put_u64(msg, IMS_A_VECTOR_DELIVERED, v->delivered, pad);
	fake_put_u64(msg, IMS_A_VECTOR_LOOPBACK, v->loopback, pad);
	fake_put_u64(msg, IMS_A_VECTOR_SIGNALLED, v->signalled, pad);
	fake_put_u64(msg, IMS_A_VECTOR_DROPPED, v->dropped, pad);
	fake_put_u64(msg, IMS_A_VECTOR_PENDED, v->pended, pad);
	fake_put_u64(msg, IMS_A_VECTOR_THROTTLES, v->throttles, pad);
	fake_put_u64(msg, IMS_A_VECTOR_REPLACED, v->replaced, pad);
	fake_put_u64(msg, IMS_A_VECTOR_REVOCATIONS, v->revocations, pad);
	fake_put_u64(msg, IMS_A_VECTOR_FAILED, v->failed, pad);
	fake_put_u64(msg, IMS_A_VECTOR_SINCE, v->since, pad);
	if (v->last)
		fake_put_u64(msg, IMS_A_VECTOR_LAST, v->last, pad);
}

static void put_restraint(struct nl_msg *msg, const struct fake_device *d,
			  const struct fake_vector *v)
{
	uint32_t rate = v->rate_limit ? v->rate_limit : d->rate_limit;

	fake_put_flag(msg, IMS_A_VECTOR_QUIET, v->quiet);
	if (rate)
		fake_put_u32(msg, IMS_A_VECTOR_RATE_LIMIT, rate);
	fake_put_flag(msg, IMS_A_VECTOR_RATE_LIMIT_OWN, v->rate_limit);
	fake_put_flag(msg, IMS_A_VECTOR_THROTTLED, v->throttled);
}

void fake_put_vector(struct nl_msg *msg, const struct fake_device *d,
		     const struct fake_vector *v)
{
	fake_put_u32(msg, IMS_A_VECTOR_DEVICE_ID, d->id);
	fake_put_string(msg, IMS_A_VECTOR_DEVICE_NAME, d->name);
	fake_put_u32(msg, IMS_A_VECTOR_INDEX, v->index);
	fake_put_u32(msg, IMS_A_VECTOR_STATE, v->state);
	if (v->state == IMS_VECTOR_STATE_ABSENT)
		return;

	fake_put_u32(msg, IMS_A_VECTOR_BACKING, v->backing);
	fake_put_flag(msg, IMS_A_VECTOR_MASKED, v->masked);
	if (v->masked)
		fake_put_u64(msg, IMS_A_VECTOR_MASKED_SINCE, v->masked_since,
			     IMS_A_VECTOR_PAD);
	fake_put_flag(msg, IMS_A_VECTOR_PENDING, v->pending);
	fake_put_flag(msg, IMS_A_VECTOR_PREPARED, v->prepared);
	fake_put_flag(msg, IMS_A_VECTOR_REVOKED, v->revoked);
	put_slot(msg, v);
	if (v->affinity[0])
		fake_put_string(msg, IMS_A_VECTOR_AFFINITY, v->affinity);
	fake_put_flag(msg, IMS_A_VECTOR_AFFINITY_OWN, v->affinity[0]);
	fake_put_flag(msg, IMS_A_VECTOR_AFFINITY_BROKEN, v->affinity_broken);
	fake_put_flag(msg, IMS_A_VECTOR_BYPASSED, v->bypassed);
	put_restraint(msg, d, v);
	put_cookies(msg, v);
	put_counts(msg, v);
}

static void reply(const struct fake_call *call, const struct fake_device *d,
		  const struct fake_vector *v)
{
	struct nl_msg *msg = fake_reply_begin(call);

	fake_put_vector(msg, d, v);
	fake_reply_end(call, msg);
}

static void refuse_beyond(const struct fake_call *call,
			  const struct fake_device *d, uint64_t index,
			  const struct nlattr *nla)
{
	fake_refuse(call, -ENOENT, nla, "vector %llu is beyond the %u declared",
		    (unsigned long long)index, d->declared);
}

bool fake_named_range(const struct fake_call *call, const struct fake_device *d,
		      uint32_t *first, uint32_t *count)
{
	struct nlattr *index_nla = call->attrs[IMS_A_VECTOR_INDEX];
	struct nlattr *count_nla = call->attrs[IMS_A_VECTOR_COUNT];
	uint64_t last;

	if (!index_nla) {
		fake_refuse_missing(call, IMS_A_VECTOR_INDEX,
				    "no vector given");
		return false;
	}
	*first = nla_get_u32(index_nla);
	*count = count_nla ? nla_get_u32(count_nla) : 1;
	last = (uint64_t)*first + *count - 1;
	if (last < d->declared)
		return true;

	refuse_beyond(call, d, last, index_nla);
	return false;
}

static struct fake_device *named_device(const struct fake_call *call)
{
	return fake_named_device(call, IMS_A_VECTOR_DEVICE_ID,
				 IMS_A_VECTOR_DEVICE_NAME);
}

static bool has_counts(const struct fake_vector *v)
{
	return v->delivered || v->loopback || v->signalled || v->dropped ||
	       v->pended;
}

static bool is_wanted(const struct fake_call *call, const struct fake_vector *v)
{
	struct nlattr *state = call->attrs[IMS_A_VECTOR_STATE];
	struct nlattr *backing = call->attrs[IMS_A_VECTOR_BACKING];
	bool absent = v->state == IMS_VECTOR_STATE_ABSENT;

	if (state ? v->state != nla_get_u32(state) : absent)
		return false;
	if (backing && (absent || v->backing != nla_get_u32(backing)))
		return false;
	return !call->attrs[IMS_A_VECTOR_NONZERO] || has_counts(v);
}

static void dump_device(const struct fake_call *call,
			const struct fake_device *d)
{
	struct nlattr *state = call->attrs[IMS_A_VECTOR_STATE];
	size_t i;

	for (i = 0; i < d->num_vectors; i++)
		if (is_wanted(call, &d->vectors[i]))
			reply(call, d, &d->vectors[i]);
	if (!state || nla_get_u32(state) != IMS_VECTOR_STATE_ABSENT)
		return;
	for (i = 0; i < d->declared; i++) {
		struct fake_vector absent = { .index = i };

		if (!fake_kernel_vector(d, i) && is_wanted(call, &absent))
			reply(call, d, &absent);
	}
}

void fake_vector_get(struct fake_call *call)
{
	struct fake_vector absent = { .state = IMS_VECTOR_STATE_ABSENT };
	struct fake_device *d = NULL;
	struct fake_vector *v;
	uint32_t count;
	size_t i;

	if (!call->dump || call->attrs[IMS_A_VECTOR_DEVICE_ID] ||
	    call->attrs[IMS_A_VECTOR_DEVICE_NAME]) {
		d = named_device(call);
		if (!d)
			return;
	}
	if (call->dump) {
		for (i = 0; i < fake_kernel.num_devices; i++)
			if (!d || d == &fake_kernel.devices[i])
				dump_device(call, &fake_kernel.devices[i]);
	} else {
		if (!fake_named_range(call, d, &absent.index, &count))
			return;
		v = fake_kernel_vector(d, absent.index);
		reply(call, d, v ? v : &absent);
	}
	fake_finish(call);
}

/* False when the call was ended. */
static bool choose_listed(const struct fake_call *call,
			  const struct fake_device *d, struct fake_choice *c)
{
	struct nlattr *nla;
	int rest;

	c->count = d->declared;
	c->bools = calloc(d->declared, sizeof(*c->bools));
	nla_for_each_attr(nla, nlmsg_attrdata(call->request, GENL_HDRLEN),
			  nlmsg_attrlen(call->request, GENL_HDRLEN), rest) {
		if (nla_type(nla) != IMS_A_VECTOR_LIST)
			continue;
		if (nla_get_u32(nla) >= d->declared) {
			refuse_beyond(call, d, nla_get_u32(nla), nla);
			return false;
		}
		c->bools[nla_get_u32(nla)] = true;
	}
	return true;
}

bool fake_choose(const struct fake_call *call, const struct fake_device *d,
		 struct fake_choice *c)
{
	struct nlattr *list = call->attrs[IMS_A_VECTOR_LIST];

	if (list && (call->attrs[IMS_A_VECTOR_INDEX] ||
		     call->attrs[IMS_A_VECTOR_COUNT])) {
		fake_refuse(call, -EINVAL, list,
			    "name vectors as a range or as a list, not as both");
		return false;
	}
	return list ? choose_listed(call, d, c) :
		      fake_named_range(call, d, &c->first, &c->count);
}

static bool by_interrupt(const struct fake_call *call)
{
	struct nlattr *path = call->attrs[IMS_A_VECTOR_PATH];

	return path && nla_get_u32(path) == IMS_TRIGGER_PATH_INTERRUPT;
}

static bool has_trigger(const struct fake_vector *v)
{
	return v->state == IMS_VECTOR_STATE_LIVE ||
	       v->state == IMS_VECTOR_STATE_HELD;
}

/* Can all of them be signalled? The first that cannot ends the call. */
static bool check_chosen(const struct fake_call *call,
			 const struct fake_device *d, const struct fake_choice *c)
{
	struct nlattr *index = call->attrs[IMS_A_VECTOR_INDEX];
	struct nlattr *list = call->attrs[IMS_A_VECTOR_LIST];
	bool interrupt = by_interrupt(call);
	uint32_t i;

	for (i = c->first; i < c->first + c->count; i++) {
		struct fake_vector *v = fake_kernel_vector(d, i);

		if ((c->bools && !c->bools[i]) ||
		    (v && (interrupt ? v->has_slot : has_trigger(v))))
			continue;
		fake_refuse(call, -EINVAL, index ? index : list,
			    "vector %u has no %s", i,
			    interrupt ? "Linux interrupt" : "trigger");
		return false;
	}
	return true;
}

static void trigger_chosen(const struct fake_call *call,
			   const struct fake_device *d, const struct fake_choice *c)
{
	uint32_t i;

	for (i = c->first; i < c->first + c->count; i++) {
		struct fake_vector *v = fake_kernel_vector(d, i);

		if (c->bools && !c->bools[i])
			continue;
		if (by_interrupt(call))
			v->delivered++;
		else
			v->loopback++;
	}
}

/* False when the call was ended. */
static bool trigger(const struct fake_call *call, const struct fake_device *d,
		    struct fake_choice *c)
{
	if (!fake_choose(call, d, c))
		return false;
	if (d->gone) {
		fake_refuse(call, -ENODEV, NULL, "the device is going away");
		return false;
	}
	if (!check_chosen(call, d, c))
		return false;
	if (!call->attrs[IMS_A_VECTOR_VALIDATE_ONLY])
		trigger_chosen(call, d, c);
	return true;
}

void fake_trigger(struct fake_call *call)
{
	struct fake_device *d = named_device(call);
	struct fake_choice choice = { };

	if (!d)
		return;
	if (trigger(call, d, &choice))
		fake_finish(call);
	free(choice.bools);
}

void fake_stats_reset(struct fake_call *call)
{
	struct fake_device *d = named_device(call);
	struct fake_choice c = { };
	uint32_t i;

	if (!d)
		return;
	c.count = d->declared;
	if ((call->attrs[IMS_A_VECTOR_INDEX] ||
	     call->attrs[IMS_A_VECTOR_COUNT] ||
	     call->attrs[IMS_A_VECTOR_LIST]) && !fake_choose(call, d, &c))
		goto out;

	for (i = c.first; i < c.first + c.count; i++) {
		struct fake_vector *v = fake_kernel_vector(d, i);

		if (!v || call->attrs[IMS_A_VECTOR_VALIDATE_ONLY] ||
		    (c.bools && !c.bools[i]))
			continue;
		v->delivered = v->loopback = v->signalled = v->dropped = 0;
		v->pended = v->throttles = v->replaced = 0;
		v->revocations = v->failed = 0;
		v->since = fake_kernel.now;
		fake_events_tell(IMS_CMD_VECTOR_CHANGE_NTF, d, v);
	}
	fake_finish(call);
out:
	free(c.bools);
}
