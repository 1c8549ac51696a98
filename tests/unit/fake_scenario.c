// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For programs that are tested as a whole: IMS_FAKE says what their simulated
 * kernel is like, in words separated by commas.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libims.h>

#include "fake_kernel.h"
#include "fake_events.h"
#include "fake_uevents.h"
#include "fake_wire.h"
#include "shared/clock.h"

/*
 * Whoever computes rates looks at the clock once for each dump. With "busy", a
 * second passes then, or "step" milliseconds, in which there are interrupts, and
 * other things happen.
 */
static bool busy;
static uint64_t step = 1000000000;

static void pass_step(void)
{
	struct fake_device *a = &fake_kernel.devices[0];
	struct fake_vector *one = fake_kernel_vector(a, 1);
	static unsigned int steps;

	one->delivered += 100;
	one->loopback += 5;
	fake_kernel_vector(a, 2)->dropped += 3;
	fake_kernel.devices[2].vectors[0].signalled += 7;

	switch (++steps) {
	case 2:
		/* Its counts are reset. */
		one->since = fake_kernel.now + step / 2;
		one->delivered = 40;
		one->loopback = 0;
		break;
	case 3:
		/* A vector is used for the first time, a device closed. */
		a->vectors[a->num_vectors++] = (struct fake_vector) {
			.index = 5,
			.state = IMS_VECTOR_STATE_LIVE,
			.since = fake_kernel.now + step / 10,
			.delivered = 50,
		};
		fake_kernel.num_devices = 2;
		break;
	case 4:
		/* What no kernel does. */
		one->delivered = 1;
		break;
	case 6:
		/* One that looks new, but has counted for long. */
		one->since = 1;
		break;
	}
	fake_kernel.now += step;
}

uint64_t clock_now(void)
{
	uint64_t now = fake_kernel.now;

	if (busy)
		pass_step();
	return now;
}

void clock_stop(uint64_t ns)
{
	fake_kernel.now = ns;
}

void clock_text(char *text, size_t size)
{
	snprintf(text, size, "12:34:56.789");
}

/* More devices on one store than an error lists: "many0" and so on. */
static void add_many(const char *prefix)
{
	char name[64];
	size_t i;

	for (i = 0; i < 11; i++) {
		snprintf(name, sizeof(name), "%s%zu", prefix, i);
		fake_kernel.devices[fake_kernel.num_devices++] =
			(struct fake_device) {
				.id = 100 + i,
				.name = strdup(name),
				.parent = "0000:00:05.0",
			};
	}
}

/* And each of them was refused a slot. */
static void add_many_refused(const char *prefix)
{
	size_t i = fake_kernel.num_devices;

	for (add_many(prefix); i < fake_kernel.num_devices; i++) {
		struct fake_device *d = &fake_kernel.devices[i];

		d->refused = i;
		d->refused_vector = 7;
		d->refused_error = ENOSPC;
		d->has_refused_kind = true;
		d->refused_kind = IMS_ALERT_KIND_STORE_FULL;
		d->refused_last = 80000000000;
	}
}

