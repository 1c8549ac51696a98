// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Virtual devices of the simulated kernel.
 */
#include <errno.h>
#include <string.h>

#include "fake_events.h"
#include "fake_wire.h"

uint32_t fake_device_slots(const struct fake_device *d)
{
	uint32_t slots = 0;
	size_t i;

	for (i = 0; i < d->num_vectors; i++)
		slots += d->vectors[i].has_slot;
	return slots;
}

uint32_t fake_device_entries(const struct fake_device *d)
{
	return fake_device_slots(d) + d->idle_entries;
}

static void put_refused(struct nl_msg *msg, const struct fake_device *d)
{
	fake_put_u64(msg, IMS_A_DEVICE_REFUSED, d->refused, IMS_A_DEVICE_PAD);
	if (!d->refused)
		return;
	fake_put_u32(msg, IMS_A_DEVICE_REFUSED_VECTOR, d->refused_vector);
	fake_put_u32(msg, IMS_A_DEVICE_REFUSED_ERROR, d->refused_error);
	if (d->has_refused_kind)
		fake_put_u32(msg, IMS_A_DEVICE_REFUSED_KIND, d->refused_kind);
	fake_put_u64(msg, IMS_A_DEVICE_REFUSED_LAST, d->refused_last,
		     IMS_A_DEVICE_PAD);
}

void fake_put_device(struct nl_msg *msg, const struct fake_device *d)
{
	const struct fake_store *store = fake_store_of(d);
	uint32_t live = 0, held = 0, emulated = 0, quiet = 0;
	size_t i;

	for (i = 0; i < d->num_vectors; i++) {
		live += d->vectors[i].state == IMS_VECTOR_STATE_LIVE;
		held += d->vectors[i].state == IMS_VECTOR_STATE_HELD;
		emulated += d->vectors[i].backing ==
			    IMS_VECTOR_BACKING_EMULATED;
		quiet += d->vectors[i].quiet;
	}

	fake_put_u32(msg, IMS_A_DEVICE_ID, d->id);
	fake_put_string(msg, IMS_A_DEVICE_NAME, d->name);
	fake_put_string(msg, IMS_A_DEVICE_UUID, d->uuid);
	fake_put_string(msg, IMS_A_DEVICE_PARENT, d->parent);
	if (store)
		fake_put_u32(msg, IMS_A_DEVICE_STORE_ID, store->id);
	fake_put_u32(msg, IMS_A_DEVICE_VECTORS, d->declared);
	fake_put_u32(msg, IMS_A_DEVICE_LIVE, live);
	fake_put_u32(msg, IMS_A_DEVICE_HELD, held);
	fake_put_u32(msg, IMS_A_DEVICE_EMULATED, emulated);
	fake_put_u32(msg, IMS_A_DEVICE_SLOTS, fake_device_slots(d));
	fake_put_u32(msg, IMS_A_DEVICE_LIMIT, d->limit);
	fake_put_u32(msg, IMS_A_DEVICE_RESERVATION, d->reservation);
	fake_put_u32(msg, IMS_A_DEVICE_ENTRIES, fake_device_entries(d));
	fake_put_u32(msg, IMS_A_DEVICE_OWNER_PID, d->pid);
	fake_put_string(msg, IMS_A_DEVICE_OWNER_COMM, d->comm);
	fake_put_u32(msg, IMS_A_DEVICE_BYPASS, d->bypass);
	fake_put_u32(msg, IMS_A_DEVICE_QUIET, quiet);
	if (d->rate_limit)
		fake_put_u32(msg, IMS_A_DEVICE_RATE_LIMIT, d->rate_limit);
	fake_put_flag(msg, IMS_A_DEVICE_ON_HOLD, d->on_hold);
	put_refused(msg, d);
	fake_put_flag(msg, IMS_A_DEVICE_GONE, d->gone);
	if (fake_shows_cookies(msg))
		fake_put_u64(msg, IMS_A_DEVICE_DEFAULT_COOKIE,
			     d->default_cookie, IMS_A_DEVICE_PAD);
}

struct fake_device *fake_named_device(const struct fake_call *call, int id_attr,
				      int name_attr)
{
	struct nlattr *id = call->attrs[id_attr];
	struct nlattr *name = call->attrs[name_attr];
	size_t i;

	if (!id && !name) {
		fake_refuse_missing(call, name_attr, "no device given");
		return NULL;
	}
	if (id && name) {
		fake_refuse(call, -EINVAL, name,
			    "name the device by its id or by its name, not by both");
		return NULL;
	}

	for (i = 0; i < fake_kernel.num_devices; i++) {
		struct fake_device *d = &fake_kernel.devices[i];

		if (id ? nla_get_u32(id) == d->id :
		    !strcmp(nla_data(name), d->name))
			return d;
	}
	fake_refuse(call, -ENODEV, id ? id : name,
		    "no such virtual device is open");
	return NULL;
}

static void reply(const struct fake_call *call, const struct fake_device *d)
{
	struct nl_msg *msg = fake_reply_begin(call);

	fake_put_device(msg, d);
	fake_reply_end(call, msg);
}

