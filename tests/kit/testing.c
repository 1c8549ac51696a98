// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libims-testing: libims on a simulated kernel, for programs that use it. IMS_FAKE
 * says what the kernel is like and what happens in it: groups of words, separated by
 * semicolons. The first is how it begins. Each other one happens when the reader of a
 * monitor has read all that was told before, or before the library looks once more for a
 * module that was not there: the same at each run, without clocks.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libims.h>

#include "fake_events.h"
#include "fake_wire.h"

/* Copies of IMS_FAKE that names in the kernel are parts of, and what is left of it. */
static char *script;
static char *next_group;
static uint32_t last_id = 1000;

static void bad(const char *word)
{
	fprintf(stderr, "IMS_FAKE: what is \"%s\"?\n", word);
	abort();
}

static struct fake_device *find(const char *name, const char *word)
{
	size_t i;

	for (i = 0; i < fake_kernel.num_devices; i++)
		if (!strcmp(fake_kernel.devices[i].name, name))
			return &fake_kernel.devices[i];
	bad(word);
	return NULL;
}

/* What follows from devices and vectors: the kernel tells it a second later. */
static void tell_store_of(const struct fake_device *d)
{
	const struct fake_store *store = fake_store_of(d);

	if (store)
		fake_events_tell_store(IMS_CMD_STORE_CHANGE_NTF, store);
}

static void open_device(const char *name)
{
	struct fake_device *d = fake_kernel_open(++last_id, name, 32);

	fake_events_tell(IMS_CMD_DEVICE_CREATE_NTF, d, NULL);
	tell_store_of(d);
}

static void close_device(const char *name)
{
	struct fake_device *d = find(name, name);
	struct fake_device *end = fake_kernel.devices + fake_kernel.num_devices;
	struct fake_device closed = *d;

	fake_events_tell(IMS_CMD_DEVICE_DELETE_NTF, d, NULL);
	memmove(d, d + 1, (end - d - 1) * sizeof(*d));
	fake_kernel.num_devices--;
	tell_store_of(&closed);
}

/* A slot that no vector of the store has. */
static uint32_t free_slot(void)
{
	uint32_t slot = 0;
	size_t i, j;

	for (i = 0; i < fake_kernel.num_devices; i++) {
		struct fake_device *d = &fake_kernel.devices[i];

		for (j = 0; j < d->num_vectors; j++)
			if (d->vectors[j].has_slot && d->vectors[j].slot >= slot)
				slot = d->vectors[j].slot + 1;
	}
	return slot;
}

/* "DEVICE:VECTOR" gets a trigger, or loses it. */
static void bind_vector(char *what, bool live)
{
	char *colon = strrchr(what, ':');
	uint8_t cmd = IMS_CMD_VECTOR_CHANGE_NTF;
	struct fake_device *d;
	struct fake_vector *v;
	uint32_t index;

	if (!colon)
		bad(what);
	*colon = '\0';
	index = strtoul(colon + 1, NULL, 0);
	d = find(what, what);
	if (index >= d->declared)
		bad(colon + 1);
	v = fake_kernel_vector(d, index);
	if (!v) {
		v = &d->vectors[d->num_vectors++];
		*v = (struct fake_vector) {
			.index = index,
			.cookie = d->default_cookie,
			.since = fake_kernel.now,
		};
		cmd = IMS_CMD_VECTOR_CREATE_NTF;
	}
	if (live && !v->has_slot) {
		v->slot = free_slot();
		v->generation++;
		v->irq = 100 + v->slot;
	}
	v->has_slot = live;
	v->state = live ? IMS_VECTOR_STATE_LIVE : IMS_VECTOR_STATE_IDLE;
	fake_events_tell(cmd, d, v);
	fake_events_tell(IMS_CMD_DEVICE_CHANGE_NTF, d, NULL);
	tell_store_of(d);
}

