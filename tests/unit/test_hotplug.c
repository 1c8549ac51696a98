// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Virtual devices: the list of them, and their coming and going.
 */
#include "test.h"

#include <stdio.h>

#include "fake_events.h"
#include "fake_uevents.h"
#include "fake_vfio.h"

#define PARENT	"/devices/pci0000:00/0000:00:04.0"

struct fixture {
	struct ims_ctx *ctx;
	struct ims_hotplug *hotplug;
};

static struct fixture f;

static int setup(void **state)
{
	(void)state;
	fake_events_reset();
	fake_uevents_reset();
	fake_vfio_reset();
	f.hotplug = NULL;
	return ims_ctx_new(&f.ctx);
}

static int teardown(void **state)
{
	(void)state;
	ims_hotplug_free(f.hotplug);
	ims_ctx_free(f.ctx);
	assert_int_equal(fake_uevents.open, 0);
	return 0;
}

static void start(void)
{
	assert_int_equal(ims_hotplug_new(f.ctx, &f.hotplug), 0);
}

static void expect(uint32_t action, uint32_t kind, const char *name,
		   const char *parent)
{
	struct ims_hotplug_event *event;
	uint32_t value;

	assert_int_equal(ims_hotplug_wait(f.hotplug, -1), 0);
	assert_int_equal(ims_hotplug_read(f.hotplug, &event), 0);
	assert_int_equal(ims_hotplug_event_get_action(event, &value), 0);
	assert_int_equal(value, action);
	assert_int_equal(ims_hotplug_event_get_kind(event, &value), 0);
	assert_int_equal(value, kind);
	assert_string_equal(ims_hotplug_event_get_name(event), name);
	assert_string_equal(ims_hotplug_event_get_parent(event), parent);
	ims_hotplug_event_free(event);
}

static void expect_none(void)
{
	struct ims_hotplug_event *event = (void *)1;

	assert_int_equal(ims_hotplug_read(f.hotplug, &event), -EAGAIN);
	assert_null(event);
}

static void null(void **state)
{
	struct ims_hotplug_event *event = (void *)1;
	struct ims_hotplug *hotplug = (void *)1;
	struct ims_vdev_list *list = (void *)1;
	uint32_t value;

	(void)state;
	assert_int_equal(ims_hotplug_new(NULL, &hotplug), -EINVAL);
	assert_null(hotplug);
	assert_int_equal(ims_hotplug_new(f.ctx, NULL), -EINVAL);
	ims_hotplug_free(NULL);
	assert_int_equal(ims_hotplug_get_fd(NULL), -EINVAL);
	assert_int_equal(ims_hotplug_wait(NULL, 0), -EINVAL);
	assert_int_equal(ims_hotplug_read(NULL, &event), -EINVAL);
	assert_null(event);
	start();
	assert_int_equal(ims_hotplug_read(f.hotplug, NULL), -EINVAL);
	fake_uevents_tell("add", "mdev", PARENT "/a", NULL);
	assert_int_equal(ims_hotplug_read(f.hotplug, &event), 0);
	assert_int_equal(ims_hotplug_event_get_action(event, NULL), -EINVAL);
	assert_int_equal(ims_hotplug_event_get_kind(event, NULL), -EINVAL);
	ims_hotplug_event_free(event);

	ims_hotplug_event_free(NULL);
	assert_int_equal(ims_hotplug_event_get_action(NULL, &value), -EINVAL);
	assert_int_equal(ims_hotplug_event_get_kind(NULL, &value), -EINVAL);
	assert_null(ims_hotplug_event_get_name(NULL));
	assert_null(ims_hotplug_event_get_parent(NULL));

	assert_int_equal(ims_vdev_list_get(NULL, &list), -EINVAL);
	assert_null(list);
	assert_int_equal(ims_vdev_list_get(f.ctx, NULL), -EINVAL);
	ims_vdev_list_free(NULL);
	assert_int_equal(ims_vdev_list_count(NULL), 0);
	assert_null(ims_vdev_list_at(NULL, 0));
	assert_null(ims_vdev_get_name(NULL));
	assert_null(ims_vdev_get_parent(NULL));
	assert_null(ims_vdev_get_type(NULL));
	assert_null(ims_vdev_get_driver(NULL));
	assert_null(ims_vdev_get_path(NULL));
	assert_int_equal(ims_vdev_get_group(NULL, &value), -EINVAL);
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(ims_hotplug_action_name(IMS_HOTPLUG_ADD), "add");
	assert_string_equal(ims_hotplug_action_name(IMS_HOTPLUG_REMOVE),
			    "remove");
	assert_null(ims_hotplug_action_name(2));
	assert_string_equal(ims_hotplug_kind_name(IMS_HOTPLUG_PARENT),
			    "parent");
	assert_string_equal(ims_hotplug_kind_name(IMS_HOTPLUG_MDEV), "mdev");
	assert_string_equal(ims_hotplug_kind_name(IMS_HOTPLUG_FUNCTION),
			    "function");
	assert_null(ims_hotplug_kind_name(3));
}

