// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Figures of devices and stores that change along with their vectors: listeners are
 * told some time later, of all changes at once, and of the last one always. That they
 * are told everything, rules_teardown() finds out after each test of all.
 */
#include <linux/notifier.h>

#include "rules.h"
#include "storm.h"

static unsigned int store_events;
/* When listeners are told of a store */
static void (*meanwhile)(void);

static int on_store(struct notifier_block *nb, unsigned long event, void *data)
{
	void (*call)(void) = meanwhile;

	(void)nb;
	(void)event;
	(void)data;
	store_events++;
	meanwhile = NULL;
	if (call)
		call();
	return NOTIFY_DONE;
}

static struct notifier_block listener = { .notifier_call = on_store };

/* From here on only what the test does is told. */
static void begin(void)
{
	env_table_wrong();
	ims_storms_end();
	assert_int_equal(shim_delayed_work_run(), 0);
	env_events_forget();
	store_events = 0;
	meanwhile = NULL;
	assert_int_equal(ims_store_register_notifier(&listener), 0);
}

static void end(void)
{
	ims_store_unregister_notifier(&listener);
}

static void told(unsigned int devices, unsigned int stores)
{
	assert_int_equal(env_events_of_figures(), devices);
	assert_int_equal(store_events, stores);
}

static void many_changes_are_one(void **state)
{
	int i;

	(void)state;
	begin();
	for (i = 0; i < 100; i++) {
		rules_live(0, 4);
		assert_int_equal(env_disable(&e, 0), 0);
	}
	rules_live(0, 3);
	told(0, 0);
	assert_non_null(env_table_differs());
	/* One of the device, one of the store, one that gives idle entries up. */
	assert_int_equal(shim_delayed_work_run(), 3);
	told(1, 1);
	assert_null(env_table_differs());
	end();
}

/* Nothing is queued for who does not change: what masks and signals do is none. */
static void the_quiet_cost_nothing(void **state)
{
	(void)state;
	rules_live(0, 2);
	begin();
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), 0);
	assert_int_equal(env_irqs(&e, 0, UNMASK | NONE, 0, 1, NULL), 0);
	assert_true(env_fire_vector(&e, 0, 0));
	rules_loopback(0, 2);
	/* Another trigger, which is what QEMU does at each mask. */
	assert_int_equal(env_bind1(&e, 0, 0, 5), 0);
	assert_int_equal(shim_delayed_work_run(), 0);
	told(0, 0);
	end();
}

static void change_again(void)
{
	assert_int_equal(env_bind1(&e, 0, 1, 1), 0);
}

/* A change that comes while listeners are told is told by the next. */
static void the_last_change_is_told(void **state)
{
	(void)state;
	begin();
	rules_live(0, 1);
	meanwhile = change_again;
	shim_delayed_work_run();
	assert_null(meanwhile);
	assert_non_null(env_table_differs());
	shim_delayed_work_run();
	assert_null(env_table_differs());
	told(1, 2);
	end();
}

/* Nobody who binds vectors waits for it, and it waits for nobody. */
static void the_lock_is_not_waited_for(void **state)
{
	struct ims_vdev *vdev;

	(void)state;
	begin();
	rules_live(0, 1);
	vdev = rules_lock_vdev();
	assert_int_equal(shim_delayed_work_run(), 2);
	told(1, 1);
	rules_unlock_vdev(vdev);
	end();
}

/* Of a device that ends its end is the last that is told. */
static void nothing_follows_the_end(void **state)
{
	(void)state;
	begin();
	rules_live(0, 2);
	env_close(&e, 0);
	/* The store's, and idle entries, of which there are none. */
	assert_int_equal(shim_delayed_work_run(), 2);
	told(0, 1);
	end();

	/* A store's end is told at once. Its device is still there. */
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	begin();
	rules_live(0, 2);
	ims_store_destroy(e.store);
	e.store = NULL;
	told(0, 1);
	assert_int_equal(shim_delayed_work_run(), 1);
	told(1, 1);
	assert_null(env_table_differs());
	end();
}

/* Each by itself */
static void each_figure_is_told(void **state)
{
	struct ims_restraint quiet = { .set_quiet = true, .quiet = true };
	struct ims_client *client;

	(void)state;
	begin();
	/* Emulated vectors have no slots. */
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 5, 1), 0);
	shim_delayed_work_run();
	told(1, 0);
	assert_int_equal(vfio_pci_ims_clear_emulated(&e.ims[0], 5, 1), 0);
	shim_delayed_work_run();
	told(2, 0);

	/* One that has no trigger is idle, whether it is quiet or not. */
	assert_int_equal(WITH_VDEV(ims_block_restrain(vdev, 5, 1, NULL, &quiet)),
			 0);
	shim_delayed_work_run();
	told(3, 0);
	quiet.quiet = false;
	assert_int_equal(WITH_VDEV(ims_block_restrain(vdev, 5, 1, NULL, &quiet)),
			 0);
	shim_delayed_work_run();
	told(4, 0);
	env_events_forget();

	/* A request that fails: of the device the refusals, of the store failures. */
	assert_int_equal(env_bind1(&e, 0, 1, BAD_FD), -EBADF);
	shim_delayed_work_run();
	told(1, 0);
	assert_int_equal(env_set_limits(&e, 0, 1, 0), 0);
	shim_delayed_work_run();
	told(1, 1);
	rules_live(0, 1);
	env_table_wrong();
	told(2, 2);
	assert_int_equal(env_bind1(&e, 0, 1, 1), -ENOSPC);
	shim_delayed_work_run();
	told(3, 3);

	/* Entries that were kept are given up. */
	assert_int_equal(env_disable(&e, 0), 0);
	env_table_wrong();
	assert_int_equal(rules_vdev_snapshot().client.entries, 2);
	env_events_forget();
	store_events = 0;
	env_settle();
	assert_int_equal(rules_vdev_snapshot().client.entries, 0);
	told(0, 0);
	shim_delayed_work_run();
	told(1, 1);

	/* Clients come and go. */
	client = env_client_create(&e);
	shim_delayed_work_run();
	told(1, 2);
	ims_client_destroy(client);
	shim_delayed_work_run();
	told(1, 3);
	end();
}

static int (*choose)(void *data, struct ims_slot_choice *choice);

static int choose_slowly(void *data, struct ims_slot_choice *choice)
{
	shim_delayed_work_run();
	return choose(data, choice);
}

/* The hardware takes long: what comes after it is told, too. */
static void the_hardware_is_slow(void **state)
{
	(void)state;
	rules_again(8, ENV_CHOOSES);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	begin();
	choose = e.ops.alloc_slot;
	e.ops.alloc_slot = choose_slowly;
	rules_live(0, 1);
	told(1, 1);
	assert_non_null(env_table_differs());
	shim_delayed_work_run();
	told(2, 2);
	assert_null(env_table_differs());
	end();
}

RULES(rules_figures,
	rule("figures: many changes are told as one", many_changes_are_one),
	rule("figures: quiet devices and stores cost nothing", the_quiet_cost_nothing),
	rule("figures: the last change is told", the_last_change_is_told),
	rule("figures: told without the device's lock", the_lock_is_not_waited_for),
	rule("figures: nothing is told after the end", nothing_follows_the_end),
	rule("figures: the hardware takes long", the_hardware_is_slow),
	rule("figures: each of them", each_figure_is_told))
