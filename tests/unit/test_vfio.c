// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The VFIO handle: opening and its many failures, marshalling, regions.
 */
#include "test.h"

#include <sys/mman.h>

#include "fake_vfio.h"

struct fixture {
	struct ims_ctx *ctx;
	struct ims_vfio *vfio;
};

static struct fixture f;

static int setup_closed(void **state)
{
	(void)state;
	fake_vfio_reset();
	f.vfio = NULL;
	return ims_ctx_new(&f.ctx);
}

static int setup(void **state)
{
	return setup_closed(state) || ims_vfio_open(f.ctx, FAKE_NAME, &f.vfio);
}

static int teardown(void **state)
{
	(void)state;
	ims_vfio_close(f.vfio);
	ims_ctx_free(f.ctx);
	assert_int_equal(fake_vfio.open_files, 0);
	return 0;
}

static void open_bad_arguments(void **state)
{
	static const char *const names[] = { "", ".", ".." };
	struct ims_vfio *vfio = (void *)1;
	char name[IMS_NAME_MAX + 2];
	size_t i;

	(void)state;
	assert_int_equal(ims_vfio_open(NULL, "x", &vfio), -EINVAL);
	assert_null(vfio);
	assert_int_equal(ims_vfio_open(f.ctx, NULL, &vfio), -EINVAL);
	assert_int_equal(ims_vfio_open(f.ctx, "x", NULL), -EINVAL);
	ims_vfio_close(NULL);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(ims_vfio_open(f.ctx, names[i], &vfio),
				 -EINVAL);

	memset(name, 'x', sizeof(name));
	name[IMS_NAME_MAX + 1] = '\0';
	assert_int_equal(ims_vfio_open(f.ctx, name, &vfio), -EINVAL);
	name[IMS_NAME_MAX] = '\0';
	assert_int_equal(ims_vfio_open(f.ctx, name, &vfio), 0);
	ims_vfio_close(vfio);
}

static void open_and_query(void **state)
{
	uint32_t value;

	(void)state;
	assert_string_equal(fake_vfio.group_path, "/dev/vfio/12");
	assert_string_equal(fake_vfio.device_name, FAKE_NAME);
	assert_int_equal(fake_vfio.iommu_type, VFIO_TYPE1v2_IOMMU);
	assert_int_equal(fake_vfio.open_files, 3);

	assert_string_equal(ims_vfio_get_name(f.vfio), FAKE_NAME);
	assert_int_equal(ims_vfio_get_fd(f.vfio), 1002);
	assert_int_equal(ims_vfio_get_num_vectors(f.vfio, &value), 0);
	assert_int_equal(value, FAKE_VECTORS);
	assert_int_equal(ims_vfio_get_irq_flags(f.vfio, &value), 0);
	assert_int_equal(value, VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE);
}

static void open_in_group(void **state)
{
	static const char path[] = "/some/other/place/for/a/group/in/a/container";
	struct ims_vfio *vfio = (void *)1;

	(void)state;
	assert_int_equal(ims_vfio_open_group(NULL, path, "x", &vfio), -EINVAL);
	assert_null(vfio);
	assert_int_equal(ims_vfio_open_group(f.ctx, NULL, "x", &vfio), -EINVAL);
	assert_int_equal(ims_vfio_open_group(f.ctx, path, NULL, &vfio),
			 -EINVAL);
	assert_int_equal(ims_vfio_open_group(f.ctx, path, "x", NULL), -EINVAL);
	assert_int_equal(ims_vfio_open_group(f.ctx, "", "x", &vfio), -EINVAL);
	assert_reason(f.ctx, -EINVAL, NULL, NULL, "cannot be empty");
	assert_int_equal(ims_vfio_open_group(f.ctx, path, "", &vfio), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device ", NULL, "cannot be the name");
	assert_int_equal(fake_vfio.open_files, 0);

	assert_int_equal(ims_vfio_open_group(f.ctx, path, "x", &f.vfio), 0);
	assert_string_equal(fake_vfio.group_path, path);
	assert_string_equal(fake_vfio.device_name, "x");
	assert_string_equal(ims_vfio_get_name(f.vfio), "x");
	assert_int_equal(fake_vfio.looks, 0);
	assert_int_equal(fake_vfio.open_files, 3);
	ims_vfio_close(f.vfio);
	f.vfio = NULL;

	fake_vfio.group_error = -EACCES;
	assert_int_equal(ims_vfio_open_group(f.ctx, path, "x", &vfio), -EACCES);
	assert_null(vfio);
	assert_reason(f.ctx, -EACCES, "device x", NULL, path);
}

static void from_fd(void **state)
{
	struct ims_vfio *vfio = (void *)1;
	uint32_t count;

	(void)state;
	assert_int_equal(ims_vfio_from_fd(NULL, FAKE_FD, "x", &vfio), -EINVAL);
	assert_null(vfio);
	assert_int_equal(ims_vfio_from_fd(f.ctx, FAKE_FD, "x", NULL), -EINVAL);

	assert_int_equal(ims_vfio_from_fd(f.ctx, FAKE_FD, "x", &vfio), 0);
	assert_string_equal(ims_vfio_get_name(vfio), "x");
	assert_int_not_equal(ims_vfio_get_fd(vfio), FAKE_FD);
	assert_int_equal(ims_vfio_get_num_vectors(vfio, &count), 0);
	assert_int_equal(count, FAKE_VECTORS);
	assert_int_equal(fake_vfio.open_files, 1);
	ims_vfio_close(vfio);
	assert_int_equal(fake_vfio.open_files, 0);

	/* Without a name, messages have the number. */
	assert_int_equal(ims_vfio_from_fd(f.ctx, FAKE_FD, NULL, &f.vfio), 0);
	assert_null(ims_vfio_get_name(f.vfio));
	assert_int_equal(ims_vfio_mask(f.vfio, 99, 1), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device of file descriptor 77: vector 99",
		      NULL, "beyond");
}

static void from_fd_fails(void **state)
{
	struct ims_vfio *vfio = (void *)1;

	(void)state;
	assert_int_equal(ims_vfio_from_fd(f.ctx, -1, NULL, &vfio), -EBADF);
	assert_null(vfio);
	assert_reason(f.ctx, -EBADF, "device of file descriptor -1", NULL,
		      "file descriptor -1: Bad file descriptor");
	fake_vfio.dup_error = -EMFILE;
	assert_int_equal(ims_vfio_from_fd(f.ctx, FAKE_FD, "x", &vfio), -EMFILE);
	fake_vfio.dup_error = 0;
	fake_vfio.info_error = -ENOTTY;
	assert_int_equal(ims_vfio_from_fd(f.ctx, FAKE_FD, "x", &vfio), -ENOTTY);
	assert_reason(f.ctx, -ENOTTY, "device x", NULL,
		      "the file is not a VFIO device");
	fake_vfio.info_error = 0;
	fake_vfio.num_vectors = 0;
	assert_int_equal(ims_vfio_from_fd(f.ctx, FAKE_FD, "x", &vfio), -ENODEV);
	assert_null(vfio);
}

static void queries_of_null(void **state)
{
	uint32_t value;

	(void)state;
	assert_null(ims_vfio_get_name(NULL));
	assert_int_equal(ims_vfio_get_fd(NULL), -EINVAL);
	assert_int_equal(ims_vfio_get_num_vectors(NULL, &value), -EINVAL);
	assert_int_equal(ims_vfio_get_num_vectors(f.vfio, NULL), -EINVAL);
	assert_int_equal(ims_vfio_get_irq_flags(NULL, &value), -EINVAL);
	assert_int_equal(ims_vfio_get_irq_flags(f.vfio, NULL), -EINVAL);
}

static void handle_outlives_context(void **state)
{
	(void)state;
	ims_ctx_free(f.ctx);
	f.ctx = NULL;
	assert_int_equal(ims_vfio_mask(f.vfio, 0, 1), 0);
	assert_int_equal(ims_vfio_mask(f.vfio, 0, 99), -EINVAL);
}

static void old_type1(void **state)
{
	(void)state;
	fake_vfio.only_type1v1 = true;
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_NAME, &f.vfio), 0);
	assert_int_equal(fake_vfio.iommu_type, VFIO_TYPE1_IOMMU);
}

