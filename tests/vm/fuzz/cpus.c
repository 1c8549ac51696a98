// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CPUs go offline and come back, and interrupts are sent elsewhere.
 */
#include <err.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../files.h"
#include "fuzz.h"

static unsigned int nr_cpus;

void cpus_init(void)
{
	long n = sysconf(_SC_NPROCESSORS_CONF);

	if (n < 2)
		errx(2, "this takes two CPUs");
	nr_cpus = n;
}

static int set_online(unsigned int cpu, bool online)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", cpu);
	return write_file(path, online ? "1" : "0");
}

int cpus_all_online(void)
{
	unsigned int i;
	int ret = 0;

	for (i = 1; !ret && i < nr_cpus; i++)
		ret = set_online(i, true);
	return ret;
}

/* CPU 0 stays. */
int call_cpu(struct fuzzer *f)
{
	unsigned int cpu = 1 + random_below(&f->random, nr_cpus - 1);
	bool online = random_one_in(&f->random, 2);

	ring_note("%u %s", cpu, online ? "on" : "off");
	return set_online(cpu, online);
}

/* Only interrupts of ours: the others are the VM's. */
static bool is_ours(uint32_t irq)
{
	char path[64], name[16] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/irq/%u/chip_name", irq);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(name, sizeof(name), file))
		name[0] = '\0';
	fclose(file);
	return !strncmp(name, "IMS-", 4);
}

int call_affinity(struct fuzzer *f)
{
	uint32_t irq = netlink_irq(f);
	char path[64], mask[16];

	if (!irq || !is_ours(irq))
		return NOTHING;
	snprintf(path, sizeof(path), "/proc/irq/%u/smp_affinity", irq);
	snprintf(mask, sizeof(mask), "%x",
		 random_below(&f->random, 1U << nr_cpus));
	ring_note("%u %s", irq, mask);
	return write_file(path, mask);
}