static void come_and_go(void **state)
{
	(void)state;
	start();
	assert_int_equal(ims_hotplug_get_fd(f.hotplug), FAKE_UEVENTS_FD);
	fake_uevents_tell("change", "pci", PARENT, "registered");
	fake_uevents_tell("add", "mdev", PARENT "/" NAME_A, NULL);
	fake_uevents_tell("remove", "mdev", PARENT "/" NAME_A, NULL);
	fake_uevents_tell("change", "pci", PARENT, "unregistered");
	expect(IMS_HOTPLUG_ADD, IMS_HOTPLUG_PARENT, "0000:00:04.0",
	       "0000:00:04.0");
	expect(IMS_HOTPLUG_ADD, IMS_HOTPLUG_MDEV, NAME_A, "0000:00:04.0");
	expect(IMS_HOTPLUG_REMOVE, IMS_HOTPLUG_MDEV, NAME_A, "0000:00:04.0");
	expect(IMS_HOTPLUG_REMOVE, IMS_HOTPLUG_PARENT, "0000:00:04.0",
	       "0000:00:04.0");
	expect_none();
	assert_int_equal(ims_hotplug_wait(f.hotplug, 5), -ETIMEDOUT);
	assert_null(ims_ctx_get_error(f.ctx));
}

static void functions_come_and_go(void **state)
{
	static const char name[] = "0000:00:04.0-3", parent[] = "0000:00:04.0";

	(void)state;
	start();
	fake_uevents_tell_parent(PARENT, "registered");
	fake_uevents_tell("add", "ims_vfunc", PARENT "/0000:00:04.0-3", NULL);
	fake_uevents_tell("bind", "ims_vfunc", PARENT "/0000:00:04.0-3", NULL);
	fake_uevents_tell("remove", "ims_vfunc", PARENT "/0000:00:04.0-3",
			  NULL);
	fake_uevents_tell_parent(PARENT, "unregistered");
	fake_uevents_tell_parent(PARENT, "confused");
	expect(IMS_HOTPLUG_ADD, IMS_HOTPLUG_PARENT, parent, parent);
	expect(IMS_HOTPLUG_ADD, IMS_HOTPLUG_FUNCTION, name, parent);
	expect(IMS_HOTPLUG_REMOVE, IMS_HOTPLUG_FUNCTION, name, parent);
	expect(IMS_HOTPLUG_REMOVE, IMS_HOTPLUG_PARENT, parent, parent);
	expect_none();
}

/* Other events of the same devices, and what cannot be. */
static void others_are_passed_over(void **state)
{
	(void)state;
	start();
	fake_uevents_tell("add", "pci", PARENT, NULL);
	fake_uevents_tell("change", "pci", PARENT, NULL);
	fake_uevents_tell("change", "pci", PARENT, "confused");
	fake_uevents_tell("add", "pci", PARENT, "registered");
	fake_uevents_tell("bind", "mdev", PARENT "/a", NULL);
	fake_uevents_tell("change", "mdev", PARENT "/a", NULL);
	fake_uevents_tell("change", "net", PARENT, "registered");
	fake_uevents_tell(NULL, NULL, NULL, NULL);
	fake_uevents_tell("add", "mdev", NULL, NULL);
	fake_uevents_tell("add", "mdev", "", NULL);
	fake_uevents_tell("add", "mdev", "/", NULL);
	fake_uevents_tell("add", "mdev", "/alone", NULL);
	fake_uevents_tell("add", "mdev", "/two//", NULL);
	expect_none();
}

