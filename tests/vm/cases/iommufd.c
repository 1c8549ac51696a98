// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A work queue's life on VFIO's character device: bound to an iommufd, attached to
 * IO address spaces, by ioctls alone. No libims: what is seen here is what the
 * kernel does. Work queues come in IMS_WQ0 and IMS_WQ1.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <err.h>

#include <linux/ims_edu.h>

#include "cdev.h"

#define VECTORS		4
#define PATIENCE_MS	20000

/* A work queue, bound but not attached, with eventfds that are not bound */
struct queue {
	int iommufd;
	int device;
	uint32_t id;
	int fds[VECTORS];
};

static const char *uuid(int number)
{
	const char *name = getenv(number ? "IMS_WQ1" : "IMS_WQ0");

	if (!name)
		errx(1, "IMS_WQ%d is not set: see cases/iommufd.sh", number);
	return name;
}

static int must_open(int number)
{
	int fd = cdev_open(uuid(number));

	if (fd < 0)
		errx(1, "cdev of %s: %s", uuid(number), strerror(-fd));
	return fd;
}

static int must_iommufd(void)
{
	int fd = iommufd_open();

	if (fd < 0)
		errx(1, "/dev/iommu: %s", strerror(-fd));
	return fd;
}

/* @iommufd: one that is there, or -1 for one of its own */
static void queue_open(struct queue *q, int number, int iommufd)
{
	int i;

	q->iommufd = iommufd < 0 ? must_iommufd() : dup(iommufd);
	q->device = must_open(number);
	assert_int_equal(cdev_bind(q->device, q->iommufd, &q->id), 0);
	for (i = 0; i < VECTORS; i++) {
		q->fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		assert_true(q->fds[i] >= 0);
	}
}

static void queue_close(struct queue *q)
{
	int i;

	close(q->device);
	close(q->iommufd);
	for (i = 0; i < VECTORS; i++)
		close(q->fds[i]);
}

static int setup(void **state)
{
	static struct queue q;

	queue_open(&q, 0, -1);
	*state = &q;
	return 0;
}

static int teardown(void **state)
{
	queue_close(*state);
	return 0;
}

/* VFIO_DEVICE_SET_IRQS with @count eventfds, or with none */
static int set_irqs(int device, uint32_t index, uint32_t action, uint32_t start,
		    uint32_t count, const int *fds)
{
	union {
		struct vfio_irq_set set;
		char bytes[sizeof(struct vfio_irq_set) + VECTORS * sizeof(int)];
	} u = { 0 };
	size_t size = fds ? count * sizeof(*fds) : 0;

	u.set.argsz = sizeof(u.set) + size;
	u.set.flags = action | (fds ? VFIO_IRQ_SET_DATA_EVENTFD :
				      VFIO_IRQ_SET_DATA_NONE);
	u.set.index = index;
	u.set.start = start;
	u.set.count = count;
	if (size)
		memcpy(u.set.data, fds, size);
	return ioctl(device, VFIO_DEVICE_SET_IRQS, &u.set) ? -errno : 0;
}

static int bind_all(struct queue *q)
{
	return set_irqs(q->device, VFIO_PCI_MSIX_IRQ_INDEX,
			VFIO_IRQ_SET_ACTION_TRIGGER, 0, VECTORS, q->fds);
}

static ssize_t read_reg(int device, uint32_t reg, uint32_t *value)
{
	return pread(device, value, sizeof(*value),
		     ((off_t)VFIO_PCI_BAR0_REGION_INDEX <<
		      IMS_EDU_REGION_SHIFT) + reg);
}

static uint32_t reg_read(struct queue *q, uint32_t reg)
{
	uint32_t value = 0;

	assert_int_equal(read_reg(q->device, reg, &value), 4);
	return value;
}

static void reg_write(struct queue *q, uint32_t reg, uint32_t value)
{
	assert_int_equal(pwrite(q->device, &value, sizeof(value),
				((off_t)VFIO_PCI_BAR0_REGION_INDEX <<
				 IMS_EDU_REGION_SHIFT) + reg), 4);
}

static uint64_t take(int fd, int timeout)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	uint64_t count = 0;

	if (poll(&pfd, 1, timeout) == 1)
		assert_int_equal(read(fd, &count, sizeof(count)), 8);
	return count;
}

static uint32_t submit(struct queue *q, uint32_t n, uint32_t vector)
{
	reg_write(q, IMS_EDU_REG_WORK_N, n);
	reg_write(q, IMS_EDU_REG_WORK_SUBMIT, vector);
	return reg_read(q, IMS_EDU_REG_WORK_STATUS);
}

