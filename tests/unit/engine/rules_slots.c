// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Section 6: windows of slots, slots that the hardware chooses, and handles that
 * are not their numbers.
 */
#include "rules.h"

static char before[65536], after[65536];

static int open_window(int d, u32 vectors, u32 first, u32 count, u32 limit)
{
	const struct vfio_pci_ims_params params = {
		.dev = &e.dev[d], .store = e.store, .num_vectors = vectors,
		.default_cookie = ENV_COOKIE(d), .limit = limit,
		.first_slot = first, .nr_slots = count,
	};

	return env_open_params(&e, d, &params);
}

static void window_confines(void **state)
{
	struct ims_client_info info;
	u32 i;

	(void)state;
	assert_int_equal(open_window(1, 4, 5, 3, 0), 0);
	env_client(&e, 1, &info);
	assert_int_equal(info.limit, 3);
	assert_int_equal(info.max, 3);
	assert_int_equal(info.available, 3);
	for (i = 0; i < 3; i++) {
		assert_int_equal(env_bind1(&e, 1, i, (s32)i), 0);
		assert_int_equal(env_hwirq(&e, 1, i), 5 + i);
	}
	assert_int_equal(env_bind1(&e, 1, 3, 3), -ENOSPC);
	/* Within it, too, the one that has been free for longest */
	assert_int_equal(env_bind1(&e, 1, 1, -1), 0);
	assert_int_equal(env_bind1(&e, 1, 0, -1), 0);
	assert_int_equal(env_bind1(&e, 1, 3, 3), 0);
	assert_int_equal(env_hwirq(&e, 1, 3), 6);
	assert_int_equal(env_set_limits(&e, 1, 4, 0), -EINVAL);
	assert_int_equal(env_set_limits(&e, 1, 0, 0), 0);
	env_client(&e, 1, &info);
	assert_int_equal(info.limit, 3);
}

static void window_refused(void **state)
{
	(void)state;
	assert_int_equal(open_window(1, 4, 8, 1, 0), -EINVAL);
	assert_int_equal(open_window(1, 4, 4, 5, 0), -EINVAL);
	assert_int_equal(open_window(1, 4, 4, 0, 0), -EINVAL);
	assert_int_equal(open_window(1, 4, 0, 9, 0), -EINVAL);
	assert_int_equal(open_window(1, 4, 1, U32_MAX, 0), -EINVAL);
	assert_int_equal(open_window(1, 4, U32_MAX, 2, 0), -EINVAL);
	assert_int_equal(open_window(1, 4, 4, 2, 3), -EINVAL);
	assert_int_equal(e.dev[1].refs, 1);
	assert_int_equal(open_window(1, 4, 7, 1, 0), 0);
	/* Never more than vectors and one for the moment of a replacement */
	env_close(&e, 1);
	assert_int_equal(open_window(1, 2, 0, 8, 100), 0);
	assert_int_equal(env_set_limits(&e, 1, 4, 0), -EINVAL);
	assert_int_equal(env_set_limits(&e, 1, 3, 0), 0);
}

/* Others may have slots of it: its quota is not all that counts. */
static void window_taken_by_others(void **state)
{
	const struct vfio_pci_ims_cookie now = {
		.own = true, .cookie = 5, .mode = NOW,
	};
	struct ims_client_info info;
	struct ims_vdev *vdev;
	int ret;

	(void)state;
	rules_live(0, 2);		/* slots 0 and 1 */
	assert_int_equal(open_window(1, 4, 0, 4, 0), 0);
	env_client(&e, 1, &info);
	assert_int_equal(info.available, 2);
	env_dump(&e, before, sizeof(before));
	env_events_forget();
	assert_int_equal(env_bind(&e, 1, 0, 3, (s32[]){ 8, 9, 10 }), -ENOSPC);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	assert_int_equal(env_events_count(), 1);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_STORE_FULL);
	assert_int_equal(env_event(0)->vector, 2);
	assert_int_equal(env_bind(&e, 1, 0, 2, (s32[]){ 8, 9 }), 0);
	/* A dry run knows as well. */
	vdev = ims_vdev_enter(&e.ims[1]);
	ret = ims_cookie_check(vdev, &now, &(u32){ 0 });
	ims_vdev_leave(vdev);
	assert_int_equal(ret, -ENOSPC);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[1], 0, 5, NOW), -ENOSPC);
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[1], 0, 5, NOW), 0);
	assert_int_equal(env_hwirq(&e, 1, 0), 0);
}

/* Handles */

static void handles_are_not_slots(void **state)
{
	struct vfio_pci_ims_slot slot;
	u32 vector;

	(void)state;
	rules_again(8, ENV_CHOOSES);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	e.choose = 5;
	assert_int_equal(env_bind1(&e, 0, 3, 3), 0);
	assert_int_equal(vfio_pci_ims_hwirq(&e.ims[0], 3, &slot), 0);
	assert_int_equal(slot.slot, 5);
	assert_int_equal(slot.handle, 1005);
	assert_int_equal(slot.generation, 1);
	assert_int_equal(vfio_pci_ims_vector(&e.ims[0], 1005, &vector), 0);
	assert_int_equal(vector, 3);
	/* A guest knows handles; slots are nothing to it. */
	assert_int_equal(vfio_pci_ims_vector(&e.ims[0], 5, &vector), -ENOENT);
	assert_true(env_fire(&e, 5, ENV_COOKIE(0)));
	assert_int_equal(env_bind1(&e, 0, 3, -1), 0);
	assert_int_equal(vfio_pci_ims_vector(&e.ims[0], 1005, &vector), -ENOENT);
	assert_false(e.chosen[5]);
}

