// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Virtual devices: made and removed, opened by group or by cdev, taken over from
 * the process that has opened them, closed.
 *
 * Who removes a device, or does anything else that waits until users have closed,
 * has nothing open itself: so the others, which close sooner or later, end the wait.
 */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "../files.h"
#include "../wq.h"
#include "fuzz.h"

static struct device {
	char name[40];			/* a UUID is the longest */
	char create[128], remove[128];	/* files */
	const char *made_by;		/* what is written there */
	const char *removed_by;
} devices[NR_DEVICES];

/*
 * Known to all processes:
 *
 * @holders: processes that have it open
 * @owner: one of them, as pid << 32 | fd, or 0
 * @wanted: so many wait until it is closed
 */
static struct {
	volatile unsigned int holders;
	volatile uint64_t owner;
	volatile unsigned int wanted;
} *common;

void devices_init(void)
{
	const char *edu = getenv("IMS_EDU"), *siov = getenv("IMS_SIOV");
	static const char pci[] = "/sys/bus/pci/devices";
	struct device *d;
	unsigned int i;

	if (!edu || !siov)
		errx(2, "run this by tests/vm/debug");
	for (i = 0; i < NR_DEVICES; i++) {
		d = &devices[i];
		if (!devices_is_siov(i)) {
			snprintf(d->name, sizeof(d->name),
				 "f0220000-0000-4000-8000-00000000000%u", i);
			snprintf(d->create, sizeof(d->create),
				 "%s/%s/mdev_supported_types/ims_edu-wq/create",
				 pci, edu);
			snprintf(d->remove, sizeof(d->remove),
				 "/sys/bus/mdev/devices/%.36s/remove", d->name);
			d->made_by = d->name;
			d->removed_by = "1";
			continue;
		}
		snprintf(d->name, sizeof(d->name), "%s-%u", siov, i - NR_MDEVS);
		snprintf(d->create, sizeof(d->create),
			 "%s/%s/ims_vfunc/new_device", pci, siov);
		snprintf(d->remove, sizeof(d->remove),
			 "%s/%s/ims_vfunc/delete_device", pci, siov);
		/* Behind the dash. */
		d->made_by = strrchr(d->name, '-') + 1;
		d->removed_by = d->made_by;
	}
	common = mmap(NULL, NR_DEVICES * sizeof(*common), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (common == MAP_FAILED)
		err(1, "mmap");
}

void devices_begin(struct fuzzer *f)
{
	unsigned int i;

	for (i = 0; i < NR_DEVICES; i++)
		f->handles[i].fd = -1;
	if (ims_ctx_new(&f->ctx))
		errx(1, "no memory");
}

const char *devices_name(unsigned int i)
{
	return devices[i].name;
}

unsigned int devices_index(const struct fuzzer *f, const struct handle *h)
{
	return h - f->handles;
}

/* ---- which ------------------------------------------------------------------- */

static struct handle *pick(struct fuzzer *f, unsigned int first)
{
	unsigned int n = NR_DEVICES - first, i;
	unsigned int start = random_below(&f->random, n);

	for (i = 0; i < n; i++)
		if (f->handles[first + (start + i) % n].fd >= 0)
			return &f->handles[first + (start + i) % n];
	return NULL;
}

struct handle *devices_pick(struct fuzzer *f)
{
	return pick(f, 0);
}

struct handle *devices_pick_siov(struct fuzzer *f)
{
	return pick(f, NR_MDEVS);
}

bool devices_any_open(const struct fuzzer *f)
{
	unsigned int i;

	for (i = 0; i < NR_DEVICES; i++)
		if (f->handles[i].fd >= 0)
			return true;
	return false;
}

const char *devices_any_name(struct fuzzer *f)
{
	struct handle *h = random_one_in(&f->random, 12) ? NULL : devices_pick(f);

	return devices[h ? devices_index(f, h) :
		       random_below(&f->random, NR_DEVICES)].name;
}

/* ---- open and close ------------------------------------------------------------ */

static bool exists(unsigned int i)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s",
		 devices_is_siov(i) ? "ims_vfunc" : "mdev", devices[i].name);
	return !access(path, F_OK);
}

/* One that this process has not open, and another process has (or has not) */
static struct handle *pick_closed(struct fuzzer *f, bool owned)
{
	unsigned int start = random_below(&f->random, NR_DEVICES), i, n;
	bool any = random_one_in(&f->random, 12);

