// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Thousands of vectors on one device, raised by hardware (ims_siov.ko): as many
 * as the CPUs of this VM have room for. Nothing is lost and nothing arrives
 * elsewhere. Vector 0 is emulated; what is raised are vectors from 1 on.
 *
 * An edge-triggered interrupt that is fired again before the CPU has taken it
 * makes one of the two, as on any hardware. So no vector here is fired again
 * before its eventfd has counted the interrupt before: then the messages that
 * the controller has written, what the eventfds have counted and what netlink
 * shows are one number.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"

/* About 200 for each CPU. */
#define VECTORS_PER_CPU	180

#define LOAD_VECTORS	1000
#define LOAD_ROUNDS	50

/* A leak of 16 bytes an interrupt would be more, what the system does is less. */
#define SLAB_KB		768

static int setup(void **state)
{
	static struct portal fn;

	case_open_portal(&fn, 0);
	*state = &fn;
	return 0;
}

static int teardown(void **state)
{
	portal_close(*state);
	return 0;
}

/* Take what has arrived until @count interrupts have, each once. */
static void take_all(struct portal *fn, int epoll, uint32_t count)
{
	static uint8_t seen[WQ_VECTORS];
	uint64_t counted;
	uint32_t i;
	int vector;

	memset(seen, 0, sizeof(seen));
	for (i = 0; i < count; i++) {
		vector = portal_wait_any(fn, epoll, WQ_PATIENCE_MS, &counted);
		if (vector < 0)
			fail_msg("%u of %u interrupts are missing", count - i,
				 count);
		if (counted != 1 || seen[vector]++)
			fail_msg("vector %d counted twice", vector);
	}
}

static void assert_quiet(struct portal *fn, int epoll)
{
	uint64_t counted;

	assert_int_equal(portal_wait_any(fn, epoll, 0, &counted), -1);
}

/* Every vector's count by netlink, and their slots and IRQs. */
static void assert_delivered(struct portal *fn, uint32_t count, uint64_t each)
{
	static uint8_t slots[WQ_VECTORS];
	struct ims_vector_list *list;
	const struct ims_vector *v;
	struct ims_device *device;
	uint32_t i, slot, index;
	uint64_t number;

	memset(slots, 0, sizeof(slots));
	assert_int_equal(ims_device_get(fn->wq.ctx, fn->wq.name, &device), 0);
	assert_int_equal(ims_vector_list_get_by_device(fn->wq.ctx, device, &list), 0);
	assert_int_equal(ims_vector_list_count(list), 1 + count);
	for (i = 1; i <= count; i++) {
		v = ims_vector_list_at(list, i);
		assert_int_equal(ims_vector_get_index(v, &index), 0);
		assert_int_equal(index, i);
		assert_int_equal(ims_vector_get_delivered(v, &number), 0);
		assert_int_equal(number, each);
		assert_int_equal(ims_vector_get_dropped(v, &number), 0);
		assert_int_equal(number, 0);
		assert_int_equal(ims_vector_get_slot(v, &slot), 0);
		assert_int_equal(slots[slot]++, 0);
	}
	ims_vector_list_free(list);
	ims_device_free(device);
}

/* How many vectors have met their mask @times times? */
static uint32_t count_pended(struct portal *fn, uint64_t times)
{
	struct ims_vector_list *list;
	struct ims_device *device;
	uint32_t i, found = 0;
	uint64_t number;

	assert_int_equal(ims_device_get(fn->wq.ctx, fn->wq.name, &device), 0);
	assert_int_equal(ims_vector_list_get_by_device(fn->wq.ctx, device, &list), 0);
	for (i = 0; i < ims_vector_list_count(list); i++) {
		assert_int_equal(ims_vector_get_pended(ims_vector_list_at(list, i),
						       &number), 0);
		found += number == times;
	}
	ims_vector_list_free(list);
	ims_device_free(device);
	return found;
}

/*
 * Fire all, and wait until the handlers have run: a message that is written may
 * be on its way to a CPU for a while.
 */
static void fire_masked(struct portal *fn, uint32_t count, uint64_t times)
{
	int patience = WQ_PATIENCE_MS / 10;

	fire(fn, 1, count);
	while (count_pended(fn, times) != count) {
		if (!patience--)
			fail_msg("not all have met their mask %d times",
				 (int)times);
		usleep(10000);
	}
}

/*
 * All at once, then one after the other, which finds out if two of them have
 * changed places.
 */
static void thousands_fire_once_each(void **state)
{
	struct portal *fn = *state;
	uint32_t count, i;
	uint64_t counted;
	int epoll;

	count = portal_bind_most(fn, WQ_VECTORS - 1, 256);
	print_message("# %u vectors live on one device\n", count);
	assert_true(count >= VECTORS_PER_CPU * sysconf(_SC_NPROCESSORS_ONLN));
	epoll = portal_epoll(fn, 1, count);

	fire(fn, 1, count);
	take_all(fn, epoll, count);
	assert_quiet(fn, epoll);

	for (i = 1; i <= count; i++) {
		fire(fn, i, 1);
		assert_int_equal(portal_wait_any(fn, epoll, WQ_PATIENCE_MS,
					       &counted), i);
		assert_int_equal(counted, 1);
	}
	assert_quiet(fn, epoll);
	assert_delivered(fn, count, 2);
	close(epoll);
}

