// SPDX-License-Identifier: GPL-2.0-or-later
/* Section 6: opening, closing, the parent's end. */
#include "rules.h"

static int init_with(struct ims_store *store, u32 vectors, u32 limit,
		     u32 reservation)
{
	struct vfio_pci_ims_params params = {
		.dev = &e.dev[1],
		.store = store,
		.num_vectors = vectors,
		.limit = limit,
		.reservation = reservation,
	};

	return env_open_params(&e, 1, &params);
}

static void init_twice(void **state)
{
	(void)state;
	rules_live(0, 1);
	assert_int_equal(env_open(&e, 0, VECTORS), -EBUSY);
	assert_int_equal(env_open(&e, 0, 1), -EBUSY);
	/* The first is not impressed. */
	assert_true(env_fire_vector(&e, 0, 0));
	env_close(&e, 0);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
}

static void init_twice_reserved(void **state)
{
	(void)state;
	env_close(&e, 0);
	assert_int_equal(env_open_limits(&e, 0, 8, 8, 8), 0);
	assert_int_equal(env_open_limits(&e, 0, 8, 8, 8), -EBUSY);
}

static void init_refuses(void **state)
{
	(void)state;
	assert_int_equal(init_with(e.store, 0, 0, 0), -EINVAL);
	assert_int_equal(init_with(e.store, VFIO_PCI_IMS_MAX_VECTORS + 1, 0, 0), -EINVAL);
	assert_int_equal(init_with(e.store, U32_MAX, 0, 0), -EINVAL);
	assert_int_equal(init_with(e.store, 4, 4, 5), -EINVAL);
	assert_int_equal(init_with(e.store, 4, 0, 9), -EINVAL);
	assert_int_equal(e.dev[1].refs, 1);
	assert_int_equal(init_with(e.store, VFIO_PCI_IMS_MAX_VECTORS, 8, 8), 0);
	assert_int_equal(e.dev[1].refs, 2);
}

static void free_any_state(void **state)
{
	static struct vfio_pci_ims never;

	(void)state;
	vfio_pci_ims_free(&never, 1);
	env_close(&e, 1);
	rules_live(0, 4);
	rules_emulated_live(6, 2);
	env_irqs(&e, 0, MASK | NONE, 0, 2, NULL);
	env_fire_vector(&e, 0, 0);
	env_close(&e, 0);
	env_close(&e, 0);
	assert_int_equal(e.dev[0].refs, 1);
	rules_no_signals();
}

static void free_disables(void **state)
{
	struct shim_counts c;
	struct ims_store_info info;
	int i;

	(void)state;
	rules_live(0, 4);
	rules_emulated_live(6, 1);
	env_close(&e, 0);
	shim_counts(&c);
	assert_int_equal(c.irqs, 0);
	assert_int_equal(c.requested, 0);
	ims_store_query(e.store, &info);
	assert_int_equal(info.used, 0);
	for (i = 0; i < 8; i++) {
		assert_int_equal(e.slots[i].address, 0);
		assert_false(env_fire(&e, (u32)i, ENV_COOKIE(0)));
	}
	rcu_barrier();
	for (i = 0; i < 16; i++)
		assert_int_equal(shim_eventfd_refs(i), 1);
}

static void closed_is_enodev(void **state)
{
	struct vfio_irq_info i = { .argsz = sizeof(i), .index = MSIX };

	(void)state;
	env_close(&e, 0);
	assert_int_equal(env_bind1(&e, 0, 0, 0), -ENODEV);
	assert_int_equal(env_disable(&e, 0), -ENODEV);
	assert_int_equal(vfio_pci_set_ims_trigger(&e.ims[0], MSIX, 0, 0,
						  TRIGGER | NONE, NULL), -ENODEV);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 1, NEXT), -ENODEV);
	assert_int_equal(vfio_pci_ims_clear_cookie(&e.ims[0], 0, NOW), -ENODEV);
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], 1), -ENODEV);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 0, 1), -ENODEV);
	assert_int_equal(vfio_pci_ims_clear_emulated(&e.ims[0], 0, 1), -ENODEV);
	assert_int_equal(vfio_pci_ims_get_irq_info(&e.ims[0], (unsigned long)&i),
			 -ENODEV);
	vfio_pci_ims_request(&e.ims[0], 0);
}

static void destroy_store(void)
{
	ims_store_destroy(e.store);
	e.store = NULL;
}

