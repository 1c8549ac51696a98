// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ways to open a virtual device, and its address space, by what the kernel
 * has: a group in a container, and where there are cdevs an iommufd. The device is
 * IMS_WQ0, a mediated one or a function of the bus ims_vfunc.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "case.h"

#define CONTAINER	"/dev/vfio/vfio"
#define SIZE		0x4000

struct fixture {
	const char *name;
	/* Its directory in sysfs; its cdev, empty when the kernel has none. */
	char dir[256], cdev[300];
	struct ims_ctx *ctx;
	struct ims_vfio *vfio;
	/* Memory of the process. */
	char *memory;
};

static struct fixture f;

static void find_cdev(void)
{
	char path[300];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/vfio-dev", f.dir);
	f.cdev[0] = '\0';
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			snprintf(f.cdev, sizeof(f.cdev), "/dev/vfio/devices/%s",
				 entry->d_name);
	if (dir)
		closedir(dir);
	if (access(f.cdev, F_OK))
		f.cdev[0] = '\0';
}

static int setup(void **state)
{
	(void)state;
	f.name = getenv("IMS_WQ0");
	if (!f.name)
		errx(1, "IMS_WQ0 is not set: run this by tests/run vm");
	snprintf(f.dir, sizeof(f.dir), "/sys/bus/mdev/devices/%s", f.name);
	if (access(f.dir, F_OK))
		snprintf(f.dir, sizeof(f.dir), "/sys/bus/ims_vfunc/devices/%s",
			 f.name);
	find_cdev();
	f.vfio = NULL;
	f.memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(f.memory, MAP_FAILED);
	return ims_ctx_new(&f.ctx);
}

static int teardown(void **state)
{
	(void)state;
	ims_vfio_close(f.vfio);
	ims_ctx_free(f.ctx);
	return munmap(f.memory, SIZE);
}

static void assert_text(const char *part)
{
	const char *text = ims_error_get_text(ims_ctx_get_error(f.ctx));

	if (!text || !strstr(text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, text ? text : "");
}

static void open_as(const char *how)
{
	if (ims_vfio_open(f.ctx, how, &f.vfio))
		fail_msg("%s", ims_error_get_message(ims_ctx_get_error(f.ctx)));
	assert_string_equal(ims_vfio_get_name(f.vfio), f.name);
}

static void assert_not_open(const char *how, int err, const char *text)
{
	struct ims_vfio *vfio;

	assert_int_equal(ims_vfio_open(f.ctx, how, &vfio), err);
	assert_text(text);
}

/* It is the device, and its name finds it. */
static void assert_works(void)
{
	struct ims_device *device;
	uint64_t size;
	uint32_t count;

	assert_int_equal(ims_device_get(f.ctx, ims_vfio_get_name(f.vfio),
					&device), 0);
	ims_device_free(device);
	assert_int_equal(ims_vfio_get_region_size(f.vfio,
			VFIO_PCI_BAR0_REGION_INDEX, &size), 0);
	assert_true(size > 0);
	assert_int_equal(ims_vfio_get_vectors(f.vfio, &count), 0);
	assert_true(count > 0);
}

static int map(uint64_t iova, size_t offset, size_t size)
{
	return ims_vfio_map_dma(f.vfio, iova, f.memory + offset, size,
				IMS_VFIO_DMA_READ | IMS_VFIO_DMA_WRITE);
}

/* Containers and iommufds say the same. */
static void assert_address_space(void)
{
	assert_int_equal(map(0x10000, 0, SIZE), 0);
	assert_int_equal(map(0x11000, 0, 0x1000), -EEXIST);
	assert_text("mapping 4096 bytes at IOVA 0x11000: something is mapped");
	assert_int_equal(map(0xf000, 0, 0x2000), -EEXIST);
	assert_int_equal(map(0x14000, 0, 0x1000), 0);

	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0x11000, 0x1000), -ENOENT);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0x12000, 0x3000), -ENOENT);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0x20000, 0x1000), -ENOENT);
	assert_text("unmapping 4096 bytes at IOVA 0x20000: nothing is mapped");
	/* Both at once, and what is between and behind them. */
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 0x20000), 0);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 0x20000), -ENOENT);
	assert_int_equal(map(0x10000, 0x1000, 0x1000), 0);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0x10000, 0x1000), 0);
}

