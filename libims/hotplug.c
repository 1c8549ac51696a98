// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Virtual devices, and devices that they can be made on, come and go.
 *
 * Where they are in sysfs tells all that there is to tell, also of a device
 * that has gone: a mediated device, or a function of the bus ims_vfunc, is a
 * directory in that of its parent.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "sys.h"
#include "uevent.h"

#define NAME_SIZE	256

struct ims_hotplug {
	struct ims_ctx *ctx;
	struct ims_uevents *uevents;
};

struct ims_hotplug_event {
	uint32_t action;
	uint32_t kind;
	char name[NAME_SIZE];
	char parent[NAME_SIZE];
};

IMS_PUBLIC int ims_hotplug_new(struct ims_ctx *ctx,
			       struct ims_hotplug **hotplug)
{
	struct ims_hotplug *h;
	const char *step;
	int err;

	if (hotplug)
		*hotplug = NULL;
	if (!ctx || !hotplug)
		return -EINVAL;

	h = calloc(1, sizeof(*h));
	if (!h)
		return ims_fail_errno(ctx, -ENOMEM, NULL,
				      "listening to device events");

	h->ctx = ims_ctx_ref(ctx);
	err = ims_uevent_open(&h->uevents, &step);
	if (err) {
		ims_fail_errno(ctx, err, NULL, step);
		ims_hotplug_free(h);
		return err;
	}
	*hotplug = h;
	return 0;
}

IMS_PUBLIC void ims_hotplug_free(struct ims_hotplug *hotplug)
{
	if (!hotplug)
		return;

	ims_uevent_close(hotplug->uevents);
	ims_ctx_free(hotplug->ctx);
	free(hotplug);
}

IMS_PUBLIC int ims_hotplug_get_fd(const struct ims_hotplug *hotplug)
{
	return hotplug ? ims_uevent_fd(hotplug->uevents) : -EINVAL;
}

IMS_PUBLIC int ims_hotplug_wait(struct ims_hotplug *hotplug, int timeout_ms)
{
	int err;

	if (!hotplug)
		return -EINVAL;

	err = ims_sys_wait(ims_uevent_fd(hotplug->uevents), timeout_ms);
	if (err && err != -ETIMEDOUT)
		return ims_fail_errno(hotplug->ctx, err, NULL,
				      "waiting for device events");
	return err;
}

static bool same(const char *a, const char *b)
{
	return a && !strcmp(a, b);
}

/* Whether it is one that we tell. */
static bool classify(const struct ims_uevent *uevent, uint32_t *action,
		     uint32_t *kind)
{
	const char *came = "add", *went = "remove", *what = uevent->action;

	if (same(uevent->subsystem, "mdev")) {
		*kind = IMS_HOTPLUG_MDEV;
	} else if (same(uevent->subsystem, "ims_vfunc")) {
		*kind = IMS_HOTPLUG_FUNCTION;
	} else if (same(uevent->subsystem, "pci") && same(what, "change")) {
		/* It stays, whether or not it has types or functions to offer. */
		*kind = IMS_HOTPLUG_PARENT;
		came = "registered";
		went = "unregistered";
		what = uevent->mdev_state ? uevent->mdev_state :
					    uevent->vfunc_state;
	} else {
		return false;
	}
	*action = same(what, came) ? IMS_HOTPLUG_ADD : IMS_HOTPLUG_REMOVE;
	return same(what, came) || same(what, went);
}

/*
 * Last part of the path before @end, which is set to where that begins. False
 * if there is none or it is too long.
 */
static bool last_part(const char *path, const char **end, char name[NAME_SIZE])
{
	const char *slash = memrchr(path, '/', *end - path);
	size_t len;

	if (!slash)
		return false;
	len = *end - slash - 1;
	if (!len || len >= NAME_SIZE)
		return false;

	memcpy(name, slash + 1, len);
	name[len] = '\0';
	*end = slash;
	return true;
}

static bool find_names(const struct ims_uevent *uevent,
		       struct ims_hotplug_event *event)
{
	const char *path = uevent->path;
	const char *end;

	if (!path)
		return false;

	end = path + strlen(path);
	if (!last_part(path, &end, event->name))
		return false;
	if (event->kind != IMS_HOTPLUG_PARENT)
		return last_part(path, &end, event->parent);
	memcpy(event->parent, event->name, NAME_SIZE);
	return true;
}

IMS_PUBLIC int ims_hotplug_read(struct ims_hotplug *hotplug,
				struct ims_hotplug_event **event)
{
	struct ims_hotplug_event *e;
	struct ims_uevent uevent;
	int err;

	if (event)
		*event = NULL;
	if (!hotplug || !event)
		return -EINVAL;

	/* First, so that without memory nothing is lost. */
	e = calloc(1, sizeof(*e));
	if (!e)
		return ims_fail_errno(hotplug->ctx, -ENOMEM, NULL,
				      "reading device events");

	do {
		err = ims_uevent_receive(hotplug->uevents, &uevent);
	} while (!err && !(classify(&uevent, &e->action, &e->kind) &&
			   find_names(&uevent, e)));

	if (err) {
		free(e);
		if (err == -ENOBUFS)
			return ims_fail(hotplug->ctx, err, NULL, NULL,
					"device events were lost: their buffer was full");
		if (err != -EAGAIN)
			return ims_fail_errno(hotplug->ctx, err, NULL,
					      "receiving device events");
		return err;
	}
	*event = e;
	return 0;
}

IMS_PUBLIC void ims_hotplug_event_free(struct ims_hotplug_event *event)
{
	free(event);
}

IMS_PUBLIC int
ims_hotplug_event_get_action(const struct ims_hotplug_event *event,
			     uint32_t *action)
{
	if (!event || !action)
		return -EINVAL;

	*action = event->action;
	return 0;
}

IMS_PUBLIC int ims_hotplug_event_get_kind(const struct ims_hotplug_event *event,
					  uint32_t *kind)
{
	if (!event || !kind)
		return -EINVAL;

	*kind = event->kind;
	return 0;
}

IMS_PUBLIC const char *
ims_hotplug_event_get_name(const struct ims_hotplug_event *event)
{
	return event ? event->name : NULL;
}

IMS_PUBLIC const char *
ims_hotplug_event_get_parent(const struct ims_hotplug_event *event)
{
	return event ? event->parent : NULL;
}

IMS_PUBLIC const char *ims_hotplug_action_name(uint32_t action)
{
	switch (action) {
	case IMS_HOTPLUG_ADD:
		return "add";
	case IMS_HOTPLUG_REMOVE:
		return "remove";
	default:
		return NULL;
	}
}

IMS_PUBLIC const char *ims_hotplug_kind_name(uint32_t kind)
{
	switch (kind) {
	case IMS_HOTPLUG_PARENT:
		return "parent";
	case IMS_HOTPLUG_MDEV:
		return "mdev";
	case IMS_HOTPLUG_FUNCTION:
		return "function";
	default:
		return NULL;
	}
}
