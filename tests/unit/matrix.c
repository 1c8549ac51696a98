// SPDX-License-Identifier: GPL-2.0-or-later
#include "matrix.h"

#include <stdio.h>

struct matrix m;

#define CELLS_MAX	512

static struct CMUnitTest tests[CELLS_MAX];
static char names[CELLS_MAX][128];
static size_t num_tests;

/* The state of the simulated kernel, with the vectors that devices point to. */
static struct fake_kernel before;
static struct fake_vector *before_vectors[FAKE_DEVICES_MAX];

static void forget(void)
{
	size_t i;

	for (i = 0; i < FAKE_DEVICES_MAX; i++) {
		free(before_vectors[i]);
		before_vectors[i] = NULL;
	}
}

void matrix_remember(void)
{
	size_t i;

	forget();
	before = fake_kernel;
	for (i = 0; i < before.num_devices; i++) {
		const struct fake_device *d = &before.devices[i];
		size_t size = d->declared * sizeof(*d->vectors);

		before_vectors[i] = malloc(size);
		memcpy(before_vectors[i], d->vectors, size);
	}
}

void matrix_assert_unchanged(void)
{
	size_t i;

	assert_int_equal(fake_kernel.num_stores, before.num_stores);
	assert_memory_equal(fake_kernel.stores, before.stores,
			    sizeof(before.stores));
	assert_int_equal(fake_kernel.num_devices, before.num_devices);
	assert_memory_equal(fake_kernel.devices, before.devices,
			    sizeof(before.devices));
	for (i = 0; i < before.num_devices; i++)
		assert_memory_equal(fake_kernel.devices[i].vectors,
				    before_vectors[i],
				    before.devices[i].declared *
				    sizeof(struct fake_vector));
}

int matrix_setup(void **state)
{
	(void)state;
	fake_kernel_reset();
	fake_kernel_populate();
	memset(&m, 0, sizeof(m));
	if (ims_ctx_new(&m.ctx) || ims_device_get(m.ctx, NAME_A, &m.device) ||
	    ims_store_get(m.ctx, STORE, &m.store))
		return -1;
	fake_kernel.requests = 0;
	matrix_remember();
	return 0;
}

int matrix_teardown(void **state)
{
	(void)state;
	forget();
	ims_store_free(m.store);
	ims_device_free(m.device);
	ims_ctx_free(m.ctx);
	return 0;
}

void matrix_add(const char *operation, const char *condition,
		CMUnitTestFunction test, const void *cell)
{
	if (num_tests == CELLS_MAX)
		abort();
	snprintf(names[num_tests], sizeof(names[0]), "%s: %s", operation,
		 condition);
	tests[num_tests] = (struct CMUnitTest) {
		.name = names[num_tests],
		.test_func = test,
		.setup_func = matrix_setup,
		.teardown_func = matrix_teardown,
		.initial_state = (void *)cell,
	};
	num_tests++;
}

int matrix_run(const char *name)
{
	return _cmocka_run_group_tests(name, tests, num_tests, NULL, NULL);
}
