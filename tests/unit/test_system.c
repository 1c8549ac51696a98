// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The library as it is installed, against the kernel that runs: nothing of it
 * is simulated, so all that can be expected is sense.
 */
#include "test.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

static void list(void **state)
{
	struct ims_device_list *list;
	struct ims_ctx *ctx;
	int err;

	(void)state;
	assert_int_equal(ims_ctx_new(&ctx), 0);
	err = ims_device_list_get(ctx, &list);
	if (err) {
		assert_int_equal(err, -EOPNOTSUPP);
		assert_null(list);
		assert_contains(ims_error_get_text(ims_ctx_get_error(ctx)),
				"modprobe vfio_pci_ims");
	}

	/* The socket is still good. */
	assert_int_equal(ims_device_list_get(ctx, &list), err);
	ims_device_list_free(list);
	ims_ctx_free(ctx);
}

static void open_nothing(void **state)
{
	struct ims_vfio *vfio;
	struct ims_ctx *ctx;

	(void)state;
	assert_int_equal(ims_ctx_new(&ctx), 0);
	assert_int_equal(ims_vfio_open(ctx, "no-such-device", &vfio), -ENODEV);
	assert_contains(ims_error_get_text(ims_ctx_get_error(ctx)),
			"/sys/bus/mdev/devices");
	assert_int_equal(ims_vfio_open(ctx, "/sys/no/such", &vfio), -ENODEV);
	assert_contains(ims_error_get_text(ims_ctx_get_error(ctx)),
			"there is no /sys/no/such");
	/* A directory, a file and a device, but of another kind. */
	assert_int_equal(ims_vfio_open(ctx, "/sys/../sys/kernel/", &vfio),
			 -ENXIO);
	assert_contains(ims_error_get_text(ims_ctx_get_error(ctx)),
			"neither /sys/kernel/iommu_group nor /sys/kernel/vfio-dev");
	assert_int_equal(ims_vfio_open(ctx, "/proc/version", &vfio), -EINVAL);
	assert_true(ims_vfio_open(ctx, "/dev/null", &vfio) < 0);
	assert_string_equal(ims_error_get_object(ims_ctx_get_error(ctx)),
			    "device null");
	assert_null(vfio);
	ims_ctx_free(ctx);
}

static void listen_to_nothing(void **state)
{
	struct ims_monitor *monitor;
	struct ims_ctx *ctx;
	int err;

	(void)state;
	assert_int_equal(ims_ctx_new(&ctx), 0);
	err = ims_monitor_new(ctx, 0, &monitor);
	if (err)
		assert_true(err == -EOPNOTSUPP || err == -EPERM);
	else
		assert_int_equal(ims_monitor_wait(monitor, 0), -ETIMEDOUT);
	ims_monitor_free(monitor);
	ims_ctx_free(ctx);
}

/* libudev, as far as it goes without a device that comes. */
static void list_and_await_vdevs(void **state)
{
	struct ims_hotplug_event *event;
	struct ims_hotplug *hotplug;
	struct ims_parent_list *parents;
	struct ims_vdev_list *list;
	struct ims_ctx *ctx;
	size_t i;

	(void)state;
	assert_int_equal(ims_ctx_new(&ctx), 0);
	assert_int_equal(ims_vdev_list_get(ctx, &list), 0);
	for (i = 0; i < ims_vdev_list_count(list); i++)
		assert_non_null(ims_vdev_get_path(ims_vdev_list_at(list, i)));
	ims_vdev_list_free(list);
	assert_int_equal(ims_parent_list_get(ctx, &parents), 0);
	for (i = 0; i < ims_parent_list_count(parents); i++)
		assert_non_null(ims_parent_get_name(ims_parent_list_at(parents,
								       i)));
	ims_parent_list_free(parents);

	assert_int_equal(ims_hotplug_new(ctx, &hotplug), 0);
	assert_true(ims_hotplug_get_fd(hotplug) >= 0);
	if (ims_hotplug_wait(hotplug, 0) == -ETIMEDOUT)
		assert_int_equal(ims_hotplug_read(hotplug, &event), -EAGAIN);
	ims_hotplug_free(hotplug);
	ims_ctx_free(ctx);
}

static void not_a_vfio_device(void **state)
{
	struct ims_vfio *vfio;
	struct ims_ctx *ctx;
	int fds[2];

	(void)state;
	assert_int_equal(ims_ctx_new(&ctx), 0);
	assert_int_equal(ims_vfio_open_fd(ctx, -1, "x", &vfio), -EBADF);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(ims_vfio_open_fd(ctx, fds[0], "x", &vfio), -ENOTTY);
	assert_contains(ims_error_get_text(ims_ctx_get_error(ctx)),
			"not a VFIO device");
	close(fds[0]);
	close(fds[1]);
	assert_int_equal(ims_vfio_open_group(ctx, "/dev/vfio/none", "x",
					     &vfio) < 0, true);
	ims_ctx_free(ctx);
}

#define FDS_MAX	4096

/* Which descriptors there are. */
static void look_at_descriptors(bool there[FDS_MAX])
{
	int fd;

	for (fd = 0; fd < FDS_MAX; fd++)
		there[fd] = fcntl(fd, F_GETFD) >= 0;
}

/* How many there are beside those; all of them end with execve(). */
static unsigned int count_new(const bool before[FDS_MAX])
{
	unsigned int count = 0;
	int fd, flags;

	for (fd = 0; fd < FDS_MAX; fd++) {
		flags = fcntl(fd, F_GETFD);
		if (before[fd] || flags < 0)
			continue;
		count++;
		assert_true(flags & FD_CLOEXEC);
	}
	return count;
}

/* A child frees what it has inherited; its parent goes on. */
static void fork_and_exec(void **state)
{
	static bool before[FDS_MAX];
	struct ims_hotplug *hotplug;
	struct ims_device_list *list;
	struct ims_ctx *ctx;
	int err, status;
	pid_t pid;

	(void)state;
	look_at_descriptors(before);
	assert_int_equal(ims_ctx_new(&ctx), 0);
	err = ims_device_list_get(ctx, &list);
	ims_device_list_free(list);
	assert_int_equal(ims_hotplug_new(ctx, &hotplug), 0);
	assert_true(count_new(before) >= 2);

	pid = fork();
	if (!pid) {
		ims_ctx_free(ctx);
		ims_hotplug_free(hotplug);
		_exit(count_new(before) != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(ims_device_list_get(ctx, &list), err);
	ims_device_list_free(list);
	assert_int_equal(ims_hotplug_wait(hotplug, 0), -ETIMEDOUT);
	ims_hotplug_free(hotplug);
	ims_ctx_free(ctx);
	assert_int_equal(count_new(before), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list),
		cmocka_unit_test(open_nothing),
		cmocka_unit_test(listen_to_nothing),
		cmocka_unit_test(list_and_await_vdevs),
		cmocka_unit_test(not_a_vfio_device),
		cmocka_unit_test(fork_and_exec),
	};

	return cmocka_run_group_tests_name("system", tests, NULL, NULL);
}
