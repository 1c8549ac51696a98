// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The registers of a function of ims_siov.ko: interrupt handles, commands, and the
 * resets.
 *
 * Seen to catch: a drain that waits for nothing, a reset of the queue that leaves
 * descriptors in the portal, a function level reset that does nothing.
 */
#include <string.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "case.h"

static int setup(void **state)
{
	struct portal *fns;

	case_open_two(state);
	fns = *state;
	assert_int_equal(wq_bind(&fns[0].wq, 0, 1), 0);
	return 0;
}

static uint32_t reg(struct portal *fn, uint32_t offset)
{
	return wq_read(&fn->wq, offset);
}

static uint32_t slot_of(struct portal *fn, uint32_t vector)
{
	return wq_number32(&fn->wq, vector, ims_vector_get_slot);
}

/* ---- handles ---------------------------------------------------------------- */

static void handles_of_no_vector(void **state)
{
	struct portal *fn = *state;
	const uint32_t n = reg(fn, IMS_SIOV_REG_VECTORS);
	const uint32_t vectors[] = { 0, n, n + 1, 65536, UINT32_MAX };
	uint32_t i, result;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		result = 77;
		assert_int_equal(portal_command(fn,
				IMS_SIOV_COMMAND_REQUEST_INT_HANDLE, vectors[i],
				&result), IMS_SIOV_ERR_VECTOR);
		assert_int_equal(result, 0);
	}
	assert_int_equal(portal_request(fn, n - 1, 1), 0);
	assert_int_equal(portal_release(fn, n - 1, 1), 0);
}

static void requested_twice_is_the_same(void **state)
{
	struct portal *fn = *state;
	uint32_t handle;

	assert_int_equal(portal_request(fn, 3, 1), 0);
	handle = fn->handles[3];
	assert_int_equal(portal_request(fn, 3, 1), 0);
	assert_int_equal(fn->handles[3], handle);
	assert_int_equal(wq_bind(&fn->wq, 3, 1), 0);
	assert_int_equal(portal_request(fn, 3, 1), 0);
	assert_int_equal(fn->handles[3], handle);
	assert_int_equal(ims_vfio_unbind(fn->wq.vfio, 3, 1), 0);
	assert_int_equal(portal_request(fn, 3, 1), 0);
	assert_int_equal(fn->handles[3], handle);
}

/* What it raises before its vector has a trigger is kept, once. */
static void kept_until_it_is_bound(void **state)
{
	struct portal *fn = *state;
	uint32_t i;

	assert_int_equal(portal_request(fn, 1, 3), 0);
	for (i = 1; i <= 3; i++) {
		fire(fn, 1, 2);
		while (wq_number(&fn->wq, 2, ims_vector_get_pended) < i)
			usleep(1000);
	}
	assert_int_equal(wq_bind(&fn->wq, 1, 3), 0);
	assert_int_equal(wq_wait(&fn->wq, 1), 1);
	assert_int_equal(wq_wait(&fn->wq, 2), 1);
	assert_int_equal(wq_take(&fn->wq, 3), 0);
	fire(fn, 1, 3);
	for (i = 1; i <= 3; i++)
		assert_int_equal(wq_wait(&fn->wq, i), 1);
}

static uint32_t release(struct portal *fn, uint32_t handle)
{
	return portal_command(fn, IMS_SIOV_COMMAND_RELEASE_INT_HANDLE, handle,
			      NULL);
}

static void released_by_number(void **state)
{
	struct portal *fns = *state;
	struct portal *fn = &fns[0];
	uint32_t handle;

	assert_int_equal(portal_request(fn, 1, 2), 0);
	assert_int_equal(portal_bind(&fns[1], 1, 1), 0);
	handle = fn->handles[1];

	/* Neither another's, nor what is none, nor by the vector's number */
	assert_int_equal(release(&fns[1], handle), IMS_SIOV_ERR_HANDLE);
	assert_int_equal(release(fn, fns[1].handles[1]), IMS_SIOV_ERR_HANDLE);
	assert_int_equal(release(fn, 8191), IMS_SIOV_ERR_HANDLE);
	assert_int_equal(release(fn, UINT32_MAX), IMS_SIOV_ERR_HANDLE);
	fire(&fns[1], 1, 1);
	assert_int_equal(wq_wait(&fns[1].wq, 1), 1);

	assert_int_equal(release(fn, handle), 0);
	assert_int_equal(slot_of(fn, 1), UINT32_MAX);
	assert_int_not_equal(slot_of(fn, 2), UINT32_MAX);
	assert_int_equal(release(fn, handle), IMS_SIOV_ERR_HANDLE);
	assert_int_equal(portal_fire(fn, 1, 2), 1);
	assert_int_equal(reg(fn, IMS_SIOV_REG_LAST_ERROR), IMS_SIOV_ERR_HANDLE);
}