static void gone_quiesces(void **state)
{
	struct shim_counts c;
	struct env_vector v;
	int slot;

	(void)state;
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 1, 7, NEXT), 0);
	rules_live(0, 4);
	rules_emulated_live(6, 1);
	slot = env_hwirq(&e, 0, 0);
	env_fire_vector(&e, 0, 0);
	destroy_store();
	shim_counts(&c);
	assert_int_equal(c.irqs, 0);
	assert_int_equal(c.domains, 0);
	assert_false(env_fire(&e, (u32)slot, ENV_COOKIE(0)));
	v = env_get(&e, 0, 1);
	assert_int_equal(v.state, IMS_VECTOR_STATE_IDLE);
	assert_true(v.own);
	assert_int_equal(env_get(&e, 0, 0).delivered, 1);
	rcu_barrier();
	assert_int_equal(shim_eventfd_refs(0), 1);
	assert_int_equal(env_hwirq(&e, 0, 0), -ENOENT);
	assert_int_equal(vfio_pci_ims_send_signal(&e.ims[0], 6),
			 VFIO_PCI_IMS_SIGNAL_NO_TRIGGER);
}

static void gone_is_enodev(void **state)
{
	const s32 fd = 0;

	(void)state;
	rules_live(0, 2);
	destroy_store();
	assert_int_equal(env_bind1(&e, 0, 0, fd), -ENODEV);
	assert_int_equal(env_bind1(&e, 0, 5, -1), -ENODEV);
	assert_int_equal(env_disable(&e, 0), -ENODEV);
	assert_int_equal(env_irqs(&e, 0, MASK | NONE, 0, 1, NULL), -ENODEV);
	assert_int_equal(env_irqs(&e, 0, TRIGGER | NONE, 0, 1, NULL), -ENODEV);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 1, NEXT), -ENODEV);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 1, NOW), -ENODEV);
	assert_int_equal(vfio_pci_ims_clear_cookie(&e.ims[0], 0, NOW), -ENODEV);
	assert_int_equal(vfio_pci_ims_set_default_cookie(&e.ims[0], 1), -ENODEV);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 0, 1), -ENODEV);
	assert_int_equal(vfio_pci_ims_clear_emulated(&e.ims[0], 0, 1), -ENODEV);
	assert_int_equal(env_set_limits(&e, 0, 1, 0), -ENODEV);
	env_close(&e, 0);
	assert_int_equal(e.pdev.dev.refs, 1);
}

static void gone_then_new(void **state)
{
	struct ims_store *old;

	(void)state;
	assert_int_equal(env_open(&e, 1, 4), 0);
	rules_live(0, 2);
	old = e.store;
	destroy_store();
	/* A device may hold the old store while another has a new one. */
	env_close(&e, 1);
	assert_int_equal(env_store(&e), 0);
	assert_ptr_not_equal(old, e.store);
	assert_int_equal(env_open(&e, 1, 4), 0);
	assert_int_equal(env_bind1(&e, 1, 0, 0), 0);
	assert_int_equal(env_bind1(&e, 0, 0, 0), -ENODEV);
	env_close(&e, 0);
	assert_int_equal(env_open(&e, 0, 4), 0);
	assert_int_equal(env_bind1(&e, 0, 0, 0), 0);
}

static void gone_tells_all(void **state)
{
	(void)state;
	assert_int_equal(env_open(&e, 1, 4), 0);
	assert_int_equal(env_open(&e, 2, 4), 0);
	assert_int_equal(env_bind1(&e, 0, 0, 0), 0);
	assert_int_equal(env_bind1(&e, 1, 0, 1), 0);
	assert_int_equal(env_bind1(&e, 2, 0, 2), 0);
	destroy_store();
	assert_int_equal(env_bind1(&e, 0, 0, 0), -ENODEV);
	assert_int_equal(env_bind1(&e, 1, 0, 0), -ENODEV);
	assert_int_equal(env_bind1(&e, 2, 0, 0), -ENODEV);
}

/* "Another CPU" ends the store as soon as it may after the second client came. */
static void end_store(void)
{
	struct shim_ctx cpu = { 0 }, *was;

	if (!e.store || e.store->nr_clients < 2 || shim_ctx()->nr_held)
		return;
	shim_hook = NULL;
	was = shim_ctx_switch(&cpu);
	destroy_store();
	shim_ctx_switch(was);
}

