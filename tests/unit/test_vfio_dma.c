// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The VFIO handle: address spaces, and memory that the device may reach.
 */
#include "vfio_fixture.h"

static void detach_and_attach(void **state)
{
	(void)state;
	assert_int_equal(ims_vfio_detach(NULL), -EINVAL);
	assert_int_equal(ims_vfio_attach(NULL), -EINVAL);

	fake_vfio.mode = S_IFCHR;
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_CDEV, &f.vfio), 0);
	assert_int_equal(ims_vfio_detach(f.vfio), 0);
	assert_false(fake_vfio.attached);
	assert_int_equal(ims_vfio_detach(f.vfio), 0);
	fake_vfio.attach_error = -ENOMEM;
	assert_int_equal(ims_vfio_attach(f.vfio), -ENOMEM);
	assert_reason(f.ctx, -ENOMEM, "device vfio3", NULL,
		      "attaching the device to its address space: Cannot");
	fake_vfio.attach_error = 0;
	assert_int_equal(ims_vfio_attach(f.vfio), 0);
	assert_true(fake_vfio.attached);
	fake_vfio.detach_error = -EIO;
	assert_int_equal(ims_vfio_detach(f.vfio), -EIO);
	assert_reason(f.ctx, -EIO, "device vfio3", NULL,
		      "detaching the device from its address space: Input");
	ims_vfio_close(f.vfio);

	fake_vfio_reset();
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_NAME, &f.vfio), 0);
	assert_int_equal(ims_vfio_detach(f.vfio), -EOPNOTSUPP);
	assert_reason(f.ctx, -EOPNOTSUPP, "device " FAKE_NAME, NULL,
		      "detaching the device from its address space: the device is in a container");
	assert_int_equal(ims_vfio_attach(f.vfio), -EOPNOTSUPP);
	ims_vfio_close(f.vfio);

	assert_int_equal(ims_vfio_open_fd(f.ctx, FAKE_FD, "x", &f.vfio), 0);
	assert_int_equal(ims_vfio_detach(f.vfio), -EOPNOTSUPP);
	assert_int_equal(ims_vfio_attach(f.vfio), -EOPNOTSUPP);
	assert_reason(f.ctx, -EOPNOTSUPP, "device x", NULL,
		      "attaching the device to its address space: its address space is that of the caller");
}

/* Memory of a process; never touched. */
static void *const memory = (void *)0x7f0000000000;

static void assert_mapping(uint64_t iova, uint64_t size, bool readable,
			   bool writable)
{
	const struct fake_mapping *m = fake_vfio.mappings;

	while (m < fake_vfio.mappings + FAKE_MAPPINGS &&
	       (!m->size || m->iova != iova))
		m++;
	assert_true(m < fake_vfio.mappings + FAKE_MAPPINGS);
	assert_int_equal(m->size, size);
	assert_int_equal(m->addr, (uintptr_t)memory);
	assert_int_equal(m->readable, readable);
	assert_int_equal(m->writable, writable);
}

/* A container and an iommufd behave alike. */
static void map_and_unmap(void)
{
	const unsigned int both = IMS_VFIO_DMA_READ | IMS_VFIO_DMA_WRITE;

	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, memory, 4096, both), 0);
	assert_mapping(0, 4096, true, true);
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, memory, 4096, both),
			 -EEXIST);
	assert_reason(f.ctx, -EEXIST, "device " FAKE_NAME, NULL,
		      "mapping 4096 bytes at IOVA 0: something is mapped there already");
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0x2000, memory, 0x3000,
					  IMS_VFIO_DMA_READ), 0);
	assert_mapping(0x2000, 0x3000, true, false);
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0x8000, memory, 4096, both),
			 -ENOSPC);
	assert_reason(f.ctx, -ENOSPC, "device " FAKE_NAME, NULL,
		      "mapping 4096 bytes at IOVA 0x8000: there are too many mappings");

	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 4096), 0);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 4096), -ENOENT);
	assert_reason(f.ctx, -ENOENT, "device " FAKE_NAME, NULL,
		      "unmapping 4096 bytes at IOVA 0: nothing is mapped there");
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0x2000, 4096), -ENOENT);
	assert_reason(f.ctx, -ENOENT, "device " FAKE_NAME, NULL,
		      "unmapping 4096 bytes at IOVA 0x2000: nothing is mapped there, or only a part");
	assert_mapping(0x2000, 0x3000, true, false);

	/* To the last address. */
	assert_int_equal(ims_vfio_map_dma(f.vfio, -4096, memory, 4096,
					  IMS_VFIO_DMA_WRITE), 0);
	assert_mapping(-4096, 4096, false, true);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0x1000, -0x1000), 0);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0x2000, 0x3000), -ENOENT);

	fake_vfio.dma_error = -ENOMEM;
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, memory, 4096, both),
			 -ENOMEM);
	assert_reason(f.ctx, -ENOMEM, "device " FAKE_NAME, NULL,
		      "RLIMIT_MEMLOCK");
	fake_vfio.dma_error = -EFAULT;
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, memory, 4096, both),
			 -EFAULT);
	assert_reason(f.ctx, -EFAULT, "device " FAKE_NAME, NULL,
		      "mapping 4096 bytes at IOVA 0: Bad address");
	fake_vfio.dma_error = -EBUSY;
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 4096), -EBUSY);
	assert_reason(f.ctx, -EBUSY, "device " FAKE_NAME, NULL,
		      "unmapping 4096 bytes at IOVA 0: Device or resource busy");
	fake_vfio.dma_error = 0;
}

