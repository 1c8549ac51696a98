// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the control plane is told: events of vectors and devices, alerts, storms.
 */
#include "rules.h"
#include "storm.h"

static void told(unsigned int i, int kind, enum ims_event event, u32 vector)
{
	const struct env_event *t = env_event(i);

	assert_non_null(t);
	assert_int_equal(t->kind, kind);
	assert_int_equal(t->event, event);
	assert_int_equal(t->vector, vector);
}

static void life_is_told(void **state)
{
	(void)state;
	env_events_forget();
	assert_int_equal(env_open(&e, 1, 4), 0);
	told(0, ENV_DEVICE, IMS_EVENT_CREATE, 0);
	assert_int_equal(env_bind1(&e, 1, 2, 0), 0);
	told(1, ENV_VECTOR, IMS_EVENT_CREATE, 2);
	assert_true(env_event(1)->live);
	assert_true(env_event(1)->slot >= 0);
	assert_int_equal(env_bind1(&e, 1, 2, -1), 0);
	told(2, ENV_VECTOR, IMS_EVENT_CHANGE, 2);
	assert_false(env_event(2)->live);
	assert_int_equal(env_event(2)->slot, -1);
	assert_int_equal(env_bind1(&e, 1, 2, 1), 0);
	told(3, ENV_VECTOR, IMS_EVENT_CHANGE, 2);
	/* A trigger that replaces another changes no state. */
	assert_int_equal(env_bind1(&e, 1, 2, 2), 0);
	assert_int_equal(env_events_count(), 4);
	assert_int_equal(env_irqs(&e, 1, MASK | NONE, 2, 1, NULL), 0);
	assert_int_equal(env_events_count(), 4);
	/* The end of a device stands for all of it. */
	env_close(&e, 1);
	told(4, ENV_DEVICE, IMS_EVENT_DELETE, 0);
	assert_int_equal(env_events_count(), 5);
}

static void unbind(void)
{
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
}

static void disable(void)
{
	assert_int_equal(env_disable(&e, 0), 0);
}

static void destroy(void)
{
	ims_store_destroy(e.store);
	e.store = NULL;
}

/* What a vector has counted is told along with it, also when its slot goes. */
static void counts_are_told(void **state)
{
	void (*const ends[])(void) = { unbind, disable, destroy };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		rules_live(0, 1);
		assert_true(env_fire_vector(&e, 0, 0));
		env_events_forget();
		ends[i]();
		told(0, ENV_VECTOR, IMS_EVENT_CHANGE, 0);
		assert_false(env_event(0)->live);
		assert_int_equal(env_event(0)->slot, -1);
		assert_int_equal(env_event(0)->delivered, i + 1);
	}
}

/* By what ends all of them, only those are told that were live. */
static void disable_tells_the_live(void **state)
{
	(void)state;
	rules_live(0, 4);
	assert_int_equal(env_bind1(&e, 0, 1, -1), 0);
	env_events_forget();
	disable();
	told(0, ENV_VECTOR, IMS_EVENT_CHANGE, 0);
	told(1, ENV_VECTOR, IMS_EVENT_CHANGE, 2);
	told(2, ENV_VECTOR, IMS_EVENT_CHANGE, 3);
	assert_int_equal(env_events_count(), 3);
}

static void configuration_is_told(void **state)
{
	(void)state;
	rules_live(0, 1);
	env_events_forget();
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 5, NEXT), 0);
	told(0, ENV_VECTOR, IMS_EVENT_CHANGE, 0);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 3, 5, NEXT), 0);
	told(1, ENV_VECTOR, IMS_EVENT_CREATE, 3);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 3, 2), 0);
	told(2, ENV_VECTOR, IMS_EVENT_CHANGE, 3);
	told(3, ENV_VECTOR, IMS_EVENT_CREATE, 4);
	/* Repeated: nothing changes. */
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 3, 2), 0);
	assert_int_equal(env_events_count(), 4);
	assert_int_equal(vfio_pci_ims_clear_emulated(&e.ims[0], 3, 1), 0);
	told(4, ENV_VECTOR, IMS_EVENT_CHANGE, 3);
	assert_int_equal(rules_affinity(0, 0x1), 0);
	told(5, ENV_VECTOR, IMS_EVENT_CHANGE, 0);
	assert_int_equal(rules_affinity(6, 0x1), 0);
	told(6, ENV_VECTOR, IMS_EVENT_CREATE, 6);
	rules_reset(0, 1);
	told(7, ENV_VECTOR, IMS_EVENT_CHANGE, 0);
	/* Of those that use the default cookie, which the emulated one does not. */
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], 7), 0);
	told(8, ENV_DEVICE, IMS_EVENT_CHANGE, 0);
	told(9, ENV_VECTOR, IMS_EVENT_CHANGE, 3);
	told(10, ENV_VECTOR, IMS_EVENT_CHANGE, 6);
	assert_int_equal(env_events_count(), 11);
}

