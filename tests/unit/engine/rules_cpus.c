// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where interrupts go (kmod/ims/request.c): as asked for, or by the kernel's
 * default affinity, and that it is told when that cannot be.
 */
#include "rules.h"

static int setup(void **state)
{
	return rules_setup(state);
}

static int teardown(void **state)
{
	shim_default_affinity(0);
	shim_cpus_full(0);
	shim_cpus_online(0xf);
	shim_cpu_vectors(-1);
	return rules_teardown(state);
}

static void bind_to(u32 vector, int fd)
{
	assert_int_equal(env_bind1(&e, 0, vector, fd), 0);
}


static const struct ims_irq *irq_of(u32 vector)
{
	struct ims_vdev *vdev = rules_lock_vdev();
	const struct ims_line *line;

	line = ims_vector_line(ims_vector_get(vdev, vector));
	rules_unlock_vdev(vdev);
	return &line->irq;
}

static unsigned long goes_to(u32 vector)
{
	return irq_of(vector)->data->effective.bits;
}

static bool broken(u32 vector)
{
	return WITH_VDEV(ims_affinity_broken(ims_vector_get(vdev, vector)));
}

/* Alerts of broken affinities since the last time, the last one of @vector */
static unsigned int alerts(u32 vector)
{
	unsigned int i, n = 0;

	for (i = 0; i < env_events_count(); i++) {
		if (env_event(i)->kind != ENV_ALERT)
			continue;
		assert_int_equal(env_event(i)->alert, IMS_ALERT_KIND_AFFINITY);
		assert_int_equal(env_event(i)->error, 0);
		n += env_event(i)->vector == vector;
	}
	env_events_forget();
	return n;
}

static void default_is_the_kernels(void **state)
{
	(void)state;
	shim_default_affinity(0xc);
	rules_live(0, 1);
	assert_int_equal(goes_to(0), 0x4);
	assert_int_equal(rules_affinity(0, 0x1), 0);
	assert_int_equal(goes_to(0), 0x1);
	/* Not all CPUs: that is where it was before, and as the default is now. */
	shim_default_affinity(0xa);
	assert_int_equal(rules_affinity(0, 0), 0);
	assert_int_equal(goes_to(0), 0x2);
	assert_int_equal(shim_irq_affinity(irq_of(0)->virq), 0xa);
}

static int open_with_affinity(unsigned long cpus)
{
	const struct cpumask mask = { cpus };
	const struct vfio_pci_ims_params params = {
		.dev = &e.dev[0],
		.store = e.store,
		.num_vectors = VECTORS,
		.affinity = &mask,
	};

	env_close(&e, 0);
	return env_open_params(&e, 0, &params);
}

static const struct cpumask *shown(u32 vector)
{
	return rules_snapshot(vector).affinity;
}

static void the_devices_is_the_default(void **state)
{
	(void)state;
	assert_int_equal(open_with_affinity(0x4), 0);
	rules_live(0, 2);
	assert_int_equal(goes_to(0), 0x4);
	assert_int_equal(shown(0)->bits, 0x4);
	assert_false(rules_snapshot(0).affinity_own);
	assert_int_equal(rules_affinity(0, 0x2), 0);
	assert_int_equal(goes_to(0), 0x2);
	assert_true(rules_snapshot(0).affinity_own);
	assert_int_equal(goes_to(1), 0x4);
	/* Back to the device's at once, and again after a reset. */
	assert_int_equal(rules_affinity(0, 0), 0);
	assert_int_equal(goes_to(0), 0x4);
	assert_int_equal(vfio_pci_ims_reset(&e.ims[0]), 0);
	rules_live(0, 1);
	assert_int_equal(goes_to(0), 0x4);
	/* An emulated one has none, and has it again when it is not emulated. */
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 3, 1), 0);
	assert_null(shown(3));
	assert_int_equal(vfio_pci_ims_clear_emulated(&e.ims[0], 3, 1), 0);
	bind_to(3, 3);
	assert_int_equal(goes_to(3), 0x4);
}

/* None of the device's CPUs is online any more: the interrupt stays, and it is told. */
static void the_devices_can_go_offline(void **state)
{
	(void)state;
	assert_int_equal(open_with_affinity(0x4), 0);
	rules_live(0, 1);
	assert_int_equal(rules_affinity(0, 0x2), 0);
	shim_cpus_online(0x3);
	assert_int_equal(rules_affinity(0, 0), 0);
	assert_int_equal(goes_to(0), 0x2);
	assert_false(rules_snapshot(0).affinity_own);
	assert_true(broken(0));
}

static void the_devices_must_be_online(void **state)
{
	(void)state;
	shim_cpus_online(0xb);
	assert_int_equal(open_with_affinity(0x4), -EINVAL);
	assert_int_equal(open_with_affinity(0), -EINVAL);
	assert_int_equal(open_with_affinity(0x6), 0);
	rules_live(0, 1);
	assert_int_equal(goes_to(0), 0x2);
}

/* A Linux IRQ that is used again knows nothing of whom it was before. */
static void reused_irqs_begin_anew(void **state)
{
	unsigned int virq;

	(void)state;
	shim_default_affinity(0xc);
	rules_live(0, 1);
	virq = irq_of(0)->virq;
	assert_int_equal(rules_affinity(0, 0x1), 0);
	assert_int_equal(rules_affinity(1, 0x2), 0);
	bind_to(0, -1);
	bind_to(2, 2);
	assert_int_equal(irq_of(2)->virq, virq);
	assert_int_equal(goes_to(2), 0x4);
	assert_false(broken(2));
	bind_to(1, 1);
	assert_int_equal(goes_to(1), 0x2);
	bind_to(0, 0);
	assert_int_equal(goes_to(0), 0x1);
}

