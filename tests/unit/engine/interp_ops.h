/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What interp.c and interp_irqs.c share. */
#ifndef _ENGINE_INTERP_OPS_H
#define _ENGINE_INTERP_OPS_H

#include "compare.h"

extern struct env e;
extern struct model m;

/* When operations are to be printed */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* What the model has to know of what was handed out. */
void look(int d);
/* A range that is within the declared vectors, but for some. */
void range_of(int d, const u8 *b, u32 *start, u32 *count);

/* A request to set interrupts, by record @b */
void interp_irqs(int d, const u8 *b, int *ret);

#endif
