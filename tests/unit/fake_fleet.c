// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A host of many virtual machines: 8 stores, 200 mediated devices of 32 vectors, 50
 * QEMUs that have 4 of them each. Made by arithmetic, so that each run has the same.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fake_kernel.h"

#define STORES		8
#define DEVICES		200
#define VECTORS		32
#define PER_VM		4
#define FIRST_PID	4000

#define SECOND		UINT64_C(1000000000)

/* Like random numbers, but the same ones each time. */
static uint32_t scramble(uint32_t n)
{
	n = (n ^ n >> 16) * 0x45d9f3b;
	n = (n ^ n >> 16) * 0x45d9f3b;
	return n ^ n >> 16;
}

static char *text(const char *fmt, uint32_t a, uint32_t b, uint32_t c)
{
	char *result;

	return asprintf(&result, fmt, a, b & 0xffff, c & 0xfff) < 0 ? NULL :
								      result;
}

static void fill_vector(struct fake_vector *v, uint32_t device, uint32_t index)
{
	uint32_t random = scramble(device * VECTORS + index + 1);
	uint32_t slot = device / STORES * (VECTORS - 1) + index - 1;

	*v = (struct fake_vector) {
		.index = index,
		.state = index < 28 ? IMS_VECTOR_STATE_LIVE :
				      IMS_VECTOR_STATE_IDLE,
		.since = 10 * SECOND,
	};
	if (!index) {
		v->backing = IMS_VECTOR_BACKING_EMULATED;
		v->signalled = random % 1000;
		v->last = 80 * SECOND;
		return;
	}
	v->backing = IMS_VECTOR_BACKING_IMS;
	v->cookie = 0x100 + device;
	if (v->state != IMS_VECTOR_STATE_LIVE)
		return;

	v->has_slot = true;
	v->slot = slot;
	v->generation = 1;
	v->irq = 64 + device * (VECTORS - 1) + index;
	v->cpu = v->irq % 64;
	/* A few vectors get most of the interrupts, and every fourth none. */
	if (index % 4) {
		v->delivered = random % 4000000 >> index;
		v->last = 89 * SECOND - random % SECOND;
	}
	if (random % 997 == 0)
		v->dropped = random % 90 + 1;
	if (random % 499 == 0)
		v->masked = true;
}

void fake_kernel_fleet(void)
{
	uint32_t i, index;

	fake_kernel.num_stores = STORES;
	for (i = 0; i < STORES; i++)
		fake_kernel.stores[i] = (struct fake_store) {
			.id = i + 1,
			.name = text("0000:%02x:00.0", 0x10 + i * 0x10, 0, 0),
			.driver = "ims_edu",
			.domain = i < STORES / 2 ? "INTEL-IR-0" : "INTEL-IR-1",
			.size = 2048,
			.limit = 2048,
			.peak = 690 + i,
		};

	fake_kernel.num_devices = DEVICES;
	for (i = 0; i < DEVICES; i++) {
		char *uuid = text("%08x-%04x-4%03x-8000-0123456789ab",
				  scramble(i + 1), scramble(i + 1001),
				  scramble(i + 2001));

		fake_kernel.devices[i] = (struct fake_device) {
			.id = i + 1,
			.name = uuid,
			.uuid = uuid,
			.parent = fake_kernel.stores[i % STORES].name,
			.declared = VECTORS,
			.limit = 64,
			.default_cookie = 0x100 + i,
			.pid = FIRST_PID + i / PER_VM,
			.comm = "qemu-system-x86",
			.vectors = calloc(VECTORS, sizeof(struct fake_vector)),
			.num_vectors = VECTORS,
		};
		for (index = 0; index < VECTORS; index++)
			fill_vector(&fake_kernel.devices[i].vectors[index], i,
				    index);
	}
	/* One of them wanted more. */
	fake_kernel.devices[42].refused = 2;
	fake_kernel.devices[42].refused_vector = 28;
	fake_kernel.devices[42].refused_error = 28;
	fake_kernel.devices[42].refused_last = 70 * SECOND;
}
