// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The monitor when its module is unloaded and loaded again.
 */
#include "monitor_fixture.h"

static void module_goes_and_comes(void **state)
{
	unsigned int loads;
	int fd;

	(void)state;
	world_add_store();
	start(0);
	fd = ims_monitor_get_fd(f.monitor);
	loads = fake_kernel.loads;
	world_unload();
	assert_int_equal(ims_monitor_wait(f.monitor, -1), 0);
	expect(IMS_EVENT_GONE);
	expect_none();
	assert_int_equal(ims_monitor_wait(f.monitor, 0), -ETIMEDOUT);

	world_load(true);
	world_add_store();
	world_add_device();
	expect(IMS_EVENT_BACK);
	assert_true(fake_events.joined);
	expect(IMS_EVENT_STORE_SYNC);
	expect(IMS_EVENT_DEVICE_SYNC);
	expect(IMS_EVENT_SYNCED);
	world_flush();
	expect(IMS_EVENT_STORE_CREATE);
	expect(IMS_EVENT_DEVICE_CREATE);
	expect_none();
	/* A poll loop goes on with what it has. */
	assert_int_equal(ims_monitor_get_fd(f.monitor), fd);
	/* The kernel was not made to load it. */
	assert_int_equal(fake_kernel.loads, loads);
}

/* The reader sleeps from before one reload until after the third. */
static void module_reloaded_often(void **state)
{
	struct fake_device *d;

	(void)state;
	world_add_device();
	start(IMS_MONITOR_SYNC);
	expect(IMS_EVENT_DEVICE_SYNC);
	expect(IMS_EVENT_SYNCED);
	world_unload();
	world_load(true);
	world_add_store();
	world_unload();
	world_load(true);
	world_unload();
	world_load(true);
	d = world_add_device();
	world_set_vector(d, 1, IMS_VECTOR_STATE_IDLE, 7);
	expect(IMS_EVENT_GONE);
	expect(IMS_EVENT_BACK);
	expect(IMS_EVENT_DEVICE_SYNC);
	expect(IMS_EVENT_VECTOR_SYNC);
	expect(IMS_EVENT_SYNCED);
	expect_none();
	world_set_vector(d, 1, IMS_VECTOR_STATE_LIVE, 7);
	world_flush();
	expect(IMS_EVENT_DEVICE_CREATE);
	expect(IMS_EVENT_VECTOR_CREATE);
	expect(IMS_EVENT_VECTOR_CHANGE);
}

/* What the controller told is lost in an overrun, too. */
static void reload_lost(bool renumbered, bool left)
{
	struct fake_device *d;
	unsigned int i, loads;

	start(0);
	loads = fake_kernel.loads;
	fake_events.room = 2;
	d = world_add_device();
	for (i = 0; i < 4; i++) {
		world_set_vector(d, 0, IMS_VECTOR_STATE_LIVE, i);
		world_flush();
	}
	world_unload();
	if (!left) {
		world_load(renumbered);
		world_add_store();
	}
	assert_int_equal(fake_events.lost, left ? 3 : 4);
	expect(IMS_EVENT_OVERRUN);
	if (renumbered || left)
		expect(IMS_EVENT_GONE);
	if (left) {
		expect_none();
		world_load(true);
		world_add_store();
	}
	if (renumbered || left)
		expect(IMS_EVENT_BACK);
	expect(IMS_EVENT_STORE_SYNC);
	expect(IMS_EVENT_SYNCED);
	world_flush();
	expect(IMS_EVENT_STORE_CREATE);
	expect_none();
	assert_int_equal(fake_kernel.loads, loads);
}

/* A reload with the same number, in what the socket has no room for. */
static void reload_unheard(void)
{
	fake_events.room = 1;
	world_add_store();
	world_flush();
	world_unload();
	world_load(false);
	world_add_store();
	fake_events.room = 0;
	assert_int_equal(fake_events.lost, 2);
}

