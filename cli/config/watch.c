// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configuration of devices as they are opened. Before that the kernel does not
 * know them, and there is nothing to be configured.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "objects/objects.h"

struct watch {
	struct ims_ctx *ctx;
	const char *directory;
	/* Ids of devices that have been seen: each is configured once. */
	uint32_t *seen;
	size_t num_seen;
};

/* False when it was seen already, as all are told again after a loss. */
static bool is_new(struct watch *watch, uint32_t id)
{
	uint32_t *seen;
	size_t i;

	for (i = 0; i < watch->num_seen; i++)
		if (watch->seen[i] == id)
			return false;

	seen = reallocarray(watch->seen, watch->num_seen + 1, sizeof(*seen));
	if (!seen) {
		out_of_memory();
		return false;
	}
	watch->seen = seen;
	watch->seen[watch->num_seen++] = id;
	return true;
}

static void forget(struct watch *watch, uint32_t id)
{
	size_t i;

	for (i = 0; i < watch->num_seen; i++)
		if (watch->seen[i] == id)
			watch->seen[i] = watch->seen[--watch->num_seen];
}

/* What goes wrong has been reported, and is no reason to stop. */
static void apply(struct watch *watch, const struct ims_device *device,
		  const char *path)
{
	struct config file, before;
	size_t count;

	if (config_read(path, &file))
		return;
	if (!config_fit(watch->ctx, device, &file) &&
	    !config_get(watch->ctx, device, &before)) {
		count = config_differences(&file, &before);
		if (!config_apply(watch->ctx, device, &file, &before, false))
			printf("device %s: %s: %zu setting%s changed\n",
			       before.device, path, count,
			       count == 1 ? "" : "s");
		config_free(&before);
	}
	config_free(&file);
}

static void configure(struct watch *watch, const struct ims_device *device)
{
	const char *name = ims_device_get_name(device);
	char path[PATH_MAX];
	int len;

	len = snprintf(path, sizeof(path), "%s/%s.conf", watch->directory,
		       name);
	/* No name of a device is a way to another directory. */
	if (len >= (int)sizeof(path) || strchr(name, '/'))
		return;
	if (!access(path, F_OK))
		apply(watch, device, path);
	else if (errno != ENOENT)
		problem(EXIT_FAILED, "%s: %s", path, strerror(errno));
}

static void take(struct watch *watch, const struct ims_event *event)
{
	const struct ims_device *device = ims_event_get_device(event);
	uint32_t type, id;

	if (ims_event_get_type(event, &type))
		return;
	/* Ids begin anew with the module. */
	if (type == IMS_EVENT_GONE)
		watch->num_seen = 0;
	if (!device || ims_device_get_id(device, &id))
		return;
	if (type == IMS_EVENT_DEVICE_DELETE)
		forget(watch, id);
	else if ((type == IMS_EVENT_DEVICE_CREATE ||
		  type == IMS_EVENT_DEVICE_SYNC) && is_new(watch, id))
		configure(watch, device);
}

static enum exit_code watch_events(struct watch *watch, struct ims_monitor *m,
				   int timeout_ms)
{
	struct ims_event *event;
	int err;

	for (;;) {
		err = ims_monitor_read(m, &event);
		if (!err) {
			take(watch, event);
			ims_event_free(event);
			if (fflush(stdout))
				return EXIT_DONE;
			continue;
		}
		if (err == -EAGAIN)
			err = ims_monitor_wait(m, timeout_ms);
		if (err == -ETIMEDOUT)
			return EXIT_DONE;
		/* After a loss, what there is is told again. */
		if (err && err != -EINTR && err != -EPROTO && err != -ENOBUFS)
			return failure(watch->ctx, err);
	}
}

enum exit_code config_watch(const char *directory, int timeout_ms)
{
	struct watch watch = { .directory = directory };
	struct ims_monitor *m;
	enum exit_code code;
	int err;

	if (access(directory, R_OK | X_OK))
		return problem(EXIT_FAILED, "%s: %s", directory,
			       strerror(errno));
	code = open_context(&watch.ctx);
	if (code)
		return code;

	err = ims_monitor_new(watch.ctx, IMS_MONITOR_SYNC, &m);
	if (err) {
		code = failure(watch.ctx, err);
	} else if (ims_monitor_is_public(m)) {
		/* Better now than at the first device. */
		code = problem(EXIT_NOT_PERMITTED,
			       "changing devices needs CAP_SYS_ADMIN in the initial user namespace");
		ims_monitor_free(m);
	} else {
		code = watch_events(&watch, m, timeout_ms);
		ims_monitor_free(m);
	}
	free(watch.seen);
	ims_ctx_free(watch.ctx);
	return code;
}
