/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stores, devices and vectors of fake_kernel that change at random: answers dumps,
 * and tells what changes, the way the kernel does it. A change can be seen in dumps
 * first and is told then: at once, but for figures that follow from something else,
 * which are told some time later, all changes of an object as one. Objects are
 * dumped in the order of their ids, while others change.
 */
#ifndef FAKE_WORLD_H
#define FAKE_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "fake_kernel.h"

#define WORLD_STORES	3
#define WORLD_DEVICES	6
#define WORLD_VECTORS	5

struct fake_world {
	uint32_t last_id;
	/* Changes so far. */
	uint32_t generation;
	/* Ids of stores and devices whose figures are still to be told; 0: free. */
	uint32_t untold[WORLD_STORES + WORLD_DEVICES];

	/* Random numbers; never 0. */
	uint64_t random;
	/* Of 100 objects that are dumped, behind how many something changes. */
	unsigned int turmoil;
	/* Notifications that are not told yet wait here. */
	_Alignas(8) char batch[4096];
	uint32_t batch_used;
	/* They are those of the group with cookies. */
	bool has_cookies;

	/* What the objects of fake_kernel point to, by place. */
	struct {
		bool used;
		char name[32];
		struct fake_vector vectors[WORLD_VECTORS];
	} places[WORLD_STORES + WORLD_DEVICES];
};

extern struct fake_world world;

/* An empty world in the place of fake_kernel's devices. */
void world_reset(uint64_t seed);

/* 0 to @limit less 1. */
uint32_t world_random(uint32_t limit);

/* One change, perhaps told now, perhaps with a later one. */
void world_change(void);

/* A second has passed: figures that have changed are told. */
void world_tell_figures(void);

/* Tell all that is not told yet, as one datagram. */
void world_flush(void);

/*
 * The module goes, with all that there is, and comes back with nothing, as another
 * family or, without @renumbered, as the same. Ids begin anew.
 */
void world_unload(void);
void world_load(bool renumbered);

/*
 * Chosen changes. Not told before world_flush(). A device that is removed moves those
 * that have come after it.
 */
struct fake_store *world_add_store(void);
struct fake_device *world_add_device(void);
void world_set_vector(struct fake_device *d, uint32_t index, uint32_t state,
		      uint64_t cookie);
void world_remove_device(struct fake_device *d);

#endif /* FAKE_WORLD_H */
