/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Virtual devices and their coming and going, as libudev has them. uevent.c
 * has the real thing; the unit tests link a simulated one in its place.
 */
#ifndef LIBIMS_UEVENT_H
#define LIBIMS_UEVENT_H

struct ims_uevents;

/* Strings are valid until the next call; NULL for what is not there. */
struct ims_uevent {
	const char *action;
	const char *subsystem;
	/* Below /sys, such as "/devices/pci0000:00/0000:00:04.0". */
	const char *path;
	/* The properties MDEV_STATE and IMS_VFUNC_STATE. */
	const char *mdev_state;
	const char *vfunc_state;
};

/*
 * Listen to events of the subsystems mdev, ims_vfunc and pci. 0 or a negative
 * errno; on failure @step says what failed, as static string.
 */
int ims_uevent_open(struct ims_uevents **uevents, const char **step);
void ims_uevent_close(struct ims_uevents *uevents);

/* Readable when there is an event. Borrowed. */
int ims_uevent_fd(const struct ims_uevents *uevents);

/* 0, -EAGAIN when there is none now, -ENOBUFS when some were lost, or other. */
int ims_uevent_receive(struct ims_uevents *uevents, struct ims_uevent *event);

/*
 * Call @found with the path, /sys included, of each device of @subsystem, until
 * it returns something else than 0, which is returned then. 0 or a negative
 * errno.
 */
int ims_uevent_scan(const char *subsystem,
		    int (*found)(void *data, const char *path), void *data);

#endif /* LIBIMS_UEVENT_H */
