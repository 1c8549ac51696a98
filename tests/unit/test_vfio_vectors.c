// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The VFIO handle: vectors, what is asked of the kernel and what it refuses.
 */
#include "vfio_fixture.h"

/* What the last VFIO_DEVICE_SET_IRQS was. */
static void assert_set(uint32_t flags, uint32_t index, uint32_t start,
		       uint32_t count, uint32_t size)
{
	assert_int_equal(fake_vfio.last.flags, flags);
	assert_int_equal(fake_vfio.last.index, index);
	assert_int_equal(fake_vfio.last.start, start);
	assert_int_equal(fake_vfio.last.count, count);
	assert_int_equal(fake_vfio.last.argsz,
			 sizeof(struct vfio_irq_set) + size);
}

static void marshalling(void **state)
{
	static const int fds[] = { 5, -1, 7 };
	static const int none[] = { -1, -1 };
	static const uint8_t some[] = { 1, 0, 1, 1 };
	const int request = 9;

	(void)state;
	assert_int_equal(ims_vfio_bind(f.vfio, 4, fds, 3), 0);
	assert_set(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_MSIX_IRQ_INDEX, 4, 3, sizeof(fds));
	assert_memory_equal(fake_vfio.last_data, fds, sizeof(fds));

	assert_int_equal(ims_vfio_unbind(f.vfio, 30, 2), 0);
	assert_set(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_MSIX_IRQ_INDEX, 30, 2, sizeof(none));
	assert_memory_equal(fake_vfio.last_data, none, sizeof(none));

	assert_int_equal(ims_vfio_mask(f.vfio, 0, FAKE_VECTORS), 0);
	assert_set(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_MASK,
		   VFIO_PCI_MSIX_IRQ_INDEX, 0, FAKE_VECTORS, 0);

	assert_int_equal(ims_vfio_unmask(f.vfio, 1, 2), 0);
	assert_set(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK,
		   VFIO_PCI_MSIX_IRQ_INDEX, 1, 2, 0);

	assert_int_equal(ims_vfio_trigger(f.vfio, 31, 1), 0);
	assert_set(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_MSIX_IRQ_INDEX, 31, 1, 0);

	assert_int_equal(ims_vfio_trigger_some(f.vfio, 2, some, 4), 0);
	assert_set(VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_MSIX_IRQ_INDEX, 2, 4, sizeof(some));
	assert_memory_equal(fake_vfio.last_data, some, sizeof(some));

	assert_int_equal(ims_vfio_disable(f.vfio), 0);
	assert_set(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_MSIX_IRQ_INDEX, 0, 0, 0);

	assert_int_equal(ims_vfio_bind_request(f.vfio, request), 0);
	assert_set(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_REQ_IRQ_INDEX, 0, 1, sizeof(request));
	assert_memory_equal(fake_vfio.last_data, &request, sizeof(request));

	assert_int_equal(ims_vfio_reset(f.vfio), 0);
	assert_int_equal(fake_vfio.resets, 1);
}

static void vectors_bad_arguments(void **state)
{
	static const uint8_t some[1];
	static const int fds[1];

	(void)state;
	assert_int_equal(ims_vfio_bind(NULL, 0, fds, 1), -EINVAL);
	assert_int_equal(ims_vfio_bind(f.vfio, 0, NULL, 1), -EINVAL);
	assert_int_equal(ims_vfio_unbind(NULL, 0, 1), -EINVAL);
	assert_int_equal(ims_vfio_mask(NULL, 0, 1), -EINVAL);
	assert_int_equal(ims_vfio_unmask(NULL, 0, 1), -EINVAL);
	assert_int_equal(ims_vfio_trigger(NULL, 0, 1), -EINVAL);
	assert_int_equal(ims_vfio_trigger_some(NULL, 0, some, 1), -EINVAL);
	assert_int_equal(ims_vfio_trigger_some(f.vfio, 0, NULL, 1), -EINVAL);
	assert_int_equal(ims_vfio_disable(NULL), -EINVAL);
	assert_int_equal(ims_vfio_bind_request(NULL, 1), -EINVAL);
	assert_int_equal(ims_vfio_reset(NULL), -EINVAL);

	/* Least of all may an empty range disable everything. */
	assert_int_equal(ims_vfio_bind(f.vfio, 0, fds, 0), -EINVAL);
	assert_int_equal(ims_vfio_unbind(f.vfio, 0, 0), -EINVAL);
	assert_int_equal(ims_vfio_trigger(f.vfio, 0, 0), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME, NULL,
		      "triggering: no vectors given");

	assert_int_equal(ims_vfio_unbind(f.vfio, 0, UINT32_MAX), -EINVAL);
	assert_int_equal(ims_vfio_mask(f.vfio, 31, 2), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME ": vectors 31-32",
		      NULL, "masking: vector 32 is beyond the 32 declared");
	assert_int_equal(ims_vfio_mask(f.vfio, UINT32_MAX, UINT32_MAX),
			 -EINVAL);
	assert_int_equal(fake_vfio.set_irqs_calls, 0);
}