/* A handle that is released stays in force while its vector is enabled. */
static void released_while_enabled(void **state)
{
	struct portal *fn = *state;
	uint32_t handle;

	assert_int_equal(portal_bind(fn, 1, 1), 0);
	handle = fn->handles[1];
	assert_int_equal(release(fn, handle), 0);
	fire(fn, 1, 1);
	assert_int_equal(wq_wait(&fn->wq, 1), 1);
	assert_int_equal(ims_vfio_unbind(fn->wq.vfio, 1, 1), 0);
	assert_int_equal(slot_of(fn, 1), UINT32_MAX);
	assert_int_equal(portal_fire(fn, 1, 1), 1);

	/* Bound again it has a handle, which is to be asked for. */
	assert_int_equal(wq_bind(&fn->wq, 1, 1), 0);
	assert_int_equal(portal_request(fn, 1, 1), 0);
	fire(fn, 1, 1);
	assert_int_equal(wq_wait(&fn->wq, 1), 1);
}

/* A limit of the host's is no secret. */
static void no_slot_is_left(void **state)
{
	struct portal *fn = *state;
	struct ims_device_config *config;
	struct ims_device *device;
	uint32_t result;

	assert_int_equal(ims_device_get(fn->wq.ctx, fn->wq.name, &device), 0);
	assert_int_equal(ims_device_config_new(&config), 0);
	assert_int_equal(ims_device_config_set_limit(config, 2), 0);
	assert_int_equal(ims_device_configure(fn->wq.ctx, device, config, 0), 0);
	assert_int_equal(portal_request(fn, 1, 2), 0);
	assert_int_equal(portal_command(fn, IMS_SIOV_COMMAND_REQUEST_INT_HANDLE,
					3, &result), IMS_SIOV_ERR_NO_SPACE);
	assert_int_equal(result, 0);
	assert_int_equal(portal_release(fn, 1, 1), 0);
	assert_int_equal(portal_request(fn, 3, 1), 0);
	ims_device_config_free(config);
	ims_device_free(device);
}

/* ---- commands --------------------------------------------------------------- */

static void commands_are_told(void **state)
{
	struct portal *fn = *state;
	uint32_t i;

	wq_write(&fn->wq, IMS_SIOV_REG_INTCAUSE, UINT32_MAX);
	wq_take(&fn->wq, 0);
	for (i = 1; i <= 3; i++) {
		assert_int_equal(portal_command(fn, IMS_SIOV_COMMAND_NOP, 0,
						NULL), 0);
		assert_int_equal(wq_take(&fn->wq, 0), 1);
		assert_int_equal(reg(fn, IMS_SIOV_REG_INTCAUSE),
				 IMS_SIOV_INTCAUSE_COMMAND);
	}
	/* What is written as 0 stays. */
	wq_write(&fn->wq, IMS_SIOV_REG_INTCAUSE, ~IMS_SIOV_INTCAUSE_COMMAND);
	assert_int_equal(reg(fn, IMS_SIOV_REG_INTCAUSE),
			 IMS_SIOV_INTCAUSE_COMMAND);
	wq_write(&fn->wq, IMS_SIOV_REG_INTCAUSE, IMS_SIOV_INTCAUSE_COMMAND);
	assert_int_equal(reg(fn, IMS_SIOV_REG_INTCAUSE), 0);

	for (i = IMS_SIOV_COMMAND_RELEASE_INT_HANDLE + 1; i; i <<= 1)
		assert_int_equal(portal_command(fn, i, 0, NULL),
				 IMS_SIOV_ERR_INVALID);
	assert_int_equal(portal_command(fn, UINT32_MAX, 0, NULL),
			 IMS_SIOV_ERR_INVALID);
	assert_int_equal(portal_command(fn, IMS_SIOV_COMMAND_NOP, 0, NULL), 0);
}

static void assert_enabled(struct portal *fn, bool enabled)
{
	assert_int_equal(reg(fn, IMS_SIOV_REG_STATE), enabled ?
			 IMS_SIOV_STATE_ENABLED : IMS_SIOV_STATE_DISABLED);
}

static void do_command(struct portal *fn, uint32_t command)
{
	assert_int_equal(portal_command(fn, command, 0, NULL), 0);
}

