// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules of semantics.md, one test each: what they have in common.
 */
#include "rules.h"

struct env e;

static void open_fds(void)
{
	int fd;

	for (fd = 0; fd < 16; fd++)
		assert_int_equal(shim_fd_eventfd(fd), fd);
	shim_fd_file(FILE_FD);
}

int rules_setup(void **state)
{
	(void)state;
	env_init(&e, 8, 0);
	open_fds();
	assert_int_equal(env_open(&e, 0, VECTORS), 0);
	shim_log_reset();
	shim_trace_on = true;
	return 0;
}

int rules_teardown(void **state)
{
	const char *told = env_table_wrong();

	(void)state;
	/* Whatever the test was about, who listens knows what has become of it. */
	if (told)
		print_error("listeners: %s\n", told);
	shim_trace_on = false;
	shim_watch(NULL);
	shim_sync_hook = NULL;
	shim_eventfd_on_signal(NULL);
	shim_affinity_rewrites(false);
	shim_cpu_online.bits = 0xf;
	shim_remap_error(-ENOMEM);
	shim_remap_entries(-1);
	shim_bypass_hook = NULL;
	shim_bypass_consumers_go();
	shim_bypass_walks = true;
	ims_bypass_default = IMS_BYPASS_MODE_AUTO;
	return env_fini(&e) || told;
}

void rules_again(u32 hwsize, unsigned int flags)
{
	assert_int_equal(env_fini(&e), 0);
	env_init(&e, hwsize, flags);
	open_fds();
}

void rules_live(u32 start, u32 count)
{
	static const s32 fds[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

	assert_int_equal(env_bind(&e, 0, start, count, fds), 0);
}

void rules_loopback(u32 start, u32 count)
{
	assert_int_equal(env_irqs(&e, 0, TRIGGER | NONE, start, count, NULL), 0);
}

void rules_emulated_live(u32 start, u32 count)
{
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], start, count), 0);
	rules_live(start, count);
}

void rules_state(u32 vector, int state)
{
	assert_int_equal(env_get(&e, 0, vector).state, state);
}

void rules_counts(const unsigned int *counts, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		assert_int_equal(env_count((int)i), i < nr ? counts[i] : 0);
}

void rules_no_signals(void)
{
	rules_counts(NULL, 0);
}

struct ims_vdev *rules_lock_vdev(void)
{
	struct ims_vdev *vdev = ims_vdev_get(&e.ims[0]);

	assert_non_null(vdev);
	ims_vdev_lock(vdev);
	return vdev;
}

void rules_unlock_vdev(struct ims_vdev *vdev)
{
	ims_vdev_unlock(vdev);
	ims_vdev_put(vdev);
}

/* The parent has as many entries as are taken, and no more. */
void rules_no_entries(void)
{
	struct shim_counts c;

	shim_counts(&c);
	shim_remap_entries(c.remap_entries);
}

int rules_affinity(u32 vector, unsigned long cpus)
{
	struct cpumask mask = { cpus };

	return WITH_VDEV(env_set_affinity(vdev, vector, cpus ? &mask : NULL));
}

void rules_reset(u32 start, u32 count)
{
	struct ims_vdev *vdev = rules_lock_vdev();

	ims_stats_reset(vdev, start, count);
	rules_unlock_vdev(vdev);
}

struct ims_vector_snapshot rules_snapshot(u32 vector)
{
	struct ims_vdev *vdev = ims_vdev_get(&e.ims[0]);
	struct ims_vector_snapshot now;

	assert_non_null(vdev);
	rcu_read_lock();
	assert_int_equal(ims_vector_snapshot(vdev, vector, &now), 0);
	rcu_read_unlock();
	ims_vdev_put(vdev);
	return now;
}

struct ims_vdev_snapshot rules_vdev_snapshot(void)
{
	struct ims_vdev *vdev = ims_vdev_get(&e.ims[0]);
	struct ims_vdev_snapshot now;

	assert_non_null(vdev);
	assert_int_equal(ims_vdev_snapshot(vdev, &now), 0);
	ims_vdev_put(vdev);
	return now;
}

int rules_block_restrain(u32 start, u32 count, struct ims_restraint r)
{
	return WITH_VDEV(ims_block_restrain(vdev, start, count, NULL, &r));
}

void rules_quiet(u32 vector, bool on)
{
	assert_int_equal(rules_block_restrain(vector, 1, (struct ims_restraint) {
		.set_quiet = true, .quiet = on }), 0);
}

void rules_limit_rate(u32 vector, u32 rate)
{
	assert_int_equal(rules_block_restrain(vector, 1, (struct ims_restraint) {
		.set_rate = true, .rate = rate }), 0);
}

int rules_device_limit(u32 rate)
{
	struct ims_vdev *vdev = rules_lock_vdev();
	int ret = ims_rate_prepare(vdev, rate);

	if (!ret)
		ims_rate_set(vdev, rate);
	rules_unlock_vdev(vdev);
	return ret;
}

bool rules_slot_masked(u32 vector)
{
	int slot = env_hwirq(&e, 0, vector);

	assert_true(slot >= 0);
	return e.slots[slot].masked;
}

int main(void)
{
	static struct CMUnitTest tests[500];
	size_t nr = 0;

	nr += rules_table(tests + nr);
	nr += rules_input(tests + nr);
	nr += rules_block(tests + nr);
	nr += rules_cookie(tests + nr);
	nr += rules_replace(tests + nr);
	nr += rules_signal(tests + nr);
	nr += rules_life(tests + nr);
	nr += rules_store(tests + nr);
	nr += rules_entries(tests + nr);
	nr += rules_control(tests + nr);
	nr += rules_events(tests + nr);
	nr += rules_figures(tests + nr);
	nr += rules_hold(tests + nr);
	nr += rules_revoke(tests + nr);
	nr += rules_driver(tests + nr);
	nr += rules_slots(tests + nr);
	nr += rules_power(tests + nr);
	nr += rules_cpus(tests + nr);
	nr += rules_readers(tests + nr);
	nr += rules_bypass(tests + nr);
	nr += rules_restrain(tests + nr);
	nr += rules_limit(tests + nr);
	nr += rules_configure(tests + nr);
	return _cmocka_run_group_tests("engine rules", tests, nr, NULL, NULL);
}
