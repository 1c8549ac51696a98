// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sections 1, 6 and 7: the store itself. Limits and reservations, the order in
 * which slots are handed out, generations, figures, hosts that are refused, and how
 * a store is found.
 */
#include <linux/notifier.h>

#include "rules.h"

extern bool *shim_param_allow_unsafe_interrupts(void);

static struct ims_store_info store(void)
{
	struct ims_store_info info;

	ims_store_query(e.store, &info);
	return info;
}

static const s32 fds[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

static void limit_of_device(void **state)
{
	struct ims_client_info info;

	(void)state;
	env_close(&e, 0);
	assert_int_equal(env_open_limits(&e, 0, 8, 3, 0), 0);
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), -ENOSPC);
	assert_int_equal(env_bind(&e, 0, 0, 3, fds), 0);
	assert_int_equal(env_bind(&e, 0, 3, 1, fds), -ENOSPC);
	/* The administrator can change it, but not below what is in use. */
	assert_int_equal(env_set_limits(&e, 0, 2, 0), -EBUSY);
	assert_int_equal(env_set_limits(&e, 0, 4, 0), 0);
	assert_int_equal(env_bind(&e, 0, 3, 1, fds), 0);
	assert_int_equal(env_set_limits(&e, 0, 9, 0), -EINVAL);
	assert_int_equal(env_set_limits(&e, 0, 4, 5), -EINVAL);
	assert_int_equal(env_set_limits(&e, 0, 0, 0), 0);
	env_client(&e, 0, &info);
	assert_int_equal(info.limit, 8);
	assert_int_equal(info.used, 4);
	assert_int_equal(info.available, 4);
}

static void limit_of_store(void **state)
{
	(void)state;
	assert_int_equal(ims_store_set_limit(e.store, 9), -EINVAL);
	assert_int_equal(ims_store_set_limit(e.store, 2), 0);
	assert_int_equal(env_bind(&e, 0, 0, 3, fds), -ENOSPC);
	assert_int_equal(env_bind(&e, 0, 0, 2, fds), 0);
	assert_int_equal(ims_store_set_limit(e.store, 1), -EBUSY);
	assert_int_equal(ims_store_set_limit(e.store, 3), 0);
	assert_int_equal(env_bind(&e, 0, 2, 1, fds), 0);
	assert_int_equal(store().limit, 3);
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(ims_store_set_limit(e.store, 0), 0);
	assert_int_equal(env_bind(&e, 0, 0, 1, fds), -ENOSPC);
}

static void reservation_holds(void **state)
{
	(void)state;
	assert_int_equal(env_open_limits(&e, 1, 8, 0, 5), 0);
	assert_int_equal(store().reserved, 5);
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), -ENOSPC);
	assert_int_equal(env_bind(&e, 0, 0, 3, fds), 0);
	assert_int_equal(env_bind(&e, 0, 3, 1, fds), -ENOSPC);
	assert_int_equal(env_bind(&e, 1, 0, 5, fds), 0);
	assert_int_equal(env_bind(&e, 1, 5, 1, fds), -ENOSPC);
	/* Freed by who has it reserved, it is reserved again. */
	assert_int_equal(env_disable(&e, 1), 0);
	assert_int_equal(env_bind(&e, 0, 3, 1, fds), -ENOSPC);
	/* Its end gives the reservation back. */
	env_close(&e, 1);
	assert_int_equal(store().reserved, 0);
	assert_int_equal(env_bind(&e, 0, 3, 5, fds), 0);
}

static void reservation_refused(void **state)
{
	(void)state;
	assert_int_equal(env_bind(&e, 0, 0, 4, fds), 0);
	assert_int_equal(env_open_limits(&e, 1, 8, 0, 5), -ENOSPC);
	assert_int_equal(env_open_limits(&e, 1, 8, 0, 4), 0);
	assert_int_equal(env_open_limits(&e, 2, 8, 0, 1), -ENOSPC);
	assert_int_equal(env_open_limits(&e, 2, 8, 0, 0), 0);
	assert_int_equal(ims_store_set_limit(e.store, 7), -EBUSY);
	assert_int_equal(env_set_limits(&e, 0, 0, 5), -ENOSPC);
	/* What it uses counts towards what it is to have. */
	assert_int_equal(env_set_limits(&e, 0, 0, 4), 0);
	assert_int_equal(store().reserved, 8);
	assert_int_equal(env_set_limits(&e, 1, 0, 2), 0);
	assert_int_equal(env_set_limits(&e, 0, 0, 6), 0);
	assert_int_equal(store().reserved, 8);
	assert_int_equal(env_bind(&e, 0, 4, 2, fds), 0);
	assert_int_equal(env_bind(&e, 1, 0, 3, fds), -ENOSPC);
	assert_int_equal(env_bind(&e, 1, 0, 2, fds), 0);
}