static void long_name(void **state)
{
	static char path[600];

	(void)state;
	start();
	memset(path, 'x', sizeof(path) - 1);
	memcpy(path, "/p/", 3);
	fake_uevents_tell("add", "mdev", path, NULL);
	expect_none();
	path[3 + 255] = '\0';
	fake_uevents_tell("add", "mdev", path, NULL);
	expect(IMS_HOTPLUG_ADD, IMS_HOTPLUG_MDEV, path + 3, "p");
}

static void failures(void **state)
{
	struct ims_hotplug_event *event = (void *)1;

	(void)state;
	fake_uevents.open_error = -EMFILE;
	assert_int_equal(ims_hotplug_new(f.ctx, &f.hotplug), -EMFILE);
	assert_null(f.hotplug);
	assert_reason(f.ctx, -EMFILE, NULL, NULL, "listening to device events");
	fake_uevents.open_error = 0;

	start();
	fake_uevents.receive_error = -ENOBUFS;
	assert_int_equal(ims_hotplug_read(f.hotplug, &event), -ENOBUFS);
	assert_null(event);
	assert_reason(f.ctx, -ENOBUFS, NULL, NULL, "were lost");
	fake_uevents.receive_error = -EIO;
	assert_int_equal(ims_hotplug_read(f.hotplug, &event), -EIO);
	assert_reason(f.ctx, -EIO, NULL, NULL, "receiving device events");
	fake_uevents.receive_error = 0;
	fake_events.interrupted = true;
	assert_int_equal(ims_hotplug_wait(f.hotplug, -1), -EINTR);
	fake_events.interrupted = false;
	assert_int_equal(ims_hotplug_wait(f.hotplug, -1), -EDEADLK);
	assert_reason(f.ctx, -EDEADLK, NULL, NULL, "waiting for device events");
}

static void outlives_context(void **state)
{
	(void)state;
	start();
	ims_ctx_free(f.ctx);
	f.ctx = NULL;
	fake_uevents_tell("add", "mdev", PARENT "/a", NULL);
	expect(IMS_HOTPLUG_ADD, IMS_HOTPLUG_MDEV, "a", "0000:00:04.0");
}

static void list_none(void **state)
{
	struct ims_vdev_list *list;

	(void)state;
	assert_int_equal(ims_vdev_list_get(f.ctx, &list), 0);
	assert_int_equal(ims_vdev_list_count(list), 0);
	assert_null(ims_vdev_list_at(list, 0));
	ims_vdev_list_free(list);
}

static void list_some(void **state)
{
	const struct ims_vdev *vdev;
	struct ims_vdev_list *list;
	uint32_t group;

	(void)state;
	fake_uevents_add("/sys" PARENT "/" NAME_B,
			 "../mdev_supported_types/ims_edu-wq", NULL, NULL);
	/* It has gone meanwhile. */
	fake_uevents_add("/sys" PARENT "/gone", NULL, NULL, NULL);
	fake_uevents_add("/sys/devices/x/0000:00:03.0/c", "../a/other",
			 "../../drivers/d", "not-a-number");
	fake_uevents_add("/sys" PARENT "/" NAME_A,
			 "../mdev_supported_types/ims_edu-wq",
			 "../../../../bus/mdev/drivers/ims_edu_wq",
			 "../../../../kernel/iommu_groups/12");
	assert_int_equal(ims_vdev_list_get(f.ctx, &list), 0);
	assert_int_equal(ims_vdev_list_count(list), 3);
	assert_null(ims_vdev_list_at(list, 3));

	vdev = ims_vdev_list_at(list, 0);
	assert_string_equal(ims_vdev_get_name(vdev), "c");
	assert_string_equal(ims_vdev_get_parent(vdev), "0000:00:03.0");
	assert_string_equal(ims_vdev_get_type(vdev), "other");
	assert_string_equal(ims_vdev_get_driver(vdev), "d");
	assert_int_equal(ims_vdev_get_group(vdev, &group), -ENODATA);

	vdev = ims_vdev_list_at(list, 1);
	assert_string_equal(ims_vdev_get_name(vdev), NAME_A);
	assert_string_equal(ims_vdev_get_parent(vdev), "0000:00:04.0");
	assert_string_equal(ims_vdev_get_type(vdev), "ims_edu-wq");
	assert_string_equal(ims_vdev_get_driver(vdev), "ims_edu_wq");
	assert_int_equal(ims_vdev_get_group(vdev, &group), 0);
	assert_int_equal(group, 12);
	assert_int_equal(ims_vdev_get_group(vdev, NULL), -EINVAL);

	vdev = ims_vdev_list_at(list, 2);
	assert_string_equal(ims_vdev_get_name(vdev), NAME_B);
	assert_null(ims_vdev_get_driver(vdev));
	assert_int_equal(ims_vdev_get_group(vdev, &group), -ENODATA);
	ims_vdev_list_free(list);
}