/* Functions that are no mediated devices. */
static void add_functions(void)
{
	static const char *const names[] = { "0000:00:05.0-1", "0000:00:05.0-12" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		fake_kernel.devices[fake_kernel.num_devices++] =
			(struct fake_device) {
				.id = 200 + i,
				.name = names[i],
				.parent = "0000:00:05.0",
			};
}

/* What sysfs has: two that are open, and others that are not. */
static void add_closed(void)
{
	static const char group[] = "../../../kernel/iommu_groups/12";
	static const char type[] = "../mdev_supported_types/ims_edu-wq";
	static const char driver[] = "../../../bus/mdev/drivers/vfio_mdev_ims";
	static const char parent[] = "/sys/devices/pci0000:00/0000:00:04.0/";
	static char paths[3][128];

	snprintf(paths[0], sizeof(paths[0]), "%s%s", parent,
		 fake_kernel.devices[0].name);
	snprintf(paths[1], sizeof(paths[1]), "%s%s", parent,
		 "11111111-509f-382f-3c1e-e6bfe0fa1001");
	snprintf(paths[2], sizeof(paths[2]), "%s%s", parent,
		 "22222222-509f-382f-3c1e-e6bfe0fa1001");
	fake_uevents_add(paths[0], type, driver, group);
	fake_uevents_add(paths[1], type, driver, group);
	fake_uevents_add(paths[2], type, NULL, NULL);
	fake_uevents_add_function("/sys/devices/pci0000:00/0000:00:05.0/0000:00:05.0-3",
				  driver, group);
	fake_uevents_add_function("/sys/devices/pci0000:00/0000:00:05.0/wq0",
				  driver, group);
}

/* No slot is left that is not used or promised. */
static void fill_stores(void)
{
	size_t i;

	for (i = 0; i < fake_kernel.num_stores; i++)
		fake_kernel.stores[i].limit = 4;
}

/* Nothing failed so far, and nothing was lost. */
static void heal(void)
{
	struct fake_device *a = &fake_kernel.devices[0];
	size_t i;

	for (i = 0; i < fake_kernel.num_stores; i++)
		fake_kernel.stores[i].failures = 0;
	for (i = 0; i < a->num_vectors; i++) {
		a->vectors[i].dropped = a->vectors[i].failed = 0;
		a->vectors[i].masked_since = fake_kernel.now;
	}
}

/* A remapping table for each device. */
static void be_amd(void)
{
	fake_kernel.stores[0].domain = fake_kernel.stores[1].domain = "AMD-IR-0";
	fake_kernel.stores[0].capacity = fake_kernel.stores[1].capacity = 512;
}

/* A request failed, as what has that name ran out. */
static void refuse_for(const char *kind)
{
	struct fake_device *a = &fake_kernel.devices[0];

	a->refused = 1;
	a->refused_vector = 7;
	a->refused_error = strcmp(kind, "no-memory") ? ENOSPC : ENOMEM;
	a->has_refused_kind = true;
	a->refused_last = 80000000000;
	while (strcmp(ims_alert_kind_name(a->refused_kind), kind))
		a->refused_kind++;
}

/* The third device was opened by who has opened the second one. */
static void share_owner(void)
{
	fake_kernel.devices[2].pid = fake_kernel.devices[1].pid;
	fake_kernel.devices[2].comm = fake_kernel.devices[1].comm;
}

/* Two interrupts go to a CPU that they were not to go to. */
static void break_affinity(void)
{
	struct fake_vector *one = fake_kernel_vector(&fake_kernel.devices[0], 1);

	one->cpu = 3;
	one->affinity_broken = true;
	fake_kernel_vector(&fake_kernel.devices[0], 4)->affinity_broken = true;
}

/* Vector 0 of the first device is held, 1 throttled, 4 has the device's limit. */
static void restrain(void)
{
	struct fake_device *d = &fake_kernel.devices[0];
	struct fake_vector *zero = fake_kernel_vector(d, 0);
	struct fake_vector *one = fake_kernel_vector(d, 1);

	d->rate_limit = 20000;
	zero->quiet = true;
	zero->state = IMS_VECTOR_STATE_HELD;
	zero->pending = true;
	one->rate_limit = 5000;
	one->throttled = true;
	one->throttles = 123;
}

static void set_domains(const char *domain)
{
	size_t i;

	for (i = 0; i < fake_kernel.num_stores; i++)
		fake_kernel.stores[i].domain = domain;
}

static struct nl_msg *begin_alert(uint32_t kind, const struct fake_device *d,
				  uint32_t index)
{
	struct nl_msg *msg = fake_events_begin(IMS_CMD_ALERT_NTF);

	nla_put_u32(msg, IMS_A_ALERT_KIND, kind);
	nla_put_u32(msg, IMS_A_ALERT_DEVICE_ID, d->id);
	nla_put_string(msg, IMS_A_ALERT_DEVICE_NAME, d->name);
	nla_put_string(msg, IMS_A_ALERT_PARENT, d->parent);
	nla_put_u32(msg, IMS_A_ALERT_INDEX, index);
	return msg;
}

/* One event of each type, about what there is. */
static void tell_events(void)
{
	const struct fake_device *a = &fake_kernel.devices[0];
	const struct fake_store *store = &fake_kernel.stores[1];
	struct nl_msg *msg;

	fake_events_tell_store(IMS_CMD_STORE_CREATE_NTF, store);
	fake_events_tell(IMS_CMD_DEVICE_CREATE_NTF, &fake_kernel.devices[1],
			 NULL);
	fake_events_tell(IMS_CMD_VECTOR_CREATE_NTF, a, &a->vectors[1]);
	fake_events_tell(IMS_CMD_VECTOR_CHANGE_NTF, a, &a->vectors[3]);
	fake_events_tell(IMS_CMD_VECTOR_CHANGE_NTF, a, &a->vectors[4]);

	msg = begin_alert(IMS_ALERT_KIND_STORE_FULL, a, 7);
	nla_put_u32(msg, IMS_A_ALERT_ERROR, ENOSPC);
	fake_events_end(msg);
	fake_events_end(begin_alert(IMS_ALERT_KIND_AFFINITY, a, 1));
	msg = begin_alert(IMS_ALERT_KIND_STORM, a, 1);
	nla_put_u64(msg, IMS_A_ALERT_RATE, 2000000);
	fake_events_end(msg);

	fake_events_tell(IMS_CMD_DEVICE_CHANGE_NTF, a, NULL);
	fake_events_tell(IMS_CMD_DEVICE_DELETE_NTF, &fake_kernel.devices[2],
			 NULL);
	fake_events_tell_store(IMS_CMD_STORE_CHANGE_NTF, store);
	fake_events_tell_store(IMS_CMD_STORE_DELETE_NTF,
			       &fake_kernel.stores[0]);
}

/* Changes of what there is, which lists do not show. */
static void tell_changes(void)
{
	struct fake_device a = fake_kernel.devices[0];
	struct fake_store store = fake_kernel.stores[1];
	struct fake_vector v = *fake_kernel_vector(&a, 2);

	v.state = IMS_VECTOR_STATE_IDLE;
	v.has_slot = false;
	v.pending = false;
	v.delivered += 3;
	fake_events_tell(IMS_CMD_VECTOR_CHANGE_NTF, &a, &v);
	/* Only interrupts have come. */
	v.delivered += 3;
	fake_events_tell(IMS_CMD_VECTOR_CHANGE_NTF, &a, &v);
	/* A reset alone, and with something else. */
	v.since += 1;
	v.delivered = v.failed = 0;
	fake_events_tell(IMS_CMD_VECTOR_CHANGE_NTF, &a, &v);
	v.since += 1;
	v.masked = !v.masked;
	strcpy(v.affinity, "0-3");
	fake_events_tell(IMS_CMD_VECTOR_CHANGE_NTF, &a, &v);

	a.limit = 32;
	a.refused = 1;
	a.refused_vector = 7;
	a.refused_error = ENOSPC;
	a.has_refused_kind = true;
	a.refused_kind = IMS_ALERT_KIND_STORE_FULL;
	fake_events_tell(IMS_CMD_DEVICE_CHANGE_NTF, &a, NULL);
	fake_events_tell(IMS_CMD_DEVICE_DELETE_NTF, &a, NULL);
	/* Forgotten with its device. */
	fake_events_tell(IMS_CMD_VECTOR_CHANGE_NTF, &a, &v);

	store.limit = 512;
	fake_events_tell_store(IMS_CMD_STORE_CHANGE_NTF, &store);
	store.failures = 0;
	fake_events_tell_store(IMS_CMD_STORE_CHANGE_NTF, &store);
	store.peak--;
	fake_events_tell_store(IMS_CMD_STORE_CHANGE_NTF, &store);
}

/* More than the socket has room for. */
static void tell_too_much(void)
{
	fake_events.room = 1;
	tell_events();
	fake_events.room = 0;
}

/* The module is unloaded and loaded again, once somebody listens. */
static void reload(void)
{
	static bool reloaded;

	if (reloaded)
		return;
	reloaded = true;
	fake_events_unload();
	fake_events_load(fake_kernel.family + 1);
}

/* A notification that makes no sense, and one that does. */
static void tell_nonsense(void)
{
	fake_events_end(fake_events_begin(IMS_CMD_DEVICE_CHANGE_NTF));
	fake_events_tell(IMS_CMD_DEVICE_CHANGE_NTF, &fake_kernel.devices[0],
			 NULL);
}

/* At the end: what was asked for, as far as it is remembered. */
static void tell_dumps(void)
{
	unsigned int i;

	for (i = 0; i < fake_kernel.requests && i < 64; i++)
		fprintf(stderr, "dump %s\n",
			fake_kernel.cmds[i] == IMS_CMD_VECTOR_GET ?
			"vector-get" :
			fake_kernel.cmds[i] == IMS_CMD_DEVICE_GET ?
			"device-get" : "of something else");
}

/* Which allocation fails, if any does. */
static unsigned long no_memory;

static void apply(const char *word)
{
	if (fake_word(word))
		return;
	if (!strcmp(word, "old"))
		fake_kernel.last_cmd = IMS_CMD_VECTOR_GET;
	else if (!strcmp(word, "warning"))
		fake_kernel.warning = "mind the gap";
	else if (!strcmp(word, "closed"))
		fake_kernel.done_error = -ENODEV;
	else if (!strcmp(word, "trace"))
		fake_kernel.trace = true;
	else if (!strcmp(word, "full"))
		fill_stores();
	else if (!strcmp(word, "count"))
		atexit(tell_dumps);
	else if (!strcmp(word, "busy"))
		busy = true;
	else if (!strcmp(word, "healthy"))
		heal();
	else if (!strcmp(word, "limited"))
		fake_kernel.devices[0].limit = 3;
	else if (!strcmp(word, "amd"))
		be_amd();
	else if (!strncmp(word, "idle-entries=", 13))
		fake_kernel.devices[0].idle_entries =
			strtoul(word + 13, NULL, 10);
	else if (!strncmp(word, "refused=", 8))
		refuse_for(word + 8);
	else if (!strcmp(word, "affinity-broken"))
		break_affinity();
	else if (!strcmp(word, "restrained"))
		restrain();
	else if (!strcmp(word, "not-remapped"))
		set_domains("VECTOR");
	else if (!strcmp(word, "no-domain"))
		set_domains(NULL);
	else if (!strcmp(word, "events"))
		fake_events.on_join = tell_events;
	else if (!strcmp(word, "changes"))
		fake_events.on_join = tell_changes;
	else if (!strcmp(word, "endless"))
		fake_events.endless = true;
	else if (!strcmp(word, "overrun"))
		fake_events.on_join = tell_too_much;
	else if (!strcmp(word, "reload"))
		fake_events.on_join = reload;
	else if (!strcmp(word, "nonsense"))
		fake_events.on_join = tell_nonsense;
	else if (!strcmp(word, "many"))
		add_many("many");
	else if (!strcmp(word, "many-refused"))
		add_many_refused("many");
	else if (!strncmp(word, "many-refused=", 13))
		add_many_refused(word + 13);
	else if (!strncmp(word, "failed=", 7)) {
		heal();
		fake_kernel_vector(&fake_kernel.devices[0],
				   strtoul(word + 7, NULL, 10))->failed = 1;
	} else if (!strcmp(word, "functions"))
		add_functions();
	else if (!strncmp(word, "fail-change=", 12))
		fake_kernel.fail_change = strtoul(word + 12, NULL, 10);
	else if (!strcmp(word, "keeps-failing"))
		fake_kernel.keeps_failing = true;
	else if (!strncmp(word, "refused-vector=", 15))
		fake_kernel.devices[0].refused_vector =
			strtoul(word + 15, NULL, 10);
	else if (!strncmp(word, "comm=", 5))
		fake_kernel.devices[0].comm = strdup(word + 5);
	else if (!strncmp(word, "step=", 5))
		step = strtoull(word + 5, NULL, 10) * 1000000;
	else if (!strcmp(word, "same-owner"))
		share_owner();
	else if (!strncmp(word, "now=", 4))
		fake_kernel.now = strtoull(word + 4, NULL, 10) * 1000000000;
	else if (!strcmp(word, "closed-mdevs"))
		add_closed();
	else if (!strcmp(word, "fleet"))
		fake_kernel_fleet();
	else if (!strncmp(word, "name=", 5))
		fake_kernel.devices[1].name = strdup(word + 5);
	else if (!strncmp(word, "no-memory=", 10))
		no_memory = strtoul(word + 10, NULL, 10);
	else {
		fprintf(stderr, "IMS_FAKE: what is \"%s\"?\n", word);
		abort();
	}
}

__attribute__((constructor)) static void set_scene(void)
{
	const char *scenario = getenv("IMS_FAKE");
	char *words, *word, *rest;

	fake_kernel_reset();
	fake_kernel_populate();
	if (!scenario)
		return;

	words = strdup(scenario);
	for (word = strtok_r(words, ",", &rest); word;
	     word = strtok_r(NULL, ",", &rest))
		apply(word);
	free(words);
	if (no_memory)
		fake_memory_fail(no_memory);
}
