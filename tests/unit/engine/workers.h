/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the threads of threads.c do. */
#ifndef _ENGINE_WORKERS_H
#define _ENGINE_WORKERS_H

#include "env.h"

#define VECTORS		8
#define FDS		16

/**
 * struct worker - a thread
 * @fn: one of those below
 * @n: operations
 * @seed: of its random numbers
 * @vector: that it is about
 * @done: what it counts
 */
struct worker {
	void *(*fn)(void *arg);
	unsigned long n;
	unsigned int seed;
	u32 vector;
	unsigned long done;
};

extern struct env e;
/* Signals on threads that bind, set cookies or revoke: for slots that went */
extern unsigned long made_up;
void on_signal(int id);

void *fires(void *arg);
void *pings(void *arg);
void *sends(void *arg);
void *swaps(void *arg);
void *binds(void *arg);
void *sets_cookies(void *arg);
void *loops(void *arg);
void *masks(void *arg);
void *binds_and_unbinds(void *arg);
void *opens_and_closes(void *arg);
void *revokes_and_arms(void *arg);
void *holds_and_arms(void *arg);
void *prepares_and_releases(void *arg);
void *resets(void *arg);
void *sleeps(void *arg);
void *looks(void *arg);
void *reads(void *arg);
void *polls_storms(void *arg);
void *refuses(void *arg);
void *moves(void *arg);
void *reopens(void *arg);
void *requests(void *arg);
void *removes(void *arg);
void *consumes(void *arg);
void *works(void *arg);
void *restrains(void *arg);

#endif
