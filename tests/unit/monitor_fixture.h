/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the monitor start from: a simulated kernel with a small world.
 */
#ifndef MONITOR_FIXTURE_H
#define MONITOR_FIXTURE_H

#include "test.h"

#include "fake_events.h"
#include "fake_kernel.h"
#include "fake_world.h"

/*
 * @ctx: context
 * @monitor: the handle, freed at the end; NULL: there is none
 */
struct monitor_fixture {
	struct ims_ctx *ctx;
	struct ims_monitor *monitor;
};

extern struct monitor_fixture f;

int monitor_setup(void **state);
int monitor_teardown(void **state);

#define TEST(f)	cmocka_unit_test_setup_teardown(f, monitor_setup, monitor_teardown)

void start(unsigned int flags);
/* Does a poll loop find something to read? */
bool is_ready(void);
/* The next event, which is of @type. To be freed. */
struct ims_event *next(uint32_t type);
void expect(uint32_t type);
/* The same, and it was told at @when. */
void expect_at(uint32_t type, uint64_t when);
void expect_none(void);
void expect_failure(int err);

#endif
