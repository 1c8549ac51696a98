/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stores, devices and vectors that change at random: answers dumps, and tells
 * what changes, the way the kernel does it. A change can be seen in dumps first
 * and is told then; objects are dumped in the order of their ids, while others
 * change.
 */
#ifndef FAKE_WORLD_H
#define FAKE_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#define WORLD_STORES	3
#define WORLD_DEVICES	6
#define WORLD_VECTORS	5

struct world_vector {
	bool present;
	uint32_t state;
	uint64_t cookie;
};

struct world_device {
	bool present;
	uint32_t id;
	uint32_t store_id;
	uint32_t limit;
	struct world_vector vectors[WORLD_VECTORS];
};

struct world_store {
	bool present;
	uint32_t id;
	uint32_t limit;
};

struct fake_world {
	struct world_store stores[WORLD_STORES];
	struct world_device devices[WORLD_DEVICES];
	uint32_t last_id;
	/* Changes so far. */
	uint32_t generation;

	/* Random numbers; never 0. */
	uint64_t random;
	/* Of 100 objects that are dumped, behind how many something changes. */
	unsigned int turmoil;
	/* Notifications that are not told yet wait here. */
	_Alignas(8) char batch[4096];
	uint32_t batch_used;
};

extern struct fake_world world;

/* An empty world in the place of fake_kernel's devices. */
void world_reset(uint64_t seed);

/* 0 to @limit less 1. */
uint32_t world_random(uint32_t limit);

/* One change, perhaps told now, perhaps with a later one. */
void world_change(void);

/* Tell all that is not told yet, as one datagram. */
void world_flush(void);

/* Chosen changes. Not told before world_flush(). */
struct world_store *world_add_store(void);
struct world_device *world_add_device(void);
void world_set_vector(struct world_device *d, uint32_t index, uint32_t state,
		      uint64_t cookie);
void world_remove_device(struct world_device *d);

#endif /* FAKE_WORLD_H */
