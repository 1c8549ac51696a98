// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Slots that are revoked, armed and prepared while hardware (ims_nvme.ko) fires
 * them. No vector is fired again before its eventfd has counted the interrupt
 * before, so what the controller has written and what arrives is one number.
 */
#include <unistd.h>

#include "case.h"
#include "../fire.h"

#define VECTORS	16

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

static uint64_t sum(struct wq *fn,
		    int (*get)(const struct ims_vector *, uint64_t *))
{
	uint64_t total = 0;
	uint32_t v;

	for (v = 0; v < VECTORS; v++)
		total += wq_number(fn, v, get);
	return total;
}

/*
 * Hardware fires all vectors over and over, and their slots are revoked and armed
 * meanwhile: each message that was written arrives, once, at its vector.
 */
static void revoked_under_load(void **state)
{
	const char *text = getenv("IMS_REVOCATIONS");
	uint32_t rounds = text ? strtoul(text, NULL, 0) : 1000;
	uint64_t fired, arrived, total = 0, refused = 0;
	unsigned int irqs = linux_irqs();
	struct wq *fn = *state;
	uint32_t v;

	assert_int_equal(wq_bind(fn, 0, VECTORS), 0);
	assert_int_equal(fire_command(fn, IMS_NVME_COMMAND_REVOKE, 0, VECTORS,
				      rounds), 0);
	do {
		assert_int_equal(fire_command(fn, IMS_NVME_COMMAND_FIRE, 0,
					      VECTORS, 1), 0);
		fired = wq_read(fn, IMS_NVME_REG_FIRED) +
			wq_read(fn, IMS_NVME_REG_KEPT);
		refused += wq_read(fn, IMS_NVME_REG_REFUSED);
		for (v = 0, arrived = 0; arrived < fired; v = (v + 1) % VECTORS) {
			arrived += wq_take(fn, v);
			if (v == VECTORS - 1 && arrived < fired)
				usleep(100);
		}
		assert_int_equal(arrived, fired);
		total += fired;
	} while (wq_read(fn, IMS_NVME_REG_REVOKED) < rounds);

	for (v = 0; v < VECTORS; v++) {
		assert_int_equal(wq_take(fn, v), 0);
		assert_int_equal(wq_number(fn, v, ims_vector_get_revocations),
				 rounds);
	}
	assert_int_equal(sum(fn, ims_vector_get_delivered), total);
	assert_int_equal(sum(fn, ims_vector_get_dropped), 0);
	print_message("# %u revocations, %llu interrupts, %llu met no slot\n",
		      rounds, (unsigned long long)total,
		      (unsigned long long)refused);
	assert_true(total > 0 && refused > 0);

	/* Slots, Linux IRQs and remapping entries are back where they were. */
	assert_int_equal(ims_vfio_disable(fn->vfio), 0);
	assert_true(linux_irqs_become(irqs));
}

/* What was fired at a prepared vector is delivered once, when it is bound. */
static void prepared_before_it_is_bound(void **state)
{
	struct wq *fn = *state;
	uint32_t slot, i;

	assert_int_equal(fire_command(fn, IMS_NVME_COMMAND_PREPARE, 2, 1, 0), 0);
	assert_int_equal(wq_number32(fn, 2, ims_vector_get_state),
			 IMS_VECTOR_STATE_IDLE);
	slot = wq_number32(fn, 2, ims_vector_get_slot);
	assert_int_not_equal(slot, UINT32_MAX);
	for (i = 1; i <= 2; i++) {
		fire(fn, 2, 1);
		while (wq_number(fn, 2, ims_vector_get_pended) < i)
			usleep(1000);
	}
	assert_int_equal(wq_bind(fn, 2, 1), 0);
	assert_int_equal(wq_number32(fn, 2, ims_vector_get_slot), slot);
	assert_int_equal(wq_wait(fn, 2), 1);
	fire(fn, 2, 1);
	assert_int_equal(wq_wait(fn, 2), 1);

	assert_int_equal(ims_vfio_unbind(fn->vfio, 2, 1), 0);
	assert_int_equal(wq_number32(fn, 2, ims_vector_get_slot), slot);
	assert_int_equal(fire_command(fn, IMS_NVME_COMMAND_RELEASE, 2, 1, 0), 0);
	assert_int_equal(wq_number32(fn, 2, ims_vector_get_slot), UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(prepared_before_it_is_bound,
						setup, teardown),
		cmocka_unit_test_setup_teardown(revoked_under_load, setup,
						teardown),
	};

	return cmocka_run_group_tests_name("revoke", tests, NULL, NULL);
}
