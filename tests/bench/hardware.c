// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts fired by hardware: as many vectors as the CPUs have room for, and
 * a million of interrupts over a thousand of them while another process looks
 * on. See vm/cases/scale.c for why no vector is fired again before its eventfd
 * has counted.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define LOAD_VECTORS	1000
#define LOAD_ROUNDS	1000
/* Ahead of them, so that caches are warm when memory is looked at. */
#define LOAD_WARM	50

/* What has been fired at vectors from 1 on: one for each. */
static void take(struct portal *fn, int epoll, uint32_t count)
{
	static uint8_t seen[WQ_VECTORS];
	uint64_t counted;
	uint32_t left;
	int vector;

	memset(seen, 0, sizeof(seen));
	for (left = count; left; left--) {
		vector = portal_wait_any(fn, epoll, WQ_PATIENCE_MS, &counted);
		if (vector < 0)
			errx(1, "%u interrupts are missing", left);
		if (counted != 1 || seen[vector]++)
			errx(1, "vector %d counted twice", vector);
	}
	if (portal_wait_any(fn, epoll, 0, &counted) >= 0)
		errx(1, "an interrupt too many");
}

/* One after the other, which finds out if two of them have changed places. */
static void take_each(struct portal *fn, int epoll, uint32_t count)
{
	uint64_t counted;
	uint32_t i;

	for (i = 1; i <= count; i++) {
		fire(fn, i, 1);
		if (portal_wait_any(fn, epoll, WQ_PATIENCE_MS, &counted) != (int)i ||
		    counted != 1)
			errx(1, "vector %u: its interrupt went elsewhere", i);
	}
}

static void measure_most(struct bench *b)
{
	uint32_t count;
	int epoll;

	bench_reopen(b);
	count = portal_bind_most(&b->ours, WQ_VECTORS - 1, 1024);
	epoll = portal_epoll(&b->ours, 1, count);
	fire(&b->ours, 1, count);
	take(&b->ours, epoll, count);
	close(epoll);
	report_one("live vectors, each fired once", "vectors", count, NONE);
}

/* What another process does during the load, and how often it has. */
struct onlooker {
	pid_t pid;
	atomic_uint dumps;
	atomic_uint changes;
	atomic_uint events;
};

/* All that has come in: a change of one vector each, and none lost. */
static void read_events(struct onlooker *o, struct ims_monitor *monitor)
{
	struct ims_event *event;
	uint32_t type;
	int ret;

	while (!(ret = ims_monitor_read(monitor, &event))) {
		ims_event_get_type(event, &type);
		ims_event_free(event);
		if (type != IMS_EVENT_VECTOR_CHANGE)
			errx(1, "monitor: %s", ims_event_type_name(type));
		atomic_fetch_add(&o->events, 1);
	}
	if (ret != -EAGAIN)
		errx(1, "monitor: error %d", ret);
}

/*
 * Dump all, send a vector's interrupts to CPU 0 or wherever the kernel likes, and
 * see that told; over and over.
 */
static void look_on(struct bench *b, struct onlooker *o)
{
	struct ims_vector_config *config;
	struct ims_vector_list *list;
	struct ims_monitor *monitor;
	struct ims_device *device;
	struct ims_ctx *ctx;
	uint32_t change;

	if (ims_ctx_new(&ctx) || ims_device_get(ctx, b->name, &device) ||
	    ims_monitor_new(ctx, 0, &monitor) || ims_vector_config_new(&config))
		errx(1, "onlooker");
	for (change = 0;; change++) {
		if (ims_vector_list_get_by_device(ctx, device, &list))
			errx(1, "dump: %s", ims_error_get_message(
						ims_ctx_get_error(ctx)));
		if (ims_vector_list_count(list) != 1 + LOAD_VECTORS)
			errx(1, "a dump has %zu vectors",
			     ims_vector_list_count(list));
		ims_vector_list_free(list);
		atomic_fetch_add(&o->dumps, 1);

		/* Each vector twice in a row: there, and back. */
		ims_vector_config_set_affinity(config, change % 2 ? "" : "0");
		if (ims_vector_configure_range(ctx, device,
					       1 + change / 2 % LOAD_VECTORS, 1,
					       config, 0))
			errx(1, "affinity: %s", ims_error_get_message(
						ims_ctx_get_error(ctx)));
		atomic_fetch_add(&o->changes, 1);
		read_events(o, monitor);
		if (atomic_load(&o->events) != atomic_load(&o->changes))
			errx(1, "%u changes, %u were told", atomic_load(&o->changes),
			     atomic_load(&o->events));
	}
}

