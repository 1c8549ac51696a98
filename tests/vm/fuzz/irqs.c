// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VFIO_DEVICE_SET_IRQS, and the eventfds that it gets.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "fuzz.h"

#define COUNT_MAX	(NR_VECTORS + 8)

union set_irqs {
	struct vfio_irq_set set;
	unsigned char bytes[sizeof(struct vfio_irq_set) + COUNT_MAX * sizeof(int32_t)];
};

void irqs_begin(struct fuzzer *f)
{
	unsigned int i;

	for (i = 0; i < NR_EVENTS; i++)
		f->events[i] = -1;
}

static int event(struct fuzzer *f)
{
	int *fd = &f->events[random_below(&f->random, NR_EVENTS)];

	if (*fd < 0)
		*fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return *fd;
}

static int bad_event(struct fuzzer *f)
{
	switch (random_below(&f->random, 5)) {
	case 0:
		return STDIN_FILENO;	/* is not one */
	case 1:
		return 1000;		/* is not open */
	case 2:
		return -2;
	case 3:
		return INT_MIN;
	default:
		return INT_MAX;
	}
}

/* An eventfd is read, or closed: what it is bound to keeps it. */
int call_event(struct fuzzer *f)
{
	unsigned int i = random_below(&f->random, NR_EVENTS);
	uint64_t count;

	if (f->events[i] < 0)
		return NOTHING;
	if (random_one_in(&f->random, 2)) {
		ring_note("close %d", f->events[i]);
		close(f->events[i]);
		f->events[i] = -1;
		return 0;
	}
	ring_note("read %d", f->events[i]);
	return read(f->events[i], &count, sizeof(count)) < 0 ? -errno : 0;
}

static uint32_t any_index(struct fuzzer *f)
{
	switch (random_below(&f->random, 20)) {
	case 0:
		return random_edge(&f->random, VFIO_PCI_NUM_IRQS);
	case 1:
		return VFIO_PCI_ERR_IRQ_INDEX;
	case 2:
	case 3:
		return VFIO_PCI_REQ_IRQ_INDEX;
	default:
		return VFIO_PCI_MSIX_IRQ_INDEX;
	}
}

static uint32_t any_flags(struct fuzzer *f)
{
	static const uint32_t likely[] = {
		VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD,
		VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD,
		VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD,
		VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD,
		VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD,
		VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD,
		VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_BOOL,
		VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_NONE,
		VFIO_IRQ_SET_ACTION_MASK | VFIO_IRQ_SET_DATA_NONE,
		VFIO_IRQ_SET_ACTION_MASK | VFIO_IRQ_SET_DATA_BOOL,
		VFIO_IRQ_SET_ACTION_UNMASK | VFIO_IRQ_SET_DATA_NONE,
		VFIO_IRQ_SET_ACTION_UNMASK | VFIO_IRQ_SET_DATA_BOOL,
	};

	if (random_one_in(&f->random, 40))
		return random_any(&f->random) & 0x7f;
	return likely[random_below(&f->random,
				   sizeof(likely) / sizeof(*likely))];
}

static uint32_t any_count(struct fuzzer *f, uint32_t start)
{
	uint32_t left = start < NR_VECTORS ? NR_VECTORS - start : 1;

	switch (random_below(&f->random, 24)) {
	case 0:
		return random_edge(&f->random, left);
	case 1:
		return 0;
	case 2:
	case 3:
		return left;
	case 4 ... 9:
		return 1 + random_below(&f->random, left < 8 ? left : 8);
	default:
		return 1;
	}
}

static void fill(struct fuzzer *f, union set_irqs *arg, uint32_t count)
{
	uint32_t data = arg->set.flags & VFIO_IRQ_SET_DATA_TYPE_MASK, i;
	bool bad = random_one_in(&f->random, 24);
	int32_t *fds = (void *)arg->set.data;

	if (count > COUNT_MAX)
		count = COUNT_MAX;
	for (i = 0; i < count && data == VFIO_IRQ_SET_DATA_EVENTFD; i++)
		fds[i] = bad && random_one_in(&f->random, 4) ? bad_event(f) :
			 random_one_in(&f->random, 5) ? -1 : event(f);
	for (i = 0; i < count && data == VFIO_IRQ_SET_DATA_BOOL; i++)
		arg->set.data[i] = random_below(&f->random, 3);
	if (count && data == VFIO_IRQ_SET_DATA_EVENTFD)
		ring_note("fd %d...", fds[0]);
}

static uint32_t data_size(const struct vfio_irq_set *set)
{
	switch (set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_EVENTFD:
		return set->count * sizeof(int32_t);
	case VFIO_IRQ_SET_DATA_BOOL:
		return set->count;
	default:
		return 0;
	}
}

int call_set_irqs(struct fuzzer *f)
{
	struct handle *h = devices_pick(f);
	union set_irqs arg = { };

	if (!h)
		return NOTHING;
	arg.set.index = any_index(f);
	arg.set.flags = any_flags(f);
	if (arg.set.index == VFIO_PCI_MSIX_IRQ_INDEX) {
		arg.set.start = random_vector(&f->random);
		arg.set.count = any_count(f, arg.set.start);
	} else {
		arg.set.start = random_one_in(&f->random, 16);
		arg.set.count = !random_one_in(&f->random, 8);
	}
	/* All is disabled, now and then. */
	if (random_one_in(&f->random, 64)) {
		arg.set.flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_NONE;
		arg.set.start = arg.set.count = 0;
	}
	arg.set.argsz = sizeof(arg.set) + data_size(&arg.set);
	if (random_one_in(&f->random, 64))
		arg.set.argsz = random_edge(&f->random, arg.set.argsz);
	ring_note("%s index %u flags %#x %u+%u size %u",
		  devices_name(devices_index(f, h)), arg.set.index,
		  arg.set.flags, arg.set.start, arg.set.count, arg.set.argsz);
	fill(f, &arg, arg.set.count);
	return ioctl(h->fd, VFIO_DEVICE_SET_IRQS, &arg) ? -errno : 0;
}