static void oldest_first(void **state)
{
	int i;

	(void)state;
	rules_live(0, 3);			/* slots 0 1 2 */
	assert_int_equal(env_open(&e, 1, 8), 0);
	assert_int_equal(env_bind1(&e, 0, 1, -1), 0);	/* 1 is free last */
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);	/* then 0 */
	for (i = 0; i < 5; i++) {
		assert_int_equal(env_bind1(&e, 1, (u32)i, 8), 0);
		assert_int_equal(env_hwirq(&e, 1, (u32)i), 3 + i);
	}
	assert_int_equal(env_bind1(&e, 1, 5, 8), 0);
	assert_int_equal(env_hwirq(&e, 1, 5), 1);
	assert_int_equal(env_bind1(&e, 1, 6, 8), 0);
	assert_int_equal(env_hwirq(&e, 1, 6), 0);
}

static void not_at_once_to_another(void **state)
{
	struct env_vector v;
	int i;

	(void)state;
	assert_int_equal(env_open(&e, 1, 8), 0);
	for (i = 0; i < 7; i++) {
		rules_live(0, 1);
		v = env_get(&e, 0, 0);
		assert_int_equal(env_disable(&e, 0), 0);
		assert_int_equal(env_bind1(&e, 1, (u32)i, 8), 0);
		assert_int_not_equal(env_hwirq(&e, 1, (u32)i),
				     v.slot);
	}
}

static void failure_keeps_the_line(void **state)
{
	int i;

	(void)state;
	assert_int_equal(env_set_limits(&e, 0, 4, 0), 0);
	for (i = 0; i < 10; i++)
		assert_int_equal(env_bind(&e, 0, 0, 5, fds), -ENOSPC);
	shim_remap_entries(2);
	assert_int_equal(env_bind(&e, 0, 0, 3, fds), -ENOSPC);
	shim_remap_entries(-1);
	shim_jiffies += HZ;
	rules_live(0, 1);
	assert_int_equal(env_hwirq(&e, 0, 0), 0);
	assert_int_equal(env_get(&e, 0, 0).generation, 1);
}

static void generation_counts(void **state)
{
	u32 i;

	(void)state;
	rules_again(1, 0);
	assert_int_equal(env_open(&e, 0, 1), 0);
	for (i = 1; i < 10; i++) {
		rules_live(0, 1);
		assert_int_equal(env_get(&e, 0, 0).slot, 0);
		assert_int_equal(env_get(&e, 0, 0).generation, i);
		assert_int_equal(env_disable(&e, 0), 0);
	}
}

static void generation_is_never_0(void **state)
{
	(void)state;
	rules_again(1, 0);
	assert_int_equal(env_open(&e, 0, 1), 0);
	e.store->slots[0].generation = U32_MAX - 1;
	rules_live(0, 1);
	assert_int_equal(env_get(&e, 0, 0).generation, U32_MAX);
	assert_int_equal(env_disable(&e, 0), 0);
	rules_live(0, 1);
	assert_int_equal(env_get(&e, 0, 0).generation, 1);
}

static void figures(void **state)
{
	(void)state;
	assert_int_equal(store().hwsize, 8);
	rules_live(0, 5);
	assert_int_equal(env_bind1(&e, 0, 0, -1), 0);
	assert_int_equal(store().used, 4);
	assert_int_equal(store().peak, 5);
	assert_int_equal(store().failures, 0);
	assert_int_equal(env_set_limits(&e, 0, 4, 0), 0);
	assert_int_equal(env_bind1(&e, 0, 0, 0), -ENOSPC);
	assert_int_equal(store().failures, 1);
	assert_int_equal(env_disable(&e, 0), 0);
	env_settle();
	rules_no_entries();
	assert_int_equal(env_bind1(&e, 0, 0, 0), -ENOSPC);
	assert_int_equal(store().failures, 2);
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(store().peak, 5);
	assert_ptr_equal(ims_store_pci_dev(e.store), &e.pdev);
}