/* One work item for @vector: its interrupt arrives, and nobody else's. */
static void assert_fires(struct queue *q, uint32_t vector)
{
	int i;

	assert_int_equal(submit(q, 5, vector), IMS_EDU_ERR_NONE);
	assert_int_equal(take(q->fds[vector], PATIENCE_MS), 1);
	assert_int_equal(reg_read(q, IMS_EDU_REG_VECTOR +
				  vector * IMS_EDU_VECTOR_SIZE +
				  IMS_EDU_VECTOR_RESULT), 120);
	/* An item is finished after its interrupt. */
	for (i = 0; i < PATIENCE_MS / 5 && reg_read(q, IMS_EDU_REG_WORK_PENDING);
	     i++)
		usleep(5000);
	for (i = 0; i < VECTORS; i++)
		assert_int_equal(take(q->fds[i], 0), 0);
}

static void assert_commands_signal(struct queue *q)
{
	reg_write(q, IMS_EDU_REG_COMMAND, IMS_EDU_COMMAND_NOP);
	assert_int_equal(take(q->fds[IMS_EDU_COMMAND_VECTOR], PATIENCE_MS), 1);
}

/* An open file is no open device: that takes an iommufd. */
static void nothing_works_before_it_is_bound(void **state)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	int device = must_open(0);
	int fd = eventfd(0, EFD_NONBLOCK);
	uint32_t value;

	(void)state;
	assert_int_equal(ioctl(device, VFIO_DEVICE_GET_INFO, &info), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(ioctl(device, VFIO_DEVICE_RESET), -1);
	assert_int_equal(set_irqs(device, VFIO_PCI_MSIX_IRQ_INDEX,
				  VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1, &fd),
			 -EINVAL);
	assert_int_equal(cdev_attach(device, 1), -EINVAL);
	assert_int_equal(cdev_detach(device), -EINVAL);
	assert_int_equal(read_reg(device, IMS_EDU_REG_ID, &value), -1);
	close(fd);
	close(device);
}

static void binding_refuses(void **state)
{
	struct vfio_device_bind_iommufd bind = { 0 };
	int device = must_open(0);
	int iommufd = must_iommufd();
	int fd = eventfd(0, EFD_NONBLOCK);
	uint32_t id;

	(void)state;
	bind.iommufd = iommufd;
	bind.argsz = sizeof(bind) - 1;
	assert_int_equal(ioctl(device, VFIO_DEVICE_BIND_IOMMUFD, &bind), -1);
	assert_int_equal(errno, EINVAL);
	bind.argsz = sizeof(bind);
	bind.flags = 1;
	assert_int_equal(ioctl(device, VFIO_DEVICE_BIND_IOMMUFD, &bind), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(cdev_bind(device, -1, &id), -EINVAL);
	assert_int_equal(cdev_bind(device, fd, &id), -EBADFD);
	assert_int_equal(cdev_bind(device, device, &id), -EBADFD);

	/* None of that has opened it. */
	assert_int_equal(cdev_bind(device, iommufd, &id), 0);
	assert_int_equal(cdev_bind(device, iommufd, &id), -EINVAL);
	close(fd);
	close(iommufd);
	close(device);
}

static void info_is_as_through_a_group(void **state)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct queue *q = *state;
	uint32_t i;

	assert_int_equal(ioctl(q->device, VFIO_DEVICE_GET_INFO, &info), 0);
	assert_int_equal(info.flags, VFIO_DEVICE_FLAGS_PCI |
			 VFIO_DEVICE_FLAGS_RESET);
	assert_int_equal(info.num_regions, VFIO_PCI_NUM_REGIONS);
	assert_int_equal(info.num_irqs, VFIO_PCI_NUM_IRQS);

	for (i = 0; i < info.num_regions; i++) {
		struct vfio_region_info region = {
			.argsz = sizeof(region),
			.index = i,
		};
		uint64_t size = i == VFIO_PCI_BAR0_REGION_INDEX ?
				IMS_EDU_BAR_SIZE :
				i == VFIO_PCI_CONFIG_REGION_INDEX ?
				IMS_EDU_CONFIG_SIZE : 0;

		assert_int_equal(ioctl(q->device, VFIO_DEVICE_GET_REGION_INFO,
				       &region), 0);
		assert_int_equal(region.size, size);
		assert_int_equal(region.offset,
				 (uint64_t)i << IMS_EDU_REGION_SHIFT);
	}
	for (i = 0; i < info.num_irqs; i++) {
		struct vfio_irq_info irq = { .argsz = sizeof(irq), .index = i };
		uint32_t vectors = reg_read(q, IMS_EDU_REG_VECTORS);
		bool one = i == VFIO_PCI_ERR_IRQ_INDEX ||
			   i == VFIO_PCI_REQ_IRQ_INDEX;

		assert_int_equal(ioctl(q->device, VFIO_DEVICE_GET_IRQ_INFO,
				       &irq), 0);
		if (i == VFIO_PCI_MSIX_IRQ_INDEX) {
			assert_int_equal(irq.count, vectors);
			assert_int_equal(irq.flags, VFIO_IRQ_INFO_EVENTFD |
					 VFIO_IRQ_INFO_MASKABLE);
		} else {
			assert_int_equal(irq.count, one);
		}
	}
}