/* They have no type. */
static void list_functions(void **state)
{
	static const char path[] = "/sys" PARENT "/0000:00:04.0-3";
	const struct ims_vdev *vdev;
	struct ims_vdev_list *list;
	uint32_t group;

	(void)state;
	fake_uevents_add_function(path, "../../../../bus/ims_vfunc/drivers/d",
				  "../../../../kernel/iommu_groups/13");
	fake_uevents_add("/sys" PARENT "/" NAME_A, "../t/ims_edu-wq", NULL,
			 NULL);
	assert_int_equal(ims_vdev_list_get(f.ctx, &list), 0);
	assert_int_equal(ims_vdev_list_count(list), 2);
	vdev = ims_vdev_list_at(list, 0);
	assert_string_equal(ims_vdev_get_name(vdev), "0000:00:04.0-3");
	assert_string_equal(ims_vdev_get_parent(vdev), "0000:00:04.0");
	assert_null(ims_vdev_get_type(vdev));
	assert_string_equal(ims_vdev_get_driver(vdev), "d");
	assert_string_equal(ims_vdev_get_path(vdev), path);
	assert_int_equal(ims_vdev_get_group(vdev, &group), 0);
	assert_int_equal(group, 13);
	vdev = ims_vdev_list_at(list, 1);
	assert_string_equal(ims_vdev_get_type(vdev), "ims_edu-wq");
	ims_vdev_list_free(list);
}

static void list_many(void **state)
{
	static char paths[12][32];
	struct ims_vdev_list *list;
	unsigned int i;

	(void)state;
	for (i = 0; i < 12; i++) {
		snprintf(paths[i], sizeof(paths[i]), "/sys/p/%u", 99 - i);
		fake_uevents_add(paths[i], "t", NULL, NULL);
	}
	assert_int_equal(ims_vdev_list_get(f.ctx, &list), 0);
	assert_int_equal(ims_vdev_list_count(list), 12);
	assert_string_equal(ims_vdev_get_name(ims_vdev_list_at(list, 0)), "88");
	ims_vdev_list_free(list);
}

static void list_fails(void **state)
{
	struct ims_vdev_list *list = (void *)1;

	(void)state;
	fake_uevents.scan_error = -EACCES;
	assert_int_equal(ims_vdev_list_get(f.ctx, &list), -EACCES);
	assert_null(list);
	assert_reason(f.ctx, -EACCES, NULL, NULL, "listing virtual devices");
	fake_uevents.scan_error = 0;

	fake_uevents_add("/sys/p/a", "t", NULL, NULL);
	fake_vfio.readlink_error = -EIO;
	assert_int_equal(ims_vdev_list_get(f.ctx, &list), -EIO);
	assert_reason(f.ctx, -EIO, "device a", NULL, "/sys/p/a/mdev_type");
	fake_vfio.readlink_error = 0;
	fake_uevents_add("nonsense", "t", NULL, NULL);
	assert_int_equal(ims_vdev_list_get(f.ctx, &list), -EPROTO);
	assert_reason(f.ctx, -EPROTO, NULL, NULL, "nonsense");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(null),
		TEST(names),
		TEST(come_and_go),
		TEST(functions_come_and_go),
		TEST(others_are_passed_over),
		TEST(long_name),
		TEST(failures),
		TEST(outlives_context),
		TEST(list_none),
		TEST(list_some),
		TEST(list_functions),
		TEST(list_many),
		TEST(list_fails),
	};

	return cmocka_run_group_tests_name("hotplug", tests, NULL, NULL);
}
