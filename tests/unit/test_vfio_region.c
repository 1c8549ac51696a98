// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The VFIO handle: registers, regions and the windows that can be mapped.
 */
#include "vfio_fixture.h"

static void registers(void **state)
{
	static const uint8_t expected[] = { 0x11, 0, 0x33, 0x22, 0x77, 0x66,
		0x55, 0x44, 0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99, 0x88 };
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;
	uint8_t v8;

	(void)state;
	assert_int_equal(ims_vfio_write8(f.vfio, 0, 0, 0x11), 0);
	assert_int_equal(ims_vfio_write16(f.vfio, 0, 2, 0x2233), 0);
	assert_int_equal(ims_vfio_write32(f.vfio, 0, 4, 0x44556677), 0);
	assert_int_equal(ims_vfio_write64(f.vfio, 0, 8, 0x8899aabbccddeeff), 0);
	assert_memory_equal(fake_vfio.memory, expected, sizeof(expected));

	assert_int_equal(ims_vfio_read8(f.vfio, 0, 0, &v8), 0);
	assert_int_equal(v8, 0x11);
	assert_int_equal(ims_vfio_read16(f.vfio, 0, 2, &v16), 0);
	assert_int_equal(v16, 0x2233);
	assert_int_equal(ims_vfio_read32(f.vfio, 0, 4, &v32), 0);
	assert_int_equal(v32, 0x44556677);
	assert_int_equal(ims_vfio_read64(f.vfio, 0, 8, &v64), 0);
	assert_true(v64 == 0x8899aabbccddeeff);
}

static void regions(void **state)
{
	uint8_t data[FAKE_REGION];
	uint64_t size;

	(void)state;
	assert_int_equal(ims_vfio_get_region_size(f.vfio, 0, &size), 0);
	assert_int_equal(size, FAKE_REGION);
	assert_int_equal(ims_vfio_get_region_size(f.vfio, 3, &size), 0);
	assert_int_equal(size, 0);

	memset(data, 0x3c, sizeof(data));
	assert_int_equal(ims_vfio_write(f.vfio, 0, 0, data, sizeof(data)), 0);
	assert_memory_equal(fake_vfio.memory, data, sizeof(data));
	memset(fake_vfio.memory, 0x5a, 16);
	assert_int_equal(ims_vfio_read(f.vfio, 0, 0, data, sizeof(data)), 0);
	assert_memory_equal(fake_vfio.memory, data, sizeof(data));
}

static void regions_bad_arguments(void **state)
{
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;
	uint8_t v8;

	(void)state;
	assert_int_equal(ims_vfio_get_region_size(NULL, 0, &v64), -EINVAL);
	assert_int_equal(ims_vfio_get_region_size(f.vfio, 0, NULL), -EINVAL);
	assert_int_equal(ims_vfio_get_region_size(f.vfio, 9, &v64), -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME, NULL,
		      "asking for region 9: ");
	assert_int_equal(ims_vfio_read(NULL, 0, 0, &v32, 4), -EINVAL);
	assert_int_equal(ims_vfio_read(f.vfio, 0, 0, NULL, 4), -EINVAL);
	assert_int_equal(ims_vfio_write(NULL, 0, 0, &v32, 4), -EINVAL);
	assert_int_equal(ims_vfio_write(f.vfio, 0, 0, NULL, 4), -EINVAL);
	assert_int_equal(ims_vfio_read8(NULL, 0, 0, &v8), -EINVAL);
	assert_int_equal(ims_vfio_read8(f.vfio, 0, 0, NULL), -EINVAL);
	assert_int_equal(ims_vfio_read16(NULL, 0, 0, &v16), -EINVAL);
	assert_int_equal(ims_vfio_read16(f.vfio, 0, 0, NULL), -EINVAL);
	assert_int_equal(ims_vfio_read32(NULL, 0, 0, &v32), -EINVAL);
	assert_int_equal(ims_vfio_read32(f.vfio, 0, 0, NULL), -EINVAL);
	assert_int_equal(ims_vfio_read64(NULL, 0, 0, &v64), -EINVAL);
	assert_int_equal(ims_vfio_read64(f.vfio, 0, 0, NULL), -EINVAL);
	assert_int_equal(ims_vfio_write8(NULL, 0, 0, 0), -EINVAL);
	assert_int_equal(ims_vfio_write16(NULL, 0, 0, 0), -EINVAL);
	assert_int_equal(ims_vfio_write32(NULL, 0, 0, 0), -EINVAL);
	assert_int_equal(ims_vfio_write64(NULL, 0, 0, 0), -EINVAL);

	v32 = 7;
	assert_int_equal(ims_vfio_read32(f.vfio, 0, FAKE_REGION - 3, &v32),
			 -EINVAL);
	assert_int_equal(v32, 7);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME, NULL,
		      "reading 4 bytes at 0xfd of region 0: the region has 256 bytes");
	assert_int_equal(ims_vfio_write32(f.vfio, 0, UINT64_MAX, 1), -EINVAL);
	assert_int_equal(ims_vfio_read(f.vfio, 0, 4, &v8, SIZE_MAX), -EINVAL);
	assert_int_equal(ims_vfio_read8(f.vfio, 3, 0, &v8), -EINVAL);
}