static struct onlooker *onlooker_start(struct bench *b)
{
	struct onlooker *o = mmap(NULL, sizeof(*o), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (o == MAP_FAILED)
		err(1, "mmap");
	fflush(stdout);
	/* Not into *o, which the child would write to as well. */
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid)
		look_on(b, o);
	o->pid = pid;
	return o;
}

static void onlooker_end(struct onlooker *o)
{
	int status;

	kill(o->pid, SIGKILL);
	if (waitpid(o->pid, &status, 0) != o->pid || !WIFSIGNALED(status))
		errx(1, "the onlooker has ended by itself");
	munmap(o, sizeof(*o));
}

/* Nanoseconds until all messages are written, summed up. */
static uint64_t rounds(struct bench *b, int epoll, uint32_t count)
{
	uint64_t start, ns = 0;

	while (count--) {
		start = now();
		fire(&b->ours, 1, LOAD_VECTORS);
		ns += since(start);
		take(&b->ours, epoll, LOAD_VECTORS);
	}
	return ns;
}

static uint64_t delivered(struct bench *b)
{
	struct ims_vector_list *list;
	struct ims_device *device;
	uint64_t number, sum = 0;
	size_t i;

	if (ims_device_get(b->ours.wq.ctx, b->name, &device) ||
	    ims_vector_list_get_by_device(b->ours.wq.ctx, device, &list))
		errx(1, "dump");
	for (i = 0; i < ims_vector_list_count(list); i++) {
		if (ims_vector_get_delivered(ims_vector_list_at(list, i), &number))
			errx(1, "no count");
		sum += number;
	}
	ims_vector_list_free(list);
	ims_device_free(device);
	return sum;
}

static void measure_load(struct bench *b)
{
	const uint64_t all = (uint64_t)LOAD_VECTORS * (1 + LOAD_WARM + LOAD_ROUNDS);
	uint64_t start, ns, fire_ns, before, after;
	struct onlooker *o;
	int epoll;

	bench_reopen(b);
	if (portal_bind(&b->ours, 1, LOAD_VECTORS))
		errx(1, "cannot bind %u vectors", LOAD_VECTORS);
	epoll = portal_epoll(&b->ours, 1, LOAD_VECTORS);
	take_each(&b->ours, epoll, LOAD_VECTORS);

	o = onlooker_start(b);
	rounds(b, epoll, LOAD_WARM);
	before = kernel_memory();
	start = now();
	fire_ns = rounds(b, epoll, LOAD_ROUNDS);
	ns = since(start);
	after = kernel_memory();
	if (delivered(b) != all)
		errx(1, "%lu of %lu were delivered", delivered(b), all);

	report_one("a million fired and counted", "each",
		   (double)ns / LOAD_ROUNDS / LOAD_VECTORS, NONE);
	report_one("of which until all are written", "each",
		   (double)fire_ns / LOAD_ROUNDS / LOAD_VECTORS, NONE);
	report_one("meanwhile: lost", "interrupts", 0, NONE);
	report_one("meanwhile: dumps of all", "dumps", atomic_load(&o->dumps),
		   NONE);
	report_one("meanwhile: changes made and told", "events",
		   atomic_load(&o->events), NONE);
	report_one("meanwhile: memory kept", "KB",
		   ((double)after - (double)before) / 1024, NONE);
	onlooker_end(o);
	close(epoll);
}

void measure_hardware(struct bench *b)
{
	measure_most(b);
	measure_load(b);
}