/* Opening @name, with a step that fails: errno, and what the text must name. */
static void assert_open_of(const char *name, int err, const char *object,
			   const char *text)
{
	struct ims_vfio *vfio;

	assert_int_equal(ims_vfio_open(f.ctx, name, &vfio), err);
	assert_null(vfio);
	assert_int_equal(fake_vfio.open_files, 0);
	assert_reason(f.ctx, err, object, NULL, text);
	fake_vfio_reset();
}

static void assert_open(int err, const char *text)
{
	assert_open_of(FAKE_NAME, err, "device " FAKE_NAME, text);
}

static void open_fails(void **state)
{
	(void)state;
	fake_vfio.missing[0] = "/sys/bus/";
	assert_open(-ENODEV, "no such device: it is neither in /sys/bus/mdev/devices nor in /sys/bus/ims_vfunc/devices");
	fake_vfio.readlink_error = -ENOENT;
	assert_open(-ENXIO, "no VFIO driver is bound to it: there is neither /sys/bus/mdev/devices/" FAKE_NAME "/iommu_group nor /sys/bus/mdev/devices/" FAKE_NAME "/vfio-dev");
	fake_vfio.list_error = -EACCES;
	assert_open(-EACCES, "/vfio-dev: Permission denied");
	fake_vfio.readlink_error = -EACCES;
	assert_open(-EACCES, "/iommu_group: Permission denied");
	fake_vfio.link = "../../../kernel/iommu_groups/";
	assert_open(-ENXIO, "not a link to an IOMMU group");
	fake_vfio.link = "../../../../etc/x1";
	assert_open(-ENXIO, "not a link to an IOMMU group");
	fake_vfio.link = "99999999999999999999999";
	assert_open(-ENXIO, "not a link to an IOMMU group");

	fake_vfio.container_error = -ENOENT;
	assert_open(-EOPNOTSUPP, "/dev/vfio/vfio: No such file or directory; is the kernel module vfio loaded?");
	fake_vfio.container_error = -EACCES;
	assert_open(-EACCES, "/dev/vfio/vfio: Permission denied");
	fake_vfio.api_error = -ENOTTY;
	assert_open(-ENOTTY, "/dev/vfio/vfio: asking for the API version");
	fake_vfio.api_version = 7;
	assert_open(-EOPNOTSUPP, "version 7 of the API, not 0");

	fake_vfio.group_error = -EBUSY;
	assert_open(-EBUSY, "/dev/vfio/12: the group is in use");
	fake_vfio.group_error = -EACCES;
	assert_open(-EACCES, "/dev/vfio/12: Permission denied");
	fake_vfio.status_error = -EIO;
	assert_open(-EIO, "/dev/vfio/12: asking for the group's status");
	fake_vfio.status_flags = 0;
	assert_open(-ENXIO, "/dev/vfio/12: the group is not viable");

	fake_vfio.join_error = -EBUSY;
	assert_open(-EBUSY, "/dev/vfio/12: adding the group to a container");
	fake_vfio.no_type1 = true;
	assert_open(-EOPNOTSUPP, "is the kernel module vfio_iommu_type1 loaded?");
	fake_vfio.iommu_error = -ENODEV;
	assert_open(-EOPNOTSUPP, "is the kernel module vfio_iommu_type1 loaded?");
	fake_vfio.iommu_error = -EPERM;
	assert_open(-EPERM, "/dev/vfio/vfio: setting up the type 1 IOMMU: Operation not permitted");

	fake_vfio.device_error = -EBUSY;
	assert_open(-EBUSY, "/dev/vfio/12: the device is open already");
	fake_vfio.device_error = -ENOMEM;
	assert_open(-ENOMEM, "/dev/vfio/12: opening the device: Cannot allocate memory");
	fake_vfio.info_error = -EFAULT;
	assert_open(-EFAULT, "asking what the device has");
	fake_vfio.irq_info_error = -EINVAL;
	assert_open(-EINVAL, "asking for its MSI-X vectors");
	fake_vfio.num_vectors = 0;
	assert_open(-ENODEV, "has no MSI-X vectors");
	fake_vfio.num_irqs = VFIO_PCI_MSIX_IRQ_INDEX;
	assert_open(-ENODEV, "has no MSI-X vectors");
}

/* One that has a group and a cdev, of which @missing are not there. */
static void assert_way(const char *missing, const char *group, const char *cdev)
{
	fake_vfio_reset();
	fake_vfio.missing[0] = missing;
	fake_vfio.cdev = "vfio3";
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_NAME, &f.vfio), 0);
	assert_string_equal(fake_vfio.group_path, group);
	assert_string_equal(fake_vfio.cdev_path, cdev);
	assert_string_equal(ims_vfio_get_name(f.vfio), FAKE_NAME);
	assert_int_equal(fake_vfio.open_files, cdev[0] ? 2 : 3);
	ims_vfio_close(f.vfio);
	f.vfio = NULL;
	assert_int_equal(fake_vfio.open_files, 0);
}