static int create(struct pci_dev *pdev, const struct ims_store_ops *ops,
		  u32 size)
{
	struct ims_store *s = ims_store_create(pdev, ops, size, &e);

	if (IS_ERR(s))
		return (int)PTR_ERR(s);
	ims_store_destroy(s);
	return 0;
}

static void refused_hosts(void **state)
{
	struct pci_dev pdev = e.pdev;

	(void)state;
	pdev.dev.refs = 1;
	pdev.dev.name = "0000:00:05.0";
	assert_int_equal(create(&pdev, &e.ops, 4), 0);
	pdev.isolated_msi = false;
	shim_log_reset();
	assert_int_equal(create(&pdev, &e.ops, 4), -EPERM);
	assert_non_null(strstr(shim_last_log(), "allow_unsafe_interrupts=1"));
	*shim_param_allow_unsafe_interrupts() = true;
	assert_int_equal(create(&pdev, &e.ops, 4), 0);
	*shim_param_allow_unsafe_interrupts() = false;
	pdev.isolated_msi = true;
	pdev.no_msi_domain = true;
	assert_int_equal(create(&pdev, &e.ops, 4), -ENODEV);
	pdev.no_msi_domain = false;
	pdev.other_msi_domain = true;
	assert_int_equal(create(&pdev, &e.ops, 4), -ENODEV);
	assert_int_equal(pdev.dev.refs, 1);
}

static void refused_stores(void **state)
{
	struct ims_store_ops ops = e.ops;

	(void)state;
	assert_int_equal(create(&e.pdev, &ops, 0), -EINVAL);
	assert_int_equal(create(&e.pdev, &ops, IMS_STORE_MAX + 1), -EINVAL);
	ims_store_destroy(e.store);
	e.store = NULL;
	assert_int_equal(create(&e.pdev, &ops, IMS_STORE_MAX), 0);
	ops.write = NULL;
	assert_int_equal(create(&e.pdev, &ops, 4), -EINVAL);
	ops = e.ops;
	ops.mask = NULL;
	assert_int_equal(create(&e.pdev, &ops, 4), -EINVAL);
	ops = e.ops;
	ops.unmask = NULL;
	assert_int_equal(create(&e.pdev, &ops, 4), -EINVAL);
	ops = e.ops;
	ops.lock = ops.mask;
	assert_int_equal(create(&e.pdev, &ops, 4), -EINVAL);
	ims_store_destroy(NULL);
	ims_client_destroy(NULL);
}

static void clients_of_gone_store(void **state)
{
	struct ims_client *client, *other;
	struct ims_irq irq = { .slot = IMS_SLOT_ANY };

	(void)state;
	env_close(&e, 0);
	client = env_client_create(&e);
	assert_false(IS_ERR(client));
	ims_store_destroy(e.store);
	assert_int_equal(ims_alloc_irqs(client, &irq, 1), -ENODEV);
	assert_int_equal(ims_client_set_limits(client, 1, 0), -ENODEV);
	assert_int_equal(ims_store_set_limit(e.store, 1), -ENODEV);
	other = env_client_create(&e);
	assert_int_equal(PTR_ERR(other), -ENODEV);
	e.store = NULL;
	ims_client_destroy(client);
}

/* What drivers may ask for beyond what the engine does. */
static void wished_slots(void **state)
{
	struct ims_irq irqs[3] = { { .slot = 5 }, { .slot = IMS_SLOT_ANY },
				   { .slot = 2 } };
	struct ims_client *client;

	(void)state;
	client = env_client_create(&e);
	assert_int_equal(ims_alloc_irqs(client, irqs, 3), 0);
	assert_int_equal(irqs[0].slot, 5);
	assert_int_equal(irqs[1].slot, 0);
	assert_int_equal(irqs[2].slot, 2);
	{
		struct ims_irq more[2] = { { .slot = 3 }, { .slot = 5 } };

		assert_int_equal(ims_alloc_irqs(client, more, 2), -EBUSY);
		more[0].slot = 3;
		more[1].slot = 8;
		assert_int_equal(ims_alloc_irqs(client, more, 2), -EINVAL);
		assert_int_equal(ims_alloc_irqs(client, more, 0), -EINVAL);
		assert_int_equal(store().used, 3);
	}
	ims_free_irqs(client, irqs, 3);
	assert_int_equal(store().used, 0);
	ims_client_destroy(client);
}