static void regions_fail(void **state)
{
	uint64_t v64;
	uint32_t v32;
	uint8_t v8;

	(void)state;
	fake_vfio.access_error = -EFAULT;
	assert_int_equal(ims_vfio_read32(f.vfio, 0, 8, &v32), -EFAULT);
	assert_reason(f.ctx, -EFAULT, "device " FAKE_NAME, NULL,
		      "reading 4 bytes at 0x8 of region 0: Bad address");
	assert_int_equal(ims_vfio_write16(f.vfio, 0, 8, 1), -EFAULT);
	assert_reason(f.ctx, -EFAULT, "device " FAKE_NAME, NULL,
		      "writing 2 bytes at 0x8 of region 0: Bad address");

	fake_vfio.access_error = 0;
	fake_vfio.short_access = true;
	assert_int_equal(ims_vfio_read64(f.vfio, 0, 8, &v64), -EIO);
	assert_int_equal(ims_vfio_write64(f.vfio, 0, 8, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME, NULL,
		      "the driver took a part only");
	/* Of one byte, the part is none. */
	assert_int_equal(ims_vfio_read8(f.vfio, 0, 8, &v8), -EIO);
	assert_int_equal(ims_vfio_write8(f.vfio, 0, 8, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME, NULL,
		      "writing 1 bytes at 0x8 of region 0: the driver took a part only");

	fake_vfio.region_flags = VFIO_REGION_INFO_FLAG_READ;
	assert_int_equal(ims_vfio_write8(f.vfio, 0, 8, 1), -EACCES);
	assert_reason(f.ctx, -EACCES, "device " FAKE_NAME, NULL,
		      "writing 1 bytes at 0x8 of region 0: Permission denied");

	fake_vfio.region_error = -EIO;
	assert_int_equal(ims_vfio_get_region_size(f.vfio, 0, &v64), -EIO);
	assert_int_equal(ims_vfio_write8(f.vfio, 0, 8, 1), -EIO);
	assert_reason(f.ctx, -EIO, "device " FAKE_NAME, NULL,
		      "asking for region 0: Input/output error");
}

/* Capabilities: one of no interest, then two areas. */
struct caps {
	struct vfio_info_cap_header other;
	uint64_t others;
	struct vfio_info_cap_header header;
	uint32_t nr_areas, reserved;
	struct vfio_region_sparse_mmap_area areas[2];
};

static const struct caps good_caps = {
	.other = { .id = VFIO_REGION_INFO_CAP_TYPE, .version = 1,
		   .next = sizeof(struct vfio_region_info) + 16 },
	.header = { .id = VFIO_REGION_INFO_CAP_SPARSE_MMAP, .version = 1 },
	.nr_areas = 2,
	.areas = { { 0x1000, 0x1000 }, { 0x4000, 0x3000 } },
};

static void set_caps(const void *caps, uint32_t size)
{
	fake_vfio.region_flags |= VFIO_REGION_INFO_FLAG_MMAP;
	fake_vfio.caps = caps;
	fake_vfio.caps_size = size;
}

static void assert_areas(uint32_t expected)
{
	uint32_t count;

	assert_int_equal(ims_vfio_get_region_areas(f.vfio, 2, &count), 0);
	assert_int_equal(count, expected);
}

static void assert_area(uint32_t number, uint64_t at, uint64_t length)
{
	uint64_t offset, size;

	assert_int_equal(ims_vfio_get_region_area(f.vfio, 2, number, &offset,
						  &size), 0);
	assert_int_equal(offset, at);
	assert_int_equal(size, length);
}

static void areas(void **state)
{
	struct caps caps = good_caps;
	uint64_t offset, size;
	uint32_t count;

	(void)state;
	assert_areas(0);
	assert_int_equal(ims_vfio_get_region_area(f.vfio, 2, 0, &offset, &size),
			 -EINVAL);
	assert_reason(f.ctx, -EINVAL, "device " FAKE_NAME, NULL,
		      "area 0 of region 2: it has 0 that can be mapped");

	/* All of it, also when there are other capabilities. */
	set_caps(NULL, 0);
	assert_areas(1);
	assert_area(0, 0, FAKE_BIG_REGION);
	caps.other.next = 0;
	set_caps(&caps, sizeof(caps));
	assert_areas(1);

	set_caps(&good_caps, sizeof(good_caps));
	assert_areas(2);
	assert_area(0, 0x1000, 0x1000);
	assert_area(1, 0x4000, 0x3000);
	assert_int_equal(ims_vfio_get_region_area(f.vfio, 2, 2, &offset, &size),
			 -EINVAL);

	assert_int_equal(ims_vfio_get_region_areas(NULL, 2, &count),
			 -EINVAL);
	assert_int_equal(ims_vfio_get_region_areas(f.vfio, 2, NULL),
			 -EINVAL);
	assert_int_equal(ims_vfio_get_region_areas(f.vfio, 9, &count),
			 -EINVAL);
	assert_int_equal(ims_vfio_get_region_area(NULL, 2, 0, &offset, &size),
			 -EINVAL);
	assert_int_equal(ims_vfio_get_region_area(f.vfio, 2, 0, NULL, &size),
			 -EINVAL);
	assert_int_equal(ims_vfio_get_region_area(f.vfio, 2, 0, &offset, NULL),
			 -EINVAL);

	/* None of them, by a capability that says so. */
	caps = good_caps;
	caps.nr_areas = 0;
	set_caps(&caps, sizeof(caps));
	assert_areas(0);
	fake_vfio.region_error = -EIO;
	assert_int_equal(ims_vfio_get_region_areas(f.vfio, 2, &count),
			 -EIO);
}

/* Chains that the kernel would not make. */
static void broken_capabilities(void **state)
{
	static const uint32_t nexts[] = { 8, 32, 44, 80, 88, UINT32_MAX };
	struct caps caps;
	uint32_t count;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(nexts) / sizeof(nexts[0]); i++) {
		caps = good_caps;
		caps.other.next = nexts[i];
		/* It has 80 bytes with what it is behind. */
		set_caps(&caps, 48);
		assert_int_equal(ims_vfio_get_region_areas(f.vfio, 2,
							   &count),
			     -EPROTO);
	}
	assert_reason(f.ctx, -EPROTO, "device " FAKE_NAME, NULL,
		      "region 2: the kernel's answer is broken");

	/* One that is nothing but its header is as short as can be. */
	caps = good_caps;
	caps.header.id = VFIO_REGION_INFO_CAP_MSIX_MAPPABLE;
	set_caps(&caps, 24);
	assert_areas(1);
	caps.header.id = VFIO_REGION_INFO_CAP_SPARSE_MMAP;
	assert_int_equal(ims_vfio_get_region_areas(f.vfio, 2, &count),
			 -EPROTO);

	caps = good_caps;
	caps.nr_areas = 3;
	set_caps(&caps, sizeof(caps));
	assert_int_equal(ims_vfio_get_region_areas(f.vfio, 2, &count),
			 -EPROTO);
	caps.nr_areas = UINT32_MAX;
	assert_int_equal(ims_vfio_get_region_areas(f.vfio, 2, &count),
			 -EPROTO);
}

static void windows(void **state)
{
	void *window;

	(void)state;
	set_caps(&good_caps, sizeof(good_caps));
	assert_int_equal(ims_vfio_map_region(f.vfio, 2, 0x5000, 0x2000,
					     &window), 0);
	assert_non_null(window);
	assert_int_equal(fake_vfio.window_offset, FAKE_BIG_OFFSET + 0x5000);
	assert_int_equal(fake_vfio.window_size, 0x2000);
	assert_int_equal(fake_vfio.window_prot, PROT_READ | PROT_WRITE);
	assert_int_equal(ims_vfio_unmap_region(f.vfio, window, 0x2000), 0);
	assert_int_equal(fake_vfio.windows, 0);

	fake_vfio.region_flags &= ~VFIO_REGION_INFO_FLAG_READ;
	assert_int_equal(ims_vfio_map_region(f.vfio, 2, 0x1000, 0x1000,
					     &window), 0);
	assert_int_equal(fake_vfio.window_prot, PROT_WRITE);
	fake_vfio.munmap_error = -ENOMEM;
	assert_int_equal(ims_vfio_unmap_region(f.vfio, window, 0x1000),
			 -ENOMEM);
	assert_reason(f.ctx, -ENOMEM, "device " FAKE_NAME, NULL,
		      "unmapping a region: Cannot allocate memory");
	fake_vfio.munmap_error = 0;
	assert_int_equal(ims_vfio_unmap_region(f.vfio, window, 0x1000), 0);
}

static void assert_no_window(uint64_t offset, size_t size, int err,
			     const char *text)
{
	void *window = f.ctx;

	assert_int_equal(ims_vfio_map_region(f.vfio, 2, offset, size, &window),
			 err);
	assert_null(window);
	assert_reason(f.ctx, err, "device " FAKE_NAME, NULL, text);
	assert_int_equal(fake_vfio.windows, 0);
}

static void windows_fail(void **state)
{
	static const char outside[] = "the range is not in an area that can be mapped";
	void *window = f.ctx;

	(void)state;
	assert_int_equal(ims_vfio_map_region(NULL, 2, 0, 0x1000, &window),
			 -EINVAL);
	assert_null(window);
	assert_int_equal(ims_vfio_map_region(f.vfio, 2, 0, 0x1000, NULL),
			 -EINVAL);
	assert_int_equal(ims_vfio_map_region(f.vfio, 9, 0, 0x1000, &window),
			 -EINVAL);
	assert_int_equal(ims_vfio_unmap_region(NULL, &window, 0x1000), -EINVAL);
	assert_int_equal(ims_vfio_unmap_region(f.vfio, NULL, 0x1000), -EINVAL);

	assert_no_window(0x1000, 0x1000, -EACCES,
			 "mapping 4096 bytes at 0x1000 of region 2: nothing of it can be mapped");
	set_caps(&good_caps, sizeof(good_caps));
	assert_no_window(0x1000, 0, -EINVAL, "the range is empty");
	assert_no_window(0x1800, 0x1000, -EINVAL, "these are not whole pages of 4096 bytes");
	assert_no_window(0x1000, 0x800, -EINVAL, "these are not whole pages of 4096 bytes");
	assert_no_window(0, 0x1000, -EACCES, outside);
	assert_no_window(0, 0x2000, -EACCES, outside);
	assert_no_window(0x1000, 0x2000, -EACCES, outside);
	assert_no_window(0x2000, 0x1000, -EACCES, outside);
	assert_no_window(0x6000, 0x2000, -EACCES, outside);
	assert_no_window(0x4000, -0x1000, -EACCES, outside);
	assert_no_window(-0x1000, 0x1000, -EACCES, outside);
	fake_vfio.mmap_error = -EAGAIN;
	assert_no_window(0x1000, 0x1000, -EAGAIN,
			 "mapping 4096 bytes at 0x1000 of region 2: Resource temporarily");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		OPEN(registers),
		OPEN(regions),
		OPEN(regions_bad_arguments),
		OPEN(regions_fail),
		OPEN(areas),
		OPEN(broken_capabilities),
		OPEN(windows),
		OPEN(windows_fail),
	};

	return cmocka_run_group_tests_name("vfio_region", tests, NULL, NULL);
}
