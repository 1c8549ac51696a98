// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Thousands of vectors on one device, fired by hardware (ims_nvme.ko): as many
 * as the CPUs of this VM have room for. Nothing is lost and nothing arrives
 * elsewhere.
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
#include "../fire.h"

/* About 200 for each CPU. */
#define VECTORS_PER_CPU	180

#define LOAD_VECTORS	1000
#define LOAD_ROUNDS	50

#define REPLACE_VECTORS	8
#define REPLACE_SLOTS	1000

/* A leak of 16 bytes an interrupt would be more, what the system does is less. */
#define SLAB_KB		768

static int setup(void **state)
{
	static struct wq fn;

	case_open(&fn, 0);
	*state = &fn;
	return 0;
}

static int teardown(void **state)
{
	wq_close(*state);
	return 0;
}

/* Take what has arrived until @count interrupts have, each once. */
static void take_all(struct wq *fn, int epoll, uint32_t count)
{
	static uint8_t seen[WQ_VECTORS];
	uint64_t counted;
	uint32_t i;
	int vector;

	memset(seen, 0, sizeof(seen));
	for (i = 0; i < count; i++) {
		vector = fire_wait_any(fn, epoll, WQ_PATIENCE_MS, &counted);
		if (vector < 0)
			fail_msg("%u of %u interrupts are missing", count - i,
				 count);
		if (counted != 1 || seen[vector]++)
			fail_msg("vector %d counted twice", vector);
	}
}

static void assert_quiet(struct wq *fn, int epoll)
{
	uint64_t counted;

	assert_int_equal(fire_wait_any(fn, epoll, 0, &counted), -1);
}

