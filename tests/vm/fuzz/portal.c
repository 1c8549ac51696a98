// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The portal of a function of ims_siov: mapped, unmapped, and descriptors in it.
 */
#include <endian.h>
#include <err.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#include <linux/ims_siov.h>
#include <linux/vfio.h>

#include "fuzz.h"

#define HANDLES	8

/* Of each device: handles that it gave, and the portal's entry that comes next. */
static uint32_t handles[NR_DEVICES][HANDLES];
static unsigned int given[NR_DEVICES], next[NR_DEVICES];
static sigjmp_buf fault;

static void on_fault(int signal)
{
	siglongjmp(fault, signal);
}

void portal_begin(void)
{
	struct sigaction action = { .sa_handler = on_fault };

	if (sigaction(SIGBUS, &action, NULL))
		err(1, "sigaction");
}

void portal_handle_is(unsigned int device, uint32_t handle)
{
	handles[device][given[device]++ % HANDLES] = handle;
}

uint32_t portal_handle(struct fuzzer *f, unsigned int device)
{
	if (random_one_in(&f->random, 8))
		return random_edge(&f->random, 64);
	return handles[device][random_below(&f->random, HANDLES)];
}

/* The queue was reset, as far as this process knows: it begins with entry 0. */
void portal_was_reset(unsigned int device)
{
	next[device] = 0;
}

static uint64_t any_address(struct fuzzer *f)
{
	if (random_one_in(&f->random, 16))
		return random_any(&f->random);
	return IOVA + random_below(&f->random, NR_IOVAS * MEMORY_SIZE);
}

static void any_desc(struct fuzzer *f, unsigned int device,
		     struct ims_siov_desc *desc)
{
	uint32_t control = random_one_in(&f->random, 2) ? IMS_SIOV_OPERATION_NOP :
			   random_below(&f->random, 6);

	memset(desc, 0, sizeof(*desc));
	if (!random_one_in(&f->random, 4))
		control |= IMS_SIOV_DESC_INTERRUPT;
	if (random_one_in(&f->random, 4))
		control |= IMS_SIOV_DESC_COMPLETION;
	if (random_one_in(&f->random, 64))
		control |= random_any(&f->random);
	desc->control = htole32(control);
	desc->handle = htole32(portal_handle(f, device));
	desc->completion = htole64(any_address(f) & ~15ULL);
	desc->source = htole64(any_address(f));
	desc->destination = htole64(any_address(f));
	/* Long ones keep the queue's thread from all others. */
	desc->size = htole32(random_one_in(&f->random, 16) ?
			     random_edge(&f->random, MEMORY_SIZE) :
			     1 + random_below(&f->random, 32));
	if (random_one_in(&f->random, 64))
		desc->reserved[0] = 1;
}

static void submit(unsigned char *portal, unsigned int device,
		   const struct ims_siov_desc *desc)
{
	volatile struct ims_siov_desc *entry = (void *)portal;
	const uint32_t *from = (const uint32_t *)desc;
	volatile uint32_t *to;
	size_t i;

	entry += next[device]++ % IMS_SIOV_PORTAL_ENTRIES;
	to = (volatile uint32_t *)entry;
	for (i = 1; i < sizeof(*desc) / sizeof(*from); i++)
		to[i] = from[i];
	__atomic_thread_fence(__ATOMIC_RELEASE);
	entry->control = desc->control | htole32(IMS_SIOV_DESC_VALID);
}

static int map(struct fuzzer *f, struct handle *h)
{
	size_t size = IMS_SIOV_PORTAL_SIZE;
	off_t at = (off_t)VFIO_PCI_BAR2_REGION_INDEX << IMS_SIOV_REGION_SHIFT;
	int flags = MAP_SHARED;
	void *portal;

	if (random_one_in(&f->random, 8)) {
		at += random_edge(&f->random, 2) * 4096;
		size *= 1 + random_below(&f->random, 2);
		flags = random_one_in(&f->random, 2) ? MAP_SHARED : MAP_PRIVATE;
	}
	ring_note("map %#llx+%#zx", (unsigned long long)at, size);
	portal = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, h->fd, at);
	if (portal == MAP_FAILED)
		return -errno;
	h->portal = portal;
	return 0;
}

void portal_unmap(struct handle *h)
{
	if (h->portal)
		munmap(h->portal, IMS_SIOV_PORTAL_SIZE);
	h->portal = NULL;
}

int call_portal(struct fuzzer *f)
{
	struct handle *h = devices_pick_siov(f);
	struct ims_siov_desc descs[IMS_SIOV_PORTAL_ENTRIES];
	unsigned int device, count, i;

	if (!h)
		return NOTHING;
	device = devices_index(f, h);
	ring_note("%s", devices_name(device));
	if (!h->portal)
		return map(f, h);
	if (random_one_in(&f->random, 16)) {
		ring_note("unmap");
		portal_unmap(h);
		return 0;
	}
	/* Who has lost count of the entries writes all of them. */
	count = random_one_in(&f->random, 8) ? IMS_SIOV_PORTAL_ENTRIES :
		1 + random_below(&f->random, 3);
	for (i = 0; i < count; i++)
		any_desc(f, device, &descs[i]);
	/* What a batch may find. */
	if (h->memory)
		memcpy(h->memory, descs, count * sizeof(*descs));
	ring_note("submit %u: control %#x handle %#x", count,
		  le32toh(descs[0].control), le32toh(descs[0].handle));
	if (sigsetjmp(fault, 1))
		return -EFAULT;
	for (i = 0; i < count; i++)
		submit(h->portal, device, &descs[i]);
	return 0;
}
