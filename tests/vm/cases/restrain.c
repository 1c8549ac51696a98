// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vectors that an administrator holds (quiet) or limits, while the device
 * (ims_siov.ko) raises their interrupts. The clock decides nothing but how many a
 * limit may let pass; a machine that is slow makes a test longer, or says so.
 */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "case.h"

#define VECTORS	16

#define LIMIT	10000

/* Seconds that are looked at, at most, until some have their share */
#define SECONDS	40
#define ENOUGH	5

static void quiet_range(struct portal *fn, uint32_t first, uint32_t count, bool on)
{
	struct ims_device *device;

	assert_int_equal(ims_device_get(fn->wq.ctx, fn->wq.name, &device), 0);
	assert_int_equal(ims_vector_quiet_range(fn->wq.ctx, device, first, count,
						on, 0), 0);
	ims_device_free(device);
}

static void limit_rate(struct portal *fn, uint32_t vector, uint32_t rate)
{
	struct ims_device *device;

	assert_int_equal(ims_device_get(fn->wq.ctx, fn->wq.name, &device), 0);
	assert_int_equal(ims_vector_rate_limit_range(fn->wq.ctx, device, vector, 1,
						     rate, 0), 0);
	ims_device_free(device);
}

static bool is(struct portal *fn, uint32_t vector,
	       bool (*get)(const struct ims_vector *))
{
	struct ims_vector *v = wq_vector(&fn->wq, vector);
	bool ret = get(v);

	ims_vector_free(v);
	return ret;
}

/* What is raised at a quiet vector waits at its slot, which is the guest's still. */
static void kept_at_the_slot(void **state)
{
	struct portal *fns = *state, *fn = &fns[0];
	uint32_t slot, i;

	assert_int_equal(portal_bind(fn, 1, 2), 0);
	assert_int_equal(portal_bind(&fns[1], 1, 1), 0);
	slot = wq_number32(&fn->wq, 1, ims_vector_get_slot);
	quiet_range(fn, 1, 1, true);
	assert_int_equal(wq_number32(&fn->wq, 1, ims_vector_get_state),
			 IMS_VECTOR_STATE_HELD);
	assert_true(is(fn, 1, ims_vector_is_quiet));
	assert_false(is(fn, 1, ims_vector_is_pending));
	for (i = 0; i < 5; i++)
		fire(fn, 1, 1);
	fire(fn, 2, 1);
	fire(&fns[1], 1, 1);
	assert_int_equal(wq_wait(&fn->wq, 2), 1);
	assert_int_equal(wq_wait(&fns[1].wq, 1), 1);
	assert_true(is(fn, 1, ims_vector_is_pending));
	assert_int_equal(wq_take(&fn->wq, 1), 0);
	/* No CPU has seen them. */
	assert_int_equal(wq_number(&fn->wq, 1, ims_vector_get_delivered), 0);
	assert_int_equal(wq_number(&fn->wq, 1, ims_vector_get_pended), 0);

	quiet_range(fn, 1, 1, false);
	assert_int_equal(wq_wait(&fn->wq, 1), 1);
	assert_int_equal(wq_number32(&fn->wq, 1, ims_vector_get_state),
			 IMS_VECTOR_STATE_LIVE);
	assert_int_equal(wq_number32(&fn->wq, 1, ims_vector_get_slot), slot);
	fire(fn, 1, 1);
	assert_int_equal(wq_wait(&fn->wq, 1), 1);
	assert_int_equal(wq_number(&fn->wq, 1, ims_vector_get_delivered), 2);
}

/* Vector 0 is emulated: the driver signals it when something has happened. */
static void emulated_keeps_its_signal(void **state)
{
	struct portal *fns = *state, *fn = &fns[0];
	uint64_t pended;

	assert_int_equal(wq_bind(&fn->wq, 0, 1), 0);
	assert_int_equal(portal_bind(fn, 1, 1), 0);
	wq_take(&fn->wq, 0);
	quiet_range(fn, 0, 1, true);
	pended = wq_number(&fn->wq, 0, ims_vector_get_pended);
	/* A handle that is none is an error, which vector 0 tells. */
	fn->handles[2] = PORTAL_NO_HANDLE;
	assert_int_equal(portal_fire(fn, 2, 1), 1);
	while (wq_number(&fn->wq, 0, ims_vector_get_pended) == pended)
		usleep(1000);
	assert_int_equal(wq_take(&fn->wq, 0), 0);
	assert_true(is(fn, 0, ims_vector_is_pending));
	quiet_range(fn, 0, 1, false);
	assert_true(wq_wait(&fn->wq, 0) > 0);
}

static struct {
	struct portal *fn;
	atomic_bool stop;
	atomic_uint done;
} admin;

