// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parents, what they offer, and making and deleting devices there.
 */
#include "test.h"

#include <stdio.h>

#include "fake_files.h"
#include "fake_vfio.h"

#define PCI	"/sys/bus/pci/devices/"
#define EDU	PCI "0000:00:05.0/mdev_supported_types/ims_edu-"
#define PLAIN	PCI "0000:00:04.0/ims_vfunc"
#define FUNCTION_DIR	"/sys/devices/pci0000:00/0000:00:04.0/0000:00:04.0-3"

struct fixture {
	struct ims_ctx *ctx;
	struct ims_parent_list *list;
};

static struct fixture f;

static int setup(void **state)
{
	(void)state;
	fake_files_reset();
	fake_vfio_reset();
	fake_files_add(PCI "0000:00:01.0/vendor", "0x8086");
	fake_files_add(EDU "wq/available_instances", "7");
	fake_files_add(EDU "wq/description", "a work queue");
	fake_files_add(EDU "big/available_instances", "0");
	fake_files_add(PLAIN "/available", "12");
	fake_files_add(PLAIN "/description", "a queue");
	f.list = NULL;
	return ims_ctx_new(&f.ctx);
}

static int teardown(void **state)
{
	(void)state;
	ims_parent_list_free(f.list);
	ims_ctx_free(f.ctx);
	return 0;
}

static const struct ims_parent *at(size_t position)
{
	if (!f.list)
		assert_int_equal(ims_parent_list_get(f.ctx, &f.list), 0);
	return ims_parent_list_at(f.list, position);
}

static void null(void **state)
{
	struct ims_parent_list *list = (void *)1;
	uint32_t value;

	(void)state;
	assert_int_equal(ims_parent_list_get(NULL, &list), -EINVAL);
	assert_null(list);
	assert_int_equal(ims_parent_list_get(f.ctx, NULL), -EINVAL);
	ims_parent_list_free(NULL);
	assert_int_equal(ims_parent_list_count(NULL), 0);
	assert_null(ims_parent_list_at(NULL, 0));
	assert_null(ims_parent_get_name(NULL));
	assert_null(ims_parent_get_type(NULL));
	assert_null(ims_parent_get_description(NULL));
	assert_int_equal(ims_parent_get_available(NULL, &value), -EINVAL);
	assert_int_equal(ims_parent_get_available(at(0), NULL), -EINVAL);
	assert_int_equal(ims_vdev_create(NULL, at(0), "1"), -EINVAL);
	assert_int_equal(ims_vdev_create(f.ctx, NULL, "1"), -EINVAL);
	assert_int_equal(ims_vdev_create(f.ctx, at(0), NULL), -EINVAL);
	assert_int_equal(ims_vdev_delete(NULL, "x"), -EINVAL);
	assert_int_equal(ims_vdev_delete(f.ctx, NULL), -EINVAL);
	assert_string_equal(fake_files.path, "");
}

static void list_all(void **state)
{
	uint32_t available;

	(void)state;
	assert_string_equal(ims_parent_get_name(at(0)), "0000:00:04.0");
	assert_null(ims_parent_get_type(at(0)));
	assert_string_equal(ims_parent_get_description(at(0)), "a queue");
	assert_int_equal(ims_parent_get_available(at(0), &available), 0);
	assert_int_equal(available, 12);

	assert_string_equal(ims_parent_get_name(at(1)), "0000:00:05.0");
	assert_string_equal(ims_parent_get_type(at(1)), "ims_edu-big");
	assert_null(ims_parent_get_description(at(1)));
	assert_int_equal(ims_parent_get_available(at(1), &available), 0);
	assert_int_equal(available, 0);
	assert_string_equal(ims_parent_get_type(at(2)), "ims_edu-wq");
	assert_int_equal(ims_parent_get_available(at(2), &available), 0);
	assert_int_equal(available, 7);

	assert_int_equal(ims_parent_list_count(f.list), 3);
	assert_null(at(3));
}

static void list_none(void **state)
{
	(void)state;
	fake_files_reset();
	assert_null(at(0));
	assert_int_equal(ims_parent_list_count(f.list), 0);
}

static void list_fails(void **state)
{
	uint32_t available;

	(void)state;
	fake_files.list_error = -EACCES;
	assert_int_equal(ims_parent_list_get(f.ctx, &f.list), -EACCES);
	assert_null(f.list);
	assert_reason(f.ctx, -EACCES, NULL, NULL, "listing parents");
	fake_files.list_error = 0;

	/* It is going. */
	fake_files.read_error = -ENODEV;
	assert_int_equal(ims_parent_get_available(at(0), &available), -ENODATA);
	assert_null(ims_parent_get_description(at(0)));
}

