// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_uevents.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "uevent.h"

#define EVENTS_MAX	16
#define MDEVS_MAX	16

struct fake_uevents fake_uevents;

static struct ims_uevent events[EVENTS_MAX];
static unsigned int first, last;

static struct mdev {
	const char *subsystem;
	const char *path;
	const char *type;
	const char *driver;
	const char *group;
} mdevs[MDEVS_MAX];
static unsigned int num_mdevs;

void fake_uevents_reset(void)
{
	memset(&fake_uevents, 0, sizeof(fake_uevents));
	first = 0;
	last = 0;
	num_mdevs = 0;
}

void fake_uevents_tell(const char *action, const char *subsystem,
		       const char *path, const char *mdev_state)
{
	if (last == EVENTS_MAX)
		abort();
	events[last++] = (struct ims_uevent) {
		.action = action,
		.subsystem = subsystem,
		.path = path,
		.mdev_state = mdev_state,
	};
}

void fake_uevents_tell_parent(const char *path, const char *vfunc_state)
{
	fake_uevents_tell("change", "pci", path, NULL);
	events[last - 1].vfunc_state = vfunc_state;
}

bool fake_uevents_waiting(void)
{
	return first < last;
}

void fake_uevents_add(const char *path, const char *type, const char *driver,
		      const char *group)
{
	if (num_mdevs == MDEVS_MAX)
		abort();
	mdevs[num_mdevs++] = (struct mdev) {
		"mdev", path, type, driver, group,
	};
}

void fake_uevents_add_function(const char *path, const char *driver,
			       const char *group)
{
	fake_uevents_add(path, NULL, driver, group);
	mdevs[num_mdevs - 1].subsystem = "ims_vfunc";
}

const char *fake_uevents_link(const char *path, const char *other)
{
	unsigned int i;

	for (i = 0; i < num_mdevs; i++) {
		size_t len = strlen(mdevs[i].path);

		if (strncmp(path, mdevs[i].path, len) || path[len] != '/')
			continue;
		path += len + 1;
		return !strcmp(path, "mdev_type") ? mdevs[i].type :
		       !strcmp(path, "driver") ? mdevs[i].driver :
						 mdevs[i].group;
	}
	return other;
}

/* ---- what the library calls --------------------------------------------- */

struct ims_uevents {
	char unused;
};

int ims_uevent_open(struct ims_uevents **uevents, const char **step)
{
	static struct ims_uevents only;

	*step = "listening to device events";
	if (fake_uevents.open_error)
		return fake_uevents.open_error;
	fake_uevents.open++;
	*uevents = &only;
	return 0;
}

void ims_uevent_close(struct ims_uevents *uevents)
{
	if (uevents)
		fake_uevents.open--;
}

int ims_uevent_fd(const struct ims_uevents *uevents)
{
	(void)uevents;
	return FAKE_UEVENTS_FD;
}

int ims_uevent_receive(struct ims_uevents *uevents, struct ims_uevent *event)
{
	(void)uevents;
	if (fake_uevents.receive_error)
		return fake_uevents.receive_error;
	if (!fake_uevents_waiting())
		return -EAGAIN;
	*event = events[first++];
	return 0;
}

int ims_uevent_scan(const char *subsystem,
		    int (*found)(void *data, const char *path), void *data)
{
	unsigned int i;
	int err;

	for (i = 0; i < num_mdevs; i++) {
		if (strcmp(subsystem, mdevs[i].subsystem))
			continue;
		err = found(data, mdevs[i].path);
		if (err)
			return err;
	}
	return fake_uevents.scan_error;
}