static void group_before_cdev(void **state)
{
	(void)state;
	assert_way(NULL, "/dev/vfio/12", "");
	assert_way("/dev/vfio/12", "", FAKE_CDEV);
	assert_way("/dev/vfio/vfio", "", FAKE_CDEV);

	/* A kernel without groups. */
	fake_vfio_reset();
	fake_vfio.readlink_error = -ENOENT;
	fake_vfio.cdev = "vfio3";
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_NAME, &f.vfio), 0);
	assert_string_equal(fake_vfio.cdev_path, FAKE_CDEV);
	ims_vfio_close(f.vfio);
	f.vfio = NULL;

	/* Those without cdevs, where nobody has loaded vfio yet. */
	fake_vfio_reset();
	fake_vfio.missing[0] = "/dev/vfio/";
	fake_vfio.container_error = -ENOENT;
	assert_open(-EOPNOTSUPP, "is the kernel module vfio loaded?");
	fake_vfio.missing[0] = "/dev/vfio/";
	fake_vfio.missing[1] = "/sys/bus/mdev/devices/" FAKE_NAME "/vfio-dev/vfio3/dev";
	fake_vfio.cdev = "vfio3";
	fake_vfio.container_error = -ENOENT;
	assert_open(-EOPNOTSUPP, "is the kernel module vfio loaded?");
	/* What is in that directory is no cdev's name. */
	fake_vfio.readlink_error = -ENOENT;
	fake_vfio.cdev = "vfio";
	assert_open(-ENXIO, "no VFIO driver is bound to it");
	fake_vfio.readlink_error = -ENOENT;
	fake_vfio.cdev = "mdev3";
	assert_open(-ENXIO, "no VFIO driver is bound to it");
}

static void open_function(void **state)
{
	(void)state;
	fake_vfio.missing[0] = "/sys/bus/mdev/";
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_FUNCTION, &f.vfio), 0);
	assert_string_equal(fake_vfio.group_path, "/dev/vfio/12");
	assert_string_equal(fake_vfio.device_name, FAKE_FUNCTION);
	assert_string_equal(ims_vfio_get_name(f.vfio), FAKE_FUNCTION);
}

#define DIRECTORY	"/sys/bus/ims_vfunc/devices/" FAKE_FUNCTION

static void open_directory(void **state)
{
	(void)state;
	fake_vfio.realpath = "/sys/devices/pci0000:00/0000:00:04.0/" FAKE_FUNCTION;
	assert_int_equal(ims_vfio_open(f.ctx, DIRECTORY "/", &f.vfio), 0);
	assert_string_equal(fake_vfio.group_path, "/dev/vfio/12");
	assert_string_equal(fake_vfio.device_name, FAKE_FUNCTION);
	assert_string_equal(ims_vfio_get_name(f.vfio), FAKE_FUNCTION);
}

static void open_path_fails(void **state)
{
	static const char object[] = "device " DIRECTORY;

	(void)state;
	fake_vfio.stat_error = -ENOENT;
	assert_open_of(DIRECTORY, -ENODEV, object, "no such device: there is no " DIRECTORY);
	fake_vfio.stat_error = -ENOTDIR;
	assert_open_of(DIRECTORY, -ENODEV, object, "no such device: there is no " DIRECTORY);
	fake_vfio.stat_error = -EACCES;
	assert_open_of(DIRECTORY, -EACCES, object, DIRECTORY ": Permission denied");
	fake_vfio.mode = S_IFREG;
	assert_open_of(DIRECTORY, -EINVAL, object, "is neither a device's directory in sysfs nor a VFIO device's file");
	fake_vfio.realpath_error = -ELOOP;
	assert_open_of(DIRECTORY, -ELOOP, object, DIRECTORY ": Too many levels");
	fake_vfio.realpath = "/";
	assert_open_of(DIRECTORY, -EINVAL, "device ", "cannot be the name");
	fake_vfio.realpath = "/tmp/x";
	fake_vfio.readlink_error = -ENOENT;
	assert_open_of("x/../y", -ENXIO, "device x/../y", "there is neither /tmp/x/iommu_group");
}

static void open_cdev(void **state)
{
	(void)state;
	fake_vfio.mode = S_IFCHR;
	fake_vfio.cdev_link = "../../devices/pci0000:00/0000:00:04.0/" FAKE_NAME "/vfio-dev/vfio3";
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_CDEV, &f.vfio), 0);
	assert_string_equal(fake_vfio.cdev_path, FAKE_CDEV);
	assert_string_equal(fake_vfio.group_path, "");
	assert_string_equal(ims_vfio_get_name(f.vfio), FAKE_NAME);
	assert_true(fake_vfio.bound && fake_vfio.attached);
	assert_int_equal(fake_vfio.open_files, 2);
	ims_vfio_close(f.vfio);
	f.vfio = NULL;

	/* Sysfs is not to be seen, or has something else. */
	fake_vfio.cdev_link = NULL;
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_CDEV, &f.vfio), 0);
	assert_string_equal(ims_vfio_get_name(f.vfio), "vfio3");
	ims_vfio_close(f.vfio);
	f.vfio = NULL;
	fake_vfio.cdev_link = "../../devices/virtual/mem/null";
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_CDEV, &f.vfio), 0);
	assert_string_equal(ims_vfio_get_name(f.vfio), "vfio3");
}

static void assert_cdev(int err, const char *text)
{
	fake_vfio.mode = S_IFCHR;
	assert_open_of(FAKE_CDEV, err, "device vfio3", text);
}

static void open_cdev_fails(void **state)
{
	(void)state;
	fake_vfio.cdev_error = -EACCES;
	assert_cdev(-EACCES, FAKE_CDEV ": Permission denied");
	fake_vfio.iommufd_error = -ENOENT;
	assert_cdev(-EOPNOTSUPP, "/dev/iommu: No such file or directory; is the kernel module iommufd loaded?");
	fake_vfio.iommufd_error = -EACCES;
	assert_cdev(-EACCES, "/dev/iommu: Permission denied");
	fake_vfio.bind_error = -ENOTTY;
	assert_cdev(-ENOTTY, FAKE_CDEV ": this is not a VFIO device's file");
	fake_vfio.bind_error = -EBUSY;
	assert_cdev(-EBUSY, FAKE_CDEV ": the device is in use through its group");
	fake_vfio.bind_error = -EINVAL;
	assert_cdev(-EINVAL, FAKE_CDEV ": binding the device to iommufd: Invalid argument; is it in use");
	fake_vfio.bind_error = -ENODEV;
	assert_cdev(-ENODEV, FAKE_CDEV ": binding the device to iommufd: No such device");
	fake_vfio.ioas_error = -ENOMEM;
	assert_cdev(-ENOMEM, "/dev/iommu: making an address space: Cannot allocate memory");
	fake_vfio.attach_error = -EIO;
	assert_cdev(-EIO, "attaching the device to its address space: Input/output error");
	fake_vfio.num_vectors = 0;
	assert_cdev(-ENODEV, "has no MSI-X vectors");
}

