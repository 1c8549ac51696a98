// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Handles that the host takes away (debugfs) and the guest requests again, while
 * the device (ims_siov.ko) raises their interrupts. No vector is raised again
 * before its eventfd has counted the interrupt before, so what the device has
 * raised and what arrives is one number.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "case.h"

#define VECTORS	16

/* While vectors are without handles nothing is raised. */
#define PAUSE_US	2000

/* Linux IRQs of the store's vectors, idle ones, too, which go after a while */
static unsigned int linux_irqs(void)
{
	return wq_count_irqs("IMS-");
}

static bool linux_irqs_become(unsigned int count)
{
	int tries;

	for (tries = 0; linux_irqs() != count && tries < 3000; tries++)
		usleep(20000);
	return linux_irqs() == count;
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

/* The host takes away all handles of function @number: 0 or a negative errno. */
static int take_away(int number)
{
	const char *path = getenv("IMS_REVOKE");
	int fd = path ? open(path, O_WRONLY | O_CLOEXEC) : -1;
	char text[16];
	int ret = 0;

	snprintf(text, sizeof(text), "%d", number);
	if (fd < 0)
		err(1, "IMS_REVOKE: %s", path);
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static struct {
	uint32_t rounds;
	atomic_uint done;
	atomic_bool stop;
} host;

static void *host_revokes(void *arg)
{
	(void)arg;
	for (; !host.stop; host.done++) {
		/* A test that fails closes the function. */
		if (take_away(0))
			break;
		usleep(PAUSE_US + host.done % 8 * 500);
	}
	return NULL;
}

/* Handles that the host has taken away are requested again. */
static void look_for_revocations(struct portal *fn)
{
	static uint32_t seen;
	uint32_t now = wq_read(&fn->wq, IMS_SIOV_REG_REVOCATIONS);

	if (now != seen)
		assert_int_equal(portal_request(fn, 1, VECTORS), 0);
	seen = now;
}

/*
 * Take what arrives until @count interrupts have. What was raised and not delivered
 * ahead of a revocation waits until the vector has a handle again.
 */
static void take(struct portal *fn, uint32_t count)
{
	uint32_t v, arrived = 0;
	int patience = WQ_PATIENCE_MS * 10;

	for (;;) {
		for (v = 1; v <= VECTORS; v++)
			arrived += wq_take(&fn->wq, v);
		if (arrived >= count)
			break;
		look_for_revocations(fn);
		if (!patience--)
			fail_msg("%u of %u interrupts are missing",
				 count - arrived, count);
		usleep(100);
	}
	assert_int_equal(arrived, count);
}

/* Each message that was written arrives, once, and the neighbour hears nothing. */
static void revoked_under_load(void **state)
{
	const char *text = getenv("IMS_REVOCATIONS");
	struct portal *fns = *state, *fn = &fns[0];
	uint64_t total = 0, refused = 0;
	unsigned int irqs = linux_irqs();
	uint32_t failed, v, told;
	pthread_t thread;

	assert_int_equal(portal_bind(&fns[1], 1, VECTORS), 0);
	assert_int_equal(wq_bind(&fn->wq, 0, 1), 0);
	assert_int_equal(portal_bind(fn, 1, VECTORS), 0);
	wq_take(&fn->wq, 0);
	host.rounds = text ? strtoul(text, NULL, 0) : 1000;
	host.done = 0;
	host.stop = false;
	assert_int_equal(pthread_create(&thread, NULL, host_revokes, NULL), 0);
	do {
		failed = portal_fire(fn, 1, VECTORS);
		take(fn, VECTORS - failed);
		total += VECTORS - failed;
		refused += failed;
		look_for_revocations(fn);
		/* A descriptor has to meet a handle that is gone, which takes luck. */
	} while (host.done < host.rounds ||
		 (!refused && host.done < host.rounds * 20));
	host.stop = true;
	assert_int_equal(pthread_join(thread, NULL), 0);

	/* Told by vector 0, and counted. */
	assert_true(wq_wait(&fn->wq, 0) > 0);
	told = wq_read(&fn->wq, IMS_SIOV_REG_INTCAUSE);
	assert_true(told & IMS_SIOV_INTCAUSE_HANDLE_REVOKED);
	assert_true(told & IMS_SIOV_INTCAUSE_ERROR);
	assert_true(wq_read(&fn->wq, IMS_SIOV_REG_REVOCATIONS) >= host.rounds);

	/* All vectors are the guest's again, and idle. */
	assert_int_equal(portal_request(fn, 1, VECTORS), 0);
	fire(fn, 1, VECTORS);
	take(fn, VECTORS);
	total += VECTORS;
	for (v = 1; v <= VECTORS; v++) {
		assert_int_equal(wq_take(&fn->wq, v), 0);
		assert_int_equal(wq_take(&fns[1].wq, v), 0);
	}
	assert_int_equal(sum(fn, ims_vector_get_delivered), total);
	assert_int_equal(sum(fn, ims_vector_get_dropped), 0);
	print_message("# %u revocations, %llu interrupts, %llu met no slot\n",
		      host.done, (unsigned long long)total,
		      (unsigned long long)refused);
	assert_true(total > host.rounds && refused > 0);

	/* Slots, Linux IRQs and remapping entries are back where they were. */
	assert_int_equal(portal_unbind(fn, 1, VECTORS), 0);
	assert_int_equal(portal_unbind(&fns[1], 1, VECTORS), 0);
	assert_true(linux_irqs_become(irqs));
}

/* Vectors whose handles were taken away, one by one, and told of */
static void revoked_and_requested(void **state)
{
	struct portal *fns = *state, *fn = &fns[0];
	uint32_t old[4], v;

	assert_int_equal(wq_bind(&fn->wq, 0, 1), 0);
	assert_int_equal(portal_bind(fn, 1, 3), 0);
	assert_int_equal(portal_bind(&fns[1], 1, 1), 0);
	memcpy(old, fn->handles, sizeof(old));
	wq_write(&fn->wq, IMS_SIOV_REG_INTCAUSE, UINT32_MAX);
	wq_take(&fn->wq, 0);

	assert_int_equal(take_away(0), 0);
	assert_true(wq_wait(&fn->wq, 0) > 0);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_INTCAUSE),
			 IMS_SIOV_INTCAUSE_HANDLE_REVOKED);
	wq_write(&fn->wq, IMS_SIOV_REG_INTCAUSE,
		 IMS_SIOV_INTCAUSE_HANDLE_REVOKED);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_INTCAUSE), 0);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_REVOCATIONS), 3);
	for (v = 1; v <= 3; v++)
		assert_int_equal(wq_number32(&fn->wq, v, ims_vector_get_state),
				 IMS_VECTOR_STATE_HELD);

	/* Old handles raise nothing, the neighbour's still do. */
	assert_int_equal(portal_fire(fn, 1, 3), 3);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_LAST_ERROR),
			 IMS_SIOV_ERR_HANDLE);
	fire(&fns[1], 1, 1);
	assert_int_equal(wq_wait(&fns[1].wq, 1), 1);

	/* The guest asks for one of them only. */
	assert_int_equal(portal_request(fn, 2, 1), 0);
	assert_int_not_equal(fn->handles[2], old[2]);
	fire(fn, 2, 1);
	assert_int_equal(wq_wait(&fn->wq, 2), 1);
	assert_int_equal(portal_fire(fn, 1, 3), 2);
	assert_int_equal(wq_wait(&fn->wq, 2), 1);
	assert_int_equal(wq_take(&fn->wq, 1), 0);
	assert_int_equal(wq_take(&fn->wq, 3), 0);
	assert_int_equal(wq_number32(&fn->wq, 1, ims_vector_get_state),
			 IMS_VECTOR_STATE_HELD);
	assert_int_equal(portal_request(fn, 1, 3), 0);
	fire(fn, 1, 3);
	for (v = 1; v <= 3; v++)
		assert_int_equal(wq_wait(&fn->wq, v), 1);
}

