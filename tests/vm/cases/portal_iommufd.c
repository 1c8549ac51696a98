// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function of ims_siov.ko whose user has an address space for it by iommufd, takes
 * it away and gives it back: without one no slot is in use and nothing is executed.
 */
#include <endian.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "case.h"

#define VECTORS	8

static void assert_states(struct portal *fn, uint32_t state)
{
	uint32_t v;

	for (v = 1; v <= VECTORS; v++)
		assert_int_equal(wq_number32(&fn->wq, v, ims_vector_get_state),
				 state);
}

static uint32_t reg(struct portal *fn, uint32_t offset)
{
	return wq_read(&fn->wq, offset);
}

/* Enable the queue again, and have handles. */
static void go_on(struct portal *fn)
{
	assert_int_equal(portal_command(fn, IMS_SIOV_COMMAND_ENABLE, 0, NULL),
			 IMS_SIOV_ERR_NONE);
	assert_int_equal(portal_request(fn, 1, VECTORS), IMS_SIOV_ERR_NONE);
}

static void without_memory_there_are_no_slots(void **state)
{
	struct portal *fns = *state, *fn = &fns[0];
	uint32_t v, old[VECTORS + 1], pasid = reg(fn, IMS_SIOV_REG_PASID);
	struct ims_siov_desc desc = {
		.control = htole32(IMS_SIOV_OPERATION_FILL |
				   IMS_SIOV_DESC_COMPLETION),
		.destination = htole64(portal_iova(fn, fn->memory->data)),
		.source = htole64(0x55),
		.size = htole32(8),
	};

	assert_int_equal(wq_bind(&fn->wq, 0, 1), 0);
	assert_int_equal(portal_bind(fn, 1, VECTORS), 0);
	assert_int_equal(portal_bind(&fns[1], 1, VECTORS), 0);
	fire(fn, 1, VECTORS);
	for (v = 1; v <= VECTORS; v++)
		assert_int_equal(wq_wait(&fn->wq, v), 1);
	memcpy(old, fn->handles, sizeof(old));
	wq_write(&fn->wq, IMS_SIOV_REG_INTCAUSE, UINT32_MAX);
	wq_take(&fn->wq, 0);

	assert_int_equal(ims_vfio_detach(fn->wq.vfio), 0);
	assert_states(fn, IMS_VECTOR_STATE_HELD);
	assert_states(&fns[1], IMS_VECTOR_STATE_LIVE);
	assert_int_equal(reg(fn, IMS_SIOV_REG_STATE), IMS_SIOV_STATE_DETACHED);
	assert_true(wq_wait(&fn->wq, 0) > 0);
	assert_true(reg(fn, IMS_SIOV_REG_INTCAUSE) &
		    IMS_SIOV_INTCAUSE_HANDLE_REVOKED);
	assert_int_equal(portal_command(fn, IMS_SIOV_COMMAND_ENABLE, 0, NULL),
			 IMS_SIOV_ERR_DETACHED);
	assert_int_equal(portal_request(fn, 1, 1), IMS_SIOV_ERR_DETACHED);
	/* A reset is no way round. */
	assert_int_equal(ims_vfio_reset(fn->wq.vfio), 0);
	portal_was_reset(fn);
	assert_int_equal(reg(fn, IMS_SIOV_REG_STATE), IMS_SIOV_STATE_DETACHED);
	assert_int_equal(wq_bind(&fn->wq, 1, VECTORS), 0);
	assert_states(fn, IMS_VECTOR_STATE_HELD);

	/* The same PASID has memory again, and other slots. */
	assert_int_equal(ims_vfio_attach(fn->wq.vfio), 0);
	assert_states(fn, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(reg(fn, IMS_SIOV_REG_PASID), pasid);
	go_on(fn);
	for (v = 1; v <= VECTORS; v++)
		assert_int_not_equal(fn->handles[v], old[v]);
	fire(fn, 1, VECTORS);
	for (v = 1; v <= VECTORS; v++)
		assert_int_equal(wq_wait(&fn->wq, v), 1);
	assert_int_equal(portal_execute(fn, desc), IMS_SIOV_ERR_NONE);
	assert_int_equal(fn->memory->data[0], 0x55);
	for (v = 1; v <= VECTORS; v++)
		assert_int_equal(wq_take(&fns[1].wq, v), 0);
}

static struct {
	struct portal *fn;
	atomic_bool stop;
	uint32_t rounds;
} user;

/* Takes the address space away, and gives it back, over and over. */
static void *detaches(void *arg)
{
	(void)arg;
	while (!atomic_load(&user.stop)) {
		usleep(2000);
		if (ims_vfio_detach(user.fn->wq.vfio) ||
		    ims_vfio_attach(user.fn->wq.vfio))
			return NULL;
		user.rounds++;
	}
	return NULL;
}

/*
 * What the device has raised arrives, what it was not given any more does not, and
 * the neighbour hears nothing.
 */
static void detached_under_load(void **state)
{
	struct portal *fns = *state, *fn = &fns[0];
	uint64_t delivered = 0, arrived = 0;
	uint32_t v, i, raised = 0;
	pthread_t thread;

	assert_int_equal(portal_bind(fn, 1, VECTORS), 0);
	assert_int_equal(portal_bind(&fns[1], 1, VECTORS), 0);
	user.fn = fn;
	atomic_store(&user.stop, false);
	user.rounds = 0;
	assert_int_equal(pthread_create(&thread, NULL, detaches, NULL), 0);
	for (i = 0; i < 20000 && user.rounds < 100; i++) {
		/* Fails while detached. */
		if (portal_command(fn, IMS_SIOV_COMMAND_ENABLE, 0, NULL) ||
		    portal_request(fn, 1, VECTORS))
			continue;
		for (v = 1; v <= VECTORS; v++)
			if (!fn->page[fn->memory->next].control)
				portal_raise(fn, v);
		usleep(200);
		for (v = 1; v <= VECTORS; v++)
			arrived += wq_take(&fn->wq, v);
	}
	atomic_store(&user.stop, true);
	assert_int_equal(pthread_join(thread, NULL), 0);

	go_on(fn);
	assert_int_equal(portal_command(fn, IMS_SIOV_COMMAND_DRAIN, 0, NULL), 0);
	raised = reg(fn, IMS_SIOV_REG_INTERRUPTS);
	usleep(100000);
	for (v = 1; v <= VECTORS; v++) {
		arrived += wq_take(&fn->wq, v);
		delivered += wq_number(&fn->wq, v, ims_vector_get_delivered);
		assert_int_equal(wq_take(&fns[1].wq, v), 0);
	}
	print_message("# %u detachments, %u raised, %llu delivered, %u errors\n",
		      user.rounds, raised, (unsigned long long)delivered,
		      reg(fn, IMS_SIOV_REG_ERRORS));
	assert_true(user.rounds >= 100);
	assert_true(arrived > 0);
	/* Two of a vector that come at once are one. */
	assert_true(delivered <= raised);
	assert_true(arrived >= delivered && arrived <= raised);
	portal_restart(fn);
	assert_int_equal(portal_request(fn, 1, VECTORS), 0);
	fire(fn, 1, VECTORS);
	for (v = 1; v <= VECTORS; v++)
		assert_int_equal(wq_wait(&fn->wq, v), 1);
}

/* Who unmaps memory has it, whatever the device was told to do with it. */
static void unmapped_while_used(void **state)
{
	struct portal *fns = *state, *fn = &fns[0];
	static uint8_t page[1 << 16] __attribute__((aligned(4096)));
	struct ims_siov_desc desc = {
		.control = htole32(IMS_SIOV_OPERATION_FILL |
				   IMS_SIOV_DESC_COMPLETION),
		.destination = htole64(0x100000),
		.size = htole32(sizeof(page)),
	};
	uint32_t i, error = 0;

	for (i = 0; i < 200; i++) {
		portal_map_dma(fn, 0x100000, page, sizeof(page),
			       IMS_VFIO_DMA_READ | IMS_VFIO_DMA_WRITE);
		desc.source = htole64(i + 1);
		desc.completion = htole64(portal_iova(fn, &fn->memory->record));
		fn->memory->record.status = 0;
		portal_submit(fn, &desc);
		if (i % 2)
			usleep(i);
		portal_unmap_dma(fn, 0x100000, sizeof(page));
		memset(page, 0, sizeof(page));
		error += !!portal_wait(fn, &fn->memory->record);
		/* Nothing was written after the unmapping. */
		assert_int_equal(page[0] | page[sizeof(page) - 8], 0);
	}
	print_message("# of %u, %u met memory that was unmapped\n", i, error);
}

#define iommufd_test(f)	\
	cmocka_unit_test_setup_teardown(f, case_open_two, case_close_two)

int main(void)
{
	const struct CMUnitTest tests[] = {
		iommufd_test(without_memory_there_are_no_slots),
		iommufd_test(detached_under_load),
		iommufd_test(unmapped_while_used),
	};

	return cmocka_run_group_tests_name("portal_iommufd", tests, NULL, NULL);
}
