/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Engine and model side by side, for interp.c. */
#ifndef _ENGINE_COMPARE_H
#define _ENGINE_COMPARE_H

#include "env.h"
#include "model.h"

/* The first difference since it was set to "", as text */
extern char compare_error[512];

void wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define same(what, engine, model) do {					\
	long long __e = (long long)(engine), __m = (long long)(model);	\
	if (__e != __m)							\
		wrong("%s: engine %lld, model %lld", what, __e, __m);	\
} while (0)

/* Everything that can be observed. @late: RCU callbacks and work may not have run. */
void compare(struct env *env, const struct model *model, bool late);
/*
 * A request for device @d failed as it was told to: @model, as it was before,
 * takes over what such a failure may change, and no more.
 */
void adopt(struct env *env, struct model *model, int d);

#endif