/* What is raised at a vector without trigger is delivered once, when it is bound. */
static void requested_before_it_is_bound(void **state)
{
	struct portal *fns = *state, *fn = &fns[0];
	uint32_t slot, i;

	assert_int_equal(portal_request(fn, 2, 1), 0);
	assert_int_equal(wq_number32(&fn->wq, 2, ims_vector_get_state),
			 IMS_VECTOR_STATE_IDLE);
	slot = wq_number32(&fn->wq, 2, ims_vector_get_slot);
	assert_int_not_equal(slot, UINT32_MAX);
	for (i = 1; i <= 2; i++) {
		fire(fn, 2, 1);
		while (wq_number(&fn->wq, 2, ims_vector_get_pended) < i)
			usleep(1000);
	}
	assert_int_equal(wq_bind(&fn->wq, 2, 1), 0);
	assert_int_equal(wq_number32(&fn->wq, 2, ims_vector_get_slot), slot);
	assert_int_equal(wq_wait(&fn->wq, 2), 1);
	fire(fn, 2, 1);
	assert_int_equal(wq_wait(&fn->wq, 2), 1);

	assert_int_equal(ims_vfio_unbind(fn->wq.vfio, 2, 1), 0);
	assert_int_equal(wq_number32(&fn->wq, 2, ims_vector_get_slot), slot);
	assert_int_equal(portal_release(fn, 2, 1), 0);
	assert_int_equal(wq_number32(&fn->wq, 2, ims_vector_get_slot),
			 UINT32_MAX);
}

#define revoke_test(f)	\
	cmocka_unit_test_setup_teardown(f, case_open_two, case_close_two)

int main(void)
{
	const struct CMUnitTest tests[] = {
		revoke_test(requested_before_it_is_bound),
		revoke_test(revoked_and_requested),
		revoke_test(revoked_under_load),
	};

	return cmocka_run_group_tests_name("revoke", tests, NULL, NULL);
}