/* Every vector's count by netlink, and their slots and IRQs. */
static void assert_delivered(struct wq *fn, uint32_t count, uint64_t each)
{
	static uint8_t slots[WQ_VECTORS];
	struct ims_vector_list *list;
	const struct ims_vector *v;
	struct ims_device *device;
	uint32_t i, slot, index;
	uint64_t number;

	memset(slots, 0, sizeof(slots));
	assert_int_equal(ims_device_get(fn->ctx, fn->name, &device), 0);
	assert_int_equal(ims_vector_list_get(fn->ctx, device, &list), 0);
	assert_int_equal(ims_vector_list_count(list), count);
	for (i = 0; i < count; i++) {
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
static uint32_t count_pended(struct wq *fn, uint64_t times)
{
	struct ims_vector_list *list;
	struct ims_device *device;
	uint32_t i, found = 0;
	uint64_t number;

	assert_int_equal(ims_device_get(fn->ctx, fn->name, &device), 0);
	assert_int_equal(ims_vector_list_get(fn->ctx, device, &list), 0);
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
static void fire_masked(struct wq *fn, uint32_t count, uint64_t times)
{
	int patience = WQ_PATIENCE_MS / 10;

	fire(fn, 0, count);
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
	struct wq *fn = *state;
	uint32_t count, i;
	uint64_t counted;
	int epoll;

	count = fire_bind_most(fn, WQ_VECTORS, 256);
	print_message("# %u vectors live on one device\n", count);
	assert_true(count >= VECTORS_PER_CPU * sysconf(_SC_NPROCESSORS_ONLN));
	epoll = fire_epoll(fn, count);

	fire(fn, 0, count);
	take_all(fn, epoll, count);
	assert_quiet(fn, epoll);

	for (i = 0; i < count; i++) {
		fire(fn, i, 1);
		assert_int_equal(fire_wait_any(fn, epoll, WQ_PATIENCE_MS,
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
	struct wq *fn = *state;
	uint32_t count = fire_bind_most(fn, WQ_VECTORS, 256);
	int epoll = fire_epoll(fn, count);

	assert_int_equal(ims_vfio_mask(fn->vfio, 0, count), 0);
	fire_masked(fn, count, 1);
	fire_masked(fn, count, 2);
	assert_quiet(fn, epoll);
	assert_int_equal(ims_vfio_unmask(fn->vfio, 0, count), 0);
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
static pid_t dump_start(struct wq *fn, atomic_uint *dumps)
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

	if (ims_ctx_new(&ctx) || ims_device_get(ctx, fn->name, &device))
		_exit(2);
	for (;;) {
		if (ims_vector_list_get(ctx, device, &list))
			_exit(3);
		if (ims_vector_list_count(list) != LOAD_VECTORS)
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

static void rounds(struct wq *fn, int epoll, uint32_t n)
{
	while (n--) {
		fire(fn, 0, LOAD_VECTORS);
		take_all(fn, epoll, LOAD_VECTORS);
	}
}

/* A tenth of the rounds first, so that caches are warm when memory is looked at. */
static void load_while_dumped_loses_nothing(void **state)
{
	struct wq *fn = *state;
	atomic_uint *dumps = mmap(NULL, sizeof(*dumps), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t before, after;
	int epoll;
	pid_t pid;

	assert_ptr_not_equal(dumps, MAP_FAILED);
	assert_int_equal(wq_bind(fn, 0, LOAD_VECTORS), 0);
	epoll = fire_epoll(fn, LOAD_VECTORS);

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
 * Unbinding a thousand while a second process has them fired. Here they are
 * fired again at once, so that not every message makes an interrupt of its own.
 */
static void disabling_while_fired(void **state)
{
	struct wq *fn = *state;
	uint64_t counted, seen = 0, delivered = 0;
	uint32_t i, fired;
	int epoll, status;
	pid_t pid;

	assert_int_equal(wq_bind(fn, 0, LOAD_VECTORS), 0);
	epoll = fire_epoll(fn, LOAD_VECTORS);
	fflush(stdout);
	pid = fork();
	assert_return_code(pid, 0);
	if (!pid)
		_exit(fire_command(fn, IMS_NVME_COMMAND_FIRE, 0, LOAD_VECTORS,
				   20) ? 1 : 0);
	for (i = 0; i < LOAD_VECTORS; i += 100)
		assert_int_equal(ims_vfio_unbind(fn->vfio, i, 100), 0);
	while (fire_wait_any(fn, epoll, 0, &counted) >= 0)
		seen += counted;
	/* Quiet from the moment that unbinding was over. */
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_quiet(fn, epoll);
	fired = wq_read(fn, IMS_NVME_REG_FIRED);
	for (i = 0; i < LOAD_VECTORS; i++)
		delivered += wq_number(fn, i, ims_vector_get_delivered);
	print_message("# %u fired, %lu delivered, %u met no slot\n", fired,
		      delivered, wq_read(fn, IMS_NVME_REG_REFUSED));
	assert_int_equal(seen, delivered);
	assert_true(delivered <= fired);
	close(epoll);
}

/*
 * A process that gives vectors other cookies over and over: each at once, then
 * all at the next allocation, which is when they are bound. This store cannot
 * change a cookie in place: it is another slot each time.
 */
static pid_t replace_start(struct wq *fn, atomic_uint *replaced)
{
	struct ims_vector_config *config;
	struct ims_device *device;
	struct ims_ctx *ctx;
	uint64_t cookie;
	uint32_t i;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	assert_return_code(pid, 0);
	if (pid)
		return pid;

	if (ims_ctx_new(&ctx) || ims_device_get(ctx, fn->name, &device) ||
	    ims_vector_config_new(&config))
		_exit(2);
	for (cookie = 1;; cookie++) {
		if (ims_vector_config_set_cookie(config, cookie) ||
		    ims_vector_config_set_cookie_mode(config, cookie % 2 ?
						      IMS_COOKIE_MODE_NOW :
						      IMS_COOKIE_MODE_NEXT))
			_exit(3);
		for (i = 0; i < REPLACE_VECTORS; i++)
			if (ims_vector_configure(ctx, device, i, config, 0))
				_exit(4);
		if (cookie % 2 == 0 && wq_bind(fn, 0, REPLACE_VECTORS))
			_exit(5);
		atomic_fetch_add(replaced, REPLACE_VECTORS);
	}
}

/*
 * Hardware fires vectors whose slots are being replaced, each one into a slot
 * that is in force, and waits for the signal before it fires again: where an
 * interrupt is lost, it waits in vain. There may be more signals than that.
 */
static void replacing_slots_loses_nothing(void **state)
{
	struct wq *fn = *state;
	static bool missing[REPLACE_VECTORS];
	atomic_uint *replaced = mmap(NULL, sizeof(*replaced),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t counted, seen = 0, delivered = 0;
	uint32_t i, left, round = 0;
	int epoll, vector;
	pid_t pid;

	assert_ptr_not_equal(replaced, MAP_FAILED);
	assert_int_equal(wq_bind(fn, 0, REPLACE_VECTORS), 0);
	epoll = fire_epoll(fn, REPLACE_VECTORS);
	pid = replace_start(fn, replaced);
	while (atomic_load(replaced) < REPLACE_SLOTS) {
		round++;
		while (fire_wait_any(fn, epoll, 0, &counted) >= 0)
			seen += counted;
		memset(missing, true, sizeof(missing));
		fire(fn, 0, REPLACE_VECTORS);
		for (left = REPLACE_VECTORS; left;) {
			vector = fire_wait_any(fn, epoll, WQ_PATIENCE_MS / 4,
					       &counted);
			if (vector < 0)
				break;
			seen += counted;
			left -= missing[vector];
			missing[vector] = false;
		}
		if (left)
			fail_msg("round %u: %u interrupts are missing", round,
				 left);
	}
	child_end(pid);
	while (fire_wait_any(fn, epoll, 0, &counted) >= 0)
		seen += counted;
	for (i = 0; i < REPLACE_VECTORS; i++) {
		delivered += wq_number(fn, i, ims_vector_get_delivered);
		assert_int_equal(wq_number(fn, i, ims_vector_get_dropped), 0);
	}
	print_message("# %u fired, %lu signals, %u slots replaced\n",
		      round * REPLACE_VECTORS, seen, atomic_load(replaced));
	assert_int_equal(seen, delivered);
	close(epoll);
	munmap(replaced, sizeof(*replaced));
}

#define scale_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		scale_test(thousands_fire_once_each),
		scale_test(thousands_wait_for_unmasking),
		scale_test(load_while_dumped_loses_nothing),
		scale_test(disabling_while_fired),
		scale_test(replacing_slots_loses_nothing),
	};

	return cmocka_run_group_tests_name("scale", tests, NULL, NULL);
}