/* Of the first device's vector 0. */
static void alert(const char *kind)
{
	const struct fake_device *d = fake_kernel.devices;
	struct nl_msg *msg;
	uint32_t value = 0;

	while (ims_alert_kind_name(value) &&
	       strcmp(ims_alert_kind_name(value), kind))
		value++;
	if (!ims_alert_kind_name(value) || !fake_kernel.num_devices)
		bad(kind);
	msg = fake_events_begin(IMS_CMD_ALERT_NTF);
	nla_put_u32(msg, IMS_A_ALERT_KIND, value);
	nla_put_u32(msg, IMS_A_ALERT_DEVICE_ID, d->id);
	nla_put_string(msg, IMS_A_ALERT_DEVICE_NAME, d->name);
	nla_put_string(msg, IMS_A_ALERT_PARENT, d->parent);
	nla_put_u32(msg, IMS_A_ALERT_INDEX, 0);
	nla_put_u64(msg, IMS_A_ALERT_TIME, fake_kernel.now);
	fake_events_end(msg);
}

/* Events that there is no room for. */
static void overrun(void)
{
	unsigned int i;

	fake_events.room = fake_events.waiting + 1;
	for (i = 0; i < 2; i++)
		fake_events_tell_store(IMS_CMD_STORE_CHANGE_NTF,
				       fake_kernel.stores);
	fake_events.room = 0;
}

/* Events that come faster than they are thrown away: once to see it, and then often. */
static void flood(void)
{
	fake_events.recv_error = -ENOBUFS;
	fake_events.recv_errors = 1 + 65536;
}

/* One read fails. */
static void fail(const char *name)
{
	static const struct {
		const char *name;
		int err;
	} errors[] = {
		{ "EIO", EIO }, { "ENOMEM", ENOMEM }, { "EPERM", EPERM },
	};
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (strcmp(errors[i].name, name))
			continue;
		fake_events.recv_error = -errors[i].err;
		fake_events.recv_errors = 1;
		return;
	}
	bad(name);
}

/* First all devices are closed, and all stores go. */
static void unload(void)
{
	while (fake_kernel.num_devices)
		close_device(fake_kernel.devices[0].name);
	while (fake_kernel.num_stores)
		fake_events_tell_store(IMS_CMD_STORE_DELETE_NTF,
				       &fake_kernel.stores[--fake_kernel.num_stores]);
	fake_events_unload();
}

/* With what there was at the beginning. */
static void load(void)
{
	fake_kernel_populate();
	fake_events_load(fake_kernel.family + 1);
}

static void apply(char *word)
{
	char *value = strchr(word, '=');

	if (value)
		*value++ = '\0';
	if (value && !strcmp(word, "open"))
		open_device(value);
	else if (value && !strcmp(word, "close"))
		close_device(value);
	else if (value && !strcmp(word, "bind"))
		bind_vector(value, true);
	else if (value && !strcmp(word, "unbind"))
		bind_vector(value, false);
	else if (value && !strcmp(word, "alert"))
		alert(value);
	else if (value && !strcmp(word, "fail"))
		fail(value);
	else if (!strcmp(word, "overrun"))
		overrun();
	else if (!strcmp(word, "flood"))
		flood();
	else if (!strcmp(word, "unload"))
		unload();
	else if (!strcmp(word, "load"))
		load();
	else if (!strcmp(word, "quit"))
		raise(SIGTERM);
	else if (value || !fake_word(word))
		bad(word);
}

/* The words up to the next semicolon. */
static void step(void)
{
	char *group = strsep(&next_group, ";");
	char *word;

	if (!next_group)
		fake_events.on_idle = NULL;
	while ((word = strsep(&group, ",")))
		if (*word)
			apply(word);
}

__attribute__((constructor)) static void begin(void)
{
	const char *scenario = getenv("IMS_FAKE");

	fake_kernel_reset();
	fake_kernel_populate();
	script = strdup(scenario ? scenario : "");
	if (!script)
		abort();
	next_group = script;
	fake_events.on_idle = step;
	step();
}

__attribute__((destructor)) static void end(void)
{
	fake_kernel_drop_vectors();
	free(script);
}