static void reload_lost_renumbered(void **state)
{
	(void)state;
	reload_lost(true, false);
}

static void reload_lost_same_number(void **state)
{
	(void)state;
	reload_lost(false, false);
}

static void unload_lost(void **state)
{
	(void)state;
	reload_lost(false, true);
}

static void (*world_answer)(const struct nlmsghdr *request);

/* The module goes when it is asked for the state. */
static void unload_and_refuse(const struct nlmsghdr *request)
{
	fake_kernel.answer = world_answer;
	world_unload();
	fake_kernel_end(request, NLMSG_ERROR, -ENOENT, NULL, 0, 0);
}

/* That is no failure, but what is told. */
static void gone_under_the_dump(void **state)
{
	unsigned int loads;

	(void)state;
	world_add_store();
	start(IMS_MONITOR_SYNC);
	loads = fake_kernel.loads;
	world_answer = fake_kernel.answer;
	fake_kernel.answer = unload_and_refuse;
	expect(IMS_EVENT_GONE);
	expect_none();
	assert_int_equal(fake_kernel.loads, loads);
	assert_null(ims_ctx_get_error(f.ctx));
	world_load(true);
	world_add_store();
	expect(IMS_EVENT_BACK);
	expect(IMS_EVENT_STORE_SYNC);
	expect(IMS_EVENT_SYNCED);
}

/* The family is there for a moment more, and refuses dumps: the same. */
static void going_under_the_dump(void **state)
{
	(void)state;
	world_add_store();
	start(IMS_MONITOR_SYNC);
	fake_kernel.unloading = true;
	expect(IMS_EVENT_GONE);
	expect_none();
	assert_false(is_ready());
	assert_null(ims_ctx_get_error(f.ctx));
	world_unload();
	expect_none();
	world_load(false);
	world_add_store();
	expect(IMS_EVENT_BACK);
	expect(IMS_EVENT_STORE_SYNC);
	expect(IMS_EVENT_SYNCED);
}

/* A group that is not there, though its family is. */
static void group_is_missing(void **state)
{
	struct ims_event *event;

	(void)state;
	start(0);
	world_unload();
	expect(IMS_EVENT_GONE);
	fake_events.join_error = -ENOENT;
	world_load(true);
	assert_int_equal(ims_monitor_read(f.monitor, &event), -ENOENT);
	assert_reason(f.ctx, -ENOENT, NULL, NULL, "NETLINK_ADD_MEMBERSHIP");
	fake_events.join_error = 0;
	expect(IMS_EVENT_BACK);
	expect(IMS_EVENT_SYNCED);
}

static bool has_cookie(const struct ims_event *event)
{
	uint64_t cookie;

	return !ims_device_get_default_cookie(ims_event_get_device(event), &cookie);
}

/* What is not permitted any more: others are told of it, too, but for cookies. */
static void not_permitted_again(void **state)
{
	(void)state;
	start(0);
	assert_false(ims_monitor_is_public(f.monitor));
	fake_kernel.privileged = false;
	world_unload();
	world_load(true);
	expect(IMS_EVENT_GONE);
	expect(IMS_EVENT_BACK);
	assert_true(ims_monitor_is_public(f.monitor));
	assert_true(fake_events.public && !fake_events.full);
	assert_null(ims_ctx_get_error(f.ctx));
	/* Gone before the state was asked for. */
	world_unload();
	expect(IMS_EVENT_GONE);
	expect_none();
	assert_false(is_ready());
	/* As the dumps have cookies, when it is permitted again. */
	fake_kernel.privileged = true;
	world_load(true);
	expect(IMS_EVENT_BACK);
	expect(IMS_EVENT_SYNCED);
	assert_false(ims_monitor_is_public(f.monitor));
	assert_true(fake_events.full && !fake_events.public);
}

/* The next event is of a device, with a cookie or without. */
static void expect_device(uint32_t type, bool cookie)
{
	struct ims_event *event = next(type);

	assert_int_equal(has_cookie(event), cookie);
	ims_event_free(event);
}