static void vector_of_a_slot(void **state)
{
	static struct vfio_pci_ims never;
	struct shim_ctx irq = { .irq = 1 }, *was;
	u32 vector = 99;

	(void)state;
	rules_live(2, 3);
	assert_int_equal(env_open(&e, 1, 4), 0);
	assert_int_equal(env_bind1(&e, 1, 0, 8), 0);	/* slot 3 */
	was = shim_ctx_switch(&irq);
	assert_int_equal(vfio_pci_ims_vector(&e.ims[0], 1, &vector), 0);
	assert_int_equal(vector, 3);
	/* Somebody else's */
	assert_int_equal(vfio_pci_ims_vector(&e.ims[0], 3, &vector), -ENOENT);
	assert_int_equal(vfio_pci_ims_vector(&e.ims[1], 3, &vector), 0);
	assert_int_equal(vector, 0);
	assert_int_equal(vfio_pci_ims_vector(&e.ims[0], U32_MAX, &vector), -ENOENT);
	assert_int_equal(vfio_pci_ims_vector(&never, 0, &vector), -ENODEV);
	shim_ctx_switch(was);
	env_close(&e, 0);
	assert_int_equal(vfio_pci_ims_vector(&e.ims[0], 1, &vector), -ENODEV);
}

/* The store's choice */

static void hardware_fails(void **state)
{
	struct ims_store_info info;

	(void)state;
	rules_again(8, ENV_CHOOSES | ENV_BUS);
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	rules_live(0, 2);
	env_dump(&e, before, sizeof(before));
	e.alloc_error = -EIO;
	assert_int_equal(env_bind(&e, 0, 0, 4, (s32[]){ 8, 9, 10, 11 }), -EIO);
	e.alloc_error = -ENOSPC;
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 0, 7, NOW), -ENOSPC);
	e.alloc_error = 0;
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	ims_store_query(e.store, &info);
	assert_int_equal(info.failures, 2);
	rules_live(0, 4);
}

/* A store that hands out what it must not: refused, and taken as given back. */
static void hardware_chooses_wrong(void **state)
{
	const int wrong[] = { 1, 8, 300 };
	size_t i;

	(void)state;
	rules_again(8, ENV_CHOOSES);
	assert_int_equal(open_window(0, 4, 2, 4, 0), 0);
	assert_int_equal(env_bind1(&e, 0, 0, 0), 0);
	assert_int_equal(env_hwirq(&e, 0, 0), 2);
	env_dump(&e, before, sizeof(before));
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		e.choose = wrong[i];
		assert_int_equal(env_bind1(&e, 0, 1, 1), -EIO);
		assert_false(e.chosen[wrong[i]]);
	}
	/* One that is in use stays the vector's that has it. */
	e.choose = 2;
	assert_int_equal(env_bind1(&e, 0, 1, 1), -EIO);
	assert_true(e.chosen[2]);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	e.choose = -1;
	assert_int_equal(env_bind1(&e, 0, 1, 1), 0);
	assert_int_equal(env_hwirq(&e, 0, 1), 3);
}

/* A slot that was freed is handed out by the hardware at once. */
static void hardware_is_faster(void **state)
{
	int i;

	(void)state;
	rules_again(1, ENV_CHOOSES);
	assert_int_equal(env_open(&e, 0, 1), 0);
	for (i = 0; i < 5; i++) {
		rules_live(0, 1);
		assert_int_equal(env_get(&e, 0, 0).generation, i + 1);
		assert_int_equal(env_disable(&e, 0), 0);
	}
}

static void callbacks_come_in_pairs(void **state)
{
	struct ims_store_ops ops = e.ops;
	struct pci_dev pdev = e.pdev;

	(void)state;
	pdev.dev.name = "0000:00:05.0";
	pdev.dev.refs = 1;
	pdev.dev.devres = NULL;
	env_set_flags(&e, ENV_CHOOSES);
	ops.alloc_slot = e.ops.alloc_slot;
	assert_int_equal(PTR_ERR(ims_store_create(&pdev, &ops, 4, &e)), -EINVAL);
	ops.alloc_slot = NULL;
	ops.free_slot = e.ops.free_slot;
	assert_int_equal(PTR_ERR(ims_store_create(&pdev, &ops, 4, &e)), -EINVAL);
	env_set_flags(&e, 0);
}

RULES(rules_slots,
	rule("window: slots are of it, the one that has been free for longest first; it bounds the limit", window_confines),
	rule("window: EINVAL when it is not within the store; never more than vectors and one", window_refused),
	rule("window: others may have its slots: ENOSPC says store full, a dry run knows", window_taken_by_others),
	rule("handle: not the slot's number where the hardware hands out its own", handles_are_not_slots),
	rule("handle: the vector of one, in any context; ENOENT for others'", vector_of_a_slot),
	rule("slots chosen by the hardware: its error fails the request, all is as before", hardware_fails),
	rule("slots chosen by the hardware: EIO for one that it must not choose", hardware_chooses_wrong),
	rule("slots chosen by the hardware: it may choose one again at once", hardware_is_faster),
	rule("store: alloc_slot and free_slot are there both or not at all", callbacks_come_in_pairs))