/* Holds half of the vectors, or the others, and then none. */
static void *admin_holds(void *arg)
{
	static uint32_t indexes[2][VECTORS / 2];
	struct ims_device *device;
	struct ims_ctx *ctx;
	uint32_t i;

	(void)arg;
	for (i = 0; i < VECTORS; i++)
		indexes[i % 2][i / 2] = i + 1;
	if (ims_ctx_new(&ctx) || ims_device_get(ctx, admin.fn->wq.name, &device))
		errx(1, "no device");
	for (; !admin.stop; admin.done++) {
		for (i = 0; i < 2; i++)
			if (ims_vector_quiet_list(ctx, device,
						  indexes[(admin.done + i) % 2],
						  VECTORS / 2, !i, 0))
				errx(1, "%s", ims_error_get_message(
						ims_ctx_get_error(ctx)));
		if (ims_vector_quiet_range(ctx, device, 1, VECTORS, false, 0))
			errx(1, "the hold does not end");
	}
	ims_device_free(device);
	ims_ctx_free(ctx);
	return NULL;
}

/* No vector is raised again before its eventfd has counted the one before. */
static void held_under_load(void **state)
{
	struct portal *fns = *state, *fn = &fns[0];
	uint32_t round, v, arrived;
	pthread_t thread;
	int patience;

	assert_int_equal(portal_bind(fn, 1, VECTORS), 0);
	admin.fn = fn;
	admin.stop = false;
	admin.done = 0;
	assert_int_equal(pthread_create(&thread, NULL, admin_holds, NULL), 0);
	for (round = 0; round < 300 || admin.done < 300; round++) {
		fire(fn, 1, VECTORS);
		patience = WQ_PATIENCE_MS * 10;
		for (arrived = 0; arrived < VECTORS; usleep(100)) {
			for (v = 1; v <= VECTORS; v++)
				arrived += wq_take(&fn->wq, v);
			if (!patience--)
				fail_msg("round %u: %u of %u are missing", round,
					 VECTORS - arrived, VECTORS);
		}
		assert_int_equal(arrived, VECTORS);
	}
	admin.stop = true;
	assert_int_equal(pthread_join(thread, NULL), 0);
	for (v = 1; v <= VECTORS; v++) {
		assert_int_equal(wq_take(&fn->wq, v), 0);
		assert_false(is(fn, v, ims_vector_is_pending));
	}
	print_message("# %u interrupts, each once, under %u holds\n",
		      round * VECTORS, admin.done);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void stay_on_cpu(pid_t pid, uint32_t cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(pid, sizeof(cpus), &cpus))
		err(1, "process %d on CPU %u", pid, cpu);
}

/*
 * The device executes on the CPU that handles the interrupt, or those that meet one
 * not handled yet would be one with it: an emulator's CPUs take turns.
 */
static void device_stays_on_cpu(uint32_t cpu)
{
	char path[64], comm[32];
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	FILE *file;

	if (!dir)
		err(1, "/proc");
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%.20s/comm", entry->d_name);
		file = fopen(path, "re");
		if (!file)
			continue;
		if (fgets(comm, sizeof(comm), file) && !strncmp(comm, "ims_siov", 8))
			stay_on_cpu(atoi(entry->d_name), cpu);
		fclose(file);
	}
	closedir(dir);
}

static struct {
	struct portal *fn;
	uint32_t irq;
	uint32_t cpu;
	atomic_bool stop;
} load;

/* As its hardware would, and faster than it: tests/vm/inject. On that CPU, too. */
static void *injects(void *arg)
{
	int fd = open("/sys/kernel/debug/ims_inject", O_WRONLY | O_CLOEXEC);
	char text[32];

	(void)arg;
	if (fd < 0)
		err(1, "ims_inject");
	stay_on_cpu(0, load.cpu);
	snprintf(text, sizeof(text), "%u 1000", load.irq);
	while (!load.stop)
		if (write(fd, text, strlen(text)) < 0)
			err(1, "ims_inject: %s", text);
	close(fd);
	return NULL;
}

static void *fires(void *arg)
{
	(void)arg;
	device_stays_on_cpu(load.cpu);
	while (!load.stop)
		portal_raise(load.fn, 1);
	portal_settle(load.fn);
	return NULL;
}

/* How many pass in the second that begins now, which lasts *@seconds */
static uint64_t second(struct portal *fn, double *seconds)
{
	double from = now();
	uint64_t n;

	wq_take(&fn->wq, 1);
	do {
		usleep(1000);
		*seconds = now() - from;
	} while (*seconds < 1);
	n = wq_take(&fn->wq, 1);
	/* A wait before the first look or behind the last makes it longer. */
	*seconds = now() - from;
	return n;
}

