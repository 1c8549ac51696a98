// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stores of the simulated kernel.
 */
#include <errno.h>
#include <string.h>

#include "fake_events.h"
#include "fake_wire.h"

struct fake_store *fake_store_of(const struct fake_device *device)
{
	size_t i;

	for (i = 0; device->parent && i < fake_kernel.num_stores; i++)
		if (!strcmp(fake_kernel.stores[i].name, device->parent))
			return &fake_kernel.stores[i];
	return NULL;
}

void fake_store_figures(const struct fake_store *store,
			struct fake_figures *figures)
{
	size_t i;

	memset(figures, 0, sizeof(*figures));
	for (i = 0; i < fake_kernel.num_devices; i++) {
		const struct fake_device *d = &fake_kernel.devices[i];
		uint32_t used = fake_device_slots(d);

		if (fake_store_of(d) != store)
			continue;
		figures->used += used;
		figures->entries += fake_device_entries(d);
		figures->reserved += d->reservation;
		if (d->reservation > used)
			figures->unmet += d->reservation - used;
		figures->devices++;
	}
}

void fake_put_store(struct nl_msg *msg, const struct fake_store *s)
{
	struct fake_figures f;

	fake_store_figures(s, &f);
	fake_put_u32(msg, IMS_A_STORE_ID, s->id);
	fake_put_string(msg, IMS_A_STORE_NAME, s->name);
	fake_put_string(msg, IMS_A_STORE_DRIVER, s->driver);
	fake_put_string(msg, IMS_A_STORE_DOMAIN, s->domain);
	fake_put_u32(msg, IMS_A_STORE_SIZE, s->size);
	fake_put_u32(msg, IMS_A_STORE_LIMIT, s->limit);
	fake_put_u32(msg, IMS_A_STORE_USED, f.used);
	fake_put_u32(msg, IMS_A_STORE_PEAK,
		     s->peak > f.used ? s->peak : f.used);
	fake_put_u32(msg, IMS_A_STORE_RESERVED, f.reserved);
	fake_put_u32(msg, IMS_A_STORE_AVAILABLE, s->limit - f.used - f.unmet);
	fake_put_u32(msg, IMS_A_STORE_ENTRIES, f.entries);
	if (s->capacity)
		fake_put_u32(msg, IMS_A_STORE_CAPACITY, s->capacity);
	fake_put_u32(msg, IMS_A_STORE_DEVICES, f.devices);
	fake_put_u64(msg, IMS_A_STORE_FAILURES, s->failures, IMS_A_STORE_PAD);
	fake_put_flag(msg, IMS_A_STORE_SUSPENDED, s->suspended);
}

struct fake_store *fake_named_store(const struct fake_call *call)
{
	struct nlattr *id = call->attrs[IMS_A_STORE_ID];
	struct nlattr *name = call->attrs[IMS_A_STORE_NAME];
	size_t i;

	if (!id && !name) {
		fake_refuse_missing(call, IMS_A_STORE_NAME, "no store given");
		return NULL;
	}
	if (id && name) {
		fake_refuse(call, -EINVAL, name,
			    "name the store by its id or by its name, not by both");
		return NULL;
	}

	for (i = 0; i < fake_kernel.num_stores; i++) {
		struct fake_store *s = &fake_kernel.stores[i];

		if (id ? nla_get_u32(id) == s->id :
		    !strcmp(nla_data(name), s->name))
			return s;
	}
	fake_refuse(call, -ENODEV, id ? id : name, "no such store");
	return NULL;
}

static void reply(const struct fake_call *call, const struct fake_store *store)
{
	struct nl_msg *msg = fake_reply_begin(call);

	fake_put_store(msg, store);
	fake_reply_end(call, msg);
}

void fake_store_get(struct fake_call *call)
{
	struct fake_store *s;
	size_t i;

	if (call->dump) {
		for (i = 0; i < fake_kernel.num_stores; i++)
			reply(call, &fake_kernel.stores[i]);
	} else {
		s = fake_named_store(call);
		if (!s)
			return;
		reply(call, s);
	}
	fake_finish(call);
}

void fake_store_set(struct fake_call *call)
{
	struct nlattr *nla = call->attrs[IMS_A_STORE_LIMIT];
	struct fake_store *s = fake_named_store(call);
	struct fake_figures f;

	if (!s)
		return;
	if (!nla) {
		fake_refuse_missing(call, IMS_A_STORE_LIMIT,
				    "nothing to change");
		return;
	}
	fake_store_figures(s, &f);
	if (nla_get_u32(nla) > s->size) {
		fake_refuse(call, -EINVAL, nla,
			    "the limit is above the store's %u slots", s->size);
		return;
	}
	if (nla_get_u32(nla) < f.used + f.unmet) {
		fake_refuse(call, -EBUSY, nla,
			    "%u slots are in use or reserved, more than the limit",
			    f.used + f.unmet);
		return;
	}
	if (!call->attrs[IMS_A_STORE_VALIDATE_ONLY]) {
		s->limit = nla_get_u32(nla);
		fake_events_tell_store(IMS_CMD_STORE_CHANGE_NTF, s);
	}
	fake_finish(call);
}

void fake_store_stats_reset(struct fake_call *call)
{
	struct fake_store *s = fake_named_store(call);

	if (!s)
		return;
	if (!call->attrs[IMS_A_STORE_VALIDATE_ONLY]) {
		/* What is in use is the least that is told. */
		s->peak = 0;
		s->failures = 0;
		fake_events_tell_store(IMS_CMD_STORE_CHANGE_NTF, s);
	}
	fake_finish(call);
}
