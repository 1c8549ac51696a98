// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vectors that change while interrupts arrive: what is injected (ims_inject.ko)
 * is found again, in the eventfds and in the counts.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "case.h"

#define VECTOR		1
#define CHUNK		50
#define EVENTFDS	4

/* A thread that injects interrupts into one Linux IRQ until told to stop. */
struct load {
	pthread_t thread;
	uint32_t irq;
	atomic_bool stop;
	atomic_uint injected;
	uint64_t counted;	/* by the kernel, before */
	bool refused;
};

static void *load_thread(void *arg)
{
	struct load *load = arg;
	char text[32];
	int fd, len;

	len = snprintf(text, sizeof(text), "%u %u", load->irq, CHUNK);
	fd = open("/sys/kernel/debug/ims_inject", O_WRONLY);
	while (!atomic_load(&load->stop) && !load->refused) {
		if (write(fd, text, len) == len)
			atomic_fetch_add(&load->injected, CHUNK);
		else
			load->refused = true;
	}
	close(fd);
	return NULL;
}

static void run_on(pthread_t thread, int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	pthread_setaffinity_np(thread, sizeof(set), &set);
}

/*
 * Interrupts are raised and handled on one CPU and their vector is changed on
 * another: both get their share of what the emulator gives. Where there is one
 * CPU only, that is all there is.
 */
static void load_spread(struct load *load)
{
	char path[64];
	FILE *file;

	run_on(pthread_self(), 0);
	run_on(load->thread, 1);
	snprintf(path, sizeof(path), "/proc/irq/%u/smp_affinity", load->irq);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("2\n", file);
	fclose(file);
}

/* How often the kernel has met the interrupt, on all CPUs. */
static uint64_t kernel_count(uint32_t irq)
{
	unsigned long long count, sum = 0;
	char path[64], separator;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/irq/%u/per_cpu_count", irq);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fscanf(file, "%llu%c", &count, &separator) == 2)
		sum += count;
	fclose(file);
	return sum;
}

/* The state of the interrupt's thread, as in /proc/PID/stat; 0 if it has none. */
static char thread_state(uint32_t irq)
{
	char name[32], path[300], line[128], *end, state = 0;
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	FILE *file;

	assert_non_null(dir);
	snprintf(name, sizeof(name), "(irq/%u-", irq);
	while (!state && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (fgets(line, sizeof(line), file) && strstr(line, name)) {
			end = strrchr(line, ')');
			state = end ? end[2] : 0;
		}
		fclose(file);
	}
	closedir(dir);
	return state;
}

/* Returns when interrupts arrive. */
static void load_start(struct load *load, struct wq *wq)
{
	memset(load, 0, sizeof(*load));
	load->irq = wq_number32(wq, VECTOR, ims_vector_get_irq);
	assert_int_not_equal(load->irq, UINT32_MAX);
	load->counted = kernel_count(load->irq);
	assert_int_equal(pthread_create(&load->thread, NULL, load_thread, load),
			 0);
	load_spread(load);
	while (!atomic_load(&load->injected) && !load->refused)
		sched_yield();
}

/*
 * How often the handler has run. The kernel has met each interrupt that was injected.
 * Where handlers are threads (threadirqs, PREEMPT_RT), one that comes while the thread
 * has yet to run is one with that before: no loss, and told here. Elsewhere none is.
 */
static uint64_t load_end(struct load *load, struct wq *wq)
{
	uint64_t handled;
	bool thread;

	atomic_store(&load->stop, true);
	assert_int_equal(pthread_join(load->thread, NULL), 0);
	assert_int_equal(kernel_count(load->irq) - load->counted, load->injected);

	thread = thread_state(load->irq);
	while (thread && thread_state(load->irq) != 'S')
		sched_yield();
	handled = wq_number(wq, VECTOR, ims_vector_get_delivered) +
		  wq_number(wq, VECTOR, ims_vector_get_pended) +
		  wq_number(wq, VECTOR, ims_vector_get_dropped);
	if (thread)
		print_message("# merged in the interrupt's thread: %lld of %u\n",
			      (long long)(load->injected - handled), load->injected);
	else
		assert_int_equal(handled, load->injected);
	assert_true(handled <= load->injected);
	return handled;
}