static void assert_in_container(void)
{
	assert_works();
	assert_address_space();
	assert_int_equal(ims_vfio_detach(f.vfio), -EOPNOTSUPP);
	assert_text("the device is in a container");
	assert_not_open(f.name, -EBUSY, "the group is in use");
}

static void assert_in_iommufd(void)
{
	assert_works();
	assert_address_space();

	/* Mappings can be changed while the device is not there. */
	assert_int_equal(map(0, 0, 0x1000), 0);
	assert_int_equal(ims_vfio_detach(f.vfio), 0);
	assert_int_equal(ims_vfio_detach(f.vfio), 0);
	assert_int_equal(map(0x1000, 0x1000, 0x1000), 0);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 0x1000), 0);
	assert_int_equal(ims_vfio_attach(f.vfio), 0);
	assert_int_equal(ims_vfio_attach(f.vfio), 0);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0x1000, 0x1000), 0);

	assert_not_open(f.cdev, -EINVAL, "is it in use, by another process");
}

static void by_name(void **state)
{
	(void)state;
	open_as(f.name);
	assert_in_container();
	if (f.cdev[0])
		assert_not_open(f.cdev, -EBUSY, "in use through its group");
}

static void by_directory(void **state)
{
	(void)state;
	open_as(f.dir);
	assert_in_container();
}

static void by_cdev(void **state)
{
	(void)state;
	if (!f.cdev[0])
		skip();
	open_as(f.cdev);
	assert_in_iommufd();
	assert_not_open(f.name, -EBUSY, "/dev/vfio/");
}

/* As on a kernel, or in a container of another kind, that has cdevs only. */
static void by_name_without_containers(void **state)
{
	(void)state;
	assert_int_equal(rename(CONTAINER, CONTAINER ".away"), 0);
	if (f.cdev[0])
		open_as(f.name);
	else
		assert_not_open(f.name, -EOPNOTSUPP, CONTAINER ": No such file");
	assert_int_equal(rename(CONTAINER ".away", CONTAINER), 0);
	if (f.cdev[0])
		assert_in_iommufd();
}

static void by_fd(void **state)
{
	struct ims_vfio *owner;

	(void)state;
	open_as(f.name);
	owner = f.vfio;
	assert_int_equal(ims_vfio_open_fd(f.ctx, ims_vfio_get_fd(owner), f.name,
					  &f.vfio), 0);
	assert_works();
	assert_int_equal(map(0, 0, 0x1000), -EOPNOTSUPP);
	assert_int_equal(ims_vfio_detach(f.vfio), -EOPNOTSUPP);
	ims_vfio_close(owner);
}

static void what_cannot_be_opened(void **state)
{
	(void)state;
	assert_not_open("/sys/bus/mdev/devices/none", -ENODEV, "there is no /sys/bus/mdev/devices/none");
	assert_not_open("/sys/bus/mdev", -ENXIO, "no VFIO driver is bound to it");
	assert_not_open("none", -ENODEV, "neither in /sys/bus/mdev/devices");
	if (f.cdev[0])
		assert_not_open("/dev/null", -ENOTTY, "this is not a VFIO device's file");
	else
		assert_not_open("/dev/null", -EOPNOTSUPP, "is the kernel module iommufd loaded?");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_name),
		TEST(by_directory),
		TEST(by_cdev),
		TEST(by_name_without_containers),
		TEST(by_fd),
		TEST(what_cannot_be_opened),
	};

	return cmocka_run_group_tests_name("ways", tests, NULL, NULL);
}