static void failures_tell_nothing_but_alerts(void **state)
{
	static const s32 fds[] = { 0, 1, 2, 3 };

	(void)state;
	assert_int_equal(env_set_limits(&e, 0, 2, 0), 0);
	env_events_forget();
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), -ENOSPC);
	assert_int_equal(env_events_count(), 1);
	told(0, ENV_ALERT, 0, 2);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_DEVICE_LIMIT);
	assert_int_equal(env_event(0)->error, -ENOSPC);

	/* Not by its own limit: the others have it all. */
	assert_int_equal(env_set_limits(&e, 0, 0, 0), 0);
	assert_int_equal(env_open_limits(&e, 1, 8, 0, 7), 0);
	env_events_forget();
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), -ENOSPC);
	told(0, ENV_ALERT, 0, 1);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_STORE_FULL);

	env_events_forget();
	shim_fail_at(SHIM_FAIL_REQUEST, 1);
	assert_int_equal(env_bind1(&e, 0, 5, 0), -ENOSPC);
	told(0, ENV_ALERT, 0, 5);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_CPU_VECTORS);

	env_events_forget();
	env_settle();
	shim_jiffies += HZ;
	rules_no_entries();
	assert_int_equal(env_bind1(&e, 0, 5, 0), -ENOSPC);
	told(0, ENV_ALERT, 0, 5);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_ENTRIES);

	/* What is the owner's own mistake is no alert. */
	env_events_forget();
	assert_int_equal(env_bind1(&e, 0, 5, BAD_FD), -EBADF);
	assert_int_equal(env_events_count(), 0);
}

static void a_cookie_without_room_is_an_alert(void **state)
{
	(void)state;
	assert_int_equal(env_set_limits(&e, 0, 1, 0), 0);
	rules_live(0, 1);
	env_events_forget();
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 5, NOW), -ENOSPC);
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_DEVICE_LIMIT);
	env_events_forget();
	shim_fail_at(SHIM_FAIL_ALLOC, 1);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 5, NOW), -ENOMEM);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_NO_MEMORY);
}

static void the_parent_s_end_is_told(void **state)
{
	(void)state;
	rules_live(0, 2);
	env_events_forget();
	ims_store_destroy(e.store);
	e.store = NULL;
	told(0, ENV_VECTOR, IMS_EVENT_CHANGE, 0);
	told(1, ENV_VECTOR, IMS_EVENT_CHANGE, 1);
	told(2, ENV_DEVICE, IMS_EVENT_CHANGE, 0);
	assert_int_equal(env_events_count(), 3);
	assert_int_equal(env_event(2)->kind, ENV_DEVICE);
}

static void poll(u64 limit, u64 ms)
{
	struct ims_vdev *vdev = ims_vdev_get(&e.ims[0]);

	ims_storms_poll_device(vdev, limit, ms);
	ims_vdev_put(vdev);
}

static void storms_are_told_when_they_begin(void **state)
{
	int i;

	(void)state;
	rules_live(0, 2);
	poll(100, 1000);
	env_events_forget();
	for (i = 0; i < 60; i++)
		assert_true(env_fire_vector(&e, 0, 0));
	poll(100, 500);	/* 120 a second */
	assert_int_equal(env_events_count(), 1);
	told(0, ENV_ALERT, 0, 0);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_STORM);
	assert_int_equal(env_event(0)->rate, 120);
	/* It goes on: told once. */
	for (i = 0; i < 60; i++)
		assert_true(env_fire_vector(&e, 0, 0));
	poll(100, 500);
	assert_int_equal(env_events_count(), 1);
	/* It ends, and begins again, in spite of a reset between. */
	poll(100, 500);
	rules_reset(0, 1);
	env_events_forget();
	for (i = 0; i < 101; i++)
		assert_true(env_fire_vector(&e, 0, 0));
	poll(100, 1000);
	assert_int_equal(env_events_count(), 1);
	/* Never, when there is no limit. */
	poll(0, 1000);
	for (i = 0; i < 1000; i++)
		assert_true(env_fire_vector(&e, 0, 1));
	env_events_forget();
	poll(0, 0);
	assert_int_equal(env_events_count(), 0);
}

