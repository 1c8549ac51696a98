// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "wq.h"

static const char *wq_reason(struct wq *wq)
{
	const struct ims_error *error = ims_ctx_get_error(wq->ctx);

	return error ? ims_error_get_message(error) : "no reason given";
}

void wq_cdev(const char *name, char *path, size_t size)
{
	static const char *const buses[] = { "mdev", "ims_vfunc" };
	char pattern[128];
	glob_t found;
	size_t i;

	/* The directory in vfio-dev has the cdev's name. */
	path[0] = '\0';
	for (i = 0; i < 2; i++) {
		snprintf(pattern, sizeof(pattern),
			 "/sys/bus/%s/devices/%s/vfio-dev/vfio*/dev", buses[i],
			 name);
		if (glob(pattern, 0, NULL, &found))
			continue;
		*strrchr(found.gl_pathv[0], '/') = '\0';
		snprintf(path, size, "/dev/vfio/devices/%s",
			 strrchr(found.gl_pathv[0], '/') + 1);
		globfree(&found);
	}
}

/* Through its group, or, with IMS_CDEV in the environment, through its cdev */
static int wq_open_vfio(struct wq *wq)
{
	char path[64];

	if (!getenv("IMS_CDEV"))
		return ims_vfio_open(wq->ctx, wq->name, &wq->vfio);
	wq_cdev(wq->name, path, sizeof(path));
	return ims_vfio_open(wq->ctx, path[0] ? path : wq->name, &wq->vfio);
}

int wq_open(struct wq *wq, const char *name)
{
	int ret, i;

	memset(wq, 0, sizeof(*wq));
	wq->name = name;
	for (i = 0; i < WQ_VECTORS; i++)
		wq->fds[i] = -1;
	ret = ims_ctx_new(&wq->ctx);
	if (!ret)
		ret = wq_open_vfio(wq);
	return ret;
}

void wq_close(struct wq *wq)
{
	int i;

	ims_vfio_close(wq->vfio);
	ims_ctx_free(wq->ctx);
	for (i = 0; i < WQ_VECTORS; i++)
		if (wq->fds[i] >= 0)
			close(wq->fds[i]);
	memset(wq, 0, sizeof(*wq));
}

/* Thousands of eventfds are more than the usual limit, but not the hard one. */
static void wq_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		err(1, "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "setrlimit");
}

int wq_fd(struct wq *wq, uint32_t vector)
{
	if (wq->fds[vector] < 0)
		wq->fds[vector] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (wq->fds[vector] < 0 && errno == EMFILE) {
		wq_raise_limit();
		wq->fds[vector] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	}
	if (wq->fds[vector] < 0)
		err(1, "eventfd");
	return wq->fds[vector];
}

int wq_bind(struct wq *wq, uint32_t first, uint32_t count)
{
	uint32_t i;

	for (i = first; i < first + count; i++)
		wq_fd(wq, i);
	return ims_vfio_bind(wq->vfio, first, wq->fds + first, count);
}

uint32_t wq_read(struct wq *wq, uint32_t reg)
{
	uint32_t value;

	if (ims_vfio_read32(wq->vfio, VFIO_PCI_BAR0_REGION_INDEX, reg, &value))
		errx(1, "register %#x: %s", reg, wq_reason(wq));
	return value;
}

void wq_write(struct wq *wq, uint32_t reg, uint32_t value)
{
	if (ims_vfio_write32(wq->vfio, VFIO_PCI_BAR0_REGION_INDEX, reg, value))
		errx(1, "register %#x: %s", reg, wq_reason(wq));
}

static uint32_t wq_vector_reg(uint32_t vector, uint32_t reg)
{
	return IMS_EDU_REG_VECTOR + vector * IMS_EDU_VECTOR_SIZE + reg;
}

uint32_t wq_vector_read(struct wq *wq, uint32_t vector, uint32_t reg)
{
	return wq_read(wq, wq_vector_reg(vector, reg));
}