	for (i = 0; i < NR_DEVICES; i++) {
		n = (start + i) % NR_DEVICES;
		if (f->handles[n].fd < 0 && !!common[n].holders == owned &&
		    (any || exists(n)))
			return &f->handles[n];
	}
	return NULL;
}

static void map_memory(struct handle *h, unsigned int place, size_t size)
{
	if (h->memory)
		return;
	h->memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (h->memory == MAP_FAILED)
		err(1, "mmap");
	if (!ims_vfio_map_dma(h->vfio, IOVA + place * MEMORY_SIZE, h->memory,
			      size, IMS_VFIO_DMA_READ | IMS_VFIO_DMA_WRITE))
		return;
	munmap(h->memory, MEMORY_SIZE);
	h->memory = NULL;
}

/* This process has it open. */
static void held(unsigned int i, int fd)
{
	__atomic_fetch_add(&common[i].holders, 1, __ATOMIC_RELAXED);
	common[i].owner = (uint64_t)getpid() << 32 | fd;
}

int call_open(struct fuzzer *f)
{
	struct handle *h = pick_closed(f, random_one_in(&f->random, 12));
	const char *name;
	char path[64] = "";
	unsigned int i;
	int ret;

	if (!h)
		return NOTHING;
	i = devices_index(f, h);
	name = devices[i].name;
	if (random_one_in(&f->random, 2))
		wq_cdev(name, path, sizeof(path));
	ring_note("%s %s", name, path[0] ? path : "by its group");
	ret = ims_vfio_open(f->ctx, path[0] ? path : name, &h->vfio);
	if (ret) {
		h->vfio = NULL;
		return ret;
	}
	h->fd = ims_vfio_get_fd(h->vfio);
	portal_was_reset(i);
	if (!random_one_in(&f->random, 4))
		map_memory(h, 0, MEMORY_SIZE);
	held(i, h->fd);
	return 0;
}

/* Another process's file: two processes are in the device at the same time. */
int call_share(struct fuzzer *f)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct handle *h = pick_closed(f, true);
	unsigned int i;
	uint64_t owner;
	int process, fd;

	if (!h)
		return NOTHING;
	i = devices_index(f, h);
	owner = common[i].owner;
	if (!owner)
		return NOTHING;
	ring_note("%s of %d", devices[i].name, (int)(owner >> 32));
	process = syscall(SYS_pidfd_open, (pid_t)(owner >> 32), 0);
	if (process < 0)
		return -errno;
	fd = syscall(SYS_pidfd_getfd, process, (int)(uint32_t)owner, 0);
	close(process);
	if (fd < 0)
		return -errno;
	/* It may have become another file. */
	if (ioctl(fd, VFIO_DEVICE_GET_INFO, &info)) {
		close(fd);
		return NOTHING;
	}
	h->fd = fd;
	held(i, fd);
	return 0;
}

static void close_handle(struct fuzzer *f, struct handle *h)
{
	unsigned int i = devices_index(f, h);

	portal_unmap(h);
	if ((pid_t)(common[i].owner >> 32) == getpid())
		common[i].owner = 0;
	if (h->vfio)
		ims_vfio_close(h->vfio);
	else
		close(h->fd);
	__atomic_fetch_sub(&common[i].holders, 1, __ATOMIC_RELAXED);
	if (h->memory)
		munmap(h->memory, MEMORY_SIZE);
	*h = (struct handle) { .fd = -1 };
}

static struct handle *pick_wanted(struct fuzzer *f)
{
	unsigned int i;

	for (i = 0; i < NR_DEVICES; i++)
		if (f->handles[i].fd >= 0 && common[i].wanted)
			return &f->handles[i];
	return NULL;
}

bool devices_wanted(struct fuzzer *f)
{
	return pick_wanted(f);
}

int call_close(struct fuzzer *f)
{
	struct handle *h = pick_wanted(f);

	if (!h)
		h = devices_pick(f);

	if (!h)
		return NOTHING;
	ring_note("%s", devices[devices_index(f, h)].name);
	close_handle(f, h);
	return 0;
}

void devices_close_all(struct fuzzer *f)
{
	unsigned int i;

	for (i = 0; i < NR_DEVICES; i++)
		if (f->handles[i].fd >= 0)
			close_handle(f, &f->handles[i]);
}

/* ---- what is made ---------------------------------------------------------------- */