/* While it is disabled what is submitted waits, and is executed later. */
static void disabled_and_enabled(void **state)
{
	struct portal *fn = *state;
	uint32_t i;

	assert_int_equal(portal_bind(fn, 1, 10), 0);
	assert_enabled(fn, true);
	do_command(fn, IMS_SIOV_COMMAND_ENABLE);
	assert_enabled(fn, true);
	for (i = 0; i < 2; i++) {
		do_command(fn, IMS_SIOV_COMMAND_DISABLE);
		assert_enabled(fn, false);
	}
	for (i = 1; i <= 10; i++)
		portal_raise(fn, i);
	usleep(20000);
	assert_int_equal(reg(fn, IMS_SIOV_REG_DONE), 0);
	assert_true(fn->page[0].control & IMS_SIOV_DESC_VALID);
	for (i = 1; i <= 10; i++)
		assert_int_equal(wq_take(&fn->wq, i), 0);
	do_command(fn, IMS_SIOV_COMMAND_ENABLE);
	for (i = 1; i <= 10; i++)
		assert_int_equal(wq_wait(&fn->wq, i), 1);
	portal_settle(fn);
	assert_int_equal(fn->page[0].control, 0);
}

/* When it is drained all is done, and the interrupts are raised. */
static void drained(void **state)
{
	struct portal *fn = *state;
	struct ims_siov_desc move = {
		.control = IMS_SIOV_OPERATION_MOVE | IMS_SIOV_DESC_INTERRUPT,
		.source = portal_iova(fn, fn->memory->data),
		.destination = portal_iova(fn, fn->memory->data + (2 << 20)),
		.size = IMS_SIOV_SIZE_MAX,
	};
	uint32_t i;

	assert_int_equal(portal_bind(fn, 1, 40), 0);
	for (i = 1; i <= 40; i++) {
		move.handle = fn->handles[i];
		portal_submit(fn, &move);
	}
	do_command(fn, IMS_SIOV_COMMAND_DRAIN);
	assert_int_equal(reg(fn, IMS_SIOV_REG_DONE), 40);
	assert_int_equal(reg(fn, IMS_SIOV_REG_INTERRUPTS), 40);
	for (i = 1; i <= 40; i++)
		assert_int_equal(wq_wait(&fn->wq, i), 1);
	assert_enabled(fn, true);
}

static void assert_no_counts(struct portal *fn)
{
	assert_int_equal(reg(fn, IMS_SIOV_REG_ERRORS), 0);
	assert_int_equal(reg(fn, IMS_SIOV_REG_LAST_ERROR), 0);
	assert_int_equal(reg(fn, IMS_SIOV_REG_DONE), 0);
	assert_int_equal(reg(fn, IMS_SIOV_REG_INTERRUPTS), 0);
}

/* Something of everything: descriptors done, failed, and waiting */
static void make_busy(struct portal *fn)
{
	uint32_t i;

	assert_int_equal(portal_bind(fn, 1, 10), 0);
	fire(fn, 1, 10);
	for (i = 1; i <= 10; i++)
		assert_int_equal(wq_wait(&fn->wq, i), 1);
	fn->handles[20] = PORTAL_NO_HANDLE;
	assert_int_equal(portal_fire(fn, 20, 1), 1);
	do_command(fn, IMS_SIOV_COMMAND_DISABLE);
	for (i = 1; i <= 10; i++)
		portal_raise(fn, i);
	assert_int_equal(reg(fn, IMS_SIOV_REG_ERRORS), 1);
	assert_int_equal(reg(fn, IMS_SIOV_REG_DONE), 13);
	assert_int_equal(reg(fn, IMS_SIOV_REG_INTERRUPTS), 10);
}

static void assert_empty(struct portal *fn)
{
	uint32_t i;

	for (i = 0; i < IMS_SIOV_PORTAL_ENTRIES; i++)
		assert_int_equal(fn->page[i].control, 0);
}

static void queue_is_reset(void **state)
{
	struct portal *fns = *state;
	struct portal *fn = &fns[0];
	uint32_t i;

	assert_int_equal(portal_bind(&fns[1], 1, 1), 0);
	make_busy(fn);
	do_command(fn, IMS_SIOV_COMMAND_RESET);
	assert_enabled(fn, false);
	assert_no_counts(fn);
	assert_empty(fn);
	do_command(fn, IMS_SIOV_COMMAND_ENABLE);
	usleep(20000);
	for (i = 1; i <= 10; i++)
		assert_int_equal(wq_take(&fn->wq, i), 0);
	/* It begins with entry 0. Handles are in force. */
	portal_was_reset(fn);
	fire(fn, 1, 10);
	for (i = 1; i <= 10; i++)
		assert_int_equal(wq_wait(&fn->wq, i), 1);
	fire(&fns[1], 1, 1);
	assert_int_equal(wq_wait(&fns[1].wq, 1), 1);
}

/* ---- resets ----------------------------------------------------------------- */

