// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Registers and configuration space, read and written.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <linux/ims_edu.h>
#include <linux/ims_siov.h>
#include <linux/vfio.h>

#include "fuzz.h"

#define SHIFT	IMS_EDU_REGION_SHIFT	/* of both */

static int put32(int fd, uint32_t reg, uint32_t value)
{
	return pwrite(fd, &value, sizeof(value), reg) < 0 ? -errno : 0;
}

static int get32(int fd, uint32_t reg, uint32_t *value)
{
	return pread(fd, value, sizeof(*value), reg) < 0 ? -errno : 0;
}

/* ---- any access -------------------------------------------------------------- */

static uint64_t any_offset(struct fuzzer *f, uint64_t size)
{
	switch (random_below(&f->random, 8)) {
	case 0:
		return random_edge(&f->random, size);
	case 1:
		return size - 4 * random_below(&f->random, 3);
	case 2 ... 4:
		return 4 * random_below(&f->random, 64);
	default:
		return 4 * random_below(&f->random, size / 4);
	}
}

static size_t any_size(struct fuzzer *f, bool config)
{
	switch (random_below(&f->random, 12)) {
	case 0:
		return random_below(&f->random, 257);
	case 1 ... 2:
		return 4 * random_below(&f->random, 65);
	case 3 ... 4:
		return config ? 1 + random_below(&f->random, 3) : 8;
	default:
		return 4;
	}
}

/* Any region, offset and size; most are such as there are. */
int call_region(struct fuzzer *f)
{
	struct handle *h = devices_pick(f);
	uint32_t index = VFIO_PCI_BAR0_REGION_INDEX;
	uint64_t size = IMS_EDU_BAR_SIZE, offset;
	unsigned char buf[260];
	bool config, write;
	size_t count, i;
	ssize_t ret;

	if (!h)
		return NOTHING;
	switch (random_below(&f->random, 12)) {
	case 0:
		index = random_edge(&f->random, VFIO_PCI_NUM_REGIONS);
		break;
	case 1:
		index = VFIO_PCI_BAR2_REGION_INDEX;
		size = IMS_SIOV_PORTAL_SIZE;
		break;
	case 2 ... 4:
		index = VFIO_PCI_CONFIG_REGION_INDEX;
		size = devices_is_siov(devices_index(f, h)) ?
		       IMS_SIOV_CONFIG_SIZE : IMS_EDU_CONFIG_SIZE;
	}
	config = index == VFIO_PCI_CONFIG_REGION_INDEX;
	offset = any_offset(f, size);
	count = any_size(f, config);
	write = random_one_in(&f->random, 2);
	for (i = 0; i < sizeof(buf); i++)
		buf[i] = random_one_in(&f->random, 4) ?
			 random_any(&f->random) : 0;
	offset &= (1ULL << SHIFT) - 1;
	ring_note("%s %s region %u %#llx+%zu %#x", devices_name(devices_index(f, h)),
		  write ? "write" : "read", index, (unsigned long long)offset,
		  count, *(uint32_t *)buf);
	offset |= (uint64_t)index << SHIFT;
	/* Offsets with the highest bit set are refused by VFS. */
	ret = write ? pwrite(h->fd, buf, count, offset) :
		      pread(h->fd, buf, count, offset);
	return ret < 0 ? -errno : 0;
}

/* ---- what a driver would do --------------------------------------------------- */

static int command_edu(struct fuzzer *f, int fd)
{
	uint32_t command = random_below(&f->random, 5), status;
	uint32_t vector = random_vector(&f->random);
	uint32_t at = IMS_EDU_REG_VECTOR + vector % NR_VECTORS * IMS_EDU_VECTOR_SIZE;
	uint64_t cookie = random_edge(&f->random, UINT64_MAX);
	int ret;

	switch (random_below(&f->random, 8)) {
	case 0:
		ring_note("work %u vector %u", command, vector);
		ret = put32(fd, IMS_EDU_REG_WORK_N, command);
		if (!ret)
			ret = put32(fd, IMS_EDU_REG_WORK_SUBMIT, vector);
		if (!ret)
			ret = get32(fd, IMS_EDU_REG_WORK_STATUS, &status);
		break;
	case 1 ... 3:
		ring_note("cookie %#llx vector %u", (unsigned long long)cookie,
			  vector % NR_VECTORS);
		status = 0;
		ret = put32(fd, at + IMS_EDU_VECTOR_COOKIE_LO, cookie);
		if (!ret)
			ret = put32(fd, at + IMS_EDU_VECTOR_COOKIE_HI,
				    cookie >> 32);
		break;
	default:
		ring_note("command %u vector %u", command, vector);
		ret = put32(fd, IMS_EDU_REG_ARGUMENT, vector);
		if (!ret)
			ret = put32(fd, IMS_EDU_REG_COMMAND, command);
		if (!ret)
			ret = get32(fd, IMS_EDU_REG_COMMAND_STATUS, &status);
	}
	return ret ? ret : status ? REFUSED : 0;
}

static int command_siov(struct fuzzer *f, int fd, unsigned int device)
{
	static const uint32_t commands[] = {
		IMS_SIOV_COMMAND_NOP, IMS_SIOV_COMMAND_ENABLE,
		IMS_SIOV_COMMAND_ENABLE, IMS_SIOV_COMMAND_ENABLE,
		IMS_SIOV_COMMAND_DISABLE, IMS_SIOV_COMMAND_DRAIN,
		IMS_SIOV_COMMAND_RESET, IMS_SIOV_COMMAND_REQUEST_INT_HANDLE,
		IMS_SIOV_COMMAND_REQUEST_INT_HANDLE,
		IMS_SIOV_COMMAND_REQUEST_INT_HANDLE,
		IMS_SIOV_COMMAND_REQUEST_INT_HANDLE,
		IMS_SIOV_COMMAND_RELEASE_INT_HANDLE,
		IMS_SIOV_COMMAND_RELEASE_INT_HANDLE, 7,
	};
	uint32_t command, argument, status, result;
	int ret;

	command = commands[random_below(&f->random,
					sizeof(commands) / sizeof(*commands))];
	argument = command == IMS_SIOV_COMMAND_RELEASE_INT_HANDLE ?
		   portal_handle(f, device) : random_vector(&f->random);
	ring_note("command %u of %#x", command, argument);
	ret = put32(fd, IMS_SIOV_REG_ARGUMENT, argument);
	if (!ret)
		ret = put32(fd, IMS_SIOV_REG_COMMAND, command);
	if (!ret)
		ret = get32(fd, IMS_SIOV_REG_COMMAND_STATUS, &status);
	if (!ret && !status && command == IMS_SIOV_COMMAND_REQUEST_INT_HANDLE) {
		ret = get32(fd, IMS_SIOV_REG_COMMAND_RESULT, &result);
		portal_handle_is(device, result);
	}
	return ret ? ret : status ? REFUSED : 0;
}

int call_registers(struct fuzzer *f)
{
	struct handle *h = devices_pick(f);
	unsigned int device;

	if (!h)
		return NOTHING;
	device = devices_index(f, h);
	ring_note("%s", devices_name(device));
	return devices_is_siov(device) ? command_siov(f, h->fd, device) :
					 command_edu(f, h->fd);
}