/* A work queue has no memory of its user's: it works without an address space. */
static void work_interrupts(void **state)
{
	struct queue *q = *state;

	assert_int_equal(reg_read(q, IMS_EDU_REG_ID), IMS_EDU_ID);
	assert_int_equal(bind_all(q), 0);
	assert_commands_signal(q);
	assert_fires(q, 1);
	assert_fires(q, 3);

	/* By hand, and not while it is masked */
	assert_int_equal(set_irqs(q->device, VFIO_PCI_MSIX_IRQ_INDEX,
				  VFIO_IRQ_SET_ACTION_TRIGGER, 2, 1, NULL), 0);
	assert_int_equal(take(q->fds[2], 0), 1);
	assert_int_equal(set_irqs(q->device, VFIO_PCI_MSIX_IRQ_INDEX,
				  VFIO_IRQ_SET_ACTION_MASK, 2, 1, NULL), 0);
	assert_int_equal(submit(q, 3, 2), IMS_EDU_ERR_NONE);
	assert_int_equal(take(q->fds[2], 500), 0);
	assert_int_equal(set_irqs(q->device, VFIO_PCI_MSIX_IRQ_INDEX,
				  VFIO_IRQ_SET_ACTION_UNMASK, 2, 1, NULL), 0);
	assert_int_equal(take(q->fds[2], PATIENCE_MS), 1);
}

/* Its vectors do not know of the address space that it has at the moment. */
static void address_spaces_come_and_go(void **state)
{
	const uint64_t size = 1 << 16, iova = 1 << 20;
	struct queue *q = *state;
	uint32_t a, b;
	void *memory;

	memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	assert_int_equal(iommufd_ioas(q->iommufd, &a), 0);
	assert_int_equal(iommufd_ioas(q->iommufd, &b), 0);
	assert_int_equal(iommufd_map(q->iommufd, a, memory, size, iova), 0);
	assert_int_equal(bind_all(q), 0);

	assert_int_equal(cdev_attach(q->device, a), 0);
	assert_fires(q, 1);
	/* One that is in use stays; what is mapped there may go. */
	assert_int_equal(iommufd_destroy(q->iommufd, a), -EBUSY);
	assert_int_equal(iommufd_unmap(q->iommufd, a, iova, size), 0);
	assert_int_equal(iommufd_map(q->iommufd, a, memory, size, iova), 0);

	/* Work is under way while the one takes the other's place. */
	assert_int_equal(submit(q, 4, 2), IMS_EDU_ERR_NONE);
	assert_int_equal(cdev_attach(q->device, b), 0);
	assert_int_equal(take(q->fds[2], PATIENCE_MS), 1);
	assert_int_equal(iommufd_destroy(q->iommufd, a), 0);
	assert_int_equal(iommufd_destroy(q->iommufd, b), -EBUSY);
	assert_fires(q, 2);

	/* What cannot be attached leaves the one that is. */
	assert_int_equal(cdev_attach(q->device, a), -ENOENT);
	assert_true(cdev_attach(q->device, q->id) < 0);
	assert_int_equal(iommufd_destroy(q->iommufd, b), -EBUSY);
	assert_int_equal(cdev_attach(q->device, b), 0);

	assert_int_equal(cdev_detach(q->device), 0);
	assert_fires(q, 3);
	assert_int_equal(cdev_detach(q->device), 0);
	assert_int_equal(iommufd_destroy(q->iommufd, b), 0);
	assert_commands_signal(q);
	munmap(memory, size);
}

