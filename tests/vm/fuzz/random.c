// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Numbers. Each call has a sequence of its own, so that it is the same whatever
 * the calls ahead of it drew.
 */
#include "fuzz.h"

/* splitmix64, by Sebastiano Vigna, in the public domain */
uint64_t random_any(struct random *r)
{
	uint64_t x = r->state += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

void random_seed(struct random *r, uint64_t seed, uint64_t process, uint64_t call)
{
	r->state = seed;
	r->state = random_any(r) ^ process;
	r->state = random_any(r) ^ call;
	r->state = random_any(r);
}

uint32_t random_below(struct random *r, uint32_t n)
{
	return (random_any(r) >> 32) % n;
}

bool random_one_in(struct random *r, uint32_t n)
{
	return !random_below(r, n);
}

uint64_t random_edge(struct random *r, uint64_t max)
{
	switch (random_below(r, 10)) {
	case 0:
		return 0;
	case 1:
		return 1;
	case 2:
		return max;
	case 3:
		return max + 1;
	case 4:
		return max - 1;
	case 5:
		return (1ULL << random_below(r, 64)) + random_below(r, 3) - 1;
	case 6:
		return random_any(r);
	default:
		return max < UINT64_MAX ? random_any(r) % (max + 1) :
					  random_any(r);
	}
}

uint32_t random_vector(struct random *r)
{
	switch (random_below(r, 24)) {
	case 0:
		return random_edge(r, NR_VECTORS - 1);
	case 1 ... 5:
		return random_below(r, NR_VECTORS);
	default:
		return random_below(r, 8);
	}
}