static int setup(void **state)
{
	static struct wq wq;

	case_open(&wq, 0);
	assert_int_equal(wq_bind(&wq, 0, 3), 0);
	*state = &wq;
	return 0;
}

static int teardown(void **state)
{
	wq_close(*state);
	return 0;
}

static uint64_t take_all(struct wq *wq)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < EVENTFDS; i++)
		sum += wq_take(wq, 8 + i);
	return sum;
}

/*
 * An eventfd that was replaced is read at once and never again: an interrupt
 * that went to it later would be missing at the end.
 */
static void swaps_lose_nothing(void **state)
{
	struct wq *wq = *state;
	uint32_t slot = wq_number32(wq, VECTOR, ims_vector_get_slot);
	uint64_t seen = 0, injected;
	struct load load;
	int swap, fd, old = VECTOR;

	load_start(&load, wq);
	for (swap = 0; swap < 5000 || atomic_load(&load.injected) < 5000; swap++) {
		fd = wq_fd(wq, 8 + swap % EVENTFDS);
		assert_int_equal(ims_vfio_bind(wq->vfio, VECTOR, &fd, 1), 0);
		seen += wq_take(wq, old);
		old = 8 + swap % EVENTFDS;
		if (swap % 8 == 0)
			sched_yield();
	}
	injected = load_end(&load, wq);
	seen += wq_take(wq, old);

	print_message("# %d swaps, %llu interrupts\n", swap,
		      (unsigned long long)injected);
	assert_false(load.refused);
	assert_int_equal(seen, injected);
	assert_int_equal(take_all(wq), 0);
	assert_int_equal(wq_number(wq, VECTOR, ims_vector_get_delivered),
			 injected);
	assert_int_equal(wq_number(wq, VECTOR, ims_vector_get_replaced), swap);
	assert_int_equal(wq_number(wq, VECTOR, ims_vector_get_dropped), 0);
	assert_int_equal(wq_number32(wq, VECTOR, ims_vector_get_slot), slot);
	assert_int_equal(wq_number32(wq, VECTOR, ims_vector_get_irq), load.irq);
}

/* What meets a mask is counted, and makes one signal at unmask. */
static void masking_loses_nothing(void **state)
{
	struct wq *wq = *state;
	uint64_t injected, delivered, pended, seen = 0;
	struct load load;
	unsigned int before;
	int masks, met = 0;

	load_start(&load, wq);
	for (masks = 0; masks < 500; masks++) {
		assert_int_equal(ims_vfio_mask(wq->vfio, VECTOR, 1), 0);
		/* Quiet while masked, from the moment that the call is over. */
		seen += wq_take(wq, VECTOR);
		before = atomic_load(&load.injected);
		while (masks % 10 == 0 && before == atomic_load(&load.injected))
			sched_yield();
		assert_int_equal(wq_take(wq, VECTOR), 0);
		met += wq_read(wq, IMS_EDU_REG_PBA) >> VECTOR & 1;
		assert_int_equal(ims_vfio_unmask(wq->vfio, VECTOR, 1), 0);
	}
	injected = load_end(&load, wq);
	seen += wq_take(wq, VECTOR);

	delivered = wq_number(wq, VECTOR, ims_vector_get_delivered);
	pended = wq_number(wq, VECTOR, ims_vector_get_pended);
	print_message("# %d masks, %llu interrupts, %llu of them met one\n",
		      masks, (unsigned long long)injected,
		      (unsigned long long)pended);
	assert_false(load.refused);
	assert_int_equal(delivered + pended, injected);
	/* One signal for each mask that met interrupts. A first one may come
	 * between our look at the pending bit and the unmasking.
	 */
	assert_true(met >= masks / 10);
	assert_true(seen >= delivered + met);
	assert_true(seen <= delivered + masks);
}