/* A limit while the vector is raised at full speed by @how */
static void limited(struct portal *fn, const char *name, void *(*how)(void *))
{
	uint32_t limit = LIMIT, good = 0, i;
	uint64_t free_run, n, least = UINT64_MAX, most = 0;
	pthread_t thread;
	double seconds;

	assert_int_equal(portal_bind(fn, 1, 1), 0);
	load.fn = fn;
	load.irq = wq_number32(&fn->wq, 1, ims_vector_get_irq);
	load.cpu = wq_number32(&fn->wq, 1, ims_vector_get_cpu);
	load.stop = false;
	assert_int_equal(pthread_create(&thread, NULL, how, NULL), 0);
	free_run = second(fn, &seconds) / seconds;
	if (free_run < 2 * LIMIT) {
		limit = free_run / 4 + 1;
		print_message("# %s: this machine raises %llu a second, not %u: the limit is %u\n",
			      name, (unsigned long long)free_run, 2 * LIMIT, limit);
	}
	limit_rate(fn, 1, limit);
	/* What had been saved, and what passed before the limit was there */
	second(fn, &seconds);
	for (i = 0; i < SECONDS && good < ENOUGH; i++) {
		n = second(fn, &seconds);
		/* Never more than a tenth above, whatever the machine does. */
		if (n > (limit + limit / 10 + 1) * seconds + 1)
			fail_msg("%s: %llu passed a limit of %u in %.3f s", name,
				 (unsigned long long)n, limit, seconds);
		if (n >= limit)
			good++;
		least = n < least ? n : least;
		most = n > most ? n : most;
	}
	print_message("# %s: %llu a second without a limit; %u: %llu to %llu, %u of %u seconds have as many\n",
		      name, (unsigned long long)free_run, limit,
		      (unsigned long long)least, (unsigned long long)most, good, i);
	assert_true(wq_number(&fn->wq, 1, ims_vector_get_throttles) > 0);
	limit_rate(fn, 1, 0);
	n = second(fn, &seconds) / seconds;
	load.stop = true;
	assert_int_equal(pthread_join(thread, NULL), 0);
	/* The machine may have become slow, or does nothing else for a while. */
	if (n < 2 * limit)
		print_message("# %s: without the limit it is %llu a second now\n",
			      name, (unsigned long long)n);
	else if (good < ENOUGH)
		fail_msg("%s: a limit of %u lets less pass", name, limit);
	assert_false(is(fn, 1, ims_vector_is_throttled));
	assert_false(is(fn, 1, ims_vector_is_pending));
	wq_take(&fn->wq, 1);
}

static void limited_by_hardware(void **state)
{
	struct portal *fns = *state;

	limited(&fns[0], "by hardware", fires);
}

static void limited_at_full_speed(void **state)
{
	struct portal *fns = *state;

	limited(&fns[0], "injected", injects);
}

/* Each of these is the last one, until it has been seen. */
static void the_last_is_never_missing(void **state)
{
	static const struct {
		uint32_t limit;
		uint32_t rounds;
	} ways[] = { { 20, 60 }, { 500, 2000 }, { 3000, 5000 } };
	struct portal *fns = *state, *fn = &fns[0];
	uint32_t i, round;

	assert_int_equal(portal_bind(fn, 1, 1), 0);
	for (i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		limit_rate(fn, 1, ways[i].limit);
		for (round = 0; round < ways[i].rounds; round++) {
			fire(fn, 1, 1);
			if (wq_wait(&fn->wq, 1) != 1)
				fail_msg("limit %u: interrupt %u is missing",
					 ways[i].limit, round);
		}
		print_message("# limit %u: %u interrupts, %llu pauses\n",
			      ways[i].limit, round,
			      (unsigned long long)wq_number(&fn->wq, 1,
						ims_vector_get_throttles));
	}
	limit_rate(fn, 1, 0);
	assert_int_equal(wq_take(&fn->wq, 1), 0);
	/* The first limit is so low that it was met. */
	assert_true(wq_number(&fn->wq, 1, ims_vector_get_throttles) > 0);
	assert_int_equal(wq_number(&fn->wq, 1, ims_vector_get_dropped), 0);
}

#define restrain_test(f)	\
	cmocka_unit_test_setup_teardown(f, case_open_two, case_close_two)

int main(void)
{
	const struct CMUnitTest tests[] = {
		restrain_test(kept_at_the_slot),
		restrain_test(emulated_keeps_its_signal),
		restrain_test(held_under_load),
		restrain_test(the_last_is_never_missing),
		restrain_test(limited_by_hardware),
		restrain_test(limited_at_full_speed),
	};

	return cmocka_run_group_tests_name("restrain", tests, NULL, NULL);
}