static void detach_and_attach(void **state)
{
	(void)state;
	assert_int_equal(ims_vfio_detach(NULL), -EINVAL);
	assert_int_equal(ims_vfio_attach(NULL), -EINVAL);

	fake_vfio.mode = S_IFCHR;
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_CDEV, &f.vfio), 0);
	assert_int_equal(ims_vfio_detach(f.vfio), 0);
	assert_false(fake_vfio.attached);
	assert_int_equal(ims_vfio_detach(f.vfio), 0);
	fake_vfio.attach_error = -ENOMEM;
	assert_int_equal(ims_vfio_attach(f.vfio), -ENOMEM);
	assert_reason(f.ctx, -ENOMEM, "device vfio3", NULL,
		      "attaching the device to its address space: Cannot");
	fake_vfio.attach_error = 0;
	assert_int_equal(ims_vfio_attach(f.vfio), 0);
	assert_true(fake_vfio.attached);
	fake_vfio.detach_error = -EIO;
	assert_int_equal(ims_vfio_detach(f.vfio), -EIO);
	assert_reason(f.ctx, -EIO, "device vfio3", NULL,
		      "detaching the device from its address space: Input");
	ims_vfio_close(f.vfio);

	fake_vfio_reset();
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_NAME, &f.vfio), 0);
	assert_int_equal(ims_vfio_detach(f.vfio), -EOPNOTSUPP);
	assert_reason(f.ctx, -EOPNOTSUPP, "device " FAKE_NAME, NULL,
		      "detaching the device from its address space: the device is in a container");
	assert_int_equal(ims_vfio_attach(f.vfio), -EOPNOTSUPP);
	ims_vfio_close(f.vfio);

	assert_int_equal(ims_vfio_from_fd(f.ctx, FAKE_FD, "x", &f.vfio), 0);
	assert_int_equal(ims_vfio_detach(f.vfio), -EOPNOTSUPP);
	assert_int_equal(ims_vfio_attach(f.vfio), -EOPNOTSUPP);
	assert_reason(f.ctx, -EOPNOTSUPP, "device x", NULL,
		      "attaching the device to its address space: its address space is that of the caller");
}

/* Memory of a process; never touched. */
static void *const memory = (void *)0x7f0000000000;

static void assert_mapping(uint64_t iova, uint64_t size, bool readable,
			   bool writable)
{
	const struct fake_mapping *m = fake_vfio.mappings;

	while (m < fake_vfio.mappings + FAKE_MAPPINGS &&
	       (!m->size || m->iova != iova))
		m++;
	assert_true(m < fake_vfio.mappings + FAKE_MAPPINGS);
	assert_int_equal(m->size, size);
	assert_int_equal(m->addr, (uintptr_t)memory);
	assert_int_equal(m->readable, readable);
	assert_int_equal(m->writable, writable);
}

/* A container and an iommufd behave alike. */
static void map_and_unmap(void)
{
	const unsigned int both = IMS_VFIO_DMA_READ | IMS_VFIO_DMA_WRITE;

	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, memory, 4096, both), 0);
	assert_mapping(0, 4096, true, true);
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, memory, 4096, both),
			 -EEXIST);
	assert_reason(f.ctx, -EEXIST, "device " FAKE_NAME, NULL,
		      "mapping 4096 bytes at IOVA 0: something is mapped there already");
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0x2000, memory, 0x3000,
					  IMS_VFIO_DMA_READ), 0);
	assert_mapping(0x2000, 0x3000, true, false);
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0x8000, memory, 4096, both),
			 -ENOSPC);
	assert_reason(f.ctx, -ENOSPC, "device " FAKE_NAME, NULL,
		      "mapping 4096 bytes at IOVA 0x8000: there are too many mappings");

	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 4096), 0);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 4096), -ENOENT);
	assert_reason(f.ctx, -ENOENT, "device " FAKE_NAME, NULL,
		      "unmapping 4096 bytes at IOVA 0: nothing is mapped there");
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0x2000, 4096), -ENOENT);
	assert_reason(f.ctx, -ENOENT, "device " FAKE_NAME, NULL,
		      "unmapping 4096 bytes at IOVA 0x2000: nothing is mapped there, or only a part");
	assert_mapping(0x2000, 0x3000, true, false);

	/* To the last address. */
	assert_int_equal(ims_vfio_map_dma(f.vfio, -4096, memory, 4096,
					  IMS_VFIO_DMA_WRITE), 0);
	assert_mapping(-4096, 4096, false, true);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0x1000, -0x1000), 0);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0x2000, 0x3000), -ENOENT);

	fake_vfio.dma_error = -ENOMEM;
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, memory, 4096, both),
			 -ENOMEM);
	assert_reason(f.ctx, -ENOMEM, "device " FAKE_NAME, NULL,
		      "RLIMIT_MEMLOCK");
	fake_vfio.dma_error = -EFAULT;
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, memory, 4096, both),
			 -EFAULT);
	assert_reason(f.ctx, -EFAULT, "device " FAKE_NAME, NULL,
		      "mapping 4096 bytes at IOVA 0: Bad address");
	fake_vfio.dma_error = -EBUSY;
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 4096), -EBUSY);
	assert_reason(f.ctx, -EBUSY, "device " FAKE_NAME, NULL,
		      "unmapping 4096 bytes at IOVA 0: Device or resource busy");
	fake_vfio.dma_error = 0;
}

static void dma_in_container(void **state)
{
	(void)state;
	map_and_unmap();
}

static void dma_in_iommufd(void **state)
{
	(void)state;
	fake_vfio.missing[0] = "/dev/vfio/vfio";
	fake_vfio.cdev = "vfio3";
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_NAME, &f.vfio), 0);
	map_and_unmap();

	/* The address space is there also while the device is not in it. */
	assert_int_equal(ims_vfio_detach(f.vfio), 0);
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, memory, 4096,
					  IMS_VFIO_DMA_READ), 0);
}

static void dma_of_others(void **state)
{
	(void)state;
	assert_int_equal(ims_vfio_from_fd(f.ctx, FAKE_FD, "x", &f.vfio), 0);
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, memory, 4096,
					  IMS_VFIO_DMA_READ), -EOPNOTSUPP);
	assert_reason(f.ctx, -EOPNOTSUPP, "device x", NULL,
		      "mapping 4096 bytes at IOVA 0: its address space is that of the caller");
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 4096), -EOPNOTSUPP);
}