static void gone_while_opening(void **state)
{
	struct ims_store *store = ims_store_get_id(ims_store_id(e.store));
	unsigned int i;

	(void)state;
	env_events_forget();
	shim_hook = end_store;
	assert_int_equal(init_with(store, 4, 0, 0), 0);
	assert_null(e.store);
	ims_store_put(store);

	/* Device 0 is gone, device 1 has come. */
	assert_int_equal(env_events_count(), 2);
	assert_int_equal(env_event(0)->event, IMS_EVENT_CHANGE);
	assert_int_equal(env_event(1)->event, IMS_EVENT_CREATE);
	for (i = 0; i < 2; i++)
		assert_int_not_equal(env_event(i)->device, 0);
	assert_int_equal(env_bind1(&e, 1, 0, 0), -ENODEV);
}

/* A signal on its way while all ends: late callbacks, early ones. */
static void ends_with_deferred_rcu(void **state)
{
	(void)state;
	shim_rcu_mode(SHIM_RCU_DEFERRED);
	rules_live(0, 4);
	rules_live(1, 4);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 1, 7, NOW), 0);
	rcu_read_lock();
	vfio_pci_ims_send_signal(&e.ims[0], 0);
	rcu_read_unlock();
	env_close(&e, 0);
	destroy_store();
	assert_int_equal(env_hwirq(&e, 0, 0), -ENODEV);
	rcu_barrier();
	shim_rcu_mode(SHIM_RCU_IMMEDIATE);
}

static void found_by_control_plane(void **state)
{
	struct ims_vdev *a, *b, *c;
	u32 id;

	(void)state;
	assert_int_equal(env_open(&e, 1, 4), 0);
	a = ims_vdev_get_next(0);
	assert_non_null(a);
	b = ims_vdev_get_next(a->id + 1);
	assert_non_null(b);
	assert_null(ims_vdev_get_next(b->id + 1));
	c = ims_vdev_get_name("wq1");
	assert_ptr_equal(b, c);
	ims_vdev_put(c);
	assert_null(ims_vdev_get_name("wq2"));
	c = ims_vdev_get_id(a->id);
	assert_ptr_equal(a, c);
	ims_vdev_put(c);
	assert_null(ims_vdev_get_id(b->id + 1));
	/* Who was found stays valid over close, and the id is not used again. */
	id = b->id;
	env_close(&e, 1);
	assert_string_equal(b->name, "wq1");
	assert_int_equal(e.dev[1].refs, 1);
	mutex_lock(&b->lock);
	assert_int_equal(ims_vdev_usable(b), -ENODEV);
	mutex_unlock(&b->lock);
	assert_null(ims_vdev_get_id(id));
	assert_int_equal(env_open(&e, 1, 4), 0);
	c = ims_vdev_get_name("wq1");
	assert_true(c->id > id);
	ims_vdev_put(a);
	ims_vdev_put(b);
	ims_vdev_put(c);
}

static void generations_tell_dumps(void **state)
{
	struct ims_vdev *vdev;
	u32 all, one;

	(void)state;
	vdev = ims_vdev_get(&e.ims[0]);
	all = ims_vdevs_generation();
	one = vdev->generation;
	assert_int_equal(env_bind1(&e, 0, 3, 0), 0);
	assert_int_not_equal(ims_vdevs_generation(), all);
	assert_int_not_equal(vdev->generation, one);
	ims_vdev_put(vdev);
	all = ims_vdevs_generation();
	assert_int_equal(env_open(&e, 1, 1), 0);
	assert_int_not_equal(ims_vdevs_generation(), all);
	all = ims_vdevs_generation();
	env_close(&e, 1);
	assert_int_not_equal(ims_vdevs_generation(), all);
}

/* Who was refused, or has closed before, cannot end somebody else's vectors. */
static void free_ends_its_own(void **state)
{
	int first = e.id[0], again;

	(void)state;
	rules_live(0, 1);
	assert_int_equal(WITH_VDEV(vdev->id), first);
	again = env_open(&e, 0, VECTORS);
	assert_int_equal(again, -EBUSY);
	vfio_pci_ims_free(&e.ims[0], again);
	vfio_pci_ims_free(&e.ims[0], 0);
	vfio_pci_ims_free(&e.ims[0], first + 1);
	assert_true(env_fire_vector(&e, 0, 0));
	vfio_pci_ims_free(&e.ims[0], first);
	assert_int_equal(env_bind1(&e, 0, 0, 0), -ENODEV);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	assert_int_not_equal(e.id[0], first);
	vfio_pci_ims_free(&e.ims[0], first);
	rules_live(0, 1);
}