static void lose_events(void)
{
	fake_events.room = 1;
	world_add_device();
	world_flush();
	world_add_device();
	world_flush();
	fake_events.room = 0;
}

/*
 * Whoever gives the privilege up gets events with cookies until the state is told
 * anew, and then neither the state nor an event has one.
 */
/* The process has left the family's network namespace: an error, and no GONE. */
static void elsewhere_at_a_resync(void **state)
{
	(void)state;
	start(0);
	fake_kernel.elsewhere = fake_kernel.absent = true;
	lose_events();
	expect(IMS_EVENT_OVERRUN);
	expect_failure(-EOPNOTSUPP);
	assert_non_null(strstr(ims_error_get_message(ims_ctx_get_error(f.ctx)),
			       "network namespace"));
	assert_true(is_ready());
	fake_kernel.elsewhere = fake_kernel.absent = false;
	expect(IMS_EVENT_DEVICE_SYNC);
	expect(IMS_EVENT_DEVICE_SYNC);
	expect(IMS_EVENT_SYNCED);
}

static void given_up_before_an_overrun(void **state)
{
	(void)state;
	start(0);
	fake_kernel.privileged = false;
	world_add_device();
	world_flush();
	expect_device(IMS_EVENT_DEVICE_CREATE, true);
	assert_false(ims_monitor_is_public(f.monitor));
	lose_events();
	expect(IMS_EVENT_OVERRUN);
	expect_device(IMS_EVENT_DEVICE_SYNC, false);
	expect_device(IMS_EVENT_DEVICE_SYNC, false);
	expect_device(IMS_EVENT_DEVICE_SYNC, false);
	expect(IMS_EVENT_SYNCED);
	assert_true(ims_monitor_is_public(f.monitor));
	assert_true(fake_events.public && !fake_events.full);
	assert_null(ims_ctx_get_error(f.ctx));
	world_add_device();
	world_flush();
	expect_device(IMS_EVENT_DEVICE_CREATE, false);
	expect_none();
}

/* What was sent with cookies before the group was left does not follow the state. */
static void given_up_before_the_first_read(void **state)
{
	(void)state;
	start(IMS_MONITOR_SYNC);
	world_add_device();
	world_flush();
	fake_kernel.privileged = false;
	expect_device(IMS_EVENT_DEVICE_SYNC, false);
	expect(IMS_EVENT_SYNCED);
	assert_true(ims_monitor_is_public(f.monitor));
	expect_none();
}

/* Whoever gets it back has cookies in both, though the socket is from before that. */
static void got_back_before_an_overrun(void **state)
{
	(void)state;
	fake_kernel.privileged = false;
	start(0);
	fake_kernel.privileged = true;
	lose_events();
	expect(IMS_EVENT_OVERRUN);
	expect_device(IMS_EVENT_DEVICE_SYNC, true);
	expect_device(IMS_EVENT_DEVICE_SYNC, true);
	expect(IMS_EVENT_SYNCED);
	assert_false(ims_monitor_is_public(f.monitor));
	assert_true(fake_events.full && !fake_events.public);
}

/* A family that came and went while the reader slept: the group stays, as the state. */
static void given_up_before_an_old_reload(void **state)
{
	uint16_t family;

	(void)state;
	start(0);
	family = fake_kernel.family;
	world_unload();
	world_load(true);
	world_unload();
	expect(IMS_EVENT_GONE);
	/* It is back under the old number when the word of the other one is read. */
	fake_kernel.absent = false;
	fake_kernel.family = family;
	expect(IMS_EVENT_BACK);
	expect(IMS_EVENT_SYNCED);
	fake_events_load(family + 1);
	fake_kernel.family = family;
	fake_kernel.privileged = false;
	expect_none();
	assert_false(ims_monitor_is_public(f.monitor));
	assert_true(fake_events.full && !fake_events.public);
}

