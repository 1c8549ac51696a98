// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The monitor: what it tells. When events are lost: test_monitor_lost.c; when its
 * module goes and comes: test_monitor_module.c.
 */
#include "monitor_fixture.h"

#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <sys/resource.h>

static void null(void **state)
{
	struct ims_monitor *monitor = (void *)1;
	struct ims_event *event = (void *)1;
	uint32_t v32;
	uint64_t v64;

	(void)state;
	assert_int_equal(ims_monitor_new(NULL, 0, &monitor), -EINVAL);
	assert_null(monitor);
	assert_int_equal(ims_monitor_new(f.ctx, 0, NULL), -EINVAL);
	ims_monitor_free(NULL);
	assert_int_equal(ims_monitor_get_fd(NULL), -EINVAL);
	assert_false(ims_monitor_is_public(NULL));
	assert_int_equal(ims_monitor_wait(NULL, 0), -EINVAL);
	assert_int_equal(ims_monitor_read(NULL, &event), -EINVAL);
	assert_null(event);
	start(0);
	assert_int_equal(ims_monitor_read(f.monitor, NULL), -EINVAL);

	ims_event_free(NULL);
	assert_int_equal(ims_event_get_type(NULL, &v32), -EINVAL);
	assert_int_equal(ims_event_get_time(NULL, &v64), -EINVAL);
	assert_null(ims_event_get_store(NULL));
	assert_null(ims_event_get_device(NULL));
	assert_null(ims_event_get_vector(NULL));
	assert_int_equal(ims_event_get_alert_kind(NULL, &v32), -EINVAL);
	assert_int_equal(ims_event_get_alert_device_id(NULL, &v32), -EINVAL);
	assert_int_equal(ims_event_get_alert_index(NULL, &v32), -EINVAL);
	assert_int_equal(ims_event_get_alert_error(NULL, &v32), -EINVAL);
	assert_int_equal(ims_event_get_alert_rate(NULL, &v64), -EINVAL);
	assert_null(ims_event_get_alert_device_name(NULL));
	assert_null(ims_event_get_alert_parent(NULL));

	world_add_store();
	world_flush();
	event = next(IMS_EVENT_STORE_CREATE);
	assert_int_equal(ims_event_get_type(event, NULL), -EINVAL);
	assert_int_equal(ims_event_get_time(event, NULL), -EINVAL);
	assert_int_equal(ims_event_get_alert_kind(event, NULL), -EINVAL);
	assert_int_equal(ims_event_get_alert_rate(event, NULL), -EINVAL);
	ims_event_free(event);
}

static void names(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i <= IMS_EVENT_BACK; i++)
		assert_non_null(ims_event_type_name(i));
	assert_null(ims_event_type_name(i));
	assert_string_equal(ims_event_type_name(IMS_EVENT_VECTOR_CHANGE),
			    "vector-change");
	for (i = 0; i <= IMS_ALERT_KIND_STORM; i++)
		assert_non_null(ims_alert_kind_name(i));
	assert_null(ims_alert_kind_name(i));
	assert_string_equal(ims_alert_kind_name(IMS_ALERT_KIND_ENTRIES),
			    "entries");
	assert_string_equal(ims_alert_kind_name(IMS_ALERT_KIND_AFFINITY),
			    "affinity");
	assert_string_equal(ims_alert_kind_name(IMS_ALERT_KIND_STORE_FULL),
			    "store-full");
}

static void unknown_flag(void **state)
{
	(void)state;
	assert_int_equal(ims_monitor_new(f.ctx, 6, &f.monitor), -EINVAL);
	assert_reason(f.ctx, -EINVAL, NULL, NULL, "unknown flags 0x6");
	assert_int_equal(fake_kernel.opens, 0);
}

/* Who may not see cookies hears the same, without them. */
static void for_everybody(void **state)
{
	(void)state;
	fake_kernel.privileged = false;
	start(0);
	assert_true(fake_events.public);
	assert_true(ims_monitor_is_public(f.monitor));
	assert_false(fake_events.full);
	assert_null(ims_ctx_get_error(f.ctx));
	world_add_device();
	world_flush();
	expect(IMS_EVENT_DEVICE_CREATE);
}

