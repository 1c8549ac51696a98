/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A simulated libudev and the mediated devices in sysfs.
 */
#ifndef FAKE_UEVENTS_H
#define FAKE_UEVENTS_H

#include <stdbool.h>

#define FAKE_UEVENTS_FD	2001

struct fake_uevents {
	int open_error;
	int receive_error;
	int scan_error;
	unsigned int open;
};

extern struct fake_uevents fake_uevents;

void fake_uevents_reset(void);

/* An event; all strings are static. */
void fake_uevents_tell(const char *action, const char *subsystem,
		       const char *path, const char *mdev_state);
/* That functions can be made on a device, or can no longer. */
void fake_uevents_tell_parent(const char *path, const char *vfunc_state);
bool fake_uevents_waiting(void);

/* A mediated device with these links, NULL for none. */
void fake_uevents_add(const char *path, const char *type, const char *driver,
		      const char *group);

/* The same of the bus ims_vfunc. */
void fake_uevents_add_function(const char *path, const char *driver,
			       const char *group);

/* Where the link @path points: NULL for nowhere, @other if it is none of ours. */
const char *fake_uevents_link(const char *path, const char *other);

#endif /* FAKE_UEVENTS_H */