static void reset_keeps_the_address_space(void **state)
{
	struct queue *q = *state;
	uint32_t ioas;

	assert_int_equal(iommufd_ioas(q->iommufd, &ioas), 0);
	assert_int_equal(cdev_attach(q->device, ioas), 0);
	assert_int_equal(bind_all(q), 0);
	assert_fires(q, 1);

	assert_int_equal(ioctl(q->device, VFIO_DEVICE_RESET), 0);
	assert_int_equal(iommufd_destroy(q->iommufd, ioas), -EBUSY);
	assert_int_equal(set_irqs(q->device, VFIO_PCI_MSIX_IRQ_INDEX,
				  VFIO_IRQ_SET_ACTION_TRIGGER, 1, 1, NULL),
			 -EINVAL);
	assert_int_equal(bind_all(q), 0);
	assert_fires(q, 1);
}

static void two_share_an_address_space(void **state)
{
	struct queue *q = *state, other;
	uint32_t ioas;

	queue_open(&other, 1, q->iommufd);
	assert_int_not_equal(q->id, other.id);
	assert_int_equal(iommufd_ioas(q->iommufd, &ioas), 0);
	assert_int_equal(cdev_attach(q->device, ioas), 0);
	assert_int_equal(cdev_attach(other.device, ioas), 0);
	assert_int_equal(bind_all(q), 0);
	assert_int_equal(bind_all(&other), 0);

	assert_fires(q, 1);
	assert_int_equal(take(other.fds[1], 0), 0);
	assert_fires(&other, 1);
	assert_int_equal(take(q->fds[1], 0), 0);

	queue_close(&other);
	assert_int_equal(iommufd_destroy(q->iommufd, ioas), -EBUSY);
	assert_fires(q, 1);
}

/* The group's path of the first work queue, open: a file descriptor */
static int open_group(void)
{
	char path[512], link[512];
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group",
		 uuid(0));
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		err(1, "%s", path);
	link[len] = '\0';
	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(link, '/') + 1);
	len = open(path, O_RDWR | O_CLOEXEC);
	return len < 0 ? -errno : len;
}

static void it_has_one_user(void **state)
{
	int second = must_open(0), iommufd = must_iommufd(), group;
	struct queue *q = *state;
	uint32_t id, value;

	/* The file can be opened, the device cannot. */
	assert_int_equal(cdev_bind(second, q->iommufd, &id), -EINVAL);
	assert_int_equal(cdev_bind(second, iommufd, &id), -EINVAL);
	assert_int_equal(read_reg(second, IMS_EDU_REG_ID, &value), -1);
	assert_int_equal(open_group(), -EBUSY);
	assert_int_equal(bind_all(q), 0);
	assert_fires(q, 1);

	/* The first has gone: now it can. */
	close(q->device);
	assert_int_equal(cdev_bind(second, iommufd, &id), 0);
	assert_int_equal(read_reg(second, IMS_EDU_REG_ID, &value), 4);
	assert_int_equal(value, IMS_EDU_ID);
	close(second);

	/* Nor while its group is open. */
	group = open_group();
	assert_true(group >= 0);
	q->device = must_open(0);
	assert_int_equal(cdev_bind(q->device, iommufd, &id), -EBUSY);
	close(group);
	assert_int_equal(cdev_bind(q->device, iommufd, &id), 0);
	close(iommufd);
}

/*
 * Vectors bound, one masked, an address space with memory in it, work under way:
 * closed in either order, and opened again, it knows nothing of that.
 */
static void closing_with_everything_bound(void **state)
{
	const uint64_t size = 1 << 16, iova = 1 << 20;
	uint32_t ioas, i;
	struct queue q;
	void *memory;

	(void)state;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	for (i = 0; i < 20; i++) {
		queue_open(&q, 0, -1);
		assert_int_equal(set_irqs(q.device, VFIO_PCI_MSIX_IRQ_INDEX,
					  VFIO_IRQ_SET_ACTION_TRIGGER, 1, 1,
					  NULL), -EINVAL);
		assert_int_equal(iommufd_ioas(q.iommufd, &ioas), 0);
		assert_int_equal(iommufd_map(q.iommufd, ioas, memory, size,
					     iova), 0);
		assert_int_equal(cdev_attach(q.device, ioas), 0);
		assert_int_equal(bind_all(&q), 0);
		assert_int_equal(set_irqs(q.device, VFIO_PCI_MSIX_IRQ_INDEX,
					  VFIO_IRQ_SET_ACTION_MASK, 3, 1, NULL),
				 0);
		assert_int_equal(submit(&q, 3, 1), IMS_EDU_ERR_NONE);
		assert_int_equal(submit(&q, 3, 3), IMS_EDU_ERR_NONE);
		if (i % 2) {
			close(q.iommufd);
			q.iommufd = dup(q.device);
			assert_int_equal(take(q.fds[1], PATIENCE_MS), 1);
		}
		queue_close(&q);
	}
	munmap(memory, size);
}

