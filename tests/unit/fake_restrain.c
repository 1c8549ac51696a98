// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Holding vectors of the simulated kernel, and limiting their rate.
 */
#include <errno.h>
#include <stdlib.h>

#include "fake_events.h"
#include "fake_wire.h"

/* What can be said without the vectors. False when the call was ended. */
static bool parse(const struct fake_call *call)
{
	struct nlattr *quiet = call->attrs[IMS_A_VECTOR_QUIET];
	struct nlattr *clear = call->attrs[IMS_A_VECTOR_QUIET_CLEAR];

	if (quiet && clear) {
		fake_refuse(call, -EINVAL, clear,
			    "hold the vectors or end that, not both");
		return false;
	}
	if (!quiet && !clear && !call->attrs[IMS_A_VECTOR_RATE_LIMIT]) {
		fake_refuse(call, -EINVAL, NULL, "nothing to change");
		return false;
	}
	return true;
}

void fake_set_default_rate(struct fake_device *d, uint32_t rate, fake_tell *tell)
{
	size_t i;

	if (d->rate_limit == rate)
		return;
	d->rate_limit = rate;
	tell(IMS_CMD_DEVICE_CHANGE_NTF, d, NULL);
	for (i = 0; i < d->num_vectors; i++)
		if (!d->vectors[i].rate_limit)
			tell(IMS_CMD_VECTOR_CHANGE_NTF, d, &d->vectors[i]);
}

void fake_set_quiet(struct fake_vector *v, bool quiet)
{
	bool slot = v->has_slot || v->backing == IMS_VECTOR_BACKING_EMULATED;

	v->quiet = quiet;
	if (v->state == IMS_VECTOR_STATE_LIVE && quiet)
		v->state = IMS_VECTOR_STATE_HELD;
	else if (v->state == IMS_VECTOR_STATE_HELD && !quiet && slot)
		v->state = IMS_VECTOR_STATE_LIVE;
}

static void apply(const struct fake_call *call, struct fake_device *d,
		  uint32_t index)
{
	struct nlattr *rate = call->attrs[IMS_A_VECTOR_RATE_LIMIT];
	bool quiet = call->attrs[IMS_A_VECTOR_QUIET];
	struct fake_vector *v = fake_kernel_vector(d, index);
	bool fresh = !v;

	if (!v && (quiet || (rate && nla_get_u32(rate))))
		v = fake_new_vector(d, index);
	if (!v)
		return;
	if (quiet || call->attrs[IMS_A_VECTOR_QUIET_CLEAR])
		fake_set_quiet(v, quiet);
	if (rate)
		v->rate_limit = nla_get_u32(rate);
	fake_events_tell(fresh ? IMS_CMD_VECTOR_CREATE_NTF :
				 IMS_CMD_VECTOR_CHANGE_NTF, d, v);
}

/* False when the call was ended. */
static bool restrain(const struct fake_call *call, struct fake_device *d,
		     struct fake_choice *c)
{
	uint32_t i;

	if (!fake_choose(call, d, c) || !parse(call))
		return false;
	if (d->gone) {
		fake_refuse(call, -ENODEV, NULL, "the device is going away");
		return false;
	}
	if (call->attrs[IMS_A_VECTOR_VALIDATE_ONLY])
		return true;
	if (!fake_may_change(call))
		return false;
	for (i = c->first; i < c->first + c->count; i++)
		if (!c->bools || c->bools[i])
			apply(call, d, i);
	/* How many are held, which the kernel tells a second later. */
	fake_events_tell(IMS_CMD_DEVICE_CHANGE_NTF, d, NULL);
	return true;
}

void fake_vector_restrain(struct fake_call *call)
{
	struct fake_choice choice = { };
	struct fake_device *d;

	d = fake_named_device(call, IMS_A_VECTOR_DEVICE_ID,
			      IMS_A_VECTOR_DEVICE_NAME);
	if (!d)
		return;
	if (restrain(call, d, &choice))
		fake_finish(call);
	free(choice.bools);
}