static void assert_no_map(uint64_t iova, uint64_t addr, uint64_t size,
			  unsigned int flags, const char *text)
{
	assert_int_equal(ims_vfio_map_dma(f.vfio, iova, (void *)addr, size,
					  flags), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME, NULL, text);
}

static void dma_bad_arguments(void **state)
{
	static const char pages[] = "not whole pages of 4096 bytes";
	static const char beyond[] = "beyond the last address";
	const unsigned int read = IMS_VFIO_DMA_READ;

	(void)state;
	assert_int_equal(ims_vfio_map_dma(NULL, 0, memory, 4096, read),
			 -EINVAL);
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, NULL, 4096, read),
			 -EINVAL);
	assert_int_equal(ims_vfio_unmap_dma(NULL, 0, 4096), -EINVAL);
	assert_null(ims_ctx_last_error(f.ctx));

	assert_no_map(0, 0x1000, 4096, 0, "neither to read nor to write");
	assert_no_map(0, 0x1000, 4096, 5, "neither to read nor to write");
	assert_no_map(0, 0x1000, 0, read, "the range is empty");
	assert_no_map(1, 0x1000, 4096, read, pages);
	assert_no_map(0, 0x1800, 4096, read, pages);
	assert_no_map(0, 0x1000, 4095, read, pages);
	assert_no_map(-4096, 0x1000, 8192, read, beyond);
	assert_no_map(0, -4096, 8192, read, beyond);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 0), -EINVAL);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 12), -EINVAL);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, -4096, 8192), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME, NULL, beyond);
	assert_int_equal(fake_vfio.mappings[0].size, 0);
	assert_int_equal(fake_vfio.mappings[1].size, 0);
}

/* What the last VFIO_DEVICE_SET_IRQS was. */
static void assert_set(uint32_t flags, uint32_t index, uint32_t start,
		       uint32_t count, uint32_t size)
{
	assert_int_equal(fake_vfio.last.flags, flags);
	assert_int_equal(fake_vfio.last.index, index);
	assert_int_equal(fake_vfio.last.start, start);
	assert_int_equal(fake_vfio.last.count, count);
	assert_int_equal(fake_vfio.last.argsz,
			 sizeof(struct vfio_irq_set) + size);
}

static void marshalling(void **state)
{
	static const int fds[] = { 5, -1, 7 };
	static const int none[] = { -1, -1 };
	static const uint8_t some[] = { 1, 0, 1, 1 };
	const int request = 9;

	(void)state;
	assert_int_equal(ims_vfio_bind(f.vfio, 4, fds, 3), 0);
	assert_set(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_MSIX_IRQ_INDEX, 4, 3, sizeof(fds));
	assert_memory_equal(fake_vfio.last_data, fds, sizeof(fds));

	assert_int_equal(ims_vfio_unbind(f.vfio, 30, 2), 0);
	assert_set(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_MSIX_IRQ_INDEX, 30, 2, sizeof(none));
	assert_memory_equal(fake_vfio.last_data, none, sizeof(none));

	assert_int_equal(ims_vfio_mask(f.vfio, 0, FAKE_VECTORS), 0);
	assert_set(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_MASK,
		   VFIO_PCI_MSIX_IRQ_INDEX, 0, FAKE_VECTORS, 0);

	assert_int_equal(ims_vfio_unmask(f.vfio, 1, 2), 0);
	assert_set(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK,
		   VFIO_PCI_MSIX_IRQ_INDEX, 1, 2, 0);

	assert_int_equal(ims_vfio_trigger(f.vfio, 31, 1), 0);
	assert_set(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_MSIX_IRQ_INDEX, 31, 1, 0);

	assert_int_equal(ims_vfio_trigger_some(f.vfio, 2, some, 4), 0);
	assert_set(VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_MSIX_IRQ_INDEX, 2, 4, sizeof(some));
	assert_memory_equal(fake_vfio.last_data, some, sizeof(some));

	assert_int_equal(ims_vfio_disable(f.vfio), 0);
	assert_set(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_MSIX_IRQ_INDEX, 0, 0, 0);

	assert_int_equal(ims_vfio_bind_request(f.vfio, request), 0);
	assert_set(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_REQ_IRQ_INDEX, 0, 1, sizeof(request));
	assert_memory_equal(fake_vfio.last_data, &request, sizeof(request));

	assert_int_equal(ims_vfio_reset(f.vfio), 0);
	assert_int_equal(fake_vfio.resets, 1);
}

static void vectors_bad_arguments(void **state)
{
	static const uint8_t some[1];
	static const int fds[1];

	(void)state;
	assert_int_equal(ims_vfio_bind(NULL, 0, fds, 1), -EINVAL);
	assert_int_equal(ims_vfio_bind(f.vfio, 0, NULL, 1), -EINVAL);
	assert_int_equal(ims_vfio_unbind(NULL, 0, 1), -EINVAL);
	assert_int_equal(ims_vfio_mask(NULL, 0, 1), -EINVAL);
	assert_int_equal(ims_vfio_unmask(NULL, 0, 1), -EINVAL);
	assert_int_equal(ims_vfio_trigger(NULL, 0, 1), -EINVAL);
	assert_int_equal(ims_vfio_trigger_some(NULL, 0, some, 1), -EINVAL);
	assert_int_equal(ims_vfio_trigger_some(f.vfio, 0, NULL, 1), -EINVAL);
	assert_int_equal(ims_vfio_disable(NULL), -EINVAL);
	assert_int_equal(ims_vfio_bind_request(NULL, 1), -EINVAL);
	assert_int_equal(ims_vfio_reset(NULL), -EINVAL);

	/* Least of all may an empty range disable everything. */
	assert_int_equal(ims_vfio_bind(f.vfio, 0, fds, 0), -EINVAL);
	assert_int_equal(ims_vfio_unbind(f.vfio, 0, 0), -EINVAL);
	assert_int_equal(ims_vfio_trigger(f.vfio, 0, 0), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME, NULL,
		      "triggering: no vectors given");

	assert_int_equal(ims_vfio_unbind(f.vfio, 0, UINT32_MAX), -EINVAL);
	assert_int_equal(ims_vfio_mask(f.vfio, 31, 2), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME ": vectors 31-32",
		      NULL, "masking: vector 32 is beyond the 32 declared");
	assert_int_equal(ims_vfio_mask(f.vfio, UINT32_MAX, UINT32_MAX),
			 -EINVAL);
	assert_int_equal(fake_vfio.set_irqs_calls, 0);
}