static void module_is_in_use(void **state)
{
	(void)state;
	assert_int_equal(shim_module.refs, 1);
	assert_int_equal(env_open(&e, 1, 4), 0);
	assert_int_equal(shim_module.refs, 2);
	assert_int_equal(env_open(&e, 1, 4), -EBUSY);
	assert_int_equal(shim_module.refs, 2);
	env_close(&e, 1);
	assert_int_equal(shim_module.refs, 1);
	shim_module.going = true;
	assert_int_equal(env_open(&e, 1, 4), -ENODEV);
	shim_module.going = false;
	assert_int_equal(e.dev[1].refs, 1);
}

static unsigned int told;

static void slot_changed(struct vfio_pci_ims *ims, u32 vector,
			 const struct vfio_pci_ims_slot *old,
			 const struct vfio_pci_ims_slot *new,
			 enum vfio_pci_ims_reason why)
{
	told++;
}

/* The driver's device may be freed already: nobody touches its handle. */
static void forgotten_device(void **state)
{
	static const struct vfio_pci_ims_ops ops = {
		.slot_changed = slot_changed,
	};
	const struct vfio_pci_ims_params params = {
		.dev = &e.dev[1], .store = e.store, .num_vectors = 4, .ops = &ops,
	};
	struct shim_counts c;
	s32 fd = 1;
	int id;

	(void)state;
	id = vfio_pci_ims_init(&e.ims[1], &params);
	assert_true(id > 0);
	assert_int_equal(vfio_pci_set_ims_trigger(&e.ims[1], MSIX, 0, 1,
						  TRIGGER | EVENTFD, &fd), 0);
	assert_int_equal(told, 1);
	shim_log_reset();
	shim_watch("driver did not end the interrupts of its device: vfio_pci_ims_free() is missing");
	shim_unbind(&e.dev[1]);
	assert_int_equal(shim_watched(), 1);
	/* Ended: nothing fires, nothing is held, the control plane does not see it. */
	assert_int_equal(told, 1);
	shim_counts(&c);
	assert_int_equal(c.irqs, 0);
	assert_int_equal(shim_module.refs, 1);
	assert_int_equal(e.dev[1].refs, 1);
	assert_int_equal(shim_eventfd_refs(1), 1);
	assert_null(ims_vdev_get_name("wq1"));
	assert_int_equal(env_bind1(&e, 1, 0, 1), -ENODEV);
	/* It may come after all. */
	vfio_pci_ims_free(&e.ims[1], id);
	assert_int_equal(env_open(&e, 1, 4), 0);
	shim_log_reset();
	env_close(&e, 1);
	shim_unbind(&e.dev[1]);
	assert_int_equal(shim_log_count(), 0);
}

static void forgotten_store(void **state)
{
	struct ims_store *store = e.store;

	(void)state;
	rules_again(8, ENV_BUS | ENV_CHOOSES);
	store = e.store;
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 2);
	/* What its callbacks work on may be gone: they die of being called. */
	e.asleep = true;
	shim_log_reset();
	shim_watch("driver did not end its interrupt store: ims_store_destroy() is missing");
	shim_unbind(&e.pdev.dev);
	assert_int_equal(shim_watched(), 1);
	assert_int_equal(e.released, 0);
	assert_int_equal(env_bind1(&e, 0, 0, 0), -ENODEV);
	assert_null(ims_store_get_name("0000:00:03.0"));
	/* Nor does waking it up call any. */
	ims_store_restore(store);
	ims_store_destroy(store);
	e.store = NULL;
	assert_int_equal(e.released, 0);
	env_close(&e, 0);
	assert_int_equal(e.pdev.dev.refs, 1);
	e.asleep = false;
	env_forget(&e);
	memset(e.chosen, 0, sizeof(e.chosen));
}

static void destroy_action(void *store)
{
	ims_store_destroy(store);
}

static int ended_by_action(struct ims_store *store)
{
	int ret;

	if (IS_ERR(store))
		return PTR_ERR(store);
	ret = devm_add_action(&e.pdev.dev, destroy_action, store);
	shim_unbind(&e.pdev.dev);
	return ret;
}