static irqreturn_t handler(int irq, void *arg)
{
	(void)irq;
	++*(int *)arg;
	return IRQ_HANDLED;
}

static void affinity(void **state)
{
	struct ims_irq irq = { .slot = IMS_SLOT_ANY, .cookie = 3 };
	const struct cpumask all = { ~0UL };
	const struct cpumask here = { 1 }, there = { 2 };
	struct ims_client *client;
	unsigned long writes;
	int seen = 0;

	(void)state;
	client = env_client_create(&e);
	assert_int_equal(ims_alloc_irqs(client, &irq, 1), 0);
	assert_int_equal(e.slots[irq.slot].address, 0);
	assert_int_equal(request_irq(irq.virq, handler, 0, "x", &seen), 0);
	writes = e.writes;
	/* Remapped: the message stays. Without remapping it moves. */
	assert_int_equal(irq_set_affinity(irq.virq, &there), 0);
	assert_int_equal(irq.data->effective.bits, 2);
	assert_int_equal(e.writes, writes);
	shim_affinity_rewrites(true);
	assert_int_equal(irq_set_affinity(irq.virq, &here), 0);
	assert_int_equal(irq.data->effective.bits, 1);
	assert_int_equal(e.writes, writes + 1);
	/* It goes to one of these already. */
	assert_int_equal(irq_set_affinity(irq.virq, &all), 0);
	assert_int_equal(irq.data->effective.bits, 1);
	assert_int_equal(e.writes, writes + 1);
	assert_int_equal(e.slots[irq.slot].cookie, 3);
	assert_true(env_fire(&e, irq.slot, 3));
	assert_int_equal(seen, 1);
	free_irq(irq.virq, &seen);
	assert_int_equal(e.slots[irq.slot].address, 0);
	assert_true(e.slots[irq.slot].masked);
	ims_free_irqs(client, &irq, 1);
	ims_client_destroy(client);
}

/* Where it goes no CPU takes it any more: it has to move, though it is allowed. */
static void moves_off_offline_cpus(void **state)
{
	const struct cpumask all = { 0xf };
	unsigned int virq;

	(void)state;
	rules_live(0, 1);
	virq = env_get(&e, 0, 0).virq;
	assert_int_equal(irq_get_irq_data(virq)->effective.bits, 1);
	shim_cpus_online(0xe);
	assert_int_equal(irq_set_affinity(virq, &all), 0);
	shim_cpus_online(0xf);
	assert_int_equal(irq_get_irq_data(virq)->effective.bits, 2);
}

static void chip_says_what_it_is(void **state)
{
	const struct irq_chip *chip;
	unsigned int virq;

	(void)state;
	rules_live(0, 1);
	virq = env_get(&e, 0, 0).virq;
	chip = shim_irq_chip(virq);
	assert_string_equal(chip->name, "IMS-0000:00:03.0");
	/* No wake-up, CPUs chosen before it starts, safe without IRQF_ONESHOT */
	assert_int_equal(chip->flags, IRQCHIP_SKIP_SET_WAKE |
				      IRQCHIP_AFFINITY_PRE_STARTUP |
				      IRQCHIP_ONESHOT_SAFE);
	/* Who polls for interrupts (irqpoll) leaves ours alone. */
	assert_true(shim_irq_status(virq) & IRQ_IS_POLLED);
	/* Without remapping only the handler moves them. */
	ims_store_destroy(e.store);
	env_close(&e, 0);
	shim_remap(IMS_COMPAT_REMAP_NOBODY);
	assert_int_equal(env_store(&e), 0);
	shim_remap(IMS_COMPAT_REMAP_INTEL);
	assert_int_equal(e.store->chip.flags & IMS_COMPAT_MOVE_DEFERRED,
			 IMS_COMPAT_MOVE_DEFERRED);
}

