/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time.
 */
#ifndef IMSCTL_CLOCK_H
#define IMSCTL_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/*
 * CLOCK_MONOTONIC in nanoseconds, or where it was stopped; the local
 * time of day.
 */
uint64_t clock_now(void);
void clock_stop(uint64_t ns);
void clock_text(char *text, size_t size);

#endif /* IMSCTL_CLOCK_H */