static void with_cookies(void **state)
{
	(void)state;
	start(0);
	assert_false(fake_events.public);
	assert_false(ims_monitor_is_public(f.monitor));
}

/* Other failures than a lack of privilege are told, and lead nowhere else. */
static void join_fails(void **state)
{
	(void)state;
	fake_events.join_error = -ENOMEM;
	assert_int_equal(ims_monitor_new(f.ctx, 0, &f.monitor), -ENOMEM);
	fake_events.join_error = -EPERM;
	assert_int_equal(ims_monitor_new(f.ctx, 0, &f.monitor), -EPERM);
	fake_events.join_error = 0;
}

static void not_permitted(void **state)
{
	(void)state;
	fake_kernel.privileged = false;
	fake_events.no_public = true;
	assert_int_equal(ims_monitor_new(f.ctx, 0, &f.monitor), -EPERM);
	assert_null(f.monitor);
	assert_reason(f.ctx, -EPERM, NULL, NULL,
		      "listening to events needs CAP_SYS_ADMIN");
}

static void family_absent(void **state)
{
	(void)state;
	fake_kernel.absent = true;
	assert_int_equal(ims_monitor_new(f.ctx, 0, &f.monitor), -EOPNOTSUPP);
	assert_null(f.monitor);
	assert_reason(f.ctx, -EOPNOTSUPP, NULL, NULL, "modprobe vfio_pci_ims");
}

static void no_group(void **state)
{
	(void)state;
	fake_kernel.omit = -2;
	assert_int_equal(ims_monitor_new(f.ctx, 0, &f.monitor), -EOPNOTSUPP);
	assert_reason(f.ctx, -EOPNOTSUPP, NULL, NULL, "does not tell events");
}

static void socket_fails(void **state)
{
	struct rlimit limit, none;
	int err;

	(void)state;
	fake_kernel.open_error = -EMFILE;
	assert_int_equal(ims_monitor_new(f.ctx, 0, &f.monitor), -EMFILE);
	assert_reason(f.ctx, -EMFILE, NULL, NULL, "socket(AF_NETLINK");
	fake_kernel.open_error = 0;
	fake_events.join_error = -ENOENT;
	assert_int_equal(ims_monitor_new(f.ctx, 0, &f.monitor), -ENOENT);
	assert_reason(f.ctx, -ENOENT, NULL, NULL, "NETLINK_ADD_MEMBERSHIP");

	/* No descriptors are left for what is to be polled. */
	fake_events.join_error = 0;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	err = ims_monitor_new(f.ctx, 0, &f.monitor);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(err, -EMFILE);
	assert_reason(f.ctx, -EMFILE, NULL, NULL, "making a poll set");
}

/* The number is asked for anew, because the module may be another. */
static void module_loaded_again(void **state)
{
	struct ims_device_list *list;

	(void)state;
	assert_int_equal(ims_device_list_get(f.ctx, &list), 0);
	ims_device_list_free(list);
	fake_kernel.family++;
	start(0);
	world_add_device();
	world_flush();
	expect(IMS_EVENT_DEVICE_CREATE);
}