void wq_set_cookie(struct wq *wq, uint32_t vector, uint64_t cookie)
{
	wq_write(wq, wq_vector_reg(vector, IMS_EDU_VECTOR_COOKIE_LO), cookie);
	wq_write(wq, wq_vector_reg(vector, IMS_EDU_VECTOR_COOKIE_HI),
		 cookie >> 32);
}

uint32_t wq_submit(struct wq *wq, uint32_t n, uint32_t vector)
{
	wq_write(wq, IMS_EDU_REG_WORK_N, n);
	wq_write(wq, IMS_EDU_REG_WORK_SUBMIT, vector);
	return wq_read(wq, IMS_EDU_REG_WORK_STATUS);
}

int wq_drain(struct wq *wq)
{
	const struct timespec tick = { .tv_nsec = 5 * 1000 * 1000 };
	int i;

	for (i = 0; i < WQ_PATIENCE_MS / 5; i++) {
		if (!wq_read(wq, IMS_EDU_REG_WORK_PENDING))
			return 0;
		nanosleep(&tick, NULL);
	}
	return -ETIMEDOUT;
}

uint32_t wq_command(struct wq *wq, uint32_t command, uint32_t argument,
		    uint32_t *result)
{
	wq_write(wq, IMS_EDU_REG_ARGUMENT, argument);
	wq_write(wq, IMS_EDU_REG_COMMAND, command);
	if (result)
		*result = wq_read(wq, IMS_EDU_REG_COMMAND_RESULT);
	return wq_read(wq, IMS_EDU_REG_COMMAND_STATUS);
}

uint64_t wq_take(struct wq *wq, uint32_t vector)
{
	uint64_t count;

	if (read(wq_fd(wq, vector), &count, sizeof(count)) == sizeof(count))
		return count;
	if (errno != EAGAIN)
		err(1, "eventfd of vector %u", vector);
	return 0;
}

uint64_t wq_wait(struct wq *wq, uint32_t vector)
{
	struct pollfd pfd = { .fd = wq_fd(wq, vector), .events = POLLIN };

	if (poll(&pfd, 1, WQ_PATIENCE_MS) < 0)
		err(1, "poll");
	return wq_take(wq, vector);
}

struct ims_vector *wq_vector(struct wq *wq, uint32_t vector)
{
	struct ims_device *device;
	struct ims_vector *v;

	if (ims_device_get(wq->ctx, wq->name, &device) ||
	    ims_vector_get(wq->ctx, device, vector, &v))
		errx(1, "%s", wq_reason(wq));
	ims_device_free(device);
	return v;
}

uint64_t wq_number(struct wq *wq, uint32_t vector,
		   int (*get)(const struct ims_vector *, uint64_t *))
{
	struct ims_vector *v = wq_vector(wq, vector);
	uint64_t number = UINT64_MAX;

	get(v, &number);
	ims_vector_free(v);
	return number;
}

uint32_t wq_number32(struct wq *wq, uint32_t vector,
		     int (*get)(const struct ims_vector *, uint32_t *))
{
	struct ims_vector *v = wq_vector(wq, vector);
	uint32_t number = UINT32_MAX;

	get(v, &number);
	ims_vector_free(v);
	return number;
}

unsigned int wq_count_irqs(const char *chip)
{
	static const char dir[] = "/sys/kernel/irq";
	char path[512], name[64];
	unsigned int count = 0;
	struct dirent *entry;
	DIR *irqs = opendir(dir);
	FILE *file;

	if (!irqs)
		err(1, "%s", dir);
	while ((entry = readdir(irqs))) {
		snprintf(path, sizeof(path), "%s/%s/chip_name", dir,
			 entry->d_name);
		file = entry->d_name[0] == '.' ? NULL : fopen(path, "re");
		if (!file)
			continue;
		count += fgets(name, sizeof(name), file) &&
			 !strncmp(name, chip, strlen(chip));
		fclose(file);
	}
	closedir(irqs);
	return count;
}
