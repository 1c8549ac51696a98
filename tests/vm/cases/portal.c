// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A process and its function of ims_siov.ko: what it submits to the portal that
 * it has mapped is executed, each interrupt arrives, and nobody else notices.
 *
 * Seen to catch: a device that does not compare a slot's PASID with the portal's.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <linux/seccomp.h>

#include "case.h"

#define VECTORS		50
#define ROUNDS		2000

static void set_blocking(struct portal *fn, bool blocking)
{
	uint32_t v;

	for (v = 1; v <= VECTORS; v++)
		assert_return_code(fcntl(wq_fd(&fn->wq, v), F_SETFL,
					 blocking ? 0 : O_NONBLOCK), 0);
}

static uint64_t sum(struct portal *fn,
		    int (*get)(const struct ims_vector *, uint64_t *))
{
	uint64_t total = 0;
	uint32_t v;

	for (v = 1; v <= VECTORS; v++)
		total += wq_number(&fn->wq, v, get);
	return total;
}

static void assert_silent(struct portal *fn)
{
	uint32_t v;

	for (v = 1; v <= VECTORS; v++)
		assert_int_equal(wq_take(&fn->wq, v), 0);
}

/*
 * A process that can only read, write and end itself: anything else, ioctl(2) or
 * pwrite(2) say, would kill it. It reads eventfds, and writes nothing.
 */
static void submit_all(struct portal *fn, uint64_t *counted)
{
	uint64_t count;
	uint32_t v;
	int i;

	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	for (i = 0; i < ROUNDS; i++) {
		for (v = 1; v <= VECTORS; v++)
			portal_raise(fn, v);
		for (v = 1; v <= VECTORS; v++) {
			if (read(fn->wq.fds[v], &count, sizeof(count)) !=
			    sizeof(count))
				syscall(SYS_exit, 1);
			*counted += count;
			/* It was raised once. */
			if (count != 1)
				syscall(SYS_exit, 2);
		}
	}
	syscall(SYS_exit, 0);
}

static int end_of(pid_t pid)
{
	int status, patience = 160;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		if (!patience--) {
			kill(pid, SIGKILL);
			assert_int_equal(waitpid(pid, &status, 0), pid);
			break;
		}
		usleep(500 * 1000);
	}
	return status;
}

static void submits_without_system_calls(void **state)
{
	struct portal *fns = *state;
	struct portal *fn = &fns[0];
	uint64_t *counted = (void *)fn->memory->data;
	struct timespec start, end;
	pid_t pid;
	int i;

	assert_int_equal(wq_bind(&fns[0].wq, 0, 1), 0);
	assert_int_equal(wq_bind(&fns[1].wq, 0, 1), 0);
	assert_int_equal(portal_bind(&fns[0], 1, VECTORS), 0);
	assert_int_equal(portal_bind(&fns[1], 1, VECTORS), 0);
	/* Of the commands. */
	wq_take(&fns[0].wq, 0);
	wq_take(&fns[1].wq, 0);

	set_blocking(fn, true);
	clock_gettime(CLOCK_MONOTONIC, &start);
	fflush(stdout);
	pid = fork();
	assert_return_code(pid, 0);
	if (!pid)
		submit_all(fn, counted);
	i = end_of(pid);
	if (i)
		fail_msg("status %#x after %lu interrupts", i, *counted);
	clock_gettime(CLOCK_MONOTONIC, &end);
	set_blocking(fn, false);
	print_message("# %u interrupts in %ld ms\n", VECTORS * ROUNDS,
		      (end.tv_sec - start.tv_sec) * 1000 +
		      (end.tv_nsec - start.tv_nsec) / 1000000);

	assert_int_equal(*counted, VECTORS * ROUNDS);
	portal_settle(fn);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_DONE), VECTORS * ROUNDS);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_INTERRUPTS),
			 VECTORS * ROUNDS);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_ERRORS), 0);
	assert_int_equal(sum(fn, ims_vector_get_delivered), VECTORS * ROUNDS);
	assert_int_equal(sum(fn, ims_vector_get_dropped), 0);
	assert_silent(fn);
	assert_int_equal(wq_take(&fn->wq, 0), 0);

	assert_silent(&fns[1]);
	assert_int_equal(wq_take(&fns[1].wq, 0), 0);
	assert_int_equal(sum(&fns[1], ims_vector_get_delivered), 0);
	assert_int_equal(wq_read(&fns[1].wq, IMS_SIOV_REG_DONE), 0);
	assert_int_equal(wq_read(&fns[1].wq, IMS_SIOV_REG_INTERRUPTS), 0);
}

static bool is_handle_of(struct portal *fn, uint32_t handle)
{
	uint32_t v;

	for (v = 1; v <= VECTORS; v++)
		if (fn->handles[v] == handle)
			return true;
	return false;
}