static void create(void **state)
{
	(void)state;
	assert_int_equal(ims_vdev_create(f.ctx, at(0), "3"), 0);
	assert_string_equal(fake_files.path, PLAIN "/new_device");
	assert_string_equal(fake_files.text, "3");
	assert_int_equal(ims_vdev_create(f.ctx, at(2), NAME_A), 0);
	assert_string_equal(fake_files.path, EDU "wq/create");
	assert_string_equal(fake_files.text, NAME_A);
}

static void assert_no_new(size_t position, const char *id, int err,
			  const char *object, const char *text)
{
	fake_files.write_error = err;
	assert_int_equal(ims_vdev_create(f.ctx, at(position), id), err);
	assert_reason(f.ctx, err, object, NULL, text);
}

static void create_fails(void **state)
{
	static const char plain[] = "device 0000:00:04.0";

	(void)state;
	assert_no_new(0, "", -EINVAL, plain, "\"\" is not the number of a function");
	assert_no_new(0, "-1", -EINVAL, plain, "\"-1\" is not the number");
	assert_no_new(0, NAME_A, -EINVAL, plain, "is not the number");
	assert_string_equal(fake_files.path, "");

	assert_no_new(0, "3", -EEXIST, plain, PLAIN "/new_device: there is a device 3 already");
	assert_no_new(0, "99", -ERANGE, plain, PLAIN "/new_device: 99 is beyond the numbers");
	assert_no_new(0, "3", -ENOSPC, plain, "it can have no more of them");
	assert_no_new(0, "3", -ENOENT, plain, PLAIN "/new_device: \"3\": No such file");
	assert_no_new(1, NAME_A, -EUSERS, "device 0000:00:05.0", EDU "big/create: it can have no more of them");
	assert_no_new(1, "x", -EINVAL, "device 0000:00:05.0", EDU "big/create: \"x\": Invalid argument");
}

static void delete(void **state)
{
	(void)state;
	assert_int_equal(ims_vdev_delete(f.ctx, NAME_A), 0);
	assert_string_equal(fake_files.path, "/sys/bus/mdev/devices/" NAME_A "/remove");
	assert_string_equal(fake_files.text, "1");

	fake_vfio.missing[0] = "/sys/bus/mdev/";
	fake_vfio.realpath = FUNCTION_DIR;
	assert_int_equal(ims_vdev_delete(f.ctx, FAKE_FUNCTION), 0);
	assert_string_equal(fake_files.path, "/sys/devices/pci0000:00/0000:00:04.0/ims_vfunc/delete_device");
	assert_string_equal(fake_files.text, "3");
}

static void assert_no_delete(const char *name, int err, const char *text)
{
	char object[300];

	snprintf(object, sizeof(object), "device %s", name);
	assert_int_equal(ims_vdev_delete(f.ctx, name), err);
	assert_reason(f.ctx, err, object, NULL, text);
}

static void delete_fails(void **state)
{
	char name[IMS_NAME_MAX + 2];

	(void)state;
	memset(name, 'x', sizeof(name));
	name[IMS_NAME_MAX + 1] = '\0';
	assert_no_delete("", -EINVAL, "cannot be the name");
	assert_no_delete("..", -EINVAL, "cannot be the name");
	assert_no_delete("a/b", -EINVAL, "cannot be the name");
	assert_no_delete(name, -EINVAL, "cannot be the name");
	assert_string_equal(fake_files.path, "");

	fake_files.write_error = -EACCES;
	assert_no_delete(NAME_A, -EACCES, "/remove: \"1\": Permission denied");
	fake_vfio.missing[0] = "/sys/bus/mdev/";
	fake_vfio.realpath_error = -ENOENT;
	assert_no_delete(FAKE_FUNCTION, -ENODEV, "no such device: it is neither in /sys/bus/mdev/devices nor in /sys/bus/ims_vfunc/devices");
	fake_vfio.realpath_error = -EACCES;
	assert_no_delete(FAKE_FUNCTION, -EACCES, "looking for its parent");
	fake_vfio.realpath_error = 0;
	assert_no_delete("odd", -EPROTO, "looking for its parent");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(null),
		TEST(list_all),
		TEST(list_none),
		TEST(list_fails),
		TEST(create),
		TEST(create_fails),
		TEST(delete),
		TEST(delete_fails),
	};

	return cmocka_run_group_tests_name("parent", tests, NULL, NULL);
}