static void vectors_fail(void **state)
{
	static const uint8_t some[1];
	static const int fds[8];

	(void)state;
	fake_vfio.set_irqs_error = -EBADF;
	assert_int_equal(ims_vfio_bind(f.vfio, 0, fds, 8), -EBADF);
	assert_reason(f.ctx, -EBADF, "device " FAKE_NAME ": vectors 0-7", NULL,
		      "binding eventfds: Bad file descriptor");
	fake_vfio.set_irqs_error = -ENOSPC;
	assert_int_equal(ims_vfio_bind(f.vfio, 0, fds, 8), -ENOSPC);
	assert_reason(f.ctx, -ENOSPC, "device " FAKE_NAME ": vectors 0-7", NULL,
		      "binding eventfds: the store, the device's limit, remapping entries or");
	fake_vfio.set_irqs_error = -ENODEV;
	assert_int_equal(ims_vfio_bind(f.vfio, 0, fds, 8), -ENODEV);
	assert_reason(f.ctx, -ENODEV, "device " FAKE_NAME ": vectors 0-7", NULL,
		      "binding eventfds: the parent device is gone");
	fake_vfio.set_irqs_error = -EINVAL;
	assert_int_equal(ims_vfio_bind(f.vfio, 0, fds, 8), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME ": vectors 0-7", NULL,
		      "binding eventfds: a file is not an eventfd");
	assert_int_equal(ims_vfio_trigger(f.vfio, 0, 8), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME ": vectors 0-7", NULL,
		      "triggering: one of them has no trigger");
	assert_int_equal(ims_vfio_mask(f.vfio, 7, 1), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME ": vector 7", NULL,
		      "masking: it has no trigger");

	fake_vfio.set_irqs_error = -EIO;
	assert_int_equal(ims_vfio_unbind(f.vfio, 3, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME ": vector 3", NULL,
		      "unbinding eventfds: Input/output error");
	assert_int_equal(ims_vfio_mask(f.vfio, 3, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME ": vector 3", NULL,
		      "masking: ");
	assert_int_equal(ims_vfio_unmask(f.vfio, 3, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME ": vector 3", NULL,
		      "unmasking: ");
	assert_int_equal(ims_vfio_trigger(f.vfio, 3, 1), -EIO);
	assert_int_equal(ims_vfio_trigger_some(f.vfio, 3, some, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME ": vector 3", NULL,
		      "triggering: ");
	assert_int_equal(ims_vfio_disable(f.vfio), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME, NULL,
		      "disabling all vectors: ");
	assert_int_equal(ims_vfio_bind_request(f.vfio, 4), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME, NULL,
		      "binding the eventfd for removal requests: ");
	fake_vfio.reset_error = -ENOTTY;
	assert_int_equal(ims_vfio_reset(f.vfio), -ENOTTY);
	assert_reason(f.ctx, -ENOTTY, "device " FAKE_NAME, NULL, "resetting: ");
}

static void no_request_index(void **state)
{
	(void)state;
	fake_vfio.num_irqs = VFIO_PCI_REQ_IRQ_INDEX;
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_NAME, &f.vfio), 0);
	assert_int_equal(ims_vfio_bind_request(f.vfio, 4), -ENOTTY);
	assert_int_equal(fake_vfio.set_irqs_calls, 0);
}

static void registers(void **state)
{
	static const uint8_t expected[] = { 0x11, 0, 0x33, 0x22, 0x77, 0x66,
		0x55, 0x44, 0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99, 0x88 };
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;
	uint8_t v8;

	(void)state;
	assert_int_equal(ims_vfio_write8(f.vfio, 0, 0, 0x11), 0);
	assert_int_equal(ims_vfio_write16(f.vfio, 0, 2, 0x2233), 0);
	assert_int_equal(ims_vfio_write32(f.vfio, 0, 4, 0x44556677), 0);
	assert_int_equal(ims_vfio_write64(f.vfio, 0, 8, 0x8899aabbccddeeff), 0);
	assert_memory_equal(fake_vfio.memory, expected, sizeof(expected));

	assert_int_equal(ims_vfio_read8(f.vfio, 0, 0, &v8), 0);
	assert_int_equal(v8, 0x11);
	assert_int_equal(ims_vfio_read16(f.vfio, 0, 2, &v16), 0);
	assert_int_equal(v16, 0x2233);
	assert_int_equal(ims_vfio_read32(f.vfio, 0, 4, &v32), 0);
	assert_int_equal(v32, 0x44556677);
	assert_int_equal(ims_vfio_read64(f.vfio, 0, 8, &v64), 0);
	assert_true(v64 == 0x8899aabbccddeeff);
}

static void regions(void **state)
{
	uint8_t data[FAKE_REGION];
	uint64_t size;

	(void)state;
	assert_int_equal(ims_vfio_get_region_size(f.vfio, 0, &size), 0);
	assert_int_equal(size, FAKE_REGION);
	assert_int_equal(ims_vfio_get_region_size(f.vfio, 3, &size), 0);
	assert_int_equal(size, 0);

	memset(data, 0x3c, sizeof(data));
	assert_int_equal(ims_vfio_write(f.vfio, 0, 0, data, sizeof(data)), 0);
	assert_memory_equal(fake_vfio.memory, data, sizeof(data));
	memset(fake_vfio.memory, 0x5a, 16);
	assert_int_equal(ims_vfio_read(f.vfio, 0, 0, data, sizeof(data)), 0);
	assert_memory_equal(fake_vfio.memory, data, sizeof(data));
}

static void regions_bad_arguments(void **state)
{
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;
	uint8_t v8;

	(void)state;
	assert_int_equal(ims_vfio_get_region_size(NULL, 0, &v64), -EINVAL);
	assert_int_equal(ims_vfio_get_region_size(f.vfio, 0, NULL), -EINVAL);
	assert_int_equal(ims_vfio_get_region_size(f.vfio, 9, &v64), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME, NULL,
		      "asking for region 9: ");
	assert_int_equal(ims_vfio_read(NULL, 0, 0, &v32, 4), -EINVAL);
	assert_int_equal(ims_vfio_read(f.vfio, 0, 0, NULL, 4), -EINVAL);
	assert_int_equal(ims_vfio_write(NULL, 0, 0, &v32, 4), -EINVAL);
	assert_int_equal(ims_vfio_write(f.vfio, 0, 0, NULL, 4), -EINVAL);
	assert_int_equal(ims_vfio_read8(NULL, 0, 0, &v8), -EINVAL);
	assert_int_equal(ims_vfio_read8(f.vfio, 0, 0, NULL), -EINVAL);
	assert_int_equal(ims_vfio_read16(NULL, 0, 0, &v16), -EINVAL);
	assert_int_equal(ims_vfio_read16(f.vfio, 0, 0, NULL), -EINVAL);
	assert_int_equal(ims_vfio_read32(NULL, 0, 0, &v32), -EINVAL);
	assert_int_equal(ims_vfio_read32(f.vfio, 0, 0, NULL), -EINVAL);
	assert_int_equal(ims_vfio_read64(NULL, 0, 0, &v64), -EINVAL);
	assert_int_equal(ims_vfio_read64(f.vfio, 0, 0, NULL), -EINVAL);
	assert_int_equal(ims_vfio_write8(NULL, 0, 0, 0), -EINVAL);
	assert_int_equal(ims_vfio_write16(NULL, 0, 0, 0), -EINVAL);
	assert_int_equal(ims_vfio_write32(NULL, 0, 0, 0), -EINVAL);
	assert_int_equal(ims_vfio_write64(NULL, 0, 0, 0), -EINVAL);

	v32 = 7;
	assert_int_equal(ims_vfio_read32(f.vfio, 0, FAKE_REGION - 3, &v32),
			 -EINVAL);
	assert_int_equal(v32, 7);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME, NULL,
		      "reading 4 bytes at 0xfd of region 0: the region has 256 bytes");
	assert_int_equal(ims_vfio_write32(f.vfio, 0, UINT64_MAX, 1), -EINVAL);
	assert_int_equal(ims_vfio_read(f.vfio, 0, 4, &v8, SIZE_MAX), -EINVAL);
	assert_int_equal(ims_vfio_read8(f.vfio, 3, 0, &v8), -EINVAL);
}

static void regions_fail(void **state)
{
	uint64_t v64;
	uint32_t v32;

	(void)state;
	fake_vfio.access_error = -EFAULT;
	assert_int_equal(ims_vfio_read32(f.vfio, 0, 8, &v32), -EFAULT);
	assert_reason(f.ctx, -EFAULT, "device " FAKE_NAME, NULL,
		      "reading 4 bytes at 0x8 of region 0: Bad address");
	assert_int_equal(ims_vfio_write16(f.vfio, 0, 8, 1), -EFAULT);
	assert_reason(f.ctx, -EFAULT, "device " FAKE_NAME, NULL,
		      "writing 2 bytes at 0x8 of region 0: Bad address");

	fake_vfio.access_error = 0;
	fake_vfio.short_access = true;
	assert_int_equal(ims_vfio_read64(f.vfio, 0, 8, &v64), -EIO);
	assert_int_equal(ims_vfio_write64(f.vfio, 0, 8, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME, NULL,
		      "the driver took a part only");

	fake_vfio.region_flags = VFIO_REGION_INFO_FLAG_READ;
	assert_int_equal(ims_vfio_write8(f.vfio, 0, 8, 1), -EACCES);
	assert_reason(f.ctx, -EACCES, "device " FAKE_NAME, NULL,
		      "writing 1 bytes at 0x8 of region 0: Permission denied");

	fake_vfio.region_error = -EIO;
	assert_int_equal(ims_vfio_get_region_size(f.vfio, 0, &v64), -EIO);
	assert_int_equal(ims_vfio_write8(f.vfio, 0, 8, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME, NULL,
		      "asking for region 0: Input/output error");
}

/* Capabilities: one of no interest, then two areas. */
struct caps {
	struct vfio_info_cap_header other;
	uint64_t others;
	struct vfio_info_cap_header header;
	uint32_t nr_areas, reserved;
	struct vfio_region_sparse_mmap_area areas[2];
};

static const struct caps good_caps = {
	.other = { .id = VFIO_REGION_INFO_CAP_TYPE, .version = 1,
		   .next = sizeof(struct vfio_region_info) + 16 },
	.header = { .id = VFIO_REGION_INFO_CAP_SPARSE_MMAP, .version = 1 },
	.nr_areas = 2,
	.areas = { { 0x1000, 0x1000 }, { 0x4000, 0x3000 } },
};

static void set_caps(const void *caps, uint32_t size)
{
	fake_vfio.region_flags |= VFIO_REGION_INFO_FLAG_MMAP;
	fake_vfio.caps = caps;
	fake_vfio.caps_size = size;
}

static void assert_areas(uint32_t expected)
{
	uint32_t count;

	assert_int_equal(ims_vfio_get_region_num_areas(f.vfio, 2, &count), 0);
	assert_int_equal(count, expected);
}

static void assert_area(uint32_t number, uint64_t at, uint64_t length)
{
	uint64_t offset, size;

	assert_int_equal(ims_vfio_get_region_area(f.vfio, 2, number, &offset,
						  &size), 0);
	assert_int_equal(offset, at);
	assert_int_equal(size, length);
}

static void areas(void **state)
{
	struct caps caps = good_caps;
	uint64_t offset, size;
	uint32_t count;

	(void)state;
	assert_areas(0);
	assert_int_equal(ims_vfio_get_region_area(f.vfio, 2, 0, &offset, &size),
			 -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME, NULL,
		      "area 0 of region 2: it has 0 that can be mapped");

	/* All of it, also when there are other capabilities. */
	set_caps(NULL, 0);
	assert_areas(1);
	assert_area(0, 0, FAKE_BIG_REGION);
	caps.other.next = 0;
	set_caps(&caps, sizeof(caps));
	assert_areas(1);

	set_caps(&good_caps, sizeof(good_caps));
	assert_areas(2);
	assert_area(0, 0x1000, 0x1000);
	assert_area(1, 0x4000, 0x3000);
	assert_int_equal(ims_vfio_get_region_area(f.vfio, 2, 2, &offset, &size),
			 -EINVAL);

	assert_int_equal(ims_vfio_get_region_num_areas(NULL, 2, &count),
			 -EINVAL);
	assert_int_equal(ims_vfio_get_region_num_areas(f.vfio, 2, NULL),
			 -EINVAL);
	assert_int_equal(ims_vfio_get_region_num_areas(f.vfio, 9, &count),
			 -EINVAL);
	assert_int_equal(ims_vfio_get_region_area(NULL, 2, 0, &offset, &size),
			 -EINVAL);
	assert_int_equal(ims_vfio_get_region_area(f.vfio, 2, 0, NULL, &size),
			 -EINVAL);
	assert_int_equal(ims_vfio_get_region_area(f.vfio, 2, 0, &offset, NULL),
			 -EINVAL);

	/* None of them, by a capability that says so. */
	caps = good_caps;
	caps.nr_areas = 0;
	set_caps(&caps, sizeof(caps));
	assert_areas(0);
	fake_vfio.region_error = -EIO;
	assert_int_equal(ims_vfio_get_region_num_areas(f.vfio, 2, &count),
			 -EIO);
}

/* Chains that the kernel would not make. */
static void broken_capabilities(void **state)
{
	static const uint32_t nexts[] = { 8, 32, 44, 80, 88, UINT32_MAX };
	struct caps caps;
	uint32_t count;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(nexts) / sizeof(nexts[0]); i++) {
		caps = good_caps;
		caps.other.next = nexts[i];
		/* It has 80 bytes with what it is behind. */
		set_caps(&caps, 48);
		assert_int_equal(ims_vfio_get_region_num_areas(f.vfio, 2,
							       &count),
				 -EPROTO);
	}
	assert_reason(f.ctx, -EPROTO, "device " FAKE_NAME, NULL,
		      "region 2: the kernel's answer is broken");

	/* One that is nothing but its header is as short as can be. */
	caps = good_caps;
	caps.header.id = VFIO_REGION_INFO_CAP_MSIX_MAPPABLE;
	set_caps(&caps, 24);
	assert_areas(1);
	caps.header.id = VFIO_REGION_INFO_CAP_SPARSE_MMAP;
	assert_int_equal(ims_vfio_get_region_num_areas(f.vfio, 2, &count),
			 -EPROTO);

	caps = good_caps;
	caps.nr_areas = 3;
	set_caps(&caps, sizeof(caps));
	assert_int_equal(ims_vfio_get_region_num_areas(f.vfio, 2, &count),
			 -EPROTO);
	caps.nr_areas = UINT32_MAX;
	assert_int_equal(ims_vfio_get_region_num_areas(f.vfio, 2, &count),
			 -EPROTO);
}

static void windows(void **state)
{
	void *window;

	(void)state;
	set_caps(&good_caps, sizeof(good_caps));
	assert_int_equal(ims_vfio_map_region(f.vfio, 2, 0x5000, 0x2000,
					     &window), 0);
	assert_non_null(window);
	assert_int_equal(fake_vfio.window_offset, FAKE_BIG_OFFSET + 0x5000);
	assert_int_equal(fake_vfio.window_size, 0x2000);
	assert_int_equal(fake_vfio.window_prot, PROT_READ | PROT_WRITE);
	assert_int_equal(ims_vfio_unmap_region(f.vfio, window, 0x2000), 0);
	assert_int_equal(fake_vfio.windows, 0);

	fake_vfio.region_flags &= ~VFIO_REGION_INFO_FLAG_READ;
	assert_int_equal(ims_vfio_map_region(f.vfio, 2, 0x1000, 0x1000,
					     &window), 0);
	assert_int_equal(fake_vfio.window_prot, PROT_WRITE);
	fake_vfio.munmap_error = -ENOMEM;
	assert_int_equal(ims_vfio_unmap_region(f.vfio, window, 0x1000),
			 -ENOMEM);
	assert_reason(f.ctx, -ENOMEM, "device " FAKE_NAME, NULL,
		      "unmapping a region: Cannot allocate memory");
	fake_vfio.munmap_error = 0;
	assert_int_equal(ims_vfio_unmap_region(f.vfio, window, 0x1000), 0);
}

static void assert_no_window(uint64_t offset, size_t size, int err,
			     const char *text)
{
	void *window = f.ctx;

	assert_int_equal(ims_vfio_map_region(f.vfio, 2, offset, size, &window),
			 err);
	assert_null(window);
	assert_reason(f.ctx, err, "device " FAKE_NAME, NULL, text);
	assert_int_equal(fake_vfio.windows, 0);
}

static void windows_fail(void **state)
{
	static const char outside[] = "the range is not in an area that can be mapped";
	void *window = f.ctx;

	(void)state;
	assert_int_equal(ims_vfio_map_region(NULL, 2, 0, 0x1000, &window),
			 -EINVAL);
	assert_null(window);
	assert_int_equal(ims_vfio_map_region(f.vfio, 2, 0, 0x1000, NULL),
			 -EINVAL);
	assert_int_equal(ims_vfio_map_region(f.vfio, 9, 0, 0x1000, &window),
			 -EINVAL);
	assert_int_equal(ims_vfio_unmap_region(NULL, &window, 0x1000), -EINVAL);
	assert_int_equal(ims_vfio_unmap_region(f.vfio, NULL, 0x1000), -EINVAL);

	assert_no_window(0x1000, 0x1000, -EACCES,
			 "mapping 4096 bytes at 0x1000 of region 2: nothing of it can be mapped");
	set_caps(&good_caps, sizeof(good_caps));
	assert_no_window(0x1000, 0, -EINVAL, "the range is empty");
	assert_no_window(0x1800, 0x1000, -EINVAL, "these are not whole pages of 4096 bytes");
	assert_no_window(0x1000, 0x800, -EINVAL, "these are not whole pages of 4096 bytes");
	assert_no_window(0, 0x1000, -EACCES, outside);
	assert_no_window(0, 0x2000, -EACCES, outside);
	assert_no_window(0x1000, 0x2000, -EACCES, outside);
	assert_no_window(0x2000, 0x1000, -EACCES, outside);
	assert_no_window(0x6000, 0x2000, -EACCES, outside);
	assert_no_window(0x4000, -0x1000, -EACCES, outside);
	assert_no_window(-0x1000, 0x1000, -EACCES, outside);
	fake_vfio.mmap_error = -EAGAIN;
	assert_no_window(0x1000, 0x1000, -EAGAIN,
			 "mapping 4096 bytes at 0x1000 of region 2: Resource temporarily");
}

#define CLOSED(f)	cmocka_unit_test_setup_teardown(f, setup_closed, teardown)
#define OPEN(f)		cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CLOSED(open_bad_arguments),
		OPEN(open_and_query),
		CLOSED(open_in_group),
		CLOSED(from_fd),
		CLOSED(from_fd_fails),
		OPEN(queries_of_null),
		OPEN(handle_outlives_context),
		CLOSED(old_type1),
		CLOSED(open_fails),
		CLOSED(group_before_cdev),
		CLOSED(open_function),
		CLOSED(open_directory),
		CLOSED(open_path_fails),
		CLOSED(open_cdev),
		CLOSED(open_cdev_fails),
		CLOSED(detach_and_attach),
		OPEN(dma_in_container),
		CLOSED(dma_in_iommufd),
		CLOSED(dma_of_others),
		OPEN(dma_bad_arguments),
		OPEN(marshalling),
		OPEN(vectors_bad_arguments),
		OPEN(vectors_fail),
		CLOSED(no_request_index),
		OPEN(registers),
		OPEN(regions),
		OPEN(regions_bad_arguments),
		OPEN(regions_fail),
		OPEN(areas),
		OPEN(broken_capabilities),
		OPEN(windows),
		OPEN(windows_fail),
	};

	return cmocka_run_group_tests_name("vfio", tests, NULL, NULL);
}
