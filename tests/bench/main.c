// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench NAME ADDRESS [MEASUREMENT...] - measure, in the VM. NAME is a function
 * of ims_siov.ko, ADDRESS a device that vfio-pci has. Prints a line for each
 * figure: name, ours, the peer's (or "-"), unit, separated by tabs.
 */
#include <dirent.h>
#include <err.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <time.h>

#include <linux/vfio.h>

#include "bench.h"

uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

uint64_t since(uint64_t start)
{
	return now() - start;
}

uint64_t kernel_memory(void)
{
	unsigned long kb, sum = 0;
	char line[128];
	FILE *file;

	/* The CPUs add up what they have counted. */
	file = fopen("/proc/sys/vm/stat_refresh", "r");
	if (!file)
		err(1, "stat_refresh");
	fgetc(file);
	fclose(file);
	file = fopen("/proc/meminfo", "r");
	if (!file)
		err(1, "meminfo");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "SUnreclaim: %lu", &kb) == 1 ||
		    sscanf(line, "Percpu: %lu", &kb) == 1)
			sum += kb;
	fclose(file);
	return sum * 1024;
}

void report_one(const char *name, const char *unit, double ours, double peer)
{
	printf("%s\t%.1f\t", name, ours);
	if (peer == (double)NONE)
		printf("-\t%s\n", unit);
	else
		printf("%.1f\t%s\n", peer, unit);
	fflush(stdout);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static double median(uint64_t value[REPEAT], double per)
{
	qsort(value, REPEAT, sizeof(value[0]), compare);
	return value[0] == NONE ? NONE : value[REPEAT / 2] / per;
}

void report(const char *name, const char *unit, struct series *s, double per)
{
	report_one(name, unit, median(s->value[OURS], per),
		   median(s->value[PEER], per));
}

static int set_bypass(struct wq *wq, uint32_t mode)
{
	struct ims_device_config *config;
	struct ims_device *device;
	int ret = ims_device_config_new(&config);

	if (ret)
		return ret;
	ret = ims_device_get(wq->ctx, wq->name, &device);
	if (!ret) {
		ims_device_config_set_bypass(config, mode);
		ret = ims_device_configure(wq->ctx, device, config, 0);
		ims_device_free(device);
	}
	ims_device_config_free(config);
	return ret;
}

void bench_reopen(struct bench *b)
{
	if (b->ours.wq.ctx)
		portal_close(&b->ours);
	if (portal_open(&b->ours, b->name) ||
	    (b->bypass && set_bypass(&b->ours.wq, b->bypass)))
		errx(1, "%s", ims_error_get_message(
				ims_ctx_get_error(b->ours.wq.ctx)));
}

static void set_irqs(struct bench *b, int side, uint32_t flags, uint32_t first,
		     const int *fds, uint32_t count)
{
	static struct {
		struct vfio_irq_set set;
		int fds[WQ_VECTORS];
	} arg;

	arg.set = (struct vfio_irq_set) {
		.argsz = sizeof(arg),
		.flags = flags | VFIO_IRQ_SET_ACTION_TRIGGER,
		.index = VFIO_PCI_MSIX_IRQ_INDEX,
		.start = first,
		.count = count,
	};
	if (side == OURS && count)
		arg.set.start++;
	if (fds)
		memcpy(arg.set.data, fds, count * sizeof(int));
	if (ioctl(side == OURS ? ims_vfio_get_fd(b->ours.wq.vfio) : b->peer,
		  VFIO_DEVICE_SET_IRQS, &arg))
		err(1, "side %d: SET_IRQS %u+%u", side, first, count);
}

void bench_bind(struct bench *b, int side, uint32_t first, const int *fds,
		uint32_t count)
{
	set_irqs(b, side, VFIO_IRQ_SET_DATA_EVENTFD, first, fds, count);
}

void bench_disable(struct bench *b, int side)
{
	set_irqs(b, side, VFIO_IRQ_SET_DATA_NONE, 0, NULL, 0);
}

void bench_loopback(struct bench *b, int side, uint32_t first, uint32_t count)
{
	set_irqs(b, side, VFIO_IRQ_SET_DATA_NONE, first, NULL, count);
}

static uint32_t peer_irq(struct bench *b)
{
	uint32_t irq, lowest = UINT32_MAX;
	struct dirent *entry;
	char path[128];
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/msi_irqs",
		 b->address);
	dir = opendir(path);
	if (!dir)
		err(1, "%s", path);
	while ((entry = readdir(dir)))
		if (sscanf(entry->d_name, "%u", &irq) == 1 && irq < lowest)
			lowest = irq;
	closedir(dir);
	return lowest;
}

uint32_t bench_irq(struct bench *b, int side)
{
	return side == OURS ? wq_number32(&b->ours.wq, 1, ims_vector_get_irq) :
			      peer_irq(b);
}

static void measure_dumps(struct bench *b)
{
	measure_dump(b, 2000);
	measure_dump(b, 4000);
}

static const struct {
	const char *name;
	void (*measure)(struct bench *b);
} measurements[] = {
	{ "handler", measure_handler },
	{ "irqfd", measure_irqfd },
	{ "enable", measure_enable },
	{ "replace", measure_replace },
	{ "bypass", measure_bypass },
	{ "signals", measure_signals },
	{ "dump", measure_dumps },
	{ "trigger", measure_trigger },
	{ "memory", measure_memory },
	{ "hardware", measure_hardware },
};

static void measure(struct bench *b, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(measurements) / sizeof(measurements[0]); i++)
		if (!strcmp(measurements[i].name, name)) {
			measurements[i].measure(b);
			return;
		}
	errx(2, "no measurement '%s'", name);
}

int main(int argc, char **argv)
{
	static struct bench b;
	struct rlimit limit;
	cpu_set_t cpu;
	int side, i;

	if (argc < 4)
		errx(2, "usage: bench NAME ADDRESS MEASUREMENT...");
	b.name = argv[1];
	b.address = argv[2];

	/* The interrupts are handled here, too. */
	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	if (sched_setaffinity(0, sizeof(cpu), &cpu))
		err(1, "sched_setaffinity");
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max = 100000;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "setrlimit");
	for (side = 0; side < SIDES; side++)
		for (i = 0; i < WQ_VECTORS; i++) {
			b.eventfds[side][i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
			if (b.eventfds[side][i] < 0)
				err(1, "eventfd");
		}
	b.peer = peer_open(b.address);

	for (i = 3; i < argc; i++)
		measure(&b, argv[i]);
	return 0;
}