/* Vectors that are masked keep one interrupt back each, thousands of them. */
static void thousands_wait_for_unmasking(void **state)
{
	struct portal *fn = *state;
	uint32_t count = portal_bind_most(fn, WQ_VECTORS - 1, 256);
	int epoll = portal_epoll(fn, 1, count);

	assert_int_equal(ims_vfio_mask(fn->wq.vfio, 1, count), 0);
	fire_masked(fn, count, 1);
	fire_masked(fn, count, 2);
	assert_quiet(fn, epoll);
	assert_int_equal(ims_vfio_unmask(fn->wq.vfio, 1, count), 0);
	take_all(fn, epoll, count);
	assert_quiet(fn, epoll);
	close(epoll);
}

static uint64_t slab_kb(void)
{
	uint64_t kb = 0;
	char line[128];
	FILE *file;

	/* The CPUs add up what they have counted when this is opened and read. */
	file = fopen("/proc/sys/vm/stat_refresh", "r");
	assert_non_null(file);
	fgetc(file);
	fclose(file);

	file = fopen("/proc/meminfo", "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "SUnreclaim: %lu", &kb) == 1)
			break;
	fclose(file);
	assert_int_not_equal(kb, 0);
	return kb;
}

/* A process that dumps the vectors over and over; each dump must be whole. */
static pid_t dump_start(struct portal *fn, atomic_uint *dumps)
{
	struct ims_vector_list *list;
	struct ims_device *device;
	struct ims_ctx *ctx;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	assert_return_code(pid, 0);
	if (pid)
		return pid;

	if (ims_ctx_new(&ctx) || ims_device_get(ctx, fn->wq.name, &device))
		_exit(2);
	for (;;) {
		if (ims_vector_list_get_by_device(ctx, device, &list))
			_exit(3);
		if (ims_vector_list_count(list) != 1 + LOAD_VECTORS)
			_exit(4);
		ims_vector_list_free(list);
		atomic_fetch_add(dumps, 1);
	}
}

static void child_end(pid_t pid)
{
	int status;

	assert_return_code(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* Killed, and not ended by itself before. */
	assert_true(WIFSIGNALED(status));
}

static void rounds(struct portal *fn, int epoll, uint32_t n)
{
	while (n--) {
		fire(fn, 1, LOAD_VECTORS);
		take_all(fn, epoll, LOAD_VECTORS);
	}
}

/* A tenth of the rounds first, so that caches are warm when memory is looked at. */
static void load_while_dumped_loses_nothing(void **state)
{
	struct portal *fn = *state;
	atomic_uint *dumps = mmap(NULL, sizeof(*dumps), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t before, after;
	int epoll;
	pid_t pid;

	assert_ptr_not_equal(dumps, MAP_FAILED);
	assert_int_equal(portal_bind(fn, 1, LOAD_VECTORS), 0);
	epoll = portal_epoll(fn, 1, LOAD_VECTORS);

	pid = dump_start(fn, dumps);
	rounds(fn, epoll, LOAD_ROUNDS / 10);
	before = slab_kb();
	rounds(fn, epoll, LOAD_ROUNDS);
	while (atomic_load(dumps) < 3)
		usleep(1000);
	after = slab_kb();
	child_end(pid);

	print_message("# %u interrupts over %u vectors, %u dumps meanwhile; slab %lu KB, then %lu KB\n",
		      LOAD_VECTORS * LOAD_ROUNDS, LOAD_VECTORS,
		      atomic_load(dumps), before, after);
	assert_quiet(fn, epoll);
	assert_delivered(fn, LOAD_VECTORS, LOAD_ROUNDS / 10 + LOAD_ROUNDS);
	assert_true(after < before + SLAB_KB);
	close(epoll);
	munmap(dumps, sizeof(*dumps));
}

/*
 * Unbinding a thousand while a second process has them raised. Here they are
 * raised again at once, so that not every message makes an interrupt of its own.
 */
static void disabling_while_fired(void **state)
{
	struct portal *fn = *state;
	uint64_t counted, seen = 0, delivered = 0;
	uint32_t i, raised;
	int epoll, status;
	pid_t pid;

	assert_int_equal(portal_bind(fn, 1, LOAD_VECTORS), 0);
	epoll = portal_epoll(fn, 1, LOAD_VECTORS);
	fflush(stdout);
	pid = fork();
	assert_return_code(pid, 0);
	if (!pid) {
		for (i = 0; i < 20; i++)
			portal_fire(fn, 1, LOAD_VECTORS);
		_exit(0);
	}
	for (i = 1; i <= LOAD_VECTORS; i += 100)
		assert_int_equal(portal_unbind(fn, i, 100), 0);
	while (portal_wait_any(fn, epoll, 0, &counted) >= 0)
		seen += counted;
	/* Quiet from the moment that unbinding was over. */
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_quiet(fn, epoll);
	raised = wq_read(&fn->wq, IMS_SIOV_REG_INTERRUPTS);
	for (i = 1; i <= LOAD_VECTORS; i++)
		delivered += wq_number(&fn->wq, i, ims_vector_get_delivered);
	print_message("# %u raised, %lu delivered, %u met no slot\n", raised,
		      delivered, wq_read(&fn->wq, IMS_SIOV_REG_ERRORS));
	assert_int_equal(seen, delivered);
	assert_true(delivered > 0 && delivered <= raised);
	close(epoll);
}

#define scale_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		scale_test(thousands_fire_once_each),
		scale_test(thousands_wait_for_unmasking),
		scale_test(load_while_dumped_loses_nothing),
		scale_test(disabling_while_fired),
	};

	return cmocka_run_group_tests_name("scale", tests, NULL, NULL);
}