static void vectors_fail(void **state)
{
	static const uint8_t some[1];
	static const int fds[8];

	(void)state;
	fake_vfio.set_irqs_error = -EBADF;
	assert_int_equal(ims_vfio_bind(f.vfio, 0, fds, 8), -EBADF);
	assert_reason(f.ctx, -EBADF, "device " FAKE_NAME ": vectors 0-7", NULL,
		      "binding eventfds: Bad file descriptor");
	fake_vfio.set_irqs_error = -ENOSPC;
	assert_int_equal(ims_vfio_bind(f.vfio, 0, fds, 8), -ENOSPC);
	assert_reason(f.ctx, -ENOSPC, "device " FAKE_NAME ": vectors 0-7", NULL,
		      "binding eventfds: the store, the device's limit, remapping entries or");
	fake_vfio.set_irqs_error = -ENODEV;
	assert_int_equal(ims_vfio_bind(f.vfio, 0, fds, 8), -ENODEV);
	assert_reason(f.ctx, -ENODEV, "device " FAKE_NAME ": vectors 0-7", NULL,
		      "binding eventfds: the parent device is gone");
	fake_vfio.set_irqs_error = -EINVAL;
	assert_int_equal(ims_vfio_bind(f.vfio, 0, fds, 8), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME ": vectors 0-7", NULL,
		      "binding eventfds: a file is not an eventfd");
	assert_int_equal(ims_vfio_trigger(f.vfio, 0, 8), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME ": vectors 0-7", NULL,
		      "triggering: one of them has no trigger");
	assert_int_equal(ims_vfio_mask(f.vfio, 7, 1), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME ": vector 7", NULL,
		      "masking: it has no trigger");

	fake_vfio.set_irqs_error = -EIO;
	assert_int_equal(ims_vfio_unbind(f.vfio, 3, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME ": vector 3", NULL,
		      "unbinding eventfds: Input/output error");
	assert_int_equal(ims_vfio_mask(f.vfio, 3, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME ": vector 3", NULL,
		      "masking: ");
	assert_int_equal(ims_vfio_unmask(f.vfio, 3, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME ": vector 3", NULL,
		      "unmasking: ");
	assert_int_equal(ims_vfio_trigger(f.vfio, 3, 1), -EIO);
	assert_int_equal(ims_vfio_trigger_some(f.vfio, 3, some, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME ": vector 3", NULL,
		      "triggering: ");
	assert_int_equal(ims_vfio_disable(f.vfio), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME, NULL,
		      "disabling all vectors: ");
	assert_int_equal(ims_vfio_bind_request(f.vfio, 4), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME, NULL,
		      "binding the eventfd for removal requests: ");
	fake_vfio.reset_error = -ENOTTY;
	assert_int_equal(ims_vfio_reset(f.vfio), -ENOTTY);
	assert_reason(f.ctx, -ENOTTY, "device " FAKE_NAME, NULL, "resetting: ");
}

static void no_request_index(void **state)
{
	(void)state;
	fake_vfio.num_irqs = VFIO_PCI_REQ_IRQ_INDEX;
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_NAME, &f.vfio), 0);
	assert_int_equal(ims_vfio_bind_request(f.vfio, 4), -ENOTTY);
	assert_int_equal(fake_vfio.set_irqs_calls, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		OPEN(marshalling),
		OPEN(vectors_bad_arguments),
		OPEN(vectors_fail),
		CLOSED(no_request_index),
	};

	return cmocka_run_group_tests_name("vfio_vectors", tests, NULL, NULL);
}