static void elsewhere_is_told(void **state)
{
	(void)state;
	assert_int_equal(rules_affinity(0, 0x2), 0);
	shim_cpus_full(0x2);
	env_events_forget();
	rules_live(0, 1);
	assert_int_equal(goes_to(0), 0x1);
	assert_true(broken(0));
	assert_int_equal(alerts(0), 1);
	/* There is room again, and somebody moves it. */
	shim_cpus_full(0);
	assert_int_equal(rules_affinity(0, 0x2), 0);
	assert_false(broken(0));
	/* Those of the default are not told of, if they are where they should be. */
	bind_to(1, 1);
	assert_false(broken(1));
	assert_int_equal(alerts(1), 0);
	/* What cannot move stays, with an error. */
	shim_cpus_full(0x4);
	assert_int_equal(rules_affinity(0, 0x4), -ENOSPC);
	assert_int_equal(goes_to(0), 0x2);
	assert_false(broken(0));
}

static void default_elsewhere_is_told(void **state)
{
	u32 i;

	(void)state;
	shim_default_affinity(0x1);
	shim_cpus_full(0x1);
	rules_live(0, 3);
	for (i = 0; i < 3; i++) {
		assert_int_equal(goes_to(i), 0x2);
		assert_true(broken(i));
	}
	shim_cpus_full(0);
	assert_int_equal(rules_affinity(1, 0), 0);
	assert_int_equal(goes_to(1), 0x1);
	assert_false(broken(1));
	assert_true(broken(2));
}

static void offline_is_told(void **state)
{
	const struct cpumask online = { 0xd };

	(void)state;
	assert_int_equal(rules_affinity(0, 0x2), 0);
	rules_live(0, 1);
	assert_false(broken(0));
	shim_cpus_online(0xd);
	/* As the kernel does it when a CPU goes offline. */
	assert_int_equal(irq_set_affinity(irq_of(0)->virq, &online), 0);
	assert_true(broken(0));
	/* It is asked for again while the CPU is offline. */
	bind_to(0, -1);
	bind_to(0, 1);
	assert_int_equal(goes_to(0), 0x1);
	assert_true(broken(0));
}

/* The kernel says so in its log, at most once in a while, whatever a guest does. */
static void floods(void **state)
{
	u32 k;

	(void)state;
	assert_int_equal(rules_affinity(0, 0x2), 0);
	shim_cpus_full(0x2);
	shim_log_reset();
	shim_trace_on = true;
	shim_watch("Affinity broken");
	for (k = 0; k < 10000; k++) {
		bind_to(0, 0);
		assert_int_equal(goes_to(0), 0x1);
		bind_to(0, -1);
		if (k % (1000 / HZ) == 0)
			shim_jiffies++;
	}
	shim_trace_on = false;
	assert_in_range(shim_watched(), 1, 110);
	/* With room it goes where it is to go, at once. */
	shim_cpus_full(0);
	bind_to(0, 0);
	assert_int_equal(goes_to(0), 0x2);
}

/* No CPU has a vector left: nobody is asked again at once. */
static void no_vectors(void **state)
{
	static const s32 fds[] = { 2, 3, 4, 5 };
	unsigned long was;

	(void)state;
	rules_live(0, 1);
	shim_cpu_vectors(1);
	assert_int_equal(env_bind1(&e, 0, 1, 1), -ENOSPC);
	shim_cpu_vectors(-1);
	was = shim_remap_asked();
	shim_jiffies += HZ / 4 - 1;
	env_events_forget();
	assert_int_equal(env_bind(&e, 0, 2, 4, fds), -ENOSPC);
	assert_int_equal(env_event(0)->alert, IMS_ALERT_KIND_CPU_VECTORS);
	assert_int_equal(shim_remap_asked(), was);
	shim_jiffies += 1;
	assert_int_equal(env_bind1(&e, 0, 1, 1), 0);
	assert_true(env_fire_vector(&e, 0, 1));
}

#define affinity_rule(text, fn)	{ text, fn, setup, teardown, NULL }

RULES(rules_cpus,
	affinity_rule("affinity: the default is the kernel's, also when it is cleared", default_is_the_kernels),
	affinity_rule("affinity: the device's is the default of its vectors", the_devices_is_the_default),
	affinity_rule("affinity: cleared while the device's CPUs are offline", the_devices_can_go_offline),
	affinity_rule("affinity: the device's has a CPU that is online", the_devices_must_be_online),
	affinity_rule("affinity: a Linux IRQ that is used again has none of before", reused_irqs_begin_anew),
	affinity_rule("affinity: an interrupt that goes elsewhere is told of", elsewhere_is_told),
	affinity_rule("affinity: also when it is not where the default is", default_elsewhere_is_told),
	affinity_rule("affinity: a CPU that is offline is told of", offline_is_told),
	affinity_rule("affinity: a loop of bindings that go elsewhere says so seldom", floods),
	affinity_rule("affinity: no CPU has a vector left: ENOSPC, and not asked again at once", no_vectors))