int call_create(struct fuzzer *f)
{
	unsigned int start = random_below(&f->random, NR_DEVICES), i, n = start;
	bool any = random_one_in(&f->random, 12);

	for (i = 0; i < NR_DEVICES && !any && exists(n); i++)
		n = (start + i) % NR_DEVICES;
	if (!any && exists(n))
		return NOTHING;
	ring_note("%s", devices[n].name);
	return write_file(devices[n].create, devices[n].made_by);
}

int devices_take(struct fuzzer *f, unsigned int first, unsigned int end,
		 const char *path, const char *text)
{
	unsigned int i;
	int ret;

	devices_close_all(f);
	for (i = first; i < end; i++)
		__atomic_fetch_add(&common[i].wanted, 1, __ATOMIC_RELAXED);
	ret = write_file(path, text);
	for (i = first; i < end; i++)
		__atomic_fetch_sub(&common[i].wanted, 1, __ATOMIC_RELAXED);
	return ret;
}

int call_remove(struct fuzzer *f)
{
	unsigned int i = random_below(&f->random, NR_DEVICES);

	ring_note("%s", devices[i].name);
	return devices_take(f, i, i + 1, devices[i].remove,
			    devices[i].removed_by);
}

void devices_make_all(void)
{
	unsigned int i;

	/* Those that are there are refused. */
	for (i = 0; i < NR_DEVICES; i++)
		write_file(devices[i].create, devices[i].made_by);
}

/* ---- what VFIO's users ask for besides --------------------------------------------- */

int call_reset(struct fuzzer *f)
{
	struct handle *h = devices_pick(f);

	if (!h)
		return NOTHING;
	ring_note("%s", devices[devices_index(f, h)].name);
	portal_was_reset(devices_index(f, h));
	return ioctl(h->fd, VFIO_DEVICE_RESET) ? -errno : 0;
}

int call_info(struct fuzzer *f)
{
	struct handle *h = devices_pick(f);
	union {
		struct vfio_region_info region;
		struct vfio_irq_info irq;
		struct vfio_device_info device;
		uint32_t words[64];
	} arg = { };
	unsigned long request;
	uint32_t size;

	if (!h)
		return NOTHING;
	switch (random_below(&f->random, 8)) {
	case 0:
		request = _IO(VFIO_TYPE, VFIO_BASE + random_below(&f->random, 32));
		/* What the others are for. */
		if (request == VFIO_DEVICE_SET_IRQS)
			return NOTHING;
		size = 32;
		break;
	case 1 ... 2:
		request = VFIO_DEVICE_GET_INFO;
		size = sizeof(arg.device);
		break;
	case 3 ... 5:
		request = VFIO_DEVICE_GET_REGION_INFO;
		size = random_one_in(&f->random, 2) ? sizeof(arg.region) : 128;
		break;
	default:
		request = VFIO_DEVICE_GET_IRQ_INFO;
		size = sizeof(arg.irq);
	}
	arg.words[0] = random_one_in(&f->random, 8) ?
		       random_below(&f->random, sizeof(arg)) : size;
	arg.words[2] = random_edge(&f->random, 8);
	ring_note("%s request %#lx size %u index %u",
		  devices[devices_index(f, h)].name, request, arg.words[0],
		  arg.words[2]);
	return ioctl(h->fd, request, &arg) < 0 ? -errno : 0;
}

int call_dma(struct fuzzer *f)
{
	struct handle *h = devices_pick(f);
	unsigned int place = random_below(&f->random, NR_IOVAS);

	if (!h || !h->vfio)
		return NOTHING;
	ring_note("%s", devices[devices_index(f, h)].name);
	switch (random_below(&f->random, 4)) {
	case 0:
		ring_note("detach");
		return ims_vfio_detach(h->vfio);
	case 1:
		ring_note("attach");
		return ims_vfio_attach(h->vfio);
	default:
		if (h->memory) {
			ring_note("unmap");
			/* All of it, wherever it is. */
			ims_vfio_unmap_dma(h->vfio, IOVA, NR_IOVAS * MEMORY_SIZE);
			munmap(h->memory, MEMORY_SIZE);
			h->memory = NULL;
			return 0;
		}
		ring_note("map %u", place);
		map_memory(h, place, random_one_in(&f->random, 4) ? 4096 :
			   MEMORY_SIZE);
		return h->memory ? 0 : -EINVAL;
	}
}