static void dump(const struct fake_call *call)
{
	struct nlattr *nla = call->attrs[IMS_A_DEVICE_STORE_ID];
	const struct fake_store *store = NULL;
	size_t i;

	for (i = 0; nla && i < fake_kernel.num_stores; i++)
		if (fake_kernel.stores[i].id == nla_get_u32(nla))
			store = &fake_kernel.stores[i];
	if (nla && !store) {
		fake_refuse(call, -ENODEV, nla, "no such store");
		return;
	}
	for (i = 0; i < fake_kernel.num_devices; i++)
		if (!store || fake_store_of(&fake_kernel.devices[i]) == store)
			reply(call, &fake_kernel.devices[i]);
	fake_finish(call);
}

void fake_device_get(struct fake_call *call)
{
	struct fake_device *d;

	if (call->dump) {
		dump(call);
		return;
	}
	d = fake_named_device(call, IMS_A_DEVICE_ID, IMS_A_DEVICE_NAME);
	if (!d)
		return;
	reply(call, d);
	fake_finish(call);
}

/* False when the call was ended. */
static bool check_limits(const struct fake_call *call,
			 const struct fake_device *d, uint32_t limit,
			 uint32_t reservation)
{
	struct nlattr *limit_nla = call->attrs[IMS_A_DEVICE_LIMIT];
	struct nlattr *reservation_nla = call->attrs[IMS_A_DEVICE_RESERVATION];
	struct nlattr *either = reservation_nla ? reservation_nla : limit_nla;
	const struct fake_store *store = fake_store_of(d);
	uint32_t used = fake_device_slots(d);
	uint32_t unmet, own, other;
	struct fake_figures f;

	if (limit > store->size) {
		fake_refuse(call, -EINVAL, limit_nla,
			    "the limit is above the store's %u slots",
			    store->size);
		return false;
	}
	if (reservation > limit) {
		fake_refuse(call, -EINVAL, either,
			    "a reservation of %u is above the limit of %u",
			    reservation, limit);
		return false;
	}
	if (used > limit) {
		fake_refuse(call, -EBUSY, limit_nla,
			    "%u slots are in use, more than the limit", used);
		return false;
	}

	fake_store_figures(store, &f);
	own = d->reservation > used ? d->reservation - used : 0;
	other = f.unmet - own;
	unmet = reservation > used ? reservation - used : 0;
	if (f.used + other + unmet > store->limit) {
		fake_refuse(call, -ENOSPC, either,
			    "the store has %u slots that can still be reserved",
			    store->limit - f.used - f.unmet);
		return false;
	}
	return true;
}

bool fake_may_set_cookie(const struct fake_call *call,
			 const struct fake_device *d, const struct nlattr *nla,
			 const struct nlattr *cookie)
{
	const struct fake_store *store = fake_store_of(d);

	if (d->keeps_cookies) {
		fake_refuse(call, -EOPNOTSUPP, nla,
			    "the cookies of this device are its driver's");
		return false;
	}
	if (cookie && store->cookie_max &&
	    nla_get_u64(cookie) > store->cookie_max) {
		fake_refuse(call, -ERANGE, nla,
			    "the hardware cannot hold this cookie");
		return false;
	}
	return true;
}

void fake_device_set(struct fake_call *call)
{
	struct nlattr *limit = call->attrs[IMS_A_DEVICE_LIMIT];
	struct nlattr *reservation = call->attrs[IMS_A_DEVICE_RESERVATION];
	struct nlattr *cookie = call->attrs[IMS_A_DEVICE_DEFAULT_COOKIE];
	struct nlattr *bypass = call->attrs[IMS_A_DEVICE_BYPASS];
	struct nlattr *rate = call->attrs[IMS_A_DEVICE_RATE_LIMIT];
	uint32_t new_limit, new_reservation;
	struct fake_device *d;

	d = fake_named_device(call, IMS_A_DEVICE_ID, IMS_A_DEVICE_NAME);
	if (!d)
		return;
	if (!limit && !reservation && !cookie && !bypass && !rate) {
		fake_refuse(call, -EINVAL, NULL, "nothing to change");
		return;
	}
	if (d->gone) {
		fake_refuse(call, -ENODEV, NULL, "the device is going away");
		return;
	}

	new_limit = limit ? nla_get_u32(limit) : d->limit;
	if (!new_limit)
		new_limit = fake_store_of(d)->size;
	new_reservation = reservation ? nla_get_u32(reservation) :
					d->reservation;
	if ((limit || reservation) &&
	    !check_limits(call, d, new_limit, new_reservation))
		return;
	if (cookie && !fake_may_set_cookie(call, d, cookie, cookie))
		return;

	if (!call->attrs[IMS_A_DEVICE_VALIDATE_ONLY]) {
		if (!fake_may_change(call))
			return;
		d->limit = new_limit;
		d->reservation = new_reservation;
		if (bypass)
			d->bypass = nla_get_u32(bypass);
		if (limit || reservation || bypass)
			fake_events_tell(IMS_CMD_DEVICE_CHANGE_NTF, d, NULL);
		if (cookie)
			fake_set_default_cookie(d, nla_get_u64(cookie),
						fake_events_tell);
		if (rate)
			fake_set_default_rate(d, nla_get_u32(rate),
					      fake_events_tell);
	}
	fake_finish(call);
}
