// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The monitor when it tells the state: at its start, and after events were lost.
 */
#include "monitor_fixture.h"

static void sync_at_start(void **state)
{
	struct fake_device *d;

	(void)state;
	world_add_store();
	d = world_add_device();
	world_set_vector(d, 0, IMS_VECTOR_STATE_LIVE, 1);
	world_set_vector(d, 4, IMS_VECTOR_STATE_LIVE, 1);
	world_flush();
	start(IMS_MONITOR_SYNC);

	assert_int_equal(ims_monitor_wait(f.monitor, -1), 0);
	world_set_vector(d, 2, IMS_VECTOR_STATE_LIVE, 1);
	world_flush();
	expect(IMS_EVENT_STORE_SYNC);
	assert_int_equal(ims_monitor_wait(f.monitor, -1), 0);
	expect(IMS_EVENT_DEVICE_SYNC);
	expect(IMS_EVENT_VECTOR_SYNC);
	expect(IMS_EVENT_VECTOR_SYNC);
	expect(IMS_EVENT_VECTOR_SYNC);
	world_remove_device(d);
	world_flush();
	expect(IMS_EVENT_SYNCED);
	expect(IMS_EVENT_VECTOR_CREATE);
	expect(IMS_EVENT_DEVICE_DELETE);
	expect_none();
	assert_int_equal(ims_monitor_wait(f.monitor, 0), -ETIMEDOUT);
	assert_int_equal(fake_kernel.requests, 3);
}

static void sync_of_nothing(void **state)
{
	(void)state;
	start(IMS_MONITOR_SYNC);
	expect(IMS_EVENT_SYNCED);
	expect_none();
}

static void overrun(void **state)
{
	struct fake_device *d;
	unsigned int i;

	(void)state;
	start(0);
	fake_events.room = 4;
	d = world_add_device();
	for (i = 0; i < 10; i++) {
		world_set_vector(d, 0, IMS_VECTOR_STATE_LIVE, i);
		world_flush();
	}
	assert_int_equal(fake_events.lost, 6);
	assert_int_equal(ims_monitor_wait(f.monitor, -1), 0);
	expect(IMS_EVENT_OVERRUN);
	assert_int_equal(fake_kernel.requests, 0);
	expect(IMS_EVENT_DEVICE_SYNC);
	/* What was waiting is not told any more. */
	assert_int_equal(fake_events.waiting, 0);
	expect(IMS_EVENT_VECTOR_SYNC);
	expect(IMS_EVENT_SYNCED);
	expect_none();

	/* And then it listens again. */
	world_remove_device(d);
	world_flush();
	expect(IMS_EVENT_DEVICE_DELETE);
}

/* One overrun while the last one is being told. */
static void overrun_again(void **state)
{
	unsigned int i;

	(void)state;
	start(IMS_MONITOR_SYNC);
	fake_events.room = 1;
	for (i = 0; i < 3; i++) {
		expect(IMS_EVENT_SYNCED);
		world_add_store();
		world_flush();
		world_change();
		world_change();
		world_flush();
		expect(IMS_EVENT_OVERRUN);
		/* Nothing is left. */
		world_reset(i + 2);
	}
	expect(IMS_EVENT_SYNCED);
	expect_none();
}

/* Never silence: each attempt that fails says so, and the next one is made. */
static void dump_fails(void **state)
{
	void (*answer)(const struct nlmsghdr *request);

	(void)state;
	world_add_device();
	world_flush();
	start(IMS_MONITOR_SYNC);
	answer = fake_kernel.answer;
	fake_kernel.answer = NULL;
	fake_kernel.last_cmd = IMS_CMD_STORE_GET;
	expect_failure(-EOPNOTSUPP);
	assert_reason(f.ctx, -EOPNOTSUPP, NULL, NULL, "this operation");
	assert_int_equal(ims_monitor_wait(f.monitor, -1), 0);
	fake_kernel.last_cmd = 0;
	fake_kernel.recv_error = -EIO;
	expect_failure(-EIO);
	fake_kernel.recv_error = 0;
	fake_kernel.answer = answer;
	expect(IMS_EVENT_DEVICE_SYNC);
	expect(IMS_EVENT_SYNCED);
}

static void transport_fails(void **state)
{
	(void)state;
	start(0);
	world_add_device();
	world_flush();
	fake_events.recv_error = -EIO;
	expect_failure(-EIO);
	assert_reason(f.ctx, -EIO, NULL, NULL, "receiving events");
	fake_events.recv_error = 0;
	expect(IMS_EVENT_DEVICE_CREATE);
}

static void drain_fails(void **state)
{
	(void)state;
	start(0);
	fake_events.room = 1;
	world_add_device();
	world_flush();
	world_add_device();
	world_flush();
	expect(IMS_EVENT_OVERRUN);
	/* A socket that is full whenever one looks. */
	fake_events.recv_error = -ENOBUFS;
	expect_failure(-ENOBUFS);
	assert_reason(f.ctx, -ENOBUFS, NULL, NULL, "faster");
	fake_events.recv_error = -EIO;
	expect_failure(-EIO);
	assert_int_equal(ims_monitor_wait(f.monitor, -1), 0);
	fake_events.recv_error = 0;
	expect(IMS_EVENT_DEVICE_SYNC);
	expect(IMS_EVENT_DEVICE_SYNC);
	expect(IMS_EVENT_SYNCED);
	expect_none();
}

/* The dump is disturbed each time; the events behind it make it good. */
static void disturbed_dump(void **state)
{
	(void)state;
	world_add_device();
	world_flush();
	assert_int_equal(ims_device_get(f.ctx, "", &(struct ims_device *){0}),
			 -EINVAL);
	start(IMS_MONITOR_SYNC);
	world.turmoil = 100;
	expect(IMS_EVENT_DEVICE_SYNC);
	/* It leaves the last failure alone. */
	assert_reason(f.ctx, -EINVAL, NULL, "name", "cannot be empty");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sync_at_start),
		TEST(sync_of_nothing),
		TEST(overrun),
		TEST(overrun_again),
		TEST(dump_fails),
		TEST(transport_fails),
		TEST(drain_fails),
		TEST(disturbed_dump),
	};

	return cmocka_run_group_tests_name("monitor, lost events", tests, NULL, NULL);
}