/* A process that dies with all of it open */
static void a_killed_user_leaves(void **state)
{
	struct queue q;
	int ready[2];
	pid_t pid;
	char byte;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		uint32_t ioas;

		queue_open(&q, 0, -1);
		if (iommufd_ioas(q.iommufd, &ioas) ||
		    cdev_attach(q.device, ioas) || bind_all(&q) ||
		    submit(&q, 5, 1) || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);

	queue_open(&q, 0, -1);
	assert_int_equal(bind_all(&q), 0);
	assert_fires(&q, 1);
	queue_close(&q);
}

/* A process that removes the second work queue: it ends when that has gone. */
static pid_t remove_second(void)
{
	char path[512];
	pid_t pid;
	int fd;

	pid = fork();
	assert_true(pid >= 0);
	if (pid)
		return pid;
	/* It must not hold what its parent is about to close. */
	for (fd = 3; fd < 256; fd++)
		close(fd);
	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/remove", uuid(1));
	fd = open(path, O_WRONLY);
	_exit(fd < 0 || write(fd, "1", 1) != 1);
}

static void make_second(void)
{
	const char *path = getenv("IMS_CREATE");
	int fd = path ? open(path, O_WRONLY | O_CLOEXEC) : -1;

	if (fd < 0 || write(fd, uuid(1), strlen(uuid(1))) < 0)
		err(1, "IMS_CREATE (%s)", path);
	close(fd);
}

static void assert_waits(pid_t pid)
{
	usleep(500000);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
}

static void assert_removed(pid_t pid)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	make_second();
}

/* The user is asked to leave, has what it had until then, and leaves. */
static void removal_waits_for_the_user(void **state)
{
	int request = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	struct queue q;
	pid_t pid;

	(void)state;
	queue_open(&q, 1, -1);
	assert_int_equal(set_irqs(q.device, VFIO_PCI_REQ_IRQ_INDEX,
				  VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1, &request),
			 0);
	assert_int_equal(bind_all(&q), 0);
	pid = remove_second();
	assert_true(take(request, PATIENCE_MS) > 0);
	assert_fires(&q, 1);
	assert_waits(pid);
	queue_close(&q);
	assert_removed(pid);
	close(request);
}

/*
 * A file that is open and not bound keeps the device registered, so removal asks
 * for it, although the device is not open: before its first user, and after.
 */
static void removal_waits_for_an_open_file(void **state)
{
	struct queue q;
	int device, i;
	uint32_t id;
	pid_t pid;

	(void)state;
	for (i = 0; i < 2; i++) {
		if (i) {
			queue_open(&q, 1, -1);
			assert_int_equal(bind_all(&q), 0);
			device = must_open(1);
			queue_close(&q);
		} else {
			device = must_open(1);
		}
		pid = remove_second();
		assert_waits(pid);
		close(device);
		assert_removed(pid);
	}

	/* Nobody asks whoever binds it too late. Closing it is what is left. */
	device = must_open(1);
	pid = remove_second();
	assert_waits(pid);
	q.iommufd = must_iommufd();
	assert_int_equal(cdev_bind(device, q.iommufd, &id), 0);
	close(q.iommufd);
	assert_waits(pid);
	close(device);
	assert_removed(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_works_before_it_is_bound),
		cmocka_unit_test(binding_refuses),
		cmocka_unit_test_setup_teardown(info_is_as_through_a_group,
						setup, teardown),
		cmocka_unit_test_setup_teardown(work_interrupts, setup,
						teardown),
		cmocka_unit_test_setup_teardown(address_spaces_come_and_go,
						setup, teardown),
		cmocka_unit_test_setup_teardown(reset_keeps_the_address_space,
						setup, teardown),
		cmocka_unit_test_setup_teardown(two_share_an_address_space,
						setup, teardown),
		cmocka_unit_test_setup_teardown(it_has_one_user, setup,
						teardown),
		cmocka_unit_test(closing_with_everything_bound),
		cmocka_unit_test(a_killed_user_leaves),
		cmocka_unit_test(removal_waits_for_the_user),
		cmocka_unit_test(removal_waits_for_an_open_file),
	};

	return cmocka_run_group_tests_name("iommufd", tests, NULL, NULL);
}
