// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The time, in a file of its own for the unit tests, where it stands still.
 */
#include <time.h>

#include "shared/call.h"
#include "shared/clock.h"

/* Not 0 when it stands still: what is looked at is of that time. */
static uint64_t stopped;

uint64_t clock_now(void)
{
	struct timespec now;

	if (stopped)
		return stopped;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void clock_stop(uint64_t ns)
{
	stopped = ns;
}

/* "14:07:03.250" */
void clock_text(char *text, size_t size)
{
	struct timespec now;
	struct tm local;
	size_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &local);
	len = strftime(text, size, "%T", &local);
	snprintf(text + len, size - len, ".%03ld", now.tv_nsec / 1000000);
}