/* Nobody waits for vdev->lock: what cannot be told now is told at the next look. */
static void storms_wait_for_the_lock(void **state)
{
	struct ims_vdev *vdev;
	int i;

	(void)state;
	rules_live(0, 2);
	poll(100, 1000);
	for (i = 0; i < 150; i++)
		assert_true(env_fire_vector(&e, 0, 1));
	env_events_forget();
	vdev = rules_lock_vdev();
	ims_storms_poll_device(vdev, 100, 1000);
	assert_int_equal(env_events_count(), 0);
	rules_unlock_vdev(vdev);
	/* Also when it is over by then, and once */
	poll(100, 1000);
	assert_int_equal(env_events_count(), 1);
	told(0, ENV_ALERT, 0, 1);
	assert_int_equal(env_event(0)->rate, 150);
	poll(100, 1000);
	assert_int_equal(env_events_count(), 1);
}

/* A slot that goes takes counts along, which are the vector's: no storm in that. */
static bool polling;

static void poll_meanwhile(void)
{
	struct ims_vdev *vdev;

	/* It takes and releases locks of its own, and may sleep. */
	if (polling || shim_ctx()->rcu)
		return;
	polling = true;
	vdev = ims_vdev_get(&e.ims[0]);
	ims_storms_poll_device(vdev, 1000, 1000);
	ims_vdev_put(vdev);
	polling = false;
}

static void slots_that_go_are_no_storms(void **state)
{
	int i;

	(void)state;
	rules_live(0, 2);
	for (i = 0; i < 50; i++)
		assert_true(env_fire_vector(&e, 0, 0));
	poll(1000, 1000);
	env_events_forget();
	shim_hook = poll_meanwhile;
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 5, NOW), 0);
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	shim_hook = NULL;
	for (i = 0; i < (int)env_events_count(); i++)
		assert_int_not_equal(env_event((unsigned int)i)->kind, ENV_ALERT);
}

/* Whatever becomes of them: signalled, kept by a mask, or dropped. */
static void storms_are_of_all_kinds(void **state)
{
	int i;

	(void)state;
	rules_emulated_live(0, 2);
	rules_live(2, 2);
	assert_int_equal(env_bind1(&e, 0, 1, -1), 0);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 2, 1, NULL), 0);
	poll(100, 1000);
	env_events_forget();
	for (i = 0; i < 101; i++) {
		vfio_pci_ims_send_signal(&e.ims[0], 0);
		vfio_pci_ims_send_signal(&e.ims[0], 1);
		env_fire_vector(&e, 0, 2);
		/* Not by its owner, who may do that as he likes. */
		rules_loopback(3, 1);
	}
	poll(100, 1000);
	assert_int_equal(env_events_count(), 3);
	for (i = 0; i < 3; i++) {
		told((unsigned int)i, ENV_ALERT, 0, (u32)i);
		assert_int_equal(env_event((unsigned int)i)->rate, 101);
	}
}

/* Without a control plane everything works the same. */
static void nobody_listens(void **state)
{
	(void)state;
	ims_listen(NULL);
	env_events_forget();
	rules_live(0, 2);
	assert_int_equal(env_open(&e, 1, 4), 0);
	assert_int_equal(env_set_limits(&e, 0, 2, 0), 0);
	assert_int_equal(env_bind1(&e, 0, 2, 2), -ENOSPC);
	env_close(&e, 1);
	/* Nor are storms looked for. */
	assert_true(env_fire_vector(&e, 0, 0));
	assert_true(shim_delayed_work_run());
	assert_int_equal(WITH_VDEV(ims_vector_get(vdev, 0)->seen), 0);
	assert_int_equal(env_events_count(), 0);
	ims_listen(&env_listener);
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(env_events_count(), 2);
}

extern uint *shim_param_storm_rate(void);

static void fire(u32 vector, int times)
{
	while (times--)
		assert_true(env_fire_vector(&e, 0, vector));
}