/* All handles that there can be, and some that there cannot, but not its own. */
static void handles_of_others_raise_nothing(void **state)
{
	static const uint32_t more[] = { 0x8000, 0xffff, 0x10000, 1U << 20,
		INT32_MAX, 1U << 31, UINT32_MAX };
	struct portal *fns = *state;
	struct ims_siov_desc *batch = fns[0].memory->batch;
	uint32_t handle, count = 0;
	size_t i;

	assert_int_equal(wq_bind(&fns[0].wq, 0, 1), 0);
	assert_int_equal(portal_bind(&fns[0], 1, VECTORS), 0);
	assert_int_equal(portal_bind(&fns[1], 1, VECTORS), 0);
	memset(batch, 0, sizeof(fns[0].memory->batch));
	for (handle = 0; count < WQ_VECTORS - 100; handle++) {
		if (is_handle_of(&fns[0], handle))
			continue;
		batch[count].control = IMS_SIOV_OPERATION_NOP |
				       IMS_SIOV_DESC_INTERRUPT;
		batch[count++].handle = handle;
	}
	for (i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		batch[count].control = IMS_SIOV_OPERATION_NOP |
				       IMS_SIOV_DESC_INTERRUPT;
		batch[count++].handle = more[i];
	}
	wq_write(&fns[0].wq, IMS_SIOV_REG_INTCAUSE, UINT32_MAX);
	wq_take(&fns[0].wq, 0);

	assert_int_equal(portal_execute(&fns[0], (struct ims_siov_desc) {
		.control = IMS_SIOV_OPERATION_BATCH,
		.source = portal_iova(&fns[0], batch), .size = count,
	}), IMS_SIOV_ERR_NONE);
	portal_settle(&fns[0]);
	assert_int_equal(wq_read(&fns[0].wq, IMS_SIOV_REG_ERRORS), count);
	assert_int_equal(wq_read(&fns[0].wq, IMS_SIOV_REG_LAST_ERROR),
			 IMS_SIOV_ERR_HANDLE);
	assert_int_equal(wq_read(&fns[0].wq, IMS_SIOV_REG_INTERRUPTS), 0);
	/* The cause is there when vector 0 is signalled, which may be a while after. */
	assert_true(wq_wait(&fns[0].wq, 0) > 0);
	assert_int_equal(wq_read(&fns[0].wq, IMS_SIOV_REG_INTCAUSE),
			 IMS_SIOV_INTCAUSE_ERROR);
	assert_silent(&fns[0]);
	assert_silent(&fns[1]);
	assert_int_equal(sum(&fns[1], ims_vector_get_delivered), 0);
	assert_int_equal(wq_read(&fns[1].wq, IMS_SIOV_REG_INTERRUPTS), 0);
	assert_int_equal(wq_read(&fns[1].wq, IMS_SIOV_REG_ERRORS), 0);

	/* Whose handles these are can use them. */
	fns[0].errors = count;
	fire(&fns[0], 1, VECTORS);
	fire(&fns[1], 1, VECTORS);
	for (handle = 1; handle <= VECTORS; handle++) {
		assert_int_equal(wq_wait(&fns[0].wq, handle), 1);
		assert_int_equal(wq_wait(&fns[1].wq, handle), 1);
	}
}

static uint32_t pending_bits(struct portal *fn)
{
	return wq_read(&fn->wq, IMS_SIOV_REG_PBA);
}

/* A vector that is masked remembers one, which the pending bits show. */
static void masked_is_pending(void **state)
{
	struct portal *fns = *state;
	struct portal *fn = &fns[0];
	int patience = WQ_PATIENCE_MS;

	assert_int_equal(portal_bind(fn, 1, 3), 0);
	assert_int_equal(ims_vfio_mask(fn->wq.vfio, 2, 1), 0);
	assert_int_equal(pending_bits(fn), 0);
	fire(fn, 1, 3);
	assert_int_equal(wq_wait(&fn->wq, 1), 1);
	assert_int_equal(wq_wait(&fn->wq, 3), 1);
	while (pending_bits(fn) != 1U << 2 && patience--)
		usleep(1000);
	assert_int_equal(pending_bits(fn), 1U << 2);
	fire(fn, 2, 1);
	assert_int_equal(wq_take(&fn->wq, 2), 0);
	assert_int_equal(ims_vfio_unmask(fn->wq.vfio, 2, 1), 0);
	assert_int_equal(wq_wait(&fn->wq, 2), 1);
	assert_int_equal(pending_bits(fn), 0);
	fire(fn, 2, 1);
	assert_int_equal(wq_wait(&fn->wq, 2), 1);
}

/* The portal's entries are used round and round, also when it is full. */
static void portal_is_full(void **state)
{
	struct portal *fns = *state;
	struct portal *fn = &fns[0];
	uint32_t i;

	assert_int_equal(portal_command(fn, IMS_SIOV_COMMAND_DISABLE, 0, NULL),
			 0);
	assert_int_equal(portal_request(fn, 1, IMS_SIOV_PORTAL_ENTRIES - 1), 0);
	assert_int_equal(wq_bind(&fn->wq, 1, IMS_SIOV_PORTAL_ENTRIES - 1), 0);
	for (i = 1; i < IMS_SIOV_PORTAL_ENTRIES; i++)
		portal_raise(fn, i);
	usleep(20000);
	for (i = 1; i < IMS_SIOV_PORTAL_ENTRIES; i++)
		assert_int_equal(wq_take(&fn->wq, i), 0);
	assert_int_equal(portal_command(fn, IMS_SIOV_COMMAND_ENABLE, 0, NULL),
			 0);
	for (i = 1; i < IMS_SIOV_PORTAL_ENTRIES; i++)
		assert_int_equal(wq_wait(&fn->wq, i), 1);
	/* Beyond the last entry comes the first. */
	for (i = 1; i < IMS_SIOV_PORTAL_ENTRIES; i++)
		portal_raise(fn, i);
	for (i = 1; i < IMS_SIOV_PORTAL_ENTRIES; i++)
		assert_int_equal(wq_wait(&fn->wq, i), 1);
	portal_settle(fn);
}

#define portal_test(f)	\
	cmocka_unit_test_setup_teardown(f, case_open_two, case_close_two)

int main(void)
{
	const struct CMUnitTest tests[] = {
		portal_test(submits_without_system_calls),
		portal_test(handles_of_others_raise_nothing),
		portal_test(masked_is_pending),
		portal_test(portal_is_full),
	};

	return cmocka_run_group_tests_name("portal", tests, NULL, NULL);
}