static void dma_in_container(void **state)
{
	(void)state;
	map_and_unmap();
}

static void dma_in_iommufd(void **state)
{
	(void)state;
	fake_vfio.missing[0] = "/dev/vfio/vfio";
	fake_vfio.cdev = "vfio3";
	assert_int_equal(ims_vfio_open(f.ctx, FAKE_NAME, &f.vfio), 0);
	map_and_unmap();

	/* The address space is there also while the device is not in it. */
	assert_int_equal(ims_vfio_detach(f.vfio), 0);
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, memory, 4096,
					  IMS_VFIO_DMA_READ), 0);
}

static void dma_of_others(void **state)
{
	(void)state;
	assert_int_equal(ims_vfio_open_fd(f.ctx, FAKE_FD, "x", &f.vfio), 0);
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, memory, 4096,
					  IMS_VFIO_DMA_READ), -EOPNOTSUPP);
	assert_reason(f.ctx, -EOPNOTSUPP, "device x", NULL,
		      "mapping 4096 bytes at IOVA 0: its address space is that of the caller");
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 4096), -EOPNOTSUPP);
}

static void assert_no_map(uint64_t iova, uint64_t addr, uint64_t size,
			  unsigned int flags, const char *text)
{
	assert_int_equal(ims_vfio_map_dma(f.vfio, iova, (void *)addr, size,
					  flags), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME, NULL, text);
}

static void dma_bad_arguments(void **state)
{
	static const char pages[] = "not whole pages of 4096 bytes";
	static const char beyond[] = "beyond the last address";
	const unsigned int read = IMS_VFIO_DMA_READ;

	(void)state;
	assert_int_equal(ims_vfio_map_dma(NULL, 0, memory, 4096, read),
			 -EINVAL);
	assert_int_equal(ims_vfio_map_dma(f.vfio, 0, NULL, 4096, read),
			 -EINVAL);
	assert_int_equal(ims_vfio_unmap_dma(NULL, 0, 4096), -EINVAL);
	assert_null(ims_ctx_get_error(f.ctx));

	assert_no_map(0, 0x1000, 4096, 0, "neither to read nor to write");
	assert_no_map(0, 0x1000, 4096, 5, "neither to read nor to write");
	assert_no_map(0, 0x1000, 0, read, "the range is empty");
	assert_no_map(1, 0x1000, 4096, read, pages);
	assert_no_map(0, 0x1800, 4096, read, pages);
	assert_no_map(0, 0x1000, 4095, read, pages);
	assert_no_map(-4096, 0x1000, 8192, read, beyond);
	assert_no_map(0, -4096, 8192, read, beyond);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 0), -EINVAL);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, 0, 12), -EINVAL);
	assert_int_equal(ims_vfio_unmap_dma(f.vfio, -4096, 8192), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME, NULL, beyond);
	assert_int_equal(fake_vfio.mappings[0].size, 0);
	assert_int_equal(fake_vfio.mappings[1].size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CLOSED(detach_and_attach),
		OPEN(dma_in_container),
		CLOSED(dma_in_iommufd),
		CLOSED(dma_of_others),
		OPEN(dma_bad_arguments),
	};

	return cmocka_run_group_tests_name("vfio_dma", tests, NULL, NULL);
}