/* Vectors are not looked at while nobody listens. */
static void storms_are_for_listeners(void **state)
{
	uint rate = *shim_param_storm_rate();
	struct ims_vdev *vdev = ims_vdev_get(&e.ims[0]);
	struct ims_vector *vector;
	unsigned int i;

	(void)state;
	*shim_param_storm_rate() = 100;
	rules_live(0, 1);
	vector = WITH_VDEV(ims_vector_get(vdev, 0));
	assert_true(shim_delayed_work_run());
	fire(0, 300);
	env_events_forget();
	env_events_unwanted = true;
	shim_jiffies += HZ;
	assert_true(shim_delayed_work_run());
	assert_int_equal(env_events_count(), 0);
	assert_int_equal(vector->seen, 0);

	/* They come: what was before them is none of theirs. */
	env_events_unwanted = false;
	shim_jiffies += HZ;
	assert_true(shim_delayed_work_run());
	assert_int_equal(env_events_count(), 0);
	assert_int_equal(vector->seen, 300);
	shim_jiffies += HZ;
	fire(0, 101);
	assert_true(shim_delayed_work_run());
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->rate, 101);

	/* They go, others come: a storm that goes on is told these, too. */
	env_events_unwanted = true;
	shim_jiffies += HZ;
	fire(0, 101);
	assert_true(shim_delayed_work_run());
	env_events_unwanted = false;
	shim_jiffies += HZ;
	fire(0, 101);
	assert_true(shim_delayed_work_run());
	assert_int_equal(env_events_count(), 1);
	shim_jiffies += HZ;
	fire(0, 101);
	assert_true(shim_delayed_work_run());
	assert_int_equal(env_events_count(), 2);

	/* Also when the first look comes soon after boot */
	env_events_unwanted = true;
	assert_true(shim_delayed_work_run());
	env_events_unwanted = false;
	rules_live(1, 1);
	shim_jiffies = 2 * HZ;
	fire(1, 300);
	assert_true(shim_delayed_work_run());
	for (i = 2; i < env_events_count(); i++)
		assert_int_not_equal(env_event(i)->kind, ENV_ALERT);
	*shim_param_storm_rate() = rate;
	ims_vdev_put(vdev);
}

/* Looked for once a second as long as a device is open. */
static void storms_are_looked_for(void **state)
{
	uint rate = *shim_param_storm_rate();

	(void)state;
	ims_storms_end();
	env_close(&e, 0);
	/* The store's figures are told. */
	shim_delayed_work_run();
	assert_int_equal(shim_delayed_work_run(), 0);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	*shim_param_storm_rate() = 100;
	rules_live(0, 1);
	shim_jiffies += 1000 * HZ;
	/* Long after the last time nobody knows in which time they came. */
	fire(0, 300);
	env_events_forget();
	assert_true(shim_delayed_work_run());
	assert_int_equal(env_events_count(), 0);
	shim_jiffies += HZ;
	fire(0, 101);
	assert_true(shim_delayed_work_run());
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_STORM);
	assert_int_equal(env_event(0)->rate, 101);
	/* It ends by itself. */
	env_close(&e, 0);
	/* The last poll, the store's figures, and entries that it has given up. */
	assert_int_equal(shim_delayed_work_run(), 3);
	assert_false(shim_delayed_work_run());
	*shim_param_storm_rate() = rate;
}

RULES(rules_events,
	rule("events: a life", life_is_told),
	rule("events: a vector that ends has its counts", counts_are_told),
	rule("events: disabling tells of those that were live", disable_tells_the_live),
	rule("events: configuration", configuration_is_told),
	rule("events: ENOSPC says which, and nothing else is told", failures_tell_nothing_but_alerts),
	rule("events: a cookie without room is an alert", a_cookie_without_room_is_an_alert),
	rule("events: the parent's end", the_parent_s_end_is_told),
	rule("events: storms, when they begin", storms_are_told_when_they_begin),
	rule("events: nobody need listen", nobody_listens),
	rule("events: storms are looked for as long as a device is open", storms_are_looked_for),
	rule("events: storms, told at the next look when the device is busy", storms_wait_for_the_lock),
	rule("events: storms, none in counts of slots that go", slots_that_go_are_no_storms),
	rule("events: storms are looked for while somebody listens", storms_are_for_listeners),
	rule("events: storms, of signals, masked and dropped ones, too", storms_are_of_all_kinds))