static void managed_store(void **state)
{
	struct ims_store *store;

	(void)state;
	rules_live(0, 2);
	ims_store_destroy(e.store);
	assert_int_equal(e.released, 1);
	e.store = NULL;
	shim_log_reset();
	store = devm_ims_store_create(&e.pdev, &e.ops, 8, &e);
	assert_false(IS_ERR(store));
	env_close(&e, 0);
	e.store = store;
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 2);
	e.store = NULL;
	shim_unbind(&e.pdev.dev);
	assert_int_equal(e.released, 2);
	assert_int_equal(env_bind1(&e, 0, 0, 0), -ENODEV);
	assert_int_equal(e.slots[0].address, 0);
	env_close(&e, 0);
	/* Earlier, where remove() must have it so */
	store = devm_ims_store_create(&e.pdev, &e.ops, 8, &e);
	ims_store_destroy(store);
	assert_int_equal(e.released, 3);
	shim_unbind(&e.pdev.dev);
	assert_int_equal(e.released, 3);
	/* By an action that the driver has added after it */
	assert_int_equal(ended_by_action(ims_store_create(&e.pdev, &e.ops, 8, &e)), 0);
	assert_int_equal(e.released, 4);
	assert_int_equal(ended_by_action(devm_ims_store_create(&e.pdev, &e.ops, 8, &e)), 0);
	assert_int_equal(e.released, 5);
	assert_int_equal(shim_log_count(), 0);
	assert_int_equal(e.pdev.dev.refs, 1);
	assert_int_equal(PTR_ERR(devm_ims_store_create(&e.pdev, &e.ops, 0, &e)),
			 -EINVAL);
}

static void owner_is_told(void **state)
{
	(void)state;
	assert_int_equal(WITH_VDEV(vdev->pid), shim_current()->tgid);
	assert_int_not_equal(WITH_VDEV(vdev->pid), 0);
	assert_string_equal(WITH_VDEV((const char *)vdev->comm),
			    shim_current()->group_leader->comm);
}

static void ids_begin_anew(void **state)
{
	u32 id;

	(void)state;
	/* Ids go up to INT_MAX and are used again from the lowest on. */
	shim_next_id(INT_MAX);
	assert_int_equal(env_open(&e, 1, 4), 0);
	assert_int_equal(e.id[1], INT_MAX);
	assert_int_equal(env_open(&e, 2, 4), 0);
	assert_true(e.id[2] > 0 && e.id[2] < INT_MAX);
	id = (u32)e.id[2];
	env_close(&e, 2);
	assert_null(ims_vdev_get_id(id));
}

RULES(rules_life,
	rule("open: init twice is EBUSY, the first goes on", init_twice),
	rule("open: init twice is EBUSY also when its reservation cannot be met twice", init_twice_reserved),
	rule("open: EINVAL for vectors, limit or reservation out of range", init_refuses),
	rule("close: safe in any state, also never opened, also twice", free_any_state),
	rule("close: disables the index: no slot, IRQ or eventfd is left", free_disables),
	rule("close: ends what the same open has made, not somebody else's", free_ends_its_own),
	rule("open: the driver's module is in use until close", module_is_in_use),
	rule("open: ids begin anew when they have all been used", ids_begin_anew),
	rule("open: the opener is known by process and name", owner_is_told),
	rule("unbind: a forgotten close is warned of and made up for; the driver's handle and callbacks are not touched", forgotten_device),
	rule("unbind: a forgotten store is warned of and ended; no callback is called", forgotten_store),
	rule("unbind: a managed store ends by itself, or earlier", managed_store),
	rule("close: further calls get ENODEV", closed_is_enodev),
	rule("gone: LIVE vectors are quiesced, contexts and counts stay", gone_quiesces),
	rule("gone: further calls get ENODEV, close is fine", gone_is_enodev),
	rule("gone: a new store can be made and used meanwhile", gone_then_new),
	rule("gone: every virtual device is told", gone_tells_all),
	rule("gone: also one that is being opened, which is not announced before", gone_while_opening),
	rule("gone and close with readers under way: nothing is used after free", ends_with_deferred_rcu),
	rule("control plane: devices are found by id, name and order, and outlive close", found_by_control_plane),
	rule("control plane: generations change with devices and contexts", generations_tell_dumps))
