// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stores and devices of the simulated kernel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake_kernel.h"

static const struct fake_vector vectors_a[] = {
	{ .index = 0, .state = IMS_VECTOR_STATE_LIVE,
	  .backing = IMS_VECTOR_BACKING_EMULATED, .signalled = 12,
	  .last = 81234000000 },
	{ .index = 1, .state = IMS_VECTOR_STATE_LIVE, .has_slot = true,
	  .slot = 0, .generation = 1, .irq = 57, .cookie = 0x1001,
	  .delivered = 1000, .loopback = 1, .replaced = 3, .cpu = 1,
	  .affinity = "0-1", .since = 80000000000, .last = 81236000000 },
	/* Numbers sort as numbers, whatever the order of the dump. */
	{ .index = 10, .state = IMS_VECTOR_STATE_IDLE, .cookie = 0x1001 },
	{ .index = 2, .state = IMS_VECTOR_STATE_LIVE, .has_slot = true,
	  .slot = 7, .generation = 4, .irq = 58, .cookie = 0x2002,
	  .pending_cookie = 0xffffffffffffffff, .cookie_own = true,
	  .masked = true, .masked_since = 30000000000, .pending = true,
	  .delivered = 18446744073709551615u,
	  .dropped = 2, .pended = 5, .failed = 1 },
	{ .index = 3, .state = IMS_VECTOR_STATE_IDLE, .cookie = 0x3003,
	  .cookie_own = true, .masked = true, .masked_since = 89000000000 },
	{ .index = 4, .state = IMS_VECTOR_STATE_LIVE, .has_slot = true,
	  .slot = 8, .generation = 1, .irq = 59, .cookie = 0x4004,
	  .pending_cookie = 0x1001, .cpu = 3, .bypassed = true,
	  .since = 80000000001 },
};

static const struct fake_vector vectors_c[] = {
	{ .index = 0, .state = IMS_VECTOR_STATE_LIVE,
	  .backing = IMS_VECTOR_BACKING_EMULATED },
};

/* Those of device B, when it is on hold. */
static const struct fake_vector vectors_held[] = {
	{ .index = 0, .state = IMS_VECTOR_STATE_HELD, .loopback = 2,
	  .last = 81233000000 },
	{ .index = 1, .state = IMS_VECTOR_STATE_HELD, .cookie = 0x5005,
	  .cookie_own = true, .masked = true, .masked_since = 85000000000,
	  .pending = true, .revoked = true,
	  .delivered = 6, .pended = 1, .revocations = 3 },
	{ .index = 2, .state = IMS_VECTOR_STATE_IDLE, .prepared = true },
};

/* Closed ones keep theirs. */
#define OWNED_MAX	1024

/* What the devices' vectors are copied to, so that requests can change them. */
static struct fake_vector *owned[OWNED_MAX];
static size_t num_owned;

static struct fake_vector *own(const struct fake_vector *vectors, size_t count,
			       uint32_t declared)
{
	struct fake_vector *v = calloc(declared, sizeof(*v));

	if (count)
		memcpy(v, vectors, count * sizeof(*v));
	owned[num_owned++] = v;
	return v;
}

void fake_kernel_drop_vectors(void)
{
	while (num_owned)
		free(owned[--num_owned]);
}

struct fake_vector *fake_kernel_vector(const struct fake_device *d,
				       uint32_t index)
{
	size_t i;

	for (i = 0; i < d->num_vectors; i++)
		if (d->vectors[i].index == index)
			return &d->vectors[i];
	return NULL;
}