/* The kernel's times, whenever they are read; of dumps, when they are begun. */
static void times(void **state)
{
	struct fake_device *d;
	struct ims_event *event;
	struct nl_msg *msg;
	uint64_t time;

	(void)state;
	world_add_store();
	d = world_add_device();
	world_set_vector(d, 1, IMS_VECTOR_STATE_LIVE, 1);
	world_flush();
	fake_kernel.now = 5000;
	start(IMS_MONITOR_SYNC);
	fake_kernel.now = 6000;
	expect_at(IMS_EVENT_STORE_SYNC, 6000);
	fake_kernel.now = 7000;
	world_add_store();
	world_add_device();
	world_set_vector(d, 2, IMS_VECTOR_STATE_LIVE, 1);
	world_flush();
	fake_kernel.now = 8000;
	expect_at(IMS_EVENT_DEVICE_SYNC, 6000);
	expect_at(IMS_EVENT_VECTOR_SYNC, 6000);
	expect_at(IMS_EVENT_SYNCED, 6000);
	expect_at(IMS_EVENT_STORE_CREATE, 7001);
	expect_at(IMS_EVENT_DEVICE_CREATE, 7002);
	expect_at(IMS_EVENT_VECTOR_CREATE, 7004);

	fake_events.room = 1;
	world_remove_device(d);
	world_flush();
	world_add_device();
	world_flush();
	fake_kernel.now = 9000;
	expect_at(IMS_EVENT_OVERRUN, 9000);
	fake_kernel.now = 9500;
	expect_at(IMS_EVENT_STORE_SYNC, 9500);

	/* A kernel that does not say */
	fake_events.room = 0;
	while (!ims_monitor_read(f.monitor, &event))
		ims_event_free(event);
	msg = fake_events_begin(IMS_CMD_ALERT_NTF);
	nla_put_u32(msg, IMS_A_ALERT_KIND, IMS_ALERT_KIND_STORM);
	fake_events_end(msg);
	event = next(IMS_EVENT_ALERT);
	assert_int_equal(ims_event_get_time(event, &time), -ENODATA);
	ims_event_free(event);
}

/* The descriptor shows what there is to do without the kernel. */
static void work_shows(void **state)
{
	(void)state;
	world_add_store();
	start(IMS_MONITOR_SYNC);
	assert_true(is_ready());
	expect(IMS_EVENT_STORE_SYNC);
	assert_true(is_ready());
	expect(IMS_EVENT_SYNCED);
	assert_false(is_ready());
	/* Two events in one datagram: the second waits inside. */
	world_add_device();
	world_add_device();
	world_flush();
	assert_true(is_ready());
	expect(IMS_EVENT_STORE_CREATE);
	assert_int_equal(fake_events.waiting, 0);
	assert_true(is_ready());
	expect(IMS_EVENT_DEVICE_CREATE);
	expect(IMS_EVENT_DEVICE_CREATE);
	assert_false(is_ready());
	expect_none();
}

static void quiet(void **state)
{
	(void)state;
	world_add_device();
	world_flush();
	start(0);
	assert_false(is_ready());
	expect_none();
	assert_int_equal(ims_monitor_wait(f.monitor, 10), -ETIMEDOUT);
	/* Neither of these is a failure. */
	assert_null(ims_ctx_get_error(f.ctx));
	/* Nothing was dumped. */
	assert_int_equal(fake_kernel.requests, 0);
}