/*
 * Who has given the privilege up loses a reload with the events around it, and the
 * family has its old number: the membership ended all the same.
 */
static void not_permitted_in_a_lost_reload(void **state)
{
	(void)state;
	start(0);
	fake_kernel.privileged = false;
	reload_unheard();
	expect(IMS_EVENT_OVERRUN);
	expect(IMS_EVENT_STORE_SYNC);
	expect(IMS_EVENT_SYNCED);
	assert_true(ims_monitor_is_public(f.monitor));
	assert_true(fake_events.joined && fake_events.public);
	assert_null(ims_ctx_get_error(f.ctx));
	world_add_store();
	world_flush();
	expect(IMS_EVENT_STORE_CREATE);
	expect_none();
}

/* A group that cannot be left: that is told, too. */
static void group_is_not_left(void **state)
{
	struct ims_event *event;

	(void)state;
	start(0);
	reload_unheard();
	fake_events.leave_error = -ENOMEM;
	expect(IMS_EVENT_OVERRUN);
	assert_int_equal(ims_monitor_read(f.monitor, &event), -ENOMEM);
	assert_reason(f.ctx, -ENOMEM, NULL, NULL, "NETLINK_DROP_MEMBERSHIP");
	assert_true(is_ready());
	fake_events.leave_error = 0;
	expect(IMS_EVENT_STORE_SYNC);
	expect(IMS_EVENT_SYNCED);
	assert_true(fake_events.joined);
}

/* As there is no group for everybody, each read says so, until it is permitted. */
static void deaf_after_a_lost_reload(void **state)
{
	struct ims_event *event;
	unsigned int i;

	(void)state;
	fake_events.no_public = true;
	start(0);
	fake_kernel.privileged = false;
	reload_unheard();
	expect(IMS_EVENT_OVERRUN);
	for (i = 0; i < 2; i++) {
		assert_int_equal(ims_monitor_read(f.monitor, &event), -EPERM);
		assert_reason(f.ctx, -EPERM, NULL, NULL,
			      "listening to events needs CAP_SYS_ADMIN");
		assert_true(is_ready());
	}
	fake_kernel.privileged = true;
	expect(IMS_EVENT_STORE_SYNC);
	expect(IMS_EVENT_SYNCED);
	assert_true(fake_events.joined);
	assert_false(ims_monitor_is_public(f.monitor));
}

/* A module without a group for everybody: that is told, and tried again. */
static void not_joined_again(void **state)
{
	struct ims_event *event;

	(void)state;
	fake_events.no_public = true;
	start(0);
	world_unload();
	world_load(true);
	expect(IMS_EVENT_GONE);
	fake_kernel.privileged = false;
	assert_int_equal(ims_monitor_read(f.monitor, &event), -EPERM);
	assert_reason(f.ctx, -EPERM, NULL, NULL,
		      "listening to events needs CAP_SYS_ADMIN");
	assert_true(is_ready());
	assert_int_equal(ims_monitor_read(f.monitor, &event), -EPERM);
	fake_kernel.privileged = true;
	expect(IMS_EVENT_BACK);
	expect(IMS_EVENT_SYNCED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(module_goes_and_comes),
		TEST(module_reloaded_often),
		TEST(reload_lost_renumbered),
		TEST(reload_lost_same_number),
		TEST(unload_lost),
		TEST(gone_under_the_dump),
		TEST(elsewhere_at_a_resync),
		TEST(going_under_the_dump),
		TEST(group_is_missing),
		TEST(not_permitted_again),
		TEST(given_up_before_an_overrun),
		TEST(given_up_before_the_first_read),
		TEST(got_back_before_an_overrun),
		TEST(given_up_before_an_old_reload),
		TEST(not_permitted_in_a_lost_reload),
		TEST(group_is_not_left),
		TEST(deaf_after_a_lost_reload),
		TEST(not_joined_again),
	};

	return cmocka_run_group_tests_name("monitor, module", tests, NULL, NULL);
}
