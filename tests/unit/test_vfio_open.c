// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The VFIO handle: the ways to open a device, and their many failures.
 */
#include "vfio_fixture.h"

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
	assert_int_equal(ims_vfio_get_vectors(f.vfio, &value), 0);
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

static void open_fd(void **state)
{
	struct ims_vfio *vfio = (void *)1;
	uint32_t count;

	(void)state;
	assert_int_equal(ims_vfio_open_fd(NULL, FAKE_FD, "x", &vfio), -EINVAL);
	assert_null(vfio);
	assert_int_equal(ims_vfio_open_fd(f.ctx, FAKE_FD, "x", NULL), -EINVAL);

	assert_int_equal(ims_vfio_open_fd(f.ctx, FAKE_FD, "x", &vfio), 0);
	assert_string_equal(ims_vfio_get_name(vfio), "x");
	assert_int_not_equal(ims_vfio_get_fd(vfio), FAKE_FD);
	assert_int_equal(ims_vfio_get_vectors(vfio, &count), 0);
	assert_int_equal(count, FAKE_VECTORS);
	assert_int_equal(fake_vfio.open_files, 1);
	ims_vfio_close(vfio);
	assert_int_equal(fake_vfio.open_files, 0);

	/* Without a name, messages have the number. */
	assert_int_equal(ims_vfio_open_fd(f.ctx, FAKE_FD, NULL, &f.vfio), 0);
	assert_null(ims_vfio_get_name(f.vfio));
	assert_int_equal(ims_vfio_mask(f.vfio, 99, 1), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device of file descriptor 77: vector 99",
		      NULL, "beyond");
}

static void from_fd_fails(void **state)
{
	struct ims_vfio *vfio = (void *)1;

	(void)state;
	assert_int_equal(ims_vfio_open_fd(f.ctx, -1, NULL, &vfio), -EBADF);
	assert_null(vfio);
	assert_reason(f.ctx, -EBADF, "device of file descriptor -1", NULL,
		      "file descriptor -1: Bad file descriptor");
	fake_vfio.dup_error = -EMFILE;
	assert_int_equal(ims_vfio_open_fd(f.ctx, FAKE_FD, "x", &vfio), -EMFILE);
	fake_vfio.dup_error = 0;
	fake_vfio.info_error = -ENOTTY;
	assert_int_equal(ims_vfio_open_fd(f.ctx, FAKE_FD, "x", &vfio), -ENOTTY);
	assert_reason(f.ctx, -ENOTTY, "device x", NULL,
		      "the file is not a VFIO device");
	fake_vfio.info_error = 0;
	fake_vfio.num_vectors = 0;
	assert_int_equal(ims_vfio_open_fd(f.ctx, FAKE_FD, "x", &vfio), -ENODEV);
	assert_null(vfio);
}

static void queries_of_null(void **state)
{
	uint32_t value;

	(void)state;
	assert_null(ims_vfio_get_name(NULL));
	assert_int_equal(ims_vfio_get_fd(NULL), -EINVAL);
	assert_int_equal(ims_vfio_get_vectors(NULL, &value), -EINVAL);
	assert_int_equal(ims_vfio_get_vectors(f.vfio, NULL), -EINVAL);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		CLOSED(open_bad_arguments),
		OPEN(open_and_query),
		CLOSED(open_in_group),
		CLOSED(open_fd),
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
	};

	return cmocka_run_group_tests_name("vfio_open", tests, NULL, NULL);
}