void fake_kernel_populate(void)
{
	/* Not in the order of their ids, as dumps promise no order. */
	static const struct fake_store stores[] = {
		{
			.id = 3,
			.name = "0000:00:05.0",
			.driver = "ims_edu",
			.domain = "INTEL-IR-1",
			.size = 64,
			.limit = 64,
		},
		{
			.id = 1,
			.name = "0000:00:04.0",
			.driver = "ims_edu",
			.domain = "INTEL-IR-0",
			.size = 2048,
			.limit = 1024,
			.peak = 17,
			.failures = 18446744073709551615u,
		},
	};
	static const struct fake_device devices[] = {
		{
			.id = 1,
			.name = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001",
			.uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001",
			.parent = "0000:00:04.0",
			.declared = 32,
			.limit = 64,
			.reservation = 4,
			.idle_entries = 5,
			.default_cookie = 0x1001,
			.pid = 4242,
			.comm = "qemu-system-x86",
			.num_vectors = sizeof(vectors_a) / sizeof(vectors_a[0]),
		},
		{
			.id = 5,
			.name = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002",
			.uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002",
			.parent = "0000:00:04.0",
			.declared = 8,
			.limit = 2048,
			.idle_entries = 2,
			.bypass = IMS_BYPASS_MODE_ON,
			.pid = 7,
			/* An escape, UTF-8 of all lengths, and what is none. */
			.comm = "a\x1b[31m\"b\\\xff" "\u00e9\u20ac\U0001f600"
				"\xc0\x80\xe2\x82\xed\xa0\x80\xc2\x9b",
		},
		{
			.id = 3,
			.name = "wq0",
			.parent = "0000:00:05.0",
			.declared = 1,
			.limit = 1,
			.default_cookie = 0xdeadbeefcafef00d,
			.bypass = IMS_BYPASS_MODE_OFF,
			.pid = 99,
			.comm = "",
			.num_vectors = 1,
		},
	};

	static const struct fake_vector *const vectors[] = {
		vectors_a, NULL, vectors_c,
	};
	size_t i;

	memcpy(fake_kernel.stores, stores, sizeof(stores));
	fake_kernel.num_stores = sizeof(stores) / sizeof(stores[0]);
	memcpy(fake_kernel.devices, devices, sizeof(devices));
	fake_kernel.num_devices = sizeof(devices) / sizeof(devices[0]);
	for (i = 0; i < fake_kernel.num_devices; i++) {
		struct fake_device *d = &fake_kernel.devices[i];

		d->vectors = own(vectors[i], d->num_vectors, d->declared);
	}
}

struct fake_device *fake_kernel_open(uint32_t id, const char *name,
				     uint32_t declared)
{
	struct fake_device *d;

	if (fake_kernel.num_devices == FAKE_DEVICES_MAX)
		abort();
	d = &fake_kernel.devices[fake_kernel.num_devices++];
	*d = (struct fake_device) {
		.id = id,
		.name = name,
		.parent = "0000:00:04.0",
		.declared = declared,
		.limit = declared,
		.pid = 4243,
		.comm = "agent-test",
		.vectors = own(NULL, 0, declared),
	};
	return d;
}

void fake_kernel_hold(void)
{
	struct fake_device *a = &fake_kernel.devices[0];
	struct fake_device *b = &fake_kernel.devices[1];
	struct fake_vector *prepared = fake_kernel_vector(a, 10);

	fake_kernel.stores[1].suspended = true;

	prepared->prepared = true;
	prepared->pending = true;
	prepared->has_slot = true;
	prepared->slot = 9;
	prepared->generation = 2;
	prepared->handle = 521;
	prepared->irq = 60;
	prepared->cpu = 2;
	a->refused = 3;
	a->refused_vector = 7;
	a->refused_error = ENOSPC;
	a->has_refused_kind = true;
	a->refused_kind = IMS_ALERT_KIND_STORE_FULL;
	a->refused_last = 81235000000;

	b->on_hold = true;
	memcpy(b->vectors, vectors_held, sizeof(vectors_held));
	b->num_vectors = sizeof(vectors_held) / sizeof(vectors_held[0]);
	b->refused = 1;
	b->refused_vector = 2;
	b->refused_error = EBADF;
	b->refused_last = 60000000000;
}

void fake_kernel_add_large(uint32_t count)
{
	struct fake_device *d =
		&fake_kernel.devices[fake_kernel.num_devices++];
	struct fake_vector *large = own(NULL, 0, count);
	uint32_t i;

	fake_kernel.stores[fake_kernel.num_stores++] = (struct fake_store) {
		.id = 9,
		.name = "0000:00:06.0",
		.driver = "ims_edu",
		.domain = "INTEL-IR-1",
		.size = count,
		.limit = count,
		.peak = count,
	};
	for (i = 0; i < count; i++) {
		/* Backwards, so that sorting has to work for it. */
		large[i].index = count - 1 - i;
		large[i].state = IMS_VECTOR_STATE_LIVE;
		large[i].has_slot = true;
		large[i].slot = i;
		large[i].irq = 100 + i;
		large[i].delivered = (uint64_t)large[i].index * large[i].index;
	}
	*d = (struct fake_device) {
		.id = 77,
		.name = "large",
		.parent = "0000:00:06.0",
		.declared = count,
		.limit = count,
		.vectors = large,
		.num_vectors = count,
	};
}