/* A cookie that takes effect on a live vector, in place, loses nothing. */
static void cookies_lose_nothing(void **state)
{
	struct wq *wq = *state;
	struct load load;
	uint64_t n, injected;

	load_start(&load, wq);
	for (n = 0; n < 2000; n++) {
		wq_set_cookie(wq, VECTOR, n);
		assert_int_equal(wq_command(wq, IMS_EDU_COMMAND_APPLY_COOKIE,
					    VECTOR, NULL), IMS_EDU_ERR_NONE);
	}
	injected = load_end(&load, wq);
	assert_false(load.refused);
	assert_int_equal(wq_take(wq, VECTOR), injected);
	assert_int_equal(wq_number(wq, VECTOR, ims_vector_get_cookie), n - 1);
	assert_int_equal(wq_number32(wq, VECTOR, ims_vector_get_irq), load.irq);
}

/*
 * Reallocation of live vectors (a pending cookie, then a swap), binding and
 * unbinding: a neighbour under load does not notice.
 */
static void neighbours_are_not_disturbed(void **state)
{
	struct wq *wq = *state;
	uint64_t injected;
	struct load load;
	int n;

	load_start(&load, wq);
	for (n = 0; n < 300; n++) {
		wq_set_cookie(wq, 2, n);
		assert_int_equal(wq_bind(wq, 2, 1), 0);
		if (n % 3 == 0)
			assert_int_equal(ims_vfio_unbind(wq->vfio, 2, 1), 0);
		assert_int_equal(wq_bind(wq, 16, 8), 0);
		assert_int_equal(ims_vfio_unbind(wq->vfio, 16, 8), 0);
	}
	injected = load_end(&load, wq);
	assert_false(load.refused);
	assert_int_equal(wq_take(wq, VECTOR), injected);
	assert_int_equal(wq_number(wq, VECTOR, ims_vector_get_delivered),
			 injected);
}

/*
 * Unbinding while the hardware fires, at each phase of edu's 100 ms: the eventfd
 * has what was delivered; the rest met no trigger, no slot, or a slot that was
 * just being freed. (Injected interrupts will not do here: nobody may inject
 * into an IRQ that is freed.)
 */
static void unbinding_while_hardware_fires(void **state)
{
	struct wq *wq = *state;
	uint64_t seen = 0, delivered, dropped;
	struct timespec phase = { };
	uint32_t refused;
	int i;

	for (i = 0; i < 16; i++) {
		assert_int_equal(wq_submit(wq, 3, VECTOR), IMS_EDU_ERR_NONE);
		phase.tv_nsec = 10000000L * i;
		nanosleep(&phase, NULL);
		assert_int_equal(ims_vfio_unbind(wq->vfio, VECTOR, 1), 0);
		seen += wq_take(wq, VECTOR);
		assert_int_equal(wq_drain(wq), 0);
		/* Quiet from the moment that unbinding was over. */
		assert_int_equal(wq_take(wq, VECTOR), 0);
		assert_int_equal(wq_bind(wq, VECTOR, 1), 0);
	}
	delivered = wq_number(wq, VECTOR, ims_vector_get_delivered);
	dropped = wq_number(wq, VECTOR, ims_vector_get_dropped);
	refused = wq_read(wq, IMS_EDU_REG_ERRORS);
	print_message("# of %d: %llu delivered, %llu dropped, %u refused\n", i,
		      (unsigned long long)delivered,
		      (unsigned long long)dropped, refused);
	assert_int_equal(seen, delivered);
	assert_true(delivered + dropped + refused <= (uint64_t)i);
	assert_int_equal(wq_read(wq, IMS_EDU_REG_COMPLETED), i);

	assert_int_equal(wq_submit(wq, 3, VECTOR), IMS_EDU_ERR_NONE);
	assert_int_equal(wq_wait(wq, VECTOR), 1);
}

#define load_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		load_test(swaps_lose_nothing),
		load_test(masking_loses_nothing),
		load_test(cookies_lose_nothing),
		load_test(neighbours_are_not_disturbed),
		load_test(unbinding_while_hardware_fires),
	};

	return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