static void bus_lock(void **state)
{
	u32 i;

	(void)state;
	rules_again(8, ENV_BUS | ENV_IN_PLACE);
	assert_int_equal(env_open(&e, 0, 8), 0);
	rules_live(0, 3);
	assert_true(e.bus_locks >= 3);
	assert_int_equal(vfio_pci_ims_set_cookie(&e.ims[0], 1, 7, NOW), 0);
	assert_true(env_fire_vector(&e, 0, 1));
	assert_int_equal(env_disable(&e, 0), 0);
	for (i = 0; i < 8; i++)
		assert_int_equal(e.bus[i], 0);
}

/* Whoever allocates holds a mutex that all interrupts of the host wait for. */
static void no_bus_lock(void **state)
{
	struct ims_irq irq = { .slot = IMS_SLOT_ANY };
	struct ims_client *client;

	(void)state;
	rules_again(8, ENV_BUS);
	client = env_client_create(&e);
	assert_int_equal(ims_alloc_irqs(client, &irq, 1), 0);
	ims_free_irqs(client, &irq, 1);
	/* Nor has an idle one a slot to be locked for. */
	assert_int_equal(request_irq(irq.virq, handler, 0, "x", NULL), -EPERM);
	assert_int_equal(e.bus_locks, 0);
	ims_client_destroy(client);
}

static unsigned long store_events[8];
static unsigned int nr_store_events;

static int store_event(struct notifier_block *nb, unsigned long event,
		       void *data)
{
	(void)nb;
	(void)data;
	store_events[nr_store_events++ % 8] = event;
	return NOTIFY_DONE;
}

static void stores_are_found_and_told(void **state)
{
	struct notifier_block nb = { .notifier_call = store_event };
	struct ims_store_info info;
	struct ims_store *store;
	u32 id, generation;

	(void)state;
	nr_store_events = 0;
	assert_int_equal(ims_store_register_notifier(&nb), 0);
	ims_store_query(e.store, &info);
	id = info.id;
	assert_int_equal(info.clients, 1);
	assert_int_equal(info.available, 8);
	assert_string_equal(ims_store_domain(e.store), "REMAP");
	assert_string_equal(ims_store_driver(e.store), "driver");

	store = ims_store_get_id(id);
	assert_ptr_equal(store, e.store);
	ims_store_put(store);
	store = ims_store_get_name("0000:00:03.0");
	assert_ptr_equal(store, e.store);
	ims_store_put(store);
	store = ims_store_get_next(0);
	assert_ptr_equal(store, e.store);
	assert_int_equal(ims_store_id(store), id);
	ims_store_put(store);
	assert_null(ims_store_get_next(id + 1));
	assert_null(ims_store_get_id(id + 1));
	assert_null(ims_store_get_name("0000:00:04.0"));

	assert_int_equal(ims_store_set_limit(e.store, 7), 0);
	assert_int_equal(ims_store_set_limit(e.store, 9), -EINVAL);
	ims_store_reset_stats(e.store);
	generation = ims_stores_generation();
	store = ims_store_get_id(id);
	ims_store_destroy(e.store);
	e.store = NULL;
	assert_int_not_equal(ims_stores_generation(), generation);
	assert_null(ims_store_get_id(id));
	assert_int_equal(ims_store_check_limit(store, 4), -ENODEV);
	/* Nothing is told of a store after its end. */
	ims_store_reset_stats(store);
	ims_store_put(store);
	assert_int_equal(env_store(&e), 0);
	assert_true(ims_store_id(e.store) > id);

	assert_int_equal(nr_store_events, 4);
	assert_int_equal(store_events[0], IMS_STORE_CHANGED);
	assert_int_equal(store_events[1], IMS_STORE_CHANGED);
	assert_int_equal(store_events[2], IMS_STORE_DESTROYED);
	assert_int_equal(store_events[3], IMS_STORE_CREATED);
	ims_store_unregister_notifier(&nb);
}

/* A dump that was begun before a store came begins anew. */
static void generation_of_stores(void **state)
{
	struct pci_dev pdev = { .dev = { .name = "0000:00:05.0", .refs = 1 },
				.isolated_msi = true };
	struct ims_store *other;
	u32 was = ims_stores_generation();

	(void)state;
	other = ims_store_create(&pdev, &e.ops, 4, &e);
	assert_int_not_equal(ims_stores_generation(), was);
	was = ims_stores_generation();
	ims_store_destroy(other);
	assert_int_not_equal(ims_stores_generation(), was);
}

