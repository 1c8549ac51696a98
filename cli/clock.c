// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The time, in a file of its own for the unit tests, where it stands still.
 */
#include <time.h>

#include "imsctl.h"

uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
