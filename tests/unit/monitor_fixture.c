// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the tests of the monitor share.
 */
#include <poll.h>

#include "monitor_fixture.h"

struct monitor_fixture f;

int monitor_setup(void **state)
{
	(void)state;
	fake_kernel_reset();
	world_reset(1);
	f.monitor = NULL;
	return ims_ctx_new(&f.ctx);
}

int monitor_teardown(void **state)
{
	(void)state;
	ims_monitor_free(f.monitor);
	ims_ctx_free(f.ctx);
	assert_false(fake_events.joined);
	assert_int_equal(fake_kernel.opens, fake_kernel.closes);
	return 0;
}

void start(unsigned int flags)
{
	assert_int_equal(ims_monitor_new(f.ctx, flags, &f.monitor), 0);
	assert_true(fake_events.joined);
}

/* Does a poll loop find something to read? */
bool is_ready(void)
{
	struct pollfd ready = {
		.fd = ims_monitor_get_fd(f.monitor),
		.events = POLLIN,
	};

	return poll(&ready, 1, 0) == 1 && ready.revents == POLLIN;
}

/* The next event, which is of @type. To be freed. */
struct ims_event *next(uint32_t type)
{
	struct ims_event *event;
	uint32_t found;

	assert_int_equal(ims_monitor_read(f.monitor, &event), 0);
	assert_non_null(event);
	assert_int_equal(ims_event_get_type(event, &found), 0);
	assert_string_equal(ims_event_type_name(found),
			    ims_event_type_name(type));
	return event;
}

void expect(uint32_t type)
{
	ims_event_free(next(type));
}

void expect_none(void)
{
	struct ims_event *event = (void *)1;

	assert_int_equal(ims_monitor_read(f.monitor, &event), -EAGAIN);
	assert_null(event);
}

void expect_failure(int err)
{
	struct ims_event *event = (void *)1;

	assert_int_equal(ims_monitor_read(f.monitor, &event), err);
	assert_null(event);
}

void expect_at(uint32_t type, uint64_t when)
{
	struct ims_event *event = next(type);
	uint64_t time;

	assert_int_equal(ims_event_get_time(event, &time), 0);
	assert_int_equal(time, when);
	ims_event_free(event);
}
