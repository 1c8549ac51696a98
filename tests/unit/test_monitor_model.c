// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An agent that applies events by the rules of <libims/event.h> ends with what
 * the kernel has, in each getter that events are to keep current, after any changes,
 * overruns at any time, reloads of the module that are told or lost in an overrun,
 * dumps in the middle of it all, and an agent that loses its privilege and gets it
 * back. Random sequences; a failure names its seed, to be given in MONITOR_SEED.
 */
#include "test.h"

#include <stdlib.h>
#include <syslog.h>

#include "agent.h"
#include "fake_events.h"
#include "fake_kernel.h"
#include "fake_world.h"

#define SEEDS		1000
#define STEPS		150

static struct agent agent;
static unsigned int overruns, disturbed, reloads, demoted;

static void start_anew(void)
{
	agent_forget(&agent);
	agent.in_sync = false;
	agent.overruns = 0;
	agent.reloads = 0;
}

/* Read one event, if there is one. */
static bool read_one(struct ims_monitor *monitor)
{
	struct ims_event *event;
	const char *wrong;
	int err = ims_monitor_read(monitor, &event);

	if (err == -EAGAIN)
		return false;
	assert_int_equal(err, 0);
	wrong = agent_apply(&agent, event);
	if (wrong)
		fail_msg("%s", wrong);
	ims_event_free(event);
	return true;
}

static void log_disturbed(void *data, int priority, const char *text)
{
	(void)data;
	(void)priority;
	disturbed += !!strstr(text, "kept changing");
}

/* What is wrong, or NULL. */
static const char *run(uint64_t seed)
{
	struct ims_monitor *monitor;
	const char *differs;
	struct ims_ctx *ctx;
	unsigned int i, reads;
	bool agrees;

	fake_kernel_reset();
	world_reset(seed);
	start_anew();

	/* A world before the monitor. */
	for (i = world_random(40); i; i--)
		world_change();

	assert_int_equal(ims_ctx_new(&ctx), 0);
	assert_int_equal(ims_ctx_set_log(ctx, log_disturbed, NULL, LOG_INFO),
			 0);
	assert_int_equal(ims_monitor_new(ctx, IMS_MONITOR_SYNC, &monitor), 0);
	world.turmoil = world_random(3) * world_random(30);
	fake_events.room = world_random(4) ? 1 + world_random(12) : 0;

	for (i = 0; i < STEPS; i++) {
		if (!world_random(60))
			world_unload();
		/* The process gives the privilege up, or takes it back. */
		if (!world_random(STEPS))
			fake_kernel.privileged = !fake_kernel.privileged;
		if (fake_kernel.absent && !world_random(3))
			world_load(world_random(2));
		if (!fake_kernel.absent && world_random(3))
			world_change();
		for (reads = world_random(6); reads; reads--)
			read_one(monitor);
	}

	/* Peace: what is left is told and read. */
	world.turmoil = 0;
	if (fake_kernel.absent) {
		world_load(true);
		while (read_one(monitor))
			;
		for (i = world_random(5); i; i--)
			world_change();
	}
	world_tell_figures();
	world_flush();
	while (read_one(monitor))
		;
	assert_true(agent.in_sync);

	/* Cookies are as in a list, but before the state is told anew. */
	agrees = fake_kernel.privileged != ims_monitor_is_public(monitor);
	differs = agent_differs(&agent, ctx, agrees);
	overruns += agent.overruns;
	reloads += agent.reloads;
	demoted += agrees && ims_monitor_is_public(monitor);
	ims_monitor_free(monitor);
	ims_ctx_free(ctx);
	return differs;
}

static void ends_with_what_there_is(void **state)
{
	const char *given = getenv("MONITOR_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 0) : 0;
	uint64_t last = given ? seed : SEEDS - 1;
	const char *differs;

	(void)state;
	overruns = 0;
	disturbed = 0;
	reloads = 0;
	demoted = 0;
	for (; seed <= last; seed++) {
		differs = run(seed);
		if (differs)
			fail_msg("%s; again by MONITOR_SEED=%llu", differs,
				 (unsigned long long)seed);
	}
	agent_forget(&agent);

	/* Else it was too easy. */
	if (!given) {
		assert_true(overruns > SEEDS);
		assert_true(disturbed > SEEDS / 10);
		assert_true(reloads > SEEDS / 2);
		assert_true(demoted > SEEDS / 20);
		/* All that is promised has been put to the proof. */
		assert_string_equal(agent_untested(&agent) ?: "none", "none");
	}
}

/* The agent differs in what @getter shows, and not any more when it has read on. */
static void sees(struct ims_monitor *monitor, struct ims_ctx *ctx,
		 const char *getter)
{
	const char *differs = agent_differs(&agent, ctx, true);

	if (!differs || strncmp(differs, getter, strlen(getter)))
		fail_msg("%s where %s was due", differs, getter);
	world_flush();
	while (read_one(monitor))
		;
	assert_null(agent_differs(&agent, ctx, true));
}

/* The comparison would see it: an agent that missed one event is wrong. */
static void notices_a_lost_event(void **state)
{
	struct ims_monitor *monitor;
	struct fake_device *d;
	struct ims_ctx *ctx;

	(void)state;
	fake_kernel_reset();
	world_reset(1);
	start_anew();
	assert_int_equal(ims_ctx_new(&ctx), 0);
	assert_int_equal(ims_monitor_new(ctx, IMS_MONITOR_SYNC, &monitor), 0);
	world_add_store();
	d = world_add_device();
	world_tell_figures();
	world_flush();
	while (read_one(monitor))
		;
	assert_null(agent_differs(&agent, ctx, true));
	world_set_vector(d, 1, IMS_VECTOR_STATE_IDLE, 1);
	sees(monitor, ctx, "vector 0x200000001 is not known");
	world_set_vector(d, 1, IMS_VECTOR_STATE_LIVE, 1);
	world_flush();
	while (read_one(monitor))
		;
	/* What follows from it is told later, and then known. */
	world_tell_figures();
	sees(monitor, ctx, "ims_store_get_used");
	world_set_vector(d, 1, IMS_VECTOR_STATE_LIVE, 2);
	sees(monitor, ctx, "ims_vector_get_");
	/* What is not kept current makes no difference. */
	d->vectors[0].delivered++;
	d->vectors[0].masked = true;
	assert_null(agent_differs(&agent, ctx, true));
	world_remove_device(d);
	world_tell_figures();
	sees(monitor, ctx, "ims_store_get_");
	ims_monitor_free(monitor);
	ims_ctx_free(ctx);
	agent_forget(&agent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notices_a_lost_event),
		cmocka_unit_test(ends_with_what_there_is),
	};

	return cmocka_run_group_tests_name("monitor_model", tests, NULL, NULL);
}
