// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sets of CPUs, as lists and as masks.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "doctor/doctor.h"
#include "objects/cpus.h"
#include "shared/parse.h"

/* A list of all CPUs with gaps between them. */
#define LINE_SIZE	(6 * CPUS_MAX)

static void add_cpu(struct cpus *cpus, uint32_t cpu)
{
	cpus->words[cpu / 64] |= UINT64_C(1) << cpu % 64;
}

bool parse_cpus(const char *text, struct cpus *cpus)
{
	uint32_t first, last;

	*cpus = (struct cpus) { 0 };
	for (;; text++) {
		text = parse_number(text, &first);
		last = first;
		if (text && *text == '-')
			text = parse_number(text + 1, &last);
		if (!text || last < first || last >= CPUS_MAX)
			return false;
		for (; first <= last; first++)
			add_cpu(cpus, first);
		if (*text != ',')
			return !*text;
	}
}

bool next_cpu(const struct cpus *cpus, uint32_t *cpu)
{
	for (; *cpu < CPUS_MAX; ++*cpu)
		if (cpus->words[*cpu / 64] >> *cpu % 64 & 1)
			return true;
	return false;
}

/* The last one of those without a gap from @cpu on. */
static uint32_t last_of_range(const struct cpus *cpus, uint32_t cpu)
{
	uint32_t next = cpu + 1;

	while (next_cpu(cpus, &next) && next == cpu + 1)
		cpu = next++;
	return cpu;
}

void cpus_text(const struct cpus *cpus, char *text, size_t size)
{
	uint32_t first, last;
	size_t len = 0;

	*text = '\0';
	for (first = 0; len < size && next_cpu(cpus, &first);
	     first = last + 1) {
		last = last_of_range(cpus, first);
		len += snprintf(text + len, size - len, "%s%" PRIu32,
				len ? "," : "", first);
		if (last > first && len < size)
			len += snprintf(text + len, size - len, "-%" PRIu32,
					last);
	}
}

void keep_cpus(struct cpus *cpus, const struct cpus *others)
{
	size_t i;

	for (i = 0; i < CPUS_MAX / 64; i++)
		cpus->words[i] &= others->words[i];
}

/* "ff,ffffffff": hexadecimal, the highest CPUs first. */
static bool parse_mask(const char *text, struct cpus *cpus)
{
	size_t i = strlen(text);
	uint32_t cpu = 0;
	int digit, bit;

	*cpus = (struct cpus) { 0 };
	while (i-- > 0) {
		if (text[i] == ',')
			continue;
		if (!isxdigit((unsigned char)text[i]) || cpu >= CPUS_MAX)
			return false;
		digit = isdigit((unsigned char)text[i]) ?
			text[i] - '0' : tolower(text[i]) - 'a' + 10;
		for (bit = 0; bit < 4; bit++, cpu++)
			if (digit >> bit & 1)
				add_cpu(cpus, cpu);
	}
	return cpu;
}

static bool read_cpus(const char *path,
		      bool (*parse)(const char *text, struct cpus *cpus),
		      struct cpus *cpus)
{
	char line[LINE_SIZE];

	return read_line(path, line, sizeof(line)) && parse(line, cpus);
}

bool online_cpus(struct cpus *cpus)
{
	return read_cpus("/sys/devices/system/cpu/online", parse_cpus, cpus);
}

bool node_cpus(uint32_t node, struct cpus *cpus)
{
	char path[64];

	snprintf(path, sizeof(path),
		 "/sys/devices/system/node/node%" PRIu32 "/cpulist", node);
	return read_cpus(path, parse_cpus, cpus);
}

bool default_cpus(struct cpus *cpus)
{
	return read_cpus("/proc/irq/default_smp_affinity", parse_mask, cpus);
}