static void ids_begin_anew(void **state)
{
	struct pci_dev pdev = { .dev = { .name = "0000:00:05.0", .refs = 1 },
				.isolated_msi = true };
	struct ims_store *other;

	(void)state;
	ims_store_destroy(e.store);
	shim_next_id(INT_MAX);
	assert_int_equal(env_store(&e), 0);
	assert_int_equal(ims_store_id(e.store), INT_MAX);
	other = ims_store_create(&pdev, &e.ops, 4, &e);
	assert_false(IS_ERR(other));
	assert_in_range(ims_store_id(other), 1, INT_MAX - 1);
	ims_store_destroy(other);
}

static void clients_are_counted(void **state)
{
	(void)state;
	assert_int_equal(store().clients, 1);
	assert_int_equal(env_open(&e, 1, 4), 0);
	assert_int_equal(store().clients, 2);
	env_close(&e, 1);
	assert_int_equal(store().clients, 1);
}

static void one_store_per_device(void **state)
{
	struct shim_counts was, is;
	struct ims_store *other;

	(void)state;
	shim_counts(&was);
	other = ims_store_create(&e.pdev, &e.ops, 4, &e);
	assert_int_equal(PTR_ERR(other), -EEXIST);
	shim_counts(&is);
	assert_int_equal(is.memory, was.memory);
	assert_int_equal(is.domains, was.domains);
}

static void store_stats_begin_anew(void **state)
{
	static const s32 fds[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	struct ims_store_info info;

	(void)state;
	rules_live(0, 4);
	assert_int_equal(env_bind1(&e, 0, 3, -1), 0);
	assert_int_equal(ims_store_set_limit(e.store, 4), 0);
	assert_int_equal(env_bind(&e, 0, 0, 8, fds), -ENOSPC);
	ims_store_query(e.store, &info);
	assert_int_equal(info.peak, 4);
	assert_int_equal(info.failures, 1);
	ims_store_reset_stats(e.store);
	ims_store_query(e.store, &info);
	assert_int_equal(info.peak, 3);
	assert_int_equal(info.failures, 0);
	assert_int_equal(info.used, 3);
	assert_int_equal(info.available, 1);
}

RULES(rules_store,
	rule("limit: of a virtual device, ENOSPC above, can be changed, not below what is in use", limit_of_device),
	rule("limit: of the store, the same", limit_of_store),
	rule("reservation: guaranteed at open, kept from others, given back at close", reservation_holds),
	rule("reservation: refused when it cannot be guaranteed, and can be changed", reservation_refused),
	rule("quarantine: the slot that has been free for longest goes first", oldest_first),
	rule("quarantine: a freed slot is not handed to another device at once", not_at_once_to_another),
	rule("quarantine: failed requests neither move the line on nor count as handed out", failure_keeps_the_line),
	rule("generation: counts how often a slot was handed out", generation_counts),
	rule("generation: is never 0, also when it comes round", generation_is_never_0),
	rule("store counts: used, peak, reserved, limit, failures", figures),
	rule("store: refused without interrupt remapping unless the administrator opts in", refused_hosts),
	rule("store: refused for wrong sizes and missing callbacks", refused_stores),
	rule("store: a client of a store that is gone gets ENODEV", clients_of_gone_store),
	rule("store: slots by wish, all or none, EBUSY, EINVAL", wished_slots),
	rule("store: the message follows the interrupt when it moves", affinity),
	rule("store: an interrupt moves off CPUs that are offline", moves_off_offline_cpus),
	rule("store: its chip says what it is; its interrupts are not polled", chip_says_what_it_is),
	rule("store: callbacks run between lock and unlock of their slot", bus_lock),
	rule("store: allocating and freeing take no lock of it", no_bus_lock),
	rule("store: found by number and name, its life is told", stores_are_found_and_told),
	rule("store: the set's generation changes with each that comes or goes", generation_of_stores),
	rule("store: ids begin anew when they have all been used", ids_begin_anew),
	rule("store: clients are counted", clients_are_counted),
	rule("store: one for each device", one_store_per_device),
	rule("store counts: a reset begins anew", store_stats_begin_anew))
