/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of CPUs, and those that this host has.
 */
#ifndef IMSCTL_CPUS_H
#define IMSCTL_CPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* x86's most. */
#define CPUS_MAX	8192

struct cpus {
	uint64_t words[CPUS_MAX / 64];
};

/* "0-3,8", at least one; in any order. */
bool parse_cpus(const char *text, struct cpus *cpus);
/* The same, in ascending order and as short as the kernel writes it. */
void cpus_text(const struct cpus *cpus, char *text, size_t size);

/* The first one that is not below @cpu; false when there is none. */
bool next_cpu(const struct cpus *cpus, uint32_t *cpu);
/* Only those of @cpus that are also in @others. */
void keep_cpus(struct cpus *cpus, const struct cpus *others);

/* False when the host does not tell, or has no such node. */
bool online_cpus(struct cpus *cpus);
bool node_cpus(uint32_t node, struct cpus *cpus);
/* Those that get interrupts without an affinity. */
bool default_cpus(struct cpus *cpus);

#endif /* IMSCTL_CPUS_H */