static void assert_initial(struct portal *fn)
{
	uint32_t i;

	assert_enabled(fn, false);
	assert_no_counts(fn);
	assert_empty(fn);
	assert_int_equal(reg(fn, IMS_SIOV_REG_ARGUMENT), 0);
	assert_int_equal(reg(fn, IMS_SIOV_REG_COMMAND_STATUS), 0);
	assert_int_equal(reg(fn, IMS_SIOV_REG_COMMAND_RESULT), 0);
	assert_int_equal(reg(fn, IMS_SIOV_REG_INTCAUSE), 0);
	assert_int_equal(reg(fn, IMS_SIOV_REG_REVOCATIONS), 0);
	for (i = 1; i <= 10; i++) {
		assert_int_not_equal(wq_number32(&fn->wq, i,
						 ims_vector_get_state),
				     IMS_VECTOR_STATE_LIVE);
		assert_int_equal(slot_of(fn, i), UINT32_MAX);
	}
}

static uint32_t find_capability(struct portal *fn, uint8_t id)
{
	struct ims_vfio *vfio = fn->wq.vfio;
	uint8_t at, here;

	assert_int_equal(ims_vfio_read8(vfio, VFIO_PCI_CONFIG_REGION_INDEX,
					PCI_CAPABILITY_LIST, &at), 0);
	while (at) {
		assert_int_equal(ims_vfio_read8(vfio,
				VFIO_PCI_CONFIG_REGION_INDEX, at, &here), 0);
		if (here == id)
			return at;
		assert_int_equal(ims_vfio_read8(vfio,
				VFIO_PCI_CONFIG_REGION_INDEX,
				at + PCI_CAP_LIST_NEXT, &at), 0);
	}
	fail_msg("no capability %#x", id);
	return 0;
}

static void level_reset(struct portal *fn)
{
	uint32_t at = find_capability(fn, PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL;
	uint16_t control;

	assert_int_equal(ims_vfio_read16(fn->wq.vfio,
			VFIO_PCI_CONFIG_REGION_INDEX, at, &control), 0);
	assert_false(control & PCI_EXP_DEVCTL_BCR_FLR);
	assert_int_equal(ims_vfio_write16(fn->wq.vfio,
			VFIO_PCI_CONFIG_REGION_INDEX, at,
			control | PCI_EXP_DEVCTL_BCR_FLR), 0);
	assert_int_equal(ims_vfio_read16(fn->wq.vfio,
			VFIO_PCI_CONFIG_REGION_INDEX, at, &control), 0);
	assert_false(control & PCI_EXP_DEVCTL_BCR_FLR);
}

static void ioctl_reset(struct portal *fn)
{
	assert_int_equal(ims_vfio_reset(fn->wq.vfio), 0);
}

static void assert_resets(struct portal *fns, void (*reset)(struct portal *fn))
{
	struct portal *fn = &fns[0];
	uint32_t i, old;

	assert_int_equal(portal_bind(&fns[1], 1, 1), 0);
	make_busy(fn);
	old = fn->handles[1];
	reset(fn);
	assert_initial(fn);
	portal_restart(fn);
	assert_int_equal(portal_fire(fn, 1, 10), 10);
	for (i = 1; i <= 10; i++)
		assert_int_equal(wq_take(&fn->wq, i), 0);

	assert_int_equal(portal_bind(fn, 1, 10), 0);
	assert_int_not_equal(fn->handles[1], old);
	fire(fn, 1, 10);
	for (i = 1; i <= 10; i++)
		assert_int_equal(wq_wait(&fn->wq, i), 1);
	fire(&fns[1], 1, 1);
	assert_int_equal(wq_wait(&fns[1].wq, 1), 1);
}

static void reset_by_ioctl(void **state)
{
	assert_resets(*state, ioctl_reset);
}

static void reset_by_function_level_reset(void **state)
{
	assert_resets(*state, level_reset);
}

/* The next user finds nothing of the one before. */
static void opened_again(void **state)
{
	struct portal *fns = *state;
	struct portal *fn = &fns[0];

	make_busy(fn);
	portal_close(fn);
	case_open_portal(fn, 0);
	do_command(fn, IMS_SIOV_COMMAND_DISABLE);
	assert_no_counts(fn);
	assert_empty(fn);
	assert_int_equal(slot_of(fn, 1), UINT32_MAX);
}

#define handle_test(f) cmocka_unit_test_setup_teardown(f, setup, case_close_two)

int main(void)
{
	const struct CMUnitTest tests[] = {
		handle_test(handles_of_no_vector),
		handle_test(requested_twice_is_the_same),
		handle_test(kept_until_it_is_bound),
		handle_test(released_by_number),
		handle_test(released_while_enabled),
		handle_test(no_slot_is_left),
		handle_test(commands_are_told),
		handle_test(disabled_and_enabled),
		handle_test(drained),
		handle_test(queue_is_reset),
		handle_test(reset_by_ioctl),
		handle_test(reset_by_function_level_reset),
		handle_test(opened_again),
	};

	return cmocka_run_group_tests_name("portal_handle", tests, NULL, NULL);
}