static void objects_are_whole(void **state)
{
	struct fake_device *d;
	struct ims_event *event;
	uint32_t value;
	uint64_t cookie;

	(void)state;
	start(0);
	world_add_store();
	d = world_add_device();
	world_set_vector(d, 3, IMS_VECTOR_STATE_IDLE, 0x33);
	world_set_vector(d, 3, IMS_VECTOR_STATE_LIVE, 0x34);
	world_remove_device(d);
	world_flush();
	assert_int_equal(fake_events.waiting, 1);

	event = next(IMS_EVENT_STORE_CREATE);
	assert_null(ims_event_get_device(event));
	assert_null(ims_event_get_vector(event));
	assert_string_equal(ims_store_get_name(ims_event_get_store(event)),
			    "0000:00:01.0");
	assert_int_equal(ims_event_get_alert_kind(event, &value), -ENODATA);
	assert_int_equal(ims_event_get_alert_rate(event, &cookie), -ENODATA);
	assert_null(ims_event_get_alert_parent(event));
	ims_event_free(event);

	event = next(IMS_EVENT_DEVICE_CREATE);
	assert_null(ims_event_get_store(event));
	assert_string_equal(ims_device_get_name(ims_event_get_device(event)),
			    "device-2");
	ims_event_free(event);

	expect(IMS_EVENT_VECTOR_CREATE);
	event = next(IMS_EVENT_VECTOR_CHANGE);
	assert_int_equal(ims_vector_get_state(ims_event_get_vector(event),
					      &value), 0);
	assert_int_equal(value, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(ims_vector_get_cookie(ims_event_get_vector(event),
					       &cookie), 0);
	assert_int_equal(cookie, 0x34);
	ims_event_free(event);

	event = next(IMS_EVENT_DEVICE_DELETE);
	assert_int_equal(ims_device_get_id(ims_event_get_device(event),
					   &value), 0);
	assert_int_equal(value, 2);
	ims_event_free(event);
	expect_none();
}

static void alerts(void **state)
{
	struct ims_event *event;
	struct nl_msg *msg;
	uint32_t value;
	uint64_t rate;

	(void)state;
	start(0);
	msg = fake_events_begin(IMS_CMD_ALERT_NTF);
	nla_put_u32(msg, IMS_A_ALERT_KIND, IMS_ALERT_KIND_STORE_FULL);
	nla_put_u32(msg, IMS_A_ALERT_DEVICE_ID, 4);
	nla_put_string(msg, IMS_A_ALERT_DEVICE_NAME, NAME_A);
	nla_put_string(msg, IMS_A_ALERT_PARENT, "0000:00:04.0");
	nla_put_u32(msg, IMS_A_ALERT_INDEX, 0);
	nla_put_u32(msg, IMS_A_ALERT_ERROR, ENOSPC);
	fake_events_end(msg);
	msg = fake_events_begin(IMS_CMD_ALERT_NTF);
	nla_put_u32(msg, IMS_A_ALERT_KIND, IMS_ALERT_KIND_STORM);
	nla_put_u64(msg, IMS_A_ALERT_RATE, UINT64_MAX);
	fake_events_end(msg);

	event = next(IMS_EVENT_ALERT);
	assert_int_equal(ims_event_get_alert_kind(event, &value), 0);
	assert_int_equal(value, IMS_ALERT_KIND_STORE_FULL);
	assert_int_equal(ims_event_get_alert_device_id(event, &value), 0);
	assert_int_equal(value, 4);
	assert_int_equal(ims_event_get_alert_index(event, &value), 0);
	assert_int_equal(value, 0);
	assert_int_equal(ims_event_get_alert_error(event, &value), 0);
	assert_int_equal(value, ENOSPC);
	assert_int_equal(ims_event_get_alert_rate(event, &rate), -ENODATA);
	assert_string_equal(ims_event_get_alert_device_name(event), NAME_A);
	assert_string_equal(ims_event_get_alert_parent(event), "0000:00:04.0");
	assert_null(ims_event_get_store(event));
	assert_null(ims_event_get_device(event));
	assert_null(ims_event_get_vector(event));
	ims_event_free(event);

	event = next(IMS_EVENT_ALERT);
	assert_int_equal(ims_event_get_alert_error(event, &value), -ENODATA);
	assert_int_equal(ims_event_get_alert_rate(event, &rate), 0);
	assert_true(rate == UINT64_MAX);
	ims_event_free(event);
}

/* The real layouts of device and vector, by the simulated kernel's devices. */
static void full_layouts(void **state)
{
	struct ims_event *event;
	uint64_t count;
	uint32_t slot;

	(void)state;
	fake_kernel_populate();
	start(0);
	fake_events_tell_store(IMS_CMD_STORE_CHANGE_NTF,
			       &fake_kernel.stores[1]);
	fake_events_tell(IMS_CMD_DEVICE_CHANGE_NTF, &fake_kernel.devices[0],
			 NULL);
	fake_events_tell(IMS_CMD_VECTOR_CHANGE_NTF, &fake_kernel.devices[0],
			 &fake_kernel.devices[0].vectors[3]);

	event = next(IMS_EVENT_STORE_CHANGE);
	assert_string_equal(ims_store_get_name(ims_event_get_store(event)),
			    "0000:00:04.0");
	ims_event_free(event);
	event = next(IMS_EVENT_DEVICE_CHANGE);
	assert_string_equal(ims_device_get_parent(ims_event_get_device(event)),
			    "0000:00:04.0");
	ims_event_free(event);
	event = next(IMS_EVENT_VECTOR_CHANGE);
	assert_int_equal(ims_vector_get_slot(ims_event_get_vector(event),
					     &slot), 0);
	assert_int_equal(slot, 7);
	assert_int_equal(ims_vector_get_delivered(ims_event_get_vector(event),
						  &count), 0);
	assert_true(count == UINT64_MAX);
	ims_event_free(event);
}

/* What is cut or broken is told as such, and then made good. */
static void malformed(void **state)
{
	static const uint32_t one = 1;
	struct nl_msg *msg;
	struct nlmsghdr *nlh;

	(void)state;
	start(0);

	/* Without its name. */
	msg = fake_events_begin(IMS_CMD_DEVICE_CREATE_NTF);
	nla_put_u32(msg, IMS_A_DEVICE_ID, 1);
	fake_events_end(msg);
	expect_failure(-EPROTO);
	assert_reason(f.ctx, -EPROTO, NULL, "name", "lacks the attribute");
	expect(IMS_EVENT_OVERRUN);
	expect(IMS_EVENT_SYNCED);

	/* A number of the wrong size. */
	msg = fake_events_begin(IMS_CMD_STORE_CREATE_NTF);
	nla_put_u64(msg, IMS_A_STORE_ID, 1);
	fake_events_end(msg);
	expect_failure(-EPROTO);
	expect(IMS_EVENT_OVERRUN);
	expect(IMS_EVENT_SYNCED);

	/* A message that claims to be longer than the datagram. */
	msg = fake_events_begin(IMS_CMD_ALERT_NTF);
	nla_put_u32(msg, IMS_A_ALERT_KIND, 0);
	nlh = nlmsg_hdr(msg);
	nlh->nlmsg_len += 4;
	fake_events_push(nlh, nlh->nlmsg_len - 4);
	nlmsg_free(msg);
	fake_kernel.inside--;
	expect_failure(-EPROTO);
	assert_reason(f.ctx, -EPROTO, NULL, NULL, "cut short");
	expect(IMS_EVENT_OVERRUN);
	expect(IMS_EVENT_SYNCED);

	/* Less than a header. */
	fake_events_push(&one, sizeof(one));
	expect_failure(-EPROTO);
	expect(IMS_EVENT_OVERRUN);
	expect(IMS_EVENT_SYNCED);
	expect_none();
}

/* Of others, or of a later kernel: neither an event nor a failure. */
static void foreign(void **state)
{
	struct nl_msg *msg;

	(void)state;
	start(0);
	msg = fake_events_begin(IMS_CMD_MAX + 1);
	nla_put_u32(msg, 1, 1);
	fake_events_end(msg);
	fake_events_end(fake_events_begin(0));
	fake_events_end(fake_events_begin(IMS_CMD_DEVICE_GET));
	msg = fake_events_begin(IMS_CMD_DEVICE_CREATE_NTF);
	nlmsg_hdr(msg)->nlmsg_type = fake_kernel.family + 1;
	fake_events_end(msg);
	msg = fake_events_begin(IMS_CMD_DEVICE_CREATE_NTF);
	nlmsg_hdr(msg)->nlmsg_len = NLMSG_LENGTH(0);
	fake_events_end(msg);
	world_add_device();
	world_flush();
	expect(IMS_EVENT_DEVICE_CREATE);
	expect_none();
	assert_null(ims_ctx_get_error(f.ctx));
}

static void waits(void **state)
{
	(void)state;
	start(0);
	assert_int_equal(ims_monitor_wait(f.monitor, 0), -ETIMEDOUT);
	assert_null(ims_ctx_get_error(f.ctx));
	world_add_store();
	world_add_store();
	world_flush();
	assert_int_equal(ims_monitor_wait(f.monitor, 0), 0);
	expect(IMS_EVENT_STORE_CREATE);
	/* The other half of the datagram. */
	assert_int_equal(ims_monitor_wait(f.monitor, 0), 0);
	expect(IMS_EVENT_STORE_CREATE);
	assert_int_equal(ims_monitor_wait(f.monitor, 0), -ETIMEDOUT);
	fake_events.interrupted = true;
	assert_int_equal(ims_monitor_wait(f.monitor, -1), -EINTR);
	assert_reason(f.ctx, -EINTR, NULL, NULL, "waiting for events");
	fake_events.interrupted = false;
	/* For ever; the simulated poll() says what that would come to. */
	assert_int_equal(ims_monitor_wait(f.monitor, -1), -EDEADLK);
	assert_reason(f.ctx, -EDEADLK, NULL, NULL, "waiting for events");
}

static void outlives_context(void **state)
{
	(void)state;
	start(IMS_MONITOR_SYNC);
	ims_ctx_free(f.ctx);
	f.ctx = NULL;
	world_add_device();
	world_flush();
	expect(IMS_EVENT_DEVICE_SYNC);
	expect(IMS_EVENT_SYNCED);
	expect(IMS_EVENT_DEVICE_CREATE);
}

/* Freed in the middle of everything; the sanitizers see what is left. */
static void freed_early(void **state)
{
	(void)state;
	world_add_store();
	world_add_store();
	start(IMS_MONITOR_SYNC);
	world_flush();
	expect(IMS_EVENT_STORE_SYNC);
}

/* What an event had is kept when the event is gone. */
static void copies(void **state)
{
	struct ims_device *device = NULL, *device_copy = NULL;
	struct ims_vector *vector = NULL, *again = NULL;
	struct ims_event *event, *copy;
	struct ims_store *store = NULL;
	uint32_t type, id;

	(void)state;
	world_add_store();
	world_set_vector(world_add_device(), 3, IMS_VECTOR_STATE_IDLE, 0x33);
	world_flush();
	start(IMS_MONITOR_SYNC);
	event = next(IMS_EVENT_STORE_SYNC);
	assert_int_equal(ims_store_copy(ims_event_get_store(event), &store), 0);
	assert_null(ims_event_get_device(event));
	assert_int_equal(ims_device_copy(ims_event_get_device(event), &device),
			 -EINVAL);
	assert_null(device);
	ims_event_free(event);
	event = next(IMS_EVENT_DEVICE_SYNC);
	assert_int_equal(ims_device_copy(ims_event_get_device(event), &device), 0);
	ims_event_free(event);
	event = next(IMS_EVENT_VECTOR_SYNC);
	assert_int_equal(ims_event_copy(event, &copy), 0);
	ims_event_free(event);
	assert_int_equal(ims_vector_copy(ims_event_get_vector(copy), &vector), 0);
	assert_int_equal(ims_event_get_type(copy, &type), 0);
	assert_int_equal(type, IMS_EVENT_VECTOR_SYNC);
	ims_event_free(copy);

	assert_non_null(ims_store_get_name(store));
	assert_int_equal(ims_device_get_id(device, &id), 0);
	/* Copies of copies are of their own, too. */
	assert_int_equal(ims_vector_copy(vector, &again), 0);
	assert_int_equal(ims_device_copy(device, &device_copy), 0);
	ims_vector_free(vector);
	ims_device_free(device);
	assert_int_equal(ims_vector_get_device_id(again, &type), 0);
	assert_int_equal(type, id);
	assert_non_null(ims_device_get_name(device_copy));
	ims_vector_free(again);
	ims_device_free(device_copy);

	assert_int_equal(ims_store_copy(store, NULL), -EINVAL);
	ims_store_free(store);
	assert_int_equal(ims_store_copy(NULL, &store), -EINVAL);
	assert_null(store);
	assert_int_equal(ims_device_copy(NULL, &device), -EINVAL);
	assert_int_equal(ims_vector_copy(NULL, &vector), -EINVAL);
	assert_int_equal(ims_event_copy(NULL, &event), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(null),
		TEST(names),
		TEST(unknown_flag),
		TEST(for_everybody),
		TEST(with_cookies),
		TEST(join_fails),
		TEST(times),
		TEST(not_permitted),
		TEST(family_absent),
		TEST(no_group),
		TEST(socket_fails),
		TEST(module_loaded_again),
		TEST(work_shows),
		TEST(quiet),
		TEST(objects_are_whole),
		TEST(alerts),
		TEST(full_layouts),
		TEST(malformed),
		TEST(foreign),
		TEST(waits),
		TEST(copies),
		TEST(outlives_context),
		TEST(freed_early),
	};

	return cmocka_run_group_tests_name("monitor", tests, NULL, NULL);
}
