// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * libudev.
 */
#include <errno.h>
#include <libudev.h>
#include <stdlib.h>
#include <unistd.h>

#include "uevent.h"

/* Bytes that may wait for their reader; events are short and rare. */
#define BUFFER		(1 << 20)

static const char *const subsystems[] = { "mdev", "ims_vfunc", "pci" };

struct ims_uevents {
	struct udev *udev;
	struct udev_monitor *monitor;
	/* The last event, whose strings the reader has. */
	struct udev_device *device;
};

/* libudev leaves errno behind where it returns a pointer; not always. */
static int last_error(void)
{
	return errno ? -errno : -EIO;
}

int ims_uevent_open(struct ims_uevents **uevents, const char **step)
{
	struct ims_uevents *u;
	const char *group;
	size_t i;
	int err;

	*step = "libudev";
	u = calloc(1, sizeof(*u));
	if (!u)
		return -ENOMEM;

	errno = 0;
	u->udev = udev_new();
	if (!u->udev)
		goto fail_errno;

	/*
	 * As libudev itself finds out whether udevd runs. Its events come when
	 * its rules are done; without it there would be none.
	 */
	group = access("/run/udev/control", F_OK) ? "kernel" : "udev";
	*step = "listening to device events";
	u->monitor = udev_monitor_new_from_netlink(u->udev, group);
	if (!u->monitor)
		goto fail_errno;

	/* Beyond the system's limit with CAP_NET_ADMIN only; what there is does. */
	udev_monitor_set_receive_buffer_size(u->monitor, BUFFER);

	for (i = 0; i < sizeof(subsystems) / sizeof(subsystems[0]); i++) {
		err = udev_monitor_filter_add_match_subsystem_devtype(
			u->monitor, subsystems[i], NULL);
		if (err < 0)
			goto fail;
	}
	err = udev_monitor_enable_receiving(u->monitor);
	if (err < 0)
		goto fail;

	*uevents = u;
	return 0;
fail_errno:
	err = last_error();
fail:
	ims_uevent_close(u);
	return err;
}

/* libudev's functions take NULL. */
void ims_uevent_close(struct ims_uevents *u)
{
	if (!u)
		return;

	udev_device_unref(u->device);
	udev_monitor_unref(u->monitor);
	udev_unref(u->udev);
	free(u);
}

int ims_uevent_fd(const struct ims_uevents *u)
{
	return udev_monitor_get_fd(u->monitor);
}

int ims_uevent_receive(struct ims_uevents *u, struct ims_uevent *event)
{
	udev_device_unref(u->device);
	errno = 0;
	u->device = udev_monitor_receive_device(u->monitor);
	if (!u->device)
		return errno ? -errno : -EAGAIN;

	event->action = udev_device_get_action(u->device);
	event->subsystem = udev_device_get_subsystem(u->device);
	event->path = udev_device_get_devpath(u->device);
	event->mdev_state = udev_device_get_property_value(u->device,
							   "MDEV_STATE");
	event->vfunc_state = udev_device_get_property_value(u->device,
							    "IMS_VFUNC_STATE");
	return 0;
}

int ims_uevent_scan(const char *subsystem,
		    int (*found)(void *data, const char *path), void *data)
{
	struct udev_enumerate *devices = NULL;
	struct udev_list_entry *entry;
	struct udev *udev;
	int err;

	errno = 0;
	udev = udev_new();
	if (udev)
		devices = udev_enumerate_new(udev);
	if (!devices) {
		err = last_error();
		goto out;
	}

	err = udev_enumerate_add_match_subsystem(devices, subsystem);
	if (err >= 0)
		err = udev_enumerate_scan_devices(devices);
	if (err < 0)
		goto out;

	err = 0;
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(devices)) {
		err = found(data, udev_list_entry_get_name(entry));
		if (err)
			break;
	}
out:
	udev_enumerate_unref(devices);
	udev_unref(udev);
	return err;
}
